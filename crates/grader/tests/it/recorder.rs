//! What the recorder answers, counts and keeps.

use jobfuture_grader::recorder::{
    Answer, LimitHit, OUTSIDE, Recorder, RecorderError, RecorderLimits, Refusal, Snapshot, Value,
};
use jobfuture_grader::verdict::StopKind;
use std::collections::BTreeMap;

pub(crate) fn recorder() -> Recorder {
    with(RecorderLimits::default())
}

pub(crate) fn with(limits: RecorderLimits) -> Recorder {
    let mut recorder = Recorder::new(limits).unwrap();
    trusted(
        &mut recorder,
        "CREATE TABLE shelf (id integer NOT NULL PRIMARY KEY AUTOINCREMENT, mark varchar(20) NOT NULL UNIQUE);
         CREATE TABLE book (id integer NOT NULL PRIMARY KEY AUTOINCREMENT, title varchar(200) NOT NULL, added datetime,
             shelf_id bigint NOT NULL REFERENCES shelf (id) DEFERRABLE INITIALLY DEFERRED);
         INSERT INTO shelf (mark) VALUES ('A'), ('B');
         INSERT INTO book (title, shelf_id) VALUES ('One', 1), ('Two', 1), ('Three', 2);",
    );
    recorder
}

pub(crate) fn trusted(recorder: &mut Recorder, sql: &str) {
    recorder.trusted_batch(sql, &BTreeMap::new()).unwrap();
}

pub(crate) fn run(recorder: &mut Recorder, sql: &str) -> Result<Answer, Refusal> {
    recorder.execute(sql, &[])
}

/// `Class: message` of a refusal.
pub(crate) fn refused(recorder: &mut Recorder, sql: &str) -> String {
    run(recorder, sql).map(|answer| format!("allowed: {:?}", answer.rows)).unwrap_or_else(|refusal| refusal.to_string())
}

fn scalar(recorder: &mut Recorder, sql: &str) -> Value {
    recorder.trusted_rows(sql, &BTreeMap::new()).unwrap().rows.remove(0).remove(0)
}

#[test]
fn a_select_gives_columns_with_types_rows_and_no_rowcount() {
    let mut recorder = recorder();
    let answer = recorder.execute("SELECT id, title, added, 1 + 1 AS two FROM book WHERE id < ?", &[3.into()]).unwrap();
    let types: Vec<_> =
        answer.columns.iter().map(|column| (column.name.as_str(), column.decltype.as_deref())).collect();
    let wanted = [("id", Some("INTEGER")), ("title", Some("varchar(200)")), ("added", Some("datetime")), ("two", None)];
    let same = types.iter().zip(wanted).all(|(found, wanted)| {
        found.0 == wanted.0 && found.1.map(str::to_lowercase) == wanted.1.map(str::to_lowercase)
    });
    assert!(same && types.len() == 4, "{types:?}");
    assert_eq!(answer.rows[1], [2.into(), "Two".into(), Value::Null, 2.into()]);
    assert_eq!((answer.rows.len(), answer.rowcount, answer.in_transaction), (2, -1, false));
}

#[test]
fn a_change_gives_rowcount_and_lastrowid() {
    let mut recorder = recorder();
    let answer = run(&mut recorder, "INSERT INTO shelf (mark) VALUES ('C'), ('D')").unwrap();
    assert_eq!((answer.rowcount, answer.lastrowid, answer.columns.len()), (2, 4, 0));
    assert_eq!(run(&mut recorder, "UPDATE book SET title = 'x'").unwrap().rowcount, 3);
    assert_eq!(run(&mut recorder, "/* mine */ DELETE FROM book WHERE id = 99").unwrap().rowcount, 0);
    let returned = run(&mut recorder, "INSERT INTO shelf (mark) VALUES ('E') RETURNING id").unwrap();
    assert_eq!((returned.rows, returned.rowcount), (vec![vec![5.into()]], 1));
    assert_eq!(run(&mut recorder, "CREATE INDEX i ON book (title)").unwrap().rowcount, -1);
}

#[test]
fn execute_many_counts_each_execution_and_sums_up() {
    let mut recorder = recorder();
    recorder.begin_window("x");
    let sets = vec![vec!["C".into()], vec!["D".into()], vec!["E".into()]];
    let answer = recorder.execute_many("INSERT INTO shelf (mark) VALUES (?)", &sets).unwrap();
    assert_eq!((answer.rowcount, answer.lastrowid), (3, 5));
    assert_eq!(recorder.end_window().counted, 3);
    let refusal = recorder.execute_many("SELECT ?", &sets).unwrap_err();
    assert_eq!(refusal.to_string(), "ProgrammingError: executemany() can only execute DML statements.");
}

#[test]
fn faults_are_those_of_cpython() {
    let mut recorder = recorder();
    for (sql, wanted) in [
        ("INSERT INTO shelf (mark) VALUES ('A')", "IntegrityError: UNIQUE constraint failed: shelf.mark"),
        ("INSERT INTO shelf (mark) VALUES (NULL)", "IntegrityError: NOT NULL constraint failed: shelf.mark"),
        ("INSERT INTO book (title, shelf_id) VALUES ('x', 9)", "IntegrityError: FOREIGN KEY constraint failed"),
        ("INSERT INTO book (id, title, shelf_id) VALUES ('x', 'x', 1)", "IntegrityError: datatype mismatch"),
        ("SELECT * FROM nowhere", "OperationalError: no such table: nowhere"),
        ("SELECT colour FROM book", "OperationalError: no such column: colour"),
        ("SELEC 1", "OperationalError: near \"SELEC\": syntax error"),
        ("SELECT", "OperationalError: incomplete input"),
        ("SELECT 1; SELECT 2", "ProgrammingError: You can only execute one statement at a time."),
        ("SELECT 1; nonsense", "ProgrammingError: You can only execute one statement at a time."),
        ("SELECT 1\0", "ProgrammingError: the query contains a null character"),
        ("COMMIT", "OperationalError: cannot commit - no transaction is active"),
        ("SELECT abs(-9223372036854775808)", "OperationalError: integer overflow"),
        (
            "SELECT CAST(x'ff' AS text) AS t",
            "OperationalError: Could not decode to UTF-8 column 't' with text '\u{fffd}'",
        ),
        (
            "SELECT ?",
            "ProgrammingError: Incorrect number of bindings supplied. The current statement uses 1, and there are 0 \
             supplied.",
        ),
    ] {
        assert_eq!(refused(&mut recorder, sql), wanted, "{sql}");
    }
    assert_eq!(run(&mut recorder, "SELECT 1; -- that is all\n /* really */ ;").unwrap().rows, [[1.into()]]);
    assert_eq!(run(&mut recorder, " -- nothing").unwrap().rowcount, -1);
}

#[test]
fn transactions_and_savepoints_work_as_django_uses_them() {
    let mut recorder = recorder();
    assert!(run(&mut recorder, "BEGIN").unwrap().in_transaction);
    run(&mut recorder, "SAVEPOINT s1").unwrap();
    run(&mut recorder, "DELETE FROM book").unwrap();
    run(&mut recorder, "ROLLBACK TO SAVEPOINT s1").unwrap();
    run(&mut recorder, "RELEASE SAVEPOINT s1").unwrap();
    run(&mut recorder, "INSERT INTO book (title, shelf_id) VALUES ('dangling', 77)").unwrap();
    assert_eq!(refused(&mut recorder, "COMMIT"), "IntegrityError: FOREIGN KEY constraint failed");
    assert!(recorder.in_transaction());
    assert!(matches!(recorder.serialize(), Err(RecorderError::InTransaction)));
    recorder.rollback_open_transaction().unwrap();
    assert!(!recorder.in_transaction());
    assert_eq!(scalar(&mut recorder, "SELECT count(*) FROM book"), 3.into());
}

#[test]
fn windows_count_what_counts() {
    let mut recorder = recorder();
    run(&mut recorder, "SELECT 1").unwrap();
    recorder.begin_window("GET /books/");
    for sql in [
        "BEGIN",
        "SAVEPOINT a",
        "SELECT * FROM book",
        "SELECT * FROM book",
        "WITH b AS (SELECT 1) SELECT * FROM b",
        "EXPLAIN QUERY PLAN SELECT * FROM book",
        "UPDATE book SET title = title || '!' WHERE shelf_id = 1",
        "RELEASE a",
        "COMMIT",
        "PRAGMA foreign_keys",
        ";;/* hidden */ -- twice\n PRAGMA foreign_keys",
        "CREATE TABLE extra (id integer)",
        "DROP TABLE extra",
    ] {
        run(&mut recorder, sql).unwrap();
    }
    refused(&mut recorder, "SELECT * FROM nowhere");
    let window = recorder.end_window();
    assert_eq!((window.statements, window.counted, window.first, window.len), (14, 8, 1, 14));
    // 3 + 3 read, 1 + 1 (WITH, EXPLAIN), 2 changed, 1 + 1 (PRAGMA)
    assert_eq!(window.rows, 12);
    let kept = &recorder.statements()[window.first..window.first + window.len];
    assert_eq!(kept.iter().map(|statement| statement.repeats).collect::<Vec<_>>()[2..5], [0, 1, 0]);
    assert!(kept.iter().all(|statement| statement.during == "GET /books/"));
    assert_eq!(recorder.statements()[0].during, OUTSIDE);
    assert_eq!((recorder.totals().statements, recorder.totals().counted, recorder.totals().outside), (15, 9, 1));

    recorder.begin_window("GET /again/");
    run(&mut recorder, "SELECT * FROM book").unwrap();
    let window = recorder.end_window();
    assert_eq!(recorder.statements()[window.first].repeats, 0);
    assert_eq!(recorder.end_window().statements, 0);
}

#[test]
fn records_are_cut_and_capped_while_totals_stay_exact() {
    let mut recorder = with(RecorderLimits { kept_statements: 3, kept_sql: 20, ..RecorderLimits::default() });
    recorder.begin_window("x");
    let long = format!("SELECT '{}'", "é".repeat(30));
    for _ in 0..5 {
        run(&mut recorder, &long).unwrap();
    }
    let window = recorder.end_window();
    assert_eq!((window.statements, window.len, recorder.statements().len()), (5, 3, 3));
    assert_eq!(recorder.statements()[0].sql, format!("SELECT '{}…", "é".repeat(6)));
    assert_eq!(recorder.whole_sql(0), Some(long.as_str()));
    assert_eq!(recorder.whole_sql(3), None);
}

#[test]
fn restoring_ends_a_transaction_and_forgets_all_changes() {
    let mut recorder = recorder();
    let snapshot = recorder.serialize().unwrap();
    for sql in
        ["PRAGMA foreign_keys = OFF", "PRAGMA legacy_alter_table = ON", "BEGIN", "DELETE FROM book", "DROP TABLE shelf"]
    {
        run(&mut recorder, sql).unwrap();
    }
    recorder.restore(&snapshot).unwrap();
    assert!(!recorder.in_transaction());
    assert_eq!(scalar(&mut recorder, "SELECT count(*) FROM book"), 3.into());
    assert_eq!(run(&mut recorder, "PRAGMA foreign_keys").unwrap().rows, [[1.into()]]);
    assert_eq!(run(&mut recorder, "PRAGMA legacy_alter_table").unwrap().rows, [[0.into()]]);
    run(&mut recorder, "INSERT INTO book (title, shelf_id) VALUES ('Four', 1)").unwrap();
    assert_eq!(recorder.totals().statements, 8);

    let mut other = Recorder::new(RecorderLimits::default()).unwrap();
    other.restore(&recorder.serialize().unwrap()).unwrap();
    assert_eq!(scalar(&mut other, "SELECT count(*) FROM book"), 4.into());
    // What follows is seen to be prepared anew against another schema.
    other
        .restore(&Snapshot::from(
            Recorder::new(RecorderLimits::default()).unwrap().serialize().unwrap().as_bytes().to_vec(),
        ))
        .unwrap();
    assert_eq!(refused(&mut other, "SELECT * FROM book"), "OperationalError: no such table: book");
}

#[test]
fn a_snapshot_that_is_no_database_is_refused_without_a_panic() {
    let mut recorder = recorder();
    let restored = recorder.restore(&Snapshot::from(vec![7; 5000]));
    assert!(restored.is_err() || recorder.trusted_rows("SELECT count(*) FROM book", &BTreeMap::new()).is_err());
}

#[test]
fn limits_stop_the_run_for_good() {
    let limits = |change: fn(&mut RecorderLimits)| {
        let mut limits = RecorderLimits::default();
        change(&mut limits);
        limits
    };
    let ten = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10) SELECT i, hex(zeroblob(500)) FROM n";
    for (limits, hit, kind) in [
        (limits(|limits| limits.statements = 3), LimitHit::Statements(3), StopKind::Statements),
        (limits(|limits| limits.rows = 25), LimitHit::Rows(25), StopKind::Rows),
        (limits(|limits| limits.bytes = 25_000), LimitHit::Bytes(25_000), StopKind::Rows),
    ] {
        let mut recorder = with(limits);
        let stopped = (0..10).find_map(|_| run(&mut recorder, ten).err());
        assert_eq!(stopped, Some(Refusal::Limit(hit)));
        assert_eq!(recorder.stopped(), Some(hit));
        assert_eq!(run(&mut recorder, "SELECT 1").unwrap_err(), Refusal::Limit(hit));
        assert_eq!(hit.kind(), kind);
        // The grader's own SQL still works.
        assert_eq!(scalar(&mut recorder, "SELECT count(*) FROM book"), 3.into());
    }
    let mut recorder = with(limits(|limits| limits.rows = 2));
    assert_eq!(run(&mut recorder, "UPDATE book SET title = ''").unwrap_err(), Refusal::Limit(LimitHit::Rows(2)));
    assert_eq!(LimitHit::Rows(2).to_string(), "more than 2 rows read or changed");
}

#[test]
fn trusted_sql_binds_names_is_all_or_nothing_and_leaves_no_trace() {
    let mut recorder = recorder();
    let named = BTreeMap::from([("id".to_owned(), Value::Integer(2)), ("unused".to_owned(), Value::Null)]);
    recorder
        .trusted_batch(
            "UPDATE book SET title = 'Changed ' || :id WHERE id = :id; DELETE FROM book WHERE id = 1",
            &named,
        )
        .unwrap();
    let rows = recorder.trusted_rows("SELECT id, title FROM book WHERE id = :id", &named).unwrap();
    assert_eq!(
        (rows.columns, rows.rows),
        (vec!["id".into(), "title".into()], vec![vec![2.into(), "Changed 2".into()]])
    );

    let failed = recorder.trusted_batch("DELETE FROM book; INSERT INTO shelf (mark) VALUES ('A')", &named).unwrap_err();
    assert_eq!(failed.to_string(), "UNIQUE constraint failed: shelf.mark, in: INSERT INTO shelf (mark) VALUES ('A')");
    let failed =
        recorder.trusted_batch("DELETE FROM book; INSERT INTO book (title, shelf_id) VALUES ('x', 99)", &named);
    assert!(failed.unwrap_err().to_string().starts_with("FOREIGN KEY constraint failed"));
    assert!(!recorder.in_transaction());
    assert_eq!(scalar(&mut recorder, "SELECT count(*) FROM book"), 2.into());

    let missing = recorder.trusted_rows("SELECT :other", &named).unwrap_err();
    assert!(matches!(missing, RecorderError::MissingParameter { name, .. } if name == ":other"));
    assert!(recorder.trusted_rows("SELECT 1; SELECT 2", &named).is_err());
    assert!(recorder.trusted_rows("", &named).is_err());
    assert_eq!(scalar(&mut recorder, "SELECT CAST(x'41ff' AS text)"), "A\u{fffd}".into());
    assert_eq!((recorder.statements().len(), recorder.totals().statements), (0, 0));
}

#[test]
fn a_plan_tells_scans_from_searches_and_executes_nothing() {
    let mut recorder = recorder();
    assert_eq!(recorder.plan("SELECT * FROM book WHERE title = ?").unwrap(), ["SCAN book"]);
    let searched = recorder.plan("SELECT * FROM book WHERE id = ?").unwrap();
    assert_eq!(searched, ["SEARCH book USING INTEGER PRIMARY KEY (rowid=?)"]);
    recorder.plan("DELETE FROM book").unwrap();
    assert_eq!(scalar(&mut recorder, "SELECT count(*) FROM book"), 3.into());
    assert!(recorder.plan("ATTACH 'x' AS y").is_err());
    assert!(recorder.plan("SELECT * FROM …").is_err());
    assert_eq!(recorder.totals().statements, 0);
}

#[test]
fn seeded_values_repeat_for_their_seed_and_differ_for_another() {
    let world = |seed: u64| {
        let mut recorder = Recorder::new(RecorderLimits::default()).unwrap();
        recorder.reseed(seed);
        trusted(
            &mut recorder,
            "CREATE TABLE w AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
             SELECT i, random_int(-5, 5) AS number, random_id() AS id, random_name() AS name, random_title() AS title,
                 random_word() AS word, random_digits(8) AS digits, random_text(30) AS text FROM n",
        );
        let rows = recorder.trusted_rows("SELECT * FROM w ORDER BY i", &BTreeMap::new()).unwrap().rows;
        (recorder, rows)
    };
    let (mut recorder, first) = world(42);
    assert_eq!(first, world(42).1);
    assert_ne!(first, world(43).1);
    for (what, least) in [("id", 200), ("name", 190), ("title", 190), ("number", 11), ("text", 200), ("digits", 195)] {
        let distinct = scalar(&mut recorder, &format!("SELECT count(DISTINCT {what}) FROM w"));
        assert!(matches!(distinct, Value::Integer(count) if count >= least), "{what}: {distinct:?}");
    }
    let checks = "SELECT min(number) = -5 AND max(number) = 5 AND min(id) >= 100000 AND max(id) <= 999999999
        AND min(length(digits)) = 8 AND max(length(text) - length(replace(text, ' ', ''))) = 29 FROM w";
    assert_eq!(scalar(&mut recorder, checks), 1.into());
    for letter in ["'", "é", "O'", " "] {
        let names = scalar(&mut recorder, &format!("SELECT count(*) FROM w WHERE instr(name, {})", quoted(letter)));
        assert!(matches!(names, Value::Integer(count) if count > 0), "no name with {letter}");
    }
    for wrong in [
        "SELECT random_int(2, 1)",
        "SELECT random_digits(-1)",
        "SELECT random_text(100000)",
        "SELECT random_int('a', 'b')",
    ] {
        assert!(recorder.trusted_rows(wrong, &BTreeMap::new()).is_err(), "{wrong}");
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[test]
fn the_stream_goes_on_over_a_restore() {
    let mut recorder = recorder();
    let snapshot = recorder.serialize().unwrap();
    recorder.reseed(1);
    let first = scalar(&mut recorder, "SELECT random_id()");
    recorder.restore(&snapshot).unwrap();
    assert_ne!(first, scalar(&mut recorder, "SELECT random_id()"));
    recorder.reseed(1);
    assert_eq!(first, scalar(&mut recorder, "SELECT random_id()"));
}

#[test]
fn a_recorder_can_be_sent_to_another_thread() {
    let mut recorder = recorder();
    let count = std::thread::spawn(move || scalar(&mut recorder, "SELECT count(*) FROM book")).join().unwrap();
    assert_eq!(count, 3.into());
}

/// `cargo test --release -p jobfuture-grader --test it -- --ignored --nocapture timing`
#[test]
#[ignore = "prints times, proves nothing"]
fn timing() {
    let mut recorder = with(RecorderLimits { statements: u64::MAX, rows: u64::MAX, ..RecorderLimits::default() });
    trusted(
        &mut recorder,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500)
         INSERT INTO book (title, shelf_id) SELECT random_text(8), 1 + i % 2 FROM n",
    );
    let snapshot = recorder.serialize().unwrap();
    let median = |mut work: Box<dyn FnMut() + '_>| {
        let mut times: Vec<_> = (0..501)
            .map(|_| {
                let start = std::time::Instant::now();
                work();
                start.elapsed()
            })
            .collect();
        times.sort();
        times[250]
    };
    let sql = "SELECT b.id, b.title, s.mark FROM book b JOIN shelf s ON s.id = b.shelf_id WHERE b.id = ?";
    let opened = median(Box::new(|| drop(Recorder::new(RecorderLimits::default()).unwrap())));
    let restored = median(Box::new(|| recorder.restore(&snapshot).unwrap()));
    let fresh = median(Box::new(|| {
        recorder.restore(&snapshot).unwrap();
        recorder.execute(sql, &[7.into()]).unwrap();
    }));
    let again = median(Box::new(|| drop(recorder.execute(sql, &[7.into()]).unwrap())));
    let kept = median(Box::new(|| drop(recorder.serialize().unwrap())));
    println!("snapshot of {} KiB; medians of 501:", snapshot.as_bytes().len() >> 10);
    println!(
        "open {opened:?}, restore {restored:?}, restore and one SELECT {fresh:?}, the SELECT again {again:?}, serialize {kept:?}"
    );
}
