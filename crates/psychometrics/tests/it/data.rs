//! Public sets of answers, and answers drawn from known items.

use psychometrics::{Answer, Item, ItemColumn, Random, Responses};

/// The Law School Admission Test, section 6 (1,000 people, 5 questions; Bock and Lieberman 1970).
pub fn lsat6() -> Responses {
    patterns(include_str!("../data/lsat6_patterns.csv"))
}

/// The Law School Admission Test, section 7 (1,000 people, 5 questions; Bock and Lieberman 1970).
pub fn lsat7() -> Responses {
    patterns(include_str!("../data/lsat7_patterns.csv"))
}

/// Attitudes to science and technology, Eurobarometer 1992 (392 people, 4 questions of 4 categories).
pub fn science() -> Responses {
    let text = include_str!("../data/science.csv");
    let names = text.lines().next().unwrap().split(',');
    let labels: Vec<String> = (1..=4).map(|label| label.to_string()).collect();
    let columns = names.map(|name| ItemColumn { name: name.to_owned(), labels: labels.clone() });
    let mut responses = Responses::new(columns.collect(), Vec::new()).unwrap();
    for line in text.lines().skip(1) {
        let categories: Vec<u8> = line.split(',').map(|field| field.parse::<u8>().unwrap() - 1).collect();
        responses.push(&answers(&categories), 1.0, 0).unwrap();
    }
    responses
}

/// Patterns of noughts and ones, the last column telling how many people gave each.
fn patterns(text: &str) -> Responses {
    let items = text.lines().next().unwrap().split(',').count() - 1;
    let mut responses = Responses::numbered(&vec![2; items]).unwrap();
    for line in text.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let categories: Vec<u8> = fields[..items].iter().map(|field| field.parse().unwrap()).collect();
        responses.push(&answers(&categories), fields[items].parse().unwrap(), 0).unwrap();
    }
    responses
}

/// Answers to all items.
pub fn answers(categories: &[u8]) -> Vec<Answer> {
    categories.iter().enumerate().map(|(item, &category)| Answer { item: item as u32, category }).collect()
}

/// A group of simulated people.
pub struct Group {
    pub people: usize,
    pub mean: f64,
    pub sd: f64,
}

/// People of these groups who answer each item with the chance `answered`.
pub fn simulate(items: &[Item], groups: &[Group], answered: f64, seed: u64) -> Responses {
    let column = |(index, item): (usize, &Item)| ItemColumn {
        name: format!("i{}", index + 1),
        labels: (0..item.categories()).map(|category| category.to_string()).collect(),
    };
    let names = (0..groups.len()).map(|group| format!("g{}", group + 1));
    let mut responses = Responses::new(items.iter().enumerate().map(column).collect(), names.collect()).unwrap();
    let mut random = Random::new(seed);
    for (number, group) in groups.iter().enumerate() {
        for _ in 0..group.people {
            let theta = group.mean + group.sd * random.normal();
            let mut given = Vec::new();
            for (index, item) in items.iter().enumerate() {
                if random.uniform() < answered {
                    let mut chances = vec![0.0; item.categories()];
                    item.probabilities(theta, &mut chances);
                    given.push(Answer { item: index as u32, category: random.weighted(&chances) as u8 });
                }
            }
            responses.push(&given, 1.0, number).unwrap();
        }
    }
    responses
}

/// One group, N(0, 1).
pub fn people(count: usize) -> Vec<Group> {
    vec![Group { people: count, mean: 0.0, sd: 1.0 }]
}
