//! Landlock rules (Linux 5.13 or later), computed here and applied by the zygote to each instance: what is mounted may
//! be read, only the instance's own scratch folder may be written, no TCP, no signals or abstract sockets outwards.
//! Masks from `linux/landlock.h`.

use crate::{Mount, SandboxError, sys};
use serde::Serialize;
use std::fs::File;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

const EXECUTE: u64 = 1;
const READ_FILE: u64 = 1 << 2;
const READ_DIR: u64 = 1 << 3;
const ALL_FS_ABI_1: u64 = (1 << 13) - 1;
const REFER_ABI_2: u64 = 1 << 13;
const TRUNCATE_ABI_3: u64 = 1 << 14;
const IOCTL_DEV_ABI_5: u64 = 1 << 15;
const NET_TCP_ABI_4: u64 = 0b11;
const SCOPED_ABI_6: u64 = 0b11;
const WRITE_FILE: u64 = 1 << 1;
const REMOVE_DIR: u64 = 1 << 4;
const REMOVE_FILE: u64 = 1 << 5;
const MAKE_DIR: u64 = 1 << 7;
const MAKE_REG: u64 = 1 << 8;

/// What the zygote is told to apply.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Landlock {
    /// Rights that are taken unless a rule gives them.
    fs: u64,
    net: u64,
    scoped: u64,
    /// Path and the rights below it.
    rules: Vec<(String, u64)>,
}

/// The kernel's version of Landlock; 0 when it has none or it is switched off.
pub(crate) fn abi() -> u32 {
    const CREATE_RULESET_VERSION: libc::c_uint = 1;
    // SAFETY: with this flag the call takes no pointer and only answers the version.
    let version = unsafe {
        libc::syscall(libc::SYS_landlock_create_ruleset, std::ptr::null::<u8>(), 0usize, CREATE_RULESET_VERSION)
    };
    u32::try_from(version).unwrap_or(0)
}

/// Rules for an instance that may read below `readable` and write below `writable`.
pub(crate) fn rules(abi: u32, readable: &[String], writable: Option<&str>) -> Option<Landlock> {
    if abi == 0 {
        return None;
    }
    let from = |least: u32, mask: u64| if abi >= least { mask } else { 0 };
    let truncate = from(3, TRUNCATE_ABI_3);
    let write = READ_FILE | READ_DIR | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | truncate;
    let mut rules: Vec<_> = readable.iter().map(|path| (path.clone(), reading(Path::new(path)))).collect();
    rules.extend(writable.map(|path| (path.to_owned(), write)));
    Some(Landlock {
        fs: ALL_FS_ABI_1 | from(2, REFER_ABI_2) | truncate | from(5, IOCTL_DEV_ABI_5),
        net: from(4, NET_TCP_ABI_4),
        scoped: from(6, SCOPED_ABI_6),
        rules,
    })
}

/// A rule on a file may hold rights of files only.
fn reading(path: &Path) -> u64 {
    if path.is_dir() { READ_FILE | READ_DIR } else { READ_FILE }
}

/// Rules for a whole runtime that has no namespaces (tier C), made into a descriptor that its process can shut itself in
/// with before it executes anything. So there the wall that replaces the private root does not rest on the zygote.
pub(crate) fn ruleset(mounts: &[Mount]) -> Result<OwnedFd, SandboxError> {
    let readable: Vec<_> = mounts.iter().map(|mount| mount.path.to_string_lossy().into_owned()).collect();
    let none = || SandboxError::Tier("neither namespaces nor Landlock: code of strangers cannot be held here".into());
    let mut rules = rules(abi(), &readable, None).ok_or_else(none)?;
    for ((_, rights), mount) in rules.rules.iter_mut().zip(mounts) {
        // The interpreter must be executed, and its output be thrown away.
        *rights |= if mount.device { WRITE_FILE } else { EXECUTE };
    }
    rules.apply()
}

impl Landlock {
    fn apply(&self) -> Result<OwnedFd, SandboxError> {
        let attributes = [self.fs, self.net, self.scoped];
        // Older kernels know a shorter struct: leave off what is zero at the end.
        let size = 8 * if self.scoped != 0 { 3 } else { 1 + usize::from(self.net != 0) };
        // SAFETY: the array outlives the call and has at least `size` bytes; the answer is a descriptor that is ours.
        let set = unsafe {
            match libc::syscall(libc::SYS_landlock_create_ruleset, attributes.as_ptr(), size, 0) {
                -1 => return Err(SandboxError::last("making a Landlock ruleset")),
                fd => OwnedFd::from_raw_fd(fd as i32),
            }
        };
        for (path, rights) in &self.rules {
            let what = "opening a file for its Landlock rule";
            let flags = libc::O_PATH | libc::O_CLOEXEC;
            let beneath = File::options().read(true).custom_flags(flags).open(path).map_err(SandboxError::io(what))?;
            let rule = Beneath { rights: *rights, parent: beneath.as_raw_fd() };
            // SAFETY: `rule` outlives the call and is laid out as `struct landlock_path_beneath_attr`.
            let added = unsafe { libc::syscall(libc::SYS_landlock_add_rule, set.as_raw_fd(), 1, &raw const rule, 0) };
            if added != 0 {
                return Err(SandboxError::last("adding a Landlock rule"));
            }
        }
        Ok(set)
    }
}

#[repr(C, packed)]
struct Beneath {
    rights: u64,
    parent: i32,
}

/// Whether the process behind a pidfd opened its descriptor 0, a device, with Landlock's rules upon it. What may be done
/// with an open device stays with its descriptor, whoever holds it: a question that only a terminal answers is refused
/// outright (EACCES), where it would else not be understood (ENOTTY).
pub(crate) fn holds(pidfd: BorrowedFd<'_>) -> Result<bool, SandboxError> {
    let device = sys::descriptor_of(pidfd, 0).map_err(SandboxError::io("looking at an instance's descriptor"))?;
    let mut answer = [0u8; 256];
    // SAFETY: the kernel's `struct termios` is far smaller than the buffer.
    let asked = unsafe { libc::ioctl(device.as_raw_fd(), libc::TCGETS as _, answer.as_mut_ptr()) };
    Ok(asked == -1 && std::io::Error::last_os_error().raw_os_error() == Some(libc::EACCES))
}

/// Whether [`holds`] can be asked here: some containers refuse the call, and a machine may refuse all tracing. Found by
/// what we may do to ourselves, on which no zygote has an influence.
pub(crate) fn can_be_seen(own: BorrowedFd<'_>) -> bool {
    const FIRST_ABI: u32 = 5;
    let tracing = std::fs::read_to_string("/proc/sys/kernel/yama/ptrace_scope").unwrap_or_default();
    abi() >= FIRST_ABI && tracing.trim() != "3" && sys::descriptor_of(own, own.as_raw_fd()).is_ok()
}
