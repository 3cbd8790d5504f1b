//! Selection and scoring rates of categories of people.
//!
//! The four-fifths rule of the Uniform Guidelines (29 CFR 1607.4 D, 1978) and the impact ratio of New York City's Local
//! Law 144 (6 RCNY 5-300 ff.): the rate of a category over that of the category with the highest rate. The rule alone
//! misleads: two groups of equal chances fall under it by chance in 26 % of audits at 50 people a group and a pass rate of
//! one half.

use super::adjust::benjamini_hochberg;
use super::ratio::ImpactRatio;

/// People of one category, and how many of them were selected (or scored above the median).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Name of the category; of an intersection, both names.
    pub name: String,
    /// How many were selected; at most `people`.
    pub selected: u64,
    /// How many there are.
    pub people: u64,
}

/// What a rate counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measured {
    /// Selected to move forward.
    Selected,
    /// Scored above the median of the whole sample.
    AboveMedian,
}

/// How [`impact`] goes about it.
#[derive(Clone, Debug, PartialEq)]
pub struct ImpactOptions {
    /// What the counts are of.
    pub measured: Measured,
    /// Confidence of intervals, in (0.5, 1); 0.95 is the custom.
    pub confidence: f64,
    /// Share of all people of known category below which a category is marked small; 0.02 as in the Local Law.
    pub small: f64,
    /// Category that others are compared with; nothing takes the one with the highest rate among those not small.
    pub compared_with: Option<String>,
    /// People whose category is not known.
    pub unknown: u64,
}

impl Default for ImpactOptions {
    fn default() -> Self {
        Self { measured: Measured::Selected, confidence: 0.95, small: 0.02, compared_with: None, unknown: 0 }
    }
}

/// Rates of all categories.
#[derive(Clone, Debug, PartialEq)]
pub struct Impact {
    /// What the counts are of.
    pub measured: Measured,
    /// Name of the category that others are compared with.
    pub compared_with: String,
    /// Categories in the order given.
    pub categories: Vec<Category>,
    /// People of known category.
    pub people: u64,
    /// People whose category is not known: they count nowhere else.
    pub unknown: u64,
    /// Confidence of intervals.
    pub confidence: f64,
}

/// One category.
#[derive(Clone, Debug, PartialEq)]
pub struct Category {
    /// As given.
    pub outcome: Outcome,
    /// Selected over people; nothing where there is nobody.
    pub rate: Option<f64>,
    /// Share of all people of known category.
    pub share: f64,
    /// Whether the share is below [`ImpactOptions::small`]; the Local Law lets an auditor leave it out, with a reason.
    pub small: bool,
    /// Against the category compared with; nothing for that one itself, and where there is no ratio because one of them
    /// has nobody or nobody of the other was selected.
    pub ratio: Option<ImpactRatio>,
}

/// Counts that cannot be taken.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ImpactError {
    /// Fewer than two categories with people.
    #[error("a comparison takes at least two categories with people in them; there are {0}")]
    TooFew(usize),
    /// More selected than there are.
    #[error("category {name}: {selected} are selected of {people}")]
    TooMany {
        /// Name.
        name: String,
        /// Selected.
        selected: u64,
        /// People.
        people: u64,
    },
    /// Two categories of one name.
    #[error("two categories are called {0}")]
    SameName(String),
    /// A category to compare with that is not there or has nobody.
    #[error("there is nobody in a category called {0} to compare with")]
    NoSuchCategory(String),
    /// More people than can be counted exactly.
    #[error("{0} people are more than the {MOST_PEOPLE} that are taken")]
    TooManyPeople(u64),
    /// Options out of their range.
    #[error("confidence lies between 0.5 and 1, and the share of a small category between 0 and 1")]
    Options,
    /// A score that is no number.
    #[error("category {0} has a score that is not a finite number")]
    NotFinite(String),
}

/// People that are taken at most: exact tests go through every count.
const MOST_PEOPLE: u64 = 5_000_000;

/// Compares rates. Each ratio comes with its interval and exact test ([`ImpactRatio`]).
///
/// Where nothing else is said the category with the highest rate is compared with. Having been picked for being the
/// highest, it makes the others look worse than they are by chance alone: read the intervals, and
/// [`ImpactRatio::chance_when_equal`].
///
/// # Errors
/// See [`ImpactError`].
pub fn impact(outcomes: &[Outcome], options: &ImpactOptions) -> Result<Impact, ImpactError> {
    check(outcomes, options)?;
    let people: u64 = outcomes.iter().map(|outcome| outcome.people).sum();
    let share = |outcome: &Outcome| outcome.people as f64 / people as f64;
    let best = match &options.compared_with {
        Some(name) => outcomes
            .iter()
            .find(|outcome| outcome.name == *name && outcome.people > 0)
            .ok_or_else(|| ImpactError::NoSuchCategory(name.clone()))?,
        None => highest(outcomes, |outcome| share(outcome) >= options.small)
            .or_else(|| highest(outcomes, |_| true))
            .ok_or(ImpactError::TooFew(0))?,
    };
    let category = |outcome: &Outcome| Category {
        rate: rate(outcome),
        share: share(outcome),
        small: share(outcome) < options.small,
        ratio: (outcome.name != best.name)
            .then(|| ImpactRatio::new(counts(outcome), counts(best), options.confidence))
            .flatten(),
        outcome: outcome.clone(),
    };
    let mut categories: Vec<Category> = outcomes.iter().map(category).collect();
    let p: Vec<f64> = categories.iter().map(|category| category.ratio.map_or(f64::NAN, |ratio| ratio.p())).collect();
    for (category, p) in categories.iter_mut().zip(benjamini_hochberg(&p)) {
        if let Some(ratio) = &mut category.ratio {
            ratio.adjust(p);
        }
    }
    Ok(Impact {
        measured: options.measured,
        compared_with: best.name.clone(),
        categories,
        people,
        unknown: options.unknown,
        confidence: options.confidence,
    })
}

/// Counts of people above the median score of all together, for each category: the scoring rate of the Local Law. Scores
/// equal to the median are not above it.
///
/// # Errors
/// A score that is not finite.
pub fn scoring_rates(scores: &[(String, Vec<f64>)]) -> Result<Vec<Outcome>, ImpactError> {
    if let Some((name, _)) = scores.iter().find(|(_, scores)| scores.iter().any(|score| !score.is_finite())) {
        return Err(ImpactError::NotFinite(name.clone()));
    }
    let mut all: Vec<f64> = scores.iter().flat_map(|(_, scores)| scores.iter().copied()).collect();
    all.sort_by(f64::total_cmp);
    let middle = all.len() / 2;
    let median = match all.len() {
        0 => 0.0,
        count if count % 2 == 1 => all[middle],
        _ => 0.5 * all[middle - 1] + 0.5 * all[middle],
    };
    let outcome = |(name, scores): &(String, Vec<f64>)| Outcome {
        name: name.clone(),
        selected: scores.iter().filter(|score| **score > median).count() as u64,
        people: scores.len() as u64,
    };
    Ok(scores.iter().map(outcome).collect())
}

fn counts(outcome: &Outcome) -> (u64, u64) {
    (outcome.selected, outcome.people)
}

fn rate(outcome: &Outcome) -> Option<f64> {
    (outcome.people > 0).then(|| outcome.selected as f64 / outcome.people as f64)
}

/// The category of the highest rate among those that count; of equal ones the first.
fn highest(outcomes: &[Outcome], counts: impl Fn(&Outcome) -> bool) -> Option<&Outcome> {
    let mut best: Option<(&Outcome, f64)> = None;
    for outcome in outcomes.iter().filter(|outcome| counts(outcome)) {
        if let Some(rate) = rate(outcome)
            && best.is_none_or(|(_, highest)| rate > highest)
        {
            best = Some((outcome, rate));
        }
    }
    best.map(|(outcome, _)| outcome)
}

fn check(outcomes: &[Outcome], options: &ImpactOptions) -> Result<(), ImpactError> {
    if !(options.confidence > 0.5 && options.confidence < 1.0 && (0.0..=1.0).contains(&options.small)) {
        return Err(ImpactError::Options);
    }
    let mut names = std::collections::HashSet::new();
    let mut whole = 0_u64;
    for outcome in outcomes {
        if outcome.selected > outcome.people {
            let Outcome { name, selected, people } = outcome.clone();
            return Err(ImpactError::TooMany { name, selected, people });
        }
        if !names.insert(outcome.name.as_str()) {
            return Err(ImpactError::SameName(outcome.name.clone()));
        }
        whole = whole.saturating_add(outcome.people);
    }
    if whole > MOST_PEOPLE {
        return Err(ImpactError::TooManyPeople(whole));
    }
    let peopled = outcomes.iter().filter(|outcome| outcome.people > 0).count();
    if peopled < 2 { Err(ImpactError::TooFew(peopled)) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(name: &str, selected: u64, people: u64) -> Outcome {
        Outcome { name: name.to_owned(), selected, people }
    }

    #[test]
    fn compares_with_the_highest_rate_and_marks_small_categories() {
        let outcomes = [outcome("a", 48, 80), outcome("b", 12, 40), outcome("c", 2, 2), outcome("d", 0, 0)];
        let found = impact(&outcomes, &ImpactOptions { unknown: 7, ..ImpactOptions::default() }).unwrap();
        assert_eq!((found.compared_with.as_str(), found.people, found.unknown), ("a", 122, 7));
        assert!(found.categories[0].ratio.is_none());
        let ratio = found.categories[1].ratio.unwrap();
        assert!((ratio.all().0 - 0.5).abs() < 1e-12 && ratio.below_four_fifths());
        // R: fisher.test(matrix(c(48,32,12,28),2))$p.value
        assert!((ratio.p() - 0.003_409_222).abs() < 1e-8, "{}", ratio.p());
        assert!(found.categories[2].small && found.categories[2].ratio.is_some());
        assert_eq!((found.categories[3].rate, found.categories[3].ratio), (None, None));
    }

    #[test]
    fn scoring_rates_are_shares_above_the_median_of_all() {
        let scores = [("a".to_owned(), vec![1.0, 2.0, 3.0]), ("b".to_owned(), vec![2.0, 5.0])];
        assert_eq!(scoring_rates(&scores).unwrap(), [outcome("a", 1, 3), outcome("b", 1, 2)]);
        assert!(scoring_rates(&[("a".to_owned(), vec![f64::NAN])]).is_err());
        assert_eq!(scoring_rates(&[]).unwrap(), []);
    }

    #[test]
    fn names_what_is_wrong() {
        let options = ImpactOptions::default();
        let fault = |outcomes: &[Outcome], options: &ImpactOptions| impact(outcomes, options).unwrap_err().to_string();
        assert!(fault(&[outcome("a", 1, 2)], &options).contains("there are 1"));
        assert!(fault(&[outcome("a", 3, 2), outcome("b", 1, 2)], &options).contains("3 are selected of 2"));
        assert!(fault(&[outcome("a", 1, 2), outcome("a", 1, 2)], &options).contains("called a"));
        let other = ImpactOptions { compared_with: Some("x".to_owned()), ..options.clone() };
        assert!(fault(&[outcome("a", 1, 2), outcome("b", 1, 2)], &other).contains("called x"));
        assert!(fault(&[outcome("a", u64::MAX, u64::MAX), outcome("b", 1, 2)], &options).contains("more than"));
        let wild = ImpactOptions { confidence: f64::NAN, ..options };
        assert!(fault(&[outcome("a", 1, 2), outcome("b", 1, 2)], &wild).contains("confidence"));
    }
}
