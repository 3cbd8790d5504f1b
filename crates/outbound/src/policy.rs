//! What may be reached.

use crate::{Error, not_public};
use std::net::{IpAddr, SocketAddr};

/// What may be reached. As it comes: public addresses by https, and nothing else.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    pub(crate) allows_http: bool,
    trials: Vec<Trial>,
}

/// A place to try things out at.
#[derive(Debug, Clone)]
struct Trial {
    at: SocketAddr,
    /// The authority that its certificate is by, in DER; without one it is spoken to by plain http.
    root: Option<Vec<u8>>,
}

/// Where to connect to, looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Way {
    pub(crate) at: SocketAddr,
    pub(crate) speaks: Speaks,
}

/// How what is there is spoken to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Speaks {
    Plain,
    Tls,
    /// With a certificate by this authority.
    TlsOf(Vec<u8>),
}

impl Policy {
    /// Takes http too, at port 80. What is fetched so can be changed on the way.
    #[must_use]
    pub fn with_http(mut self) -> Self {
        self.allows_http = true;
        self
    }

    /// For trying things out on one machine, and for tests: a name that leads to this address is reached at exactly this
    /// address and port, by plain http, whatever scheme and port were named. Every other address is judged as always, and so is
    /// every other port of this one.
    #[must_use]
    pub fn with_trial(mut self, at: SocketAddr) -> Self {
        self.trials.push(Trial { at, root: None });
        self
    }

    /// The same by TLS, with a certificate by this authority (DER).
    #[must_use]
    pub fn with_tls_trial(mut self, at: SocketAddr, root: Vec<u8>) -> Self {
        self.trials.push(Trial { at, root: Some(root) });
        self
    }

    /// The ways to a host whose name led to these addresses. One that must not be reached spoils them all: a name that leads both
    /// to a public and to a private address is no honest one.
    pub(crate) fn ways(&self, host: &str, addresses: &[IpAddr], port: u16, tls: bool) -> Result<Vec<Way>, Error> {
        let way = |address: &IpAddr| {
            if let Some(trial) = self.trials.iter().find(|trial| trial.at.ip() == *address) {
                let speaks = trial.root.clone().map_or(Speaks::Plain, Speaks::TlsOf);
                return Ok(Way { at: trial.at, speaks });
            }
            match not_public(*address) {
                None => {
                    let speaks = if tls { Speaks::Tls } else { Speaks::Plain };
                    Ok(Way { at: SocketAddr::new(*address, port), speaks })
                }
                Some(kind) => Err(Error::NotPublic { host: host.to_owned(), address: *address, kind }),
            }
        };
        addresses.iter().map(way).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_private_address_spoils_the_name() {
        let policy = Policy::default();
        let of = |texts: &[&str]| {
            let addresses: Vec<IpAddr> = texts.iter().map(|text| text.parse().unwrap()).collect();
            policy.ways("hill.example", &addresses, 443, true)
        };
        assert_eq!(of(&["9.9.9.9"]).unwrap(), [Way { at: "9.9.9.9:443".parse().unwrap(), speaks: Speaks::Tls }]);
        assert!(matches!(of(&["9.9.9.9", "10.0.0.1"]), Err(Error::NotPublic { .. })));
    }

    #[test]
    fn a_trial_opens_one_port_of_one_address_and_no_other() {
        let policy = Policy::default().with_trial("127.0.0.1:8099".parse().unwrap());
        let ways = policy.ways("hill.example", &["127.0.0.1".parse().unwrap()], 443, true).unwrap();
        assert_eq!(ways, [Way { at: "127.0.0.1:8099".parse().unwrap(), speaks: Speaks::Plain }]);
        for text in ["127.0.0.2", "::1", "10.0.0.1"] {
            let ways = policy.ways("hill.example", &[text.parse().unwrap()], 8099, false);
            assert!(matches!(ways, Err(Error::NotPublic { .. })), "{text}");
        }
    }
}
