//! Statements that no ORM sends, through the whole grader: each is refused with Django's own exception, or ends the run.

use crate::kit::{behaviour, between_good, failed, right_but, stopped, tail};
use jobfuture_grader::verdict::StopKind;

/// Sends each statement in the list's view and prints what came of it; the view then goes on as it should.
fn asking(statements: &[&str]) -> String {
    right_but(
        "    found = Note.objects.select_related",
        &format!(
            "    from django.db import connection
    for sql in {statements:?}:
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql)
                print(\"ROWS\", cursor.fetchall(), sql)
        except Exception as error:
            print(\"RAISED\", type(error).__module__ + \".\" + type(error).__name__, error)
    found = Note.objects.select_related"
        ),
    )
}

#[test]
fn what_reaches_out_of_the_database_is_refused() {
    let statements = [
        "ATTACH DATABASE '/tmp/x.db' AS other",
        "ATTACH ':memory:' AS other",
        "VACUUM INTO '/tmp/x.db'",
        "VACUUM",
        "DETACH main",
        "PRAGMA writable_schema = 1",
        "PRAGMA temp_store_directory = '/tmp'",
        "PRAGMA mmap_size = 1000000000",
        "PRAGMA max_page_count = 100000000",
        "SELECT load_extension('/tmp/x.so')",
        "SELECT readfile('/etc/passwd')",
        "SELECT writefile('/tmp/x', 'x')",
        "SELECT zeroblob(1000000000)",
        "SELECT randomblob(1000000000)",
        "SELECT random_id()",
        "CREATE TRIGGER t AFTER UPDATE ON notes_note BEGIN SELECT 1; END",
        "CREATE TEMP TABLE t (a)",
        "CREATE VIRTUAL TABLE t USING fts5(a)",
        "INSERT INTO sqlite_schema VALUES ('table', 't', 't', 0, '')",
        "SELECT 1; DELETE FROM notes_note",
    ];
    let verdict = between_good(asking(&statements));
    // The list takes too many statements now; all else is as it was.
    assert_eq!(failed(&verdict), ["list-growth"], "{}", tail(&verdict));
    let said: Vec<&str> = verdict.output.lines().take(statements.len()).collect();
    assert!(said.iter().all(|line| line.starts_with("RAISED django.db.utils.")), "{said:#?}");
    let told: Vec<String> = statements.iter().zip(said).map(|(sql, said)| format!("{sql}\n  {said}")).collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn what_would_not_end_ends_the_run() {
    let mut told = Vec::new();
    for (sql, kind) in [
        ("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n", StopKind::Cpu),
        ("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n", StopKind::Rows),
        (
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT group_concat(hex(zeroblob(100000))) FROM n",
            StopKind::Cpu,
        ),
    ] {
        let verdict = between_good(asking(&[sql]));
        let (found, says) = stopped(&verdict);
        assert_eq!(found, kind, "{sql}: {says}");
        assert_eq!(behaviour(&verdict, "made").evidence[0].says, says);
        told.push(says.to_owned());
    }
    insta::assert_snapshot!(told.join("\n"));
}
