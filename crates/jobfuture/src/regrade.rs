//! `jobfuture regrade`.

use crate::cli::Regrade;
use crate::told::say;
use crate::{place, told};
use anyhow::{Context, Result, bail};
use jobfuture_content::Library;
use jobfuture_db::Clock;
use jobfuture_site::Judge;
use jobfuture_site::check::{Checks, RegradePlan, Regraded};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

/// Judges again what was handed in for versions of tasks that were superseded.
pub fn run(options: &Regrade) -> Result<ExitCode> {
    let runtime = tokio::runtime::Runtime::new().context("starting the runtime")?;
    let done = runtime.block_on(regrade(options))?;
    if done.is_empty() {
        say!("No task of the content supersedes an earlier version: there is nothing to judge again.");
    }
    done.iter().for_each(|one| tell(one, options.dry_run));
    let is_whole = done.iter().all(|one| one.skipped.is_empty());
    Ok(if is_whole { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

async fn regrade(options: &Regrade) -> Result<Vec<Regraded>> {
    let library = place::library(&options.machine.content)?;
    if let Some(task) = options.task.as_ref().filter(|task| !library.tasks.contains_key(*task)) {
        bail!("there is no task called “{task}”");
    }
    let data = place::data_folder(&options.machine)?;
    let db = place::database(&options.machine, &data).await?;
    let keys = place::disclosure(&options.machine, &data, db.clone()).await?.keys().clone();
    let checks = Checks::new(db, keys, Clock::system(), Arc::clone(&library));
    let plan = RegradePlan { task: options.task.clone(), is_dry: true, base_url: options.base_url.clone() };
    let waiting = checks.regrade(None, &plan).await.map_err(fault)?;
    if options.dry_run || waiting.iter().all(|one| one.waiting == 0) {
        return Ok(waiting);
    }
    let judge = judge(options, &data, &library).await?;
    checks.regrade(Some(judge), &RegradePlan { is_dry: false, ..plan }).await.map_err(fault)
}

/// The grader, started only when there is something to judge.
async fn judge(options: &Regrade, data: &Path, library: &Arc<Library>) -> Result<Arc<dyn Judge>> {
    let (machine, data, library) = (options.machine.clone(), data.to_owned(), Arc::clone(library));
    let tell = |line: &str| eprintln!("{}", told::dim(line));
    let started = tokio::task::spawn_blocking(move || place::grader(&machine, &data, &library, 2, &tell)).await?;
    Ok(Arc::new(started?))
}

fn fault(error: jobfuture_site::SiteError) -> anyhow::Error {
    anyhow::anyhow!("judging again broke off: {error:?}; what has been judged is kept, so run it again")
}

fn tell(done: &Regraded, is_dry: bool) {
    let Regraded { task, from, to, waiting, judged, skipped } = done;
    if is_dry {
        say!(
            "{task}: {waiting} handed in for version {from} wait to be judged by version {to}. Nothing is changed: --dry-run."
        );
        return;
    }
    say!(
        "{} {task}: {judged} of {waiting} handed in for version {from} were judged by version {to}",
        told::mark(skipped.is_empty())
    );
    for (row, why) in skipped {
        say!("  {row} was left as it is: {why}");
    }
}
