//! DNS: where a name leads, and what its TXT records say. Asked anew each time, so that what was just changed is seen.

use crate::Error;
use hickory_resolver::TokioResolver;
use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig, ResolverOpts};
use hickory_resolver::net::NetError;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::RData;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// How long one server is waited for. It is asked twice.
const PATIENCE: Duration = Duration::from_secs(3);
/// Addresses of one name that are looked at. Who has more has them for something else.
const MOST_ADDRESSES: usize = 32;

/// Asks DNS. Cheap to clone.
#[derive(Clone)]
pub struct Names(TokioResolver);

/// DNS cannot be asked as it was said.
#[derive(Debug, Clone, thiserror::Error)]
pub enum BadServer {
    /// The system names no server that can be asked.
    #[error("the system's name servers could not be found out ({0}): name one with --dns")]
    System(String),
    /// It cannot be set up.
    #[error("DNS could not be set up: {0}")]
    Unusable(String),
}

impl fmt::Debug for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Names")
    }
}

impl Names {
    /// By the servers that the system asks (`/etc/resolv.conf`).
    ///
    /// # Errors
    /// [`BadServer`].
    pub fn of_system() -> Result<Self, BadServer> {
        let (config, _) =
            hickory_resolver::system_conf::read_system_conf().map_err(|error| BadServer::System(error.to_string()))?;
        let servers = config.name_servers().to_vec();
        Self::of(servers)
    }

    /// By these servers, over UDP, and TCP where an answer is long.
    ///
    /// # Errors
    /// [`BadServer`].
    pub fn at(servers: &[SocketAddr]) -> Result<Self, BadServer> {
        let server = |address: &SocketAddr| {
            let port = |mut connection: ConnectionConfig| {
                connection.port = address.port();
                connection
            };
            let connections = vec![port(ConnectionConfig::udp()), port(ConnectionConfig::tcp())];
            NameServerConfig::new(address.ip(), true, connections)
        };
        Self::of(servers.iter().map(server).collect())
    }

    fn of(servers: Vec<NameServerConfig>) -> Result<Self, BadServer> {
        // Neither the system's search list nor its file of hosts: a name means the same on every machine.
        let config = ResolverConfig::from_parts(None, Vec::new(), servers);
        let mut options = ResolverOpts::default();
        options.timeout = PATIENCE;
        options.attempts = 1;
        options.cache_size = 0;
        options.use_hosts_file = ResolveHosts::Never;
        let builder = TokioResolver::builder_with_config(config, TokioRuntimeProvider::default()).with_options(options);
        builder.build().map(Self).map_err(|error| BadServer::Unusable(error.to_string()))
    }

    /// Every address of a name.
    ///
    /// # Errors
    /// [`Error::NoSuchName`], [`Error::Dns`].
    pub async fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, Error> {
        let found = self.0.lookup_ip(whole(host)).await.map_err(|error| fault(host, &error))?;
        let addresses: Vec<IpAddr> = found.iter().take(MOST_ADDRESSES).collect();
        if addresses.is_empty() { Err(Error::NoSuchName { host: host.to_owned() }) } else { Ok(addresses) }
    }

    /// What the TXT records of a name say, each as one text; nothing where there are none.
    ///
    /// # Errors
    /// [`Error::Dns`].
    pub async fn texts(&self, name: &str) -> Result<Vec<String>, Error> {
        let found = match self.0.txt_lookup(whole(name)).await {
            Ok(found) => found,
            Err(error) if error.is_no_records_found() => return Ok(Vec::new()),
            Err(error) => return Err(fault(name, &error)),
        };
        let texts = found.answers().iter().filter_map(|record| match &record.data {
            // Long texts are cut into pieces of 255 bytes (RFC 1035, 3.3.14).
            RData::TXT(txt) => Some(String::from_utf8_lossy(&txt.txt_data.concat()).into_owned()),
            _ => None,
        });
        Ok(texts.collect())
    }
}

/// With the dot that says that nothing is to be put behind it.
fn whole(name: &str) -> String {
    format!("{}.", name.trim_end_matches('.'))
}

fn fault(host: &str, error: &NetError) -> Error {
    let host = host.to_owned();
    if error.is_no_records_found() { Error::NoSuchName { host } } else { Error::Dns { host, why: error.to_string() } }
}
