//! Judging again: tasks that were handed in for a version whose fault a newer one mends. What was found first stays as it is;
//! the new verdict stands beside it, and its owner is told that there is one.

use super::sealed::{self, What};
use super::{Checks, item_id};
use crate::account::{EmailAddress, Letter};
use crate::error::SiteError;
use crate::practice::Judge;
use crate::routes;
use jiff::Timestamp;
use jobfuture_content::{FileSet, Supersedes, Task};
use jobfuture_db::{Tx, params, record};
use jobfuture_grader::Verdict;
use serde::Serialize;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use uuid::Uuid;

/// What is judged again.
#[derive(Debug, Clone, Default)]
pub struct RegradePlan {
    /// Only this task, by its id in the content.
    pub task: Option<String>,
    /// Whether it is only counted, and nothing is run or stored.
    pub is_dry: bool,
    /// Address by which the world reaches the site, for the letters.
    pub base_url: Option<String>,
}

/// What came of a task that was superseded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Regraded {
    /// Its id in the content.
    pub task: String,
    /// The version that was handed in for.
    pub from: u32,
    /// The version that judges now.
    pub to: u32,
    /// Work that waited to be judged again.
    pub waiting: usize,
    /// Work that has been.
    pub judged: usize,
    /// Work that could not be judged: its row, which says nothing of a person, and why.
    pub skipped: Vec<(Uuid, String)>,
}

record! {
    /// Work, and where its owner is written to.
    struct Work { account: Uuid, email: String, seed: i64, files: Option<String> }
}

/// A task with what it supersedes.
struct Superseding<'a> {
    task: &'a Arc<Task>,
    supersedes: &'a Supersedes,
    earlier: String,
    now: String,
}

impl<'a> Superseding<'a> {
    fn of(task: &'a Arc<Task>) -> Option<Self> {
        let manifest = &task.manifest;
        let supersedes = manifest.supersedes.as_ref()?;
        let (earlier, now) = (item_id(manifest.uuid, supersedes.version), item_id(manifest.uuid, manifest.version));
        Some(Self { task, supersedes, earlier, now })
    }
}

/// What a version found in stored work.
struct Found {
    row: Uuid,
    item: String,
    category: String,
    verdict: String,
    reason: String,
}

impl Checks {
    /// Judges again what was handed in for versions that the content has superseded. What has been judged again is left
    /// alone, and so are checks that are under way.
    ///
    /// # Errors
    /// The database's. Work that cannot be judged is named in the report.
    pub async fn regrade(&self, judge: Option<Arc<dyn Judge>>, plan: &RegradePlan) -> Result<Vec<Regraded>, SiteError> {
        let library = Arc::clone(&self.library);
        let (mut report, mut told) = (Vec::new(), HashSet::new());
        let tasks = library.tasks.values().filter(|task| plan.task.as_ref().is_none_or(|only| task.id == *only));
        for superseding in tasks.filter_map(Superseding::of) {
            let rows = self.waiting(&superseding).await?;
            let mut done = Regraded {
                task: superseding.task.id.clone(),
                from: superseding.supersedes.version,
                to: superseding.task.manifest.version,
                waiting: rows.len(),
                judged: 0,
                skipped: Vec::new(),
            };
            if let (Some(judge), false) = (&judge, plan.is_dry) {
                for row in rows {
                    match self.regrade_one(judge, &superseding, row, plan, &mut told).await? {
                        Ok(()) => done.judged += 1,
                        Err(why) => done.skipped.push((row, why)),
                    }
                }
            }
            report.push(done);
        }
        Ok(report)
    }

    /// Work for the earlier version, or that it has judged again itself.
    async fn waiting(&self, superseding: &Superseding<'_>) -> Result<Vec<Uuid>, SiteError> {
        let sql = "select attempt_item.id from attempt_item join attempt on attempt.id = attempt_item.attempt
             left join regrade on regrade.attempt_item = attempt_item.id
             where kind = 'task' and outcome = 'answered' and ended_at is not null
               and coalesce(regrade.item, attempt_item.item) = $1
             order by attempt_item.id";
        let rows: Vec<(Uuid,)> = self.db.all(sql, params![superseding.earlier]).await?;
        Ok(rows.into_iter().map(|(row,)| row).collect())
    }

    async fn regrade_one(
        &self,
        judge: &Arc<dyn Judge>,
        superseding: &Superseding<'_>,
        row: Uuid,
        plan: &RegradePlan,
        told: &mut HashSet<Uuid>,
    ) -> Result<Result<(), String>, SiteError> {
        let sql = "select attempt.account, email, seed_of.seed, files from attempt_item as seed_of
             join attempt on attempt.id = seed_of.attempt join account on account.id = attempt.account
             left join attempt_work on attempt_work.attempt_item = seed_of.id where seed_of.id = $1";
        // An account may be deleted meanwhile, and its work with it.
        let Some(work): Option<Work> = self.db.optional(sql, params![row]).await? else { return Ok(Ok(())) };
        let sealer = self.sealer(work.account).await?;
        let files = sealed::open(&sealer, What::Files, row, work.files)?;
        let verdict = match judged(judge, superseding.task, files, work.seed).await {
            Ok(verdict) => verdict,
            Err(why) => return Ok(Err(why)),
        };
        let shown = verdict.behaviours.iter().filter(|behaviour| behaviour.passed).count();
        let text = serde_json::to_string(&verdict).map_err(|error| SiteError::internal("a verdict", &error))?;
        let found = Found {
            row,
            item: superseding.now.clone(),
            category: sealed::seal(&sealer, What::RegradeCategory, row, &shown.to_string())?,
            verdict: sealed::seal(&sealer, What::RegradeVerdict, row, &text)?,
            reason: superseding.supersedes.reason.clone(),
        };
        let letter = match told.contains(&work.account) {
            true => None,
            false => Some(letter(&work.email, plan)?),
        };
        let (now, account) = (self.now(), work.account);
        let kept = self.db.transaction(move |tx| keep(tx, &found, letter.as_ref(), now));
        if kept.await? {
            told.insert(account);
        }
        Ok(Ok(()))
    }
}

/// The verdict of a task on stored work, or why there is none.
async fn judged(judge: &Arc<dyn Judge>, task: &Arc<Task>, files: Option<String>, seed: i64) -> Result<Verdict, String> {
    let files = files.ok_or("its files are not there")?;
    let files: HashMap<String, String> = serde_json::from_str(&files).map_err(|_| "its files cannot be read")?;
    let files: FileSet = files.into_iter().map(|(path, text)| (path, text.into_bytes())).collect();
    let (judge, task, seed) = (Arc::clone(judge), Arc::clone(task), seed.cast_unsigned());
    let run = tokio::task::spawn_blocking(move || {
        let variant = task.variant(seed).map_err(|fault| fault.to_string())?;
        judge.grade(&task, &variant, files, rand::random()).map_err(|fault| fault.to_string())
    });
    run.await.map_err(|error| error.to_string())?
}

/// Writes a verdict down, and the letter about it in the same breath: neither is there without the other. Says whether there
/// was still work to write it for.
fn keep(tx: &mut Tx<'_>, found: &Found, letter: Option<&Letter>, now: Timestamp) -> Result<bool, jobfuture_db::Error> {
    let sql = "insert into regrade (attempt_item, item, category, sealed_category, verdict, reason, made_at)
         select id, $2, 0, $3, $4, $5, $6 from attempt_item where id = $1
         on conflict (attempt_item) do update set item = excluded.item, category = excluded.category,
           sealed_category = excluded.sealed_category, verdict = excluded.verdict, reason = excluded.reason, made_at = excluded.made_at, told_at = null";
    let kept = tx.execute(sql, params![found.row, found.item, found.category, found.verdict, found.reason, now])? > 0;
    if let (true, Some(letter)) = (kept, letter) {
        letter.write(tx, now)?;
    }
    Ok(kept)
}

/// Says that something was judged again, and neither what nor how.
fn letter(email: &str, plan: &RegradePlan) -> Result<Letter, SiteError> {
    let to = EmailAddress::parse(email).map_err(|error| SiteError::internal("an account", &error))?;
    let path = routes::ATTEMPTS;
    let place = match &plan.base_url {
        Some(base) => format!("Sign in to see it:\n\n{}{path}\n", base.trim_end_matches('/')),
        None => format!("Sign in and open {path} to see it.\n"),
    };
    let body = format!(
        "A task of one of your checks had a fault that has been mended, and what you handed in was judged again.\n\n{place}\nOnly you see what it found.\n"
    );
    Ok(Letter { to, subject: "One of your checks was judged again".to_owned(), body })
}
