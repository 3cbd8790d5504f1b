//! How quick it is, in medians: `cargo run --release --package jobfuture-credential --example bench`.

#![allow(clippy::unwrap_used, reason = "an example may stop with a message")]

use jobfuture_credential::*;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use std::hint::black_box;
use std::time::{Duration, Instant};

const ISSUER: &str = "https://jobs.example";
const LIST: &str = "https://jobs.example/status/1";
const NOW: i64 = 1_795_953_600;
const DAY: i64 = 86_400;

fn main() {
    let mut random = ChaCha20Rng::seed_from_u64(1);
    let (key, holder) = (IssuerKey::generate(&mut random), HolderKey::generate(&mut random));
    let keys = KeySet::new(vec![key.public().clone()]).unwrap();
    let (status, signal) = (StatusPlace { uri: LIST.into(), index: 4711 }, signal(6, 8));
    let issue = |random: &mut ChaCha20Rng, decoys| {
        let (holder, status, signal) = (holder.public(), &status, &signal);
        let grant =
            Grant { issuer: ISSUER, holder, issued_at: NOW, expires_at: NOW + 365 * DAY, status, signal, decoys };
        grant.issue(&key, random).unwrap()
    };
    for (name, decoys) in [("issue", Decoys::None), ("issue, with decoys", Decoys::Padded)] {
        report(name, 2_000, || black_box(issue(&mut random, decoys)).len());
    }
    let held = Held::read(&issue(&mut random, Decoys::Padded)).unwrap();
    let request = Request { audience: "https://riverside.example", nonce: "n-0S6_WzA2Mj", now: NOW };
    let facts = held.facts();
    report("present, all facts", 2_000, || held.present(&facts, &holder, request).unwrap().len());
    let shown = held.present(&facts, &holder, request).unwrap();
    let binding = Binding::Required { audience: request.audience, nonce: request.nonce };
    let verifier = Verifier { issuer: ISSUER, keys: &keys, now: NOW };
    report("verify, without a list", 2_000, || {
        verifier.credential(&shown, binding, Revocation::NotChecked).unwrap().status.index
    });
    for share in [0.0, 0.001, 0.01, 0.1] {
        lists(&key, &verifier, share, &mut random);
    }
}

/// A list of 2^20 entries, some of them withdrawn.
fn lists(key: &IssuerKey, verifier: &Verifier<'_>, share: f64, random: &mut ChaCha20Rng) {
    let entries = 1 << 20;
    let mut list = StatusList::new(entries).unwrap();
    for _ in 0..(f64::from(entries) * share) as u32 {
        list.set(random.next_u32() % entries, Status::Revoked).unwrap();
    }
    let about = Publication { uri: LIST, issued_at: NOW, expires_at: NOW + DAY, keep_for: 300 };
    let name = format!("list of 2^20, {} % withdrawn", share * 100.0);
    report(&format!("{name}: made"), 30, || list.token(key, about).unwrap().len());
    let token = list.token(key, about).unwrap();
    report(&format!("{name}: verified"), 30, || StatusList::verify(&token, LIST, verifier).unwrap().1);
    println!("{:<44} {:>9} bytes", format!("{name}: token"), token.len());
}

fn signal(competencies: usize, behaviours: usize) -> Signal {
    let named = |id: String| Named { name: Label::new(format!("The name of {id}")).unwrap(), id: Id::new(id).unwrap() };
    let level = |word: &str| LevelWord::new(word).unwrap();
    Signal {
        role: named("django-developer".into()),
        at_least: Level { id: level("middle"), name: level("Middle") },
        condition: Condition::Unaided {},
        competencies: (0..competencies).map(|number| named(format!("competency-{number}"))).collect(),
        behaviours: (0..behaviours).map(|number| named(format!("behaviour-{number}"))).collect(),
        taken_on: Date::new("2026-11-28").unwrap(),
        versions: vec![Version { of: Id::new("bank").unwrap(), version: 3 }],
    }
}

/// Prints the least, the median and the 95th of a hundred.
fn report<T>(name: &str, times: usize, mut work: impl FnMut() -> T) {
    let mut took: Vec<Duration> = (0..times)
        .map(|_| {
            let started = Instant::now();
            black_box(work());
            started.elapsed()
        })
        .collect();
    took.sort_unstable();
    let micros = |at: usize| took[at].as_secs_f64() * 1e6;
    let (least, median, p95) = (micros(0), micros(times / 2), micros(times * 95 / 100));
    println!("{name:<44} {least:>9.1} µs least {median:>9.1} µs median {p95:>9.1} µs p95");
}
