//! Random values for a task's `world.sql`, drawn from the run's seed: one draw after the other from one ChaCha8
//! stream, so that the same seed and the same SQL give the same world on every machine.
//!
//! They are for trusted SQL only. The guard refuses them by name to the candidate, and being `DIRECTONLY` they cannot
//! hide in a view or a column's default either.

use super::words::{ADJECTIVES, FAMILY, GIVEN, NOUNS, PLACES, WORDS};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::Value;
use rusqlite::{Connection, Error};
use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

/// Names of the functions, which the guard keeps from the candidate.
pub(super) const NAMES: &[&str] =
    &["random_int", "random_id", "random_name", "random_title", "random_word", "random_digits", "random_text"];

/// Longest text that is made, in digits or words.
const LONGEST: i64 = 10_000;

/// The stream of one run, at one place.
#[derive(Clone)]
pub(crate) struct Draw {
    rng: ChaCha8Rng,
    ids: HashSet<i64>,
    /// Ids that are taken whatever stream goes on from here.
    world_ids: HashSet<i64>,
}

impl Draw {
    pub fn new(seed: u64) -> Self {
        Self { rng: ChaCha8Rng::seed_from_u64(seed), ids: HashSet::new(), world_ids: HashSet::new() }
    }

    /// The ids that were drawn so far belong to the world: [`Draw::branch`] keeps them taken.
    pub fn settle(&mut self) {
        self.world_ids = self.ids.clone();
    }

    /// Another stream, in the same world.
    pub fn branch(&mut self, seed: u64) {
        self.rng = ChaCha8Rng::seed_from_u64(seed);
        self.ids = self.world_ids.clone();
    }

    fn pick(&mut self, list: &'static [&'static str]) -> &'static str {
        list[self.rng.random_range(0..list.len())]
    }

    /// 6 to 9 digits, each length as likely as another; never the same twice.
    fn id(&mut self) -> i64 {
        loop {
            let digits = self.rng.random_range(6..=9);
            let id = self.rng.random_range(10_i64.pow(digits - 1)..10_i64.pow(digits));
            if self.ids.insert(id) {
                return id;
            }
        }
    }

    fn name(&mut self) -> String {
        format!("{} {}", self.pick(GIVEN), self.pick(FAMILY))
    }

    fn title(&mut self) -> String {
        match self.rng.random_range(0..7) {
            0 => format!("The {} {}", self.pick(ADJECTIVES), self.pick(NOUNS)),
            1 => format!("The {} of {}", self.pick(NOUNS), self.pick(PLACES)),
            2 => format!("A {} in {}", self.pick(NOUNS), self.pick(PLACES)),
            3 => format!("{}'s {} {}", self.pick(GIVEN), self.pick(ADJECTIVES), self.pick(NOUNS)),
            4 => format!("{} and the {} {}", self.pick(GIVEN), self.pick(ADJECTIVES), self.pick(NOUNS)),
            5 => format!("The {}, the {} and the {}", self.pick(NOUNS), self.pick(NOUNS), self.pick(NOUNS)),
            _ => format!("{} {}: A {}", self.pick(ADJECTIVES), self.pick(NOUNS), self.pick(NOUNS)),
        }
    }

    fn digits(&mut self, count: i64) -> String {
        (0..count).map(|_| char::from(b'0' + self.rng.random_range(0..10_u8))).collect()
    }

    /// Sentences of 4 to 12 words.
    fn text(&mut self, words: i64) -> String {
        let mut text = String::new();
        let mut left = words;
        while left > 0 {
            let length = self.rng.random_range(4..=12).min(left);
            for position in 0..length {
                let word = self.pick(WORDS);
                if !text.is_empty() {
                    text.push(' ');
                }
                if position == 0 {
                    text.push_str(&word[..1].to_ascii_uppercase());
                    text.push_str(&word[1..]);
                } else {
                    text.push_str(word);
                }
            }
            text.push('.');
            left -= length;
        }
        text
    }
}

/// Registers the functions. None is deterministic: SQLite calls them once for each row.
pub(super) fn register(connection: &Connection, draw: &Arc<Mutex<Draw>>) -> rusqlite::Result<()> {
    add(connection, draw, "random_int", 2, |draw, context| {
        let (low, high) = (whole(context, 0)?, whole(context, 1)?);
        if low > high {
            return Err(wrong("random_int(lo, hi): lo is greater than hi"));
        }
        Ok(draw.rng.random_range(low..=high).into())
    })?;
    add(connection, draw, "random_id", 0, |draw, _| Ok(draw.id().into()))?;
    add(connection, draw, "random_name", 0, |draw, _| Ok(draw.name().into()))?;
    add(connection, draw, "random_title", 0, |draw, _| Ok(draw.title().into()))?;
    add(connection, draw, "random_word", 0, |draw, _| Ok(draw.pick(WORDS).to_owned().into()))?;
    add(connection, draw, "random_digits", 1, |draw, context| Ok(draw.digits(length(context)?).into()))?;
    add(connection, draw, "random_text", 1, |draw, context| Ok(draw.text(length(context)?).into()))
}

fn add<F>(
    connection: &Connection,
    draw: &Arc<Mutex<Draw>>,
    name: &str,
    arguments: i32,
    value: F,
) -> rusqlite::Result<()>
where
    F: Fn(&mut Draw, &Context<'_>) -> rusqlite::Result<Value> + Send + 'static,
{
    let draw = Arc::clone(draw);
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DIRECTONLY;
    connection.create_scalar_function(name, arguments, flags, move |context| {
        value(&mut draw.lock().unwrap_or_else(PoisonError::into_inner), context)
    })
}

fn whole(context: &Context<'_>, index: usize) -> rusqlite::Result<i64> {
    context.get(index).map_err(|_| wrong("random functions take whole numbers"))
}

fn length(context: &Context<'_>) -> rusqlite::Result<i64> {
    let length = whole(context, 0)?;
    if (0..=LONGEST).contains(&length) { Ok(length) } else { Err(wrong("a length goes from 0 to 10000")) }
}

fn wrong(message: &str) -> Error {
    Error::UserFunctionError(message.into())
}
