//! Signals: what somebody chose to make of a skill check.

use crate::credentials::{Which, withdraw};
use crate::opened::tell_pool;
use crate::{Disclosure, Error, OwnerKey};
use jiff::{Timestamp, ToSpan, tz::TimeZone};
use jobfuture_credential::Signal;
use jobfuture_db::{params, record};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// More than anybody keeps at once.
const MOST_SIGNALS: i64 = 50;
/// Characters of all code that is attached to one.
pub const LONGEST_EVIDENCE: usize = 40_000;
/// How long a signal is valid, in months, where its owner says nothing else.
pub const USUAL_MONTHS: i32 = 12;

/// Code of one's own that goes with a signal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The task's title.
    pub task: String,
    /// The file.
    pub path: String,
    /// What stands in it.
    pub text: String,
}

/// What a signal says, whole. There is no field for a score, and none that could hold one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignalBody {
    /// The claims, as a credential has them.
    pub says: Signal,
    /// Code that its owner attached.
    pub evidence: Vec<Evidence>,
}

/// A signal, as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnSignal {
    /// Which.
    pub id: Uuid,
    /// Of which attempt, if that is still there.
    pub attempt: Option<Uuid>,
    /// What it says.
    pub body: SignalBody,
    /// When it was made.
    pub made_at: Timestamp,
    /// Until when it is valid.
    pub expires_at: Timestamp,
    /// When its owner withdrew it.
    pub withdrawn_at: Option<Timestamp>,
}

impl OwnSignal {
    /// Whether anybody can be shown it.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.withdrawn_at.is_none() && self.expires_at > now
    }
}

record! {
    struct SignalRow {
        id: Uuid,
        attempt: Option<Uuid>,
        sealed: Vec<u8>,
        made_at: Timestamp,
        expires_at: Timestamp,
        withdrawn_at: Option<Timestamp>,
    }
}

/// For which place a signal's text is sealed.
pub(crate) fn place(signal: Uuid) -> String {
    format!("signal {signal}")
}

impl Disclosure {
    /// Makes a signal. `attempt`, of which it is made, must be one of the person's own: whoever calls this has read it with their
    /// key.
    ///
    /// # Errors
    /// [`Error::Refused`] if there is too much of it; the database's.
    pub async fn make_signal(
        &self,
        me: OwnerKey,
        attempt: Option<Uuid>,
        body: &SignalBody,
        months: i32,
    ) -> Result<Uuid, Error> {
        let evidence: usize = body.evidence.iter().map(|one| one.text.chars().count()).sum();
        if evidence > LONGEST_EVIDENCE {
            return Error::refused(format!(
                "The code that you attached has {evidence} characters; there is room for {LONGEST_EVIDENCE}. Attach fewer files."
            ));
        }
        if !(1..=24).contains(&months) {
            return Error::refused(
                "A signal is valid for between 1 and 24 months. Choose one of those that are offered.",
            );
        }
        // What could not be issued later is not made.
        body.says.check()?;
        let (id, now, account) = (self.randomness().id()?, self.now(), me.uuid());
        let until = now.to_zoned(TimeZone::UTC).checked_add(months.months()).map_err(|_| Error::Row("a time"))?;
        let text = serde_json::to_vec(body).map_err(|_| Error::Row("a signal"))?;
        let sealed = self.keys().of(account).await?.seal(&place(id), &text, self.randomness())?;
        let until = until.timestamp();
        let made = self
            .db()
            .transaction(move |tx| {
                let (count,): (i64,) = tx.one(
                    "select count(*) from signal where account = $1 and withdrawn_at is null and expires_at > $2",
                    params![account, now],
                )?;
                if count >= MOST_SIGNALS {
                    return Ok::<_, jobfuture_db::Error>(false);
                }
                tx.execute(
                    "insert into signal (id, account, attempt, sealed, made_at, expires_at) values ($1, $2, $3, $4, $5, $6)",
                    params![id, account, attempt, sealed, now, until],
                )?;
                tell_pool(tx, account, now)?;
                Ok(true)
            })
            .await?;
        match made {
            true => Ok(id),
            false => {
                Error::refused(format!("You have {MOST_SIGNALS} signals already. Withdraw one that you no longer use."))
            }
        }
    }

    /// A person's own signals, newest first.
    ///
    /// # Errors
    /// The database's; a row that its key does not open.
    pub async fn signals(&self, me: OwnerKey) -> Result<Vec<OwnSignal>, Error> {
        let sql = "select id, attempt, sealed, made_at, expires_at, withdrawn_at from signal
                   where account = $1 order by made_at desc, id";
        let rows: Vec<SignalRow> = self.db().all(sql, params![me.uuid()]).await?;
        let Some(key) = self.keys().existing(me.uuid()).await? else { return Ok(Vec::new()) };
        let opened = rows.into_iter().map(|row| {
            let text = key.open(&place(row.id), &row.sealed)?;
            let body = serde_json::from_slice(&text).map_err(|_| Error::Row("a signal"))?;
            let SignalRow { id, attempt, made_at, expires_at, withdrawn_at, .. } = row;
            Ok(OwnSignal { id, attempt, body, made_at, expires_at, withdrawn_at })
        });
        opened.collect()
    }

    /// Takes a signal back for good: nobody sees it from the next request on, and its credentials are withdrawn. Says whether
    /// it was there to take back.
    ///
    /// # Errors
    /// The database's.
    pub async fn withdraw_signal(&self, me: OwnerKey, signal: Uuid) -> Result<bool, Error> {
        let (account, now) = (me.uuid(), self.now());
        let withdrawn = self
            .db()
            .transaction(move |tx| {
                let sql = "update signal set withdrawn_at = $3 where id = $1 and account = $2 and withdrawn_at is null";
                let changed = tx.execute(sql, params![signal, account, now])?;
                if changed > 0 {
                    withdraw(tx, &Which::OfSignal(signal), now)?;
                    tell_pool(tx, account, now)?;
                }
                Ok::<_, jobfuture_db::Error>(changed > 0)
            })
            .await?;
        Ok(withdrawn)
    }
}
