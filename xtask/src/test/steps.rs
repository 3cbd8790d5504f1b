//! The list.

use super::needs::Need;

/// A named step of the tests.
pub struct Step {
    /// What `--only` calls it.
    pub name: &'static str,
    /// What it shows.
    pub about: &'static str,
    /// What must be installed for it.
    pub needs: &'static [Need],
    /// What it does.
    pub work: Work,
}

/// What a step does.
pub enum Work {
    /// Runs cargo.
    Cargo(&'static [&'static str]),
    /// Runs the product itself, freshly built.
    Product(&'static [&'static str]),
    /// Runs cargo, which finds the freshly built product by the variable `JOBFUTURE_BINARY`.
    BesideProduct(&'static [&'static str]),
    /// Plays so many pairs of worlds, as `cargo xtask bench privacy` does.
    Worlds(u32),
    /// Runs `cargo xtask tidy`.
    Tidy,
}

/// Quick ones first, so that a slip is known early.
pub const STEPS: &[Step] = &[
    Step {
        name: "fmt",
        about: "the code is formatted",
        needs: &[Need::Rustfmt],
        work: Work::Cargo(&["fmt", "--all", "--check"]),
    },
    Step {
        name: "tidy",
        about: "dependencies point the right way, nothing is too long, no word is out of place",
        needs: &[],
        work: Work::Tidy,
    },
    Step {
        name: "clippy",
        about: "the compiler and its lints have nothing to say",
        needs: &[Need::Clippy],
        work: Work::Cargo(&["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"]),
    },
    Step {
        name: "test",
        about: "unit, integration and security tests; the database's on SQLite and on PostgreSQL, credentials and vacancies by others' verifiers",
        needs: &[Need::Postgres, Need::Venv, Need::Node],
        work: Work::Cargo(&["test", "--workspace", "--exclude", "e2e", "--no-fail-fast"]),
    },
    Step {
        name: "privacy",
        about: "two thousand pairs of worlds that differ in what was not granted answer alike on every route",
        needs: &[Need::Postgres],
        work: Work::Worlds(2_000),
    },
    Step {
        name: "content-check",
        about: "guides, paths and tasks are well formed",
        needs: &[],
        work: Work::Product(&["content", "check"]),
    },
    Step {
        name: "content-prove",
        about: "every proof of a guide runs, every task is graded right",
        needs: &[Need::Venv],
        work: Work::Product(&["content", "prove"]),
    },
    Step {
        name: "browser",
        about: "walks through the pages in a real browser",
        needs: &[Need::Chromium, Need::Driver, Need::Venv],
        work: Work::BesideProduct(&["test", "--package", "e2e", "--no-fail-fast"]),
    },
];
