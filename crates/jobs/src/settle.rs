//! How a job went, written down by whoever took it.

use crate::Queue;
use jiff::Timestamp;
use jobfuture_db::{Error, ToValue, Value, params};
use uuid::Uuid;

/// Jobs that one statement writes off.
const MOST: usize = 64;

/// What proves that a job is still one's own: it fits no more once somebody else has taken the job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ticket {
    /// The job.
    pub id: Uuid,
    /// The lease that came with it.
    pub lease: Uuid,
}

/// How it went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Well: its row goes.
    Done,
    /// It failed and is tried again.
    Again {
        /// From when on.
        at: Timestamp,
        /// Why, without personal data.
        reason: String,
    },
    /// It failed and is kept for the operator.
    GivenUp {
        /// Why, without personal data.
        reason: String,
    },
    /// It was not run to its end, through no fault of its own: the attempt is not counted.
    GivenBack,
}

impl Queue {
    /// Writes down how jobs went, and gives the number of those that were still one's own. Those that somebody else has taken
    /// since, or that the operator has forgotten, are left as they are. To be called again with the same if it fails.
    ///
    /// A job that is to wait while another one with its key waits already becomes one with that.
    ///
    /// # Errors
    /// The database's.
    pub async fn settle(&self, ended: &[(Ticket, Outcome)]) -> Result<u64, Error> {
        let mut done: Vec<Ticket> = Vec::new();
        let mut settled = 0;
        for (ticket, outcome) in ended {
            match outcome {
                Outcome::Done => done.push(*ticket),
                Outcome::Again { at, reason } => settled += self.wait_again(*ticket, *at, reason).await?,
                Outcome::GivenUp { reason } => settled += self.give_up(*ticket, reason).await?,
                Outcome::GivenBack => settled += self.give_back(*ticket).await?,
            }
        }
        // Those that were taken together have one lease, and mostly end together.
        done.sort_unstable_by_key(|ticket| ticket.lease);
        for together in done.chunk_by(|one, other| one.lease == other.lease).flat_map(|group| group.chunks(MOST)) {
            settled += self.write_off(together).await?;
        }
        Ok(settled)
    }

    async fn write_off(&self, together: &[Ticket]) -> Result<u64, Error> {
        let (Some(first), Some(last)) = (together.first(), together.last()) else { return Ok(0) };
        // Few lengths, because each text is kept prepared: the last one is named several times.
        let length = together.len().next_power_of_two();
        let places: Vec<String> = (0..length).map(|at| format!("${}", at + 2)).collect();
        let sql = format!("delete from job where lease = $1 and id in ({})", places.join(", "));
        let ids = together.iter().chain(std::iter::repeat(last)).take(length).map(|ticket| ticket.id.to_value());
        let values: Vec<Value<'_>> = std::iter::once(first.lease.to_value()).chain(ids).collect();
        self.db.execute(&sql, &values).await
    }

    async fn wait_again(&self, ticket: Ticket, at: Timestamp, reason: &str) -> Result<u64, Error> {
        let sql = "update job set state = 'waiting', lease = null, due_at = $3, failed_at = $4, last_error = $5
                   where id = $1 and lease = $2";
        let now = self.clock.now();
        self.or_join(ticket, self.db.execute(sql, params![ticket.id, ticket.lease, at, now, reason]).await).await
    }

    async fn give_back(&self, ticket: Ticket) -> Result<u64, Error> {
        let sql = "update job set state = 'waiting', lease = null, due_at = $3, attempts = attempts - 1
                   where id = $1 and lease = $2";
        let now = self.clock.now();
        self.or_join(ticket, self.db.execute(sql, params![ticket.id, ticket.lease, now]).await).await
    }

    /// One with the same key waits already, and was asked for after this one had begun: it does for both.
    async fn or_join(&self, ticket: Ticket, updated: Result<u64, Error>) -> Result<u64, Error> {
        match updated {
            Err(Error::Unique { .. }) => self.write_off(&[ticket]).await,
            other => other,
        }
    }

    async fn give_up(&self, ticket: Ticket, reason: &str) -> Result<u64, Error> {
        let sql = "update job set state = 'gave up', lease = null, due_at = null, failed_at = $3, last_error = $4
                   where id = $1 and lease = $2";
        self.db.execute(sql, params![ticket.id, ticket.lease, self.clock.now(), reason]).await
    }
}
