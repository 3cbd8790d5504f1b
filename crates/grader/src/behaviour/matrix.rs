//! `permission_matrix`: every role, every object, every method, each on the same fresh world.

use super::scene::Scene;
use super::steps::{asked_text, response_text};
use super::world::{World, rows_text};
use super::{Ask, Matrix, MatrixRow};
use crate::judge::{Judged, Sighting};
use crate::recorder::{Recorder, Value};
use crate::run::Response;
use crate::verdict::Evidence;

pub(crate) fn judge(matrix: &Matrix, scene: &mut Scene<'_, '_>) -> Judged {
    let world = scene.world();
    for row in &matrix.row {
        for (role, statuses) in &row.status {
            let person = matrix.roles.get(role).ok_or_else(|| Sighting::Fault(format!("there is no role {role}")))?;
            let cell = Cell { row, role, person, matrix, world };
            let evidence = cell.judge(statuses, scene)?;
            if evidence.is_some() {
                return Ok(evidence);
            }
        }
    }
    Ok(None)
}

struct Cell<'a> {
    row: &'a MatrixRow,
    role: &'a str,
    person: &'a str,
    matrix: &'a Matrix,
    world: &'a World,
}

impl Cell<'_> {
    fn judge(&self, statuses: &super::Statuses, scene: &mut Scene<'_, '_>) -> Judged {
        scene.restore();
        let before = self.guarded(scene.database()?)?;
        let ask =
            Ask::parse(&self.row.request, self.person.to_owned(), self.row.body.clone()).map_err(Sighting::Fault)?;
        let (_, response) = scene.ask(&ask, self.world)?;
        if !statuses.allow(response.status) {
            let says = format!("For {} this is not the right answer.", self.role);
            let (wanted, found) = (Some(statuses.describe()), Some(response.status.to_string()));
            return self.shown(&ask, &response, Evidence { says, wanted, found, ..Evidence::default() });
        }
        if !(200..300).contains(&response.status) {
            let after = self.guarded(scene.database()?)?;
            if before != after {
                let says = format!("{} was refused, and yet something changed.", self.role);
                return self.shown(
                    &ask,
                    &response,
                    Evidence { says, wanted: before, found: after, ..Evidence::default() },
                );
            }
        }
        if response.status == 404
            && let Some(fact) = &self.row.hides
        {
            return self.compare_with_missing(&ask, fact, &response, scene);
        }
        Ok(None)
    }

    /// Where something must not be known to exist, the answer must be the one that nothing gets.
    fn compare_with_missing(&self, ask: &Ask, fact: &str, hidden: &Response, scene: &mut Scene<'_, '_>) -> Judged {
        let mut elsewhere = self.world.clone();
        let real = self.world.fill(&format!("{{{{ {fact} }}}}"));
        elsewhere.facts.insert(fact.to_owned(), Value::Integer(self.matrix.missing));
        let (_, missing) = scene.ask(ask, &elsewhere)?;
        let without = |response: &Response, id: &str| String::from_utf8_lossy(&response.body).replace(id, "ID");
        let (one, other) = (without(hidden, &real), without(&missing, &self.matrix.missing.to_string()));
        if hidden.status == missing.status && one == other {
            return Ok(None);
        }
        let says = format!("{} can tell what exists from what does not: the answers differ.", self.role);
        let (wanted, found) = (Some(response_text(&missing)), Some(response_text(hidden)));
        self.shown(ask, hidden, Evidence { says, wanted, found, ..Evidence::default() })
    }

    fn guarded(&self, recorder: &mut Recorder) -> Result<Option<String>, Sighting> {
        let Some(sql) = &self.row.unchanged else { return Ok(None) };
        let rows = self.world.rows(recorder, sql).map_err(Sighting::Fault)?;
        Ok(Some(rows_text(&rows)))
    }

    fn shown(&self, ask: &Ask, response: &Response, mut evidence: Evidence) -> Judged {
        let request = self.world.request(ask).map_err(Sighting::Fault)?;
        evidence.request = Some(asked_text(ask, &request.path, &request.body));
        evidence.response = Some(response_text(response));
        evidence.statements = Some((response.window.first, response.window.len));
        Ok(Some(evidence))
    }
}
