//! What behaviours are looked at in: one process, one database, one world, and what was seen so far.
//!
//! Every behaviour begins on a fresh restore with the random stream begun anew, so the same steps lead to the same
//! database. A GET by the same person in the same state is then the same observation: it is made once per run and serves
//! every behaviour that asks for it.

use super::migrations::Migrations;
use super::world::World;
use super::{Ask, Migrate};
use crate::judge::Sighting;
use crate::recorder::{Recorder, Snapshot, WindowTotals};
use crate::run::{Request, Response, Run};
use crate::toolchain::digest;
use std::collections::BTreeMap;

/// Tells the stream of changes from the stream of the world.
const OF_CHANGES: u64 = 0xc4a6_e500_0000_0001;

/// State, person, path.
type Seen = (String, String, String);

pub(crate) struct Scene<'a, 'run> {
    run: &'a mut Run<'run>,
    recorder: &'a mut Recorder,
    start: &'a World,
    seed: u64,
    /// What was done to the database since the restore, as a digest; `None` once the candidate may have changed it.
    state: Option<String>,
    /// The state that the database is in. It is put into the wanted one only when somebody asks it something.
    holds: Option<String>,
    seen: BTreeMap<Seen, Response>,
    /// Databases that changes of ours have led to, by state.
    changed: BTreeMap<String, Snapshot>,
    migrations: Migrations,
}

impl<'a, 'run> Scene<'a, 'run> {
    pub(crate) fn new(run: &'a mut Run<'run>, recorder: &'a mut Recorder, start: &'a World, seed: u64) -> Self {
        let (seen, changed, migrations) = Default::default();
        Self { run, recorder, start, seed, state: None, holds: None, seen, changed, migrations }
    }

    /// The world that every behaviour begins with.
    pub(crate) fn world(&self) -> &'a World {
        self.start
    }

    /// Puts the database back to the beginning.
    pub(crate) fn restore(&mut self) {
        // Not the stream that drew the world: what comes now is to differ from it.
        self.recorder.branch(self.seed ^ OF_CHANGES);
        self.state = Some(String::new());
    }

    /// The database in its present state. Ours to ask; changes go through [`Scene::change`].
    pub(crate) fn database(&mut self) -> Result<&mut Recorder, Sighting> {
        if let Some(state) = self.state.as_ref().filter(|state| self.holds.as_ref() != Some(state)) {
            let snapshot = if state.is_empty() { Some(&self.start.snapshot) } else { self.changed.get(state) };
            let snapshot = snapshot.ok_or_else(|| Sighting::Fault("a state that never was".into()))?;
            self.recorder.restore(snapshot).map_err(|error| Sighting::Fault(error.to_string()))?;
            self.holds = Some(state.clone());
        }
        Ok(self.recorder)
    }

    /// The candidate may have done anything to the database: nothing is known of it until the next restore.
    fn lose_sight(&mut self) {
        (self.state, self.holds) = (None, None);
    }

    /// Sends a request, or remembers what came of the same one.
    pub(crate) fn ask(&mut self, ask: &Ask, world: &World) -> Result<(Request, Response), Sighting> {
        let request = world.request(ask).map_err(Sighting::Fault)?;
        let key = self.state.clone().map(|state| (state, ask.person.clone(), request.label()));
        let is_safe = matches!(request.method.as_str(), "GET" | "HEAD" | "OPTIONS");
        let seen = key.as_ref().filter(|_| is_safe).and_then(|key| self.seen.get(key));
        if let Some(response) = seen {
            return Ok((request, response.clone()));
        }
        let response = self.request(&request)?;
        match key {
            Some(key) if is_safe && self.only_read(&response.window) => {
                self.seen.insert(key, response.clone());
            }
            // Also a GET that writes: what comes after it is another state, and the write must happen each time.
            _ => self.lose_sight(),
        }
        Ok((request, response))
    }

    /// Whether nothing but SELECT was sent.
    fn only_read(&self, window: &WindowTotals) -> bool {
        let all = self.recorder.statements().get(window.first..window.first + window.len);
        window.statements == window.len as u64
            && all.is_some_and(|all| all.iter().all(|statement| statement.sql.starts_with("SELECT")))
    }

    fn request(&mut self, request: &Request) -> Result<Response, Sighting> {
        self.database()?;
        let response = self.run.request(self.recorder, request)?;
        // What was not committed when the answer was given is not there.
        self.recorder.rollback_open_transaction().map_err(|error| Sighting::Fault(error.to_string()))?;
        Ok(response)
    }

    /// A change behind the candidate's back, or what came of the same one in the same state.
    pub(crate) fn change(&mut self, sql: &str, world: &World) -> Result<(), Sighting> {
        let after = self.state.as_ref().map(|state| digest([state.as_bytes(), sql.as_bytes()]));
        if after.as_ref().is_some_and(|after| self.changed.contains_key(after)) {
            self.state = after;
            return Ok(());
        }
        world.change(self.database()?, sql).map_err(Sighting::Fault)?;
        if let Some(after) = &after {
            let made = self.recorder.serialize().map_err(|error| Sighting::Fault(error.to_string()))?;
            self.changed.insert(after.clone(), made);
        }
        (self.state, self.holds) = (after.clone(), after);
        Ok(())
    }

    /// Migrates: the error, if it failed, and what it took.
    pub(crate) fn migrate(&mut self, migrate: &Migrate) -> Result<(Option<String>, WindowTotals), Sighting> {
        self.database()?;
        self.lose_sight();
        self.migrations.run(migrate, self.run, self.recorder)
    }
}
