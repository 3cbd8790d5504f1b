//! All that a process in a jail needs, in memory before it is made: between clone and exec it may not allocate.

use crate::{JailSpec, Mount, SandboxError};
use std::ffi::{CStr, CString};
use std::os::fd::RawFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// The new root is assembled here, hidden from everyone else by the new mount namespace.
const NEW_ROOT: &str = "/tmp";
/// The identity inside. Never 0: nothing in the jail is root, not even of its own namespace.
pub(crate) const INSIDE_ID: u32 = 1000;
/// The identity outside when we are root ourselves ("nobody"): files of root are then unreadable unless everyone may.
pub(crate) const OUTSIDE_ID_OF_ROOT: u32 = 65534;

pub(crate) struct Tree {
    pub source: CString,
    pub target: CString,
    pub is_file: bool,
    pub device: bool,
}

/// All memory that the child needs.
pub(crate) struct Plan {
    pub namespaces: bool,
    pub change_identity: bool,
    pub trees: Vec<Tree>,
    pub tree_fds: Vec<RawFd>,
    pub folders: Vec<CString>,
    pub links: Vec<(CString, CString)>,
    pub program: CString,
    pub arguments: Vec<*const libc::c_char>,
    pub environment: Vec<*const libc::c_char>,
    _owned: Vec<CString>,
    pub control: RawFd,
    pub complaints: RawFd,
    pub go: RawFd,
    pub failures: RawFd,
    pub ruleset: RawFd,
}

impl Plan {
    pub(crate) fn new(spec: &JailSpec) -> Result<Self, SandboxError> {
        let mut folders = vec![text(format!("{NEW_ROOT}/scratch"))?];
        let mut trees = Vec::new();
        for mount in minimal(&spec.mounts) {
            let is_file = !mount.path.is_dir();
            let inner = inside(&mount.path);
            folders.extend(parents(&inner)?);
            if !is_file {
                folders.push(path_text(&inner)?);
            }
            trees.push(Tree {
                source: path_text(&mount.path)?,
                target: path_text(&inner)?,
                is_file,
                device: mount.device,
            });
        }
        let mut links = Vec::new();
        for (link, target) in &spec.symlinks {
            folders.extend(parents(&inside(link))?);
            links.push((path_text(target)?, path_text(&inside(link))?));
        }
        let program = path_text(&spec.program)?;
        let mut owned = Vec::new();
        let mut arguments = vec![program.as_ptr()];
        arguments.extend(pointers(spec.arguments.iter().cloned(), &mut owned)?);
        let environment = pointers(spec.environment.iter().map(|(name, value)| format!("{name}={value}")), &mut owned)?;
        // SAFETY: a plain question about ourselves.
        let change_identity = unsafe { libc::geteuid() } == 0;
        let tree_fds = vec![-1; trees.len()];
        let (namespaces, none) = (spec.namespaces, -1);
        Ok(Self {
            namespaces,
            change_identity,
            trees,
            tree_fds,
            folders,
            links,
            program,
            arguments: ended(arguments),
            environment: ended(environment),
            _owned: owned,
            control: none,
            complaints: none,
            go: none,
            failures: none,
            ruleset: none,
        })
    }
}

/// Mounts without those that lie inside another folder that is mounted anyway, shortest first.
fn minimal(mounts: &[Mount]) -> Vec<Mount> {
    let mut sorted = mounts.to_vec();
    sorted.sort_by(|one, other| one.path.cmp(&other.path));
    let mut kept: Vec<Mount> = Vec::new();
    for mount in sorted {
        if !kept.iter().any(|outer| mount.path.starts_with(&outer.path)) {
            kept.push(mount);
        }
    }
    kept
}

fn inside(path: &Path) -> PathBuf {
    Path::new(NEW_ROOT).join(path.strip_prefix("/").unwrap_or(path))
}

/// The folders between the new root and a path, outermost first.
fn parents(path: &Path) -> Result<Vec<CString>, SandboxError> {
    let mut all: Vec<_> = path.ancestors().skip(1).take_while(|folder| *folder != Path::new(NEW_ROOT)).collect();
    all.reverse();
    all.into_iter().map(path_text).collect()
}

fn path_text(path: &Path) -> Result<CString, SandboxError> {
    text(path.as_os_str().as_bytes())
}

fn text(bytes: impl Into<Vec<u8>>) -> Result<CString, SandboxError> {
    CString::new(bytes).map_err(|_| SandboxError::Start("a path or argument holds a NUL byte".into()))
}

fn pointers(
    texts: impl Iterator<Item = String>,
    owned: &mut Vec<CString>,
) -> Result<Vec<*const libc::c_char>, SandboxError> {
    texts
        .map(|one| {
            let one = text(one)?;
            // The pointer is into the heap block of the CString, which moving the CString does not move.
            let pointer = CStr::as_ptr(&one);
            owned.push(one);
            Ok(pointer)
        })
        .collect()
}

fn ended(mut pointers: Vec<*const libc::c_char>) -> Vec<*const libc::c_char> {
    pointers.push(std::ptr::null());
    pointers
}
