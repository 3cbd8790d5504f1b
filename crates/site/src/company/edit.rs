//! `/companies/{company}/page`: what a company says of itself and of whom it looks for. For its owners and recruiters.

use super::ask::{for_companies, page};
use super::home::home_step;
use super::words::{LONGEST_ABOUT, LONGEST_FOCUS, LONGEST_NAME};
use super::{CompanyDomain, CompanyWords, Focus, ForCompany, NewWords};
use crate::error::{Missing, SiteError};
use crate::page::{NextSteps, render, see};
use crate::practice::Form;
use crate::profile::words_of;
use crate::routes::{CompanyEditUrl, CompanyHomeUrl};
use crate::site::Site;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use jobfuture_content::Library;
use jobfuture_disclosure::{Act, AsCompany};

#[derive(Template)]
#[template(path = "company/edit.html")]
struct Edit {
    words: CompanyWords,
    home_url: String,
    url: String,
    roles: Vec<RoleForm>,
    longest_name: usize,
    longest_about: usize,
    longest_focus: usize,
    wrong: Option<String>,
}

/// What can be said of a role.
struct RoleForm {
    id: String,
    title: String,
    is_chosen: bool,
    levels: Vec<(String, String, bool)>,
    competencies: Vec<(String, String, bool)>,
    matters: String,
    process: String,
}

/// `GET /companies/{company}/page`
pub(crate) async fn edit(State(site): State<Site>, company: ForCompany) -> Result<Response, SiteError> {
    let viewer = company.to(Act::CompanyPage)?;
    let words = words(&site, viewer).await?;
    let focus = site.companies().focus(viewer.company()).await?;
    show(&site, viewer, words, &focus, None)
}

async fn words(site: &Site, viewer: &AsCompany) -> Result<CompanyWords, SiteError> {
    site.companies().words(viewer.company()).await?.ok_or(SiteError::NotFound(Missing::Page))
}

fn show(
    site: &Site,
    viewer: &AsCompany,
    words: CompanyWords,
    focus: &[Focus],
    wrong: Option<String>,
) -> Result<Response, SiteError> {
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let id = viewer.company().to_string();
    let main = render(&Edit {
        words,
        home_url: CompanyHomeUrl { company: &id }.to_url(),
        url: CompanyEditUrl { company: &id }.to_url(),
        roles: role_forms(site.library(), focus),
        longest_name: LONGEST_NAME,
        longest_about: LONGEST_ABOUT,
        longest_focus: LONGEST_FOCUS,
        wrong,
    })?;
    let next = NextSteps::new(home_step(viewer)).and(for_companies());
    page("What your company says of itself", main, next).answer_private(site, status)
}

fn role_forms(library: &Library, focus: &[Focus]) -> Vec<RoleForm> {
    let names = words_of(library);
    let form = |role: &std::sync::Arc<jobfuture_content::Role>| {
        let own = focus.iter().find(|one| one.role == role.id);
        let levels = names
            .levels
            .iter()
            .map(|(id, name)| (id.clone(), name.clone(), own.is_some_and(|own| own.levels.contains(id))));
        let competencies = role.rows.iter().filter_map(|row| {
            let (id, name) = names.competencies.iter().find(|(id, _)| *id == row.competency)?;
            Some((id.clone(), name.clone(), own.is_some_and(|own| own.competencies.contains(id))))
        });
        RoleForm {
            id: role.id.clone(),
            title: role.title.clone(),
            is_chosen: own.is_some(),
            levels: levels.collect(),
            competencies: competencies.collect(),
            matters: own.map(|own| own.matters.clone()).unwrap_or_default(),
            process: own.map(|own| own.process.clone()).unwrap_or_default(),
        }
    };
    library.roles.values().map(form).collect()
}

/// `POST /companies/{company}/page`
pub(crate) async fn rewrite(State(site): State<Site>, company: ForCompany, form: Form) -> Result<Response, SiteError> {
    let viewer = company.to(Act::CompanyPage)?;
    let text = |name: &str| form.text(name).map(Option::unwrap_or_default);
    let (name, about, web) = (text("name")?, text("about")?, text("web")?);
    let focus = read_focus(site.library(), &form)?;
    let before = words(&site, viewer).await?;
    let domain = CompanyDomain::from_row(before.domain.clone());
    match NewWords::check(&domain, &name, &about, &web, focus.clone()) {
        Ok(new) => {
            site.companies().rewrite(viewer.company(), new).await?;
            site.accounts().note(company.session().owner().account(), "wrote a company's page", "").await?;
            Ok(see(&CompanyHomeUrl { company: &viewer.company().to_string() }.to_url()))
        }
        Err(wrong) => show(&site, viewer, CompanyWords { name, about, web, ..before }, &focus, Some(wrong)),
    }
}

/// The roles that are ticked, with those of their levels and competencies that there are.
fn read_focus(library: &Library, form: &Form) -> Result<Vec<Focus>, SiteError> {
    let chosen = form.all("role")?;
    let mut focus = Vec::new();
    for role in role_forms(library, &[]).into_iter().filter(|role| chosen.contains(&role.id)) {
        let ticked = |name: &str, known: &[(String, String, bool)]| -> Result<Vec<String>, SiteError> {
            let ticked = form.all(&format!("{name}:{}", role.id))?;
            Ok(known.iter().map(|(id, ..)| id.clone()).filter(|id| ticked.contains(id)).collect())
        };
        let text = |name: &str| form.text(&format!("{name}:{}", role.id)).map(Option::unwrap_or_default);
        focus.push(Focus {
            levels: ticked("level", &role.levels)?,
            competencies: ticked("competency", &role.competencies)?,
            matters: text("matters")?,
            process: text("process")?,
            role: role.id.clone(),
        });
    }
    Ok(focus)
}
