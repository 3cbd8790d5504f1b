//! Verified instances, made before they are needed.
//!
//! One thread keeps the pool full. It works while nobody is waiting for a verdict, so that making the next instance does
//! not slow the present run, and makes a new template when the old one has died.

use crate::{Instance, SandboxError, Template};
use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

/// Makes (or makes again) the template, warmed up.
type Start = dyn Fn() -> Result<Template, SandboxError> + Send + Sync;

/// A pool of instances of one template.
pub struct Pool {
    shared: Arc<Shared>,
    filler: Option<std::thread::JoinHandle<()>>,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    size: usize,
}

#[derive(Default)]
struct State {
    ready: VecDeque<Instance>,
    running: usize,
    closing: bool,
    /// The filler has ended, and nothing will be made any more.
    stopped: bool,
    template: Option<Arc<Template>>,
    fault: Option<String>,
    restarts: u64,
}

/// How a pool is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PoolState {
    /// Instances that wait to be used.
    pub ready: usize,
    /// Runs under way.
    pub running: usize,
    /// Times that a dead template was replaced.
    pub restarts: u64,
    /// Why there is no template at present.
    pub fault: Option<String>,
    /// Process id of the template.
    pub template: Option<i32>,
}

impl Pool {
    /// Starts the first template (errors are answered at once) and fills the pool in the background.
    pub fn start(
        size: usize,
        start: impl Fn() -> Result<Template, SandboxError> + Send + Sync + 'static,
    ) -> Result<Self, SandboxError> {
        let template = Arc::new(start()?);
        let state = State { template: Some(template), ..State::default() };
        let shared = Arc::new(Shared { state: Mutex::new(state), changed: Condvar::new(), size: size.max(1) });
        let filler = {
            let shared = shared.clone();
            let start: Box<Start> = Box::new(start);
            std::thread::Builder::new()
                .name("sandbox-pool".into())
                .spawn(move || fill(&shared, &start))
                .map_err(SandboxError::io("starting the pool's thread"))?
        };
        Ok(Self { shared, filler: Some(filler) })
    }

    /// Takes an instance, waiting for one if need be. Instances that died while they waited are passed over.
    pub fn take(&self, patience: Duration) -> Result<Taken, SandboxError> {
        let until = Instant::now() + patience;
        let mut state = self.shared.lock();
        loop {
            if let Some(instance) = state.ready.pop_front() {
                if state.ready.is_empty() {
                    // The filler waits for this. Nobody is woken while nothing changes: those who wait would wake one
                    // another without end.
                    self.shared.changed.notify_all();
                }
                if instance.has_ended() {
                    continue;
                }
                state.running += 1;
                return Ok(Taken { instance, shared: self.shared.clone() });
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() || state.stopped {
                return Err(match &state.fault {
                    Some(fault) => SandboxError::Start(fault.clone()),
                    None => SandboxError::Busy(patience.as_secs()),
                });
            }
            (state, _) = self.shared.changed.wait_timeout(state, left).unwrap_or_else(|poisoned| poisoned.into_inner());
        }
    }

    /// How it is doing.
    pub fn state(&self) -> PoolState {
        let state = self.shared.lock();
        PoolState {
            ready: state.ready.len(),
            running: state.running,
            restarts: state.restarts,
            fault: state.fault.clone(),
            template: state.template.as_ref().map(|template| template.pid()),
        }
    }

    /// Waits until the pool is full, or the time is up; says whether it is.
    pub fn wait_full(&self, patience: Duration) -> bool {
        let until = Instant::now() + patience;
        let mut state = self.shared.lock();
        while state.ready.len() < self.shared.size {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            (state, _) = self.shared.changed.wait_timeout(state, left).unwrap_or_else(|poisoned| poisoned.into_inner());
        }
        true
    }

    /// Memory of the oldest waiting instance: proportional share and private part, KiB.
    pub fn idle_memory_kib(&self) -> Option<(u64, u64)> {
        self.shared.lock().ready.front().and_then(Instance::memory_kib)
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.shared.lock().closing = true;
        self.shared.changed.notify_all();
        if let Some(filler) = self.filler.take() {
            // A panic in the filler has been printed; there is nothing to add to it here.
            let _ = filler.join();
        }
        // Runs under way keep the template until they end; what waits is not needed any more.
        let ready = std::mem::take(&mut self.shared.lock().ready);
        drop(ready);
    }
}

/// An instance in use. Given back by being dropped, which kills it: nothing is ever used twice.
pub struct Taken {
    instance: Instance,
    shared: Arc<Shared>,
}

impl std::ops::Deref for Taken {
    type Target = Instance;
    fn deref(&self) -> &Instance {
        &self.instance
    }
}

impl std::ops::DerefMut for Taken {
    fn deref_mut(&mut self) -> &mut Instance {
        &mut self.instance
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.shared.lock().running -= 1;
        self.shared.changed.notify_all();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // The state is valid after every statement that holds the lock, so a panic elsewhere does not spoil it.
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Whether an instance should be made now.
    fn wants_more(&self, state: &State) -> bool {
        let short = state.ready.len() < self.size;
        short && (state.running == 0 || state.ready.is_empty())
    }
}

/// Says that the filler has ended, also when `start` panicked in it.
struct Stopped<'a>(&'a Shared);

impl Drop for Stopped<'_> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.stopped = true;
        if !state.closing {
            state.fault = Some("the pool's thread has ended".into());
        }
        self.0.changed.notify_all();
    }
}

fn fill(shared: &Shared, start: &Start) {
    let _stopped = Stopped(shared);
    let mut pause = Duration::from_millis(50);
    loop {
        let template = {
            let mut state = shared.lock();
            while !state.closing && !shared.wants_more(&state) {
                state = shared.changed.wait(state).unwrap_or_else(|poisoned| poisoned.into_inner());
            }
            if state.closing {
                return;
            }
            state.template.clone()
        };
        match refill(template, shared, start) {
            Ok(()) => pause = Duration::from_millis(50),
            Err(error) => {
                tracing::warn!(%error, "no instance could be made; trying again");
                let mut state = shared.lock();
                state.fault = Some(error.to_string());
                // Cut short by the end of the pool only.
                let rest = shared.changed.wait_timeout_while(state, pause, |state| !state.closing);
                drop(rest.unwrap_or_else(|poisoned| poisoned.into_inner()));
                pause = (pause * 2).min(Duration::from_secs(5));
            }
        }
    }
}

/// One instance more; a new template first if the old one has died.
fn refill(template: Option<Arc<Template>>, shared: &Shared, start: &Start) -> Result<(), SandboxError> {
    let template = match template.filter(|template| template.is_alive()) {
        Some(template) => template,
        None => {
            shared.lock().template = None;
            let template = Arc::new(start()?);
            let dead = {
                let mut state = shared.lock();
                state.template = Some(template.clone());
                state.restarts += 1;
                std::mem::take(&mut state.ready)
            };
            // Each is waited for, which must not hold up those who ask.
            drop(dead);
            template
        }
    };
    let instance = template.instance()?;
    let mut state = shared.lock();
    state.fault = None;
    state.ready.push_back(instance);
    shared.changed.notify_all();
    Ok(())
}
