//! Putting disclosures into the places of their digests (RFC 9901, section 7.1).

use crate::disclosure::Disclosure;
use crate::error::{Error, shown};
use serde_json::{Map, Value};
use std::collections::{HashMap, HashSet};

/// Deeper than anything of ours: top level, list, element, member.
const DEEPEST: usize = 16;
const DIGESTS: &str = "_sd";
const ELEMENT: &str = "...";
const HASH_ALGORITHM: &str = "_sd_alg";

/// The payload as its issuer meant it, as far as it is disclosed.
pub(crate) fn disclose(
    mut payload: Map<String, Value>,
    disclosures: &[Disclosure],
) -> Result<Map<String, Value>, Error> {
    match payload.remove(HASH_ALGORITHM) {
        // Without it, it is sha-256 (section 4.1.1). The name is written to the letter.
        None => {}
        Some(Value::String(name)) if name == "sha-256" => {}
        Some(other) => return Err(Error::HashAlgorithm(shown(&other.to_string()))),
    }
    let mut walk = Walk::new(disclosures)?;
    let disclosed = walk.object(payload, 0)?;
    if walk.by_digest.values().any(|(_, used)| !used) {
        return Err(Error::Disclosure("the issuer did not put it into this credential"));
    }
    Ok(disclosed)
}

struct Walk<'d> {
    by_digest: HashMap<&'d str, (&'d Disclosure, bool)>,
    seen: HashSet<String>,
}

impl<'d> Walk<'d> {
    fn new(disclosures: &'d [Disclosure]) -> Result<Self, Error> {
        let mut by_digest = HashMap::new();
        let mut salts = HashSet::new();
        for disclosure in disclosures {
            if by_digest.insert(disclosure.digest.as_str(), (disclosure, false)).is_some() {
                return Err(Error::Disclosure("it is there twice"));
            }
            if !salts.insert(&disclosure.salt) {
                return Err(Error::Disclosure("two of them have one salt, so that what is hidden could be guessed"));
            }
        }
        Ok(Self { by_digest, seen: HashSet::new() })
    }

    /// What is behind a digest, if it is disclosed.
    fn take(&mut self, digest: &str) -> Result<Option<&'d Disclosure>, Error> {
        if !self.seen.insert(digest.to_owned()) {
            return Err(Error::DigestTwice);
        }
        Ok(self.by_digest.get_mut(digest).map(|(disclosure, used)| {
            *used = true;
            *disclosure
        }))
    }

    fn value(&mut self, value: Value, depth: usize) -> Result<Value, Error> {
        if depth > DEEPEST {
            return Err(Error::Disclosure("it is nested deeper than any of ours"));
        }
        match value {
            Value::Object(object) => Ok(Value::Object(self.object(object, depth)?)),
            Value::Array(array) => Ok(Value::Array(self.array(array, depth)?)),
            plain => Ok(plain),
        }
    }

    fn object(&mut self, mut object: Map<String, Value>, depth: usize) -> Result<Map<String, Value>, Error> {
        let digests = object.remove(DIGESTS);
        let mut disclosed = Map::new();
        for (name, value) in object {
            check_name(&name)?;
            disclosed.insert(name, self.value(value, depth + 1)?);
        }
        for digest in strings(digests)? {
            let Some(disclosure) = self.take(&digest)? else { continue };
            let name = disclosure.name.as_ref().ok_or(Error::Disclosure("it has no name, where a name is needed"))?;
            check_name(name)?;
            if disclosed.contains_key(name) {
                return Err(Error::ClaimTwice(shown(name)));
            }
            let value = self.value(disclosure.value.clone(), depth + 1)?;
            disclosed.insert(name.clone(), value);
        }
        Ok(disclosed)
    }

    fn array(&mut self, array: Vec<Value>, depth: usize) -> Result<Vec<Value>, Error> {
        let mut disclosed = Vec::new();
        for item in array {
            let Some(digest) = element_digest(&item)? else {
                disclosed.push(self.value(item, depth + 1)?);
                continue;
            };
            let Some(disclosure) = self.take(digest)? else { continue };
            if disclosure.name.is_some() {
                return Err(Error::Disclosure("it has a name, where an element of a list is needed"));
            }
            disclosed.push(self.value(disclosure.value.clone(), depth + 1)?);
        }
        Ok(disclosed)
    }
}

/// Names that belong to the format (section 7.1, step 3).
fn check_name(name: &str) -> Result<(), Error> {
    if [DIGESTS, ELEMENT, HASH_ALGORITHM].contains(&name) { Err(Error::ReservedName(shown(name))) } else { Ok(()) }
}

/// `{"...": digest}` and nothing beside it.
fn element_digest(item: &Value) -> Result<Option<&str>, Error> {
    let Some(object) = item.as_object().filter(|object| object.contains_key(ELEMENT)) else { return Ok(None) };
    match object.get(ELEMENT) {
        Some(Value::String(digest)) if object.len() == 1 => Ok(Some(digest)),
        _ => Err(Error::ReservedName(ELEMENT.into())),
    }
}

fn strings(digests: Option<Value>) -> Result<Vec<String>, Error> {
    let wrong = || Error::Claim { what: "credential", member: DIGESTS, why: "is no list of digests" };
    match digests {
        None => Ok(Vec::new()),
        Some(Value::Array(items)) => items
            .into_iter()
            .map(|item| if let Value::String(digest) = item { Ok(digest) } else { Err(wrong()) })
            .collect(),
        Some(_) => Err(wrong()),
    }
}
