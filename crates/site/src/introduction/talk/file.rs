//! An interview for one's calendar.

use super::Which;
use super::hours;
use super::ics::Event;
use super::page::url;
use crate::account::whole_url;
use crate::error::{Missing, SiteError};
use crate::introduction::{Actor, Introduction, Party};
use crate::signal::download;
use crate::site::Site;
use axum::extract::{Path, State};
use axum::response::Response;
use http::HeaderMap;
use jobfuture_disclosure::AsCompany;

/// `GET …/offers/{offer}/interview.ics`
pub(crate) async fn calendar(
    State(site): State<Site>,
    party: Party,
    Path(which): Path<Which>,
    headers: HeaderMap,
) -> Result<Response, SiteError> {
    let none = || SiteError::NotFound(Missing::Page);
    let of = party.find(&site, &which.introduction).await?;
    let actor = party.actor()?;
    let entry = site.introductions().offered(actor, &of, which.offer()?).await?.ok_or_else(none)?;
    let begins_at = entry.begins_at.ok_or_else(none)?;
    let with = match actor {
        Actor::Candidate(_) => of.company_name.clone(),
        Actor::Company { viewer, .. } => called(&site, viewer, &of).await?,
    };
    let talk_url = whole_url(&site, &headers, &url(party.side(), &of));
    let uid = entry.offer.interview.to_string();
    let file = Event {
        uid: &uid,
        sequence: entry.offer.sequence(entry.is_off()),
        made_at: site.introductions().now(),
        begins_at,
        ends_at: hours::end_of(begins_at, entry.offer.minutes),
        summary: &format!("Interview with {with}: {}", entry.offer.about),
        description: &format!("About the vacancy “{}”.\nTo move it or to call it off: {talk_url}", of.terms.title),
        location: entry.offer.how.text(),
        url: &talk_url,
        is_off: entry.is_off(),
    }
    .file();
    Ok(download("interview.ics", "text/calendar; charset=utf-8; method=PUBLISH", file))
}

/// What a company calls the candidate: by the door, or by letters if that shows no name (any more).
pub(super) async fn called(site: &Site, viewer: &AsCompany, of: &Introduction) -> Result<String, SiteError> {
    let Some(name) = of.candidate else { return Ok("the candidate".to_owned()) };
    let seen = site.disclosure().see(viewer, name).await?;
    Ok(seen.map_or_else(|| format!("Candidate {}", name.short()), |seen| seen.called()))
}
