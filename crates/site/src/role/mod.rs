//! Roles: what the work is, who looks for it and what is paid, what levels look like side by side, and how to prepare for each.

pub(crate) mod addresses;
mod hiring;

pub(crate) use hiring::{hiring, steps as hiring_steps, title as hiring_title};

use crate::answer;
use crate::error::{Missing, SiteError};
use crate::guide::{level_id, level_name};
use crate::page::{Html, Nav, NextSteps, Page, Step, render};
use crate::profile::words_of;
use crate::routes::{self, CompanyUrl, RoleUrl};
use crate::site::Site;
use crate::vacancy::{FLOOR, Market, yearly_words};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use jobfuture_content::{Check, Level, Library, NextStep, Place, Role, RoleLevel, RoleRow};
use jobfuture_disclosure::Kind;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "role/roles.html")]
struct Roles<'a> {
    roles: Vec<&'a Arc<Role>>,
}

impl Roles<'_> {
    fn url(&self, role: &Role) -> String {
        RoleUrl { role: &role.id }.to_url()
    }
}

#[derive(Template)]
#[template(path = "role/role.html")]
struct RolePage<'a> {
    role: &'a Role,
    about: Html,
    levels: Vec<LevelView<'a>>,
    /// Checks that tell its levels apart.
    checks: Vec<&'a Arc<Check>>,
    library: &'a Library,
    context: Html,
}

/// What open vacancies say of the role.
#[derive(Template)]
#[template(path = "role/context.html")]
struct Context {
    list_url: String,
    market: Option<Arc<Market>>,
    pay: Vec<(String, String, usize)>,
    musts: Vec<(String, usize)>,
    hiring: Vec<(String, String, usize)>,
    floor: usize,
}

impl Context {
    fn of(site: &Site, role: &str) -> Self {
        let words = words_of(site.library());
        let market = site.vacancies().market(role);
        let of = market.as_deref();
        let pay = of.iter().flat_map(|market| &market.pay).map(|band| {
            let level = words.shown(Kind::Level, &band.level).to_owned();
            (level, yearly_words(&band.currency, band.low, band.high), band.count)
        });
        let musts = of.iter().flat_map(|market| {
            market.musts.iter().map(|(id, count)| (words.shown(Kind::Competency, id).to_owned(), *count))
        });
        let hiring = of.iter().flat_map(|market| &market.hiring);
        Self {
            list_url: format!("{}?role={role}", routes::VACANCIES),
            pay: pay.collect(),
            musts: musts.collect(),
            hiring: hiring
                .map(|(name, domain, count)| (name.clone(), CompanyUrl { domain }.to_url(), *count))
                .collect(),
            floor: FLOOR,
            market: market.clone(),
        }
    }
}

struct LevelView<'a> {
    level: &'a RoleLevel,
    steps: Vec<Step>,
}

impl RolePage<'_> {
    fn check_url(&self, check: &Check) -> String {
        routes::CheckUrl { check: &check.manifest.id }.to_url()
    }

    fn name(&self, level: &Level) -> &'static str {
        level_name(*level)
    }

    fn id(&self, level: &Level) -> &'static str {
        level_id(*level)
    }

    fn competency<'r>(&'r self, row: &'r RoleRow) -> &'r str {
        let found = self.library.competencies.iter().find(|one| one.id == row.competency);
        found.map_or(row.competency.as_str(), |one| one.name.as_str())
    }
}

/// `GET /roles`
pub async fn roles(State(site): State<Site>) -> Result<Response, SiteError> {
    let roles = Roles { roles: site.library().roles.values().collect() };
    Page {
        title: "Roles and career paths".to_owned(),
        description: "What a role is, what its levels can be seen to do, and how to prepare for each.".to_owned(),
        active: Nav::Roles,
        main: render(&roles)?,
        next: NextSteps::new(Step::guides()).and(Step::tasks()),
        canonical: Some(routes::ROLES.to_owned()),
        editor: false,
    }
    .answer(&site)
}

/// `GET /roles/{role}`
pub async fn role(State(site): State<Site>, Path(role): Path<String>) -> Result<Response, SiteError> {
    let library = site.library();
    let role = library.roles.get(&role).ok_or(SiteError::NotFound(Missing::Role))?;
    let levels = role.levels.iter().map(|level| LevelView { level, steps: steps(library, &level.prepare) });
    let about = Html::from_content(&role.about_html);
    let checks = library.checks.values().filter(|check| check.manifest.role == role.id).collect();
    let context = render(&Context::of(&site, &role.id))?;
    let main = render(&RolePage { role, about, levels: levels.collect(), checks, library, context })?;
    Page {
        title: format!("{}: levels and career path", role.title),
        description: role.summary.clone(),
        active: Nav::Roles,
        main: answer::with_asked(&site, Place::Role, main)?,
        next: NextSteps::of_content(library, &role.next, Step::guides())
            .and(Step::tasks())
            .and(Step::vacancies())
            .and(hiring::step(role)),
        canonical: Some(RoleUrl { role: &role.id }.to_url()),
        editor: false,
    }
    .answer(&site)
}

fn steps(library: &Library, prepare: &[NextStep]) -> Vec<Step> {
    prepare.iter().filter_map(|next| Step::of(library, next)).collect()
}
