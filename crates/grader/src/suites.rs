//! Grading of tests: the candidate's, run against each variant of the application.
//!
//! Two processes on one database: the candidate's tests, and the variant, which the tests reach through requests only. One of
//! them always waits for the other, so a second pair runs beside it where there is a core for it. Whatever could tell the
//! variants apart other than by their behaviour (what the process is told, the order, what it may import) is the same for all
//! of them, or a secret of the run.

use crate::GradeError;
use crate::behaviour::mutants::{self, SuiteRun};
use crate::behaviour::world::World;
use crate::behaviour::{Behaviour, Check, Mutants};
use crate::grader::{AFTER_A_LOSS, Grading, recorder};
use crate::judge::Judge;
use crate::recorder::{Recorder, RunTotals, cut};
use crate::run::{Asked, Mode, Request, Run, SHOWN_LABEL};
use crate::runtime::Loading;
use crate::side_by_side::side_by_side;
use crate::toolchain::digest;
use crate::verdict::{Stop, StopKind, Verdict};
use jobfuture_content::FileSet;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// What came of the tests against one variant.
pub(crate) struct Suite {
    pub outcome: Result<SuiteRun, Stop>,
    output: String,
    /// Only of one whose statements are shown: it is a database in memory.
    recorder: Option<Recorder>,
    totals: RunTotals,
    /// Processor time of the candidate's tests.
    cpu: Option<Duration>,
    /// What the application was asked, and how it answered.
    pub answered: Vec<Answered>,
    /// One of the two processes ended without a word.
    is_lost: bool,
}

/// One request of the candidate's tests.
pub(crate) struct Answered {
    pub method: String,
    /// Without what follows a question mark.
    pub path: String,
    pub status: u16,
}

impl Grading<'_> {
    /// The candidate's tests against each variant of the application, two processes at a time.
    pub(crate) fn tests(&self) -> Result<Verdict, GradeError> {
        let mut judge = Judge::new(self.task, self.variant);
        let checks = self.mutant_checks()?;
        let hidden = self.hidden();
        // What is printed against a correct variant is shown; against a broken one it would tell what is broken.
        let shown = checks.iter().flat_map(|(_, mutants)| &mutants.live).next();
        let mut last = recorder(self.limits())?;
        let world = self.world(&mut last)?;
        let mut suites = BTreeMap::new();
        let names = self.variants_in_secret_order(&checks);
        let is_shown = |name: &String| shown.is_none_or(|shown| shown == name);
        let run = |name: &String| {
            let suite = self.living_suite(name, &hidden, &world)?;
            let is_asked_later = is_shown(name) || suite.outcome.is_err();
            Ok(Suite { recorder: suite.recorder.filter(|_| is_asked_later), ..suite })
        };
        let ends_it = |suite: &Result<Suite, GradeError>| suite.as_ref().map_or(true, |suite| suite.outcome.is_err());
        for (name, suite) in names.iter().zip(side_by_side(&names, at_a_time(), run, ends_it)) {
            let mut suite = suite?;
            judge.weigh(suite.cpu, suite.totals);
            match suite.outcome {
                Ok(results) => {
                    suites.insert(name.clone(), results);
                    if is_shown(name) {
                        judge.hear(&suite.output);
                        last = suite.recorder.unwrap_or(last);
                    }
                }
                Err(stop) => {
                    // While it is loaded it asks the application nothing, so there is nothing to hide.
                    if let Some(shown) = shown.filter(|_| !is_shown(name) && stop.kind != StopKind::Import) {
                        suite = self.suite(shown, &hidden, &world)?;
                        judge.weigh(suite.cpu, suite.totals);
                    }
                    judge.hear(&suite.output);
                    judge.stop(stop);
                    return Ok(judge.close(&self.behaviours, suite.recorder.as_ref().unwrap_or(&last)));
                }
            }
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
    pub(crate) fn hidden(&self) -> Vec<String> {
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

    /// A suite that was lost with one of its templates is run a second time.
    pub(crate) fn living_suite(&self, name: &str, hidden: &[String], world: &World) -> Result<Suite, GradeError> {
        let suite = self.suite(name, hidden, world)?;
        if !suite.is_lost {
            return Ok(suite);
        }
        std::thread::sleep(AFTER_A_LOSS);
        self.suite(name, hidden, world)
    }

    fn suite(&self, name: &str, hidden: &[String], world: &World) -> Result<Suite, GradeError> {
        let mutant = self.task.test_mutants.get(name);
        let mutant = mutant.ok_or_else(|| GradeError::Internal(format!("there is no testmutants/{name}")))?;
        let mutant = self.task.render_files(mutant, &self.variant.parameters).map_err(GradeError::internal)?;
        let mut application_files = self.variant.starter.clone();
        application_files.extend(mutant);
        let mut files = self.files.clone();
        files.retain(|path, _| !hidden.contains(path));

        let mut application = self.runtime.take(Loading::of(&application_files))?;
        let mut tests = self.runtime.take(Loading::of(&files))?;
        let mut asked = Run::begin(application.channel(), self.limits(), &application_files, &Mode::Serve)?;
        let mut run = Run::begin(tests.channel(), self.limits(), &files, &Mode::Tests { hidden })?;
        let mut recorder = recorder(self.limits())?;
        recorder.restore(&world.snapshot)?;
        if let Err(stop) = asked.ready(&mut recorder) {
            return Err(GradeError::Internal(format!(
                "testmutants/{name} cannot be loaded: {} {}",
                stop.says, asked.output
            )));
        }
        let mut ours: Option<String> = None;
        let mut answered = Vec::new();
        let mut answer = |recorder: &mut Recorder, question: Asked| match question {
            Asked::Begin => match recorder.restore(&world.snapshot) {
                Ok(()) => Ok((serde_json::json!({}), vec![])),
                Err(error) => Err(fault_of_ours(&mut ours, error.to_string())),
            },
            Asked::Client(request) => {
                let response = asked.request(recorder, &request)?;
                answered.push(Answered::new(&request, response.status));
                let head = serde_json::json!({ "status": response.status, "headers": response.headers });
                Ok((head, response.body))
            }
        };
        #[derive(Deserialize)]
        struct Done {
            results: Vec<(String, String, String)>,
        }
        let done: Result<Done, Stop> = run.ready(&mut recorder).and_then(|()| {
            run.during = "while your tests ran".into();
            run.finish(&mut recorder, b't', Some(&mut answer))
        });
        let output = std::mem::take(&mut run.output);
        let is_lost = run.is_lost() || asked.is_lost();
        let cpu = tests.cpu_time();
        if let Some(fault) = ours {
            return Err(GradeError::Internal(fault));
        }
        let outcome = done.map(|done| SuiteRun { results: done.results });
        let totals = recorder.totals();
        Ok(Suite { outcome, output, recorder: Some(recorder), totals, cpu, answered, is_lost })
    }
}

/// Suites that run at the same time: as many as there are cores for, and never so many that one verdict takes all of a pool.
fn at_a_time() -> usize {
    const MOST: usize = 2;
    std::thread::available_parallelism().map_or(1, |cores| cores.get().min(MOST))
}

impl Answered {
    fn new(request: &Request, status: u16) -> Self {
        let path = request.path.split('?').next().unwrap_or_default();
        Self { method: cut(&request.method, SHOWN_LABEL), path: cut(path, SHOWN_LABEL), status }
    }
}

/// A fault on our side in the middle of a conversation: ends it, and is told to nobody but the log.
fn fault_of_ours(place: &mut Option<String>, fault: String) -> Stop {
    *place = Some(fault);
    Stop { kind: StopKind::Exit, says: "The run was broken off by a fault of ours.".into() }
}
