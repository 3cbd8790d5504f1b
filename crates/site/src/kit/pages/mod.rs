//! The pages of a kit: for the company's people, for who scores, for the candidate.

mod candidate;
mod company;
mod interviews;
mod part;
mod score;

pub(crate) use candidate::plan;
pub(crate) use company::{ask, form_was_left, kit, settle};
pub(crate) use interviews::interviews;
pub(crate) use score::{keep, score};

use super::plan::Brief;
use super::store::Talk;
use crate::company::ForCompany;
use crate::error::{Missing, SiteError};
use crate::guide::{LEVELS, level_id};
use crate::page::{Html, Nav, NextSteps, Page};
use crate::routes::{CompanyInterviewsUrl, CompanyKitUrl, KitScoreUrl};
use crate::site::Site;
use jobfuture_content::Level;
use jobfuture_disclosure::{Act, AsCompany};
use serde::Deserialize;
use uuid::Uuid;

/// What must not be asked, whatever the vacancy: it says nothing about the work, and in many places to ask is against the law.
const NOT_ASKED: [(&str, &str); 8] = [
    ("What they earn, or earned", "Ask what they look for, and say what you pay."),
    ("Their age", "Neither by the year of their birth nor by that of a school."),
    ("Family", "Partners, children, plans to have some, who looks after whom."),
    ("Health and disability", "Say what the work needs, and ask how they would do it and what they need for that."),
    (
        "Origin, religion, opinions",
        "Where they or their parents are from, what they believe, whom they vote for, unions.",
    ),
    ("Sex and whom they love", "In no wording, and also not as small talk."),
    (
        "What a signal leaves out",
        "What they did not show you is theirs: no results, no other attempts, no other companies.",
    ),
    ("Work for you without pay", "A task is here to be talked about. Nothing that you would use is asked for."),
];

/// Which conversation.
#[derive(Debug, Deserialize)]
pub(crate) struct Which {
    introduction: String,
}

impl Which {
    fn id(&self) -> Result<Uuid, SiteError> {
        Uuid::try_parse(&self.introduction).map_err(|_| missing())
    }
}

/// The same answer for what is not there, what is over, and what is not for this person.
fn missing() -> SiteError {
    SiteError::NotFound(Missing::Page)
}

/// A conversation of the company that the address names, for whoever does that there; an interviewer has been asked to it.
async fn talk_of<'c>(
    site: &Site,
    company: &'c ForCompany,
    act: Act,
    which: &Which,
) -> Result<(&'c AsCompany, Talk), SiteError> {
    let viewer = company.to(act)?;
    let talk = site.kits().of_company(viewer, company.session().owner(), which.id()?).await?;
    Ok((viewer, talk.ok_or_else(missing)?))
}

async fn brief(site: &Site, talk: &Talk) -> Result<Brief, SiteError> {
    let level = LEVELS.into_iter().find(|level| level_id(*level) == talk.terms.level);
    Ok(Brief {
        role: talk.terms.role.clone(),
        level: level.unwrap_or(Level::Middle),
        must: talk.terms.must.clone(),
        nice: talk.terms.nice.clone(),
        seed: site.kits().seed(talk).await?,
    })
}

fn kit_url(talk: &Talk) -> String {
    CompanyKitUrl { company: &talk.company.to_string(), introduction: &talk.id.to_string() }.to_url()
}

fn score_url(talk: &Talk) -> String {
    KitScoreUrl { company: &talk.company.to_string(), introduction: &talk.id.to_string() }.to_url()
}

fn interviews_url(viewer: &AsCompany) -> String {
    CompanyInterviewsUrl { company: &viewer.company().to_string() }.to_url()
}

/// A page for people of a company. Its title names nobody.
fn page(title: &str, main: Html, next: NextSteps) -> Page {
    Page::unlisted(title, Nav::Company, main, next)
}
