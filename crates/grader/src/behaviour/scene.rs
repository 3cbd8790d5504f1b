//! What behaviours are looked at in: one process, one world, and what was seen so far.
//!
//! Every behaviour begins on a fresh restore with the random stream begun anew, so the same steps lead to the same
//! database. A GET by the same person in the same state is then the same observation: it is made once per run and serves
//! every behaviour that asks for it.

use super::aside::{Aside, Changed, after, begin_changes};
use super::migrations::Migrations;
use super::world::World;
use super::{Ask, Migrate};
use crate::judge::Sighting;
use crate::recorder::{Recorder, WindowTotals};
use crate::run::{Request, Response, Run};
use std::collections::BTreeMap;

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
    aside: Option<Aside<'a>>,
    /// The stream of random values has yet to be put where it was in this state.
    draws_anew: bool,
    seen: BTreeMap<Seen, Response>,
    /// Databases that changes of ours have led to, by state.
    changed: BTreeMap<String, Changed>,
    migrations: Migrations,
}

impl<'a, 'run> Scene<'a, 'run> {
    /// `recorder` holds the world as it was drawn.
    pub(crate) fn new(
        run: &'a mut Run<'run>,
        recorder: &'a mut Recorder,
        aside: Option<Aside<'a>>,
        start: &'a World,
        seed: u64,
    ) -> Self {
        let (seen, changed, migrations) = Default::default();
        let (state, holds, draws_anew) = (None, Some(String::new()), true);
        Self { run, recorder, start, seed, state, holds, aside, draws_anew, seen, changed, migrations }
    }

    /// The world that every behaviour begins with.
    pub(crate) fn world(&self) -> &'a World {
        self.start
    }

    /// Puts the database back to the beginning.
    pub(crate) fn restore(&mut self) {
        (self.state, self.draws_anew) = (Some(String::new()), true);
    }

    /// The database in its present state. Ours to ask; changes go through [`Scene::change`].
    pub(crate) fn database(&mut self) -> Result<&mut Recorder, Sighting> {
        let Some(state) = self.state.clone() else { return Ok(self.recorder) };
        if self.holds.as_ref() != Some(&state) {
            self.bring(&state).map_err(Sighting::Fault)?;
        }
        if std::mem::take(&mut self.draws_anew) {
            match self.changed.get(&state) {
                Some(changed) => self.recorder.draw_from(changed.draw.clone()),
                None => begin_changes(self.recorder, self.seed),
            }
        }
        Ok(self.recorder)
    }

    /// Puts the database into this state: by taking the one aside if that is in it, or by a restore.
    fn bring(&mut self, state: &str) -> Result<(), String> {
        if self.aside.as_ref().is_some_and(|aside| aside.has(state)) {
            return self.exchange();
        }
        // The world is what is wanted again soonest.
        if self.holds.as_deref() == Some("") && matches!(self.aside, Some(Aside::Here { .. })) {
            self.exchange()?;
        }
        let snapshot = match self.changed.get(state) {
            Some(changed) => &changed.snapshot,
            None if state.is_empty() => &self.start.snapshot,
            None => return Err("a state that never was".into()),
        };
        self.recorder.restore(snapshot).map_err(|error| error.to_string())?;
        self.holds = Some(state.to_owned());
        Ok(())
    }

    /// The database aside becomes the one that is asked, and that one stays aside.
    fn exchange(&mut self) -> Result<(), String> {
        let (mut database, state) = match self.aside.take() {
            Some(Aside::Here { database, holds }) => (database, holds),
            Some(Aside::Coming(coming)) => {
                let (database, state, changed) = coming.arrive()?;
                self.changed.insert(state.clone(), changed);
                (Box::new(database), Some(state))
            }
            None => return Ok(()),
        };
        self.recorder.exchange_database(&mut database);
        let holds = std::mem::replace(&mut self.holds, state);
        self.aside = Some(Aside::Here { database, holds });
        Ok(())
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
        let after = self.state.as_ref().map(|state| after(state, sql));
        let is_made = |after: &String| {
            self.changed.contains_key(after) || self.aside.as_ref().is_some_and(|aside| aside.has(after))
        };
        if after.as_ref().is_some_and(is_made) {
            (self.state, self.draws_anew) = (after, true);
            return Ok(());
        }
        world.change(self.database()?, sql).map_err(Sighting::Fault)?;
        if let Some(after) = &after {
            let snapshot = self.recorder.serialize().map_err(|error| Sighting::Fault(error.to_string()))?;
            self.changed.insert(after.clone(), Changed { snapshot, draw: self.recorder.draw() });
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
