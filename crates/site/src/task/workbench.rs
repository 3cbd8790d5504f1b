//! The files of a task, to be changed and run: on the page of a task, and within a check.

use super::Given;
use super::files::{Entry, tree};
use crate::error::SiteError;
use crate::page::{Html, Text, render};
use crate::site::Site;
use askama::Template;
use jobfuture_content::{FileSet, Task, Variant};

/// Where a workbench sends what is written in it.
#[derive(Default)]
pub struct Bench {
    /// Runs it.
    pub run_url: String,
    /// The page with the files as they were given.
    pub reset_url: String,
    /// Keeps it on the server, if it is kept there; else the browser keeps it.
    pub draft_url: Option<String>,
    /// Takes it as done, if it is to be handed in.
    pub hand_in_url: Option<String>,
    /// Where files are read, without what stands behind the folder of files; the public pages if it is not said.
    pub files_url: Option<String>,
    /// What is said below the buttons.
    pub note: Html,
}

#[derive(Template)]
#[template(path = "task/workbench.html")]
struct Workbench<'a> {
    task: &'a Task,
    variant: &'a Variant,
    tree: Vec<Entry>,
    editors: Vec<Editor>,
    /// Globs that allow new files; empty if none does.
    new_files: Vec<&'a str>,
    off: Option<&'a str>,
    run_url: String,
    reset_url: String,
    draft_url: Option<String>,
    hand_in_url: Option<String>,
    note: Html,
}

/// An editable file with what is in it now.
struct Editor {
    path: String,
    text: String,
    /// What the candidate was given; `None` for a file of their own.
    given: Option<String>,
    open: bool,
}

impl Editor {
    fn text(&self) -> Text<'_> {
        Text(&self.text)
    }

    fn given(&self) -> Option<Text<'_>> {
        self.given.as_deref().map(Text)
    }

    fn rows(&self) -> usize {
        self.text.lines().count().clamp(8, 32) + 1
    }
}

/// The bench of a task, holding `files` where they were sent or kept.
pub fn workbench(site: &Site, given: &Given, files: Option<&FileSet>, bench: Bench) -> Result<Html, SiteError> {
    let globs = given.task.editable.editable.iter().map(String::as_str);
    render(&Workbench {
        task: &given.task,
        variant: &given.variant,
        tree: tree(given, bench.files_url.as_deref()),
        editors: editors(given, files),
        new_files: globs.filter(|glob| glob.contains(['*', '?', '['])).collect(),
        off: site.practice().off(),
        run_url: bench.run_url,
        reset_url: bench.reset_url,
        draft_url: bench.draft_url,
        hand_in_url: bench.hand_in_url,
        note: bench.note,
    })
}

fn editors(given: &Given, files: Option<&FileSet>) -> Vec<Editor> {
    let submitted = |path: &str| files.and_then(|files| files.get(path));
    let mut editors: Vec<Editor> = Vec::new();
    for (path, bytes) in given.editable() {
        let original = lossy(bytes);
        let text = submitted(path).map_or_else(|| original.clone(), |bytes| lossy(bytes));
        let open = path == given.task.editable.open_first || text != original;
        editors.push(Editor { path: path.to_owned(), text, given: Some(original), open });
    }
    for (path, bytes) in files.into_iter().flatten() {
        if !given.files.contains_key(path) && given.task.is_editable(path) {
            editors.push(Editor { path: path.clone(), text: lossy(bytes), given: None, open: true });
        }
    }
    editors
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
