//! The one place where a verdict is made.

use crate::GradeError;
use crate::behaviour::mutants::{self, SuiteRun};
use crate::behaviour::scene::Scene;
use crate::behaviour::{Behaviour, Check, Mutants, growth, judge_steps, matrix};
use crate::prove::Used;
use crate::recorder::{Recorder, RunTotals};
use crate::verdict::{BehaviourVerdict, Evidence, Statement, Stop, Verdict};
use jobfuture_content::{Task, Variant};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

/// Statements of a verdict: so many of the run's first …
const FIRST_STATEMENTS: usize = 300;
/// … and so many of each request that evidence speaks of.
const EVIDENCE_STATEMENTS: usize = 200;

/// What a look at one behaviour gave: nothing wrong, a counter-example, or no answer at all.
pub(crate) type Judged = Result<Option<Evidence>, Sighting>;

/// Why a behaviour could not be looked at to the end.
#[derive(Debug)]
pub(crate) enum Sighting {
    /// The run was stopped.
    Stopped(Stop),
    /// The author's, or ours.
    Fault(String),
}

impl From<Stop> for Sighting {
    fn from(stop: Stop) -> Self {
        Self::Stopped(stop)
    }
}

/// Facts that were gathered, on their way to a verdict.
pub(crate) struct Judge {
    began: Instant,
    verdict: Verdict,
}

impl Judge {
    pub(crate) fn new(task: &Task, variant: &Variant) -> Self {
        let verdict = Verdict {
            task: task.id.clone(),
            version: task.manifest.version,
            seed: variant.seed,
            passed: false,
            behaviours: Vec::new(),
            statements: Vec::new(),
            stopped: None,
            output: String::new(),
            timings_ms: BTreeMap::new(),
            used: Used::default(),
        };
        Self { began: Instant::now(), verdict }
    }

    /// Notes how long something took, from the beginning or the last note on.
    pub(crate) fn note(&mut self, phase: &str) {
        let so_far: f64 = self.verdict.timings_ms.values().sum();
        self.verdict.timings_ms.insert(phase.into(), milliseconds(self.began) - so_far);
    }

    /// Looks at each behaviour in turn, each on a fresh world. A stop ends the looking: what was not seen was not shown.
    pub(crate) fn look(&mut self, behaviours: &[Behaviour], mut scene: Scene<'_, '_>) -> Result<(), GradeError> {
        for behaviour in behaviours {
            scene.restore();
            let judged = match &behaviour.check {
                Check::Steps(steps) => judge_steps(steps, &mut scene),
                Check::Growth(check) => growth::judge(check, &mut scene),
                Check::Matrix(check) => matrix::judge(check, &mut scene),
                Check::Mutants(_) => {
                    Err(Sighting::Fault("tests_kill_mutants belongs in a task of the kind tests".into()))
                }
            };
            match judged {
                Ok(evidence) => self.add(behaviour, evidence),
                Err(Sighting::Stopped(stop)) => {
                    self.stop(stop);
                    break;
                }
                Err(Sighting::Fault(why)) => {
                    return Err(GradeError::Internal(format!("{}: {why}", behaviour.id)));
                }
            }
        }
        Ok(())
    }

    /// Compares what the candidate's tests said of each variant.
    pub(crate) fn compare(&mut self, behaviours: &[(Behaviour, Mutants)], suites: &BTreeMap<String, SuiteRun>) {
        for (behaviour, mutants) in behaviours {
            self.add(behaviour, mutants::judge(mutants, suites));
        }
    }

    fn add(&mut self, behaviour: &Behaviour, evidence: Option<Evidence>) {
        let passed = evidence.is_none();
        self.verdict.behaviours.push(behaviour_verdict(behaviour, passed, evidence));
    }

    /// The run ended before its time.
    pub(crate) fn stop(&mut self, stop: Stop) {
        self.verdict.stopped = Some(stop);
    }

    /// What the candidate's code printed.
    pub(crate) fn hear(&mut self, output: &str) {
        self.verdict.output.push_str(output);
    }

    /// What one of the run's processes used.
    pub(crate) fn weigh(&mut self, cpu: Option<Duration>, totals: RunTotals) {
        let used = &mut self.verdict.used;
        used.cpu_seconds = used.cpu_seconds.max(cpu.map_or(0.0, |cpu| cpu.as_secs_f64()));
        used.statements = used.statements.max(totals.statements);
        used.rows = used.rows.max(totals.rows);
    }

    /// The verdict: passed only if every behaviour was looked at and shown, and nothing stopped the run.
    pub(crate) fn close(mut self, behaviours: &[Behaviour], recorder: &Recorder) -> Verdict {
        let seen = self.verdict.behaviours.len();
        let why = match &self.verdict.stopped {
            Some(stop) => stop.says.clone(),
            None => "Not looked at.".into(),
        };
        for behaviour in &behaviours[seen..] {
            let evidence = Evidence { says: why.clone(), ..Evidence::default() };
            self.verdict.behaviours.push(behaviour_verdict(behaviour, false, Some(evidence)));
        }
        self.verdict.statements = shown_statements(&mut self.verdict.behaviours, recorder);
        let shown = self.verdict.behaviours.iter().all(|behaviour| behaviour.passed);
        self.verdict.passed = shown && !self.verdict.behaviours.is_empty() && self.verdict.stopped.is_none();
        self.verdict.timings_ms.insert("total".into(), milliseconds(self.began));
        self.verdict
    }
}

/// The first statements of a run and those that evidence speaks of, whose ranges are moved to where these stand now.
fn shown_statements(behaviours: &mut [BehaviourVerdict], recorder: &Recorder) -> Vec<Statement> {
    let mut evidence: Vec<_> = behaviours.iter_mut().flat_map(|one| &mut one.evidence).collect();
    let mut wanted: BTreeSet<usize> = (0..FIRST_STATEMENTS).collect();
    for (first, count) in evidence.iter_mut().filter_map(|one| one.statements.as_mut()) {
        *count = (*count).min(EVIDENCE_STATEMENTS);
        wanted.extend(*first..*first + *count);
    }
    for (first, _) in evidence.into_iter().filter_map(|one| one.statements.as_mut()) {
        *first = wanted.range(..*first).count();
    }
    wanted.into_iter().filter_map(|index| recorder.statements().get(index).cloned()).collect()
}

fn behaviour_verdict(behaviour: &Behaviour, passed: bool, evidence: Option<Evidence>) -> BehaviourVerdict {
    BehaviourVerdict {
        id: behaviour.id.clone(),
        kind: behaviour.kind.clone(),
        requirement: behaviour.requirement.clone(),
        title: behaviour.title.clone(),
        passed,
        evidence: evidence.into_iter().collect(),
    }
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1_000.0
}
