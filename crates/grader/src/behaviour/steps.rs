//! Kinds that are a list of steps: `http`, `database_effect`, `index_used`, `migration`.

use super::matcher::{self, plain, same};
use super::scene::Scene;
use super::world::{World, rows_text};
use super::{Ask, Bounds, CheckWanted, Step};
use crate::judge::{Judged, Sighting};
use crate::recorder::{Recorder, Value as Sql, WindowTotals};
use crate::run::Response;
use crate::verdict::Evidence;
use serde_json::Value;
use std::collections::BTreeMap;

/// Goes through the steps until one does not show what it should.
pub(crate) fn judge(steps: &[Step], scene: &mut Scene<'_, '_>) -> Judged {
    let mut world = scene.world().clone();
    go_through(steps, scene, &mut world)
}

/// The same, with facts of one's own; what steps save is among them afterwards.
pub(super) fn go_through(steps: &[Step], scene: &mut Scene<'_, '_>, world: &mut World) -> Judged {
    let mut remembered: BTreeMap<String, String> = BTreeMap::new();
    for step in steps {
        let evidence = match step {
            Step::Ask { ask, .. } => judge_request(step, ask, scene, world)?,
            Step::Sql(sql) => scene.change(sql, world).map(|()| None)?,
            Step::Check { sql, wanted, says } => judge_check(sql, wanted, says.as_deref(), scene.database()?, world)?,
            Step::Migrate { .. } => judge_migration(step, scene, world, &mut remembered)?,
        };
        if evidence.is_some() {
            return Ok(evidence);
        }
    }
    Ok(None)
}

fn judge_request(step: &Step, ask: &Ask, scene: &mut Scene<'_, '_>, world: &mut World) -> Judged {
    let Step::Ask { status, headers, bounds, json, rows, save, .. } = step else { return Ok(None) };
    let (request, response) = scene.ask(ask, world)?;
    let recorder = scene.database()?;
    let shown = |mut evidence: Evidence| {
        evidence.request = Some(asked_text(ask, &request.path, &request.body));
        evidence.response = Some(response_text(&response));
        evidence.statements = Some((response.window.first, response.window.len));
        Ok(Some(evidence))
    };
    if let Some(status) = status
        && !status.allow(response.status)
    {
        let says = if response.status == 500 {
            "Your code raised an exception; the traceback is in the output."
        } else {
            "The status is not the right one."
        };
        let (wanted, found) = (status.describe(), response.status.to_string());
        return shown(Evidence { says: says.into(), wanted: Some(wanted), found: Some(found), ..Evidence::default() });
    }
    for (name, wanted) in headers {
        let found = response.header(name).unwrap_or("nothing");
        if !found.starts_with(wanted.as_str()) {
            let says = format!("The header {name} is not the right one.");
            return shown(Evidence {
                says,
                wanted: Some(wanted.clone()),
                found: Some(found.into()),
                ..Evidence::default()
            });
        }
    }
    if let Some(evidence) = over_bounds(bounds, response.window, recorder) {
        return shown(evidence);
    }
    if json.is_empty() && rows.is_empty() && save.is_empty() {
        return Ok(None);
    }
    let Ok(body) = serde_json::from_slice::<Value>(&response.body) else {
        return shown(Evidence { says: "The answer is not JSON.".into(), ..Evidence::default() });
    };
    for matcher in json {
        if let Some(mismatch) = matcher.compare(&body, recorder, world).map_err(Sighting::Fault)? {
            return shown(mismatch.into());
        }
    }
    for matcher in rows {
        if let Some(mismatch) = matcher.compare(&body, recorder, world).map_err(Sighting::Fault)? {
            return shown(mismatch.into());
        }
    }
    for (name, at) in save {
        match super::path::find(&body, at).map_err(Sighting::Fault)? {
            super::path::Found::One(Some(value)) if value.is_string() || value.is_i64() => {
                world.facts.insert(name.clone(), sql_value(value));
            }
            _ => {
                let says = format!("The answer has no {at}, which the next request needs.");
                return shown(Evidence { says, ..Evidence::default() });
            }
        }
    }
    Ok(None)
}

fn sql_value(value: &Value) -> Sql {
    match value {
        Value::String(text) => Sql::Text(text.clone()),
        other => other.as_i64().map_or(Sql::Null, Sql::Integer),
    }
}

impl From<matcher::Mismatch> for Evidence {
    fn from(mismatch: matcher::Mismatch) -> Self {
        Self {
            says: mismatch.says + ".",
            wanted: Some(mismatch.wanted),
            found: Some(mismatch.found),
            ..Self::default()
        }
    }
}

/// What one request took, against what it may take.
pub(crate) fn over_bounds(bounds: &Bounds, window: WindowTotals, recorder: &mut Recorder) -> Option<Evidence> {
    let over = |what: &str, limit: u64, found: u64| Evidence {
        says: format!("This request took more {what} than it may."),
        wanted: Some(format!("at most {limit}")),
        found: Some(found.to_string()),
        ..Evidence::default()
    };
    if let Some(limit) = bounds.max_statements.filter(|limit| window.counted > *limit) {
        return Some(over("statements", limit, window.counted));
    }
    if let Some(limit) = bounds.max_rows.filter(|limit| window.rows > *limit) {
        return Some(over("rows from the database", limit, window.rows));
    }
    bounds.no_scan.iter().find_map(|table| scanned(table, window, recorder))
}

/// The first statement of a window that reads a table from end to end.
fn scanned(table: &str, window: WindowTotals, recorder: &mut Recorder) -> Option<Evidence> {
    let wanted = Some(format!("SEARCH {table} USING INDEX …"));
    let unclear = |found: String| {
        let says = format!("It cannot be told whether this request reads the whole table {table}.");
        Some(Evidence { says, wanted: wanted.clone(), found: Some(found), ..Evidence::default() })
    };
    if (window.len as u64) < window.statements {
        return unclear("more statements than are kept".into());
    }
    for index in window.first..window.first + window.len {
        if !recorder.statements().get(index).is_some_and(|statement| statement.counted) {
            continue;
        }
        let Some(sql) = recorder.whole_sql(index).map(str::to_owned) else {
            return unclear("a statement that is too long to be kept".into());
        };
        // A statement that was refused when it was executed is none; one that was not, and has no plan, hides something.
        // The plan is for showing, and only asked for when there is something to show.
        let plan = match recorder.scans(&sql, table) {
            Ok(false) => continue,
            Ok(true) => recorder.plan(&sql),
            Err(error) => Err(error),
        };
        let plan = match plan {
            Ok(plan) => plan,
            Err(_) if recorder.was_refused(index) => continue,
            Err(_) => return unclear(format!("a statement that can be planned no more: {}", matcher::cut(&sql))),
        };
        if let Some(line) = plan.iter().find(|line| line.starts_with("SCAN ")) {
            return Some(Evidence {
                says: format!("A statement reads the whole table {table}."),
                wanted,
                found: Some(format!("{line}, for: {}", matcher::cut(&sql))),
                ..Evidence::default()
            });
        }
    }
    None
}

fn judge_check(sql: &str, wanted: &CheckWanted, says: Option<&str>, recorder: &mut Recorder, world: &World) -> Judged {
    let says =
        says.map_or_else(|| "The database does not hold what it should.".into(), |says| format!("Not so: {says}."));
    let rows = match world.rows(recorder, sql) {
        Ok(rows) => rows,
        // A table or column that the candidate did not make is their fault, not the author's.
        Err(error) if error.contains("no such table") || error.contains("no such column") => {
            return Ok(Some(Evidence { says, found: Some(error), ..Evidence::default() }));
        }
        Err(error) => return Err(Sighting::Fault(error)),
    };
    let found: Vec<Vec<Value>> = rows.rows.iter().map(|row| row.iter().cloned().map(plain).collect()).collect();
    let (fits, wanted) = match wanted {
        CheckWanted::Scalar(wanted) => {
            let wanted = world.fill_json(wanted);
            let fits = found.first().and_then(|row| row.first()).is_some_and(|found| same(&wanted, found));
            (fits, wanted)
        }
        CheckWanted::Rows(wanted) => {
            let wanted = world.fill_json(wanted);
            let found: Value = found.iter().map(|row| Value::Array(row.clone())).collect();
            (same(&wanted, &found), wanted)
        }
    };
    if fits {
        return Ok(None);
    }
    let (wanted, found) = (Some(matcher::cut(&wanted.to_string())), Some(rows_text(&rows)));
    Ok(Some(Evidence { says, wanted, found, ..Evidence::default() }))
}

fn judge_migration(
    step: &Step,
    scene: &mut Scene<'_, '_>,
    world: &World,
    remembered: &mut BTreeMap<String, String>,
) -> Judged {
    let Step::Migrate { migrate, max_statements, lossless, fails } = step else { return Ok(None) };
    let (error, window) = scene.migrate(migrate)?;
    let recorder = scene.database()?;
    let request = format!("migrate {} {}", migrate.app, if migrate.to == "latest" { "" } else { &migrate.to });
    let shown = |mut evidence: Evidence| {
        evidence.request = Some(request.trim().to_owned());
        evidence.statements = Some((window.first, window.len));
        Ok(Some(evidence))
    };
    match (error, *fails) {
        (Some(error), false) => {
            return shown(Evidence {
                says: "The migration failed.".into(),
                found: Some(matcher::cut(&error)),
                ..Evidence::default()
            });
        }
        (None, true) => {
            return shown(Evidence { says: "The migration should have refused.".into(), ..Evidence::default() });
        }
        _ => {}
    }
    if recorder.in_transaction() {
        return shown(Evidence { says: "The migration left a transaction open.".into(), ..Evidence::default() });
    }
    let bounds = Bounds { max_statements: *max_statements, ..Bounds::default() };
    if let Some(evidence) = over_bounds(&bounds, window, recorder) {
        return shown(evidence);
    }
    let Some(sql) = lossless else { return Ok(None) };
    let now = match world.rows(recorder, sql) {
        Ok(rows) => serde_json::to_string(&rows.rows).unwrap_or_default(),
        Err(error) => {
            return shown(Evidence {
                says: "The rows cannot be read any more.".into(),
                found: Some(error),
                ..Evidence::default()
            });
        }
    };
    match remembered.get(sql) {
        None => {
            remembered.insert(sql.clone(), now);
            Ok(None)
        }
        Some(before) if *before == now => Ok(None),
        Some(before) => {
            let says = "The rows are not what they were.".to_owned();
            let (wanted, found) = (Some(matcher::cut(before)), Some(matcher::cut(&now)));
            shown(Evidence { says, wanted, found, ..Evidence::default() })
        }
    }
}

/// `GET /api/books/ as ada`, with the body that was sent.
pub(crate) fn asked_text(ask: &Ask, path: &str, body: &[u8]) -> String {
    let who = if ask.person.is_empty() { "not signed in".to_owned() } else { format!("as {}", ask.person) };
    let body = if body.is_empty() { String::new() } else { format!("\n\n{}", String::from_utf8_lossy(body)) };
    format!("{} {path} ({who}){body}", ask.method)
}

/// Status line, content type and the beginning of the body.
pub(crate) fn response_text(response: &Response) -> String {
    let kind = response.header("content-type").unwrap_or("no content type");
    let body = match serde_json::from_slice::<Value>(&response.body) {
        Ok(json) => serde_json::to_string_pretty(&json).unwrap_or_default(),
        Err(_) => String::from_utf8_lossy(&response.body).into_owned(),
    };
    let body: String = body.chars().take(2_000).collect();
    format!("{}\n{kind}\n\n{body}", response.status)
}
