//! What a company types of a vacancy, and what of it can be published: [`Draft::check`] is the one place that decides.

use super::pay::{Pay, TypedPay};
use super::terms::{Employment, Opening, Remote, Screening};
use jiff::civil::Date;
use jobfuture_codes::Code;
use jobfuture_disclosure::Vocabulary;
use serde::{Deserialize, Serialize};

/// Days that a closing date may be away.
pub const MOST_DAYS: i64 = 60;
/// Characters of the longest text.
const LONGEST: usize = 20_000;
/// Competencies of either kind.
const MOST_COMPETENCIES: usize = 10;

/// What was typed, as it was typed. A draft may be anything.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    /// What the place is called.
    pub title: String,
    /// A role of the content.
    pub role: String,
    /// A level of it.
    pub level: String,
    /// Competencies without which nobody can do the work.
    pub must: Vec<String>,
    /// Those that help.
    pub nice: Vec<String>,
    /// An id of [`Remote`].
    pub remote: String,
    /// ISO 3166-1, two letters; several for remote work, with white space or commas between.
    pub countries: String,
    /// Town, or several.
    pub city: String,
    /// Offset from UTC of the earliest time zone, in hours, for remote and hybrid work.
    pub zone_from: String,
    /// And of the latest.
    pub zone_to: String,
    /// An id of [`Employment`].
    pub employment: String,
    /// What is paid.
    pub pay: TypedPay,
    /// An id of [`Opening`].
    pub opening: String,
    /// How many people.
    pub headcount: String,
    /// An id of [`Screening`].
    pub screening: String,
    /// `2026-12-31`
    pub closes_on: String,
    /// What the work is.
    pub description: String,
    /// How the process runs: steps, who is met, how long it takes.
    pub process: String,
    /// Where one applies: an address of a page or of mail.
    pub apply: String,
}

/// What can be published. Made by [`Draft::check`] alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// On one line.
    pub title: String,
    /// A role of the content.
    pub role: String,
    /// A level of it.
    pub level: String,
    /// Known competencies.
    pub must: Vec<String>,
    /// Known competencies, none of which is a must.
    pub nice: Vec<String>,
    /// Where the work is done.
    pub remote: Remote,
    /// ISO 3166-1, two letters, upper case. Never empty.
    pub countries: Vec<String>,
    /// Town; empty for work that has none.
    pub city: String,
    /// Offsets from UTC in hours, the earlier first.
    pub zones: Option<(i8, i8)>,
    /// What kind of contract.
    pub employment: Employment,
    /// What is paid.
    pub pay: Pay,
    /// Now, or for later.
    pub opening: Opening,
    /// How many people.
    pub headcount: u16,
    /// What part machines have.
    pub screening: Screening,
    /// The last day.
    #[serde(with = "written_day")]
    pub closes_on: Date,
    /// Plain text.
    pub description: String,
    /// Plain text.
    pub process: String,
    /// `https://…` or `mailto:…`.
    pub apply: String,
}

/// What is wrong with a field, in a sentence with the mend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The name of the field in the form.
    pub field: &'static str,
    /// What is wrong.
    pub says: String,
}

/// Collects what is wrong, so that all of it is said at once.
#[derive(Default)]
struct Problems(Vec<Problem>);

impl Problems {
    fn say(&mut self, field: &'static str, says: impl Into<String>) {
        self.0.push(Problem { field, says: says.into() });
    }

    /// The value, or nothing and a problem.
    fn need<T>(&mut self, field: &'static str, found: Option<T>, says: &str) -> Option<T> {
        if found.is_none() {
            self.say(field, says);
        }
        found
    }
}

impl Draft {
    /// Decides whether it can be published on a day.
    ///
    /// # Errors
    /// Everything that is wrong, in the order of the form.
    pub fn check(&self, words: &Vocabulary, today: Date) -> Result<Terms, Vec<Problem>> {
        let mut wrong = Problems::default();
        let title = self.title(&mut wrong);
        let known = |of: &[(String, String)], id: &str| of.iter().any(|(one, _)| one == id).then(|| id.to_owned());
        let role = wrong.need("role", known(&words.roles, &self.role), "Choose the role that it is.");
        let level = wrong.need("level", known(&words.levels, &self.level), "Choose the level that is asked for.");
        let competencies = self.competencies(words, &mut wrong);
        let employment = Employment::parse(&self.employment);
        let employment = wrong.need("employment", employment, "Choose what kind of contract it is.");
        let pay = Pay::read(&self.pay).map_err(|(field, says)| wrong.say(field, says)).ok();
        let place = self.place(&mut wrong);
        let opening = Opening::parse(&self.opening);
        let opening = wrong.need("opening", opening, "Say whether a place is free now, or whether it is for later.");
        let headcount = self.headcount.trim().parse().ok().filter(|count| (1..=500).contains(count));
        let headcount = wrong.need("headcount", headcount, "Write how many people are looked for: 1 to 500.");
        let screening = Screening::parse(&self.screening);
        let screening = wrong.need("screening", screening, "Say what part software has in choosing.");
        let closes_on = self.closing_date(today, &mut wrong);
        let description = text("description", &self.description, 100, "what the work is", &mut wrong);
        let process =
            text("process", &self.process, 20, "how the process runs: steps, who is met, how long", &mut wrong);
        let apply = apply_address(&self.apply).map_err(|says| wrong.say("apply", says)).ok();
        let whole = move || {
            let ((must, nice), (remote, countries, city, zones)) = (competencies?, place?);
            let (title, role, level, employment, pay) = (title?, role?, level?, employment?, pay?);
            let (opening, headcount, screening, closes_on) = (opening?, headcount?, screening?, closes_on?);
            let (description, process, apply) = (description?, process?, apply?);
            Some(Terms {
                title,
                role,
                level,
                must,
                nice,
                remote,
                countries,
                city,
                zones,
                employment,
                pay,
                opening,
                headcount,
                screening,
                closes_on,
                description,
                process,
                apply,
            })
        };
        whole().filter(|_| wrong.0.is_empty()).ok_or(wrong.0)
    }

    fn title(&self, wrong: &mut Problems) -> Option<String> {
        let title = one_line(&self.title);
        let fits = (3..=100).contains(&title.chars().count());
        wrong.need("title", fits.then_some(title), "Write what the place is called, in 3 to 100 characters.")
    }

    fn competencies(&self, words: &Vocabulary, wrong: &mut Problems) -> Option<(Vec<String>, Vec<String>)> {
        let of = |chosen: &[String]| -> Vec<String> {
            let known = words.competencies.iter().filter(|(id, _)| chosen.contains(id));
            known.map(|(id, _)| id.clone()).collect()
        };
        let (must, nice) = (of(&self.must), of(&self.nice));
        let nice: Vec<String> = nice.into_iter().filter(|id| !must.contains(id)).collect();
        if must.is_empty() {
            wrong.say("must", "Choose at least one competency without which nobody can do the work.");
        } else if must.len() > MOST_COMPETENCIES || nice.len() > MOST_COMPETENCIES {
            let says = format!("Choose at most {MOST_COMPETENCIES}: a list of everything says nothing.");
            wrong.say(if must.len() > MOST_COMPETENCIES { "must" } else { "nice" }, says);
        } else {
            return Some((must, nice));
        }
        None
    }

    #[expect(clippy::type_complexity, reason = "taken apart at once by its one caller")]
    fn place(&self, wrong: &mut Problems) -> Option<(Remote, Vec<String>, String, Option<(i8, i8)>)> {
        let remote = Remote::parse(&self.remote);
        let remote = wrong.need("remote", remote, "Say whether the work is on site, hybrid or remote.")?;
        let countries = countries(&self.countries).map_err(|says| wrong.say("countries", says)).ok();
        let city = one_line(&self.city);
        if remote != Remote::Remote && city.is_empty() {
            wrong.say("city", "Write the town: the work is done there, at least in part.");
        } else if city.chars().count() > 100 {
            wrong.say("city", "Write the town in at most 100 characters.");
        }
        let zones = self.zones(remote, wrong);
        let countries = countries?;
        if remote != Remote::Remote && countries.len() > 1 {
            wrong.say("countries", "Work at a place is in one country. Publish a vacancy for each place.");
        }
        Some((remote, countries, city, zones))
    }

    fn zones(&self, remote: Remote, wrong: &mut Problems) -> Option<(i8, i8)> {
        let says = "Write the time zones as hours from UTC, as in -1 to 3; the same number twice for one zone.";
        let (from, to) = (self.zone_from.trim(), self.zone_to.trim());
        if from.is_empty() && to.is_empty() {
            if remote == Remote::Remote {
                wrong.say("zone_from", says);
            }
            return None;
        }
        let hours = |text: &str| text.replace('−', "-").parse::<i8>().ok().filter(|hours| (-12..=14).contains(hours));
        match (hours(from), hours(to)) {
            (Some(from), Some(to)) if from <= to => Some((from, to)),
            (Some(_), Some(_)) => {
                wrong.say(
                    "zone_to",
                    "The zones are the wrong way round: write the western one, the smaller number, first.",
                );
                None
            }
            _ => {
                wrong.say("zone_from", says);
                None
            }
        }
    }

    fn closing_date(&self, today: Date, wrong: &mut Problems) -> Option<Date> {
        let last = today.checked_add(jiff::Span::new().days(MOST_DAYS)).unwrap_or(today);
        let says = match self.closes_on.trim().parse::<Date>() {
            Err(_) => format!("Write the last day as year, month and day, as in {last}."),
            Ok(day) if day < today => format!("{day} is past. Choose a day until {last}."),
            Ok(day) if day > last => {
                format!(
                    "{day} is more than {MOST_DAYS} days away. Choose a day until {last}; it can be moved on later."
                )
            }
            Ok(day) => return Some(day),
        };
        wrong.say("closes_on", says);
        None
    }
}

/// A day as `2026-12-31`.
mod written_day {
    use jiff::civil::Date;
    use serde::{Deserialize, Deserializer, Serializer, de};

    pub(super) fn serialize<S: Serializer>(day: &Date, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(day)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Date, D::Error> {
        String::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

/// White space as single spaces, control characters gone.
fn one_line(text: &str) -> String {
    let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    clean.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text of some length that asks for nothing that must not be asked.
fn text(field: &'static str, typed: &str, least: usize, what: &str, wrong: &mut Problems) -> Option<String> {
    let kept: String = typed.chars().filter(|c| !c.is_control() || *c == '\n').collect();
    let kept = kept.trim().to_owned();
    let length = kept.chars().count();
    if length < least {
        wrong.say(field, format!("Say in at least {least} characters {what}."));
    } else if length > LONGEST {
        wrong.say(field, format!("This has {length} characters; {LONGEST} is the most. Shorten it."));
    } else if let Some(found) = asks_for_past_pay(&kept) {
        let says = format!(
            "“{found}” asks what somebody was paid before. That is not asked here, and in many places it is against the law: \
             say what you pay."
        );
        wrong.say(field, says);
    } else {
        return Some(kept);
    }
    None
}

/// Words by which vacancies ask for what somebody earned before, if there are any.
fn asks_for_past_pay(text: &str) -> Option<&'static str> {
    const ASKS: [&str; 14] = [
        "salary history",
        "pay history",
        "current salary",
        "current pay",
        "current compensation",
        "previous salary",
        "previous pay",
        "past salary",
        "past pay",
        "last salary",
        "last drawn",
        "present salary",
        "current ctc",
        "payslip",
    ];
    let text = text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    // Who says that it is not asked does not ask: `we never ask about your salary history`.
    let denies = |at: usize| {
        let before = &text[..at];
        let sentence = before.rsplit(['.', '!', '?', ';']).next().unwrap_or_default();
        ["not ", "never", "n't ", "no ", "without"].iter().any(|no| sentence.contains(no))
    };
    ASKS.into_iter().find(|asked| text.match_indices(asked).any(|(at, _)| !denies(at)))
}

/// Codes of countries, each once.
fn countries(typed: &str) -> Result<Vec<String>, String> {
    let mut codes = Vec::new();
    for word in typed.split(|c: char| c.is_whitespace() || ",;/".contains(c)).filter(|word| !word.is_empty()) {
        let code = word.to_uppercase();
        if rust_iso3166::from_alpha2(&code).is_none() {
            let code: String = code.chars().take(20).collect();
            return Err(format!("“{code}” is no country's code. Write two letters, as in DE, FR or US."));
        }
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    match codes.len() {
        0 => Err("Write the country's code of two letters, as in DE; several for remote work.".to_owned()),
        1..=60 => Ok(codes),
        _ => Err("Write at most 60 countries.".to_owned()),
    }
}

/// `https://…`, or `mailto:` of an address of mail.
fn apply_address(typed: &str) -> Result<String, String> {
    let says = "Write where one applies: the address of a page that begins with https://, or an e-mail address.";
    let text = typed.trim();
    let bare = text.strip_prefix("mailto:").unwrap_or(text);
    if let Ok(email) = crate::account::EmailAddress::parse(bare) {
        return Ok(format!("mailto:{}", email.as_str()));
    }
    let uri: http::Uri = text.parse().map_err(|_| says.to_owned())?;
    let host = uri.host().unwrap_or_default();
    let names_nobody = uri.authority().is_some_and(|authority| !authority.as_str().contains('@'));
    let is_page = uri.scheme_str() == Some("https") && host.contains('.') && names_nobody && text.len() <= 500;
    if is_page { Ok(uri.to_string()) } else { Err(says.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words() -> Vocabulary {
        let pairs = |ids: &[&str]| ids.iter().map(|id| ((*id).to_owned(), (*id).to_uppercase())).collect();
        Vocabulary {
            roles: pairs(&["django-developer"]),
            competencies: pairs(&["models", "views", "testing"]),
            levels: pairs(&["junior", "middle"]),
        }
    }

    fn whole() -> Draft {
        let text = |text: &str| text.to_owned();
        Draft {
            title: text(" Django  developer "),
            role: text("django-developer"),
            level: text("middle"),
            must: vec![text("views"), text("models"), text("nonsense")],
            nice: vec![text("models"), text("testing")],
            remote: text("remote"),
            countries: text("de, fr DE"),
            city: String::new(),
            zone_from: text("-1"),
            zone_to: text("3"),
            employment: text("full-time"),
            pay: TypedPay { min: text("60000"), max: text("75000"), currency: text("EUR"), period: text("year") },
            opening: text("now"),
            headcount: text("2"),
            screening: text("none"),
            closes_on: text("2026-12-31"),
            description: "You look after a shop's back office. ".repeat(5),
            process: text("A call of half an hour, an afternoon with the team, an offer."),
            apply: text("jobs@hill.example"),
        }
    }

    const TODAY: Date = Date::constant(2026, 11, 30);

    fn problems(change: impl FnOnce(&mut Draft)) -> Vec<&'static str> {
        let mut draft = whole();
        change(&mut draft);
        let wrong = draft.check(&words(), TODAY).err().unwrap_or_default();
        wrong.into_iter().map(|problem| problem.field).collect()
    }

    #[test]
    fn a_whole_draft_becomes_terms() {
        let terms = whole().check(&words(), TODAY).unwrap();
        assert_eq!(terms.title, "Django developer");
        assert_eq!(
            (terms.must, terms.nice),
            (vec!["models".to_owned(), "views".to_owned()], vec!["testing".to_owned()])
        );
        assert_eq!(terms.countries, ["DE", "FR"]);
        assert_eq!(terms.zones, Some((-1, 3)));
        assert_eq!(terms.apply, "mailto:jobs@hill.example");
    }

    #[test]
    fn each_wrong_thing_is_named_by_its_field() {
        assert_eq!(problems(|draft| draft.pay.min = "90000".into()), ["pay_max"]);
        assert_eq!(problems(|draft| draft.pay = TypedPay::default()), ["pay_currency"]);
        assert_eq!(problems(|draft| draft.closes_on = "2026-11-29".into()), ["closes_on"]);
        assert_eq!(problems(|draft| draft.closes_on = "2027-01-30".into()), ["closes_on"]);
        assert_eq!(problems(|draft| draft.countries = "Germany".into()), ["countries"]);
        assert_eq!(problems(|draft| draft.remote = "onsite".into()), ["city", "countries"]);
        assert_eq!(problems(|draft| draft.zone_to = "-5".into()), ["zone_to"]);
        assert_eq!(problems(|draft| draft.must.clear()), ["must"]);
        assert_eq!(problems(|draft| draft.headcount = "0".into()), ["headcount"]);
        assert_eq!(problems(|draft| draft.description = "x".repeat(LONGEST + 1)), ["description"]);
        for apply in ["http://hill.example", "https://localhost/x", "https://a@hill.example", "javascript:alert(1)", ""]
        {
            assert_eq!(problems(|draft| draft.apply = apply.into()), ["apply"], "{apply}");
        }
    }

    #[test]
    fn nobody_is_asked_what_they_earned() {
        let asks = |text: &str| problems(|draft| draft.process = format!("A call, then an offer. {text}"));
        for text in ["Send us your current salary.", "Please attach your\nlast payslip", "State your SALARY  HISTORY"] {
            assert_eq!(asks(text), ["process"], "{text}");
        }
        for text in ["We never ask for your salary history.", "The salary is paid monthly."] {
            assert!(asks(text).is_empty(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_typed_is_answered(text in "\\PC{0,40}", day in ".{0,12}", number in "[-0-9., ]{0,8}") {
            let fields: [fn(&mut Draft) -> &mut String; 6] = [
                |draft| &mut draft.title, |draft| &mut draft.countries, |draft| &mut draft.apply,
                |draft| &mut draft.process, |draft| &mut draft.city, |draft| &mut draft.pay.currency,
            ];
            for field in fields {
                problems(|draft| field(draft).clone_from(&text));
            }
            problems(|draft| draft.closes_on = day);
            problems(|draft| draft.zone_from = number);
        }
    }
}
