//! Answers by factor: what is the same for many people is worked out once.
//!
//! Given the general level, the answers to one factor's items depend on nothing outside that factor. So the sum over its own
//! level is needed once for each different pattern of answers to its items, not once for each person; and patterns in
//! sorted order share the products of their common beginnings.

use crate::responses::Responses;

/// A person without an answer in a block.
pub(super) const NO_PATTERN: u32 = u32::MAX;

/// The items of one factor, or those without a factor.
pub(super) struct Block {
    /// Items in ascending order.
    pub items: Vec<usize>,
    /// Which factor; nothing for items that load on the general level only.
    pub factor: Option<usize>,
    /// Where each item's categories begin in the block's tables.
    pub offsets: Vec<usize>,
    /// Categories of all items together.
    pub categories: usize,
    /// For each person which pattern.
    pub pattern_of: Vec<u32>,
    /// Answers of all patterns, as category numbers of the block's tables.
    codes: Vec<u32>,
    starts: Vec<usize>,
}

impl Block {
    /// Number of patterns.
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// Answers of one pattern, in the order of items.
    pub fn pattern(&self, index: usize) -> &[u32] {
        &self.codes[self.starts[index]..self.starts[index + 1]]
    }

    fn new(responses: &Responses, items: Vec<usize>, factor: Option<usize>) -> Self {
        let mut offsets = Vec::with_capacity(items.len());
        let mut categories = 0;
        // Where an item's categories begin, by item.
        let mut begins = vec![u32::MAX; responses.items().len()];
        for &item in &items {
            offsets.push(categories);
            begins[item] = categories as u32;
            categories += responses.items()[item].labels.len();
        }
        let mut block =
            Self { items, factor, offsets, categories, pattern_of: Vec::new(), codes: Vec::new(), starts: vec![0] };
        let of_person: Vec<Vec<u32>> = responses
            .iter()
            .map(|person| {
                let own = person.answers.iter().filter(|answer| begins[answer.item as usize] != u32::MAX);
                own.map(|answer| begins[answer.item as usize] + u32::from(answer.category)).collect()
            })
            .collect();
        block.gather(&of_person);
        block
    }

    fn gather(&mut self, of_person: &[Vec<u32>]) {
        let mut order: Vec<usize> = (0..of_person.len()).filter(|&person| !of_person[person].is_empty()).collect();
        order.sort_by(|&a, &b| of_person[a].cmp(&of_person[b]));
        self.pattern_of = vec![NO_PATTERN; of_person.len()];
        for (rank, &person) in order.iter().enumerate() {
            if rank == 0 || of_person[order[rank - 1]] != of_person[person] {
                self.codes.extend_from_slice(&of_person[person]);
                self.starts.push(self.codes.len());
            }
            self.pattern_of[person] = (self.starts.len() - 2) as u32;
        }
    }
}

/// Blocks of all factors, and one of the items without, if there are any. `factors` holds each item's factor.
pub(super) fn blocks(responses: &Responses, factors: &[Option<usize>]) -> Vec<Block> {
    let count = factors.iter().flatten().max().map_or(0, |last| last + 1);
    let of =
        |wanted: Option<usize>| (0..factors.len()).filter(move |&item| factors[item] == wanted).collect::<Vec<_>>();
    std::iter::once(None)
        .chain((0..count).map(Some))
        .map(|factor| (of(factor), factor))
        .filter(|(items, _)| !items.is_empty())
        .map(|(items, factor)| Block::new(responses, items, factor))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::responses::Answer;

    #[test]
    fn equal_answers_within_a_factor_are_one_pattern() {
        let mut responses = Responses::numbered(&[2, 3, 2]).unwrap();
        let answer = |item, category| Answer { item, category };
        responses.push(&[answer(0, 1), answer(1, 2), answer(2, 0)], 1.0, 0).unwrap();
        responses.push(&[answer(0, 0), answer(1, 2), answer(2, 1)], 1.0, 0).unwrap();
        responses.push(&[answer(1, 2)], 1.0, 0).unwrap();
        responses.push(&[answer(2, 1)], 1.0, 0).unwrap();
        let blocks = blocks(&responses, &[Some(1), Some(0), Some(1)]);
        assert_eq!((blocks.len(), blocks[0].factor, &blocks[1].items[..]), (2, Some(0), &[0, 2][..]));
        assert_eq!((blocks[0].len(), blocks[1].len()), (1, 3));
        assert_eq!(blocks[0].pattern_of, [0, 0, 0, NO_PATTERN]);
        assert_eq!(blocks[0].pattern(0), [2]);
        assert_eq!(blocks[1].pattern(blocks[1].pattern_of[1] as usize), [0, 3]);
    }
}
