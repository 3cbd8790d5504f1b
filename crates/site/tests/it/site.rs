//! A site to ask things of, and answers that are easy to look at.

use crate::pretend::Pretend;
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::ConnectInfo;
use http::{HeaderMap, Request, StatusCode};
use jobfuture_content::Library;
use jobfuture_db::{Clock, Db};
use jobfuture_disclosure::{Disclosure, Keyring, Randomness};
use jobfuture_site::check::Checks;
use jobfuture_site::{Accounts, OidcProvider, Practice, ProofLedger, Site, SiteConfig, SiteParts};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use tower::ServiceExt;

/// A site on `tests/content`.
pub struct TestSite {
    pub site: Site,
    pub library: Arc<Library>,
    pub proofs: ProofLedger,
    /// The site's own accounts: for the letters that a person would read.
    pub accounts: Accounts,
    /// What people keep and show.
    pub disclosure: Disclosure,
    /// What is drawn there; two sites of tests draw the same.
    pub randomness: Randomness,
    /// For what nobody can do on a page.
    pub db: Db,
    /// By whom people may sign in, if by anybody.
    pub oidc: Option<OidcProvider>,
    /// Time as the site sees it.
    pub clock: Clock,
    /// Made once, as a server does: hundreds of routes, each with its layers, take longer to put together than to ask.
    router: OnceLock<Router>,
    /// Holds the database.
    _folder: tempfile::TempDir,
}

/// An answer, read whole.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// The content of this repository, read once.
fn real_content() -> Arc<Library> {
    static CONTENT: OnceLock<Arc<Library>> = OnceLock::new();
    let read = || {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content");
        Arc::new(Library::read(&root).expect("the content is whole"))
    };
    Arc::clone(CONTENT.get_or_init(read))
}

impl TestSite {
    /// With a judge that pretends.
    pub fn new() -> Self {
        Self::with(SiteConfig::default(), Practice::On(Arc::new(Pretend)))
    }

    pub fn with(config: SiteConfig, practice: Practice) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/content");
        let library = Arc::new(Library::read(&root).expect("the content of tests is whole"));
        let proofs = ProofLedger::default();
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite:{}", folder.path().join("test.db").display());
        Self::on(config, practice, open(url), folder, library, proofs)
    }

    /// On a database that is there.
    pub fn on_db(config: SiteConfig, db: Db) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/content");
        let library = Arc::new(Library::read(&root).expect("the content of tests is whole"));
        let folder = tempfile::tempdir().expect("a temporary folder");
        Self::on(config, Practice::On(Arc::new(Pretend)), db, folder, library, ProofLedger::default())
    }

    /// On a database that is there, with the content of this repository.
    pub fn on_real_content(config: SiteConfig, db: Db, practice: Practice) -> Self {
        let library = real_content();
        let folder = tempfile::tempdir().expect("a temporary folder");
        Self::on(config, practice, db, folder, library, ProofLedger::default())
    }

    /// With the content of this repository.
    pub fn with_real_content() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite:{}", folder.path().join("test.db").display());
        Self::in_folder(SiteConfig::default(), open(url), real_content(), folder)
    }

    /// On a database that is there, with this content.
    pub fn on_library(library: Arc<Library>, db: Db) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let practice = Practice::On(Arc::new(Pretend));
        Self::on(SiteConfig::default(), practice, db, folder, library, ProofLedger::default())
    }

    /// On a database that lies in this folder, with this content.
    pub fn in_folder(config: SiteConfig, db: Db, library: Arc<Library>, folder: tempfile::TempDir) -> Self {
        Self::on(config, Practice::On(Arc::new(Pretend)), db, folder, library, ProofLedger::default())
    }

    /// Skill checks of this site.
    pub fn checks(&self) -> &Checks {
        self.site.checks()
    }

    fn on(
        config: SiteConfig,
        practice: Practice,
        db: Db,
        folder: tempfile::TempDir,
        library: Arc<Library>,
        proofs: ProofLedger,
    ) -> Self {
        let oidc = config.oidc.clone();
        let clock = Clock::fixed("2026-11-22T10:00:00Z".parse().unwrap());
        let accounts = Accounts::new(db.clone(), clock.clone()).unwrap();
        let randomness = Randomness::seeded(7);
        // In the same database, so that two sites on it have the same keys.
        let keys = Keyring::new(db.clone(), clock.clone(), randomness.clone());
        let disclosure = Disclosure::new(db.clone(), keys, clock.clone());
        let parts = SiteParts {
            library: Arc::clone(&library),
            practice,
            proofs: proofs.clone(),
            accounts: accounts.clone(),
            disclosure: disclosure.clone(),
            config,
        };
        let site = Site::new(parts);
        Self {
            site,
            library,
            proofs,
            accounts,
            disclosure,
            randomness,
            db,
            oidc,
            clock,
            router: OnceLock::new(),
            _folder: folder,
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.ask(Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let request = headers.iter().fold(Request::get(path), |request, (name, value)| request.header(*name, *value));
        self.ask(request.body(Body::empty()).unwrap()).await
    }

    /// Sends a form as a browser without JavaScript does.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.ask(form(path, fields).body(Body::from(encoded(fields))).unwrap()).await
    }

    /// Sends a form as the script does.
    pub async fn post_fragment(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let request = form(path, fields).header("jf-fragment", "1").header("accept", "text/html");
        self.ask(request.body(Body::from(encoded(fields))).unwrap()).await
    }

    pub async fn ask(&self, mut request: Request<Body>) -> Answer {
        let peer: SocketAddr = "203.0.113.5:50000".parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(peer));
        let response = self.router.get_or_init(|| self.site.router()).clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        Answer { status: parts.status, headers: parts.headers, body: to_bytes(body, usize::MAX).await.unwrap() }
    }
}

/// A database is opened by a runtime; a test that makes its site is in one already, which cannot wait inside itself.
fn open(url: String) -> Db {
    let opening = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(Db::open(&url)).expect("a database that opens")
    });
    opening.join().unwrap()
}

/// Settings under which credentials are issued.
pub fn issuing() -> SiteConfig {
    SiteConfig { issuer: Some("http://127.0.0.1:8080".to_owned()), ..SiteConfig::default() }
}

fn form(path: &str, _: &[(&str, &str)]) -> http::request::Builder {
    Request::post(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("host", "jobs.example.org")
        .header("sec-fetch-site", "same-origin")
}

/// Every byte as an escape: legal, and simple.
pub fn encoded(fields: &[(&str, &str)]) -> String {
    let escape = |text: &str| text.bytes().map(|byte| format!("%{byte:02x}")).collect::<String>();
    fields.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect::<Vec<_>>().join("&")
}

impl Answer {
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("the answer is text")
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Fails with the whole page, so that one sees what was there instead.
    #[track_caller]
    pub fn has(&self, text: &str) -> &Self {
        assert!(self.text().contains(text), "no {text:?} in:\n{}", self.text());
        self
    }

    #[track_caller]
    pub fn has_not(&self, text: &str) -> &Self {
        assert!(!self.text().contains(text), "{text:?} in:\n{}", self.text());
        self
    }

    #[track_caller]
    pub fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status.as_u16(), status, "{}", String::from_utf8_lossy(&self.body));
        self
    }

    /// Addresses of all links, in order.
    pub fn links(&self) -> Vec<String> {
        let text = self.text();
        let ends = text.match_indices(" href=\"").map(|(at, found)| &text[at + found.len()..]);
        ends.filter_map(|rest| rest.split('"').next()).map(|url| url.replace("&amp;", "&")).collect()
    }
}
