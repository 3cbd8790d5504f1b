//! Getting the verifiers.

use crate::forge::digest;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

const REQUIREMENTS: &str = include_str!("../../outside/requirements.lock");
const PACKAGES: &str = include_str!("../../outside/package-lock.json");
/// Names the folder anew when what is done with the lock files changes.
const EDITION: &str = "1";

/// One test at a time fetches; the others wait for it.
static FETCHING: Mutex<()> = Mutex::new(());

fn outside() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/outside")
}

/// A program for Python, ready to start.
pub fn python(program: &str) -> Command {
    let folder = complete("python", REQUIREMENTS, |folder| {
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(folder));
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "--no-deps"];
        let safely = ["--only-binary", ":all:", "--require-hashes", "--requirement"];
        let lock = outside().join("requirements.lock");
        run(Command::new(folder.join("bin/python")).args(pip).args(safely).arg(lock));
    });
    let mut command = Command::new(folder.join("bin/python"));
    command.env("PYTHONDONTWRITEBYTECODE", "1").arg(outside().join(program));
    command
}

/// A program for Node, ready to start.
pub fn node(program: &str) -> Command {
    let folder = complete("node", PACKAGES, |folder| {
        std::fs::create_dir_all(folder).unwrap();
        for file in ["package.json", "package-lock.json"] {
            std::fs::copy(outside().join(file), folder.join(file)).unwrap();
        }
        // No scripts of packages are run.
        let ci = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
        run(Command::new("npm").args(ci).current_dir(folder));
    });
    let mut command = Command::new("node");
    command.arg(outside().join(program)).arg(folder);
    command
}

/// The verify page's checks, which need no package.
pub fn browser() -> Command {
    let mut command = Command::new("node");
    command.arg(outside().join("browser.mjs"));
    command
}

/// The folder of these packages, made if it is not there or was not finished.
fn complete(kind: &str, lock: &str, make: impl FnOnce(&Path)) -> PathBuf {
    let _one = FETCHING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let name = digest(&format!("{EDITION}{lock}"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("credential-{kind}-{}", &name[..12]));
    let mark = folder.join("complete");
    if !mark.exists() {
        let _ = std::fs::remove_dir_all(&folder);
        make(&folder);
        std::fs::write(mark, "").unwrap();
    }
    folder
}

fn run(command: &mut Command) {
    let mend = "The independent verifiers are fetched by pip and npm. They need Python 3.10 or newer with venv, Node with npm, \
                and a network or a mirror (PIP_INDEX_URL, npm's registry). cargo xtask test installs Python and Node on Debian.";
    match command.output() {
        Ok(done) if done.status.success() => {}
        Ok(done) => panic!("{command:?} failed: {}\n{mend}", String::from_utf8_lossy(&done.stderr).trim()),
        Err(error) => panic!("{command:?} did not start: {error}\n{mend}"),
    }
}
