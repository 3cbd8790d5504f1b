//! Whose turn it is. Addresses take turns, so that one that sends much waits behind its own runs only.
//!
//! Start-time fair queueing (Goyal, Vin, Cheng 1996), each run weighing the same: a lane's tag is the round in which
//! its first waiter is due, the lowest tag goes next, and a lane that was empty joins in the present round.

use super::Client;
use crate::config::PracticeLimits;
use crate::error::SiteError;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// The window of [`PracticeLimits::per_minute`].
const MINUTE: Duration = Duration::from_secs(60);

/// Seconds after which a full queue is worth another try.
const SOON: u64 = 5;

/// Turns at running code. Cheap to clone; all clones are one queue.
#[derive(Debug, Clone)]
pub struct Queue(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    limits: PracticeLimits,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Runs that are going on, in all.
    running: usize,
    lanes: HashMap<Client, Lane>,
    /// Clients with somebody waiting, by arrival.
    turns: VecDeque<Client>,
    /// The tag that was served last.
    round: u64,
}

/// One client's runs.
#[derive(Debug, Default)]
struct Lane {
    running: usize,
    /// The round in which the first that waits is due.
    tag: u64,
    waiting: VecDeque<oneshot::Sender<Turn>>,
    /// When the runs of the last minute were asked for.
    started: VecDeque<Instant>,
}

/// The right to run, until dropped.
#[derive(Debug)]
pub struct Turn {
    /// `None` once it is known that nobody took it.
    queue: Option<Queue>,
    client: Client,
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(queue) = self.queue.take() {
            queue.ended(self.client);
        }
    }
}

impl Queue {
    /// An empty queue.
    pub fn new(limits: PracticeLimits) -> Self {
        Self(Arc::new(Shared { limits, state: Mutex::default() }))
    }

    /// Waits for a turn.
    ///
    /// # Errors
    /// [`SiteError::TooMany`] if the client has too many runs waiting, or started too many in the last minute;
    /// [`SiteError::Busy`] if its turn did not come in time.
    pub async fn turn(&self, client: Client) -> Result<Turn, SiteError> {
        let turn = self.ask(client, Instant::now())?;
        match tokio::time::timeout(self.0.limits.wait, turn).await {
            Ok(Ok(turn)) => Ok(turn),
            // The sender is dropped only with the queue itself, or the wait was too long.
            _ => Err(SiteError::Busy { retry_after: SOON }),
        }
    }

    fn ask(&self, client: Client, now: Instant) -> Result<oneshot::Receiver<Turn>, SiteError> {
        let mut state = self.lock();
        state.forget_what_is_over(now);
        let round = state.round;
        let lane = state.lanes.entry(client).or_default();
        lane.may_start(&self.0.limits, now)?;
        if lane.waiting.is_empty() {
            lane.tag = lane.tag.max(round);
        }
        let (give, receive) = oneshot::channel();
        lane.started.push_back(now);
        lane.waiting.push_back(give);
        if !state.turns.contains(&client) {
            state.turns.push_back(client);
        }
        self.give_turns(state);
        Ok(receive)
    }

    fn ended(&self, client: Client) {
        let mut state = self.lock();
        state.running -= 1;
        if let Some(lane) = state.lanes.get_mut(&client) {
            lane.running -= 1;
        }
        self.give_turns(state);
    }

    /// Gives turns while there are places. Whoever stopped waiting is passed over.
    fn give_turns(&self, mut state: MutexGuard<'_, State>) {
        while state.running < self.0.limits.at_once {
            let Some((client, waiter)) = state.next_waiter(self.0.limits.running_per_address) else { break };
            let turn = Turn { queue: Some(self.clone()), client };
            state.running += 1;
            state.lanes.entry(client).or_default().running += 1;
            if let Err(mut turn) = waiter.send(turn) {
                turn.queue = None;
                state.running -= 1;
                state.lanes.entry(client).or_default().running -= 1;
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The first waiter of the client that is due first among those that may run.
    fn next_waiter(&mut self, running_per_address: usize) -> Option<(Client, oneshot::Sender<Turn>)> {
        let lanes = &mut self.lanes;
        self.turns.retain(|client| {
            lanes.get_mut(client).is_some_and(|lane| {
                lane.waiting.retain(|waiter| !waiter.is_closed());
                !lane.waiting.is_empty()
            })
        });
        let due = self.turns.iter().enumerate().filter_map(|(at, client)| {
            let lane = lanes.get(client).filter(|lane| lane.running < running_per_address)?;
            Some((lane.tag, at))
        });
        let (tag, at) = due.min()?;
        let client = *self.turns.get(at)?;
        let lane = lanes.get_mut(&client)?;
        let waiter = lane.waiting.pop_front()?;
        lane.tag += 1;
        self.round = tag;
        if lane.waiting.is_empty() {
            self.turns.remove(at);
        }
        Some((client, waiter))
    }

    /// Lanes with nothing in them are dropped, so that memory is bounded by the last minute's clients.
    fn forget_what_is_over(&mut self, now: Instant) {
        self.lanes.retain(|_, lane| {
            while lane.started.front().is_some_and(|at| now.duration_since(*at) >= MINUTE) {
                lane.started.pop_front();
            }
            lane.running > 0 || !lane.waiting.is_empty() || !lane.started.is_empty()
        });
    }
}

impl Lane {
    fn may_start(&mut self, limits: &PracticeLimits, now: Instant) -> Result<(), SiteError> {
        self.waiting.retain(|waiter| !waiter.is_closed());
        if self.waiting.len() >= limits.waiting_per_address {
            let says = format!(
                "{} of your runs are waiting already. From one address {} at a time {} run, and {} may wait.",
                self.waiting.len(),
                limits.running_per_address,
                if limits.running_per_address == 1 { "is" } else { "are" },
                limits.waiting_per_address
            );
            return Err(SiteError::TooMany { says, retry_after: SOON });
        }
        if self.started.len() >= limits.per_minute {
            let oldest = self.started.front().map_or(MINUTE, |at| MINUTE.saturating_sub(now.duration_since(*at)));
            let says = format!("From one address {} runs a minute are taken.", limits.per_minute);
            return Err(SiteError::TooMany { says, retry_after: oldest.as_secs() + 1 });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::IpAddr;

    fn queue(at_once: usize) -> Queue {
        let limits = PracticeLimits { at_once, wait: Duration::from_millis(50), ..PracticeLimits::default() };
        Queue::new(limits)
    }

    fn client(last: u8) -> Client {
        Client::at(IpAddr::from([192, 0, 2, last]))
    }

    fn ready(turn: &mut oneshot::Receiver<Turn>) -> Option<Turn> {
        turn.try_recv().ok()
    }

    #[test]
    fn addresses_take_turns() {
        let queue = queue(1);
        let now = Instant::now();
        let mut greedy: Vec<_> = (0..3).map(|_| queue.ask(client(1), now).unwrap()).collect();
        let mut modest = queue.ask(client(2), now).unwrap();
        let first = ready(&mut greedy[0]).unwrap();
        assert!(ready(&mut greedy[1]).is_none() && ready(&mut modest).is_none());
        drop(first);
        let second = ready(&mut modest).expect("the other address is next, though it came last");
        assert!(ready(&mut greedy[1]).is_none());
        drop(second);
        assert!(ready(&mut greedy[1]).is_some());
    }

    #[test]
    fn one_address_runs_one_at_a_time_even_on_an_idle_machine() {
        let queue = queue(4);
        let now = Instant::now();
        let mut turns: Vec<_> = (0..4).map(|_| queue.ask(client(1), now).unwrap()).collect();
        let running = ready(&mut turns[0]).unwrap();
        assert!(ready(&mut turns[1]).is_none());
        let refused = queue.ask(client(1), now).unwrap_err();
        assert!(matches!(refused, SiteError::TooMany { .. }), "three wait already");
        assert!(ready(&mut queue.ask(client(2), now).unwrap()).is_some(), "others are not held up");
        drop(running);
        assert!(ready(&mut turns[1]).is_some());
    }

    #[test]
    fn a_minute_holds_thirty_runs() {
        let queue = queue(1);
        let start = Instant::now();
        for _ in 0..30 {
            drop(ready(&mut queue.ask(client(1), start).unwrap()).unwrap());
        }
        let Err(SiteError::TooMany { retry_after, .. }) = queue.ask(client(1), start + Duration::from_secs(20)) else {
            panic!("the thirty-first is refused")
        };
        assert_eq!(retry_after, 41);
        assert!(queue.ask(client(2), start).is_ok());
        assert!(queue.ask(client(1), start + MINUTE).is_ok());
        assert_eq!(queue.lock().lanes.len(), 1, "a lane with nothing in it is forgotten");
    }

    #[test]
    fn whoever_goes_away_gives_the_place_back() {
        let queue = queue(1);
        let now = Instant::now();
        let mut first = queue.ask(client(1), now).unwrap();
        drop(queue.ask(client(2), now).unwrap());
        let mut third = queue.ask(client(3), now).unwrap();
        let unread = queue.ask(client(4), now).unwrap();
        drop(ready(&mut first).unwrap());
        drop(ready(&mut third).unwrap());
        drop(unread); // it was given a turn and never took it
        assert!(ready(&mut queue.ask(client(5), now).unwrap()).is_some());
        assert_eq!(queue.lock().running, 0);
    }

    #[tokio::test]
    async fn waiting_has_an_end() {
        let queue = queue(1);
        let _running = queue.turn(client(1)).await.unwrap();
        assert!(matches!(queue.turn(client(2)).await, Err(SiteError::Busy { .. })));
    }
}
