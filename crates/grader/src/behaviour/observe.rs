//! What a question about the candidate's own code asks for, found by running that code.

use super::path::{self, Found};
use super::scene::Scene;
use super::steps::go_through;
use super::world::World;
use super::{Ask, Bounds, Migrate, Statuses, Step};
use crate::judge::Sighting;
use crate::recorder::WindowTotals;
use crate::run::Response;
use jobfuture_content::{Asks, Deed, ExplainQuestion, MigrateTo, Observed, Sent};
use serde_json::Value;
use std::collections::BTreeMap;

/// The answer as text, or why there is none. A fault is no matter of ours here: after the candidate's own migrations our SQL
/// may rightly fail.
pub(crate) type Seen = Result<String, Sighting>;

/// What was looked at.
enum Look {
    Response(Response),
    Migration(WindowTotals),
    Value(Value),
}

/// Does what the question says on the world as it was drawn, and looks.
pub(crate) fn observe(question: &ExplainQuestion, scene: &mut Scene<'_, '_>, world: &World) -> Seen {
    let look = look(question, scene, world, None)?;
    if question.asks != Asks::Growth {
        return answer(question, &look);
    }
    let grown = self::look(question, scene, world, grow_of(&question.observed))?;
    let (few, many) = (statements(&look)?, statements(&grown)?);
    // Neither comes near the end of its range: the recorder stops a run long before.
    Ok((many as i64 - few as i64).to_string())
}

fn look(
    question: &ExplainQuestion,
    scene: &mut Scene<'_, '_>,
    start: &World,
    grow: Option<&str>,
) -> Result<Look, Sighting> {
    scene.restore();
    let mut world = start.clone();
    let steps: Vec<Step> = question.before.iter().map(step).collect::<Result<_, _>>().map_err(Sighting::Fault)?;
    if let Some(evidence) = go_through(&steps, scene, &mut world)? {
        let found = evidence.found.unwrap_or_default();
        return unseen(format!("what comes first does not go well: {} {found}", evidence.says));
    }
    if let Some(sql) = grow {
        scene.change(sql, &world)?;
    }
    match &question.observed {
        Observed::Request { sent, .. } => {
            let (_, response) = scene.ask(&ask(sent).map_err(Sighting::Fault)?, &world)?;
            if !sent.status.is_empty() && !sent.status.contains(&response.status) {
                return unseen(format!("the answer has status {}", response.status));
            }
            Ok(Look::Response(response))
        }
        Observed::Migrate { to, .. } => match scene.migrate(&migrate(to))? {
            (None, window) => Ok(Look::Migration(window)),
            (Some(error), _) => unseen(format!("the migration fails: {error}")),
        },
        Observed::Sql(sql) => {
            let column = world.column(scene.database()?, sql).map_err(Sighting::Fault)?;
            column.into_iter().next().map(Look::Value).ok_or_else(|| Sighting::Fault("there is no row".into()))
        }
        Observed::Tests(_) => unseen("tests are run, and not asked".into()),
    }
}

/// What is asked for of what was looked at.
fn answer(question: &ExplainQuestion, look: &Look) -> Seen {
    let shown = |value: &Value| match question.asks {
        Asks::Number => counted(value),
        _ => plain(value),
    };
    match (question.asks, look) {
        (Asks::Status, Look::Response(response)) => Ok(response.status.to_string()),
        (Asks::Value | Asks::Number, Look::Value(value)) => shown(value),
        (Asks::Value | Asks::Number, Look::Response(response)) => {
            let Observed::Request { at: Some(at), .. } = &question.observed else {
                return unseen("it is not said where to look".into());
            };
            let body: Value =
                serde_json::from_slice(&response.body).map_err(|_| Sighting::Fault("the answer is not JSON".into()))?;
            match path::find(&body, at).map_err(Sighting::Fault)? {
                Found::One(Some(value)) => shown(value),
                Found::One(None) => unseen(format!("the answer has no {at}")),
                Found::Many(values) => shown(&values.into_iter().flatten().cloned().collect()),
            }
        }
        _ => statements(look).map(|count| count.to_string()),
    }
}

fn statements(look: &Look) -> Result<u64, Sighting> {
    match look {
        Look::Response(response) => Ok(response.window.counted),
        Look::Migration(window) => Ok(window.counted),
        Look::Value(_) => unseen("a value sends no statements".into()),
    }
}

/// A value that can be told in a word.
fn plain(value: &Value) -> Seen {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Array(_) | Value::Object(_) => unseen("it holds more than one value".into()),
        other => Ok(other.to_string()),
    }
}

/// A number, or how many elements a list has.
fn counted(value: &Value) -> Seen {
    match value {
        Value::Number(number) => Ok(number.to_string()),
        Value::Array(items) => Ok(items.len().to_string()),
        Value::String(text) if text.trim().parse::<f64>().is_ok_and(f64::is_finite) => Ok(text.trim().to_owned()),
        _ => unseen("it is no number".into()),
    }
}

fn unseen<T>(why: String) -> Result<T, Sighting> {
    Err(Sighting::Fault(why))
}

fn grow_of(observed: &Observed) -> Option<&str> {
    match observed {
        Observed::Request { grow, .. } | Observed::Migrate { grow, .. } => grow.as_deref(),
        Observed::Sql(_) | Observed::Tests(_) => None,
    }
}

fn step(deed: &Deed) -> Result<Step, String> {
    Ok(match deed {
        Deed::Request { sent, save } => Step::Ask {
            ask: ask(sent)?,
            status: Some(Statuses::Many(sent.status.clone())),
            headers: BTreeMap::new(),
            bounds: Bounds::default(),
            json: Vec::new(),
            rows: Vec::new(),
            save: save.clone(),
        },
        Deed::Sql(sql) => Step::Sql(sql.clone()),
        Deed::Migrate(to) => Step::Migrate { migrate: migrate(to), max_statements: None, lossless: None, fails: false },
    })
}

fn ask(sent: &Sent) -> Result<Ask, String> {
    Ask::parse(&sent.request, sent.person.clone(), sent.body.clone())
}

fn migrate(to: &MigrateTo) -> Migrate {
    Migrate { app: to.app.clone(), to: to.to.clone() }
}
