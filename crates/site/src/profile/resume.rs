//! `/profile/import` and `/profile/resume.json`: JSON Resume in, with a look before anything is kept, and out.

use super::shown::{Line, fields_shown};
use super::{grants_step, own_page, profile_step, words_of};
use crate::account::Session;
use crate::error::SiteError;
use crate::page::{NextSteps, Step, render, see};
use crate::practice::Form;
use crate::routes;
use crate::signal::download;
use crate::site::Site;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use jobfuture_disclosure::{Field, FieldValue, LARGEST_RESUME, read_resume, write_resume};
use std::collections::BTreeMap;

#[derive(Template)]
#[template(path = "profile/import.html")]
struct Import {
    text: String,
    wrong: Option<String>,
    kilobytes: usize,
    found: Option<Found>,
}

/// What was read, before any of it is kept.
struct Found {
    fields: Vec<Part>,
    left_out: Vec<String>,
}

struct Part {
    id: &'static str,
    label: &'static str,
    entries: Vec<Vec<Line>>,
    /// Whether something of one's own stands there, that would be replaced.
    replaces: bool,
}

/// `GET /profile/import`
pub(crate) async fn import(State(site): State<Site>, _: Session) -> Result<Response, SiteError> {
    show(&site, String::new(), None, None)
}

/// `POST /profile/import`: to look at what a file holds, or to keep what was chosen of it.
pub(crate) async fn bring(State(site): State<Site>, session: Session, form: Form) -> Result<Response, SiteError> {
    let text = form.text("resume")?.unwrap_or_default();
    let words = words_of(site.library());
    let read = match read_resume(text.as_bytes(), &words) {
        Ok(read) => read,
        Err(fault) => return show(&site, text, Some(fault.to_string()), None),
    };
    let (disclosure, me) = (site.disclosure(), session.owner().key());
    let profile = disclosure.profile(me).await?;
    if form.bytes("keep").is_none() {
        let parts = read.fields.iter().map(|(field, value)| Part {
            id: field.id(),
            label: field.label(),
            entries: fields_shown(*field, Some(value), &words),
            replaces: profile.own(me, *field).is_some_and(|own| own != value),
        });
        let found = Found { fields: parts.collect(), left_out: read.left_out };
        return show(&site, text, None, Some(found));
    }
    let chosen = form.all("field")?;
    let kept: Vec<(Field, Option<&FieldValue>)> = read
        .fields
        .iter()
        .filter(|(field, _)| chosen.iter().any(|id| id == field.id()))
        .map(|(field, value)| (*field, Some(value)))
        .collect();
    disclosure.set_fields(me, &kept).await?;
    Ok(see(routes::PROFILE))
}

fn show(site: &Site, text: String, wrong: Option<String>, found: Option<Found>) -> Result<Response, SiteError> {
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let main = render(&Import { text, wrong, kilobytes: LARGEST_RESUME / 1024, found })?;
    let next = NextSteps::new(profile_step()).and(grants_step()).and(Step::checks());
    own_page("Bring a JSON Resume", main, next).answer_private(site, status)
}

/// `GET /profile/resume.json`
pub(crate) async fn resume(State(site): State<Site>, session: Session) -> Result<Response, SiteError> {
    let text = written(&site, &session).await?;
    Ok(download("resume.json", "application/json", text))
}

/// One's profile as JSON Resume.
pub(crate) async fn written(site: &Site, session: &Session) -> Result<String, SiteError> {
    let me = session.owner().key();
    let profile = site.disclosure().profile(me).await?;
    let fields: BTreeMap<Field, FieldValue> =
        profile.filled().filter_map(|field| Some((field, profile.own(me, field)?.clone()))).collect();
    let value = write_resume(&fields, &words_of(site.library()));
    serde_json::to_string_pretty(&value).map_err(|error| SiteError::internal("a resume", &error))
}
