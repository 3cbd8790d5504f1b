//! What each side does in one before both have said yes: questions, answers, a no, and taking it back.

use super::one::Which;
use super::{Eyes, Shown, Typed, page, show, told};
use crate::account::Session;
use crate::company::ForCompany;
use crate::error::SiteError;
use crate::introduction::begin::{LONGEST_LETTER, checked_text};
use crate::introduction::{Declined, Doing, Introduction, Move, Side, Words};
use crate::page::{render, see};
use crate::practice::Form;
use crate::site::Site;
use askama::Template;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};

/// The shortest question or answer, in characters.
const SHORTEST: usize = 2;
/// The longest words beside a no.
const LONGEST_FAREWELL: usize = 1_000;

/// Which version of a conversation a form was made of.
pub(super) fn version(form: &Form) -> Result<i64, SiteError> {
    let said = form.text("version")?.unwrap_or_default().trim().parse();
    said.map_err(|_| SiteError::UnreadableForm("The form does not say what it was made of.".to_owned()))
}

/// Does something and goes back to the page; or shows the page as it is now, with what was typed.
pub(super) async fn step(
    site: &Site,
    eyes: Eyes<'_>,
    one: &Introduction,
    doing: Doing,
    typed: Typed,
) -> Result<Response, SiteError> {
    match site.introductions().step(eyes.actor(), doing).await {
        Ok(_) => Ok(see(&eyes.url(one.id))),
        Err(fault) => {
            let (status, says) = told(fault)?;
            let one = eyes.find(site, &one.id.to_string()).await?;
            show(site, eyes, &one, Shown { status, wrong: Some(says), typed, ..Shown::default() }).await
        }
    }
}

/// A question, or an answer.
async fn say(
    site: &Site,
    eyes: Eyes<'_>,
    id: &str,
    (headers, body): (HeaderMap, Body),
    (what, field, called): (Move, &'static str, &str),
) -> Result<Response, SiteError> {
    let form = Form::read(&headers, body, &site.config().practice).await?;
    let one = eyes.find(site, id).await?;
    let said = form.text(field)?.unwrap_or_default();
    let typed = Typed::from([(field, said.clone())]);
    let text = match checked_text(&said, called, SHORTEST, LONGEST_LETTER) {
        Ok(text) => text,
        Err(wrong) => {
            let shown =
                Shown { status: StatusCode::UNPROCESSABLE_ENTITY, wrong: Some(wrong), typed, ..Shown::default() };
            return show(site, eyes, &one, shown).await;
        }
    };
    let doing = Doing::new(one.id, what).at(version(&form)?).saying(Words::new(text));
    step(site, eyes, &one, doing, typed).await
}

const QUESTION: (Move, &str, &str) = (Move::Ask, "question", "Your question");
const ANSWER: (Move, &str, &str) = (Move::Answer, "answer", "Your answer");

/// `POST /introductions/{introduction}/ask`
pub(crate) async fn ask_company(
    State(site): State<Site>,
    session: Session,
    Path(which): Path<Which>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, SiteError> {
    say(&site, Eyes::Candidate(&session), &which.introduction, (headers, body), QUESTION).await
}

/// `POST /introductions/{introduction}/answer`
pub(crate) async fn answer_request(
    State(site): State<Site>,
    session: Session,
    Path(which): Path<Which>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, SiteError> {
    say(&site, Eyes::Candidate(&session), &which.introduction, (headers, body), ANSWER).await
}

/// `POST /companies/{company}/introductions/{introduction}/ask`
pub(crate) async fn ask_candidate(
    State(site): State<Site>,
    company: ForCompany,
    Path(which): Path<Which>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, SiteError> {
    say(&site, Eyes::of(&company)?, &which.introduction, (headers, body), QUESTION).await
}

/// `POST /companies/{company}/introductions/{introduction}/answer`
pub(crate) async fn answer_application(
    State(site): State<Site>,
    company: ForCompany,
    Path(which): Path<Which>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, SiteError> {
    say(&site, Eyes::of(&company)?, &which.introduction, (headers, body), ANSWER).await
}

#[derive(Template)]
#[template(path = "introduction/pages/decline.html")]
struct Decline {
    list_url: String,
    url: String,
    about: String,
    is_company: bool,
    other: String,
    reasons: Vec<(&'static str, &'static str, bool)>,
    words: String,
    version: i64,
    wrong: Option<String>,
}

/// What was typed to say no, and what is wrong with it.
#[derive(Default)]
struct No {
    reason: String,
    words: String,
    wrong: Option<(StatusCode, String)>,
}

async fn decline_form(site: &Site, eyes: Eyes<'_>, id: &str, no: No) -> Result<Response, SiteError> {
    let one = eyes.find(site, id).await?;
    if !one.standing.may(eyes.side(), Move::Decline(Declined::Other), site.introductions().now()) && no.wrong.is_none()
    {
        return Ok(see(&eyes.url(one.id)));
    }
    let (status, wrong) = no.wrong.unzip();
    let main = render(&Decline {
        list_url: eyes.list_url(),
        url: eyes.url(one.id),
        about: one.terms.title.clone(),
        is_company: eyes.side() == Side::Company,
        other: eyes.other(&one),
        reasons: Declined::ALL.iter().map(|why| (why.id(), why.words(), why.id() == no.reason)).collect(),
        words: no.words,
        version: one.version,
        wrong,
    })?;
    page(eyes, "Say no", main).answer_private(site, status.unwrap_or(StatusCode::OK))
}

async fn decline(site: &Site, eyes: Eyes<'_>, id: &str, headers: HeaderMap, body: Body) -> Result<Response, SiteError> {
    let form = Form::read(&headers, body, &site.config().practice).await?;
    let one = eyes.find(site, id).await?;
    let text = |name| form.text(name).map(Option::unwrap_or_default);
    let mut no = No { reason: text("reason")?, words: text("words")?, wrong: None };
    let unprocessable = |says: &str| Some((StatusCode::UNPROCESSABLE_ENTITY, says.to_owned()));
    let Some(reason) = Declined::parse(&no.reason) else {
        no.wrong = unprocessable("Choose one reason. It is all that the other side has to know.");
        return decline_form(site, eyes, id, no).await;
    };
    let mut doing = Doing::new(one.id, Move::Decline(reason)).at(version(&form)?);
    // A candidate's words would not be left for the company, so none are asked for.
    if eyes.side() == Side::Company && !no.words.trim().is_empty() {
        match checked_text(&no.words, "Your text", SHORTEST, LONGEST_FAREWELL) {
            Ok(words) => doing = doing.saying(Words::new(words)),
            Err(wrong) => {
                no.wrong = unprocessable(&wrong);
                return decline_form(site, eyes, id, no).await;
            }
        }
    }
    match site.introductions().step(eyes.actor(), doing).await {
        Ok(_) => Ok(see(&eyes.url(one.id))),
        Err(fault) => {
            no.wrong = Some(told(fault)?);
            decline_form(site, eyes, id, no).await
        }
    }
}

/// `GET /introductions/{introduction}/decline`
pub(crate) async fn decline_request_form(
    State(site): State<Site>,
    session: Session,
    Path(which): Path<Which>,
) -> Result<Response, SiteError> {
    decline_form(&site, Eyes::Candidate(&session), &which.introduction, No::default()).await
}

/// `POST /introductions/{introduction}/decline`
pub(crate) async fn decline_request(
    State(site): State<Site>,
    session: Session,
    Path(which): Path<Which>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, SiteError> {
    decline(&site, Eyes::Candidate(&session), &which.introduction, headers, body).await
}

/// `GET /companies/{company}/introductions/{introduction}/decline`
pub(crate) async fn decline_application_form(
    State(site): State<Site>,
    company: ForCompany,
    Path(which): Path<Which>,
) -> Result<Response, SiteError> {
    decline_form(&site, Eyes::of(&company)?, &which.introduction, No::default()).await
}

/// `POST /companies/{company}/introductions/{introduction}/decline`
pub(crate) async fn decline_application(
    State(site): State<Site>,
    company: ForCompany,
    Path(which): Path<Which>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, SiteError> {
    decline(&site, Eyes::of(&company)?, &which.introduction, headers, body).await
}

#[derive(Template)]
#[template(path = "introduction/pages/withdraw.html")]
struct Withdraw {
    list_url: String,
    url: String,
    about: String,
    is_company: bool,
    is_open: bool,
    other: String,
    version: i64,
    wrong: Option<String>,
}

async fn withdrawal(
    site: &Site,
    eyes: Eyes<'_>,
    id: &str,
    wrong: Option<(StatusCode, String)>,
) -> Result<Response, SiteError> {
    let one = eyes.find(site, id).await?;
    if !one.standing.may(eyes.side(), Move::Withdraw, site.introductions().now()) && wrong.is_none() {
        return Ok(see(&eyes.url(one.id)));
    }
    let (status, wrong) = wrong.unzip();
    let main = render(&Withdraw {
        list_url: eyes.list_url(),
        url: eyes.url(one.id),
        about: one.terms.title.clone(),
        is_company: eyes.side() == Side::Company,
        is_open: one.is_open(),
        other: eyes.other(&one),
        version: one.version,
        wrong,
    })?;
    page(eyes, "End it", main).answer_private(site, status.unwrap_or(StatusCode::OK))
}

async fn withdraw(
    site: &Site,
    eyes: Eyes<'_>,
    id: &str,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, SiteError> {
    let form = Form::read(&headers, body, &site.config().practice).await?;
    let one = eyes.find(site, id).await?;
    let doing = Doing::new(one.id, Move::Withdraw).at(version(&form)?);
    match site.introductions().step(eyes.actor(), doing).await {
        Ok(_) => Ok(see(&eyes.url(one.id))),
        Err(fault) => withdrawal(site, eyes, id, Some(told(fault)?)).await,
    }
}

/// `GET /introductions/{introduction}/withdraw`
pub(crate) async fn confirm_withdrawal(
    State(site): State<Site>,
    session: Session,
    Path(which): Path<Which>,
) -> Result<Response, SiteError> {
    withdrawal(&site, Eyes::Candidate(&session), &which.introduction, None).await
}

/// `POST /introductions/{introduction}/withdraw`
pub(crate) async fn withdraw_application(
    State(site): State<Site>,
    session: Session,
    Path(which): Path<Which>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, SiteError> {
    withdraw(&site, Eyes::Candidate(&session), &which.introduction, headers, body).await
}

/// `GET /companies/{company}/introductions/{introduction}/withdraw`
pub(crate) async fn confirm_company_withdrawal(
    State(site): State<Site>,
    company: ForCompany,
    Path(which): Path<Which>,
) -> Result<Response, SiteError> {
    withdrawal(&site, Eyes::of(&company)?, &which.introduction, None).await
}

/// `POST /companies/{company}/introductions/{introduction}/withdraw`
pub(crate) async fn withdraw_request(
    State(site): State<Site>,
    company: ForCompany,
    Path(which): Path<Which>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, SiteError> {
    withdraw(&site, Eyes::of(&company)?, &which.introduction, headers, body).await
}

/// `GET` of an address that only takes a form.
pub(crate) async fn form_was_left(
    State(site): State<Site>,
    session: Session,
    Path(which): Path<Which>,
) -> Result<Response, SiteError> {
    let eyes = Eyes::Candidate(&session);
    let one = eyes.find(&site, &which.introduction).await?;
    Ok(see(&eyes.url(one.id)))
}

/// The same, for a company.
pub(crate) async fn company_form_was_left(
    State(site): State<Site>,
    company: ForCompany,
    Path(which): Path<Which>,
) -> Result<Response, SiteError> {
    let eyes = Eyes::of(&company)?;
    let one = eyes.find(&site, &which.introduction).await?;
    Ok(see(&eyes.url(one.id)))
}
