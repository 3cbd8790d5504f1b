//! As what this site is known to authenticators, and where there can be no passkeys at all.

use http::{HeaderMap, header};
use std::time::Duration;
use webauthn_rs::prelude::{Url, Webauthn, WebauthnBuilder};

/// How long a person may take; the browser's own dialogue ends by then (WebAuthn level 3, 15.1, recommends five minutes).
pub(super) const PATIENCE: Duration = Duration::from_secs(300);

/// Why there are no passkeys at the address by which the site was asked; fit for whoever reads it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoPasskeys {
    /// An address of numbers, on one's own machine.
    #[error("Browsers keep passkeys for names, and {0} is not one. On your own machine, open {1} instead.")]
    OwnMachine(String, String),
    /// An address of numbers.
    #[error(
        "Browsers keep passkeys for names, and {0} is not one. Whoever runs this instance gives it a name with --base-url."
    )]
    PlainAddress(String),
    /// A name without TLS.
    #[error("Browsers allow passkeys by https only. Whoever runs this instance sets --base-url to its https address.")]
    Unencrypted,
    /// No name is configured, and what a request says of itself is not believed.
    #[error("Passkeys need to know this site's name. Whoever runs this instance sets --base-url to its https address.")]
    Unnamed,
}

/// This site, as authenticators know it: by the host of its address. Passkeys are lost to it when that changes.
#[derive(Debug)]
pub(crate) struct RelyingParty(pub(super) Webauthn);

impl RelyingParty {
    /// For the configured address; without one, on one's own machine, for the port of `localhost` that was asked.
    pub(crate) fn of(base_url: Option<&str>, headers: &HeaderMap) -> Result<Self, NoPasskeys> {
        let asked = || headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let address = match base_url {
            Some(base) => base.to_owned(),
            None => format!("http://{}", asked().ok_or(NoPasskeys::Unnamed)?),
        };
        let url = Url::parse(&address).map_err(|_| NoPasskeys::Unnamed)?;
        let named = url.host_str().unwrap_or_default().to_owned();
        let Some(domain) = url.domain() else { return Err(plain_address(&url, &named, base_url.is_some())) };
        let is_local = domain == "localhost" || domain.ends_with(".localhost");
        match base_url {
            Some(_) if url.scheme() != "https" && !is_local => return Err(NoPasskeys::Unencrypted),
            None if domain != "localhost" => return Err(NoPasskeys::Unnamed),
            _ => {}
        }
        let party = WebauthnBuilder::new(domain, &url).map(|builder| builder.rp_name("JobFuture").timeout(PATIENCE));
        party.and_then(WebauthnBuilder::build).map(Self).map_err(|_| NoPasskeys::Unnamed)
    }
}

fn plain_address(url: &Url, named: &str, is_configured: bool) -> NoPasskeys {
    let is_loopback = named == "[::1]" || named.starts_with("127.");
    if is_loopback && !is_configured {
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        return NoPasskeys::OwnMachine(named.to_owned(), format!("http://localhost{port}"));
    }
    NoPasskeys::PlainAddress(named.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(base_url: Option<&str>, host: &'static str) -> Result<Vec<String>, NoPasskeys> {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        let party = RelyingParty::of(base_url, &headers)?;
        Ok(party.0.get_allowed_origins().iter().map(|url| url.origin().ascii_serialization()).collect())
    }

    #[test]
    fn passkeys_need_a_name_that_is_known() {
        let origin = |origin: &str| Ok(vec![origin.to_owned()]);
        assert_eq!(at(Some("https://jobs.example.org"), "elsewhere.example"), origin("https://jobs.example.org"));
        assert_eq!(at(Some("http://localhost:8080"), "localhost:8080"), origin("http://localhost:8080"));
        assert_eq!(at(None, "localhost:8080"), origin("http://localhost:8080"));
        assert_eq!(at(None, "jobs.example.org"), Err(NoPasskeys::Unnamed), "a request may say anything");
        assert_eq!(at(Some("http://jobs.example.org"), "jobs.example.org"), Err(NoPasskeys::Unencrypted));
        let numbers = |host: &str| NoPasskeys::PlainAddress(host.to_owned());
        assert_eq!(at(Some("http://127.0.0.1:8080"), "127.0.0.1:8080"), Err(numbers("127.0.0.1")));
        assert_eq!(at(None, "192.0.2.7:8080"), Err(numbers("192.0.2.7")));
        let own = at(None, "127.0.0.1:8080").unwrap_err();
        assert!(own.to_string().contains("http://localhost:8080"), "{own}");
        assert!(at(None, "[::1]:8080").unwrap_err().to_string().contains("http://localhost:8080"));
    }
}
