//! What the tests need on the machine, and getting it where we may.

use std::path::Path;
use std::process::{Command, Stdio};

/// Ends well on a Python that is new enough and can make virtual environments.
const PYTHON: &str = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))";

/// Something that a step needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// The formatter.
    Rustfmt,
    /// The lints.
    Clippy,
    /// PostgreSQL's server; a test run starts one of its own in a temporary folder.
    Postgres,
    /// Python that can make virtual environments.
    Venv,
    /// Node with npm, for verifiers of credentials and of structured data that are written in JavaScript.
    Node,
    /// The browser.
    Chromium,
    /// What steers the browser.
    Driver,
}

impl Need {
    fn present(self) -> bool {
        match self {
            Self::Rustfmt => succeeds("cargo", &["fmt", "--version"]),
            Self::Clippy => succeeds("cargo", &["clippy", "--version"]),
            Self::Postgres => in_path("initdb") || debian_has_postgres(),
            Self::Venv => succeeds("python3", &["-c", PYTHON]),
            Self::Node => in_path("node") && in_path("npm"),
            Self::Chromium => ["chromium", "chromium-browser", "google-chrome"].iter().any(|name| in_path(name)),
            Self::Driver => in_path("chromedriver"),
        }
    }

    /// Debian's packages, for what Debian has.
    fn packages(self) -> &'static [&'static str] {
        match self {
            Self::Rustfmt | Self::Clippy => &[],
            Self::Postgres => &["postgresql"],
            Self::Venv => &["python3", "python3-venv"],
            Self::Node => &["nodejs", "npm"],
            Self::Chromium => &["chromium"],
            Self::Driver => &["chromium-driver"],
        }
    }

    /// What to do about it, for somebody who is told that it is missing.
    pub fn mend(self) -> &'static str {
        match self {
            Self::Rustfmt => "rustfmt (rustup component add rustfmt)",
            Self::Clippy => "clippy (rustup component add clippy)",
            Self::Postgres => "PostgreSQL's server (apt-get install postgresql; its own service is not used)",
            Self::Venv => "Python 3.10 or newer with venv (apt-get install python3 python3-venv)",
            Self::Node => "Node with npm (apt-get install nodejs npm)",
            Self::Chromium => "Chromium (apt-get install chromium)",
            Self::Driver => "chromedriver (apt-get install chromium-driver)",
        }
    }
}

/// Installs what is missing if this is root on Debian or its kin, and gives what is missing still.
pub fn provide<'n>(needs: impl Iterator<Item = &'n Need>) -> Vec<Need> {
    let mut missing: Vec<Need> = Vec::new();
    for need in needs {
        if !missing.contains(need) && !need.present() {
            missing.push(*need);
        }
    }
    let packages: Vec<&str> = missing.iter().flat_map(|need| need.packages()).copied().collect();
    if !packages.is_empty() && is_root() && in_path("apt-get") {
        install(&packages);
        missing.retain(|need| !need.present());
    }
    for need in &missing {
        println!("missing: {}", need.mend());
    }
    missing
}

fn install(packages: &[&str]) {
    println!("installing {}", packages.join(" "));
    let args: Vec<&str> = ["install", "--yes", "--no-install-recommends"].iter().chain(packages).copied().collect();
    // The lists of packages may be absent or old: then they are fetched, and it is tried once more.
    if !apt(&args) && apt(&["update"]) {
        apt(&args);
    }
}

fn apt(args: &[&str]) -> bool {
    let run =
        Command::new("apt-get").args(args).env("DEBIAN_FRONTEND", "noninteractive").stdout(Stdio::null()).status();
    run.is_ok_and(|status| status.success())
}

fn succeeds(program: &str, args: &[&str]) -> bool {
    let run = Command::new(program).args(args).stdout(Stdio::null()).stderr(Stdio::null()).status();
    run.is_ok_and(|status| status.success())
}

fn in_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// Debian keeps the server's programs out of the path, by version.
fn debian_has_postgres() -> bool {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    versions.into_iter().any(|version| version.path().join("bin/initdb").is_file())
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    Path::new("/proc/self").metadata().is_ok_and(|process| process.uid() == 0)
}
