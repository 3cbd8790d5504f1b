//! The gate of explain-back: each question can be answered of every accepted submission and of the starter, always alike, and
//! not by everybody with the same figure.

use super::{Job, files_of, in_pairs};
use crate::Grader;
use crate::explain::{ExplainBack, LookedBack};
use jobfuture_content::{ExplainQuestion, Form, Task};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Seeds with which questions are looked into.
const EXPLAIN_SEEDS: u64 = 3;

/// One question, and what was seen.
#[derive(Debug, Clone, Serialize)]
pub struct ExplainReport {
    /// Question id.
    pub question: String,
    /// Answer → the submissions that gave it with seed 0; of wrong ones only as many as were needed to find two answers.
    pub answers: BTreeMap<String, Vec<String>>,
}

/// What one submission gave with one seed, twice.
pub(super) struct Explained {
    task: String,
    seed: u64,
    submission: String,
    looked: Result<[Vec<LookedBack>; 2], String>,
}

/// The starter and each accepted submission, with a few seeds.
pub(super) fn jobs_of(task: &Task) -> Vec<Job<'_>> {
    if task.explain_back.is_empty() {
        return Vec::new();
    }
    let accepted = task.submissions.keys().filter(|name| name.starts_with("accepted/"));
    let submissions: Vec<_> = std::iter::once(None).chain(accepted.map(|name| Some(name.as_str()))).collect();
    let with = |seed| submissions.iter().map(move |submission| Job { task, seed, submission: *submission });
    (0..EXPLAIN_SEEDS).flat_map(with).collect()
}

/// Looks twice, which must give the same.
pub(super) fn run(grader: &Grader, job: &Job<'_>) -> Explained {
    let looked = look(grader, job, None).and_then(|first| Ok([first, look(grader, job, None)?]));
    let submission = job.submission.unwrap_or("starter").to_owned();
    Explained { task: job.task.id.clone(), seed: job.seed, submission, looked }
}

fn look(grader: &Grader, job: &Job<'_>, only: Option<&str>) -> Result<Vec<LookedBack>, String> {
    let variant = job.task.variant(job.seed).map_err(|fault| fault.to_string())?;
    let files = files_of(job, &variant)?;
    grader.look_back(job.task, &variant, files, job.rows(), only).map_err(|error| error.to_string())
}

/// What was seen of a task's questions, and what is wrong with them.
pub(super) fn report(grader: &Grader, task: &Task, all: &[Explained]) -> (Vec<ExplainReport>, Vec<String>) {
    let Ok(variant) = task.variant(0) else { return Default::default() };
    let own: Vec<&Explained> = all.iter().filter(|one| one.task == task.id).collect();
    let mut violations: BTreeSet<String> = BTreeSet::new();
    let mut reports: Vec<ExplainReport> = Vec::new();
    for question in &variant.explain_back {
        let mut answers = Answers::default();
        for one in &own {
            let at = format!("explain-back {}: {} with seed {}", question.id, one.submission, one.seed);
            match one.of(&question.id) {
                Err(error) => drop(violations.insert(format!("{at}: {error}"))),
                Ok([first, second]) => {
                    violations
                        .extend(faults_of(task, question, one, first, second).map(|what| format!("{at}: {what}")));
                    answers.add(one.seed, &one.submission, first);
                }
            }
        }
        reports.push(answers.report(&question.id));
        if answers.are_the_same() && question.same_for_all.is_none() {
            violations.extend(answered_alike(grader, task, question, &mut reports));
        }
    }
    (reports, violations.into_iter().collect())
}

/// Answers to one question: by seed, and the submissions that gave each.
#[derive(Default)]
struct Answers(BTreeMap<u64, BTreeMap<String, Vec<String>>>);

impl Answers {
    fn add(&mut self, seed: u64, submission: &str, looked: &LookedBack) {
        if let Ok(asked) = &looked.asked {
            let by_answer = self.0.entry(seed).or_default();
            by_answer.entry(asked.answer.clone()).or_default().push(submission.to_owned());
        }
    }

    /// Whether no seed gave two answers.
    fn are_the_same(&self) -> bool {
        self.0.values().all(|by_answer| by_answer.len() < 2)
    }

    fn report(&self, question: &str) -> ExplainReport {
        ExplainReport { question: question.to_owned(), answers: self.0.get(&0).cloned().unwrap_or_default() }
    }
}

impl Explained {
    fn of(&self, question: &str) -> Result<[&LookedBack; 2], String> {
        let [first, second] = self.looked.as_ref().map_err(Clone::clone)?;
        let find = |looked: &'_ [LookedBack]| looked.iter().position(|one| one.id == question);
        match (find(first), find(second)) {
            (Some(at), Some(again)) => Ok([&first[at], &second[again]]),
            _ => Err("it was not looked into".into()),
        }
    }
}

/// What is wrong with one question of one submission.
fn faults_of<'a>(
    task: &Task,
    question: &ExplainQuestion,
    one: &Explained,
    first: &'a LookedBack,
    second: &'a LookedBack,
) -> impl Iterator<Item = String> + 'a {
    let left_out = question.left_out.contains_key(&one.submission);
    let mut faults = Vec::new();
    match (&first.asked, left_out) {
        (Err(why), false) => {
            faults.push(format!("nothing was observed ({why}): mend it, or say why in left_out"));
        }
        (Ok(_), true) => faults.push("it was observed, though left_out says that it is not: remove it there".into()),
        (Ok(asked), false) => faults.extend(unfit(task, question, asked)),
        (Err(_), true) => {}
    }
    let answer = |looked: &LookedBack| looked.asked.as_ref().map(|asked| asked.answer.clone()).ok();
    let (one, other) = (answer(first), answer(second));
    if one != other {
        faults.push(format!("{one:?}, and the second time {other:?}"));
    }
    faults.into_iter()
}

/// An answer of another form than it is given in, or a text with a hole.
fn unfit(task: &Task, question: &ExplainQuestion, asked: &ExplainBack) -> Option<String> {
    let is_in_form = match asked.form {
        Form::Choice => question.options.contains(&asked.answer),
        _ => asked.answer.parse::<f64>().is_ok_and(f64::is_finite),
    };
    if !is_in_form {
        let mend = if asked.options.is_empty() { "ask for a number" } else { "add it to the options" };
        return Some(format!("the answer is `{}`: {mend}", asked.answer));
    }
    let has_hole = asked.prompt_html.contains("{{") || asked.explanation_html.contains("{{");
    has_hole.then(|| format!("a fact of {} is not filled in: keep braces out of highlighted code and links", task.id))
}

/// Looks for a wrong submission that answers otherwise; says so if there is none.
fn answered_alike(
    grader: &Grader,
    task: &Task,
    question: &ExplainQuestion,
    reports: &mut [ExplainReport],
) -> Option<String> {
    let report = reports.last_mut()?;
    let others = ["mutants/", "slow/"]
        .into_iter()
        .flat_map(|group| task.submissions.keys().filter(move |name| name.starts_with(group)));
    let jobs: Vec<Job<'_>> = others.map(|name| Job { task, seed: 0, submission: Some(name) }).collect();
    // A few at a time: mostly one of the first answers otherwise.
    for few in jobs.chunks(4) {
        for (job, looked) in few.iter().zip(in_pairs(few, |job| look(grader, job, Some(&question.id)))) {
            let asked = looked.ok().into_iter().flatten().find(|one| one.id == question.id);
            if let (Some(Ok(asked)), Some(name)) = (asked.map(|one| one.asked), job.submission) {
                report.answers.entry(asked.answer).or_default().push(name.to_owned());
            }
        }
        if report.answers.len() > 1 {
            return None;
        }
    }
    let mend = "ask something else, or say with same_for_all why it is worth asking";
    Some(format!("explain-back {}: all submissions give the same answer: {mend}", question.id))
}
