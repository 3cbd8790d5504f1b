//! A confined, single-use process.

use crate::{Channel, cgroup, sys};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

/// A process that was verified to be confined and has been fed nothing yet. Dropping it kills it and all that it
/// started: it is the first process of its own process namespace.
#[derive(Debug)]
pub struct Instance {
    channel: Channel,
    pidfd: OwnedFd,
    pid: i32,
    group: Option<cgroup::Place>,
}

impl Instance {
    pub(crate) fn new(channel: Channel, pidfd: OwnedFd) -> Self {
        Self { channel, pidfd, pid: 0, group: None }
    }

    pub(crate) fn is_process(&mut self, pid: i32) {
        self.pid = pid;
    }

    pub(crate) fn attach(&mut self, group: cgroup::Place) {
        self.group = Some(group);
    }

    pub(crate) fn pidfd(&self) -> BorrowedFd<'_> {
        self.pidfd.as_fd()
    }

    /// The one stream.
    pub fn channel(&mut self) -> &mut Channel {
        &mut self.channel
    }

    /// The process id, as this machine sees it.
    pub fn pid(&self) -> i32 {
        self.pid
    }

    /// Whether the process has ended.
    pub fn has_ended(&self) -> bool {
        sys::wait_for_end(self.pidfd.as_fd(), 0)
    }

    /// Whether a control group killed it for its memory.
    pub fn ran_out_of_memory(&self) -> bool {
        self.group.as_ref().is_some_and(cgroup::Place::ran_out_of_memory)
    }

    /// Processor time that its first thread has used, while it still runs.
    pub fn cpu_time(&self) -> Option<std::time::Duration> {
        let text = std::fs::read_to_string(format!("/proc/{}/schedstat", self.pid)).ok()?;
        let nanoseconds = text.split(' ').next()?.parse().ok()?;
        Some(std::time::Duration::from_nanos(nanoseconds))
    }

    /// Proportional share of memory in KiB and how much of it is private, from `smaps_rollup`.
    pub fn memory_kib(&self) -> Option<(u64, u64)> {
        let text = std::fs::read_to_string(format!("/proc/{}/smaps_rollup", self.pid)).ok()?;
        let field = |name: &str| {
            let line = text.lines().find(|line| line.starts_with(name))?;
            line.split_whitespace().nth(1)?.parse::<u64>().ok()
        };
        Some((field("Pss:")?, field("Private_Dirty:")? + field("Private_Clean:")?))
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        // Nobody waits for its end: its group is used again only when it has ended.
        sys::kill(self.pidfd.as_fd());
    }
}
