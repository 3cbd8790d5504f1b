//! An instance, a candidate and a company, always the same ones.

use jobfuture_credential::*;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;

pub const ISSUER: &str = "https://jobs.example/hiring";
pub const LIST: &str = "https://jobs.example/hiring/status/1";
pub const COMPANY: &str = "https://riverside.example";
pub const NONCE: &str = "n-0S6_WzA2Mj";
/// 29 November 2026, noon, in seconds since 1970.
pub const NOW: i64 = 1_795_953_600;
pub const YEAR: i64 = 365 * 86_400;
pub const INDEX: u32 = 4711;

pub fn random(seed: u64) -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(seed)
}

/// The instance's key.
pub fn instance() -> IssuerKey {
    IssuerKey::from_secret_bytes(&[7; 32]).unwrap()
}

/// Ada's key.
pub fn ada() -> HolderKey {
    HolderKey::from_secret_bytes(&[9; 32]).unwrap()
}

pub fn named(id: &str, name: &str) -> Named {
    Named { id: Id::new(id).unwrap(), name: Label::new(name).unwrap() }
}

pub fn signal() -> Signal {
    Signal {
        role: named("django-developer", "Django developer"),
        at_least: Level { id: LevelWord::new("middle").unwrap(), name: LevelWord::new("Middle").unwrap() },
        condition: Condition::Unaided {},
        competencies: vec![
            named("django-querysets", "QuerySets"),
            named("django-related-objects", "Related objects"),
            named("django-models", "Models"),
        ],
        behaviours: vec![named("statements-do-not-grow", "The list needs no more statements for more rows")],
        taken_on: Date::new("2026-11-28").unwrap(),
        versions: vec![Version { of: Id::new("django-bank").unwrap(), version: 3 }],
    }
}

pub fn place() -> StatusPlace {
    StatusPlace { uri: LIST.into(), index: INDEX }
}

/// Ada's credential, with everything in it.
pub fn issued(signal: &Signal, decoys: Decoys) -> String {
    let (holder, status) = (ada(), place());
    let grant = Grant {
        issuer: ISSUER,
        holder: holder.public(),
        issued_at: NOW - 86_400,
        expires_at: NOW + YEAR,
        status: &status,
        signal,
        decoys,
    };
    grant.issue(&instance(), &mut random(1)).unwrap()
}

pub fn request() -> Request<'static> {
    Request { audience: COMPANY, nonce: NONCE, now: NOW - 5 }
}

/// “At least Middle, and QuerySets”, shown to the company.
pub fn presented() -> String {
    let facts = [Fact::AtLeast, Fact::Competency(Id::new("django-querysets").unwrap())];
    Held::read(&issued(&signal(), Decoys::Padded)).unwrap().present(&facts, &ada(), request()).unwrap()
}

pub fn keys() -> KeySet {
    IssuerKeys::new(instance()).key_set()
}

/// The company's view, at a time.
pub fn verify_at(text: &str, now: i64) -> Result<Verified, Error> {
    let keys = keys();
    let list = list(&[]);
    let binding = Binding::Required { audience: COMPANY, nonce: NONCE };
    Verifier { issuer: ISSUER, keys: &keys, now }.credential(text, binding, Revocation::List(&list))
}

pub fn verify(text: &str) -> Result<Verified, Error> {
    verify_at(text, NOW)
}

pub fn publication() -> Publication<'static> {
    Publication { uri: LIST, issued_at: NOW - 60, expires_at: NOW + 86_400, keep_for: 300 }
}

/// The status list's token, with these withdrawn.
pub fn list(revoked: &[u32]) -> String {
    let mut list = StatusList::new(1 << 14).unwrap();
    for index in revoked {
        list.set(*index, Status::Revoked).unwrap();
    }
    list.token(&instance(), publication()).unwrap()
}

/// A badge about Ada.
pub fn badge() -> String {
    let (name, status, signal) = (Label::new("Example jobs").unwrap(), place(), signal());
    let badge = Badge {
        issuer: ISSUER,
        issuer_name: &name,
        id: "https://jobs.example/hiring/badges/1",
        subject: "urn:uuid:01930000-0000-7000-8000-000000000001",
        valid_from: NOW - 86_400,
        valid_until: NOW + YEAR,
        status: &status,
        signal: &signal,
    };
    badge.issue(&instance()).unwrap()
}
