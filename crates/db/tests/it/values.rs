//! What is written comes back the same.

use jiff::Timestamp;
use jobfuture_db::{Db, Json, params, record};
use jobfuture_testkit::both_engines;
use std::collections::BTreeMap;
use uuid::Uuid;

record! {
    #[derive(Debug, PartialEq)]
    struct Kinds { whole: i64, part: f64, yes: bool, words: String, raw: Vec<u8>, id: Uuid, at: Timestamp }
}

async fn table(db: &Db) {
    let sql = "create table kinds (
        whole bigint, part double precision, yes boolean, words text, raw bytea, id uuid, at timestamptz
    )";
    db.execute(sql, &[]).await.unwrap();
}

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

both_engines! {
    async fn each_kind_survives_the_journey(db: Db) {
        table(&db).await;
        let sent = [
            Kinds { whole: i64::MAX, part: 0.1, yes: true, words: "ž “ß” \u{1F600}".into(), raw: vec![0, 255], id: Uuid::now_v7(), at: time("2026-11-22T10:00:00.123456Z") },
            Kinds { whole: i64::MIN, part: 3.0, yes: false, words: String::new(), raw: vec![], id: Uuid::nil(), at: time("1931-01-01T00:00:00Z") },
        ];
        for kinds in &sent {
            let values = params![kinds.whole, kinds.part, kinds.yes, kinds.words, kinds.raw, kinds.id, kinds.at];
            db.execute("insert into kinds values ($1, $2, $3, $4, $5, $6, $7)", values).await.unwrap();
        }
        for kinds in sent {
            let found: Kinds = db.one("select * from kinds where id = $1", params![kinds.id]).await.unwrap();
            assert_eq!(found, kinds);
        }
    }

    async fn nothing_is_null_in_every_kind(db: Db) {
        table(&db).await;
        let none = None::<i64>;
        db.execute("insert into kinds values ($1, $2, $3, $4, $5, $6, $7)", params![none, none, none, none, none, none, none])
            .await
            .unwrap();
        type Nothing = (Option<i64>, Option<f64>, Option<bool>, Option<String>, Option<Vec<u8>>, Option<Uuid>, Option<Timestamp>);
        let found: Nothing = db.one("select * from kinds", &[]).await.unwrap();
        assert_eq!(found, (None, None, None, None, None, None, None));
    }

    async fn times_are_cut_to_microseconds_and_sort_as_times(db: Db) {
        table(&db).await;
        let sent = ["2026-11-22T10:00:00Z", "2026-11-22T10:00:00.000001999Z", "2026-11-22T10:00:00.5Z", "1969-12-31T23:59:59.999999Z"];
        for text in sent {
            db.execute("insert into kinds (at) values ($1)", params![time(text)]).await.unwrap();
        }
        let found: Vec<(Timestamp,)> =
            db.all("select at from kinds where at >= $1 order by at", params![time("2026-11-22T10:00:00Z")]).await.unwrap();
        let found: Vec<String> = found.iter().map(|(at,)| at.to_string()).collect();
        assert_eq!(found, ["2026-11-22T10:00:00Z", "2026-11-22T10:00:00.000001Z", "2026-11-22T10:00:00.5Z"]);
    }

    /// Keys made later sort later, which keeps inserts at the end of the index.
    async fn uuids_sort_alike(db: Db) {
        table(&db).await;
        let ids: Vec<Uuid> = (0..50).map(|_| Uuid::now_v7()).collect();
        for id in ids.iter().rev() {
            db.execute("insert into kinds (id) values ($1)", params![id]).await.unwrap();
        }
        let found: Vec<(Uuid,)> = db.all("select id from kinds order by id", &[]).await.unwrap();
        assert_eq!(found.into_iter().map(|(id,)| id).collect::<Vec<_>>(), ids);
    }

    async fn json_comes_back_whole(db: Db) {
        table(&db).await;
        let versions = BTreeMap::from([("django".to_owned(), "5.2".to_owned()), ("python".to_owned(), "3.13".to_owned())]);
        db.execute("insert into kinds (words) values ($1)", params![Json(&versions)]).await.unwrap();
        let (found,): (Json<BTreeMap<String, String>>,) = db.one("select words from kinds", &[]).await.unwrap();
        assert_eq!(found.0, versions);
    }

    async fn booleans_are_conditions(db: Db) {
        table(&db).await;
        for yes in [true, false] {
            db.execute("insert into kinds (yes) values ($1)", params![yes]).await.unwrap();
        }
        let (both,): (i64,) = db.one("select count(*) from kinds where yes or not yes", &[]).await.unwrap();
        let (one,): (i64,) = db.one("select count(*) from kinds where yes = $1", params![true]).await.unwrap();
        let (is,): (bool,) = db.one("select count(*) > 1 from kinds", &[]).await.unwrap();
        assert_eq!((both, one, is), (2, 1, true));
    }
}
