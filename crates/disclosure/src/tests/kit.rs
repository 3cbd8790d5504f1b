//! People and companies to try the door with.

use crate::{
    AsCompany, Audience, CandidateName, Disclosure, Entry, Evidence, Fact, Field, FieldValue, Keyring, NewGrant,
    OwnerKey, Randomness, SignalBody, Vocabulary,
};
use jiff::{SignedDuration, Timestamp};
use jobfuture_credential::{Condition, Date, Id, Label, Level, LevelWord, Named, Signal, Version};
use jobfuture_db::{Clock, Db, params};
use uuid::Uuid;

/// A disclosure on a fresh database, with a clock and a stream of randomness that the test sets.
pub struct World {
    pub disclosure: Disclosure,
    pub db: Db,
    pub clock: Clock,
    pub randomness: Randomness,
}

pub fn now() -> Timestamp {
    "2026-11-22T10:00:00Z".parse().unwrap()
}

impl World {
    pub async fn on(db: Db) -> Self {
        let (clock, randomness) = (Clock::fixed(now()), Randomness::seeded(1));
        let keys = Keyring::new(db.clone(), clock.clone(), randomness.clone());
        Self { disclosure: Disclosure::new(db.clone(), keys, clock.clone()), db, clock, randomness }
    }

    pub async fn person(&self, number: u128) -> OwnerKey {
        let id = Uuid::from_u128(number);
        let sql = "insert into account (id, email, name, created_at) values ($1, $2, $3, $4)";
        let email = format!("person-{number}@example.org");
        self.db.execute(sql, params![id, email, "A person", now()]).await.unwrap();
        OwnerKey::proven(id)
    }

    /// A verified company that looks for Django developers, and its one member.
    pub async fn company(&self, number: u128) -> OwnerKey {
        let id = Uuid::from_u128(number);
        let sql = "insert into company (id, name, domain, about, made_at, verified_at, verified_until)
                   values ($1, $2, $3, '', $4, $4, $5)";
        let (name, domain) = (format!("Company {number}"), format!("company-{number}.example"));
        let until = now().checked_add(SignedDuration::from_hours(24 * 400)).unwrap();
        self.db.execute(sql, params![id, name, domain, now(), until]).await.unwrap();
        self.focus(id, "django-developer").await;
        let member = self.person(number + 1).await;
        let sql = "insert into company_member (company, account, role, made_at) values ($1, $2, 'owner', $3)";
        self.db.execute(sql, params![id, member.uuid(), now()]).await.unwrap();
        member
    }

    pub async fn focus(&self, company: Uuid, role: &str) {
        let sql = "insert into company_focus (company, role) values ($1, $2)";
        self.db.execute(sql, params![company, role]).await.unwrap();
    }

    /// Somebody else who acts for a company.
    pub async fn colleague(&self, company: u128, number: u128, role: &str) -> OwnerKey {
        let member = self.person(number).await;
        let sql = "insert into company_member (company, account, role, made_at) values ($1, $2, $3, $4)";
        self.db.execute(sql, params![Uuid::from_u128(company), member.uuid(), role, now()]).await.unwrap();
        member
    }

    /// A conversation in which a candidate and a company have both said yes; it ends by itself after fourteen days.
    pub async fn talk(&self, candidate: OwnerKey, company: u128) -> Uuid {
        let (id, company) = (self.randomness.id().unwrap(), Uuid::from_u128(company));
        let due = self.clock.now().checked_add(SignedDuration::from_hours(24 * 14)).unwrap();
        let sql =
            "insert into introduction (id, account, company, terms, begun_by, stage, turn, due_at, questions, made_at,
                     changed_at, opened_at, version, slot)
                   values ($1, $2, $3, '{}', 'company', 'open', 'company', $4, 0, $5, $5, $5, 2, $6)";
        let slot = format!("{company} {}", candidate.uuid());
        self.db.execute(sql, params![id, candidate.uuid(), company, due, self.clock.now(), slot]).await.unwrap();
        id
    }

    /// Binds a grant to a conversation, as one is that its candidate makes there.
    pub async fn bind(&self, talk: Uuid, grant: Uuid) {
        let sql = "insert into introduction_grant (introduction, grant_id) values ($1, $2)";
        self.db.execute(sql, params![talk, grant]).await.unwrap();
    }

    /// Asks somebody to a conversation.
    pub async fn ask(&self, talk: Uuid, member: OwnerKey) {
        let sql = "insert into introduction_interviewer (introduction, account, made_at) values ($1, $2, $3)";
        self.db.execute(sql, params![talk, member.uuid(), now()]).await.unwrap();
    }

    pub async fn viewer(&self, member: OwnerKey) -> AsCompany {
        self.disclosure.companies_of(member).await.unwrap().pop().unwrap()
    }

    pub async fn fill(&self, me: OwnerKey, field: Field, pairs: &[(&str, &str)]) {
        self.disclosure.set_field(me, field, Some(&value(field, pairs))).await.unwrap();
    }

    /// A live signal of an attempt that this person has.
    pub async fn signal(&self, me: OwnerKey, level: &str) -> Uuid {
        self.disclosure.make_signal(me, Some(self.attempt(me).await), &body(level), 12).await.unwrap()
    }

    pub async fn attempt(&self, me: OwnerKey) -> Uuid {
        let (release, attempt) = (self.randomness.id().unwrap(), self.randomness.id().unwrap());
        let digest = release.to_string();
        let sql = "insert into bank_release (id, check_id, made_at, digest, parts) values ($1, 'c', $2, $3, '{}')";
        self.db.execute(sql, params![release, now(), digest]).await.unwrap();
        let sql = "insert into attempt (id, account, check_id, release, condition, pace, seed, prior, excluded, lends_answers,
                     quiet, begun_at, spent_seconds) values ($1, $2, 'c', $3, 'unaided', 100, 1, $4, '[]', $5, $5, $6, 0)";
        let none: &[u8] = &[];
        self.db.execute(sql, params![attempt, me.uuid(), release, none, false, now()]).await.unwrap();
        attempt
    }

    pub async fn grant(&self, me: OwnerKey, audience: Audience, facts: &[Fact]) -> Uuid {
        self.disclosure.make_grant(me, new_grant(audience, facts)).await.unwrap()
    }

    /// What the company that this member acts for sees in its list.
    pub async fn list(&self, member: OwnerKey) -> Vec<crate::Seen> {
        self.disclosure.list(&self.viewer(member).await).await.unwrap()
    }

    pub async fn name_for(&self, viewer: &AsCompany, who: OwnerKey) -> CandidateName {
        let name = self.disclosure.keys().name_for(viewer.company(), who.uuid()).await.unwrap();
        CandidateName::parse(&Uuid::from_bytes(name).simple().to_string()).unwrap()
    }
}

pub fn new_grant(audience: Audience, facts: &[Fact]) -> NewGrant {
    NewGrant { audience, facts: facts.iter().copied().collect(), purpose: "A talk about work".to_owned(), days: 30 }
}

pub fn words() -> Vocabulary {
    let pair = |id: &str, name: &str| (id.to_owned(), name.to_owned());
    Vocabulary {
        roles: vec![pair("django-developer", "Django developer")],
        competencies: vec![pair("django-querysets", "QuerySets")],
        levels: vec![pair("junior", "Junior"), pair("middle", "Middle"), pair("senior", "Senior")],
    }
}

pub fn value(field: Field, pairs: &[(&str, &str)]) -> FieldValue {
    let entry: Entry = pairs.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect();
    FieldValue::check(field, &[entry], &words()).unwrap().unwrap()
}

pub fn body(level: &str) -> SignalBody {
    let named = |id: &str, name: &str| Named { id: Id::new(id).unwrap(), name: Label::new(name).unwrap() };
    let says = Signal {
        role: named("django-developer", "Django developer"),
        at_least: Level { id: LevelWord::new(level).unwrap(), name: LevelWord::new(level).unwrap() },
        condition: Condition::Unaided {},
        competencies: vec![named("django-querysets", "QuerySets")],
        behaviours: vec![],
        taken_on: Date::new("2026-11-20").unwrap(),
        versions: vec![Version { of: Id::new("django-developer").unwrap(), version: 1 }],
    };
    let evidence = Evidence { task: "A list".into(), path: "shop/api.py".into(), text: "x = 1".into() };
    SignalBody { says, evidence: vec![evidence] }
}
