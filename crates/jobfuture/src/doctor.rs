//! `jobfuture doctor`: what works, what does not, and the mend.

use crate::cli::Machine;
use crate::{place, told};
use anyhow::Result;
use jobfuture_sandbox::survey;
use std::process::ExitCode;

/// Looks at everything that can be wrong. Exit code 1 when something that is needed does not work.
pub fn run(machine: &Machine) -> Result<ExitCode> {
    let report = survey();
    println!("isolation: tier {:?}, {}", report.tier, report.tier.describe());
    for finding in &report.findings {
        println!("  {} {}: {}", told::mark(finding.works), finding.name, finding.says);
        if let Some(mend) = finding.mend {
            println!("{}", told::dim(&told::indented(mend, 6)));
        }
    }
    let mut well = true;
    let mut tell = |name: &str, outcome: Result<String>| {
        match &outcome {
            Ok(says) => println!("{} {name}: {says}", told::mark(true)),
            Err(error) => println!("{} {name}: {error:#}", told::mark(false)),
        }
        well &= outcome.is_ok();
        outcome.is_ok()
    };
    let library = place::library(&machine.content);
    tell(
        "content",
        library
            .as_ref()
            .map(|library| format!("{} guides, {} tasks", library.guides.len(), library.tasks.len()))
            .map_err(|error| anyhow::anyhow!("{error:#}")),
    );
    let data = place::data_folder(machine);
    tell(
        "data folder",
        data.as_ref().map(|folder| folder.display().to_string()).map_err(|error| anyhow::anyhow!("{error:#}")),
    );
    if let Ok(data) = &data {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let opened = runtime.block_on(place::database(machine, data));
        tell("database", opened.map(|db| format!("{:?}, migrated", db.engine())));
    }
    if let (Ok(library), Ok(data)) = (&library, &data) {
        let began = std::time::Instant::now();
        let quiet = |line: &str| println!("{}", told::dim(&told::indented(line, 2)));
        let started = place::grader(machine, data, library, 1, &quiet);
        let says = started.map(|grader| {
            format!("{}, ready in {:.1} s", grader.readiness().versions.join(", "), began.elapsed().as_secs_f64())
        });
        tell("Python toolchain and sandbox", says.map_err(Into::into));
    }
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
