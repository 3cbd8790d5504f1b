//! What a candidate sends, checked before anything is run.

use crate::config::PracticeLimits;
use crate::error::SiteError;
use crate::practice::{Form, text};
use jobfuture_content::{FileSet, Task, check_path};

/// More files than any task needs.
const MAX_FILES: usize = 64;

/// The files of a form, as they are.
#[derive(Debug)]
pub struct Submission {
    /// By path, as it was sent.
    pub files: FileSet,
    /// The variant that the form was made for.
    pub seed: Option<u64>,
    /// Paths that stand more than once.
    twice: Vec<String>,
}

impl Submission {
    /// Takes what is there; [`Submission::check`] says what is wrong with it.
    pub fn of(form: &Form) -> Result<Self, SiteError> {
        let mut submission = Self { files: FileSet::new(), seed: None, twice: Vec::new() };
        submission.seed = form.text("variant")?.and_then(|seed| seed.trim().parse().ok());
        for (path, bytes) in form.with_prefix("file:") {
            submission.add(path, bytes);
        }
        let path = form.text("new-path")?.unwrap_or_default();
        if let (false, Some(bytes)) = (path.trim().is_empty(), form.bytes("new-text")) {
            submission.add(path.trim(), bytes);
        }
        Ok(submission)
    }

    fn add(&mut self, path: &str, bytes: &[u8]) {
        // Browsers send line ends as CR LF; files have LF.
        let text = std::str::from_utf8(bytes).map(|text| text.replace("\r\n", "\n").into_bytes());
        let bytes = text.unwrap_or_else(|_| bytes.to_vec());
        if self.files.insert(path.to_owned(), bytes).is_some() {
            self.twice.push(path.to_owned());
        }
    }

    /// Whether it can be run.
    ///
    /// # Errors
    /// [`SiteError::Refused`] or [`SiteError::TooLarge`], naming the file and the mend.
    pub fn check(&self, task: &Task, limits: &PracticeLimits) -> Result<(), SiteError> {
        let refused = |says: String| Err(SiteError::Refused(says));
        if self.files.is_empty() {
            return refused("No file was sent. Send at least one of the files that are yours to change.".to_owned());
        }
        if self.files.len() > MAX_FILES {
            return refused(format!("{} files were sent; {MAX_FILES} are taken at most.", self.files.len()));
        }
        if let Some(path) = self.twice.first() {
            return refused(format!("The file {path} was sent twice. Send it once."));
        }
        for (path, bytes) in &self.files {
            if let Err(fault) = check_path(path) {
                return refused(format!("The path “{}” cannot be used: {fault}.", shortened(path)));
            }
            if !task.is_editable(path) {
                let globs = task.editable.editable.join(", ");
                return refused(format!("The file {path} is not yours to change in this task. These are: {globs}."));
            }
            if bytes.len() > limits.file_bytes {
                let what = format!("The file {path}");
                return Err(SiteError::TooLarge { what, bytes: Some(bytes.len() as u64), limit: limits.file_bytes });
            }
            text(bytes, &format!("The file {path}"))?;
        }
        Ok(())
    }
}

fn shortened(path: &str) -> String {
    let short: String = path.chars().take(80).filter(|c| !c.is_control()).collect();
    if path.chars().count() > 80 { format!("{short}…") } else { short }
}
