//! What `content/` holds once it has been read: plain data, nothing rendered, nothing run.

use crate::answers::{Answers, Asker};
use crate::check::Check;
use crate::explain::ExplainQuestion;
use crate::link::LinkIndex;
use crate::quick::QuickQuestion;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// All of `content/`, read and linked.
#[derive(Debug)]
pub struct Library {
    /// The folder it was read from.
    pub root: PathBuf,
    /// In the order of `competencies.toml`.
    pub competencies: Vec<Competency>,
    /// By id.
    pub guides: BTreeMap<String, Arc<Guide>>,
    /// By id.
    pub projects: BTreeMap<String, Arc<Project>>,
    /// By id.
    pub tasks: BTreeMap<String, Arc<Task>>,
    /// By id.
    pub roles: BTreeMap<String, Arc<Role>>,
    /// Skill checks, by id.
    pub checks: BTreeMap<String, Arc<Check>>,
    /// Quick questions, by id.
    pub questions: BTreeMap<String, Arc<QuickQuestion>>,
    /// Questions about the product, with answers, by who asks.
    pub answers: BTreeMap<Asker, Arc<Answers>>,
    /// Where links lead. [`Library::url`] asks it.
    pub links: Arc<LinkIndex>,
}

/// What a person can be seen to do.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Competency {
    /// Stable id.
    pub id: String,
    /// Short name.
    pub name: String,
    /// Observable statement.
    pub can: String,
    /// Ids of competencies that come before it.
    #[serde(default)]
    pub requires: Vec<String>,
}

/// A place in the content that a page can lead to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Link {
    /// `page:home` and the other pages of [`crate::PAGES`]
    Page(String),
    /// `guide:ID`
    Guide(String),
    /// `section:GUIDE/SECTION`
    Section(String, String),
    /// `question:GUIDE/QUESTION`
    Question(String, String),
    /// `quick:ID`
    Quick(String),
    /// `task:ID`
    Task(String),
    /// `role:ID`
    Role(String),
    /// `check:ID`
    Check(String),
    /// `hiring:ROLE`
    Hiring(String),
    /// `answers:candidates`, `answers:employers`
    Answers(Asker),
    /// `answer:candidates/QUESTION`
    Answer(Asker, String),
}

/// A next step: where to, and why one would.
#[derive(Debug, Clone)]
pub struct NextStep {
    /// Target.
    pub to: Link,
    /// One sentence.
    pub why: String,
}

/// A guide: ordered sections of questions.
#[derive(Debug)]
pub struct Guide {
    /// Folder name.
    pub id: String,
    /// Heading.
    pub title: String,
    /// One sentence.
    pub summary: String,
    /// Id of the project in which proofs run.
    pub project: String,
    /// SPDX expression.
    pub licence: String,
    /// Names.
    pub authors: Vec<String>,
    /// Id of the proof that stands for the guide where there is room for one: small, and telling at a glance.
    pub opening: Option<String>,
    /// Never empty.
    pub next: Vec<NextStep>,
    /// In order.
    pub sections: Vec<Section>,
}

/// One file of a guide.
#[derive(Debug)]
pub struct Section {
    /// From the file name, without number and suffix.
    pub id: String,
    /// Heading.
    pub title: String,
    /// One sentence.
    pub summary: String,
    /// Competency ids; the first is the questions' default.
    pub competencies: Vec<String>,
    /// Never empty.
    pub next: Vec<NextStep>,
    /// Introduction.
    pub intro: Vec<Block>,
    /// In order.
    pub questions: Vec<Question>,
    /// The file, relative to the content root.
    pub file: PathBuf,
}

/// An interview question, answered for both readers.
#[derive(Debug)]
pub struct Question {
    /// Unique in the guide.
    pub id: String,
    /// The question itself, as plain text.
    pub title: String,
    /// Expected from this level on.
    pub level: Level,
    /// Competency id.
    pub competency: String,
    /// Why an interviewer asks.
    pub why: Vec<Block>,
    /// A strong answer.
    pub strong: Vec<Block>,
    /// A weak answer.
    pub weak: Vec<Block>,
    /// A follow-up.
    pub follow_up: Vec<Block>,
    /// Sources.
    pub sources: Vec<Block>,
    /// Line of its heading in the file, from 1.
    pub line: usize,
}

/// Bands of the career path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Works with guidance.
    Junior,
    /// Works alone on what is understood.
    Middle,
    /// Decides, and answers for it.
    Senior,
}

/// Markdown cut at its proofs, because a proof is shown as something to run.
#[derive(Debug, Clone)]
pub enum Block {
    /// HTML made from Markdown: safe (no raw HTML passes, no inline style is written), links resolved to URLs of the
    /// site. Code carries the classes of [`crate::CLASSES`]; a table stands in `<div class="table-scroll">`; both can
    /// be reached from the keyboard, because both may scroll.
    Html(String),
    /// A claim with its snippet.
    Proof(Arc<Proof>),
}

/// A snippet of Python and what it is claimed to do.
#[derive(Debug, Clone)]
pub struct Proof {
    /// Id of the guide, or of the quick question.
    pub guide: String,
    /// Unique in it.
    pub id: String,
    /// Project id.
    pub project: String,
    /// The code, ending in a newline.
    pub code: String,
    /// What it must print, if claimed.
    pub output: Option<String>,
    /// How many counted statements must reach the database, if claimed.
    pub statements: Option<u32>,
    /// File relative to the content root.
    pub file: PathBuf,
    /// Line of the fence, from 1.
    pub line: usize,
}

/// A role that people are hired for, and what its levels look like.
#[derive(Debug)]
pub struct Role {
    /// Folder name.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// One sentence.
    pub summary: String,
    /// Id of the guide that prepares for it.
    pub guide: String,
    /// SPDX expression.
    pub licence: String,
    /// Names.
    pub authors: Vec<String>,
    /// Never empty.
    pub next: Vec<NextStep>,
    /// What the work is like: HTML.
    pub about_html: String,
    /// From the first to the last.
    pub levels: Vec<RoleLevel>,
    /// One for each competency of the role, in order.
    pub rows: Vec<RoleRow>,
}

/// A level of a role.
#[derive(Debug)]
pub struct RoleLevel {
    /// Which.
    pub level: Level,
    /// One sentence.
    pub summary: String,
    /// What somebody at this level is given to do.
    pub work: String,
    /// How to prepare for it, in order.
    pub prepare: Vec<NextStep>,
}

/// What can be observed of one competency at each level.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleRow {
    /// Competency id.
    pub competency: String,
    /// At junior level.
    pub junior: String,
    /// At middle level.
    pub middle: String,
    /// At senior level.
    pub senior: String,
}

impl RoleRow {
    /// What can be observed at a level.
    pub fn at(&self, level: Level) -> &str {
        match level {
            Level::Junior => &self.junior,
            Level::Middle => &self.middle,
            Level::Senior => &self.senior,
        }
    }
}

/// One real project that guides and tasks share.
#[derive(Debug)]
pub struct Project {
    /// Folder name.
    pub id: String,
    /// Heading.
    pub title: String,
    /// One sentence.
    pub summary: String,
    /// Python path of its settings module.
    pub settings: String,
    /// `module:function` that fills the snapshot.
    pub fixture: String,
    /// Users with a session to be asked as.
    pub people: Vec<String>,
    /// All files, by path relative to the project's folder, as bytes.
    pub files: FileSet,
}

/// Files by relative path with forward slashes.
pub type FileSet = BTreeMap<String, Vec<u8>>;

/// A practical task with everything that proves it. Templates are not yet rendered.
#[derive(Debug)]
pub struct Task {
    /// Folder name.
    pub id: String,
    /// `task.toml`.
    pub manifest: TaskManifest,
    /// Resolved `next`.
    pub next: Vec<NextStep>,
    /// `variant.toml`, in order of the file.
    pub parameters: Vec<(String, ParameterRange)>,
    /// `prompt.md`, template.
    pub prompt: String,
    /// `world.sql`, template; empty when there is none.
    pub world: String,
    /// `starter/`, templates.
    pub starter: FileSet,
    /// `editable.toml`.
    pub editable: Editable,
    /// File name and text of each `behaviours/*.toml`, templates; `B2-…` before `B10-…`.
    pub behaviours: Vec<(String, String)>,
    /// File name and text of each `explain-back/*.toml`, templates; in the order of their numbers.
    pub explain_back: Vec<(String, String)>,
    /// `accepted/…`, `mutants/…`, `slow/…`, `hostile/…` → files, templates.
    pub submissions: BTreeMap<String, FileSet>,
    /// `testmutants/`, templates.
    pub test_mutants: BTreeMap<String, FileSet>,
    /// `expected.toml`.
    pub expected: Expected,
    /// `hints.md`, template.
    pub hints: String,
    /// `explain.md`, template.
    pub explain: String,
    /// Where links in the task's texts lead; the library's own.
    pub links: Arc<LinkIndex>,
}

/// How a candidate's code is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TaskKind {
    /// Requests reach the candidate's views.
    Serve,
    /// The candidate's migrations run on a filled database.
    Migrate,
    /// The candidate's tests run against variants of the application.
    Tests,
}

/// `task.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskManifest {
    /// Never changes.
    pub uuid: uuid::Uuid,
    /// Starts at 1.
    pub version: u32,
    /// What this version replaces, and why.
    #[serde(default)]
    pub supersedes: Option<Supersedes>,
    /// Where it is in its life.
    pub status: Status,
    /// Heading.
    pub title: String,
    /// One sentence.
    pub summary: String,
    /// Project id.
    pub project: String,
    /// How it is run.
    pub kind: TaskKind,
    /// SPDX expression.
    pub licence: String,
    /// Names.
    pub authors: Vec<String>,
    /// What it measures; weights sum to 1.
    pub competencies: Vec<Weight>,
    /// Prior on difficulty, in logits.
    pub difficulty: Difficulty,
    /// Minutes that it takes at each level.
    pub minutes: Minutes,
    /// Raw links, see [`Task::next`].
    pub next: Vec<RawNextStep>,
    /// What a run may use.
    #[serde(default)]
    pub limits: Limits,
    /// How the database is before `world.sql`.
    #[serde(default)]
    pub snapshot: Snapshot,
    /// Name → SQL that yields one value.
    #[serde(default)]
    pub facts: BTreeMap<String, String>,
}

/// `next` as written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawNextStep {
    /// `kind:target`.
    pub to: String,
    /// One sentence.
    pub why: String,
}

/// What a version replaces.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Supersedes {
    /// The earlier version.
    pub version: u32,
    /// Why.
    pub reason: String,
}

/// A task's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Not shown.
    Draft,
    /// Shown.
    Active,
    /// Kept for old attempts.
    Retired,
}

/// Share of a competency in a task.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weight {
    /// Competency id.
    pub id: String,
    /// 0 to 1.
    pub weight: f64,
}

/// Prior on difficulty.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Difficulty {
    /// Logits.
    pub mean: f64,
    /// Logits.
    pub sd: f64,
    /// `expert`, `model` or `data`.
    pub source: String,
}

/// Expected minutes.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Minutes {
    /// At junior level.
    pub junior: u32,
    /// At middle level.
    pub middle: u32,
    /// At senior level.
    pub senior: u32,
}

/// What one run may use. Statements and rows are for the whole run of one process.
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Seconds of processor time.
    pub cpu_seconds: u32,
    /// Seconds on the clock.
    pub wall_seconds: u32,
    /// MiB of address space beyond what the runtime has mapped.
    pub memory_mb: u32,
    /// Statements sent to the database.
    pub statements: u32,
    /// Rows handed over by the database.
    pub rows: u32,
    /// KiB of printed text that are kept.
    pub output_kb: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { cpu_seconds: 5, wall_seconds: 10, memory_mb: 512, statements: 2_000, rows: 50_000, output_kb: 64 }
    }
}

/// How the database is before `world.sql` is laid on.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Snapshot {
    /// `None`: the project's fixture. `Some("")`: none.
    pub fixture: Option<String>,
    /// App → migration to stop at.
    pub migrate: BTreeMap<String, String>,
}

/// The values that a parameter takes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "lowercase")]
pub enum ParameterRange {
    /// Inclusive.
    Int(i64, i64),
    /// One of these.
    Choose(Vec<Choice>),
}

/// One value that a parameter may take. A number stays a number, so that a template can reckon with it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Choice {
    /// A whole number.
    Int(i64),
    /// Text.
    Text(String),
}

/// `editable.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Editable {
    /// Globs on paths relative to the project.
    pub editable: Vec<String>,
    /// The file that the editor opens with.
    pub open_first: String,
}

/// `expected.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// The accepted submission that stands for the task where one is measured: a name of [`Task::submissions`].
    #[serde(default)]
    pub reference: Option<String>,
    /// What the untouched starter does.
    pub starter: Outcome,
    /// By the names of [`Task::submissions`].
    pub submissions: BTreeMap<String, Outcome>,
}

/// What a submission is expected to do: fail exactly these behaviours, or be stopped.
#[derive(Debug, Clone, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, default)]
pub struct Outcome {
    /// Behaviour ids.
    pub fails: Vec<String>,
    /// `cpu`, `wall`, `memory`, `statements`, `rows`, `exit`.
    pub stopped: Option<String>,
}

/// A task rendered for one variant: what a candidate is given.
#[derive(Debug, Clone)]
pub struct Variant {
    /// The seed it was drawn from.
    pub seed: u64,
    /// Parameters by name: JSON integers or strings.
    pub parameters: BTreeMap<String, serde_json::Value>,
    /// Story and requirements, HTML.
    pub prompt_html: String,
    /// Requirement id (`R1`) → heading text, in order.
    pub requirements: Vec<(String, String)>,
    /// `world.sql`, rendered.
    pub world: String,
    /// Behaviour file name → TOML with parameters rendered; facts are still `{{ … }}`.
    pub behaviours: Vec<(String, String)>,
    /// Questions about the candidate's own code, in order.
    pub explain_back: Vec<ExplainQuestion>,
    /// `starter/`, rendered.
    pub starter: FileSet,
    /// Hint heading and HTML, from gentle to plain.
    pub hints: Vec<(String, String)>,
    /// HTML shown after a pass.
    pub explain_html: String,
}
