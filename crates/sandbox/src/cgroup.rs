//! Control groups, where there are some: memory, tasks and processor time of an instance, held by the kernel (tier A).
//!
//! Both layouts are spoken: version 2, and version 1 with its folder for each controller. Groups are made once and used
//! again, because making one costs more than moving a process into it.

use crate::{ChildLimits, SandboxError};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

const ROOT: &str = "/sys/fs/cgroup";

/// The groups of one template.
#[derive(Debug)]
pub(crate) struct Groups {
    layout: Layout,
    folder: String,
    limits: ChildLimits,
    free: Mutex<Stock>,
}

#[derive(Debug, Default)]
struct Stock {
    idle: Vec<usize>,
    /// Groups whose process was killed and may not have ended yet. Nobody waits for that: clearing up its memory takes
    /// the kernel milliseconds.
    leaving: Vec<usize>,
    made: usize,
}

/// Where a controller's groups are, and what is written there.
#[derive(Debug)]
struct Layout {
    /// Parent folder of our groups, and file → value for each group in it.
    controllers: Vec<(PathBuf, Vec<(&'static str, String)>)>,
    out_of_memory: (&'static str, &'static str),
}

/// A group that one instance sits in.
#[derive(Debug)]
pub(crate) struct Place {
    groups: Arc<Groups>,
    number: usize,
    kills_before: u64,
}

impl Groups {
    /// Groups that we may make, or `None`: then the limits of the process itself must do.
    pub(crate) fn find(limits: ChildLimits) -> Option<Self> {
        static COUNTER: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
        let number = COUNTER.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let folder = format!("jobfuture-{}-{number}", std::process::id());
        let layout = version_2(limits).or_else(|| version_1(limits))?;
        // Counted before it is made: what was made of it goes again when it cannot be made whole.
        let groups = Self { layout, folder, limits, free: Mutex::new(Stock { made: 1, ..Stock::default() }) };
        groups.remove_orphans();
        groups.make(0).ok()?;
        groups.lock().idle.push(0);
        Some(groups)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Stock> {
        self.free.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Puts a process into a group of its own.
    pub(crate) fn take(self: &Arc<Self>, pid: i32) -> Result<Place, SandboxError> {
        let number = match self.vacant() {
            Some(number) => number,
            None => self.make_another()?,
        };
        // From here on the group is given back whatever happens.
        let place = Place { groups: self.clone(), number, kills_before: self.kills(number) };
        for (parent, _) in &self.layout.controllers {
            let file = self.path(parent, number).join("cgroup.procs");
            fs::write(file, pid.to_string()).map_err(SandboxError::io("moving an instance into its control group"))?;
        }
        Ok(place)
    }

    /// A group that nobody sits in, if there is one.
    fn vacant(&self) -> Option<usize> {
        let mut stock = self.lock();
        stock.idle.pop().or_else(|| {
            let place = stock.leaving.iter().position(|number| self.is_empty(*number))?;
            Some(stock.leaving.swap_remove(place))
        })
    }

    fn is_empty(&self, number: usize) -> bool {
        let mut parents = self.layout.controllers.iter().map(|(parent, _)| parent);
        parents.all(|parent| fs::read(self.path(parent, number).join("cgroup.procs")).is_ok_and(|pids| pids.is_empty()))
    }

    fn make_another(&self) -> Result<usize, SandboxError> {
        let number = {
            let mut stock = self.lock();
            stock.made += 1;
            stock.made - 1
        };
        self.make(number).map(|()| number)
    }

    fn path(&self, parent: &Path, number: usize) -> PathBuf {
        parent.join(format!("{}-{number}", self.folder))
    }

    fn make(&self, number: usize) -> Result<(), SandboxError> {
        for (parent, values) in &self.layout.controllers {
            let group = self.path(parent, number);
            match fs::create_dir(&group) {
                Ok(()) => {}
                // Left by a process that had our id and was killed: its limits may have been others.
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(SandboxError::io("making a control group")(error)),
            }
            for (file, value) in values {
                fs::write(group.join(file), value).map_err(SandboxError::io("setting a limit of a control group"))?;
            }
        }
        Ok(())
    }

    /// Groups of processes of this program that were killed: each is empty, for its template ended with it, and would
    /// stay for ever.
    fn remove_orphans(&self) {
        for (parent, _) in &self.layout.controllers {
            for entry in fs::read_dir(parent).into_iter().flatten().filter_map(Result::ok) {
                let name = entry.file_name();
                let maker = name
                    .to_str()
                    .and_then(|name| name.strip_prefix("jobfuture-")?.split('-').next()?.parse::<u32>().ok());
                if maker.is_some_and(|pid| !Path::new(&format!("/proc/{pid}")).exists()) {
                    // Fails, and rightly, when there is a process in it after all.
                    let _ = fs::remove_dir(entry.path());
                }
            }
        }
    }

    /// How often the kernel has killed in this group for memory.
    fn kills(&self, number: usize) -> u64 {
        let (file, key) = self.layout.out_of_memory;
        let count = |parent: &PathBuf| {
            let text = fs::read_to_string(self.path(parent, number).join(file)).ok()?;
            text.lines().find_map(|line| line.strip_prefix(key)?.trim().parse().ok())
        };
        self.layout.controllers.iter().find_map(|(parent, _)| count(parent)).unwrap_or(0)
    }
}

impl Drop for Groups {
    fn drop(&mut self) {
        for number in 0..self.lock().made {
            for (parent, _) in &self.layout.controllers {
                remove(&self.path(parent, number));
            }
        }
        tracing::debug!(limits = ?self.limits, "control groups removed");
    }
}

/// The template, and so every process in its groups, has been killed, but the kernel may still be clearing up. A group
/// that takes longer is left behind empty and does no harm.
fn remove(group: &Path) {
    for _ in 0..40 {
        match fs::remove_dir(group) {
            Err(error) if error.raw_os_error() == Some(libc::EBUSY) => {
                std::thread::sleep(std::time::Duration::from_millis(5));
            }
            Ok(()) | Err(_) => return,
        }
    }
}

impl Place {
    pub(crate) fn ran_out_of_memory(&self) -> bool {
        self.groups.kills(self.number) > self.kills_before
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.groups.lock().leaving.push(self.number);
    }
}

fn version_2(limits: ChildLimits) -> Option<Layout> {
    let root = Path::new(ROOT);
    let controllers = fs::read_to_string(root.join("cgroup.controllers")).ok()?;
    let has = |name: &str| controllers.split_whitespace().any(|one| one == name);
    if !has("memory") || !has("pids") {
        return None;
    }
    // Children of the root may have these controllers only when the root says so.
    fs::write(root.join("cgroup.subtree_control"), "+memory +pids +cpu").ok()?;
    let values = vec![
        ("memory.max", limits.memory_bytes.to_string()),
        ("pids.max", "64".to_owned()),
        ("cpu.max", "100000 100000".to_owned()),
    ];
    Some(Layout { controllers: vec![(root.to_owned(), values)], out_of_memory: ("memory.events", "oom_kill ") })
}

fn version_1(limits: ChildLimits) -> Option<Layout> {
    let root = Path::new(ROOT);
    let values = [
        ("memory", vec![("memory.limit_in_bytes", limits.memory_bytes.to_string())]),
        ("pids", vec![("pids.max", "64".to_owned())]),
        ("cpu", vec![("cpu.cfs_period_us", "100000".to_owned()), ("cpu.cfs_quota_us", "100000".to_owned())]),
    ];
    let controllers: Vec<_> = values.into_iter().map(|(name, values)| (root.join(name), values)).collect();
    let writable = controllers.iter().all(|(folder, _)| folder.join("cgroup.procs").exists());
    writable.then_some(Layout { controllers, out_of_memory: ("memory.oom_control", "oom_kill ") })
}
