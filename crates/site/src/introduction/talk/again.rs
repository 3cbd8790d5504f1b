//! A line is written. What is not taken is shown again, with the text.

use super::page::{page, url};
use super::{Which, text};
use crate::error::SiteError;
use crate::introduction::{Fault, Introduction, Party};
use crate::page::{render, see};
use crate::practice::Form;
use crate::site::Site;
use askama::Template;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use http::HeaderMap;

#[derive(Template)]
#[template(path = "introduction/talk/again.html")]
struct Again {
    back_url: String,
    write_url: String,
    text: String,
    says: String,
    is_open: bool,
}

/// `POST …/lines`: whatever was written meanwhile, it is written.
pub(crate) async fn write(
    State(site): State<Site>,
    party: Party,
    Path(which): Path<Which>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, SiteError> {
    let of = party.find(&site, &which.introduction).await?;
    let form = Form::read(&headers, body, &site.config().practice).await?;
    let typed = form.text("text")?.unwrap_or_default();
    let said = match text::check(&typed) {
        Ok(text) => site.introductions().say(party.actor()?, of.id, text).await,
        Err(says) => Err(Fault::Says(says)),
    };
    match said {
        Ok((_, nth)) | Err(Fault::Twice(nth)) => Ok(see(&format!("{}#line-{nth}", url(party.side(), &of)))),
        Err(fault) => again(&site, &party, &of, typed, fault).await,
    }
}

async fn again(
    site: &Site,
    party: &Party,
    of: &Introduction,
    text: String,
    fault: Fault,
) -> Result<Response, SiteError> {
    let (status, says) = fault.told()?;
    // As it is now: somebody may have ended it meanwhile.
    let is_open = party.find(site, &of.id.to_string()).await?.is_open();
    let back_url = url(party.side(), of);
    let write_url = format!("{back_url}/lines");
    let main = render(&Again { back_url, write_url, text, says, is_open })?;
    page("Not sent yet", main, party.side(), of).answer_private(site, status)
}
