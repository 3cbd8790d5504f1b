//! A conversation is closed: a page says first what that takes along.

use super::page::{page, url};
use super::{Which, text};
use crate::error::SiteError;
use crate::introduction::pages::version;
use crate::introduction::{Fault, Introduction, Outcome, Party, Side};
use crate::page::{render, see};
use crate::practice::Form;
use crate::site::Site;
use askama::Template;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use jobfuture_codes::Code;

/// The longest closing words, in characters.
const LONGEST_WORDS: usize = 1_000;

#[derive(Template)]
#[template(path = "introduction/talk/close.html")]
struct Close {
    back_url: String,
    close_url: String,
    leave_url: Option<String>,
    is_company: bool,
    title: String,
    outcomes: Vec<(&'static str, &'static str, bool)>,
    version: i64,
    words: String,
    wrong: Option<String>,
}

/// What was typed.
#[derive(Debug, Default)]
struct Typed {
    outcome: String,
    words: String,
}

/// `GET …/close`
pub(crate) async fn confirm_closing(
    State(site): State<Site>,
    party: Party,
    Path(which): Path<Which>,
) -> Result<Response, SiteError> {
    let of = party.find(&site, &which.introduction).await?;
    show(&site, &party, &of, Typed::default(), None)
}

fn show(
    site: &Site,
    party: &Party,
    of: &Introduction,
    typed: Typed,
    wrong: Option<(StatusCode, String)>,
) -> Result<Response, SiteError> {
    let side = party.side();
    let back_url = url(side, of);
    if !of.is_open() {
        return Ok(see(&back_url));
    }
    let (status, wrong) = wrong.map_or((StatusCode::OK, None), |(status, says)| (status, Some(says)));
    let outcomes = Outcome::ALL.iter().map(|one| (one.id(), one.words(), one.id() == typed.outcome));
    let main = render(&Close {
        close_url: format!("{back_url}/close"),
        leave_url: (side == Side::Candidate).then(|| format!("{back_url}/withdraw")),
        back_url,
        is_company: side == Side::Company,
        title: of.terms.title.clone(),
        outcomes: outcomes.collect(),
        version: of.version,
        words: typed.words,
        wrong,
    })?;
    page("Close a conversation", main, side, of).answer_private(site, status)
}

/// `POST …/close`
pub(crate) async fn close(
    State(site): State<Site>,
    party: Party,
    Path(which): Path<Which>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, SiteError> {
    let of = party.find(&site, &which.introduction).await?;
    let form = Form::read(&headers, body, &site.config().practice).await?;
    let field = |name: &str| form.text(name).map(Option::unwrap_or_default);
    let typed = Typed { outcome: field("outcome")?, words: field("words")? };
    let version = version(&form)?;
    let words = match checked_words(&typed.words, party.side()) {
        Ok(words) => words,
        Err(says) => return show(&site, &party, &of, typed, Some((StatusCode::UNPROCESSABLE_ENTITY, says))),
    };
    let Some(outcome) = Outcome::parse(&typed.outcome) else {
        let says = "Choose what came of it.".to_owned();
        return show(&site, &party, &of, typed, Some((StatusCode::UNPROCESSABLE_ENTITY, says)));
    };
    match site.introductions().close(party.actor()?, of.id, version, outcome, words).await {
        Ok(_) => Ok(see(&url(party.side(), &of))),
        Err(Fault::Refused(_)) => Ok(see(&url(party.side(), &of))),
        Err(fault) => {
            let told = fault.told()?;
            let of = party.find(&site, &which.introduction).await?;
            show(&site, &party, &of, typed, Some(told))
        }
    }
}

/// A company's last words. The candidate's would be read by nobody: at the end the company reads how it ended, and nothing else.
fn checked_words(typed: &str, side: Side) -> Result<Option<String>, String> {
    if typed.trim().is_empty() || side == Side::Candidate {
        return Ok(None);
    }
    let words = text::check(typed)?;
    match words.chars().count() {
        count if count > LONGEST_WORDS => {
            Err(format!("These words have {count} characters; there is room for 1,000. Shorten them."))
        }
        _ => Ok(Some(words)),
    }
}
