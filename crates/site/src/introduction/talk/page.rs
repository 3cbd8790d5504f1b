//! Pages about one conversation, and the way back to it.

use super::super::{Introduction, Side};
use crate::page::{Html, Nav, NextSteps, Page, Step};
use crate::routes::{self, CompanyIntroductionUrl, IntroductionUrl};

/// The conversation's own page.
pub(super) fn url(side: Side, of: &Introduction) -> String {
    let id = of.id.to_string();
    match side {
        Side::Candidate => IntroductionUrl { introduction: &id }.to_url(),
        Side::Company => CompanyIntroductionUrl { company: &of.company.to_string(), introduction: &id }.to_url(),
    }
}

/// A page about one conversation, which leads back to it. Its title says nothing of anybody.
pub(super) fn page(title: &str, main: Html, side: Side, of: &Introduction) -> Page {
    let back = Step::new(url(side, of), "The conversation", "What was said, and whose turn it is.");
    let next = match side {
        Side::Candidate => NextSteps::new(back)
            .and(Step::new(routes::GRANTS, "Who sees what", "What you show to whom, to narrow or take back."))
            .and(Step::vacancies()),
        Side::Company => {
            let company = of.company.to_string();
            let candidates = routes::CompanyCandidatesUrl { company: &company }.to_url();
            NextSteps::new(back)
                .and(Step::new(candidates, "Candidates", "Who granted something to the company."))
                .and(Step::new(routes::COMPANIES, "For companies", "Yours, and what companies may see here."))
        }
    };
    Page::unlisted(title, if side == Side::Candidate { Nav::You } else { Nav::Company }, main, next)
}
