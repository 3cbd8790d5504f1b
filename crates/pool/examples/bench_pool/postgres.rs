//! The same search by PostgreSQL: a row for each grant, its values as `int[]` with a GIN index, one statement a search. It does less: of
//! several grants of one candidate it takes each by itself, and it explains nothing.

use super::Result;
use super::people::{People, Search, company, now};
use jiff::Timestamp;
use jobfuture_codes::Code;
use jobfuture_pool::{Audience, Change, Facts, Projection, Query};
use jobfuture_testkit::PostgresServer;
use std::collections::HashMap;
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

/// What has a number in `atoms`.
#[derive(Default)]
struct Numbers(HashMap<String, i32>);

impl Numbers {
    fn of(&mut self, kind: &str, text: &str) -> i32 {
        let next = self.0.len() as i32 + 10;
        *self.0.entry(format!("{kind} {text}")).or_insert(next)
    }

    fn atoms(&mut self, audience: i32, role: Option<&str>, facts: &Facts) -> Vec<i32> {
        let mut atoms = vec![audience];
        atoms.extend(facts.roles.iter().map(String::as_str).chain(role).map(|one| self.of("role", one)));
        atoms.extend(facts.seniority.iter().map(|one| self.of("seniority", one)));
        atoms.extend(facts.competencies.iter().map(|one| self.of("competency", one)));
        for signal in &facts.signals {
            atoms.push(
                self.of(&format!("level of {}", signal.role), &format!("{} {}", signal.level, signal.taken.id())),
            );
            for one in &signal.competencies {
                atoms.extend([self.of("competency", one), self.of("shown", one)]);
            }
        }
        atoms.extend(facts.country.iter().map(|one| self.of("country", one)));
        atoms.extend(facts.remote.iter().map(|one| self.of("remote", one.id())));
        atoms.extend(facts.availability.iter().map(|one| self.of("hours", one.hours.id())));
        let fluency = |one: &jobfuture_pool::Language| one.fluency.map_or("", |fluency| fluency.id());
        atoms.extend(
            facts.languages.iter().map(|one| self.of("language", &format!("{} {}", one.language, fluency(one)))),
        );
        atoms.sort_unstable();
        atoms.dedup();
        atoms
    }
}

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
        let must = must(query, numbers);
        let nice: Vec<i32> = query.nice.iter().map(|one| numbers.of("competency", one)).collect();
        let levels = query.level.as_ref().map(|_| levels(query, numbers));
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

fn must(query: &Query, numbers: &mut Numbers) -> Vec<i32> {
    let mut must: Vec<i32> = query.roles.iter().map(|one| numbers.of("role", one)).collect();
    must.extend(query.remote.iter().map(|one| numbers.of("remote", one.id())));
    must.extend(query.must.iter().map(|one| numbers.of("competency", one)));
    must
}

/// Every level will do: the searches ask for the lowest.
fn levels(query: &Query, numbers: &Numbers) -> Vec<i32> {
    let of: Vec<String> = query.roles.iter().map(|role| format!("level of {role} ")).collect();
    let all = numbers.0.iter().filter(|(text, _)| of.iter().any(|of| text.starts_with(of)));
    all.map(|(_, number)| *number).collect()
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
