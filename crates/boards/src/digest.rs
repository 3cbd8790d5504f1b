//! Whether a posting is still the same.

use crate::posting::{Pay, Place, Posting};
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::str::FromStr;

/// A hash of all that a posting says, except when the board last touched it: boards do that without changing anything.
/// Written as 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest([u8; 32]);

/// Hashed first; to be changed when the same posting shall count as another one.
const VERSION: &str = "jobfuture-posting-1";

impl Posting {
    /// What [`crate::diff`] compares.
    pub fn digest(&self) -> Digest {
        // Taken apart, so that a new field cannot be forgotten here.
        let Self {
            external_id,
            title,
            company,
            url,
            apply_url,
            description,
            department,
            team,
            seniority,
            places,
            remote,
            remote_from,
            employment,
            pay,
            published_at,
            updated_at: _,
            closes_at,
        } = self;
        let mut hash = Hash(Sha256::new());
        hash.text(VERSION);
        hash.text(external_id);
        hash.text(title);
        for text in [company, url, apply_url, description, department, team, seniority] {
            hash.option(text.as_deref());
        }
        hash.places(places);
        hash.option(remote.map(|remote| remote as usize));
        hash.places(remote_from);
        hash.count(employment.len());
        employment.iter().for_each(|one| hash.count(*one as usize));
        hash.count(pay.len());
        pay.iter().for_each(|one| hash.pay(one));
        hash.option(*published_at);
        hash.option(*closes_at);
        Digest(hash.0.finalize().into())
    }
}

/// Each text with its length before it, so that no two postings are written the same.
struct Hash(Sha256);

impl Hash {
    fn count(&mut self, number: usize) {
        self.0.update((number as u64).to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.count(text.len());
        self.0.update(text);
    }

    fn option(&mut self, value: Option<impl fmt::Display>) {
        self.count(usize::from(value.is_some()));
        if let Some(value) = value {
            self.text(&value.to_string());
        }
    }

    fn places(&mut self, places: &[Place]) {
        self.count(places.len());
        for Place { text, country, region, city } in places {
            self.text(text);
            self.option(*country);
            self.option(region.as_deref());
            self.option(city.as_deref());
        }
    }

    fn pay(&mut self, Pay { label, min, max, currency, per }: &Pay) {
        self.option(label.as_deref());
        self.option(*min);
        self.option(*max);
        self.text(currency.code());
        self.option(per.map(|per| per as usize));
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The text is no digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a digest is 64 hexadecimal digits")]
pub struct NoDigest;

impl FromStr for Digest {
    type Err = NoDigest;

    fn from_str(text: &str) -> Result<Self, NoDigest> {
        let mut bytes = [0; 32];
        if text.len() != 64 || !text.is_ascii() {
            return Err(NoDigest);
        }
        for (at, byte) in bytes.iter_mut().enumerate() {
            let pair = &text[at * 2..at * 2 + 2];
            if !pair.bytes().all(|digit| digit.is_ascii_hexdigit()) {
                return Err(NoDigest);
            }
            *byte = u8::from_str_radix(pair, 16).map_err(|_| NoDigest)?;
        }
        Ok(Self(bytes))
    }
}
