//! `grade try` with a real grader. Its virtual environment is the one of the grader's own tests, made once.

use crate::{content, run_apart};
use jobfuture_content::{FileSet, Library};
use serde_json::Value;
use std::path::{Path, PathBuf};

const TASK: &str = "book-list";
const SEED: &str = "3";

/// A data folder with a virtual environment in it.
pub fn data() -> PathBuf {
    std::env::var_os("JOBFUTURE_TEST_DATA")
        .map_or_else(|| Path::new(env!("CARGO_TARGET_TMPDIR")).join("grader-data"), PathBuf::from)
}

/// The files of one of the task's own submissions, as somebody would hand them in.
fn files(submission: &str) -> FileSet {
    let library = Library::read(&content()).unwrap();
    let task = &library.tasks[TASK];
    let variant = task.variant(SEED.parse().unwrap()).unwrap();
    task.render_files(&task.submissions[submission], &variant.parameters).unwrap()
}

fn folder_of(files: &FileSet) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in files {
        let file = folder.path().join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, bytes).unwrap();
    }
    folder
}

/// Exit code, standard output, standard error.
fn attempt(folder: &tempfile::TempDir, more: &[&str]) -> (i32, String, String) {
    let (folder, data) = (folder.path().to_str().unwrap(), data());
    let arguments = ["grade", "try", TASK, folder, "--seed", SEED, "--data", data.to_str().unwrap()];
    run_apart(&[&arguments[..], &["--allow-reduced-isolation"], more].concat())
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn a_folder_is_graded_and_the_exit_code_says_whether_it_passed() {
    let (code, verdict, notes) = attempt(&folder_of(&files("accepted/page-then-fill")), &["--json"]);
    assert_eq!(code, 0, "{verdict}{notes}");
    let verdict: Value = serde_json::from_str(&verdict).unwrap();
    let wanted =
        ["task", "version", "seed", "passed", "behaviours", "statements", "stopped", "output", "timings_ms", "used"];
    assert_eq!(keys(&verdict), wanted);
    assert_eq!((&verdict["task"], &verdict["seed"], &verdict["passed"]), (&TASK.into(), &3.into(), &true.into()));
    let behaviours = verdict["behaviours"].as_array().unwrap();
    assert_eq!(keys(&behaviours[0]), ["id", "kind", "requirement", "title", "passed", "evidence"]);
    assert!(
        behaviours.iter().all(|behaviour| behaviour["passed"] == true && behaviour["evidence"] == Value::Array(vec![]))
    );

    let wrong = folder_of(&files("mutants/pages-of-ten"));
    let (code, verdict, notes) = attempt(&wrong, &["--json"]);
    assert_eq!(code, 1, "{verdict}{notes}");
    let verdict: Value = serde_json::from_str(&verdict).unwrap();
    assert_eq!(verdict["passed"], false);
    let failed =
        verdict["behaviours"].as_array().unwrap().iter().find(|behaviour| behaviour["passed"] == false).unwrap();
    assert_eq!(keys(&failed["evidence"][0]), ["says", "request", "response", "wanted", "found", "statements"]);

    let (code, told, notes) = attempt(&wrong, &[]);
    assert_eq!(code, 1, "{told}{notes}");
    let says = failed["evidence"][0]["says"].as_str().unwrap();
    assert!(told.contains(failed["title"].as_str().unwrap()) && told.contains(says), "{told}");
    let count = verdict["behaviours"].as_array().unwrap().len();
    assert!(told.contains(&format!(" of {count} behaviours, ")), "{told}");
}
