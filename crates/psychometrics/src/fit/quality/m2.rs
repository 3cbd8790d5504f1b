//! M2, a test of fit from the items' means and products of pairs.
//!
//! A. Maydeu-Olivares and H. Joe (2005, 2006) for right-or-wrong items; L. Cai and M. Hansen (2013), M2*, for ordered
//! categories, whose scores take the place of the indicators. Under the model, and at estimates by maximum likelihood, the
//! statistic is chi-squared; unlike Pearson's over all patterns it stays so where patterns are many and people few.

use super::chi_squared::{rmsea, rmsea_interval};
use super::moments::Moments;
use super::{MAX_M2_ITEMS, QualityError, check_same, complete};
use crate::fit::result::Fit;
use crate::math::chi_squared_sf;
use crate::responses::Responses;

/// How well the whole model fits.
#[derive(Clone, Debug, PartialEq)]
pub struct M2 {
    /// The statistic.
    pub statistic: f64,
    /// Degrees of freedom: means and products less estimated parameters.
    pub df: usize,
    /// How often a statistic this large or larger comes about when the model is true.
    pub p: f64,
    /// Root mean square error of approximation.
    pub rmsea: f64,
    /// Its 90 % interval.
    pub rmsea_interval: (f64, f64),
    /// Standardised root mean square residual: the usual distance of observed and expected correlations, for each group.
    pub srmsr: Vec<f64>,
    /// Tucker-Lewis index against independent items.
    pub tli: f64,
    /// Comparative fit index against independent items.
    pub cfi: f64,
    /// People who answered every item, and on whom this rests.
    pub people: f64,
    /// People who did not, and are left out.
    pub left_out: f64,
}

/// What one group contributes.
struct GroupPart {
    /// Residuals, whitened by the model's covariance.
    residuals: Vec<f64>,
    /// Derivatives by the parameters, whitened likewise, one column a parameter.
    columns: Vec<Vec<f64>>,
    srmsr: f64,
    /// The statistic of independent items: N Σ r².
    independent: f64,
    people: f64,
}

/// The M2 (for ordered categories M2*) statistic of a fit.
///
/// Takes only people who answered every item, and says how many were left out. With priors the estimates are not those of
/// maximum likelihood, and the statistic is on the large side.
///
/// # Errors
/// Answers to other items, more than [`MAX_M2_ITEMS`], no degrees of freedom, nobody complete in a group.
pub fn m2(fit: &Fit, responses: &Responses) -> Result<M2, QualityError> {
    check_same(fit, responses)?;
    let n = fit.items.len();
    if n > MAX_M2_ITEMS {
        return Err(QualityError::TooManyItems(n));
    }
    let moments = fit.groups.len() * n * (n + 1) / 2;
    if moments <= fit.parameters {
        return Err(QualityError::NoDegreesOfFreedom { moments, parameters: fit.parameters });
    }
    let parts: Vec<GroupPart> =
        (0..fit.groups.len()).map(|group| group_part(fit, responses, group)).collect::<Result<_, _>>()?;
    let statistic = orthogonal_square(&parts);
    let df = moments - fit.parameters;
    let people: f64 = parts.iter().map(|part| part.people).sum();
    let independent: f64 = parts.iter().map(|part| part.independent).sum();
    let excess = |statistic: f64, df: f64| statistic - df;
    let (own, pairs) = (df as f64, (fit.groups.len() * n * (n - 1) / 2) as f64);
    Ok(M2 {
        statistic,
        df,
        p: chi_squared_sf(statistic, own),
        rmsea: rmsea(statistic, own, people),
        rmsea_interval: rmsea_interval(statistic, own, people),
        srmsr: parts.iter().map(|part| part.srmsr).collect(),
        tli: (independent / pairs - statistic / own) / (independent / pairs - 1.0),
        cfi: (1.0 - excess(statistic, own) / excess(independent, pairs)).clamp(0.0, 1.0),
        people,
        left_out: responses.people() - people,
    })
}

fn group_part(fit: &Fit, responses: &Responses, group: usize) -> Result<GroupPart, QualityError> {
    let model = Moments::of(fit, group);
    let sample = Sample::of(responses, group, model.members())?;
    let expected = model.expected();
    let factor = model.covariance().cholesky().ok_or(QualityError::Singular)?;
    let root = sample.people.sqrt();
    let residuals: Vec<f64> =
        sample.means.iter().zip(&expected).map(|(found, wanted)| root * (found - wanted)).collect();
    let columns = model.derivatives(fit, group).into_iter().map(|mut column| {
        column.iter_mut().for_each(|value| *value *= root);
        factor.forward(&column)
    });
    let columns = columns.collect();
    let observed = correlations(&sample.means, &sample.squares, model.members());
    if let Some(place) = observed.iter().position(|r| !r.is_finite()) {
        return Err(QualityError::Constant(sample.constant_item(fit, &model.members()[fit.items.len() + place])));
    }
    let modelled = correlations(&expected, &model.squares(), model.members());
    let square: f64 = observed.iter().zip(&modelled).map(|(a, b)| (a - b) * (a - b)).sum();
    Ok(GroupPart {
        residuals: factor.forward(&residuals),
        columns,
        srmsr: (square / observed.len() as f64).sqrt(),
        independent: sample.people * observed.iter().map(|r| r * r).sum::<f64>(),
        people: sample.people,
    })
}

/// Observed moments of a group.
struct Sample {
    means: Vec<f64>,
    squares: Vec<f64>,
    people: f64,
}

impl Sample {
    fn of(responses: &Responses, group: usize, members: &[Vec<usize>]) -> Result<Self, QualityError> {
        let mut means = vec![0.0; members.len()];
        let mut squares = vec![0.0; responses.items().len()];
        let mut people = 0.0;
        for person in complete(responses, group) {
            people += person.weight;
            let score = |i: usize| f64::from(person.answers[i].category);
            for (sum, members) in means.iter_mut().zip(members) {
                *sum += person.weight * members.iter().map(|&i| score(i)).product::<f64>();
            }
            squares.iter_mut().enumerate().for_each(|(i, sum)| *sum += person.weight * score(i) * score(i));
        }
        if people <= 0.0 {
            return Err(QualityError::NobodyComplete(responses.groups()[group].clone()));
        }
        means.iter_mut().chain(&mut squares).for_each(|sum| *sum /= people);
        Ok(Self { means, squares, people })
    }

    /// The one of two items that does not vary.
    fn constant_item(&self, fit: &Fit, pair: &[usize]) -> String {
        let constant = |&&i: &&usize| self.squares[i] - self.means[i] * self.means[i] <= 0.0;
        let item = pair.iter().find(constant).or(pair.first());
        item.map_or_else(String::new, |&i| fit.items[i].name.clone())
    }
}

/// Correlations of pairs from means, products and squares.
fn correlations(means: &[f64], squares: &[f64], members: &[Vec<usize>]) -> Vec<f64> {
    let variance = |i: usize| squares[i] - means[i] * means[i];
    let pairs = members.iter().zip(means).skip(squares.len());
    pairs
        .map(|(pair, product)| {
            let (i, j) = (pair[0], pair[1]);
            (product - means[i] * means[j]) / (variance(i) * variance(j)).sqrt()
        })
        .collect()
}

/// The square of the residuals' part that no change of the parameters could take away.
fn orthogonal_square(parts: &[GroupPart]) -> f64 {
    let mut rest: Vec<f64> = parts.iter().flat_map(|part| part.residuals.iter().copied()).collect();
    let parameters = parts.first().map_or(0, |part| part.columns.len());
    let mut directions: Vec<Vec<f64>> = Vec::new();
    for k in 0..parameters {
        let mut column: Vec<f64> = parts.iter().flat_map(|part| part.columns[k].iter().copied()).collect();
        let length = dot(&column, &column).sqrt();
        // Twice, because once leaves rounding errors of near dependencies.
        for _ in 0..2 {
            directions.iter().for_each(|direction| remove(&mut column, direction));
        }
        let left = dot(&column, &column).sqrt();
        if left > length * 1e-9 {
            column.iter_mut().for_each(|value| *value /= left);
            remove(&mut rest, &column);
            directions.push(column);
        }
    }
    dot(&rest, &rest)
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Takes out of `vector` what lies along the unit vector `direction`.
fn remove(vector: &mut [f64], direction: &[f64]) {
    let along = dot(vector, direction);
    vector.iter_mut().zip(direction).for_each(|(value, part)| *value -= along * part);
}
