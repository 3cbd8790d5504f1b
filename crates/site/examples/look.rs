//! Serves the repository's content with a judge that pretends, to look at the pages:
//! `cargo run -p jobfuture-site --example look [ADDRESS [published]]`. Stylesheets and scripts are read from disk at
//! each request, unless it is to be looked at as published. Code that holds the word `fail` fails.

#[path = "../tests/it/pretend.rs"]
mod pretend;

use jobfuture_content::Library;
use jobfuture_db::{Clock, Db};
use jobfuture_disclosure::Disclosure;
use jobfuture_site::{Accounts, Practice, ProofLedger, Site, SiteConfig, SiteParts};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:8090".to_owned());
    let published = std::env::args().nth(2).is_some_and(|word| word == "published");
    let library = Library::read(&here.join("../../content"))?;
    let folder = tempfile::tempdir()?;
    let db = Db::open(&format!("sqlite:{}", folder.path().join("look.db").display())).await?;
    let site = Site::new(SiteParts {
        accounts: Accounts::new(db.clone(), Clock::system())?,
        disclosure: Disclosure::open(db.clone(), db, Clock::system()).await?,
        library: Arc::new(library),
        practice: Practice::On(Arc::new(pretend::Pretend)),
        proofs: ProofLedger::default(),
        config: SiteConfig { assets_dir: (!published).then(|| here.join("assets")), ..SiteConfig::default() },
    });
    if published {
        let start = std::time::Instant::now();
        let report = site.publish().await?;
        eprintln!("{report:?} in {:?}", start.elapsed());
    }
    let listener = tokio::net::TcpListener::bind(&address).await?;
    eprintln!("http://{address}/");
    let service =
        axum::ServiceExt::<axum::extract::Request>::into_make_service_with_connect_info::<SocketAddr>(site.service());
    axum::serve(listener, service).await?;
    Ok(())
}
