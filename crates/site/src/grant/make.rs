//! `/grants/new`: to whom, what, what for, for how long.

use super::choose::{Offered, choices, facts};
use crate::account::Session;
use crate::answer;
use crate::error::SiteError;
use crate::page::{Html, NextSteps, render, see};
use crate::practice::Form;
use crate::profile::{grants_step, own_page, profile_step, signals_step, views_step, words_of};
use crate::routes::{self, GrantUrl};
use crate::site::Site;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use http::StatusCode;
use jobfuture_content::Place;
use jobfuture_disclosure::{Audience, Error, MOST_DAYS, MOST_LINK_DAYS, NewGrant};
use serde::Deserialize;
use uuid::Uuid;

/// Days of a grant where nothing else is said.
const USUAL_DAYS: i64 = 90;
/// Openings of a link where nothing else is said.
const USUAL_OPENS: i64 = 20;

#[derive(Template)]
#[template(path = "grant/make.html")]
struct Make {
    typed: Typed,
    companies: Vec<(String, String)>,
    roles: Vec<(String, String)>,
    choices: Html,
    most_days: i64,
    most_link_days: i64,
    wrong: Option<String>,
}

/// What stands in the form.
#[derive(Debug, Clone)]
struct Typed {
    to: String,
    company: String,
    role: String,
    opens: String,
    facts: Vec<String>,
    purpose: String,
    days: String,
}

impl Default for Typed {
    fn default() -> Self {
        let none = String::new;
        Self {
            to: "company".to_owned(),
            company: none(),
            role: none(),
            opens: USUAL_OPENS.to_string(),
            facts: Vec::new(),
            purpose: none(),
            days: USUAL_DAYS.to_string(),
        }
    }
}

/// What an address may choose beforehand.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Chosen {
    #[serde(default)]
    signal: String,
    #[serde(default)]
    company: String,
}

/// `GET /grants/new`
pub(crate) async fn form(
    State(site): State<Site>,
    session: Session,
    Query(chosen): Query<Chosen>,
) -> Result<Response, SiteError> {
    let mut typed = Typed { company: chosen.company, ..Typed::default() };
    if Uuid::try_parse(&chosen.signal).is_ok() {
        typed.facts.push(format!("signal:{}", chosen.signal));
    }
    show(&site, &session, typed, None).await
}

/// `POST /grants/new`
pub(crate) async fn make(State(site): State<Site>, session: Session, form: Form) -> Result<Response, SiteError> {
    let text = |name: &str| form.text(name).map(Option::unwrap_or_default);
    let typed = Typed {
        to: text("to")?,
        company: text("company")?,
        role: text("role")?,
        opens: text("opens")?,
        facts: form.all("fact")?,
        purpose: text("purpose")?,
        days: text("days")?,
    };
    let new = match read(&site, &typed) {
        Ok(new) => new,
        Err(wrong) => return show(&site, &session, typed, Some(wrong.to_owned())).await,
    };
    match site.disclosure().make_grant(session.owner().key(), new).await {
        Ok(id) => Ok(see(&GrantUrl { grant: &id.to_string() }.to_url())),
        Err(Error::Refused(wrong)) => show(&site, &session, typed, Some(wrong)).await,
        Err(error) => Err(error.into()),
    }
}

fn read(site: &Site, typed: &Typed) -> Result<NewGrant, &'static str> {
    let audience = match typed.to.as_str() {
        "company" => {
            let company = Uuid::try_parse(&typed.company).map_err(|_| "Choose the company from the list.")?;
            Audience::Company(company)
        }
        "pool" if site.library().roles.contains_key(&typed.role) => Audience::Pool { role: typed.role.clone() },
        "pool" => return Err("Choose the role that you want to be found for."),
        "link" => {
            let opens = typed.opens.trim().parse();
            let opens_at_most = opens.map_err(|_| "Write how often the link may be opened, as a number.")?;
            Audience::Link { opens_at_most }
        }
        _ => return Err("Choose to whom you want to show it."),
    };
    let days = typed.days.trim().parse().map_err(|_| "Write for how many days, as a number.")?;
    let facts =
        facts(&typed.facts).ok_or("One of the things to show is not there any more. Choose among those below.")?;
    Ok(NewGrant { audience, facts, purpose: typed.purpose.clone(), days })
}

async fn show(site: &Site, session: &Session, typed: Typed, wrong: Option<String>) -> Result<Response, SiteError> {
    let (disclosure, me) = (site.disclosure(), session.owner().key());
    let words = words_of(site.library());
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let choices = choices(site, me, "fact", Offered::All, &typed.facts).await?;
    let companies = disclosure.verified_companies().await?;
    let main = render(&Make {
        typed,
        companies: companies
            .into_iter()
            .map(|company| (company.id.to_string(), format!("{} ({})", company.name, company.domain)))
            .collect(),
        roles: words.roles.clone(),
        choices,
        most_days: MOST_DAYS,
        most_link_days: MOST_LINK_DAYS,
        wrong,
    })?;
    let main = answer::with_asked(site, Place::Grant, main)?;
    let next = NextSteps::new(grants_step()).and(profile_step()).and(signals_step()).and(views_step());
    own_page("Show something to somebody", main, next).answer_private(site, status)
}

/// The address where grants are made.
pub(super) const NEW: &str = routes::GRANT_NEW;
