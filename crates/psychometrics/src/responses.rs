//! Answers of people to items: sparse, weighted, in groups.

/// Answers, one row a person (or a pattern of answers with the number of people who gave it).
///
/// Categories are 0, 1, … of their item; `labels` remembers what they were called. What a person did not answer takes no
/// room. Everything is checked when it is put together, so that calibration meets no surprise.
#[derive(Clone, Debug, PartialEq)]
pub struct Responses {
    items: Vec<ItemColumn>,
    groups: Vec<String>,
    /// For each person, where their answers begin in `answers`; one entry more than people.
    starts: Vec<usize>,
    answers: Vec<Answer>,
    weights: Vec<f64>,
    group_of: Vec<u16>,
}

/// A column: an item and its categories.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemColumn {
    /// Name, as in the header.
    pub name: String,
    /// What the categories are called, the lowest first.
    pub labels: Vec<String>,
}

/// One person's answer to one item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Answer {
    /// Index of the item.
    pub item: u32,
    /// Category, counted from 0.
    pub category: u8,
}

/// One person, or one pattern.
#[derive(Clone, Copy, Debug)]
pub struct Person<'a> {
    /// Answers in ascending order of items.
    pub answers: &'a [Answer],
    /// How many people gave this pattern; 1 for a person.
    pub weight: f64,
    /// Index of the group.
    pub group: usize,
}

/// Answers that cannot be taken.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ResponsesError {
    /// Too many items.
    #[error("{0} items are more than the {MAX_ITEMS} that are taken")]
    TooManyItems(usize),
    /// Too many categories.
    #[error("item {item} has {categories} categories; at most {MAX_CATEGORIES} are taken")]
    TooManyCategories {
        /// Name.
        item: String,
        /// How many.
        categories: usize,
    },
    /// Two items of one name.
    #[error("two items are called {0}")]
    SameName(String),
    /// An answer to an item that is not there.
    #[error("person {person} (counted from 1) answers item number {item} (from 0), and there are {items}")]
    UnknownItem {
        /// Counted from 1.
        person: usize,
        /// Counted from 0.
        item: u32,
        /// How many there are.
        items: usize,
    },
    /// An answer of a category that the item has not.
    #[error("person {person} (counted from 1) has category {category} in item {item}, which has {categories}")]
    UnknownCategory {
        /// Counted from 1.
        person: usize,
        /// Name.
        item: String,
        /// Counted from 0.
        category: u8,
        /// How many there are.
        categories: usize,
    },
    /// Two answers to one item, or answers out of order.
    #[error(
        "person {person} (counted from 1): answers stand in the order of items, each at most once; {item} does not"
    )]
    Order {
        /// Counted from 1.
        person: usize,
        /// Name.
        item: String,
    },
    /// A weight that counts nobody.
    #[error("person {person} (counted from 1) has weight {weight}; a weight is positive and at most 10⁹")]
    Weight {
        /// Counted from 1.
        person: usize,
        /// As given.
        weight: f64,
    },
    /// A group that is not there.
    #[error("person {person} (counted from 1) is in group number {group} (from 0), and there are {groups}")]
    UnknownGroup {
        /// Counted from 1.
        person: usize,
        /// Counted from 0.
        group: usize,
        /// How many there are.
        groups: usize,
    },
}

/// Items that are taken at most.
pub const MAX_ITEMS: usize = 100_000;
/// Categories that an item has at most.
pub const MAX_CATEGORIES: usize = 64;
/// The largest weight.
pub const MAX_WEIGHT: f64 = 1e9;

impl Responses {
    /// No answers yet, to items of these columns, from people of these groups (at least one; one of any name when people
    /// are not grouped).
    ///
    /// # Errors
    /// Too many items or categories, or two items of one name.
    pub fn new(items: Vec<ItemColumn>, groups: Vec<String>) -> Result<Self, ResponsesError> {
        if items.len() > MAX_ITEMS {
            return Err(ResponsesError::TooManyItems(items.len()));
        }
        let mut names = std::collections::HashSet::new();
        for item in &items {
            if item.labels.len() > MAX_CATEGORIES {
                let categories = item.labels.len();
                return Err(ResponsesError::TooManyCategories { item: item.name.clone(), categories });
            }
            if !names.insert(item.name.as_str()) {
                return Err(ResponsesError::SameName(item.name.clone()));
            }
        }
        let groups = if groups.is_empty() { vec!["all".to_owned()] } else { groups };
        Ok(Self { items, groups, starts: vec![0], answers: Vec::new(), weights: Vec::new(), group_of: Vec::new() })
    }

    /// Items `i1`, `i2`, … with categories called by their numbers, and one group: for data that was made by a program.
    ///
    /// # Errors
    /// As [`Responses::new`].
    pub fn numbered(categories: &[usize]) -> Result<Self, ResponsesError> {
        let column = |(index, &count): (usize, &usize)| ItemColumn {
            name: format!("i{}", index + 1),
            labels: (0..count).map(|category| category.to_string()).collect(),
        };
        Self::new(categories.iter().enumerate().map(column).collect(), Vec::new())
    }

    /// Adds a person, or a pattern that `weight` people gave.
    ///
    /// # Errors
    /// Answers out of order or outside what there is, a weight that is not positive, an unknown group.
    pub fn push(&mut self, answers: &[Answer], weight: f64, group: usize) -> Result<(), ResponsesError> {
        let person = self.weights.len() + 1;
        if !(weight > 0.0 && weight <= MAX_WEIGHT) {
            return Err(ResponsesError::Weight { person, weight });
        }
        if group >= self.groups.len() {
            return Err(ResponsesError::UnknownGroup { person, group, groups: self.groups.len() });
        }
        let mut before = None;
        for answer in answers {
            let Some(item) = self.items.get(answer.item as usize) else {
                return Err(ResponsesError::UnknownItem { person, item: answer.item, items: self.items.len() });
            };
            if usize::from(answer.category) >= item.labels.len() {
                let (item, categories) = (item.name.clone(), item.labels.len());
                return Err(ResponsesError::UnknownCategory { person, item, category: answer.category, categories });
            }
            if before.is_some_and(|before| before >= answer.item) {
                return Err(ResponsesError::Order { person, item: item.name.clone() });
            }
            before = Some(answer.item);
        }
        self.answers.extend_from_slice(answers);
        self.starts.push(self.answers.len());
        self.weights.push(weight);
        self.group_of.push(group as u16);
        Ok(())
    }

    /// Items in the order of their columns.
    #[must_use]
    pub fn items(&self) -> &[ItemColumn] {
        &self.items
    }

    /// Names of the groups, at least one.
    #[must_use]
    pub fn groups(&self) -> &[String] {
        &self.groups
    }

    /// Number of rows: people or patterns.
    #[must_use]
    pub fn len(&self) -> usize {
        self.weights.len()
    }

    /// Whether nobody is there.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.weights.is_empty()
    }

    /// Number of answers that were given, in all rows, not counting weights.
    #[must_use]
    pub fn answers(&self) -> usize {
        self.answers.len()
    }

    /// Number of people: the sum of weights.
    #[must_use]
    pub fn people(&self) -> f64 {
        self.weights.iter().sum()
    }

    /// One row.
    #[must_use]
    pub fn person(&self, index: usize) -> Person<'_> {
        Person {
            answers: &self.answers[self.starts[index]..self.starts[index + 1]],
            weight: self.weights[index],
            group: usize::from(self.group_of[index]),
        }
    }

    /// All rows.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Person<'_>> {
        (0..self.len()).map(|index| self.person(index))
    }

    /// For each item the weighted number of answers in each category.
    #[must_use]
    pub fn category_counts(&self) -> Vec<Vec<f64>> {
        let mut counts: Vec<Vec<f64>> = self.items.iter().map(|item| vec![0.0; item.labels.len()]).collect();
        for person in self.iter() {
            for answer in person.answers {
                counts[answer.item as usize][usize::from(answer.category)] += person.weight;
            }
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(item: u32, category: u8) -> Answer {
        Answer { item, category }
    }

    #[test]
    fn keeps_rows_and_counts_categories() {
        let mut responses = Responses::numbered(&[2, 3]).unwrap();
        responses.push(&[answer(0, 1), answer(1, 2)], 2.0, 0).unwrap();
        responses.push(&[answer(1, 0)], 1.0, 0).unwrap();
        responses.push(&[], 1.0, 0).unwrap();
        assert_eq!((responses.len(), responses.answers(), responses.people()), (3, 3, 4.0));
        assert_eq!(responses.category_counts(), [vec![0.0, 2.0], vec![1.0, 0.0, 2.0]]);
        assert_eq!(responses.person(1).answers, [answer(1, 0)]);
    }

    #[test]
    fn names_the_person_and_the_item_of_a_fault() {
        let mut responses = Responses::numbered(&[2, 3]).unwrap();
        let mut fault = |answers: &[Answer], weight: f64, group: usize| {
            responses.push(answers, weight, group).unwrap_err().to_string()
        };
        assert!(fault(&[answer(0, 2)], 1.0, 0).contains("person 1 (counted from 1) has category 2 in item i1"));
        assert!(fault(&[answer(2, 0)], 1.0, 0).contains("item number 2"));
        assert!(fault(&[answer(1, 0), answer(0, 0)], 1.0, 0).contains("i1 does not"));
        assert!(fault(&[], 0.0, 0).contains("weight 0"));
        assert!(fault(&[], f64::NAN, 0).contains("weight NaN"));
        assert!(fault(&[], 1.0, 1).contains("group number 1"));
        assert!(Responses::numbered(&[65]).is_err());
    }
}
