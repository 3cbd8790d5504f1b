//! Making a credential: SD-JWT VC (RFC 9901; the SD-JWT VC draft, revision 19).

use crate::disclosure::{Fresh, decoy};
use crate::error::Error;
use crate::issuer::check_issuer;
use crate::jws::{self, CREDENTIAL};
use crate::key::{IssuerKey, PublicKey};
use crate::signal::Signal;
use rand_core::CryptoRng;
use serde::Serialize;
use serde_json::json;
use std::collections::HashSet;

/// The type of credential that is issued and read here. Another shape of claims gets another number.
pub const CREDENTIAL_TYPE: &str = "urn:jobfuture:signal:1";

/// Lists are filled up to a multiple of this by decoys, so that their length does not say how much is left out.
const FILL: usize = 8;

/// A place in a status list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusPlace {
    /// Where the list is published: the address that its token names as `sub`.
    pub uri: String,
    /// Counted from 0. Draw it at random among the free ones: counting up would tell when a credential was made.
    pub index: u32,
}

/// Whether the length of lists is hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decoys {
    /// It is not: the number of competencies and behaviours can be counted once one of them is shown.
    None,
    /// It is, up to a multiple of 8.
    Padded,
}

/// What a credential is made from, for one company or one link: another grant gets another credential, with other salts
/// and another place in the status list, so that two companies cannot find out that they look at the same person.
#[derive(Debug)]
pub struct Grant<'g> {
    /// `iss`: the instance's address, as in [`crate::metadata_url`].
    pub issuer: &'g str,
    /// `cnf`: the candidate's key. A key for each grant, as it links credentials as well as a name would.
    pub holder: &'g PublicKey,
    /// `iat`, in seconds since 1970. Round it to the day, so that it does not link credentials.
    pub issued_at: i64,
    /// `exp`, in seconds since 1970.
    pub expires_at: i64,
    /// `status`.
    pub status: &'g StatusPlace,
    /// What may be shown.
    pub signal: &'g Signal,
    /// Whether lists are filled up.
    pub decoys: Decoys,
}

impl Grant<'_> {
    /// Signs it: `<token>~<disclosure>~…~`, with every disclosure, for the candidate. `random` gives the salts.
    ///
    /// # Errors
    /// [`Error::Issue`] if the signal is too large, it would expire before it begins, or the generator repeats itself;
    /// [`Error::Word`] if the issuer is no address.
    pub fn issue(&self, key: &IssuerKey, random: &mut impl CryptoRng) -> Result<String, Error> {
        self.check()?;
        let (digests, disclosures) = self.disclose(random)?;
        let payload = json!({
            "iss": self.issuer,
            "iat": self.issued_at,
            "exp": self.expires_at,
            "vct": CREDENTIAL_TYPE,
            "cnf": { "jwk": self.holder.jwk() },
            "status": { "status_list": { "idx": self.status.index, "uri": self.status.uri } },
            "_sd_alg": "sha-256",
            "_sd": digests,
        });
        let mut text = jws::sign(CREDENTIAL, json!({ "kid": key.public().kid() }), &payload, key);
        text.reserve(disclosures.iter().map(|disclosure| disclosure.text.len() + 1).sum::<usize>() + 1);
        if text.len() > CREDENTIAL.longest {
            return Err(Error::Issue(
                "it would be larger than verifiers accept: shorten the address of the status list",
            ));
        }
        for disclosure in &disclosures {
            text.push('~');
            text.push_str(&disclosure.text);
        }
        text.push('~');
        Ok(text)
    }

    fn check(&self) -> Result<(), Error> {
        self.signal.check()?;
        check_issuer(self.issuer)?;
        if self.issued_at < 0 || self.expires_at <= self.issued_at {
            return Err(Error::Issue("it would expire before it begins"));
        }
        Ok(())
    }

    /// The digests of the top level, and every disclosure.
    fn disclose(&self, random: &mut impl CryptoRng) -> Result<(Vec<String>, Vec<Fresh>), Error> {
        let mut disclosures = Vec::new();
        let mut top = Vec::new();
        for (name, value) in self.signal.whole_claims()? {
            let disclosure = Fresh::new(Some(name), &value, random)?;
            top.push(disclosure.digest.clone());
            disclosures.push(disclosure);
        }
        for (name, list) in self.signal.list_claims() {
            let elements: Vec<Fresh> =
                list.iter().map(|one| Fresh::new(None, one, random)).collect::<Result<_, _>>()?;
            let value = self.digests_of(&elements, random);
            let disclosure = Fresh::new(Some(name), &value, random)?;
            top.push(disclosure.digest.clone());
            disclosures.push(disclosure);
            disclosures.extend(elements);
        }
        // In an order that says nothing about what is behind them (RFC 9901, section 4.2.4.1).
        top.sort_unstable();
        let salts: HashSet<&str> = disclosures.iter().map(|disclosure| disclosure.salt.as_str()).collect();
        if salts.len() < disclosures.len() {
            return Err(Error::Issue("the generator gave the same salt twice: it is not random"));
        }
        Ok((top, disclosures))
    }

    /// An array that says of each element no more than its digest.
    fn digests_of(&self, elements: &[Fresh], random: &mut impl CryptoRng) -> Vec<Element> {
        let mut digests: Vec<String> = elements.iter().map(|element| element.digest.clone()).collect();
        if self.decoys == Decoys::Padded {
            let full = digests.len().max(1).next_multiple_of(FILL);
            digests.resize_with(full, || decoy(random));
        }
        digests.sort_unstable();
        digests.into_iter().map(|digest| Element { digest }).collect()
    }
}

/// An element of an array that may be disclosed (RFC 9901, section 4.2.4.2).
#[derive(Serialize)]
struct Element {
    #[serde(rename = "...")]
    digest: String,
}
