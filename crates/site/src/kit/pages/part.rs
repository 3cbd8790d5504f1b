//! A plan on a page: whole for the company, and for the candidate without what answers are held against.

use super::NOT_ASKED;
use crate::error::SiteError;
use crate::guide::{level_id, level_name};
use crate::kit::plan::{Basis, Part, Plan, PlannedQuestion, RubricRow, Shown, ShownSignal, Thin, Why};
use crate::page::{Html, highlighted_content, render};
use crate::routes::{self, ProofUrl};
use askama::Template;
use jobfuture_content::{Block, Proof, TaskKind};

/// For whom a plan is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum For {
    /// Whoever asks.
    Company,
    /// Whoever asks, for a company that is not verified (any more): nothing is shown to it, whatever was granted.
    Unverified,
    /// Whoever is asked.
    Candidate,
}

/// A plan, rendered.
#[derive(Template)]
#[template(path = "kit/plan.html")]
pub(super) struct PlanPart<'a> {
    plan: &'a Plan<'a>,
    /// All signals, also those that say nothing of what the vacancy asks for.
    signals: &'a [ShownSignal],
    shows: For,
    topics: Vec<TopicView<'a>>,
    not_asked: [(&'static str, &'static str); 8],
}

struct TopicView<'a> {
    thin: &'a Thin<'a>,
    questions: Vec<QuestionView<'a>>,
}

struct QuestionView<'a> {
    asked: &'a PlannedQuestion<'a>,
    url: String,
    /// Heading, class and HTML of what its answers are held against; nothing for the candidate.
    parts: Vec<(&'static str, &'static str, Html)>,
}

#[derive(Template)]
#[template(path = "kit/code.html")]
struct Code<'a> {
    proof: &'a Proof,
    highlighted: Html,
    url: String,
}

impl<'a> PlanPart<'a> {
    pub fn new(plan: &'a Plan<'a>, shown: &'a Shown, shows: For) -> Result<Self, SiteError> {
        let topics = plan.thin.iter().map(|thin| {
            let questions = thin.questions.iter().map(|asked| QuestionView::new(asked, shows));
            Ok::<_, SiteError>(TopicView { thin, questions: questions.collect::<Result<_, _>>()? })
        });
        Ok(Self {
            plan,
            signals: &shown.signals,
            shows,
            topics: topics.collect::<Result<_, _>>()?,
            not_asked: NOT_ASKED,
        })
    }

    fn is_company(&self) -> bool {
        self.shows != For::Candidate
    }

    fn is_unverified(&self) -> bool {
        self.shows == For::Unverified
    }

    fn why(&self, thin: &Thin<'_>) -> String {
        match (&thin.why, self.shows) {
            (Why::Claimed, For::Company | For::Unverified) => {
                "The candidate says that they can do it; no signal shows it.".to_owned()
            }
            (Why::Claimed, For::Candidate) => {
                "You say that you can do it; no signal that the company sees shows it.".to_owned()
            }
            (Why::NotMentioned, For::Company) => {
                "Nothing that you see mentions it. Nothing follows from that about whether they can do it.".to_owned()
            }
            (Why::NotMentioned, For::Unverified) => "Nothing is shown to you, so it is not known yet.".to_owned(),
            (Why::NotMentioned, For::Candidate) => "Nothing that the company sees mentions it.".to_owned(),
            (Why::ShownBelow(signal), _) => {
                format!(
                    "Shown by a signal, “{}”. The vacancy asks for a higher level, of which that says nothing.",
                    signal.title
                )
            }
        }
    }

    /// What is done with a signal's own words.
    fn behaviours(&self, signal: &ShownSignal) -> String {
        signal.behaviours.join("; ")
    }

    fn has_task_time(&self) -> bool {
        self.plan.minutes(Part::Task) > 0
    }

    fn task_minutes(&self) -> u32 {
        self.plan.minutes(Part::Task)
    }

    fn task_url(&self) -> String {
        self.plan.task.as_ref().map(|task| routes::variant_url(&task.task.id, task.variant)).unwrap_or_default()
    }

    fn task_topics(&self) -> String {
        self.plan.task.as_ref().map(|task| task.topics.join(", ")).unwrap_or_default()
    }

    /// What kind of task, without which.
    fn task_kind(&self) -> &'static str {
        match self.plan.task.as_ref().map(|task| task.task.manifest.kind) {
            Some(TaskKind::Migrate) => "You write migrations for a table that is full, and they are run.",
            Some(TaskKind::Tests) => {
                "You write tests, and they are run against versions of an application that work and that do not."
            }
            Some(TaskKind::Serve) | None => "You change a running application, and what it answers is looked at.",
        }
    }

    fn basis(&self, row: &RubricRow<'_>) -> String {
        match row.basis {
            Basis::Role(role) => format!("In the words of the role {}.", role.title),
            Basis::Answers => "No role describes this competency yet, so the steps are told by answers.".to_owned(),
        }
    }
}

impl<'a> QuestionView<'a> {
    fn new(asked: &'a PlannedQuestion<'a>, shows: For) -> Result<Self, SiteError> {
        let PlannedQuestion { guide, section, question } = *asked;
        let parts = match shows {
            For::Candidate => Vec::new(),
            For::Company | For::Unverified => vec![
                ("Why it is asked", "why", blocks(&question.why)?),
                ("A strong answer", "strong", blocks(&question.strong)?),
                ("A weak answer", "weak", blocks(&question.weak)?),
                ("Follow-up", "follow-up", blocks(&question.follow_up)?),
            ],
        };
        Ok(Self { asked, url: routes::question_url(&guide.id, &section.id, &question.id), parts })
    }

    fn level_name(&self) -> &'static str {
        level_name(self.asked.question.level)
    }

    fn level_id(&self) -> &'static str {
        level_id(self.asked.question.level)
    }
}

/// Text with its code to be read; it is run in the guide.
fn blocks(blocks: &[Block]) -> Result<Html, SiteError> {
    let mut html = Html::default();
    for block in blocks {
        match block {
            Block::Html(text) => html.push(&Html::from_content(text.as_str())),
            Block::Proof(proof) => {
                let url = ProofUrl { guide: &proof.guide, proof: &proof.id }.to_url();
                html.push(&render(&Code { proof, highlighted: highlighted_content(&proof.code), url })?);
            }
        }
    }
    Ok(html)
}
