//! The jailed templates of one project and their pools.
//!
//! Two templates: *early* has the whole project loaded, *late* has only the libraries loaded, for runs that change models,
//! settings or migrations, whose apps must be loaded with the run's files laid over.

use crate::GradeError;
use crate::toolchain::{self, Toolchain};
use jobfuture_content::{FileSet, Project};
use jobfuture_sandbox::{Channel, ChildLimits, Frame, Pool, PoolState, Taken, Template, TemplateSpec, ZYGOTE_SOURCE};
use serde_json::json;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// Memory that no run can pass, whatever its task says: bytes above what the template has mapped.
pub(crate) const INSTANCE_MEMORY: u64 = 1 << 30;
/// How long a run waits for an instance before it says that we are busy.
const PATIENCE: Duration = Duration::from_secs(15);
/// The same while none can be made: whoever waits should hear why. Long enough for a template to be loaded anew on a busy
/// machine: with 2 s a template that had been killed was told as a fault while its successor was loading.
const PATIENCE_WITH_FAULTS: Duration = Duration::from_secs(8);

/// When a project's apps are loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Loading {
    /// Before any run: fastest.
    Early,
    /// In each run.
    Late,
}

impl Loading {
    /// What a run needs that lays these files over the project.
    pub(crate) fn of(files: &FileSet) -> Self {
        let late = |path: &String| {
            let name = path.rsplit('/').next().unwrap_or(path);
            matches!(name, "models.py" | "apps.py" | "admin.py" | "settings.py")
                || path.split('/').any(|part| part == "migrations" || part == "models")
        };
        if files.keys().any(late) { Self::Late } else { Self::Early }
    }
}

/// A project, ready to run.
pub(crate) struct ProjectRuntime {
    pub project: Arc<Project>,
    pub toolchain: Toolchain,
    namespaces: bool,
    size: usize,
    early: OnceLock<Pool>,
    late: OnceLock<Pool>,
    starting: std::sync::Mutex<()>,
    rehearsal: OnceLock<Box<Rehearsal>>,
}

/// A conversation with a template that warms it up.
pub(crate) type Rehearsal = dyn Fn(&Template) -> Result<(), GradeError> + Send + Sync;

impl ProjectRuntime {
    pub(crate) fn new(project: Arc<Project>, toolchain: Toolchain, namespaces: bool, size: usize) -> Self {
        let (early, late, rehearsal) = Default::default();
        Self { project, toolchain, namespaces, size, early, late, starting: Default::default(), rehearsal }
    }

    /// What new early templates rehearse. Set once, before the first run.
    pub(crate) fn rehearse_with(&self, rehearsal: Box<Rehearsal>) {
        // A second call would be a fault of ours; the first rehearsal stays, which is harmless.
        let _ = self.rehearsal.set(rehearsal);
    }

    /// An instance, verified and waiting for its files.
    pub(crate) fn take(self: &Arc<Self>, loading: Loading) -> Result<Taken, GradeError> {
        let pool = self.pool(loading)?;
        let patience = if pool.state().fault.is_some() { PATIENCE_WITH_FAULTS } else { PATIENCE };
        Ok(pool.take(patience)?)
    }

    /// The pool, started if it has not been.
    pub(crate) fn pool(self: &Arc<Self>, loading: Loading) -> Result<&Pool, GradeError> {
        let cell = match loading {
            Loading::Early => &self.early,
            Loading::Late => &self.late,
        };
        if let Some(pool) = cell.get() {
            return Ok(pool);
        }
        let _one_at_a_time = self.starting.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(pool) = cell.get() {
            return Ok(pool);
        }
        // The pool's thread must not keep the runtime alive that owns the pool.
        let runtime = Arc::downgrade(self);
        let size = if loading == Loading::Early { self.size } else { 2 };
        let pool = Pool::start(size, move || match runtime.upgrade() {
            Some(runtime) => runtime.start_template(loading),
            None => Err(jobfuture_sandbox::SandboxError::TemplateGone),
        })?;
        Ok(cell.get_or_init(|| pool))
    }

    /// States of the pools that have been started.
    pub(crate) fn states(&self) -> Vec<(Loading, PoolState)> {
        let of = |loading, cell: &OnceLock<Pool>| cell.get().map(|pool| (loading, pool.state()));
        [of(Loading::Early, &self.early), of(Loading::Late, &self.late)].into_iter().flatten().collect()
    }

    fn start_template(&self, loading: Loading) -> Result<Template, jobfuture_sandbox::SandboxError> {
        let toolchain = &self.toolchain;
        let gone = [&toolchain.site_packages, &toolchain.project, &toolchain.harness]
            .into_iter()
            .find(|folder| !folder.is_dir());
        if let Some(folder) = gone {
            let folder = folder.display();
            return Err(jobfuture_sandbox::SandboxError::Start(format!(
                "{folder} is gone. Start again: it is made anew then."
            )));
        }
        let template = Template::start(&self.spec(loading))?;
        if loading == Loading::Early
            && let Some(rehearsal) = self.rehearsal.get()
            && let Err(error) = rehearsal(&template)
        {
            // Without it all works, only slower; but a template that died of it must not be used.
            tracing::warn!(%error, "a template could not rehearse");
            if !template.is_alive() {
                return Template::start(&self.spec(loading));
            }
        }
        Ok(template)
    }

    fn spec(&self, loading: Loading) -> TemplateSpec {
        let toolchain = &self.toolchain;
        let folders = [toolchain.site_packages.as_path(), &toolchain.project, &toolchain.harness];
        let arguments = ["-I", "-B", "-c", ZYGOTE_SOURCE];
        let modules = [toolchain::NEEDED_MODULES, toolchain::WISHED_MODULES].concat();
        TemplateSpec {
            jail: toolchain.interpreter.jail(&folders, &arguments, self.namespaces),
            python_path: vec![toolchain.harness.to_string_lossy().into_owned()],
            module: "jobfuture_harness".into(),
            runtime: json!({
                "project": toolchain.project,
                "site_packages": [toolchain.site_packages],
                "settings": self.project.settings,
                "late": loading == Loading::Late,
                "modules": modules,
            }),
            limits: ChildLimits { cpu_seconds: 120, memory_bytes: INSTANCE_MEMORY, ..ChildLimits::default() },
            start_time: Duration::from_secs(60),
        }
    }
}

/// A rehearsal's stream is a run's stream.
pub(crate) fn rehearse(
    template: &Template,
    converse: impl FnOnce(&mut Channel) -> Result<(), GradeError>,
) -> Result<(), GradeError> {
    let mut result = Ok(());
    template.warm(|channel| {
        result = converse(channel);
        // The template goes on; an instance would simply be dropped. If it has gone, `warm` says so.
        let _ = channel.send(&Frame::new(b'z', "{}"));
    })?;
    result
}

/// The same conversation in an instance, whose memory is looked at before it ends.
pub(crate) fn learn(
    template: &Template,
    converse: impl FnOnce(&mut Channel) -> Result<(), GradeError>,
) -> Result<(), GradeError> {
    let mut instance = template.instance()?;
    converse(instance.channel())?;
    Ok(template.learn(&instance)?)
}
