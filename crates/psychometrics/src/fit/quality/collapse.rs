//! Joining cells of a table of observed and expected numbers until none is expected to hold less than one person.
//!
//! The order in which cells are joined is a matter of convention; this one is the usual: categories within a score first,
//! then neighbouring scores.

/// The least that a cell may be expected to hold.
const LEAST: f64 = 1.0;

/// One sum score, or several joined: people in each category.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    pub observed: Vec<f64>,
    pub expected: Vec<f64>,
}

impl Row {
    fn people(&self) -> f64 {
        self.observed.iter().sum()
    }

    fn add(&mut self, other: &Self) {
        self.observed.iter_mut().zip(&other.observed).for_each(|(sum, part)| *sum += part);
        self.expected.iter_mut().zip(&other.expected).for_each(|(sum, part)| *sum += part);
    }

    /// Adds cell `from` to cell `to` and takes it away; noughts keep the row's length.
    fn join(&mut self, from: usize, to: usize) {
        for cells in [&mut self.observed, &mut self.expected] {
            cells[to] += cells[from];
            cells.remove(from);
            cells.push(0.0);
        }
    }
}

/// Joins cells until every one that is left is expected to hold at least one person. Cells expected to hold nobody are
/// what joining left over; they count for nothing.
pub(super) fn collapse(rows: Vec<Row>) -> Vec<Row> {
    let mut rows: Vec<Row> = rows.into_iter().filter(|row| row.people() > 0.0).collect();
    join_single_people(&mut rows);
    rows.iter_mut().for_each(join_categories);
    drop_rare_columns(&mut rows);
    join_scores(&mut rows);
    rows
}

/// A score that one person has goes to the next one, the last to the one before.
fn join_single_people(rows: &mut Vec<Row>) {
    let mut place = 0;
    while place < rows.len() && rows.len() > 1 {
        if rows[place].people() == 1.0 {
            let row = rows.remove(place);
            let neighbour = place.min(rows.len() - 1);
            rows[neighbour].add(&row);
        } else {
            place += 1;
        }
    }
}

/// Within a score: the smallest cell joins the smaller of its neighbours, until all are large enough or two are left.
fn join_categories(row: &mut Row) {
    let mut left = row.expected.len();
    while left > 2 && row.expected[..left].iter().any(|&cell| cell < LEAST) {
        let smallest = (0..left).fold(0, |best, k| if row.expected[k] <= row.expected[best] { k } else { best });
        let to = match smallest {
            0 => 1,
            k if k == left - 1 => k - 1,
            k if row.expected[k - 1] <= row.expected[k + 1] => k - 1,
            k => k + 1,
        };
        row.join(smallest, to);
        left -= 1;
    }
}

/// Categories that hardly any score has left are joined to the one below.
fn drop_rare_columns(rows: &mut [Row]) {
    let Some(mut columns) = rows.first().map(|row| row.expected.len()) else { return };
    let scores = rows.len() as f64;
    let total = |rows: &[Row], k: usize| rows.iter().map(|row| row.expected[k]).sum::<f64>();
    while columns > 2 && total(rows, columns - 1) < LEAST * (0.1 * scores).ceil() {
        rows.iter_mut().for_each(|row| row.join(columns - 1, columns - 2));
        columns -= 1;
    }
    for k in (2..columns).rev() {
        let used = rows.iter().filter(|row| row.expected[k] > 0.0).count() as f64;
        if used / scores < 0.05 {
            rows.iter_mut().for_each(|row| row.join(k, k - 1));
        }
    }
}

/// A score with a cell that is still too small joins the neighbouring score of fewer people.
fn join_scores(rows: &mut Vec<Row>) {
    let small = |row: &Row| row.expected.iter().any(|&cell| cell > 0.0 && cell < LEAST);
    while rows.len() > 1 {
        let Some(place) = rows.iter().position(small) else { return };
        let row = rows.remove(place);
        // Where it stood, the next one stands now.
        let to = if place == 0 {
            0
        } else if place == rows.len() || rows[place - 1].people() <= rows[place].people() {
            place - 1
        } else {
            place
        };
        rows[to].add(&row);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn row(observed: &[f64], expected: &[f64]) -> Row {
        Row { observed: observed.to_vec(), expected: expected.to_vec() }
    }

    #[test]
    fn joins_the_smallest_cell_with_its_smaller_neighbour() {
        let joined = collapse(vec![row(&[4.0, 1.0, 5.0], &[3.0, 0.5, 6.5]), row(&[3.0, 4.0, 3.0], &[3.0, 4.0, 3.0])]);
        assert_eq!(joined[0], row(&[5.0, 5.0, 0.0], &[3.5, 6.5, 0.0]));
    }

    #[test]
    fn joins_scores_when_two_categories_are_left() {
        let joined =
            collapse(vec![row(&[2.0, 1.0], &[2.5, 0.5]), row(&[5.0, 5.0], &[5.0, 5.0]), row(&[0.0, 0.0], &[1.0, 1.0])]);
        assert_eq!(joined, [row(&[7.0, 6.0], &[7.5, 5.5])]);
    }

    proptest! {
        #[test]
        fn keeps_people_and_leaves_no_small_cell(cells in prop::collection::vec((0..9_u8, 0.01..6.0_f64), 12..36)) {
            let rows: Vec<Row> = cells.as_chunks::<3>().0.iter().map(|cells| Row {
                observed: cells.iter().map(|cell| f64::from(cell.0)).collect(),
                expected: cells.iter().map(|cell| cell.1).collect(),
            }).collect();
            let people: f64 = rows.iter().map(Row::people).sum();
            let joined = collapse(rows);
            prop_assert!((joined.iter().map(Row::people).sum::<f64>() - people).abs() < 1e-9);
            if joined.len() > 1 {
                for row in &joined {
                    prop_assert!(row.expected.iter().all(|&cell| cell == 0.0 || cell >= LEAST), "{joined:?}");
                }
            }
        }
    }
}
