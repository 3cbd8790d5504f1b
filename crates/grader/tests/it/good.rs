//! Honest submissions: the ones that everything else is compared with.

use crate::kit::{api, config, data, failed, fresh_seed, grade_in, grader, read, right, task, whole};
use jobfuture_grader::Grader;
use std::sync::Arc;

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

/// Templates keep modules of the project loaded. One that needs a module which a run replaces is loaded anew with it, and one
/// that has left a receiver behind is not kept at all.
#[test]
fn a_run_finds_loaded_what_it_would_have_loaded_itself() {
    grader();
    let mut library = read();
    let project = Arc::get_mut(library.projects.get_mut("desk").unwrap()).unwrap();
    for (path, text) in [
        ("notes/shelf.py", "from . import api\n\nHELD = api\n"),
        ("notes/untouched.py", "print('loaded, though nothing that it needs was replaced')\n"),
        (
            "notes/bell.py",
            "from django.core.signals import request_started\n\nfrom . import api\n\n\n\
             def ring(sender, environ, **more):\n    environ['rung'] = environ.get('rung', 0) + 1\n    \
             print('rung', environ['rung'])\n\n\nrequest_started.connect(ring)\n",
        ),
        (
            "notes/urls.py",
            "from django.urls import path\n\nfrom . import api, bell, shelf, untouched\n\n\
             print('held is', 'new' if shelf.HELD is api and hasattr(api, 'FROM_THE_RUN') else 'old')\n\
             urlpatterns = [path('notes/', api.notes), path('notes/<int:pk>/', api.note)]\n",
        ),
    ] {
        project.files.insert(path.into(), text.into());
    }
    let own = Grader::start(&Arc::new(library), &config(&data()), &|line| println!("{line}")).unwrap();
    let task = task("notes-api");
    let text = right() + "\nFROM_THE_RUN = True\n";
    let verdict = own.grade(task, &task.variant(0).unwrap(), api(text), fresh_seed()).unwrap();
    let output = &verdict.output;
    assert!(verdict.passed && output.contains("held is new") && output.contains("rung 1"), "{verdict:#?}");
    assert!(!output.contains("held is old") && !output.contains("rung 2"), "{output}");
    assert!(!output.contains("loaded, though"), "nothing is kept loaded: {output}");
    whole(&own);
}
