//! The site's side of `cargo xtask bench vacancies`: `bench_vacancies sqlite FOLDER COUNT` or `bench_vacancies postgres COUNT`.
//!
//! Fills a database with made-up vacancies of 400 companies, as rows (nobody types a hundred thousand forms), lets the site take
//! them in as a process that starts does, and asks for pages through the site's own service. Prints one line of JSON:
//! milliseconds of each.

#[path = "../tests/it/pretend.rs"]
mod pretend;

use axum::body::{Body, to_bytes};
use http::Request;
use jobfuture_content::Library;
use jobfuture_db::{Clock, Db, params};
use jobfuture_disclosure::Disclosure;
use jobfuture_site::vacancy::{Draft, TypedPay};
use jobfuture_site::{Accounts, Practice, ProofLedger, Site, SiteConfig, SiteParts};
use jobfuture_testkit::PostgresServer;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;
use tower::ServiceExt;
use uuid::Uuid;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

const COMPANIES: usize = 400;
/// Rows of one transaction.
const PORTION: usize = 1_000;
const WORDS: [&str; 24] = [
    "orders",
    "stock",
    "payments",
    "search",
    "queue",
    "report",
    "partner",
    "shop",
    "library",
    "ticket",
    "train",
    "clinic",
    "Django",
    "PostgreSQL",
    "Redis",
    "Celery",
    "Python",
    "interface",
    "migration",
    "tests",
    "review",
    "on-call",
    "legacy",
    "rewrite",
];

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (url, _server, count) = match arguments.as_slice() {
        ["sqlite", folder, count] => {
            (format!("sqlite:{}", Path::new(folder).join("vacancies.db").display()), None, count.parse()?)
        }
        ["postgres", count] => {
            let server = PostgresServer::start();
            (server.database(), Some(server), count.parse()?)
        }
        _ => return Err("bench_vacancies sqlite FOLDER COUNT, or bench_vacancies postgres COUNT".into()),
    };
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?.block_on(measure(&url, count))
}

async fn measure(url: &str, count: usize) -> Result<()> {
    let db = Db::open(url).await?;
    let library = Library::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content"));
    let site = Site::new(SiteParts {
        library: Arc::new(library.map_err(|faults| faults.to_string())?),
        practice: Practice::On(Arc::new(pretend::Pretend)),
        proofs: ProofLedger::default(),
        accounts: Accounts::new(db.clone(), Clock::system())?,
        disclosure: Disclosure::open(db.clone(), db.clone(), Clock::system()).await?,
        config: SiteConfig::default(),
    });
    let ids = fill(&site, &db, count).await?;
    let began = Instant::now();
    site.vacancies().catch_up().await.map_err(said)?;
    let taken_in = began.elapsed().as_secs_f64();
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let mut milliseconds = serde_json::Map::new();
    for name in ["a role's page", "the list", "the list, searched and narrowed", "a vacancy's page"] {
        let mut all = Vec::new();
        for _ in 0..300 {
            let path = match name {
                "a role's page" => "/roles/django-developer".to_owned(),
                "the list" => "/vacancies".to_owned(),
                "a vacancy's page" => format!("/vacancies/{}", ids[random.random_range(0..ids.len())]),
                _ => {
                    let word = WORDS[random.random_range(0..WORDS.len())];
                    format!(
                        "/vacancies?q={word}&level=middle&remote=remote&pay={}&currency=EUR",
                        random.random_range(40..80) * 1000
                    )
                }
            };
            all.push(ask(&site, &path).await?);
        }
        milliseconds.insert(name.to_owned(), json!(all));
    }
    milliseconds
        .insert("a change, until it is listed".to_owned(), json!(changes(&site, &db, &ids, &mut random).await?));
    println!("{}", json!({ "taken_in_s": taken_in, "milliseconds": Value::Object(milliseconds) }));
    Ok(())
}

fn said(error: jobfuture_site::SiteError) -> String {
    format!("{error:?}")
}

/// Milliseconds of an answer of the router, past what is kept ready-made.
async fn ask(site: &Site, path: &str) -> Result<f64> {
    let request = Request::get(path).header("accept-encoding", "zstd").body(Body::empty())?;
    let began = Instant::now();
    let response = site.router().oneshot(request).await?;
    let status = response.status();
    to_bytes(response.into_body(), usize::MAX).await?;
    if status.is_success() { Ok(began.elapsed().as_secs_f64() * 1e3) } else { Err(format!("{path}: {status}").into()) }
}

async fn changes(site: &Site, db: &Db, ids: &[Uuid], random: &mut ChaCha8Rng) -> Result<Vec<f64>> {
    let mut all = Vec::new();
    for _ in 0..50 {
        let (id, now) = (ids[random.random_range(0..ids.len())], Clock::system().now());
        let began = Instant::now();
        db.execute("update vacancy set confirmed_at = $2, changed_at = $2 where id = $1", params![id, now]).await?;
        site.vacancies().catch_up().await.map_err(said)?;
        all.push(began.elapsed().as_secs_f64() * 1e3);
    }
    Ok(all)
}

/// Companies that are verified, and their vacancies, changed within the last two months.
async fn fill(site: &Site, db: &Db, count: usize) -> Result<Vec<Uuid>> {
    let (now, mut random) = (Clock::system().now(), ChaCha8Rng::seed_from_u64(1));
    let until = now.checked_add(jiff::SignedDuration::from_hours(24 * 300))?;
    let companies: Vec<Uuid> = (0..COMPANIES).map(|_| Uuid::from_u128(random.random())).collect();
    for (place, id) in companies.iter().enumerate() {
        let sql = "insert into company (id, name, domain, about, made_at, verified_at, verified_until) values ($1, $2, $3, '', $4, $4, $5)";
        let (name, domain) = (format!("Company {place}"), format!("company-{place}.example"));
        db.execute(sql, params![*id, name, domain, now, until]).await?;
    }
    let mut ids = Vec::with_capacity(count);
    while ids.len() < count {
        let mut rows = Vec::new();
        for _ in 0..PORTION.min(count - ids.len()) {
            let (draft, terms) = made_up(site, &mut random)?;
            let changed = now.checked_sub(jiff::SignedDuration::from_mins(random.random_range(10..80_000)))?;
            rows.push((
                Uuid::from_u128(random.random()),
                companies[random.random_range(0..COMPANIES)],
                draft,
                terms,
                changed,
            ));
        }
        ids.extend(rows.iter().map(|row| row.0));
        db.long_transaction(move |tx| {
            let sql = "insert into vacancy (id, company, state, title, draft, terms, role, level, made_at, changed_at, published_at,
                         first_published_at, confirmed_at, closes_at)
                       values ($1, $2, 'open', $3, $4, $5, $6, $7, $8, $8, $8, $8, $8, $9)";
            for (id, company, draft, terms, changed) in &rows {
                let draft_text = serde_json::to_string(draft).unwrap_or_default();
                let parameters = params![*id, *company, draft.title, draft_text, *terms, draft.role, draft.level, *changed, until];
                tx.execute(sql, parameters)?;
            }
            Ok::<_, jobfuture_db::Error>(())
        })
        .await?;
    }
    Ok(ids)
}

fn made_up(site: &Site, random: &mut ChaCha8Rng) -> Result<(Draft, String)> {
    let words = site.vocabulary();
    let today = Clock::system().now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let mut some =
        |count: usize| (0..count).map(|_| WORDS[random.random_range(0..WORDS.len())]).collect::<Vec<_>>().join(" ");
    let (title, description, process) = (some(2), some(180), some(30));
    let pick = |all: &[(String, String)], at: usize| all[at % all.len()].0.clone();
    let (level, low) = (random.random_range(0..3), random.random_range(38..70) * 1000);
    let draft = Draft {
        title: format!("Developer, {title}"),
        role: pick(&words.roles, random.random_range(0..4)),
        level: pick(&words.levels, level),
        must: (0..3).map(|_| pick(&words.competencies, random.random_range(0..30))).collect(),
        remote: "remote".to_owned(),
        countries: ["DE", "FR, ES", "PL", "US"][random.random_range(0..4)].to_owned(),
        zone_from: "0".to_owned(),
        zone_to: "2".to_owned(),
        employment: "full-time".to_owned(),
        pay: TypedPay {
            min: low.to_string(),
            max: (low + 12_000).to_string(),
            currency: "EUR".into(),
            period: "year".into(),
        },
        opening: "now".to_owned(),
        headcount: "1".to_owned(),
        screening: "none".to_owned(),
        closes_on: today.to_string(),
        description,
        process,
        apply: "https://company.example/jobs".to_owned(),
        ..Draft::default()
    };
    let terms = draft.check(&words, today).map_err(|wrong| format!("{wrong:?}"))?;
    Ok((draft, serde_json::to_string(&terms)?))
}
