//! Addresses of mail.

use std::fmt;

/// The longest address that mail servers carry (RFC 5321, 4.5.3.1).
const LONGEST: usize = 254;

/// An address as it is stored: trimmed, in lower case. Whether it receives anything is known when a link that was sent
/// there is used.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct EmailAddress(String);

/// Why a text is no address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("This does not look like an e-mail address. It should look like name@example.org.")]
pub struct BadEmail;

impl EmailAddress {
    /// Reads what somebody typed.
    ///
    /// # Errors
    /// No @, nothing before it, no dot behind it, white space or control characters, or longer than 254 bytes.
    pub fn parse(text: &str) -> Result<Self, BadEmail> {
        let text = text.trim().to_lowercase();
        let (local, domain) = text.rsplit_once('@').ok_or(BadEmail)?;
        let labels = domain.split('.').collect::<Vec<_>>();
        let is_label = |label: &&str| {
            !label.is_empty()
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        };
        let is_local = !local.is_empty()
            && local.len() <= 64
            && !local.contains(|c: char| c.is_whitespace() || c.is_control() || "<>()[]\\,;:\"@".contains(c));
        if text.len() > LONGEST || labels.len() < 2 || !labels.iter().all(is_label) || !is_local {
            return Err(BadEmail);
        }
        Ok(Self(text))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Without the person: addresses do not belong into logs.
impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmailAddress(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_in_one_spelling() {
        assert_eq!(EmailAddress::parse("  Ada.L+jobs@Example.ORG ").unwrap().as_str(), "ada.l+jobs@example.org");
        assert!(EmailAddress::parse("jürgen@münchen.example").is_ok());
        for text in
            ["", "ada", "@example.org", "ada@", "ada@host", "a b@example.org", "a@ex..org", "a@-x.org", "a\n@x.org"]
        {
            assert!(EmailAddress::parse(text).is_err(), "{text:?}");
        }
        assert!(EmailAddress::parse(&format!("{}@example.org", "a".repeat(65))).is_err());
    }
}
