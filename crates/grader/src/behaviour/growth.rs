//! `query_growth`: the same request with n rows and with ten times as many.

use super::scene::Scene;
use super::steps::{asked_text, over_bounds, response_text};
use super::{Bounds, Growth};
use crate::judge::{Judged, Sighting};
use crate::verdict::Evidence;

pub(crate) fn judge(growth: &Growth, scene: &mut Scene<'_, '_>) -> Judged {
    let ask = growth.ask().map_err(Sighting::Fault)?;
    let world = scene.world();
    let (request, few) = scene.ask(&ask, world)?;
    scene.change(&growth.grow, world)?;
    let (_, many) = scene.ask(&ask, world)?;
    let recorder = scene.database()?;
    let shown = |mut evidence: Evidence, response: &crate::run::Response| {
        evidence.request = Some(asked_text(&ask, &request.path, &request.body));
        evidence.response = Some(response_text(response));
        evidence.statements = Some((response.window.first, response.window.len));
        Ok(Some(evidence))
    };
    for response in [&few, &many] {
        if !(200..300).contains(&response.status) {
            let says = "There was no good answer to count the statements of.".to_owned();
            let (wanted, found) = (Some("200".into()), Some(response.status.to_string()));
            return shown(Evidence { says, wanted, found, ..Evidence::default() }, response);
        }
    }
    let (at_few, at_many) = (few.window.counted, many.window.counted);
    if at_many > at_few + growth.max_growth {
        let says = format!("The statements grow with the rows: {at_few}, and {at_many} with ten times the rows.");
        let (wanted, found) = (Some(format!("at most {}", at_few + growth.max_growth)), Some(at_many.to_string()));
        return shown(Evidence { says, wanted, found, ..Evidence::default() }, &many);
    }
    let bounds = Bounds { max_statements: Some(growth.max_statements), ..Bounds::default() };
    if let Some(evidence) = over_bounds(&bounds, few.window, recorder) {
        return shown(evidence, &few);
    }
    let bounds = Bounds { max_statements: Some(growth.max_statements), max_rows: growth.max_rows, ..Bounds::default() };
    match over_bounds(&bounds, many.window, recorder) {
        Some(evidence) => shown(evidence, &many),
        None => Ok(None),
    }
}
