//! Proofs of guides and quick questions on this instance: run in the background, remembered in the database, shown on the pages.

use anyhow::Result;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use jobfuture_content::{Library, Proof, Status};
use jobfuture_db::{Clock, Db, params, record};
use jobfuture_grader::Grader;
use jobfuture_grader::prove::broken_claim;
use jobfuture_site::{ProofLedger, ProofRecord, Site};
use std::sync::Arc;

record! {
    struct ProofRun { key: String, versions: String, proved_at: Timestamp, passed: bool }
}

impl ProofRun {
    fn record(&self) -> ProofRecord {
        let proved_on = self.proved_at.to_zoned(TimeZone::UTC).date();
        ProofRecord { versions: self.versions.clone(), proved_on, passed: self.passed }
    }
}

/// What earlier runs have shown.
pub async fn remembered(db: &Db) -> Result<ProofLedger> {
    let ledger = ProofLedger::default();
    let runs: Vec<ProofRun> = db.all("select key, versions, proved_at, passed from proof_run", params![]).await?;
    ledger.record_all(runs.iter().map(|run| (run.key.clone(), run.record())));
    Ok(ledger)
}

/// Runs every proof that has no result yet on the present versions, one after the other so that readers' own runs go first,
/// and publishes the pages again when there is something new to show. Answers how many were run.
pub async fn prove_all(
    library: Arc<Library>,
    grader: Arc<Grader>,
    db: Db,
    site: Site,
    ledger: ProofLedger,
    clock: Clock,
) -> Result<usize> {
    let mut proved = 0;
    for proof in to_prove(&library) {
        let Some(project) = library.projects.get(&proof.project) else { continue };
        let (key, versions) = (proof.key(project), grader.versions_of(&proof.project));
        if ledger.get(&key).is_some_and(|record| record.versions == versions) {
            continue;
        }
        let (grader, code, project) = (grader.clone(), proof.code.clone(), proof.project.clone());
        let run = tokio::task::spawn_blocking(move || grader.run_snippet(&project, &code)).await??;
        let violation = broken_claim(&proof, &run);
        if let Some(violation) = &violation {
            tracing::warn!(guide = proof.guide, proof = proof.id, "a proof does not hold: {violation}");
        }
        let millis = run.total_ms.round() as i64;
        let run = ProofRun { key, versions, proved_at: clock.now(), passed: violation.is_none() };
        remember(&db, &proof, &run, millis).await?;
        ledger.record(run.key.clone(), run.record());
        proved += 1;
    }
    if proved > 0 {
        site.publish().await?;
    }
    Ok(proved)
}

/// Those of guides first. Of quick questions those whose numbers do not vary: the others are another proof in each variant,
/// and the gate for content has run them with several.
fn to_prove(library: &Library) -> Vec<Arc<Proof>> {
    let mut proofs: Vec<_> = library.proofs().cloned().collect();
    let shown = library.questions.values().filter(|question| question.manifest.status == Status::Active);
    for question in shown.filter(|question| !question.is_family()) {
        match question.variant(0) {
            Ok(variant) => proofs.extend(variant.proofs().cloned()),
            Err(fault) => tracing::warn!("a quick question cannot be shown: {fault}"),
        }
    }
    proofs
}

async fn remember(db: &Db, proof: &Proof, run: &ProofRun, millis: i64) -> Result<()> {
    db.execute(
        "insert into proof_run (key, guide, proof, versions, proved_at, passed, millis)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (key) do update set versions = excluded.versions, proved_at = excluded.proved_at,
           passed = excluded.passed, millis = excluded.millis",
        params![
            run.key.as_str(),
            proof.guide.as_str(),
            proof.id.as_str(),
            run.versions.as_str(),
            run.proved_at,
            run.passed,
            millis
        ],
    )
    .await?;
    Ok(())
}
