//! What changes an attempt: an answer, work that is saved or handed in, a pause, the end. Each is one transaction, and is on
//! the disk before the page moves on.

use super::Loaded;
use super::attempt::{Attempt, Broken, EndedBy, ExplainQuestion, Outcome, Step};
use super::clock::{was_just_heard, worked};
use super::sealed::{What, seal};
use super::store::{Checks, Rows};
use super::tally::Answered;
use crate::account::Owner;
use crate::error::SiteError;
use jiff::Timestamp;
use jobfuture_codes::Code;
use jobfuture_content::{Answer, FileSet};
use jobfuture_db::{Tx, params};
use jobfuture_disclosure::Sealer;
use jobfuture_grader::Verdict;
use psychometrics::adaptive::{Kind, Next, Stop};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

/// What came of sending something to an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answering {
    /// It is kept.
    Taken,
    /// It had been answered before, by another page or another device; the first answer stands.
    Earlier,
    /// Nothing of that kind is asked at that place.
    NotAsked,
}

/// Work as it was judged.
#[derive(Debug, Clone)]
pub struct HandedIn {
    /// As they were judged.
    pub files: FileSet,
    /// What they did.
    pub verdict: Verdict,
    /// Questions about them, with answers that were found by running them.
    pub explain: Vec<ExplainQuestion>,
}

/// Why a transaction on an attempt kept nothing.
#[derive(Debug, thiserror::Error)]
pub(super) enum ActError {
    /// The database's.
    #[error(transparent)]
    Db(#[from] jobfuture_db::Error),
    /// Rows that cannot be gone through again.
    #[error(transparent)]
    Broken(#[from] Broken),
}

impl From<ActError> for SiteError {
    fn from(error: ActError) -> Self {
        match error {
            ActError::Db(error) => error.into(),
            ActError::Broken(broken) => broken.into(),
        }
    }
}

/// What a transaction works with.
pub(super) struct Acting<'a, 'tx> {
    tx: &'a mut Tx<'tx>,
    attempt: Attempt,
    sealer: &'a Sealer,
    now: Timestamp,
    /// Working time, this act included.
    spent: i64,
}

/// With what something is closed.
#[derive(Debug, Clone, Copy)]
struct Closing<'a> {
    /// As judged; nothing when it is put aside.
    category: Option<u8>,
    answer: Option<&'a str>,
    verdict: Option<&'a str>,
}

impl Checks {
    /// Takes the answer to a question.
    ///
    /// # Errors
    /// The database's.
    pub async fn answer(
        &self,
        owner: Owner,
        seen: &Attempt,
        place: u32,
        answer: Answer,
        is_right: bool,
    ) -> Result<Answering, SiteError> {
        let text = serde_json::to_string(&answer).map_err(|error| SiteError::internal("an answer", &error))?;
        let done = self.act(owner, seen, move |acting| {
            let row = match acting.open_at(place, |step| matches!(step, Step::Question(_))) {
                Ok(row) => row,
                Err(instead) => return Ok((instead, None)),
            };
            let category = u8::from(is_right);
            let answered = Answered::of(&acting.attempt, place, category, acting.seconds_here());
            acting.close(row, Closing { category: Some(category), answer: Some(&text), verdict: None })?;
            acting.advance()?;
            Ok((Answering::Taken, answered))
        });
        Ok(self.count(done.await?))
    }

    /// Puts something aside that the person has met before.
    ///
    /// # Errors
    /// The database's.
    pub async fn put_aside(
        &self,
        owner: Owner,
        seen: &Attempt,
        place: u32,
        most: usize,
    ) -> Result<Answering, SiteError> {
        let done = self.act(owner, seen, move |acting| {
            let row = match acting.open_at(place, |step| !matches!(step, Step::Explain(_))) {
                Ok(row) => row,
                Err(instead) => return Ok((instead, None)),
            };
            let Some(item) = acting.attempt.item(place) else { return Ok((Answering::NotAsked, None)) };
            if acting.attempt.known(item.kind) >= most {
                return Ok((Answering::NotAsked, None));
            }
            let known = Answered::known(&acting.attempt, place);
            acting.close(row, Closing { category: None, answer: None, verdict: None })?;
            acting.advance()?;
            Ok((Answering::Taken, known))
        });
        Ok(self.count(done.await?))
    }

    /// Keeps what is written in a task.
    ///
    /// # Errors
    /// The database's.
    pub async fn save(&self, owner: Owner, seen: &Attempt, place: u32, files: FileSet) -> Result<Answering, SiteError> {
        let text = files_text(&files);
        let done = self.act(owner, seen, move |acting| {
            let row = match acting.open_at(place, |step| matches!(step, Step::Task(_))) {
                Ok(row) => row,
                Err(instead) => return Ok((instead, None)),
            };
            acting.keep_files(row, &text)?;
            acting.keep_clock()?;
            Ok((Answering::Taken, None))
        });
        Ok(done.await?.0)
    }

    /// Keeps that a task was run, and what came of it. The files were saved before.
    ///
    /// # Errors
    /// The database's.
    pub async fn ran(
        &self,
        owner: Owner,
        seen: &Attempt,
        place: u32,
        verdict: &Verdict,
    ) -> Result<Answering, SiteError> {
        let text = serde_json::to_string(verdict).map_err(|error| SiteError::internal("a verdict", &error))?;
        let done = self.act(owner, seen, move |acting| {
            let row = match acting.open_at(place, |step| matches!(step, Step::Task(_))) {
                Ok(row) => row,
                Err(instead) => return Ok((instead, None)),
            };
            let sql = "update attempt_work set runs = runs + 1, last_run = $2 where attempt_item = $1";
            let text = seal(acting.sealer, What::LastRun, row, &text)?;
            acting.tx.execute_later(sql, params![row, text])?;
            acting.keep_clock()?;
            Ok((Answering::Taken, None))
        });
        Ok(done.await?.0)
    }

    /// Takes a task that was handed in and judged.
    ///
    /// # Errors
    /// The database's.
    pub async fn hand_in(
        &self,
        owner: Owner,
        seen: &Attempt,
        place: u32,
        work: HandedIn,
    ) -> Result<Answering, SiteError> {
        let verdict = serde_json::to_string(&work.verdict).map_err(|error| SiteError::internal("a verdict", &error))?;
        let files = files_text(&work.files);
        let shown = work.verdict.behaviours.iter().filter(|behaviour| behaviour.passed).count();
        let category = u8::try_from(shown).unwrap_or(u8::MAX);
        let explain: Vec<String> =
            work.explain.iter().map(|one| serde_json::to_string(one).unwrap_or_default()).collect();
        let done = self.act(owner, seen, move |acting| {
            let row = match acting.open_at(place, |step| matches!(step, Step::Task(_))) {
                Ok(row) => row,
                Err(instead) => return Ok((instead, None)),
            };
            let answered = Answered::of(&acting.attempt, place, category, acting.seconds_here());
            acting.keep_files(row, &files)?;
            acting.close(row, Closing { category: Some(category), answer: None, verdict: Some(&verdict) })?;
            for (at, question) in explain.iter().enumerate() {
                let sql = "insert into attempt_explain (attempt_item, place, question) values ($1, $2, $3)";
                let at = at as i64 + 1;
                let question = seal(acting.sealer, What::Question(at), row, question)?;
                acting.tx.execute_later(sql, params![row, at, question])?;
            }
            if explain.is_empty() {
                acting.advance()?;
            }
            Ok((Answering::Taken, answered))
        });
        Ok(self.count(done.await?))
    }

    /// Takes the answers about the person's own code; one that is empty is passed over.
    ///
    /// # Errors
    /// The database's.
    pub async fn explained(
        &self,
        owner: Owner,
        seen: &Attempt,
        place: u32,
        answers: Vec<Option<String>>,
    ) -> Result<Answering, SiteError> {
        let done = self.act(owner, seen, move |acting| {
            let row = match acting.open_at(place, |step| matches!(step, Step::Explain(_))) {
                Ok(row) => row,
                Err(instead) => return Ok((instead, None)),
            };
            let asked = acting.attempt.item(place).map(|item| item.explain.clone()).unwrap_or_default();
            for (at, one) in asked.iter().enumerate() {
                let answer = answers.get(at).cloned().flatten();
                let is_right = answer.as_ref().map(|answer| one.question.accepts(answer));
                let (at, sealer) = (at as i64 + 1, acting.sealer);
                let answer = answer.map(|answer| seal(sealer, What::Explained(at), row, &answer)).transpose()?;
                let is_right = is_right.map(|is_right| if is_right { "yes" } else { "no" });
                let is_right = is_right.map(|word| seal(sealer, What::IsRight(at), row, word)).transpose()?;
                let sql = "update attempt_explain set answer = $3, sealed_is_right = $4, closed_at = $5
                     where attempt_item = $1 and place = $2";
                acting.tx.execute_later(sql, params![row, at, answer, is_right, acting.now])?;
            }
            acting.advance()?;
            Ok((Answering::Taken, None))
        });
        Ok(done.await?.0)
    }

    /// Stops the clock, or lets it run again.
    ///
    /// # Errors
    /// The database's.
    pub async fn pause(&self, owner: Owner, seen: &Attempt, pause: bool) -> Result<(), SiteError> {
        self.act(owner, seen, move |acting| {
            let heard_at = (!pause).then_some(acting.now);
            let sql = "update attempt set spent_seconds = $2, heard_at = $3 where id = $1 and ended_at is null";
            acting.tx.execute_later(sql, params![acting.attempt.row.id, acting.spent, heard_at])?;
            Ok((Answering::Taken, None))
        })
        .await?;
        Ok(())
    }

    /// Keeps that the person was heard of just now, while their clock runs. Not for each page: what was kept a moment ago will
    /// do, and nobody waits for the disk to look at a question.
    ///
    /// # Errors
    /// The database's.
    pub async fn heard(&self, owner: Owner, attempt: &Attempt) -> Result<(), SiteError> {
        if was_just_heard(attempt.row.heard_at, self.now()) {
            return Ok(());
        }
        self.act(owner, attempt, |acting| {
            if acting.attempt.row.heard_at.is_some() {
                acting.keep_clock()?;
            }
            Ok((Answering::Taken, None))
        })
        .await?;
        Ok(())
    }

    /// Ends a check where it stands. What is open is not scored.
    ///
    /// # Errors
    /// The database's.
    pub async fn stop(&self, owner: Owner, seen: &Attempt) -> Result<(), SiteError> {
        self.act(owner, seen, |acting| {
            if acting.attempt.ended_at().is_none() {
                let sql = "update attempt_explain set closed_at = $2 where closed_at is null
                     and attempt_item in (select id from attempt_item where attempt = $1)";
                acting.tx.execute_later(sql, params![acting.attempt.row.id, acting.now])?;
                acting.end(EndedBy::Stopped)?;
            }
            Ok((Answering::Taken, None))
        })
        .await?;
        Ok(())
    }

    /// Does something to an attempt of the owner's; one that is not there has nothing asked. What was `seen` of it by the page
    /// says which attempt and release, and with which key: that never changes. All else is read anew within the transaction.
    async fn act(
        &self,
        owner: Owner,
        seen: &Attempt,
        work: impl Fn(&mut Acting<'_, '_>) -> Result<(Answering, Option<Answered>), ActError> + Send + 'static,
    ) -> Result<(Answering, Option<Answered>), SiteError> {
        let (account, id) = (owner.uuid(), seen.row.id);
        let (release, sealer, now) = (Arc::clone(&seen.release), seen.sealer.clone(), self.now());
        // Whoever changes an attempt or what hangs on it comes this way, deletes it, or has just made it.
        let done = self.db.transaction_on("attempt", id, move |tx| {
            let Some(mut acting) = Acting::new(tx, (account, id), &release, &sealer, now)? else {
                return Ok((Answering::NotAsked, None));
            };
            work(&mut acting)
        });
        done.await.map_err(SiteError::from)
    }

    /// Adds an answer to the sums of its item, behind the commit: they are for reading, and nobody waits for them.
    fn count(&self, (answering, answered): (Answering, Option<Answered>)) -> Answering {
        if let Some(answered) = answered {
            self.tallies.add(answered);
        }
        answering
    }
}

/// Asks the first thing, or the next one, in the attempt of an account: `whose` is both.
pub(super) fn advance(
    tx: &mut Tx<'_>,
    whose: (Uuid, Uuid),
    release: &Arc<Loaded>,
    sealer: &Sealer,
    now: Timestamp,
) -> Result<(), ActError> {
    match Acting::new(tx, whose, release, sealer, now)? {
        Some(mut acting) => acting.advance(),
        None => Ok(()),
    }
}

impl<'a, 'tx> Acting<'a, 'tx> {
    fn new(
        tx: &'a mut Tx<'tx>,
        (account, id): (Uuid, Uuid),
        release: &Arc<Loaded>,
        sealer: &'a Sealer,
        now: Timestamp,
    ) -> Result<Option<Self>, ActError> {
        let Some(rows) = Rows::read(tx, account, id)? else { return Ok(None) };
        let attempt = rows.attempt(Arc::clone(release), sealer)?;
        let spent = attempt.row.spent_seconds + worked(attempt.row.heard_at, now);
        Ok(Some(Self { tx, attempt, sealer, now, spent }))
    }

    /// The row of what is open at a place, if it is of the kind that something was sent for.
    fn open_at(&self, place: u32, is_it: impl Fn(&Step<'_>) -> bool) -> Result<Uuid, Answering> {
        let Some(item) = self.attempt.item(place) else { return Err(Answering::NotAsked) };
        match self.attempt.step() {
            Some(step) if is_it(&step) => match step {
                Step::Question(open) | Step::Task(open) | Step::Explain(open) if open.place == place => Ok(open.row),
                _ if item.outcome == Outcome::Open => Err(Answering::NotAsked),
                _ => Err(Answering::Earlier),
            },
            _ if item.outcome == Outcome::Open => Err(Answering::NotAsked),
            _ => Err(Answering::Earlier),
        }
    }

    /// Working seconds since the last thing was closed.
    fn seconds_here(&self) -> i64 {
        let before: i64 = self.attempt.items.iter().map(|item| item.seconds as i64).sum();
        (self.spent - before).max(0)
    }

    /// Closes what is open, in its row and in the attempt as it is known here.
    fn close(&mut self, row: Uuid, closing: Closing) -> Result<(), ActError> {
        let sql =
            "update attempt_item set outcome = $2, closed_at = $3, seconds = $4, answer = $5, sealed_category = $6,
               verdict = $7
             where id = $1 and outcome is null";
        let seconds = self.seconds_here();
        let sealed = |what, text: Option<&str>| text.map(|text| seal(self.sealer, what, row, text)).transpose();
        let category = closing.category.map(|category| category.to_string());
        let (answer, verdict) = (sealed(What::Answer, closing.answer)?, sealed(What::Verdict, closing.verdict)?);
        let category = sealed(What::Category, category.as_deref())?;
        let outcome = if closing.category.is_some() { Outcome::Answered } else { Outcome::Known };
        self.tx.execute_later(sql, params![row, outcome.as_str(), self.now, seconds, answer, category, verdict])?;
        if let Some(item) = self.attempt.items.iter_mut().find(|item| item.row == row) {
            (item.outcome, item.category) = (outcome, closing.category);
            item.seconds = u64::try_from(seconds).unwrap_or_default();
        }
        self.keep_clock()
    }

    /// Keeps the files of a task as they are now.
    fn keep_files(&mut self, row: Uuid, files: &str) -> Result<(), ActError> {
        let sql = "insert into attempt_work (attempt_item, files, saved_at, runs) values ($1, $2, $3, 0)
             on conflict (attempt_item) do update set files = excluded.files, saved_at = excluded.saved_at";
        let files = seal(self.sealer, What::Files, row, files)?;
        self.tx.execute_later(sql, params![row, files, self.now])?;
        Ok(())
    }

    /// Writes the clock down, running.
    fn keep_clock(&mut self) -> Result<(), ActError> {
        let sql = "update attempt set spent_seconds = $2, heard_at = $3 where id = $1 and ended_at is null";
        self.tx.execute_later(sql, params![self.attempt.row.id, self.spent, self.now])?;
        Ok(())
    }

    /// Asks the next thing, or ends: by the attempt as it is after what was just done, which is known here and need not be
    /// read again.
    fn advance(&mut self) -> Result<(), ActError> {
        let state = self.attempt.state()?;
        let release = self.attempt.release.release(self.attempt.condition);
        match release.next(&state) {
            Next::Ask(number) => self.ask(number),
            Next::Stop(stop) => self.end(ended_by(stop)),
        }
    }

    fn ask(&mut self, number: usize) -> Result<(), ActError> {
        let attempt = &self.attempt;
        let bank = attempt.release.release(attempt.condition);
        let item = &bank.items()[number];
        let kind = if item.kind == Kind::Question { "question" } else { "task" };
        let place = attempt.items.iter().map(|item| i64::from(item.place)).max().unwrap_or_default() + 1;
        let sql = "insert into attempt_item (id, attempt, place, item, kind, seed, asked_at) values ($1, $2, $3, $4, $5, $6, $7)";
        let seed = variant_seed(attempt.row.seed, place);
        self.tx.execute_later(sql, params![Uuid::now_v7(), attempt.row.id, place, item.id, kind, seed, self.now])?;
        let sql = "insert into item_seen (account, item) values ($1, $2) on conflict (account, item) do nothing";
        self.tx.execute_later(sql, params![attempt.row.account, item.id])?;
        Ok(())
    }

    fn end(&mut self, by: EndedBy) -> Result<(), ActError> {
        let sql = "update attempt set ended_at = $2, ended_by = $3, spent_seconds = $4, heard_at = null
             where id = $1 and ended_at is null";
        self.tx.execute_later(sql, params![self.attempt.row.id, self.now, by.id(), self.spent])?;
        if self.attempt.row.lends_answers {
            self.lend()?;
        }
        Ok(())
    }

    /// Copies the answers to where nothing says whose they are.
    fn lend(&mut self) -> Result<(), ActError> {
        let row = &self.attempt.row;
        let (person, month) =
            (Uuid::from_u128(rand::random()), self.now.to_string().chars().take(7).collect::<String>());
        for item in self.attempt.items.iter().filter(|item| item.outcome == Outcome::Answered) {
            let sql = "insert into lent_answer (check_id, person, month, condition, item, category)
                 values ($1, $2, $3, $4, $5, $6)";
            let category = i64::from(item.category.unwrap_or_default());
            self.tx.execute_later(sql, params![row.check_id, person, month, row.condition, item.item, category])?;
        }
        Ok(())
    }
}

fn ended_by(stop: Stop) -> EndedBy {
    match stop {
        Stop::Classified | Stop::Steady | Stop::Precise => EndedBy::Settled,
        Stop::Full => EndedBy::Full,
        Stop::OutOfTime => EndedBy::Time,
        Stop::NothingLeft => EndedBy::UsedUp,
    }
}

/// The variant at a place, short enough to be read aloud. A pure function, so that a transaction that runs twice asks the same.
fn variant_seed(seed: i64, place: i64) -> i64 {
    let digest = Sha256::new().chain_update(seed.to_le_bytes()).chain_update(place.to_le_bytes()).finalize();
    let bits = digest.iter().take(8).fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
    (bits % 999_999 + 1).cast_signed()
}

/// Files as they are stored. They were looked at before: all of them are text.
fn files_text(files: &FileSet) -> String {
    let texts: BTreeMap<&str, std::borrow::Cow<'_, str>> =
        files.iter().map(|(path, bytes)| (path.as_str(), String::from_utf8_lossy(bytes))).collect();
    serde_json::to_string(&texts).unwrap_or_default()
}
