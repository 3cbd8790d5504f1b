//! Explain-back: what the candidate's own code does, found by running it.

use crate::kit::{api, file, grader, read, right, right_but, task, text_of, wrong};
use jobfuture_content::{Answer, FileSet, Form};
use jobfuture_grader::ExplainBack;
use jobfuture_grader::prove::{Selection, TaskReport, prove};
use std::sync::Arc;

const SEED: u64 = 4_711;

fn asked(task_id: &str, files: FileSet, seed: u64) -> Vec<ExplainBack> {
    let task = task(task_id);
    grader().explain_back(task, &task.variant(0).unwrap(), files, seed).unwrap()
}

/// `id: answer`, one for each question that can be asked.
fn answers(task_id: &str, files: FileSet) -> Vec<String> {
    asked(task_id, files, SEED).iter().map(|one| format!("{}: {}", one.id, one.answer)).collect()
}

fn of(submission: &str) -> FileSet {
    api(text_of("notes-api", submission, "notes/api.py"))
}

#[test]
fn what_the_code_does_is_found_by_running_it() {
    let same = ["marked-title: <b>Bold</b> & more", "shown: 0"];
    let plain = ["list-statements: 1", "list-growth: 0", "empty-put: 200"];
    assert_eq!(answers("notes-api", of("accepted/plain")), [&plain[..], &same].concat());
    // The framework asks who is there: session and user.
    let values = ["list-statements: 3", "list-growth: 0", "empty-put: 400"];
    assert_eq!(answers("notes-api", of("accepted/values")), [&values[..], &same].concat());
    // The starter makes no notes, and minds no slug.
    let starter = ["list-statements: 13", "list-growth: 108", "empty-put: 200", "shown: 12"];
    assert_eq!(answers("notes-api", api(wrong())), starter);
}

#[test]
fn a_question_has_the_facts_of_its_run_and_no_others() {
    let first = asked("notes-api", api(right()), SEED);
    assert_eq!(first, asked("notes-api", api(right()), SEED));
    let statements = &first[0];
    assert!(statements.prompt_html.ends_with("among 12?</p>\n"), "{}", statements.prompt_html);
    assert_ne!(statements.prompt_html, asked("notes-api", api(right()), SEED + 1)[0].prompt_html);
    assert!(first.iter().all(|one| !one.prompt_html.contains("{{") && !one.explanation_html.contains("{{")));
    assert_eq!(statements.explanation_html, "<p>It took 1.</p>\n");
}

#[test]
fn a_value_is_text_where_it_is_shown() {
    let title = &asked("notes-api", api(right()), SEED)[3];
    assert_eq!(title.explanation_html, "<p>It holds &lt;b&gt;Bold&lt;/b&gt; &amp; more.</p>\n");
    assert!(title.options.contains(&"<b>Bold</b> & more".to_owned()), "{:?}", title.options);
}

#[test]
fn an_answer_is_right_or_not_as_in_quick_questions() {
    let all = asked("notes-api", api(right()), SEED);
    assert_eq!((all[0].form, all[2].form), (Form::Number, Form::Choice));
    assert!(all[0].key().accepts(&Answer::Typed(" 1 ".into())) && !all[0].key().accepts(&Answer::Typed("2".into())));
    assert_eq!(all[2].options, ["200", "400", "405"]);
    assert!(all[2].key().accepts(&Answer::Options(vec![0])) && !all[2].key().accepts(&Answer::Options(vec![1])));
    let stored = serde_json::to_string(&all).unwrap();
    assert_eq!(serde_json::from_str::<Vec<ExplainBack>>(&stored).unwrap(), all);
}

#[test]
fn what_nobody_thought_of_is_among_the_options() {
    let teapot = right_but(
        "def note(request, pk):\n",
        "def note(request, pk):\n    if request.method == \"PUT\":\n        return JsonResponse({}, status=418)\n",
    );
    let all = asked("notes-api", api(teapot), SEED);
    assert_eq!(
        (all[2].answer.as_str(), &all[2].options[..]),
        ("418", &["200", "400", "405", "418"].map(String::from)[..])
    );
    let shouting = right_but("\"title\": note.title", "\"title\": note.title.upper()");
    assert!(asked("notes-api", api(shouting), SEED)[3].options.contains(&"<B>BOLD</B> & MORE".to_owned()));
}

#[test]
fn what_could_not_be_observed_is_not_asked() {
    assert_eq!(answers("notes-api", api("def notes(")), [""; 0]);
    // An exception is an answer where the status is asked for, and none elsewhere.
    let raising = right_but("def shown(note):\n", "def shown(note):\n    1 / 0\n");
    assert_eq!(answers("notes-api", api(raising)), ["empty-put: 500", "shown: 0"]);
    let long = right_but("\"title\": note.title", "\"title\": note.title * 9");
    assert!(!answers("notes-api", api(long)).iter().any(|one| one.starts_with("marked-title")));
    // A stop ends the looking.
    let leaving = right_but("def notes(request):\n", "def notes(request):\n    import os; os._exit(0)\n");
    assert_eq!(answers("notes-api", api(leaving)), [""; 0]);
    let other = right_but("def note(request, pk):\n", "def note(request, pk):\n    import os; os._exit(0)\n");
    assert_eq!(answers("notes-api", api(other)), ["list-statements: 1", "list-growth: 0"]);
}

#[test]
fn what_one_question_leaves_in_memory_answers_no_other() {
    let remembering = right_but(
        "    found = Note.objects.select",
        "    if KNOWN:\n        return JsonResponse(KNOWN[0])\n    found = Note.objects.select",
    )
    .replace("def shown(note)", "KNOWN = []\n\n\ndef shown(note)")
    .replace(
        "    return JsonResponse({\"results\": [shown(one) for one in found]})",
        "    KNOWN.append({\"results\": [shown(one) for one in found]})\n    return JsonResponse(KNOWN[0])",
    );
    let seen = answers("notes-api", api(remembering));
    assert_eq!(seen[..2], ["list-statements: 1", "list-growth: -1"]);
}

#[test]
fn migrations_and_tests_are_looked_into_as_well() {
    let once = task("notes-words").submissions["accepted/once"].clone();
    assert_eq!(answers("notes-words", once), ["more-notes: 0", "two-blanks: 2"]);
    assert_eq!(
        answers("notes-words", file("notes/models.py", text_of("notes-words", "starter", "notes/models.py"))),
        ["more-notes: 0"]
    );
    let path = "tests/test_notes.py";
    let rules = text_of("notes-tests", "accepted/rules", path);
    assert_eq!(answers("notes-tests", file(path, &rules)), ["refused: 1", "tests: 4"]);
    // Where a test fails the suite ends, and nobody could count by reading.
    assert_eq!(answers("notes-tests", file(path, rules.replace("201", "200"))), [""; 0]);
}

#[test]
fn what_cannot_be_graded_cannot_be_asked_about() {
    let task = task("notes-api");
    let error = grader().explain_back(task, &task.variant(0).unwrap(), file("notes/models.py", "x"), 1).unwrap_err();
    assert!(error.to_string().contains("cannot be changed"), "{error}");
}

/// The gate's report on the API task, some of whose questions are spoilt: number, what stood there, what stands there now.
fn gate(spoilt: &[(usize, &str, &str)]) -> TaskReport {
    let mut content = read();
    let task = Arc::get_mut(content.tasks.get_mut("notes-api").unwrap()).unwrap();
    for (question, from, to) in spoilt {
        let text = &mut task.explain_back[*question].1;
        assert!(text.contains(from), "{text}");
        *text = text.replacen(from, to, 1);
    }
    let selection = Selection { only: Some("notes-api".into()), ..Selection::default() };
    prove(grader(), &content, &selection, &|_, _, _| {}).unwrap().tasks.remove(0)
}

/// One gate for all: each takes as long as sixty verdicts.
#[test]
fn the_gate_names_questions_that_should_not_be_asked() {
    let report = gate(&[
        (2, "[200, 400, 405]", "[200, 404, 405]"),
        (3, "same_for_all = \"Markup in JSON is worth a thought.\"", ""),
        (3, "starter = \"it makes no notes\"", "\"accepted/plain\" = \"it makes none\""),
    ]);
    let told = report.violations.iter().filter_map(|one| one.strip_prefix("explain-back "));
    let (seeds, others): (Vec<&str>, Vec<&str>) = told.partition(|one| one.contains("with seed"));
    assert_eq!(
        others,
        [
            "marked-title: all submissions give the same answer: ask something else, or say with same_for_all why it is worth asking"
        ]
    );
    let of_seed_2: Vec<&str> = seeds.iter().copied().filter(|one| one.contains("with seed 2")).collect();
    assert_eq!(
        of_seed_2,
        [
            "empty-put: accepted/values with seed 2: the answer is `400`: add it to the options",
            "marked-title: accepted/plain with seed 2: it was observed, though left_out says that it is not: remove it there",
            "marked-title: starter with seed 2: nothing was observed (what comes first does not go well: The status is not the right one. 200): mend it, or say why in left_out",
        ]
    );
    assert_eq!(seeds.len(), 3 * of_seed_2.len());
    // Of the others it says who answered what.
    let answers = &report.explain_back[0].answers;
    assert_eq!(
        (&answers["1"][..], &answers["3"][..]),
        (&["accepted/plain".to_owned()][..], &["accepted/values".to_owned()][..])
    );
    assert_eq!(answers["13"], ["starter"]);
}
