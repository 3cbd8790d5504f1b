//! Public pages, rendered once by the router itself and kept as bytes in every encoding: the fast path.
//!
//! A request for one costs a look-up, a clone of its headers and of a counted pointer to its bytes.

use crate::compress;
use crate::encoding::{Accepted, Encoding};
use crate::site::{PublishError, PublishReport};
use arc_swap::ArcSwap;
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::response::Response;
use axum::routing::future::RouteFuture;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tower::{Service, ServiceExt};

type Pages = HashMap<String, Arc<CompiledPage>>;

/// All ready-made pages, by path.
#[derive(Debug, Default)]
pub struct CompiledPages {
    pages: ArcSwap<Pages>,
    /// One at a time publishes.
    publishing: tokio::sync::Mutex<()>,
}

/// One page in each encoding that it has yet.
#[derive(Debug, Clone)]
struct CompiledPage {
    /// SHA-256 of the page as written.
    digest: [u8; 32],
    /// Smallest first; identity is the last, and always there.
    forms: Vec<Form>,
}

/// A page in one encoding.
#[derive(Debug, Clone)]
struct Form {
    encoding: Encoding,
    etag: HeaderValue,
    /// All but `Date`.
    headers: HeaderMap,
    /// Those of a 304.
    unchanged: HeaderMap,
    body: Bytes,
}

impl CompiledPages {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.pages.load().len()
    }

    /// The answer, if the request asks for a ready-made page. Queries are for other pages and for scripts.
    fn answer(&self, request: &Request) -> Option<Response> {
        if request.method() != Method::GET && request.method() != Method::HEAD {
            return None;
        }
        let pages = self.pages.load();
        Some(pages.get(request.uri().path())?.answer(request))
    }

    /// Renders the paths through the router and swaps them in: first as they are and quickly compressed, then by
    /// brotli's best.
    pub async fn publish(&self, router: Router, paths: Vec<String>) -> Result<PublishReport, PublishError> {
        let _one_at_a_time = self.publishing.lock().await;
        let mut rendered = Vec::with_capacity(paths.len());
        for path in paths {
            let (headers, body) = fetch(router.clone(), &path).await?;
            rendered.push((path, headers, body));
        }
        let old = self.pages.load_full();
        let quick = off_thread(move || first_forms(rendered, &old)).await?;
        self.pages.store(Arc::new(quick.clone()));
        let best = off_thread(move || with_brotli(quick)).await?;
        let report = report(&best);
        self.pages.store(Arc::new(best));
        Ok(report)
    }
}

/// Asks the router as a browser would, one that takes no encoding.
async fn fetch(router: Router, path: &str) -> Result<(HeaderMap, Bytes), PublishError> {
    let failed = |why: String| PublishError::Body { path: path.to_owned(), why };
    let request = Request::get(path).body(Body::empty()).map_err(|error| failed(error.to_string()))?;
    let response = match router.oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    };
    if response.status() != StatusCode::OK {
        return Err(PublishError::Page { path: path.to_owned(), status: response.status() });
    }
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.map_err(|error| failed(error.to_string()))?;
    Ok((parts.headers, body))
}

async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, PublishError> + Send + 'static,
) -> Result<T, PublishError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| PublishError::Interrupted(error.to_string()))?
}

/// Identity, gzip and zstd; a page that did not change keeps all that it had.
fn first_forms(rendered: Vec<(String, HeaderMap, Bytes)>, old: &Pages) -> Result<Pages, PublishError> {
    let mut pages = Pages::with_capacity(rendered.len());
    for (path, headers, body) in rendered {
        let digest: [u8; 32] = Sha256::digest(&body).into();
        let page = match old.get(&path) {
            Some(page) if page.digest == digest => Arc::clone(page),
            _ => Arc::new(CompiledPage::new(digest, &headers, body).map_err(|why| bad(&path, &why))?),
        };
        pages.insert(path, page);
    }
    Ok(pages)
}

fn with_brotli(mut pages: Pages) -> Result<Pages, PublishError> {
    for (path, page) in &mut pages {
        if page.forms.iter().all(|form| form.encoding != Encoding::Brotli) {
            let best = CompiledPage::clone(page).and_brotli().map_err(|why| bad(path, &why))?;
            *page = Arc::new(best);
        }
    }
    Ok(pages)
}

fn bad(path: &str, why: &std::io::Error) -> PublishError {
    PublishError::Body { path: path.to_owned(), why: why.to_string() }
}

fn report(pages: &Pages) -> PublishReport {
    let sum = |pick: fn(&[Form]) -> Option<&Form>| {
        pages.values().filter_map(|page| pick(&page.forms)).map(|form| form.body.len()).sum()
    };
    PublishReport { pages: pages.len(), bytes: sum(<[Form]>::last), compressed: sum(<[Form]>::first) }
}

impl CompiledPage {
    fn new(digest: [u8; 32], headers: &HeaderMap, body: Bytes) -> std::io::Result<Self> {
        let zstd = compress::zstd(&body, 12)?;
        let gzip = compress::gzip(&body, flate2::Compression::new(6))?;
        let forms = vec![
            Form::new(Encoding::Zstd, &digest, headers, zstd.into()),
            Form::new(Encoding::Gzip, &digest, headers, gzip.into()),
            Form::new(Encoding::Identity, &digest, headers, body),
        ];
        Ok(Self { digest, forms })
    }

    fn and_brotli(mut self) -> std::io::Result<Self> {
        if let Some(plain) = self.forms.last() {
            let packed = compress::brotli(&plain.body)?;
            let form = Form::new(Encoding::Brotli, &self.digest, &plain.headers, packed.into());
            self.forms.insert(0, form);
        }
        Ok(self)
    }

    fn answer(&self, request: &Request) -> Response {
        let accepted = Accepted::of(request.headers());
        let form = self.forms.iter().find(|form| accepted.takes(form.encoding));
        match form {
            Some(form) => form.answer(request),
            // Identity is always there and always taken; this is never reached.
            None => Response::new(Body::empty()),
        }
    }
}

impl Form {
    fn new(encoding: Encoding, digest: &[u8; 32], headers: &HeaderMap, body: Bytes) -> Self {
        let mut headers = headers.clone();
        let etag = etag(digest, encoding);
        headers.insert(header::ETAG, etag.clone());
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
        headers.remove(header::CONTENT_ENCODING);
        if let Some(token) = encoding.token() {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(token));
        }
        let mut unchanged = headers.clone();
        for name in [header::CONTENT_LENGTH, header::CONTENT_TYPE, header::CONTENT_ENCODING] {
            unchanged.remove(name);
        }
        Self { encoding, etag, headers, unchanged, body }
    }

    fn answer(&self, request: &Request) -> Response {
        let unchanged = request.headers().get(header::IF_NONE_MATCH).is_some_and(|known| self.is(known));
        let mut response = Response::new(Body::empty());
        if unchanged {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            *response.headers_mut() = self.unchanged.clone();
        } else {
            *response.headers_mut() = self.headers.clone();
            if request.method() == Method::GET {
                *response.body_mut() = Body::from(self.body.clone());
            }
        }
        response
    }

    /// Whether an `If-None-Match` names this form.
    fn is(&self, known: &HeaderValue) -> bool {
        let Ok(known) = known.to_str() else { return false };
        let mine = self.etag.to_str().unwrap_or_default();
        known.split(',').map(str::trim).any(|tag| tag == "*" || tag.trim_start_matches("W/") == mine)
    }
}

/// Strong: the first 64 bits of the page's digest, and the encoding.
fn etag(digest: &[u8; 32], encoding: Encoding) -> HeaderValue {
    let hex: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let tag = encoding.token().map_or_else(|| format!("\"{hex}\""), |token| format!("\"{hex}-{token}\""));
    HeaderValue::try_from(tag).unwrap_or_else(|_| HeaderValue::from_static("\"\""))
}

/// The site as a service: ready-made pages, and the router for the rest.
#[derive(Debug, Clone)]
pub struct SiteService {
    compiled: Arc<CompiledPages>,
    router: Router,
}

impl SiteService {
    /// Puts ready-made pages before a router.
    pub(crate) fn new(compiled: Arc<CompiledPages>, router: Router) -> Self {
        Self { compiled, router }
    }
}

impl Service<Request> for SiteService {
    type Response = Response;
    type Error = Infallible;
    type Future = SiteFuture;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        // Neither side ever waits: axum's router is always ready.
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> SiteFuture {
        match self.compiled.answer(&request) {
            Some(response) => SiteFuture(Answer::Ready(Some(response))),
            None => SiteFuture(Answer::Routed(Box::pin(self.router.call(request)))),
        }
    }
}

/// The answer of a [`SiteService`].
pub struct SiteFuture(Answer);

enum Answer {
    Ready(Option<Response>),
    Routed(Pin<Box<RouteFuture<Infallible>>>),
}

impl Future for SiteFuture {
    type Output = Result<Response, Infallible>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.0 {
            Answer::Ready(response) => match response.take() {
                Some(response) => Poll::Ready(Ok(response)),
                // Polled again after it was done, which no executor does.
                None => Poll::Pending,
            },
            Answer::Routed(future) => future.as_mut().poll(context),
        }
    }
}
