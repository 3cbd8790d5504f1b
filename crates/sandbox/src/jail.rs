//! Building the jail: namespaces, a root of read-only trees, and then the runtime's program.
//!
//! `plan.rs` prepares all that the new process needs, `child.rs` is what it does; here is the side that waits for it.

use crate::child::{STEP_NAMES, Step};
use crate::plan::{INSIDE_ID, OUTSIDE_ID_OF_ROOT, Plan};
use crate::{SandboxError, landlock, sys};
use std::fs;
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::path::PathBuf;

/// A file or folder of the machine that is visible in the jail, read-only, under the same path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mount {
    /// Absolute path.
    pub path: PathBuf,
    /// A device node such as `/dev/null`: `nodev` is left off for it alone.
    pub device: bool,
}

impl Mount {
    /// A read-only file or folder.
    pub fn read_only(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), device: false }
    }
}

/// What is in the jail and what runs there.
#[derive(Debug, Clone)]
pub struct JailSpec {
    /// Visible files and folders.
    pub mounts: Vec<Mount>,
    /// Symbolic links to make: path, target.
    pub symlinks: Vec<(PathBuf, PathBuf)>,
    /// Program to execute, by its path inside.
    pub program: PathBuf,
    /// Its arguments, without the program's own name.
    pub arguments: Vec<String>,
    /// Its whole environment.
    pub environment: Vec<(String, String)>,
    /// Whether to use namespaces. Without them (tier C) the program sees the machine's files, and only Landlock,
    /// seccomp and resource limits of each instance stand between.
    pub namespaces: bool,
}

/// A process in its jail. Dropping it kills it, and with it all that it made, and leaves no zombie.
#[derive(Debug)]
pub(crate) struct Jailed {
    pub pid: libc::pid_t,
    pub pidfd: OwnedFd,
}

impl Drop for Jailed {
    fn drop(&mut self) {
        sys::kill(self.pidfd.as_fd());
        sys::wait_for_end(self.pidfd.as_fd(), 5_000);
        sys::reap(self.pidfd.as_fd());
    }
}

const NAMESPACES: libc::c_int = libc::CLONE_NEWUSER
    | libc::CLONE_NEWNS
    | libc::CLONE_NEWPID
    | libc::CLONE_NEWNET
    | libc::CLONE_NEWIPC
    | libc::CLONE_NEWUTS
    | libc::CLONE_NEWCGROUP;

/// Starts the program in its jail. `control` becomes its descriptor 3; 0 and 1 are `/dev/null`, 2 is the pipe of
/// complaints, whose other end is answered too.
pub(crate) fn start(spec: &JailSpec, control: &OwnedFd) -> Result<(Jailed, OwnedFd), SandboxError> {
    let ruleset = if spec.namespaces { None } else { Some(landlock::ruleset(&spec.mounts)?) };
    let (complaints_read, complaints_write) = sys::pipe()?;
    let (go_read, go_write) = sys::pipe()?;
    let (failures_read, failures_write) = sys::pipe()?;
    let mut plan = Plan::new(spec)?;
    (plan.control, plan.complaints) = (control.as_raw_fd(), complaints_write.as_raw_fd());
    (plan.go, plan.failures) = (go_read.as_raw_fd(), failures_write.as_raw_fd());
    plan.ruleset = ruleset.as_ref().map_or(-1, AsRawFd::as_raw_fd);

    let mut pidfd: RawFd = -1;
    let flags = libc::CLONE_PIDFD | libc::SIGCHLD | if spec.namespaces { NAMESPACES } else { 0 };
    // No signal may find the child with our handlers still in place: it unblocks them when it has none.
    let mask = sys::block_signals();
    // SAFETY: without CLONE_VM the child has its own copy of our memory, and `Plan::run` makes bare system calls only.
    // (Not clone3, which many containers do not let through.)
    let pid = unsafe {
        let flags = libc::c_ulong::from(flags as u32);
        libc::syscall(libc::SYS_clone, flags, std::ptr::null::<u8>(), &raw mut pidfd, 0, 0) as libc::pid_t
    };
    if pid == 0 {
        plan.run();
    }
    let cause = io::Error::last_os_error();
    sys::set_signal_mask(&mask);
    if pid < 0 {
        return Err(SandboxError::Jail { step: "making the namespaces".into(), cause });
    }
    // SAFETY: the kernel wrote a descriptor that nobody else owns.
    let pidfd = unsafe { OwnedFd::from_raw_fd(pidfd) };
    drop((complaints_write, go_read, failures_write));
    let jailed = Jailed { pid, pidfd };
    if spec.namespaces {
        map_identities(pid)?;
    }
    fs::File::from(go_write).write_all(b"g").map_err(SandboxError::io("letting the jail go on"))?;
    confirm(failures_read).map(|()| (jailed, complaints_read))
}

/// The pipe closes on exec; anything on it is a failure.
fn confirm(failures: OwnedFd) -> Result<(), SandboxError> {
    let mut said = Vec::new();
    fs::File::from(failures).read_to_end(&mut said).map_err(SandboxError::io("waiting for the jail"))?;
    match said[..] {
        [] => Ok(()),
        [step, a, b, c, d, ..] => Err(SandboxError::Jail {
            step: STEP_NAMES.get(usize::from(step)).copied().unwrap_or("an unknown step").into(),
            cause: io::Error::from_raw_os_error(i32::from_ne_bytes([a, b, c, d])),
        }),
        _ => Err(SandboxError::Start("the jail's process ended while it was being built".into())),
    }
}

/// Gives the jail its one identity. As root it is "nobody" outside; else it is ourselves.
fn map_identities(pid: libc::pid_t) -> Result<(), SandboxError> {
    // SAFETY: plain questions about ourselves.
    let (uid, gid) = unsafe { (libc::geteuid(), libc::getegid()) };
    let outside = |own: u32| if uid == 0 { OUTSIDE_ID_OF_ROOT } else { own };
    let write = |file: &str, text: String| {
        fs::write(format!("/proc/{pid}/{file}"), text).map_err(SandboxError::io("mapping the jail's identity"))
    };
    if uid != 0 {
        write("setgroups", "deny".into())?;
    }
    write("uid_map", format!("{INSIDE_ID} {} 1", outside(uid)))?;
    write("gid_map", format!("{INSIDE_ID} {} 1", outside(gid)))
}

/// Builds a jail around nothing, to see whether this machine can.
pub(crate) fn rehearse() -> Result<(), SandboxError> {
    let (_ours, theirs) = sys::socket_pair(libc::SOCK_SEQPACKET)?;
    let spec = JailSpec {
        mounts: vec![Mount { path: "/dev/null".into(), device: true }],
        symlinks: vec![],
        program: "/nothing".into(),
        arguments: vec![],
        environment: vec![],
        namespaces: true,
    };
    let last = STEP_NAMES[Step::Execute as usize];
    match start(&spec, &theirs) {
        // Everything before it worked, and there is nothing to execute.
        Err(SandboxError::Jail { step, .. }) if step == last => Ok(()),
        Err(error) => Err(error),
        Ok(_) => Ok(()),
    }
}
