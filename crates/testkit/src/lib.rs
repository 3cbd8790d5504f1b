//! What the tests of several crates share: both database engines, a real PostgreSQL that is started for them, and servers of
//! names and pages that say what a test wants them to.
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

mod dns;
mod engines;
mod packages;
mod postgres;
mod web;

pub use dns::NameServer;
pub use engines::{on_postgres, on_sqlite};
pub use packages::node_packages;
pub use postgres::PostgresServer;
pub use web::{WebServer, write_answer};
