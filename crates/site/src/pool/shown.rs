//! Who was shown to which company, on how many days: of two who match alike, the one comes first who was shown to it less often. What is
//! shown today counts from tomorrow on, so that the pages of a search stay in order while somebody turns them, in every process.

use super::CandidatePool;
use crate::error::SiteError;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jobfuture_db::params;
use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use uuid::Uuid;

/// Rows that are written in one transaction.
const AT_ONCE: usize = 500;

/// What this process knows of it.
#[derive(Default)]
pub(super) struct Shown(Mutex<Known>);

#[derive(Default)]
struct Known {
    /// To which companies' counts which day's beginning the index has.
    counted: HashMap<Uuid, Date>,
    today: Option<Date>,
    /// Company and candidate, today.
    shown: HashSet<(Uuid, Uuid)>,
    /// What is not written down yet, with its day.
    waiting: Vec<(Uuid, Uuid, Date)>,
}

impl Shown {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl CandidatePool {
    fn today(&self) -> Date {
        self.now().to_zoned(TimeZone::UTC).date()
    }

    /// Sees to it that the index knows how often who was shown to this company before today.
    pub(super) async fn know_what_was_shown(&self, company: Uuid) -> Result<(), SiteError> {
        let today = self.today();
        if self.shown().known().counted.get(&company) == Some(&today) {
            return Ok(());
        }
        // What this process has shown before midnight belongs to it.
        self.write_shown().await?;
        let sql = "select account, days - case when last_day >= $2 then 1 else 0 end as days from pool_shown
                   where company = $1";
        let days: Vec<(Uuid, i64)> = self.db().all(sql, params![company, today.to_string()]).await?;
        let days = days.into_iter().map(|(account, days)| (account, u32::try_from(days).unwrap_or_default()));
        self.index().await?.set_shown(company, days);
        self.shown().known().counted.insert(company, today);
        Ok(())
    }

    /// Reads the counts again before the next search of each company.
    pub(super) fn forget_what_was_shown(&self) {
        self.shown().known().counted.clear();
    }

    /// Counts that these candidates were shown to a company today. It is written down by [`Self::write_shown`].
    pub(super) fn count_shown(&self, company: Uuid, candidates: impl IntoIterator<Item = Uuid>) {
        let today = self.today();
        let mut known = self.shown().known();
        if known.today != Some(today) {
            known.today = Some(today);
            known.shown.clear();
        }
        for candidate in candidates {
            if known.shown.insert((company, candidate)) {
                known.waiting.push((company, candidate, today));
            }
        }
    }

    /// Writes down what was counted. Called every now and then, and before a process ends.
    ///
    /// # Errors
    /// The database's; then it is tried again the next time.
    pub async fn write_shown(&self) -> Result<(), SiteError> {
        loop {
            let portion: Vec<(Uuid, Uuid, Date)> = {
                let mut known = self.shown().known();
                let rest = known.waiting.len().saturating_sub(AT_ONCE);
                known.waiting.split_off(rest)
            };
            if portion.is_empty() {
                return Ok(());
            }
            if let Err(error) = self.write(portion.clone()).await {
                self.shown().known().waiting.extend(portion);
                return Err(error);
            }
        }
    }

    async fn write(&self, mut portion: Vec<(Uuid, Uuid, Date)>) -> Result<(), SiteError> {
        // In one order, so that two processes do not wait for each other.
        portion.sort_unstable();
        self.db()
            .transaction(move |tx| {
                for (company, account, day) in &portion {
                    // Somebody may be gone since. To count a day twice changes nothing.
                    let sql = "insert into pool_shown (company, account, days, last_day)
                               select company.id, account.id, 1, $3 from company, account
                                 where company.id = $1 and account.id = $2
                               on conflict (company, account) do update
                                 set days = pool_shown.days + 1, last_day = excluded.last_day
                                 where pool_shown.last_day < excluded.last_day";
                    tx.execute(sql, params![company, account, day.to_string()])?;
                }
                Ok::<_, jobfuture_db::Error>(())
            })
            .await?;
        Ok(())
    }
}
