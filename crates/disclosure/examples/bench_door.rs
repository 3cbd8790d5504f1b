//! How quick the door is, in medians: `cargo run --release --package jobfuture-disclosure --example bench_door`. On SQLite, in a
//! folder of the system's for temporary files.

#![allow(clippy::unwrap_used, reason = "an example may stop with a message")]

use jiff::SignedDuration;
use jobfuture_credential::{Condition, Date, Id, Label, Level, LevelWord, Named, Signal};
use jobfuture_db::{Clock, Db, params};
use jobfuture_disclosure::{
    AsCompany, Audience, Disclosure, Entry, Fact, Field, FieldValue, Issuer, NewGrant, OwnerKey, PreviewFor,
    SignalBody, Vocabulary,
};
use std::hint::black_box;
use std::time::{Duration, Instant};
use uuid::Uuid;

const ACME: Uuid = Uuid::from_u128(100);
const GRANTS: usize = 100;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(measure());
}

async fn measure() {
    let folder = tempfile::tempdir().unwrap();
    let open = async |name: &str| Db::open(&format!("sqlite:{}", folder.path().join(name).display())).await.unwrap();
    let (db, clock) = (open("main.db").await, Clock::fixed("2026-11-22T10:00:00Z".parse().unwrap()));
    let disclosure = Disclosure::open(db.clone(), open("keys.db").await, clock.clone()).await.unwrap();
    let (ada, viewer) = people(&db, &disclosure, &clock).await;
    let shown = grants(&disclosure, ada).await;
    let name = disclosure.list(&viewer).await.unwrap()[0].name();
    println!(
        "a candidate with {GRANTS} grants, {shown} of them to the company that looks, with five fields and a signal"
    );
    report("look, as a preview does: nothing is logged", 1_000, async || {
        black_box(disclosure.preview(ada, PreviewFor::Company(ACME)).await.unwrap());
    })
    .await;
    report("look, with the log on the disk", 300, async || {
        black_box(disclosure.see(&viewer, name).await.unwrap());
    })
    .await;
    let issuer = Issuer { address: "https://jobs.example".into(), name: "JobFuture".into() };
    report("the status list, while nothing is withdrawn", 300, async || {
        black_box(disclosure.status_list(&issuer).await.unwrap());
    })
    .await;
}

async fn people(db: &Db, disclosure: &Disclosure, clock: &Clock) -> (OwnerKey, AsCompany) {
    let now = clock.now();
    for (number, email) in [(1_u128, "ada@example.org"), (2, "carl@acme.example")] {
        let sql = "insert into account (id, email, name, created_at) values ($1, $2, 'A person', $3)";
        db.execute(sql, params![Uuid::from_u128(number), email, now]).await.unwrap();
    }
    let until = now.checked_add(SignedDuration::from_hours(9_000)).unwrap();
    for company in 0..GRANTS as u128 {
        let sql = "insert into company (id, name, domain, about, made_at, verified_at, verified_until)
                   values ($1, 'A company', $2, '', $3, $3, $4)";
        let domain = format!("company-{company}.example");
        db.execute(sql, params![Uuid::from_u128(100 + company), domain, now, until]).await.unwrap();
    }
    let sql = "insert into company_member (company, account, role, made_at) values ($1, $2, 'owner', $3)";
    db.execute(sql, params![ACME, Uuid::from_u128(2), now]).await.unwrap();
    let viewer = disclosure.companies_of(OwnerKey::proven(Uuid::from_u128(2))).await.unwrap().remove(0);
    (OwnerKey::proven(Uuid::from_u128(1)), viewer)
}

/// A hundred grants, every tenth of them to the company that looks.
async fn grants(disclosure: &Disclosure, ada: OwnerKey) -> usize {
    let fields = [
        (Field::Headline, "headline", "Django, ten years"),
        (Field::Summary, "text", "A few paragraphs of words about what somebody did and would like to do next."),
        (Field::Handle, "handle", "fox"),
        (Field::Place, "country", "Austria"),
        (Field::Experience, "title", "Developer"),
    ];
    for (field, key, text) in fields {
        let value = FieldValue::check(field, &[Entry::from([(key.into(), text.into())])], &Vocabulary::default());
        disclosure.set_field(ada, field, value.unwrap().as_ref()).await.unwrap();
    }
    let signal = disclosure.make_signal(ada, None, &signal(), 12).await.unwrap();
    let facts = fields.map(|(field, ..)| Fact::Field(field)).into_iter().chain([Fact::Signal(signal)]);
    let mut shown = 0;
    for number in 0..GRANTS {
        let company = if number.is_multiple_of(10) { ACME } else { Uuid::from_u128(100 + number as u128) };
        shown += usize::from(company == ACME);
        let audience = Audience::Company(company);
        let new = NewGrant { audience, facts: facts.clone().collect(), purpose: format!("For {number}"), days: 90 };
        disclosure.make_grant(ada, new).await.unwrap();
    }
    shown
}

fn signal() -> SignalBody {
    let named = |id: &str| Named { id: Id::new(id).unwrap(), name: Label::new("A name").unwrap() };
    let level = LevelWord::new("middle").unwrap();
    let says = Signal {
        role: named("django-developer"),
        at_least: Level { id: level.clone(), name: level },
        condition: Condition::Unaided {},
        competencies: ["one", "two", "three"].map(named).into(),
        behaviours: Vec::new(),
        taken_on: Date::new("2026-11-20").unwrap(),
        versions: Vec::new(),
    };
    SignalBody { says, evidence: Vec::new() }
}

/// Prints the least, the median and the 95th of a hundred.
async fn report(name: &str, times: usize, work: impl AsyncFn()) {
    let mut took: Vec<Duration> = Vec::new();
    for _ in 0..times {
        let started = Instant::now();
        work().await;
        took.push(started.elapsed());
    }
    took.sort_unstable();
    let micros = |at: usize| took[at].as_secs_f64() * 1e6;
    let (least, median, p95) = (micros(0), micros(times / 2), micros(times * 95 / 100));
    println!("{name:<48} {least:>9.1} µs least {median:>9.1} µs median {p95:>9.1} µs p95");
}
