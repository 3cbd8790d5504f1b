//! Jobs that come again: a stored time for each kind, moved on by whoever makes the job.

use crate::Queue;
use jiff::{SignedDuration, Timestamp};
use jobfuture_db::{Error, Tx, params};
use uuid::Uuid;

/// A job that comes again.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) kind: &'static str,
    pub(crate) every: SignedDuration,
    pub(crate) payload: String,
}

impl Queue {
    /// Sees to it that a plan stands in the database as this release has it. One that is new there comes at once.
    pub(crate) async fn announce(&self, plan: &Plan) -> Result<(), Error> {
        let (kind, every, now) = (plan.kind, seconds(plan.every), self.clock.now());
        let soonest = now.saturating_add(plan.every).unwrap_or(Timestamp::MAX);
        self.db
            .transaction(move |tx| {
                let sql = "select every_seconds, next_at from job_schedule where kind = $1";
                let stored: Option<(i64, Timestamp)> = tx.optional(sql, params![kind])?;
                match stored {
                    Some((stored, _)) if stored == every => Ok(0),
                    // It comes more often now: the time that the old pace had set may be far away.
                    Some((_, next)) => {
                        let sql = "update job_schedule set every_seconds = $2, next_at = $3 where kind = $1";
                        tx.execute(sql, params![kind, every, next.min(soonest)])
                    }
                    None => {
                        let sql = "insert into job_schedule (kind, every_seconds, next_at) values ($1, $2, $3)
                                   on conflict (kind) do nothing";
                        tx.execute(sql, params![kind, every, now])
                    }
                }
            })
            .await
            .map(|_: u64| ())
    }

    /// Makes the job of a plan whose time has come, and moves the time on. Says whether it did: of several processes one does.
    pub(crate) async fn tick(&self, plan: &Plan) -> Result<bool, Error> {
        let (plan, now, id) = (plan.clone(), self.clock.now(), Uuid::now_v7());
        self.db.transaction(move |tx| tick(tx, &plan, now, id)).await
    }
}

fn tick(tx: &mut Tx<'_>, plan: &Plan, now: Timestamp, id: Uuid) -> Result<bool, Error> {
    let sql = "select next_at, job from job_schedule where kind = $1";
    let stored: Option<(Timestamp, Option<Uuid>)> = tx.optional(sql, params![plan.kind])?;
    let Some((next, last)) = stored.filter(|(next, _)| *next <= now) else { return Ok(false) };
    let state: Option<(String,)> = tx.optional("select state from job where id = $1", params![last])?;
    let job = match (last, state.as_ref().map(|(state,)| state.as_str())) {
        // It is given another chance, so that one that never goes well is one line for the operator and not many.
        (Some(last), Some("gave up")) => {
            let sql = "update job set state = 'waiting', due_at = $2, attempts = 0, payload = $3 where id = $1";
            tx.execute(sql, params![last, now, plan.payload])?;
            last
        }
        // It has not ended yet: this time is left out.
        (Some(last), Some(_)) => last,
        _ => {
            let sql = "insert into job (id, kind, payload, state, due_at, attempts, made_at)
                       values ($1, $2, $3, 'waiting', $4, 0, $4)";
            tx.execute(sql, params![id, plan.kind, plan.payload, now])?;
            id
        }
    };
    let sql = "update job_schedule set next_at = $2, begun_at = $3, job = $4 where kind = $1";
    tx.execute(sql, params![plan.kind, following(next, plan.every, now), now, job])?;
    Ok(true)
}

/// The first time of the series after now. What was missed is not made up for.
fn following(next: Timestamp, every: SignedDuration, now: Timestamp) -> Timestamp {
    let (late, every) = (now.duration_since(next).as_micros().max(0), every.as_micros().max(1));
    let steps = late / every + 1;
    let on = i64::try_from(steps * every).map_or(SignedDuration::MAX, SignedDuration::from_micros);
    next.saturating_add(on).unwrap_or(Timestamp::MAX)
}

/// Whole seconds, at least one.
fn seconds(every: SignedDuration) -> i64 {
    every.as_secs().max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_following_time_is_the_first_of_the_series_after_now(every in 1_i64..10_000_000, late in 0_i64..1_000_000_000) {
            let next: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
            let every = SignedDuration::from_secs(every);
            let now = next + SignedDuration::from_secs(late);
            let found = following(next, every, now);
            prop_assert!(found > now && found - every <= now);
            prop_assert_eq!((found.as_second() - next.as_second()) % every.as_secs(), 0);
        }
    }
}
