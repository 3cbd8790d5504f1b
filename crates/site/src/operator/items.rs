//! `/operator/items`: how the items of checks fare, for whoever runs this instance. Sums over all who met an item; nothing
//! tells one person's answer.

use super::fares::Fares;
use crate::account::{Fields, MaybeSession};
use crate::check::{BankEntry, ENOUGH, Frozen, ItemKind, ItemTally, LeftOver, Loaded, Source};
use crate::error::{Missing, SiteError};
use crate::page::{Nav, NextSteps, Page, Step, render};
use crate::routes::{self, ItemFreezeUrl, ItemThawUrl};
use crate::site::Site;
use askama::Template;
use axum::extract::{FromRequestParts, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::request::Parts;
use http::{HeaderValue, StatusCode, header};
use jobfuture_content::Check;
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::Arc;

/// The longest reason of a freeze, in characters.
const LONGEST_REASON: usize = 300;

/// A request by an operator. To everybody else there is no such page.
pub(crate) struct Operator;

impl FromRequestParts<Site> for Operator {
    type Rejection = SiteError;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, SiteError> {
        let MaybeSession(session) = MaybeSession::from_request_parts(parts, site).await?;
        let is_operator = session.is_some_and(|session| session.is_operator());
        is_operator.then_some(Self).ok_or(SiteError::NotFound(Missing::Page))
    }
}

#[derive(Template)]
#[template(path = "operator/items.html")]
struct Items {
    checks: Vec<CheckItems>,
    enough: i64,
    wrong: Option<String>,
}

struct CheckItems {
    title: String,
    begun: i64,
    areas: Vec<Area>,
}

struct Area {
    name: String,
    items: Vec<Item>,
}

/// An item in the words of the page.
struct Item {
    title: String,
    kind: &'static str,
    numbers: &'static str,
    met: String,
    answers: i64,
    known: i64,
    fares: Option<Fares>,
    frozen: Option<Frozen>,
    freeze_url: String,
    thaw_url: String,
}

/// Why an item is frozen.
#[derive(Deserialize)]
pub(crate) struct Why {
    reason: String,
}

/// `GET /operator/items`
pub(crate) async fn items(State(site): State<Site>, _: Operator) -> Result<Response, SiteError> {
    show(&site, None).await
}

/// The page, with what is wrong with what was sent to it.
async fn show(site: &Site, wrong: Option<String>) -> Result<Response, SiteError> {
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let mut frozen: HashMap<String, Frozen> = HashMap::new();
    frozen.extend(site.checks().frozen().await?.into_iter().map(|one| (one.item.clone(), one)));
    let mut checks = Vec::new();
    for check in site.library().checks.values() {
        checks.push(check_items(site, check, &frozen).await?);
    }
    let main = render(&Items { checks, enough: ENOUGH, wrong })?;
    let next = NextSteps::new(Step::new(routes::OUTBOX, "Outbox", "Letters of this instance, sent and waiting."))
        .and(super::jobs::jobs_step())
        .and(Step::new(routes::ACCOUNT, "Your account", "Name, password, browsers."));
    let page = Page::unlisted("Items of checks", Nav::Account, main, next);
    page.answer_private(site, status)
}

async fn check_items(
    site: &Site,
    check: &Arc<Check>,
    frozen: &HashMap<String, Frozen>,
) -> Result<CheckItems, SiteError> {
    let release = site.checks().current(check).await?;
    let tallies = site.checks().tallies(&check.manifest.id).await?;
    // Sums stay when an attempt is deleted, and nobody meets an item twice in one check.
    let most = tallies.iter().map(ItemTally::met).max().unwrap_or_default();
    let begun = site.checks().begun(&check.manifest.id).await?.max(most);
    let tallies: HashMap<&str, &ItemTally> = tallies.iter().map(|tally| (tally.item.as_str(), tally)).collect();
    let item = |entry: &BankEntry| {
        let (tally, frozen) = (tallies.get(entry.id.as_str()).copied(), frozen.get(&entry.id));
        Item::new(title(site, entry), entry, tally, begun, frozen.cloned())
    };
    let areas = check
        .manifest
        .areas
        .iter()
        .map(|area| Area { name: area.name.clone(), items: entries(&release, &area.id).map(item).collect() });
    Ok(CheckItems { title: check.manifest.title.clone(), begun, areas: areas.collect() })
}

fn entries<'a>(release: &'a Loaded, area: &'a str) -> impl Iterator<Item = &'a BankEntry> {
    release.parts.items.iter().filter(move |entry| entry.area == area)
}

fn title(site: &Site, entry: &BankEntry) -> String {
    let library = site.library();
    let title = match entry.kind {
        ItemKind::Question => library.questions.get(&entry.content).map(|question| question.title()),
        ItemKind::Task => library.tasks.get(&entry.content).map(|task| task.manifest.title.clone()),
    };
    title.unwrap_or_else(|| entry.content.clone())
}

impl Item {
    fn new(title: String, entry: &BankEntry, tally: Option<&ItemTally>, begun: i64, frozen: Option<Frozen>) -> Self {
        let item = entry.id.as_str();
        let enough = tally.filter(|tally| tally.answered >= ENOUGH);
        Self {
            title,
            kind: entry.kind.as_str(),
            numbers: if entry.source == Source::Answers { "answers" } else { "authors" },
            met: share(tally.map_or(0, ItemTally::met), begun),
            answers: tally.map_or(0, |tally| tally.answered),
            known: tally.map_or(0, |tally| tally.known),
            fares: enough.map(|tally| Fares::new(tally, entry.source)),
            frozen,
            freeze_url: ItemFreezeUrl { item }.to_url(),
            thaw_url: ItemThawUrl { item }.to_url(),
        }
    }
}

fn share(part: i64, all: i64) -> String {
    if all == 0 { "–".to_owned() } else { format!("{:.0} %", 100.0 * part as f64 / all as f64) }
}

/// `POST /operator/items/{item}/freeze`
pub(crate) async fn freeze(
    State(site): State<Site>,
    _: Operator,
    Path(item): Path<String>,
    Fields(why): Fields<Why>,
) -> Result<Response, SiteError> {
    let is_asked = is_asked(&site, &item).await?;
    if !is_asked {
        return Err(SiteError::NotFound(Missing::Page));
    }
    let reason = why.reason.split_whitespace().collect::<Vec<_>>().join(" ");
    let length = reason.chars().count();
    if length == 0 || length > LONGEST_REASON {
        let says =
            format!("Say why it is frozen, in at most {LONGEST_REASON} characters: whoever thaws it wants to know.");
        return show(&site, Some(says)).await;
    }
    match site.checks().freeze(&item, &reason).await? {
        Ok(()) => Ok(see_items()),
        Err(left) => {
            let LeftOver { check, what, left, needed } = left;
            let says = format!(
                "Without it “{check}” would have {left} {what}, and it needs {needed}: nobody could begin it. Thaw another item, or add to the content first."
            );
            show(&site, Some(says)).await
        }
    }
}

/// `POST /operator/items/{item}/thaw`
pub(crate) async fn thaw(
    State(site): State<Site>,
    _: Operator,
    Path(item): Path<String>,
) -> Result<Response, SiteError> {
    site.checks().thaw(&item).await?;
    Ok(see_items())
}

/// `GET` of an address that only takes forms.
pub(crate) async fn item_form_was_left(_: Operator) -> Response {
    see_items()
}

async fn is_asked(site: &Site, item: &str) -> Result<bool, SiteError> {
    for check in site.library().checks.values() {
        if site.checks().current(check).await?.number(item).is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

fn see_items() -> Response {
    let mut response = Redirect::to(routes::OPERATOR_ITEMS).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
