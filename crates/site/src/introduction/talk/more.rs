//! A candidate shows something more of their profile in a conversation: chosen, looked at as the company would see it, and granted.

use super::Which;
use super::page::{page, url};
use crate::account::Session;
use crate::error::{Missing, SiteError};
use crate::grant::{Offered, choices, facts};
use crate::introduction::{Actor, Fault, Introduction, Party};
use crate::page::{Html, render, see};
use crate::practice::Form;
use crate::profile::{SeenPart, fact_words};
use crate::site::Site;
use askama::Template;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use jiff::SignedDuration;
use jobfuture_disclosure::{Audience, Error, Fact, NewGrant, Terms};
use std::collections::BTreeSet;

/// Days for which something is shown, unless the conversation ends before.
const DAYS: i64 = 90;
/// Of a vacancy's title, in the purpose of a grant.
const LONGEST_TITLE: usize = 150;

#[derive(Template)]
#[template(path = "introduction/talk/more.html")]
struct More {
    back_url: String,
    show_url: String,
    company: String,
    choices: Html,
    days: i64,
    wrong: Option<String>,
}

#[derive(Template)]
#[template(path = "introduction/talk/more_look.html")]
struct MoreLook {
    back_url: String,
    show_url: String,
    company: String,
    facts: Vec<(String, String)>,
    seen: Html,
    days: i64,
}

/// `GET /introductions/{introduction}/show`
pub(crate) async fn choose_more(
    State(site): State<Site>,
    session: Session,
    Path(which): Path<Which>,
) -> Result<Response, SiteError> {
    let party = Party::Candidate(session.clone());
    let of = party.find(&site, &which.introduction).await?;
    choose(&site, &session, &party, &of, &[], None).await
}

async fn choose(
    site: &Site,
    session: &Session,
    party: &Party,
    of: &Introduction,
    chosen: &[String],
    wrong: Option<(StatusCode, String)>,
) -> Result<Response, SiteError> {
    let back_url = url(party.side(), of);
    if !of.is_open() {
        return Ok(see(&back_url));
    }
    let choices = choices(site, session.owner().key(), "fact", Offered::All, chosen).await?;
    let (status, wrong) = wrong.map_or((StatusCode::OK, None), |(status, says)| (status, Some(says)));
    let main = render(&More {
        show_url: format!("{back_url}/show"),
        back_url,
        company: of.company_name.clone(),
        choices,
        days: DAYS,
        wrong,
    })?;
    page("Show something more", main, party.side(), of).answer_private(site, status)
}

/// `POST /introductions/{introduction}/show`: a look first, and then the grant.
pub(crate) async fn show_more(
    State(site): State<Site>,
    session: Session,
    Path(which): Path<Which>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, SiteError> {
    let party = Party::Candidate(session.clone());
    let of = party.find(&site, &which.introduction).await?;
    let form = Form::read(&headers, body, &site.config().practice).await?;
    let chosen = form.all("fact")?;
    let done = match facts(&chosen).filter(|facts| !facts.is_empty()) {
        None => Err(Fault::Says("Choose at least one thing to show, among those below.".to_owned())),
        Some(facts) if form.text("do")?.as_deref() == Some("show") => grant(&site, &session, &of, facts).await,
        Some(facts) => match look(&site, &session, &party, &of, facts).await {
            Ok(page) => return Ok(page),
            Err(fault) => Err(fault),
        },
    };
    match done {
        Ok(()) | Err(Fault::Twice(_)) => Ok(see(&url(party.side(), &of))),
        Err(fault) => choose(&site, &session, &party, &of, &chosen, Some(fault.told()?)).await,
    }
}

fn new_grant(of: &Introduction, facts: BTreeSet<Fact>) -> NewGrant {
    let title: String = of.terms.title.chars().take(LONGEST_TITLE).collect();
    let purpose = format!("Conversation about “{title}”");
    NewGrant { audience: Audience::Company(of.company), facts, purpose, days: DAYS }
}

async fn grant(site: &Site, session: &Session, of: &Introduction, facts: BTreeSet<Fact>) -> Result<(), Fault> {
    let me = session.owner().key();
    let signals = site.disclosure().signals(me).await?;
    let names: Vec<String> = facts.iter().map(|fact| fact_words(*fact, &signals)).collect();
    let ready = site.disclosure().ready_grant(me, new_grant(of, facts))?;
    site.introductions().show_more(Actor::Candidate(me), of.id, ready, names.join(", ")).await?;
    Ok(())
}

/// Exactly what the company would see, made by the door.
async fn look(
    site: &Site,
    session: &Session,
    party: &Party,
    of: &Introduction,
    facts: BTreeSet<Fact>,
) -> Result<Response, Fault> {
    let me = session.owner().key();
    let signals = site.disclosure().signals(me).await?;
    let named = facts.iter().map(|fact| (fact.to_string(), fact_words(*fact, &signals))).collect();
    // What could not be granted is said before the look, in the same words.
    let new = new_grant(of, facts.clone());
    let until = site.disclosure().now().checked_add(SignedDuration::from_hours(24 * DAYS));
    let until = until.map_err(|error| SiteError::internal("a time", &error))?;
    let terms = Terms { purpose: new.purpose.clone(), until };
    site.disclosure().ready_grant(me, new)?;
    let seen = site.disclosure().preview_with(me, of.company, facts, terms).await.map_err(|error| match error {
        Error::Refused(says) => Fault::Says(says),
        error => Fault::Site(error.into()),
    })?;
    let seen = seen.ok_or(Fault::Site(SiteError::NotFound(Missing::Page)))?;
    let back_url = url(party.side(), of);
    let main = render(&MoreLook {
        show_url: format!("{back_url}/show"),
        back_url,
        company: of.company_name.clone(),
        facts: named,
        seen: render(&SeenPart::of(&seen, site.library()))?,
        days: DAYS,
    })?;
    Ok(page("A last look", main, party.side(), of).answer_private(site, StatusCode::OK)?)
}
