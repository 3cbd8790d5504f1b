//! Domains: which one can be a company's, and which addresses of mail are at it.

use crate::account::EmailAddress;
use std::fmt;

/// The domain of a company's web site, in lower case and as it stands in DNS. It is neither a suffix under which anybody may
/// register nor one that gives addresses of mail to everybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompanyDomain(String);

/// Why a text is no company's domain.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadDomain {
    /// It is none at all.
    #[error("Write the domain of its web site, as in example.com.")]
    NoDomain,
    /// Anybody may register a name below it.
    #[error("{0} is a suffix under which anybody may have a name. Write the company's own domain below it.")]
    PublicSuffix(String),
    /// Anybody may have an address there.
    #[error(
        "{0} gives addresses of mail to everybody, so it shows nothing of a company. Write the domain of its web site."
    )]
    FreeMail(String),
}

/// Why an address is no work address of a company.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoWorkAddress {
    /// It is no address.
    #[error("This does not look like an e-mail address. It should look like name@{0}.")]
    NoAddress(String),
    /// Anybody may have an address there.
    #[error("{found} gives addresses to everybody. Use your address at {domain}.")]
    FreeMail {
        /// Where the address is.
        found: String,
        /// Where it should be.
        domain: String,
    },
    /// It is somewhere else.
    #[error("This address is at {found}. Use one at {domain}, or at a domain below it.")]
    Elsewhere {
        /// Where the address is.
        found: String,
        /// Where it should be.
        domain: String,
    },
}

impl CompanyDomain {
    /// Reads a domain as people type it, with or without what stands around it in an address.
    ///
    /// # Errors
    /// [`BadDomain`], as a sentence with the mend.
    pub fn parse(text: &str) -> Result<Self, BadDomain> {
        let text = text.trim().to_lowercase();
        let bare = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or(&text);
        let host = bare.split(['/', '?', '#']).next().unwrap_or_default().trim_end_matches('.');
        let host = host.strip_prefix("www.").unwrap_or(host);
        let host = in_dns(host).ok_or(BadDomain::NoDomain)?;
        // Also a suffix that somebody runs for their customers, such as that of a host of web sites.
        if psl::domain_str(&host).is_none() {
            return Err(BadDomain::PublicSuffix(host));
        }
        if is_free_mail(&host) { Err(BadDomain::FreeMail(host)) } else { Ok(Self(host)) }
    }

    /// One that was checked before it was stored.
    pub(crate) fn from_row(text: String) -> Self {
        Self(text)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a host is at the domain or below it.
    pub fn holds(&self, host: &str) -> bool {
        host.strip_suffix(&self.0).is_some_and(|below| below.is_empty() || below.ends_with('.'))
    }

    /// A work address: at the domain, or below it.
    ///
    /// # Errors
    /// [`NoWorkAddress`], as a sentence with the mend.
    pub fn work_address(&self, text: &str) -> Result<EmailAddress, NoWorkAddress> {
        let none = || NoWorkAddress::NoAddress(self.0.clone());
        let email = EmailAddress::parse(text).map_err(|_| none())?;
        let (_, at) = email.as_str().rsplit_once('@').ok_or_else(none)?;
        let found = in_dns(at).ok_or_else(none)?;
        let domain = self.0.clone();
        match () {
            () if is_free_mail(&found) => Err(NoWorkAddress::FreeMail { found, domain }),
            () if !self.holds(&found) => Err(NoWorkAddress::Elsewhere { found, domain }),
            () => Ok(email),
        }
    }
}

impl fmt::Display for CompanyDomain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A host name as DNS has it (letters beyond ASCII become `xn--…`); nothing if it is none, or has no dot.
fn in_dns(host: &str) -> Option<String> {
    let host = idna::domain_to_ascii_strict(host).ok()?;
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let labels: Vec<&str> = host.split('.').collect();
    let is_one = labels.len() >= 2
        && host.len() <= 253
        && labels.iter().all(|label| is_label(label))
        && labels.last().is_some_and(|last| last.bytes().any(|byte| byte.is_ascii_alphabetic()));
    is_one.then_some(host)
}

/// Whether everybody can have an address of mail there: at one of [`FREE_MAIL`] or below it, or at a national domain of one of
/// [`FREE_MAIL_NAMES`].
fn is_free_mail(host: &str) -> bool {
    let Some(registered) = psl::domain_str(host) else { return false };
    let name = registered.split('.').next().unwrap_or_default();
    FREE_MAIL.lines().any(|line| line == registered) || FREE_MAIL_NAMES.contains(&name)
}

/// Providers that have the same name in many countries.
const FREE_MAIL_NAMES: &[&str] = &[
    "aol",
    "freemail",
    "gmx",
    "googlemail",
    "hotmail",
    "live",
    "mailinator",
    "outlook",
    "protonmail",
    "yahoo",
    "yandex",
    "yopmail",
    "zohomail",
];

/// Providers at which anybody can have an address, and those that give one for an hour: a domain a line.
const FREE_MAIL: &str = include_str!("free_mail.txt");

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn hill() -> CompanyDomain {
        CompanyDomain::parse("hill.example").unwrap()
    }

    #[test]
    fn domains_are_read_as_people_type_them() {
        for text in ["example.com", "https://www.Example.com/jobs?x=1", " example.com. ", "HTTP://example.com#a"] {
            assert_eq!(CompanyDomain::parse(text).map(|domain| domain.0), Ok("example.com".to_owned()), "{text}");
        }
        assert_eq!(CompanyDomain::parse("bücher.example").unwrap().as_str(), "xn--bcher-kva.example");
        for text in
            ["", "example", "1.2.3.4", "-a.com", "a..com", "exa mple.com", "user@example.com", "a.com:80", "[::1]"]
        {
            assert_eq!(CompanyDomain::parse(text), Err(BadDomain::NoDomain), "{text}");
        }
    }

    #[test]
    fn what_is_everybodys_is_no_companys() {
        for text in ["co.uk", "com.br", "github.io", "https://www.co.jp/"] {
            assert!(matches!(CompanyDomain::parse(text), Err(BadDomain::PublicSuffix(_))), "{text}");
        }
        for text in ["gmail.com", "mail.gmail.com", "yahoo.co.uk", "www.hotmail.fr", "gmx.net", "web.de", "yopmail.com"]
        {
            assert!(matches!(CompanyDomain::parse(text), Err(BadDomain::FreeMail(_))), "{text}");
        }
        for text in ["hill.co.uk", "hill.github.io", "notgmail.com", "livewell.com", "outlooks.example"] {
            assert!(CompanyDomain::parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn a_work_address_is_at_the_domain_or_below_it() {
        for text in ["ada@hill.example", " Ada@Mail.Hill.Example", "ada@a.b.hill.example"] {
            assert!(hill().work_address(text).is_ok(), "{text}");
        }
        for text in [
            "ada@hill.example.com",
            "ada@anthill.example",
            "ada@example",
            "ada@other.example",
            "ada@hill.example@other.example",
        ] {
            assert!(hill().work_address(text).is_err(), "{text}");
        }
        let says = hill().work_address("ada@gmail.com").unwrap_err().to_string();
        assert_eq!(says, "gmail.com gives addresses to everybody. Use your address at hill.example.");
        let says = hill().work_address("ada@other.example").unwrap_err().to_string();
        assert_eq!(says, "This address is at other.example. Use one at hill.example, or at a domain below it.");
    }

    proptest! {
        #[test]
        fn what_is_read_is_read_again_as_the_same(text in "[a-z0-9.äß-]{1,40}") {
            if let Ok(domain) = CompanyDomain::parse(&text) {
                prop_assert_eq!(CompanyDomain::parse(domain.as_str()), Ok(domain.clone()));
                prop_assert!(domain.holds(domain.as_str()));
                prop_assert!(!domain.holds(&format!("x{domain}")), "{}", domain);
            }
        }
    }
}
