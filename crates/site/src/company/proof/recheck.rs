//! Looking again, on a schedule: at what can be looked at, at what runs out, and at what the proofs of each company come to.

use super::look::look;
use super::store::{COLUMNS, LookedBy, OWNERS, counts};
use super::{Method, Proof, ProofRow, TOLD_BEFORE, letters, settle};
use crate::company::{Companies, CompanyDomain};
use crate::error::SiteError;
use jiff::{SignedDuration, Timestamp};
use jobfuture_codes::Code;
use jobfuture_db::{params, record};
use jobfuture_outbound::Outbound;
use std::collections::HashMap;
use uuid::Uuid;

/// Proofs that are looked at in one go.
const BATCH: i64 = 200;
/// Whoever looks has so long until somebody else does: longer than any look takes.
const CLAIM: SignedDuration = SignedDuration::from_mins(10);

/// What came of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rechecked {
    /// Proofs that were looked at.
    pub looked: usize,
    /// Proofs that were lost.
    pub lost: usize,
    /// Proofs whose owners were told that they run out.
    pub told: usize,
    /// Companies that are verified no longer.
    pub unverified: usize,
}

record! {
    struct Due { id: Uuid, company: Uuid, method: String, check_at: Timestamp, domain: String, challenge: Option<String> }
}

record! {
    struct Ending { id: Uuid, company: Uuid, method: String, expires_at: Timestamp }
}

record! {
    struct Verified { id: Uuid, suspended_at: Option<Timestamp>, owners: i64, verified_until: Option<Timestamp> }
}

impl Companies {
    /// Looks at every proof whose time has come, tells owners of those that run out, and works out anew which companies are
    /// verified. To be called about once an hour. Safe to run twice, also at the same time: each proof is claimed before it is
    /// looked at, and the rest changes only what is not so yet. Without `outbound` nothing is looked at, and what is not looked
    /// at runs out.
    ///
    /// # Errors
    /// The database's.
    pub async fn recheck_due(&self, outbound: Option<&Outbound>) -> Result<Rechecked, SiteError> {
        let mut done = Rechecked::default();
        if let Some(outbound) = outbound {
            self.look_at_due(outbound, &mut done).await?;
        }
        done.told = self.tell_of_ends().await?;
        done.unverified += self.settle_all().await?;
        Ok(done)
    }

    async fn look_at_due(&self, outbound: &Outbound, done: &mut Rechecked) -> Result<(), SiteError> {
        let now = self.clock.now();
        let sql = "select p.id, p.company, p.method, p.check_at, c.domain, c.challenge
                   from company_proof p join company c on c.id = p.company
                   where p.check_at <= $1 and p.lost_at is null order by p.check_at, p.id limit $2";
        let due: Vec<Due> = self.db.all(sql, params![now, BATCH]).await?;
        for proof in due {
            let Some(method) = Method::parse(&proof.method).filter(|method| method.is_looked_at()) else { continue };
            let Some(challenge) = &proof.challenge else { continue };
            if !self.claim(proof.id, proof.check_at, now).await? {
                continue;
            }
            let found = look(outbound, &CompanyDomain::from_row(proof.domain.clone()), method, challenge).await;
            done.looked += 1;
            let recorded = self.record(proof.company, method, &found, LookedBy::Schedule).await?;
            done.lost += usize::from(recorded.is_lost);
            done.unverified += usize::from(recorded.ended);
        }
        Ok(())
    }

    /// Whether nobody else looks at it.
    async fn claim(&self, proof: Uuid, was_due: Timestamp, now: Timestamp) -> Result<bool, SiteError> {
        let until = now.checked_add(CLAIM).map_err(|error| SiteError::internal("a time", &error))?;
        let sql = "update company_proof set check_at = $3 where id = $1 and check_at = $2";
        Ok(self.db.execute(sql, params![proof, was_due, until]).await? > 0)
    }

    async fn tell_of_ends(&self) -> Result<usize, SiteError> {
        let now = self.clock.now();
        let soon = now.checked_add(TOLD_BEFORE).map_err(|error| SiteError::internal("a time", &error))?;
        let sql = "select id, company, method, expires_at from company_proof
                   where expires_at > $1 and expires_at <= $2 and lost_at is null and told_at is null
                   order by expires_at, id limit $3";
        let ending: Vec<Ending> = self.db.all(sql, params![now, soon, BATCH]).await?;
        let mut told = 0;
        for proof in ending {
            let Some(method) = Method::parse(&proof.method) else { continue };
            let base = self.base.clone();
            let is_first = self
                .db
                .transaction(move |tx| {
                    let sql = "update company_proof set told_at = $2 where id = $1 and told_at is null";
                    if tx.execute(sql, params![proof.id, now])? == 0 {
                        return Ok::<_, jobfuture_db::Error>(false);
                    }
                    letters::runs_out(tx, proof.company, method, proof.expires_at, base.as_deref(), now)?;
                    Ok(true)
                })
                .await?;
            told += usize::from(is_first);
        }
        if told > 0 {
            self.mail.notify_one();
        }
        Ok(told)
    }

    /// Time has passed, and people have left with their proofs: what companies are said to be is made what they are.
    pub(crate) async fn settle_all(&self) -> Result<usize, SiteError> {
        let now = self.clock.now();
        let sql = format!(
            "select id, suspended_at, {OWNERS} as owners, verified_until from company where verified_at is not null"
        );
        let companies: Vec<Verified> = self.db.all(&sql, &[]).await?;
        let sql = format!(
            "select {COLUMNS} from company_proof where company in (select id from company where verified_at is not null)"
        );
        let mut proofs: HashMap<Uuid, Vec<Proof>> = HashMap::new();
        let rows: Vec<ProofRow> = self.db.all(&sql, &[]).await?;
        for row in rows {
            let company = row.company;
            proofs.entry(company).or_default().extend(row.read());
        }
        let mut unverified = 0;
        for company in companies {
            let own = proofs.get(&company.id).map_or(&[][..], Vec::as_slice);
            let until = super::verified_until(own, counts(company.suspended_at, company.owners), now);
            if until != company.verified_until {
                self.db.transaction(move |tx| settle(tx, company.id, now)).await?;
                unverified += usize::from(until.is_none());
            }
        }
        Ok(unverified)
    }
}
