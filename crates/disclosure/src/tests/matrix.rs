//! Who sees what, as a table that a lawyer can read: viewer × fact × state of the grant. What changes here is what the product
//! promises.

use super::kit::{World, now};
use crate::{Audience, Fact, Field, OwnerKey, PreviewFor};
use jiff::SignedDuration;
use jobfuture_db::{Db, params};
use std::collections::BTreeSet;
use std::fmt::Write;
use uuid::Uuid;

const ACME: u128 = 100;
const OTHER: u128 = 200;

/// In the order of the columns.
const VIEWERS: [&str; 9] = [
    "granted company",
    "its list",
    "its interviewer, asked",
    "its interviewer, not asked",
    "other company",
    "unverified company",
    "own company",
    "link",
    "stranger",
];

struct Cast {
    world: World,
    ada: OwnerKey,
    acme: OwnerKey,
    /// Interviewers of the granted company, one of whom was asked to the talk.
    asked: OwnerKey,
    not_asked: OwnerKey,
    talk: Uuid,
    other: OwnerKey,
    unverified: OwnerKey,
    own: OwnerKey,
    signal: Uuid,
}

impl Cast {
    async fn on(db: Db) -> Self {
        let world = World::on(db).await;
        let ada = world.person(1).await;
        let (acme, other) = (world.company(ACME).await, world.company(OTHER).await);
        let (unverified, own) = (world.company(300).await, world.company(400).await);
        world.fill(ada, Field::Headline, &[("headline", "Django")]).await;
        world.fill(ada, Field::Pay, &[("least", "60000"), ("currency", "EUR"), ("per", "year")]).await;
        world.fill(ada, Field::Name, &[("name", "Ada")]).await;
        world.fill(ada, Field::Experience, &[("title", "Developer"), ("organisation", "Hill Books")]).await;
        let signal = world.signal(ada, "middle").await;
        let facts = [Fact::Field(Field::Headline), Fact::Field(Field::Experience), Fact::Signal(signal)];
        for company in [ACME, 300, 400] {
            world.grant(ada, Audience::Company(Uuid::from_u128(company)), &facts).await;
        }
        world.grant(ada, Audience::Link { opens_at_most: 1_000 }, &facts).await;
        world
            .db
            .execute("update company set verified_until = $2 where id = $1", params![Uuid::from_u128(300), now()])
            .await
            .unwrap();
        let join = "insert into company_member (company, account, role, made_at) values ($1, $2, 'owner', $3)";
        world.db.execute(join, params![Uuid::from_u128(400), ada.uuid(), now()]).await.unwrap();
        let asked = world.colleague(ACME, 150, "interviewer").await;
        let not_asked = world.colleague(ACME, 151, "interviewer").await;
        let talk = world.talk(ada, ACME).await;
        world.ask(talk, asked).await;
        Self { world, ada, acme, asked, not_asked, talk, other, unverified, own, signal }
    }

    /// What each viewer sees, by the names of facts.
    async fn row(&self) -> Vec<BTreeSet<&'static str>> {
        let page = async |member: OwnerKey| {
            let viewer = self.world.viewer(member).await;
            let name = self.world.name_for(&viewer, self.ada).await;
            names(self.world.disclosure.see(&viewer, name).await.unwrap().as_ref())
        };
        let interview = async |member: OwnerKey| {
            let viewer = self.world.viewer(member).await;
            names(self.world.disclosure.see_for_interview(&viewer, self.talk).await.unwrap().as_ref())
        };
        let list = self.world.list(self.acme).await;
        let entries = self.world.disclosure.grants(self.ada).await.unwrap();
        let token = entries.into_iter().find_map(|entry| entry.token).unwrap();
        let link = self.world.disclosure.open_link(&token).await.unwrap();
        let stranger = self.world.disclosure.preview(self.ada, PreviewFor::Stranger).await.unwrap();
        vec![
            page(self.acme).await,
            names(list.first()),
            interview(self.asked).await,
            interview(self.not_asked).await,
            page(self.other).await,
            page(self.unverified).await,
            page(self.own).await,
            names(link.as_ref()),
            names(stranger.as_ref()),
        ]
    }
}

/// The facts of the table; what is an entry of its own in it is told apart.
const FACTS: [&str; 8] = [
    "that there is somebody",
    "headline",
    "experience",
    "name of the employer",
    "signal",
    "pay (never granted)",
    "name (never granted)",
    "score of the check (does not exist)",
];

fn names(seen: Option<&crate::Seen>) -> BTreeSet<&'static str> {
    let Some(seen) = seen else { return BTreeSet::new() };
    let mut facts = BTreeSet::from([FACTS[0]]);
    for (field, value) in seen.fields() {
        facts.insert(match field {
            Field::Headline => FACTS[1],
            Field::Experience => FACTS[2],
            Field::Pay => FACTS[5],
            Field::Name => FACTS[6],
            other => other.id(),
        });
        if value.entries().iter().any(|entry| entry.contains_key("organisation")) {
            facts.insert(FACTS[3]);
        }
    }
    if !seen.signals().is_empty() {
        facts.insert(FACTS[4]);
    }
    facts
}

jobfuture_testkit::both_engines! {
    async fn who_sees_what(db: Db) {
        let cast = Cast::on(db).await;
        let (disclosure, ada) = (&cast.world.disclosure, cast.ada);
        let mut text = String::new();
        let mut table = async |state: &str| {
            let row = cast.row().await;
            writeln!(text, "## {state}\n").unwrap();
            writeln!(text, "| fact | {} |", VIEWERS.join(" | ")).unwrap();
            writeln!(text, "|---{}|", "|---".repeat(VIEWERS.len())).unwrap();
            for fact in FACTS {
                let cells: Vec<&str> = row.iter().map(|seen| if seen.contains(fact) { "sees" } else { "–" }).collect();
                writeln!(text, "| {fact} | {} |", cells.join(" | ")).unwrap();
            }
            text.push('\n');
        };
        table("Granted to the company, to an unverified one, to the candidate's own, and by a link").await;
        let mine = disclosure.grants(ada).await.unwrap();
        let to_acme = mine.iter().find(|entry| entry.audience == Audience::Company(Uuid::from_u128(ACME))).unwrap().id;
        let keep = BTreeSet::from([Fact::Field(Field::Headline), Fact::Signal(cast.signal)]);
        disclosure.narrow_grant(ada, to_acme, &keep).await.unwrap();
        table("Narrowed for the company to headline and signal").await;
        disclosure.withdraw_signal(ada, cast.signal).await.unwrap();
        table("The signal is withdrawn").await;
        disclosure.block(ada, Uuid::from_u128(ACME)).await.unwrap();
        table("The company is blocked").await;
        disclosure.unblock(ada, Uuid::from_u128(ACME)).await.unwrap();
        table("The block is lifted").await;
        disclosure.revoke_grant(ada, to_acme).await.unwrap();
        table("The company's grant is revoked").await;
        let pool = Audience::Pool { role: "django-developer".into() };
        cast.world.grant(ada, pool, &[Fact::Field(Field::Headline)]).await;
        table("The headline is granted to the pool, into which all four companies look").await;
        cast.world.clock.advance(SignedDuration::from_hours(24 * 31));
        table("All grants have expired").await;
        insta::assert_snapshot!("who_sees_what", text);
    }
}
