//! Ratings of a modified Angoff exercise, and the bands that come of it.

use super::error::{TextError, shown};
use super::table::Table;
use crate::angoff::{Panel, Rating};
use std::collections::HashMap;
use std::io::Read;

/// Reads ratings: a table with the columns `rater`, `item`, `level` and `probability`, a row a rating. Levels rise in the
/// order of `levels`, or if that is empty, in the order in which they come.
///
/// # Errors
/// A probability outside \[0, 1\], a level that is not among `levels`, and whatever a table can have. What contradicts
/// what is for [`crate::angoff::angoff`] to say.
pub fn read_ratings<R: Read>(input: R, levels: &[String]) -> Result<Panel, TextError> {
    const COLUMNS: [&str; 4] = ["rater", "item", "level", "probability"];
    let mut table = Table::open(input, &COLUMNS, "rater, item, level, probability", |name| COLUMNS.contains(&name))?;
    let mut names: [Names; 3] = Default::default();
    for level in levels {
        names[2].index(level);
    }
    let mut ratings = Vec::new();
    while let Some(row) = table.next()? {
        let mut indices = [0; 3];
        for (place, column) in COLUMNS[..3].iter().enumerate() {
            let name = row.need(column, "a name")?;
            if place == 2 && !levels.is_empty() && !levels.iter().any(|level| level == name) {
                let says = format!("{} is not among the levels {}", shown(name.as_bytes()), levels.join(", "));
                return Err(row.contradiction("level", says));
            }
            indices[place] = names[place].index(name);
        }
        let p = row.need_number("probability", "a probability from 0 to 1", |p| (0.0..=1.0).contains(&p))?;
        let [rater, item, level] = indices;
        ratings.push(Rating { rater, item, level, p });
    }
    if ratings.is_empty() {
        return Err(TextError::NoRows);
    }
    let [raters, items, levels] = names.map(|names| names.list);
    Ok(Panel { raters, items, levels, ratings })
}

/// Names in the order in which they came.
#[derive(Default)]
struct Names {
    list: Vec<String>,
    index_of: HashMap<String, usize>,
}

impl Names {
    fn index(&mut self, name: &str) -> usize {
        if let Some(index) = self.index_of.get(name) {
            return *index;
        }
        self.list.push(name.to_owned());
        self.index_of.insert(name.to_owned(), self.list.len() - 1);
        self.list.len() - 1
    }
}

/// A band of a career path, and where it begins.
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    /// Name.
    pub name: String,
    /// Where it begins; nothing for the lowest.
    pub from: Option<BandCut>,
}

/// Where a band begins.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BandCut {
    /// In standard deviations of the reference population.
    pub at: f64,
    /// Standard error of it: how well the judges know it.
    pub se: f64,
}

/// Reads bands: a table with the columns `band`, `at` and `se`, a row a band, the lowest first. The lowest begins nowhere:
/// its `at` is empty. An empty `se` is 0.
///
/// # Errors
/// Cuts that do not rise, a cut beyond ±6, fewer than two bands, two of one name, and whatever a table can have.
pub fn read_bands<R: Read>(input: R) -> Result<Vec<Band>, TextError> {
    const COLUMNS: [&str; 3] = ["band", "at", "se"];
    let mut table = Table::open(input, &["band", "at"], "band, at, se", |name| COLUMNS.contains(&name))?;
    let mut bands: Vec<Band> = Vec::new();
    let mut last_row = 1;
    while let Some(row) = table.next()? {
        last_row = row.number;
        let name = row.need("band", "the name of a band")?;
        if let Some(first) = bands.iter().position(|band| band.name == name) {
            let what = format!("band {}", shown(name.as_bytes()));
            return Err(TextError::Twice { row: row.number, what, first: first as u64 + 2 });
        }
        let at = row.number("at", "a level from −6 to 6", |at| at.abs() <= 6.0)?;
        let se = row.number("se", "a standard error from 0 to 3", |se| (0.0..=3.0).contains(&se))?.unwrap_or(0.0);
        let before = bands.last().and_then(|band| band.from);
        match at {
            None if !bands.is_empty() => return Err(row.contradiction("at", "only the lowest band begins nowhere")),
            Some(_) if bands.is_empty() => {
                return Err(row.contradiction("at", "the lowest band begins nowhere; leave its cell empty"));
            }
            Some(at) if before.is_some_and(|before| before.at >= at) => {
                return Err(row.contradiction("at", "bands rise, and this one does not begin above the one before"));
            }
            _ => {}
        }
        bands.push(Band { name: name.to_owned(), from: at.map(|at| BandCut { at, se }) });
    }
    if bands.len() < 2 {
        let says = "there are at least two bands".to_owned();
        return Err(TextError::Contradiction { row: last_row, column: "band".into(), says });
    }
    Ok(bands)
}
