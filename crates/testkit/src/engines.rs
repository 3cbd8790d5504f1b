//! The same test on both engines.

use crate::PostgresServer;
use jobfuture_db::Db;

/// Writes each test once and runs it on SQLite and on PostgreSQL, on a fresh database with the whole schema each time.
#[macro_export]
macro_rules! both_engines {
    ($($(#[$about:meta])* async fn $name:ident($db:ident: $type:ty) $body:block)*) => {$(
        $(#[$about])*
        mod $name {
            #[allow(unused_imports, reason = "a short test may need nothing of its file")]
            use super::*;

            async fn walk($db: $type) $body

            #[test]
            fn on_sqlite() {
                $crate::on_sqlite(walk);
            }

            #[test]
            fn on_postgres() {
                $crate::on_postgres(walk);
            }
        }
    )*};
}

/// Runs a test on a fresh SQLite file.
///
/// # Panics
/// If the test does.
pub fn on_sqlite<F: Future<Output = ()>>(test: impl FnOnce(Db) -> F) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = format!("sqlite:{}", folder.path().join("test.db").display());
    run(&url, test);
}

/// Runs a test on a fresh database of this test binary's PostgreSQL.
///
/// # Panics
/// If the test does, or PostgreSQL's server is not installed.
pub fn on_postgres<F: Future<Output = ()>>(test: impl FnOnce(Db) -> F) {
    run(&PostgresServer::shared().database(), test);
}

fn run<F: Future<Output = ()>>(url: &str, test: impl FnOnce(Db) -> F) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    runtime.block_on(async { test(Db::open(url).await.expect("a database that opens")).await });
}
