//! `/company` and `/company/{domain}`: verified companies, for everybody.

use super::ask::for_companies;
use super::{CompanyWords, Focus, Proof};
use crate::error::{Missing, SiteError};
use crate::page::{Html, Nav, NextSteps, Page, Step, day, render};
use crate::profile::words_of;
use crate::routes::{self, CompanyUrl, RoleUrl, VacancyUrl};
use crate::site::Site;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use jiff::Timestamp;
use jobfuture_disclosure::Vocabulary;

#[derive(Template)]
#[template(path = "company/public.html")]
struct Public {
    words: CompanyWords,
    about: Vec<String>,
    since: String,
    until: String,
    proofs: Vec<String>,
    focus: Vec<FocusView>,
    vacancies: Vec<Open>,
    figures: Html,
}

/// An open vacancy.
struct Open {
    url: String,
    title: String,
    pay: String,
    published: String,
}

/// What is said of a role.
struct FocusView {
    url: String,
    title: String,
    levels: String,
    competencies: Vec<String>,
    matters: Vec<String>,
    process: Vec<String>,
}

#[derive(Template)]
#[template(path = "company/public_list.html")]
struct List {
    companies: Vec<(String, CompanyWords, String)>,
}

fn paragraphs(text: &str) -> Vec<String> {
    text.split("\n\n").map(str::to_owned).filter(|paragraph| !paragraph.is_empty()).collect()
}

/// The first sentences of a text.
fn beginning(text: &str) -> String {
    const MOST: usize = 200;
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() <= MOST {
        line.to_owned()
    } else {
        format!("{}…", line.chars().take(MOST).collect::<String>())
    }
}

/// What everybody is told of a proof: which way, and when. Neither whose address it was nor what an operator wrote.
fn told(proof: &Proof, domain: &str, now: Timestamp) -> Option<String> {
    use super::Method::{Dns, File, Lei, Mail, Review};
    if !proof.holds(now) {
        return None;
    }
    let since = day(proof.proved_at?);
    let seen = day(proof.seen_at?);
    Some(match proof.method {
        Dns => format!("Controls {domain}, shown by DNS on {since}. Last seen on {seen}; looked at each day."),
        File => format!(
            "Controls {domain}, shown by a file of its web site on {since}. Last seen on {seen}; looked at each day."
        ),
        Mail => format!(
            "Somebody who acts for it reads mail at {domain}. Shown on {since}, and asked for again after half a year."
        ),
        Lei => format!(
            "States the Legal Entity Identifier {}, on {since}. Its check digits are right; whose it is was not looked up.",
            proof.detail
        ),
        Review => format!("Reviewed by the operator of this site on {since}."),
    })
}

fn focus_view(focus: Focus, names: &Vocabulary) -> Option<FocusView> {
    let name = |list: &[(String, String)], id: &String| {
        list.iter().find(|(known, _)| known == id).map(|(_, name)| name.clone())
    };
    Some(FocusView {
        // A role that the content no longer has is looked for by nobody.
        title: name(&names.roles, &focus.role)?,
        url: RoleUrl { role: &focus.role }.to_url(),
        levels: focus.levels.iter().filter_map(|id| name(&names.levels, id)).collect::<Vec<_>>().join(", "),
        competencies: focus.competencies.iter().filter_map(|id| name(&names.competencies, id)).collect(),
        matters: paragraphs(&focus.matters),
        process: paragraphs(&focus.process),
    })
}

/// `GET /company`
pub(crate) async fn all(State(site): State<Site>) -> Result<Response, SiteError> {
    let companies = site.companies().public_list().await?.into_iter();
    let companies = companies.map(|one| (CompanyUrl { domain: &one.domain }.to_url(), beginning(&one.about), one));
    let main = render(&List { companies: companies.map(|(url, about, one)| (url, one, about)).collect() })?;
    Page {
        title: "Companies".to_owned(),
        description: "Companies that have shown who they are, whom they look for, and how they decide.".to_owned(),
        active: Nav::Elsewhere,
        main,
        next: NextSteps::new(Step::roles()).and(Step::checks()).and(for_companies()),
        canonical: Some(routes::COMPANY_LIST.to_owned()),
        editor: false,
    }
    .answer(&site)
}

/// `GET /company/{domain}`. A company that is not verified and one that is not there look the same.
pub(crate) async fn one(State(site): State<Site>, Path(domain): Path<String>) -> Result<Response, SiteError> {
    let none = || SiteError::NotFound(Missing::Page);
    let words = site.companies().public_words(&domain).await?.ok_or_else(none)?;
    let (names, now) = (words_of(site.library()), site.disclosure().now());
    let proofs = site.companies().proofs(words.id).await?;
    let focus = site.companies().focus(words.id).await?;
    let open = site.vacancies().of_company(words.id)?;
    let vacancies = open.iter().map(|one| Open {
        url: VacancyUrl { vacancy: &one.id.to_string() }.to_url(),
        title: one.terms.title.clone(),
        pay: one.terms.pay.words(),
        published: day(one.published_at),
    });
    let show = Step::new(
        format!("{}?company={}", routes::GRANT_NEW, words.id),
        "Show it something of yourself",
        "You choose what, what for, and for how long.",
    );
    let url = CompanyUrl { domain: &words.domain }.to_url();
    let title = words.name.clone();
    let main = render(&Public {
        about: paragraphs(&words.about),
        since: words.verified_at.map(day).unwrap_or_default(),
        until: words.verified_until.map(day).unwrap_or_default(),
        proofs: proofs.iter().filter_map(|proof| told(proof, &words.domain, now)).collect(),
        focus: focus.into_iter().filter_map(|one| focus_view(one, &names)).collect(),
        vacancies: vacancies.collect(),
        figures: site.introductions().figures(words.id).await?.part()?,
        words,
    })?;
    Page {
        description: format!("{title}: whom it looks for, how it decides, and how it has shown who it is."),
        title,
        active: Nav::Elsewhere,
        main,
        next: NextSteps::new(show)
            .and(Step::new(routes::COMPANY_LIST, "All companies", "That have shown who they are."))
            .and(Step::roles())
            .and(Step::checks()),
        canonical: Some(url),
        editor: false,
    }
    .answer(&site)
}
