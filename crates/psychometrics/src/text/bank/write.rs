//! A fit as a bank's file.

use super::error_of_b::of_difficulties;
use super::file::{BankFile, ErrorsOfSlopes, GroupFile, ItemFile, Slopes};
use crate::fit::{Convergence, Fit, FittedGroup, FittedItem};
use crate::responses::ItemColumn;

impl BankFile {
    /// What a fit found. `columns` are the items of its answers, `factors` the names of its factors.
    #[must_use]
    pub fn of_fit(fit: &Fit, columns: &[ItemColumn], factors: &[String]) -> Self {
        let labels = columns.iter().map(|column| column.labels.clone()).chain(std::iter::repeat(Vec::new()));
        Self {
            model: fit.model.name().to_owned(),
            log_likelihood: Some(fit.log_likelihood),
            log_prior: (fit.log_prior != 0.0).then_some(fit.log_prior),
            converged: Some(fit.convergence == Convergence::Converged),
            reason: reason(&fit.convergence),
            iterations: Some(fit.iterations),
            persons: Some(fit.people),
            parameters: Some(fit.parameters),
            items: fit.items.iter().zip(labels).map(|(fitted, labels)| item(fitted, labels, factors)).collect(),
            groups: fit.groups.iter().map(group).collect(),
            factors: factors.to_vec(),
            factor_sds: fit.factor_sds.clone(),
            family_sd: fit.family_sd,
            ..Self::default()
        }
    }
}

/// Why a fit did not converge, and what may help; nothing if it did.
fn reason(convergence: &Convergence) -> Option<String> {
    match convergence {
        Convergence::Converged => None,
        Convergence::OutOfIterations { largest_change } => Some(format!(
            "the iterations were used up while a parameter still changed by {largest_change:.2e}: allow more iterations, \
             or give priors"
        )),
        Convergence::Stopped => Some("it was stopped".to_owned()),
        Convergence::Undetermined { items } => Some(format!(
            "the answers do not determine the parameters of {}: leave those items out, or give them priors",
            super::super::error::some_names(items.iter().map(String::as_str))
        )),
    }
}

fn item(fitted: &FittedItem, labels: Vec<String>, factors: &[String]) -> ItemFile {
    let FittedItem { name, item, errors, answers } = fitted;
    let specific = item.specific();
    let a = specific.map_or(Slopes::One(item.slope()), |specific| Slopes::Two([item.slope(), specific.slope]));
    let se_a = match specific {
        Some(_) => Some(ErrorsOfSlopes::Two([errors.slope, errors.specific])),
        None => errors.slope.map(ErrorsOfSlopes::One),
    };
    let covariance = errors.covariance.as_ref();
    ItemFile {
        name: name.clone(),
        labels,
        a,
        b: item.difficulties().into_iter().map(|b| b.is_finite().then_some(b)).collect(),
        d: item.intercepts().to_vec(),
        g: (item.lower() > 0.0 || errors.lower.is_some()).then(|| item.lower()),
        factor: specific.map(|specific| factors.get(specific.factor).cloned().unwrap_or(specific.factor.to_string())),
        se_a,
        se_b: of_difficulties(fitted),
        se_d: errors.intercepts.clone(),
        se_g: errors.lower,
        covariance: covariance
            .map_or_else(Vec::new, |matrix| (0..matrix.rows()).map(|row| matrix.row(row).to_vec()).collect()),
        answers: Some(*answers),
        ..ItemFile::default()
    }
}

fn group(group: &FittedGroup) -> GroupFile {
    GroupFile {
        name: group.name.clone(),
        mean: group.mean,
        variance: group.variance,
        se_mean: group.mean_error,
        se_variance: group.variance_error,
        persons: Some(group.people),
    }
}
