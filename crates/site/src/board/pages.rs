//! `/companies/{company}/boards`: a company's boards, how each stands, and what may be done with it.

use super::look::{Looked, NotRead, look};
use super::preview::offer_all;
use super::store::{CompanyBoard, Taken, called, parsed};
use super::sync::WITHIN_A_REQUEST;
use super::upload::{ADAPTERS, MOST};
use crate::company::ForCompany;
use crate::error::{Missing, SiteError, id_in};
use crate::page::{Html, Nav, NextSteps, Page, Step, moment, render, see};
use crate::practice::Form;
use crate::routes::{self, BoardFileUrl, BoardUrl, CompanyBoardsUrl, CompanyVacanciesUrl, OwnVacancyUrl};
use crate::site::Site;
use crate::vacancy::State;
use askama::Template;
use axum::extract::{Path, State as With};
use axum::response::Response;
use http::StatusCode;
use jobfuture_boards::Board;
use jobfuture_codes::Code;
use jobfuture_disclosure::{Act, AsCompany};
use jobfuture_outbound::Version;
use serde::Deserialize;
use uuid::Uuid;

/// Which of a company's boards.
#[derive(Deserialize)]
pub(crate) struct Which {
    board: String,
}

impl Which {
    fn id(&self) -> Result<Uuid, SiteError> {
        id_in(&self.board)
    }
}

#[derive(Template)]
#[template(path = "board/boards.html")]
struct BoardsPage<'a> {
    viewer: &'a AsCompany,
    vacancies_url: String,
    list_url: String,
    file_url: String,
    lines: Vec<Line>,
    form: BoardsForm,
    forms: Vec<String>,
    is_asking: bool,
    most: u64,
}

/// What was typed, and what is wrong with it.
#[derive(Default)]
pub(super) struct BoardsForm {
    pub address: String,
    pub wrong: Option<String>,
    pub wrong_file: Option<String>,
    /// What was pasted instead of a file.
    pub pasted: String,
}

struct Line {
    url: String,
    called: String,
    facts: Vec<String>,
    waits: Option<String>,
}

#[derive(Template)]
#[template(path = "board/board.html")]
struct BoardPage<'a> {
    viewer: &'a AsCompany,
    vacancies_url: String,
    list_url: String,
    line: Line,
    board: &'a CompanyBoard,
    fault: Option<String>,
    unread: Vec<String>,
    taken: Vec<TakenLine>,
    missing: usize,
}

struct TakenLine {
    title: String,
    url: Option<String>,
    facts: Vec<String>,
    says: Option<String>,
}

pub(super) fn missing() -> SiteError {
    SiteError::NotFound(Missing::Page)
}

pub(super) fn list_url(viewer: &AsCompany) -> String {
    CompanyBoardsUrl { company: &viewer.company().to_string() }.to_url()
}

pub(super) fn vacancies_url(viewer: &AsCompany) -> String {
    CompanyVacanciesUrl { company: &viewer.company().to_string() }.to_url()
}

pub(super) fn vacancy_url(viewer: &AsCompany, id: Uuid) -> String {
    OwnVacancyUrl { company: &viewer.company().to_string(), vacancy: &id.to_string() }.to_url()
}

fn board_url(viewer: &AsCompany, id: Uuid) -> String {
    BoardUrl { company: &viewer.company().to_string(), board: &id.to_string() }.to_url()
}

pub(super) fn page(title: &str, main: Html, viewer: &AsCompany) -> Page {
    let next = NextSteps::new(Step::new(vacancies_url(viewer), "Your vacancies", "Drafts, open and closed ones."))
        .and(Step::new(list_url(viewer), "Your boards", "Where vacancies come in from, and how each stands."))
        .and(Step::new(
            routes::ABOUT_VACANCIES,
            "Rules for vacancies",
            "What every vacancy here says, and what ends one.",
        ));
    Page::unlisted(title, Nav::Company, main, next)
}

impl Line {
    fn of(viewer: &AsCompany, board: &CompanyBoard) -> Self {
        let mut facts = Vec::new();
        let read = if board.is_files() { "Brought on" } else { "Read on" };
        facts.extend(board.read_at.map(|at| format!("{read} {}", moment(at))));
        facts.extend(board.listed.map(|count| format!("{count} postings")));
        facts.extend(board.untaken.filter(|count| *count > 0).map(|count| format!("{count} of them not taken")));
        if board.last_fault.is_some() {
            facts.extend(board.last_at.map(|at| format!("Last tried on {}", moment(at))));
        }
        facts.extend(board.next_at.map(|at| format!("Looked at again on {}", moment(at))));
        let waits = if board.rests() {
            Some(
                "It could not be read several times and is not looked at any more. Look now, when it is mended."
                    .to_owned(),
            )
        } else if board.doubt.is_some() {
            Some("Vacancies are missing there. Say whether they are gone.".to_owned())
        } else {
            board.last_fault.as_ref().map(|_| "It could not be read the last time.".to_owned())
        };
        Self { url: board_url(viewer, board.id), called: called(&board.address), facts, waits }
    }
}

/// `GET /companies/{company}/boards`
pub(crate) async fn list(With(site): With<Site>, company: ForCompany) -> Result<Response, SiteError> {
    show_list(&site, company.to(Act::Vacancies)?, BoardsForm::default()).await
}

pub(super) async fn show_list(site: &Site, viewer: &AsCompany, form: BoardsForm) -> Result<Response, SiteError> {
    let is_wrong = form.wrong.is_some() || form.wrong_file.is_some();
    let status = if is_wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let boards = site.boards().all_of(viewer).await?;
    let list_url = list_url(viewer);
    let main = render(&BoardsPage {
        viewer,
        vacancies_url: vacancies_url(viewer),
        file_url: BoardFileUrl { company: &viewer.company().to_string() }.to_url(),
        list_url,
        lines: boards.iter().map(|board| Line::of(viewer, board)).collect(),
        form,
        forms: ADAPTERS.iter().map(ToString::to_string).collect(),
        is_asking: site.config().outbound.is_some(),
        most: MOST >> 20,
    })?;
    page("Your boards", main, viewer).answer_private(site, status)
}

/// `POST /companies/{company}/boards`: looks at an address, and shows what is there. Nothing of it is kept yet.
pub(crate) async fn bring(With(site): With<Site>, company: ForCompany, sent: Form) -> Result<Response, SiteError> {
    let viewer = company.to(Act::Vacancies)?;
    let address = sent.text("address")?.unwrap_or_default();
    let refuse = |wrong: String| BoardsForm { address: address.clone(), wrong: Some(wrong), ..BoardsForm::default() };
    let board = match Board::parse(&address) {
        Ok(board) => board,
        Err(fault) => return show_list(&site, viewer, refuse(fault.to_string())).await,
    };
    let preview = site.boards().begin_preview(viewer, board.to_string()).await?;
    let outbound = site.config().outbound.as_ref();
    match look(outbound, board, &Version::default(), WITHIN_A_REQUEST).await {
        Ok(Looked::Read { read, .. }) => offer_all(&site, viewer, preview, *read).await,
        // No version was named.
        Ok(Looked::Unchanged) => show_list(&site, viewer, refuse(NotRead::Long(0).to_string())).await,
        Err(fault) => show_list(&site, viewer, refuse(fault.to_string())).await,
    }
}

/// `GET /companies/{company}/boards/{board}`
pub(crate) async fn one(
    With(site): With<Site>,
    company: ForCompany,
    Path(which): Path<Which>,
) -> Result<Response, SiteError> {
    let viewer = company.to(Act::Vacancies)?;
    let board = site.boards().own(viewer, which.id()?).await?.ok_or_else(missing)?;
    let taken = site.boards().taken(&board).await?;
    let main = render(&BoardPage {
        viewer,
        vacancies_url: vacancies_url(viewer),
        list_url: list_url(viewer),
        line: Line::of(viewer, &board),
        fault: board.last_fault.clone(),
        unread: board.unread.as_deref().map(parsed).transpose()?.unwrap_or_default(),
        missing: taken.iter().filter(|one| one.missing_at.is_some()).count(),
        taken: taken.iter().map(|one| TakenLine::of(viewer, one)).collect(),
        board: &board,
    })?;
    page(&called(&board.address), main, viewer).answer_private(&site, StatusCode::OK)
}

impl TakenLine {
    fn of(viewer: &AsCompany, taken: &Taken) -> Self {
        let state = taken.state.as_deref().and_then(State::parse);
        let mut facts = vec![state.map_or("Its vacancy was deleted", State::label).to_owned()];
        facts.extend(taken.missing_at.map(|at| format!("Missing on the board since {}", moment(at))));
        facts.extend(taken.gone_at.map(|at| format!("Gone from the board on {}", moment(at))));
        let title = taken.title.as_deref().map(str::trim).filter(|title| !title.is_empty());
        Self {
            title: title.unwrap_or(&taken.external_id).to_owned(),
            url: taken.vacancy.map(|id| vacancy_url(viewer, id)),
            facts,
            says: taken.says.clone(),
        }
    }
}

/// `POST /companies/{company}/boards/{board}/look`
pub(crate) async fn look_now(
    With(site): With<Site>,
    company: ForCompany,
    Path(which): Path<Which>,
) -> Result<Response, SiteError> {
    let viewer = company.to(Act::Vacancies)?;
    let id = which.id()?;
    site.boards().sync_now(&site, viewer, id).await?.ok_or_else(missing)?;
    Ok(see(&board_url(viewer, id)))
}

/// `POST /companies/{company}/boards/{board}/close-missing`: somebody says that what is missing is gone.
pub(crate) async fn close_missing(
    With(site): With<Site>,
    company: ForCompany,
    Path(which): Path<Which>,
) -> Result<Response, SiteError> {
    let viewer = company.to(Act::Vacancies)?;
    let id = which.id()?;
    if !site.boards().close_missing(viewer, id).await? {
        return Err(missing());
    }
    site.vacancies().catch_up().await?;
    Ok(see(&board_url(viewer, id)))
}

/// `POST /companies/{company}/boards/{board}/remove`
pub(crate) async fn remove(
    With(site): With<Site>,
    company: ForCompany,
    Path(which): Path<Which>,
) -> Result<Response, SiteError> {
    let viewer = company.to(Act::Vacancies)?;
    if site.boards().remove(viewer, which.id()?).await? { Ok(see(&list_url(viewer))) } else { Err(missing()) }
}

/// `GET` of an address that only takes a form.
pub(crate) async fn form_was_left(company: ForCompany, Path(which): Path<Which>) -> Result<Response, SiteError> {
    let viewer = company.to(Act::Vacancies)?;
    Ok(see(&board_url(viewer, which.id()?)))
}
