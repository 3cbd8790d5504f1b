//! What each side does in one before both have said yes: questions, answers, a no, and taking it back. Each handler is for both, each at
//! an address of its own.

use super::one::Which;
use super::{Eyes, Party, Shown, Typed, page, show};
use crate::error::SiteError;
use crate::introduction::begin::{LONGEST_LETTER, checked_text};
use crate::introduction::{Declined, Doing, Introduction, Move, Side, Words};
use crate::page::{render, see};
use crate::practice::Form;
use crate::site::Site;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use jobfuture_codes::Code;

/// The shortest question or answer, in characters.
const SHORTEST: usize = 2;
/// The longest words beside a no.
const LONGEST_FAREWELL: usize = 1_000;

/// Which version of a conversation a form was made of.
pub(in crate::introduction) fn version(form: &Form) -> Result<i64, SiteError> {
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
            let (status, says) = fault.told()?;
            let one = eyes.find(site, &one.id.to_string()).await?;
            show(site, eyes, &one, Shown { status, wrong: Some(says), typed, ..Shown::default() }).await
        }
    }
}

/// A question or an answer: which move it is, its field, and what it is called.
async fn say(
    site: &Site,
    eyes: Eyes<'_>,
    id: &str,
    form: &Form,
    (what, field, called): (Move, &'static str, &str),
) -> Result<Response, SiteError> {
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
    let doing = Doing::new(one.id, what).at(version(form)?).saying(Words::new(text));
    step(site, eyes, &one, doing, typed).await
}

/// `POST …/ask`
pub(crate) async fn ask(
    State(site): State<Site>,
    party: Party,
    Path(which): Path<Which>,
    form: Form,
) -> Result<Response, SiteError> {
    say(&site, party.eyes()?, &which.introduction, &form, (Move::Ask, "question", "Your question")).await
}

/// `POST …/answer`
pub(crate) async fn answer(
    State(site): State<Site>,
    party: Party,
    Path(which): Path<Which>,
    form: Form,
) -> Result<Response, SiteError> {
    say(&site, party.eyes()?, &which.introduction, &form, (Move::Answer, "answer", "Your answer")).await
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

async fn show_decline(site: &Site, eyes: Eyes<'_>, id: &str, no: No) -> Result<Response, SiteError> {
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

/// `GET …/decline`
pub(crate) async fn decline_form(
    State(site): State<Site>,
    party: Party,
    Path(which): Path<Which>,
) -> Result<Response, SiteError> {
    show_decline(&site, party.eyes()?, &which.introduction, No::default()).await
}

/// `POST …/decline`
pub(crate) async fn decline(
    State(site): State<Site>,
    party: Party,
    Path(which): Path<Which>,
    form: Form,
) -> Result<Response, SiteError> {
    let (eyes, id) = (party.eyes()?, &which.introduction);
    let one = eyes.find(&site, id).await?;
    let text = |name| form.text(name).map(Option::unwrap_or_default);
    let mut no = No { reason: text("reason")?, words: text("words")?, wrong: None };
    let unprocessable = |says: &str| Some((StatusCode::UNPROCESSABLE_ENTITY, says.to_owned()));
    let Some(reason) = Declined::parse(&no.reason) else {
        no.wrong = unprocessable("Choose one reason. It is all that the other side has to know.");
        return show_decline(&site, eyes, id, no).await;
    };
    let mut doing = Doing::new(one.id, Move::Decline(reason)).at(version(&form)?);
    // A candidate's words would not be left for the company, so none are asked for.
    if eyes.side() == Side::Company && !no.words.trim().is_empty() {
        match checked_text(&no.words, "Your text", SHORTEST, LONGEST_FAREWELL) {
            Ok(words) => doing = doing.saying(Words::new(words)),
            Err(wrong) => {
                no.wrong = unprocessable(&wrong);
                return show_decline(&site, eyes, id, no).await;
            }
        }
    }
    match site.introductions().step(eyes.actor(), doing).await {
        Ok(_) => Ok(see(&eyes.url(one.id))),
        Err(fault) => {
            no.wrong = Some(fault.told()?);
            show_decline(&site, eyes, id, no).await
        }
    }
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

async fn show_withdrawal(
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

/// `GET …/withdraw`
pub(crate) async fn confirm_withdrawal(
    State(site): State<Site>,
    party: Party,
    Path(which): Path<Which>,
) -> Result<Response, SiteError> {
    show_withdrawal(&site, party.eyes()?, &which.introduction, None).await
}

/// `POST …/withdraw`
pub(crate) async fn withdraw(
    State(site): State<Site>,
    party: Party,
    Path(which): Path<Which>,
    form: Form,
) -> Result<Response, SiteError> {
    let eyes = party.eyes()?;
    let one = eyes.find(&site, &which.introduction).await?;
    let doing = Doing::new(one.id, Move::Withdraw).at(version(&form)?);
    match site.introductions().step(eyes.actor(), doing).await {
        Ok(_) => Ok(see(&eyes.url(one.id))),
        Err(fault) => show_withdrawal(&site, eyes, &which.introduction, Some(fault.told()?)).await,
    }
}

/// `GET` of an address that only takes a form.
pub(crate) async fn form_was_left(
    State(site): State<Site>,
    party: Party,
    Path(which): Path<Which>,
) -> Result<Response, SiteError> {
    let eyes = party.eyes()?;
    let one = eyes.find(&site, &which.introduction).await?;
    Ok(see(&eyes.url(one.id)))
}
