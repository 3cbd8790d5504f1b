//! A credential as a text file, for a candidate to keep and for `jobfuture credential verify FILE`.
//!
//! ```text
//! JobFuture credential, format 1
//! …a few lines for people…
//! -----BEGIN CREDENTIAL-----
//! eyJ…~WyJ…~
//! -----END CREDENTIAL-----
//! -----BEGIN ISSUER METADATA-----
//! {"issuer":"https://jobs.example","jwks":{"keys":[…]}}
//! -----END ISSUER METADATA-----
//! -----BEGIN STATUS LIST-----
//! eyJ…
//! -----END STATUS LIST-----
//! ```
//! The holder's secret key is never in it.

use crate::error::{Error, shown};
use crate::issuer::{KeySet, metadata, read_any_metadata};
use crate::present::LONGEST;
use crate::verify::{Binding, Revocation, Verified, Verifier};

const FIRST_LINE: &str = "JobFuture credential, format 1";
const ABOUT: &str = "\
Keep this file: it is yours. It says what you showed in a skill check; whoever reads it sees all of that.
To check it: jobfuture credential verify FILE
It comes with copies of the issuer's keys and of the list of what was withdrawn, if these follow below. Fresh ones are at
the addresses that the credential names.";
/// In bytes: the parts at their longest, and the lines around them.
const LONGEST_FILE: usize = LONGEST + (64 << 10) + (1 << 20) + (4 << 10);
const CREDENTIAL: &str = "CREDENTIAL";
const METADATA: &str = "ISSUER METADATA";
const STATUS_LIST: &str = "STATUS LIST";

/// What stands in a wallet file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WalletFile {
    /// As it was issued, or as it was cut to some facts; without a proof of the key, which only answers one request.
    pub credential: String,
    /// The issuer, and a copy of its keys.
    pub issuer: Option<(String, KeySet)>,
    /// A copy of the status list's token.
    pub status_list: Option<String>,
}

/// Whose keys a file is checked with.
#[derive(Debug, Clone, Copy)]
pub enum Trust<'t> {
    /// The issuer's, which were fetched from its own address. This proves that the issuer made it.
    Issuer {
        /// Its address.
        address: &'t str,
        /// Its keys.
        keys: &'t KeySet,
    },
    /// Those in the file. This proves no more than that the file is whole: whoever wrote it could have put in their own.
    AsEnclosed,
}

impl WalletFile {
    /// As text.
    pub fn write(&self) -> String {
        let mut text = format!("{FIRST_LINE}\n{ABOUT}\n");
        let mut part = |name: &str, body: &str| {
            text.push_str(&format!("-----BEGIN {name}-----\n{body}\n-----END {name}-----\n"));
        };
        part(CREDENTIAL, &self.credential);
        if let Some((address, keys)) = &self.issuer {
            part(METADATA, &metadata(address, keys).to_string());
        }
        if let Some(list) = &self.status_list {
            part(STATUS_LIST, list);
        }
        text
    }

    /// From text; nothing is verified.
    ///
    /// # Errors
    /// [`Error::Wallet`] if it is no such file; [`Error::TooLong`]; the faults of [`crate::read_metadata`].
    pub fn read(text: &str) -> Result<Self, Error> {
        if text.len() > LONGEST_FILE {
            return Err(Error::TooLong { what: "wallet file", limit: LONGEST_FILE });
        }
        if text.lines().next().map(str::trim_end) != Some(FIRST_LINE) {
            return Err(Error::Wallet("its first line does not say that it is one"));
        }
        let credential = part(text, CREDENTIAL)?.ok_or(Error::Wallet("there is no credential in it"))?;
        let issuer = part(text, METADATA)?.map(read_any_metadata).transpose()?;
        Ok(Self { credential: credential.to_owned(), issuer, status_list: part(text, STATUS_LIST)?.map(str::to_owned) })
    }

    /// Checks the credential, and the status list if there is one. `now` is in seconds since 1970.
    ///
    /// # Errors
    /// [`Error::Wallet`] if it should be checked by enclosed keys and there are none; [`Error::Issuer`] if they are of
    /// another issuer than was asked for; the faults of [`Verifier::credential`].
    pub fn verify(&self, trust: Trust<'_>, now: i64) -> Result<Verified, Error> {
        let (issuer, keys) = match (trust, &self.issuer) {
            (Trust::Issuer { address, .. }, Some((enclosed, _))) if address != enclosed => {
                return Err(Error::Issuer { found: shown(enclosed), expected: shown(address) });
            }
            (Trust::Issuer { address, keys }, _) => (address, keys),
            (Trust::AsEnclosed, Some((address, keys))) => (address.as_str(), keys),
            (Trust::AsEnclosed, None) => return Err(Error::Wallet("the issuer's keys are not in it")),
        };
        let revocation = self.status_list.as_deref().map_or(Revocation::NotChecked, Revocation::List);
        Verifier { issuer, keys, now }.credential(&self.credential, Binding::NotAsked, revocation)
    }
}

/// What stands between BEGIN and END, on one line.
fn part<'t>(text: &'t str, name: &str) -> Result<Option<&'t str>, Error> {
    let (begin, end) = (format!("-----BEGIN {name}-----"), format!("-----END {name}-----"));
    let mut found = None;
    let mut lines = text.lines().map(str::trim);
    while let Some(line) = lines.next() {
        if line != begin {
            continue;
        }
        let body = lines.next().filter(|body| !body.is_empty() && !body.starts_with('-'));
        if lines.next() != Some(end.as_str()) {
            return Err(Error::Wallet("a part of it has no end, or more than one line"));
        }
        if found.is_some() {
            return Err(Error::Wallet("a part of it is there twice"));
        }
        found = Some(body.ok_or(Error::Wallet("a part of it is empty"))?);
    }
    Ok(found)
}
