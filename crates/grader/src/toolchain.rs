//! The Python side, made once on the operator's machine: a virtual environment with exactly the packages of a project's
//! lock file, the project itself, and our harness, each under a name that is a digest of what is in it.

use jobfuture_content::{FileSet, Project};
use jobfuture_sandbox::Interpreter;
use sha2::{Digest, Sha256};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

const LOCK_FILE: &str = "requirements.lock";
const HARNESS: &[(&str, &str)] = &[
    ("jobfuture_harness/__init__.py", include_str!("../harness/jobfuture_harness/__init__.py")),
    ("jobfuture_harness/channel.py", include_str!("../harness/jobfuture_harness/channel.py")),
    ("jobfuture_harness/database/__init__.py", include_str!("../harness/jobfuture_harness/database/__init__.py")),
    ("jobfuture_harness/database/base.py", include_str!("../harness/jobfuture_harness/database/base.py")),
    ("jobfuture_harness/migrating.py", include_str!("../harness/jobfuture_harness/migrating.py")),
    ("jobfuture_harness/output.py", include_str!("../harness/jobfuture_harness/output.py")),
    ("jobfuture_harness/overlay.py", include_str!("../harness/jobfuture_harness/overlay.py")),
    ("jobfuture_harness/preparing.py", include_str!("../harness/jobfuture_harness/preparing.py")),
    ("jobfuture_harness/running.py", include_str!("../harness/jobfuture_harness/running.py")),
    ("jobfuture_harness/runtime.py", include_str!("../harness/jobfuture_harness/runtime.py")),
    ("jobfuture_harness/serving.py", include_str!("../harness/jobfuture_harness/serving.py")),
    ("jobfuture_harness/snippet.py", include_str!("../harness/jobfuture_harness/snippet.py")),
    ("jobfuture_harness/testing.py", include_str!("../harness/jobfuture_harness/testing.py")),
];

/// Modules of the standard library without which nothing runs. An extension module must be mapped before a run, since
/// a run cannot map executable memory.
pub(crate) const NEEDED_MODULES: &[&str] = &["ctypes", "json", "resource", "select", "socket", "sqlite3", "zlib"];
/// Modules that some builds of Python lack, and that projects may do without.
pub(crate) const WISHED_MODULES: &[&str] = &[
    "asyncio",
    "array",
    "binascii",
    "bz2",
    "csv",
    "datetime",
    "decimal",
    "fcntl",
    "grp",
    "hashlib",
    "lzma",
    "math",
    "mmap",
    "multiprocessing",
    "pickle",
    "queue",
    "random",
    "ssl",
    "statistics",
    "subprocess",
    "termios",
    "unicodedata",
    "uuid",
    "xml.etree.ElementTree",
    "xml.parsers.expat",
    "zoneinfo",
    "_elementtree",
    "_uuid",
    "_sha3",
    "_blake2",
    "_contextvars",
];

/// Why there is no Python side, and the mend.
#[derive(Debug, thiserror::Error)]
pub enum ToolchainError {
    /// No interpreter.
    #[error(
        "Python 3.10 or newer was not found. Install it (Debian, Ubuntu: `apt install python3 python3-venv`) and start again. {0}"
    )]
    NoPython(String),
    /// An interpreter that is too old.
    #[error("{path} is Python {version}; 3.10 or newer is needed. Install one, or name it with JOBFUTURE_PYTHON.")]
    TooOld {
        /// Which.
        path: String,
        /// What it says it is.
        version: String,
    },
    /// The module venv is missing or fails.
    #[error(
        "A virtual environment could not be made: {0}\nOn Debian and Ubuntu: `apt install python3-venv`, then start again."
    )]
    NoVenv(String),
    /// The packages could not be fetched or did not fit their hashes.
    #[error(
        "The packages of {lock} could not be installed: {said}\nCheck the network, or point pip at a mirror with PIP_INDEX_URL, and start again."
    )]
    NoPackages {
        /// Lock file.
        lock: String,
        /// The end of what pip said.
        said: String,
    },
    /// No lock file in the project.
    #[error("The project {0} has no requirements.lock.")]
    NoLock(String),
    /// Files that cannot be written or read.
    #[error("{path}: {cause}. The data folder must be writable, with room in it.")]
    Folder {
        /// Which.
        path: String,
        /// Why.
        cause: io::Error,
    },
}

/// What a project's code runs with.
#[derive(Debug, Clone)]
pub(crate) struct Toolchain {
    pub interpreter: Interpreter,
    pub site_packages: PathBuf,
    pub project: PathBuf,
    pub harness: PathBuf,
}

/// Told to the person who waits.
pub type Progress<'a> = &'a (dyn Fn(&str) + Send + Sync);

impl Toolchain {
    /// Makes what is missing under `data`; quick when all is there.
    pub(crate) fn ensure(
        data: &Path,
        python: &Path,
        project: &Project,
        tell: Progress<'_>,
    ) -> Result<Self, ToolchainError> {
        let version = python_version(python)?;
        let lock = project.files.get(LOCK_FILE).ok_or_else(|| ToolchainError::NoLock(project.id.clone()))?;
        let name = digest([version.as_bytes(), lock.as_slice(), python.as_os_str().as_encoded_bytes()]);
        let environment = data.join("python").join(name);
        // Packages that somebody removed are made anew as well.
        if !environment.join("complete").exists() || site_packages(&environment).is_err() {
            make_environment(&environment, python, lock, tell)?;
        }
        let interpreter = Interpreter::discover(python, NEEDED_MODULES, WISHED_MODULES)
            .map_err(|error| ToolchainError::NoPython(error.to_string()))?;
        let harness: FileSet =
            HARNESS.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
        Ok(Self {
            interpreter,
            site_packages: site_packages(&environment)?,
            project: lay_out(&data.join("projects"), &project.files, python, &version)?,
            harness: lay_out(&data.join("harness"), &harness, python, &version)?,
        })
    }
}

/// From this minor version on an interpreter knows objects whose references nobody counts (PEP 683), so that a run copies less than
/// half of the memory that it otherwise would.
const QUICK: u32 = 12;
/// The oldest with which the packages of the projects work, and the newest that is looked for by name.
const OLDEST: u32 = 10;
const NEWEST: u32 = 14;

/// The interpreter to use: the operator's choice; else `python3` of the PATH, unless it is older than [`QUICK`] and there is one beside
/// it that is not.
pub(crate) fn find_python(chosen: Option<&Path>) -> Result<PathBuf, ToolchainError> {
    if let Some(chosen) = chosen {
        return Ok(Asked::ask(chosen).and_then(Asked::new_enough)?.path);
    }
    let ask = |name: String| Asked::ask(Path::new(&name)).and_then(Asked::new_enough);
    let others = (OLDEST..=NEWEST).rev().filter_map(|minor| ask(format!("python3.{minor}")).ok());
    best(ask("python3".into()), others, Asked::is_whole).map(|one| one.path)
}

/// The usual one, or the first of the others, which come newest first, that is better. One that is not whole, as Debian's are not
/// until `python3-venv` is installed, is no better.
fn best(
    usual: Result<Asked, ToolchainError>,
    others: impl Iterator<Item = Asked>,
    is_whole: impl Fn(&Asked) -> bool,
) -> Result<Asked, ToolchainError> {
    if usual.as_ref().is_ok_and(|usual| usual.minor >= QUICK) {
        return usual;
    }
    let mut others: Vec<Asked> = others.collect();
    match others.iter().position(|other| other.minor >= QUICK && is_whole(other)) {
        Some(quick) => Ok(others.swap_remove(quick)),
        None => usual.or_else(|error| others.into_iter().next().ok_or(error)),
    }
}

/// What an interpreter says of itself.
#[derive(Debug)]
struct Asked {
    path: PathBuf,
    version: String,
    minor: u32,
}

impl Asked {
    fn ask(name: &Path) -> Result<Self, ToolchainError> {
        let code = "import os, sys; print(os.path.realpath(sys.executable)); print('%d.%d' % sys.version_info[:2])";
        let output = Command::new(name).args(["-I", "-c", code]).output();
        let said = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
        let mut lines = said.lines();
        let (Some(path), Some(version)) = (lines.next(), lines.next()) else {
            return Err(ToolchainError::NoPython(String::new()));
        };
        // Of another major version it is none that we know.
        let minor = version.strip_prefix("3.").and_then(|minor| minor.parse().ok()).unwrap_or_default();
        Ok(Self { path: path.into(), version: version.into(), minor })
    }

    fn new_enough(self) -> Result<Self, ToolchainError> {
        if self.minor >= OLDEST {
            return Ok(self);
        }
        Err(ToolchainError::TooOld { path: self.path.display().to_string(), version: self.version })
    }

    /// Whether a virtual environment can be made with it, and what runs need is there.
    fn is_whole(&self) -> bool {
        let needed = ["venv", "ensurepip"].iter().chain(NEEDED_MODULES).copied().collect::<Vec<_>>().join(", ");
        let asked = Command::new(&self.path).args(["-I", "-c", &format!("import {needed}")]).output();
        asked.is_ok_and(|output| output.status.success())
    }
}

fn python_version(python: &Path) -> Result<String, ToolchainError> {
    let output = Command::new(python)
        .args(["-I", "-c", "import platform; print(platform.python_version())"])
        .output()
        .map_err(|error| ToolchainError::NoPython(error.to_string()))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn make_environment(folder: &Path, python: &Path, lock: &[u8], tell: Progress<'_>) -> Result<(), ToolchainError> {
    // A half-made one, from a start that was broken off, is made anew.
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(at(folder))?;
    }
    fs::create_dir_all(folder).map_err(at(folder))?;
    tell("making a virtual environment");
    let made = Command::new(python).args(["-m", "venv"]).arg(folder).output();
    let made = made.map_err(|error| ToolchainError::NoVenv(error.to_string()))?;
    if !made.status.success() {
        return Err(full(folder).unwrap_or_else(|| ToolchainError::NoVenv(end_of(&made))));
    }
    let lock_file = folder.join(LOCK_FILE);
    fs::write(&lock_file, lock).map_err(at(&lock_file))?;
    tell("installing the project's packages, pinned by hash");
    let installed = Command::new(folder.join("bin/python"))
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "--no-deps"])
        .args(["--only-binary", ":all:", "--require-hashes", "-r"])
        .arg(&lock_file)
        .output()
        .map_err(|error| ToolchainError::NoVenv(error.to_string()))?;
    if !installed.status.success() {
        let other = || ToolchainError::NoPackages { lock: LOCK_FILE.into(), said: end_of(&installed) };
        return Err(full(folder).unwrap_or_else(other));
    }
    make_readable(folder)?;
    fs::write(folder.join("complete"), "").map_err(at(folder))
}

/// A disk without room has another mend than whatever failed for it.
fn full(folder: &Path) -> Option<ToolchainError> {
    use std::os::unix::ffi::OsStrExt;
    const ROOM: u64 = 4 << 20;
    let path = std::ffi::CString::new(folder.as_os_str().as_bytes()).ok()?;
    // SAFETY: all zeros is a valid statvfs, and the call fills it for a path that ends with NUL.
    let mut about: libc::statvfs = unsafe { std::mem::zeroed() };
    // SAFETY: both pointers are valid for the call.
    let asked = unsafe { libc::statvfs(path.as_ptr(), &raw mut about) };
    let is_full = asked == 0 && (about.f_bavail * about.f_frsize < ROOM || (about.f_files > 0 && about.f_favail == 0));
    is_full.then(|| at(folder)(io::ErrorKind::StorageFull.into()))
}

fn end_of(output: &std::process::Output) -> String {
    let text = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<_> = text.trim().lines().collect();
    lines[lines.len().saturating_sub(8)..].join("\n")
}

fn site_packages(environment: &Path) -> Result<PathBuf, ToolchainError> {
    let library = environment.join("lib");
    for entry in fs::read_dir(&library).map_err(at(&library))? {
        let folder = entry.map_err(at(&library))?.path().join("site-packages");
        if folder.is_dir() {
            return Ok(folder);
        }
    }
    Err(ToolchainError::NoVenv(format!("{} has no site-packages", environment.display())))
}

/// Writes files into a folder named by their digest, once, and compiles them: each run imports them.
fn lay_out(parent: &Path, files: &FileSet, python: &Path, version: &str) -> Result<PathBuf, ToolchainError> {
    let parts = files.iter().flat_map(|(path, bytes)| [path.as_bytes(), bytes.as_slice()]);
    // What is compiled for one version is nothing to another.
    let parts = parts.chain([version.as_bytes()]);
    let folder = parent.join(digest(parts));
    if folder.join(".complete").exists() {
        return Ok(folder);
    }
    for (path, bytes) in files {
        let file = folder.join(path);
        if let Some(parent) = file.parent() {
            fs::create_dir_all(parent).map_err(at(parent))?;
        }
        fs::write(&file, bytes).map_err(at(&file))?;
    }
    // Without compiled files all works, only slower.
    let compiled = Command::new(python)
        .args(["-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash"])
        .arg(&folder)
        .status();
    if !compiled.is_ok_and(|status| status.success()) {
        tracing::warn!(folder = %folder.display(), "the project could not be compiled ahead; runs will be slower");
    }
    make_readable(&folder)?;
    fs::write(folder.join(".complete"), "").map_err(at(&folder))?;
    Ok(folder)
}

/// In the jail everyone is a stranger to these files, whatever the operator's umask is.
fn make_readable(folder: &Path) -> Result<(), ToolchainError> {
    use std::os::unix::fs::PermissionsExt;
    let mut pending = vec![folder.to_owned()];
    while let Some(path) = pending.pop() {
        let metadata = fs::symlink_metadata(&path).map_err(at(&path))?;
        if metadata.is_symlink() {
            continue;
        }
        let mode = metadata.permissions().mode();
        let wanted = mode | if metadata.is_dir() { 0o555 } else { 0o444 };
        if mode != wanted {
            fs::set_permissions(&path, fs::Permissions::from_mode(wanted)).map_err(at(&path))?;
        }
        if metadata.is_dir() {
            for entry in fs::read_dir(&path).map_err(at(&path))? {
                pending.push(entry.map_err(at(&path))?.path());
            }
        }
    }
    Ok(())
}

/// The first 16 hexadecimal digits of the SHA-256 of the parts, each with its length.
pub(crate) fn digest<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> ToolchainError + '_ {
    move |cause| ToolchainError::Folder { path: path.display().to_string(), cause }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(minor: u32) -> Asked {
        Asked { path: format!("/usr/bin/python3.{minor}").into(), version: format!("3.{minor}"), minor }
    }

    fn chosen(usual: Option<u32>, others: &[u32], whole: &[u32]) -> Option<u32> {
        let usual = usual.map(named).ok_or(ToolchainError::NoPython(String::new())).and_then(Asked::new_enough);
        let others = others.iter().copied().map(named);
        best(usual, others, |one| whole.contains(&one.minor)).ok().map(|one| one.minor)
    }

    #[test]
    fn a_quick_python_is_taken_where_the_usual_one_is_not_and_it_is_whole() {
        assert_eq!(chosen(Some(12), &[14, 13], &[14, 13]), Some(12), "what the operator calls python3");
        assert_eq!(chosen(Some(11), &[13, 12, 11], &[13, 12, 11]), Some(13));
        assert_eq!(chosen(Some(11), &[13, 12, 11], &[12, 11]), Some(12));
        assert_eq!(chosen(Some(11), &[13, 12, 11, 10], &[11, 10]), Some(11));
        assert_eq!(chosen(Some(9), &[10], &[]), Some(10), "old, but not too old");
        assert_eq!(chosen(None, &[13], &[]), Some(13), "what it lacks is told when it is needed");
        assert_eq!(chosen(None, &[], &[]), None);
    }
}
