//! Taking items that differ out of the score on which the others are matched.

/// How purification ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purification {
    /// It was not asked for: all items are in the matching score.
    NotAsked,
    /// The same items were found in two rounds running.
    Settled {
        /// Rounds after the first test with all items.
        rounds: usize,
        /// Items that were taken out of the matching score, by their columns.
        removed: Vec<usize>,
    },
    /// The rounds were used up; results are those of the last one.
    NotSettled {
        /// Rounds.
        rounds: usize,
        /// Items that were out of the matching score in the last round, by their columns.
        removed: Vec<usize>,
    },
    /// Every item was found to differ in a round, so that nothing was left to match on; results are those of the last
    /// round that had something.
    NothingLeft {
        /// Rounds.
        rounds: usize,
    },
}

/// Repeats `test` with fewer and fewer (or again more) items in the matching score, as `difR` does. `test` takes for each
/// item whether it is matched on; `p` reads a result's plain p.
pub(super) fn purify<T>(
    items: usize,
    rounds: Option<usize>,
    level: f64,
    mut test: impl FnMut(&[bool]) -> Vec<T>,
    p: impl Fn(&T) -> Option<f64>,
) -> (Vec<T>, Purification) {
    let mut anchors = vec![true; items];
    let mut results = test(&anchors);
    let Some(most) = rounds else { return (results, Purification::NotAsked) };
    let out = |anchors: &[bool]| (0..items).filter(|&item| !anchors[item]).collect();
    for round in 0..=most {
        let found: Vec<bool> = results.iter().map(|result| p(result).is_none_or(|p| p >= level)).collect();
        if found == anchors {
            return (results, Purification::Settled { rounds: round, removed: out(&anchors) });
        }
        if !found.contains(&true) {
            return (results, Purification::NothingLeft { rounds: round });
        }
        if round == most {
            break;
        }
        anchors = found;
        results = test(&anchors);
    }
    (results, Purification::NotSettled { rounds: most, removed: out(&anchors) })
}
