//! What a run may use, and the watch that stops a statement which goes on too long.

use crate::verdict::StopKind;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU8, AtomicU64, Ordering};
use std::time::Duration;

/// What one run may use. Totals are for the whole run; a restore does not give any of them back.
#[derive(Debug, Clone)]
pub struct RecorderLimits {
    /// Statements executed, of every class.
    pub statements: u64,
    /// Rows handed over or changed.
    pub rows: u64,
    /// Bytes of values handed over.
    pub bytes: u64,
    /// Processor time of one statement.
    pub statement_time: Duration,
    /// Processor time of all statements together.
    pub total_time: Duration,
    /// Processor time of one trusted call.
    pub trusted_time: Duration,
    /// Bytes that SQLite may take for one statement, beyond what it held before. Counted across the process
    /// (SQLite has no count for one connection), so a statement can only be blamed for another's use while
    /// both are running; statements that long are rare.
    pub statement_memory: u64,
    /// Pages of 4 KiB that the database may grow to.
    pub pages: u32,
    /// Bytes of one statement's text.
    pub sql_length: u32,
    /// Bytes of one text, blob or row. Also bounds the work of one call of a built-in function, which
    /// cannot be interrupted, so it is far below SQLite's own limit.
    pub value_length: u32,
    /// Bytes of the pattern of LIKE and GLOB. Their work is pattern × text, and cannot be interrupted.
    pub like_pattern_length: u32,
    /// Depth of an expression.
    pub expression_depth: u32,
    /// SELECTs joined by UNION and the like.
    pub compound_select: u32,
    /// Parameters of one statement. Django assumes 999 for SQLite and asks for no more.
    pub variables: u32,
    /// Statements that are kept as records. The totals stay exact beyond it.
    pub kept_statements: usize,
    /// Bytes of SQL that a record shows; the rest is cut.
    pub kept_sql: usize,
}

impl Default for RecorderLimits {
    fn default() -> Self {
        Self {
            statements: 2_000,
            rows: 50_000,
            bytes: 32 << 20,
            statement_time: Duration::from_secs(2),
            total_time: Duration::from_secs(5),
            trusted_time: Duration::from_secs(5),
            statement_memory: 64 << 20,
            pages: 16_384,
            sql_length: 1 << 20,
            value_length: 1 << 20,
            like_pattern_length: 1_000,
            // SQLite's own default. The parser's stack is on the heap; walking a tree this deep is safe.
            expression_depth: 1_000,
            compound_select: 500,
            variables: 32_766,
            kept_statements: 400,
            kept_sql: 4 << 10,
        }
    }
}

/// What stopped a run. The recorder executes nothing more for the candidate after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LimitHit {
    /// Too many statements.
    #[error("more than {0} SQL statements")]
    Statements(u64),
    /// Too many rows handed over or changed.
    #[error("more than {0} rows read or changed")]
    Rows(u64),
    /// Too many bytes handed over.
    #[error("more than {} MiB read from the database", .0 >> 20)]
    Bytes(u64),
    /// One statement took too long.
    #[error("one SQL statement took more than {} s of processor time", .0.as_secs_f64())]
    StatementTime(Duration),
    /// All statements together took too long.
    #[error("the SQL statements took more than {} s of processor time together", .0.as_secs_f64())]
    TotalTime(Duration),
    /// One statement took too much memory.
    #[error("one SQL statement took more than {} MiB of memory", .0 >> 20)]
    Memory(u64),
}

impl LimitHit {
    /// The kind for the verdict.
    pub fn kind(self) -> StopKind {
        match self {
            Self::Statements(_) => StopKind::Statements,
            Self::Rows(_) | Self::Bytes(_) => StopKind::Rows,
            Self::StatementTime(_) | Self::TotalTime(_) => StopKind::Cpu,
            Self::Memory(_) => StopKind::Memory,
        }
    }
}

/// Instructions of SQLite's machine between two looks at the memory.
pub(super) const PROGRESS_STEP: i32 = 250;
/// Looks at the memory for one look at the processor clock, which costs a system call.
const CLOCK_EVERY: u64 = 8;

/// Shared by the connection's callbacks, which SQLite calls while a statement runs, and the recorder.
#[derive(Debug, Default)]
pub(super) struct Watch {
    trusted: AtomicBool,
    deadline_ns: AtomicU64,
    memory_ceiling: AtomicI64,
    tripped: AtomicU8,
    looks: AtomicU64,
    denied: Mutex<Option<String>>,
}

/// Why the watch interrupted a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trip {
    /// The deadline passed.
    Time,
    /// The memory ceiling was passed.
    Memory,
}

impl Watch {
    /// Starts to watch one statement; gives the processor clock at its start, in nanoseconds.
    pub fn begin(&self, time: Duration, memory: u64) -> u64 {
        let now = thread_cpu_ns();
        self.deadline_ns.store(now.saturating_add(nanoseconds(time)), Ordering::Relaxed);
        let ceiling = sqlite_memory().saturating_add(i64::try_from(memory).unwrap_or(i64::MAX));
        self.memory_ceiling.store(ceiling, Ordering::Relaxed);
        self.tripped.store(0, Ordering::Relaxed);
        self.denied_reason();
        now
    }

    /// Called by SQLite every [`PROGRESS_STEP`] instructions; true interrupts the statement.
    pub fn look(&self) -> bool {
        if sqlite_memory() > self.memory_ceiling.load(Ordering::Relaxed) {
            self.tripped.store(2, Ordering::Relaxed);
            return true;
        }
        if !self.looks.fetch_add(1, Ordering::Relaxed).is_multiple_of(CLOCK_EVERY) {
            return false;
        }
        if thread_cpu_ns() > self.deadline_ns.load(Ordering::Relaxed) {
            self.tripped.store(1, Ordering::Relaxed);
            return true;
        }
        false
    }

    /// Whether and why the statement since [`Watch::begin`] was interrupted.
    pub fn trip(&self) -> Option<Trip> {
        match self.tripped.load(Ordering::Relaxed) {
            1 => Some(Trip::Time),
            2 => Some(Trip::Memory),
            _ => None,
        }
    }

    /// Whether a trusted call is being executed.
    pub fn is_trusted(&self) -> bool {
        self.trusted.load(Ordering::Relaxed)
    }

    /// Says whose SQL comes next.
    pub fn set_trusted(&self, trusted: bool) {
        self.trusted.store(trusted, Ordering::Relaxed);
    }

    /// Remembers what the authorizer refused, for the message.
    pub fn deny(&self, what: String) {
        if let Ok(mut denied) = self.denied.lock() {
            *denied = Some(what);
        }
    }

    /// What the authorizer refused since it was last asked.
    pub fn denied_reason(&self) -> Option<String> {
        self.denied.lock().ok().and_then(|mut denied| denied.take())
    }
}

/// A duration in whole nanoseconds, `u64::MAX` (584 years) at most.
pub(super) fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

/// Bytes that SQLite holds, in the whole process.
fn sqlite_memory() -> i64 {
    // SAFETY: takes no arguments, may be called from any thread at any time, and only reads a counter.
    unsafe { rusqlite::ffi::sqlite3_memory_used() }
}

/// Processor time of this thread, in nanoseconds: what a busy machine does elsewhere is not charged.
pub(super) fn thread_cpu_ns() -> u64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` is a valid timespec for the call to fill.
    let failed = unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut time) } != 0;
    if failed {
        return 0;
    }
    (time.tv_sec as u64).saturating_mul(1_000_000_000).saturating_add(time.tv_nsec as u64)
}
