//! `/introductions/{introduction}/kit`: the plan of an interview, for whoever is asked.

use super::part::{For, PlanPart};
use super::{Which, brief, missing};
use crate::account::Session;
use crate::error::SiteError;
use crate::kit::plan::Plan;
use crate::kit::shown::shown;
use crate::kit::store::Talk;
use crate::page::{Html, NextSteps, Step, render};
use crate::profile::{grants_step, own_page, views_step};
use crate::routes::{self, IntroductionUrl};
use crate::site::Site;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use jobfuture_disclosure::PreviewFor;

#[derive(Template)]
#[template(path = "kit/candidate.html")]
struct ForCandidate<'a> {
    talk: &'a Talk,
    list_url: &'static str,
    talk_url: String,
    /// If the company shares it.
    plan: Option<Html>,
}

/// `GET /introductions/{introduction}/kit`
pub(crate) async fn plan(
    State(site): State<Site>,
    session: Session,
    Path(which): Path<Which>,
) -> Result<Response, SiteError> {
    let me = session.owner().key();
    let talk = site.kits().of_candidate(me, which.id()?).await?.ok_or_else(missing)?;
    let part = match talk.is_shared {
        true => Some(part(&site, me, &talk).await?),
        false => None,
    };
    let talk_url = IntroductionUrl { introduction: &talk.id.to_string() }.to_url();
    let main =
        render(&ForCandidate { talk: &talk, list_url: routes::INTRODUCTIONS, talk_url: talk_url.clone(), plan: part })?;
    let back = Step::new(talk_url, "The conversation", "What was said, and whose turn it is.");
    let next = NextSteps::new(back).and(grants_step()).and(Step::guides()).and(Step::tasks()).and(views_step());
    own_page("An interview", main, next).answer_private(&site, StatusCode::OK)
}

/// Made of what the company would see now; a preview, which stands in no log.
async fn part(site: &Site, me: jobfuture_disclosure::OwnerKey, talk: &Talk) -> Result<Html, SiteError> {
    let seen = site.disclosure().preview(me, PreviewFor::Company(talk.company)).await?;
    let (brief, shown) = (brief(site, talk).await?, shown(seen.as_ref()));
    let plan = Plan::of(site.library(), &brief, &shown, talk.length);
    render(&PlanPart::new(&plan, &shown, For::Candidate)?)
}
