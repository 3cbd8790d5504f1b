//! `/companies/{company}/interviews`: conversations to which one was asked.

use super::{kit_url, page, score_url};
use crate::company::ForCompany;
use crate::error::SiteError;
use crate::page::{NextSteps, Step, render};
use crate::routes::CompanyHomeUrl;
use crate::site::Site;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use jobfuture_disclosure::Act;

#[derive(Template)]
#[template(path = "kit/interviews.html")]
struct Interviews {
    name: String,
    home_url: String,
    /// Title of the vacancy, the kit, the sheet.
    talks: Vec<(String, String, String)>,
}

/// `GET /companies/{company}/interviews`
pub(crate) async fn interviews(State(site): State<Site>, company: ForCompany) -> Result<Response, SiteError> {
    let viewer = company.to(Act::Interviews)?;
    let talks = site.kits().asked(viewer, company.session().owner()).await?;
    let home_url = CompanyHomeUrl { company: &viewer.company().to_string() }.to_url();
    let talks = talks.iter().map(|talk| (talk.terms.title.clone(), kit_url(talk), score_url(talk))).collect();
    let main = render(&Interviews { name: viewer.name().to_owned(), home_url: home_url.clone(), talks })?;
    let home = Step::new(home_url, "Your company", "How it stands here, and what you can do for it.");
    let next = NextSteps::new(home).and(Step::guides()).and(Step::roles());
    page("Interviews", main, next).answer_private(&site, StatusCode::OK)
}
