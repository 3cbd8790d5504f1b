//! One request, one answer.

use crate::body::{broken, causes};
use crate::connect::{Stream, connect, usual_tls};
use crate::{Answer, Arrived, Ask, Error, Names, Policy, answer, body};
use http::{HeaderMap, Method, Request, Response, StatusCode, header};
use http_body_util::Empty;
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use std::fmt;
use std::sync::Arc;
use tokio::task::JoinSet;
use url::{Host, Url};

/// The longest address that is asked.
const LONGEST_URL: usize = 2000;
/// What of another's address is repeated in an error, in characters.
const LONGEST_TOLD: usize = 300;
/// Bytes of an answer's head.
const LONGEST_HEAD: usize = 64 * 1024;
/// Lines of an answer's head.
const MOST_HEADERS: usize = 100;

/// Goes out. Cheap to clone.
#[derive(Clone)]
pub struct Outbound(Arc<Inner>);

struct Inner {
    names: Names,
    policy: Policy,
    agent: String,
    tls: Arc<ClientConfig>,
}

/// It cannot be set up.
#[derive(Debug, Clone, thiserror::Error)]
#[error("requests to other servers cannot be made: {0}")]
pub struct NoClient(String);

/// Where an address leads, before DNS is asked.
struct Target {
    host: String,
    literal: Option<std::net::IpAddr>,
    port: u16,
    is_encrypted: bool,
    path: String,
}

impl fmt::Debug for Outbound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outbound").field("policy", &self.0.policy).finish_non_exhaustive()
    }
}

impl Outbound {
    /// With names by these servers, within this policy. `site` is where whoever reads their log finds out who asks.
    ///
    /// # Errors
    /// TLS cannot be set up; an address that no header can hold.
    pub fn new(names: Names, policy: Policy, site: Option<&str>) -> Result<Self, NoClient> {
        let more = site.map(|site| format!(" (+{site})")).unwrap_or_default();
        let agent = format!("JobFuture/{}{more}", env!("CARGO_PKG_VERSION"));
        if http::HeaderValue::from_str(&agent).is_err() {
            return Err(NoClient("the address of this site holds signs that no header can".to_owned()));
        }
        let tls = usual_tls().map_err(NoClient)?;
        Ok(Self(Arc::new(Inner { names, policy, agent, tls })))
    }

    /// DNS, as it is asked here.
    pub fn names(&self) -> &Names {
        &self.0.names
    }

    /// Asks once.
    ///
    /// # Errors
    /// All of [`Error`]: what must not be asked, what did not come, what came and is not taken.
    pub async fn get(&self, ask: &Ask<'_>) -> Result<Answer, Error> {
        let target = Target::parse(ask.url, self.0.policy.allows_http)?;
        let host = target.host.clone();
        match tokio::time::timeout(ask.whole, self.go(ask, target)).await {
            Ok(answer) => answer,
            Err(_) => Err(Error::Slow { host, seconds: ask.whole.as_secs() }),
        }
    }

    async fn go(&self, ask: &Ask<'_>, target: Target) -> Result<Answer, Error> {
        let Inner { names, policy, tls, .. } = &*self.0;
        let addresses = match target.literal {
            Some(address) => vec![address],
            None => names.addresses(&target.host).await?,
        };
        let ways = policy.ways(&target.host, &addresses, target.port, target.is_encrypted)?;
        let stream = connect(&target.host, &ways, tls).await?;
        // Dropped with the answer, and the connection with it.
        let mut driving = JoinSet::new();
        let response = self.send(ask, &target, stream, &mut driving).await?;
        let (head, body) = response.into_parts();
        judge(ask, head.status, &head.headers)?;
        if head.status == StatusCode::NOT_MODIFIED {
            return Ok(Answer::Unchanged);
        }
        let kind = answer::kind(&head.headers);
        if !ask.kinds.contains(&kind.as_str()) {
            let found = if kind.is_empty() { "none".to_owned() } else { shortened(&kind) };
            return Err(Error::WrongKind { url: ask.url.to_owned(), found, wanted: ask.kinds.join(" or ") });
        }
        let body = body::read(ask, &head.headers, body).await?;
        Ok(Answer::Arrived(Arrived { body, kind, version: answer::version(&head.headers) }))
    }

    async fn send(
        &self,
        ask: &Ask<'_>,
        target: &Target,
        stream: Stream,
        driving: &mut JoinSet<()>,
    ) -> Result<Response<Incoming>, Error> {
        let unreachable =
            |error: &dyn std::error::Error| Error::Unreachable { host: target.host.clone(), why: causes(error) };
        let mut builder = http1::Builder::new();
        builder.max_buf_size(LONGEST_HEAD).max_headers(MOST_HEADERS);
        let (mut sender, connection) =
            builder.handshake(TokioIo::new(stream)).await.map_err(|error| unreachable(&error))?;
        driving.spawn(async move {
            // What goes wrong is told by the answer.
            let _ = connection.await;
        });
        let mut request = Request::builder()
            .method(Method::GET)
            .uri(&target.path)
            .header(header::HOST, &target.host)
            .header(header::USER_AGENT, &self.0.agent)
            .header(header::ACCEPT, ask.kinds.join(", "))
            .header(header::ACCEPT_ENCODING, "gzip")
            .header(header::CONNECTION, "close");
        if let Some(etag) = ask.known.and_then(|known| known.etag.as_deref()) {
            request = request.header(header::IF_NONE_MATCH, etag);
        }
        if let Some(date) = ask.known.and_then(|known| known.last_modified.as_deref()) {
            request = request.header(header::IF_MODIFIED_SINCE, date);
        }
        let request = request.body(Empty::<Bytes>::new()).map_err(|error| broken(ask, error.to_string()))?;
        sender.send_request(request).await.map_err(|error| broken(ask, causes(&error)))
    }
}

/// Whether an answer of this status is one.
fn judge(ask: &Ask<'_>, status: StatusCode, headers: &HeaderMap) -> Result<(), Error> {
    let url = || ask.url.to_owned();
    match status {
        StatusCode::OK => Ok(()),
        StatusCode::NOT_MODIFIED if ask.known.is_some() => Ok(()),
        status if status.is_redirection() && status != StatusCode::NOT_MODIFIED => {
            let to = answer::text(headers, header::LOCATION).unwrap_or_else(|| "nowhere".to_owned());
            Err(Error::Redirect { url: url(), to: shortened(&to) })
        }
        status => Err(Error::Status { url: url(), code: status.as_u16(), retry_after: answer::retry_after(headers) }),
    }
}

impl Target {
    fn parse(text: &str, allows_http: bool) -> Result<Self, Error> {
        let bad = |why: &'static str| Error::BadUrl { url: shortened(text), why };
        if text.len() > LONGEST_URL {
            return Err(bad("it is too long"));
        }
        let url = Url::parse(text).map_err(|_| bad("write it whole, as in https://example.com/jobs"))?;
        let is_encrypted = match url.scheme() {
            "https" => true,
            "http" if allows_http => false,
            "http" => return Err(bad("use its https address")),
            _ => return Err(bad("only https addresses are asked")),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(bad("take the name and the password out of it"));
        }
        // `Url` leaves out the port that is usual for the scheme.
        if url.port().is_some() {
            return Err(bad("take the port out of it: only the usual one is asked"));
        }
        let literal = match url.host() {
            Some(Host::Domain(_)) => None,
            Some(Host::Ipv4(address)) => Some(address.into()),
            Some(Host::Ipv6(address)) => Some(address.into()),
            None => return Err(bad("it has no host")),
        };
        let host = url.host_str().unwrap_or_default().trim_end_matches('.').to_owned();
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        let path = format!("{}{query}", url.path());
        Ok(Self { host, literal, port: if is_encrypted { 443 } else { 80 }, is_encrypted, path })
    }
}

/// What others wrote, for an error: short, and without what is not to be seen.
fn shortened(text: &str) -> String {
    text.chars().filter(|sign| !sign.is_control()).take(LONGEST_TOLD).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_browsers_read_them() {
        let target = Target::parse("https://Hill.Example./jobs?x=1#y", false).unwrap();
        assert_eq!((target.host.as_str(), target.path.as_str(), target.port), ("hill.example", "/jobs?x=1", 443));
        let target = Target::parse("https://bücher.example", false).unwrap();
        assert_eq!((target.host.as_str(), target.path.as_str()), ("xn--bcher-kva.example", "/"));
        // Numbers in disguise are seen as the addresses that they are.
        for text in ["https://127.1/", "https://0x7f.0.0.1/", "https://2130706433/", "https://0177.0.0.1/"] {
            let literal = Target::parse(text, false).unwrap().literal;
            assert_eq!(literal, Some("127.0.0.1".parse().unwrap()), "{text}");
        }
        assert_eq!(
            Target::parse("https://[::ffff:10.0.0.1]/", false).unwrap().literal,
            Some("::ffff:10.0.0.1".parse().unwrap())
        );
    }

    #[test]
    fn what_is_not_asked_is_told_with_the_mend() {
        for (text, says) in [
            ("hill.example/jobs", "write it whole"),
            ("http://hill.example/", "use its https address"),
            ("ftp://hill.example/", "only https"),
            ("file:///etc/passwd", "only https"),
            ("gopher://hill.example/", "only https"),
            ("https://ada:secret@hill.example/", "take the name and the password out"),
            ("https://hill.example:8443/", "take the port out"),
            ("https://hill.example:22/", "take the port out"),
            ("https:///", "write it whole"),
        ] {
            let error = Target::parse(text, false).err().map(|error| error.to_string()).unwrap_or_default();
            assert!(error.contains(says), "{text}: {error}");
        }
        assert!(Target::parse("http://hill.example/", true).is_ok());
        assert!(Target::parse(&format!("https://hill.example/{}", "x".repeat(3000)), false).is_err());
    }
}
