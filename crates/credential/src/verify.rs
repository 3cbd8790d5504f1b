//! Checking a credential that is shown: SD-JWT VC with its holder's proof and its status.

use crate::error::{Error, shown};
use crate::issue::{CREDENTIAL_TYPE, StatusPlace};
use crate::issuer::KeySet;
use crate::json;
use crate::jws::{CREDENTIAL, KEY_BINDING, Unverified};
use crate::key::PublicKey;
use crate::present::Parts;
use crate::process;
use crate::signal::ShownSignal;
use crate::status_list::{Status, StatusList};
use serde_json::{Map, Value};

/// How far clocks may differ, in seconds.
pub const CLOCK_SKEW: i64 = 60;
/// How old a proof of the key may be, in seconds.
pub const KEY_BINDING_AGE: i64 = 300;
/// How old a status list may be, in seconds: a day.
pub const STATUS_LIST_AGE: i64 = 86_400;

const WHAT: &str = CREDENTIAL.what;

/// What a company knows before it looks at a credential: whom it trusts, and what time it is.
#[derive(Debug, Clone, Copy)]
pub struct Verifier<'v> {
    /// The issuer that it trusts, to the letter.
    pub issuer: &'v str,
    /// That issuer's keys, from [`crate::read_metadata`].
    pub keys: &'v KeySet,
    /// In seconds since 1970.
    pub now: i64,
}

/// Whether somebody must show that they hold the candidate's key.
#[derive(Debug, Clone, Copy)]
pub enum Binding<'b> {
    /// Yes, for this request.
    Required {
        /// Who verifies: what [`crate::Request::audience`] should be.
        audience: &'b str,
        /// What was drawn for this request alone.
        nonce: &'b str,
    },
    /// No: what is read is a file, which proves nothing about whoever has it.
    NotAsked,
}

/// What is known of the status list.
#[derive(Debug, Clone, Copy)]
pub enum Revocation<'r> {
    /// The token that lies at the address that the credential names.
    List(&'r str),
    /// Nothing: whether the credential was withdrawn stays open, and [`Verified::standing`] says so.
    NotChecked,
}

/// Whether a credential was withdrawn. One that was is an [`Error::Revoked`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It was not.
    Valid {
        /// When the list was made, in seconds since 1970.
        as_of: i64,
    },
    /// Nobody has looked.
    NotChecked,
}

/// A credential that was found good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// What the candidate shows.
    pub signal: ShownSignal,
    /// The candidate's key.
    pub holder: PublicKey,
    /// In seconds since 1970.
    pub issued_at: i64,
    /// In seconds since 1970.
    pub expires_at: i64,
    /// Where it can be seen whether it was withdrawn.
    pub status: StatusPlace,
    /// Whether it was.
    pub standing: Standing,
}

impl Verifier<'_> {
    /// Checks a credential in the order of RFC 9901, sections 7.1 and 7.3: signature, disclosures, claims, time, the proof
    /// of the key, and the status list.
    ///
    /// # Errors
    /// The first fault that is found; see [`Error`].
    pub fn credential(&self, text: &str, binding: Binding<'_>, revocation: Revocation<'_>) -> Result<Verified, Error> {
        let parts = Parts::read(text)?;
        let token = Unverified::read(parts.token, CREDENTIAL)?;
        let payload = token.verify(self.keys.find(token.kid()?, WHAT)?)?;
        check_names(&parts)?;
        let mut claims = process::disclose(payload, &parts.disclosures)?;
        self.check_issuer(&claims, WHAT)?;
        check_type(&claims)?;
        let (issued_at, expires_at) = self.check_time(&claims, WHAT)?;
        let holder = holder(&claims)?;
        self.check_binding(&parts, &holder, binding)?;
        let status = status_place(&claims, WHAT)?;
        let standing = self.standing(&status, revocation)?;
        for name in ISSUERS_OWN {
            claims.remove(name);
        }
        let signal = ShownSignal::read(claims, WHAT)?;
        Ok(Verified { signal, holder, issued_at, expires_at, status, standing })
    }

    pub(crate) fn check_issuer(&self, claims: &Map<String, Value>, what: &'static str) -> Result<(), Error> {
        let found = json::text(claims, "iss", what)?;
        if found != self.issuer {
            return Err(Error::Issuer { found: shown(found), expected: shown(self.issuer) });
        }
        Ok(())
    }

    /// `iat` and `exp`, which must be there, and `nbf`, which may.
    fn check_time(&self, claims: &Map<String, Value>, what: &'static str) -> Result<(i64, i64), Error> {
        let issued_at = json::seconds(claims, "iat", what)?;
        let expires_at = json::seconds(claims, "exp", what)?;
        let not_before = if claims.contains_key("nbf") { json::seconds(claims, "nbf", what)? } else { issued_at };
        self.check_span(issued_at.max(not_before), expires_at, what)?;
        Ok((issued_at, expires_at))
    }

    /// Whether now lies between the two, give or take [`CLOCK_SKEW`].
    pub(crate) fn check_span(&self, from: i64, until: i64, what: &'static str) -> Result<(), Error> {
        let now = self.now;
        if from > now.saturating_add(CLOCK_SKEW) {
            return Err(Error::NotYet { what, at: from, now });
        }
        if until <= now.saturating_sub(CLOCK_SKEW) {
            return Err(Error::Expired { what, at: until, now });
        }
        Ok(())
    }

    fn check_binding(&self, parts: &Parts<'_>, holder: &PublicKey, binding: Binding<'_>) -> Result<(), Error> {
        match (binding, parts.key_binding) {
            (Binding::NotAsked, None) => Ok(()),
            (Binding::NotAsked, Some(_)) => Err(Error::KeyBindingUnasked),
            (Binding::Required { .. }, None) => Err(Error::KeyBindingMissing),
            (Binding::Required { audience, nonce }, Some(proof)) => {
                let payload = Unverified::read(proof, KEY_BINDING)?.verify(holder)?;
                self.check_proof(&payload, audience, nonce, &parts.sd_hash())
            }
        }
    }

    fn check_proof(&self, proof: &Map<String, Value>, audience: &str, nonce: &str, hash: &str) -> Result<(), Error> {
        let what = KEY_BINDING.what;
        let found = json::text(proof, "aud", what)?;
        if found != audience {
            return Err(Error::Audience { found: shown(found), expected: shown(audience) });
        }
        if json::text(proof, "nonce", what)? != nonce {
            return Err(Error::Nonce);
        }
        if json::text(proof, "sd_hash", what)? != hash {
            return Err(Error::SdHash);
        }
        let signed_at = json::seconds(proof, "iat", what)?;
        let from = if proof.contains_key("nbf") { json::seconds(proof, "nbf", what)? } else { signed_at };
        let until = if proof.contains_key("exp") { json::seconds(proof, "exp", what)? } else { i64::MAX };
        self.check_span(signed_at.max(from), until.min(signed_at + KEY_BINDING_AGE), what)
    }

    pub(crate) fn standing(&self, place: &StatusPlace, revocation: Revocation<'_>) -> Result<Standing, Error> {
        let Revocation::List(token) = revocation else { return Ok(Standing::NotChecked) };
        let (list, as_of) = StatusList::verify(token, &place.uri, self)?;
        match list.get(place.index) {
            Some(Status::Valid) => Ok(Standing::Valid { as_of }),
            Some(Status::Revoked) => Err(Error::Revoked { index: place.index }),
            None => Err(Error::StatusList { why: "it is shorter than the place that the credential names" }),
        }
    }
}

/// What the issuer says of the credential itself. None of it may be disclosed by choice: a holder could hide that it has
/// expired (SD-JWT VC, section “Registered JWT Claims”; we are as strict with `iat`, `sub` and `jti`).
const ISSUERS_OWN: [&str; 10] = ["iss", "iat", "nbf", "exp", "cnf", "vct", "vct#integrity", "status", "sub", "jti"];

fn check_names(parts: &Parts<'_>) -> Result<(), Error> {
    let names = parts.disclosures.iter().filter_map(|disclosure| disclosure.name.as_deref());
    match names.into_iter().find(|name| ISSUERS_OWN.contains(name)) {
        Some(name) => Err(Error::ReservedName(name.to_owned())),
        None => Ok(()),
    }
}

fn check_type(claims: &Map<String, Value>) -> Result<(), Error> {
    let found = json::text(claims, "vct", WHAT)?;
    if found != CREDENTIAL_TYPE {
        return Err(Error::CredentialType { found: shown(found), expected: CREDENTIAL_TYPE });
    }
    Ok(())
}

/// The key in `cnf` (RFC 7800, section 3.2), which holds nothing else.
fn holder(claims: &Map<String, Value>) -> Result<PublicKey, Error> {
    let cnf = claims.get("cnf").and_then(Value::as_object).filter(|cnf| cnf.len() == 1);
    let jwk = cnf.and_then(|cnf| cnf.get("jwk"));
    PublicKey::from_jwk(jwk.ok_or(Error::Claim {
        what: WHAT,
        member: "cnf",
        why: "does not hold the holder's key (jwk)",
    })?)
}

/// The place in `status` (Token Status List, section “Referenced Token”), without which nothing could be withdrawn.
pub(crate) fn status_place(claims: &Map<String, Value>, what: &'static str) -> Result<StatusPlace, Error> {
    let wrong = Error::Claim { what, member: "status", why: "does not name a place in a status list (idx, uri)" };
    let list = claims.get("status").and_then(|status| status.get("status_list"));
    let index = list.and_then(|list| list.get("idx")).and_then(Value::as_u64).and_then(|idx| u32::try_from(idx).ok());
    let uri = list.and_then(|list| list.get("uri")).and_then(Value::as_str);
    match (index, uri) {
        (Some(index), Some(uri)) => Ok(StatusPlace { uri: uri.to_owned(), index }),
        _ => Err(wrong),
    }
}
