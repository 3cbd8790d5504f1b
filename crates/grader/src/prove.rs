//! The gate that content passes before anyone sees it: tasks prove their checks, guides prove their claims.

mod explain;

pub use explain::ExplainReport;

use crate::side_by_side::side_by_side;
use crate::verdict::Verdict;
use crate::{GradeError, Grader};
use jobfuture_content::{FileSet, Library, Outcome, Proof, QUESTION_SEEDS, QuickQuestion, Task, TaskKind, Variant};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// Seeds that every submission is graded with.
pub const SEEDS: u64 = 20;
/// Seeds for a mutant of a task whose verdicts take long, or which has many mutants.
pub const FEW_SEEDS: u64 = 2;
/// With more mutants than this each seed meets enough of them when each meets but a few seeds.
const MANY_MUTANTS: usize = 24;
/// An accepted submission may use at most this part of a limit: a slower machine must not fail it.
const HEADROOM: f64 = 3.0;

/// What was proved, and what was not.
#[derive(Debug, Serialize)]
pub struct ProveReport {
    /// Whether there is no violation at all.
    pub passed: bool,
    /// One for each task, by id.
    pub tasks: Vec<TaskReport>,
    /// One for each guide, by id.
    pub guides: Vec<GuideReport>,
    /// One for each quick question, by id.
    pub questions: Vec<QuestionReport>,
    /// Seconds on the clock.
    pub seconds: f64,
}

/// One task's gate.
#[derive(Debug, Serialize)]
pub struct TaskReport {
    /// Task id.
    pub task: String,
    /// Submissions, the starter among them.
    pub submissions: usize,
    /// Verdicts that were made.
    pub verdicts: usize,
    /// Median milliseconds of a verdict on an accepted submission.
    pub accepted_ms: f64,
    /// Most that an accepted submission used: processor seconds, statements, rows.
    pub used: Used,
    /// Its questions about the candidate's own code, and what was answered.
    pub explain_back: Vec<ExplainReport>,
    /// What is wrong, each with the mend where there is one.
    pub violations: Vec<String>,
}

/// One guide's proofs.
#[derive(Debug, Serialize)]
pub struct GuideReport {
    /// Guide id.
    pub guide: String,
    /// What they were run on: `Django 5.2.19`.
    pub versions: String,
    /// One for each proof, in order.
    pub proofs: Vec<ProofReport>,
}

/// One quick question.
#[derive(Debug, Serialize)]
pub struct QuestionReport {
    /// Question id.
    pub question: String,
    /// Its proofs, in order of seed and place; none where nothing can be run.
    pub proofs: Vec<ProofReport>,
}

/// One proof.
#[derive(Debug, Clone, Serialize)]
pub struct ProofReport {
    /// Proof id.
    pub proof: String,
    /// What it was: see [`Proof::key`].
    pub key: String,
    /// Milliseconds.
    pub millis: f64,
    /// Why the claim does not hold; `None` when it does.
    pub violation: Option<String>,
}

/// What a run used.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub struct Used {
    /// Processor seconds of the candidate's process.
    pub cpu_seconds: f64,
    /// Statements of every class.
    pub statements: u64,
    /// Rows handed over or changed.
    pub rows: u64,
}

/// Told after each step: done, of how many, what.
pub type Steps<'a> = &'a (dyn Fn(usize, usize, &str) + Sync);

/// Which parts are proved.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Only this task, guide or quick question; `None`: everything.
    pub only: Option<String>,
    /// Every submission with every seed. Else only the accepted ones of a task whose verdicts take long (migrations, tests)
    /// or which has many mutants are; each of its mutants is graded with [`FEW_SEEDS`] of them, others for each, so that every seed meets some.
    pub thorough: bool,
}

struct Job<'a> {
    task: &'a Task,
    seed: u64,
    /// `None`: the starter.
    submission: Option<&'a str>,
}

impl Job<'_> {
    /// The seed of the rows. No variant's seed is near to it: the two are independent.
    fn rows(&self) -> u64 {
        self.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }
}

struct Done {
    task: String,
    seed: u64,
    submission: String,
    outcome: Result<Verdict, String>,
}

/// Runs the gate. Two runs at a time: that is what the smallest machine has cores for.
///
/// # Errors
/// [`GradeError::UnknownTask`] when the selection names nothing.
pub fn prove(
    grader: &Grader,
    library: &Library,
    selection: &Selection,
    steps: Steps<'_>,
) -> Result<ProveReport, GradeError> {
    let began = Instant::now();
    let chosen = |id: &str| selection.only.as_deref().is_none_or(|only| only == id);
    let tasks: Vec<&Task> = library.tasks.values().map(AsRef::as_ref).filter(|task: &&Task| chosen(&task.id)).collect();
    let proofs: Vec<_> = library.proofs().filter(|proof| chosen(&proof.guide)).collect();
    let questions: Vec<&QuickQuestion> = library
        .questions
        .values()
        .map(AsRef::as_ref)
        .filter(|question: &&QuickQuestion| chosen(&question.id))
        .collect();
    if let Some(only) = &selection.only
        && tasks.is_empty()
        && proofs.is_empty()
        && questions.is_empty()
    {
        return Err(GradeError::UnknownTask(only.clone()));
    }
    let jobs: Vec<Job<'_>> = tasks.iter().flat_map(|task| jobs_of(task, selection.thorough)).collect();
    let explain_jobs: Vec<Job<'_>> = tasks.iter().flat_map(|task| explain::jobs_of(task)).collect();
    let keys = keys_of(&questions);
    let total = jobs.len() + explain_jobs.len() + proofs.len() + keys.len();
    let count = AtomicUsize::new(0);
    let tick = |what: &str| steps(count.fetch_add(1, Ordering::Relaxed) + 1, total, what);

    let done = in_pairs(&jobs, |job| {
        let done = run_job(grader, job);
        tick(&job.task.id);
        done
    });
    let explained = in_pairs(&explain_jobs, |job| {
        let explained = explain::run(grader, job);
        tick(&job.task.id);
        explained
    });
    let proved = in_pairs(&proofs, |proof| {
        let report = prove_snippet(grader, library, proof);
        tick(&proof.guide);
        (proof.guide.clone(), report)
    });
    let keyed = in_pairs(&keys, |key| {
        let report = match key {
            Ok(proof) => prove_snippet(grader, library, proof),
            Err((_, fault)) => ProofReport::broken(fault),
        };
        let question = key.as_ref().map_or_else(|(id, _)| id, |proof| &proof.guide);
        tick(question);
        (question.clone(), report)
    });
    let with_questions = |task: &&Task| {
        let mut report = report_task(task, &done);
        let (explain_back, violations) = explain::report(grader, task, &explained);
        report.violations.extend(violations);
        TaskReport { explain_back, ..report }
    };
    let tasks: Vec<TaskReport> = tasks.iter().map(with_questions).collect();
    let mut guides: BTreeMap<String, GuideReport> = BTreeMap::new();
    for (guide, report) in proved {
        let versions = library.guides.get(&guide).map(|guide| grader.versions_of(&guide.project)).unwrap_or_default();
        let entry = guides.entry(guide.clone()).or_insert(GuideReport { guide, versions, proofs: vec![] });
        entry.proofs.push(report);
    }
    let guides: Vec<GuideReport> = guides.into_values().collect();
    let questions: Vec<QuestionReport> = questions.iter().map(|question| report_question(question, &keyed)).collect();
    let passed = tasks.iter().all(|task| task.violations.is_empty())
        && guides.iter().flat_map(|guide| &guide.proofs).all(|proof| proof.violation.is_none())
        && questions.iter().flat_map(|question| &question.proofs).all(|proof| proof.violation.is_none());
    Ok(ProveReport { passed, tasks, guides, questions, seconds: began.elapsed().as_secs_f64() })
}

/// What the keys of these questions stand on: the proofs of a family with several seeds, of another question once.
fn keys_of(questions: &[&QuickQuestion]) -> Vec<Result<Arc<Proof>, (String, String)>> {
    let mut keys = Vec::new();
    for question in questions {
        for seed in 0..if question.is_family() { QUESTION_SEEDS } else { 1 } {
            match question.variant(seed) {
                Ok(variant) => keys.extend(variant.proofs().cloned().map(Ok)),
                Err(fault) => keys.push(Err((question.id.clone(), fault.to_string()))),
            }
        }
    }
    keys
}

fn report_question(question: &QuickQuestion, keyed: &[(String, ProofReport)]) -> QuestionReport {
    let own = keyed.iter().filter(|(id, _)| *id == question.id).map(|(_, report)| report.clone());
    QuestionReport { question: question.id.clone(), proofs: own.collect() }
}

impl ProofReport {
    /// A proof that could not even be put together.
    fn broken(fault: &str) -> Self {
        Self { proof: String::new(), key: String::new(), millis: 0.0, violation: Some(fault.to_owned()) }
    }
}

/// Slow and hostile submissions take their limit's time, whatever the seed: once is enough for them.
fn jobs_of(task: &Task, thorough: bool) -> Vec<Job<'_>> {
    let mutants = task.submissions.keys().filter(|name| name.starts_with("mutants/")).count();
    let all_seeds = thorough || (task.manifest.kind == TaskKind::Serve && mutants <= MANY_MUTANTS);
    let mut jobs = Vec::new();
    for seed in 0..SEEDS {
        if all_seeds || seed < FEW_SEEDS {
            jobs.push(Job { task, seed, submission: None });
        }
        for (place, name) in (0..).zip(task.submissions.keys()) {
            let due = match name.split('/').next() {
                Some("accepted") => true,
                // Its own few seeds, spread over all.
                Some("mutants") => all_seeds || (seed + place * 7) % SEEDS < FEW_SEEDS,
                _ => seed == 0,
            };
            if due {
                jobs.push(Job { task, seed, submission: Some(name) });
            }
        }
    }
    jobs
}

/// Applies `work` to every item on two threads; results in the items' order.
fn in_pairs<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    side_by_side(items, 2, work, |_| false)
}

fn run_job(grader: &Grader, job: &Job<'_>) -> Done {
    let outcome = job
        .task
        .variant(job.seed)
        .map_err(|fault| fault.to_string())
        .and_then(|variant| Ok((files_of(job, &variant)?, variant)))
        .and_then(|(files, variant)| {
            grader.grade(job.task, &variant, files, job.rows()).map_err(|error| error.to_string())
        });
    let submission = job.submission.unwrap_or("starter").to_owned();
    Done { task: job.task.id.clone(), seed: job.seed, submission, outcome }
}

fn files_of(job: &Job<'_>, variant: &Variant) -> Result<FileSet, String> {
    match job.submission {
        Some(name) => {
            job.task.render_files(&job.task.submissions[name], &variant.parameters).map_err(|fault| fault.to_string())
        }
        None => Ok(editable_starter(job.task, variant)),
    }
}

/// What an untouched submission consists of.
fn editable_starter(task: &Task, variant: &Variant) -> FileSet {
    variant
        .starter
        .iter()
        .filter(|(path, _)| task.is_editable(path))
        .map(|(path, bytes)| (path.clone(), bytes.clone()))
        .collect()
}

fn report_task(task: &Task, done: &[Done]) -> TaskReport {
    let done: Vec<&Done> = done.iter().filter(|one| one.task == task.id).collect();
    let mut violations: Vec<String> = done.iter().filter_map(|one| violation(task, one)).collect();
    violations.extend(useless_behaviours(task, &done));
    let accepted: Vec<&Verdict> = done
        .iter()
        .filter(|one| one.submission.starts_with("accepted/"))
        .filter_map(|one| one.outcome.as_ref().ok())
        .collect();
    let mut times: Vec<f64> = accepted.iter().filter_map(|verdict| verdict.timings_ms.get("total").copied()).collect();
    times.sort_by(f64::total_cmp);
    let used = accepted.iter().fold(Used::default(), |most, verdict| most.max(verdict.used));
    violations.extend(tight_limits(task, used));
    TaskReport {
        task: task.id.clone(),
        submissions: task.submissions.len() + 1,
        verdicts: done.len(),
        accepted_ms: times.get(times.len() / 2).copied().unwrap_or(0.0),
        used,
        explain_back: Vec::new(),
        violations,
    }
}

impl Used {
    fn max(self, other: Self) -> Self {
        Self {
            cpu_seconds: self.cpu_seconds.max(other.cpu_seconds),
            statements: self.statements.max(other.statements),
            rows: self.rows.max(other.rows),
        }
    }
}

fn expectation<'a>(task: &'a Task, submission: &str) -> Option<&'a Outcome> {
    if submission == "starter" { Some(&task.expected.starter) } else { task.expected.submissions.get(submission) }
}

/// How one verdict differs from what `expected.toml` says.
fn violation(task: &Task, done: &Done) -> Option<String> {
    let at = format!("{} with seed {}", done.submission, done.seed);
    let verdict = match &done.outcome {
        Ok(verdict) => verdict,
        Err(error) => return Some(format!("{at}: no verdict: {error}")),
    };
    let Some(expected) = expectation(task, &done.submission) else {
        return Some(format!("{at}: expected.toml does not say what is expected of it"));
    };
    let stopped = verdict.stopped.as_ref().map(|stop| format!("{:?}", stop.kind).to_lowercase());
    if stopped != expected.stopped {
        let word = |stop: &Option<String>| stop.clone().unwrap_or_else(|| "nothing".into());
        let says = verdict.stopped.as_ref().map_or("", |stop| stop.says.as_str());
        return Some(format!(
            "{at}: stopped by {}, expected {} {says} {}",
            word(&stopped),
            word(&expected.stopped),
            tail(&verdict.output)
        ));
    }
    if expected.stopped.is_some() {
        return None;
    }
    let failed = failed_of(verdict);
    let wanted: BTreeSet<&str> = expected.fails.iter().map(String::as_str).collect();
    if failed == wanted {
        return None;
    }
    let list = |set: &BTreeSet<&str>| {
        if set.is_empty() { "nothing".to_owned() } else { set.iter().copied().collect::<Vec<_>>().join(", ") }
    };
    let surprise = verdict.behaviours.iter().find(|one| !one.passed && !wanted.contains(one.id.as_str()));
    let evidence = surprise.and_then(|one| one.evidence.first());
    let why = evidence.map_or(String::new(), |evidence| {
        format!(
            " ({} wanted {:?}, found {:?})",
            evidence.says,
            evidence.wanted.as_deref().map(tail),
            evidence.found.as_deref().map(tail)
        )
    });
    Some(format!("{at}: fails {}, expected {}{why}", list(&failed), list(&wanted)))
}

fn failed_of(verdict: &Verdict) -> BTreeSet<&str> {
    verdict.behaviours.iter().filter(|one| !one.passed).map(|one| one.id.as_str()).collect()
}

fn tail(text: &str) -> String {
    let letters: Vec<char> = text.trim().chars().collect();
    letters[letters.len().saturating_sub(240)..].iter().collect()
}

/// The check of the checks: leaving out any one behaviour must let some mutant live.
fn useless_behaviours(task: &Task, done: &[&Done]) -> Vec<String> {
    let verdicts =
        done.iter().filter(|one| one.submission.starts_with("mutants/")).filter_map(|one| one.outcome.as_ref().ok());
    let mut needed: BTreeSet<String> = BTreeSet::new();
    let mut all: BTreeSet<String> = BTreeSet::new();
    for verdict in verdicts {
        all.extend(verdict.behaviours.iter().map(|one| one.id.clone()));
        if let [only] = failed_of(verdict).into_iter().collect::<Vec<_>>()[..] {
            needed.insert(only.to_owned());
        }
    }
    let useless = all.difference(&needed);
    useless
        .map(|id| {
            format!("{}: no mutant dies of {id} alone, so nobody would miss it: add such a mutant, or drop it", task.id)
        })
        .collect()
}

/// Limits that an honest submission comes too near to.
fn tight_limits(task: &Task, used: Used) -> Vec<String> {
    let limits = task.manifest.limits;
    let uses = [
        ("cpu_seconds", used.cpu_seconds, f64::from(limits.cpu_seconds)),
        ("statements", used.statements as f64, f64::from(limits.statements)),
        ("rows", used.rows as f64, f64::from(limits.rows)),
    ];
    uses.iter()
        .filter(|(_, used, limit)| used * HEADROOM > *limit)
        .map(|(name, used, limit)| {
            format!(
                "the limit {name} = {limit} is less than {HEADROOM} times what an accepted submission used ({used:.2})"
            )
        })
        .collect()
}

fn prove_snippet(grader: &Grader, library: &Library, proof: &Proof) -> ProofReport {
    let key = library.projects.get(&proof.project).map(|project| proof.key(project)).unwrap_or_default();
    let (millis, violation) = match grader.run_snippet(&proof.project, &proof.code) {
        Ok(run) => (run.total_ms, broken_claim(proof, &run)),
        Err(error) => (0.0, Some(error.to_string())),
    };
    ProofReport { proof: proof.id.clone(), key, millis, violation }
}

/// The first claim of a proof that a run does not bear out.
pub fn broken_claim(proof: &Proof, run: &crate::SnippetRun) -> Option<String> {
    let at = format!("{}:{}", proof.file.display(), proof.line);
    if let Some(stop) = &run.stopped {
        return Some(format!("{at}: {} {}", stop.says, tail(&run.output)));
    }
    if !run.finished {
        return Some(format!("{at}: an exception was raised: {}", tail(&run.output)));
    }
    if let Some(statements) = proof.statements
        && statements != run.counted()
    {
        return Some(format!("{at}: {statements} statements are claimed, {} were seen", run.counted()));
    }
    if let Some(output) = &proof.output
        && trimmed(output) != trimmed(&run.output)
    {
        return Some(format!("{at}: it prints\n{}\nand not what is claimed", run.output.trim_end()));
    }
    None
}

/// Without white space at the ends of lines and of the whole.
fn trimmed(text: &str) -> String {
    text.trim().lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::{SnippetRun, Statement};

    fn proof() -> Proof {
        Proof {
            guide: "g".into(),
            id: "p".into(),
            project: "library".into(),
            code: String::new(),
            output: Some("two\n".into()),
            statements: Some(1),
            file: "g/01.md".into(),
            line: 7,
        }
    }

    fn run() -> SnippetRun {
        let statement =
            Statement { sql: "select 1".into(), counted: true, rows: 1, micros: 1, repeats: 0, during: String::new() };
        SnippetRun {
            output: "two  \n".into(),
            finished: true,
            statements: vec![statement],
            stopped: None,
            total_ms: 1.0,
        }
    }

    #[test]
    fn a_claim_that_is_altered_does_not_hold() {
        assert_eq!(broken_claim(&proof(), &run()), None);
        let altered = [
            Proof { statements: Some(2), ..proof() },
            Proof { statements: Some(0), ..proof() },
            Proof { output: Some("three".into()), ..proof() },
            Proof { output: Some(String::new()), ..proof() },
        ];
        for proof in altered {
            assert!(broken_claim(&proof, &run()).is_some_and(|why| why.starts_with("g/01.md:7: ")), "{proof:?}");
        }
        let raised = SnippetRun { finished: false, ..run() };
        assert!(broken_claim(&proof(), &raised).is_some());
    }
}
