//! `/vacancies`: every open vacancy, searched and narrowed.

use super::asked::{Asked, ON_A_PAGE};
use super::one::{country_name, place_words};
use super::shelf::Listed;
use super::terms::{Employment, Remote};
use crate::account::MaybeSession;
use crate::answer;
use crate::error::SiteError;
use crate::page::{Nav, NextSteps, Page, Step, day, render};
use crate::profile::words_of;
use crate::routes::{self, VacancyUrl};
use crate::site::Site;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use jobfuture_codes::Code;
use jobfuture_content::Place;
use jobfuture_disclosure::{Kind, Vocabulary};
use jobfuture_vacancy_search::{Answer, Facet};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "vacancy/list.html")]
struct List {
    asked: Asked,
    facets: Vec<Group>,
    total: usize,
    found: Vec<Line>,
    corrected: Option<String>,
    unknown: Vec<String>,
    sorts: Vec<(&'static str, &'static str, bool)>,
    currencies: Vec<(String, bool)>,
    before: Option<String>,
    after: Option<String>,
    from: usize,
    feed_url: String,
    saved: Option<String>,
}

/// One filter: its values with how many vacancies each would leave.
struct Group {
    name: &'static str,
    title: &'static str,
    choices: Vec<Choice>,
}

struct Choice {
    id: String,
    label: String,
    count: u32,
    is_chosen: bool,
}

/// A vacancy in the list.
pub(super) struct Line {
    pub url: String,
    pub title: String,
    pub company: String,
    pub pay: String,
    pub place: String,
    pub level: String,
    pub published: String,
}

impl Line {
    pub(super) fn of(one: &Listed, words: &Vocabulary) -> Self {
        let terms = &one.terms;
        let published = match one.first_published_at < one.published_at {
            true => format!("{}, first on {}", day(one.published_at), day(one.first_published_at)),
            false => day(one.published_at),
        };
        Self {
            url: VacancyUrl { vacancy: &one.id.to_string() }.to_url(),
            title: terms.title.clone(),
            company: one.company_name.clone(),
            pay: terms.pay.words(),
            place: place_words(terms.remote, &terms.countries, &terms.city, terms.zones),
            level: words.shown(Kind::Level, &terms.level).to_owned(),
            published,
        }
    }
}

/// What a value of a filter is called.
pub(super) fn name_of(words: &Vocabulary, filter: &str, value: &str) -> String {
    let label: &str = match filter {
        "role" => words.shown(Kind::Role, value),
        "level" => words.shown(Kind::Level, value),
        "competency" => words.shown(Kind::Competency, value),
        "remote" => Remote::parse(value).map_or(value, |one| one.label()),
        "employment" => Employment::parse(value).map_or(value, |one| one.label()),
        "country" => country_name(value),
        _ => value,
    };
    label.to_owned()
}

/// `GET /vacancies`
pub(crate) async fn list(
    State(site): State<Site>,
    MaybeSession(session): MaybeSession,
    RawQuery(query): RawQuery,
) -> Result<Response, SiteError> {
    let asked = Asked::read(query.as_deref().unwrap_or_default())?;
    let (answer, listed) = site.vacancies().search(&asked.query())?;
    let words = words_of(site.library());
    let is_signed_in = session.is_some();
    let is_first = asked.page == 1 && !asked.is_narrowed();
    let main = render(&view(asked, &words, answer, &listed, is_signed_in))?;
    let main = answer::with_asked(&site, Place::Vacancies, main)?;
    let next = NextSteps::new(Step::roles())
        .and(Step::checks())
        .and(Step::new(
            routes::ABOUT_VACANCIES,
            "Rules for vacancies",
            "What every vacancy here says, and what ends one.",
        ))
        .and(Step::new(routes::COMPANIES, "For companies", "Publish one of yours."));
    let page = Page {
        title: "Vacancies".to_owned(),
        description: "Open places at verified companies. Every one states its pay.".to_owned(),
        active: Nav::Vacancies,
        main,
        next,
        canonical: is_first.then(|| routes::VACANCIES.to_owned()),
        editor: false,
    };
    page.answer(&site)
}

fn view(asked: Asked, words: &Vocabulary, answer: Answer, listed: &[Arc<Listed>], is_signed_in: bool) -> List {
    let query = asked.to_query();
    let at = |page: usize| match (query.is_empty(), page) {
        (true, 1) => routes::VACANCIES.to_owned(),
        (true, page) => format!("{}?page={page}", routes::VACANCIES),
        (false, 1) => format!("{}?{query}", routes::VACANCIES),
        (false, page) => format!("{}?{query}&page={page}", routes::VACANCIES),
    };
    let from = (asked.page - 1) * ON_A_PAGE;
    let sort = if asked.sort.is_empty() { "fresh" } else { asked.sort.as_str() };
    let mut sorts = vec![("fresh", "Newest first"), ("pay", "Best paid first")];
    if !asked.words.is_empty() {
        sorts.push(("words", "Best match of the words first"));
    }
    let currencies = answer.facets.get(&Facet::Currency).map(Vec::as_slice).unwrap_or_default();
    let mut currencies: Vec<String> = currencies.iter().map(|count| count.value.to_string()).collect();
    if !asked.currency.is_empty() && !currencies.contains(&asked.currency) {
        currencies.push(asked.currency.clone());
    }
    List {
        facets: groups(&asked, words, &answer),
        found: listed.iter().map(|one| Line::of(one, words)).collect(),
        sorts: sorts.into_iter().map(|(id, label)| (id, label, id == sort)).collect(),
        currencies: currencies.into_iter().map(|code| (code.clone(), code == asked.currency)).collect(),
        before: (asked.page > 1).then(|| at(asked.page - 1)),
        after: (from + ON_A_PAGE < answer.total).then(|| at(asked.page + 1)),
        from,
        feed_url: if query.is_empty() {
            routes::VACANCY_FEED.to_owned()
        } else {
            format!("{}?{query}", routes::VACANCY_FEED)
        },
        saved: is_signed_in.then_some(query),
        total: answer.total,
        corrected: answer.corrected,
        unknown: answer.unknown,
        asked,
    }
}

fn groups(asked: &Asked, words: &Vocabulary, answer: &Answer) -> Vec<Group> {
    let of = |name: &'static str, title: &'static str, facet: Facet, chosen: &[String]| {
        let counts = answer.facets.get(&facet).map(Vec::as_slice).unwrap_or_default();
        let mut choices: Vec<Choice> = counts
            .iter()
            .map(|count| Choice {
                id: count.value.to_string(),
                label: name_of(words, name, &count.value),
                count: count.count,
                is_chosen: chosen.iter().any(|one| **one == *count.value),
            })
            .collect();
        for missing in chosen.iter().filter(|id| choices.iter().all(|choice| choice.id != **id)).collect::<Vec<_>>() {
            choices.push(Choice {
                id: missing.clone(),
                label: name_of(words, name, missing),
                count: 0,
                is_chosen: true,
            });
        }
        Group { name, title, choices }
    };
    let mut groups = vec![
        of("role", "Role", Facet::Role, &asked.role),
        of("level", "Level", Facet::Level, &asked.level),
        of("remote", "On site or remote", Facet::Remote, &asked.remote),
        of("country", "Country", Facet::Country, &asked.country),
        of("employment", "Contract", Facet::Employment, &asked.employment),
        of("competency", "Asks for all of", Facet::Competency, &asked.competency),
    ];
    groups.retain(|group| !group.choices.is_empty());
    groups
}
