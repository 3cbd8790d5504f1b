//! The second database of a run. Most behaviours look at two states, the world and the world grown: with a database for
//! each, going from one to the other is no restore. The grown one is made while the first requests are answered.

use super::world::World;
use super::{Behaviour, Check};
use crate::recorder::{Draw, Recorder, Snapshot};
use crate::toolchain::digest;
use std::thread::{Builder, Scope, ScopedJoinHandle};

/// A database that a change of ours has led to, and where its stream of random values was then.
pub(crate) struct Changed {
    pub snapshot: Snapshot,
    pub draw: Draw,
}

/// The name of a state that a change of ours leads to.
pub(crate) fn after(state: &str, sql: &str) -> String {
    digest([state.as_bytes(), sql.as_bytes()])
}

/// Tells the stream of changes from the stream of the world.
const OF_CHANGES: u64 = 0xc4a6_e500_0000_0001;

/// Begins the stream of changes: not the one that drew the world, for what comes now is to differ from it.
pub(crate) fn begin_changes(recorder: &mut Recorder, seed: u64) {
    recorder.branch(seed ^ OF_CHANGES);
}

/// A database that is being made in another thread.
pub(crate) struct Coming<'scope> {
    state: String,
    thread: ScopedJoinHandle<'scope, Result<(Recorder, Changed), String>>,
}

/// The database beside the one that is asked.
pub(crate) enum Aside<'scope> {
    Here {
        database: Box<Recorder>,
        /// The state that it is in, if that is known.
        holds: Option<String>,
    },
    Coming(Coming<'scope>),
}

impl<'scope> Aside<'scope> {
    /// Begins to make the grown world of the first behaviour that wants one. `database` may hold anything.
    pub(crate) fn begin<'env>(
        threads: &'scope Scope<'scope, 'env>,
        mut database: Recorder,
        behaviours: &'env [Behaviour],
        world: &'env World,
        seed: u64,
    ) -> Result<Self, std::io::Error> {
        let grow = behaviours.iter().find_map(|behaviour| match &behaviour.check {
            Check::Growth(growth) => Some(growth.grow.as_str()),
            _ => None,
        });
        let Some(sql) = grow else { return Ok(Self::Here { database: Box::new(database), holds: None }) };
        let work = move || {
            database.restore(&world.snapshot).map_err(|error| error.to_string())?;
            begin_changes(&mut database, seed);
            world.change(&mut database, sql)?;
            let snapshot = database.serialize().map_err(|error| error.to_string())?;
            let draw = database.draw();
            Ok((database, Changed { snapshot, draw }))
        };
        let thread = Builder::new().name("grown-world".into()).spawn_scoped(threads, work)?;
        Ok(Self::Coming(Coming { state: after("", sql), thread }))
    }

    /// Whether it holds this state, or will.
    pub(crate) fn has(&self, wanted: &str) -> bool {
        match self {
            Self::Here { holds, .. } => holds.as_deref() == Some(wanted),
            Self::Coming(coming) => coming.state == wanted,
        }
    }
}

impl Coming<'_> {
    /// Waits until it is made: the database, the state that it is in, and what is to be remembered of it.
    pub(crate) fn arrive(self) -> Result<(Recorder, String, Changed), String> {
        let made = self.thread.join().map_err(|_| "the thread that grew the world panicked".to_owned())?;
        made.map(|(database, changed)| (database, self.state, changed))
    }
}
