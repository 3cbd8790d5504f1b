//! What a whole row of answers says of the (general) level, when items may have factors of their own.
//!
//! Dimension reduction (R. D. Gibbons and D. R. Hedeker 1992): given the general level, factors are independent of each
//! other, so each is summed over by itself.

use super::posterior::{Likelihood, PosteriorError};
use super::soft::SoftItem;
use crate::grid::{NODES, node, normal_weights};
use crate::responses::Answer;

/// A bank's items, ready to read answers to any of them.
#[derive(Clone, Debug)]
pub struct OwnFactors {
    items: Vec<Table>,
    factors: usize,
    /// Of a factor's nodes, standard normal.
    weights: [f64; NODES],
}

/// Chances of one item's categories.
#[derive(Clone, Debug)]
enum Table {
    /// At each level.
    General(Vec<Likelihood>),
    /// At each level and each value of the item's factor: `level × NODES + value`.
    Own { factor: usize, categories: Vec<Vec<f64>> },
}

impl OwnFactors {
    /// Tables of items, made once for a bank: 30 KB for each category of an item that has a factor of its own.
    #[must_use]
    pub fn new(items: &[SoftItem]) -> Self {
        let factors =
            items.iter().filter_map(|item| item.item().specific()).map(|own| own.factor + 1).max().unwrap_or(0);
        let table = |item: &SoftItem| match item.item().specific() {
            None => Table::General(item.likelihoods()),
            Some(own) => Table::Own { factor: own.factor, categories: joint(item) },
        };
        Self { items: items.iter().map(table).collect(), factors, weights: normal_weights(0.0, 1.0) }
    }

    /// What these answers together say of the level. Items that are not there say nothing.
    ///
    /// # Errors
    /// Answers that are impossible together.
    pub fn likelihood(&self, answers: &[Answer]) -> Result<Likelihood, PosteriorError> {
        let mut chances = [1.0; NODES];
        let mut joints: Vec<Option<Vec<f64>>> = vec![None; self.factors];
        for answer in answers {
            let category = usize::from(answer.category);
            match self.items.get(answer.item as usize) {
                Some(Table::General(categories)) => {
                    let Some(category) = categories.get(category) else { continue };
                    multiply(&mut chances, category.chances());
                }
                Some(Table::Own { factor, categories }) => {
                    let Some(category) = categories.get(category) else { continue };
                    match &mut joints[*factor] {
                        Some(joint) => multiply(joint, category),
                        none => *none = Some(category.clone()),
                    }
                }
                None => {}
            }
        }
        for joint in joints.iter().flatten() {
            let sums: [f64; NODES] = std::array::from_fn(|level| {
                let values = &joint[level * NODES..(level + 1) * NODES];
                values.iter().zip(&self.weights).map(|(chance, weight)| chance * weight).sum()
            });
            multiply(&mut chances, &sums);
        }
        Likelihood::new(chances)
    }
}

fn joint(item: &SoftItem) -> Vec<Vec<f64>> {
    let mut out = vec![vec![0.0; NODES * NODES]; item.categories()];
    let mut chances = vec![0.0; item.categories()];
    for place in 0..NODES * NODES {
        item.probabilities_given(node(place / NODES), node(place % NODES), &mut chances);
        out.iter_mut().zip(&chances).for_each(|(category, chance)| category[place] = *chance);
    }
    out
}

/// The product, with its largest brought back to 1: a thousand answers do not underflow.
fn multiply(chances: &mut [f64], by: &[f64]) {
    let mut largest = 0.0;
    for (chance, by) in chances.iter_mut().zip(by) {
        *chance *= by;
        largest = f64::max(largest, *chance);
    }
    if largest > 0.0 {
        chances.iter_mut().for_each(|chance| *chance /= largest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::{Item, Specific};
    use crate::score::Posterior;

    fn of(items: &[Item], answers: &[(u32, u8)]) -> Posterior {
        let items: Vec<SoftItem> = items.iter().cloned().map(SoftItem::known).collect();
        let answers: Vec<Answer> = answers.iter().map(|&(item, category)| Answer { item, category }).collect();
        let mut posterior = Posterior::normal(0.0, 1.0).unwrap();
        posterior.observe(&OwnFactors::new(&items).likelihood(&answers).unwrap()).unwrap();
        posterior
    }

    #[test]
    fn items_without_a_factor_are_multiplied_as_ever() {
        let items = [Item::two_pl(1.2, 0.3).unwrap(), Item::graded(0.8, vec![1.0, -1.0]).unwrap()];
        let mut wanted = Posterior::normal(0.0, 1.0).unwrap();
        wanted.observe(&SoftItem::known(items[0].clone()).likelihoods()[1]).unwrap();
        wanted.observe(&SoftItem::known(items[1].clone()).likelihoods()[2]).unwrap();
        let found = of(&items, &[(0, 1), (1, 2)]);
        assert!((found.mean() - wanted.mean()).abs() < 1e-12 && (found.sd() - wanted.sd()).abs() < 1e-12);
    }

    /// Against the sum over the level and both factors at once.
    #[test]
    fn factors_are_summed_over_one_by_one() {
        let own = |a, d, factor, slope| Item::two_pl(a, d).unwrap().with_specific(Specific { factor, slope });
        let items =
            [own(1.0, 0.0, 0, 1.5), own(1.3, -0.5, 0, 0.8), own(0.7, 0.4, 1, 1.0), Item::two_pl(1.0, 0.2).unwrap()];
        let answers = [(0, 1), (1, 1), (2, 0), (3, 1)];
        let found = of(&items, &answers);
        let weights = normal_weights(0.0, 1.0);
        let (mut sum, mut mean) = (0.0, 0.0);
        for (level, level_weight) in weights.iter().enumerate() {
            for (e, e_weight) in weights.iter().enumerate() {
                for (f, f_weight) in weights.iter().enumerate() {
                    let mut chance = level_weight * e_weight * f_weight;
                    for (item, category) in answers {
                        let item = &items[item as usize];
                        let own =
                            item.specific().map_or(0.0, |own| own.slope * node(if own.factor == 0 { e } else { f }));
                        let mut p = [0.0; 2];
                        item.probabilities_at(item.slope() * node(level) + own, &mut p);
                        chance *= p[usize::from(category)];
                    }
                    sum += chance;
                    mean += chance * node(level);
                }
            }
        }
        assert!((found.mean() - mean / sum).abs() < 1e-9, "{} {}", found.mean(), mean / sum);
    }

    #[test]
    fn many_answers_do_not_underflow() {
        let items = vec![Item::two_pl(3.0, -9.0).unwrap().with_specific(Specific { factor: 0, slope: 1.0 }); 600];
        let answers: Vec<(u32, u8)> = (0..600).map(|item| (item, (item % 2) as u8)).collect();
        assert!(of(&items, &answers).sd() > 0.0);
    }
}
