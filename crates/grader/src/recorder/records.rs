//! The record of a run: each statement, windows over them, and exact totals.

use super::classify::StatementKind;
use super::limits::RecorderLimits;
use crate::verdict::Statement;
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};

/// What a statement is said to belong to when no window is open.
pub const OUTSIDE: &str = "outside a request";

/// Bytes of whole statement texts kept beside the records whose text was cut.
const WHOLE_SQL_BUDGET: usize = 8 << 20;

/// What was seen between [`super::Recorder::begin_window`] and [`super::Recorder::end_window`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Copy)]
pub struct WindowTotals {
    /// Statements of every class.
    pub statements: u64,
    /// Statements that count: not transaction control, not PRAGMA.
    pub counted: u64,
    /// Rows handed over or changed.
    pub rows: u64,
    /// Microseconds in the database.
    pub micros: u64,
    /// Index of the window's first record in [`super::Recorder::statements`].
    pub first: usize,
    /// Records kept of this window; fewer than `statements` once a run has sent very many.
    pub len: usize,
}

/// Totals of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RunTotals {
    /// Statements of every class.
    pub statements: u64,
    /// Statements that count.
    pub counted: u64,
    /// Statements that count and came while no window was open.
    pub outside: u64,
    /// Rows handed over or changed.
    pub rows: u64,
    /// Bytes of values handed over.
    pub bytes: u64,
    /// Processor time in the database, in nanoseconds.
    pub cpu_ns: u64,
}

/// What one execution came to.
pub(super) struct Seen<'a> {
    pub sql: &'a str,
    pub kind: StatementKind,
    pub rows: u64,
    pub bytes: u64,
    pub micros: u64,
    pub cpu_ns: u64,
    pub refused: bool,
}

/// Keeps the records.
#[derive(Debug)]
pub(super) struct Records {
    pub statements: Vec<Statement>,
    pub totals: RunTotals,
    kept: usize,
    kept_sql: usize,
    whole_sql: HashMap<usize, Box<str>>,
    whole_sql_left: usize,
    refused: HashSet<usize>,
    window: Option<(String, WindowTotals)>,
    seen: HashMap<u64, u32>,
    hasher: RandomState,
}

impl Records {
    pub fn new(limits: &RecorderLimits) -> Self {
        Self {
            statements: Vec::new(),
            totals: RunTotals::default(),
            kept: limits.kept_statements,
            kept_sql: limits.kept_sql,
            whole_sql: HashMap::new(),
            whole_sql_left: WHOLE_SQL_BUDGET,
            refused: HashSet::new(),
            window: None,
            seen: HashMap::new(),
            hasher: RandomState::new(),
        }
    }

    pub fn begin_window(&mut self, label: &str) {
        self.end_window();
        let totals = WindowTotals { first: self.statements.len(), ..WindowTotals::default() };
        self.window = Some((label.to_owned(), totals));
        self.seen.clear();
    }

    pub fn end_window(&mut self) -> WindowTotals {
        self.seen.clear();
        match self.window.take() {
            Some((_, totals)) => totals,
            None => WindowTotals { first: self.statements.len(), ..WindowTotals::default() },
        }
    }

    /// The open window's label, or [`OUTSIDE`].
    pub fn during(&self) -> &str {
        self.window.as_ref().map_or(OUTSIDE, |(label, _)| label)
    }

    pub fn add(&mut self, seen: &Seen<'_>) {
        let counted = seen.kind.counted();
        self.totals.statements += 1;
        self.totals.counted += u64::from(counted);
        self.totals.outside += u64::from(counted && self.window.is_none());
        self.totals.rows += seen.rows;
        self.totals.bytes += seen.bytes;
        self.totals.cpu_ns += seen.cpu_ns;
        let times = self.seen.entry(self.hasher.hash_one(seen.sql)).or_insert(0);
        let repeats = *times;
        *times += 1;
        let keep = self.statements.len() < self.kept;
        if let Some((_, window)) = &mut self.window {
            window.statements += 1;
            window.counted += u64::from(counted);
            window.rows += seen.rows;
            window.micros += seen.micros;
            window.len += usize::from(keep);
        }
        if keep {
            self.keep(seen, counted, repeats);
        }
    }

    fn keep(&mut self, seen: &Seen<'_>, counted: bool, repeats: u32) {
        if seen.sql.len() > self.kept_sql && seen.sql.len() <= self.whole_sql_left {
            self.whole_sql_left -= seen.sql.len();
            self.whole_sql.insert(self.statements.len(), seen.sql.into());
        }
        if seen.refused {
            self.refused.insert(self.statements.len());
        }
        self.statements.push(Statement {
            sql: cut(seen.sql, self.kept_sql),
            counted,
            rows: seen.rows,
            micros: seen.micros,
            repeats,
            during: self.during().to_owned(),
        });
    }

    /// Whether a kept statement was answered with an error.
    pub fn was_refused(&self, index: usize) -> bool {
        self.refused.contains(&index)
    }

    /// The whole text of a kept statement; `None` if it was cut and not kept aside.
    pub fn whole_sql(&self, index: usize) -> Option<&str> {
        if let Some(sql) = self.whole_sql.get(&index) {
            return Some(sql);
        }
        let sql = &self.statements.get(index)?.sql;
        (!sql.ends_with('…')).then_some(sql)
    }
}

/// At most `limit` bytes of a text, with `…` in place of what is left out.
pub(crate) fn cut(text: &str, limit: usize) -> String {
    if text.len() <= limit {
        return text.to_owned();
    }
    let mut end = limit;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}…", &text[..end])
}
