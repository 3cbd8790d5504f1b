//! Non-interference at the door: two worlds that differ only in what the viewer was not granted look the same to it. Each of
//! the door's conditions is taken away in turn, and must be missed.
//!
//! The test of the site does the same over every route; this one is near, and knows the conditions by name.

use super::kit::{World, body, new_grant, value};
use crate::keys::Viewer;
use crate::{Audience, Disclosure, Fact, Field, OwnerKey, Seen, door};
use jiff::SignedDuration;
use jobfuture_db::{Db, params};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use uuid::Uuid;

const ACME: u128 = 100;
const OTHER: u128 = 200;
/// Histories for each condition that is left out; the site's test has thousands for those that are not.
const HISTORIES: u32 = 60;

/// A move in a history. `hidden` is played in one of the two worlds only: the viewer, Acme, was granted nothing of it.
#[derive(Debug, Clone, Copy)]
enum Move {
    Fill { person: usize, text: u8 },
    GrantToAcme { person: usize, days: i64 },
    GrantToOther { person: usize },
    GrantToPool { person: usize },
    GrantInTalk { person: usize },
    Revoke { person: usize },
    Block { person: usize },
    Unblock { person: usize },
    Leave { person: usize },
    Join,
    Unverify,
    DayPasses,
}

fn a_move() -> impl Strategy<Value = Move> {
    let person = 0_usize..3;
    prop_oneof![
        3 => (person.clone(), 0_u8..9).prop_map(|(person, text)| Move::Fill { person, text }),
        4 => (person.clone(), 1_i64..4).prop_map(|(person, days)| Move::GrantToAcme { person, days }),
        2 => person.clone().prop_map(|person| Move::GrantToOther { person }),
        2 => person.clone().prop_map(|person| Move::GrantToPool { person }),
        2 => person.clone().prop_map(|person| Move::GrantInTalk { person }),
        2 => person.clone().prop_map(|person| Move::Revoke { person }),
        2 => person.clone().prop_map(|person| Move::Block { person }),
        1 => person.clone().prop_map(|person| Move::Unblock { person }),
        1 => person.prop_map(|person| Move::Leave { person }),
        1 => Just(Move::Join),
        1 => Just(Move::Unverify),
        2 => Just(Move::DayPasses),
    ]
}

struct Played {
    world: World,
    people: Vec<OwnerKey>,
    acme: OwnerKey,
}

impl Played {
    async fn begin(db: Db) -> Self {
        let world = World::on(db).await;
        let acme = world.company(ACME).await;
        world.company(OTHER).await;
        let mut people = Vec::new();
        for number in 1..4 {
            let person = world.person(number).await;
            world.fill(person, Field::Headline, &[("headline", "Line")]).await;
            people.push(person);
        }
        Self { world, people, acme }
    }

    /// Plays a move; what the rules refuse is not played.
    async fn play(&self, at: usize, step: Move) {
        self.world.randomness.begin_anew(at as u64);
        let (world, disclosure) = (&self.world, &self.world.disclosure);
        let (acme, other) = (Uuid::from_u128(ACME), Uuid::from_u128(OTHER));
        let grant = async |person: usize, audience: Audience, days: i64| {
            let mut new = new_grant(audience, &[Fact::Field(Field::Headline)]);
            new.days = days;
            disclosure.make_grant(self.people[person], new).await.ok()
        };
        match step {
            Move::Fill { person, text } => {
                let value = value(Field::Headline, &[("headline", &format!("Line {text}"))]);
                disclosure.set_field(self.people[person], Field::Headline, Some(&value)).await.unwrap();
            }
            Move::GrantToAcme { person, days } => drop(grant(person, Audience::Company(acme), days).await),
            Move::GrantToOther { person } => drop(grant(person, Audience::Company(other), 30).await),
            Move::GrantToPool { person } => drop(grant(person, Audience::Pool { role: "keeper".into() }, 30).await),
            Move::GrantInTalk { person } => {
                if let Some(grant) = grant(person, Audience::Company(acme), 30).await {
                    self.talk_of_a_day(person, grant).await;
                }
            }
            Move::Revoke { person } => {
                for entry in disclosure.grants(self.people[person]).await.unwrap() {
                    disclosure.revoke_grant(self.people[person], entry.id).await.unwrap();
                }
            }
            Move::Block { person } => disclosure.block(self.people[person], acme).await.unwrap(),
            Move::Unblock { person } => disclosure.unblock(self.people[person], acme).await.unwrap(),
            Move::Leave { person } => {
                let sql = "update account set leaves_at = $2 where id = $1";
                world.db.execute(sql, params![self.people[person].uuid(), world.clock.now()]).await.unwrap();
            }
            Move::Join => {
                let sql =
                    "insert into company_member (company, account, role, made_at) values ($1, $2, 'interviewer', $3)
                           on conflict (company, account) do nothing";
                world.db.execute(sql, params![acme, self.people[0].uuid(), world.clock.now()]).await.unwrap();
            }
            Move::Unverify => {
                let sql = "update company set verified_until = $2 where id = $1";
                world.db.execute(sql, params![acme, world.clock.now()]).await.unwrap();
            }
            Move::DayPasses => {
                world.clock.advance(SignedDuration::from_hours(24));
            }
        }
    }

    /// A conversation with Acme that a grant was made for, and that ends by itself after a day.
    async fn talk_of_a_day(&self, person: usize, grant: Uuid) {
        let now = self.world.clock.now();
        let due = now.checked_add(SignedDuration::from_hours(24)).unwrap();
        let sql =
            "insert into introduction (id, account, company, terms, begun_by, stage, turn, due_at, questions, made_at,
                     changed_at, version, slot)
                   values ($1, $2, $3, '{}', 'company', 'asked', 'candidate', $4, 0, $5, $5, 1, $6)";
        let (talk, slot) = (self.world.randomness.id().unwrap(), grant.to_string());
        let (account, company) = (self.people[person].uuid(), Uuid::from_u128(ACME));
        self.world.db.execute(sql, params![talk, account, company, due, now, slot]).await.unwrap();
        self.world.bind(talk, grant).await;
    }

    async fn seen(&self, disclosure: &Disclosure) -> Vec<Seen> {
        disclosure.list(&self.world.viewer(self.acme).await).await.unwrap()
    }

    /// What Acme should see, by the plainest reading of each rule: for every person, whether a grant of theirs is in force.
    async fn expected(&self) -> usize {
        let (now, acme) = (self.world.clock.now(), Uuid::from_u128(ACME));
        let until: (Option<jiff::Timestamp>,) =
            self.world.db.one("select verified_until from company where id = $1", params![acme]).await.unwrap();
        if until.0.is_none_or(|until| until <= now) {
            return 0;
        }
        let sql = "select t.grant_id from introduction_grant t join introduction i on i.id = t.introduction where i.due_at <= $1";
        let over: Vec<(Uuid,)> = self.world.db.all(sql, params![now]).await.unwrap();
        let mut count = 0;
        for person in &self.people {
            let leaves: (Option<jiff::Timestamp>,) =
                self.world.db.one("select leaves_at from account where id = $1", params![person.uuid()]).await.unwrap();
            let blocked = self.world.disclosure.blocked(*person).await.unwrap();
            let own = self.world.disclosure.companies_of(*person).await.unwrap();
            let is_granted = self
                .world
                .disclosure
                .grants(*person)
                .await
                .unwrap()
                .iter()
                .filter(|entry| !over.contains(&(entry.id,)))
                .any(|entry| entry.is_live(now) && entry.audience == Audience::Company(acme));
            let is_out = leaves.0.is_some()
                || blocked.iter().any(|blocked| blocked.company == acme)
                || own.iter().any(|own| own.company() == acme);
            count += usize::from(is_granted && !is_out);
        }
        count
    }
}

/// Whether a door without this condition ever shows another number of people than the rules say.
async fn is_missed(url: impl AsyncFn() -> Db, left_out: Option<&'static str>) -> bool {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let strategy = proptest::collection::vec(a_move(), 4..16);
    for _ in 0..HISTORIES {
        let history = strategy.new_tree(&mut runner).unwrap().current();
        let played = Played::begin(url().await).await;
        let mut door = played.world.disclosure.clone();
        door.left_out = left_out;
        for (at, step) in history.iter().enumerate() {
            played.play(at, *step).await;
        }
        if played.seen(&door).await.len() != played.expected().await {
            return true;
        }
    }
    false
}

#[test]
fn every_condition_of_the_door_is_missed_when_it_is_left_out() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let folder = tempfile::Builder::new().tempdir_in(shared_memory()).unwrap();
    let made = std::cell::Cell::new(0);
    let fresh = async || {
        made.set(made.get() + 1);
        Db::open(&format!("sqlite:{}", folder.path().join(format!("{}.db", made.get())).display())).await.unwrap()
    };
    runtime.block_on(async {
        assert!(!is_missed(fresh, None).await, "the door as it is keeps the rules");
        let clauses = door::clauses(&Viewer::Company { id: Uuid::nil() });
        assert_eq!(clauses.len(), 8);
        for (name, _) in clauses {
            assert!(is_missed(fresh, Some(name)).await, "a door that does not ask whether {name} was not noticed");
        }
    });
}

/// A folder that does not wait for a disk, where there is one.
fn shared_memory() -> &'static std::path::Path {
    let memory = std::path::Path::new("/dev/shm");
    if memory.is_dir() { memory } else { std::path::Path::new(".") }
}

jobfuture_testkit::both_engines! {
    /// One company's view of one person changes only with what that person opens to it.
    async fn what_others_do_is_not_seen(db: Db) {
        let played = Played::begin(db).await;
        let (ada, ben) = (played.people[0], played.people[1]);
        played.world.fill(ada, Field::Headline, &[("headline", "Django")]).await;
        played.world.grant(ada, Audience::Company(Uuid::from_u128(ACME)), &[Fact::Field(Field::Headline)]).await;
        let before = played.seen(&played.world.disclosure).await;
        played.world.fill(ben, Field::Headline, &[("headline", "Rust")]).await;
        played.world.fill(ada, Field::Summary, &[("text", "Not for them")]).await;
        played.world.disclosure.make_signal(ada, Some(played.world.attempt(ada).await), &body("junior"), 6).await.unwrap();
        played.world.grant(ben, Audience::Company(Uuid::from_u128(OTHER)), &[Fact::Field(Field::Headline)]).await;
        assert!(played.seen(&played.world.disclosure).await == before);
    }
}
