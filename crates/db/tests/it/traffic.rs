//! What statements cost, and what becomes of those that nobody waits for.

use jobfuture_db::{Db, Engine, Error, Traffic, params};
use jobfuture_testkit::both_engines;

const ADD: &str = "insert into purse values ($1, $2)";
const COUNT: &str = "select count(*) from purse";

async fn purse(db: &Db) {
    db.execute("create table purse (owner text primary key, cents bigint not null)", &[]).await.unwrap();
    db.execute("insert into purse values ('a', 100), ('b', 0)", &[]).await.unwrap();
}

async fn owners(db: &Db) -> i64 {
    db.one::<(i64,)>(COUNT, &[]).await.unwrap().0
}

/// What some work costs.
async fn cost<T>(db: &Db, work: impl Future<Output = T>) -> (T, Traffic) {
    let before = db.traffic();
    let outcome = work.await;
    (outcome, db.traffic() - before)
}

both_engines! {
    /// SQLite interrupts a long read that holds a thread of others, and begins it anew elsewhere.
    async fn a_read_that_takes_long_counts_once(db: Db) {
        let long = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 300000) select count(*) from n";
        let reading = db.read(move |read| read.one::<(i64,)>(long, &[]));
        let (found, cost_of_reading) = cost(&db, reading).await;
        assert_eq!((found.unwrap(), cost_of_reading), ((300_000,), Traffic { statements: 1, waits: 1, again: 0 }));
    }

    async fn statements_that_need_nothing_of_each_other_cost_one_wait(db: Db) {
        purse(&db).await;
        let by_name = "select cents from purse where owner = $1";
        let reading = db.read(move |read| {
            let found = read.together(&[(by_name, params!["a"]), (by_name, params!["c"]), (COUNT, params![])])?;
            assert_eq!(found.len(), 3);
            Ok::<_, Error>((found[0].records::<(i64,)>()?, found[1].len(), found[2].records::<(i64,)>()?))
        });
        let (found, cost_of_reading) = cost(&db, reading).await;
        assert_eq!(found.unwrap(), (vec![(100,)], 0, vec![(2,)]));
        assert_eq!(cost_of_reading, Traffic { statements: 3, waits: 1, again: 0 });

        let writing = db.transaction(|tx| {
            tx.execute_later(ADD, params!["c", 1])?;
            tx.execute_later("update purse set cents = cents + 1 where owner = $1", params!["c"])?;
            // Sees what was done before it.
            let (cents,): (i64,) = tx.one("select cents from purse where owner = 'c'", &[])?;
            tx.execute_later(ADD, params!["d", cents])?;
            tx.execute_later(ADD, params!["e", cents])?;
            Ok::<_, Error>(cents)
        });
        let (cents, cost_of_writing) = cost(&db, writing).await;
        assert_eq!((cents.unwrap(), owners(&db).await), (2, 5));
        // In PostgreSQL what is read, and the commit.
        let waits = db.engine().pick(1, 2);
        assert_eq!(cost_of_writing, Traffic { statements: 5, waits, again: 0 });
    }

    async fn a_transaction_that_asks_nothing_costs_nothing(db: Db) {
        let nothing = db.transaction(|_| Ok::<_, Error>(()));
        let (outcome, cost) = cost(&db, nothing).await;
        outcome.unwrap();
        assert_eq!((cost.statements, cost.waits), (0, db.engine().pick(1, 0)));
    }

    async fn a_failure_that_nobody_waited_for_keeps_nothing(db: Db) {
        purse(&db).await;
        // The last of all; before a commit; before a read, which then fails with it.
        let last = db.transaction(|tx| {
            tx.execute_later(ADD, params!["c", 1])?;
            tx.execute_later(ADD, params!["a", 1])
        });
        assert!(matches!(last.await, Err(Error::Unique { .. })));
        let first = db.transaction(|tx| {
            let _ = tx.execute_later(ADD, params!["a", 1]);
            let _ = tx.execute_later(ADD, params!["c", 1]);
            Ok::<_, Error>(())
        });
        assert!(matches!(first.await, Err(Error::Unique { .. })));
        let read = db.transaction(|tx| {
            let _ = tx.execute_later(ADD, params!["a", 1]);
            let read = tx.one::<(i64,)>(COUNT, &[]);
            assert!(matches!(read, Err(Error::Unique { .. })), "{read:?}");
            let again = tx.together(&[(COUNT, params![])]);
            assert!(matches!(again, Err(Error::Unique { .. })), "{again:?}");
            Ok::<_, Error>(())
        });
        assert!(matches!(read.await, Err(Error::Unique { .. })));
        let wrong = db.transaction(|tx| {
            tx.execute_later(ADD, params!["c", 1])?;
            tx.execute_later("insert into nowhere values (1)", &[])
        });
        assert!(matches!(wrong.await, Err(Error::Sql { .. })));
        let refused = db.transaction(|tx| {
            tx.execute_later(ADD, params!["c", 1])?;
            Err::<(), _>(Error::NoRow)
        });
        assert_eq!(refused.await, Err(Error::NoRow));
        // As long as this goes well on every connection, none of them hangs in a transaction.
        for _ in 0..40 {
            assert_eq!(owners(&db).await, 2);
        }
        db.execute(ADD, params!["c", 1]).await.unwrap();
        assert_eq!(owners(&db).await, 3);
    }

    async fn a_snapshot_writes_nothing_together_either(db: Db) {
        purse(&db).await;
        let error = db.read(|read| read.together(&[(COUNT, params![]), ("delete from purse", params![])])).await;
        assert!(matches!(error, Err(Error::Sql { .. })), "{error:?}");
        assert_eq!(owners(&db).await, 2);
    }

    /// Read, decide, and write what nobody waits for: who collides is run again, and its writes with it.
    async fn collisions_lose_nothing_that_nobody_waited_for(db: Db) {
        purse(&db).await;
        let tasks: Vec<_> = (0..40_i64).map(|writer| {
            let db = db.clone();
            tokio::spawn(async move {
                db.transaction(move |tx| {
                    let (cents,): (i64,) = tx.one("select cents from purse where owner = 'b'", &[])?;
                    tx.execute_later("update purse set cents = $1 where owner = 'b'", params![cents + 1])?;
                    tx.execute_later(ADD, params![format!("writer {writer}"), cents])
                }).await
            })
        }).collect();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        let (cents,): (i64,) = db.one("select cents from purse where owner = 'b'", &[]).await.unwrap();
        let (different,): (i64,) = db.one("select count(distinct cents) from purse where owner like 'writer %'", &[]).await.unwrap();
        assert_eq!((cents, different, owners(&db).await), (40, 40, 42));
        assert!(db.engine() == Engine::Postgres || db.traffic().again == 0);
    }
}
