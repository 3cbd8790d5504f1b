//! Times for an interview: offered, answered, moved, called off.

use super::offer::{Faults, How, MOST_BEGINNINGS, Typed};
use super::page::{page, url};
use super::store::OfferEntry;
use super::{Which, hours};
use crate::error::{Missing, SiteError};
use crate::introduction::{Fault, Introduction, Party};
use crate::page::{render, see};
use crate::practice::Form;
use crate::site::Site;
use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use serde::Deserialize;
use uuid::Uuid;

#[derive(Template)]
#[template(path = "introduction/talk/offer.html")]
struct OfferForm {
    back_url: String,
    offer_url: String,
    typed: Typed,
    rows: Vec<Row>,
    moves: String,
    /// The agreed one that is to be moved, in words.
    moved: Option<String>,
    /// Whether the other side's times wait, which these would take the place of.
    replaces_theirs: bool,
    replaces_own: bool,
    zones: Vec<String>,
    faults: Faults,
    refused: Option<String>,
}

struct Row {
    nth: usize,
    day: String,
    time: String,
    which: String,
    fault: Option<String>,
    twice: Option<String>,
}

impl OfferForm {
    fn fault(&self, field: &str) -> Option<&str> {
        self.faults.get(field).map(String::as_str)
    }

    /// Of a field that has a fault: that it is wrong, and where that is said.
    fn says(&self, field: &str) -> String {
        match self.faults.contains_key(field) {
            true => format!("aria-invalid=true aria-describedby={field}-fault"),
            false => String::new(),
        }
    }
}

#[derive(Template)]
#[template(path = "introduction/talk/call_off.html")]
struct CallOff {
    back_url: String,
    call_off_url: String,
    offer_url: String,
    says: String,
    is_agreed: bool,
    wrong: Option<String>,
}

/// Which agreed interview is to be moved.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Moving {
    #[serde(default)]
    moves: String,
}

/// What the form is made for.
struct Scene {
    of: Introduction,
    waiting: Option<OfferEntry>,
    moved: Option<OfferEntry>,
}

async fn scene(site: &Site, party: &Party, which: &Which, moves: &str) -> Result<Scene, SiteError> {
    let of = party.find(site, &which.introduction).await?;
    let actor = party.actor()?;
    let talk = site.introductions().talk(actor, &of, Some(0)).await?;
    let waiting = talk.offers.into_iter().find(OfferEntry::is_waiting);
    // Other times for one that is to be moved are to move it, too.
    let inherited = waiting.as_ref().and_then(|entry| entry.offer.moves);
    let moves = Uuid::try_parse(moves).ok().or(inherited);
    let moved = match moves {
        Some(id) => site.introductions().offered(actor, &of, id).await?.filter(|entry| entry.begins_at.is_some()),
        None => None,
    };
    Ok(Scene { of, waiting, moved })
}

/// `GET …/offer`
pub(crate) async fn offer_form(
    State(site): State<Site>,
    party: Party,
    Path(which): Path<Which>,
    Query(moving): Query<Moving>,
) -> Result<Response, SiteError> {
    let scene = scene(&site, &party, &which, &moving.moves).await?;
    let mut typed = Typed { zone: site.introductions().last_zone(party.actor()?).await?, ..Typed::default() };
    typed.minutes = "45".to_owned();
    if let Some(entry) = scene.waiting.as_ref().or(scene.moved.as_ref()) {
        typed.about.clone_from(&entry.offer.about);
        typed.minutes = entry.offer.minutes.to_string();
        match &entry.offer.how {
            How::Link(link) => (typed.how, typed.link) = ("link".to_owned(), link.clone()),
            How::Place(place) => (typed.how, typed.place) = ("place".to_owned(), place.clone()),
        }
    }
    show(&site, &party, &scene, typed, Faults::new(), None)
}

fn show(
    site: &Site,
    party: &Party,
    scene: &Scene,
    typed: Typed,
    faults: Faults,
    refused: Option<(StatusCode, String)>,
) -> Result<Response, SiteError> {
    let (side, of) = (party.side(), &scene.of);
    let back_url = url(side, of);
    if !of.is_open() && refused.is_none() {
        return Ok(see(&back_url));
    }
    let status = match &refused {
        Some((status, _)) => *status,
        None if faults.is_empty() => StatusCode::OK,
        None => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let rows = (0..MOST_BEGINNINGS).map(|nth| {
        let [day, time, which] = typed.beginnings.get(nth).cloned().unwrap_or_default();
        let fault = faults.get(&format!("day-{nth}")).cloned();
        let twice = faults.get(&format!("which-{nth}")).cloned();
        let twice = twice.or_else(|| (!which.is_empty()).then(String::new));
        Row { nth, day, time, which, fault, twice }
    });
    let main = render(&OfferForm {
        offer_url: format!("{back_url}/offer"),
        back_url,
        rows: rows.collect(),
        moves: scene.moved.as_ref().map(|entry| entry.id.to_string()).unwrap_or_default(),
        moved: scene.moved.as_ref().map(said),
        replaces_theirs: scene.waiting.as_ref().is_some_and(|entry| entry.by != side),
        replaces_own: scene.waiting.as_ref().is_some_and(|entry| entry.by == side),
        zones: hours::names(),
        typed,
        faults,
        refused: refused.map(|(_, says)| says),
    })?;
    page("Offer times", main, side, of).answer_private(site, status)
}

/// An interview in the zone in which it was offered.
fn said(entry: &OfferEntry) -> String {
    let at = entry.begins_at.or_else(|| entry.offer.beginnings.first().copied()).unwrap_or(Timestamp::UNIX_EPOCH);
    let span = hours::span_words(at, entry.offer.minutes, &entry.offer.zone());
    format!("{}: {span} in {}", entry.offer.about, entry.offer.zone)
}

/// `POST …/offer`
pub(crate) async fn offer(
    State(site): State<Site>,
    party: Party,
    Path(which): Path<Which>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, SiteError> {
    let form = Form::read(&headers, body, &site.config().practice).await?;
    let typed = read(&form)?;
    let moves = form.text("moves")?.unwrap_or_default();
    let scene = scene(&site, &party, &which, &moves).await?;
    let checked = match typed.check(site.introductions().now()) {
        Ok(checked) => checked,
        Err(faults) => return show(&site, &party, &scene, typed, faults, None),
    };
    let offered = site.introductions().offer_times(party.actor()?, scene.of.id, checked, scene.moved.as_ref()).await;
    match offered {
        Ok(_) | Err(Fault::Twice(_)) => Ok(see(&format!("{}#interviews", url(party.side(), &scene.of)))),
        Err(fault) => {
            let told = fault.told()?;
            show(&site, &party, &scene, typed, Faults::new(), Some(told))
        }
    }
}

fn read(form: &Form) -> Result<Typed, SiteError> {
    let field = |name: &str| form.text(name).map(Option::unwrap_or_default);
    let mut beginnings = Vec::new();
    for nth in 0..MOST_BEGINNINGS {
        let of = |name: &str| field(&format!("{name}-{nth}"));
        beginnings.push([of("day")?, of("time")?, of("which")?]);
    }
    Ok(Typed {
        beginnings,
        zone: field("zone")?,
        minutes: field("minutes")?,
        how: field("how")?,
        link: field("link")?,
        place: field("place")?,
        about: field("about")?,
    })
}

/// `POST …/offers/{offer}`: agrees on one of the times, or says that none fits.
pub(crate) async fn answer(
    State(site): State<Site>,
    party: Party,
    Path(which): Path<Which>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, SiteError> {
    let of = party.find(&site, &which.introduction).await?;
    let (actor, id) = (party.actor()?, which.offer()?);
    let entry = site.introductions().offered(actor, &of, id).await?;
    let entry = entry.ok_or(SiteError::NotFound(Missing::Page))?;
    let form = Form::read(&headers, body, &site.config().practice).await?;
    let chosen = form.text("begins")?.and_then(|text| text.parse().ok());
    let chosen = chosen.filter(|at: &Timestamp| entry.offer.beginnings.contains(at));
    let done = match (form.text("do")?.as_deref(), chosen) {
        (Some("none"), _) => site.introductions().none_fits(actor, of.id, id).await,
        // The same click again is no second yes, and no refusal either.
        (_, Some(at)) if entry.begins_at == Some(at) && entry.ended_at.is_none() => Ok(of.clone()),
        (_, Some(at)) => site.introductions().agree(actor, of.id, &entry, at).await,
        (_, None) => Err(Fault::Says("Choose one of the times first, or say that none of them fits.".to_owned())),
    };
    match done {
        Ok(_) => Ok(see(&format!("{}#interviews", url(party.side(), &of)))),
        Err(fault) => answered_wrong(&site, &party, &of, fault),
    }
}

#[derive(Template)]
#[template(path = "introduction/talk/not_done.html")]
struct NotDone {
    back_url: String,
    says: String,
}

fn answered_wrong(site: &Site, party: &Party, of: &Introduction, fault: Fault) -> Result<Response, SiteError> {
    let (status, says) = fault.told()?;
    let back_url = format!("{}#interviews", url(party.side(), of));
    page("Not done", render(&NotDone { back_url, says })?, party.side(), of).answer_private(site, status)
}

/// `GET …/offers/{offer}/call-off`
pub(crate) async fn confirm_calling_off(
    State(site): State<Site>,
    party: Party,
    Path(which): Path<Which>,
) -> Result<Response, SiteError> {
    let of = party.find(&site, &which.introduction).await?;
    let entry = site.introductions().offered(party.actor()?, &of, which.offer()?).await?;
    let entry = entry.ok_or(SiteError::NotFound(Missing::Page))?;
    show_calling_off(&site, &party, &of, &entry, None)
}

fn show_calling_off(
    site: &Site,
    party: &Party,
    of: &Introduction,
    entry: &OfferEntry,
    wrong: Option<(StatusCode, String)>,
) -> Result<Response, SiteError> {
    let (side, back_url) = (party.side(), url(party.side(), of));
    let may = entry.is_ahead(site.introductions().now()) || entry.is_waiting() && entry.by == side;
    if wrong.is_none() && !(of.is_open() && may) {
        return Ok(see(&back_url));
    }
    let (status, wrong) = wrong.map_or((StatusCode::OK, None), |(status, says)| (status, Some(says)));
    let main = render(&CallOff {
        call_off_url: format!("{back_url}/offers/{}/call-off", entry.id),
        offer_url: format!("{back_url}/offer?moves={}", entry.id),
        back_url,
        says: said(entry),
        is_agreed: entry.begins_at.is_some(),
        wrong,
    })?;
    page("Call off", main, side, of).answer_private(site, status)
}

/// `POST …/offers/{offer}/call-off`
pub(crate) async fn call_off(
    State(site): State<Site>,
    party: Party,
    Path(which): Path<Which>,
) -> Result<Response, SiteError> {
    let of = party.find(&site, &which.introduction).await?;
    let entry = site.introductions().offered(party.actor()?, &of, which.offer()?).await?;
    let entry = entry.ok_or(SiteError::NotFound(Missing::Page))?;
    // Somebody was quicker, or the button was pressed twice.
    if entry.ended_at.is_some() {
        return Ok(see(&format!("{}#interviews", url(party.side(), &of))));
    }
    match site.introductions().call_off(party.actor()?, of.id, &entry).await {
        Ok(_) => Ok(see(&format!("{}#interviews", url(party.side(), &of)))),
        Err(fault) => show_calling_off(&site, &party, &of, &entry, Some(fault.told()?)),
    }
}
