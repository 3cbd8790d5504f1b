//! What the new process does between clone and exec: bare system calls on memory that was prepared before. The parent
//! has threads, so the child may not allocate.

use crate::plan::{INSIDE_ID, OUTSIDE_ID_OF_ROOT, Plan};
use crate::sys;
use std::os::fd::RawFd;

/// A step that can fail in the child, told to the parent as its number.
#[derive(Clone, Copy)]
#[repr(u8)]
pub(crate) enum Step {
    Identity,
    OpenTree,
    ReadOnlyTree,
    Private,
    Root,
    Folder,
    Attach,
    Link,
    Pivot,
    HostName,
    Capabilities,
    Descriptors,
    Landlock,
    Execute,
}

pub(crate) const STEP_NAMES: [&str; 14] = [
    "taking on the jail's identity",
    "opening a folder to show in the jail",
    "making a folder read-only",
    "making mounts private",
    "making the jail's root",
    "making a folder in the jail",
    "attaching a folder in the jail",
    "making a symbolic link in the jail",
    "changing the root",
    "setting a neutral host name",
    "setting capabilities",
    "arranging descriptors",
    "taking on Landlock's rules",
    "executing the runtime",
];

/// The child's descriptors until it executes, beside control (3).
const COMPLAINTS: RawFd = 2;
const FAILURES: RawFd = 4;
const GO: RawFd = 5;
const RULESET: RawFd = 6;

impl Plan {
    /// The child. Never returns.
    pub(crate) fn run(mut self) -> ! {
        let mut byte = 0u8;
        // SAFETY: bare system calls on valid memory, here and in all that is called from here.
        unsafe {
            // A session of its own: a terminal's interrupt is for us, and runs under way may end well.
            libc::setsid();
            self.arrange_descriptors();
            if libc::read(GO, (&raw mut byte).cast(), 1) != 1 {
                libc::_exit(1);
            }
            if self.namespaces {
                self.open_trees();
                self.take_identity(INSIDE_ID);
                self.build_root();
                self.enter_root();
                self.keep_capabilities();
                self.open_nothing();
            } else {
                self.drop_bounding_set();
                self.take_identity(OUTSIDE_ID_OF_ROOT);
                self.open_nothing();
                self.take_rules();
            }
            sys::forget_signals();
            libc::execve(self.program.as_ptr(), self.arguments.as_ptr(), self.environment.as_ptr());
        }
        self.fail(Step::Execute)
    }

    /// Before the identity changes: the folders may lie where only we may look.
    fn open_trees(&mut self) {
        for index in 0..self.trees.len() {
            let tree = sys::open_tree(&self.trees[index].source);
            if tree < 0 {
                self.fail(Step::OpenTree);
            }
            if sys::make_tree_read_only(tree, !self.trees[index].device) != 0 {
                self.fail(Step::ReadOnlyTree);
            }
            self.tree_fds[index] = tree;
        }
    }

    unsafe fn take_identity(&self, id: u32) {
        if !self.change_identity {
            return;
        }
        // Raw calls: glibc's own would signal all threads that the parent's memory remembers.
        let id = id as libc::c_long;
        let failed = unsafe {
            libc::syscall(libc::SYS_setgroups, 0, std::ptr::null::<u8>()) != 0
                || libc::syscall(libc::SYS_setresgid, id, id, id) != 0
                || libc::syscall(libc::SYS_setresuid, id, id, id) != 0
        };
        self.require(!failed, Step::Identity);
    }

    unsafe fn build_root(&self) {
        let none = std::ptr::null();
        unsafe {
            let flags = libc::MS_REC | libc::MS_PRIVATE;
            self.require(libc::mount(none, c"/".as_ptr(), none, flags, none.cast()) == 0, Step::Private);
            let (kind, options) = (c"tmpfs".as_ptr(), c"size=1m,nr_inodes=4096,mode=755".as_ptr());
            let flags = libc::MS_NOSUID | libc::MS_NODEV;
            self.require(libc::mount(kind, c"/tmp".as_ptr(), kind, flags, options.cast()) == 0, Step::Root);
            for folder in &self.folders {
                let made = libc::mkdir(folder.as_ptr(), 0o755) == 0 || *libc::__errno_location() == libc::EEXIST;
                self.require(made, Step::Folder);
            }
            for (target, link) in &self.links {
                let made =
                    libc::symlink(target.as_ptr(), link.as_ptr()) == 0 || *libc::__errno_location() == libc::EEXIST;
                self.require(made, Step::Link);
            }
            for (tree, descriptor) in self.trees.iter().zip(&self.tree_fds) {
                if tree.is_file {
                    let flags = libc::O_CREAT | libc::O_WRONLY | libc::O_CLOEXEC;
                    let file = libc::open(tree.target.as_ptr(), flags, 0o644 as libc::c_uint);
                    self.require(file >= 0, Step::Folder);
                    libc::close(file);
                }
                self.require(sys::move_mount(*descriptor, &tree.target) == 0, Step::Attach);
            }
        }
    }

    unsafe fn enter_root(&self) {
        let none = std::ptr::null();
        unsafe {
            let here = c".".as_ptr();
            let pivoted = libc::chdir(c"/tmp".as_ptr()) == 0
                && libc::syscall(libc::SYS_pivot_root, here, here) == 0
                && libc::umount2(here, libc::MNT_DETACH) == 0
                && libc::chdir(c"/".as_ptr()) == 0;
            self.require(pivoted, Step::Pivot);
            let flags = libc::MS_REMOUNT | libc::MS_BIND | libc::MS_RDONLY | libc::MS_NOSUID | libc::MS_NODEV;
            self.require(libc::mount(none, c"/".as_ptr(), none, flags, none.cast()) == 0, Step::Root);
            self.require(libc::sethostname(c"sandbox".as_ptr(), 7) == 0, Step::HostName);
        }
    }

    /// The zygote is not root, so what it needs for confining its children goes through exec as ambient capabilities:
    /// CAP_SYS_ADMIN of its own namespaces (new mount and process namespaces) and CAP_SETPCAP (dropping all for good).
    unsafe fn keep_capabilities(&self) {
        const SETPCAP: u32 = 8;
        const SYS_ADMIN: u32 = 21;
        const VERSION_3: u32 = 0x2008_0522;
        let wanted = 1u32 << SETPCAP | 1 << SYS_ADMIN;
        let header = [VERSION_3, 0];
        let sets = [wanted, wanted, wanted, 0, 0, 0];
        unsafe {
            for capability in 0..64 {
                if capability != SETPCAP && capability != SYS_ADMIN {
                    libc::prctl(libc::PR_CAPBSET_DROP, capability as libc::c_ulong, 0, 0, 0);
                }
            }
            let set = libc::syscall(libc::SYS_capset, header.as_ptr(), sets.as_ptr()) == 0;
            let raise = |capability: u32| {
                libc::prctl(libc::PR_CAP_AMBIENT, libc::PR_CAP_AMBIENT_RAISE, capability as libc::c_ulong, 0, 0) == 0
            };
            self.require(set && raise(SETPCAP) && raise(SYS_ADMIN), Step::Capabilities);
        }
    }

    /// Without namespaces: no capability can come back, where we had any. (A plain user had none to begin with, and may
    /// not drop what it does not have.)
    unsafe fn drop_bounding_set(&self) {
        if self.change_identity {
            for capability in 0..64 as libc::c_ulong {
                unsafe { libc::prctl(libc::PR_CAPBSET_DROP, capability, 0, 0, 0) };
            }
        }
    }

    /// Without namespaces: Landlock's rules for the runtime and for all that it makes.
    unsafe fn take_rules(&self) {
        let taken = unsafe {
            libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1 as libc::c_ulong, 0, 0, 0) == 0
                && libc::syscall(libc::SYS_landlock_restrict_self, RULESET, 0) == 0
        };
        self.require(taken, Step::Landlock);
    }

    /// First of all, so that no pipe is held open here whose end somebody waits for: not our own, and not those of
    /// another jail that is being started at the same time.
    unsafe fn arrange_descriptors(&self) {
        unsafe {
            // Copies above everything that is about to be overwritten.
            let above = |fd: RawFd| libc::fcntl(fd, libc::F_DUPFD, 20);
            let (complaints, control) = (above(self.complaints), above(self.control));
            let (failures, go, ruleset) = (above(self.failures), above(self.go), above(self.ruleset));
            let arranged = libc::dup2(complaints, COMPLAINTS) == COMPLAINTS
                && libc::dup2(control, 3) == 3
                && libc::dup3(failures, FAILURES, libc::O_CLOEXEC) == FAILURES
                && libc::dup3(go, GO, libc::O_CLOEXEC) == GO
                && (self.namespaces || libc::dup3(ruleset, RULESET, libc::O_CLOEXEC) == RULESET);
            let beyond = if self.namespaces { RULESET } else { RULESET + 1 };
            let closed = libc::syscall(libc::SYS_close_range, beyond, libc::c_uint::MAX, 0) == 0;
            if !arranged || !closed {
                // FAILURES may still be any descriptor of ours.
                self.fail_on(self.failures, Step::Descriptors);
            }
        }
    }

    unsafe fn open_nothing(&self) {
        unsafe {
            let null = libc::open(c"/dev/null".as_ptr(), libc::O_RDWR | libc::O_CLOEXEC);
            let opened = null >= 0 && libc::dup2(null, 0) == 0 && libc::dup2(null, 1) == 1;
            self.require(opened, Step::Descriptors);
        }
    }

    fn require(&self, holds: bool, step: Step) {
        if !holds {
            self.fail(step);
        }
    }

    /// Tells the parent which step failed and why, and ends.
    fn fail(&self, step: Step) -> ! {
        self.fail_on(FAILURES, step)
    }

    fn fail_on(&self, pipe: RawFd, step: Step) -> ! {
        // SAFETY: bare system calls on local memory.
        unsafe {
            let cause = (*libc::__errno_location()).to_ne_bytes();
            let message = [step as u8, cause[0], cause[1], cause[2], cause[3]];
            libc::write(pipe, message.as_ptr().cast(), message.len());
            libc::_exit(1)
        }
    }
}
