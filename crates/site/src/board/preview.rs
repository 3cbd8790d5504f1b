//! `/companies/{company}/boards/previews/{preview}`: what a board or a file holds, to choose from. Nothing of it is kept before.

use super::follow::Rules;
use super::keep::Chosen;
use super::offer::{Said, offers};
use super::pages::{list_url, missing, page, vacancies_url, vacancy_url};
use super::store::{Offered, Preview, Stands, called, is_files, parsed, sentences};
use crate::company::ForCompany;
use crate::error::{SiteError, id_in};
use crate::page::{render, see};
use crate::practice::Form;
use crate::routes::PreviewUrl;
use crate::site::Site;
use crate::vacancy::{Screening, choices};
use askama::Template;
use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use jiff::tz::TimeZone;
use jobfuture_boards::Read;
use jobfuture_codes::Code;
use jobfuture_disclosure::{Act, AsCompany, Vocabulary};
use serde::Deserialize;
use uuid::Uuid;

/// Postings on one page.
const ON_A_PAGE: i64 = 50;

/// Which preview.
#[derive(Deserialize)]
pub(crate) struct Which {
    preview: String,
}

/// A choice of a form: id, label, whether it is chosen.
type Choice = (String, String, bool);

#[derive(Template)]
#[template(path = "board/preview.html")]
struct PreviewPage<'a> {
    viewer: &'a AsCompany,
    vacancies_url: String,
    list_url: String,
    url: String,
    called: String,
    is_files: bool,
    listed: i64,
    offered: i64,
    cards: Vec<Card>,
    unread: Vec<String>,
    said: Said,
    screening: Vec<Choice>,
    pages: Vec<(i64, String, bool)>,
    can_take: bool,
    refused: Option<String>,
}

struct Card {
    nth: i64,
    title: String,
    facts: Vec<String>,
    because: Vec<String>,
    lacks: Vec<String>,
    roles: Vec<Choice>,
    levels: Vec<Choice>,
    /// The vacancy that was made of it, and what is so of that.
    kept: Option<(String, &'static str)>,
    is_over: bool,
    can_take: bool,
    is_ticked: bool,
}

/// Puts what was read into a preview, and leads there.
pub(super) async fn offer_all(
    site: &Site,
    viewer: &AsCompany,
    preview: Uuid,
    read: Read,
) -> Result<Response, SiteError> {
    let words = site.vocabulary();
    let (listed, unread) = (read.listed, sentences(&read)?);
    let offers = tokio::task::spawn_blocking(move || offers(&read, &words)).await;
    let offers = offers.map_err(|error| SiteError::internal("a preview", &error))?;
    site.boards().fill_preview(preview, offers, listed, unread).await?;
    Ok(see(&url(viewer, preview)))
}

fn url(viewer: &AsCompany, preview: Uuid) -> String {
    PreviewUrl { company: &viewer.company().to_string(), preview: &preview.to_string() }.to_url()
}

fn at(url: &str, page: i64) -> String {
    if page > 1 { format!("{url}?page={page}") } else { url.to_owned() }
}

/// Which page of it is asked for; the first, where that cannot be told.
fn number(query: Option<&str>) -> i64 {
    let asked = query.and_then(|query| Form::of_query(query).ok()?.text("page").ok()?);
    asked.and_then(|page| page.parse().ok()).filter(|page| (1..=1_000).contains(page)).unwrap_or(1)
}

async fn preview_of(site: &Site, viewer: &AsCompany, which: &Which) -> Result<Preview, SiteError> {
    let id = id_in(&which.preview)?;
    site.boards().preview(viewer, id).await?.ok_or_else(missing)
}

/// `GET /companies/{company}/boards/previews/{preview}`
pub(crate) async fn preview(
    State(site): State<Site>,
    company: ForCompany,
    Path(which): Path<Which>,
    RawQuery(query): RawQuery,
) -> Result<Response, SiteError> {
    let viewer = company.to(Act::Vacancies)?;
    let preview = preview_of(&site, viewer, &which).await?;
    show(&site, viewer, &preview, number(query.as_deref()), None).await
}

async fn show(
    site: &Site,
    viewer: &AsCompany,
    preview: &Preview,
    number: i64,
    refused: Option<String>,
) -> Result<Response, SiteError> {
    let boards = site.boards();
    let offered = boards.offered(preview, (number - 1) * ON_A_PAGE, ON_A_PAGE).await?;
    let said = match boards.at(viewer, &preview.address).await? {
        Some(board) => board.said()?,
        None => Said::default(),
    };
    let words = site.vocabulary();
    let cards: Vec<Card> = offered.into_iter().map(|one| Card::of(viewer, one, &words)).collect();
    let url = url(viewer, preview.id);
    let last = (preview.offered + ON_A_PAGE - 1) / ON_A_PAGE;
    let pages = (1..=last).map(|page| (page, at(&url, page), page == number)).collect();
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let main = render(&PreviewPage {
        viewer,
        vacancies_url: vacancies_url(viewer),
        list_url: list_url(viewer),
        url: at(&url, number),
        called: called(&preview.address),
        is_files: is_files(&preview.address),
        listed: preview.listed,
        offered: preview.offered,
        can_take: cards.iter().any(|card| card.can_take),
        cards,
        unread: parsed(&preview.unread)?,
        screening: among(&choices(Screening::label), &said.screening),
        said,
        pages,
        refused,
    })?;
    page("What was found", main, viewer).answer_private(site, status)
}

fn among(all: &[(String, String)], chosen: &str) -> Vec<Choice> {
    all.iter().map(|(id, label)| (id.clone(), label.clone(), id == chosen)).collect()
}

impl Card {
    fn of(viewer: &AsCompany, offered: Offered, words: &Vocabulary) -> Self {
        let Offered { nth, draft, shown, stands } = offered;
        let mut facts = Vec::new();
        facts.extend((!shown.place.is_empty()).then_some(shown.place));
        facts.extend(crate::vacancy::Remote::parse(&draft.remote).map(|remote| remote.label().to_owned()));
        facts.extend(crate::vacancy::Employment::parse(&draft.employment).map(|one| one.label().to_owned()));
        if shown.pay.is_empty() {
            facts.push("No pay is stated".to_owned());
        }
        facts.extend(shown.pay);
        let kept = match stands {
            Stands::Kept(id) => Some((vacancy_url(viewer, id), "It is here already, and says the same.")),
            Stands::Changed(id) => {
                Some((vacancy_url(viewer, id), "It is here already, and the board says something else since."))
            }
            Stands::New | Stands::Over => None,
        };
        Self {
            nth,
            title: draft.title,
            facts,
            because: shown.because,
            lacks: shown.lacks,
            roles: among(&words.roles, &draft.role),
            levels: among(&words.levels, &draft.level),
            kept,
            is_over: stands == Stands::Over,
            can_take: !matches!(stands, Stands::Kept(_)),
            is_ticked: matches!(stands, Stands::New | Stands::Changed(_)),
        }
    }

    /// Whether it would be a draft of its own.
    fn is_new(&self) -> bool {
        self.can_take && self.kept.is_none()
    }
}

/// `POST /companies/{company}/boards/previews/{preview}`: keeps what was chosen, as drafts.
pub(crate) async fn keep(
    State(site): State<Site>,
    company: ForCompany,
    Path(which): Path<Which>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, SiteError> {
    let viewer = company.to(Act::Vacancies)?;
    let preview = preview_of(&site, viewer, &which).await?;
    let sent = Form::read(&headers, body, &site.config().practice).await?;
    let text = |name: &str| sent.text(name).map(Option::unwrap_or_default);
    let mut chosen = Vec::new();
    for nth in sent.all("take")?.iter().take(usize::try_from(ON_A_PAGE).unwrap_or(usize::MAX)) {
        let Ok(nth) = nth.parse() else { continue };
        chosen.push(Chosen { nth, role: text(&format!("role:{nth}"))?, level: text(&format!("level:{nth}"))? });
    }
    if chosen.is_empty() {
        let says = "Tick at least one posting.".to_owned();
        return show(&site, viewer, &preview, number(query.as_deref()), Some(says)).await;
    }
    let said = Said {
        process: text("process")?,
        screening: text("screening")?,
        zone_from: text("zone_from")?,
        zone_to: text("zone_to")?,
    };
    let today = site.vacancies().now().to_zoned(TimeZone::UTC).date();
    let rules = Rules { words: site.vocabulary(), today };
    match site.boards().keep(viewer, preview.id, chosen, said, rules).await {
        Ok(Some(_)) => {
            site.vacancies().catch_up().await?;
            Ok(see(&at(&url(viewer, preview.id), number(query.as_deref()))))
        }
        Ok(None) => Err(missing()),
        Err(SiteError::Refused(says)) => show(&site, viewer, &preview, number(query.as_deref()), Some(says)).await,
        Err(error) => Err(error),
    }
}
