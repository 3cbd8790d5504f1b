//! A connection to an address that was looked at.

use crate::Error;
use crate::policy::{Speaks, Way};
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// How long one address is waited for until the next is tried.
const PATIENCE: Duration = Duration::from_secs(5);
/// Addresses of one name that are tried.
const MOST_TRIED: usize = 3;

/// Connects. The name is needed for TLS only: where to connect to was decided before.
pub(crate) async fn connect(host: &str, ways: &[Way], tls: &Arc<ClientConfig>) -> Result<Stream, Error> {
    let mut last = "it has no address".to_owned();
    for way in ways.iter().take(MOST_TRIED) {
        match tokio::time::timeout(PATIENCE, one(host, way, tls)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(why)) => last = why,
            Err(_) => last = format!("no connection within {} seconds", PATIENCE.as_secs()),
        }
    }
    Err(Error::Unreachable { host: host.to_owned(), why: last })
}

async fn one(host: &str, way: &Way, tls: &Arc<ClientConfig>) -> Result<Stream, String> {
    let stream = TcpStream::connect(way.at).await.map_err(|error| error.to_string())?;
    let tls = match &way.speaks {
        Speaks::Plain => return Ok(Stream::Plain(stream)),
        Speaks::Tls => Arc::clone(tls),
        Speaks::TlsOf(root) => {
            let mut roots = RootCertStore::empty();
            roots.add(CertificateDer::from(root.clone())).map_err(|error| error.to_string())?;
            Arc::new(config(roots)?)
        }
    };
    let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned()).map_err(|error| error.to_string())?;
    let stream = TlsConnector::from(tls).connect(name, stream).await.map_err(|error| error.to_string())?;
    Ok(Stream::Tls(Box::new(stream)))
}

/// TLS by the authorities that browsers believe.
pub(crate) fn usual_tls() -> Result<Arc<ClientConfig>, String> {
    let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    Ok(Arc::new(config(roots)?))
}

fn config(roots: RootCertStore) -> Result<ClientConfig, String> {
    // Named, because a process that holds two libraries for it has no default one.
    let crypto = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(crypto).with_safe_default_protocol_versions();
    let builder = builder.map_err(|error| error.to_string())?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

/// What is spoken over.
pub(crate) enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<std::io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_read(context, into),
            Self::Tls(stream) => Pin::new(stream).poll_read(context, into),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write(context, bytes),
            Self::Tls(stream) => Pin::new(stream).poll_write(context, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_flush(context),
            Self::Tls(stream) => Pin::new(stream).poll_flush(context),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_shutdown(context),
            Self::Tls(stream) => Pin::new(stream).poll_shutdown(context),
        }
    }
}
