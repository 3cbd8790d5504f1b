//! A release of a bank: items, blueprint and rules, checked, with everything that choosing needs made beforehand.

use super::belief::{Row, WIDTH, cut_row};
use super::blueprint::{Blueprint, Kind, Spread, Stopping};
use super::check;
use super::clusters::{Blocks, Clusters};
use super::error::ReleaseError;
use super::lists::{Lists, Shelf, Stock, information_row};
use super::model::Model;
use crate::grid::NODES;
use crate::score::Cut;

/// One item of a bank.
#[derive(Clone, Debug, PartialEq)]
pub struct BankItem {
    /// Unique in the bank: an item and its version.
    pub id: String,
    /// How it answers, and what is uncertain of that.
    pub model: Model,
    /// Items that are variants of one another. Nobody sees two of a family, and exposure is counted by family.
    pub family: String,
    /// One of the blueprint's.
    pub topic: String,
    /// Question or task.
    pub kind: Kind,
    /// How long it is expected to take, above nought.
    pub minutes: f64,
    /// Whether it is still being calibrated: then it is chosen to be learned about, and scored softly.
    pub seeding: bool,
    /// Ids of items that may not stand in one check with it, for instance because one gives the other away. It is enough
    /// when one of the two says so.
    pub enemies: Vec<String>,
}

/// What a release is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct ReleaseParts {
    /// The bank.
    pub items: Vec<BankItem>,
    /// What a check covers.
    pub blueprint: Blueprint,
    /// When it may end.
    pub stopping: Stopping,
    /// How choices are spread.
    pub spread: Spread,
    /// Borders between bands, rising; one fewer than bands.
    pub cuts: Vec<Cut>,
}

/// A bank that can be asked from.
#[derive(Clone, Debug)]
pub struct Release {
    pub(crate) parts: ReleaseParts,
    pub(crate) families: Vec<String>,
    pub(crate) facts: Vec<Facts>,
    /// For each item and category, the probabilities at the nodes, one item after the other.
    pub(crate) rows: Vec<Row>,
    pub(crate) information: Vec<[f32; NODES]>,
    pub(crate) lists: Lists,
    pub(crate) blocks: Blocks,
    pub(crate) clusters: Clusters,
    pub(crate) cut_rows: Vec<Row>,
    /// By kind and topic.
    pub(crate) quotas: [Vec<super::Count>; 2],
    /// By kind, with the least number raised to the sum over topics.
    pub(crate) counts: [super::Count; 2],
    /// Whether there are items being calibrated, by kind.
    pub(crate) seeds: [bool; 2],
    /// For each family the chance of being eligible in a session, as a threshold for 64 random bits.
    thresholds: Vec<u64>,
    eligibility: Vec<f64>,
    fingerprint: u64,
}

/// What choosing needs to know of an item.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts {
    pub shelf: Shelf,
    pub family: u32,
    pub first_row: u32,
    pub categories: u8,
    pub seconds: f32,
}

impl Release {
    /// Checks everything and makes the tables. Nothing is learned yet about exposure: every family is eligible always.
    ///
    /// # Errors
    /// The first thing that is wrong, in words for the person who keeps the bank.
    pub fn new(parts: ReleaseParts) -> Result<Self, ReleaseError> {
        let bound = check::parts(&parts)?;
        let topics = parts.blueprint.topics.len();
        let mut facts = Vec::with_capacity(parts.items.len());
        let (mut rows, mut information) = (Vec::new(), Vec::with_capacity(parts.items.len()));
        for (place, item) in parts.items.iter().enumerate() {
            let table = item.model.table();
            let stock = if item.seeding { Stock::Seeding } else { Stock::InUse };
            facts.push(Facts {
                shelf: Shelf { kind: item.kind, stock, topic: bound.topics[place] },
                family: bound.family_of[place],
                first_row: rows.len() as u32,
                categories: table.categories() as u8,
                seconds: (item.minutes * 60.0) as f32,
            });
            information.push(information_row(table.rows()));
            rows.extend(table.rows().iter().map(wide));
        }
        let shelves: Vec<Shelf> = facts.iter().map(|fact| fact.shelf).collect();
        let clusters = Clusters::new(&bound.family_of, bound.families.len(), &bound.enemies);
        let counts = check::supply(&parts.blueprint, &clusters, &shelves)?;
        let seeds = Kind::ALL.map(|kind| shelves.iter().any(|s| s.kind == kind && s.stock == Stock::Seeding));
        let mut release = Self {
            lists: Lists::new(&information, &shelves, topics),
            blocks: Blocks::new(&bound.family_of, bound.families.len(), &bound.enemies),
            clusters,
            cut_rows: parts.cuts.iter().map(|cut| cut_row(cut.value(), cut.se())).collect(),
            quotas: Kind::ALL.map(|kind| parts.blueprint.topics.iter().map(|quota| quota.of(kind)).collect()),
            counts,
            seeds,
            thresholds: vec![u64::MAX; bound.families.len()],
            eligibility: vec![1.0; bound.families.len()],
            families: bound.families,
            fingerprint: 0,
            parts,
            facts,
            rows,
            information,
        };
        release.fingerprint = release.make_fingerprint();
        Ok(release)
    }

    /// The same release with learned chances of being eligible, one for each family in the order of
    /// [`Release::families`].
    ///
    /// # Errors
    /// Another number of them, or one outside \[0, 1\].
    pub fn with_eligibility(self, eligibility: Vec<f64>) -> Result<Self, ReleaseError> {
        let wrong = |value| ReleaseError::Number {
            what: "the chance of a family to be eligible",
            value,
            wanted: "a number from 0 to 1, one for each family",
        };
        if eligibility.len() != self.families.len() {
            return Err(wrong(f64::NAN));
        }
        if let Some(&value) = eligibility.iter().find(|chance| !(0.0..=1.0).contains(*chance)) {
            return Err(wrong(value));
        }
        Ok(self.with_learned(eligibility))
    }

    /// [`Release::with_eligibility`] for chances that are known to be right.
    pub(crate) fn with_learned(mut self, eligibility: Vec<f64>) -> Self {
        // Of 2⁶⁴ random numbers this share lies below; the cast stops at the largest.
        self.thresholds = eligibility.iter().map(|chance| (chance * 18_446_744_073_709_551_616.0) as u64).collect();
        self.eligibility = eligibility;
        self.fingerprint = self.make_fingerprint();
        self
    }

    /// What it was made of.
    #[must_use]
    pub fn parts(&self) -> &ReleaseParts {
        &self.parts
    }

    /// The items, in the order in which they are numbered.
    #[must_use]
    pub fn items(&self) -> &[BankItem] {
        &self.parts.items
    }

    /// Names of the families, in the order of their first items.
    #[must_use]
    pub fn families(&self) -> &[String] {
        &self.families
    }

    /// The index of the family of an item, if there is such an item.
    #[must_use]
    pub fn family_of(&self, item: usize) -> Option<usize> {
        self.facts.get(item).map(|facts| facts.family as usize)
    }

    /// The chance of each family to be eligible in a session.
    #[must_use]
    pub fn eligibility(&self) -> &[f64] {
        &self.eligibility
    }

    /// A number that differs when anything differs that could change a score or a choice.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        self.fingerprint
    }

    /// Information of the items of a kind at the nodes, summed: what the whole bank could tell.
    #[must_use]
    pub fn bank_information(&self, kind: Kind) -> [f64; NODES] {
        let mut sums = [0.0; NODES];
        for (facts, row) in self.facts.iter().zip(&self.information) {
            if facts.shelf.kind == kind {
                sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += f64::from(*value));
            }
        }
        sums
    }

    /// Whether a family is eligible in the session of this seed.
    #[inline]
    pub(crate) fn is_eligible(&self, seed: u64, family: u32) -> bool {
        let threshold = self.thresholds[family as usize];
        threshold == u64::MAX
            || super::hash::bits(seed, super::hash::Purpose::Eligible, 0, u64::from(family)) < threshold
    }

    /// The likelihood of a category of an item.
    #[inline]
    pub(crate) fn row(&self, item: usize, category: u8) -> &Row {
        &self.rows[self.facts[item].first_row as usize + usize::from(category)]
    }

    fn make_fingerprint(&self) -> u64 {
        let mut print = Fingerprint(0xcbf2_9ce4_8422_2325);
        for (item, facts) in self.parts.items.iter().zip(&self.facts) {
            print.text(&item.id);
            print.number(u64::from(facts.family));
            print.number((facts.shelf.topic * 4 + facts.shelf.kind.index() * 2 + facts.shelf.stock as usize) as u64);
            print.number(item.minutes.to_bits());
        }
        for item in 0..self.facts.len() {
            self.blocks.of(item).iter().for_each(|&other| print.number(u64::from(other)));
        }
        self.rows.iter().chain(&self.cut_rows).flatten().for_each(|value| print.number(value.to_bits()));
        self.thresholds.iter().for_each(|threshold| print.number(*threshold));
        // The printed form of a number is its shortest exact one, so equal text means equal rules.
        print.text(&format!("{:?} {:?} {:?}", self.parts.blueprint, self.parts.stopping, self.parts.spread));
        print.0
    }
}

fn wide(row: &[f64; NODES]) -> Row {
    let mut wide = [0.0; WIDTH];
    wide[..NODES].copy_from_slice(row);
    wide
}

/// FNV-1a over whole numbers; against mistakes, not against malice.
struct Fingerprint(u64);

impl Fingerprint {
    fn number(&mut self, number: u64) {
        self.0 = (self.0 ^ number).wrapping_mul(0x0000_0100_0000_01b3);
        self.0 ^= self.0 >> 32;
    }

    fn text(&mut self, text: &str) {
        text.bytes().for_each(|byte| self.number(u64::from(byte)));
        self.number(text.len() as u64);
    }
}
