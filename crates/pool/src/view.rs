//! Candidates of whom somebody sees more than one pool does, or nothing.

/// A candidate's place in a block, with the block's number before it.
pub(crate) type Slot = u32;

/// Candidates who are looked at one by one. All lists rise, but the sieves.
#[derive(Debug, Default)]
pub(crate) struct Apart {
    /// By number.
    pub people: Vec<u32>,
    /// For each of them a sieve of all that they have anywhere. Whoever falls through need not be looked at; whoever does not is looked
    /// at through what the company sees.
    pub sieves: Vec<u128>,
    /// Where they stand in blocks, to be left out there.
    pub places: Vec<Slot>,
}

impl Apart {
    /// Puts a candidate in, with this sieve and these places more.
    pub fn put(&mut self, person: u32, sieve: u128, places: impl Iterator<Item = Slot>) {
        match self.people.binary_search(&person) {
            Ok(at) => self.sieves[at] = sieve,
            Err(at) => {
                insert(&mut self.people, at, person);
                insert(&mut self.sieves, at, sieve);
            }
        }
        places.for_each(|place| put(&mut self.places, place));
    }

    /// Takes a candidate out, and these places.
    pub fn take(&mut self, person: u32, places: impl Iterator<Item = Slot>) {
        if let Ok(at) = self.people.binary_search(&person) {
            self.people.remove(at);
            self.sieves.remove(at);
        }
        places.for_each(|place| take(&mut self.places, place));
    }
}

/// What is open to one company by name, and who is hidden from it. Most companies have few of either, for which a list is smaller than
/// a set.
#[derive(Debug, Default)]
pub(crate) struct Named {
    pub apart: Apart,
    /// By number, rising.
    hidden: Vec<u32>,
    /// Where they stand in blocks, rising.
    pub hidden_places: Vec<Slot>,
}

impl Named {
    /// Hides a candidate, and these places.
    pub fn hide(&mut self, person: u32, places: impl Iterator<Item = Slot>) {
        put(&mut self.hidden, person);
        places.for_each(|place| put(&mut self.hidden_places, place));
    }

    /// Does so no more.
    pub fn show(&mut self, person: u32, places: impl Iterator<Item = Slot>) {
        take(&mut self.hidden, person);
        places.for_each(|place| take(&mut self.hidden_places, place));
    }

    pub fn hides(&self, person: u32) -> bool {
        self.hidden.binary_search(&person).is_ok()
    }
}

fn put(list: &mut Vec<u32>, one: u32) {
    if let Err(at) = list.binary_search(&one) {
        insert(list, at, one);
    }
}

fn take(list: &mut Vec<u32>, one: u32) {
    if let Ok(at) = list.binary_search(&one) {
        list.remove(at);
    }
}

/// With little room to spare: there are many such lists.
fn insert<T>(list: &mut Vec<T>, at: usize, one: T) {
    if list.len() == list.capacity() {
        list.reserve_exact((list.len() / 4).max(4));
    }
    list.insert(at, one);
}
