//! The site's side of `cargo xtask bench check`: `bench_checks sqlite FOLDER` or `bench_checks postgres`.
//!
//! The site as it is served, on the content of this repository, with skill checks prepared. It prints its address as a line of
//! JSON. For each line with a number on standard input it makes that many people who are signed in, and answers with their
//! cookies. It ends when its standard input ends. Code is not judged here: what is measured ends where a task begins.

#[path = "../tests/it/pretend.rs"]
mod pretend;

use axum::extract::Request;
use jobfuture_content::Library;
use jobfuture_db::{Clock, Db};
use jobfuture_disclosure::Disclosure;
use jobfuture_site::{
    Accounts, EmailAddress, NewAccount, Practice, ProofLedger, Site, SiteConfig, SiteError, SiteParts,
};
use jobfuture_testkit::PostgresServer;
use std::error::Error;
use std::io::BufRead;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use tokio::net::TcpListener;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (url, _server) = match arguments.as_slice() {
        ["sqlite", folder] => (format!("sqlite:{}", Path::new(folder).join("checks.db").display()), None),
        ["postgres"] => {
            let server = PostgresServer::start();
            let url = server.database();
            keep_what_is_acknowledged(&server);
            (url, Some(server))
        }
        _ => return Err("bench_checks sqlite FOLDER, or bench_checks postgres".into()),
    };
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?.block_on(serve(&url))
}

/// Tests need no durability of their server, and have switched it off. Here it is what is measured.
fn keep_what_is_acknowledged(server: &PostgresServer) {
    for setting in ["fsync", "synchronous_commit", "full_page_writes"] {
        server.run("postgres", &format!("alter system set {setting} = on"));
    }
    server.run("postgres", "select pg_reload_conf()");
}

async fn serve(url: &str) -> Result<()> {
    let db = Db::open(url).await?;
    let accounts = Accounts::new(db.clone(), Clock::system())?;
    let library = Library::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content"));
    let site = Site::new(SiteParts {
        library: Arc::new(library.map_err(|faults| faults.to_string())?),
        practice: Practice::On(Arc::new(pretend::Pretend)),
        proofs: ProofLedger::default(),
        accounts: accounts.clone(),
        disclosure: Disclosure::open(db.clone(), db, Clock::system()).await?,
        config: SiteConfig::default(),
    });
    site.checks().prepare().await.map_err(said)?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", serde_json::json!({ "address": listener.local_addr()?.to_string() }));
    let service = axum::ServiceExt::<Request>::into_make_service_with_connect_info::<SocketAddr>(site.service());
    let told = told(accounts, tokio::runtime::Handle::current());
    axum::serve(listener, service).with_graceful_shutdown(told).await?;
    Ok(())
}

/// Errors of the site are pages; here one is a word.
fn said(error: SiteError) -> String {
    format!("{error:?}")
}

/// Does what standard input says, until it ends.
async fn told(accounts: Accounts, runtime: tokio::runtime::Handle) {
    let listening = tokio::task::spawn_blocking(move || {
        let mut made = 0;
        for line in std::io::stdin().lock().lines().map_while(std::result::Result::ok) {
            let wanted = line.trim().parse().unwrap_or(0);
            match runtime.block_on(people(&accounts, made, wanted)) {
                Ok(cookies) => println!("{}", serde_json::json!({ "cookies": cookies })),
                Err(error) => println!("{}", serde_json::json!({ "error": error.to_string() })),
            }
            made += wanted;
        }
    });
    // Whatever became of it, there is nobody left who wants anything.
    let _ = listening.await;
}

async fn people(accounts: &Accounts, from: usize, wanted: usize) -> Result<Vec<String>> {
    let mut cookies = Vec::with_capacity(wanted);
    for number in from..from + wanted {
        let email = EmailAddress::parse(&format!("person{number}@example.org")).map_err(|error| error.to_string())?;
        let new = NewAccount { email, name: "Somebody".to_owned(), password: None, is_operator: false };
        let account = accounts.create(new).await.map_err(said)?.ok_or("the address is taken")?;
        let token = accounts.sign_in(account, "A browser", "a measurement").await.map_err(said)?;
        cookies.push(format!("session={}", token.secret()));
    }
    Ok(cookies)
}
