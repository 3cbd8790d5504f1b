//! Submissions that cannot be graded, or not as they are: each gets a clear answer, and the pool is whole afterwards.

use crate::kit::{api, file, good, grade, grade_in, grader, right, task, try_grade, whole};
use jobfuture_content::FileSet;
use jobfuture_grader::GradeError;

fn refused(files: FileSet) -> String {
    let error = try_grade(task("notes-api"), files).unwrap_err();
    assert!(!matches!(error, GradeError::Internal(_) | GradeError::Unavailable(_)), "{error}");
    error.to_string()
}

#[test]
fn what_cannot_be_taken_is_named_with_its_mend() {
    good();
    let with = |path: &str| {
        let mut files = api(right());
        files.insert(path.to_owned(), b"x = 1\n".to_vec());
        refused(files)
    };
    let mut told: Vec<String> = [
        "notes/models.py",
        "desk/settings.py",
        "manage.py",
        "notes/API.py",
        "notes/extra/deeper/x.py",
        "notes/extra/x.txt",
        "../notes/api.py",
        "notes/../notes/api.py",
        "/etc/passwd",
        "notes\\api.py",
        "notes/extra/a\0.py",
        "notes/extra/a\n.py",
        "",
        "notes//api.py",
        "notes/extra/",
        "./notes/api.py",
        "notes/extra/\u{202e}yp.py",
        "a/b/c/d/e/f/g/h/i.py",
    ]
    .into_iter()
    .map(|path| match path {
        // Nothing that confuses a reader; Python would take it for a name.
        "notes/extra/\u{202e}yp.py" => format!(
            "{path:?}: {}",
            try_grade(task("notes-api"), {
                let mut files = api(right());
                files.insert(path.to_owned(), b"x = 1\n".to_vec());
                files
            })
            .map_or_else(|error| error.to_string(), |verdict| format!("passed: {}", verdict.passed))
        ),
        path => format!("{path:?}: {}", with(path)),
    })
    .collect();
    told.push(format!(
        "300 bytes: {}",
        with(&format!("notes/extra/{}.py", "x".repeat(285))).replace(&"x".repeat(285), "xxx…")
    ));
    told.push(format!("nothing: {}", refused(FileSet::new())));
    told.push(format!("an empty file: {}", refused(api(""))));
    told.push(format!("not UTF-8: {}", refused(api(b"# \xff\xfe\n"))));
    told.push(format!("UTF-16: {}", refused(api(b"\xff\xfei\0m\0"))));
    told.push(format!("5 MB: {}", refused(api("#".repeat(5 << 20)))));
    let many = (0..5).map(|n| (format!("notes/extra/x{n}.py"), vec![b'#'; 250_000])).collect();
    told.push(format!("many files: {}", refused(many)));
    insta::assert_snapshot!(told.join("\n"));
    good();
    whole(grader());
}

#[test]
fn what_does_not_exist_is_named() {
    let error = grader().run_snippet("nowhere", "print(1)").unwrap_err();
    insta::assert_snapshot!(error, @"There is no project called “nowhere”.");
    let error = grader().run_snippet("desk", &"#".repeat(5 << 20)).unwrap_err();
    insta::assert_snapshot!(error, @"the snippet has 5242880 bytes; at most 262144 are accepted. Remove what the task does not need.");
    let selection = jobfuture_grader::prove::Selection { only: Some("no-such-task".into()), ..Default::default() };
    let error = jobfuture_grader::prove::prove(grader(), crate::kit::library(), &selection, &|_, _, _| {}).unwrap_err();
    insta::assert_snapshot!(error, @"There is no task called “no-such-task”.");
}

/// What does not differ between versions of Python: the project's files with their lines, and the exception's class.
fn outline(traceback: &str) -> String {
    let is_ours = |line: &&str| {
        let line = line.trim_start();
        let ends = line.split(':').next().is_some_and(|name| name.ends_with("Error"));
        ends || ["File \"notes/", "File \"desk/", "File \"tests/"].iter().any(|start| line.starts_with(start))
    };
    let lines = traceback.lines().filter(is_ours);
    // What a newer Python adds to its message is no concern of ours.
    lines
        .map(|line| if line.contains("Syntax") { "SyntaxError" } else { line.trim_start() })
        .map(|line| line.split(". Did you mean").next().unwrap_or(line))
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn code_that_cannot_be_loaded_is_shown_as_at_home() {
    good();
    let mut told = Vec::new();
    for (name, text) in [
        ("syntax error", right().replacen("def notes(request):", "def notes(request)", 1)),
        ("tabs and spaces", right().replacen("    found = Note", "\tfound = Note", 1)),
        ("import that fails", format!("import nothing_of_this_name\n{}", right())),
        ("import of what is not there", format!("from .models import Missing\n{}", right())),
        ("a name that is missing in urls", right().replacen("def note(request, pk):", "def another(request, pk):", 1)),
        ("an exception while loading", format!("{}\n1 / 0\n", right())),
        ("a file that is no Python", "GET / HTTP/1.1\r\n\r\n".into()),
    ] {
        let verdict = grade(&text);
        let stop = verdict.stopped.as_ref().unwrap_or_else(|| panic!("{name}: {verdict:#?}"));
        for hint in ["/tmp", "/home", "/usr", "jobfuture", "importlib", crate::kit::data().to_str().unwrap()] {
            assert!(!verdict.output.contains(hint), "{name} tells of {hint}: {}", verdict.output);
        }
        told.push(format!("== {name}\n{:?}: {}\n{}", stop.kind, stop.says, outline(&verdict.output)));
        good();
    }
    insta::assert_snapshot!(told.join("\n"));
    whole(grader());
}

#[test]
fn an_exception_in_a_view_is_shown_as_at_home() {
    let verdict =
        grade(right().replacen("    found = Note.objects.select", "    missing\n    found = Note.objects.select", 1));
    assert!(verdict.stopped.is_none() && !verdict.passed);
    insta::assert_snapshot!(outline(verdict.output.split("\nTraceback").next().unwrap()));
    good();
}

#[test]
fn tests_that_cannot_be_loaded_are_shown_as_at_home() {
    let verdict = grade_in(
        task("notes-tests"),
        file("tests/test_notes.py", "from django.test import TestCase\nclass T(TestCase)\n    pass"),
    );
    let stop = verdict.stopped.as_ref().unwrap();
    insta::assert_snapshot!(format!("{:?}: {}\n{}", stop.kind, stop.says, outline(&verdict.output)));
    let verdict =
        grade_in(task("notes-words"), file("notes/migrations/0002_words.py", "from django.db import migrations\nx = "));
    assert!(!verdict.passed);
    insta::assert_snapshot!(format!(
        "{:?}\n{}",
        verdict.behaviours[0].evidence.first().map(|one| &one.says),
        outline(&verdict.output)
    ));
    good();
    whole(grader());
}
