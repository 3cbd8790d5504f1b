//! What behaviours are looked at in: one process, one database, one world, and what was seen so far.
//!
//! Every behaviour begins on a fresh restore with the random stream begun anew, so the same steps lead to the same
//! database. A GET by the same person in the same state is then the same observation: it is made once per run and serves
//! every behaviour that asks for it.

use super::migrations::Migrations;
use super::world::World;
use super::{Ask, Migrate};
use crate::judge::Sighting;
use crate::recorder::{Recorder, RecorderError, Snapshot, WindowTotals};
use crate::run::{Request, Response, Run};
use crate::toolchain::digest;
use std::collections::BTreeMap;

/// Tells the stream of changes from the stream of the world.
const OF_CHANGES: u64 = 0xc4a6_e500_0000_0001;

/// State, person, path.
type Seen = (String, String, String);

pub(crate) struct Scene<'a, 'run> {
    run: &'a mut Run<'run>,
    /// The database. Ours to ask; changes go through [`Scene::change`].
    pub recorder: &'a mut Recorder,
    start: &'a World,
    seed: u64,
    /// What was done to the database since the restore, as a digest; `None` once the candidate may have changed it.
    state: Option<String>,
    seen: BTreeMap<Seen, Response>,
    /// Databases that changes of ours have led to, by state.
    changed: BTreeMap<String, Snapshot>,
    migrations: Migrations,
}

impl<'a, 'run> Scene<'a, 'run> {
    pub(crate) fn new(run: &'a mut Run<'run>, recorder: &'a mut Recorder, start: &'a World, seed: u64) -> Self {
        let (seen, changed, migrations) = Default::default();
        Self { run, recorder, start, seed, state: None, seen, changed, migrations }
    }

    /// The world that every behaviour begins with.
    pub(crate) fn world(&self) -> &'a World {
        self.start
    }

    /// Puts the database back to the beginning.
    pub(crate) fn restore(&mut self) -> Result<(), Sighting> {
        self.recorder.restore(&self.start.snapshot).map_err(|error| Sighting::Fault(error.to_string()))?;
        // Not the stream that drew the world: what comes now is to differ from it.
        self.recorder.branch(self.seed ^ OF_CHANGES);
        self.state = Some(String::new());
        Ok(())
    }

    /// Sends a request, or remembers what came of the same one.
    pub(crate) fn ask(&mut self, ask: &Ask, world: &World) -> Result<(Request, Response), Sighting> {
        let request = world.request(ask).map_err(Sighting::Fault)?;
        if !matches!(request.method.as_str(), "GET" | "HEAD" | "OPTIONS") {
            self.state = None;
            return Ok((request.clone(), self.request(&request)?));
        }
        let key = self.state.clone().map(|state| (state, ask.person.clone(), request.label()));
        if let Some(response) = key.as_ref().and_then(|key| self.seen.get(key)) {
            return Ok((request, response.clone()));
        }
        let before = self.recorder.total_changes();
        let response = self.request(&request)?;
        if self.recorder.total_changes() != before {
            // A GET that writes: what comes after it is another state, and the write must happen each time.
            self.state = None;
        } else if let Some(key) = key {
            self.seen.insert(key, response.clone());
        }
        Ok((request, response))
    }

    fn request(&mut self, request: &Request) -> Result<Response, Sighting> {
        let response = self.run.request(self.recorder, request)?;
        // What was not committed when the answer was given is not there.
        self.recorder.rollback_open_transaction().map_err(|error| Sighting::Fault(error.to_string()))?;
        Ok(response)
    }

    /// A change behind the candidate's back, or what came of the same one in the same state.
    pub(crate) fn change(&mut self, sql: &str, world: &World) -> Result<(), Sighting> {
        let fault = |error: RecorderError| Sighting::Fault(error.to_string());
        let after = self.state.take().map(|state| digest([state.as_bytes(), sql.as_bytes()]));
        if let Some(snapshot) = after.as_ref().and_then(|after| self.changed.get(after)) {
            self.recorder.restore(snapshot).map_err(fault)?;
        } else {
            world.change(self.recorder, sql).map_err(Sighting::Fault)?;
            if let Some(after) = &after {
                self.changed.insert(after.clone(), self.recorder.serialize().map_err(fault)?);
            }
        }
        self.state = after;
        Ok(())
    }

    /// Migrates: the error, if it failed, and what it took.
    pub(crate) fn migrate(&mut self, migrate: &Migrate) -> Result<(Option<String>, WindowTotals), Sighting> {
        self.state = None;
        self.migrations.run(migrate, self.run, self.recorder)
    }
}
