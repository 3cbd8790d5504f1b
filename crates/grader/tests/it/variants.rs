//! Tests as submissions: what they can learn of the variant that they are run against, other than by asking it.

use crate::kit::{behaviour, failed, file, good, grade_in, grader, stopped, tail, task, text_of, whole};
use jobfuture_content::FileSet;
use jobfuture_grader::Verdict;
use jobfuture_grader::verdict::StopKind;

fn tests(text: &str) -> FileSet {
    file("tests/test_notes.py", text)
}

fn grade(text: &str) -> Verdict {
    let verdict = grade_in(task("notes-tests"), tests(text));
    whole(grader());
    verdict
}

/// The accepted tests, with code before them.
fn right_after(code: &str) -> String {
    format!("{code}\n\n{}", text_of("notes-tests", "accepted/rules", "tests/test_notes.py"))
}

/// One test that looks around, fails when `finds`, and prints what it saw.
fn prying(finds: &str) -> String {
    format!(
        r#"
import gc, inspect, os, sys, time
from django.test import TestCase

class Prying(TestCase):
    def test_the_variant(self):
        finds = []
{}
        print("FINDS", finds)
        self.assertEqual(finds, [])
"#,
        finds.lines().map(|line| format!("        {line}\n")).collect::<String>()
    )
}

/// It either fails on the correct variants or passes on the broken ones: it could not tell them apart.
fn told_nothing(name: &str, verdict: &Verdict) {
    assert!(!verdict.passed && failed(verdict).len() == 2, "{name}: {verdict:#?}");
    assert!(verdict.stopped.is_none(), "{name}: {verdict:#?}");
}

#[test]
fn honest_tests_pass_before_and_after() {
    let accepted = task("notes-tests").submissions["accepted/rules"].clone();
    assert!(grade_in(task("notes-tests"), accepted.clone()).passed);
    told_nothing(
        "asserts nothing",
        &grade("from django.test import TestCase\nclass T(TestCase):\n    def test(self): pass"),
    );
    told_nothing(
        "fails always",
        &grade("from django.test import TestCase\nclass T(TestCase):\n    def test(self): self.fail()"),
    );
    assert!(grade_in(task("notes-tests"), accepted).passed);
    good();
}

#[test]
fn the_application_cannot_be_imported() {
    for (name, code) in [
        ("by import", "from notes import api"),
        ("by name", "import importlib; importlib.import_module('notes.api')"),
        ("by its urls", "from django.urls import reverse; reverse('anything')"),
    ] {
        let verdict = grade(&right_after(code));
        assert_eq!(stopped(&verdict).0, StopKind::Import, "{name}: {verdict:#?}");
        assert!(
            verdict.output.contains("ImportError: notes.api cannot be imported by tests"),
            "{name}: {}",
            tail(&verdict)
        );
        assert!(!verdict.output.contains("jobfuture_harness"), "{}", tail(&verdict));
    }
    // The same within a test, as a failure of that test.
    let verdict = grade(&prying("import notes.api"));
    let evidence = &behaviour(&verdict, "made").evidence[0];
    assert!(evidence.found.as_ref().is_some_and(|found| found.contains("self.client")), "{evidence:#?}");
    // Models are both sides' own.
    assert!(grade(&right_after("from notes.models import Note, Notebook")).passed);
}

/// Where to look, and what would tell.
const PLACES: &str = r#"
def modules():
    return [name for name in list(sys.modules) if name in ("notes.api", "desk.urls", "notes.urls")]

def memory():
    gc.unfreeze()
    seen, pending = set(), [gc.get_objects()]
    while pending:
        one = pending.pop()
        if id(one) not in seen:
            seen.add(id(one))
            if type(one) in (str, bytes):
                for marker in ("variant~-that", "open-to~-all", "correct~-values"):
                    text = marker.replace("~", "")
                    wanted = text if type(one) is str else text.encode()
                    # The marker alone is our own.
                    if wanted in one and wanted != one:
                        yield marker
            pending.extend(gc.get_referents(one))

def files():
    for folder in sys.path:
        for place, folders, names in os.walk(folder):
            yield from {"testmutants", "behaviours", "expected.toml", "world.sql"} & {*names, *folders}

def overlays():
    for one in gc.get_objects():
        if type(one).__name__ == "Overlay":
            yield from [file for file, text in one.files.items() if "api" in file or b"variant-" b"that" in text]

def how_tests_are_run(test):
    return [] if test._outcome.result.failfast else ["to the end"]

def the_look_of_an_answer(test):
    response = test.client.get("/api/notes/")
    looks = repr(response), str(response.headers), repr(vars(response.wsgi_request))
    return [look for look in looks if "variant" in look]
"#;

#[test]
fn nothing_in_the_process_tells_the_variant() {
    good();
    let looking = "finds = [*modules(), *memory(), *files(), *overlays(), *how_tests_are_run(self), *the_look_of_an_answer(self)]";
    let verdict = grade(&format!("{}\n{PLACES}", prying(looking)));
    assert!(verdict.output.contains("FINDS []"), "{}", tail(&verdict));
    told_nothing("looking around", &verdict);
    good();
}

#[test]
fn the_order_of_variants_is_a_secret_of_the_run() {
    // A suite that fails from its second, third … on by the clock would know the variant by its place if the places
    // were known. The order is drawn from the run's seed: seen from outside by which variant a stop happens in.
    let task = task("notes-tests");
    let variant = task.variant(0).unwrap();
    let text = r#"
from django.test import TestCase
from django.contrib.auth.models import User
from notes.models import Note

class T(TestCase):
    def test_it(self):
        self.client.force_login(User.objects.get(username="ben"))
        self.client.get("/api/notes/%d/" % Note.objects.get(slug="ada-1").pk)
        print("asked")
"#;
    let seen = |seed| {
        let verdict = grader().grade(task, &variant, tests(text), seed).unwrap();
        // What is printed and sent is shown of a correct variant, whichever came first.
        assert_eq!(verdict.output.trim(), "asked");
        assert!(!verdict.statements.is_empty());
        serde_json::to_string(&verdict.behaviours).unwrap()
    };
    let first = seen(1);
    assert!((2..6).all(|seed| seen(seed) == first));
}

#[test]
fn claims_of_a_suite_are_only_claims() {
    // Whatever is claimed is the same claim for every variant.
    for (name, code) in [
        (
            "all pass",
            "unittest.TestResult.addFailure = lambda *a: None\nunittest.TestResult.addError = lambda *a: None",
        ),
        (
            "results made up",
            "from jobfuture_harness import testing\ntesting.Results.told = property(lambda self: [['t', 'passed', '']], lambda self, value: None)",
        ),
    ] {
        let verdict = grade(&format!("import unittest\n{code}\n{}", prying("finds = ['always']")));
        assert!(!verdict.passed, "{name}: {verdict:#?}");
    }
    let claim = r#"import os, struct
head = b'{"results":[["t","passed",""]],"output":""}'
os.write(3, struct.pack("<IcI", 5 + len(head), b"t", len(head)) + head)
os._exit(0)"#;
    assert!(!grade(claim).passed);
    let no_claim = "import os, struct\nos.write(3, struct.pack('<IcI', 7, b't', 2) + b'{}')\nos._exit(0)";
    assert_eq!(stopped(&grade(no_claim)).0, StopKind::Exit);
}

#[test]
fn a_request_of_a_test_may_be_as_odd_as_it_likes() {
    // The name of a request stands in each record of a statement: it must not be the candidate's to make large.
    let large = r#"
from django.test import TestCase
class T(TestCase):
    def test_it(self):
        for _ in range(30):
            self.client.get("/api/notes/?" + "x" * 1_000_000)
        for path in ("/api/\x00/", "/%ff%fe/", "//", "/api/notes/?a=\ud83d\ude00", "/api/notes/../../etc/passwd"):
            self.client.get(path)
        self.client.generic("GE\r\nT", "/api/notes/")
        self.client.get("/api/notes/", headers={"X-Odd": "a\r\nb", "Cookie": "x" * 100_000})
        self.client.post("/api/notes/", b"[" * 100_000, content_type="application/json")
"#;
    let verdict = grade(large);
    assert!(!verdict.passed);
    assert!(!verdict.statements.is_empty() && verdict.statements.iter().all(|one| one.during.len() < 400));
    assert!(serde_json::to_string(&verdict).unwrap().len() < 400_000);
    good();
}
