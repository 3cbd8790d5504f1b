//! Who matches.

use crate::asked::Asked;
use crate::bits;
use crate::block::{BLOCK, Block};
use crate::counts::{Counted, Counts};
use crate::order::Coarse;
use crate::read::Eyes;
use crate::row::Row;
use crate::view::{Apart, Slot};

/// So many are looked at together: what is written of them is fetched before the first is read.
const TOGETHER: usize = 32;

/// Everybody who matches, and how many have each value.
pub(crate) struct Matches<'p> {
    /// With the coarse part of their order.
    pub found: Vec<(u32, Coarse)>,
    pub counts: Counts<'p>,
}

impl<'p> Matches<'p> {
    /// Finds them. `end` is one more than the greatest number of a value.
    pub fn find(eyes: &Eyes<'p>, asked: &Asked, end: usize) -> Self {
        let mut nice = vec![0; end];
        asked.nice.iter().for_each(|atom| nice[usize::from(*atom)] = 1);
        let mut tally = Tally { asked, nice, matches: Self { found: Vec::new(), counts: Counts::new(end) } };
        let apart = eyes.apart();
        let (mut found, mut room) = (Vec::new(), Vec::new());
        for (number, block) in eyes.blocks() {
            if !block.meeting(&asked.groups, &mut found, &mut room) {
                continue;
            }
            apart.iter().for_each(|apart| leave_out(&mut found, &apart.places, number));
            if let Some(named) = eyes.named() {
                leave_out(&mut found, &named.hidden_places, number);
            }
            block.leave_out_ended(&mut found, eyes.now);
            tally.take_block(block, &mut found, eyes);
        }
        tally.take_apart(&apart, eyes);
        tally.matches
    }
}

/// Collects those who match.
struct Tally<'p, 'q> {
    asked: &'q Asked,
    /// By value: 1 for what would be nice.
    nice: Vec<u8>,
    matches: Matches<'p>,
}

impl<'p> Tally<'p, '_> {
    fn take(&mut self, person: u32, row: &Row<'_>) {
        let mut met = 0;
        for atom in row.atoms.iter() {
            met += self.nice[usize::from(*atom)];
        }
        self.matches.counts.add(&row.atoms);
        self.matches.found.push((person, Coarse::new(met, row.fresh, self.asked.today)));
    }

    /// Takes those of a block who meet what is not in groups.
    fn take_block(&mut self, block: &'p Block, found: &mut [u64], eyes: &Eyes<'_>) {
        let asked = self.asked;
        if let Some(zones) = asked.zones {
            block.leave_out_far(found, zones);
        }
        let unsure = asked.pay().map(|most| block.leave_out_dear(found, most)).unwrap_or_default();
        if !Counted::is_quicker(block, bits::count(found)) {
            together(block, &bits::places(found), eyes, |at, row| {
                if asked.fits(row) {
                    self.take(block.person(at), row);
                }
            });
            return;
        }
        let unsure = if asked.asks_for_a_day() { bits::places(found) } else { unsure };
        together(block, &unsure, eyes, |at, row| {
            if !asked.fits(row) {
                bits::remove(found, at);
            }
        });
        self.take_many(block, found);
    }

    /// Takes those of a block, of whom there are so many, without a look at each.
    fn take_many(&mut self, block: &'p Block, found: &[u64]) {
        let mut met = vec![0; found.len() * 64];
        for posting in self.asked.nice.iter().filter_map(|atom| block.posting(*atom)) {
            posting.count_each(found, &mut met);
        }
        let today = self.asked.today;
        let all = bits::count(found);
        self.matches.found.reserve(all);
        bits::each(found, |at| {
            let coarse = Coarse::new(met[usize::from(at)], block.fresh(at), today);
            self.matches.found.push((block.person(at), coarse));
        });
        self.matches.counts.add_block(block, found, all);
    }

    /// Takes those who are looked at one by one.
    fn take_apart(&mut self, apart: &[&Apart], eyes: &Eyes<'_>) {
        let holes = self.asked.holes(eyes.vocabulary());
        let mut people: Vec<u32> = Vec::new();
        for apart in apart {
            let through = apart.people.iter().zip(&apart.sieves).filter(|(_, sieve)| Asked::passes(&holes, **sieve));
            people.extend(through.map(|(person, _)| *person));
        }
        if apart.len() > 1 {
            people.sort_unstable();
            people.dedup();
        }
        if let Some(named) = eyes.named() {
            people.retain(|person| !named.hides(*person));
        }
        for some in people.chunks(TOGETHER) {
            eyes.fetch(some);
            for person in some {
                if let Some(row) = eyes.sees(*person).filter(|row| self.asked.meets(row)) {
                    self.take(*person, &row);
                }
            }
        }
    }
}

/// Reads what some of a block have granted.
fn together(block: &Block, places: &[u16], eyes: &Eyes<'_>, mut each: impl FnMut(u16, &Row<'_>)) {
    let records = eyes.records();
    let mut touched = 0_u16;
    for some in places.chunks(TOGETHER) {
        // What is written comes from afar, and of several at once.
        touched = some.iter().fold(touched, |touched, at| touched ^ records.touch(block.record(*at)));
        for at in some {
            if let Some(record) = records.get(block.record(*at)) {
                each(*at, &record.row());
            }
        }
    }
    std::hint::black_box(touched);
}

/// Leaves out those of a block who are in a list that rises.
fn leave_out(found: &mut [u64], places: &[Slot], block: u32) {
    let first = block * BLOCK as u32;
    let from = places.partition_point(|place| *place < first);
    for place in places[from..].iter().take_while(|place| **place - first < BLOCK as u32) {
        bits::remove(found, (*place - first) as u16);
    }
}
