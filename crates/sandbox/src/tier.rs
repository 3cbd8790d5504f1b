//! What this machine can hold, found by trying.

use crate::{ChildLimits, cgroup, jail, landlock, seccomp};
use serde::Serialize;

/// How well strangers' code can be held here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Tier {
    /// Namespaces, control groups, seccomp, Landlock.
    A,
    /// All but control groups.
    B,
    /// Landlock, seccomp and resource limits only; no writable folder. Strangers' code is refused unless the operator
    /// says otherwise.
    C,
    /// Nothing is run.
    D,
}

/// One thing that was tried.
#[derive(Debug, Clone, Serialize)]
pub struct Finding {
    /// What was tried.
    pub name: &'static str,
    /// Whether it works.
    pub works: bool,
    /// What was seen.
    pub says: String,
    /// What to do about it, when it does not work.
    pub mend: Option<&'static str>,
}

/// All that was tried, and what follows.
#[derive(Debug, Clone, Serialize)]
pub struct TierReport {
    /// The tier.
    pub tier: Tier,
    /// One for each thing tried.
    pub findings: Vec<Finding>,
}

impl Tier {
    /// In a few words, for operators and for the page on how code is run.
    pub fn describe(self) -> &'static str {
        match self {
            Self::A => "full isolation with control groups",
            Self::B => "full isolation, without control groups",
            Self::C => "reduced isolation: no namespaces",
            Self::D => "no isolation: nothing is run here",
        }
    }
}

/// Tries everything. Takes a few milliseconds.
pub fn survey() -> TierReport {
    let namespaces = namespaces();
    let filter = filter();
    let landlock = landlock_finding();
    let groups = groups();
    let tier = match (namespaces.works, filter.works, landlock.works, groups.works) {
        (true, true, _, true) => Tier::A,
        (true, true, _, false) => Tier::B,
        (false, true, true, _) => Tier::C,
        _ => Tier::D,
    };
    TierReport { tier, findings: vec![namespaces, filter, landlock, groups] }
}

fn namespaces() -> Finding {
    let tried = jail::rehearse();
    Finding {
        name: "namespaces and a private root",
        works: tried.is_ok(),
        says: tried.err().map_or_else(|| "a jail was built and left".into(), |error| error.to_string()),
        mend: Some(
            "Run as root, or allow unprivileged user namespaces: on Ubuntu install the AppArmor profile from docs/operators.md; \
             elsewhere `sysctl user.max_user_namespaces=15000`. In a container, give it the right to make user namespaces.",
        ),
    }
    .without_mend_if_fine()
}

fn filter() -> Finding {
    // SAFETY: asks whether one action is known; the number outlives the call.
    let known = unsafe {
        let action: u32 = libc::SECCOMP_RET_KILL_PROCESS;
        libc::syscall(libc::SYS_seccomp, libc::SECCOMP_GET_ACTION_AVAIL, 0, &raw const action) == 0
    };
    let made = seccomp::program();
    let says = match (&made, known) {
        (Ok(bytes), true) => format!("a filter of {} instructions", bytes.len() / 8),
        (Err(error), _) => error.to_string(),
        (_, false) => "this kernel has no seccomp filters".into(),
    };
    let mend = Some("Use a kernel with CONFIG_SECCOMP_FILTER, on x86-64 or aarch64.");
    Finding { name: "system call filter", works: known && made.is_ok(), says, mend }.without_mend_if_fine()
}

fn landlock_finding() -> Finding {
    let abi = landlock::abi();
    let says = if abi == 0 { "not offered by this kernel".into() } else { format!("version {abi}") };
    let mend = Some("Use Linux 5.13 or later with landlock in the list of `lsm=`; 6.12 for all of it.");
    Finding { name: "Landlock", works: abi > 0, says, mend }.without_mend_if_fine()
}

fn groups() -> Finding {
    let works = cgroup::Groups::find(ChildLimits::default()).is_some();
    let says = if works { "memory, tasks and processor time are held".into() } else { "none that we may use".into() };
    let mend = Some("Start as root. Without them the limits of each process hold.");
    Finding { name: "control groups", works, says, mend }.without_mend_if_fine()
}

impl Finding {
    fn without_mend_if_fine(mut self) -> Self {
        if self.works {
            self.mend = None;
        }
        self
    }
}
