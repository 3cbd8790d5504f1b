//! Behaviours as data: what is asked of a submission, and what must be seen. `docs/content-format.md` is the reference.

pub(crate) mod aside;
pub(crate) mod growth;
pub(crate) mod matcher;
pub(crate) mod matrix;
pub(crate) mod migrations;
pub(crate) mod mutants;
pub(crate) mod observe;
mod path;
pub(crate) mod scene;
mod steps;
pub(crate) mod world;

pub(crate) use steps::judge as judge_steps;

use crate::GradeError;
use jobfuture_content::Variant;
use serde::Deserialize;
use std::collections::BTreeMap;

/// One behaviour of a task.
#[derive(Debug, Clone)]
pub(crate) struct Behaviour {
    pub id: String,
    pub kind: String,
    pub requirement: String,
    pub title: String,
    pub check: Check,
}

/// What is done and looked at, by kind.
#[derive(Debug, Clone)]
pub(crate) enum Check {
    Steps(Vec<Step>),
    Growth(Growth),
    Matrix(Matrix),
    Mutants(Mutants),
}

#[derive(Deserialize)]
struct Common {
    id: String,
    kind: String,
    requirement: String,
    title: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Steps {
    step: Vec<RawStep>,
}

/// A `[[step]]` as written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStep {
    #[serde(flatten, default)]
    ask: AskFields,
    status: Option<Statuses>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    max_statements: Option<u64>,
    max_rows: Option<u64>,
    #[serde(default)]
    no_scan: Vec<String>,
    #[serde(default)]
    save: BTreeMap<String, String>,
    #[serde(default)]
    json: Vec<matcher::JsonMatcher>,
    rows: Option<serde_json::Value>,
    sql: Option<String>,
    check_sql: Option<String>,
    equals: Option<serde_json::Value>,
    says: Option<String>,
    migrate: Option<Migrate>,
    lossless: Option<String>,
    #[serde(default)]
    fails: bool,
}

/// Who asks what.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct AskFields {
    pub request: Option<String>,
    #[serde(rename = "as")]
    pub person: Option<String>,
    pub body: Option<serde_json::Value>,
}

/// One status or several.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum Statuses {
    One(u16),
    Many(Vec<u16>),
}

impl Statuses {
    pub(crate) fn allow(&self, status: u16) -> bool {
        match self {
            Self::One(one) => *one == status,
            Self::Many(many) => many.contains(&status),
        }
    }

    pub(crate) fn describe(&self) -> String {
        match self {
            Self::One(one) => one.to_string(),
            Self::Many(many) => many.iter().map(u16::to_string).collect::<Vec<_>>().join(" or "),
        }
    }
}

/// Where to migrate to.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Migrate {
    pub app: String,
    pub to: String,
}

/// One thing that is done, with what must be seen then.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    /// A request.
    Ask {
        ask: Ask,
        status: Option<Statuses>,
        headers: BTreeMap<String, String>,
        bounds: Bounds,
        json: Vec<matcher::JsonMatcher>,
        rows: Vec<matcher::RowsMatcher>,
        save: BTreeMap<String, String>,
    },
    /// A change behind the candidate's back.
    Sql(String),
    /// A look at the database.
    Check { sql: String, wanted: CheckWanted, says: Option<String> },
    /// Migrations.
    Migrate { migrate: Migrate, max_statements: Option<u64>, lossless: Option<String>, fails: bool },
}

/// A request to be filled with facts.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub method: String,
    pub path: String,
    pub person: String,
    pub body: Option<serde_json::Value>,
}

/// What one request may take.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bounds {
    pub max_statements: Option<u64>,
    pub max_rows: Option<u64>,
    pub no_scan: Vec<String>,
}

/// What a look at the database must find.
#[derive(Debug, Clone)]
pub(crate) enum CheckWanted {
    Scalar(serde_json::Value),
    Rows(serde_json::Value),
}

/// `kind = "query_growth"`.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Growth {
    #[serde(flatten)]
    ask: AskFields,
    pub grow: String,
    pub max_statements: u64,
    #[serde(default)]
    pub max_growth: u64,
    pub max_rows: Option<u64>,
}

/// `kind = "permission_matrix"`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Matrix {
    pub roles: BTreeMap<String, String>,
    pub missing: i64,
    pub row: Vec<MatrixRow>,
}

/// One line of a matrix.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MatrixRow {
    pub request: String,
    pub body: Option<serde_json::Value>,
    pub status: BTreeMap<String, Statuses>,
    pub hides: Option<String>,
    pub unchanged: Option<String>,
}

/// `kind = "tests_kill_mutants"`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mutants {
    #[serde(default)]
    pub live: Vec<String>,
    #[serde(default)]
    pub kill: Vec<String>,
}

/// All behaviours of a variant, in the order of their files' numbers.
pub(crate) fn parse_all(variant: &Variant) -> Result<Vec<Behaviour>, GradeError> {
    let mut numbered: Vec<_> = variant.behaviours.iter().map(|(file, text)| (number_of(file), file, text)).collect();
    numbered.sort();
    numbered.into_iter().map(|(_, file, text)| parse(text).map_err(|why| bad(file, &why))).collect()
}

/// `B10-name.toml` → 10.
fn number_of(file: &str) -> u32 {
    file.trim_start_matches('B')
        .chars()
        .take_while(char::is_ascii_digit)
        .collect::<String>()
        .parse()
        .unwrap_or(u32::MAX)
}

fn bad(file: &str, why: &str) -> GradeError {
    GradeError::Internal(format!("behaviours/{file}: {why}"))
}

fn parse(text: &str) -> Result<Behaviour, String> {
    let mut table: toml::Table = toml::from_str(text).map_err(|error| error.to_string())?;
    let mut head = toml::Table::new();
    for key in ["id", "kind", "requirement", "title"] {
        let value = table.remove(key).ok_or_else(|| format!("`{key}` is missing"))?;
        head.insert(key.into(), value);
    }
    let common: Common = head.try_into().map_err(|error: toml::de::Error| error.to_string())?;
    let check = check_of(&common.kind, table)?;
    Ok(Behaviour { id: common.id, kind: common.kind, requirement: common.requirement, title: common.title, check })
}

fn check_of(kind: &str, table: toml::Table) -> Result<Check, String> {
    fn into<T: for<'de> Deserialize<'de>>(table: toml::Table) -> Result<T, String> {
        table.try_into().map_err(|error: toml::de::Error| error.to_string())
    }
    Ok(match kind {
        "http" | "database_effect" | "index_used" | "migration" => {
            let steps: Steps = into(table)?;
            Check::Steps(steps.step.into_iter().map(Step::try_from).collect::<Result<_, _>>()?)
        }
        "query_growth" => {
            let growth: Growth = into(table)?;
            growth.ask()?;
            Check::Growth(growth)
        }
        "permission_matrix" => Check::Matrix(into(table)?),
        "tests_kill_mutants" => Check::Mutants(into(table)?),
        other => return Err(format!("there is no kind `{other}`")),
    })
}

impl Growth {
    pub(crate) fn ask(&self) -> Result<Ask, String> {
        Ask::new(&self.ask)?.ok_or_else(|| "`request` is missing".to_owned())
    }
}

impl Ask {
    fn new(fields: &AskFields) -> Result<Option<Self>, String> {
        let Some(request) = &fields.request else { return Ok(None) };
        let person = fields.person.clone().unwrap_or_default();
        Self::parse(request, person, fields.body.clone()).map(Some)
    }

    /// From `GET /path` and the rest.
    pub(crate) fn parse(request: &str, person: String, body: Option<serde_json::Value>) -> Result<Self, String> {
        match request.split_once(' ') {
            Some((method, path)) if path.starts_with('/') => {
                Ok(Self { method: method.to_owned(), path: path.trim().to_owned(), person, body })
            }
            _ => Err(format!("`{request}` is not a method and a path")),
        }
    }
}

impl TryFrom<RawStep> for Step {
    type Error = String;

    fn try_from(raw: RawStep) -> Result<Self, String> {
        if let Some(ask) = Ask::new(&raw.ask)? {
            let rows = match raw.rows {
                Some(rows) => serde_json::from_value(rows).map_err(|error| format!("step.rows: {error}"))?,
                None => vec![],
            };
            let bounds = Bounds { max_statements: raw.max_statements, max_rows: raw.max_rows, no_scan: raw.no_scan };
            let (status, headers, json, save) = (raw.status, raw.headers, raw.json, raw.save);
            return Ok(Self::Ask { ask, status, headers, bounds, json, rows, save });
        }
        if let Some(migrate) = raw.migrate {
            let (max_statements, lossless, fails) = (raw.max_statements, raw.lossless, raw.fails);
            return Ok(Self::Migrate { migrate, max_statements, lossless, fails });
        }
        if let Some(sql) = raw.sql {
            return Ok(Self::Sql(sql));
        }
        let sql = raw.check_sql.ok_or("a step needs `request`, `sql`, `check_sql` or `migrate`")?;
        let wanted = match (raw.equals, raw.rows) {
            (Some(value), None) => CheckWanted::Scalar(value),
            (None, Some(rows)) => CheckWanted::Rows(rows),
            _ => return Err("`check_sql` needs either `equals` or `rows`".into()),
        };
        Ok(Self::Check { sql, wanted, says: raw.says })
    }
}
