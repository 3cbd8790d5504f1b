//! Who matches.

use crate::asked::Asked;
use crate::bits;
use crate::block::{BLOCK, Block, Place};
use crate::counts::{Counted, Counts};
use crate::lent::Lent;
use crate::order::Coarse;
use crate::read::Eyes;
use crate::record::Record;
use crate::view::{Apart, Slot};
use crate::vocabulary::Atom;

/// So many are looked at together: what is written of them is fetched before the first is read.
const TOGETHER: usize = 32;

/// Everybody who matches, and how many have each value.
pub(crate) struct Matches<'p> {
    /// With the coarse part of their order.
    pub found: Lent<(u32, Coarse)>,
    pub counts: Counts<'p>,
}

impl<'p> Matches<'p> {
    /// Finds them. `end` is one more than the greatest number of a value.
    pub fn find(eyes: &Eyes<'p>, asked: &Asked, end: usize) -> Self {
        let mut nice = Lent::of(0, end);
        asked.nice.iter().for_each(|atom| nice[usize::from(*atom)] = 1);
        let mut tally = Tally { asked, nice, matches: Self { found: Lent::new(), counts: Counts::new(end) } };
        let apart = eyes.apart();
        let (mut found, mut room) = (Lent::new(), Lent::new());
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
    nice: Lent<u8>,
    matches: Matches<'p>,
}

impl<'p> Tally<'p, '_> {
    fn take(&mut self, person: u32, atoms: &[Atom], fresh: u16) {
        let met = atoms.iter().map(|atom| self.nice[usize::from(*atom)]).sum();
        self.matches.counts.add(atoms);
        self.matches.found.push((person, Coarse::new(met, fresh, self.asked.today)));
    }

    /// Takes those of a block who meet what is not in groups.
    fn take_block(&mut self, block: &'p Block, found: &mut [u64], eyes: &Eyes<'_>) {
        let asked = self.asked;
        if !asked.asks_of_each() && Counted::is_quicker(block, bits::count(found)) {
            self.take_many(block, found);
            return;
        }
        let mut places = Lent::new();
        bits::list(found, &mut places);
        if let Some(zones) = asked.zones {
            block.leave_out_far(&mut places, zones);
        }
        if let Some(most) = asked.pay() {
            block.leave_out_dear(&mut places, most);
        }
        let is_unsure = |at: &u16| asked.asks_for_a_day() || asked.pay().is_some_and(|most| block.is_unsure(*at, most));
        if !Counted::is_quicker(block, places.len()) {
            together(block, &places, eyes, |place, at, record| {
                if !is_unsure(&at) || asked.fits(&record.row()) {
                    self.take(place.person, record.atoms(), record.fresh());
                }
            });
            return;
        }
        bits::put(found, &places);
        places.retain(is_unsure);
        together(block, &places, eyes, |_, at, record| {
            if !asked.fits(&record.row()) {
                bits::remove(found, at);
            }
        });
        self.take_many(block, found);
    }

    /// Takes those of a block, of whom there are so many, without a look at each.
    fn take_many(&mut self, block: &'p Block, found: &[u64]) {
        let mut met = Lent::of(0, found.len() * 64);
        for posting in self.asked.nice.iter().filter_map(|atom| block.posting(*atom)) {
            posting.count_each(found, &mut met);
        }
        let today = self.asked.today;
        let mut places = Lent::new();
        bits::list(found, &mut places);
        self.matches.found.extend(places.iter().map(|at| {
            let coarse = Coarse::new(met[usize::from(*at)], block.fresh(*at), today);
            (block.place(*at).person, coarse)
        }));
        self.matches.counts.add_block(block, found, places.len());
    }

    /// Takes those who are looked at one by one.
    fn take_apart(&mut self, apart: &[&Apart], eyes: &Eyes<'_>) {
        let holes = self.asked.holes(eyes.vocabulary());
        let mut people: Lent<u32> = Lent::new();
        for apart in apart {
            let mut end = people.len();
            people.resize(end + apart.people.len(), 0);
            for (person, sieve) in apart.people.iter().zip(&apart.sieves) {
                people[end] = *person;
                end += usize::from(Asked::passes(&holes, *sieve));
            }
            people.truncate(end);
        }
        if apart.len() > 1 {
            people.sort_unstable();
            people.dedup();
        }
        if let Some(named) = eyes.named() {
            people.retain(|person| !named.hides(*person));
        }
        for some in people.chunks(TOGETHER) {
            eyes.fetch(some.iter().copied());
            for person in some {
                if let Some(row) = eyes.sees(*person).filter(|row| self.asked.meets(row)) {
                    self.take(*person, &row.atoms, row.fresh);
                }
            }
        }
    }
}

/// Reads what some of a block have granted.
fn together<'p>(block: &Block, places: &[u16], eyes: &Eyes<'p>, mut each: impl FnMut(Place, u16, Record<'p>)) {
    let records = eyes.records();
    // Nothing stands between one request for what is far away and the next.
    let mut written: Lent<Place> = Lent::new();
    written.extend(places.iter().map(|at| block.place(*at)));
    let mut touched = 0_u16;
    for (some, written) in places.chunks(TOGETHER).zip(written.chunks(TOGETHER)) {
        touched = written.iter().fold(touched, |touched, place| touched ^ records.touch(place.record));
        for (at, place) in some.iter().zip(written) {
            if let Some(record) = records.get(place.record) {
                each(*place, *at, record);
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
