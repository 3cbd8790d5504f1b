//! What time does: turns that nobody took end, whoever has one is reminded, and letters that had to wait are sent.

use super::fault::Fault;
use super::letters;
use super::row::{COLUMNS, Deed, Introduction, Row};
use super::standing::{Move, Side};
use super::store::Introductions;
use super::write::{Done, find, leave_all, write};
use jiff::{SignedDuration, Timestamp};
use jobfuture_codes::Code;
use jobfuture_db::{Tx, params};
use uuid::Uuid;

/// Before a turn ends its owner is reminded.
pub const REMIND_BEFORE: SignedDuration = SignedDuration::from_hours(24 * 3);
/// Rows that are looked at before the next look.
const PORTION: usize = 200;

/// What a round did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wound {
    /// Conversations that lapsed.
    pub lapsed: usize,
    /// Turns of which their owner was reminded.
    pub reminded: usize,
    /// Letters that had waited.
    pub letters: usize,
    /// Conversations whose candidate had left before that was written down.
    pub left: usize,
}

/// Ends one whose time has run out, and tells both.
///
/// # Errors
/// [`Fault::Refused`] if there is time yet, or it is over already; the database's.
pub(super) fn lapse(tx: &mut Tx<'_>, before: &Introduction, base: Option<&str>, now: Timestamp) -> Result<(), Fault> {
    let after = before.standing.after(None, Move::Lapse, now)?;
    let done = Done { side: None, member: None, deed: Deed::Lapsed, words: None, now };
    let (written, _) = write(tx, before, after, &done)?;
    for &side in Side::ALL {
        letters::tell(tx, &written, side, base, now)?;
    }
    Ok(())
}

impl Introductions {
    /// Lets end what is due, reminds, and sends what waited. Meant to be called every now and then by any number of processes: what one
    /// has done, another finds done.
    ///
    /// # Errors
    /// The database's.
    pub async fn wind(&self) -> Result<Wound, Fault> {
        let mut wound = Wound { left: self.let_go().await?, ..Wound::default() };
        loop {
            let done = self.lapse_some().await?;
            wound.lapsed += done;
            if done == 0 {
                break;
            }
        }
        wound.reminded = self.remind().await?;
        let (base, clock) = (self.base.clone(), self.clock.clone());
        wound.letters = self.db.transaction(move |tx| letters::send_waiting(tx, base.as_deref(), clock.now())).await?;
        if wound != Wound::default() {
            self.mail.notify_one();
        }
        Ok(wound)
    }

    async fn lapse_some(&self) -> Result<usize, Fault> {
        let sql = format!(
            "select id from introduction where due_at <= $1 and ended_at is null order by due_at, id limit {PORTION}"
        );
        let due: Vec<(Uuid,)> = self.db.all(&sql, params![self.now()]).await?;
        let mut count = 0;
        for (id,) in due {
            let (base, now) = (self.base.clone(), self.now());
            let lapsed = self.db.transaction_on("introduction", id, move |tx| {
                let before = find(tx, id)?;
                lapse(tx, &before, base.as_deref(), now)
            });
            match lapsed.await {
                Ok(()) => count += 1,
                // Another process, or a person, was quicker.
                Err(Fault::Refused(_) | Fault::Missing) => {}
                Err(fault) => return Err(fault),
            }
        }
        Ok(count)
    }

    async fn remind(&self) -> Result<usize, Fault> {
        let now = self.now();
        let soon = now.checked_add(REMIND_BEFORE).unwrap_or(now);
        let sql = "select id from introduction
                   where due_at > $1 and due_at <= $2 and ended_at is null and reminded_at is null order by due_at, id";
        let due: Vec<(Uuid,)> = self.db.all(sql, params![now, soon]).await?;
        let mut count = 0;
        for (id,) in due {
            let base = self.base.clone();
            let reminded = self.db.transaction_on("introduction", id, move |tx| {
                let sql = "update introduction set reminded_at = $2
                           where id = $1 and reminded_at is null and ended_at is null and due_at > $2 and due_at <= $3";
                if tx.execute(sql, params![id, now, soon])? == 0 {
                    return Ok(0);
                }
                let one = find(tx, id)?;
                if let Some(turn) = one.standing.turn() {
                    letters::tell(tx, &one, turn, base.as_deref(), now)?;
                }
                Ok::<_, Fault>(1)
            });
            count += reminded.await?;
        }
        Ok(count)
    }

    /// Whoever blocked a company or asks for their account to be deleted leaves at once; this is for what a crash left between.
    async fn let_go(&self) -> Result<usize, Fault> {
        let sql = format!(
            "{COLUMNS} where i.ended_at is null and (
               exists (select 1 from company_block b where b.account = i.account and b.company = i.company)
               or exists (select 1 from account a where a.id = i.account and a.leaves_at is not null)) order by i.id"
        );
        let rows: Vec<Row> = self.db.all(&sql, &[]).await?;
        let mut count = 0;
        for row in rows {
            let (account, company, now, base) = (row.account, row.company, self.now(), self.base.clone());
            count += self.db.transaction(move |tx| leave_all(tx, account, Some(company), base.as_deref(), now)).await?;
        }
        Ok(count)
    }
}
