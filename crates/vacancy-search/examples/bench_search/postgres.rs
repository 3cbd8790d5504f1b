//! The same search by PostgreSQL: a `tsvector` with a GIN index, arrays for zones and competencies, one statement a search.

use super::{Engine, FACET_VALUES, Result};
use crate::fts5::facts;
use jobfuture_testkit::PostgresServer;
use jobfuture_vacancy_search::{Document, Query, Sort};
use std::collections::HashMap;
use std::hint::black_box;
use tokio::runtime::Runtime;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, NoTls, Statement};

const TABLE: &str = "
create unlogged table vacancy (
    id bigint primary key, role text, level text, remote text, country text, employment text, company text, currency text,
    pay_min bigint, pay_max bigint, published bigint, confirmed bigint, zones text[], competencies text[], words tsvector
)";

const INDEXES: &str = "
create index on vacancy using gin (words);
create index on vacancy using gin (zones);
create index on vacancy using gin (competencies);
create index on vacancy (role, level);
create index on vacancy (country);
create index on vacancy (published desc, confirmed desc);
vacuum analyze vacancy";

/// How many are sent at once.
const BATCH: usize = 500;

pub struct Postgres {
    runtime: Runtime,
    client: Client,
    prepared: HashMap<String, Statement>,
    /// Ends with it.
    _server: PostgresServer,
}

impl Postgres {
    pub fn new(documents: &[Document]) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let server = PostgresServer::start();
        let url = server.database();
        let client = runtime.block_on(async {
            let (client, connection) = tokio_postgres::connect(&url, NoTls).await?;
            tokio::spawn(connection);
            // Compiling a plan takes longer than these searches.
            client.batch_execute("set work_mem = '64MB'; set maintenance_work_mem = '256MB'; set jit = off").await?;
            client.batch_execute(TABLE).await?;
            fill(&client, documents).await?;
            for statement in INDEXES.split(';') {
                client.batch_execute(statement).await?;
            }
            Ok::<_, tokio_postgres::Error>(client)
        })?;
        Ok(Self { runtime, client, prepared: HashMap::new(), _server: server })
    }

    pub fn version(&self) -> Result<String> {
        let row = self.runtime.block_on(self.client.query_one("show server_version", &[]))?;
        let version: String = row.get(0);
        Ok(format!("PostgreSQL {}", version.split(' ').next().unwrap_or_default()))
    }
}

async fn fill(client: &Client, documents: &[Document]) -> std::result::Result<(), tokio_postgres::Error> {
    let insert = client
        .prepare(
            "insert into vacancy values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,
                setweight(to_tsvector('simple', $15), 'A') || setweight(to_tsvector('simple', $16), 'B')
                || to_tsvector('simple', $17))",
        )
        .await?;
    for (batch, some) in documents.chunks(BATCH).enumerate() {
        client.batch_execute("begin").await?;
        for (at, one) in some.iter().enumerate() {
            let id = (batch * BATCH + at) as i64;
            let (remote, company, facts) = (one.remote.key(), one.company.to_string(), facts(one));
            let values: [&(dyn ToSql + Sync); 17] = [
                &id,
                &one.role,
                &one.level,
                &remote,
                &one.countries.first(),
                &one.employment,
                &company,
                &one.currency,
                &one.pay_min,
                &one.pay_max,
                &one.published_at,
                &one.confirmed_at,
                &one.zones,
                &one.competencies,
                &one.title,
                &facts,
                &one.text,
            ];
            client.execute(&insert, &values).await?;
        }
        client.batch_execute("commit").await?;
    }
    Ok(())
}

/// The statement of a search, and its values.
fn statement(query: &Query) -> (String, Vec<Box<dyn ToSql + Sync>>) {
    let mut values: Vec<Box<dyn ToSql + Sync>> = Vec::new();
    let mut clauses = vec!["true".to_owned()];
    let mut clause = |text: &str, value: Box<dyn ToSql + Sync>| {
        values.push(value);
        clauses.push(text.replace('?', &format!("${}", values.len())));
    };
    let mut rank = "0";
    if !query.words.is_empty() {
        clause("words @@ to_tsquery('simple', ?)", Box::new(query.words.replace(' ', " & ")));
        if query.sort == Sort::Relevance {
            rank = "ts_rank(words, to_tsquery('simple', $1))";
        }
    }
    let filters = [
        ("role = any(?)", &query.roles),
        ("level = any(?)", &query.levels),
        ("country = any(?)", &query.countries),
        ("employment = any(?)", &query.employment),
        ("zones && ?", &query.zones),
        ("competencies @> ?", &query.competencies),
    ];
    for (text, given) in filters.into_iter().filter(|(_, given)| !given.is_empty()) {
        clause(text, Box::new(given.clone()));
    }
    if !query.remote.is_empty() {
        let keys: Vec<&str> = query.remote.iter().map(|one| one.key()).collect();
        clause("remote = any(?)", Box::new(keys));
    }
    if let Some(floor) = &query.pay_at_least {
        clause("currency = ?", Box::new(floor.currency.clone()));
        clause("pay_max >= ?", Box::new(floor.yearly));
    }
    let order = match query.sort {
        Sort::Freshness => "published desc, confirmed desc, id",
        Sort::Pay => "pay_min desc, pay_max desc, id",
        Sort::Relevance => "rank desc, published desc, id",
    };
    let columns = ["role", "level", "remote", "country", "employment", "company", "currency"];
    let facets = columns.map(|column| (column, format!("select {column}, count(*) from hit group by 1")));
    let lists = ["zones", "competencies"]
        .map(|column| (column, format!("select value, count(*) from hit, unnest({column}) value group by 1")));
    let counts = facets.into_iter().chain(lists).map(|(column, counts)| {
        format!("union all (select '{column}', * from ({counts}) counted order by 3 desc, 2 limit {FACET_VALUES})")
    });
    let sql = format!(
        "with hit as materialized (
            select id, role, level, remote, country, employment, company, currency, pay_min, pay_max, published, confirmed,
                zones, competencies, {rank} as rank
            from vacancy where {})
        (select 'total', '', count(*) from hit)
        union all (select 'id', '', id from hit order by {order} limit {})
        {}",
        clauses.join(" and "),
        query.limit,
        counts.collect::<Vec<_>>().join("\n")
    );
    (sql, values)
}

impl Engine for Postgres {
    fn name(&self) -> &'static str {
        "PostgreSQL full text"
    }

    fn search(&mut self, query: &Query) -> Result<usize> {
        let (sql, values) = statement(query);
        let prepared = match self.prepared.get(&sql) {
            Some(prepared) => prepared.clone(),
            None => {
                let prepared = self.runtime.block_on(self.client.prepare(&sql))?;
                self.prepared.insert(sql, prepared.clone());
                prepared
            }
        };
        let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(AsRef::as_ref).collect();
        let rows = self.runtime.block_on(self.client.query(&prepared, &values))?;
        let total = rows.iter().find(|row| row.get::<_, &str>(0) == "total");
        let total = total.map_or(0, |row| row.get::<_, i64>(2) as usize);
        black_box(rows);
        Ok(total)
    }

    fn size(&mut self) -> Result<[u64; 2]> {
        let sql = "select pg_relation_size('vacancy_words_idx'), pg_total_relation_size('vacancy')";
        let row = self.runtime.block_on(self.client.query_one(sql, &[]))?;
        Ok([row.get::<_, i64>(0).cast_unsigned(), row.get::<_, i64>(1).cast_unsigned()])
    }
}
