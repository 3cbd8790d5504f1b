//! What the candidate's SQL must not get away with.

use crate::recorder::{recorder, refused, run, trusted, with};
use jobfuture_grader::recorder::{LimitHit, Recorder, RecorderLimits, Refusal, Value};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// The recorder still does its work.
fn works(recorder: &mut Recorder) {
    assert_eq!(run(recorder, "SELECT count(*) FROM book").unwrap().rows, [[3.into()]]);
}

#[test]
fn other_databases_cannot_be_reached() {
    let mut recorder = recorder();
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("out.db");
    let file = file.to_str().unwrap();
    for sql in [
        format!("ATTACH '{file}' AS other"),
        "ATTACH ':memory:' AS other".to_owned(),
        format!("VACUUM INTO '{file}'"),
        format!("VACUUM main INTO '{file}'"),
        "VACUUM".to_owned(),
        "DETACH main".to_owned(),
        "SELECT load_extension('libm.so.6')".to_owned(),
        "SELECT fts3_tokenizer('simple')".to_owned(),
        "CREATE VIRTUAL TABLE v USING fts5(a)".to_owned(),
        "CREATE VIRTUAL TABLE v USING dbstat(main)".to_owned(),
        "SELECT * FROM dbstat".to_owned(),
        "SELECT readfile('/etc/passwd')".to_owned(),
        "SELECT writefile('x', 'y')".to_owned(),
        "SELECT json_patch('{}', '{}')".to_owned(),
        "CREATE TEMP TABLE t (a)".to_owned(),
        "CREATE TEMP VIEW t AS SELECT 1".to_owned(),
        "CREATE TRIGGER t AFTER INSERT ON book BEGIN SELECT 1; END".to_owned(),
        "CREATE TEMP TRIGGER t AFTER INSERT ON book BEGIN SELECT 1; END".to_owned(),
    ] {
        let answer = run(&mut recorder, &sql);
        assert!(matches!(answer, Err(Refusal::Sql(_))), "{sql}: {answer:?}");
    }
    assert!(std::fs::read_dir(directory.path()).unwrap().next().is_none());
    assert_eq!(
        refused(&mut recorder, "ATTACH ':memory:' AS o"),
        "DatabaseError: not authorized: ATTACH and VACUUM cannot be used here"
    );
    works(&mut recorder);
}

#[test]
fn pragmas_beyond_the_list_are_refused() {
    let mut recorder = recorder();
    for pragma in [
        "writable_schema = ON",
        "main.writable_schema = 1",
        "WRITABLE_SCHEMA(1)",
        "journal_mode = WAL",
        "temp_store = FILE",
        "temp_store_directory = '/tmp'",
        "max_page_count = 1000000000",
        "cache_size = 1000000",
        "mmap_size = 1000000000",
        "trusted_schema = ON",
        "recursive_triggers = ON",
        "ignore_check_constraints = ON",
        "hard_heap_limit = 1",
        "soft_heap_limit = 1",
        "threads = 8",
        "query_only = ON",
        "user_version = 7",
        "page_size = 512",
        "encoding",
        "database_list",
        "compile_options",
        "function_list",
        "incremental_vacuum",
        "wal_checkpoint",
        "optimize",
        "integrity_check",
        "shrink_memory",
        "analysis_limit = 5",
        "case_sensitive_like = ON",
    ] {
        let answer = run(&mut recorder, &format!("PRAGMA {pragma}"));
        assert!(matches!(answer, Err(Refusal::Sql(_))), "{pragma}: {answer:?}");
    }
    let hidden = run(&mut recorder, "SELECT * FROM pragma_database_list");
    assert!(matches!(hidden, Err(Refusal::Sql(_))), "{hidden:?}");
    assert!(refused(&mut recorder, "UPDATE sqlite_master SET sql = ''").contains("may not be modified"));
    assert!(refused(&mut recorder, "DELETE FROM sqlite_schema").contains("may not be modified"));
    works(&mut recorder);
}

#[test]
fn what_django_needs_is_allowed() {
    let mut recorder = recorder();
    for sql in [
        "PRAGMA foreign_keys = ON",
        "PRAGMA foreign_keys = OFF",
        "PRAGMA foreign_keys",
        "PRAGMA legacy_alter_table = OFF",
        "PRAGMA foreign_key_check",
        "PRAGMA foreign_key_check(\"book\")",
        "PRAGMA foreign_key_list(\"book\")",
        "PRAGMA table_info(\"book\")",
        "PRAGMA table_xinfo(\"book\")",
        "PRAGMA index_list(\"book\")",
        "PRAGMA index_info(\"sqlite_autoindex_shelf_1\")",
        "SELECT name, type FROM sqlite_master",
        "CREATE TABLE \"new__book\" (\"id\" integer NOT NULL PRIMARY KEY AUTOINCREMENT, \"title\" varchar(10) NOT NULL, \
         \"pages\" integer unsigned NOT NULL CHECK (\"pages\" >= 0), \"extra\" text NOT NULL CHECK ((JSON_VALID(\"extra\") OR \"extra\" IS NULL)))",
        "INSERT INTO \"new__book\" (\"id\", \"title\", \"pages\", \"extra\") SELECT \"id\", \"title\", 3, '{}' FROM \"book\"",
        "ALTER TABLE \"new__book\" RENAME TO \"newer\"",
        "ALTER TABLE \"newer\" RENAME COLUMN \"title\" TO \"name\"",
        "ALTER TABLE \"newer\" ADD COLUMN \"note\" text NULL",
        "ALTER TABLE \"newer\" DROP COLUMN \"note\"",
        "CREATE INDEX \"i1\" ON \"newer\" (\"name\" DESC) WHERE \"pages\" > 1",
        "CREATE UNIQUE INDEX \"i2\" ON \"newer\" ((LOWER(\"name\")))",
        "CREATE VIEW v AS SELECT id FROM newer",
        "SELECT * FROM v",
        "DROP VIEW v",
        "DROP INDEX \"i1\"",
        "DELETE FROM \"newer\"",
        "UPDATE \"main\".\"sqlite_sequence\" SET \"seq\" = 0 WHERE \"name\" IN ('newer')",
        "DROP TABLE \"newer\"",
        "ANALYZE",
        "REINDEX",
        "SELECT JSON_EXTRACT('{\"a\": [1]}', '$.a[0]'), JSON_TYPE('{}'), QUOTE(x'00')",
        "SELECT value FROM json_each('[1, 2]')",
        "SELECT sqlite_compileoption_used('ENABLE_MATH_FUNCTIONS')",
        "EXPLAIN QUERY PLAN SELECT 1",
        "BEGIN IMMEDIATE",
        "SAVEPOINT s",
        "RELEASE SAVEPOINT s",
        "ROLLBACK",
        "SELECT id, row_number() OVER (ORDER BY id) FROM book UNION SELECT 1, 2",
    ] {
        assert!(run(&mut recorder, sql).is_ok(), "{sql}: {}", refused(&mut recorder, sql));
    }
    works(&mut recorder);
}

#[test]
fn seeded_functions_are_the_graders_alone() {
    let mut recorder = recorder();
    for call in [
        "random_int(1, 2)",
        "random_id()",
        "RANDOM_NAME()",
        "random_title()",
        "random_word()",
        "random_digits(3)",
        "random_text(3)",
    ] {
        let answer = refused(&mut recorder, &format!("SELECT {call}"));
        assert!(answer.contains("not authorized"), "{call}: {answer}");
        assert!(matches!(run(&mut recorder, &format!("CREATE VIEW v AS SELECT {call}")), Ok(_) | Err(Refusal::Sql(_))));
        // A view that holds one is of no use to anybody.
        assert!(run(&mut recorder, "SELECT * FROM v").is_err());
        assert!(recorder.trusted_rows("SELECT * FROM v", &BTreeMap::new()).is_err());
        run(&mut recorder, "DROP VIEW IF EXISTS v").unwrap();
        assert!(
            run(&mut recorder, &format!("CREATE TABLE d (a DEFAULT ({call}))")).is_err() || {
                let inserted = run(&mut recorder, "INSERT INTO d DEFAULT VALUES");
                run(&mut recorder, "DROP TABLE d").unwrap();
                inserted.is_err()
            }
        );
    }
    works(&mut recorder);
}

#[test]
fn an_endless_query_is_interrupted() {
    let limits = RecorderLimits { statement_time: Duration::from_millis(200), ..RecorderLimits::default() };
    for sql in [
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT 1 FROM n) SELECT count(*) FROM n",
        "INSERT INTO book (title, shelf_id) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT '', 1 FROM n WHERE i < 0",
    ] {
        let mut recorder = with(limits.clone());
        let started = Instant::now();
        let refusal = run(&mut recorder, sql).unwrap_err();
        assert_eq!(refusal, Refusal::Limit(LimitHit::StatementTime(limits.statement_time)), "{sql}");
        assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
        let count = recorder.trusted_rows("SELECT count(*) FROM book", &BTreeMap::new()).unwrap();
        assert_eq!(count.rows, [[Value::Integer(3)]]);
    }
}

#[test]
fn many_slow_statements_are_stopped_together() {
    let total = Duration::from_millis(300);
    let mut recorder =
        with(RecorderLimits { total_time: total, statements: u64::MAX, rows: u64::MAX, ..RecorderLimits::default() });
    let slow = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000) SELECT max(i) FROM n";
    let stopped = (0..10_000).find_map(|_| run(&mut recorder, slow).err());
    assert_eq!(stopped, Some(Refusal::Limit(LimitHit::TotalTime(total))));
}

#[test]
fn memory_is_bounded() {
    let mut recorder = with(RecorderLimits { statement_memory: 16 << 20, ..RecorderLimits::default() });
    let sorted = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) \
                  SELECT count(DISTINCT printf('%100000d', i)) FROM n";
    assert_eq!(run(&mut recorder, sorted).unwrap_err(), Refusal::Limit(LimitHit::Memory(16 << 20)));

    let mut recorder = with(RecorderLimits { pages: 200, ..RecorderLimits::default() });
    let snapshot = recorder.serialize().unwrap();
    for _ in 0..2 {
        let filling = "INSERT INTO book (title, shelf_id) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n \
                       WHERE i < 100) SELECT hex(zeroblob(10000)), 1 FROM n";
        assert_eq!(refused(&mut recorder, filling), "OperationalError: database or disk is full");
        works(&mut recorder);
        recorder.restore(&snapshot).unwrap();
    }
}

#[test]
fn giant_values_texts_and_expressions_are_refused() {
    let mut recorder = recorder();
    let many = |part: &str, times: usize| part.repeat(times);
    for (sql, wanted) in [
        ("SELECT zeroblob(1000000000)".to_owned(), "DataError: string or blob too big"),
        ("SELECT length(printf('%.*c', 1000000000, 'x'))".to_owned(), "DataError: string or blob too big"),
        (
            "SELECT replace(hex(zeroblob(10000)), '0', hex(zeroblob(1000)))".to_owned(),
            "DataError: string or blob too big",
        ),
        (format!("SELECT '{}'", many("x", 2 << 20)), "DataError: query string is too large"),
        (
            format!("SELECT {}1", many("1+", 5000)),
            "OperationalError: Expression tree is too large (maximum depth 1000)",
        ),
        (format!("SELECT {}1", many("-", 100_000)), "OperationalError"),
        (format!("SELECT {}1{}", many("(", 100_000), many(")", 100_000)), "OperationalError"),
        (
            format!("SELECT 1{}", many(" UNION ALL SELECT 1", 20_000)),
            "OperationalError: too many terms in compound SELECT",
        ),
        (format!("SELECT {}1", many("(SELECT ", 50_000)), "OperationalError"),
        ("SELECT ?40000".to_owned(), "OperationalError: variable number must be between ?1 and ?32766"),
        (format!("SELECT 'a' LIKE '{}'", many("%a", 1000)), "OperationalError: LIKE or GLOB pattern too complex"),
        (many("SELECT 1;", 100_000), "ProgrammingError: You can only execute one statement at a time."),
        (format!("SELECT 1{}", many(";", 500_000)), "allowed: [[Integer(1)]]"),
        (format!("SELECT 1{}", many("/*;*/", 100_000)), "allowed: [[Integer(1)]]"),
    ] {
        let answer = refused(&mut recorder, &sql);
        assert!(answer.starts_with(wanted), "{}…: {answer}", &sql[..40.min(sql.len())]);
    }
    let blob = Value::Blob(vec![0; 2 << 20]);
    assert_eq!(recorder.execute("SELECT ?", &[blob]).unwrap_err().to_string(), "DataError: string or blob too big");
    works(&mut recorder);
}

#[test]
fn one_call_of_a_function_cannot_take_minutes() {
    let long = "a".repeat(900_000);
    let half = format!("{}b", "a".repeat(450_000));
    let letters: String = (0x4e00..0x9000).filter_map(char::from_u32).cycle().take(300_000).chain(['a']).collect();
    let noise: String = (0..65_000_u64)
        .scan(1_u64, |state, _| {
            *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            Some(if *state >> 63 == 0 { 'a' } else { 'c' })
        })
        .collect();
    for (sql, text, other) in [
        ("SELECT instr(?, ?)", &long, half.as_str()),
        ("SELECT length(replace(?, ?, ''))", &long, &half),
        ("SELECT trim(?, ?)", &long, &letters),
        ("SELECT ltrim(?, ?)", &long, &letters),
        ("SELECT unhex(?, ?)", &long, &letters),
        ("SELECT substr(?, 1, 60000) REGEXP ?", &long, "(a+)+b"),
        ("SELECT substr(?, 1, 60000) REGEXP ?", &long, "(a*)*(a*)*(a*)*(a*)*b"),
        ("SELECT substr(?, 1, 65000) REGEXP ?", &noise, "[ac]*a[ac]{3200}[0-9]"),
        ("SELECT substr(?, 1, 16000) REGEXP ?", &noise, "(a?c?){1900}[0-9]"),
        ("SELECT substr(?, 1, 4000) REGEXP ?", &noise, "(a?c?){7500}[0-9]"),
        ("SELECT ? LIKE ?", &long, &format!("%{}b", "a".repeat(990))),
        ("SELECT ? LIKE ?", &long, &format!("{}b", "%a".repeat(490))),
        ("SELECT ? GLOB ?", &long, &format!("{}b", "*a".repeat(490))),
    ] {
        // Twice as much as a statement may take is let pass: the machine that tests is a busy one.
        let mut recorder = with(RecorderLimits { statement_time: Duration::from_secs(4), ..RecorderLimits::default() });
        let answer = recorder.execute(sql, &[text.as_str().into(), other.into()]);
        let shown = &other[..other.len().min(30)];
        assert!(!matches!(answer, Err(Refusal::Limit(_))), "{sql} {shown}: {answer:?}");
    }
}

#[test]
fn a_long_call_that_ends_is_charged_all_the_same() {
    let limit = Duration::from_millis(20);
    let mut recorder = with(RecorderLimits { statement_time: limit, ..RecorderLimits::default() });
    let long = "a".repeat(900_000);
    let answer = recorder.execute("SELECT ? LIKE ?", &[long.as_str().into(), format!("%{}b", "a".repeat(990)).into()]);
    assert_eq!(answer, Err(Refusal::Limit(LimitHit::StatementTime(limit))));
}

#[test]
fn a_pattern_that_compiles_to_too_much_is_refused() {
    let mut recorder = recorder();
    for pattern in [r"(\w{1000}){1000}", "((((a{100}){100}){100}){100}){100}", r"(?=a)b", r"(a)\1", "("] {
        let answer = recorder.execute("SELECT 'aaa' REGEXP ?", &[pattern.into()]);
        assert_eq!(
            answer.unwrap_err().to_string(),
            "OperationalError: user-defined function raised exception",
            "{pattern}"
        );
    }
    assert_eq!(recorder.execute(r"SELECT 'word' REGEXP '^\w{3,40}$'", &[]).unwrap().rows, [[1.into()]]);
}

#[test]
fn a_view_of_the_candidates_cannot_hold_up_the_grader() {
    let mut recorder = with(RecorderLimits { trusted_time: Duration::from_millis(300), ..RecorderLimits::default() });
    run(&mut recorder, "DROP TABLE book").unwrap();
    let endless =
        "CREATE VIEW book AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS id FROM n";
    run(&mut recorder, endless).unwrap();
    let error = recorder.trusted_rows("SELECT count(*) FROM book", &BTreeMap::new()).unwrap_err();
    assert!(error.to_string().starts_with("interrupted"), "{error}");
}

#[test]
fn the_guard_is_up_again_after_a_trusted_call() {
    let mut recorder = recorder();
    assert!(recorder.trusted_rows("SELECT random_int(2, 1)", &BTreeMap::new()).is_err());
    trusted(&mut recorder, "PRAGMA user_version = 3");
    // Prepared by the grader a moment ago; the candidate may not have it all the same.
    assert!(recorder.trusted_rows("SELECT random_id()", &BTreeMap::new()).is_ok());
    assert!(run(&mut recorder, "SELECT random_id()").is_err());
    assert!(run(&mut recorder, "PRAGMA user_version").is_err());
}
