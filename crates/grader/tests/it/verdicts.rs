//! Verdicts as they are handed out: a pass, and a failure of each kind, with the evidence that a candidate reads.

use crate::kit::{behaviour, grade, grade_in, grader, right, right_but, task, text_of};
use jobfuture_content::FileSet;
use jobfuture_grader::Verdict;
use serde_json::{Value, json};

/// One seed for all: a snapshot must not change.
const SEED: u64 = 4_711;

fn seeded(task_id: &str, files: FileSet) -> Verdict {
    let task = task(task_id);
    grader().grade(task, &task.variant(0).unwrap(), files, SEED).unwrap()
}

fn api(text: String) -> Verdict {
    seeded("notes-api", crate::kit::api(text))
}

/// Without times, which are never the same.
fn still(mut value: Value) -> Value {
    match &mut value {
        Value::Object(map) => {
            for key in ["micros", "cpu_seconds"] {
                map.entry(key).and_modify(|time| *time = json!("…"));
            }
            if let Some(Value::Object(times)) = map.get_mut("timings_ms") {
                times.values_mut().for_each(|time| *time = json!("…"));
            }
            map.values_mut().for_each(|value| *value = still(value.take()));
        }
        Value::Array(list) => list.iter_mut().for_each(|value| *value = still(value.take())),
        _ => {}
    }
    value
}

/// Evidence of one behaviour, as text that is read.
fn evidence(verdict: &Verdict, id: &str) -> String {
    let found = behaviour(verdict, id);
    assert!(!found.passed && found.evidence.len() == 1, "{verdict:#?}");
    let one = &found.evidence[0];
    let mut text = format!("{} ({})\n{}\n{}\n", found.id, found.kind, found.title, one.says);
    for (name, part) in
        [("asked", &one.request), ("answered", &one.response), ("wanted", &one.wanted), ("found", &one.found)]
    {
        text += &part.as_ref().map_or_else(String::new, |part| format!("-- {name}\n{part}\n"));
    }
    if let Some((first, count)) = one.statements {
        text += "-- statements\n";
        for statement in &verdict.statements[first..first + count] {
            text += &format!("{} ({} rows, repeated {})\n", statement.sql, statement.rows, statement.repeats);
        }
    }
    text
}

#[test]
fn a_pass() {
    insta::assert_json_snapshot!(still(serde_json::to_value(api(right())).unwrap()));
}

#[test]
fn http_says_what_differs() {
    insta::assert_snapshot!(evidence(&api(right_but("\"title\", \"pk\")", "\"-title\", \"pk\")")), "list"));
    insta::assert_snapshot!(evidence(&api(right_but("\"id\": note.pk, ", "")), "list"));
    insta::assert_snapshot!(evidence(
        &api(right_but(
            "    return JsonResponse({\"results\": [",
            "    1 / 0\n    return JsonResponse({\"results\": ["
        )),
        "list"
    ));
}

#[test]
fn query_growth_shows_the_statements() {
    let starter = api(text_of("notes-api", "starter", "notes/api.py"));
    let text = evidence(&starter, "list-growth");
    // The first statements tell it; the rest repeats them.
    insta::assert_snapshot!(
        text.lines().take_while(|line| !line.contains("repeated 2)")).collect::<Vec<_>>().join("\n")
    );
    let rows = right_but(".order_by(\"title\", \"pk\")", ".order_by(\"title\", \"pk\")\n    list(Note.objects.all())");
    insta::assert_snapshot!(evidence(&api(rows), "list-growth").split("-- answered").next().unwrap());
}

#[test]
fn permission_matrix_says_who() {
    insta::assert_snapshot!(evidence(&api(right_but(", notebook__owner=request.user", "")), "owners-only"));
    let telling = right_but(
        "    if found is None:\n        return JsonResponse({\"detail\": \"Not found.\"}, status=404)\n    if request",
        "    if found is None:\n        return JsonResponse({\"detail\": str(Note.objects.filter(pk=pk).exists())}, status=404)\n    if request",
    );
    insta::assert_snapshot!(evidence(&api(telling), "owners-only"));
    let writing = right_but(
        "    if not request.user.is_authenticated:",
        "    if request.method == \"PATCH\":\n        Note.objects.filter(pk=pk).update(title=\"Changed\")\n    if not request.user.is_authenticated:",
    );
    insta::assert_snapshot!(evidence(&api(writing), "owners-only"));
}

#[test]
fn database_effect_says_what_is_missing() {
    insta::assert_snapshot!(evidence(&api(right_but("Note.objects.create(notebook", "Note(pk=77, notebook")), "made"));
}

#[test]
fn index_used_shows_the_plan() {
    insta::assert_snapshot!(evidence(&api(right_but("filter(slug=", "filter(slug__contains=")), "by-slug"));
}

#[test]
fn migration_shows_what_is_lost() {
    let mut files = task("notes-words").submissions["accepted/once"].clone();
    let path = "notes/migrations/0002_words.py";
    let text = text_of("notes-words", "accepted/once", path);
    let mut with = |by: &str| {
        files.insert(
            path.into(),
            text.replace("migrations.RunPython(count, migrations.RunPython.noop),", by).into_bytes(),
        );
        seeded("notes-words", files.clone())
    };
    insta::assert_snapshot!(evidence(&with(""), "counted"));
    insta::assert_snapshot!(evidence(&with("migrations.RunPython(count),"), "there-and-back"));
    let losing =
        "migrations.RunPython(count, lambda apps, _: apps.get_model('notes', 'Note').objects.update(title='?')),";
    insta::assert_snapshot!(evidence(&with(losing), "there-and-back").split("-- statements").next().unwrap());
}

#[test]
fn tests_kill_mutants_does_not_say_what_is_broken() {
    let path = "tests/test_notes.py";
    let rules = text_of("notes-tests", "accepted/rules", path);
    let blind = rules.replace("self.assertEqual(self.read_as(\"ben\"), 404)", "self.read_as(\"ben\")");
    insta::assert_snapshot!(evidence(&seeded("notes-tests", crate::kit::file(path, blind)), "owners-only"));
    let strict =
        rules.replace("self.assertEqual(response.status_code, 201)", "self.assertEqual(response.status_code, 200)");
    insta::assert_snapshot!(evidence(&seeded("notes-tests", crate::kit::file(path, strict)), "made"));
    let none = "from django.test import TestCase";
    insta::assert_snapshot!(evidence(&seeded("notes-tests", crate::kit::file(path, none)), "made"));
}

#[test]
fn the_same_seeds_give_the_same_verdict_and_others_other_rows() {
    let plain = |verdict: Verdict| still(serde_json::to_value(verdict).unwrap());
    let task = task("notes-api");
    let wrong = right_but("\"id\": note.pk, ", "\"id\": 0, ");
    let with = |seed| plain(grader().grade(task, &task.variant(0).unwrap(), crate::kit::api(&wrong), seed).unwrap());
    assert_eq!(with(1), with(1));
    assert_eq!(with(u64::MAX), with(u64::MAX));
    let wanted = |verdict: &Value| verdict["behaviours"][0]["evidence"][0]["response"].clone();
    assert_ne!(wanted(&with(1)), wanted(&with(2)));
    for (task_id, submission) in [("notes-words", "accepted/once"), ("notes-tests", "accepted/rules")] {
        let files = || crate::kit::task(task_id).submissions[submission].clone();
        assert_eq!(plain(seeded(task_id, files())), plain(seeded(task_id, files())));
    }
}

#[test]
fn four_at_a_time_are_as_right_as_one() {
    let wrong = right_but("filter(slug=", "filter(slug__contains=");
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let wrong = &wrong;
            scope.spawn(move || {
                for round in 0..10 {
                    match (thread + round) % 4 {
                        0 | 1 => assert!(grade(right()).passed),
                        2 => assert_eq!(crate::kit::failed(&grade(wrong)), ["by-slug"]),
                        _ => assert!(grade(format!("import os\nos._exit({round})")).stopped.is_some()),
                    }
                }
            });
        }
    });
    let words = &task("notes-words").submissions["accepted/once"];
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| assert!(grade_in(task("notes-words"), words.clone()).passed));
        }
    });
    crate::kit::whole(grader());
}
