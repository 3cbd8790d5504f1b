//! `/companies/{company}/pool`: candidates who opened something to a company, searched by what they opened.

use super::asked::{Asked, MOST_LANGUAGES, ON_A_PAGE, Wrong};
use super::result::{Card, cards};
use super::words;
use crate::company::{Focus, ForCompany, company_page, home_step};
use crate::error::SiteError;
use crate::page::{Html, NextSteps, Step, render};
use crate::profile::words_of;
use crate::routes::{
    self, CompanyCandidatesUrl, CompanyEditUrl, CompanyHomeUrl, CompanyPoolUrl, CompanyVacanciesUrl, CompareUrl,
    PoolSearchesUrl,
};
use crate::site::Site;
use crate::vacancy::{Remote as VacancyRemote, Terms, currencies};
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use http::StatusCode;
use jobfuture_codes::Code;
use jobfuture_disclosure::{Act, AsCompany, Vocabulary};
use jobfuture_pool::{Answer, Facet, Fluency, Hours, Query, Remote, Taken, Value, Viewer};

/// Values of a facet that are shown.
const FACET_VALUES: usize = 12;
/// Filters that are tried out when nobody is found.
const MOST_TRIED: usize = 12;

#[derive(Template)]
#[template(path = "pool/search.html")]
struct Page<'a> {
    viewer: &'a AsCompany,
    home_url: String,
    edit_url: String,
    searches_url: String,
    /// Whether the company says whom it looks for.
    has_focus: bool,
    form: Option<Html>,
    results: Option<Html>,
    /// Whether the pool is still being read.
    is_being_read: bool,
}

/// What can be asked for, with what is.
#[derive(Template)]
#[template(path = "pool/form.html")]
struct SearchForm {
    url: String,
    asked: Asked,
    wrong: Vec<Wrong>,
    roles: Vec<Choice>,
    levels: Vec<Choice>,
    taken: Vec<Choice>,
    seniority: Vec<Choice>,
    must: Vec<Choice>,
    shown: Vec<Choice>,
    nice: Vec<Choice>,
    remote: Vec<Choice>,
    hours: Vec<Choice>,
    currencies: Vec<Choice>,
    languages: Vec<LanguageRow>,
}

struct Choice {
    id: String,
    label: String,
    is_chosen: bool,
}

/// One language that is asked for, or room for one.
struct LanguageRow {
    number: usize,
    language: String,
    fluency: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "pool/results.html")]
struct Results {
    total: usize,
    from: usize,
    cards: Vec<Card>,
    compare_url: String,
    searches_url: String,
    query: String,
    is_narrowed: bool,
    facets: Vec<Group>,
    before: Option<String>,
    after: Option<String>,
    /// Where nobody is found: what could be left out, and how many there are then.
    relaxed: Vec<Relaxed>,
    /// How many there are without any filter.
    everybody: usize,
    everybody_url: String,
    vacancies_url: String,
}

/// A facet: its values with how many of those who were found have each.
struct Group {
    title: &'static str,
    links: Vec<Link>,
}

struct Link {
    label: String,
    count: u32,
    /// Nothing for what is asked for in another way.
    url: Option<String>,
    is_chosen: bool,
}

/// One filter that could be left out.
struct Relaxed {
    label: String,
    count: usize,
    url: String,
}

impl SearchForm {
    fn new(url: String, asked: Asked, wrong: Vec<Wrong>, focus: &[Focus], site: &Site) -> Self {
        let words = words_of(site.library());
        let roles: Vec<(String, String)> =
            words.roles.iter().filter(|(id, _)| focus.iter().any(|one| one.role == *id)).cloned().collect();
        // Competencies of the roles that the company looks for, in the order of the content.
        let rows = site.library().roles.values().filter(|role| roles.iter().any(|(id, _)| *id == role.id));
        let of_roles: Vec<&str> = rows.flat_map(|role| &role.rows).map(|row| row.competency.as_str()).collect();
        let competencies: Vec<(String, String)> =
            words.competencies.iter().filter(|(id, _)| of_roles.contains(&id.as_str())).cloned().collect();
        let taken = Taken::ALL.iter().map(|one| (one.id().to_owned(), words::taken(*one).to_owned()));
        let remote = Remote::ALL.iter().map(|one| (one.id().to_owned(), words::remote(*one)));
        let hours = Hours::ALL.iter().map(|one| (one.id().to_owned(), words::hours(*one)));
        let one = |id: &str| if id.is_empty() { Vec::new() } else { vec![id.to_owned()] };
        let rows = (asked.languages.len() + 1).clamp(2, MOST_LANGUAGES);
        Self {
            roles: choices(roles, &asked.role),
            levels: choices(words.levels.clone(), &one(&asked.level)),
            taken: choices(taken, &asked.taken),
            seniority: choices(words.levels.clone(), &asked.seniority),
            must: choices(competencies.clone(), &asked.must),
            shown: choices(competencies.clone(), &asked.shown),
            nice: choices(competencies, &asked.nice),
            remote: choices(remote, &asked.remote),
            hours: choices(hours, &asked.hours),
            currencies: choices(currencies(), &one(&asked.currency)),
            languages: (0..rows).map(|at| LanguageRow::new(at, asked.languages.get(at))).collect(),
            url,
            asked,
            wrong,
        }
    }

    fn fault(&self, field: &str) -> Option<&str> {
        self.wrong.iter().find(|one| one.field == field).map(|one| one.says.as_str())
    }

    /// Attributes of a field with which something is wrong.
    fn says(&self, field: &str) -> Html {
        match self.fault(field) {
            // A field's id is a word of ours.
            Some(_) => Html::from_content(format!(" aria-invalid=\"true\" aria-describedby=\"{field}-fault\"")),
            None => Html::default(),
        }
    }

    fn countries(&self) -> String {
        self.asked.country.join(", ")
    }

    /// Whether something is asked, or wrong, in the part that is closed otherwise.
    fn asks_more(&self) -> bool {
        let Asked { seniority, country, zone_from, zone_to, pay, currency, hours, by, languages, .. } = &self.asked;
        let lists = !(seniority.is_empty() && country.is_empty() && hours.is_empty() && languages.is_empty());
        lists || !self.wrong.is_empty() || [zone_from, zone_to, pay, currency, by].iter().any(|text| !text.is_empty())
    }

    /// Whether a part of the form has something chosen in it, and stands open.
    fn is_any(&self, choices: &[Choice]) -> bool {
        choices.iter().any(|choice| choice.is_chosen)
    }
}

impl LanguageRow {
    fn new(at: usize, asked: Option<&(String, String)>) -> Self {
        let (language, least) = asked.cloned().unwrap_or_default();
        let all = Fluency::ALL.iter().map(|one| (one.id().to_owned(), format!("{} or better", words::fluency(*one))));
        Self { number: at + 1, language, fluency: choices(all, &[least]) }
    }
}

/// Choices, and what is chosen besides: that nobody knows it any more is to be seen, so that it can be taken out.
fn choices(all: impl IntoIterator<Item = (String, String)>, chosen: &[String]) -> Vec<Choice> {
    let is_chosen = |id: &str| chosen.iter().any(|one| one == id);
    let mut choices: Vec<Choice> =
        all.into_iter().map(|(id, label)| Choice { is_chosen: is_chosen(&id), id, label }).collect();
    let unknown: Vec<&String> =
        chosen.iter().filter(|id| !id.is_empty() && choices.iter().all(|choice| choice.id != **id)).collect();
    choices.extend(unknown.into_iter().map(|id| Choice { id: id.clone(), label: id.clone(), is_chosen: true }));
    choices
}

/// The address of a search; without a query that of the page.
pub(super) fn url_of(company: &str, asked: &Asked) -> String {
    let (url, query) = (CompanyPoolUrl { company }.to_url(), asked.to_query());
    let page = (asked.page > 1).then(|| format!("page={}", asked.page));
    let query: Vec<String> = [query].into_iter().filter(|query| !query.is_empty()).chain(page).collect();
    if query.is_empty() { url } else { format!("{url}?{}", query.join("&")) }
}

/// The search that a vacancy suggests: its role, what it needs and wishes, how it is worked, what it pays.
pub(crate) fn for_vacancy(company: &str, terms: &Terms) -> String {
    let way = match terms.remote {
        VacancyRemote::Onsite => Remote::Office,
        VacancyRemote::Hybrid => Remote::Hybrid,
        VacancyRemote::Remote => Remote::Remote,
    };
    let (_, most) = terms.pay.yearly();
    let units = crate::vacancy::currency(terms.pay.currency())
        .map_or(1, |currency| 10_i64.pow(u32::from(currency.exponent().unwrap_or(0))));
    let zones = terms.zones.map(|(from, to)| (from.to_string(), to.to_string())).unwrap_or_default();
    let asked = Asked {
        role: vec![terms.role.clone()],
        must: terms.must.clone(),
        nice: terms.nice.clone(),
        remote: vec![way.id().to_owned()],
        pay: (most / units).to_string(),
        currency: terms.pay.currency().to_owned(),
        zone_from: zones.0,
        zone_to: zones.1,
        ..Asked::default()
    };
    url_of(company, &asked)
}

/// Who looks: a company with the roles that it looks for.
pub(super) fn viewer_of(viewer: &AsCompany, focus: &[Focus]) -> Option<Viewer> {
    Viewer::of(viewer, focus.iter().map(|one| one.role.as_str()))
}

/// `GET /companies/{company}/pool`
pub(crate) async fn search(
    State(site): State<Site>,
    company: ForCompany,
    RawQuery(query): RawQuery,
) -> Result<Response, SiteError> {
    let viewer = company.to(Act::Candidates)?;
    let asked = Asked::read(query.as_deref().unwrap_or_default())?;
    let focus = site.companies().focus(viewer.company()).await?;
    let eyes = viewer_of(viewer, &focus).filter(|_| !focus.is_empty());
    let Some(eyes) = eyes else { return show(&site, viewer, &focus, None, None, StatusCode::OK) };
    let words = words_of(site.library());
    let id = viewer.company().to_string();
    let form = |asked: &Asked, wrong| {
        render(&SearchForm::new(CompanyPoolUrl { company: &id }.to_url(), asked.clone(), wrong, &focus, &site))
    };
    let lowest = words.levels.first().map(|(id, _)| id.as_str()).unwrap_or_default();
    let query = match asked.query(site.disclosure().now(), lowest) {
        Ok(query) => Query { facet_limit: FACET_VALUES, ..query },
        Err(wrong) => {
            return show(&site, viewer, &focus, Some(form(&asked, wrong)?), None, StatusCode::UNPROCESSABLE_ENTITY);
        }
    };
    let form = form(&asked, Vec::new())?;
    let Some(answer) = site.pool().search(&eyes, &query).await? else {
        return show(&site, viewer, &focus, Some(form), None, StatusCode::SERVICE_UNAVAILABLE);
    };
    let cards = cards(&site, viewer, &answer, &words).await?;
    let (relaxed, everybody) = match answer.total {
        0 => relax(&site, &eyes, &asked, &words, lowest).await?,
        _ => (Vec::new(), 0),
    };
    let from = (asked.page - 1) * ON_A_PAGE;
    let at = |page: usize| url_of(&id, &Asked { page, ..asked.clone() });
    let results = render(&Results {
        total: answer.total,
        from,
        cards,
        compare_url: CompareUrl { company: &id }.to_url(),
        searches_url: PoolSearchesUrl { company: &id }.to_url(),
        query: asked.to_query(),
        is_narrowed: asked.is_narrowed(),
        facets: groups(&id, &asked, &words, &answer),
        before: (asked.page > 1).then(|| at(asked.page - 1)),
        after: (from + ON_A_PAGE < answer.total).then(|| at(asked.page + 1)),
        relaxed,
        everybody,
        everybody_url: CompanyPoolUrl { company: &id }.to_url(),
        vacancies_url: CompanyVacanciesUrl { company: &id }.to_url(),
    })?;
    show(&site, viewer, &focus, Some(form), Some(results), StatusCode::OK)
}

fn show(
    site: &Site,
    viewer: &AsCompany,
    focus: &[Focus],
    form: Option<Html>,
    results: Option<Html>,
    status: StatusCode,
) -> Result<Response, SiteError> {
    let id = viewer.company().to_string();
    let searches_url = PoolSearchesUrl { company: &id }.to_url();
    let edit_url = CompanyEditUrl { company: &id }.to_url();
    let main = render(&Page {
        viewer,
        home_url: CompanyHomeUrl { company: &id }.to_url(),
        edit_url: edit_url.clone(),
        searches_url: searches_url.clone(),
        has_focus: !focus.is_empty(),
        form,
        results,
        is_being_read: status == StatusCode::SERVICE_UNAVAILABLE,
    })?;
    let all = CompanyCandidatesUrl { company: &id }.to_url();
    let next = NextSteps::new(Step::new(all, "Candidates", "All who opened something to your company."))
        .and(Step::new(searches_url, "Your searches of the pool", "Those that you hear of by mail."))
        .and(Step::new(
            CompanyVacanciesUrl { company: &id }.to_url(),
            "Your vacancies",
            "Drafts, open and closed ones.",
        ))
        .and(Step::new(edit_url, "What your company says of itself", "Whom it looks for: candidates decide by it."))
        .and(about_step())
        .and(home_step(viewer));
    company_page("Search the pool", main, next).answer_private(site, status)
}

/// To the rules of the pool.
pub(super) fn about_step() -> Step {
    Step::new(routes::ABOUT_POOL, "How the pool works", "Who is found, by whom, and in which order.")
}

/// What could be left out so that somebody is found, and how many there are without any filter. Each is a search of the same viewer.
async fn relax(
    site: &Site,
    eyes: &Viewer,
    asked: &Asked,
    words: &Vocabulary,
    lowest: &str,
) -> Result<(Vec<Relaxed>, usize), SiteError> {
    let now = site.disclosure().now();
    let bare = |query: Query| Query { limit: 0, facet_limit: 0, offset: 0, ..query };
    let company = eyes.company().to_string();
    let mut relaxed = Vec::new();
    for part in words::parts(asked, words).into_iter().take(MOST_TRIED) {
        let Ok(query) = part.without.query(now, lowest) else { continue };
        let count = site.pool().search_as_it_is(eyes, &bare(query)).await?.total;
        if count > 0 {
            relaxed.push(Relaxed { label: part.label, count, url: url_of(&company, &part.without) });
        }
    }
    let everybody = site.pool().search_as_it_is(eyes, &bare(Query::at(now))).await?.total;
    Ok((relaxed, everybody))
}

fn groups(company: &str, asked: &Asked, words: &Vocabulary, answer: &Answer) -> Vec<Group> {
    let group = |facet: Facet| {
        let counts = answer.facets.get(&facet).map(Vec::as_slice).unwrap_or_default();
        let link = |value: &Value, count: u32| Link {
            label: words::value(words, value),
            count,
            url: asked.with(value).map(|asked| url_of(company, &asked)),
            is_chosen: asked.asks_for(value),
        };
        let links = counts.iter().filter(|count| count.count > 0).map(|count| link(&count.value, count.count));
        Group { title: words::facet(facet), links: links.collect() }
    };
    let mut groups: Vec<Group> = Facet::ALL.into_iter().map(group).collect();
    groups.retain(|group| !group.links.is_empty());
    groups
}
