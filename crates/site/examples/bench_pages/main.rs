//! The site's side of `cargo xtask bench pages`: `bench_pages published` or `bench_pages queries DATABASE`.
//!
//! *published* is the site as it is served, its pages compiled. *queries* is the page of a section as it would be
//! without that: the guides' content in tables, five queries through `jobfuture_db` for each request, the site's own
//! templates. Before it serves, it makes sure that both give the same page, byte for byte. Either prints its address as
//! a line of JSON and serves until its standard input ends.

#[path = "../../tests/it/pretend.rs"]
mod pretend;
mod tables;
#[path = "../../src/page/text.rs"]
mod text;
mod view;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderMap, StatusCode, header};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use jobfuture_content::Library;
use jobfuture_db::{Clock, Db};
use jobfuture_disclosure::Disclosure;
use jobfuture_site::{Accounts, Practice, ProofLedger, ProofRecord, Site, SiteConfig, SiteParts};
use std::error::Error;
use std::io::Read;
use std::net::SocketAddr;
use std::path::Path as FilePath;
use std::sync::Arc;
use tokio::net::TcpListener;
use tower::ServiceExt;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const PAGE: &str = "/guides/django/related-objects";
const VERSIONS: &str = "Django 5.2.19";
const PROVED_AT: &str = "2026-01-15T10:00:00Z";

#[tokio::main]
async fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let library = Library::read(&FilePath::new(env!("CARGO_MANIFEST_DIR")).join("../../content"));
    let mut library = library.map_err(|faults| faults.to_string())?;
    // The page that is measured is the guide's own: links to quick questions would be a sixth query in every row.
    library.questions.clear();
    let library = Arc::new(library);
    let folder = tempfile::tempdir()?;
    let accounts = Db::open(&format!("sqlite:{}", folder.path().join("accounts.db").display())).await?;
    let disclosure = Disclosure::open(accounts.clone(), accounts.clone(), Clock::system()).await?;
    let site = site(&library, Accounts::new(accounts, Clock::system())?, disclosure)?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = format!("{{\"address\": \"{}\", \"page\": \"{PAGE}\"}}", listener.local_addr()?);
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["published"] => {
            site.publish().await?;
            println!("{address}");
            let service =
                axum::ServiceExt::<Request>::into_make_service_with_connect_info::<SocketAddr>(site.service());
            axum::serve(listener, service).with_graceful_shutdown(told_to_stop()).await?;
        }
        ["queries", database] => {
            let queries = Queries::new(&library, &site, database).await?;
            let router = Router::new().route("/guides/{guide}/{section}", get(section)).with_state(Arc::new(queries));
            println!("{address}");
            axum::serve(listener, router).with_graceful_shutdown(told_to_stop()).await?;
        }
        _ => return Err("bench_pages published, or bench_pages queries DATABASE".into()),
    }
    Ok(())
}

/// The site, with every proof proved and somebody to run code, so that the page is as long as in service.
fn site(library: &Arc<Library>, accounts: Accounts, disclosure: Disclosure) -> Result<Site> {
    let proofs = ProofLedger::default();
    let proved_on = PROVED_AT.parse::<Timestamp>()?.to_zoned(TimeZone::UTC).date();
    for proof in library.proofs() {
        let project = library.projects.get(&proof.project).ok_or("a proof without its project")?;
        proofs.record(proof.key(project), ProofRecord { versions: VERSIONS.to_owned(), proved_on, passed: true });
    }
    let (library, practice) = (Arc::clone(library), Practice::On(Arc::new(pretend::Pretend)));
    Ok(Site::new(SiteParts { library, practice, proofs, accounts, disclosure, config: SiteConfig::default() }))
}

async fn told_to_stop() {
    let end = tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new()));
    // Whatever became of it, there is nobody left who wants anything.
    let _ = end.await;
}

/// What a request needs.
struct Queries {
    db: Db,
    /// Folder of the assets, as the site's pages name it.
    assets: String,
    /// The site's own headers.
    headers: HeaderMap,
}

impl Queries {
    async fn new(library: &Library, site: &Site, database: &str) -> Result<Self> {
        let db = Db::open(&format!("sqlite:{database}")).await?;
        tables::fill(&db, library, VERSIONS, PROVED_AT.parse()?).await?;
        let (headers, page) = rendered_by_site(site).await?;
        let rest = page.split_once("/assets/").ok_or("the page has no assets")?.1;
        let version = rest.split('/').next().unwrap_or_default();
        let queries = Self { db, assets: format!("/assets/{version}"), headers };
        let [guide, section] = [2, 3].map(|part| PAGE.split('/').nth(part).unwrap_or_default().to_owned());
        let own = queries.page(guide, section).await?.ok_or("the page is not in the tables")?;
        if own != page {
            let differs = own.lines().zip(page.lines()).find(|(own, page)| own != page);
            return Err(format!("the page made from tables is not the site's: {differs:?}").into());
        }
        Ok(queries)
    }

    async fn page(&self, guide: String, section: String) -> Result<Option<String>> {
        let slug = section.clone();
        let rows = self.db.read(move |read| tables::section(read, &guide, &slug)).await?;
        rows.map(|rows| view::page(&rows, &section, &self.assets)).transpose()
    }
}

async fn rendered_by_site(site: &Site) -> Result<(HeaderMap, String)> {
    let response = site.router().oneshot(Request::get(PAGE).body(Body::empty())?).await?;
    if response.status() != StatusCode::OK {
        return Err(format!("{PAGE} answered {}", response.status()).into());
    }
    let (parts, body) = response.into_parts();
    let mut headers = parts.headers;
    headers.remove(header::CONTENT_LENGTH);
    Ok((headers, String::from_utf8(to_bytes(body, usize::MAX).await?.to_vec())?))
}

async fn section(State(queries): State<Arc<Queries>>, Path((guide, section)): Path<(String, String)>) -> Response {
    match queries.page(guide, section).await {
        Ok(Some(page)) => (queries.headers.clone(), page).into_response(),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}
