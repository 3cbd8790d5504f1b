//! What a posting becomes: a draft with what the board says in it, and nothing else.

use super::words::words;
use crate::vacancy::{Draft, Employment, Period, Remote, TypedPay};
use jobfuture_boards::{Found, Lack, Pay, Per, Place, Posting, Read, Suggested, Suggestion, Where, suggest};
use jobfuture_codes::Code;
use jobfuture_disclosure::Vocabulary;
use serde::{Deserialize, Serialize};

/// Postings of one preview; a board of more is taken over in parts.
pub(super) const MOST_OFFERED: usize = 2_000;
/// Competencies that are proposed of one posting.
const MOST_COMPETENCIES: usize = 10;

/// A posting as it is offered to its company.
#[derive(Debug, Clone)]
pub(super) struct Offer {
    /// The board's name for it.
    pub external_id: String,
    /// Of all that it says.
    pub digest: String,
    /// What it would become.
    pub draft: Draft,
    /// What is shown beside that.
    pub shown: Shown,
}

/// What a preview shows of a posting besides its draft.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Shown {
    /// Where it is, as the board writes it.
    pub place: String,
    /// Each range of pay that is stated.
    pub pay: Vec<String>,
    /// What led to role, level and competencies.
    pub because: Vec<String>,
    /// What its company is asked for.
    pub lacks: Vec<String>,
}

/// What a company says once for all postings of a board, because no board says it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Said {
    /// How the process runs.
    pub process: String,
    /// An id of [`crate::vacancy::Screening`].
    pub screening: String,
    /// As in [`Draft::zone_from`].
    pub zone_from: String,
    /// As in [`Draft::zone_to`].
    pub zone_to: String,
}

impl Said {
    /// Puts it where a draft says nothing.
    pub(super) fn fill(&self, draft: &mut Draft) {
        let fill = |to: &mut String, from: &str| {
            if to.trim().is_empty() {
                from.clone_into(to);
            }
        };
        fill(&mut draft.process, &self.process);
        fill(&mut draft.screening, &self.screening);
        if draft.remote == Remote::Remote.id() || draft.remote == Remote::Hybrid.id() {
            fill(&mut draft.zone_from, &self.zone_from);
            fill(&mut draft.zone_to, &self.zone_to);
        }
    }
}

/// Every posting that was read, as it is offered.
pub(super) fn offers(read: &Read, site: &Vocabulary) -> Vec<Offer> {
    let words = words(site);
    let all = read.postings.iter().take(MOST_OFFERED);
    all.map(|posting| offer(posting, &suggest(posting, &words), site)).collect()
}

fn offer(posting: &Posting, suggestion: &Suggestion, site: &Vocabulary) -> Offer {
    let draft = draft(posting, suggestion);
    let is_known = |lack: &Lack| match lack {
        Lack::Role => !draft.role.is_empty(),
        Lack::Level => !draft.level.is_empty(),
        _ => false,
    };
    let lacks = posting.lacks().into_iter().filter(|lack| !is_known(lack)).map(|lack| lack.to_string());
    let places: Vec<&str> = posting.places.iter().map(|place| place.text.as_str()).collect();
    let shown = Shown {
        place: places.join("; "),
        pay: posting.pay.iter().map(pay_words).collect(),
        because: because(suggestion, site),
        lacks: lacks.collect(),
    };
    Offer { external_id: posting.external_id.clone(), digest: posting.digest().to_string(), draft, shown }
}

/// The draft of a posting, by itself: what a board says now, for comparing with what it said.
pub(super) fn draft_of(posting: &Posting) -> Draft {
    draft(posting, &Suggestion::default())
}

fn draft(posting: &Posting, suggestion: &Suggestion) -> Draft {
    let id = |one: Option<&Suggested>| one.map(|one| one.id.clone()).unwrap_or_default();
    let (countries, city) = place(posting);
    let employment = if let [one] = posting.employment[..] { employment_id(one) } else { "" };
    let competencies = suggestion.competencies.iter().take(MOST_COMPETENCIES);
    let apply = posting.apply_url.as_ref().or(posting.url.as_ref());
    Draft {
        title: posting.title.clone(),
        role: id(suggestion.role()),
        level: id(suggestion.level()),
        // Which of them are a must is the company's to say.
        nice: competencies.map(|one| one.id.clone()).collect(),
        remote: posting.remote.map(remote_id).unwrap_or_default().to_owned(),
        countries,
        city,
        employment: employment.to_owned(),
        pay: pay(&posting.pay),
        closes_on: posting.closes_at.map(|moment| moment.day().to_string()).unwrap_or_default(),
        description: posting.description.clone().unwrap_or_default(),
        apply: apply.cloned().unwrap_or_default(),
        ..Draft::default()
    }
}

fn remote_id(remote: jobfuture_boards::Remote) -> &'static str {
    match remote {
        jobfuture_boards::Remote::Onsite => Remote::Onsite.id(),
        jobfuture_boards::Remote::Hybrid => Remote::Hybrid.id(),
        jobfuture_boards::Remote::Remote => Remote::Remote.id(),
    }
}

/// Nothing for unpaid work, which is not offered here.
fn employment_id(employment: jobfuture_boards::Employment) -> &'static str {
    match employment {
        jobfuture_boards::Employment::FullTime => Employment::FullTime.id(),
        jobfuture_boards::Employment::PartTime => Employment::PartTime.id(),
        jobfuture_boards::Employment::Contract => Employment::Contractor.id(),
        jobfuture_boards::Employment::Temporary => Employment::Temporary.id(),
        jobfuture_boards::Employment::Internship => Employment::Internship.id(),
        jobfuture_boards::Employment::Volunteer => "",
    }
}

/// Countries and town. For remote work the countries are those from which one may work, where the board says them.
fn place(posting: &Posting) -> (String, String) {
    let is_remote = posting.remote == Some(jobfuture_boards::Remote::Remote);
    let from = if is_remote && !posting.remote_from.is_empty() { &posting.remote_from } else { &posting.places };
    let mut countries: Vec<&str> = from.iter().filter_map(|place| Some(place.country?.code())).collect();
    let mut once = std::collections::HashSet::new();
    countries.retain(|code| once.insert(*code));
    let mut cities: Vec<&str> = posting.places.iter().filter_map(|place| town(place, is_remote)).collect();
    cities.dedup();
    (countries.join(", "), cities.join(", "))
}

/// The town of a place: the board's own field, or what stands before the country's name. A free text without a country may be
/// anything, so it counts only where the work is at a place.
fn town(place: &Place, is_remote: bool) -> Option<&str> {
    if let Some(city) = &place.city {
        return Some(city);
    }
    match place.country {
        Some(_) => place.text.rsplit_once(',').map(|(town, _)| town.trim()),
        None => (!is_remote && place.region.is_none()).then_some(place.text.trim()),
    }
    .filter(|town| !town.is_empty() && !town.to_lowercase().contains("remote"))
}

/// The one range that is stated, as far as it is. Of several, which it is has to be asked.
fn pay(stated: &[Pay]) -> TypedPay {
    let [pay] = stated else { return TypedPay::default() };
    let amount = |amount: Option<jobfuture_boards::Amount>| amount.map(|amount| amount.to_string()).unwrap_or_default();
    TypedPay {
        min: amount(pay.min),
        max: amount(pay.max),
        currency: pay.currency.code().to_owned(),
        period: pay.per.map(|per| period(per).id()).unwrap_or_default().to_owned(),
    }
}

fn period(per: Per) -> Period {
    match per {
        Per::Year => Period::Year,
        Per::Month => Period::Month,
        Per::Week => Period::Week,
        Per::Day => Period::Day,
        Per::Hour => Period::Hour,
    }
}

/// `London: GBP 91000 to 115000 a year`
fn pay_words(pay: &Pay) -> String {
    let label = pay.label.as_ref().map(|label| format!("{label}: ")).unwrap_or_default();
    let range = match (pay.min, pay.max) {
        (Some(min), Some(max)) if min == max => min.to_string(),
        (Some(min), Some(max)) => format!("{min} to {max}"),
        (Some(min), None) => format!("from {min}"),
        (None, Some(max)) => format!("up to {max}"),
        (None, None) => String::new(),
    };
    let per = pay.per.map(|per| format!(" {}", period(per).label())).unwrap_or_default();
    format!("{label}{} {range}{per}", pay.currency.code())
}

/// What led to each proposal, in words.
fn because(suggestion: &Suggestion, site: &Vocabulary) -> Vec<String> {
    let name = |of: &[(String, String)], id: &str| {
        of.iter().find(|(one, _)| one == id).map_or_else(|| id.to_owned(), |(_, name)| name.clone())
    };
    let line = |of: &[(String, String)], one: &Suggested| {
        let found: Vec<String> = one.because.iter().map(found_words).collect();
        format!("{}: {}", name(of, &one.id), found.join(", "))
    };
    let roles = suggestion.roles.iter().map(|one| line(&site.roles, one));
    let levels = suggestion.levels.iter().map(|one| line(&site.levels, one));
    let competencies = suggestion.competencies.iter().take(MOST_COMPETENCIES).map(|one| line(&site.competencies, one));
    roles.chain(levels).chain(competencies).collect()
}

fn found_words(found: &Found) -> String {
    let at = match found.at {
        Where::Title => "in the title",
        Where::Seniority => "as the board's level",
        Where::Description => "in the description",
    };
    format!("“{}” {at}", found.word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jobfuture_boards::{Adapter, read};

    fn site() -> Vocabulary {
        let pair = |id: &str, name: &str| (id.to_owned(), name.to_owned());
        Vocabulary {
            roles: vec![pair("django-developer", "Django developer"), pair("backend-developer", "Backend developer")],
            levels: vec![pair("middle", "Middle"), pair("senior", "Senior")],
            competencies: vec![pair("django-models", "Models")],
        }
    }

    fn fixture(adapter: Adapter, file: &str) -> Vec<Offer> {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../boards/tests/fixtures").join(file);
        offers(&read(adapter, &std::fs::read(path).unwrap()).unwrap(), &site())
    }

    #[test]
    fn a_posting_becomes_a_draft_with_what_the_board_says_and_nothing_else() {
        let offers = fixture(Adapter::Greenhouse, "greenhouse.json");
        let Draft {
            title,
            role,
            level,
            must,
            nice,
            remote,
            countries,
            employment,
            pay,
            closes_on,
            headcount,
            process,
            ..
        } = offers[0].draft.clone();
        assert_eq!(
            (title.as_str(), role.as_str(), level.as_str()),
            ("Senior Django Developer", "django-developer", "senior")
        );
        assert!(must.is_empty());
        assert_eq!(nice, ["django-models"]);
        assert_eq!((remote.as_str(), employment.as_str(), closes_on.as_str()), ("hybrid", "full-time", "2026-12-31"));
        assert!(countries.starts_with("DE"), "{countries}");
        assert_eq!((pay.min.as_str(), pay.max.as_str(), pay.currency.as_str()), ("65000", "82000", "EUR"));
        assert_eq!((headcount.as_str(), process.as_str()), ("", ""));
        let because = offers[0].shown.because.join("\n");
        assert!(because.contains("Senior: “Senior” in the title"), "{because}");
        assert!(!offers[0].draft.description.contains("alert"));
    }

    #[test]
    fn of_several_ranges_none_is_chosen() {
        let offers = fixture(Adapter::Greenhouse, "greenhouse.json");
        let support = &offers[1];
        assert_eq!(support.draft.pay, TypedPay::default());
        // A third is stated in cents of a currency that has none, and is not read.
        assert_eq!(support.shown.pay.len(), 2, "{:?}", support.shown.pay);
        assert!(support.shown.pay[1].starts_with("Hourly range, Ohio: USD 22 to 35"), "{:?}", support.shown.pay);
        assert!(support.shown.lacks.iter().any(|lack| lack.contains("which of the pay ranges")));
    }

    #[test]
    fn what_is_said_once_fills_gaps_alone() {
        let said = Said { process: "A call.".to_owned(), zone_from: "0".to_owned(), ..Said::default() };
        let mut onsite = Draft { remote: "onsite".to_owned(), process: "Mine.".to_owned(), ..Draft::default() };
        said.fill(&mut onsite);
        assert_eq!((onsite.process.as_str(), onsite.zone_from.as_str()), ("Mine.", ""));
        let mut remote = Draft { remote: "remote".to_owned(), ..Draft::default() };
        said.fill(&mut remote);
        assert_eq!((remote.process.as_str(), remote.zone_from.as_str()), ("A call.", "0"));
    }
}
