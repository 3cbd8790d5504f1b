//! What a candidate does with a credential: look at it, and show some of it (RFC 9901, sections 4.3 and 7.2).

use crate::base64url;
use crate::disclosure::Disclosure;
use crate::error::{Error, shown};
use crate::jws::{self, KEY_BINDING};
use crate::key::HolderKey;
use crate::signal::{BEHAVIOURS, COMPETENCIES, Fact};
use crate::words::Id;
use serde_json::{Value, json};

/// In bytes: a credential with all its disclosures and a proof of the key.
pub(crate) const LONGEST: usize = 96 << 10;
const MOST_DISCLOSURES: usize = 160;

/// The parts between the tildes.
pub(crate) struct Parts<'t> {
    /// What the issuer signed.
    pub token: &'t str,
    pub disclosures: Vec<Disclosure>,
    /// Everything that the holder signs: token and disclosures, up to the last tilde.
    pub bound: &'t str,
    /// What the holder signed.
    pub key_binding: Option<&'t str>,
}

impl<'t> Parts<'t> {
    /// Takes a text apart and reads the disclosures; nothing is verified.
    pub fn read(text: &'t str) -> Result<Self, Error> {
        const WHAT: &str = "credential";
        if text.len() > LONGEST {
            return Err(Error::TooLong { what: WHAT, limit: LONGEST });
        }
        let missing = Error::Damaged { what: WHAT, why: "it has no ~ behind what the issuer signed" };
        let (before, last) = text.rsplit_once('~').ok_or(missing)?;
        let mut parts = before.split('~');
        let token = parts.next().unwrap_or_default();
        let texts: Vec<&str> = parts.collect();
        if texts.len() > MOST_DISCLOSURES {
            return Err(Error::Disclosure("there are more of them than any credential of ours has"));
        }
        let disclosures = texts.into_iter().map(Disclosure::read).collect::<Result<_, _>>()?;
        let key_binding = (!last.is_empty()).then_some(last);
        Ok(Self { token, disclosures, bound: &text[..=before.len()], key_binding })
    }

    /// What the holder signs of it.
    pub fn sd_hash(&self) -> String {
        base64url::sha256(self.bound)
    }
}

/// A credential in its candidate's hands, as it was issued.
#[derive(Debug, Clone)]
pub struct Held {
    token: String,
    disclosures: Vec<Disclosure>,
}

/// To whom it is shown, and in answer to what.
#[derive(Debug, Clone, Copy)]
pub struct Request<'r> {
    /// Who will verify it: an address or a name that they know for their own.
    pub audience: &'r str,
    /// What they drew for this request alone.
    pub nonce: &'r str,
    /// In seconds since 1970.
    pub now: i64,
}

impl Held {
    /// Reads what [`crate::Grant::issue`] wrote. It is not verified: that is for those whom it is shown to.
    ///
    /// # Errors
    /// [`Error::TooLong`], [`Error::Damaged`], [`Error::Json`] or [`Error::Disclosure`] if it is no credential;
    /// [`Error::KeyBindingUnasked`] if it was shown to somebody already.
    pub fn read(text: &str) -> Result<Self, Error> {
        let parts = Parts::read(text.trim())?;
        if parts.key_binding.is_some() {
            return Err(Error::KeyBindingUnasked);
        }
        Ok(Self { token: parts.token.to_owned(), disclosures: parts.disclosures })
    }

    /// Everything in it that can be shown.
    pub fn facts(&self) -> Vec<Fact> {
        let mut facts = Vec::new();
        for disclosure in &self.disclosures {
            let name = disclosure.name.as_deref().unwrap_or_default();
            match name {
                COMPETENCIES => facts.extend(self.elements(disclosure).map(|(id, _)| Fact::Competency(id))),
                BEHAVIOURS => facts.extend(self.elements(disclosure).map(|(id, _)| Fact::Behaviour(id))),
                _ => facts.extend(Fact::of_claim(name)),
            }
        }
        facts.sort_unstable();
        facts
    }

    /// Shows these facts and no others, in answer to a request: `<token>~<disclosure>~…~<proof of the key>`. To show a
    /// competency shows as well that there is a list of them.
    ///
    /// # Errors
    /// [`Error::NoSuchFact`] if one of them is not in it; [`Error::Word`] if audience or nonce are empty or too long.
    pub fn present(&self, facts: &[Fact], key: &HolderKey, request: Request<'_>) -> Result<String, Error> {
        let mut text = self.select(facts)?;
        for (what, found) in [("an audience", request.audience), ("a nonce", request.nonce)] {
            if found.is_empty() || found.len() > 500 {
                return Err(Error::Word { what, found: shown(found), rule: "1 to 500 bytes" });
            }
        }
        let payload = json!({
            "iat": request.now,
            "aud": request.audience,
            "nonce": request.nonce,
            "sd_hash": base64url::sha256(&text),
        });
        text.push_str(&jws::sign(KEY_BINDING, json!({}), &payload, key));
        Ok(text)
    }

    /// These facts and no others without a proof of the key: anybody who has the text can pass it on.
    ///
    /// # Errors
    /// [`Error::NoSuchFact`] if one of them is not in it.
    pub fn select(&self, facts: &[Fact]) -> Result<String, Error> {
        let mut chosen = vec![false; self.disclosures.len()];
        for fact in facts {
            self.choose(fact, &mut chosen).ok_or_else(|| Error::NoSuchFact(format!("{fact:?}")))?;
        }
        let mut text = self.token.clone();
        for (disclosure, _) in self.disclosures.iter().zip(chosen).filter(|(_, chosen)| *chosen) {
            text.push('~');
            text.push_str(&disclosure.text);
        }
        text.push('~');
        Ok(text)
    }

    fn choose(&self, fact: &Fact, chosen: &mut [bool]) -> Option<()> {
        let claim = self.disclosures.iter().position(|disclosure| disclosure.name.as_deref() == Some(fact.claim()))?;
        if let Some(wanted) = fact.element() {
            let (_, element) = self.elements(&self.disclosures[claim]).find(|(id, _)| id == wanted)?;
            chosen[element] = true;
        }
        chosen[claim] = true;
        Some(())
    }

    /// The elements of a list that are in it, with their places among the disclosures.
    fn elements<'s>(&'s self, list: &'s Disclosure) -> impl Iterator<Item = (Id, usize)> + 's {
        let digests = list.value.as_array().into_iter().flatten();
        digests.filter_map(|item| {
            let digest = item.get("...").and_then(Value::as_str)?;
            let at = self.disclosures.iter().position(|disclosure| disclosure.digest == digest)?;
            let id = self.disclosures[at].value.get("id").and_then(Value::as_str)?;
            Some((Id::new(id).ok()?, at))
        })
    }
}
