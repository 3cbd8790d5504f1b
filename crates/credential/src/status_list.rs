//! What was withdrawn: one bit for each credential (Token Status List, draft 21).

use crate::error::Error;
use crate::jws::{self, STATUS_LIST, Unverified};
use crate::key::IssuerKey;
use crate::verify::{STATUS_LIST_AGE, Verifier};
use crate::{base64url, json};
use flate2::Compression;
use flate2::read::{ZlibDecoder, ZlibEncoder};
use serde_json::{Map, Value, json};
use std::io::Read;

const WHAT: &str = STATUS_LIST.what;

/// The most credentials of one list: 2^22, whose bits are 512 KiB. More would be a burden to everybody who checks one.
pub const MOST_ENTRIES: u32 = 1 << 22;

/// What a list says of a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It stands (0x00, VALID).
    Valid,
    /// It was taken back for good (0x01, INVALID).
    Revoked,
}

/// A list of one bit for each credential, all of which stand at first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusList {
    /// Entry 0 is the lowest bit of the first byte.
    bytes: Vec<u8>,
}

/// What the token of a list says beside the bits.
#[derive(Debug, Clone, Copy)]
pub struct Publication<'p> {
    /// `sub`: the address where it is published, as in the credentials' `status`.
    pub uri: &'p str,
    /// `iat`, in seconds since 1970.
    pub issued_at: i64,
    /// `exp`, in seconds since 1970: an old list must not hide for ever what was withdrawn.
    pub expires_at: i64,
    /// `ttl`, in seconds: how long others may keep a copy. It is how late a withdrawal may be noticed.
    pub keep_for: u32,
}

impl StatusList {
    /// With at least this many entries: they come in eights.
    ///
    /// # Errors
    /// [`Error::Issue`] if it is none or more than [`MOST_ENTRIES`]. A long list hides better whose entry is looked at:
    /// take 2^20.
    pub fn new(entries: u32) -> Result<Self, Error> {
        if entries == 0 || entries > MOST_ENTRIES {
            return Err(Error::Issue("a status list has between 1 and 2^22 entries"));
        }
        Ok(Self { bytes: vec![0; entries.div_ceil(8) as usize] })
    }

    /// From bits that were stored, as [`Self::as_bytes`] gives them.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, Error> {
        let entries = u32::try_from(bytes.len().saturating_mul(8)).unwrap_or(u32::MAX);
        Self::new(entries)?;
        Ok(Self { bytes })
    }

    /// The bits, entry 0 being the lowest of the first byte.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How many entries it has.
    pub fn entries(&self) -> u32 {
        u32::try_from(self.bytes.len() * 8).unwrap_or(u32::MAX)
    }

    /// What it says of an entry; `None` beyond its end.
    pub fn get(&self, index: u32) -> Option<Status> {
        let byte = self.bytes.get(index as usize / 8)?;
        Some(if byte >> (index % 8) & 1 == 1 { Status::Revoked } else { Status::Valid })
    }

    /// Writes an entry.
    ///
    /// # Errors
    /// [`Error::StatusList`] beyond its end.
    pub fn set(&mut self, index: u32, status: Status) -> Result<(), Error> {
        let byte = self.bytes.get_mut(index as usize / 8);
        let byte = byte.ok_or(Error::StatusList { why: "it has no such entry" })?;
        let bit = 1 << (index % 8);
        match status {
            Status::Valid => *byte &= !bit,
            Status::Revoked => *byte |= bit,
        }
        Ok(())
    }

    /// Signs it: what is published at `uri` as `application/statuslist+jwt`.
    ///
    /// # Errors
    /// [`Error::Issue`] if it would expire before it begins, or cannot be compressed to what verifiers accept.
    pub fn token(&self, key: &IssuerKey, about: Publication<'_>) -> Result<String, Error> {
        if about.expires_at <= about.issued_at || about.keep_for == 0 {
            return Err(Error::Issue("the status list would expire before it begins"));
        }
        let payload = json!({
            "sub": about.uri,
            "iat": about.issued_at,
            "exp": about.expires_at,
            "ttl": about.keep_for,
            "status_list": { "bits": 1, "lst": base64url::encode(compress(&self.bytes)?) },
        });
        let token = jws::sign(STATUS_LIST, json!({ "kid": key.public().kid() }), &payload, key);
        if token.len() > STATUS_LIST.longest {
            return Err(Error::Issue("so many are withdrawn that the status list is too long: begin another list"));
        }
        Ok(token)
    }

    /// Checks a token and gives the list, with the time when it was made.
    ///
    /// # Errors
    /// As for any token; [`Error::StatusList`] if it is for another address, too old, not of one bit, or too long when
    /// decompressed.
    pub fn verify(token: &str, uri: &str, verifier: &Verifier<'_>) -> Result<(Self, i64), Error> {
        let token = Unverified::read(token.trim(), STATUS_LIST)?;
        let claims = token.verify(verifier.keys.find(token.kid()?, WHAT)?)?;
        if claims.contains_key("iss") {
            verifier.check_issuer(&claims, WHAT)?;
        }
        if json::text(&claims, "sub", WHAT)? != uri {
            return Err(Error::StatusList { why: "it belongs to another address (sub)" });
        }
        let issued_at = json::seconds(&claims, "iat", WHAT)?;
        let until = if claims.contains_key("exp") { json::seconds(&claims, "exp", WHAT)? } else { i64::MAX };
        verifier.check_span(issued_at, until.min(issued_at + STATUS_LIST_AGE), WHAT)?;
        Ok((Self { bytes: bits(&claims)? }, issued_at))
    }
}

/// The `status_list` member.
fn bits(claims: &Map<String, Value>) -> Result<Vec<u8>, Error> {
    let missing = Error::Claim { what: WHAT, member: "status_list", why: "is missing" };
    let list = claims.get("status_list").and_then(Value::as_object).ok_or(missing)?;
    if list.get("bits").and_then(Value::as_u64) != Some(1) {
        return Err(Error::StatusList { why: "its entries are not of one bit" });
    }
    decompress(&base64url::decode(json::text(list, "lst", WHAT)?, WHAT)?)
}

/// zlib (RFC 1950), as small as it gets: it is made once and fetched often.
fn compress(bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let mut compressed = Vec::new();
    let done = ZlibEncoder::new(bytes, Compression::best()).read_to_end(&mut compressed);
    done.map_err(|_| Error::Issue("the status list could not be compressed"))?;
    Ok(compressed)
}

/// Stops once there is more than any list may have, so that a few bytes cannot fill the memory.
fn decompress(bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let limit = u64::from(MOST_ENTRIES / 8);
    let mut list = Vec::new();
    let mut decoder = ZlibDecoder::new(bytes);
    let done = decoder.by_ref().take(limit + 1).read_to_end(&mut list);
    done.map_err(|_| Error::StatusList { why: "it is not compressed by zlib, or damaged" })?;
    if list.len() as u64 > limit {
        return Err(Error::StatusList { why: "it has more than 2^22 entries" });
    }
    if list.is_empty() || decoder.total_in() != bytes.len() as u64 {
        return Err(Error::StatusList { why: "it is empty, or has something behind its end" });
    }
    Ok(list)
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Valid => "valid",
            Self::Revoked => "withdrawn",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The draft's example, section “Compressed Byte Array”: sixteen entries of one bit.
    #[test]
    fn the_example_of_the_draft_is_read_bit_by_bit() {
        let bytes = decompress(&base64url::decode("eNrbuRgAAhcBXQ", "test").unwrap()).unwrap();
        assert_eq!(bytes, [0xb9, 0xa3]);
        let list = StatusList::from_bytes(bytes).unwrap();
        let revoked: Vec<u32> = (0..16).filter(|index| list.get(*index) == Some(Status::Revoked)).collect();
        assert_eq!(revoked, [0, 3, 4, 5, 7, 8, 9, 13, 15]);
        assert_eq!(list.get(16), None);
    }

    #[test]
    fn what_would_fill_the_memory_is_stopped() {
        let bomb = compress(&vec![0; 64 << 20]).unwrap();
        assert!(bomb.len() < 100 << 10, "it is small, and does no harm as long as it stays so");
        assert!(matches!(decompress(&bomb), Err(Error::StatusList { .. })));
        let full = vec![0; (MOST_ENTRIES / 8) as usize];
        assert_eq!(decompress(&compress(&full).unwrap()).unwrap().len(), full.len());
    }

    #[test]
    fn what_is_no_zlib_is_refused() {
        let good = compress(&[1, 2, 3]).unwrap();
        let mut longer = good.clone();
        longer.push(0);
        let mut changed = good.clone();
        *changed.last_mut().unwrap() ^= 1;
        for wrong in [&[][..], b"plain text", &good[..good.len() - 1], &longer, &changed, &compress(&[]).unwrap()] {
            assert!(matches!(decompress(wrong), Err(Error::StatusList { .. })), "{wrong:?}");
        }
    }

    #[test]
    fn sizes_are_bounded() {
        for entries in [0, MOST_ENTRIES + 1, u32::MAX] {
            assert!(StatusList::new(entries).is_err(), "{entries}");
        }
        let mut list = StatusList::new(9).unwrap();
        assert_eq!(list.entries(), 16);
        assert!(list.set(16, Status::Revoked).is_err());
    }
}
