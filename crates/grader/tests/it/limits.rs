//! What a run may use, and what it is told when it has used it up. The pool is whole after each.

use crate::kit::{api, good, grade_in, grader, limited, right, right_but, tail, task, whole};
use jobfuture_content::{Limits, Task};
use jobfuture_grader::Verdict;
use std::sync::Arc;

/// Limits that are reached quickly.
fn hurried() -> Arc<Task> {
    waiting(30)
}

/// … and so many seconds on the clock.
fn waiting(wall_seconds: u32) -> Arc<Task> {
    let limits =
        Limits { cpu_seconds: 1, wall_seconds, statements: 200, rows: 2_000, ..task("notes-api").manifest.limits };
    limited("notes-api", limits)
}

/// Python at the beginning of the list's view.
fn in_view(code: &str) -> String {
    let code = code.replace('\n', "\n    ");
    right_but(
        "    found = Note.objects.select_related",
        &format!("    {code}\n    found = Note.objects.select_related"),
    )
}

fn at_import(code: &str) -> String {
    format!("{}\n{code}\n", right())
}

fn told(verdict: &Verdict) -> String {
    let stop = verdict.stopped.as_ref().unwrap_or_else(|| panic!("not stopped: {verdict:#?} {}", tail(verdict)));
    assert!(!verdict.passed && verdict.behaviours.iter().all(|one| one.passed || !one.evidence.is_empty()));
    format!("{:?}: {}", stop.kind, stop.says)
}

fn each(cases: &[(&str, String)]) -> String {
    each_in(&hurried(), cases)
}

fn each_in(task: &Task, cases: &[(&str, String)]) -> String {
    let mut lines = Vec::new();
    for (name, text) in cases {
        good();
        let verdict = grade_in(task, api(text));
        assert!(verdict.stopped.is_some(), "{name}: {}", tail(&verdict));
        lines.push(format!("{name}\n  {}", told(&verdict)));
        whole(grader());
    }
    good();
    lines.join("\n")
}

#[test]
fn time() {
    insta::assert_snapshot!(each(&[
        ("endless loop in a view", in_view("while True: pass")),
        (
            "endless loop that catches all",
            in_view("while True:\n    try:\n        while True: pass\n    except BaseException: pass")
        ),
        ("endless loop at import", at_import("while True: pass")),
        ("endless regular expression", in_view("import re; re.match('(a+)+$', 'a' * 60 + 'b')")),
    ]));
    insta::assert_snapshot!(each_in(
        &waiting(2),
        &[
            ("sleep in a view", in_view("import time; time.sleep(3600)")),
            ("sleep at import", at_import("import time; time.sleep(3600)")),
        ]
    ));
}

#[test]
fn memory() {
    insta::assert_snapshot!(each(&[
        ("memory bomb at import", at_import("kept = []\nwhile True: kept.append(bytearray(1 << 20))")),
        ("one large piece at import", at_import("x = bytearray(1 << 40)")),
    ]));
    // In a view Django turns it into an answer of 500; the run goes on.
    let verdict = grade_in(&hurried(), api(in_view("kept = []\nwhile True: kept.append(bytearray(1 << 20))")));
    assert!(!verdict.passed && verdict.output.contains("MemoryError"), "{verdict:#?}");
    // A task's own limit holds, not only the machine's.
    let some = "x = bytearray(200 << 20)";
    assert!(grade_in(task("notes-api"), api(in_view(some))).passed);
    let little = limited("notes-api", Limits { memory_mb: 100, ..task("notes-api").manifest.limits });
    assert!(grade_in(&little, api(in_view(some))).output.contains("MemoryError"));
    assert!(grade_in(&little, api(right())).passed);
}

#[test]
fn statements_and_rows() {
    insta::assert_snapshot!(each(&[
        ("too many statements", in_view("while True: Note.objects.exists()")),
        ("too many statements at import", at_import("while True: Note.objects.exists()")),
        ("too many rows", in_view("while True: list(Note.objects.all())")),
        ("too many rows changed", in_view("while True: Note.objects.update(place=1)")),
    ]));
}

#[test]
fn ends() {
    insta::assert_snapshot!(each(&[
        ("exit at import", at_import("import sys; sys.exit()")),
        ("hard exit at import", at_import("import os; os._exit(0)")),
        ("exit in a view", in_view("import sys; sys.exit(3)")),
        ("hard exit in a view", in_view("import os; os._exit(0)")),
        ("segfault in a view", in_view("import ctypes; ctypes.string_at(0)")),
        ("segfault at import", at_import("import ctypes; ctypes.string_at(0)")),
        ("abort", in_view("import os; os.abort()")),
        ("stream closed", in_view("import os; os.close(3)\nwhile True: pass")),
    ]));
}

#[test]
fn recursion_past_the_stack_fails_or_ends_the_run() {
    good();
    let deep = "import sys; sys.setrecursionlimit(10**9)\ndef deep(*a): return max([1], key=deep)\ndeep()";
    let verdict = grade_in(&hurried(), api(in_view(deep)));
    // From 3.12 on Python counts how deep its own functions go as well, and an exception comes of it.
    match &verdict.stopped {
        Some(_) => assert_eq!(told(&verdict), "Exit: The process ended without an answer in GET /api/notes/."),
        None => assert!(!verdict.passed && verdict.output.contains("RecursionError"), "{}", tail(&verdict)),
    }
    whole(grader());
    good();
}

#[test]
fn what_only_fails_goes_on() {
    good();
    // Recursion is an exception like others: an answer of 500, with the traceback shown.
    let verdict = grade_in(&hurried(), api(in_view("def deep(): return deep()\ndeep()")));
    assert!(verdict.stopped.is_none() && verdict.output.contains("RecursionError"), "{}", tail(&verdict));
    assert!(verdict.output.len() < 100_000);
    // Without processes there is an error to catch, and the run goes on to a pass.
    let fork = "import os, subprocess
for attempt in (os.fork, lambda: subprocess.run(['/bin/true'])):
    try:
        attempt(); print('FORKED')
    except PermissionError as error:
        print(type(error).__name__)";
    let verdict = grade_in(task("notes-api"), api(in_view(fork)));
    assert!(verdict.passed && verdict.output.starts_with("PermissionError\nPermissionError\n"), "{}", tail(&verdict));
    good();
}

#[test]
fn a_flood_of_output_is_cut_and_says_so() {
    good();
    let verdict = grade_in(task("notes-api"), api(in_view("print('ä' * 1_000_000)")));
    assert!(verdict.passed, "{:?}", verdict.stopped);
    assert!(verdict.output.contains("[output cut after 64 KiB]"), "{}", tail(&verdict));
    assert!(verdict.output.len() < 300_000, "{}", verdict.output.len());
    // Past Python's own streams there is nothing to flood: they lead nowhere.
    let verdict =
        grade_in(task("notes-api"), api(in_view("import os; [os.write(fd, b'x' * 100_000) for fd in (1, 2)]")));
    assert!(verdict.passed && verdict.output.is_empty(), "{}", tail(&verdict));
    // A process that lies about its output is cut on our side.
    let lies = "from jobfuture_harness.output import Printed\nPrinted.take = lambda self: 'y' * 1_000_000";
    let verdict = grade_in(task("notes-api"), api(at_import(lies)));
    assert!(verdict.output.len() <= 256 << 10, "{}", verdict.output.len());
    good();
}
