//! One grader for the whole binary, a small project of its own, and submissions made of pieces.
//!
//! `content/` beside this file is read as any content is. The virtual environment is made once, under the folder that
//! `JOBFUTURE_TEST_DATA` names or else under cargo's target folder, and kept between test runs.

use jobfuture_content::{FileSet, Library, Limits, Task};
use jobfuture_grader::verdict::{BehaviourVerdict, StopKind};
use jobfuture_grader::{GradeError, Grader, GraderConfig, Verdict};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

/// What [`grader`] keeps ready.
pub const POOL: usize = 3;

/// The project's packages are the library's: one lock file, one virtual environment.
const LOCK: &[u8] = include_bytes!("../../../../content/projects/library/requirements.lock");

pub fn data() -> PathBuf {
    std::env::var_os("JOBFUTURE_TEST_DATA")
        .map_or_else(|| Path::new(env!("CARGO_TARGET_TMPDIR")).join("grader-data"), PathBuf::from)
}

pub fn config(data: &Path) -> GraderConfig {
    GraderConfig { data: data.to_owned(), python: None, pool: POOL, allow_reduced_isolation: true }
}

/// The test content, read anew.
pub fn read() -> Library {
    let mut library = Library::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/content")).unwrap();
    let project = Arc::get_mut(library.projects.get_mut("desk").unwrap()).unwrap();
    project.files.insert("requirements.lock".into(), LOCK.to_vec());
    library
}

pub fn library() -> &'static Arc<Library> {
    static LIBRARY: OnceLock<Arc<Library>> = OnceLock::new();
    LIBRARY.get_or_init(|| Arc::new(read()))
}

/// The grader that all tests share. Nothing that a submission does may harm it, so sharing is a test in itself.
pub fn grader() -> &'static Grader {
    static GRADER: OnceLock<Grader> = OnceLock::new();
    GRADER.get_or_init(|| Grader::start(library(), &config(&data()), &|line| println!("{line}")).unwrap())
}

pub fn task(id: &str) -> &'static Task {
    &library().tasks[id]
}

/// A task with limits of one's own.
pub fn limited(id: &str, limits: Limits) -> Arc<Task> {
    let mut library = read();
    let mut task = library.tasks.remove(id).unwrap();
    Arc::get_mut(&mut task).unwrap().manifest.limits = limits;
    task
}

/// Another secret for each grading.
pub fn fresh_seed() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1_000_003);
    NEXT.fetch_add(7_919, Ordering::Relaxed)
}

/// A submission of one file.
pub fn file(path: &str, text: impl AsRef<[u8]>) -> FileSet {
    FileSet::from([(path.to_owned(), text.as_ref().to_vec())])
}

/// `notes/api.py` of the API task.
pub fn api(text: impl AsRef<[u8]>) -> FileSet {
    file("notes/api.py", text)
}

/// The text of a file of a proven submission, or of the starter.
pub fn text_of(task_id: &str, submission: &str, path: &str) -> String {
    let task = task(task_id);
    let files = if submission == "starter" { &task.starter } else { &task.submissions[submission] };
    String::from_utf8(files[path].clone()).unwrap()
}

/// An API that passes.
pub fn right() -> String {
    text_of("notes-api", "accepted/plain", "notes/api.py")
}

/// An API that is wrong in all but the list.
pub fn wrong() -> String {
    text_of("notes-api", "starter", "notes/api.py")
}

/// The right API with one piece of its text replaced.
pub fn right_but(piece: &str, by: &str) -> String {
    let text = right();
    assert!(text.contains(piece), "{piece} is not in the accepted submission");
    text.replacen(piece, by, 1)
}

pub fn try_grade(task: &Task, files: FileSet) -> Result<Verdict, GradeError> {
    grader().grade(task, &task.variant(0).unwrap(), files, fresh_seed())
}

pub fn grade_in(task: &Task, files: FileSet) -> Verdict {
    try_grade(task, files).unwrap()
}

/// Grades `notes/api.py`.
pub fn grade(text: impl AsRef<[u8]>) -> Verdict {
    grade_in(task("notes-api"), api(text))
}

/// Grades a good submission, which must pass: before, between and after whatever else happens.
pub fn good() -> Verdict {
    let verdict = grade(right());
    assert!(verdict.passed, "{verdict:#?}");
    verdict
}

/// Grades something hostile between good submissions: the one after it is the one before the next.
pub fn between_good(text: impl AsRef<[u8]>) -> Verdict {
    static FIRST: OnceLock<Verdict> = OnceLock::new();
    FIRST.get_or_init(good);
    let verdict = grade(text);
    good();
    whole(grader());
    verdict
}

pub fn failed(verdict: &Verdict) -> Vec<&str> {
    verdict.behaviours.iter().filter(|one| !one.passed).map(|one| one.id.as_str()).collect()
}

pub fn behaviour<'v>(verdict: &'v Verdict, id: &str) -> &'v BehaviourVerdict {
    verdict.behaviours.iter().find(|one| one.id == id).unwrap()
}

pub fn stopped(verdict: &Verdict) -> (StopKind, &str) {
    let stop = verdict.stopped.as_ref().unwrap_or_else(|| panic!("not stopped: {verdict:#?}"));
    assert!(!verdict.passed, "stopped, and passed all the same");
    (stop.kind, &stop.says)
}

/// No template has died and none is missing. (How many wait is not the same from one moment to the next while other
/// tests run; see `faults`, which has graders to itself.)
pub fn whole(grader: &Grader) {
    for (project, kind, state) in grader.pools() {
        assert!(
            state.fault.is_none() && state.restarts == 0 && state.template.is_some(),
            "{project} {kind}: {state:?}"
        );
    }
}

/// The end of what was printed, for a failing test.
pub fn tail(verdict: &Verdict) -> &str {
    let text = &verdict.output;
    let begin = text.char_indices().rev().nth(2_000).map_or(0, |(at, _)| at);
    &text[begin..]
}
