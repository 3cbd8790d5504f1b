//! Folders and files, with a fault for whatever should not be there.

use super::Reader;
use crate::link::is_id;
use crate::model::FileSet;
use crate::paths::check_path;
use std::fs;
use std::path::Path;

/// The line, from 1, of the first place where `needle` stands; 1 if it stands nowhere.
pub(crate) fn line_of(text: &str, needle: &str) -> usize {
    match text.find(needle) {
        Some(at) => text[..at].matches('\n').count() + 1,
        None => 1,
    }
}

/// What tools leave behind and nobody meant as content.
fn is_litter(name: &str) -> bool {
    name.starts_with('.') || name.ends_with('~') || name.ends_with(".pyc") || name == "__pycache__"
}

impl Reader<'_> {
    /// A UTF-8 file that must be there, with Unix line ends.
    pub(super) fn text(&mut self, file: impl AsRef<Path>) -> Option<String> {
        let file = file.as_ref();
        match fs::read(self.root.join(file)) {
            Ok(bytes) => self.utf8(file, bytes),
            Err(error) => {
                let missing = error.kind() == std::io::ErrorKind::NotFound;
                let says = if missing {
                    "The file is missing".to_owned()
                } else {
                    format!("The file cannot be read: {error}")
                };
                self.fault(file, 1, says, "Write it as docs/content-format.md says");
                None
            }
        }
    }

    /// As [`Self::text`], but the file may be missing.
    pub(super) fn text_if_there(&mut self, file: impl AsRef<Path>) -> Option<String> {
        if self.root.join(file.as_ref()).exists() { self.text(file) } else { None }
    }

    fn utf8(&mut self, file: &Path, bytes: Vec<u8>) -> Option<String> {
        match String::from_utf8(bytes) {
            Ok(text) => Some(text.replace("\r\n", "\n")),
            Err(error) => {
                let good = error.utf8_error().valid_up_to();
                let line = error.as_bytes()[..good].iter().filter(|byte| **byte == b'\n').count() + 1;
                self.fault(file, line, "The text is not UTF-8", "Save it as UTF-8");
                None
            }
        }
    }

    /// Names in a folder, sorted: folders first, then files. Links are refused: content is what it looks like.
    fn names(&mut self, folder: &str) -> (Vec<String>, Vec<String>) {
        let (mut folders, mut files) = (Vec::new(), Vec::new());
        let entries = match fs::read_dir(self.root.join(folder)) {
            Ok(entries) => entries,
            Err(error) => {
                self.fault(folder, 1, format!("The folder cannot be read: {error}"), "Make it, or let it be read");
                return (folders, files);
            }
        };
        for entry in entries.flatten() {
            let Ok(name) = entry.file_name().into_string() else {
                self.fault(folder, 1, "A name in this folder is not UTF-8", "Rename it");
                continue;
            };
            if is_litter(&name) {
                continue;
            }
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(name),
                Ok(kind) if kind.is_file() => files.push(name),
                _ => self.fault(
                    format!("{folder}/{name}"),
                    1,
                    "This is neither a file nor a folder",
                    "Put a copy in its place",
                ),
            }
        }
        folders.sort();
        files.sort();
        (folders, files)
    }

    /// The folders in `folder`, each named by an id; files beside them are faults.
    pub(super) fn folders(&mut self, folder: &str) -> Vec<String> {
        let (folders, files) = self.names(folder);
        for file in files {
            let mend = "Move it into the folder that it belongs to, or remove it";
            self.fault(format!("{folder}/{file}"), 1, "A file stands where only folders do", mend);
        }
        let (ids, others): (Vec<_>, Vec<_>) = folders.into_iter().partition(|name| is_id(name));
        for name in others {
            let mend = "Use lower-case words joined by single hyphens";
            self.fault(format!("{folder}/{name}"), 1, format!("`{name}` is not an id"), mend);
        }
        ids
    }

    /// The files directly in `folder`; folders beside them are faults.
    pub(super) fn plain_files(&mut self, folder: &str) -> Vec<String> {
        let (folders, files) = self.names(folder);
        for name in folders {
            self.fault(format!("{folder}/{name}"), 1, "A folder stands where only files do", "Move or remove it");
        }
        files
    }

    /// Whether the folder is there.
    pub(super) fn is_folder(&self, folder: &str) -> bool {
        self.root.join(folder).is_dir()
    }

    /// All files below `folder`, as bytes.
    pub(super) fn files(&mut self, folder: &str) -> FileSet {
        let mut set = FileSet::new();
        let mut left = vec![String::new()];
        while let Some(prefix) = left.pop() {
            let at = if prefix.is_empty() { folder.to_owned() } else { format!("{folder}/{prefix}") };
            let (folders, files) = self.names(&at);
            let path = |name: &str| if prefix.is_empty() { name.to_owned() } else { format!("{prefix}/{name}") };
            left.extend(folders.iter().map(|name| path(name)));
            for name in files {
                let path = path(&name);
                self.file_into(folder, path, &mut set);
            }
        }
        set
    }

    fn file_into(&mut self, folder: &str, path: String, set: &mut FileSet) {
        let full = format!("{folder}/{path}");
        if let Err(fault) = check_path(&path) {
            self.fault(&full, 1, format!("The name is refused: {fault}"), "Rename or move the file");
            return;
        }
        match fs::read(self.root.join(&full)) {
            Ok(bytes) => {
                set.insert(path, bytes);
            }
            Err(error) => self.fault(&full, 1, format!("The file cannot be read: {error}"), "Let it be read"),
        }
    }
}
