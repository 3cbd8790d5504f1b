//! What an operator may set.

use crate::account::OidcProvider;
use jobfuture_outbound::Outbound;
use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

/// Settings of the web product. The default suits one machine that browsers reach directly.
#[derive(Debug, Clone, Default)]
pub struct SiteConfig {
    /// `https://jobs.example.org`, without a slash at the end: for canonical links and the sitemap, which are left
    /// out without it.
    pub base_url: Option<String>,
    /// Who signs credentials, where that is not `base_url`: `http://127.0.0.1:8080` for one's own machine. Without either no
    /// credentials are issued.
    pub issuer: Option<String>,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<TrustedProxy>,
    /// Whether letters are sent. Else they wait in the operator's outbox, and pages say so.
    pub sends_mail: bool,
    /// By whom else people may sign in; nobody unless the operator says so.
    pub oidc: Option<OidcProvider>,
    /// How addresses that companies name are looked at: DNS and files of their domains, and their job boards. Nothing where
    /// this server is not to ask others; companies are verified by its operator alone then, and vacancies come in by files.
    pub outbound: Option<Outbound>,
    /// What practice may use.
    pub practice: PracticeLimits,
    /// For whoever works on the CSS and JavaScript: read them from this folder at each request instead of from
    /// the binary.
    pub assets_dir: Option<PathBuf>,
}

/// What practice may use, and for how long it may wait.
#[derive(Debug, Clone)]
pub struct PracticeLimits {
    /// Runs that are judged at the same time, in all.
    pub at_once: usize,
    /// Runs of one address that are judged at the same time.
    pub running_per_address: usize,
    /// Runs of one address that may wait behind those.
    pub waiting_per_address: usize,
    /// Runs that one address may start in a minute.
    pub per_minute: usize,
    /// How long a run waits for its turn before it is refused.
    pub wait: Duration,
    /// Bytes of one submission, as sent.
    pub run_bytes: usize,
    /// Bytes of one file, and of one snippet.
    pub file_bytes: usize,
    /// How long a browser may take to send a submission.
    pub upload: Duration,
}

impl Default for PracticeLimits {
    fn default() -> Self {
        Self {
            at_once: std::thread::available_parallelism().map_or(1, usize::from),
            running_per_address: 1,
            waiting_per_address: 3,
            per_minute: 30,
            wait: Duration::from_secs(20),
            run_bytes: jobfuture_grader::MAX_SUBMISSION,
            file_bytes: jobfuture_grader::MAX_FILE,
            upload: Duration::from_secs(30),
        }
    }
}

/// A network of addresses that are believed when they say for whom they forward: `10.0.0.0/8`, `::1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrustedProxy {
    network: IpAddr,
    prefix: u8,
}

/// Why a text is not a network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an address, or an address with a prefix length, such as 10.0.0.0/8 or ::1")]
pub struct BadNetwork(String);

impl TrustedProxy {
    /// Whether an address lies in this network.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.network, address.to_canonical()) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                same_prefix(&network.octets(), &address.octets(), self.prefix)
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                same_prefix(&network.octets(), &address.octets(), self.prefix)
            }
            _ => false,
        }
    }
}

fn same_prefix(a: &[u8], b: &[u8], bits: u8) -> bool {
    let whole = usize::from(bits / 8);
    let rest = bits % 8;
    let mask = !(0xff_u8.checked_shr(u32::from(rest)).unwrap_or(0));
    a[..whole] == b[..whole] && (rest == 0 || a[whole] & mask == b[whole] & mask)
}

impl FromStr for TrustedProxy {
    type Err = BadNetwork;

    fn from_str(text: &str) -> Result<Self, BadNetwork> {
        let bad = || BadNetwork(text.to_owned());
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix.parse().map_err(|_| bad())?)),
            None => (text, None),
        };
        let network: IpAddr = address.parse().map_err(|_| bad())?;
        let longest = if network.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.unwrap_or(longest);
        if prefix > longest { Err(bad()) } else { Ok(Self { network, prefix }) }
    }
}

impl fmt::Display for TrustedProxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.network, self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_contain_what_lies_in_them() {
        let proxy: TrustedProxy = "10.1.0.0/12".parse().unwrap();
        assert!(proxy.contains("10.15.255.1".parse().unwrap()));
        assert!(!proxy.contains("10.16.0.1".parse().unwrap()));
        assert!(proxy.contains("::ffff:10.1.2.3".parse().unwrap()), "IPv4 in IPv6 clothes");
        let loopback: TrustedProxy = "::1".parse().unwrap();
        assert!(loopback.contains("::1".parse().unwrap()));
        assert!(!loopback.contains("127.0.0.1".parse().unwrap()));
        let all: TrustedProxy = "0.0.0.0/0".parse().unwrap();
        assert!(all.contains("198.51.100.7".parse().unwrap()));
    }

    #[test]
    fn other_texts_are_not_networks() {
        for text in ["", "proxy", "10.0.0.0/33", "10.0.0.0/x", "::1/129"] {
            assert!(text.parse::<TrustedProxy>().is_err(), "{text}");
        }
    }
}
