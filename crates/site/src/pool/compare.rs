//! `/companies/{company}/compare`: two or three candidates side by side, by what they opened to the company that looks.

use super::result::signals;
use super::search::about_step;
use crate::company::{ForCompany, company_page, home_step};
use crate::error::{Missing, SiteError};
use crate::page::{NextSteps, Step, render};
use crate::practice::Form;
use crate::profile::{fields_shown, words_of};
use crate::routes::{CandidateUrl, CompanyCandidatesUrl, CompanyHomeUrl, CompanyPoolUrl};
use crate::site::Site;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use http::StatusCode;
use jobfuture_disclosure::{Act, AsCompany, CandidateName, Field, Seen};

/// So many are compared at once: more do not fit beside each other.
const MOST: usize = 3;

#[derive(Template)]
#[template(path = "pool/compare.html")]
struct Compare<'a> {
    viewer: &'a AsCompany,
    home_url: String,
    pool_url: String,
    list_url: String,
    /// Why nothing is compared.
    wrong: Option<String>,
    /// How many fit beside each other.
    most: usize,
    people: Vec<Person>,
    /// What at least one of them shows.
    rows: Vec<Row>,
    /// What none of them shows.
    by_none: String,
    /// Whether one of those who were chosen shows nothing.
    is_one_missing: bool,
}

struct Person {
    called: String,
    url: String,
}

/// One thing that can be opened: what each of them shows of it.
struct Row {
    label: &'static str,
    cells: Vec<Cell>,
}

/// Lines of one candidate; none where nothing is shown, whether it is empty or was not opened.
struct Cell(Vec<String>);

/// `GET /companies/{company}/compare?with=NAME&with=NAME`
pub(crate) async fn compare(
    State(site): State<Site>,
    company: ForCompany,
    RawQuery(query): RawQuery,
) -> Result<Response, SiteError> {
    let viewer = company.to(Act::Candidates)?;
    let chosen = Form::of_query(query.as_deref().unwrap_or_default())?.all("with")?;
    let mut names: Vec<CandidateName> = Vec::new();
    for name in &chosen {
        // What is no name leads to nobody, as a name does behind which there is nobody to be seen.
        let name = CandidateName::parse(name).ok_or(SiteError::NotFound(Missing::Page))?;
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if names.is_empty() {
        // Whoever comes here by itself is told how to begin.
        return show(&site, viewer, &[], false, None);
    }
    if !(2..=MOST).contains(&names.len()) {
        let says = match names.len() {
            1 => "That is one candidate alone: tick another one to compare them with.".to_owned(),
            many => format!("{many} candidates do not fit beside each other: tick {MOST} at most."),
        };
        return show(&site, viewer, &[], false, Some(says));
    }
    let mut seen = Vec::new();
    for name in &names {
        seen.extend(site.disclosure().see(viewer, *name).await?);
    }
    if seen.is_empty() {
        return Err(SiteError::NotFound(Missing::Page));
    }
    show(&site, viewer, &seen, seen.len() < names.len(), None)
}

fn show(
    site: &Site,
    viewer: &AsCompany,
    seen: &[Seen],
    is_one_missing: bool,
    wrong: Option<String>,
) -> Result<Response, SiteError> {
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let id = viewer.company().to_string();
    let person = |seen: &Seen| Person {
        called: seen.called(),
        url: CandidateUrl { company: &id, candidate: &seen.name().to_string() }.to_url(),
    };
    let (list_url, pool_url) =
        (CompanyCandidatesUrl { company: &id }.to_url(), CompanyPoolUrl { company: &id }.to_url());
    let (rows, empty): (Vec<Row>, Vec<Row>) =
        rows(site, seen).into_iter().partition(|row| row.cells.iter().any(|cell| !cell.0.is_empty()));
    let main = render(&Compare {
        viewer,
        home_url: CompanyHomeUrl { company: &id }.to_url(),
        pool_url: pool_url.clone(),
        list_url: list_url.clone(),
        wrong,
        most: MOST,
        people: seen.iter().map(person).collect(),
        rows,
        by_none: empty.iter().map(|row| row.label).collect::<Vec<_>>().join(", "),
        is_one_missing,
    })?;
    let next = NextSteps::new(Step::new(pool_url, "Search the pool", "By what candidates opened to your company."))
        .and(Step::new(list_url, "Candidates", "All who opened something to your company."))
        .and(about_step())
        .and(home_step(viewer));
    company_page("Candidates side by side", main, next).answer_private(site, status)
}

/// A row for everything that can be opened, in the same order whoever is compared.
fn rows(site: &Site, seen: &[Seen]) -> Vec<Row> {
    let words = words_of(site.library());
    let cell = |seen: &Seen, field: Field| {
        let entries = fields_shown(field, seen.field(field), &words);
        let entry =
            |lines: Vec<crate::profile::Line>| lines.into_iter().map(|line| line.text).collect::<Vec<_>>().join(". ");
        Cell(entries.into_iter().map(entry).collect())
    };
    let signals = Row { label: "Signals", cells: seen.iter().map(|seen| Cell(signals(seen))).collect() };
    let fields = Field::ALL.into_iter().filter(|field| field.holds_something());
    let of_field = |field: Field| Row {
        label: field.label_for_others(),
        cells: seen.iter().map(|seen| cell(seen, field)).collect(),
    };
    std::iter::once(signals).chain(fields.map(of_field)).collect()
}
