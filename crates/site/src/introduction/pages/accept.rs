//! Saying yes. A candidate chooses what is shown from then on, and sees what that comes to before it is; a company gets what was promised.

use super::act::{step, version};
use super::one::Which;
use super::{Eyes, Shown, Typed, page, show};
use crate::account::Session;
use crate::company::ForCompany;
use crate::error::SiteError;
use crate::grant::{Offered, choices, facts};
use crate::introduction::{Doing, Introduction, Move};
use crate::page::{Html, render, see};
use crate::practice::Form;
use crate::profile::SeenPart;
use crate::site::Site;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use jobfuture_disclosure::{Audience, Fact, Field, MOST_DAYS, NewGrant, OwnerKey, PreviewFor, Terms};
use std::collections::BTreeSet;

#[derive(Template)]
#[template(path = "introduction/pages/accept.html")]
struct Accept {
    list_url: String,
    url: String,
    about: String,
    pay: String,
    company: String,
    choices: Html,
    /// Of name and contact, what the profile does not hold.
    missing: Vec<(&'static str, String)>,
    version: i64,
    wrong: Option<String>,
}

#[derive(Template)]
#[template(path = "introduction/pages/look.html")]
struct Look {
    list_url: String,
    url: String,
    about: String,
    company: String,
    seen: Option<Html>,
    facts: Vec<String>,
    version: i64,
}

/// What a grant for a conversation about a vacancy says it is for.
pub(super) fn purpose(what: &str, title: &str) -> String {
    const MOST: usize = 180;
    let text = format!("{what}: {title}");
    text.chars().filter(|letter| !letter.is_control()).take(MOST).collect()
}

/// When something that is granted now for so many days ends.
pub(super) fn until(now: Timestamp, days: i64) -> Timestamp {
    now.checked_add(SignedDuration::from_hours(24 * days)).unwrap_or(now)
}

/// Name and contact, as far as the profile holds them: what is ticked beforehand where both say yes.
pub(super) async fn usual(site: &Site, me: OwnerKey) -> Result<Vec<String>, SiteError> {
    let profile = site.disclosure().profile(me).await?;
    let filled = [Field::Name, Field::Contact].into_iter().filter(|field| profile.own(me, *field).is_some());
    Ok(filled.map(|field| Fact::Field(field).to_string()).collect())
}

/// What a profile lacks of them, and where it is filled in.
pub(super) async fn missing(site: &Site, me: OwnerKey) -> Result<Vec<(&'static str, String)>, SiteError> {
    let profile = site.disclosure().profile(me).await?;
    let lacks = [Field::Name, Field::Contact].into_iter().filter(|field| profile.own(me, *field).is_none());
    let url = |field: Field| crate::routes::ProfileFieldUrl { field: field.id() }.to_url();
    Ok(lacks.map(|field| (field.label(), url(field))).collect())
}

/// `GET /introductions/{introduction}/accept`
pub(crate) async fn accept_form(
    State(site): State<Site>,
    session: Session,
    Path(which): Path<Which>,
) -> Result<Response, SiteError> {
    let eyes = Eyes::Candidate(&session);
    let one = eyes.find(&site, &which.introduction).await?;
    if !one.standing.may(eyes.side(), Move::Accept, site.introductions().now()) {
        return Ok(see(&eyes.url(one.id)));
    }
    let ticked = usual(&site, session.owner().key()).await?;
    choose(&site, &session, &one, &ticked, None).await
}

async fn choose(
    site: &Site,
    session: &Session,
    one: &Introduction,
    ticked: &[String],
    wrong: Option<(StatusCode, String)>,
) -> Result<Response, SiteError> {
    let (eyes, me) = (Eyes::Candidate(session), session.owner().key());
    let (status, wrong) = wrong.unzip();
    let main = render(&Accept {
        list_url: eyes.list_url(),
        url: eyes.url(one.id),
        about: one.terms.title.clone(),
        pay: one.terms.pay.words(),
        company: one.company_name.clone(),
        choices: choices(site, me, "fact", Offered::All, ticked).await?,
        missing: missing(site, me).await?,
        version: one.version,
        wrong,
    })?;
    page(eyes, "Say yes", main).answer_private(site, status.unwrap_or(StatusCode::OK))
}

const GONE: &str = "One of the things to show is not there any more. Choose among those below.";

/// `POST /introductions/{introduction}/look`: what the company will see, before it does.
pub(crate) async fn look(
    State(site): State<Site>,
    session: Session,
    Path(which): Path<Which>,
    form: Form,
) -> Result<Response, SiteError> {
    let (eyes, me) = (Eyes::Candidate(&session), session.owner().key());
    let one = eyes.find(&site, &which.introduction).await?;
    let ticked = form.all("fact")?;
    if form.text("do")?.as_deref() == Some("change") {
        return choose(&site, &session, &one, &ticked, None).await;
    }
    let unprocessable = |says: &str| Some((StatusCode::UNPROCESSABLE_ENTITY, says.to_owned()));
    let Some(chosen) = facts(&ticked) else {
        return choose(&site, &session, &one, &ticked, unprocessable(GONE)).await;
    };
    let seen = match chosen.is_empty() {
        true => site.disclosure().preview(me, PreviewFor::Company(one.company)).await?,
        false => {
            let now = site.introductions().now();
            let terms = Terms { purpose: purpose("Introduction", &one.terms.title), until: until(now, MOST_DAYS) };
            site.disclosure().preview_with(me, one.company, chosen, terms).await?
        }
    };
    let main = render(&Look {
        list_url: eyes.list_url(),
        url: eyes.url(one.id),
        about: one.terms.title.clone(),
        company: one.company_name.clone(),
        seen: seen.map(|seen| render(&SeenPart::of(&seen, site.library()))).transpose()?,
        facts: ticked,
        version: version(&form)?,
    })?;
    page(eyes, "A last look", main).answer_private(&site, StatusCode::OK)
}

/// `POST /introductions/{introduction}/accept`
pub(crate) async fn accept_request(
    State(site): State<Site>,
    session: Session,
    Path(which): Path<Which>,
    form: Form,
) -> Result<Response, SiteError> {
    let (eyes, me) = (Eyes::Candidate(&session), session.owner().key());
    let one = eyes.find(&site, &which.introduction).await?;
    let ticked = form.all("fact")?;
    let unprocessable = |says: &str| Some((StatusCode::UNPROCESSABLE_ENTITY, says.to_owned()));
    let Some(chosen) = facts(&ticked) else {
        return choose(&site, &session, &one, &ticked, unprocessable(GONE)).await;
    };
    let mut doing = Doing::new(one.id, Move::Accept).at(version(&form)?);
    if !chosen.is_empty() {
        match granted(&site, me, &one, chosen) {
            Ok(grant) => doing = doing.granting(grant),
            Err(jobfuture_disclosure::Error::Refused(says)) => {
                return choose(&site, &session, &one, &ticked, unprocessable(&says)).await;
            }
            Err(error) => return Err(error.into()),
        }
    }
    match site.introductions().step(eyes.actor(), doing).await {
        Ok(_) => Ok(see(&eyes.url(one.id))),
        Err(fault) => {
            let (status, says) = fault.told()?;
            let one = eyes.find(&site, &which.introduction).await?;
            if one.standing.may(eyes.side(), Move::Accept, site.introductions().now()) {
                return choose(&site, &session, &one, &ticked, Some((status, says))).await;
            }
            show(&site, eyes, &one, Shown { status, wrong: Some(says), ..Shown::default() }).await
        }
    }
}

/// It ends with the conversation, and after a year at the latest.
fn granted(
    site: &Site,
    me: OwnerKey,
    one: &Introduction,
    facts: BTreeSet<Fact>,
) -> Result<jobfuture_disclosure::ReadyGrant, jobfuture_disclosure::Error> {
    let purpose = purpose("Introduction", &one.terms.title);
    let new = NewGrant { audience: Audience::Company(one.company), facts, purpose, days: MOST_DAYS };
    site.disclosure().ready_grant(me, new)
}

/// `POST /companies/{company}/introductions/{introduction}/accept`
pub(crate) async fn accept_application(
    State(site): State<Site>,
    company: ForCompany,
    Path(which): Path<Which>,
    form: Form,
) -> Result<Response, SiteError> {
    let eyes = Eyes::of(&company)?;
    let one = eyes.find(&site, &which.introduction).await?;
    let doing = Doing::new(one.id, Move::Accept).at(version(&form)?);
    step(&site, eyes, &one, doing, Typed::new()).await
}

/// `GET` of the last look: it is made of a form.
pub(crate) async fn look_was_left(
    State(site): State<Site>,
    session: Session,
    Path(which): Path<Which>,
) -> Result<Response, SiteError> {
    let eyes = Eyes::Candidate(&session);
    let one = eyes.find(&site, &which.introduction).await?;
    Ok(see(&format!("{}/accept", eyes.url(one.id))))
}
