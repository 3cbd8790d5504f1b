//! Items presorted by how much they tell, for each place where somebody may stand and for how surely they stand there.

use super::belief::Belief;
use super::blueprint::Kind;
use crate::grid::{NODES, normal_weights};

/// Standard deviations for which lists are made. A list's information is weighted with a normal posterior of this width:
/// for the first answers, when little is known, that is another order than the one at the mean.
const WIDTHS: [f64; 4] = [0.2, 0.4, 0.7, 1.0];
/// A posterior is taken to the nearest width by ratio: these are the geometric middles.
const BETWEEN: [f64; 3] = [0.283, 0.529, 0.837];
/// Lists are made for the nodes from −4 to 4; beyond, the outermost serve.
const FIRST_PLACE: usize = 10;
const PLACES: usize = 41;

/// Which of the bank's two stocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stock {
    /// Items in use.
    InUse,
    /// Items being calibrated.
    Seeding,
}

/// An item and what it tells there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate {
    pub item: u32,
    pub value: f32,
}

/// Where an item belongs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shelf {
    pub kind: Kind,
    pub stock: Stock,
    pub topic: usize,
}

/// All lists, one after the other.
#[derive(Clone, Debug)]
pub(crate) struct Lists {
    candidates: Vec<Candidate>,
    starts: Vec<u32>,
    topics: usize,
}

/// Where a posterior looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place(usize);

impl Place {
    #[inline]
    pub fn of(belief: &Belief) -> Self {
        let width = BETWEEN.iter().take_while(|between| belief.sd > **between).count();
        // Adding and taking away rounds; 30 is the middle node.
        let node = (belief.mean * 5.0 + 30.5) as usize;
        Self(width * PLACES + node.clamp(FIRST_PLACE, FIRST_PLACE + PLACES - 1) - FIRST_PLACE)
    }
}

impl Lists {
    /// From the information of each item at the nodes, and its shelf.
    pub fn new(information: &[[f32; NODES]], shelves: &[Shelf], topics: usize) -> Self {
        let shelf_count = 4 * topics;
        let mut on_shelf = vec![Vec::new(); shelf_count];
        for (item, shelf) in shelves.iter().enumerate() {
            on_shelf[shelf_index(shelf.kind, shelf.stock, topics) + shelf.topic].push(item as u32);
        }
        let mut lists = Self { candidates: Vec::new(), starts: Vec::new(), topics };
        for width in WIDTHS {
            for place in 0..PLACES {
                let weights = normal_weights(crate::grid::node(FIRST_PLACE + place), width).map(|w| w as f32);
                for items in &on_shelf {
                    lists.add(items, information, &weights);
                }
            }
        }
        lists.starts.push(lists.candidates.len() as u32);
        lists
    }

    fn add(&mut self, items: &[u32], information: &[[f32; NODES]], weights: &[f32; NODES]) {
        let start = self.candidates.len();
        self.starts.push(start as u32);
        let worth = |item: u32| information[item as usize].iter().zip(weights).map(|(i, w)| i * w).sum();
        self.candidates.extend(items.iter().map(|&item| Candidate { item, value: worth(item) }));
        self.candidates[start..].sort_by(|a, b| b.value.total_cmp(&a.value).then(a.item.cmp(&b.item)));
    }

    /// The items of a shelf, the most telling first.
    #[inline]
    pub fn at(&self, place: Place, kind: Kind, stock: Stock, topic: usize) -> &[Candidate] {
        let list = place.0 * 4 * self.topics + shelf_index(kind, stock, self.topics) + topic;
        &self.candidates[self.starts[list] as usize..self.starts[list + 1] as usize]
    }
}

#[inline]
fn shelf_index(kind: Kind, stock: Stock, topics: usize) -> usize {
    (kind.index() * 2 + stock as usize) * topics
}

/// Information at the nodes from the probabilities of the categories there: Σ (P′)² / P, with slopes taken over the
/// neighbouring nodes. To a few parts in a thousand, which is far more than an order needs.
pub(crate) fn information_row(rows: &[[f64; NODES]]) -> [f32; NODES] {
    let slope = |row: &[f64; NODES], q: usize| match q {
        0 => (row[1] - row[0]) * 5.0,
        1 => (row[2] - row[0]) * 2.5,
        _ if q == NODES - 2 => (row[q + 1] - row[q - 1]) * 2.5,
        _ if q == NODES - 1 => (row[q] - row[q - 1]) * 5.0,
        _ => (8.0 * (row[q + 1] - row[q - 1]) - (row[q + 2] - row[q - 2])) * (5.0 / 12.0),
    };
    std::array::from_fn(|q| {
        let part = |row: &[f64; NODES]| if row[q] > 1e-12 { slope(row, q) * slope(row, q) / row[q] } else { 0.0 };
        rows.iter().map(part).sum::<f64>() as f32
    })
}
