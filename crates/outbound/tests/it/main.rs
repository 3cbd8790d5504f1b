//! The guarded client against servers of this machine that do what servers must not do.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that fails should say where")]

mod encrypted;
mod guard;
mod names;
mod taken;

use jobfuture_outbound::{Answer, Ask, Error, Names, Outbound, Policy};
use jobfuture_testkit::{NameServer, WebServer};
use std::net::TcpStream;
use std::time::Duration;

/// A site of this name, and a client that may reach it.
pub(crate) struct Town {
    pub(crate) dns: NameServer,
    pub(crate) web: WebServer,
    pub(crate) outbound: Outbound,
}

pub(crate) const SITE: &str = "https://hill.example/feed";

impl Town {
    pub(crate) fn new(answers: impl Fn(&str, &mut TcpStream) + Send + Sync + 'static) -> Self {
        let (dns, web) = (NameServer::start(), WebServer::start(answers));
        dns.lead("hill.example", &["127.0.0.1"]);
        let outbound = client(&dns, Policy::default().with_trial(web.at()));
        Self { dns, web, outbound }
    }

    pub(crate) async fn get(&self) -> Result<Answer, Error> {
        self.outbound.get(&ask(SITE)).await
    }
}

pub(crate) fn client(dns: &NameServer, policy: Policy) -> Outbound {
    Outbound::new(Names::at(&[dns.at()]).unwrap(), policy, Some("https://jobs.example.org")).unwrap()
}

/// Small limits, so that the tests are quick.
pub(crate) fn ask(url: &str) -> Ask<'_> {
    Ask { most: 10_000, most_unpacked: 50_000, whole: Duration::from_secs(2), ..Ask::new(url, &["text/plain"]) }
}
