//! `/companies/{company}/introductions/{introduction}/kit`: what to ask, and who asks.

use super::part::{For, PlanPart};
use super::{Which, brief, interviews_url, kit_url, page, score_url, talk_of};
use crate::company::ForCompany;
use crate::error::SiteError;
use crate::kit::people::Colleague;
use crate::kit::plan::{Length, Plan};
use crate::kit::shown::shown;
use crate::kit::store::Talk;
use crate::page::day;
use crate::page::{Html, NextSteps, Step, render, see};
use crate::practice::Form;
use crate::profile::SeenPart;
use crate::routes::{CompanyHomeUrl, CompanyIntroductionUrl, CompanyProofsUrl, KitAskUrl, KitSettleUrl};
use crate::site::Site;
use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use jobfuture_disclosure::{Act, AsCompany};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "kit/kit.html")]
struct Kit<'a> {
    talk: &'a Talk,
    list_url: String,
    kit_url: String,
    score_url: String,
    lengths: Vec<(u32, bool)>,
    plan: Html,
    seen: Option<Html>,
    /// For who may ask others to it.
    tools: Option<Html>,
    wrong: Option<String>,
    until: String,
    /// What to do about it, if the company is not verified.
    unverified: Option<Unverified>,
}

/// Where it is said what a company that is not verified lacks.
struct Unverified {
    /// For who may show it.
    proofs_url: Option<String>,
    home_url: String,
}

impl Unverified {
    fn of(viewer: &AsCompany) -> Option<Self> {
        let company = viewer.company().to_string();
        let proofs_url = viewer.may(Act::Proofs).then(|| CompanyProofsUrl { company: &company }.to_url());
        (!viewer.is_verified()).then(|| Self { proofs_url, home_url: CompanyHomeUrl { company: &company }.to_url() })
    }

    /// The first thing to do.
    fn step(self) -> Step {
        match self.proofs_url {
            Some(url) => Step::new(url, "Proofs", "What your company lacks to see candidates, and how it shows it."),
            None => Step::new(self.home_url, "Your company", "How it stands here, and what it lacks."),
        }
    }
}

/// What whoever arranges the interview settles.
#[derive(Template)]
#[template(path = "kit/tools.html")]
struct Tools {
    settle_url: String,
    ask_url: String,
    lengths: Vec<(u32, bool)>,
    is_shared: bool,
    colleagues: Vec<Colleague>,
}

/// What was typed, if something is wrong with it.
#[derive(Default)]
struct Typed {
    wrong: Option<String>,
    /// Who is ticked.
    asked: Option<Vec<String>>,
    is_shared: Option<bool>,
}

/// How long it is to be looked at.
#[derive(Debug, Deserialize)]
pub(crate) struct Chosen {
    #[serde(default)]
    minutes: String,
}

fn lengths(chosen: Length) -> Vec<(u32, bool)> {
    Length::ALL.iter().map(|one| (one.minutes(), *one == chosen)).collect()
}

/// `GET /companies/{company}/introductions/{introduction}/kit`
pub(crate) async fn kit(
    State(site): State<Site>,
    company: ForCompany,
    Path(which): Path<Which>,
    Query(chosen): Query<Chosen>,
) -> Result<Response, SiteError> {
    show(&site, &company, &which, Length::parse(&chosen.minutes), Typed::default()).await
}

async fn show(
    site: &Site,
    company: &ForCompany,
    which: &Which,
    length: Option<Length>,
    typed: Typed,
) -> Result<Response, SiteError> {
    let (viewer, talk) = talk_of(site, company, Act::Interviews, which).await?;
    let length = length.unwrap_or(talk.length);
    let seen = site.disclosure().see_for_interview(viewer, talk.id).await?;
    let (brief, shown) = (brief(site, &talk).await?, shown(seen.as_ref()));
    let plan = Plan::of(site.library(), &brief, &shown, length);
    let reader = if viewer.is_verified() { For::Company } else { For::Unverified };
    let part = render(&PlanPart::new(&plan, &shown, reader)?)?;
    let tools = match viewer.may(Act::Introductions) {
        true => Some(render(&tools(site, &talk, &typed).await?)?),
        false => None,
    };
    let status = if typed.wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let main = render(&Kit {
        talk: &talk,
        list_url: interviews_url(viewer),
        kit_url: kit_url(&talk),
        score_url: score_url(&talk),
        lengths: lengths(length),
        plan: part,
        seen: seen.as_ref().map(|seen| render(&SeenPart::of(seen, site.library()))).transpose()?,
        tools,
        wrong: typed.wrong,
        until: day(talk.due_at),
        unverified: Unverified::of(viewer),
    })?;
    let score = Step::new(score_url(&talk), "Your sheet", "Grade what you saw, alone, before anybody talks.");
    let list = Step::new(interviews_url(viewer), "Interviews", "Conversations to which you were asked.");
    let mut next = match Unverified::of(viewer) {
        Some(unverified) => NextSteps::new(unverified.step()).and(score),
        None => NextSteps::new(score),
    };
    if viewer.may(Act::Introductions) {
        let (company, introduction) = (talk.company.to_string(), talk.id.to_string());
        let url = CompanyIntroductionUrl { company: &company, introduction: &introduction }.to_url();
        next = next.and(Step::new(url, "The conversation", "What was said, and whose turn it is."));
    }
    page("An interview kit", main, next.and(list).and(Step::guides())).answer_private(site, status)
}

async fn tools(site: &Site, talk: &Talk, typed: &Typed) -> Result<Tools, SiteError> {
    let mut colleagues = site.kits().colleagues(talk).await?;
    if let Some(asked) = &typed.asked {
        for one in &mut colleagues {
            one.is_asked = one.has_locked || asked.contains(&one.handle);
        }
    }
    let (company, introduction) = (talk.company.to_string(), talk.id.to_string());
    Ok(Tools {
        settle_url: KitSettleUrl { company: &company, introduction: &introduction }.to_url(),
        ask_url: KitAskUrl { company: &company, introduction: &introduction }.to_url(),
        lengths: lengths(talk.length),
        is_shared: typed.is_shared.unwrap_or(talk.is_shared),
        colleagues,
    })
}

/// `POST …/kit/plan`: how long it is, and whether the candidate reads the plan.
pub(crate) async fn settle(
    State(site): State<Site>,
    company: ForCompany,
    Path(which): Path<Which>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, SiteError> {
    let (_, talk) = talk_of(&site, &company, Act::Introductions, &which).await?;
    let form = Form::read(&headers, body, &site.config().practice).await?;
    let is_shared = form.text("share")?.is_some();
    let Some(length) = Length::parse(&form.text("minutes")?.unwrap_or_default()) else {
        let wrong = Some("Choose how long the interview is: 30, 45, 60 or 90 minutes.".to_owned());
        let typed = Typed { wrong, is_shared: Some(is_shared), ..Typed::default() };
        return show(&site, &company, &which, None, typed).await;
    };
    site.kits().settle(&talk, length, is_shared).await?;
    Ok(see(&kit_url(&talk)))
}

/// `POST …/kit/people`: who talks to the candidate.
pub(crate) async fn ask(
    State(site): State<Site>,
    company: ForCompany,
    Path(which): Path<Which>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, SiteError> {
    let (_, talk) = talk_of(&site, &company, Act::Introductions, &which).await?;
    let form = Form::read(&headers, body, &site.config().practice).await?;
    let wanted = form.all("person")?;
    match site.kits().ask(&talk, company.session().owner(), wanted.clone()).await {
        Ok(()) => Ok(see(&kit_url(&talk))),
        Err(SiteError::Refused(wrong)) => {
            let typed = Typed { wrong: Some(wrong), asked: Some(wanted), ..Typed::default() };
            show(&site, &company, &which, None, typed).await
        }
        Err(error) => Err(error),
    }
}

/// `GET` of the addresses that only take a form.
pub(crate) async fn form_was_left(
    State(site): State<Site>,
    company: ForCompany,
    Path(which): Path<Which>,
) -> Result<Response, SiteError> {
    let (_, talk) = talk_of(&site, &company, Act::Introductions, &which).await?;
    Ok(see(&kit_url(&talk)))
}
