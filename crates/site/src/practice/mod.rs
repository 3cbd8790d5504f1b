//! Running code for whoever asks: who may, when it is their turn, and who does it.
//!
//! All calls to the grader stand in this file.

mod client;
mod form;
mod queue;
mod statements;

pub use client::Client;
pub use form::{Form, text};
pub use queue::Queue;
pub use statements::StatementList;

use crate::error::SiteError;
use crate::site::Site;
use http::HeaderMap;
use jobfuture_content::{FileSet, Task, Variant};
use jobfuture_grader::{ExplainBack, GradeError, Grader, SnippetRun, Verdict};
use std::fmt;
use std::sync::Arc;

/// Who runs code: the grader of this process, or whatever stands in for it. Calls block.
pub trait Judge: Send + Sync {
    /// Judges a submission in one variant, with rows drawn from `run_seed`.
    fn grade(&self, task: &Task, variant: &Variant, files: FileSet, run_seed: u64) -> Result<Verdict, GradeError>;

    /// Questions about a submission's own code, with the answers that running it gave; none where nothing could be observed.
    /// `run_seed` draws the rows that prompts may speak of, and is not the seed of a run that is graded.
    fn explain_back(
        &self,
        task: &Task,
        variant: &Variant,
        files: FileSet,
        run_seed: u64,
    ) -> Result<Vec<ExplainBack>, GradeError>;

    /// Runs a snippet in a project.
    fn run_snippet(&self, project: &str, code: &str) -> Result<SnippetRun, GradeError>;

    /// Whether it knows of no fault of its own.
    fn is_well(&self) -> bool;
}

impl Judge for Grader {
    fn grade(&self, task: &Task, variant: &Variant, files: FileSet, run_seed: u64) -> Result<Verdict, GradeError> {
        Self::grade(self, task, variant, files, run_seed)
    }

    fn explain_back(
        &self,
        task: &Task,
        variant: &Variant,
        files: FileSet,
        run_seed: u64,
    ) -> Result<Vec<ExplainBack>, GradeError> {
        Self::explain_back(self, task, variant, files, run_seed)
    }

    fn run_snippet(&self, project: &str, code: &str) -> Result<SnippetRun, GradeError> {
        Self::run_snippet(self, project, code)
    }

    fn is_well(&self) -> bool {
        self.readiness().faults.is_empty()
    }
}

/// Whether code can be run on this instance.
#[derive(Clone)]
pub enum Practice {
    /// By this judge.
    On(Arc<dyn Judge>),
    /// Not; the reason is shown where one would press Run.
    Off {
        /// For the reader: `Python 3.10 or newer was not found on this machine.`
        reason: String,
    },
}

impl Practice {
    /// Why code cannot be run, if so.
    pub fn off(&self) -> Option<&str> {
        match self {
            Self::On(_) => None,
            Self::Off { reason } => Some(reason),
        }
    }
}

impl fmt::Debug for Practice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::On(_) => f.write_str("On"),
            Self::Off { reason } => f.debug_struct("Off").field("reason", reason).finish(),
        }
    }
}

/// What the browser wants back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// A whole page.
    Page,
    /// The part that changes: a script sent `JF-Fragment: 1`.
    Fragment,
}

impl Mode {
    /// Reads the header.
    pub fn of(headers: &HeaderMap) -> Self {
        let fragment = headers.get("jf-fragment").is_some_and(|value| value.as_bytes() == b"1");
        if fragment { Self::Fragment } else { Self::Page }
    }
}

/// Judges a submission when it is the client's turn.
pub async fn grade(
    site: &Site,
    client: Client,
    task: Arc<Task>,
    variant: Arc<Variant>,
    files: FileSet,
) -> Result<Verdict, SiteError> {
    let run_seed = rand::random();
    judged(site, client, move |judge| judge.grade(&task, &variant, files, run_seed)).await
}

/// Judges work that is handed in, and finds by running it what is asked about it, in one turn. What cannot be found is not
/// asked: the verdict stands by itself.
pub async fn grade_and_explain(
    site: &Site,
    client: Client,
    task: Arc<Task>,
    variant: Arc<Variant>,
    files: FileSet,
) -> Result<(Verdict, Vec<ExplainBack>), SiteError> {
    let (run_seed, explain_seed) = (rand::random(), rand::random());
    judged(site, client, move |judge| {
        let verdict = judge.grade(&task, &variant, files.clone(), run_seed)?;
        let explain = judge.explain_back(&task, &variant, files, explain_seed).unwrap_or_else(|error| {
            tracing::warn!(%error, task = %task.id, "nothing is asked about work that was handed in");
            Vec::new()
        });
        Ok((verdict, explain))
    })
    .await
}

/// Runs a snippet when it is the client's turn.
pub async fn run_snippet(site: &Site, client: Client, project: String, code: String) -> Result<SnippetRun, SiteError> {
    judged(site, client, move |judge| judge.run_snippet(&project, &code)).await
}

async fn judged<T: Send + 'static>(
    site: &Site,
    client: Client,
    work: impl FnOnce(&dyn Judge) -> Result<T, GradeError> + Send + 'static,
) -> Result<T, SiteError> {
    let judge = match site.practice() {
        Practice::On(judge) => Arc::clone(judge),
        Practice::Off { reason } => return Err(SiteError::PracticeOff(reason.clone())),
    };
    let turn = site.queue().turn(client).await?;
    let done = tokio::task::spawn_blocking(move || {
        // Held to the end of the run, even if the browser has gone.
        let _turn = turn;
        work(judge.as_ref())
    });
    match done.await {
        Ok(result) => result.map_err(refusal),
        Err(error) => Err(SiteError::internal("the grader", &error)),
    }
}

/// What the grader refuses, as the reader is told.
fn refusal(error: GradeError) -> SiteError {
    match error {
        GradeError::TooLarge { path, bytes, limit } => {
            let what = path.strip_prefix("the ").map_or_else(|| format!("The file {path}"), |it| format!("The {it}"));
            SiteError::TooLarge { what, bytes: Some(bytes as u64), limit }
        }
        GradeError::Unavailable(reason) => SiteError::PracticeOff(reason),
        GradeError::Internal(cause) => SiteError::internal("the grader", &cause),
        other => SiteError::Refused(other.to_string()),
    }
}
