//! How many may wait at a time. Counted from one's own conduct alone, so that a number tells nothing of anybody else.

use super::fault::Fault;
use jiff::{SignedDuration, Timestamp};
use jobfuture_db::{Error, OwnedRecord, Snapshot, Tx, Value, params};
use uuid::Uuid;

/// Requests of a company that wait for an answer, at most.
pub const REQUESTS: i64 = 20;
/// The same for a company that lets others wait.
pub const REQUESTS_OF_THE_SILENT: i64 = 5;
/// Requests that a company begins in a day, at most.
pub const REQUESTS_A_DAY: i64 = 10;
/// Applications of a candidate that wait for an answer, at most.
pub const APPLICATIONS: i64 = 8;
/// Applications that a candidate begins in a day, at most.
pub const APPLICATIONS_A_DAY: i64 = 4;
/// Turns of a company from which on it is counted how many it let lapse.
const ENOUGH_TURNS: i64 = 5;
/// Within which they count.
const TURNS_WITHIN: SignedDuration = SignedDuration::from_hours(24 * 90);
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Whatever reads.
pub(super) trait Reads {
    fn row<T: OwnedRecord>(&mut self, sql: &str, values: &[Value<'_>]) -> Result<T, Error>;
}

impl Reads for Tx<'_> {
    fn row<T: OwnedRecord>(&mut self, sql: &str, values: &[Value<'_>]) -> Result<T, Error> {
        self.one(sql, values)
    }
}

impl Reads for Snapshot<'_> {
    fn row<T: OwnedRecord>(&mut self, sql: &str, values: &[Value<'_>]) -> Result<T, Error> {
        self.one(sql, values)
    }
}

/// What somebody may begin now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// Begun by them, and waiting.
    pub waiting: i64,
    /// How many may.
    pub most: i64,
    /// Begun within a day.
    pub today: i64,
    /// How many may be.
    pub most_a_day: i64,
    /// Of a company: turns that it had and that it let lapse, where these are why it may begin fewer.
    pub silent: Option<(i64, i64)>,
}

impl Room {
    /// Of a company.
    pub(super) fn of_company(reads: &mut impl Reads, company: Uuid, now: Timestamp) -> Result<Self, Error> {
        let day = now.checked_sub(DAY).unwrap_or(now);
        let since = now.checked_sub(TURNS_WITHIN).unwrap_or(now);
        // One whose time has run out waits for nobody, whether a clock has seen it or not.
        let sql = "select count(*) from introduction
                   where company = $1 and begun_by = 'company' and stage in ('asked', 'inquired') and due_at > $2";
        let (waiting,): (i64,) = reads.row(sql, params![company, now])?;
        let sql = "select count(*) from introduction where company = $1 and begun_by = 'company' and made_at > $2";
        let (today,): (i64,) = reads.row(sql, params![company, day])?;
        let sql = "select count(*), count(case when how = 'lapsed' then 1 end) from introduction_turn
                   where company = $1 and ended_at > $2 and how in ('acted', 'lapsed')";
        let (turns, lapsed): (i64, i64) = reads.row(sql, params![company, since])?;
        let silent = (turns >= ENOUGH_TURNS && lapsed * 2 > turns).then_some((turns, lapsed));
        let most = if silent.is_some() { REQUESTS_OF_THE_SILENT } else { REQUESTS };
        Ok(Self { waiting, most, today, most_a_day: REQUESTS_A_DAY, silent })
    }

    /// Of a candidate.
    pub(super) fn of_candidate(reads: &mut impl Reads, account: Uuid, now: Timestamp) -> Result<Self, Error> {
        let day = now.checked_sub(DAY).unwrap_or(now);
        let sql = "select count(*) from introduction
                   where account = $1 and begun_by = 'candidate' and stage in ('asked', 'inquired') and due_at > $2";
        let (waiting,): (i64,) = reads.row(sql, params![account, now])?;
        let sql = "select count(*) from introduction where account = $1 and begun_by = 'candidate' and made_at > $2";
        let (today,): (i64,) = reads.row(sql, params![account, day])?;
        Ok(Self { waiting, most: APPLICATIONS, today, most_a_day: APPLICATIONS_A_DAY, silent: None })
    }

    /// Whether one more may be begun.
    pub fn is_there(&self) -> bool {
        self.waiting < self.most && self.today < self.most_a_day
    }

    /// What frees room, for a company that has none; nothing otherwise.
    pub fn of_requests(&self) -> Option<String> {
        let Self { waiting, most, today, most_a_day, .. } = *self;
        if waiting >= most {
            let why = match self.silent {
                Some((turns, lapsed)) => format!(
                    "Of the last {turns} turns of your company in 90 days it let {lapsed} lapse without an answer, so {most} of its requests may \
                     wait at a time instead of {REQUESTS}. Answer what waits for you: with at least every second turn answered it is {REQUESTS} \
                     again."
                ),
                None => format!("At most {most} may wait at a time, so that each is read."),
            };
            return Some(format!(
                "{waiting} requests of your company wait for an answer. {why} Room comes when one is answered, lapses, or is taken back by \
                 you."
            ));
        }
        (today >= most_a_day).then(|| {
            format!(
                "Your company began {today} requests within 24 hours, and at most {most_a_day} may be. The next one can be sent a day after the \
                 first of them. Nothing was sent."
            )
        })
    }

    /// What frees room, for a candidate who has none; nothing otherwise.
    pub fn of_applications(&self) -> Option<String> {
        let Self { waiting, most, today, most_a_day, .. } = *self;
        if waiting >= most {
            return Some(format!(
                "{waiting} applications of yours wait for an answer, and at most {most} may at a time, so that companies read each. Room comes \
                 when one is answered or lapses, or when you take one back."
            ));
        }
        (today >= most_a_day).then(|| {
            format!(
                "You sent {today} applications within 24 hours, and at most {most_a_day} may be. The next one can be sent a day after the first of \
                 them. Nothing was sent."
            )
        })
    }
}

/// That a company may begin one more.
pub(super) fn check_requests(tx: &mut Tx<'_>, company: Uuid, now: Timestamp) -> Result<(), Fault> {
    Room::of_company(tx, company, now)?.of_requests().map_or(Ok(()), Fault::says)
}

/// That a candidate may begin one more.
pub(super) fn check_applications(tx: &mut Tx<'_>, account: Uuid, now: Timestamp) -> Result<(), Fault> {
    Room::of_candidate(tx, account, now)?.of_applications().map_or(Ok(()), Fault::says)
}
