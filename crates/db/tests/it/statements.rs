//! What one statement promises.

use jobfuture_db::{Db, Error, params, record};
use jobfuture_testkit::both_engines;

record! {
    #[derive(Debug, PartialEq)]
    struct Book { title: String, pages: Option<i64> }
}

async fn books(db: &Db) {
    db.execute("create table book (title text primary key, pages bigint)", &[]).await.unwrap();
    for (title, pages) in [("Emma", Some(400)), ("Ulysses", Some(700)), ("Unwritten", None)] {
        db.execute("insert into book (title, pages) values ($1, $2)", params![title, pages]).await.unwrap();
    }
}

both_engines! {
    async fn columns_find_their_fields_by_name(db: Db) {
        books(&db).await;
        let found: Vec<Book> = db.all("select pages, title from book order by title", &[]).await.unwrap();
        assert_eq!(found[0], Book { title: "Emma".into(), pages: Some(400) });
        assert_eq!(found[2], Book { title: "Unwritten".into(), pages: None });
    }

    /// Raw SQLite would bind them in the order of their first appearance, without an error.
    async fn parameters_are_bound_by_their_number(db: Db) {
        books(&db).await;
        let sql = "update book set pages = $2 where title = $1";
        assert_eq!(db.execute(sql, params!["Emma", 1_i64]).await.unwrap(), 1);
        let sql = "select pages from book where pages = $2 and title = $1 and pages = $2";
        assert_eq!(db.one::<(i64,)>(sql, params!["Emma", 1_i64]).await.unwrap(), (1,));
    }

    async fn one_and_optional_count_what_they_find(db: Db) {
        books(&db).await;
        let by_pages = "select title from book where pages > $1";
        assert_eq!(db.optional::<(String,)>(by_pages, params![900_i64]).await.unwrap(), None);
        assert_eq!(db.optional::<(String,)>(by_pages, params![500_i64]).await.unwrap().unwrap().0, "Ulysses");
        assert_eq!(db.one::<(String,)>(by_pages, params![900_i64]).await.unwrap_err(), Error::NoRow);
        assert_eq!(db.one::<(String,)>(by_pages, params![1_i64]).await.unwrap_err(), Error::ManyRows);
    }

    async fn a_statement_that_writes_and_returns_goes_the_way_of_writes(db: Db) {
        books(&db).await;
        let sql = "update book set pages = coalesce(pages, 0) + 1 returning title, pages";
        let changed: Vec<Book> = db.all(sql, &[]).await.unwrap();
        assert_eq!(changed.len(), 3);
        let (total,): (i64,) = db.one("select cast(sum(pages) as bigint) from book", &[]).await.unwrap();
        assert_eq!(total, 1_103);
    }

    async fn a_write_is_seen_by_the_next_read(db: Db) {
        books(&db).await;
        for pages in 0..200_i64 {
            db.execute("update book set pages = $1", params![pages]).await.unwrap();
            let (seen,): (i64,) = db.one("select min(pages) from book", &[]).await.unwrap();
            assert_eq!(seen, pages);
        }
    }

    async fn a_column_that_is_missing_is_named(db: Db) {
        books(&db).await;
        let error = db.all::<Book>("select title from book", &[]).await.unwrap_err();
        assert!(matches!(&error, Error::Column { column, .. } if column == "pages"), "{error}");
        let error = db.one::<(String, i64)>("select title from book limit 1", &[]).await.unwrap_err();
        assert!(matches!(&error, Error::Column { column, .. } if column == "2"), "{error}");
    }

    async fn a_column_of_another_type_is_named_without_its_value(db: Db) {
        books(&db).await;
        let error = db.one::<(i64,)>("select title from book where title = 'Emma'", &[]).await.unwrap_err();
        assert_eq!(error.to_string(), "column “title”: an integer was wanted, text was found");
    }

    async fn parameters_are_counted(db: Db) {
        books(&db).await;
        let error = db.all::<Book>("select title, pages from book where title = $1", &[]).await.unwrap_err();
        assert!(matches!(&error, Error::Sql { detail, .. } if detail == "0 parameters for 1 places"), "{error}");
    }

    async fn wrong_sql_is_shown_with_its_text(db: Db) {
        for sql in ["select from where", "select a from nowhere", "select 1; select 2"] {
            let error = db.all::<(i64,)>(sql, &[]).await.unwrap_err();
            assert!(matches!(&error, Error::Sql { sql: shown, .. } if shown == sql), "{error:?}");
        }
    }
}
