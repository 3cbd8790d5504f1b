//! One check of one person, as its rows say.

use super::sealed::{open_attempt, open_explain, open_item};
use super::{Condition, ItemKind, Loaded, Pace};
use jiff::Timestamp;
use jobfuture_codes::Code;
use jobfuture_content::{Answer, FileSet};
use jobfuture_db::record;
use jobfuture_disclosure::Sealer;
use jobfuture_grader::{ExplainBack, Verdict};
use psychometrics::adaptive::{SessionError, State};
use psychometrics::score::{Posterior, PosteriorError};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use strum::{EnumString, IntoStaticStr, VariantArray};
use uuid::Uuid;

/// Which attempt. Random: it tells neither when it was made nor whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AttemptId(pub(super) Uuid);

impl AttemptId {
    /// What an address says, if it is one.
    pub fn parse(text: &str) -> Option<Self> {
        text.parse().ok().map(Self)
    }

    /// As it stands in rows.
    pub fn uuid(self) -> Uuid {
        self.0
    }
}

impl std::fmt::Display for AttemptId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

record! {
    #[derive(Clone)]
    pub(super) struct AttemptRow {
        pub id: Uuid,
        pub account: Uuid,
        pub check_id: String,
        pub release: Uuid,
        pub condition: String,
        pub pace: i64,
        pub seed: i64,
        pub prior: Vec<u8>,
        pub earlier: Option<Uuid>,
        pub excluded: String,
        pub lends_answers: bool,
        pub quiet: bool,
        pub begun_at: Timestamp,
        pub spent_seconds: i64,
        pub heard_at: Option<Timestamp>,
        pub ended_at: Option<Timestamp>,
        pub ended_by: Option<String>,
    }
}

/// Columns of [`AttemptRow`].
pub(super) const ATTEMPT: &str = "id, account, check_id, release, condition, pace, seed, prior, earlier, excluded, \
     lends_answers, quiet, begun_at, spent_seconds, heard_at, ended_at, ended_by";

record! {
    #[derive(Clone)]
    pub(super) struct ItemRow {
        pub id: Uuid,
        pub place: i64,
        pub item: String,
        pub kind: String,
        pub seed: i64,
        pub outcome: Option<String>,
        pub seconds: Option<i64>,
        pub answer: Option<String>,
        pub category: Option<i64>,
        pub sealed_category: Option<String>,
        pub verdict: Option<String>,
        pub regraded: Option<i64>,
        pub sealed_regraded: Option<String>,
        pub regraded_as: Option<String>,
        pub regraded_verdict: Option<String>,
        pub regraded_for: Option<String>,
    }
}

/// Rows of an attempt's items, in order.
pub(super) const ITEMS: &str = "select attempt_item.id, place, attempt_item.item, kind, seed, outcome, seconds, answer,
       attempt_item.category, attempt_item.sealed_category, attempt_item.verdict, regrade.category as regraded,
       regrade.sealed_category as sealed_regraded, regrade.item as regraded_as,
       regrade.verdict as regraded_verdict, regrade.reason as regraded_for
     from attempt_item left join regrade on regrade.attempt_item = attempt_item.id
     where attempt = $1 order by place";

record! {
    #[derive(Clone)]
    pub(super) struct ExplainRow {
        pub attempt_item: Uuid,
        pub place: i64,
        pub question: String,
        pub answer: Option<String>,
        pub is_right: Option<bool>,
        pub sealed_is_right: Option<String>,
        pub closed_at: Option<Timestamp>,
    }
}

/// Rows of an attempt's questions about its own code, in order.
pub(super) const EXPLAINS: &str =
    "select attempt_item, attempt_explain.place, question, attempt_explain.answer, is_right, sealed_is_right,
       attempt_explain.closed_at
     from attempt_explain join attempt_item on attempt_item.id = attempt_explain.attempt_item
     where attempt_item.attempt = $1 order by attempt_item.place, attempt_explain.place";

/// Why a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum EndedBy {
    /// What was asked for is known.
    Settled,
    /// Everything that a check asks was asked.
    Full,
    /// The next thing would not have fitted into the time.
    Time,
    /// The person has met everything that is left.
    UsedUp,
    /// Its owner ended it.
    Stopped,
}

/// What became of something that was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is being worked on.
    Open,
    /// It was answered or handed in.
    Answered,
    /// It was put aside: the person had met it before.
    Known,
}

impl Outcome {
    /// As it stands in rows; what is open has none.
    pub(super) fn as_str(self) -> Option<&'static str> {
        match self {
            Self::Open => None,
            Self::Answered => Some("answered"),
            Self::Known => Some("known"),
        }
    }
}

/// One thing that was asked.
#[derive(Clone)]
pub struct AttemptItem {
    pub(super) row: Uuid,
    /// From 1.
    pub place: u32,
    /// Id of the item in the release.
    pub item: String,
    /// Question or task.
    pub kind: ItemKind,
    /// Which variant.
    pub seed: u64,
    /// What became of it.
    pub outcome: Outcome,
    /// Working time that it took, once it is closed.
    pub seconds: u64,
    /// A question's answer.
    pub answer: Option<Answer>,
    /// 0 or 1, or the number of behaviours shown, as first judged.
    pub category: Option<u8>,
    /// A task's verdict, the latest.
    pub verdict: Option<Verdict>,
    /// How a superseding version judged it: that item, its category, and why it was made.
    pub regrade: Option<(String, u8, String)>,
    /// Questions about the person's own code, in order.
    pub explain: Vec<AskedExplain>,
}

/// A question about one's own code, with what came of it.
#[derive(Clone)]
pub struct AskedExplain {
    /// The question.
    pub question: ExplainQuestion,
    /// As it was typed or chosen; nothing while it is open, and when it was passed over.
    pub answer: Option<String>,
    /// Whether it was right, once it is closed.
    pub is_right: Option<bool>,
    /// Whether it has been dealt with.
    pub is_closed: bool,
}

/// A question about one's own code, as it is stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExplainQuestion {
    /// In its task.
    pub id: String,
    /// HTML that the content made.
    pub prompt_html: String,
    /// To choose among; empty where it is typed.
    pub options: Vec<String>,
    /// Found by running the code.
    pub right: String,
    /// HTML that the content made, shown afterwards.
    pub explanation_html: String,
}

impl From<ExplainBack> for ExplainQuestion {
    fn from(found: ExplainBack) -> Self {
        let ExplainBack { id, prompt_html, options, answer, explanation_html, .. } = found;
        Self { id, prompt_html, options, right: answer, explanation_html }
    }
}

impl ExplainQuestion {
    /// Whether an answer is right: numbers as numbers, words without regard to case and outer white space.
    pub fn accepts(&self, answer: &str) -> bool {
        let (wanted, given) = (self.right.trim(), answer.trim());
        match (wanted.parse::<f64>(), given.replace(',', ".").parse::<f64>()) {
            (Ok(wanted), Ok(given)) => wanted == given,
            _ => wanted.eq_ignore_ascii_case(given),
        }
    }
}

/// What is written in a task so far.
#[derive(Debug, Clone)]
pub struct Work {
    /// The files that differ, or all that were sent.
    pub files: FileSet,
    /// When they arrived.
    pub saved_at: Timestamp,
    /// How often it was run.
    pub runs: u32,
    /// What came of the last run.
    pub last_run: Option<Verdict>,
}

/// What an attempt waits for.
pub enum Step<'a> {
    /// An answer.
    Question(&'a AttemptItem),
    /// Work to be handed in.
    Task(&'a AttemptItem),
    /// Answers about the person's own code.
    Explain(&'a AttemptItem),
    /// Nothing: it is over.
    Ended(EndedBy),
}

/// A check of one person, whole.
pub struct Attempt {
    pub(super) row: AttemptRow,
    /// In order.
    pub items: Vec<AttemptItem>,
    /// What it is asked from.
    pub release: Arc<Loaded>,
    /// Under which condition it is taken.
    pub condition: Condition,
    /// How much time there is.
    pub pace: Pace,
    /// What opened its rows, for what is done next.
    pub(super) sealer: Sealer,
}

/// Why an attempt's rows cannot be gone through again.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    /// Something that no code of ours writes.
    #[error("an attempt's row holds {0}")]
    Row(String),
    /// The release does not take its answers.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// A stored prior that is none, or impossible answers.
    #[error(transparent)]
    Posterior(#[from] PosteriorError),
}

impl Attempt {
    /// Puts rows together.
    pub(super) fn new(
        row: AttemptRow,
        items: Vec<ItemRow>,
        explains: Vec<ExplainRow>,
        release: Arc<Loaded>,
        sealer: &Sealer,
    ) -> Result<Self, Broken> {
        let row = open_attempt(sealer, row)?;
        let condition = Condition::parse(&row.condition).ok_or_else(|| odd("condition", &row.condition))?;
        let pace = Pace::parse(row.pace).ok_or_else(|| odd("pace", &row.pace.to_string()))?;
        let mut items: Vec<AttemptItem> =
            items.into_iter().map(|row| item_of(open_item(sealer, row)?)).collect::<Result<_, _>>()?;
        for explain in explains {
            if let Some(item) = items.iter_mut().find(|item| item.row == explain.attempt_item) {
                item.explain.push(explain_of(open_explain(sealer, explain)?)?);
            }
        }
        Ok(Self { row, items, release, condition, pace, sealer: sealer.clone() })
    }

    /// Which.
    pub fn id(&self) -> AttemptId {
        AttemptId(self.row.id)
    }

    /// Id of the check.
    pub fn check(&self) -> &str {
        &self.row.check_id
    }

    /// When it began.
    pub fn begun_at(&self) -> Timestamp {
        self.row.begun_at
    }

    /// When it ended.
    pub fn ended_at(&self) -> Option<Timestamp> {
        self.row.ended_at
    }

    /// Whether its owner wants to be told no level.
    pub fn is_quiet(&self) -> bool {
        self.row.quiet
    }

    /// Whether its answers are lent, without saying whose, to measure the questions.
    pub fn lends_answers(&self) -> bool {
        self.row.lends_answers
    }

    /// The attempt whose result this one began from.
    pub fn earlier(&self) -> Option<AttemptId> {
        self.row.earlier.map(AttemptId)
    }

    /// Whether its clock stands.
    pub fn is_paused(&self) -> bool {
        self.row.ended_at.is_none() && self.row.heard_at.is_none()
    }

    /// Seconds of working time used until now.
    pub fn spent(&self, now: Timestamp) -> u64 {
        let running = if self.row.ended_at.is_some() { 0 } else { super::clock::worked(self.row.heard_at, now) };
        u64::try_from(self.row.spent_seconds + running).unwrap_or_default()
    }

    /// Minutes of working time, in all.
    pub fn minutes(&self) -> u32 {
        self.pace.minutes(self.release.parts.minutes)
    }

    /// What it waits for. Nothing but a fault leaves an attempt that is not over without one.
    pub fn step(&self) -> Option<Step<'_>> {
        if self.row.ended_at.is_some() {
            let by = self.row.ended_by.as_deref().and_then(EndedBy::parse).unwrap_or(EndedBy::Stopped);
            return Some(Step::Ended(by));
        }
        if let Some(item) = self.items.iter().find(|item| item.explain.iter().any(|one| !one.is_closed)) {
            return Some(Step::Explain(item));
        }
        let item = self.items.iter().find(|item| item.outcome == Outcome::Open)?;
        Some(if item.kind == ItemKind::Question { Step::Question(item) } else { Step::Task(item) })
    }

    /// The thing that was asked at a place.
    pub fn item(&self, place: u32) -> Option<&AttemptItem> {
        self.items.iter().find(|item| item.place == place)
    }

    /// How many of a kind were put aside as met before.
    pub fn known(&self, kind: ItemKind) -> usize {
        self.items.iter().filter(|item| item.kind == kind && item.outcome == Outcome::Known).count()
    }

    /// How many of a kind were answered or handed in.
    pub fn answered(&self, kind: ItemKind) -> usize {
        self.items.iter().filter(|item| item.kind == kind && item.outcome == Outcome::Answered).count()
    }

    /// What was believed before the first answer.
    pub fn prior(&self) -> Result<Posterior, Broken> {
        Ok(Posterior::from_bytes(&self.row.prior)?)
    }

    /// The session of the measuring crate that these rows are: the same rows give the same state, bit for bit.
    pub fn state(&self) -> Result<State, Broken> {
        let release = self.release.release(self.condition);
        let mut excluded: Vec<u32> =
            serde_json::from_str(&self.row.excluded).map_err(|_| odd("excluded", &self.row.excluded))?;
        for item in self.items.iter().filter(|item| item.outcome == Outcome::Known) {
            excluded.push(self.number(item)? as u32);
        }
        let mut state = match release.begin(&self.prior()?, self.row.seed.cast_unsigned(), &excluded) {
            Ok(state) => state,
            // What was put aside as known may leave too little for the quotas; then it may come again, and is put aside again.
            Err(SessionError::NotEnough { .. }) => release.begin(&self.prior()?, self.row.seed.cast_unsigned(), &[])?,
            Err(other) => return Err(other.into()),
        };
        for item in self.items.iter().filter(|item| item.outcome == Outcome::Answered) {
            let category = item.category.ok_or_else(|| odd("category", "nothing"))?;
            let seconds = self.pace.usual(item.seconds);
            release.answer(&mut state, self.number(item)?, category, u32::try_from(seconds).unwrap_or(u32::MAX))?;
        }
        Ok(state)
    }

    /// An item's number in the release.
    pub(super) fn number(&self, item: &AttemptItem) -> Result<usize, Broken> {
        self.release.number(&item.item).ok_or_else(|| odd("item", &item.item))
    }
}

fn odd(what: &str, value: &str) -> Broken {
    Broken::Row(format!("{value} as its {what}"))
}

fn item_of(row: ItemRow) -> Result<AttemptItem, Broken> {
    let json = |what: &str, text: Option<String>| text.ok_or_else(|| odd(what, "nothing"));
    let kind = match row.kind.as_str() {
        "question" => ItemKind::Question,
        "task" => ItemKind::Task,
        other => return Err(odd("kind", other)),
    };
    let outcome = match row.outcome.as_deref() {
        None => Outcome::Open,
        Some("answered") => Outcome::Answered,
        Some("known") => Outcome::Known,
        Some(other) => return Err(odd("outcome", other)),
    };
    let category = |number: Option<i64>| {
        number.map(|number| u8::try_from(number).map_err(|_| odd("category", &number.to_string()))).transpose()
    };
    let regraded = match category(row.regraded)? {
        Some(category) => {
            Some((json("regrade", row.regraded_as)?, category, json("regrade's reason", row.regraded_for)?))
        }
        None => None,
    };
    let verdict = row.regraded_verdict.or(row.verdict);
    Ok(AttemptItem {
        row: row.id,
        place: u32::try_from(row.place).map_err(|_| odd("place", &row.place.to_string()))?,
        item: row.item,
        kind,
        seed: row.seed.cast_unsigned(),
        outcome,
        seconds: row.seconds.and_then(|seconds| u64::try_from(seconds).ok()).unwrap_or_default(),
        answer: row.answer.map(|text| serde_json::from_str(&text).map_err(|_| odd("answer", "…"))).transpose()?,
        category: category(row.category)?,
        verdict: verdict.map(|text| serde_json::from_str(&text).map_err(|_| odd("verdict", "…"))).transpose()?,
        regrade: regraded,
        explain: Vec::new(),
    })
}

fn explain_of(row: ExplainRow) -> Result<AskedExplain, Broken> {
    let question = serde_json::from_str(&row.question).map_err(|_| odd("question", "…"))?;
    Ok(AskedExplain { question, answer: row.answer, is_right: row.is_right, is_closed: row.closed_at.is_some() })
}

/// Says nothing of answers: what reaches a log reveals nobody.
impl std::fmt::Debug for Attempt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Attempt({} asked, …)", self.items.len())
    }
}
