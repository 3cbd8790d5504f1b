//! How the provider is asked: one request, one answer, both short. Redirects are not followed: where a provider's parts are is
//! what its own document says, and neither a code nor the secret is carried anywhere else.

use axum::body::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use std::pin::Pin;
use std::time::Duration;

/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of one answer. A document with a dozen keys takes some 20 KiB.
const LONGEST: usize = 1 << 20;

/// Asks the provider.
#[derive(Debug, Clone)]
pub(super) struct HttpClient(Client<HttpsConnector<HttpConnector>, Full<Bytes>>);

/// Why there is no answer. Says nothing of what was sent.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoAnswer {
    /// No connection, or one that broke off.
    #[error("it could not be reached: {0}")]
    Unreachable(String),
    /// Too slow.
    #[error("it did not answer within {} seconds", PATIENCE.as_secs())]
    Slow,
    /// Its answer broke off, or is longer than any that it should give.
    #[error("its answer broke off, or is longer than {LONGEST} bytes")]
    Body,
}

impl HttpClient {
    /// `encrypted` when nothing but https is to be used.
    ///
    /// # Errors
    /// TLS cannot be set up.
    pub(super) fn new(encrypted: bool) -> Result<Self, String> {
        // Named, because a process that holds two libraries for it has no default one.
        let crypto = rustls::crypto::ring::default_provider();
        let tls = HttpsConnectorBuilder::new().with_provider_and_webpki_roots(crypto);
        let tls = tls.map_err(|error| error.to_string())?;
        let connector = if encrypted { tls.https_only() } else { tls.https_or_http() }.enable_http1().build();
        Ok(Self(Client::builder(TokioExecutor::new()).build(connector)))
    }

    async fn ask(&self, request: HttpRequest) -> Result<HttpResponse, NoAnswer> {
        let request = request.map(|body| Full::new(Bytes::from(body)));
        let response = self.0.request(request).await.map_err(|error| NoAnswer::Unreachable(causes(&error)))?;
        let (parts, body) = response.into_parts();
        let body = Limited::new(body, LONGEST).collect().await.map_err(|_| NoAnswer::Body)?;
        Ok(HttpResponse::from_parts(parts, body.to_bytes().to_vec()))
    }
}

impl<'c> AsyncHttpClient<'c> for HttpClient {
    type Error = NoAnswer;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, NoAnswer>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        let asked = tokio::time::timeout(PATIENCE, Box::pin(self.ask(request)));
        Box::pin(async { asked.await.unwrap_or(Err(NoAnswer::Slow)) })
    }
}

/// An error with what it came from: “connection refused” stands at the end of such a chain.
fn causes(error: &dyn std::error::Error) -> String {
    let first = error.to_string();
    let rest = std::iter::successors(error.source(), |cause| cause.source());
    rest.fold(first, |text, cause| format!("{text}: {cause}"))
}
