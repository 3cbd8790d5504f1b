//! What several statements promise, and many at once.

use jobfuture_db::{Db, Error, Tx, params};
use jobfuture_testkit::both_engines;
use std::time::{Duration, Instant};
use uuid::Uuid;

async fn purse(db: &Db) {
    db.execute("create table purse (owner text primary key, cents bigint not null)", &[]).await.unwrap();
    db.execute("insert into purse values ('a', 100), ('b', 0)", &[]).await.unwrap();
}

async fn cents(db: &Db) -> (i64, i64) {
    let found: Vec<(i64,)> = db.all("select cents from purse order by owner", &[]).await.unwrap();
    (found[0].0, found[1].0)
}

fn take(tx: &mut Tx<'_>, owner: &str, amount: i64) -> Result<u64, Error> {
    tx.execute("update purse set cents = cents - $2 where owner = $1", params![owner, amount])
}

#[derive(Debug, PartialEq)]
enum Refusal {
    TooPoor(i64),
    Database(Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Database(error)
    }
}

both_engines! {
    async fn all_is_kept_or_nothing(db: Db) {
        purse(&db).await;
        let pay = |amount: i64| {
            db.transaction(move |tx| {
                take(tx, "a", amount)?;
                take(tx, "b", -amount)?;
                let (left,): (i64,) = tx.one("select cents from purse where owner = 'a'", &[])?;
                if left < 0 { Err(Refusal::TooPoor(left)) } else { Ok(left) }
            })
        };
        assert_eq!(pay(60).await, Ok(40));
        assert_eq!(pay(60).await, Err(Refusal::TooPoor(-20)));
        assert_eq!(cents(&db).await, (40, 60));
    }

    /// PostgreSQL's rule, held on both: code that swallows a failure keeps nothing.
    async fn after_a_failed_statement_nothing_is_kept(db: Db) {
        purse(&db).await;
        let outcome: Result<(), Error> = db
            .transaction(|tx| {
                take(tx, "a", 1)?;
                let _ = tx.execute("insert into purse values ('a', 1)", &[]);
                let again = take(tx, "b", 1);
                assert!(matches!(again, Err(Error::Unique { .. })), "{again:?}");
                Ok(())
            })
            .await;
        assert!(matches!(outcome, Err(Error::Unique { .. })), "{outcome:?}");
        assert_eq!(cents(&db).await, (100, 0));
    }

    async fn finding_nothing_is_an_answer_and_not_a_failure(db: Db) {
        purse(&db).await;
        let outcome: Result<bool, Error> = db
            .transaction(|tx| {
                let missing = tx.one::<(i64,)>("select cents from purse where owner = 'c'", &[]) == Err(Error::NoRow);
                take(tx, "a", 1)?;
                Ok(missing)
            })
            .await;
        assert_eq!(outcome, Ok(true));
        assert_eq!(cents(&db).await, (99, 0));
    }

    async fn a_panic_keeps_nothing_and_harms_no_one_else(db: Db) {
        purse(&db).await;
        let broken = db.clone();
        let panicked = tokio::spawn(async move {
            let work = |tx: &mut Tx<'_>| -> Result<(), Error> {
                take(tx, "a", 1)?;
                panic!("a mistake in the work (this line of the output is part of the test)");
            };
            broken.transaction(work).await
        });
        assert!(panicked.await.unwrap_err().is_panic());
        db.transaction(|tx| take(tx, "b", -5)).await.unwrap();
        assert_eq!(cents(&db).await, (100, 5));
    }

    /// Read, decide, write: the pattern that a database without isolation gets wrong, and a busy one refuses.
    async fn a_hundred_writers_lose_nothing_and_none_is_refused(db: Db) {
        purse(&db).await;
        let tasks: Vec<_> = (0..100_i64).map(|writer| {
            let db = db.clone();
            tokio::spawn(async move {
                for round in 0..5_i64 {
                    let name = format!("{writer}/{round}");
                    db.execute("insert into purse values ($1, 1)", params![name]).await?;
                }
                db.transaction(|tx| {
                    let (cents,): (i64,) = tx.one("select cents from purse where owner = 'b'", &[])?;
                    tx.execute("update purse set cents = $1 where owner = 'b'", params![cents + 1])
                }).await
            })
        }).collect();
        let started = Instant::now();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        let (rows,): (i64,) = db.one("select count(*) from purse", &[]).await.unwrap();
        let (counter,): (i64,) = db.one("select cents from purse where owner = 'b'", &[]).await.unwrap();
        assert_eq!((rows, counter), (502, 100));
        println!("{:?}: 600 writes of 100 writers in {:?}", db.engine(), started.elapsed());
    }

    /// Who holds the same row reads what the one before has written; who holds another one does not collide with them.
    async fn those_who_hold_a_row_run_in_turn(db: Db) {
        db.execute("create table jar (id uuid primary key, beans bigint not null)", &[]).await.unwrap();
        db.execute("create table bean (jar uuid not null, number bigint not null, primary key (jar, number))", &[]).await.unwrap();
        let jars: Vec<Uuid> = (1..=8).map(Uuid::from_u128).collect();
        for jar in &jars {
            db.execute("insert into jar values ($1, 0)", params![jar]).await.unwrap();
        }
        let before = db.traffic().again;
        let tasks: Vec<_> = (0..160).map(|turn: usize| {
            let (db, jar) = (db.clone(), jars[turn % jars.len()]);
            tokio::spawn(async move {
                db.transaction_on("jar", jar, move |tx| {
                    let (beans,): (i64,) = tx.one("select count(*) from bean where jar = $1", params![jar])?;
                    tx.execute_later("insert into bean values ($1, $2)", params![jar, beans + 1])?;
                    tx.execute_later("update jar set beans = $2 where id = $1", params![jar, beans + 1])
                }).await
            })
        }).collect();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        let counts: Vec<(i64,)> = db.all("select beans from jar order by id", &[]).await.unwrap();
        assert_eq!(counts, vec![(20,); 8]);
        assert_eq!(db.traffic().again, before, "nobody collided");
        // Nothing to hold is no fault.
        let none = db.transaction_on("jar", Uuid::nil(), |tx| tx.execute("delete from bean where number > 20", &[])).await;
        assert_eq!(none, Ok(0));
    }

    async fn a_long_transaction_does_not_hold_those_before_it(db: Db) {
        purse(&db).await;
        let started = Instant::now();
        let long = {
            let db = db.clone();
            tokio::spawn(async move {
                db.long_transaction(|tx| {
                    std::thread::sleep(Duration::from_millis(300));
                    take(tx, "a", 1)
                }).await
            })
        };
        let writes = (0..20).map(|_| {
            let db = db.clone();
            tokio::spawn(async move { db.execute("update purse set cents = cents - 1 where owner = 'b'", &[]).await })
        });
        for write in writes.collect::<Vec<_>>() {
            write.await.unwrap().unwrap();
        }
        long.await.unwrap().unwrap();
        assert_eq!(cents(&db).await, (99, -20));
        assert!(started.elapsed() < Duration::from_secs(5));
    }

    async fn work_goes_on_when_nobody_waits_for_it(db: Db) {
        purse(&db).await;
        let asked = db.transaction(|tx| {
            std::thread::sleep(Duration::from_millis(50));
            take(tx, "a", 7)
        });
        assert!(tokio::time::timeout(Duration::from_millis(10), asked).await.is_err());
        let started = Instant::now();
        while cents(&db).await.0 != 93 {
            assert!(started.elapsed() < Duration::from_secs(5), "the transaction was lost");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}
