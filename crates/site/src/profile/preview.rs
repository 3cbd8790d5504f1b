//! `/profile/preview`: oneself through the eyes of others, made by the one door.

use super::{SeenPart, audience_words, grants_step, own_page, profile_step, views_step, words_of};
use crate::account::Session;
use crate::error::SiteError;
use crate::page::{Html, NextSteps, render};
use crate::site::Site;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use http::StatusCode;
use jobfuture_disclosure::{Audience, PreviewFor};
use serde::Deserialize;
use uuid::Uuid;

/// As whom.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct As {
    #[serde(default, rename = "as")]
    who: String,
}

#[derive(Template)]
#[template(path = "profile/preview.html")]
struct Preview {
    choices: Vec<(String, String, bool)>,
    who: String,
    seen: Option<Html>,
}

/// `GET /profile/preview?as=…`
pub(crate) async fn preview(
    State(site): State<Site>,
    session: Session,
    Query(As { who }): Query<As>,
) -> Result<Response, SiteError> {
    let (disclosure, me) = (site.disclosure(), session.owner().key());
    let words = words_of(site.library());
    let mut choices = vec![("stranger".to_owned(), "A stranger".to_owned())];
    choices.extend(
        words
            .roles
            .iter()
            .map(|(id, name)| (format!("pool:{id}"), format!("Any verified company that looks for: {name}"))),
    );
    let companies = disclosure.verified_companies().await?;
    choices.extend(companies.into_iter().map(|company| (format!("company:{}", company.id), company.name)));
    let grants = disclosure.grants(me).await?;
    let links = grants
        .iter()
        .filter(|entry| matches!(entry.audience, Audience::Link { .. }) && entry.is_live(disclosure.now()));
    choices.extend(
        links.map(|entry| {
            (format!("link:{}", entry.id), format!("{}: {}", audience_words(entry, &words), entry.purpose))
        }),
    );
    // What cannot be read, or is not there, is a stranger.
    let chosen = choices.iter().find(|(id, _)| *id == who).unwrap_or(&choices[0]).clone();
    let seen = disclosure.preview(me, parse(&chosen.0)).await?;
    let seen = match seen {
        Some(seen) => Some(render(&SeenPart::of(&seen, site.library()))?),
        None => None,
    };
    let options = choices.into_iter().map(|(id, name)| {
        let is_chosen = id == chosen.0;
        (id, name, is_chosen)
    });
    let main = render(&Preview { choices: options.collect(), who: chosen.1, seen })?;
    let next = NextSteps::new(grants_step()).and(profile_step()).and(views_step());
    own_page("Seen by others", main, next).answer_private(&site, StatusCode::OK)
}

fn parse(text: &str) -> PreviewFor {
    let id = |text: &str| Uuid::try_parse(text).ok();
    match text.split_once(':') {
        Some(("company", company)) => id(company).map_or(PreviewFor::Stranger, PreviewFor::Company),
        Some(("link", grant)) => id(grant).map_or(PreviewFor::Stranger, PreviewFor::Link),
        Some(("pool", role)) => PreviewFor::Pool { role: role.to_owned() },
        _ => PreviewFor::Stranger,
    }
}
