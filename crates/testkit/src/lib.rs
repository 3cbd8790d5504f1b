//! What the tests of several crates share: both database engines, and a real PostgreSQL that is started for them.
//!
//! ```
//! jobfuture_testkit::both_engines! {
//!     async fn counts(db: jobfuture_db::Db) {
//!         let (runs,): (i64,) = db.one("select count(*) from proof_run", &[]).await.unwrap();
//!         assert_eq!(runs, 0);
//!     }
//! }
//! ```

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot be set up has failed")]

mod engines;
mod postgres;

pub use engines::{on_postgres, on_sqlite};
pub use postgres::PostgresServer;
