//! `cargo xtask test`: every check that a change must pass, as a list of named steps.

mod needs;
mod run;
mod steps;

use crate::workspace::Workspace;
use anyhow::{Result, bail};
use needs::Need;
use run::Outcome;
pub use run::{AsBuilt, worlds};
use std::time::{Duration, Instant};
use steps::{STEPS, Step};

/// Which steps to run.
#[derive(clap::Args)]
pub struct Choice {
    /// Run only this step (may be given several times)
    #[arg(long, value_name = "STEP")]
    only: Vec<String>,
    /// Print the steps and end
    #[arg(long)]
    list: bool,
}

/// Runs the steps to the end, whatever fails on the way, and says how each went.
pub fn run(workspace: &Workspace, choice: &Choice) -> Result<bool> {
    if choice.list {
        STEPS.iter().for_each(|step| println!("{:<14} {}", step.name, step.about));
        return Ok(true);
    }
    let steps = chosen(&choice.only)?;
    let started = Instant::now();
    let missing = needs::provide(steps.iter().flat_map(|step| step.needs));
    let mut reports = Vec::new();
    for step in steps {
        println!("\n── {}: {} ──", step.name, step.about);
        let started = Instant::now();
        let outcome = perform(workspace, step, &missing);
        reports.push(Report { name: step.name, outcome, time: started.elapsed() });
    }
    print_table(&reports, started.elapsed());
    Ok(reports.iter().all(|report| report.outcome.passed()))
}

struct Report {
    name: &'static str,
    outcome: Outcome,
    time: Duration,
}

fn chosen(only: &[String]) -> Result<Vec<&'static Step>> {
    if let Some(unknown) = only.iter().find(|name| STEPS.iter().all(|step| step.name != **name)) {
        let names: Vec<_> = STEPS.iter().map(|step| step.name).collect();
        bail!("there is no step “{unknown}”; the steps are {}", names.join(", "));
    }
    Ok(STEPS.iter().filter(|step| only.is_empty() || only.iter().any(|name| name == step.name)).collect())
}

/// A step whose needs are missing is not run: its failures would only say so less plainly.
fn perform(workspace: &Workspace, step: &Step, missing: &[Need]) -> Outcome {
    let lacks: Vec<_> = step.needs.iter().filter(|need| missing.contains(need)).map(|need| need.mend()).collect();
    if lacks.is_empty() { run::perform(workspace, step) } else { Outcome::Missing(lacks.join("; ")) }
}

fn print_table(reports: &[Report], total: Duration) {
    println!("\n{:<14} {:<8} {:>9}", "step", "result", "time");
    for report in reports {
        let time = format!("{:.1} s", report.time.as_secs_f64());
        println!("{:<14} {:<8} {time:>9}  {}", report.name, report.outcome.word(), report.outcome.detail());
    }
    let failed = reports.iter().filter(|report| !report.outcome.passed()).count();
    let word =
        if failed == 0 { "every step passed".into() } else { format!("{failed} of {} steps failed", reports.len()) };
    println!("{word}, {:.1} s", total.as_secs_f64());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_chosen_by_its_name_and_in_the_order_of_the_list() {
        let names = |only: &[&str]| {
            let only: Vec<String> = only.iter().map(|name| (*name).to_owned()).collect();
            chosen(&only).map(|steps| steps.iter().map(|step| step.name).collect::<Vec<_>>())
        };
        assert_eq!(names(&["tidy", "fmt"]).unwrap(), ["fmt", "tidy"]);
        assert_eq!(names(&[]).unwrap().len(), STEPS.len());
        assert!(names(&["tidi"]).unwrap_err().to_string().contains("tidy, clippy"));
    }
}
