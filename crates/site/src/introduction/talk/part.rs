//! The part of a conversation's page that shows what was said, times for interviews, and what can be done now. Both sides read it.

use super::hours;
use super::page::url;
use super::store::{OfferEntry, Talk};
use super::text::{Piece, lines};
use crate::error::SiteError;
use crate::introduction::{Actor, Deed, Introduction, Line, Side};
use crate::page::{Html, render};
use crate::practice::Form;
use crate::site::Site;
use askama::Template;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// What an address says of how somebody wants to look at it.
#[derive(Debug, Default)]
pub(crate) struct Looking {
    /// Lines before this one.
    before: Option<i64>,
    /// The zone as it was typed.
    zone: Option<String>,
}

impl Looking {
    /// Of the query part of an address.
    ///
    /// # Errors
    /// [`SiteError::UnreadableForm`], [`SiteError::Refused`] if it is no text.
    pub fn of(query: Option<&str>) -> Result<Self, SiteError> {
        let form = Form::of_query(query.unwrap_or_default())?;
        let before = form.text("before")?.and_then(|text| text.parse().ok()).filter(|nth| *nth > 0);
        Ok(Self { before, zone: form.text("zone")?.filter(|zone| !zone.trim().is_empty()) })
    }
}

#[derive(Template)]
#[template(path = "introduction/talk/part.html")]
struct Part {
    here: String,
    is_open: bool,
    is_candidate: bool,
    /// Whom one writes to.
    to: String,
    zone: String,
    zone_typed: String,
    zone_fault: Option<String>,
    zones: Vec<String>,
    waiting: Option<Waiting>,
    interviews: Vec<Interview>,
    lines: Vec<LineView>,
    /// The first line that is shown, if there are earlier ones.
    earlier: Option<i64>,
    /// Whether later ones are left out.
    is_earlier: bool,
}

/// Times that were offered and not answered.
struct Waiting {
    url: String,
    is_own: bool,
    from: String,
    about: String,
    minutes: i64,
    place: Html,
    times: Vec<Choice>,
}

struct Choice {
    value: String,
    here: String,
    there: String,
    is_over: bool,
}

/// One that was agreed on.
struct Interview {
    url: String,
    offer_url: String,
    state: &'static str,
    about: String,
    begins: String,
    here: String,
    there: String,
    place: Html,
    is_ahead: bool,
}

struct LineView {
    nth: i64,
    /// Where a new one begins.
    day: Option<String>,
    who: String,
    did: Option<&'static str>,
    at: String,
    time: String,
    text: Option<Html>,
    next: Option<Html>,
    is_new: bool,
    is_own: bool,
}

/// Lines of words and addresses.
#[derive(Template)]
#[template(path = "introduction/talk/said.html")]
struct Said<'t> {
    lines: Vec<Vec<(bool, &'t str)>>,
}

fn shown(text: &str) -> Result<Html, SiteError> {
    let piece = |piece| match piece {
        Piece::Words(words) => (false, words),
        Piece::Address(address) => (true, address),
    };
    render(&Said { lines: lines(text).into_iter().map(|line| line.into_iter().map(piece).collect()).collect() })
}

/// How people and zones are called for whoever reads.
struct Reader<'r> {
    side: Side,
    of: &'r Introduction,
    /// What the door calls the candidate, for the company.
    called: &'r str,
    zone: TimeZone,
    now: Timestamp,
}

impl Reader<'_> {
    fn who(&self, by: Option<Side>, member: Option<&str>) -> String {
        match (by, self.side) {
            (None, _) => String::new(),
            (Some(Side::Candidate), Side::Candidate) => "You".to_owned(),
            (Some(Side::Candidate), Side::Company) => self.called.to_owned(),
            (Some(Side::Company), Side::Company) => member.unwrap_or("Your company").to_owned(),
            (Some(Side::Company), Side::Candidate) => match member {
                Some(member) => format!("{member} at {}", self.of.company_name),
                None => self.of.company_name.clone(),
            },
        }
    }

    fn other(&self) -> &str {
        match self.side {
            Side::Candidate => &self.of.company_name,
            Side::Company => self.called,
        }
    }

    fn lines(&self, all: &[Line]) -> Result<Vec<LineView>, SiteError> {
        let mut last: Option<Date> = None;
        let view = |line: &Line| {
            let at = line.made_at.to_zoned(self.zone.clone());
            let day = (last != Some(at.date())).then(|| at.strftime("%A %-d %B %Y").to_string());
            last = Some(at.date());
            Ok(LineView {
                nth: line.nth,
                day,
                who: self.who(line.by, line.member.as_deref()),
                did: (line.deed != Deed::Wrote).then(|| line.deed.words()),
                at: line.made_at.to_string(),
                time: at.strftime("%H:%M").to_string(),
                text: line.text.as_deref().map(shown).transpose()?,
                next: line.next.as_deref().map(shown).transpose()?,
                is_new: line.seen_at.is_none() && line.by.is_some_and(|by| by != self.side),
                is_own: line.by == Some(self.side),
            })
        };
        all.iter().map(view).collect()
    }

    fn waiting(&self, here: &str, offers: &[OfferEntry]) -> Result<Option<Waiting>, SiteError> {
        let Some(entry) = offers.iter().find(|entry| entry.is_waiting()) else { return Ok(None) };
        let zone = entry.offer.zone();
        let times = entry.offer.beginnings.iter().map(|at| Choice {
            value: at.to_string(),
            here: hours::span_words(*at, entry.offer.minutes, &self.zone),
            there: format!("{} in {}", hours::span_words(*at, entry.offer.minutes, &zone), entry.offer.zone),
            is_over: *at <= self.now,
        });
        Ok(Some(Waiting {
            url: format!("{here}/offers/{}", entry.id),
            is_own: entry.by == self.side,
            from: self.other().to_owned(),
            about: entry.offer.about.clone(),
            minutes: entry.offer.minutes,
            place: shown(entry.offer.how.text())?,
            times: times.collect(),
        }))
    }

    /// Each in its latest state, the next one first.
    fn interviews(&self, here: &str, offers: &[OfferEntry]) -> Result<Vec<Interview>, SiteError> {
        let is_latest = |entry: &&OfferEntry| {
            let later = |other: &OfferEntry| {
                other.offer.interview == entry.offer.interview
                    && other.offer.round > entry.offer.round
                    && other.begins_at.is_some()
            };
            !offers.iter().any(later)
        };
        let mut agreed: Vec<(Timestamp, &OfferEntry)> =
            offers.iter().filter(is_latest).filter_map(|entry| Some((entry.begins_at?, entry))).collect();
        agreed.sort_by_key(|(at, entry)| (!entry.is_ahead(self.now), *at, entry.id));
        let view = |(at, entry): (Timestamp, &OfferEntry)| {
            let is_ahead = entry.is_ahead(self.now);
            let zone = entry.offer.zone();
            Ok(Interview {
                url: format!("{here}/offers/{}", entry.id),
                offer_url: format!("{here}/offer?moves={}", entry.id),
                state: match (entry.is_off(), is_ahead) {
                    (true, _) => "Called off",
                    (false, true) => "Agreed",
                    (false, false) => "Was agreed",
                },
                about: entry.offer.about.clone(),
                begins: at.to_string(),
                here: hours::span_words(at, entry.offer.minutes, &self.zone),
                there: format!("{} in {}", hours::span_words(at, entry.offer.minutes, &zone), entry.offer.zone),
                place: shown(entry.offer.how.text())?,
                is_ahead,
            })
        };
        agreed.into_iter().map(view).collect()
    }
}

/// What was said and can be done, for one side. `called` is what the door calls the candidate; it is for the company. Lines that this
/// shows are new for as long as [`crate::introduction::Introductions::saw`] was not told.
pub(crate) async fn part(
    site: &Site,
    who: Actor<'_>,
    of: &Introduction,
    called: &str,
    looking: &Looking,
) -> Result<Html, SiteError> {
    let (zone_typed, mut zone_fault) = (looking.zone.clone().unwrap_or_default(), None);
    let zone = match &looking.zone {
        Some(typed) => hours::zone(typed).unwrap_or_else(|says| {
            zone_fault = Some(says);
            TimeZone::UTC
        }),
        None => TimeZone::UTC,
    };
    let now = site.introductions().now();
    let Talk { lines, has_earlier, offers } = site.introductions().talk(who, of, looking.before).await?;
    let side = who.side();
    let reader = Reader { side, of, called, zone, now };
    let here = url(side, of);
    let waiting = reader.waiting(&here, &offers)?.filter(|_| of.is_open());
    let interviews = reader.interviews(&here, &offers)?;
    let has_times = waiting.is_some() || !interviews.is_empty();
    render(&Part {
        is_open: of.is_open(),
        is_candidate: side == Side::Candidate,
        to: reader.other().to_owned(),
        zone: hours::name(&reader.zone).to_owned(),
        zone_typed: if zone_typed.is_empty() { hours::UTC.to_owned() } else { zone_typed },
        zone_fault,
        zones: if has_times { hours::names() } else { Vec::new() },
        waiting,
        interviews,
        earlier: lines.first().map(|line| line.nth).filter(|_| has_earlier),
        is_earlier: looking.before.is_some(),
        lines: reader.lines(&lines)?,
        here,
    })
}
