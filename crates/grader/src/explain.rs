//! Explain-back: what a candidate's own code does, asked of them after it was found by running that code.

use crate::GradeError;
use crate::behaviour::observe::{Seen, observe};
use crate::behaviour::scene::Scene;
use crate::behaviour::world::World;
use crate::grader::{AFTER_A_LOSS, Grading, recorder};
use crate::judge::Sighting;
use crate::recorder::{Draw, Recorder};
use crate::run::Run;
use crate::runtime::Loading;
use crate::suites::Suite;
use jobfuture_content::{AnswerKey, ExplainQuestion, Form, Observed, TestsCount, TestsSeen};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A question about somebody's own code, and what that code was seen to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExplainBack {
    /// Id of the question, unique in its task.
    pub id: String,
    /// What is asked: safe HTML.
    pub prompt_html: String,
    /// How it is answered: [`Form::Number`] is typed, [`Form::Choice`] is chosen.
    pub form: Form,
    /// What is chosen among, as plain text in the order in which it is shown; empty where a number is typed.
    pub options: Vec<String>,
    /// What was observed: a number in digits, or one of the options to the letter. Not for the candidate before they have answered.
    pub answer: String,
    /// What to take away: safe HTML, shown afterwards. It tells the answer.
    pub explanation_html: String,
}

impl ExplainBack {
    /// What is right, as quick questions say it. Of a choice, places among [`ExplainBack::options`].
    pub fn key(&self) -> AnswerKey {
        match self.form {
            Form::Choice => {
                AnswerKey::Options(self.options.iter().position(|option| *option == self.answer).into_iter().collect())
            }
            _ => AnswerKey::Number(self.answer.clone()),
        }
    }
}

/// A question that was looked into: it can be asked, or cannot, and why.
pub(crate) struct LookedBack {
    pub id: String,
    pub asked: Result<ExplainBack, String>,
}

/// Tells the stream of a question's facts from the stream of the world.
const OF_FACTS: u64 = 0xfac7_0f01_0000_0001;

impl Grading<'_> {
    /// Every question of the variant, in order, or the one with this id. A stop ends the looking: the machine is others' too.
    pub(crate) fn look_back(&self, only: Option<&str>) -> Result<Vec<LookedBack>, GradeError> {
        if self.variant.explain_back.is_empty() {
            return Ok(Vec::new());
        }
        let mut filled = recorder(self.limits())?;
        let start = self.world(&mut filled)?;
        let mut suites = BTreeMap::new();
        let mut stopped: Option<String> = None;
        let mut looked = Vec::new();
        for question in self.variant.explain_back.iter().filter(|question| only.is_none_or(|id| question.id == id)) {
            let world = self.with_facts(question, &start, &mut filled)?;
            let seen = match (&stopped, &question.observed) {
                (Some(why), _) => Err(Sighting::Fault(why.clone())),
                (None, Observed::Tests(tests)) => self.tests_seen(tests, &start, &mut suites)?,
                (None, _) => self.seen_in_a_process(question, &world, &filled.draw())?,
            };
            if let Err(Sighting::Stopped(stop)) = &seen {
                stopped = Some(stop.says.clone());
            }
            looked.push(LookedBack { id: question.id.clone(), asked: self.asked(question, &world, seen) });
        }
        Ok(looked)
    }

    /// The world with the facts that this question alone has. `filled` holds the world as it was drawn.
    fn with_facts(
        &self,
        question: &ExplainQuestion,
        start: &World,
        filled: &mut Recorder,
    ) -> Result<World, GradeError> {
        let mut world = start.clone();
        filled.branch(self.run_seed ^ OF_FACTS);
        for (name, sql) in &question.facts {
            let rows = filled.trusted_rows(sql, &start.facts)?.rows;
            let value = rows.into_iter().next().and_then(|row| row.into_iter().next());
            let value = value.ok_or_else(|| GradeError::Internal(format!("{}: no {name}", question.file)))?;
            world.facts.insert(name.clone(), value);
        }
        Ok(world)
    }

    fn asked(&self, question: &ExplainQuestion, world: &World, seen: Seen) -> Result<ExplainBack, String> {
        let answer = seen.map_err(|sighting| match sighting {
            Sighting::Stopped(stop) => stop.says,
            Sighting::Fault(why) => why,
        })?;
        let options = question.options_with(&answer, self.run_seed);
        let options = options.ok_or_else(|| "what was seen cannot be shown as an option".to_owned())?;
        let facts = world.facts_as_text();
        Ok(ExplainBack {
            id: question.id.clone(),
            prompt_html: question.prompt(&facts),
            form: question.form(),
            options,
            explanation_html: question.explanation(&facts, &answer),
            answer,
        })
    }

    /// A fresh process for each question: what one has put into memory must not answer the next.
    fn seen_in_a_process(&self, question: &ExplainQuestion, world: &World, draw: &Draw) -> Result<Seen, GradeError> {
        if let Some(seen) = self.seen_in_one_process(question, world, draw, false)? {
            return Ok(seen);
        }
        std::thread::sleep(AFTER_A_LOSS);
        let seen = self.seen_in_one_process(question, world, draw, true)?;
        seen.ok_or_else(|| GradeError::internal("no second look"))
    }

    /// `None`: the process ended without a word, and this is not the last attempt.
    fn seen_in_one_process(
        &self,
        question: &ExplainQuestion,
        world: &World,
        draw: &Draw,
        last: bool,
    ) -> Result<Option<Seen>, GradeError> {
        self.prepared()?;
        let mut instance = self.runtime.take(Loading::of(&self.files))?;
        let mut run = match Run::begin(instance.channel(), self.limits(), &self.files, &self.mode()) {
            Err(_) if !last => return Ok(None),
            begun => begun?,
        };
        let mut recorder = recorder(self.limits())?;
        recorder.restore(&world.snapshot)?;
        // Its ids are taken.
        recorder.draw_from(draw.clone());
        let (loaded, _) = self.load(&mut run, &mut recorder)?;
        let seen = match loaded {
            Ok(()) => observe(question, &mut Scene::new(&mut run, &mut recorder, None, world, self.run_seed), world),
            Err(stop) => Err(stop.into()),
        };
        Ok(if run.is_lost() && !last { None } else { Some(seen) })
    }

    /// The candidate's tests are run once against each variant of the application that is asked about.
    fn tests_seen(
        &self,
        tests: &TestsSeen,
        world: &World,
        suites: &mut BTreeMap<String, Suite>,
    ) -> Result<Seen, GradeError> {
        if !suites.contains_key(&tests.against) {
            let suite = self.living_suite(&tests.against, &self.hidden(), world)?;
            suites.insert(tests.against.clone(), suite);
        }
        Ok(suites
            .get(&tests.against)
            .map_or_else(|| Err(Sighting::Fault("no tests ran".into())), |suite| counted(tests, suite)))
    }
}

fn counted(tests: &TestsSeen, suite: &Suite) -> Seen {
    let results = suite.outcome.as_ref().map_err(|stop| Sighting::Stopped(stop.clone()))?;
    if let Some((test, ..)) = results.first_fault() {
        // It ends at the first that fails, and nobody can say by reading where that is.
        return Err(Sighting::Fault(format!("{test} fails on an application that keeps every rule")));
    }
    let is_meant = |one: &&crate::suites::Answered| {
        tests.method.as_ref().is_none_or(|method| one.method == *method)
            && tests.ends.as_ref().is_none_or(|end| one.path.ends_with(end.as_str()))
            && tests.status.is_none_or(|status| one.status == status)
    };
    let count = match tests.count {
        TestsCount::Tests => results.ran(),
        TestsCount::Requests => suite.answered.iter().filter(is_meant).count(),
    };
    Ok(count.to_string())
}
