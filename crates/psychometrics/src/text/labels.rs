//! What the categories of an item are called, found while its answers are read.

use crate::responses::MAX_CATEGORIES;

/// Codes for the values of one column, in the order in which they came.
#[derive(Clone)]
pub(super) struct Labels {
    /// For 0 to 9 their codes: nearly every answer is one digit.
    digits: [u8; 10],
    found: Vec<i64>,
    open: bool,
}

/// Why a cell has no code.
pub(super) enum NoCode {
    /// It is no whole number.
    NotWhole,
    /// The categories are known, and this is none of them.
    Unknown,
    /// Too many.
    TooMany,
}

const NONE: u8 = u8::MAX;

impl Labels {
    /// Whatever comes.
    pub fn open() -> Self {
        Self { digits: [NONE; 10], found: Vec::new(), open: true }
    }

    /// These and no others.
    pub fn known(labels: &[i64]) -> Self {
        let mut this = Self::open();
        for label in labels {
            this.add(*label);
        }
        this.open = false;
        this
    }

    /// Code of a cell that is not empty.
    #[inline]
    pub fn code(&mut self, cell: &[u8]) -> Result<u8, NoCode> {
        if let [digit @ b'0'..=b'9'] = cell {
            let code = self.digits[usize::from(digit - b'0')];
            if code != NONE {
                return Ok(code);
            }
        }
        let label = whole(cell).ok_or(NoCode::NotWhole)?;
        if let Some(code) = self.found.iter().position(|found| *found == label) {
            return Ok(code as u8);
        }
        if !self.open {
            return Err(NoCode::Unknown);
        }
        if self.found.len() == MAX_CATEGORIES {
            return Err(NoCode::TooMany);
        }
        Ok(self.add(label))
    }

    fn add(&mut self, label: i64) -> u8 {
        let code = self.found.len() as u8;
        self.found.push(label);
        if let Some(place) = usize::try_from(label).ok().and_then(|digit| self.digits.get_mut(digit)) {
            *place = code;
        }
        code
    }

    /// The values in the order in which they came: that of their codes.
    pub fn found(&self) -> &[i64] {
        &self.found
    }
}

/// A whole number, also as programs write it that keep whole numbers as fractions (`1.0`).
pub(super) fn whole(cell: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(cell).ok()?;
    let text = match text.split_once('.') {
        Some((whole, rest)) if rest.bytes().all(|byte| byte == b'0') => whole,
        Some(_) => return None,
        None => text,
    };
    let value: i64 = text.parse().ok()?;
    // Beyond this, programs that keep numbers as fractions no longer tell neighbours apart.
    (value.unsigned_abs() < 1 << 53).then_some(value)
}

/// Whether a cell says that there is no answer.
pub(super) fn is_missing(cell: &[u8]) -> bool {
    cell.is_empty() || cell == b"NA"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_taken_as_programs_write_them() {
        let read = ["0", "1", "-2", "+3", "1.0", "2.", "1.5", "x", "", "1e3", "99999999999999999999", "٣"];
        let found = read.map(|cell| whole(cell.as_bytes()));
        let none = None;
        assert_eq!(found, [Some(0), Some(1), Some(-2), Some(3), Some(1), Some(2), none, none, none, none, none, none]);
    }

    #[test]
    fn codes_are_given_in_the_order_of_coming() {
        let mut labels = Labels::open();
        let codes: Vec<u8> = ["4", "12", "4", "1", "12"].iter().map_while(|c| labels.code(c.as_bytes()).ok()).collect();
        assert_eq!(codes, [0, 1, 0, 2, 1]);
        assert_eq!(labels.found(), [4, 12, 1]);
    }
}
