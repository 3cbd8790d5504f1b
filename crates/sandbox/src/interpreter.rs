//! What an interpreter needs to be seen with in a jail: itself, its library, and the shared objects that it maps.
//!
//! Found by asking it: it loads the modules that will be loaded, and reads its own memory map. So the jail holds the few
//! files that are used, and not the machine's `/usr`.

use crate::{JailSpec, Mount, SandboxError};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::process::Command;

/// An interpreter and the files that belong to it.
#[derive(Debug, Clone, Deserialize)]
pub struct Interpreter {
    /// The program, as it is to be executed.
    pub program: PathBuf,
    /// `3.11.7`
    pub version: String,
    files: Vec<PathBuf>,
    links: Vec<(PathBuf, PathBuf)>,
}

impl Interpreter {
    /// Asks `python`, with the `needed` modules loaded, and those of the `wished` ones that it has: extension modules and
    /// their libraries cannot be loaded later, because an instance may not map executable memory.
    pub fn discover(python: &Path, needed: &[&str], wished: &[&str]) -> Result<Self, SandboxError> {
        let output = Command::new(python)
            .args(["-I", "-B", "-c", include_str!("interpreter.py")])
            .args([needed.join(","), wished.join(",")])
            .output()
            .map_err(|error| SandboxError::Start(format!("{} cannot be run: {error}", python.display())))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
            return Err(SandboxError::Start(format!("{} cannot load what is needed: {said}", python.display())));
        }
        serde_json::from_slice(&output.stdout)
            .map_err(|error| SandboxError::Start(format!("{} gave an answer that is none: {error}", python.display())))
    }

    /// A jail that holds this interpreter, the devices that it needs, and `folders`.
    pub fn jail(&self, folders: &[&Path], arguments: &[&str], namespaces: bool) -> JailSpec {
        let devices = ["/dev/null", "/dev/urandom"].map(|path| Mount { path: path.into(), device: true });
        let folders = folders.iter().map(|path| Mount::read_only(*path));
        JailSpec {
            mounts: self.files.iter().map(Mount::read_only).chain(folders).chain(devices).collect(),
            symlinks: self.links.clone(),
            program: self.program.clone(),
            arguments: arguments.iter().map(|argument| (*argument).to_owned()).collect(),
            environment: [("LC_ALL", "C.UTF-8"), ("TZ", "UTC"), ("TMPDIR", "/scratch")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .to_vec(),
            namespaces,
        }
    }
}
