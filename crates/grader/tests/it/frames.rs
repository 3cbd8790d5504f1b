//! What a process may say on its stream, and what comes of saying something else.

use crate::kit::{api, between_good, failed, good, grade_in, limited, right, stopped, tail, task, wrong};
use jobfuture_content::Limits;
use jobfuture_grader::verdict::StopKind;
use std::time::Instant;

/// Answers requests by itself. `turn` is what must be said back; `say` sends a frame.
fn answering(code: &str) -> String {
    let code = code.replace('\n', "\n        ");
    format!(
        r#"
import json, os, struct
from jobfuture_harness import running

def frame(kind, head, body=b""):
    head = head if isinstance(head, bytes) else json.dumps(head).encode()
    return struct.pack("<IcI", 5 + len(head) + len(body), kind, len(head)) + head + body

def say(kind, head, body=b""):
    data = frame(kind, head, body)
    while data:
        data = data[os.write(3, data):]

def serve(channel, printed):
    from jobfuture_harness.serving import answer
    while True:
        kind, head, body = channel.receive()
        turn = head["turn"]
        {code}
running._serve_requests = serve
{}"#,
        right()
    )
}

/// The same with a head of one's own.
fn heads(head: &str) -> String {
    answering(&format!("say(b\"H\", {head}, b\"{{}}\")"))
}

fn exits(name: &str, text: String) {
    let verdict = between_good(text);
    assert_eq!(stopped(&verdict).0, StopKind::Exit, "{name}: {verdict:#?}");
    assert_eq!(failed(&verdict).len(), verdict.behaviours.len(), "{name}");
}

#[test]
fn a_frame_that_is_no_answer_ends_the_run() {
    for (name, text) in [
        ("not JSON", heads("b\"verdict: passed\"")),
        ("not UTF-8", heads(r#"b'{"turn": %d, "status": 200, "headers": [["x", "\xff\xfe"]]}' % turn"#)),
        ("a status below none", heads(r#"{"turn": turn, "status": -1, "headers": []}"#)),
        ("a status of many digits", heads(r#"{"turn": turn, "status": 20000000000, "headers": []}"#)),
        ("a status in words", heads(r#"{"turn": turn, "status": "200", "headers": []}"#)),
        ("headers that are none", heads(r#"{"turn": turn, "status": 200, "headers": {"a": 1}}"#)),
        (
            "a deep head",
            heads(r#"b'{"turn": %d, "status": 200, "headers": ' % turn + b"[" * 100000 + b"]" * 100000 + b"}""#),
        ),
        ("no head at all", heads("b\"\"")),
        ("the number of another question", heads(r#"{"turn": turn + 1, "status": 200, "headers": []}"#)),
        ("a kind that there is not", answering("say(b\"V\", {\"passed\": True})")),
        (
            "a client's request",
            answering("say(b\"C\", {\"method\": \"GET\", \"path\": \"/\", \"headers\": [], \"csrf\": False})"),
        ),
        ("a statement that is none", answering("say(b\"Q\", {\"s\": 5, \"p\": {}, \"m\": None})")),
        ("lengths that lie", answering("os.write(3, struct.pack(\"<IcI\", 6, b\"H\", 4000000000) + b\"{}\")")),
        ("a frame of 4 GB", answering("os.write(3, struct.pack(\"<IcI\", 0xffffffff, b\"H\", 2) + b\"{}\")")),
        ("half a frame", answering("os.write(3, frame(b\"H\", {})[:7]); os._exit(0)")),
    ] {
        exits(name, text);
    }
}

#[test]
fn a_status_that_http_does_not_know_is_not_the_wanted_one() {
    for status in ["0", "999", "65535"] {
        let verdict = between_good(heads(&format!(r#"{{"turn": turn, "status": {status}, "headers": []}}"#)));
        assert_eq!(failed(&verdict).len(), 5, "{verdict:#?}");
        assert_eq!(verdict.behaviours[0].evidence[0].found.as_deref(), Some(status));
    }
}

#[test]
fn an_answer_counts_once_and_not_before_the_question() {
    exits(
        "twice",
        answering("reply = answer(head, body, printed)\nchannel.send(b\"H\", *reply)\nchannel.send(b\"H\", *reply)"),
    );
    exits(
        "before the question",
        answering("reply = answer(head, body, printed)\nreply[0][\"turn\"] = 7\nchannel.send(b\"H\", *reply)"),
    );
    let early = r#"import os, struct
head = b'{"turn":0,"status":200,"headers":[],"output":""}'
early = struct.pack("<IcI", 5 + len(head), b"H", len(head)) + head"#;
    exits("before all questions", format!("{early}\nos.write(3, early)\n{}", right()));
    exits(
        "ready twice",
        format!("{}\nos.write(3, struct.pack('<IcI', 7, b'r', 2) + b'{{}}')\nos.write(3, early)\n{}", early, right()),
    );
}

#[test]
fn frames_without_end_come_to_an_end() {
    let begun = Instant::now();
    // Each is one statement: the limit of statements ends it. Nothing is read back, so our answers fill the stream.
    let endless = r#"one = frame(b"Q", {"s": "SELECT 1", "p": [], "m": False}) * 2000
while True:
    os.write(3, one)"#;
    let hurried = limited("notes-api", Limits { cpu_seconds: 2, wall_seconds: 3, ..task("notes-api").manifest.limits });
    good();
    let verdict = grade_in(&hurried, api(answering(endless)));
    assert!(verdict.stopped.is_some() && !verdict.passed, "{verdict:#?}");
    exits("garbage", answering("while True: os.write(3, os.urandom(65536))"));
    assert!(begun.elapsed().as_secs() < 12, "{:?}", begun.elapsed());
}

#[test]
fn large_and_deep_answers_are_looked_at_without_harm() {
    // 10 MB: more than is read.
    let verdict = between_good(right_but_list("JsonResponse({\"results\": \"x\" * 10_000_000})"));
    assert_eq!(
        stopped(&verdict),
        (StopKind::Exit, "Stopped because the answer has more than 8 MiB in GET /api/notes/.")
    );
    exits(
        "10 MB, said directly",
        answering("say(b\"H\", {\"turn\": turn, \"status\": 200, \"headers\": []}, bytes(10_000_000))"),
    );
    for (name, list) in [
        ("7 MB", "JsonResponse({\"results\": \"x\" * 7_000_000})"),
        ("headers", "JsonResponse({\"results\": []}, headers={f\"x-{i}\": str(i) for i in range(100_000)})"),
        ("deep", "HttpResponse(\"[\" * 100_000 + \"]\" * 100_000, content_type=\"application/json\")"),
        ("deep objects", "HttpResponse('{\"results\":' * 100_000, content_type=\"application/json\")"),
        ("not UTF-8", "HttpResponse(b'{\"results\": [\"\\xff\"]}', content_type=\"application/json\")"),
        (
            "large numbers",
            "HttpResponse('{\"results\": [1e999, ' + '9' * 100_000 + ']}', content_type=\"application/json\")",
        ),
        ("no JSON", "HttpResponse('NaN', content_type=\"application/json\")"),
    ] {
        let verdict = between_good(right_but_list(list));
        assert!(
            failed(&verdict).contains(&"list") && verdict.stopped.is_none(),
            "{name}: {verdict:#?} {}",
            tail(&verdict)
        );
        let evidence = serde_json::to_string(&verdict.behaviours).unwrap();
        assert!(evidence.len() < 60_000, "{name}: {} bytes of evidence", evidence.len());
    }
    assert!(!between_good(wrong()).passed);
}

fn right_but_list(answer: &str) -> String {
    let list = r#"JsonResponse({"results": [shown(one) for one in found]})"#;
    crate::kit::right_but(list, answer).replacen("import JsonResponse", "import HttpResponse, JsonResponse", 1)
}
