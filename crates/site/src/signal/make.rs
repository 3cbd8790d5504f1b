//! `/attempts/{attempt}/signal`: choose what it says, read it as others will, make it.

use super::offer::{Choice, NothingYet, Offer};
use crate::answer;
use crate::check::OwnAttempt;
use crate::error::SiteError;
use crate::guide::level_name;
use crate::page::{Html, NextSteps, Step, render, see};
use crate::practice::Form;
use crate::profile::{SeenPart, own_page, profile_step, says, signals_step};
use crate::routes::{AttemptSignalUrl, AttemptUrl, SignalUrl};
use crate::site::Site;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use jiff::ToSpan;
use jiff::tz::TimeZone;
use jobfuture_content::{Level, Place};
use jobfuture_disclosure::{SignalBody, USUAL_MONTHS};

/// For how many months a signal may be valid.
pub(crate) const MONTHS: [i32; 4] = [3, 6, USUAL_MONTHS, 24];

#[derive(Template)]
#[template(path = "signal/make.html")]
struct Make {
    url: String,
    attempt_url: String,
    levels: Vec<(&'static str, &'static str, bool)>,
    competencies: Vec<(String, String, bool)>,
    behaviours: Vec<(String, String, bool)>,
    files: Vec<(String, String, bool)>,
    months: Vec<(i32, bool)>,
    preview: Option<Html>,
    wrong: Option<String>,
}

#[derive(Template)]
#[template(path = "signal/nothing.html")]
struct Nothing {
    attempt_url: String,
    why: &'static str,
}

/// `GET /attempts/{attempt}/signal`
pub(crate) async fn form(State(site): State<Site>, own: OwnAttempt) -> Result<Response, SiteError> {
    match offer(&site, &own).await? {
        Ok(offer) => show(&site, &own, &offer, &offer.usual(), USUAL_MONTHS, None).await,
        Err(why) => nothing(&site, &own, why),
    }
}

/// `POST /attempts/{attempt}/signal`: to look at a choice, or to make it.
pub(crate) async fn make(State(site): State<Site>, own: OwnAttempt, form: Form) -> Result<Response, SiteError> {
    let offer = match offer(&site, &own).await? {
        Ok(offer) => offer,
        Err(why) => return nothing(&site, &own, why),
    };
    let choice = Choice {
        level: form.text("level")?.and_then(|text| offer.levels.iter().copied().find(|level| id_of(*level) == text)),
        competencies: form.all("competency")?,
        behaviours: form.all("behaviour")?,
        files: form.all("file")?,
    };
    let months = form.text("months")?.and_then(|text| text.parse().ok()).unwrap_or(USUAL_MONTHS);
    let Some(body) = offer.body(&choice)? else {
        let wrong = "Choose the level that it states, among those below.".to_owned();
        return show(&site, &own, &offer, &offer.usual(), months, Some(wrong)).await;
    };
    if form.bytes("make").is_none() {
        return show(&site, &own, &offer, &choice, months, None).await;
    }
    let (me, attempt) = (own.owner().key(), own.attempt.id().uuid());
    match site.disclosure().make_signal(me, Some(attempt), &body, months).await {
        Ok(id) => Ok(see(&SignalUrl { signal: &id.to_string() }.to_url())),
        Err(jobfuture_disclosure::Error::Refused(wrong)) => {
            show(&site, &own, &offer, &choice, months, Some(wrong)).await
        }
        Err(error) => Err(error.into()),
    }
}

fn id_of(level: Level) -> String {
    level_name(level).to_lowercase()
}

/// What may be said of the attempt, with the files that its owner handed in.
async fn offer(site: &Site, own: &OwnAttempt) -> Result<Result<Offer, NothingYet>, SiteError> {
    let mut files = Vec::new();
    for item in &own.attempt.items {
        let Some(work) = site.checks().work(own.owner(), own.attempt.id(), item.place).await? else { continue };
        let texts = work.files.into_iter().filter_map(|(path, bytes)| Some((path, String::from_utf8(bytes).ok()?)));
        files.extend(texts.map(|(path, text)| (item.place, path, text)));
    }
    Offer::of(site, &own.attempt, files)
}

async fn show(
    site: &Site,
    own: &OwnAttempt,
    offer: &Offer,
    choice: &Choice,
    months: i32,
    wrong: Option<String>,
) -> Result<Response, SiteError> {
    let id = own.attempt.id().to_string();
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let listed = |all: &[super::offer::Showable], chosen: &[String]| {
        all.iter().map(|one| (one.id.clone(), one.name.clone(), chosen.contains(&one.id))).collect()
    };
    let preview = match offer.body(choice)? {
        Some(body) => Some(preview(site, &body, months)?),
        None => None,
    };
    let names = |level: &Level| (level_name(*level), Some(*level) == choice.level);
    let main = render(&Make {
        url: AttemptSignalUrl { attempt: &id }.to_url(),
        attempt_url: AttemptUrl { attempt: &id }.to_url(),
        levels: offer.levels.iter().map(|level| (value_of(*level), names(level).0, names(level).1)).collect(),
        competencies: listed(&offer.competencies, &choice.competencies),
        behaviours: listed(&offer.behaviours, &choice.behaviours),
        files: offer
            .files
            .iter()
            .map(|file| {
                (
                    file.id.clone(),
                    format!("{} ({})", file.evidence.path, file.evidence.task),
                    choice.files.contains(&file.id),
                )
            })
            .collect(),
        months: MONTHS.into_iter().map(|one| (one, one == months)).collect(),
        preview,
        wrong,
    })?;
    let main = answer::with_asked(site, Place::Signal, main)?;
    let back = Step::new(AttemptUrl { attempt: &id }.to_url(), "What your check showed", "Only you see it.");
    let next = NextSteps::new(back).and(signals_step()).and(profile_step());
    own_page("Make a signal", main, next).answer_private(site, status)
}

fn value_of(level: Level) -> &'static str {
    match level {
        Level::Junior => "junior",
        Level::Middle => "middle",
        Level::Senior => "senior",
    }
}

/// The signal as everybody would see it who is shown it.
fn preview(site: &Site, body: &SignalBody, months: i32) -> Result<Html, SiteError> {
    let now = site.disclosure().now();
    let until = now.to_zoned(TimeZone::UTC).checked_add(months.months()).map_or(now, |until| until.timestamp());
    let part = SeenPart {
        called: "A candidate".to_owned(),
        terms: Vec::new(),
        fields: Vec::new(),
        signals: vec![says(site.library(), &body.says, &body.evidence, until)],
        audience: None,
    };
    render(&part)
}

fn nothing(site: &Site, own: &OwnAttempt, why: NothingYet) -> Result<Response, SiteError> {
    let attempt_url = AttemptUrl { attempt: &own.attempt.id().to_string() }.to_url();
    let why = match why {
        NothingYet::UnderWay => "This check is not over yet. A signal is made of what a check showed when it is.",
        NothingYet::NoLevel => {
            "What you answered does not settle a level yet, so there is none that a signal could state. That says nothing of \
             you: another check, or one that you take to its end, says more."
        }
        NothingYet::NoCheck => {
            "The content of this site no longer has this check, so its words are not there to be used."
        }
    };
    let main = render(&Nothing { attempt_url: attempt_url.clone(), why })?;
    let next =
        NextSteps::new(Step::new(attempt_url, "Back to your check", "What it showed, and what would settle it."))
            .and(Step::checks())
            .and(Step::guides());
    own_page("Make a signal", main, next).answer_private(site, StatusCode::OK)
}
