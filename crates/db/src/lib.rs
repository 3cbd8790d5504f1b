//! One way to speak SQL to SQLite and PostgreSQL.
//!
//! The address chooses the engine; the store code is written once, in SQL that both understand:
//!
//! ```no_run
//! # async fn example() -> Result<(), jobfuture_db::Error> {
//! use jobfuture_db::{Db, params, record};
//!
//! record! {
//!     /// A guide whose proofs have run.
//!     struct Proved { guide: String, proofs: i64 }
//! }
//!
//! let db = Db::open("sqlite:jobfuture.db").await?;
//! let proved: Vec<Proved> = db
//!     .all("select guide, count(*) as proofs from proof_run where passed = $1 group by guide", params![true])
//!     .await?;
//! # Ok(()) }
//! ```
//!
//! # What holds on both engines
//! - Parameters are `$1`, `$2` …, bound by their number.
//! - A write that was acknowledged survives `kill -9`.
//! - A transaction behaves as if it ran alone ([`Db::transaction`]); a statement outside of one is atomic by itself.
//! - Times are kept to the microsecond, and sort as times.
//! - The same [`Error`] means the same thing, and names the mend.
//!
//! # What SQL may be written
//! `bigint`, `double precision`, `boolean`, `text`, `bytea`, `uuid` and `timestamptz` columns. JSON is `text`, stored only
//! to be read back whole; what is filtered gets a column. PostgreSQL's `sum(bigint)` is `numeric`: cast it to `bigint`.
//! Columns are named, never `*`: a prepared statement of PostgreSQL outlives a migration by another process. The time
//! comes from a [`Clock`], never from `now()`. Where a plan needs another text, [`Engine::pick`] chooses it.
//!
//! # How it works
//! SQLite: WAL, `synchronous=FULL`, foreign keys; reads run at once on the calling thread, on one of a few connections, and
//! those that turn out to be long are begun again where the thread may block; writes go to one thread that answers a whole
//! group of them with one commit. PostgreSQL: a small pool; a transaction begins with its first
//! statement and costs no wait for that, and statements that need nothing of each other are sent at once
//! ([`Tx::together`], [`Tx::execute_later`]). A page that needs several reads asks for them in one [`Db::read`]; one that only
//! looks at their text borrows it from [`Rows`]. What something costs is told by [`Db::traffic`].
//! TLS to PostgreSQL is not built in yet: use a unix socket, a private network or a tunnel (`sslmode=require` is refused
//! rather than ignored).

mod clock;
mod db;
mod engine;
mod error;
mod migrate;
mod postgres;
mod row;
mod rows;
mod snapshot;
mod sqlite;
mod traffic;
mod tx;
mod value;

pub use clock::Clock;
pub use db::Db;
pub use engine::Engine;
pub use error::Error;
pub use row::{Fields, OwnedRecord, Record, Row};
pub use rows::Rows;
pub use snapshot::Snapshot;
pub use traffic::Traffic;
pub use tx::Tx;
pub use value::{FromValue, Json, ToValue, Unfit, Value};
