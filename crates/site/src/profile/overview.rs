//! `/profile`: everything in it, and who sees each part.

use super::shown::{Line, fields_shown};
use super::{audience_words, grants_step, groups, own_page, signals_step, views_step, words_of};
use crate::account::Session;
use crate::answer;
use crate::error::SiteError;
use crate::page::{NextSteps, Step, render};
use crate::routes::{self, ProfileFieldUrl};
use crate::site::Site;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use jobfuture_content::Place;
use jobfuture_disclosure::{Fact, Field, GrantEntry, OwnSignal, Profile, Vocabulary};

#[derive(Template)]
#[template(path = "profile/overview.html")]
struct Overview {
    groups: Vec<Group>,
    competencies: Vec<Competency>,
    new_views: i64,
}

struct Group {
    title: &'static str,
    about: &'static str,
    fields: Vec<Part>,
}

struct Part {
    field: Field,
    url: Option<String>,
    entries: Vec<Vec<Line>>,
    /// To whom it is granted now; empty for nobody.
    seen_by: Vec<String>,
}

/// A competency as it is claimed, and as checks showed it.
struct Competency {
    name: String,
    is_claimed: bool,
    /// In signals of these days.
    shown: Vec<String>,
}

/// `GET /profile`
pub(crate) async fn overview(State(site): State<Site>, session: Session) -> Result<Response, SiteError> {
    let (disclosure, me) = (site.disclosure(), session.owner().key());
    let (profile, grants) = (disclosure.profile(me).await?, disclosure.grants(me).await?);
    let (signals, words) = (disclosure.signals(me).await?, words_of(site.library()));
    let live: Vec<&GrantEntry> = grants.iter().filter(|entry| entry.is_live(disclosure.now())).collect();
    let part = |field: Field| Part {
        field,
        url: field.holds_something().then(|| ProfileFieldUrl { field: field.id() }.to_url()),
        entries: fields_shown(field, profile.own(me, field), &words),
        seen_by: seen_by(Fact::Field(field), &live, &words),
    };
    let groups =
        groups().map(|(title, about, fields)| Group { title, about, fields: fields.into_iter().map(part).collect() });
    let live_signals: Vec<&OwnSignal> = signals.iter().filter(|signal| signal.is_live(disclosure.now())).collect();
    let main = render(&Overview {
        groups: groups.into(),
        competencies: competencies(&profile, session.owner().key(), &live_signals, &words),
        new_views: disclosure.new_views(me).await?,
    })?;
    let main = answer::with_asked(&site, Place::Profile, main)?;
    let next = NextSteps::new(grants_step())
        .and(Step::new(routes::PROFILE_PREVIEW, "See it as others do", "As a company, the pool, a link or a stranger."))
        .and(signals_step())
        .and(views_step());
    own_page("Your profile", main, next).answer_private(&site, StatusCode::OK)
}

fn seen_by(fact: Fact, live: &[&GrantEntry], words: &Vocabulary) -> Vec<String> {
    let granted = live.iter().filter(|entry| entry.facts.contains(&fact));
    let mut names: Vec<String> = granted.map(|entry| audience_words(entry, words)).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// What is claimed beside what was shown, told apart.
fn competencies(
    profile: &Profile,
    me: jobfuture_disclosure::OwnerKey,
    signals: &[&OwnSignal],
    words: &Vocabulary,
) -> Vec<Competency> {
    let claims = profile.own(me, Field::Competencies).map(|value| value.entries()).unwrap_or_default();
    let all = words.competencies.iter().map(|(id, name)| {
        let showing =
            signals.iter().filter(|signal| signal.body.says.competencies.iter().any(|one| one.id.as_str() == id));
        let mut shown: Vec<String> = showing.map(|signal| super::shown::day_of(&signal.body.says)).collect();
        shown.dedup();
        let is_claimed = claims.iter().any(|entry| entry.get("competency") == Some(id));
        Competency { name: name.clone(), is_claimed, shown }
    });
    all.filter(|one| one.is_claimed || !one.shown.is_empty()).collect()
}
