//! Attempts in the database: beginning, reading, ending, deleting. All of it with the owner's key.

use super::attempt::{ATTEMPT, AttemptRow, Broken, EXPLAINS, ExplainRow, ITEMS, ItemRow};
use super::sealed::{self, What};
use super::tally::Tallies;
use super::{Attempt, AttemptId, BankError, BankParts, Condition, Loaded, Pace, Reading};
use crate::account::Owner;
use crate::error::SiteError;
use jiff::Timestamp;
use jobfuture_codes::Code;
use jobfuture_content::{Check, FileSet, Library};
use jobfuture_db::{Clock, Db, Rows as Found, Snapshot, Tx, Value, params, record};
use jobfuture_disclosure::{Keyring, Sealer};
use psychometrics::adaptive::SessionError;
use psychometrics::score::{Posterior, Retake};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::OnceCell;
use uuid::Uuid;

/// People and rounds of the simulation by which exposure is learned when a release is made.
const EXPOSURE: (usize, usize) = (4_000, 12);
/// Variance by which a month may move a level: 0.1 of its standard deviation in the population.
const VARIANCE_A_MONTH: f64 = 0.01;
const SECONDS_A_MONTH: f64 = 30.44 * 86_400.0;

/// Releases that were asked for, each built once, however many ask at the same time.
type Releases = Arc<Mutex<HashMap<Uuid, Arc<OnceCell<Arc<Loaded>>>>>>;

/// Everything about checks that is stored. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Checks {
    pub(super) db: Db,
    keys: Keyring,
    pub(super) clock: Clock,
    pub(super) library: Arc<Library>,
    loaded: Releases,
    pub(super) tallies: Tallies,
}

/// How somebody begins.
#[derive(Debug, Clone, Copy)]
pub struct Beginning {
    /// What they say of how they take it.
    pub condition: Condition,
    /// How much time they are given.
    pub pace: Pace,
    /// Whether their answers may help to measure the questions, without saying whose they are.
    pub lends_answers: bool,
    /// Whether they want to be told no level.
    pub quiet: bool,
}

/// Why a check does not begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The person has met so much of the bank that the rest does not make a check.
    UsedUp {
        /// `tasks`, `questions on access`.
        what: String,
        /// How many are left.
        left: usize,
        /// How many are needed.
        needed: usize,
    },
}

/// What reads rows: a transaction or a snapshot.
pub(super) trait Reads {
    fn read(&mut self, asks: &[(&str, &[Value<'_>])]) -> Result<Vec<Found>, jobfuture_db::Error>;
}

impl Reads for Tx<'_> {
    fn read(&mut self, asks: &[(&str, &[Value<'_>])]) -> Result<Vec<Found>, jobfuture_db::Error> {
        self.together(asks)
    }
}

impl Reads for Snapshot<'_> {
    fn read(&mut self, asks: &[(&str, &[Value<'_>])]) -> Result<Vec<Found>, jobfuture_db::Error> {
        self.together(asks)
    }
}

/// The rows of one attempt.
pub(super) struct Rows {
    pub row: AttemptRow,
    pub items: Vec<ItemRow>,
    pub explains: Vec<ExplainRow>,
}

impl Rows {
    /// Somebody else's attempt is not there.
    pub fn read(reads: &mut impl Reads, account: Uuid, id: Uuid) -> Result<Option<Self>, jobfuture_db::Error> {
        let attempt = format!("select {ATTEMPT} from attempt where id = $1 and account = $2");
        let found = reads.read(&[(&attempt, params![id, account]), (ITEMS, params![id]), (EXPLAINS, params![id])])?;
        let [attempt, items, explains] = found.as_slice() else { return Ok(None) };
        let Some(row) = attempt.records::<AttemptRow>()?.pop() else { return Ok(None) };
        Ok(Some(Self { row, items: items.records()?, explains: explains.records()? }))
    }

    pub fn attempt(self, release: Arc<Loaded>, sealer: &Sealer) -> Result<Attempt, Broken> {
        Attempt::new(self.row, self.items, self.explains, release, sealer)
    }
}

impl From<Broken> for SiteError {
    fn from(broken: Broken) -> Self {
        Self::internal("an attempt", &broken)
    }
}

impl From<BankError> for SiteError {
    fn from(error: BankError) -> Self {
        Self::internal("a bank's release", &error)
    }
}

record! {
    struct Stored { id: Uuid, parts: String }
}

record! {
    struct WorkRow { attempt_item: Uuid, files: String, saved_at: Timestamp, runs: i64, last_run: Option<String> }
}

impl Checks {
    /// On this database, with these keys.
    pub fn new(db: Db, keys: Keyring, clock: Clock, library: Arc<Library>) -> Self {
        let tallies = Tallies::new(db.clone());
        Self { db, keys, clock, library, loaded: Arc::default(), tallies }
    }

    /// What seals and opens an account's checks.
    pub(super) async fn sealer(&self, account: Uuid) -> Result<Sealer, SiteError> {
        Ok(self.keys.sealer(account).await?)
    }

    /// The time by which attempts are clocked.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Makes a release of every check whose content has none yet, and makes it the one that is asked from.
    ///
    /// # Errors
    /// Content that makes no release; the database's.
    pub async fn prepare(&self) -> Result<(), SiteError> {
        for check in self.library.checks.values() {
            self.release_content(check).await?;
        }
        Ok(())
    }

    async fn release_content(&self, check: &Arc<Check>) -> Result<Arc<Loaded>, SiteError> {
        let latest = self.latest(&check.manifest.id).await?;
        let parts = BankParts::of(check, &self.library, latest.as_ref().map(|loaded| &loaded.parts))?;
        let digest = parts.digest();
        if let Some(latest) = latest.filter(|latest| latest.parts.digest() == digest) {
            return Ok(latest);
        }
        let sql = "select id, parts from bank_release where check_id = $1 and digest = $2";
        let known: Option<Stored> = self.db.optional(sql, params![check.manifest.id, digest]).await?;
        let parts = match known {
            Some(known) => known.parts,
            None => {
                let learned = tokio::task::spawn_blocking(move || parts.with_exposure(EXPOSURE.0, EXPOSURE.1)).await;
                let learned = learned.map_err(|error| SiteError::internal("learning exposure", &error))??;
                serde_json::to_string(&learned).map_err(|error| SiteError::internal("a bank's release", &error))?
            }
        };
        let sql = "insert into bank_release (id, check_id, made_at, digest, parts) values ($1, $2, $3, $4, $5)
             on conflict (check_id, digest) do update set made_at = excluded.made_at";
        self.db.execute(sql, params![Uuid::now_v7(), check.manifest.id, self.now(), digest, parts]).await?;
        let latest = self.latest(&check.manifest.id).await?;
        latest.ok_or_else(|| SiteError::internal("a bank's release", &"it was stored and is not there"))
    }

    /// The release that a check is asked from now.
    ///
    /// # Errors
    /// As [`Self::prepare`].
    pub async fn current(&self, check: &Arc<Check>) -> Result<Arc<Loaded>, SiteError> {
        match self.latest(&check.manifest.id).await? {
            Some(latest) => Ok(latest),
            None => self.release_content(check).await,
        }
    }

    async fn latest(&self, check: &str) -> Result<Option<Arc<Loaded>>, SiteError> {
        let sql = "select id from bank_release where check_id = $1 order by made_at desc, id desc limit 1";
        let found: Option<(Uuid,)> = self.db.optional(sql, params![check]).await?;
        match found {
            Some((id,)) => self.loaded(id).await.map(Some),
            None => Ok(None),
        }
    }

    /// A release by its row, from memory or built: once, however many ask for it when a server has just begun.
    pub(super) async fn loaded(&self, id: Uuid) -> Result<Arc<Loaded>, SiteError> {
        let kept = || self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        let place = Arc::clone(kept().entry(id).or_default());
        let built = place.get_or_try_init(|| self.build(id)).await;
        if built.is_err() {
            // Nobody needs a place for what is not there.
            kept().retain(|other, place| *other != id || place.initialized());
        }
        built.cloned()
    }

    async fn build(&self, id: Uuid) -> Result<Arc<Loaded>, SiteError> {
        let stored: Stored = self.db.one("select id, parts from bank_release where id = $1", params![id]).await?;
        let parts: BankParts =
            serde_json::from_str(&stored.parts).map_err(|error| SiteError::internal("a bank's release", &error))?;
        let built = tokio::task::spawn_blocking(move || Loaded::new(stored.id, parts)).await;
        Ok(Arc::new(built.map_err(|error| SiteError::internal("a bank's release", &error))??))
    }

    /// The attempt of a check that its owner has not ended.
    ///
    /// # Errors
    /// The database's.
    pub async fn open(&self, owner: Owner, check: &str) -> Result<Option<AttemptId>, SiteError> {
        let sql = "select id from attempt where account = $1 and check_id = $2 and ended_at is null order by begun_at limit 1";
        let found: Option<(Uuid,)> = self.db.optional(sql, params![owner.uuid(), check]).await?;
        Ok(found.map(|(id,)| AttemptId(id)))
    }

    /// Begins a check, or finds the one that is under way.
    ///
    /// # Errors
    /// [`Refusal`] inside; the database's.
    pub async fn begin(
        &self,
        owner: Owner,
        check: &Arc<Check>,
        how: Beginning,
    ) -> Result<Result<AttemptId, Refusal>, SiteError> {
        let release = self.current(check).await?;
        let (prior, earlier) = self.prior(owner, &check.manifest.id, how.condition).await?;
        let excluded = self.not_to_be_asked(owner, &release).await?;
        let seed: u64 = rand::random();
        match release.release(how.condition).begin(&prior, seed, &excluded) {
            Ok(_) => {}
            Err(SessionError::NotEnough { what, left, needed }) => {
                return Ok(Err(Refusal::UsedUp { what: in_words(check, &what), left, needed }));
            }
            Err(other) => return Err(Broken::from(other).into()),
        }
        let (id, sealer) = (Uuid::from_u128(rand::random()), self.sealer(owner.uuid()).await?);
        let row = AttemptRow {
            id,
            account: owner.uuid(),
            check_id: check.manifest.id.clone(),
            release: release.id.0,
            condition: how.condition.id().to_owned(),
            pace: i64::from(how.pace.percent()),
            seed: seed.cast_signed(),
            prior: sealer.seal_bytes(&What::Prior.place(id), &prior.to_bytes())?,
            earlier: earlier.map(AttemptId::uuid),
            excluded: serde_json::to_string(&excluded).unwrap_or_default(),
            lends_answers: how.lends_answers,
            quiet: how.quiet,
            begun_at: self.now(),
            spent_seconds: 0,
            heard_at: Some(self.now()),
            ended_at: None,
            ended_by: None,
        };
        let begun = self.db.transaction(move |tx| insert(tx, &row, &release, &sealer)).await;
        Ok(Ok(begun.map_err(SiteError::from)?))
    }

    /// What is believed beforehand: of somebody new what is known of people, of somebody who comes again what their last
    /// check under the same condition has shown, widened by the time since.
    async fn prior(
        &self,
        owner: Owner,
        check: &str,
        condition: Condition,
    ) -> Result<(Posterior, Option<AttemptId>), SiteError> {
        let sql =
            "select id from attempt where account = $1 and check_id = $2 and condition = $3 and ended_at is not null
             order by ended_at desc limit 1";
        let last: Option<(Uuid,)> = self.db.optional(sql, params![owner.uuid(), check, condition.id()]).await?;
        if let Some((id,)) = last
            && let Some(attempt) = self.attempt(owner, AttemptId(id)).await?
        {
            let retake = retake(&attempt, self.now())?;
            return Ok((retake.prior().clone(), Some(AttemptId(id))));
        }
        Ok((Posterior::normal(0.0, 1.0).map_err(Broken::from)?, None))
    }

    /// Numbers of items that this person has met, or that are frozen.
    async fn not_to_be_asked(&self, owner: Owner, release: &Loaded) -> Result<Vec<u32>, SiteError> {
        let sql = "select item from item_seen where account = $1 union select item from item_freeze";
        let items: Vec<(String,)> = self.db.all(sql, params![owner.uuid()]).await?;
        let numbers = items.iter().filter_map(|(item,)| release.number(item));
        let mut numbers: Vec<u32> = numbers.filter_map(|number| u32::try_from(number).ok()).collect();
        numbers.sort_unstable();
        Ok(numbers)
    }

    /// One of the owner's attempts.
    ///
    /// # Errors
    /// The database's.
    pub async fn attempt(&self, owner: Owner, id: AttemptId) -> Result<Option<Attempt>, SiteError> {
        let (account, id) = (owner.uuid(), id.uuid());
        let reading = async { Ok(self.db.read(move |read| Rows::read(read, account, id)).await?) };
        let (rows, sealer) = tokio::try_join!(reading, self.sealer(account))?;
        let Some(rows) = rows else { return Ok(None) };
        let release = self.loaded(rows.row.release).await?;
        Ok(Some(rows.attempt(release, &sealer)?))
    }

    /// The owner's attempts, the last first.
    ///
    /// # Errors
    /// The database's.
    pub async fn attempts(&self, owner: Owner) -> Result<Vec<Attempt>, SiteError> {
        let sql = "select id from attempt where account = $1 order by begun_at desc, id limit 100";
        let ids: Vec<(Uuid,)> = self.db.all(sql, params![owner.uuid()]).await?;
        let mut attempts = Vec::with_capacity(ids.len());
        for (id,) in ids {
            attempts.extend(self.attempt(owner, AttemptId(id)).await?);
        }
        Ok(attempts)
    }

    /// What is written in a task so far.
    ///
    /// # Errors
    /// The database's.
    pub async fn work(&self, owner: Owner, id: AttemptId, place: u32) -> Result<Option<super::Work>, SiteError> {
        let sql = "select attempt_item, files, saved_at, runs, last_run from attempt_work join attempt_item on attempt_item.id = attempt_item
             join attempt on attempt.id = attempt where attempt.id = $1 and account = $2 and place = $3";
        let row: Option<WorkRow> = self.db.optional(sql, params![id.uuid(), owner.uuid(), i64::from(place)]).await?;
        let Some(row) = row else { return Ok(None) };
        let (sealer, item) = (self.sealer(owner.uuid()).await?, row.attempt_item);
        let files = sealer.open(&What::Files.place(item), row.files)?;
        let last_run = sealed::open(&sealer, What::LastRun, item, row.last_run)?;
        let files: HashMap<String, String> =
            serde_json::from_str(&files).map_err(|_| Broken::Row("files that cannot be read".to_owned()))?;
        let files: FileSet = files.into_iter().map(|(path, text)| (path, text.into_bytes())).collect();
        let last_run = last_run.and_then(|text| serde_json::from_str(&text).ok());
        let runs = u32::try_from(row.runs).unwrap_or_default();
        Ok(Some(super::Work { files, saved_at: row.saved_at, runs, last_run }))
    }

    /// Says of an attempt whether its owner wants to be told no level.
    ///
    /// # Errors
    /// The database's.
    pub async fn set_quiet(&self, owner: Owner, id: AttemptId, quiet: bool) -> Result<(), SiteError> {
        let sql = "update attempt set quiet = $3 where id = $1 and account = $2";
        self.db.execute(sql, params![id.uuid(), owner.uuid(), quiet]).await?;
        Ok(())
    }

    /// Deletes an attempt for good. Later attempts that began from its result are read anew, as if it had not been.
    ///
    /// # Errors
    /// The database's.
    pub async fn delete(&self, owner: Owner, id: AttemptId) -> Result<bool, SiteError> {
        let (account, id) = (owner.uuid(), id.uuid());
        let nothing_known = Posterior::normal(0.0, 1.0).map_err(Broken::from)?.to_bytes();
        let deleted = self.db.transaction(move |tx| {
            tx.execute(
                "update attempt set prior = $3, earlier = null where earlier = $1 and account = $2",
                params![id, account, nothing_known],
            )?;
            tx.execute("delete from attempt where id = $1 and account = $2", params![id, account])
        });
        Ok(deleted.await? > 0)
    }
}

/// What the result of an attempt says of its owner now.
pub(super) fn retake(attempt: &Attempt, now: Timestamp) -> Result<Retake, Broken> {
    let since = now.duration_since(attempt.ended_at().unwrap_or(now)).as_secs_f64();
    let months = (since / SECONDS_A_MONTH).clamp(1.0, 120.0);
    Ok(Retake::new(Reading::posterior(attempt)?, VARIANCE_A_MONTH * months)?)
}

fn insert(
    tx: &mut Tx<'_>,
    row: &AttemptRow,
    release: &Arc<Loaded>,
    sealer: &Sealer,
) -> Result<AttemptId, super::act::ActError> {
    let sql =
        "select id from attempt where account = $1 and check_id = $2 and ended_at is null order by begun_at limit 1";
    let open: Option<(Uuid,)> = tx.optional(sql, params![row.account, row.check_id])?;
    if let Some((id,)) = open {
        return Ok(AttemptId(id));
    }
    let sql = format!(
        "insert into attempt ({ATTEMPT}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)"
    );
    tx.execute_later(
        &sql,
        params![
            row.id,
            row.account,
            row.check_id,
            row.release,
            row.condition,
            row.pace,
            row.seed,
            row.prior,
            row.earlier,
            row.excluded,
            row.lends_answers,
            row.quiet,
            row.begun_at,
            row.spent_seconds,
            row.heard_at,
            row.ended_at,
            row.ended_by
        ],
    )?;
    super::act::advance(tx, (row.account, row.id), release, sealer, row.begun_at)?;
    Ok(AttemptId(row.id))
}

/// What the bank lacks, by the names that a reader knows.
pub(super) fn in_words(check: &Check, what: &str) -> String {
    let areas = &check.manifest.areas;
    areas
        .iter()
        .fold(what.to_owned(), |text, area| text.replace(&format!("on {}", area.id), &format!("on {}", area.name)))
}
