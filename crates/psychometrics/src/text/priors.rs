//! What is believed of items before any answer.

use super::error::{TextError, shown};
use super::factors::indices;
use super::table::{Row, Table};
use crate::fit::{GuessingPrior, ItemPrior, Model, NormalPrior};
use crate::responses::ItemColumn;
use std::collections::HashMap;
use std::io::Read;

/// Stands for every item that has no row of its own.
const EVERY: &str = "*";
const COLUMNS: &str =
    "item, ln_a_mean, ln_a_sd, b_mean, b_sd (b2_mean, b2_sd and so on), g, g_logit_mean, g_logit_sd, g_free";

/// Reads priors: a table with a row an item, or `*` for all that have none of their own. Cells that are empty leave the
/// parameter to the answers.
///
/// `ln_a_mean`, `ln_a_sd`: ln of the slope. `b_mean`, `b_sd`: the difficulty, or the first threshold or step; `b2_mean`,
/// `b2_sd` the second, and so on: all or none of an item's. `g`: the chance of guessing right is this; `g_logit_mean`,
/// `g_logit_sd`: its logit is normal; `g_free` (`yes`): it is estimated freely.
///
/// # Errors
/// A mean without a standard deviation, a deviation that is not positive, difficulties of another number than the item
/// has, thresholds of a graded item that do not rise, guessing in a model without it or said in two ways, an item that is
/// not there or comes twice, and whatever a table can have.
pub fn read_priors<R: Read>(input: R, items: &[ItemColumn], model: Model) -> Result<Vec<ItemPrior>, TextError> {
    let mut table = Table::open(input, &["item"], COLUMNS, is_known)?;
    let index_of = indices(items);
    let mut priors: Vec<Option<ItemPrior>> = vec![None; items.len()];
    let mut every = None;
    let mut seen: HashMap<String, u64> = HashMap::new();
    while let Some(row) = table.next()? {
        let name = row.need("item", "the name of an item, or *")?;
        if let Some(first) = seen.insert(name.to_owned(), row.number) {
            return Err(TextError::Twice { row: row.number, what: format!("item {}", shown(name.as_bytes())), first });
        }
        let prior = prior(&row, model)?;
        if name == EVERY {
            every = Some((prior, row.number));
            continue;
        }
        let item = *index_of
            .get(name)
            .ok_or_else(|| TextError::UnknownItem { row: row.number, item: shown(name.as_bytes()) })?;
        check_number(&prior, &items[item], row.number)?;
        priors[item] = Some(prior);
    }
    let mut all = Vec::with_capacity(items.len());
    for (prior, item) in priors.into_iter().zip(items) {
        if let (None, Some((prior, row))) = (&prior, &every) {
            check_number(prior, item, *row)?;
        }
        all.push(prior.or_else(|| every.as_ref().map(|(prior, _)| prior.clone())).unwrap_or_default());
    }
    Ok(all)
}

fn is_known(name: &str) -> bool {
    let fixed = ["item", "ln_a_mean", "ln_a_sd", "g", "g_logit_mean", "g_logit_sd", "g_free"].contains(&name);
    fixed || (1..=63).any(|k| name == mean_of(k) || name == sd_of(k))
}

fn mean_of(k: usize) -> String {
    if k == 1 { "b_mean".into() } else { format!("b{k}_mean") }
}

fn sd_of(k: usize) -> String {
    if k == 1 { "b_sd".into() } else { format!("b{k}_sd") }
}

fn prior(row: &Row<'_>, model: Model) -> Result<ItemPrior, TextError> {
    let ln_slope = normal(row, "ln_a_mean", "ln_a_sd")?;
    if ln_slope.is_some() && matches!(model, Model::Rasch | Model::PartialCredit) {
        return Err(row.contradiction("ln_a_mean", "slopes are 1 in this model; leave the prior of the slope empty"));
    }
    let mut difficulties: Vec<NormalPrior> = Vec::new();
    for k in 1..=63 {
        let Some(prior) = normal(row, &mean_of(k), &sd_of(k))? else { continue };
        if difficulties.len() + 1 != k {
            return Err(row.contradiction(&mean_of(k), format!("it is given and {} is not", mean_of(k - 1))));
        }
        let graded = matches!(model, Model::Graded | Model::Bifactor | Model::Testlet);
        if graded && difficulties.last().is_some_and(|before| before.mean >= prior.mean) {
            let says = format!("thresholds of a graded item rise, and {} is not above {}", prior.mean, mean_of(k - 1));
            return Err(row.contradiction(&mean_of(k), says));
        }
        difficulties.push(prior);
    }
    Ok(ItemPrior { ln_slope, difficulties, guessing: guessing(row, model)? })
}

fn guessing(row: &Row<'_>, model: Model) -> Result<Option<GuessingPrior>, TextError> {
    let fixed = row.number("g", "a chance from 0 to below 1", |g| (0.0..1.0).contains(&g))?;
    let logit = normal(row, "g_logit_mean", "g_logit_sd")?;
    let free = match row.get("g_free")? {
        None | Some("no" | "0" | "false") => false,
        Some("yes" | "1" | "true") => true,
        Some(_) => return Err(row.contradiction("g_free", "yes or no belongs there")),
    };
    let said = usize::from(fixed.is_some()) + usize::from(logit.is_some()) + usize::from(free);
    if said > 1 {
        return Err(row
            .contradiction("g", "guessing is given in two ways; keep one of g, g_logit_mean with its sd, and g_free"));
    }
    if said == 1 && model != Model::ThreePl {
        return Err(row.contradiction("g", "only the model 3pl knows guessing; leave it out, or fit that model"));
    }
    let free = free.then_some(GuessingPrior::Free);
    Ok(fixed.map(GuessingPrior::Fixed).or(logit.map(GuessingPrior::Logit)).or(free))
}

fn normal(row: &Row<'_>, mean_column: &str, sd_column: &str) -> Result<Option<NormalPrior>, TextError> {
    let mean = row.number(mean_column, "a number from −100 to 100", |mean| mean.abs() <= 100.0)?;
    let sd = row.number(sd_column, "a standard deviation from 0.0001 to 100", |sd| (1e-4..=100.0).contains(&sd))?;
    match (mean, sd) {
        (None, None) => Ok(None),
        (Some(mean), Some(sd)) => Ok(Some(NormalPrior { mean, sd })),
        (Some(_), None) => Err(row.contradiction(sd_column, format!("{mean_column} is given and this is not"))),
        (None, Some(_)) => Err(row.contradiction(mean_column, format!("{sd_column} is given and this is not"))),
    }
}

fn check_number(prior: &ItemPrior, item: &ItemColumn, row: u64) -> Result<(), TextError> {
    let (found, wanted) = (prior.difficulties.len(), item.labels.len().saturating_sub(1));
    if found == 0 || found == wanted {
        return Ok(());
    }
    let says = format!(
        "{found} difficulties are given for item {}, which has {} categories and so {wanted}; give all or none",
        item.name,
        item.labels.len()
    );
    Err(TextError::Contradiction { row, column: mean_of(found), says })
}
