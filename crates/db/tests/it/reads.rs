//! Several reads of one moment, and reads that take long.

use jobfuture_db::{Db, Error, OwnedRecord, params, record};
use jobfuture_testkit::both_engines;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

record! {
    #[derive(Debug, PartialEq)]
    struct Book<'r> { title: &'r str, blurb: Option<&'r str>, pages: i64, cover: Vec<u8> }
}

async fn books(db: &Db) {
    let sql = "create table book (title text primary key, blurb text, pages bigint not null, cover bytea not null)";
    db.execute(sql, &[]).await.unwrap();
    let sql = "insert into book (title, blurb, pages, cover) values ($1, $2, $3, $4)";
    for (title, blurb, pages) in [("Emma", Some("“Handsome, clever, and rich”"), 400_i64), ("Ulysses", None, 700)] {
        db.execute(sql, params![title, blurb, pages, title.as_bytes().to_vec()]).await.unwrap();
    }
}

const ALL: &str = "select title, pages, cover, blurb from book order by title";

fn read<T: OwnedRecord>(db: &Db, sql: &'static str) -> impl Future<Output = Result<Vec<T>, Error>> {
    db.read(move |read| read.all(sql, &[]))
}

/// Adds up whole numbers, which takes either engine some tenths of a second.
const LONG: &str = "with recursive n (i) as (select 1 union all select i + 1 from n where i < 1000000)
    select cast(sum(i) as bigint) as total from n";

async fn four_long_reads(db: &Db) {
    let reads = (0..4).map(|number| {
        let db = db.clone();
        tokio::spawn(async move {
            match number % 2 {
                0 => db.one::<(i64,)>(LONG, &[]).await,
                _ => db.read(|read| read.one(LONG, &[])).await,
            }
        })
    });
    for read in reads.collect::<Vec<_>>() {
        assert_eq!(read.await.unwrap().unwrap(), (500_000_500_000,));
    }
}

both_engines! {
    async fn records_borrow_their_text_from_rows(db: Db) {
        books(&db).await;
        let rows = db.read(|read| read.rows(ALL, &[])).await.unwrap();
        let found: Vec<Book<'_>> = rows.records().unwrap();
        let blurb = Some("“Handsome, clever, and rich”");
        assert_eq!(found[0], Book { title: "Emma", blurb, pages: 400, cover: b"Emma".to_vec() });
        assert_eq!(found[1], Book { title: "Ulysses", blurb: None, pages: 700, cover: b"Ulysses".to_vec() });
        assert_eq!(rows.len(), 2);
    }

    async fn rows_name_the_column_that_does_not_fit(db: Db) {
        books(&db).await;
        let rows = db.read(|read| read.rows("select title from book where pages > 900", &[])).await.unwrap();
        assert!(rows.is_empty());
        let error = rows.records::<Book<'_>>().unwrap_err();
        assert!(matches!(&error, Error::Column { column, .. } if column == "blurb"), "{error}");
        let rows = db.read(|read| read.rows(ALL, &[])).await.unwrap();
        let error = rows.records::<(i64,)>().unwrap_err();
        assert_eq!(error.to_string(), "column “title”: an integer was wanted, text was found");
    }

    async fn all_reads_see_one_moment(db: Db) {
        books(&db).await;
        let (begun, has_begun) = mpsc::channel();
        let (written, is_written) = mpsc::channel::<()>();
        let reading = {
            let db = db.clone();
            tokio::spawn(async move {
                let count = "select count(*) from book";
                db.read(move |read| {
                    let (before,): (i64,) = read.one(count, &[])?;
                    let _ = begun.send(());
                    // Until the other end is dropped; at once, should this run once more.
                    let _ = is_written.recv();
                    let (after,): (i64,) = read.one(count, &[])?;
                    Ok::<_, Error>((before, after))
                })
                .await
            })
        };
        tokio::task::spawn_blocking(move || has_begun.recv()).await.unwrap().unwrap();
        db.execute("delete from book", &[]).await.unwrap();
        drop(written);
        let (before, after) = reading.await.unwrap().unwrap();
        assert_eq!(before, after);
        assert_eq!(read::<(i64,)>(&db, "select count(*) from book").await.unwrap(), [(0,)]);
    }

    async fn a_snapshot_does_not_write(db: Db) {
        books(&db).await;
        for sql in ["delete from book returning title", "insert into book values ('c', null, 1, $1)"] {
            let error = db.read(move |read| read.rows(sql, &[])).await.unwrap_err();
            assert!(matches!(&error, Error::Sql { .. }), "{sql}: {error}");
        }
        let error = read::<(String,)>(&db, "delete from book returning title").await.unwrap_err();
        assert!(error.to_string().contains("use `transaction`"), "{error}");
        assert_eq!(read::<(i64,)>(&db, "select count(*) from book").await.unwrap(), [(2,)]);
    }

    async fn after_a_failed_statement_a_snapshot_fails(db: Db) {
        books(&db).await;
        let outcome: Result<(), Error> = db
            .read(|read| {
                let _ = read.all::<(i64,)>("select nothing from nowhere", &[]);
                let again = read.one::<(i64,)>("select count(*) from book", &[]);
                assert!(matches!(again, Err(Error::Sql { .. })), "{again:?}");
                Ok(())
            })
            .await;
        assert!(matches!(outcome, Err(Error::Sql { .. })), "{outcome:?}");
        assert_eq!(read::<(i64,)>(&db, "select count(*) from book").await.unwrap(), [(2,)]);
    }

    async fn finding_nothing_leaves_the_snapshot_whole(db: Db) {
        books(&db).await;
        let found = db
            .read(|read| {
                let missing = read.optional::<(String,)>("select title from book where pages = 1", &[])?;
                assert_eq!((missing, read.one::<(i64,)>("select 1 from book where pages = 1", &[])), (None, Err(Error::NoRow)));
                read.one::<(i64,)>("select count(*) from book", &[])
            })
            .await;
        assert_eq!(found.unwrap(), (2,));
    }

    async fn a_panic_while_reading_harms_no_one_else(db: Db) {
        books(&db).await;
        let broken = db.clone();
        let panicked = tokio::spawn(async move {
            broken
                .read(|read| -> Result<(), Error> {
                    read.all::<(String,)>("select title from book", &[])?;
                    panic!("a mistake in the work (this line of the output is part of the test)");
                })
                .await
        });
        assert!(panicked.await.unwrap_err().is_panic());
        db.execute("delete from book", &[]).await.unwrap();
        assert_eq!(read::<(i64,)>(&db, "select count(*) from book").await.unwrap(), [(0,)]);
    }

    /// More of them than the runtime has threads, each of which would be held up.
    async fn long_reads_do_not_hold_up_the_rest(db: Db) {
        let ticks = Arc::new(AtomicU32::new(0));
        let ticking = Arc::clone(&ticks);
        let rest = tokio::spawn(async move {
            loop {
                tokio::time::sleep(Duration::from_millis(5)).await;
                ticking.fetch_add(1, Ordering::Relaxed);
            }
        });
        // The first time opens the connections, on threads of their own.
        four_long_reads(&db).await;
        ticks.store(0, Ordering::Relaxed);
        four_long_reads(&db).await;
        let ticks = ticks.load(Ordering::Relaxed);
        rest.abort();
        assert!(ticks > 10, "only {ticks} times was anything else done meanwhile");
    }
}
