//! `/vacancies/{vacancy}/apply`: a letter, what the company sees now, and what it sees besides when it says yes; all of it looked at before it
//! is sent.

use super::Eyes;
use super::accept::{missing, purpose, until, usual};
use crate::account::Session;
use crate::error::{Missing, SiteError};
use crate::grant::{Offered, choices, facts};
use crate::introduction::NewApplication;
use crate::introduction::begin::{LONGEST_LETTER, SHORTEST, checked_text};
use crate::page::{Html, render, see};
use crate::practice::Form;
use crate::profile::SeenPart;
use crate::routes::{VacancyApplyUrl, VacancyUrl};
use crate::site::Site;
use crate::vacancy::PublicVacancy;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use jobfuture_disclosure::{Audience, Error, Fact, MOST_DAYS, NewGrant, Terms};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Days for which a company sees what came with an application.
const DAYS: i64 = 90;

#[derive(Template)]
#[template(path = "introduction/pages/apply.html")]
struct Apply {
    vacancy_url: String,
    url: String,
    title: String,
    company: String,
    pay: String,
    letter: String,
    choices: Html,
    later: Html,
    missing: Vec<(&'static str, String)>,
    no_room: Option<String>,
    room: String,
    shortest: usize,
    longest: usize,
    figures: Html,
    wrong: Option<String>,
}

#[derive(Template)]
#[template(path = "introduction/pages/apply_look.html")]
struct Look {
    vacancy_url: String,
    url: String,
    title: String,
    company: String,
    pay: String,
    letter: String,
    paragraphs: Vec<String>,
    now: Option<Html>,
    then: Option<Html>,
    facts: Vec<String>,
    later: Vec<String>,
    has_later: bool,
}

/// What stands in the form.
#[derive(Debug, Clone, Default)]
struct Application {
    letter: String,
    facts: Vec<String>,
    later: Vec<String>,
}

impl Application {
    fn read(form: &Form) -> Result<Self, SiteError> {
        let letter = form.text("letter")?.unwrap_or_default();
        Ok(Self { letter, facts: form.all("fact")?, later: form.all("later")? })
    }

    /// What is shown now, and what is shown besides when the company says yes.
    fn chosen(&self) -> Result<(BTreeSet<Fact>, BTreeSet<Fact>), String> {
        let gone = || "One of the things to show is not there any more. Choose among those below.".to_owned();
        let now = facts(&self.facts).ok_or_else(gone)?;
        let later = facts(&self.later).ok_or_else(gone)?;
        if now.is_empty() {
            return Err("Choose at least one thing that the company sees now. It reads your letter with it.".to_owned());
        }
        let later = later.difference(&now).copied().collect();
        Ok((now, later))
    }
}

async fn open(site: &Site, vacancy: &str) -> Result<PublicVacancy, SiteError> {
    let missing = || SiteError::NotFound(Missing::Vacancy);
    let id = Uuid::try_parse(vacancy).map_err(|_| missing())?;
    site.vacancies().public(id).await?.filter(|one| one.closed.is_none()).ok_or_else(missing)
}

/// `GET /vacancies/{vacancy}/apply`
pub(crate) async fn apply_form(
    State(site): State<Site>,
    session: Session,
    Path(vacancy): Path<String>,
) -> Result<Response, SiteError> {
    let found = open(&site, &vacancy).await?;
    let later = usual(&site, session.owner().key()).await?;
    form(&site, &session, &found, Application { later, ..Application::default() }, None).await
}

async fn form(
    site: &Site,
    session: &Session,
    vacancy: &PublicVacancy,
    typed: Application,
    wrong: Option<(StatusCode, String)>,
) -> Result<Response, SiteError> {
    let me = session.owner().key();
    let id = vacancy.id.to_string();
    let room = site.introductions().room_of(me).await?;
    let (status, wrong) = wrong.unzip();
    let main = render(&Apply {
        vacancy_url: VacancyUrl { vacancy: &id }.to_url(),
        url: VacancyApplyUrl { vacancy: &id }.to_url(),
        title: vacancy.terms.title.clone(),
        company: vacancy.company_name.clone(),
        pay: vacancy.terms.pay.words(),
        letter: typed.letter,
        choices: choices(site, me, "fact", Offered::All, &typed.facts).await?,
        later: choices(site, me, "later", Offered::Identity, &typed.later).await?,
        missing: missing(site, me).await?,
        no_room: room.of_applications(),
        room: format!(
            "{} of {} applications of yours wait; {} of {} were sent within 24 hours.",
            room.waiting, room.most, room.today, room.most_a_day
        ),
        shortest: SHORTEST,
        longest: LONGEST_LETTER,
        figures: site.introductions().figures(vacancy.company).await?.part()?,
        wrong,
    })?;
    page(session, "Apply", main).answer_private(site, status.unwrap_or(StatusCode::OK))
}

fn page(session: &Session, title: &str, main: Html) -> crate::page::Page {
    super::page(Eyes::Candidate(session), title, main)
}

/// `POST /vacancies/{vacancy}/apply`: looks at it, changes it, or sends it.
pub(crate) async fn apply(
    State(site): State<Site>,
    session: Session,
    Path(vacancy): Path<String>,
    sent: Form,
) -> Result<Response, SiteError> {
    let typed = Application::read(&sent)?;
    let found = match open(&site, &vacancy).await {
        Ok(found) => found,
        Err(SiteError::NotFound(_)) => return Ok(see(&VacancyUrl { vacancy: &vacancy }.to_url())),
        Err(error) => return Err(error),
    };
    let what = sent.text("do")?.unwrap_or_default();
    if what == "change" {
        return form(&site, &session, &found, typed, None).await;
    }
    let unprocessable = |says: String| Some((StatusCode::UNPROCESSABLE_ENTITY, says));
    let checked = checked_text(&typed.letter, "Your letter", SHORTEST, LONGEST_LETTER);
    let (letter, chosen) = match checked.and_then(|letter| Ok((letter, typed.chosen()?))) {
        Ok(checked) => checked,
        Err(wrong) => return form(&site, &session, &found, typed, unprocessable(wrong)).await,
    };
    if what != "send" {
        return look(&site, &session, &found, &typed, &letter, chosen).await;
    }
    let new = match granted(&site, &session, &found, letter, chosen) {
        Ok(new) => new,
        Err(Error::Refused(wrong)) => return form(&site, &session, &found, typed, unprocessable(wrong)).await,
        Err(error) => return Err(error.into()),
    };
    match site.introductions().begin_application(session.owner().key(), new).await {
        Ok(begun) => Ok(see(&Eyes::Candidate(&session).url(begun.id))),
        Err(fault) => {
            let wrong = fault.told()?;
            form(&site, &session, &found, typed, Some(wrong)).await
        }
    }
}

fn granted(
    site: &Site,
    session: &Session,
    vacancy: &PublicVacancy,
    letter: String,
    (now, later): (BTreeSet<Fact>, BTreeSet<Fact>),
) -> Result<NewApplication, Error> {
    let me = session.owner().key();
    let purpose = purpose("Application", &vacancy.terms.title);
    let audience = || Audience::Company(vacancy.company);
    let grant = NewGrant { audience: audience(), facts: now, purpose: purpose.clone(), days: DAYS };
    let promised = match later.is_empty() {
        true => None,
        false => {
            // It ends with the conversation, and after a year at the latest.
            let new = NewGrant { audience: audience(), facts: later, purpose, days: MOST_DAYS };
            Some(site.disclosure().promised_grant(me, new)?)
        }
    };
    Ok(NewApplication { vacancy: vacancy.id, letter, grant: site.disclosure().ready_grant(me, grant)?, promised })
}

/// What the company will see, by the door.
async fn look(
    site: &Site,
    session: &Session,
    vacancy: &PublicVacancy,
    typed: &Application,
    letter: &str,
    (now, later): (BTreeSet<Fact>, BTreeSet<Fact>),
) -> Result<Response, SiteError> {
    let me = session.owner().key();
    let terms =
        Terms { purpose: purpose("Application", &vacancy.terms.title), until: until(site.introductions().now(), DAYS) };
    let has_later = !later.is_empty();
    let both: BTreeSet<Fact> = now.union(&later).copied().collect();
    let seen = site.disclosure().preview_with(me, vacancy.company, now, terms.clone()).await?;
    let then = match has_later {
        true => site.disclosure().preview_with(me, vacancy.company, both, terms).await?,
        false => None,
    };
    let part = |seen: Option<jobfuture_disclosure::Seen>| {
        seen.map(|seen| render(&SeenPart::of(&seen, site.library()))).transpose()
    };
    let id = vacancy.id.to_string();
    let main = render(&Look {
        vacancy_url: VacancyUrl { vacancy: &id }.to_url(),
        url: VacancyApplyUrl { vacancy: &id }.to_url(),
        title: vacancy.terms.title.clone(),
        company: vacancy.company_name.clone(),
        pay: vacancy.terms.pay.words(),
        letter: letter.to_owned(),
        paragraphs: letter.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect(),
        now: part(seen)?,
        then: part(then)?,
        facts: typed.facts.clone(),
        later: typed.later.clone(),
        has_later,
    })?;
    page(session, "A last look at your application", main).answer_private(site, StatusCode::OK)
}
