//! The grader's side of `cargo xtask bench grade`: does what it is told on standard input, one word a line, and answers
//! each with one line of JSON. `bench_grade CONTENT DATA TASK POOL [unrehearsed]`
//!
//! - `one SEED`: grades an accepted submission and says how long that took;
//! - `burst SECONDS SUBMITTERS`: grades without waiting for anything, says how many verdicts there were;
//! - `cold SEED`: what a process without any of this needs to do the same job;
//! - `memory`: what an instance holds that waits.
//!
//! The pool is full before each of these begins, and again before it is answered.
//! `unrehearsed` gives the grader no tasks, so that its templates rehearse nothing and no memory is copied ahead.

use jobfuture_content::{FileSet, Library, Project, Task, Variant};
use jobfuture_grader::{Grader, GraderConfig, Verdict};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::error::Error;
use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const PATIENCE: Duration = Duration::from_secs(20);
/// Variants that candidates get; each has its own parameters and so its own starter, submission and rows.
const VARIANTS: u64 = 20;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [content, data, task, pool, rest @ ..] = arguments.as_slice() else {
        return Err("bench_grade CONTENT DATA TASK POOL [unrehearsed]".into());
    };
    let library = Library::read(Path::new(content)).map_err(|faults| faults.to_string())?;
    let bench = Bench::new(library, data, task, pool.parse()?, rest.first().is_some_and(|word| word == "unrehearsed"))?;
    let readiness = bench.grader.readiness();
    let versions = readiness.versions.join(", ");
    say(&json!({ "ready": readiness.to_string(), "versions": versions, "submission": bench.submission }))?;
    for line in std::io::stdin().lock().lines() {
        say(&bench.answer(&line?)?)?;
    }
    Ok(())
}

fn say(answer: &Value) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{answer}")?;
    Ok(out.flush()?)
}

struct Bench {
    grader: Grader,
    data: PathBuf,
    project: Arc<Project>,
    task: Arc<Task>,
    submission: String,
    variants: Vec<Variant>,
    pool: usize,
}

impl Bench {
    fn new(mut library: Library, data: &str, task: &str, pool: usize, unrehearsed: bool) -> Result<Self> {
        let task = library.tasks.get(task).ok_or("there is no such task")?.clone();
        let first = || task.submissions.keys().find(|name| name.starts_with("accepted/"));
        let submission = task.expected.reference.as_ref().or_else(first);
        let submission = submission.ok_or("the task has no accepted submission")?.clone();
        let project = library.projects.get(&task.manifest.project).ok_or("the task has no project")?.clone();
        if unrehearsed {
            library.tasks.clear();
        }
        // As for the server, whose builds of Python are not equally quick.
        let python = std::env::var_os("JOBFUTURE_PYTHON").map(PathBuf::from);
        let config = GraderConfig { data: data.into(), python, pool, allow_reduced_isolation: false };
        let grader = Grader::start(&Arc::new(library), &config, &|line| eprintln!("{line}"))?;
        let variants = (0..VARIANTS).map(|seed| task.variant(seed)).collect::<std::result::Result<_, _>>();
        let variants = variants.map_err(|fault| fault.to_string())?;
        Ok(Self { grader, data: data.into(), project, variants, task, submission, pool })
    }

    fn answer(&self, line: &str) -> Result<Value> {
        // What an earlier answer set going, such as refilling the pool, is not to be measured here.
        self.settle()?;
        let mut words = line.split_whitespace();
        let what = words.next().unwrap_or_default();
        let mut number = || words.next().unwrap_or_default().parse::<f64>();
        let answer = match what {
            "one" => self.one(number()? as u64),
            "burst" => self.burst(Duration::from_secs_f64(number()?), number()? as usize),
            "cold" => self.cold(number()? as u64),
            "memory" => self.memory(),
            other => Err(format!("“{other}” is not understood").into()),
        };
        // Nor is what this one set going to disturb what is measured elsewhere next.
        self.settle()?;
        answer
    }

    fn settle(&self) -> Result<()> {
        if self.grader.wait_until_full(PATIENCE) { Ok(()) } else { Err("the pool does not fill".into()) }
    }

    fn variant(&self, seed: u64) -> &Variant {
        &self.variants[(seed % VARIANTS) as usize]
    }

    /// Grades, from the submission in hand to the verdict; refuses to measure anything else than a pass.
    fn grade(&self, seed: u64) -> Result<(Verdict, f64)> {
        let variant = self.variant(seed);
        let files = self.task.render_files(&self.task.submissions[&self.submission], &variant.parameters);
        let files = files.map_err(|fault| fault.to_string())?;
        let began = Instant::now();
        let verdict = self.grader.grade(&self.task, variant, files, seed)?;
        let took = began.elapsed().as_secs_f64() * 1_000.0;
        if verdict.passed { Ok((verdict, took)) } else { Err(failure(&verdict).into()) }
    }

    fn one(&self, seed: u64) -> Result<Value> {
        let (verdict, ms) = self.grade(seed)?;
        Ok(json!({ "ms": ms, "phases": verdict.timings_ms }))
    }

    /// Counts only once the instances that lay ready are used up: from there on each verdict pays for its own.
    fn burst(&self, time: Duration, submitters: usize) -> Result<Value> {
        for seed in 0..self.pool as u64 + 1 {
            self.grade(seed)?;
        }
        let (began, next) = (Instant::now(), AtomicU64::new(0));
        let work = || -> std::result::Result<(), String> {
            while began.elapsed() < time {
                self.grade(next.fetch_add(1, Ordering::Relaxed)).map_err(|error| error.to_string())?;
            }
            Ok(())
        };
        std::thread::scope(|scope| {
            let threads: Vec<_> = (0..submitters.max(1)).map(|_| scope.spawn(work)).collect();
            threads.into_iter().try_for_each(|thread| thread.join().map_err(|_| "a submitter panicked".to_owned())?)
        })?;
        Ok(json!({ "verdicts": next.into_inner(), "seconds": began.elapsed().as_secs_f64() }))
    }

    /// The rendered task, with behaviours as JSON, for a process that does the same by Django's test client.
    fn cold(&self, seed: u64) -> Result<Value> {
        let variant = self.variant(seed);
        let submission = self.task.render_files(&self.task.submissions[&self.submission], &variant.parameters);
        let mut files = variant.starter.clone();
        files.extend(submission.map_err(|fault| fault.to_string())?);
        let files: BTreeMap<_, _> =
            files.iter().map(|(path, bytes)| (path, String::from_utf8_lossy(bytes).into_owned())).collect();
        let behaviours: Vec<toml::Table> =
            variant.behaviours.iter().map(|(_, text)| toml::from_str(text)).collect::<std::result::Result<_, _>>()?;
        Ok(json!({
            "seed": seed,
            "python": folder_with(&self.data.join("python"), &self.lock_file())?.join("bin/python"),
            "project": folder_with(&self.data.join("projects"), &self.project.files)?,
            "settings": self.project.settings,
            "fixture": self.project.fixture,
            "files": files,
            "world": variant.world,
            "facts": self.task.manifest.facts,
            "behaviours": behaviours,
        }))
    }

    fn lock_file(&self) -> FileSet {
        let lock = self.project.files.iter().filter(|(path, _)| *path == "requirements.lock");
        lock.map(|(path, bytes)| (path.clone(), bytes.clone())).collect()
    }

    fn memory(&self) -> Result<Value> {
        let (share, private) =
            self.grader.idle_memory_kib(&self.project.id).ok_or("an instance's memory cannot be read")?;
        Ok(json!({ "pss_kib": share, "private_kib": private, "pool": self.pool }))
    }
}

/// The folder in `parent` that holds these very files: what the grader made for this project, under whatever name.
fn folder_with(parent: &Path, files: &FileSet) -> Result<PathBuf> {
    for entry in std::fs::read_dir(parent)? {
        let folder = entry?.path();
        let holds =
            |(path, bytes): (&String, &Vec<u8>)| std::fs::read(folder.join(path)).is_ok_and(|found| found == *bytes);
        if !files.is_empty() && files.iter().all(holds) {
            return Ok(folder);
        }
    }
    Err(format!("{} has no folder for this project", parent.display()).into())
}

fn failure(verdict: &Verdict) -> String {
    let failed = verdict.behaviours.iter().filter(|behaviour| !behaviour.passed);
    let failed: Vec<_> = failed.map(|behaviour| (&behaviour.id, &behaviour.evidence)).collect();
    format!("the accepted submission failed: {failed:?} {:?} {}", verdict.stopped, verdict.output)
}
