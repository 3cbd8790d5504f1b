//! The face of this crate: submissions in, verdicts out.

use crate::GradeError;
use crate::behaviour::mutants::{self, SuiteRun};
use crate::behaviour::scene::Scene;
use crate::behaviour::world::World;
use crate::behaviour::{self, Behaviour, Check, Mutants};
use crate::judge::Judge;
use crate::recorder::{Recorder, RecorderLimits};
use crate::run::{Asked, Mode, Run};
use crate::runtime::{Loading, ProjectRuntime, rehearse};
use crate::snapshot::{Prepared, Recipe, Snapshots};
use crate::toolchain::{Progress, Toolchain, digest, find_python};
use crate::verdict::{SnippetRun, Stop, StopKind, Verdict};
use jobfuture_content::{FileSet, Library, Limits, Project, Task, TaskKind, Variant, check_path};
use jobfuture_sandbox::{Template, Tier, TierReport, survey};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Bytes of one file of a submission.
pub const MAX_FILE: usize = 256 << 10;
/// Bytes of a whole submission.
pub const MAX_SUBMISSION: usize = 1 << 20;

/// Where things are kept, and what the operator has decided.
#[derive(Debug, Clone)]
pub struct GraderConfig {
    /// The data folder: toolchains, copies of projects.
    pub data: PathBuf,
    /// The interpreter; `None`: `python3` of the PATH.
    pub python: Option<PathBuf>,
    /// Instances kept ready for each project.
    pub pool: usize,
    /// Whether code is run at all where isolation is reduced (tier C).
    pub allow_reduced_isolation: bool,
}

/// How well code can be run here.
#[derive(Debug, Clone)]
pub struct Readiness {
    /// What the machine can hold.
    pub tier: Tier,
    /// Versions of the projects' toolchains: `Django 5.2.19`.
    pub versions: Vec<String>,
    /// What is wrong at present.
    pub faults: Vec<String>,
}

impl fmt::Display for Readiness {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "tier {:?}: {}", self.tier, self.tier.describe())?;
        for fault in &self.faults {
            write!(formatter, "; {fault}")?;
        }
        Ok(())
    }
}

/// Runs candidates' code and judges what it does. Share it by `Arc`; calls block and may run side by side.
pub struct Grader {
    projects: BTreeMap<String, Arc<ProjectRuntime>>,
    snapshots: Arc<Snapshots>,
    report: TierReport,
    versions: BTreeMap<String, BTreeMap<String, String>>,
}

impl Grader {
    /// Makes what is missing (told to `tell`, line by line), starts the templates and lets them rehearse.
    ///
    /// # Errors
    /// [`GradeError::Unavailable`] with the fault and the mend.
    pub fn start(library: &Arc<Library>, config: &GraderConfig, tell: Progress<'_>) -> Result<Self, GradeError> {
        let unavailable = |error: &dyn fmt::Display| GradeError::Unavailable(error.to_string());
        let report = survey();
        refuse_weak_isolation(&report, config.allow_reduced_isolation)?;
        let python = find_python(config.python.as_deref()).map_err(|error| unavailable(&error))?;
        let snapshots = Arc::new(Snapshots::default());
        let mut projects = BTreeMap::new();
        let mut versions = BTreeMap::new();
        for (id, project) in &library.projects {
            let toolchain =
                Toolchain::ensure(&config.data, &python, project, tell).map_err(|error| unavailable(&error))?;
            tell(&format!("loading {} in the sandbox", project.title));
            let namespaces = report.tier <= Tier::B;
            let runtime = Arc::new(ProjectRuntime::new(project.clone(), toolchain, namespaces, config.pool));
            let prepared = snapshots.get(&runtime, &own_recipe(project))?;
            runtime.rehearse_with(rehearsal(library, project, prepared.clone()));
            runtime.pool(Loading::Early)?;
            versions.insert(id.clone(), prepared.versions.clone());
            projects.insert(id.clone(), runtime);
        }
        Ok(Self { projects, snapshots, report, versions })
    }

    /// Grades a submission: `files` are the candidate's, laid over the variant's starter. `run_seed` draws the rows;
    /// keep it secret from the candidate. Blocks for the time of the run.
    ///
    /// # Errors
    /// When there is no verdict; a bad submission is named with its mend.
    pub fn grade(&self, task: &Task, variant: &Variant, files: FileSet, run_seed: u64) -> Result<Verdict, GradeError> {
        check_submission(task, &files)?;
        let runtime = self.project(&task.manifest.project)?;
        let mut all = variant.starter.clone();
        all.extend(files);
        let behaviours = behaviour::parse_all(variant)?;
        let grading = Grading { grader: self, runtime, task, variant, files: all, behaviours, run_seed };
        match task.manifest.kind {
            TaskKind::Tests => grading.tests(),
            TaskKind::Serve | TaskKind::Migrate => grading.behaviours(),
        }
    }

    /// Runs a snippet of Python in a project, on a fresh copy of its database.
    ///
    /// # Errors
    /// When it could not be run at all.
    pub fn run_snippet(&self, project: &str, code: &str) -> Result<SnippetRun, GradeError> {
        if code.len() > MAX_FILE {
            return Err(GradeError::TooLarge { path: "the snippet".into(), bytes: code.len(), limit: MAX_FILE });
        }
        let runtime = self.project(project)?;
        let prepared = self.snapshots.get(runtime, &own_recipe(&runtime.project))?;
        let limits = Limits { cpu_seconds: 3, wall_seconds: 6, output_kb: 32, ..Limits::default() };
        let mut recorder = recorder(limits)?;
        let mut instance = runtime.take(Loading::Early)?;
        recorder.restore(&prepared.snapshot)?;
        recorder.begin_window("your code");
        let began = Instant::now();
        let mut run = Run::begin(instance.channel(), limits, &FileSet::new(), &Mode::Snippet(code))?;
        run.during = "your code".into();
        #[derive(Deserialize)]
        struct Done {
            finished: bool,
        }
        let done: Result<Done, Stop> = run.finish(&mut recorder, b'd', None);
        let (finished, stopped) = match done {
            Ok(done) => (done.finished, None),
            Err(stop) => (false, Some(stop)),
        };
        let output = std::mem::take(&mut run.output);
        recorder.end_window();
        let total_ms = began.elapsed().as_secs_f64() * 1_000.0;
        Ok(SnippetRun { output, finished, statements: recorder.statements().to_vec(), stopped, total_ms })
    }

    /// How well code can be run here, now.
    pub fn readiness(&self) -> Readiness {
        let states = self.projects.values().flat_map(|runtime| runtime.states());
        let faults = states.filter_map(|(_, state)| state.fault).collect();
        let versions = self.versions.keys().map(|project| self.versions_of(project)).collect();
        Readiness { tier: self.report.tier, versions, faults }
    }

    /// What was tried of the machine.
    pub fn report(&self) -> &TierReport {
        &self.report
    }

    /// `Django 5.2.19`, for a project that is loaded.
    pub fn versions_of(&self, project: &str) -> String {
        let version = |name: &str| self.versions.get(project).and_then(|all| all.get(name)).map_or("?", String::as_str);
        format!("Django {}", version("django"))
    }

    /// How the pools are doing: project, kind, state.
    pub fn pools(&self) -> Vec<(String, &'static str, jobfuture_sandbox::PoolState)> {
        let mut all = Vec::new();
        for (id, runtime) in &self.projects {
            for (loading, state) in runtime.states() {
                all.push((id.clone(), if loading == Loading::Early { "early" } else { "late" }, state));
            }
        }
        all
    }

    /// Waits until every started pool is full; for measuring.
    pub fn wait_until_full(&self, patience: Duration) -> bool {
        self.projects.values().all(|runtime| runtime.pool(Loading::Early).is_ok_and(|pool| pool.wait_full(patience)))
    }

    /// Memory of an instance that waits: proportional share and private part, KiB.
    pub fn idle_memory_kib(&self, project: &str) -> Option<(u64, u64)> {
        self.project(project).ok()?.pool(Loading::Early).ok()?.idle_memory_kib()
    }

    fn project(&self, id: &str) -> Result<&Arc<ProjectRuntime>, GradeError> {
        self.projects.get(id).ok_or_else(|| GradeError::UnknownProject(id.to_owned()))
    }
}

fn refuse_weak_isolation(report: &TierReport, allowed: bool) -> Result<(), GradeError> {
    let mends = || {
        let broken = report.findings.iter().filter(|finding| !finding.works);
        broken
            .map(|finding| format!("{}: {}. {}", finding.name, finding.says, finding.mend.unwrap_or("")))
            .collect::<Vec<_>>()
            .join(" ")
    };
    match report.tier {
        Tier::A | Tier::B => Ok(()),
        Tier::C if allowed => Ok(()),
        Tier::C => Err(GradeError::Unavailable(format!(
            "isolation is reduced on this machine, so nobody's code is run. {} To run it all the same: --allow-reduced-isolation.",
            mends()
        ))),
        Tier::D => Err(GradeError::Unavailable(format!("this machine cannot isolate code. {}", mends()))),
    }
}

fn own_recipe(project: &Project) -> Recipe<'_> {
    static NOTHING: (FileSet, BTreeMap<String, String>) = (BTreeMap::new(), BTreeMap::new());
    Recipe { files: &NOTHING.0, migrate: &NOTHING.1, fixture: &project.fixture }
}

pub(crate) fn recorder(limits: Limits) -> Result<Recorder, GradeError> {
    Ok(Recorder::new(RecorderLimits {
        statements: u64::from(limits.statements),
        rows: u64::from(limits.rows),
        // All of them: a statement that was not kept cannot be looked at afterwards.
        kept_statements: limits.statements as usize,
        total_time: Duration::from_secs(u64::from(limits.cpu_seconds)),
        ..RecorderLimits::default()
    })?)
}

/// Refuses what cannot be graded, with its name and the mend.
fn check_submission(task: &Task, files: &FileSet) -> Result<(), GradeError> {
    let editable = || task.editable.editable.join(", ");
    if files.is_empty() || files.values().all(Vec::is_empty) {
        return Err(GradeError::Empty { editable: editable() });
    }
    for (path, bytes) in files {
        check_path(path).map_err(|fault| GradeError::BadPath { path: path.clone(), why: fault.to_string() })?;
        if bytes.len() > MAX_FILE {
            return Err(GradeError::TooLarge { path: path.clone(), bytes: bytes.len(), limit: MAX_FILE });
        }
        if !task.is_editable(path) {
            return Err(GradeError::NotEditable { path: path.clone(), editable: editable() });
        }
        if std::str::from_utf8(bytes).is_err() {
            return Err(GradeError::NotText { path: path.clone() });
        }
    }
    let bytes = files.values().map(Vec::len).sum();
    if bytes > MAX_SUBMISSION {
        return Err(GradeError::TooLarge { path: "The submission".into(), bytes, limit: MAX_SUBMISSION });
    }
    Ok(())
}

/// One submission being graded.
struct Grading<'a> {
    grader: &'a Grader,
    runtime: &'a Arc<ProjectRuntime>,
    task: &'a Task,
    variant: &'a Variant,
    files: FileSet,
    behaviours: Vec<Behaviour>,
    run_seed: u64,
}

impl Grading<'_> {
    fn limits(&self) -> Limits {
        self.task.manifest.limits
    }

    fn prepared(&self) -> Result<Arc<Prepared>, GradeError> {
        let snapshot = &self.task.manifest.snapshot;
        let fixture = snapshot.fixture.as_deref().unwrap_or(&self.runtime.project.fixture);
        let recipe = Recipe { files: &self.variant.starter, migrate: &snapshot.migrate, fixture };
        self.grader.snapshots.get(self.runtime, &recipe)
    }

    fn world(&self, recorder: &mut Recorder) -> Result<World, GradeError> {
        let prepared = self.prepared()?;
        World::draw(recorder, &prepared.snapshot, &prepared.sessions, self.task, self.variant, self.run_seed)
    }

    /// One process, one recorder, all behaviours.
    fn behaviours(&self) -> Result<Verdict, GradeError> {
        let mut judge = Judge::new(self.task, self.variant);
        let loading = Loading::of(&self.files);
        let mode = if self.task.manifest.kind == TaskKind::Migrate { Mode::Migrate } else { Mode::Serve };
        // A snapshot that has yet to be made is not the candidate's time.
        self.prepared()?;
        let mut instance = self.runtime.take(loading)?;
        judge.note("wait");
        // The process loads the files while we draw the world.
        let mut run = Run::begin(instance.channel(), self.limits(), &self.files, &mode)?;
        let mut recorder = recorder(self.limits())?;
        let world = self.world(&mut recorder)?;
        // Whoever reads rows while being loaded finds the project's, not those of this run.
        recorder.restore(&self.prepared()?.snapshot)?;
        judge.note("world");
        match run.ready(&mut recorder) {
            Ok(()) => {
                judge.note("load");
                judge.look(&self.behaviours, Scene::new(&mut run, &mut recorder, &world, self.run_seed))?;
                judge.note("behaviours");
            }
            Err(stop) => judge.stop(stop),
        }
        judge.hear(&run.output);
        judge.weigh(instance.cpu_time(), &recorder);
        Ok(judge.close(&self.behaviours, &recorder))
    }

    /// The candidate's tests against each variant of the application, two processes at a time.
    fn tests(&self) -> Result<Verdict, GradeError> {
        let mut judge = Judge::new(self.task, self.variant);
        let checks = self.mutant_checks()?;
        let mut suites = BTreeMap::new();
        let mut last = recorder(self.limits())?;
        let hidden = self.hidden();
        // What is printed against a correct variant is shown; against a broken one it would tell what is broken.
        let shown = checks.iter().flat_map(|(_, mutants)| &mutants.live).next();
        for name in self.variants_in_secret_order(&checks) {
            let mut recorder = recorder(self.limits())?;
            let mut output = String::new();
            let suite = self.suite(&name, &hidden, &mut recorder, &mut output, &mut judge)?;
            if shown == Some(&name) {
                judge.hear(&output);
                last = recorder;
            }
            match suite {
                Ok(suite) => suites.insert(name, suite),
                Err(stop) => {
                    judge.stop(stop);
                    return Ok(judge.close(&self.behaviours, &last));
                }
            };
        }
        judge.note("behaviours");
        judge.compare(&checks, &suites);
        Ok(judge.close(&self.behaviours, &last))
    }

    /// Who knew the order could tell the variants apart by the clock.
    fn variants_in_secret_order(&self, checks: &[(Behaviour, Mutants)]) -> Vec<String> {
        let mut names = mutants::named(checks.iter().map(|(_, mutants)| mutants));
        names.sort_by_cached_key(|name| digest([&self.run_seed.to_le_bytes(), name.as_bytes()]));
        names
    }

    /// Files of the application that variants replace: what they hold here is not what is tested, and a test that asks
    /// them would test nothing. Models and the like are both sides' own.
    fn hidden(&self) -> Vec<String> {
        let files = self.task.test_mutants.values().flat_map(BTreeMap::keys);
        let paths: BTreeSet<&str> = files.map(|path| path.strip_suffix(".jinja").unwrap_or(path)).collect();
        let known = |path: &&str| {
            let early = Loading::of(&FileSet::from([((*path).to_owned(), vec![])])) == Loading::Early;
            early && (self.runtime.project.files.contains_key(*path) || self.variant.starter.contains_key(*path))
        };
        paths.into_iter().filter(known).map(str::to_owned).collect()
    }

    fn mutant_checks(&self) -> Result<Vec<(Behaviour, Mutants)>, GradeError> {
        let checks = self.behaviours.iter().map(|behaviour| match &behaviour.check {
            Check::Mutants(mutants) => Ok((behaviour.clone(), mutants.clone())),
            _ => Err(GradeError::Internal(format!(
                "{}: a task of the kind tests has only tests_kill_mutants",
                behaviour.id
            ))),
        });
        checks.collect()
    }

    fn suite(
        &self,
        name: &str,
        hidden: &[String],
        recorder: &mut Recorder,
        output: &mut String,
        judge: &mut Judge,
    ) -> Result<Result<SuiteRun, Stop>, GradeError> {
        let mutant = self.task.test_mutants.get(name);
        let mutant = mutant.ok_or_else(|| GradeError::Internal(format!("there is no testmutants/{name}")))?;
        let mutant = self.task.render_files(mutant, &self.variant.parameters).map_err(GradeError::internal)?;
        let mut application_files = self.variant.starter.clone();
        application_files.extend(mutant);

        let mut application = self.runtime.take(Loading::of(&application_files))?;
        let mut files = self.files.clone();
        files.retain(|path, _| !hidden.contains(path));
        let mut tests = self.runtime.take(Loading::of(&files))?;
        let mut asked = Run::begin(application.channel(), self.limits(), &application_files, &Mode::Serve)?;
        let mut run = Run::begin(tests.channel(), self.limits(), &files, &Mode::Tests { hidden })?;
        let world = self.world(recorder)?;
        recorder.restore(&world.snapshot)?;
        if let Err(stop) = asked.ready(recorder) {
            return Err(GradeError::Internal(format!(
                "testmutants/{name} cannot be loaded: {} {}",
                stop.says, asked.output
            )));
        }
        let mut ours: Option<String> = None;
        let mut answer = |recorder: &mut Recorder, question: Asked| match question {
            Asked::Begin => match recorder.restore(&world.snapshot) {
                Ok(()) => Ok((serde_json::json!({}), vec![])),
                Err(error) => Err(fault_of_ours(&mut ours, error.to_string())),
            },
            Asked::Client(request) => {
                let response = asked.request(recorder, &request)?;
                let head = serde_json::json!({ "status": response.status, "headers": response.headers });
                Ok((head, response.body))
            }
        };
        #[derive(Deserialize)]
        struct Done {
            results: Vec<(String, String, String)>,
        }
        let done: Result<Done, Stop> = run.finish(recorder, b't', Some(&mut answer));
        output.push_str(&run.output);
        judge.weigh(tests.cpu_time(), recorder);
        if let Some(fault) = ours {
            return Err(GradeError::Internal(fault));
        }
        Ok(done.map(|done| SuiteRun { results: done.results }))
    }
}

/// A fault on our side in the middle of a conversation: ends it, and is told to nobody but the log.
fn fault_of_ours(place: &mut Option<String>, fault: String) -> Stop {
    *place = Some(fault);
    Stop { kind: StopKind::Exit, says: "The run was broken off by a fault of ours.".into() }
}

/// What an early template rehearses: every request task of its project, with the starter, as if it were graded.
fn rehearsal(
    library: &Arc<Library>,
    project: &Arc<Project>,
    prepared: Arc<Prepared>,
) -> Box<crate::runtime::Rehearsal> {
    let (library, project) = (library.clone(), project.id.clone());
    Box::new(move |template: &Template| {
        let tasks = library.tasks.values().filter(|task| task.manifest.project == project);
        for task in tasks.filter(|task| task.manifest.kind == TaskKind::Serve) {
            let variant = task.variant(0).map_err(GradeError::internal)?;
            if Loading::of(&variant.starter) == Loading::Late {
                continue;
            }
            rehearse(template, |channel| {
                let limits = Limits { wall_seconds: 20, ..task.manifest.limits };
                let mut run = Run::begin(channel, limits, &variant.starter, &Mode::Serve)?;
                let mut recorder = recorder(limits)?;
                let world = World::draw(&mut recorder, &prepared.snapshot, &prepared.sessions, task, &variant, 0)?;
                let mut judge = Judge::new(task, &variant);
                let looked = match run.ready(&mut recorder) {
                    Ok(()) => {
                        judge.look(&behaviour::parse_all(&variant)?, Scene::new(&mut run, &mut recorder, &world, 0))
                    }
                    Err(stop) => Err(GradeError::Internal(format!("{}: {}", task.id, stop.says))),
                };
                run.goodbye();
                looked
            })?;
        }
        Ok(())
    })
}
