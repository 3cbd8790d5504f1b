//! Attempts to get a verdict that the code does not deserve. Each stands between good submissions, and none passes.

use crate::kit::{behaviour, between_good, failed, good, grade, right, right_but, stopped, tail, wrong};
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

#[test]
fn statements_are_counted_where_they_cannot_be_hidden() {
    let attack = r#"
import django.db.backends.utils, django.test.utils
from django.db import connection, reset_queries
from jobfuture_harness.database import base
django.test.utils.CaptureQueriesContext.__len__ = lambda self: 0
django.db.backends.utils.CursorWrapper.execute = lambda self, sql, params=None: self.cursor.execute(sql, params)
connection.force_debug_cursor = False
connection.queries_log.clear()
plain = base.Connection.ask
# As if nothing had been asked, and as if it were no statement that counts.
base.Connection.ask = lambda self, sql, values, many=False: plain(self, "/* PRAGMA */ " + sql, values, many)
"#;
    let verdict = between_good(wrong_after(attack));
    let growth = &behaviour(&verdict, "list-growth").evidence[0];
    assert!(growth.says.starts_with("The statements grow with the rows: 13, and 121"), "{growth:#?}");
    assert!(verdict.statements.iter().filter(|one| one.counted && one.during == "GET /api/notes/").count() > 100);
}

#[test]
fn who_sends_no_statements_knows_no_answer() {
    let attack = r#"
from jobfuture_harness.database import base
base.Connection.ask = lambda self, sql, values, many=False: {"c": [], "r": [], "n": 0, "l": 0, "t": False}
"#;
    let verdict = between_good(format!("{attack}\n{}", right()));
    assert!(verdict.behaviours.iter().all(|one| !one.passed || one.kind == "query_growth"), "{:?}", failed(&verdict));
    assert_eq!(verdict.used.statements, 0, "{:#?}", verdict.statements);
}

/// Reads all there is while it is loaded, and answers from that.
const AT_IMPORT: &str = r#"
KEPT = [{"id": pk, "title": title, "notebook": name} for pk, title, name in
        Note.objects.order_by("title", "pk").values_list("pk", "title", "notebook__name")]
print("kept", len(KEPT))
"#;

#[test]
fn what_was_read_while_loading_is_recorded_and_is_not_this_runs() {
    let answer = right_but(
        "    found = Note.objects.select_related",
        "    return JsonResponse({\"results\": KEPT})\n    found = Note.objects.select_related",
    );
    let verdict = between_good(answer.replacen("\n\ndef shown", &format!("\n{AT_IMPORT}\n\ndef shown"), 1));
    assert!(failed(&verdict).contains(&"list"), "{verdict:#?}");
    assert_eq!(verdict.statements[0].during, "outside a request");
    // The fixture's four notes, none of the eight that this run drew.
    assert!(verdict.output.contains("kept 4"), "{}", verdict.output);
}

#[test]
fn answers_from_memory_fail_when_the_rows_change() {
    for keep in [
        // The first answer, for ever.
        "MEMORY = {}\ndef kept(key, make):\n    return MEMORY.setdefault(key, None) or MEMORY.update({key: make()}) or MEMORY[key]",
        // As a cache would have it.
        "from django.core.cache import cache\ndef kept(key, make):\n    return cache.get_or_set(key, make)",
    ] {
        let answer = right_but(
            r#"    return JsonResponse({"results": [shown(one) for one in found]})"#,
            r#"    return JsonResponse({"results": kept(request.get_full_path(), lambda: [shown(one) for one in found])})"#,
        );
        let verdict = between_good(answer.replacen("\n\ndef shown", &format!("\n{keep}\n\ndef shown"), 1));
        assert!(failed(&verdict).contains(&"list"), "{verdict:#?}");
    }
}

#[test]
fn statements_of_a_thread_belong_to_a_request() {
    let asking = |joined: &str| {
        right_but(
            "    found = Note.objects.select_related",
            &format!(
                "    import threading, time
    from jobfuture_harness.database import base
    def ask_on():
        for _ in range(40):
            base.Connection().ask(\"SELECT 1\", [])
            time.sleep(0.001)
    thread = threading.Thread(target=ask_on, daemon=True)
    thread.start()
    {joined}
    found = Note.objects.select_related"
            ),
        )
    };
    let verdict = between_good(asking("thread.join()"));
    assert_eq!(failed(&verdict), ["list-growth"], "{}", tail(&verdict));
    // A thread that outlives its request takes answers that were meant for the next one. Whatever comes of it, it is no pass.
    let verdict = between_good(asking("pass"));
    assert!(
        !verdict.passed && verdict.statements.iter().any(|one| one.sql == "SELECT 1" && one.counted),
        "{verdict:#?}"
    );
}

#[test]
fn statements_after_the_answer_are_charged_to_what_comes_next() {
    // Each list is answered right; what follows it waits in the stream until the next request.
    let attack = r#"
from jobfuture_harness import running
def serve(channel, printed):
    from jobfuture_harness.serving import answer
    while True:
        kind, head, body = channel.receive()
        channel.send(b"H", *answer(head, body, printed))
        if head["path"] == "/api/notes/":
            for _ in range(9):
                channel.send(b"Q", {"s": "SELECT 2", "p": [], "m": False})
            for _ in range(9):
                channel.receive()
running._serve_requests = serve
"#;
    let verdict = between_good(format!("{attack}\n{}", right()));
    assert!(failed(&verdict).contains(&"list-growth"), "{verdict:#?}");
    let late: Vec<_> = verdict.statements.iter().filter(|one| one.sql == "SELECT 2").collect();
    assert!(!late.is_empty() && late.iter().all(|one| one.counted && one.during.starts_with("GET /api/notes/")));
}

#[test]
fn an_index_is_not_used_by_hiding_the_scan() {
    let by_slug = "        found = found.filter(slug=request.GET[\"slug\"])";
    let raw = |sql: &str, before: &str| {
        right_but(
            by_slug,
            &format!(
                "        from django.db import connection
        with connection.cursor() as cursor:
            {before}
            cursor.execute({sql:?}, [request.GET[\"slug\"]])
            found = Note.objects.filter(pk__in=[row[0] for row in cursor.fetchall()]).order_by(\"title\", \"pk\")"
            ),
        )
    };
    let scan = "select id from notes_note where slug || '' = %s";
    let many = "for _ in range(450): cursor.execute(\"select 1\")";
    let long = "[cursor.execute(\"select 1 /*\" + \"-\" * 1000000 + \"*/\") for _ in range(9)]";
    let padded = format!("select id from notes_note where slug || '' = %s /*{}*/", "-".repeat(6_000));
    let copy = "cursor.execute(\"create table copy as select * from notes_note\")";
    for (name, text) in [
        ("plainly", raw(scan, "pass")),
        ("by another name", raw("select x.id from notes_note as x where x.slug || '' = %s", "pass")),
        (
            "by the name of another table",
            raw("select auth_user.id from notes_note as auth_user where auth_user.slug || '' = %s", "pass"),
        ),
        (
            "through an index, whole",
            raw("select id from notes_note indexed by sqlite_autoindex_x where 1 = %s", "pass")
                .replace("indexed by sqlite_autoindex_x where 1 = %s", "where slug || '' = %s order by slug"),
        ),
        (
            "in a statement within",
            raw("with x as materialized (select * from notes_note) select id from x where slug = %s", "pass"),
        ),
        ("behind many statements", raw(scan, many)),
        ("behind long statements", raw(&padded, long)),
        ("in a copy", raw("select id from copy where slug = %s", copy)),
    ] {
        let verdict = grade(&text);
        assert!(failed(&verdict).contains(&"by-slug"), "{name}: {verdict:#?}");
        println!("{name}: {:?}", behaviour(&verdict, "by-slug").evidence[0].found);
    }
    good();
    // What was sent before, in other requests, hides nothing either, and harms nobody.
    let chatty = right_but(
        "    found = Note.objects",
        "    if \"slug\" not in request.GET:\n        [Note.objects.exists() for _ in range(450)]\n    found = Note.objects",
    );
    assert_eq!(failed(&grade(&chatty)), ["list-growth"]);
    let hidden = raw(scan, "pass").replacen("    found = Note.objects", "    if \"slug\" not in request.GET:\n        [Note.objects.exists() for _ in range(450)]\n    found = Note.objects", 1);
    assert_eq!(failed(&grade(hidden)), ["list-growth", "by-slug"]);
}

#[test]
fn what_is_not_committed_is_not_stored() {
    let verdict = between_good(right_but(
        "    made = Note.objects.create",
        "    from django.db import connection\n    connection.cursor().execute(\"BEGIN\")\n    made = Note.objects.create",
    ));
    assert_eq!(failed(&verdict), ["made"], "{verdict:#?}");
}
