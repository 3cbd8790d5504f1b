//! The same search by SQLite: FTS5 for words, tables and joins for filters, facets and order, all in memory.

use super::{Engine, FACET_VALUES, Result};
use jobfuture_vacancy_search::{Document, Query, Sort};
use rusqlite::types::Value;
use rusqlite::{Connection, params, params_from_iter};
use std::hint::black_box;

const TABLES: &str = "
create virtual table words using fts5(title, facts, text, content = '', tokenize = 'unicode61 remove_diacritics 2');
create table vacancy (
    id integer primary key, role text, level text, remote text, country text, employment text, company text, currency text,
    pay_min int, pay_max int, published int, confirmed int
);
create table zone (vacancy int, value text, primary key (vacancy, value)) without rowid;
create table competency (vacancy int, value text, primary key (vacancy, value)) without rowid;
create temp table hit (id integer primary key, rank real);
begin";

const INDEXES: &str = "
insert into words(words) values ('optimize');
create index zone_value on zone (value, vacancy);
create index competency_value on competency (value, vacancy);
create index vacancy_role on vacancy (role, level);
create index vacancy_country on vacancy (country);
create index vacancy_published on vacancy (published desc, confirmed desc);
commit;
analyze";

const COLUMNS: [&str; 7] = ["role", "level", "remote", "country", "employment", "company", "currency"];

pub struct Fts5(Connection);

impl Fts5 {
    pub fn new(documents: &[Document]) -> Result<Self> {
        let db = Connection::open_in_memory()?;
        db.set_prepared_statement_cache_capacity(200);
        db.execute_batch(TABLES)?;
        for (id, one) in (0_i64..).zip(documents) {
            db.prepare_cached("insert into words(rowid, title, facts, text) values ($1, $2, $3, $4)")?
                .execute(params![id, one.title, facts(one), one.text])?;
            db.prepare_cached("insert into vacancy values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)")?
                .execute(params![
                    id,
                    one.role,
                    one.level,
                    one.remote.key(),
                    one.countries.first(),
                    one.employment,
                    one.company.to_string(),
                    one.currency,
                    one.pay_min,
                    one.pay_max,
                    one.published_at,
                    one.confirmed_at
                ])?;
            for (table, values) in [("zone", &one.zones), ("competency", &one.competencies)] {
                for value in values {
                    db.prepare_cached(&format!("insert or ignore into {table} values ($1, $2)"))?
                        .execute(params![id, value])?;
                }
            }
        }
        db.execute_batch(INDEXES)?;
        Ok(Self(db))
    }

    pub fn version(&self) -> Result<String> {
        Ok(format!("SQLite {}", rusqlite::version()))
    }

    /// Puts the ids of everything that fits into `hit`. Here and below `cross join` says which table is gone through: left to
    /// itself, the planner goes through all zones and all competencies for a handful of vacancies.
    fn narrow(&self, query: &Query) -> Result<()> {
        let mut values: Vec<Value> = Vec::new();
        let mut clauses = vec!["true".to_owned()];
        let any = |values: &mut Vec<Value>, given: &mut dyn Iterator<Item = String>| {
            let marks: Vec<String> = given
                .map(|value| {
                    values.push(value.into());
                    format!("?{}", values.len())
                })
                .collect();
            marks.join(", ")
        };
        let mut from = "vacancy v";
        let mut rank = "0";
        if !query.words.is_empty() {
            from = "words cross join vacancy v on v.id = words.rowid";
            let words: Vec<String> = query.words.split(' ').map(|word| format!("\"{word}\"")).collect();
            clauses.push(format!("words match {}", any(&mut values, &mut std::iter::once(words.join(" AND ")))));
            if query.sort == Sort::Relevance {
                rank = "bm25(words, 3, 2, 1)";
            }
        }
        let filters = [
            ("role", &query.roles),
            ("level", &query.levels),
            ("country", &query.countries),
            ("employment", &query.employment),
        ];
        for (column, given) in filters.into_iter().filter(|(_, given)| !given.is_empty()) {
            clauses.push(format!("v.{column} in ({})", any(&mut values, &mut given.iter().cloned())));
        }
        if !query.remote.is_empty() {
            let keys = &mut query.remote.iter().map(|one| one.key().to_owned());
            clauses.push(format!("v.remote in ({})", any(&mut values, keys)));
        }
        if !query.zones.is_empty() {
            let marks = any(&mut values, &mut query.zones.iter().cloned());
            clauses.push(format!("v.id in (select vacancy from zone where value in ({marks}))"));
        }
        for competency in &query.competencies {
            let mark = any(&mut values, &mut std::iter::once(competency.clone()));
            clauses.push(format!("v.id in (select vacancy from competency where value = {mark})"));
        }
        if let Some(floor) = &query.pay_at_least {
            let mark = any(&mut values, &mut std::iter::once(floor.currency.clone()));
            values.push(floor.yearly.into());
            clauses.push(format!("v.currency = {mark} and v.pay_max >= ?{}", values.len()));
        }
        self.0.prepare_cached("delete from hit")?.execute([])?;
        let sql = format!("insert into hit select v.id, {rank} from {from} where {}", clauses.join(" and "));
        self.0.prepare_cached(&sql)?.execute(params_from_iter(values))?;
        Ok(())
    }

    fn read<T: rusqlite::types::FromSql>(&self, sql: &str) -> Result<Vec<(T, i64)>> {
        let mut statement = self.0.prepare_cached(sql)?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

/// What is searched beside title and text.
pub fn facts(one: &Document) -> String {
    let place = [one.city.as_deref().unwrap_or(""), one.countries.first().map_or("", String::as_str)];
    let named = [one.company_name.as_str(), &one.role, &one.level];
    let competencies = one.competencies.iter().map(String::as_str);
    named.into_iter().chain(place).chain(competencies).collect::<Vec<_>>().join(" ")
}

impl Engine for Fts5 {
    fn name(&self) -> &'static str {
        "SQLite FTS5"
    }

    fn search(&mut self, query: &Query) -> Result<usize> {
        self.narrow(query)?;
        let order = match query.sort {
            Sort::Freshness => "published desc, confirmed desc, id",
            Sort::Pay => "pay_min desc, pay_max desc, id",
            Sort::Relevance => "rank, published desc, id",
        };
        let top = format!("select id, 0 from hit cross join vacancy using (id) order by {order} limit {}", query.limit);
        black_box(self.read::<i64>(&top)?);
        for column in COLUMNS {
            let counts = format!(
                "select {column}, count(*) from hit cross join vacancy using (id) group by 1 order by 2 desc, 1 limit {FACET_VALUES}"
            );
            black_box(self.read::<Option<String>>(&counts)?);
        }
        for table in ["zone", "competency"] {
            let counts = format!(
                "select value, count(*) from hit cross join {table} on vacancy = id group by 1 order by 2 desc, 1 limit {FACET_VALUES}"
            );
            black_box(self.read::<String>(&counts)?);
        }
        Ok(self.read::<i64>("select count(*), 0 from hit")?[0].0 as usize)
    }

    fn size(&mut self) -> Result<[u64; 2]> {
        let bytes =
            |sql: &str| -> Result<u64> { Ok(self.0.query_row(sql, [], |row| row.get::<_, i64>(0))?.cast_unsigned()) };
        let index = bytes("select coalesce(sum(length(block)), 0) from words_data")?;
        Ok([index, bytes("select page_count * page_size from pragma_page_count, pragma_page_size")?])
    }
}
