//! `/you`: what waits for a person, by when, and what comes next.

use crate::account::Session;
use crate::check::Attempt;
use crate::error::SiteError;
use crate::introduction::{Waits, waits_for};
use crate::page::{Nav, NextSteps, Page, Step, day, render};
use crate::profile::{audience_words, grants_step, own_page, profile_step, words_of};
use crate::routes::{self, AttemptUrl, GrantUrl};
use crate::site::Site;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use jiff::SignedDuration;

/// Before a grant ends it is said here.
const SOON: SignedDuration = SignedDuration::from_hours(24 * 14);

#[derive(Template)]
#[template(path = "you/you.html")]
struct You {
    parts: Vec<(&'static str, Vec<Waits>)>,
    is_empty: bool,
}

/// `GET /you`
pub(crate) async fn you(State(site): State<Site>, session: Session) -> Result<Response, SiteError> {
    let parts = vec![
        ("Introductions", waits_for(&site, &session).await?),
        ("Who looked", looks(&site, &session).await?),
        ("Skill checks to go on with", checks(&site, &session).await?),
        ("Grants that end soon", grants(&site, &session).await?),
    ];
    let is_empty = parts.iter().all(|(_, waits)| waits.is_empty());
    let main = render(&You { parts, is_empty })?;
    let all = Step::new(routes::INTRODUCTIONS, "Introductions", "All of yours, with whose turn it is.");
    let next = NextSteps::new(all)
        .and(Step::vacancies())
        .and(Step::checks())
        .and(profile_step())
        .and(grants_step())
        .and(Step::new(routes::ACCOUNT, "Your account", "Name, sign-ins, and the way out."));
    let page = Page { active: Nav::You, ..own_page("What waits for you", main, next) };
    page.answer_private(&site, StatusCode::OK)
}

async fn looks(site: &Site, session: &Session) -> Result<Vec<Waits>, SiteError> {
    let title = match site.disclosure().new_views(session.owner().key()).await? {
        0 => return Ok(Vec::new()),
        1 => "1 look that is new to you".to_owned(),
        count => format!("{count} looks that are new to you"),
    };
    let by_when = "Each with what was shown. Nothing has to be done.".to_owned();
    Ok(vec![Waits { url: routes::VIEWS.to_owned(), title, by_when }])
}

async fn checks(site: &Site, session: &Session) -> Result<Vec<Waits>, SiteError> {
    let attempts = site.checks().attempts(session.owner()).await?;
    let open = attempts.iter().filter(|attempt| attempt.ended_at().is_none());
    let one = |attempt: &Attempt| {
        let check = site.library().checks.get(attempt.check());
        Waits {
            url: AttemptUrl { attempt: &attempt.id().to_string() }.to_url(),
            title: check.map_or(attempt.check(), |check| check.manifest.title.as_str()).to_owned(),
            by_when: match attempt.is_paused() {
                true => "Paused: it goes on when you do.".to_owned(),
                false => "Under way: its clock runs while it is open.".to_owned(),
            },
        }
    };
    Ok(open.map(one).collect())
}

async fn grants(site: &Site, session: &Session) -> Result<Vec<Waits>, SiteError> {
    let (now, words) = (site.disclosure().now(), words_of(site.library()));
    let soon = now.checked_add(SOON).unwrap_or(now);
    let mut grants = site.disclosure().grants(session.owner().key()).await?;
    grants.retain(|entry| entry.is_live(now) && entry.expires_at <= soon);
    grants.sort_by_key(|entry| (entry.expires_at, entry.id));
    let one = |entry: &jobfuture_disclosure::GrantEntry| Waits {
        url: GrantUrl { grant: &entry.id.to_string() }.to_url(),
        title: format!("{}: {}", audience_words(entry, &words), entry.purpose),
        by_when: format!("Ends by itself on {}. Grant it again if they should go on seeing it.", day(entry.expires_at)),
    };
    Ok(grants.iter().map(one).collect())
}
