//! The face of this crate: submissions in, verdicts out.

use crate::GradeError;
use crate::behaviour::aside::Aside;
use crate::behaviour::scene::Scene;
use crate::behaviour::world::World;
use crate::behaviour::{self, Behaviour};
use crate::explain::{ExplainBack, LookedBack};
use crate::judge::Judge;
use crate::recorder::{Recorder, RecorderLimits};
use crate::run::{Mode, Run};
use crate::runtime::{Loading, ProjectRuntime, learn, rehearse};
use crate::snapshot::{Prepared, Recipe, Snapshots};
use crate::toolchain::{Progress, Toolchain, digest, find_python};
use crate::verdict::{SnippetRun, Stop, Verdict};
use jobfuture_content::{FileSet, Library, Limits, Project, Task, TaskKind, Variant, check_path};
use jobfuture_sandbox::{Channel, Template, Tier, TierReport, survey};
use serde::Deserialize;
use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Bytes of one file of a submission.
pub const MAX_FILE: usize = 256 << 10;
/// Bytes of a whole submission.
pub const MAX_SUBMISSION: usize = 1 << 20;

/// Until a second attempt: the processes of a template that was ended have gone by then, and are passed over.
pub(crate) const AFTER_A_LOSS: Duration = Duration::from_millis(100);

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
    /// Versions of the projects' toolchains: `Django 5.2.19 on Python 3.13.0`.
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
    parsed: Mutex<VecDeque<(String, Arc<Vec<Behaviour>>)>>,
}

/// Variants whose behaviours are kept parsed: reading them takes as long as answering a request.
const PARSED: usize = 128;

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
        Ok(Self { projects, snapshots, report, versions, parsed: Mutex::default() })
    }

    /// Grades a submission: `files` are the candidate's, laid over the variant's starter. `run_seed` draws the rows;
    /// keep it secret from the candidate. Blocks for the time of the run.
    ///
    /// # Errors
    /// When there is no verdict; a bad submission is named with its mend.
    pub fn grade(&self, task: &Task, variant: &Variant, files: FileSet, run_seed: u64) -> Result<Verdict, GradeError> {
        let grading = self.grading(task, variant, files, run_seed)?;
        match task.manifest.kind {
            TaskKind::Tests => grading.tests(),
            TaskKind::Serve | TaskKind::Migrate => grading.behaviours(),
        }
    }

    /// The task's questions about these files, with the answers that running them gave. A question of which nothing could be
    /// observed is left out, so there may be none at all. `run_seed` draws the rows, which prompts may speak of: it must not be
    /// the seed of a run that is graded. Blocks for the time of a run for each question.
    ///
    /// # Errors
    /// As [`Grader::grade`].
    pub fn explain_back(
        &self,
        task: &Task,
        variant: &Variant,
        files: FileSet,
        run_seed: u64,
    ) -> Result<Vec<ExplainBack>, GradeError> {
        let looked = self.grading(task, variant, files, run_seed)?.look_back(None)?;
        for LookedBack { id, asked } in &looked {
            if let Err(why) = asked {
                tracing::debug!(task = task.id, question = id, why, "a question is left out");
            }
        }
        Ok(looked.into_iter().filter_map(|one| one.asked.ok()).collect())
    }

    /// The same, with those that cannot be asked; of all questions, or of the one with this id.
    pub(crate) fn look_back(
        &self,
        task: &Task,
        variant: &Variant,
        files: FileSet,
        run_seed: u64,
        only: Option<&str>,
    ) -> Result<Vec<LookedBack>, GradeError> {
        self.grading(task, variant, files, run_seed)?.look_back(only)
    }

    /// The submission laid over the variant's starter.
    fn grading<'a>(
        &'a self,
        task: &'a Task,
        variant: &'a Variant,
        files: FileSet,
        run_seed: u64,
    ) -> Result<Grading<'a>, GradeError> {
        check_submission(task, &files)?;
        let runtime = self.project(&task.manifest.project)?;
        let mut all = variant.starter.clone();
        all.extend(files);
        let behaviours = self.behaviours_of(variant)?;
        Ok(Grading { grader: self, runtime, task, variant, files: all, behaviours, run_seed })
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
        let on = |project| format!("{} on Python {}", self.versions_of(project), self.version(project, "python"));
        let versions = self.versions.keys().map(|project| on(project)).collect();
        Readiness { tier: self.report.tier, versions, faults }
    }

    /// What was tried of the machine.
    pub fn report(&self) -> &TierReport {
        &self.report
    }

    /// `Django 5.2.19`, for a project that is loaded.
    pub fn versions_of(&self, project: &str) -> String {
        format!("Django {}", self.version(project, "django"))
    }

    fn version(&self, project: &str, of: &str) -> &str {
        self.versions.get(project).and_then(|all| all.get(of)).map_or("?", String::as_str)
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

    fn behaviours_of(&self, variant: &Variant) -> Result<Arc<Vec<Behaviour>>, GradeError> {
        let key = digest(variant.behaviours.iter().flat_map(|(file, text)| [file.as_bytes(), text.as_bytes()]));
        let lock = || self.parsed.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some((_, behaviours)) = lock().iter().find(|(other, _)| *other == key) {
            return Ok(behaviours.clone());
        }
        let behaviours = Arc::new(behaviour::parse_all(variant)?);
        let mut parsed = lock();
        if parsed.len() == PARSED {
            parsed.pop_front();
        }
        parsed.push_back((key, behaviours.clone()));
        Ok(behaviours)
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
        check_path(path).map_err(|fault| GradeError::BadPath {
            path: path.replace(char::is_control, "\u{fffd}"),
            why: fault.to_string(),
        })?;
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
pub(crate) struct Grading<'a> {
    grader: &'a Grader,
    pub runtime: &'a Arc<ProjectRuntime>,
    pub task: &'a Task,
    pub variant: &'a Variant,
    pub files: FileSet,
    pub behaviours: Arc<Vec<Behaviour>>,
    pub run_seed: u64,
}

impl Grading<'_> {
    pub(crate) fn limits(&self) -> Limits {
        self.task.manifest.limits
    }

    pub(crate) fn prepared(&self) -> Result<Arc<Prepared>, GradeError> {
        let snapshot = &self.task.manifest.snapshot;
        let fixture = snapshot.fixture.as_deref().unwrap_or(&self.runtime.project.fixture);
        let recipe = Recipe { files: &self.variant.starter, migrate: &snapshot.migrate, fixture };
        self.grader.snapshots.get(self.runtime, &recipe)
    }

    pub(crate) fn world(&self, recorder: &mut Recorder) -> Result<World, GradeError> {
        let prepared = self.prepared()?;
        World::draw(recorder, &prepared.snapshot, &prepared.sessions, self.task, self.variant, self.run_seed)
    }

    /// One process, one recorder, all behaviours.
    fn behaviours(&self) -> Result<Verdict, GradeError> {
        // That a process was ended with its template is none of the candidate's doing.
        match self.behaviours_of_one_process(false)? {
            Some(verdict) => Ok(verdict),
            None => {
                std::thread::sleep(AFTER_A_LOSS);
                self.behaviours_of_one_process(true)?.ok_or_else(|| GradeError::internal("no second verdict"))
            }
        }
    }

    /// `None`: the process ended without a word, and this is not the last attempt.
    fn behaviours_of_one_process(&self, last: bool) -> Result<Option<Verdict>, GradeError> {
        let mut judge = Judge::new(self.task, self.variant);
        let loading = Loading::of(&self.files);
        // A snapshot that has yet to be made is not the candidate's time.
        self.prepared()?;
        let mut instance = self.runtime.take(loading)?;
        judge.note("wait");
        // The process loads the files while we draw the world.
        let mut run = match Run::begin(instance.channel(), self.limits(), &self.files, &self.mode()) {
            Err(_) if !last => return Ok(None),
            begun => begun?,
        };
        let mut recorder = recorder(self.limits())?;
        let world = self.world(&mut recorder)?;
        judge.note("world");
        let (loaded, aside) = self.load(&mut run, &mut recorder)?;
        match loaded {
            Ok(()) => {
                judge.note("load");
                self.look(&mut judge, &mut run, &mut recorder, aside, &world)?;
                judge.note("behaviours");
            }
            Err(stop) => judge.stop(stop),
        }
        if run.is_lost() && !last {
            return Ok(None);
        }
        judge.hear(&run.output);
        judge.weigh(instance.cpu_time(), recorder.totals());
        Ok(Some(judge.close(&self.behaviours, &recorder)))
    }

    /// Waits until the files are loaded, and gives a second database. Whoever reads rows while being loaded finds the
    /// project's, not those of this run.
    pub(crate) fn load(
        &self,
        run: &mut Run<'_>,
        recorder: &mut Recorder,
    ) -> Result<(Result<(), Stop>, Recorder), GradeError> {
        let mut aside = Recorder::new(recorder.limits().clone())?;
        aside.restore_when_asked(&self.prepared()?.snapshot);
        recorder.exchange_database(&mut aside);
        let loaded = run.ready(recorder);
        recorder.exchange_database(&mut aside);
        Ok((loaded, aside))
    }

    pub(crate) fn mode(&self) -> Mode<'static> {
        if self.task.manifest.kind == TaskKind::Migrate { Mode::Migrate } else { Mode::Serve }
    }

    /// Looks at all behaviours, while another thread makes the grown world that some of them want.
    fn look(
        &self,
        judge: &mut Judge,
        run: &mut Run<'_>,
        recorder: &mut Recorder,
        aside: Recorder,
        world: &World,
    ) -> Result<(), GradeError> {
        std::thread::scope(|threads| {
            let aside = Aside::begin(threads, aside, &self.behaviours, world, self.run_seed);
            let aside =
                aside.map_err(|error| GradeError::Unavailable(format!("no thread could be started: {error}")))?;
            judge.look(&self.behaviours, Scene::new(run, recorder, Some(aside), world, self.run_seed))
        })
    }
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
        let mut rehearsed = Vec::new();
        for task in tasks.filter(|task| task.manifest.kind == TaskKind::Serve) {
            let variant = task.variant(0).map_err(GradeError::internal)?;
            if Loading::of(&variant.starter) == Loading::Early {
                rehearsed.push((task, variant));
            }
        }
        let converse = |channel: &mut Channel, task: &Task, variant: &Variant| {
            let limits = Limits { wall_seconds: 20, ..task.manifest.limits };
            let mut run = Run::begin(channel, limits, &variant.starter, &Mode::Serve)?;
            let mut recorder = recorder(limits)?;
            let world = World::draw(&mut recorder, &prepared.snapshot, &prepared.sessions, task, variant, 0)?;
            let mut judge = Judge::new(task, variant);
            run.ready(&mut recorder).map_err(|stop| GradeError::Internal(format!("{}: {}", task.id, stop.says)))?;
            let behaviours = behaviour::parse_all(variant)?;
            judge.look(&behaviours, Scene::new(&mut run, &mut recorder, None, &world, 0))
        };
        // Once in the template, so that every instance has what is loaded on first use; once in an instance, to see which
        // memory a run writes to: when all of them have left theirs as it stays.
        for (task, variant) in &rehearsed {
            rehearse(template, |channel| converse(channel, task, variant))?;
        }
        for (task, variant) in &rehearsed {
            learn(template, |channel| converse(channel, task, variant))?;
        }
        let bytes = template.copy_ahead()?;
        tracing::debug!(bytes, "memory that instances copy while they wait");
        Ok(())
    })
}
