//! Work that is done by itself, kind by kind: what each is told, and by what it is done.
//!
//! To add a kind: a type with [`Job`] beside the noun that it belongs to, and a line in [`worker`]. Whoever needs one writes it
//! down within their transaction (`accounts.jobs().add(tx, …)`); one that comes again is told with its pace. A handler may be
//! begun twice after a crash, and gives reasons that say nothing about anybody.

use crate::error::SiteError;
use crate::site::Site;
use jiff::SignedDuration;
use jobfuture_jobs::{Failure, Job, Rules, Worker};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Accounts are deleted whose owners asked for it a week ago.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct LetLeave;

impl Job for LetLeave {
    const KIND: &'static str = "account deletions";

    /// What is left of many is for the next hour.
    fn rules() -> Rules {
        Rules { timeout: Duration::from_secs(600), at_once: 1, ..Rules::default() }
    }
}

/// Vacancies that are over are closed, companies are asked whether the others are alive, and people hear of new ones.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct TendVacancies;

impl Job for TendVacancies {
    const KIND: &'static str = "vacancies";

    fn rules() -> Rules {
        Rules { timeout: Duration::from_secs(600), at_once: 1, ..Rules::default() }
    }
}

/// What companies have shown of themselves is looked at again, and which are verified is worked out.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct RecheckCompanies;

impl Job for RecheckCompanies {
    const KIND: &'static str = "proofs of companies";

    /// What is left of many is for the next hour.
    fn rules() -> Rules {
        Rules { timeout: Duration::from_secs(1800), at_once: 1, ..Rules::default() }
    }
}

/// Boards of companies are looked at again, and the vacancies that were made of them follow.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct SyncBoards;

impl Job for SyncBoards {
    const KIND: &'static str = "board sync";

    /// What is left of many is for the next time.
    fn rules() -> Rules {
        Rules { timeout: Duration::from_secs(1800), at_once: 1, ..Rules::default() }
    }
}

/// People of companies hear of candidates who are new for a search that they saved.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct TendPool;

impl Job for TendPool {
    const KIND: &'static str = "searches of candidates";

    fn rules() -> Rules {
        Rules { timeout: Duration::from_secs(600), at_once: 1, ..Rules::default() }
    }
}

/// Whoever has not seen what was written to them is told that there is something.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct TellOfLines;

impl Job for TellOfLines {
    const KIND: &'static str = "conversations";

    /// What is left of many is for the next time.
    fn rules() -> Rules {
        Rules { timeout: Duration::from_secs(300), at_once: 1, ..Rules::default() }
    }
}

/// Turns of introductions that nobody took end, their owners are reminded before, and letters that had to wait are sent.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct WindIntroductions;

impl Job for WindIntroductions {
    const KIND: &'static str = "introductions";

    /// What is left of many is for the next time.
    fn rules() -> Rules {
        Rules { timeout: Duration::from_secs(600), at_once: 1, ..Rules::default() }
    }
}

/// Who does all of it. To be run beside the site, in each process that serves it.
pub fn worker(site: &Site) -> Worker {
    let (leaving, tended, rechecked, synced) = (site.clone(), site.clone(), site.clone(), site.clone());
    let (pool, wound, told) = (site.clone(), site.clone(), site.clone());
    Worker::new(site.jobs().clone())
        .every(SignedDuration::from_hours(1), LetLeave, move |_| let_leave(leaving.clone()))
        .every(SignedDuration::from_mins(30), TendVacancies, move |_| tend_vacancies(tended.clone()))
        .every(SignedDuration::from_hours(1), RecheckCompanies, move |_| recheck_companies(rechecked.clone()))
        .every(SignedDuration::from_mins(10), SyncBoards, move |_| sync_boards(synced.clone()))
        .every(SignedDuration::from_mins(30), TendPool, move |_| tend_pool(pool.clone()))
        .every(SignedDuration::from_mins(5), TellOfLines, move |_| tell_of_lines(told.clone()))
        .every(SignedDuration::from_mins(10), WindIntroductions, move |_| wind_introductions(wound.clone()))
}

async fn let_leave(site: Site) -> Result<(), Failure> {
    // Nobody is named, neither here nor in the log.
    match site.let_leave().await.map_err(failure)? {
        0 => {}
        count => tracing::info!("{count} accounts were deleted, as their owners asked"),
    }
    Ok(())
}

async fn recheck_companies(site: Site) -> Result<(), Failure> {
    let done = site.recheck_companies().await.map_err(failure)?;
    if done != Default::default() {
        tracing::info!(
            "proofs of companies: {} looked at, {} lost, {} about to run out; {} companies are verified no longer",
            done.looked,
            done.lost,
            done.told,
            done.unverified
        );
    }
    Ok(())
}

async fn tend_vacancies(site: Site) -> Result<(), Failure> {
    let tended = site.tend_vacancies().await.map_err(failure)?;
    if tended != Default::default() {
        tracing::info!(
            "vacancies: {} closed, {} to be confirmed, {} people told of new ones",
            tended.closed,
            tended.reminded,
            tended.notices
        );
    }
    Ok(())
}

async fn sync_boards(site: Site) -> Result<(), Failure> {
    let done = site.sync_boards().await.map_err(failure)?;
    if done != Default::default() {
        tracing::info!(
            "boards: {} looked at, {} of them not read; vacancies: {} brought on, {} closed; {} boards in doubt",
            done.looked,
            done.faulty,
            done.changed,
            done.closed,
            done.doubted
        );
    }
    Ok(())
}

async fn tend_pool(site: Site) -> Result<(), Failure> {
    match site.tend_pool().await.map_err(failure)? {
        0 => {}
        count => tracing::info!("searches of candidates: {count} people told of new ones"),
    }
    Ok(())
}

async fn tell_of_lines(site: Site) -> Result<(), Failure> {
    let told = site.introductions().tell_of_lines().await;
    match told.map_err(|fault| failure(fault.into_error()))? {
        0 => {}
        count => tracing::info!("conversations: {count} letters that something was written"),
    }
    Ok(())
}

async fn wind_introductions(site: Site) -> Result<(), Failure> {
    let done = site.introductions().wind().await.map_err(|fault| failure(fault.into_error()))?;
    if done != Default::default() {
        tracing::info!(
            "introductions: {} lapsed, {} about to, {} letters that had waited",
            done.lapsed,
            done.reminded,
            done.letters
        );
    }
    Ok(())
}

/// What a page would say is for a reader, and its cause is in the log already.
fn failure(_: SiteError) -> Failure {
    Failure::again("the databases did not do it: the log says more")
}
