//! Honest submissions: the ones that everything else is compared with.

use crate::kit::{failed, grade_in, grader, task, whole};

#[test]
fn every_proven_submission_does_what_is_expected_of_it() {
    for task in ["notes-api", "notes-words", "notes-tests"].map(task) {
        for (name, expected) in &task.expected.submissions {
            let verdict = grade_in(task, task.submissions[name].clone());
            assert_eq!(failed(&verdict), expected.fails, "{} {name}: {verdict:#?}", task.id);
            assert!(verdict.passed && verdict.stopped.is_none());
        }
        let editable = task.starter.iter().filter(|(path, _)| task.is_editable(path));
        let verdict = grade_in(task, editable.map(|(path, bytes)| (path.clone(), bytes.clone())).collect());
        assert_eq!(failed(&verdict), task.expected.starter.fails, "{} starter: {verdict:#?}", task.id);
    }
    whole(grader());
}

#[test]
fn a_run_sees_the_packages_of_its_project_and_no_others() {
    let run = grader().run_snippet("desk", "import sys\nprint(sum('-packages' in path for path in sys.path))").unwrap();
    assert_eq!((run.output.as_str(), run.finished), ("1\n", true), "{run:#?}");
}
