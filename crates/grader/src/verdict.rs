//! What grading says. A [`Verdict`] is made in one place (`crate::judge`), from facts that were seen outside the
//! candidate's process.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The answer to a submission.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Verdict {
    /// Task id.
    pub task: String,
    /// Task version.
    pub version: u32,
    /// Variant seed: parameters and, for `grade try`, rows.
    pub seed: u64,
    /// Whether every behaviour was shown.
    pub passed: bool,
    /// One for each behaviour of the task, in its order.
    pub behaviours: Vec<BehaviourVerdict>,
    /// The statements of the run, in order, cut at a few hundred.
    pub statements: Vec<Statement>,
    /// What stopped the run, if something did.
    pub stopped: Option<Stop>,
    /// What the candidate's code printed, and their tracebacks; capped.
    pub output: String,
    /// Milliseconds by phase: `wait` for an instance, `world` to draw the rows, `load` until the code is loaded,
    /// `behaviours`, and the `total`.
    pub timings_ms: BTreeMap<String, f64>,
    /// What the run used of its limits.
    pub used: crate::prove::Used,
}

/// What was seen of one behaviour.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BehaviourVerdict {
    /// Behaviour id.
    pub id: String,
    /// Kind, as in the file: `http`, `query_growth`, …
    pub kind: String,
    /// Requirement id, `R1`.
    pub requirement: String,
    /// What a good submission does, as a sentence.
    pub title: String,
    /// All or nothing.
    pub passed: bool,
    /// When it failed: what was asked, what came, what was wanted.
    pub evidence: Vec<Evidence>,
}

/// A counter-example.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Evidence {
    /// What is wrong, in one or two sentences for the candidate.
    pub says: String,
    /// `GET /api/books/ as ada`, if a request was involved.
    pub request: Option<String>,
    /// Status line, headers and the beginning of the body.
    pub response: Option<String>,
    /// What was wanted, short.
    pub wanted: Option<String>,
    /// What was found, short.
    pub found: Option<String>,
    /// Range of [`Verdict::statements`] that belongs to it: first index and count.
    pub statements: Option<(usize, usize)>,
}

/// One statement that reached the database.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Statement {
    /// SQL with placeholders.
    pub sql: String,
    /// Whether it counts (transaction control and PRAGMA do not).
    pub counted: bool,
    /// Rows handed over or changed.
    pub rows: u64,
    /// Microseconds in the database.
    pub micros: u64,
    /// How many statements of the same shape this request has sent before it.
    pub repeats: u32,
    /// The request it belongs to, `GET /api/books/`.
    pub during: String,
}

/// Why a run ended before its time.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Stop {
    /// Machine-readable.
    pub kind: StopKind,
    /// For the candidate: `Stopped after 5 s of processor time in GET /api/books/`.
    pub says: String,
}

/// Kinds of [`Stop`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StopKind {
    /// Processor time.
    Cpu,
    /// Time on the clock.
    Wall,
    /// Memory.
    Memory,
    /// Too many statements.
    Statements,
    /// Too many rows.
    Rows,
    /// The process ended, or said what it was not asked.
    Exit,
    /// The code could not be loaded: a syntax error, an import that fails.
    Import,
}

/// What running a snippet showed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SnippetRun {
    /// Printed text, capped; a traceback at the end if one was raised.
    pub output: String,
    /// Whether it ended without an exception.
    pub finished: bool,
    /// Statements in order.
    pub statements: Vec<Statement>,
    /// What stopped it, if something did.
    pub stopped: Option<Stop>,
    /// Milliseconds, from code sent to result.
    pub total_ms: f64,
}

impl SnippetRun {
    /// Statements that count.
    pub fn counted(&self) -> u32 {
        self.statements.iter().filter(|statement| statement.counted).count() as u32
    }
}
