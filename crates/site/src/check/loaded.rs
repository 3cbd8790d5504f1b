//! A release of a bank, ready to be asked from: what is stored, and the tables that are made of it.

use super::{BankError, BankParts, Condition};
use jobfuture_codes::Code;
use jobfuture_content::Level;
use psychometrics::Random;
use psychometrics::adaptive::{Next, Release};
use psychometrics::score::{Bands, CategoryTable, Cut, Posterior};
use std::collections::HashMap;
use std::sync::OnceLock;
use uuid::Uuid;

/// People who are simulated to say how long a check takes.
const SIMULATED: u64 = 500;

/// Which release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ReleaseId(pub(super) Uuid);

/// A release with its tables, one set for each condition.
#[derive(Debug)]
pub struct Loaded {
    /// Its row.
    pub id: ReleaseId,
    /// What is stored.
    pub parts: BankParts,
    by_condition: Vec<(Condition, Tables)>,
    numbers: HashMap<String, usize>,
    bands: Bands,
    typical: OnceLock<u32>,
}

#[derive(Debug)]
struct Tables {
    release: Release,
    settling: Release,
    items: Vec<CategoryTable>,
}

impl Loaded {
    /// Builds a release from its stored text.
    ///
    /// # Errors
    /// Parts that make no release.
    pub fn new(id: Uuid, parts: BankParts) -> Result<Self, BankError> {
        let tables = |condition| -> Result<(Condition, Tables), BankError> {
            let release = parts.release(condition)?;
            let items = release.items().iter().map(|item| item.model.table()).collect();
            Ok((condition, Tables { release, settling: parts.settling(condition)?, items }))
        };
        let by_condition = Condition::ALL.iter().copied().map(tables).collect::<Result<_, _>>()?;
        let fault = |why: String| BankError::Release { check: parts.check.clone(), why };
        let cuts: Result<Vec<Cut>, _> = parts.cuts.iter().map(|(_, cut)| Cut::new(cut.at, cut.se)).collect();
        let names = std::iter::once("below").chain(parts.cuts.iter().map(|(level, _)| level_word(*level)));
        let bands = Bands::new(names.map(str::to_owned).collect(), cuts.map_err(|why| fault(why.to_string()))?);
        let bands = bands.map_err(|why| fault(why.to_string()))?;
        Ok(Self { id: ReleaseId(id), by_condition, numbers: parts.numbers(), bands, typical: OnceLock::new(), parts })
    }

    /// What checks under a condition are chosen and scored by.
    pub fn release(&self, condition: Condition) -> &Release {
        &self.tables(condition).release
    }

    /// Quick questions alone, as many as it takes.
    pub fn settling(&self, condition: Condition) -> &Release {
        &self.tables(condition).settling
    }

    /// Probabilities of an item's categories.
    pub fn table(&self, condition: Condition, number: usize) -> Option<&CategoryTable> {
        self.tables(condition).items.get(number)
    }

    /// The number of an item in the release.
    pub fn number(&self, item: &str) -> Option<usize> {
        self.numbers.get(item).copied()
    }

    /// Levels and the borders between them: the first band lies below the first level.
    pub fn bands(&self) -> &Bands {
        &self.bands
    }

    /// The levels that begin at the cuts, rising.
    pub fn levels(&self) -> impl Iterator<Item = Level> + '_ {
        self.parts.cuts.iter().map(|(level, _)| *level)
    }

    /// Minutes that half of simulated people stay under, at the usual pace: people drawn from the population, who answer as
    /// the items are believed to answer and take the time that their authors give.
    pub fn typical_minutes(&self) -> u32 {
        *self.typical.get_or_init(|| {
            let mut minutes: Vec<f64> = (0..SIMULATED).filter_map(|person| self.simulated_minutes(person)).collect();
            minutes.sort_by(f64::total_cmp);
            minutes.get(minutes.len() / 2).map_or(self.parts.minutes, |middle| middle.ceil() as u32)
        })
    }

    fn simulated_minutes(&self, person: u64) -> Option<f64> {
        let release = self.release(Condition::Unaided);
        let mut random = Random::of(1, person);
        let prior = Posterior::normal(0.0, 1.0).ok()?;
        let node = random.weighted(prior.weights());
        let mut state = release.begin(&prior, person, &[]).ok()?;
        let mut minutes = 0.0;
        while let Next::Ask(item) = release.next(&state) {
            let table = self.table(Condition::Unaided, item)?;
            let chances: Vec<f64> = table.rows().iter().map(|row| row[node]).collect();
            let taken = self.parts.items.get(item)?.minutes;
            minutes += taken;
            release.answer(&mut state, item, random.weighted(&chances) as u8, (60.0 * taken) as u32).ok()?;
        }
        Some(minutes)
    }

    fn tables(&self, condition: Condition) -> &Tables {
        // There is one for every condition: they are made together, in `new`.
        let found = self.by_condition.iter().find(|(one, _)| *one == condition);
        &found.unwrap_or(&self.by_condition[0]).1
    }
}

fn level_word(level: Level) -> &'static str {
    match level {
        Level::Junior => "junior",
        Level::Middle => "middle",
        Level::Senior => "senior",
    }
}
