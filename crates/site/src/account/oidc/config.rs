//! Which provider people may sign in by, as the operator configures it.

use openidconnect::url::{Host, Url};
use std::fmt;

/// A provider of OpenID Connect, and as what it knows this site.
#[derive(Clone, PartialEq, Eq)]
pub struct OidcConfig {
    pub(super) issuer: String,
    pub(super) client_id: String,
    pub(super) client_secret: String,
    pub(super) name: String,
}

/// Why a provider cannot be configured like this; fit for the operator.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadOidc {
    /// No address.
    #[error(
        "the issuer {0} is not an address: copy it from the provider's documentation, such as https://login.example.org"
    )]
    NoAddress(String),
    /// Passwords and tokens would travel in the open.
    #[error("the issuer {0} is not reached by https: what it says could be changed on the way. Use its https address")]
    Unencrypted(String),
    /// An issuer has neither (OpenID Connect Discovery, 3).
    #[error("the issuer {0} holds a question mark or a #: give the part before it")]
    NotPlain(String),
    /// No client.
    #[error("the client id is empty: the provider gives one to each site that is registered there")]
    NoClient,
    /// No secret.
    #[error("the client secret is empty: the provider gives one with the client id")]
    NoSecret,
    /// Too long to stand on a button, or not printable.
    #[error("the provider's name is to stand on a button: use 1 to 40 printable characters")]
    Name,
    /// The site's own address.
    #[error(
        "{0} is not an address of this site: with sign-in by a provider --base-url is the https address that people use"
    )]
    Site(String),
    /// No TLS.
    #[error("TLS cannot be set up: {0}")]
    Tls(String),
}

impl OidcConfig {
    /// Without a name the provider is called by its host.
    ///
    /// # Errors
    /// An issuer that cannot be one, or a part that is empty.
    pub fn new(issuer: &str, client_id: &str, client_secret: &str, name: Option<&str>) -> Result<Self, BadOidc> {
        let url = Url::parse(issuer).map_err(|_| BadOidc::NoAddress(issuer.to_owned()))?;
        let host = url.host_str().ok_or_else(|| BadOidc::NoAddress(issuer.to_owned()))?;
        if url.scheme() != "https" && !(url.scheme() == "http" && is_this_machine(&url)) {
            return Err(BadOidc::Unencrypted(issuer.to_owned()));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(BadOidc::NotPlain(issuer.to_owned()));
        }
        let name = name.unwrap_or(host).trim();
        if !(1..=40).contains(&name.chars().count()) || name.chars().any(char::is_control) {
            return Err(BadOidc::Name);
        }
        let (client_id, client_secret) = (client_id.trim(), client_secret.trim());
        if client_id.is_empty() {
            return Err(BadOidc::NoClient);
        }
        if client_secret.is_empty() {
            return Err(BadOidc::NoSecret);
        }
        Ok(Self {
            // As the operator wrote it: it is compared letter by letter with what the provider says of itself.
            issuer: issuer.to_owned(),
            client_id: client_id.to_owned(),
            client_secret: client_secret.to_owned(),
            name: name.to_owned(),
        })
    }

    /// Whether the provider is reached by https, as all but one on this very machine are.
    pub(super) fn is_encrypted(&self) -> bool {
        self.issuer.starts_with("https:")
    }
}

/// Without the secret.
impl fmt::Debug for OidcConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OidcConfig").field("issuer", &self.issuer).field("name", &self.name).finish_non_exhaustive()
    }
}

fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(issuer: &str) -> Result<OidcConfig, BadOidc> {
        OidcConfig::new(issuer, "jobfuture", "s3cret", None)
    }

    #[test]
    fn an_issuer_is_an_https_address() {
        assert_eq!(of("https://login.example.org/realms/x").unwrap().name, "login.example.org");
        assert!(of("http://127.0.0.1:9000").is_ok() && of("http://localhost").is_ok() && of("http://[::1]:9").is_ok());
        for issuer in ["", "login.example.org", "/login", "mailto:ada@example.org"] {
            assert!(matches!(of(issuer), Err(BadOidc::NoAddress(_))), "{issuer:?}");
        }
        for issuer in ["http://login.example.org", "http://127.0.0.1.example.org", "ftp://localhost"] {
            assert!(matches!(of(issuer), Err(BadOidc::Unencrypted(_))), "{issuer:?}");
        }
        assert!(matches!(of("https://login.example.org?x=1"), Err(BadOidc::NotPlain(_))));
    }

    #[test]
    fn no_part_is_empty_and_the_secret_is_not_printed() {
        let issuer = "https://login.example.org";
        assert_eq!(OidcConfig::new(issuer, " ", "s3cret", None), Err(BadOidc::NoClient));
        assert_eq!(OidcConfig::new(issuer, "jobfuture", "\n", None), Err(BadOidc::NoSecret));
        assert_eq!(OidcConfig::new(issuer, "jobfuture", "s3cret", Some(" ")), Err(BadOidc::Name));
        assert_eq!(OidcConfig::new(issuer, "jobfuture", "s3cret", Some(&"x".repeat(41))), Err(BadOidc::Name));
        assert!(!format!("{:?}", of(issuer).unwrap()).contains("s3cret"));
    }
}
