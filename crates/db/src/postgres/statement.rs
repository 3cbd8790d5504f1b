//! One statement on one PostgreSQL connection, outside of a transaction.

use crate::row::{Order, Source};
use crate::{Error, OwnedRecord, Row, Value};
use deadpool_postgres::GenericClient;
use tokio_postgres::Statement;
use tokio_postgres::types::ToSql;

/// All rows.
pub(crate) async fn rows<T: OwnedRecord>(
    client: &impl GenericClient,
    sql: &str,
    params: &[Value<'_>],
) -> Result<Vec<T>, Error> {
    let statement = prepare(client, sql, params).await?;
    let columns: Vec<&str> = statement.columns().iter().map(|column| column.name()).collect();
    let order = Order::find::<T>(&columns)?;
    let found = client.query(&statement, &bound(params)).await.map_err(|error| Error::postgres(&error, sql))?;
    found.iter().map(|row| T::from_row(&Row::new(Source::Postgres(row), &order))).collect()
}

/// How many rows changed.
pub(crate) async fn execute(client: &impl GenericClient, sql: &str, params: &[Value<'_>]) -> Result<u64, Error> {
    let statement = prepare(client, sql, params).await?;
    client.execute(&statement, &bound(params)).await.map_err(|error| Error::postgres(&error, sql))
}

/// The driver panics when the numbers differ, so they are compared here.
pub(super) async fn prepare(client: &impl GenericClient, sql: &str, params: &[Value<'_>]) -> Result<Statement, Error> {
    let statement = client.prepare_cached(sql).await.map_err(|error| Error::postgres(&error, sql))?;
    let places = statement.params().len();
    if places == params.len() {
        return Ok(statement);
    }
    Err(Error::Sql { sql: sql.into(), detail: format!("{} parameters for {places} places", params.len()) })
}

pub(super) fn bound<'a>(params: &'a [Value<'a>]) -> Vec<&'a (dyn ToSql + Sync)> {
    params.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}
