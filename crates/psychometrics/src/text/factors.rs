//! Which factor each item belongs to.

use super::error::{TextError, shown};
use super::table::Table;
use crate::responses::ItemColumn;
use std::collections::HashMap;
use std::io::Read;

/// Factors of a bifactor or testlet model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Factors {
    /// Names, in the order in which they came.
    pub names: Vec<String>,
    /// For each item the factor that it belongs to; none for an item of the general level only.
    pub of: Vec<Option<usize>>,
}

/// Reads factors: a table with the columns `item` and `factor`, a row an item. An item that is not named, or whose factor
/// is empty, has a slope on the general level only.
///
/// # Errors
/// An item that is not there or comes twice, a factor of a single item, and whatever a table can have.
pub fn read_factors<R: Read>(input: R, items: &[ItemColumn]) -> Result<Factors, TextError> {
    let known = "item, factor";
    let mut table = Table::open(input, &["item", "factor"], known, |name| matches!(name, "item" | "factor"))?;
    let index_of = indices(items);
    let mut factors = Factors { names: Vec::new(), of: vec![None; items.len()] };
    let mut seen = HashMap::new();
    let mut first_row: Vec<(u64, usize)> = Vec::new();
    while let Some(row) = table.next()? {
        let name = row.need("item", "the name of an item")?;
        let item = *index_of
            .get(name)
            .ok_or_else(|| TextError::UnknownItem { row: row.number, item: shown(name.as_bytes()) })?;
        if let Some(first) = seen.insert(item, row.number) {
            return Err(TextError::Twice { row: row.number, what: format!("item {}", shown(name.as_bytes())), first });
        }
        let Some(factor) = row.get("factor")? else { continue };
        let index = factors.names.iter().position(|name| name == factor).unwrap_or_else(|| {
            factors.names.push(factor.to_owned());
            first_row.push((row.number, 0));
            factors.names.len() - 1
        });
        first_row[index].1 += 1;
        factors.of[item] = Some(index);
    }
    if let Some(single) = first_row.iter().position(|(_, items)| *items == 1) {
        let says = format!(
            "factor {} has this item only, so its slope cannot be told from chance; leave the factor empty",
            shown(factors.names[single].as_bytes())
        );
        return Err(TextError::Contradiction { row: first_row[single].0, column: "factor".into(), says });
    }
    if factors.names.is_empty() {
        return Err(TextError::NoRows);
    }
    Ok(factors)
}

/// Where each item stands.
pub(super) fn indices(items: &[ItemColumn]) -> HashMap<&str, usize> {
    items.iter().enumerate().map(|(index, item)| (item.name.as_str(), index)).collect()
}
