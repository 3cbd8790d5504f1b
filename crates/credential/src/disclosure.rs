//! One thing that is shown or left out (RFC 9901, section 4.2).

use crate::error::Error;
use crate::{base64url, json};
use rand_core::CryptoRng;
use serde::Serialize;
use serde_json::Value;

/// In bytes: 128 bits, as RFC 9901, section 9.3 recommends.
const SALT: usize = 16;
/// Characters of a salt of 128 bits in base64url.
const SHORTEST_SALT: usize = 22;
const WHAT: &str = "disclosure";

/// A salted value that is presented, with its name if it is a member of an object and without if it is an element of an array.
#[derive(Debug, Clone)]
pub(crate) struct Disclosure {
    /// As it is written between the tildes; this is what is hashed.
    pub text: String,
    /// SHA-256 of the text.
    pub digest: String,
    pub salt: String,
    pub name: Option<String>,
    pub value: Value,
}

impl Disclosure {
    /// From what somebody presents.
    pub fn read(text: &str) -> Result<Self, Error> {
        let parts = match json::value(&base64url::decode(text, WHAT)?, WHAT)? {
            Value::Array(parts) => parts,
            _ => return Err(Error::Disclosure("it is no list of salt, name and value")),
        };
        let mut parts = parts.into_iter();
        let (salt, name, value) = match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(Value::String(salt)), Some(Value::String(name)), Some(value), None) => (salt, Some(name), value),
            (Some(Value::String(salt)), Some(value), None, None) => (salt, None, value),
            _ => return Err(Error::Disclosure("it is no list of salt, name and value")),
        };
        if salt.chars().count() < SHORTEST_SALT {
            return Err(Error::Disclosure(
                "its salt is shorter than 128 bits, so that what is hidden could be guessed",
            ));
        }
        Ok(Self { text: text.to_owned(), digest: base64url::sha256(text), salt, name, value })
    }
}

/// A disclosure that is being issued.
pub(crate) struct Fresh {
    /// As it is written between the tildes.
    pub text: String,
    /// SHA-256 of the text.
    pub digest: String,
    pub salt: String,
}

impl Fresh {
    /// With a fresh salt; the value is written straight into the text.
    pub fn new(name: Option<&str>, value: &impl Serialize, random: &mut impl CryptoRng) -> Result<Self, Error> {
        let salt = salt(random);
        let json = match name {
            Some(name) => serde_json::to_vec(&(&salt, name, value)),
            None => serde_json::to_vec(&(&salt, value)),
        };
        let text = base64url::encode(json.map_err(|_| Error::Issue("a claim could not be written as JSON"))?);
        let digest = base64url::sha256(&text);
        Ok(Self { text, digest, salt })
    }
}

/// A digest of nothing, which cannot be told from one of something (RFC 9901, section 4.2.5).
pub(crate) fn decoy(random: &mut impl CryptoRng) -> String {
    base64url::sha256(&salt(random))
}

fn salt(random: &mut impl CryptoRng) -> String {
    let mut bytes = [0; SALT];
    random.fill_bytes(&mut bytes);
    base64url::encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_rfc_9901_are_read_and_hashed() {
        // Section 4.2.1 and 4.2.3: a member of an object.
        let member = "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0";
        let read = Disclosure::read(member).unwrap();
        assert_eq!((read.salt.as_str(), read.name.as_deref()), ("_26bc4LT-ac6q2KI6cBW5es", Some("family_name")));
        assert_eq!(read.value, "Möbius");
        assert_eq!(read.digest, "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0");
        // Section 4.2.2 and 4.2.4.2: an element of an array.
        let element = Disclosure::read("WyJsa2x4RjVqTVlsR1RQVW92TU5JdkNBIiwgIkZSIl0").unwrap();
        assert_eq!((element.salt.as_str(), element.name), ("lklxF5jMYlGTPUovMNIvCA", None));
        assert_eq!(element.value, "FR");
        assert_eq!(element.digest, "w0I8EKcdCtUPkGCNUrfwVp2xEgNjtoIDlOxc9-PlOhs");
    }

    #[test]
    fn what_is_no_disclosure_is_refused() {
        let salt = "_26bc4LT-ac6q2KI6cBW5es";
        let wrong = [
            "{}".to_owned(),
            "[]".into(),
            format!("[\"{salt}\"]"),
            format!("[\"{salt}\",1,2]"),
            format!("[\"{salt}\",\"a\",1,2]"),
            "[1,\"a\",2]".into(),
            "[\"short\",\"a\",2]".into(),
            format!("[\"{salt}\",\"a\",{{\"b\":1,\"b\":2}}]"),
            "x".into(),
        ];
        for json in wrong {
            assert!(Disclosure::read(&base64url::encode(&json)).is_err(), "{json}");
        }
        assert!(Disclosure::read("WyJ_").is_err());
    }
}
