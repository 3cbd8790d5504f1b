//! Proofs in the database, and what they come to.

use super::{Counts, Method, Proof, verified_until};
use crate::company::{Companies, CompanyDomain, Lei};
use crate::error::SiteError;
use jiff::Timestamp;
use jobfuture_codes::Code;
use jobfuture_db::{Tx, params, record};
use jobfuture_outbound::Outbound;
use uuid::Uuid;

use super::look::{Finding, look};
use super::{AGAIN, EVERY, MOST_FAILURES, letters};

/// Between two looks that a person asks for at the same thing: the place that is looked at is somebody's server.
const AT_MOST_EVERY: jiff::SignedDuration = jiff::SignedDuration::from_secs(10);
/// The longest word of an operator, in characters.
const LONGEST_NOTE: usize = 400;

record! {
    /// A proof's row.
    #[derive(Debug, Clone)]
    pub(crate) struct ProofRow {
        pub(crate) id: Uuid,
        pub(crate) company: Uuid,
        pub(crate) method: String,
        pub(crate) detail: String,
        pub(crate) proved_at: Option<Timestamp>,
        pub(crate) seen_at: Option<Timestamp>,
        pub(crate) expires_at: Option<Timestamp>,
        pub(crate) check_at: Option<Timestamp>,
        pub(crate) failures: i64,
        pub(crate) failing_since: Option<Timestamp>,
        pub(crate) failure: Option<String>,
        pub(crate) lost_at: Option<Timestamp>,
    }
}

/// How many owners a company has. Whatever it shows, somebody has to answer for it.
pub(crate) const OWNERS: &str =
    "(select count(*) from company_member where company_member.company = company.id and company_member.role = 'owner')";

/// Whether the proofs of a company count.
pub(super) fn counts(suspended_at: Option<Timestamp>, owners: i64) -> Counts {
    if suspended_at.is_none() && owners > 0 { Counts::Yes } else { Counts::No }
}

/// Its columns, in order.
pub(crate) const COLUMNS: &str =
    "id, company, method, detail, proved_at, seen_at, expires_at, check_at, failures, failing_since, failure, lost_at";

record! {
    /// What a company's verification is worked out from, beside its proofs.
    pub(crate) struct StandingRow {
        pub(crate) suspended_at: Option<Timestamp>,
        pub(crate) owners: i64,
        pub(crate) verified_at: Option<Timestamp>,
        pub(crate) verified_until: Option<Timestamp>,
    }
}

/// What a look came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Recorded {
    /// The proof is lost.
    pub(super) is_lost: bool,
    /// The company is not verified any more, by that or because time has passed.
    pub(super) ended: bool,
}

/// Why it was looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LookedBy {
    /// Its time had come.
    Schedule,
    /// Somebody of the company asked for it.
    Person,
}

impl ProofRow {
    /// Nothing for a method that no code of ours writes.
    pub(crate) fn read(self) -> Option<Proof> {
        Some(Proof {
            id: self.id,
            method: Method::parse(&self.method)?,
            detail: self.detail,
            proved_at: self.proved_at,
            seen_at: self.seen_at,
            expires_at: self.expires_at,
            check_at: self.check_at,
            failures: self.failures,
            failing_since: self.failing_since,
            failure: self.failure,
            lost_at: self.lost_at,
        })
    }
}

pub(super) fn standing(tx: &mut Tx<'_>, company: Uuid) -> Result<Option<StandingRow>, jobfuture_db::Error> {
    let sql =
        format!("select suspended_at, {OWNERS} as owners, verified_at, verified_until from company where id = $1");
    tx.optional(&sql, params![company])
}

/// Writes down what the proofs of a company come to. To be called by whatever changes one of them, in the same transaction. Says
/// whether it was said to be verified and is not any more.
pub(crate) fn settle(tx: &mut Tx<'_>, company: Uuid, now: Timestamp) -> Result<bool, jobfuture_db::Error> {
    let Some(standing) = standing(tx, company)? else { return Ok(false) };
    let sql = format!("select {COLUMNS} from company_proof where company = $1");
    let rows: Vec<ProofRow> = tx.all(&sql, params![company])?;
    let proofs: Vec<Proof> = rows.into_iter().filter_map(ProofRow::read).collect();
    let until = verified_until(&proofs, counts(standing.suspended_at, standing.owners), now);
    // Since when: it goes on for as long as there was no day without.
    let went_on = standing.verified_until.is_some_and(|end| end > now);
    let since = until.map(|_| standing.verified_at.filter(|_| went_on).unwrap_or(now));
    // Whoever is not verified any more keeps the time at which that ended: their vacancies have some days from then.
    let end = until.or(standing.verified_until.map(|end| end.min(now)));
    if (since, end) != (standing.verified_at, standing.verified_until) {
        let sql = "update company set verified_at = $2, verified_until = $3 where id = $1";
        tx.execute(sql, params![company, since, end])?;
    }
    Ok(standing.verified_at.is_some() && until.is_none())
}

impl Companies {
    /// The proofs of a company, in the order of the page: those that hold and those that wait or were lost.
    ///
    /// # Errors
    /// The database's.
    pub async fn proofs(&self, company: Uuid) -> Result<Vec<Proof>, SiteError> {
        let sql = format!("select {COLUMNS} from company_proof where company = $1 order by asked_at, id");
        let rows: Vec<ProofRow> = self.db.all(&sql, params![company]).await?;
        let mut proofs: Vec<Proof> = rows.into_iter().filter_map(ProofRow::read).collect();
        proofs.sort_by_key(|proof| Method::ALL.iter().position(|method| *method == proof.method));
        Ok(proofs)
    }

    /// What is to be found under a company's domain; nothing until somebody asked for it.
    ///
    /// # Errors
    /// The database's.
    pub async fn challenge(&self, company: Uuid) -> Result<Option<String>, SiteError> {
        let found: Option<(Option<String>,)> =
            self.db.optional("select challenge from company where id = $1", params![company]).await?;
        Ok(found.and_then(|(challenge,)| challenge))
    }

    /// Draws it, unless there is one: it stays the same, so that what was put there goes on being found.
    ///
    /// # Errors
    /// No randomness; the database's.
    pub async fn draw_challenge(&self, company: Uuid) -> Result<(), SiteError> {
        let token = crate::account::Token::random().map_err(|error| SiteError::internal("randomness", &error))?;
        let sql = "update company set challenge = $2 where id = $1 and challenge is null";
        self.db.execute(sql, params![company, token.secret()]).await?;
        Ok(())
    }

    /// Looks for the challenge now, as somebody of the company asked, and writes down what was found.
    ///
    /// # Errors
    /// [`SiteError::Refused`] when there is nothing to look for, or it was looked for a moment ago; the database's.
    pub async fn look(&self, outbound: &Outbound, company: Uuid, method: Method) -> Result<Finding, SiteError> {
        let now = self.clock.now();
        let refused = |says: &str| Err(SiteError::Refused(says.to_owned()));
        let Some(challenge) = self.challenge(company).await? else { return refused("Ask for the text first.") };
        let Some(domain) = self.domain(company).await? else { return refused("There is no such company.") };
        if !self.claim_look(company, method, now).await? {
            return refused("This was looked at a moment ago. Wait some seconds.");
        }
        let found = look(outbound, &CompanyDomain::from_row(domain), method, &challenge).await;
        self.record(company, method, &found, LookedBy::Person).await?;
        Ok(found)
    }

    /// Makes the row of a proof, if there is none. Says whether it may be looked for now.
    async fn claim_look(&self, company: Uuid, method: Method, now: Timestamp) -> Result<bool, SiteError> {
        let claimed = now.checked_sub(AT_MOST_EVERY).unwrap_or(now);
        let may = self
            .db
            .transaction(move |tx| {
                let sql = "select id, asked_at from company_proof where company = $1 and method = $2";
                let found: Option<(Uuid, Timestamp)> = tx.optional(sql, params![company, method.id()])?;
                match found {
                    Some((_, last)) if last > claimed => return Ok::<_, jobfuture_db::Error>(false),
                    Some((id, _)) => {
                        tx.execute("update company_proof set asked_at = $2 where id = $1", params![id, now])?
                    }
                    None => {
                        let sql = "insert into company_proof (id, company, method, detail, asked_at, failures)
                                   values ($1, $2, $3, '', $4, 0)";
                        tx.execute(sql, params![Uuid::now_v7(), company, method.id(), now])?
                    }
                };
                Ok(true)
            })
            .await?;
        Ok(may)
    }

    /// Writes down what a look found. A proof that is not found any more is looked at again for three days, its owners are told at
    /// once, and then it is lost.
    pub(super) async fn record(
        &self,
        company: Uuid,
        method: Method,
        found: &Finding,
        by: LookedBy,
    ) -> Result<Recorded, SiteError> {
        let (now, found, base) = (self.clock.now(), found.clone(), self.base.clone());
        let later = |by| now.checked_add(by).map_err(|error| SiteError::internal("a time", &error));
        let (lasts, next, again) = (later(method.lasts())?, later(EVERY)?, later(AGAIN)?);
        let recorded = self
            .db
            .transaction(move |tx| {
                let sql = format!("select {COLUMNS} from company_proof where company = $1 and method = $2");
                let row: Option<ProofRow> = tx.optional(&sql, params![company, method.id()])?;
                // Withdrawn meanwhile.
                let Some(proof) = row.and_then(ProofRow::read) else { return Ok::<_, jobfuture_db::Error>(Recorded::default()) };
                let why = match &found {
                    Finding::Found => {
                        let sql = "update company_proof set proved_at = $2, seen_at = $3, expires_at = $4, check_at = $5, failures = 0,
                                     failing_since = null, failure = null, lost_at = null, told_at = null where id = $1";
                        // What was lost begins anew.
                        let since = proof.proved_at.filter(|_| proof.holds(now)).unwrap_or(now);
                        tx.execute(sql, params![proof.id, since, now, lasts, next])?;
                        return Ok(Recorded { is_lost: false, ended: settle(tx, company, now)? });
                    }
                    Finding::NotFound(why) => why,
                };
                if !proof.holds(now) || by == LookedBy::Person {
                    // Nothing to lose, or not so: a person may press the button again and again while they mend it.
                    tx.execute("update company_proof set failure = $2 where id = $1", params![proof.id, why])?;
                    return Ok(Recorded::default());
                }
                let failing = Proof {
                    failures: proof.failures + 1,
                    failing_since: proof.failing_since.or(Some(now)),
                    check_at: Some(again),
                    failure: Some(why.clone()),
                    ..proof
                };
                let is_lost = failing.failures >= MOST_FAILURES;
                let sql = "update company_proof set failures = $2, failing_since = $3, check_at = $4, failure = $5, lost_at = $6
                           where id = $1";
                let (check_at, lost_at) = if is_lost { (None, Some(now)) } else { (Some(again), None) };
                tx.execute(sql, params![failing.id, failing.failures, failing.failing_since, check_at, why, lost_at])?;
                let ended = settle(tx, company, now)?;
                if is_lost || failing.failures == 1 {
                    letters::about(tx, company, &failing, is_lost, base.as_deref(), now)?;
                }
                Ok(Recorded { is_lost, ended })
            })
            .await?;
        self.mail.notify_one();
        Ok(recorded)
    }

    /// Keeps an LEI as stated, or takes it away.
    ///
    /// # Errors
    /// The database's.
    pub async fn state_lei(&self, company: Uuid, lei: Option<Lei>) -> Result<(), SiteError> {
        self.put(company, Method::Lei, lei.map(|lei| lei.as_str().to_owned())).await
    }

    /// An operator has found that the company is who it says, and how. Says whether it was there.
    ///
    /// # Errors
    /// [`SiteError::Refused`] when the note is too long; the database's.
    pub async fn verify(&self, company: Uuid, note: &str) -> Result<bool, SiteError> {
        let note = note.split_whitespace().collect::<Vec<_>>().join(" ");
        if note.chars().count() > LONGEST_NOTE {
            return Err(SiteError::Refused(format!("Write at most {LONGEST_NOTE} characters.")));
        }
        if self.domain(company).await?.is_none() {
            return Ok(false);
        }
        self.put(company, Method::Review, Some(note)).await.map(|()| true)
    }

    /// Takes the review back: unless the company shows who it is in another way, it sees nobody from the next request on. Says
    /// whether it was there.
    ///
    /// # Errors
    /// The database's.
    pub async fn unverify(&self, company: Uuid) -> Result<bool, SiteError> {
        if self.domain(company).await?.is_none() {
            return Ok(false);
        }
        self.put(company, Method::Review, None).await.map(|()| true)
    }

    /// A proof that is made by being written down.
    async fn put(&self, company: Uuid, method: Method, detail: Option<String>) -> Result<(), SiteError> {
        let now = self.clock.now();
        let until = now.checked_add(method.lasts()).map_err(|error| SiteError::internal("a time", &error))?;
        self.db
            .transaction(move |tx| {
                let sql = "delete from company_proof where company = $1 and method = $2";
                tx.execute(sql, params![company, method.id()])?;
                if let Some(detail) = &detail {
                    let sql = "insert into company_proof (id, company, method, detail, asked_at, proved_at, seen_at, expires_at, failures)
                               values ($1, $2, $3, $4, $5, $5, $5, $6, 0)";
                    tx.execute(sql, params![Uuid::now_v7(), company, method.id(), detail, now, until])?;
                }
                settle(tx, company, now)
            })
            .await?;
        Ok(())
    }

    /// From now on the company is not verified, whatever it shows; its owners are told why. Says whether it was there.
    ///
    /// # Errors
    /// [`SiteError::Refused`] without a reason; the database's.
    pub async fn suspend(&self, company: Uuid, why: &str) -> Result<bool, SiteError> {
        let why = why.split_whitespace().collect::<Vec<_>>().join(" ");
        if !(1..=LONGEST_NOTE).contains(&why.chars().count()) {
            let says = format!("Say why, in at most {LONGEST_NOTE} characters: the company's owners are told so.");
            return Err(SiteError::Refused(says));
        }
        self.set_suspension(company, Some(why)).await
    }

    /// Its proofs count again. Says whether it was there.
    ///
    /// # Errors
    /// The database's.
    pub async fn lift(&self, company: Uuid) -> Result<bool, SiteError> {
        self.set_suspension(company, None).await
    }

    async fn set_suspension(&self, company: Uuid, why: Option<String>) -> Result<bool, SiteError> {
        let now = self.clock.now();
        let was_there = self
            .db
            .transaction(move |tx| {
                let sql = "update company set suspended_at = $2, suspended_why = $3 where id = $1";
                let at = why.as_ref().map(|_| now);
                let changed = tx.execute(sql, params![company, at, why])?;
                settle(tx, company, now)?;
                if let Some(why) = &why {
                    letters::suspended(tx, company, why, now)?;
                }
                Ok::<_, jobfuture_db::Error>(changed > 0)
            })
            .await?;
        self.mail.notify_one();
        Ok(was_there)
    }
}
