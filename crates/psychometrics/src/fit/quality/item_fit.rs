//! S-X²: for each item, observed and expected answers at each sum score.
//!
//! M. Orlando and D. Thissen (2000, 2003); T. Kang and T. T. Chen (2008) for ordered categories. The distribution of sum
//! scores comes from F. M. Lord and M. S. Wingersky's recursion (1984), with factors of their own integrated out inside
//! (L. Cai 2015).

use super::chi_squared::rmsea;
use super::collapse::{Row, collapse};
use super::curves::Levels;
use super::{QualityError, check_same, complete, item_parameters, slopes_estimated};
use crate::fit::result::Fit;
use crate::math::chi_squared_sf;
use crate::responses::Responses;

/// How well one item fits.
#[derive(Clone, Debug, PartialEq)]
pub struct ItemFit {
    /// Name of the item.
    pub name: String,
    /// The statistic; nothing where no degrees of freedom are left.
    pub statistic: Option<f64>,
    /// Degrees of freedom: cells less scores less estimated parameters.
    pub df: usize,
    /// How often a statistic this large or larger comes about when the model is true.
    pub p: Option<f64>,
    /// Root mean square error of approximation.
    pub rmsea: Option<f64>,
}

/// Fit of all items.
#[derive(Clone, Debug, PartialEq)]
pub struct ItemFits {
    /// In the order of the columns.
    pub items: Vec<ItemFit>,
    /// People who answered every item, and on whom this rests.
    pub people: f64,
    /// People who did not, and are left out: a sum score needs all answers.
    pub left_out: f64,
}

/// S-X² of every item. Cells are joined until each is expected to hold at least one person.
///
/// # Errors
/// Answers to other items, or nobody complete in a group.
pub fn item_fit(fit: &Fit, responses: &Responses) -> Result<ItemFits, QualityError> {
    check_same(fit, responses)?;
    let mut rows: Vec<Vec<Row>> = vec![Vec::new(); fit.items.len()];
    let mut people = 0.0;
    for group in 0..fit.groups.len() {
        let observed = observed_tables(fit, responses, group)?;
        people += observed.scores.iter().sum::<f64>();
        let expected = ScoreModel::of(fit, group).tables();
        for (item, rows) in rows.iter_mut().enumerate() {
            rows.extend(collapse(table(&observed, &expected, item)));
        }
    }
    let items = rows.iter().enumerate().map(|(place, rows)| judge(fit, place, rows, people)).collect();
    Ok(ItemFits { items, people, left_out: responses.people() - people })
}

fn judge(fit: &Fit, place: usize, rows: &[Row], people: f64) -> ItemFit {
    let cells = || rows.iter().flat_map(|row| row.observed.iter().zip(&row.expected)).filter(|cell| *cell.1 > 0.0);
    let statistic: f64 = cells().map(|(observed, expected)| (observed - expected).powi(2) / expected).sum();
    // The population's parameters are shared by all items, and by custom each item pays for them.
    let population = (fit.groups.len() - 1) * 2 + usize::from(!slopes_estimated(fit));
    let df = cells().count().saturating_sub(rows.len() + item_parameters(fit, place) + population);
    let statistic = (df > 0).then_some(statistic);
    ItemFit {
        name: fit.items[place].name.clone(),
        statistic,
        df,
        p: statistic.map(|statistic| chi_squared_sf(statistic, df as f64)),
        rmsea: statistic.map(|statistic| rmsea(statistic, df as f64, people)),
    }
}

/// People by sum score, and by item, sum score and category.
struct Observed {
    scores: Vec<f64>,
    tables: Vec<Vec<Vec<f64>>>,
}

fn observed_tables(fit: &Fit, responses: &Responses, group: usize) -> Result<Observed, QualityError> {
    let categories: Vec<usize> = fit.items.iter().map(|item| item.item.categories()).collect();
    let length = categories.iter().map(|count| count - 1).sum::<usize>() + 1;
    let mut observed = Observed {
        scores: vec![0.0; length],
        tables: categories.iter().map(|&count| vec![vec![0.0; count]; length]).collect(),
    };
    for person in complete(responses, group) {
        let score = person.answers.iter().map(|answer| usize::from(answer.category)).sum::<usize>();
        observed.scores[score] += person.weight;
        for (table, answer) in observed.tables.iter_mut().zip(person.answers) {
            table[score][usize::from(answer.category)] += person.weight;
        }
    }
    if observed.scores.iter().sum::<f64>() <= 0.0 {
        return Err(QualityError::NobodyComplete(responses.groups()[group].clone()));
    }
    Ok(observed)
}

/// Rows of one item, without the lowest and the highest score, which leave no choice of category.
fn table(observed: &Observed, expected: &[Vec<Vec<f64>>], item: usize) -> Vec<Row> {
    (1..observed.scores.len() - 1)
        .map(|score| Row {
            observed: observed.tables[item][score].clone(),
            expected: expected[item][score].iter().map(|chance| chance * observed.scores[score]).collect(),
        })
        .collect()
}

/// Items that share a level beside the general one, or (without) all items.
struct Block {
    items: Vec<usize>,
    /// Whether their own level is integrated.
    own: bool,
}

/// The model's distribution of sum scores.
struct ScoreModel<'a> {
    fit: &'a Fit,
    levels: Levels,
    blocks: Vec<Block>,
    length: usize,
}

impl<'a> ScoreModel<'a> {
    fn of(fit: &'a Fit, group: usize) -> Self {
        let factor_of = |place: usize| fit.items[place].item.specific().map(|specific| specific.factor);
        let mut factors: Vec<Option<usize>> = (0..fit.items.len()).map(factor_of).collect();
        factors.sort_unstable();
        factors.dedup();
        let block = |factor: Option<usize>| Block {
            items: (0..fit.items.len()).filter(|&place| factor_of(place) == factor).collect(),
            own: factor.is_some(),
        };
        let length = fit.items.iter().map(|item| item.item.categories() - 1).sum::<usize>() + 1;
        let blocks = factors.into_iter().map(block).collect();
        Self { fit, levels: Levels::of(fit, group), blocks, length }
    }

    /// For each item and sum score the chance of each category.
    fn tables(&self) -> Vec<Vec<Vec<f64>>> {
        let categories = |place: usize| self.fit.items[place].item.categories();
        let mut tables: Vec<Vec<Vec<f64>>> =
            (0..self.fit.items.len()).map(|place| vec![vec![0.0; categories(place)]; self.length]).collect();
        for (g, weight) in self.levels.weights.iter().enumerate() {
            self.add_level(g, *weight, &mut tables);
        }
        for row in tables.iter_mut().flatten() {
            let sum: f64 = row.iter().sum();
            if sum > 0.0 {
                row.iter_mut().for_each(|chance| *chance /= sum);
            }
        }
        tables
    }

    /// Adds the joint chances of category and sum score at one general level.
    fn add_level(&self, g: usize, weight: f64, tables: &mut [Vec<Vec<f64>>]) {
        let parts: Vec<BlockScores> = self.blocks.iter().map(|block| self.block_scores(block, g)).collect();
        for (b, part) in parts.iter().enumerate() {
            let others = parts.iter().enumerate().filter(|(place, _)| *place != b);
            let others = others.fold(vec![1.0], |sum, (_, part)| convolve(&sum, &part.all));
            for (&item, by_category) in self.blocks[b].items.iter().zip(&part.joint) {
                for (category, joint) in by_category.iter().enumerate() {
                    for (score, chance) in convolve(joint, &others).into_iter().enumerate() {
                        tables[item][score][category] += weight * chance;
                    }
                }
            }
        }
    }

    fn block_scores(&self, block: &Block, g: usize) -> BlockScores {
        let alone = [(0.0, 1.0)];
        let own: Vec<(f64, f64)> =
            self.levels.specific.iter().copied().zip(self.levels.specific_weights.iter().copied()).collect();
        let own: &[(f64, f64)] = if block.own { &own } else { &alone };
        let mut scores = BlockScores::default();
        for &(level, weight) in own {
            let chances: Vec<Vec<f64>> =
                block.items.iter().map(|&place| self.chances(place, self.levels.general[g], level)).collect();
            scores.add(&chances, weight);
        }
        scores
    }

    fn chances(&self, place: usize, general: f64, own: f64) -> Vec<f64> {
        let item = &self.fit.items[place].item;
        let mut chances = vec![0.0; item.categories()];
        let slope = item.specific().map_or(0.0, |specific| specific.slope);
        item.probabilities_at(item.slope() * general + slope * own, &mut chances);
        chances
    }
}

/// Sum scores within a block at one general level.
#[derive(Default)]
struct BlockScores {
    /// Chances of the sum scores.
    all: Vec<f64>,
    /// For each item and category the joint chances with the sum score.
    joint: Vec<Vec<Vec<f64>>>,
}

impl BlockScores {
    /// Adds what holds at one own level: Lord and Wingersky's recursion from both ends, so that each item can be left out.
    fn add(&mut self, chances: &[Vec<f64>], weight: f64) {
        let mut before = vec![vec![1.0]];
        for chances in chances {
            let next = convolve(&before[before.len() - 1], chances);
            before.push(next);
        }
        let mut after = vec![1.0];
        self.joint.resize_with(chances.len(), Vec::new);
        for (place, chances) in chances.iter().enumerate().rev() {
            let rest = convolve(&before[place], &after);
            self.joint[place].resize_with(chances.len(), Vec::new);
            for (category, chance) in chances.iter().enumerate() {
                let joint = &mut self.joint[place][category];
                joint.resize(joint.len().max(rest.len() + category), 0.0);
                joint[category..].iter_mut().zip(&rest).for_each(|(sum, rest)| *sum += weight * chance * rest);
            }
            after = convolve(&after, chances);
        }
        self.all.resize(after.len(), 0.0);
        self.all.iter_mut().zip(&after).for_each(|(sum, chance)| *sum += weight * chance);
    }
}

/// Distribution of a sum of two independent scores.
fn convolve(a: &[f64], b: &[f64]) -> Vec<f64> {
    let mut sums = vec![0.0; a.len() + b.len() - 1];
    for (i, a) in a.iter().enumerate() {
        sums[i..].iter_mut().zip(b).for_each(|(sum, b)| *sum += a * b);
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_of_dice() {
        let die = [1.0 / 6.0; 6];
        let two = convolve(&die, &die);
        assert!((two[5] - 6.0 / 36.0).abs() < 1e-15);
        let mut scores = BlockScores::default();
        scores.add(&[die.to_vec(), die.to_vec()], 1.0);
        assert_eq!(scores.all.len(), 11);
        assert!((scores.joint[1][5][5] - 1.0 / 36.0).abs() < 1e-15);
        assert!((scores.joint[0][0].iter().sum::<f64>() - 1.0 / 6.0).abs() < 1e-15);
    }
}
