//! Guides, tasks and projects are files. This crate reads them, says what is wrong with them by file and line,
//! turns their Markdown into safe HTML and draws a task's variants. It runs nothing: the grader does.
//!
//! - [`Library::read`] reads `content/` whole, or returns every fault that stops it.
//! - [`lint`] finds what can be read and is still wrong.
//! - [`Task::variant`] and [`Task::render_files`] make what one candidate is given.
//!
//! The format stands in `docs/content-format.md`.

mod answer;
mod answers;
pub mod check;
mod explain;
mod fault;
mod highlight;
mod link;
mod lint;
mod markdown;
mod model;
mod paths;
mod proofs;
mod quick;
mod read;
mod search;
mod template;
mod variant;

pub use answer::Unanswered;
pub use answers::{AnswerGroup, Answers, Asked, Asker, Place};
pub use check::Check;
pub use explain::{Asks, Deed, ExplainQuestion, MigrateTo, Observed, Sent, TestsCount, TestsSeen};
pub use fault::{Fault, Faults};
pub use highlight::{CLASSES, highlight_as, highlight_python, highlight_sql};
pub use link::{BadLink, LinkIndex, PAGES};
pub use lint::lint;
pub use model::*;
pub use paths::{MAX_COMPONENTS, MAX_PATH_BYTES, PathFault, check_path};
pub use quick::{
    Answer, AnswerKey, Form, QUESTION_SEEDS, QuestionManifest, QuestionOption, QuestionVariant, QuickQuestion,
};
pub use search::SearchEntry;
pub use variant::Parameters;
