//! The database as it is before a run's own rows: migrated, filled by the project's fixture, everybody signed in.
//!
//! Made once by the project's own code, in the jail like everything else, and kept by a digest of what went into it.

use crate::GradeError;
use crate::recorder::{Recorder, RecorderLimits, Snapshot};
use crate::run::{Mode, Run};
use crate::runtime::{Loading, ProjectRuntime};
use crate::toolchain::digest;
use jobfuture_content::{FileSet, Limits};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Snapshots are about 200 KB; variants whose starters change models have one each.
const KEPT: usize = 64;

/// A snapshot and what belongs to it.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub snapshot: Snapshot,
    /// Person → session key.
    pub sessions: BTreeMap<String, String>,
    pub versions: BTreeMap<String, String>,
}

/// What a snapshot is made of.
pub(crate) struct Recipe<'a> {
    pub files: &'a FileSet,
    pub migrate: &'a BTreeMap<String, String>,
    pub fixture: &'a str,
}

#[derive(Deserialize)]
struct Told {
    sessions: BTreeMap<String, String>,
    versions: BTreeMap<String, String>,
}

/// Snapshots that were made, newest last.
#[derive(Default)]
pub(crate) struct Snapshots {
    kept: Mutex<Vec<(String, Arc<Prepared>)>>,
}

impl Snapshots {
    /// The snapshot of a recipe, made now if need be.
    pub(crate) fn get(&self, runtime: &Arc<ProjectRuntime>, recipe: &Recipe<'_>) -> Result<Arc<Prepared>, GradeError> {
        let key = recipe.key(runtime);
        if let Some((_, prepared)) = self.lock().iter().find(|(other, _)| *other == key) {
            return Ok(prepared.clone());
        }
        let prepared = Arc::new(prepare(runtime, recipe)?);
        let mut kept = self.lock();
        if kept.len() >= KEPT {
            kept.remove(0);
        }
        kept.push((key, prepared.clone()));
        Ok(prepared)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<(String, Arc<Prepared>)>> {
        self.kept.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

impl Recipe<'_> {
    fn key(&self, runtime: &ProjectRuntime) -> String {
        let migrate = format!("{:?}", self.migrate);
        let mut parts = vec![runtime.project.id.as_bytes(), migrate.as_bytes(), self.fixture.as_bytes()];
        // Only files that models or migrations come from can change the snapshot; the others are many variants' own.
        if Loading::of(self.files) == Loading::Late {
            parts.extend(self.files.iter().flat_map(|(path, bytes)| [path.as_bytes(), bytes.as_slice()]));
        }
        digest(parts)
    }
}

fn prepare(runtime: &Arc<ProjectRuntime>, recipe: &Recipe<'_>) -> Result<Prepared, GradeError> {
    // Everything that runs here is ours or an author's, so the limits are only against mistakes.
    let limits =
        Limits { cpu_seconds: 60, wall_seconds: 120, statements: 100_000, rows: 1_000_000, ..Limits::default() };
    let mut recorder = Recorder::new(RecorderLimits {
        statements: u64::from(limits.statements),
        rows: u64::from(limits.rows),
        total_time: Duration::from_secs(60),
        bytes: 1 << 30,
        ..RecorderLimits::default()
    })?;
    let mut instance = runtime.take(Loading::Late)?;
    let mode = Mode::Prepare { migrate: recipe.migrate, fixture: recipe.fixture, people: &runtime.project.people };
    let none = FileSet::new();
    let files = if Loading::of(recipe.files) == Loading::Late { recipe.files } else { &none };
    let mut run = Run::begin(instance.channel(), limits, files, &mode)?;
    let told: Told = run.finish(&mut recorder, b'p', None).map_err(|stop| {
        GradeError::Internal(format!(
            "the snapshot of {} could not be made: {} {}",
            runtime.project.id, stop.says, run.output
        ))
    })?;
    Ok(Prepared { snapshot: recorder.serialize()?, sessions: told.sessions, versions: told.versions })
}
