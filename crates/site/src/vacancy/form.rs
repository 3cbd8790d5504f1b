//! The form of a vacancy: what was typed, beside what is wrong with it.

use super::draft::{Draft, Problem};
use super::pay::{TypedPay, currencies};
use super::terms::{Employment, Opening, Period, Remote, Screening, choices};
use crate::board::FromBoard;
use crate::error::SiteError;
use crate::practice::Form;
use crate::routes::BoardUrl;
use askama::Template;
use jobfuture_disclosure::{AsCompany, Vocabulary};

/// A choice of a form: id, label, whether it is chosen.
pub(super) type Choice = (String, String, bool);

#[derive(Template)]
#[template(path = "vacancy/form.html")]
pub(super) struct VacancyForm {
    pub action: String,
    pub version: String,
    pub draft: Draft,
    pub wrong: Vec<Problem>,
    /// Said above all, besides what is wrong with fields.
    pub refused: Option<String>,
    /// Whether what is wrong is told before anybody asked to publish.
    pub is_told_beforehand: bool,
    /// The board that it was made of.
    pub from: Option<FromLine>,
    pub is_open: bool,
    pub is_verified: bool,
    pub last_day: String,
    pub roles: Vec<Choice>,
    pub levels: Vec<Choice>,
    pub must: Vec<Choice>,
    pub nice: Vec<Choice>,
    pub remote: Vec<Choice>,
    pub employment: Vec<Choice>,
    pub opening: Vec<Choice>,
    pub screening: Vec<Choice>,
    pub currencies: Vec<Choice>,
    pub periods: Vec<Choice>,
}

/// The board that a vacancy was made of, in words.
pub(super) struct FromLine {
    url: String,
    called: String,
    says: Option<String>,
    is_gone: bool,
}

impl FromLine {
    pub(super) fn of(viewer: &AsCompany, from: &FromBoard) -> Self {
        Self {
            url: BoardUrl { company: &viewer.company().to_string(), board: &from.board.to_string() }.to_url(),
            called: from.called(),
            says: from.says.clone(),
            is_gone: from.gone_at.is_some(),
        }
    }
}

fn among(all: Vec<(String, String)>, chosen: &[String]) -> Vec<Choice> {
    all.into_iter()
        .map(|(id, label)| {
            let is_chosen = chosen.contains(&id);
            (id, label, is_chosen)
        })
        .collect()
}

fn one(all: Vec<(String, String)>, chosen: &str) -> Vec<Choice> {
    among(all, std::slice::from_ref(&chosen.to_owned()))
}

impl VacancyForm {
    /// With everything to choose from.
    pub(super) fn new(action: String, draft: Draft, words: &Vocabulary, last_day: String) -> Self {
        Self {
            action,
            version: String::new(),
            wrong: Vec::new(),
            refused: None,
            is_told_beforehand: false,
            from: None,
            is_open: false,
            is_verified: false,
            last_day,
            roles: one(words.roles.clone(), &draft.role),
            levels: one(words.levels.clone(), &draft.level),
            must: among(words.competencies.clone(), &draft.must),
            nice: among(words.competencies.clone(), &draft.nice),
            remote: one(choices(Remote::label), &draft.remote),
            employment: one(choices(Employment::label), &draft.employment),
            opening: one(choices(Opening::label), &draft.opening),
            screening: one(choices(Screening::label), &draft.screening),
            currencies: one(currencies(), &draft.pay.currency),
            periods: one(choices(Period::label), &draft.pay.period),
            draft,
        }
    }

    /// Whether it was sent and not taken.
    pub(super) fn is_refused(&self) -> bool {
        self.refused.is_some() || (!self.wrong.is_empty() && !self.is_told_beforehand)
    }

    /// What is wrong with a field, if anything.
    fn fault(&self, field: &str) -> Option<&str> {
        self.wrong.iter().find(|problem| problem.field == field).map(|problem| problem.says.as_str())
    }

    /// Attributes of a field: its name, and what points to its fault.
    fn says(&self, field: &str) -> Marked {
        Marked { field: field.to_owned(), is_wrong: self.fault(field).is_some() }
    }
}

/// `aria-invalid` and `aria-describedby` of a field that is wrong. Names of fields are the form's own.
struct Marked {
    field: String,
    is_wrong: bool,
}

impl std::fmt::Display for Marked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.is_wrong {
            write!(f, " aria-invalid=true aria-describedby={}-fault", self.field)?;
        }
        Ok(())
    }
}

impl askama::FastWritable for Marked {
    fn write_into(&self, dest: &mut dyn std::fmt::Write, _: &dyn askama::Values) -> askama::Result<()> {
        Ok(write!(dest, "{self}")?)
    }
}

/// Reads the form as it was sent.
pub(super) fn read(form: &Form) -> Result<Draft, SiteError> {
    let text = |name: &str| form.text(name).map(Option::unwrap_or_default);
    Ok(Draft {
        title: text("title")?,
        role: text("role")?,
        level: text("level")?,
        must: form.all("must")?,
        nice: form.all("nice")?,
        remote: text("remote")?,
        countries: text("countries")?,
        city: text("city")?,
        zone_from: text("zone_from")?,
        zone_to: text("zone_to")?,
        employment: text("employment")?,
        pay: TypedPay {
            min: text("pay_min")?,
            max: text("pay_max")?,
            currency: text("pay_currency")?,
            period: text("pay_period")?,
        },
        opening: text("opening")?,
        headcount: text("headcount")?,
        screening: text("screening")?,
        closes_on: text("closes_on")?,
        description: text("description")?,
        process: text("process")?,
        apply: text("apply")?,
    })
}
