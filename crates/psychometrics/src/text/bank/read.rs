//! A bank from its file, checked.

use super::file::{BankFile, ErrorsOfSlopes, GroupFile, ItemFile, Slopes};
use crate::fit::{FittedGroup, FittedItem, ItemErrors, Model};
use crate::item::{Curve, Item, ItemError, Specific};
use crate::math::Matrix;
use crate::responses::{ItemColumn, MAX_CATEGORIES, MAX_ITEMS};
use crate::text::error::{TextError, shown, some_names};
use crate::text::labels::whole;
use std::collections::HashSet;

/// Beyond this a parameter describes no item that anybody has met, and sums lose their digits.
const LARGEST: f64 = 1e6;

/// A bank that can be used.
#[derive(Clone, Debug, PartialEq)]
pub struct Bank {
    /// Which model.
    pub model: Model,
    /// Items.
    pub items: Vec<BankEntry>,
    /// Groups of people, at least one; the first is the reference.
    pub groups: Vec<FittedGroup>,
    /// Names of the factors.
    pub factors: Vec<String>,
    /// Standard deviations of the factors (testlet).
    pub factor_sds: Vec<f64>,
    /// Standard deviation of difficulties within a family.
    pub family_sd: Option<f64>,
}

/// One item.
#[derive(Clone, Debug, PartialEq)]
pub struct BankEntry {
    /// Estimates and their errors.
    pub fitted: FittedItem,
    /// What the categories are called.
    pub labels: Vec<String>,
}

impl Bank {
    /// Reads a bank: JSON in the shape of [`BankFile`].
    ///
    /// # Errors
    /// JSON of another shape, with its line and column; and whatever [`Bank::of_file`] refuses.
    pub fn read(bytes: &[u8]) -> Result<Self, TextError> {
        let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
        let file: BankFile = serde_json::from_slice(bytes).map_err(TextError::Json)?;
        Self::of_file(&file)
    }

    /// Checks a bank.
    ///
    /// # Errors
    /// An unknown model, no items or two of one name, parameters that describe no item, a factor that is not named, groups
    /// without a positive variance.
    pub fn of_file(file: &BankFile) -> Result<Self, TextError> {
        let model = Model::of_name(&file.model).ok_or_else(|| {
            let known = "rasch, 2pl, 3pl, grm, pcm, gpcm, bifactor, testlet";
            TextError::Bank(format!("there is no model {}; the models are {known}", shown(file.model.as_bytes())))
        })?;
        if file.items.is_empty() || file.items.len() > MAX_ITEMS {
            return Err(TextError::Bank(format!(
                "{} items are there; from 1 to {MAX_ITEMS} are taken",
                file.items.len()
            )));
        }
        let mut names = HashSet::new();
        let mut items = Vec::with_capacity(file.items.len());
        for (index, entry) in file.items.iter().enumerate() {
            if entry.name.trim().is_empty() || !names.insert(entry.name.as_str()) {
                let says = if entry.name.trim().is_empty() { "it has no name" } else { "another item has this name" };
                return Err(fault(entry, index, says));
            }
            items.push(one(entry, index, model, &file.factors)?);
        }
        Ok(Self {
            model,
            items,
            groups: groups(&file.groups)?,
            factors: file.factors.clone(),
            factor_sds: checked(&file.factor_sds, "factor_sds")?,
            family_sd: file
                .family_sd
                .map(|sd| checked(&[sd], "family_sd"))
                .transpose()?
                .and_then(|sds| sds.first().copied()),
        })
    }

    /// Items as columns of answers, to be given to the reader of answers.
    #[must_use]
    pub fn columns(&self) -> Vec<ItemColumn> {
        let column = |entry: &BankEntry| ItemColumn { name: entry.fitted.name.clone(), labels: entry.labels.clone() };
        self.items.iter().map(column).collect()
    }
}

fn fault(entry: &ItemFile, index: usize, says: impl Into<String>) -> TextError {
    TextError::BankItem { name: shown(entry.name.as_bytes()), number: index + 1, says: says.into() }
}

fn one(entry: &ItemFile, index: usize, model: Model, factors: &[String]) -> Result<BankEntry, TextError> {
    let refuse = |error: ItemError| TextError::item(&shown(entry.name.as_bytes()), index, &error);
    let (slope, specific) = match entry.a {
        Slopes::One(a) => (a, None),
        Slopes::Two([a, s]) => (a, Some(s)),
    };
    let curve = curve(entry, model)
        .ok_or_else(|| fault(entry, index, "its curve is none of dichotomous, graded, partial_credit"))?;
    let lower = entry.g.unwrap_or(0.0);
    let item = if entry.d.is_empty() {
        let difficulties: Option<Vec<f64>> = entry.b.iter().copied().collect();
        let missing = || fault(entry, index, "a difficulty is null and there are no intercepts d");
        Item::from_difficulties(curve, slope, &difficulties.ok_or_else(missing)?, lower).map_err(refuse)?
    } else {
        Item::new(curve, slope, entry.d.clone(), lower).map_err(refuse)?
    };
    let sizes = [slope, specific.unwrap_or(0.0)].into_iter().chain(item.intercepts().iter().copied());
    if let Some(beyond) = sizes.into_iter().find(|value| value.abs() > LARGEST) {
        return Err(fault(entry, index, format!("{beyond:e} is beyond any parameter that an item has (10⁶)")));
    }
    let item = match specific {
        Some(slope) => item.with_specific(Specific { factor: factor(entry, index, factors)?, slope }),
        None if entry.factor.is_some() => {
            return Err(fault(entry, index, "it has a factor but one slope only; a is then [general, specific]"));
        }
        None => item,
    };
    let labels = labels(entry, index, item.categories())?;
    let errors = errors(entry, index, &item)?;
    let fitted = FittedItem { name: entry.name.clone(), item, errors, answers: entry.answers.unwrap_or(0.0) };
    Ok(BankEntry { fitted, labels })
}

fn curve(entry: &ItemFile, model: Model) -> Option<Curve> {
    match (entry.curve.as_deref(), model) {
        (Some("dichotomous"), _) | (None, Model::Rasch | Model::TwoPl | Model::ThreePl) => Some(Curve::Dichotomous),
        (Some("graded"), _) | (None, Model::Graded) => Some(Curve::Graded),
        (Some("partial_credit"), _) | (None, Model::PartialCredit | Model::GeneralisedPartialCredit) => {
            Some(Curve::PartialCredit)
        }
        (None, Model::Bifactor | Model::Testlet) => {
            let right_or_wrong = entry.d.len().max(entry.b.len()) <= 1;
            Some(if right_or_wrong { Curve::Dichotomous } else { Curve::Graded })
        }
        (Some(_), _) => None,
    }
}

fn factor(entry: &ItemFile, index: usize, factors: &[String]) -> Result<usize, TextError> {
    let Some(name) = &entry.factor else {
        return Err(fault(entry, index, "it has two slopes and no factor; name the factor of the second"));
    };
    factors.iter().position(|factor| factor == name).ok_or_else(|| {
        let known = some_names(factors.iter().map(String::as_str));
        fault(entry, index, format!("its factor {} is not among factors: {known}", shown(name.as_bytes())))
    })
}

fn labels(entry: &ItemFile, index: usize, categories: usize) -> Result<Vec<String>, TextError> {
    if categories > MAX_CATEGORIES {
        return Err(fault(
            entry,
            index,
            format!("{categories} categories are more than the {MAX_CATEGORIES} that are taken"),
        ));
    }
    if entry.labels.is_empty() {
        return Ok((0..categories).map(|category| category.to_string()).collect());
    }
    let values: Option<Vec<i64>> = entry.labels.iter().map(|label| whole(label.as_bytes())).collect();
    let rising = values.is_some_and(|values| values.windows(2).all(|pair| pair[0] < pair[1]));
    if !rising || entry.labels.len() != categories {
        let says = format!("its labels must be {categories} rising whole numbers, one for each category");
        return Err(fault(entry, index, says));
    }
    Ok(entry.labels.clone())
}

fn errors(entry: &ItemFile, index: usize, item: &Item) -> Result<ItemErrors, TextError> {
    let (slope, specific) = match entry.se_a {
        None => (None, None),
        Some(ErrorsOfSlopes::One(slope)) => (Some(slope), None),
        Some(ErrorsOfSlopes::Two([slope, specific])) => (slope, specific),
    };
    let intercepts = match entry.se_d.len() {
        0 => vec![None; item.intercepts().len()],
        _ => entry.se_d.clone(),
    };
    if intercepts.len() != item.intercepts().len() || (specific.is_some() && item.specific().is_none()) {
        return Err(fault(entry, index, "it has another number of standard errors than of parameters"));
    }
    let all = [slope, specific, entry.se_g].into_iter().chain(intercepts.iter().copied()).flatten();
    let mut estimated = 0;
    for error in all {
        estimated += 1;
        if !(0.0..=LARGEST).contains(&error) {
            return Err(fault(entry, index, format!("a standard error is from 0 to 10⁶; one is {error}")));
        }
    }
    let covariance = covariance(&entry.covariance, estimated)
        .ok_or_else(|| fault(entry, index, format!("its covariance must be a square of {estimated} rows, with finite entries and symmetric: one row for each standard error")))?;
    Ok(ItemErrors { slope, specific, intercepts, lower: entry.se_g, covariance })
}

fn covariance(rows: &[Vec<f64>], size: usize) -> Option<Option<Matrix>> {
    if rows.is_empty() {
        return Some(None);
    }
    if rows.len() != size || rows.iter().any(|row| row.len() != size || row.iter().any(|value| !value.is_finite())) {
        return None;
    }
    let mut matrix = Matrix::zeros(size, size);
    for (place, row) in rows.iter().enumerate() {
        matrix.row_mut(place).copy_from_slice(row);
        let symmetric = |other: usize| (row[other] - rows[other][place]).abs() <= 1e-9 * (1.0 + row[other].abs());
        if row[place] < 0.0 || !(0..size).all(symmetric) {
            return None;
        }
    }
    Some(Some(matrix))
}

fn groups(files: &[GroupFile]) -> Result<Vec<FittedGroup>, TextError> {
    let group = |file: &GroupFile| {
        if !(file.mean.abs() <= 100.0 && file.variance > 0.0 && file.variance <= 1e4) {
            let name = shown(file.name.as_bytes());
            return Err(TextError::Bank(format!(
                "group {name}: its mean must be from −100 to 100 and its variance above 0 and at most 10⁴"
            )));
        }
        Ok(FittedGroup {
            name: file.name.clone(),
            mean: file.mean,
            variance: file.variance,
            mean_error: file.se_mean,
            variance_error: file.se_variance,
            people: file.persons.unwrap_or(0.0),
        })
    };
    if files.is_empty() {
        let standard = GroupFile { name: "all".into(), mean: 0.0, variance: 1.0, ..GroupFile::default() };
        return Ok(vec![group(&standard)?]);
    }
    files.iter().map(group).collect()
}

fn checked(sds: &[f64], what: &str) -> Result<Vec<f64>, TextError> {
    match sds.iter().find(|sd| !(0.0..=100.0).contains(*sd)) {
        Some(sd) => Err(TextError::Bank(format!("{what}: a standard deviation is from 0 to 100; one is {sd}"))),
        None => Ok(sds.to_vec()),
    }
}
