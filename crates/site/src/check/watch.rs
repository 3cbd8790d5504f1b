//! What an operator may do about items: ask one no longer, or again. Nothing here knows a person.

use super::{Checks, Condition, Loaded};
use crate::error::SiteError;
use jiff::Timestamp;
use jobfuture_content::Check;
use jobfuture_db::{params, record};
use psychometrics::adaptive::SessionError;
use psychometrics::score::Posterior;
use std::sync::Arc;

record! {
    /// An item that is not asked any more.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Frozen {
        /// Its id.
        pub item: String,
        /// Since when.
        pub frozen_at: Timestamp,
        /// Why, in an operator's words.
        pub reason: String,
    }
}

/// What would be left of a bank is too little for a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOver {
    /// Title of the check.
    pub check: String,
    /// `tasks`, `questions on Data`.
    pub what: String,
    /// How many would be left.
    pub left: usize,
    /// How many are needed.
    pub needed: usize,
}

impl Checks {
    /// How often a check was begun. Attempts that were deleted are not counted any more.
    ///
    /// # Errors
    /// The database's.
    pub async fn begun(&self, check: &str) -> Result<i64, SiteError> {
        let (count,): (i64,) = self.db.one("select count(*) from attempt where check_id = $1", params![check]).await?;
        Ok(count)
    }

    /// Items that are not asked any more.
    ///
    /// # Errors
    /// The database's.
    pub async fn frozen(&self) -> Result<Vec<Frozen>, SiteError> {
        Ok(self.db.all("select item, frozen_at, reason from item_freeze order by item", &[]).await?)
    }

    /// Asks an item no longer, in checks that begin from now on. Not when too little would be left for somebody who has met
    /// nothing yet: they would be told that they have met it all.
    ///
    /// # Errors
    /// [`LeftOver`] inside; the database's.
    pub async fn freeze(&self, item: &str, reason: &str) -> Result<Result<(), LeftOver>, SiteError> {
        let mut frozen: Vec<String> = self.frozen().await?.into_iter().map(|one| one.item).collect();
        frozen.push(item.to_owned());
        for check in self.library.checks.values() {
            let release = self.current(check).await?;
            if let (Some(_), Some(left)) = (release.number(item), left_over(check, &release, &frozen)?) {
                return Ok(Err(left));
            }
        }
        let sql = "insert into item_freeze (item, frozen_at, reason) values ($1, $2, $3)
             on conflict (item) do update set reason = excluded.reason";
        self.db.execute(sql, params![item, self.now(), reason]).await?;
        Ok(Ok(()))
    }

    /// Asks an item again.
    ///
    /// # Errors
    /// The database's.
    pub async fn thaw(&self, item: &str) -> Result<(), SiteError> {
        self.db.execute("delete from item_freeze where item = $1", params![item]).await?;
        Ok(())
    }
}

/// What is too little for a check without these items, if anything is.
fn left_over(check: &Arc<Check>, release: &Loaded, without: &[String]) -> Result<Option<LeftOver>, SiteError> {
    let prior = Posterior::normal(0.0, 1.0).map_err(|error| SiteError::internal("a bank's release", &error))?;
    let numbers = without.iter().filter_map(|item| release.number(item));
    let mut numbers: Vec<u32> = numbers.filter_map(|number| u32::try_from(number).ok()).collect();
    numbers.sort_unstable();
    match release.release(Condition::Unaided).begin(&prior, 1, &numbers) {
        Ok(_) => Ok(None),
        Err(SessionError::NotEnough { what, left, needed }) => {
            let (check, what) = (check.manifest.title.clone(), super::store::in_words(check, &what));
            Ok(Some(LeftOver { check, what, left, needed }))
        }
        Err(other) => Err(SiteError::internal("a bank's release", &other)),
    }
}
