//! `/views`: who looked at what, when, through what. Written by the door, for the candidate alone.

use crate::account::Session;
use crate::answer;
use crate::error::SiteError;
use crate::page::{NextSteps, moment, render};
use crate::profile::{fact_words, grants_step, own_page, profile_step, signals_step};
use crate::routes::GrantUrl;
use crate::site::Site;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use jobfuture_content::Place;
use jobfuture_disclosure::{Fact, ViewEntry};

/// Lines that are listed.
const LINES: i64 = 200;

#[derive(Template)]
#[template(path = "grant/views.html")]
struct Views {
    lines: Vec<Line>,
}

struct Line {
    who: String,
    url: Option<String>,
    how: &'static str,
    what: String,
    when: String,
    is_new: bool,
}

/// `GET /views`
pub(crate) async fn views(State(site): State<Site>, session: Session) -> Result<Response, SiteError> {
    let (disclosure, me) = (site.disclosure(), session.owner().key());
    let (views, signals) = (disclosure.views(me, LINES).await?, disclosure.signals(me).await?);
    let line = |view: &ViewEntry| {
        let fields = view.fields.iter().map(|field| field.label().to_owned());
        let named = view.signals.iter().map(|id| fact_words(Fact::Signal(*id), &signals));
        let what: Vec<String> = fields.chain(named).collect();
        Line {
            who: view.company.clone().unwrap_or_else(|| "Somebody with a link of yours".to_owned()),
            url: view.grant.map(|grant| GrantUrl { grant: &grant.to_string() }.to_url()),
            how: match view.through.as_str() {
                "list" => "in a list",
                "search" => "in a search",
                "credential" => "and took a proof",
                "interview" => "to prepare an interview",
                _ => "on your page",
            },
            what: if what.is_empty() { "that there is somebody, and nothing else".to_owned() } else { what.join("; ") },
            when: times(view),
            is_new: view.is_new,
        }
    };
    let main = render(&Views { lines: views.iter().map(line).collect() })?;
    disclosure.views_were_told(me, &views).await?;
    let main = answer::with_asked(&site, Place::Views, main)?;
    let next = NextSteps::new(grants_step()).and(profile_step()).and(signals_step());
    own_page("Who looked", main, next).answer_private(&site, StatusCode::OK)
}

fn times(view: &ViewEntry) -> String {
    match view.times {
        1 => moment(view.last_at),
        times => format!("{times} times, from {} to {}", moment(view.first_at), moment(view.last_at)),
    }
}
