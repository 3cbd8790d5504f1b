//! `jobfuture content check` and `jobfuture content prove`.

use crate::cli::{Check, Prove};
use crate::{place, told};
use anyhow::{Context, Result};
use indicatif::{ProgressBar, ProgressStyle};
use jobfuture_content::{Fault, lint};
use jobfuture_grader::prove::{GuideReport, ProveReport, QuestionReport, Selection, TaskReport, prove as run_gate};
use std::process::ExitCode;

/// Names every fault in the content.
pub fn check(options: &Check) -> Result<ExitCode> {
    let library = place::library(&options.content)?;
    let faults = lint(&library);
    for fault in &faults {
        print_fault(fault);
    }
    if !faults.is_empty() {
        println!("\n{} {} faults", told::mark(false), faults.len());
        return Ok(ExitCode::from(1));
    }
    let questions: usize =
        library.guides.values().flat_map(|guide| &guide.sections).map(|section| section.questions.len()).sum();
    println!(
        "{} {} guides, {questions} questions in them, {} proofs, {} quick questions, {} tasks, {} answers: no fault",
        told::mark(true),
        library.guides.len(),
        library.proofs().count(),
        library.questions.len(),
        library.tasks.len(),
        library.answers.values().map(|answers| answers.questions().count()).sum::<usize>()
    );
    Ok(ExitCode::SUCCESS)
}

fn print_fault(fault: &Fault) {
    println!("{fault}");
}

/// Runs the whole gate.
pub fn prove(options: &Prove) -> Result<ExitCode> {
    let library = place::library(&options.machine.content)?;
    let data = place::data_folder(&options.machine)?;
    let tell = |line: &str| eprintln!("{}", told::dim(line));
    let grader = place::grader(&options.machine, &data, &library, 6, &tell)?;
    let bar = ProgressBar::new(0);
    bar.set_style(ProgressStyle::with_template("{elapsed:>4} {bar:40} {pos}/{len} {msg}").context("the progress bar")?);
    let step = |done: usize, of: usize, what: &str| {
        bar.set_length(of as u64);
        bar.set_position(done as u64);
        bar.set_message(what.to_owned());
    };
    let selection = Selection { only: options.only.clone(), thorough: options.thorough };
    let report = run_gate(&grader, &library, &selection, &step)?;
    bar.finish_and_clear();
    if options.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        print_report(&report);
    }
    Ok(if report.passed { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn print_report(report: &ProveReport) {
    if !report.tasks.is_empty() {
        println!(
            "{:<18} {:>11} {:>8} {:>10} {:>8} {:>10} {:>7}",
            "task", "submissions", "verdicts", "median ms", "cpu s", "statements", "rows"
        );
    }
    report.tasks.iter().for_each(print_task);
    report.guides.iter().for_each(print_guide);
    print_questions(&report.questions);
    let word = if report.passed { "everything that is claimed is so" } else { "not everything that is claimed is so" };
    println!("\n{} {word} ({:.0} s)", told::mark(report.passed), report.seconds);
}

fn print_task(task: &TaskReport) {
    let used = task.used;
    println!(
        "{:<18} {:>11} {:>8} {:>10.1} {:>8.2} {:>10} {:>7}  {}",
        task.task,
        task.submissions,
        task.verdicts,
        task.accepted_ms,
        used.cpu_seconds,
        used.statements,
        used.rows,
        told::mark(task.violations.is_empty())
    );
    for report in &task.explain_back {
        let answers = report.answers.iter().map(|(answer, given)| format!("{answer} ({})", given.join(", ")));
        println!("{}", told::dim(&format!("    asks {}: {}", report.question, answers.collect::<Vec<_>>().join("; "))));
    }
    for violation in &task.violations {
        println!("{}", told::indented(violation, 4));
    }
}

fn print_guide(guide: &GuideReport) {
    let broken: Vec<&String> = guide.proofs.iter().filter_map(|proof| proof.violation.as_ref()).collect();
    println!(
        "\nguide {}: {} proofs on {}  {}",
        guide.guide,
        guide.proofs.len(),
        guide.versions,
        told::mark(broken.is_empty())
    );
    for violation in broken {
        println!("{}", told::indented(violation, 4));
    }
}

fn print_questions(questions: &[QuestionReport]) {
    if questions.is_empty() {
        return;
    }
    let proofs: usize = questions.iter().map(|question| question.proofs.len()).sum();
    let run = questions.iter().filter(|question| !question.proofs.is_empty()).count();
    let broken: Vec<&String> =
        questions.iter().flat_map(|question| &question.proofs).filter_map(|proof| proof.violation.as_ref()).collect();
    let mark = told::mark(broken.is_empty());
    println!("\nquick questions: {}, of which {run} were run, {proofs} proofs  {mark}", questions.len());
    for violation in broken {
        println!("{}", told::indented(violation, 4));
    }
}
