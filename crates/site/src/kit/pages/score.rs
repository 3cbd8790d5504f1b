//! `/companies/{company}/introductions/{introduction}/kit/score`: one's own sheet, and all of them side by side once each is locked.

use super::{Which, brief, interviews_url, kit_url, missing, page, score_url, talk_of};
use crate::company::ForCompany;
use crate::error::SiteError;
use crate::kit::plan::{Length, Plan, RubricRow, Shown};
use crate::kit::sheet::{LONGEST_NOTE, Problem, Sheet, Would};
use crate::kit::store::{Kept, Sheets, Talk};
use crate::page::{NextSteps, Step, day, render, see};
use crate::practice::Form;
use crate::site::Site;
use askama::Template;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use jobfuture_codes::Code;
use jobfuture_disclosure::{Act, AsCompany};

#[derive(Template)]
#[template(path = "kit/score.html")]
struct Score<'a> {
    talk: &'a Talk,
    list_url: String,
    kit_url: String,
    score_url: String,
    rubric: &'a [RubricRow<'a>],
    sheets: &'a Sheets,
    /// What may still be filled in.
    form: Option<&'a Sheet>,
    is_sure: bool,
    /// Sheets that may be read: all, or one's own that is locked.
    table: Vec<(String, &'a Sheet)>,
    /// What was typed into a sheet that was locked already.
    unkept: Option<&'a Sheet>,
    wrong: &'a [Problem],
    longest: usize,
}

/// What was typed, and why it was not kept.
#[derive(Default)]
struct Typed {
    sheet: Option<Sheet>,
    is_sure: bool,
    wrong: Vec<Problem>,
    was_locked: bool,
}

impl Score<'_> {
    fn day(&self, time: &Timestamp) -> String {
        day(*time)
    }

    fn woulds(&self) -> &'static [Would] {
        Would::ALL
    }

    /// What is wrong with a field, if anything.
    fn fault(&self, field: &str) -> Option<&str> {
        self.wrong.iter().find(|problem| problem.field == field).map(|problem| problem.says.as_str())
    }

    fn note_id(&self, row: &RubricRow<'_>) -> String {
        format!("note-{}", row.topic.id)
    }

    fn note<'s>(&self, sheet: &'s Sheet, row: &RubricRow<'_>) -> &'s str {
        sheet.of(row.topic.id).map_or("", |graded| graded.note.as_str())
    }

    fn is_at(&self, sheet: &Sheet, row: &RubricRow<'_>, step: Option<usize>) -> bool {
        sheet.of(row.topic.id).and_then(|graded| graded.grade).map(usize::from) == step
    }

    /// The step in words.
    fn step(&self, sheet: &Sheet, row: &RubricRow<'_>) -> &'static str {
        let grade = sheet.of(row.topic.id).and_then(|graded| graded.grade);
        grade.and_then(|grade| row.anchors.get(usize::from(grade))).map_or("Not seen", |anchor| anchor.name)
    }

    fn would(&self, sheet: &Sheet) -> &'static str {
        sheet.would.map_or("Not said", Would::name)
    }
}

/// `GET …/kit/score`
pub(crate) async fn score(
    State(site): State<Site>,
    company: ForCompany,
    Path(which): Path<Which>,
) -> Result<Response, SiteError> {
    let (viewer, talk) = talk_of(&site, &company, Act::Interviews, &which).await?;
    show(&site, &company, viewer, &talk, Typed::default()).await
}

async fn show(
    site: &Site,
    company: &ForCompany,
    viewer: &AsCompany,
    talk: &Talk,
    typed: Typed,
) -> Result<Response, SiteError> {
    let sheets = site.kits().sheets(talk, company.session().owner()).await?;
    // Of the vacancy alone: a sheet has the same lines whatever is granted or taken back meanwhile.
    let (brief, nothing) = (brief(site, talk).await?, Shown::default());
    let plan = Plan::of(site.library(), &brief, &nothing, Length::default());
    let (blank, mine) = (Sheet::default(), sheets.mine());
    let kept = mine.and_then(|mine| mine.sheet.as_ref());
    let is_locked = mine.is_some_and(|mine| mine.locked_at.is_some());
    let may_fill = mine.is_some() && !is_locked;
    let readable = sheets.places.iter().filter(|place| sheets.are_open || place.is_mine && is_locked);
    let table = readable.filter_map(|place| Some((place.name.clone(), place.sheet.as_ref()?)));
    let is_refused = !typed.wrong.is_empty() || typed.was_locked;
    let status = if is_refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let main = render(&Score {
        talk,
        list_url: interviews_url(viewer),
        kit_url: kit_url(talk),
        score_url: score_url(talk),
        rubric: &plan.rubric,
        sheets: &sheets,
        form: may_fill.then(|| typed.sheet.as_ref().or(kept).unwrap_or(&blank)),
        is_sure: typed.is_sure,
        table: table.collect(),
        unkept: typed.sheet.as_ref().filter(|_| typed.was_locked),
        wrong: &typed.wrong,
        longest: LONGEST_NOTE,
    })?;
    let kit = Step::new(kit_url(talk), "The kit", "What to ask, what good answers show, what must not be asked.");
    let list = Step::new(interviews_url(viewer), "Interviews", "Conversations to which you were asked.");
    page("An interview's sheets", main, NextSteps::new(kit).and(list)).answer_private(site, status)
}

/// `POST …/kit/score`: keeps a draft, or locks it for good.
pub(crate) async fn keep(
    State(site): State<Site>,
    company: ForCompany,
    Path(which): Path<Which>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, SiteError> {
    let (viewer, talk) = talk_of(&site, &company, Act::Interviews, &which).await?;
    let form = Form::read(&headers, body, &site.config().practice).await?;
    let (brief, nothing) = (brief(&site, &talk).await?, Shown::default());
    let plan = Plan::of(site.library(), &brief, &nothing, Length::default());
    let sheet = Sheet::read(&form, &plan.rubric)?;
    let (locks, is_sure) = (form.text("do")?.as_deref() == Some("lock"), form.text("sure")?.is_some());
    let wrong = if locks { sheet.check_whole(&plan.rubric, is_sure) } else { sheet.check(&plan.rubric) };
    if !wrong.is_empty() {
        let typed = Typed { sheet: Some(sheet), is_sure, wrong, ..Typed::default() };
        return show(&site, &company, viewer, &talk, typed).await;
    }
    match site.kits().keep(&talk, company.session().owner(), &sheet, locks).await? {
        Kept::Done => Ok(see(&score_url(&talk))),
        Kept::Gone => Err(missing()),
        Kept::WasLocked => {
            let typed = Typed { sheet: Some(sheet), was_locked: true, ..Typed::default() };
            show(&site, &company, viewer, &talk, typed).await
        }
    }
}
