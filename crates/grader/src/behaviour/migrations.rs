//! Migrations of one run, each made once.
//!
//! Several behaviours begin with the same way forward, and Django takes a tenth of a second for each. What a migration
//! does to a database depends on that database alone, so the second time the same one is to be migrated to the same
//! target, what the first time made of it is put in its place.

use super::Migrate;
use crate::judge::Sighting;
use crate::recorder::{Recorder, Snapshot, WindowTotals};
use crate::run::Run;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The database before, the app, the target.
type Key = ([u8; 32], String, String);

struct Made {
    window: WindowTotals,
    after: Snapshot,
}

/// Migrations that ended well.
#[derive(Default)]
pub(crate) struct Migrations {
    made: BTreeMap<Key, Made>,
}

impl Migrations {
    /// Migrates, or puts back what migrating gave before: the error, if it failed, and what it took.
    pub(crate) fn run(
        &mut self,
        migrate: &Migrate,
        run: &mut Run<'_>,
        recorder: &mut Recorder,
    ) -> Result<(Option<String>, WindowTotals), Sighting> {
        let fault = |error: crate::recorder::RecorderError| Sighting::Fault(error.to_string());
        recorder.rollback_open_transaction().map_err(fault)?;
        let before = recorder.serialize().map_err(fault)?;
        let key = (Sha256::digest(before.as_bytes()).into(), migrate.app.clone(), migrate.to.clone());
        if let Some(made) = self.made.get(&key) {
            recorder.restore(&made.after).map_err(fault)?;
            return Ok((None, made.window));
        }
        let (error, window) = run.migrate(recorder, &migrate.app, &migrate.to)?;
        if error.is_none() && !recorder.in_transaction() {
            self.made.insert(key, Made { window, after: recorder.serialize().map_err(fault)? });
        }
        Ok((error, window))
    }
}
