//! The same search by PostgreSQL: a row for each grant, its values as `int[]` with a GIN index, one statement a search. It does less: of
//! several grants of one candidate it takes each by itself, and it explains nothing.

use super::Result;
use super::numbers::Numbers;
use super::people::{People, Search, company, now};
use jiff::Timestamp;
use jobfuture_pool::{Audience, Change, Projection};
use jobfuture_testkit::PostgresServer;
use std::fmt::Write;
use std::hint::black_box;
use tokio::runtime::Runtime;
use tokio_postgres::{Client, NoTls, Statement};

const TABLE: &str = "
create unlogged table seen (
    candidate int, audience int, until bigint, made int, atoms int[], pay bigint, currency int, zone_from int, zone_to int, begins int
);
create unlogged table hidden (candidate int, company int, primary key (company, candidate))";

const INDEXES: &str = "
create index on seen using gin (atoms);
create index on seen (audience);
vacuum analyze seen; vacuum analyze hidden";

const SEARCH: &str = "
with hit as materialized (
    select distinct on (candidate) candidate, atoms, made from seen
    where atoms && $1 and atoms @> $2 and until > $3
        and ($4::bigint is null or currency = $5 and pay <= $4)
        and ($6::int is null or zone_from <= $7 and zone_to >= $6)
        and ($8::int[] is null or atoms && $8)
        and not exists (select 1 from hidden h where h.company = $9 and h.candidate = seen.candidate))
(select 0, count(*) from hit)
union all (select 1, candidate from hit order by cardinality(array(select unnest(atoms) intersect select unnest($10::int[]))) desc, made desc,
    hashint4(candidate) limit 20)
union all (select atom, count(*) from hit, unnest(atoms) atom group by 1)";

/// Rows of one statement.
const BATCH: usize = 1_000;

/// A server of its own, with everybody in it.
pub struct Postgres {
    runtime: Runtime,
    client: Client,
    statement: Statement,
    numbers: Numbers,
    /// Ends with it.
    _server: PostgresServer,
}

impl Postgres {
    pub fn new(people: &People, count: u64) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let server = PostgresServer::start();
        let url = server.database();
        let mut numbers = Numbers::default();
        let (client, statement) = runtime.block_on(async {
            let (client, connection) = tokio_postgres::connect(&url, NoTls).await?;
            tokio::spawn(connection);
            // Compiling a plan takes longer than these searches.
            client.batch_execute("set work_mem = '64MB'; set maintenance_work_mem = '256MB'; set jit = off").await?;
            client.batch_execute(TABLE).await?;
            fill(&client, people, count, &mut numbers).await?;
            for statement in INDEXES.split(';') {
                client.batch_execute(statement).await?;
            }
            let statement = client.prepare(SEARCH).await?;
            Ok::<_, Box<dyn std::error::Error>>((client, statement))
        })?;
        Ok(Self { runtime, client, statement, numbers, _server: server })
    }

    /// Answers in full, and says how many were found.
    pub fn search(&mut self, search: &Search) -> Result<usize> {
        let (query, numbers) = (&search.query, &mut self.numbers);
        let company = numbers.of("company", &search.viewer.company().to_string());
        let mut audiences: Vec<i32> = search.roles.iter().map(|role| numbers.of("pool", role)).collect();
        audiences.push(company);
        let must = numbers.must(query);
        let nice: Vec<i32> = query.nice.iter().map(|one| numbers.of("competency", one)).collect();
        let levels = query.level.as_ref().map(|_| numbers.levels(query));
        let pay = query.pay.as_ref().map(|pay| pay.yearly);
        let currency = query.pay.as_ref().map(|pay| numbers.of("currency", &pay.currency));
        let zones = query.zones.map(|zones| (i32::from(zones.from), i32::from(zones.to))).unzip();
        let at = now().as_second();
        let rows = self.runtime.block_on(self.client.query(
            &self.statement,
            &[&audiences, &must, &at, &pay, &currency, &zones.0, &zones.1, &levels, &company, &nice],
        ))?;
        let total = rows.iter().find(|row| row.get::<_, i32>(0) == 0).map_or(0, |row| row.get::<_, i64>(1));
        black_box(rows);
        Ok(total as usize)
    }

    pub fn version(&self) -> Result<String> {
        let row = self.runtime.block_on(self.client.query_one("show server_version", &[]))?;
        let version: String = row.get(0);
        Ok(format!("PostgreSQL {}", version.split(' ').next().unwrap_or_default()))
    }

    /// Bytes on disk.
    pub fn size(&self) -> Result<i64> {
        let sql = "select pg_total_relation_size('seen') + pg_total_relation_size('hidden')";
        Ok(self.runtime.block_on(self.client.query_one(sql, &[]))?.get(0))
    }
}

async fn fill(client: &Client, people: &People, count: u64, numbers: &mut Numbers) -> Result<()> {
    let (mut seen, mut hidden): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    for number in 0..count {
        for change in people.person(number, 0) {
            match change {
                Change::Granted(projection) => seen.push(row(number, &projection, numbers)),
                Change::Hidden { companies, .. } => {
                    let of = |id: &uuid::Uuid| numbers.of("company", &id.to_string());
                    hidden.extend(companies.iter().map(of).map(|company| format!("({number},{company})")));
                }
                Change::Ended { .. } | Change::Gone { .. } => {}
            }
        }
        if seen.len() >= BATCH || number + 1 == count {
            write_down(client, "seen", &mut seen).await?;
            write_down(client, "hidden", &mut hidden).await?;
        }
    }
    debug_assert!(company(0) != company(1));
    Ok(())
}

fn row(number: u64, projection: &Projection, numbers: &mut Numbers) -> String {
    let (audience, role) = match &projection.audience {
        Audience::Pool { role } => (numbers.of("pool", role), Some(role.as_str())),
        Audience::Company(id) => (numbers.of("company", &id.to_string()), None),
    };
    let facts = &projection.facts;
    let until = Timestamp::as_second(projection.until);
    let made = projection.made_on.to_string().replace('-', "");
    let atoms = numbers.atoms(audience, role, facts);
    let mut row = format!("({number},{audience},{until},{made},'{{");
    for (at, atom) in atoms.iter().enumerate() {
        let comma = if at > 0 { "," } else { "" };
        let _ = write!(row, "{comma}{atom}");
    }
    row.push_str("}',");
    let or_null = |value: Option<i64>| value.map_or("null".to_owned(), |value| value.to_string());
    let currency = facts.pay.as_ref().map(|pay| i64::from(numbers.of("currency", &pay.currency)));
    let begins = facts.availability.first().and_then(|one| one.from).map(|day| day.to_string().replace('-', ""));
    let _ = write!(
        row,
        "{},{},{},{},{})",
        or_null(facts.pay.as_ref().map(|pay| pay.yearly)),
        or_null(currency),
        or_null(facts.zones.map(|zones| i64::from(zones.from))),
        or_null(facts.zones.map(|zones| i64::from(zones.to))),
        begins.unwrap_or("null".to_owned()),
    );
    row
}

async fn write_down(client: &Client, table: &str, rows: &mut Vec<String>) -> Result<()> {
    if !rows.is_empty() {
        client.batch_execute(&format!("insert into {table} values {} on conflict do nothing", rows.join(","))).await?;
        rows.clear();
    }
    Ok(())
}
