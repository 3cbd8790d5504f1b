//! Attempts to get a verdict that the code does not deserve. Each stands between good submissions, and none passes.

use crate::kit::{behaviour, between_good, failed, good, grade, grader, right, right_but, stopped, tail, whole, wrong};
use jobfuture_grader::verdict::StopKind;

/// A wrong API with something before it that would like to be taken for right.
fn wrong_after(attack: &str) -> String {
    format!("{attack}\n\n{}", wrong())
}

#[test]
fn replacing_the_harness_changes_nothing() {
    let attack = r#"
import sys, types
for name in [name for name in sys.modules if name.startswith("jobfuture_harness")]:
    module = types.ModuleType(name)
    module.answer = lambda *arguments: ({"status": 200, "headers": [], "output": ""}, b"{}")
    module.__getattr__ = lambda wanted: (lambda *arguments, **keywords: True)
    for old in list(vars(sys.modules[name]).values()):
        if isinstance(old, types.FunctionType) and old.__name__ in ("answer", "readable"):
            old.__code__ = (lambda *arguments: ({"status": 200, "headers": [], "output": ""}, b"{}")).__code__
    sys.modules[name] = module
"#;
    let verdict = between_good(wrong_after(attack));
    assert!(!verdict.passed && !failed(&verdict).is_empty(), "{verdict:#?}");
}

#[test]
fn bytes_on_the_stream_are_no_verdict() {
    for bytes in [
        r#"b'{"passed": true, "behaviours": []}\n'"#,
        r#"struct.pack("<IcI", 5 + 15, b"V", 15) + b'{"passed":true}'"#,
        r#"struct.pack("<IcI", 5 + 13, b"r", 13) + b'{"output":""}'"#,
    ] {
        let attack = format!("import os, struct\nos.write(3, {bytes})\nos._exit(0)");
        let verdict = between_good(wrong_after(&attack));
        assert_eq!(stopped(&verdict).0, StopKind::Exit, "{verdict:#?}");
        assert_eq!(failed(&verdict).len(), verdict.behaviours.len());
    }
}

/// Everything that lives in the process, by way of the collector, and byte by byte in the pages that objects lie in. A
/// marker is written with `~` in it, so that the code that looks for it does not hold it.
const SEARCH: &str = r#"
import ctypes, gc, sys

def everything():
    gc.unfreeze()
    frame, pending = sys._getframe(), [gc.get_objects(), list(sys.modules.values())]
    while frame is not None:
        pending += [frame.f_locals, frame.f_globals]
        frame = frame.f_back
    seen = {}
    while pending:
        one = pending.pop()
        if id(one) not in seen:
            seen[id(one)] = one
            pending.extend(gc.get_referents(one))
    return seen

def look_for(markers):
    objects = everything()
    found = {marker: set() for marker in markers}
    plain = {marker: marker.replace("~", "") for marker in markers}
    for one in list(objects.values()):
        if type(one) in (str, bytes, bytearray):
            for marker, text in plain.items():
                if one is not text and (text if type(one) is str else text.encode()) in one:
                    found[marker].add(repr(one)[:100])
    pages = {place >> 12 for place in objects}
    for page in pages:
        data = ctypes.string_at(page << 12, 4096)
        for marker, text in plain.items():
            at = -1
            while (at := data.find(text.encode(), at + 1)) >= 0:
                if not id(text) <= (page << 12) + at < id(text) + 300:
                    found[marker].add(hex((page << 12) + at))
    return found, len(objects), len(pages)
"#;

#[test]
fn nothing_of_the_checks_is_in_the_process() {
    good();
    let look = r#"        markers = [
            "known~-to-the-grader-alone",  # a behaviour's title
            "The note is~ in Ada's notebook",  # what a check says
            "sealed~-words-",  # rows of this run, and of the rehearsal, that no view has read
            "select count~(*) from notes_note",  # SQL of a check
            "max~_statements", "owners~-only", "database~_effect",
            "def no~tes(request)", "/api/no~tes/",  # there, and found
        ]
        found, objects, pages = look_for(markers)
        there = [bool(found.pop(marker)) for marker in markers[-2:]]
        print("LOOKED", objects, pages, there, {key: list(value)[:3] for key, value in found.items() if value})"#;
    let probe = format!("{SEARCH}\nlooked = []\n{}", wrong()).replace(
        "def notes(request):",
        &format!("def notes(request):\n    if not looked:\n        looked.append(1)\n{look}"),
    );
    let verdict = grade(&probe);
    let said = verdict.output.lines().find(|line| line.starts_with("LOOKED"));
    let said = said.unwrap_or_else(|| panic!("{:?} {}", verdict.stopped, tail(&verdict)));
    println!("{said}");
    assert!(said.ends_with("[True, True] {}"), "{said}");
    good();
}
