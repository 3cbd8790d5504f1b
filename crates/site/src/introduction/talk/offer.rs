//! Times for an interview that one side offers: what was typed, and what it comes to.

use super::hours::{self, NoMoment, Which};
use super::text;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Beginnings that one offer may name.
pub const MOST_BEGINNINGS: usize = 5;
/// The shortest interview, in minutes.
pub const SHORTEST: i64 = 10;
/// The longest, in minutes.
pub const LONGEST: i64 = 480;
/// How far ahead one may begin.
const AHEAD: SignedDuration = SignedDuration::from_hours(24 * 180);
/// How soon: whoever is asked has to read it first.
const SOON: SignedDuration = SignedDuration::from_mins(30);
const LONGEST_ABOUT: usize = 200;
const LONGEST_PLACE: usize = 300;

/// Times that were offered, as they are sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// From one to five, rising.
    #[serde(with = "as_text")]
    pub beginnings: Vec<Timestamp>,
    /// In which they were meant.
    pub zone: String,
    /// How long it takes.
    pub minutes: i64,
    /// Where it is.
    pub how: How,
    /// What it is about.
    pub about: String,
    /// Which interview: it stays the same when it is moved.
    pub interview: Uuid,
    /// How often it was agreed on before.
    pub round: u64,
    /// The agreed one that this is to move.
    pub moves: Option<Uuid>,
}

/// Times as RFC 3339 writes them.
mod as_text {
    use jiff::Timestamp;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(times: &[Timestamp], to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(times.iter().map(Timestamp::to_string))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Timestamp>, D::Error> {
        let times = Vec::<String>::deserialize(from)?;
        times.iter().map(|text| text.parse().map_err(D::Error::custom)).collect()
    }
}

/// Where an interview is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum How {
    /// At a place.
    Place(String),
    /// At an address, by https.
    Link(String),
}

impl How {
    /// As it is written.
    pub fn text(&self) -> &str {
        match self {
            Self::Place(text) | Self::Link(text) => text,
        }
    }
}

/// What stands in the form.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// Of each beginning: day, time, and which if there are two.
    pub beginnings: Vec<[String; 3]>,
    pub zone: String,
    pub minutes: String,
    /// `link` or `place`.
    pub how: String,
    pub link: String,
    pub place: String,
    pub about: String,
}

/// What is wrong, by the name of the form's field.
pub type Faults = BTreeMap<String, String>;

/// What was typed, if it can be offered.
#[derive(Debug, Clone)]
pub struct Checked {
    pub beginnings: Vec<Timestamp>,
    pub zone: String,
    pub minutes: i64,
    pub how: How,
    pub about: String,
}

impl Typed {
    /// Checks all of it at once.
    ///
    /// # Errors
    /// Everything that is wrong, each with its field and mend. A field `which-N` says that beginning N comes twice.
    pub fn check(&self, now: Timestamp) -> Result<Checked, Faults> {
        let mut faults = Faults::new();
        let mut take = |field: &str, checked: Result<String, String>| match checked {
            Ok(text) => text,
            Err(says) => {
                faults.insert(field.to_owned(), says);
                String::new()
            }
        };
        let about = take("about", text::check_line(&self.about, LONGEST_ABOUT, "What it is about"));
        let minutes = self.minutes.trim().parse().ok().filter(|minutes| (SHORTEST..=LONGEST).contains(minutes));
        take(
            "minutes",
            minutes
                .map(|_| String::new())
                .ok_or_else(|| format!("Write how many minutes it takes, from {SHORTEST} to {LONGEST}.")),
        );
        let how = match self.how.as_str() {
            "link" => How::Link(take("link", self.checked_link())),
            "place" => How::Place(take("place", text::check_line(&self.place, LONGEST_PLACE, "The place"))),
            _ => How::Place(take("how", Err("Choose whether it is at an address or at a place.".to_owned()))),
        };
        let zone = match hours::zone(&self.zone) {
            Ok(zone) => Some(zone),
            Err(says) => {
                take("zone", Err(says));
                None
            }
        };
        let mut beginnings: Vec<Timestamp> = Vec::new();
        if let Some(zone) = &zone {
            for (nth, [day, time, which]) in self.beginnings.iter().enumerate() {
                if day.trim().is_empty() && time.trim().is_empty() {
                    continue;
                }
                let field = format!("day-{nth}");
                match hours::moment(day.trim(), time.trim(), Which::parse(which), zone) {
                    Ok(at) if beginnings.contains(&at) => {}
                    Ok(at) => match check_reach(at, now) {
                        Ok(()) => beginnings.push(at),
                        Err(says) => drop(take(&field, Err(says))),
                    },
                    Err(NoMoment::Not(says)) => drop(take(&field, Err(says))),
                    Err(NoMoment::Twice(says)) => drop(take(&format!("which-{nth}"), Err(says))),
                }
            }
        }
        if beginnings.is_empty()
            && zone.is_some()
            && !faults.keys().any(|field| field.starts_with("day-") || field.starts_with("which-"))
        {
            faults.insert("day-0".to_owned(), "Offer at least one time.".to_owned());
        }
        beginnings.sort_unstable();
        match (faults.is_empty(), zone, minutes) {
            (true, Some(zone), Some(minutes)) => {
                Ok(Checked { beginnings, zone: hours::name(&zone).to_owned(), minutes, how, about })
            }
            _ => Err(faults),
        }
    }

    fn checked_link(&self) -> Result<String, String> {
        let link = text::check_line(&self.link, LONGEST_PLACE, "The address")?;
        match text::is_secure_address(&link) {
            true => Ok(link),
            false => {
                Err("Write one whole address that begins with https://, as in https://meet.example.org/room."
                    .to_owned())
            }
        }
    }
}

fn check_reach(at: Timestamp, now: Timestamp) -> Result<(), String> {
    match at.duration_since(now) {
        ahead if ahead < SOON => Err("This is over, or begins within half an hour. Choose a later time.".to_owned()),
        ahead if ahead > AHEAD => Err("This is more than half a year away. Choose an earlier day.".to_owned()),
        _ => Ok(()),
    }
}

impl Offer {
    /// Of what was typed: for a new interview, or for one that it moves.
    pub fn new(checked: Checked, interview: Uuid, moved: Option<(Uuid, &Self)>) -> Self {
        let Checked { beginnings, zone, minutes, how, about } = checked;
        let (interview, round) = moved.map_or((interview, 0), |(_, old)| (old.interview, old.round + 1));
        Self { beginnings, zone, minutes, how, about, interview, round, moves: moved.map(|(id, _)| id) }
    }

    /// What the line says of it, for as long as the conversation is read.
    pub fn says(&self) -> String {
        let zone = self.zone();
        let mut says = format!("{}. {} minutes, {}.", self.about.trim_end_matches('.'), self.minutes, self.how.text());
        for at in &self.beginnings {
            says.push_str(&format!("\n{} in {}", hours::span_words(*at, self.minutes, &zone), self.zone));
        }
        says
    }

    /// The zone in which it was meant.
    pub fn zone(&self) -> jiff::tz::TimeZone {
        hours::zone(&self.zone).unwrap_or(jiff::tz::TimeZone::UTC)
    }

    /// The number by which calendars tell a later state of an interview from an earlier one.
    pub fn sequence(&self, is_off: bool) -> u64 {
        self.round * 2 + u64::from(is_off)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(beginnings: &[(&str, &str, &str)]) -> Typed {
        let own = |text: &&str| (*text).to_owned();
        Typed {
            beginnings: beginnings.iter().map(|(day, time, which)| [own(day), own(time), own(which)]).collect(),
            zone: "America/New_York".to_owned(),
            minutes: "45".to_owned(),
            how: "link".to_owned(),
            link: "https://meet.example/room".to_owned(),
            place: String::new(),
            about: "Pair on a pull request".to_owned(),
        }
    }

    fn now() -> Timestamp {
        "2026-11-22T10:00:00Z".parse().unwrap()
    }

    #[test]
    fn what_can_be_offered_is_put_in_order() {
        let twice = ("2027-03-15", "10:00", "");
        let checked = typed(&[twice, ("", "", ""), twice, ("2027-03-12", "10:00", "")]).check(now()).unwrap();
        let said: Vec<String> = checked.beginnings.iter().map(ToString::to_string).collect();
        assert_eq!(said, ["2027-03-12T15:00:00Z", "2027-03-15T14:00:00Z"]);
        let offer = Offer::new(checked, Uuid::nil(), None);
        assert_eq!(
            offer.says(),
            "Pair on a pull request. 45 minutes, https://meet.example/room.\n\
             Friday 12 March 2027, 10:00–10:45 (UTC−5) in America/New_York\n\
             Monday 15 March 2027, 10:00–10:45 (UTC−4) in America/New_York"
        );
        let sealed = serde_json::to_string(&offer).unwrap();
        assert_eq!(serde_json::from_str::<Offer>(&sealed).unwrap(), offer);
        assert_eq!((offer.sequence(false), offer.sequence(true)), (0, 1));
    }

    #[test]
    fn what_is_wrong_is_told_at_once_and_by_field() {
        let fields = |typed: &Typed| typed.check(now()).unwrap_err().into_keys().collect::<Vec<_>>();
        assert_eq!(fields(&Typed::default()), ["about", "how", "minutes", "zone"]);
        assert_eq!(fields(&typed(&[])), ["day-0"]);
        assert_eq!(fields(&typed(&[("2026-11-22", "05:10", "")])), ["day-0"], "in ten minutes");
        assert_eq!(fields(&typed(&[("2027-11-22", "05:10", "")])), ["day-0"], "in a year");
        assert_eq!(fields(&typed(&[("2027-03-12", "10:00", ""), ("2027-03-14", "02:30", "")])), ["day-1"]);
        let auckland =
            |which| Typed { zone: "Pacific/Auckland".to_owned(), ..typed(&[("2027-04-04", "02:30", which)]) };
        assert_eq!(fields(&auckland("")), ["which-0"]);
        assert!(auckland("second").check(now()).is_ok());
        let link = |link: &str| Typed { link: link.to_owned(), ..typed(&[("2027-03-12", "10:00", "")]) };
        for wrong in
            ["", "http://meet.example/", "javascript:alert(1)", "https://a.example/ and a word", "https://x@a.example/"]
        {
            assert_eq!(fields(&link(wrong)), ["link"], "{wrong}");
        }
    }
}
