//! How well a fitted model describes the answers, and how precisely the items measure.

mod chi_squared;
mod collapse;
mod curves;
mod item_fit;
mod m2;
mod moments;
mod reliability;

pub use item_fit::{ItemFit, ItemFits, item_fit};
pub use m2::{M2, m2};

use super::result::Fit;
use crate::item::Item;
use crate::responses::{Person, Responses};

/// Items for which M2 is worked out at most: it needs the covariance of all pairs of items, 3,240 × 3,240 numbers for 80.
pub const MAX_M2_ITEMS: usize = 80;

/// Why a figure of fit cannot be had.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum QualityError {
    /// The answers are to other items or groups than the fit.
    #[error("the fit has {fitted} items and {fitted_groups} groups, the answers have {items} and {groups}")]
    OtherAnswers {
        /// Items of the fit.
        fitted: usize,
        /// Groups of the fit.
        fitted_groups: usize,
        /// Items of the answers.
        items: usize,
        /// Groups of the answers.
        groups: usize,
    },
    /// Too many items.
    #[error(
        "{0} items are more than the {MAX_M2_ITEMS} for which M2 is worked out; leave items out, or look at item fit"
    )]
    TooManyItems(usize),
    /// Not enough to compare.
    #[error(
        "M2 compares {moments} means and products of items, and {parameters} parameters were estimated: no degrees of \
         freedom are left; more items are needed"
    )]
    NoDegreesOfFreedom {
        /// Means and products of pairs, in all groups.
        moments: usize,
        /// Estimated parameters.
        parameters: usize,
    },
    /// Nobody in a group answered every item.
    #[error("group {0}: nobody answered every item, and only people who did can be compared with the model")]
    NobodyComplete(String),
    /// An item whose answers do not differ among the people who are left.
    #[error("item {0}: everybody who answered all items gave the same answer")]
    Constant(String),
    /// The model says that some moments are combinations of others.
    #[error("the covariance of the items' products is singular under the model; items may be copies of each other")]
    Singular,
}

/// Refuses answers to other items.
fn check_same(fit: &Fit, responses: &Responses) -> Result<(), QualityError> {
    let (items, groups) = (responses.items().len(), responses.groups().len());
    let same =
        fit.items.iter().zip(responses.items()).all(|(fitted, column)| fitted.item.categories() >= column.labels.len());
    if items == fit.items.len() && groups == fit.groups.len() && same {
        return Ok(());
    }
    Err(QualityError::OtherAnswers { fitted: fit.items.len(), fitted_groups: fit.groups.len(), items, groups })
}

/// People of a group who answered every item.
fn complete(responses: &Responses, group: usize) -> impl Iterator<Item = Person<'_>> {
    let items = responses.items().len();
    responses.iter().filter(move |person| person.group == group && person.answers.len() == items)
}

/// Whether the lower asymptote of an item was estimated. Only standard errors tell when the fit holds them; otherwise the
/// number of parameters does.
fn lower_estimated(fit: &Fit, place: usize) -> bool {
    use super::plan::Model;
    if fit.model != Model::ThreePl {
        return false;
    }
    let errors_known =
        fit.items.iter().any(|item| item.errors.slope.is_some() || item.errors.intercepts.iter().any(Option::is_some));
    if errors_known { fit.items[place].errors.lower.is_some() } else { fit.parameters >= 3 * fit.items.len() }
}

/// Whether slopes were estimated.
fn slopes_estimated(fit: &Fit) -> bool {
    use super::plan::Model;
    !matches!(fit.model, Model::Rasch | Model::PartialCredit)
}

/// Estimated parameters of one item, without what it shares with others.
fn item_parameters(fit: &Fit, place: usize) -> usize {
    let item: &Item = &fit.items[place].item;
    let own_factor = fit.model == super::plan::Model::Bifactor && item.specific().is_some();
    item.intercepts().len()
        + usize::from(slopes_estimated(fit))
        + usize::from(own_factor)
        + usize::from(lower_estimated(fit, place))
}
