//! A transaction on a connection of its own, from its first statement to its end.
//!
//! What need not be waited for is not waited for: `begin` goes with the first statement, statements of which nothing has to be
//! known go with the next one that is waited for or with the commit, and nobody waits for `rollback`. The driver sends all of
//! them at once and the server answers them in turn, each by itself: after one has failed it refuses the rest, and its `commit`
//! keeps nothing. So the first failure is the one to tell.

use super::statement;
use crate::traffic::Counters;
use crate::{Error, Rows, Value};
use deadpool_postgres::Object;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, join_all};
use std::sync::Arc;
use tokio::runtime::Handle;
use tokio_postgres::Row;

/// A transaction under way.
pub(crate) struct Open {
    connection: Object,
    handle: Handle,
    counters: Arc<Counters>,
    begin: &'static str,
    has_begun: bool,
    /// To be sent before whatever comes next.
    later: Vec<(String, Vec<Value<'static>>)>,
}

/// What came of a statement.
enum Found {
    Nothing,
    Rows(Vec<Row>),
    Changed(u64),
}

/// How a statement is asked for.
#[derive(Clone, Copy)]
enum Wanted {
    Rows,
    Changed,
}

impl Open {
    /// `begin` says how it begins. Nothing is sent yet.
    pub(crate) fn new(connection: Object, handle: Handle, counters: Arc<Counters>, begin: &'static str) -> Self {
        Self { connection, handle, counters, begin, has_begun: false, later: Vec::new() }
    }

    /// Keeps a statement for the next that is waited for.
    pub(crate) fn later(&mut self, sql: &str, params: &[Value<'_>]) {
        self.later.push((sql.to_owned(), params.iter().map(|value| value.clone().into_owned()).collect()));
    }

    pub(crate) fn rows(&mut self, sql: &str, params: &[Value<'_>]) -> Result<Rows, Error> {
        self.together(&[(sql, params)])?.pop().ok_or(Error::Closed)
    }

    /// Several at once.
    pub(crate) fn together(&mut self, asks: &[(&str, &[Value<'_>])]) -> Result<Vec<Rows>, Error> {
        let found = self.send(asks, Wanted::Rows, false)?;
        Ok(found
            .into_iter()
            .filter_map(|(statement, found)| match found {
                Found::Rows(rows) => Some(Rows::postgres(statement, rows)),
                Found::Nothing | Found::Changed(_) => None,
            })
            .collect())
    }

    pub(crate) fn execute(&mut self, sql: &str, params: &[Value<'_>]) -> Result<u64, Error> {
        let found = self.send(&[(sql, params)], Wanted::Changed, false)?;
        Ok(match found.last() {
            Some((_, Found::Changed(rows))) => *rows,
            _ => 0,
        })
    }

    /// Keeps all of it. Of a transaction that asked nothing there is nothing to keep.
    pub(crate) fn commit(mut self) -> Result<(), Error> {
        if self.has_begun || !self.later.is_empty() {
            self.send(&[], Wanted::Changed, true)?;
            self.has_begun = false;
        }
        Ok(())
    }

    /// Sends what was kept for later and these, and `commit` behind them, and waits for all the answers. Gives what came of
    /// `asks`.
    fn send(
        &mut self,
        asks: &[(&str, &[Value<'_>])],
        wanted: Wanted,
        commits: bool,
    ) -> Result<Vec<(tokio_postgres::Statement, Found)>, Error> {
        let later = std::mem::take(&mut self.later);
        let (handle, begins) = (self.handle.clone(), !self.has_begun);
        let all = later.iter().map(|(sql, params)| (sql.as_str(), params.as_slice(), Wanted::Changed));
        let all: Vec<_> = all.chain(asks.iter().map(|(sql, params)| (*sql, *params, wanted))).collect();
        let client = &self.connection;
        let sent = async {
            // Before anything is sent, because the first time this is a conversation of its own.
            let mut prepared = Vec::with_capacity(all.len());
            for (sql, params, _) in &all {
                prepared.push(statement::prepare(client, sql, params).await?);
            }
            let mut answers: Vec<BoxFuture<'_, Result<Found, Error>>> = Vec::with_capacity(all.len() + 2);
            let control = |sql: &'static str| async move {
                let done = client.batch_execute(sql).await;
                done.map(|()| Found::Nothing).map_err(|error| Error::postgres(&error, sql))
            };
            if begins {
                answers.push(control(self.begin).boxed());
            }
            for ((sql, params, wanted), statement) in all.iter().zip(&prepared) {
                answers.push(run(client, statement, sql, params, *wanted).boxed());
            }
            if commits {
                answers.push(control("commit").boxed());
            }
            self.counters.wait();
            // Each is sent when it is first asked for, and so in this order.
            let answers: Result<Vec<Found>, Error> = join_all(answers).await.into_iter().collect();
            let found = answers?.into_iter().skip(usize::from(begins));
            Ok(prepared.into_iter().zip(found).skip(later.len()).collect())
        };
        let outcome = handle.block_on(sent);
        // Whatever came of them, from now on there is something to take back.
        self.has_begun = true;
        outcome
    }
}

async fn run(
    client: &Object,
    statement: &tokio_postgres::Statement,
    sql: &str,
    params: &[Value<'_>],
    wanted: Wanted,
) -> Result<Found, Error> {
    let bound = statement::bound(params);
    let found = match wanted {
        Wanted::Rows => client.query(statement, &bound).await.map(Found::Rows),
        Wanted::Changed => client.execute(statement, &bound).await.map(Found::Changed),
    };
    found.map_err(|error| Error::postgres(&error, sql))
}

impl Drop for Open {
    /// Takes back what was not kept. It is sent when it is first asked for, and whoever uses the connection next comes behind
    /// it; a connection that cannot even roll back is closed, and the pool sees that.
    fn drop(&mut self) {
        if self.has_begun {
            let _ = self.connection.batch_execute("rollback").now_or_never();
        }
    }
}

impl std::fmt::Debug for Open {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Open").field("has_begun", &self.has_begun).finish_non_exhaustive()
    }
}
