//! What somebody sees who talks to a candidate: an interviewer who was asked to the conversation, for as long as it is open.

use super::kit::{World, now};
use crate::keys::Viewer;
use crate::{Act, Audience, Disclosure, Fact, Field, MemberRole, OwnerKey, door};
use jiff::SignedDuration;
use jobfuture_codes::Code;
use jobfuture_db::{Db, params};
use uuid::Uuid;

const ACME: u128 = 100;
const OTHER: u128 = 200;

/// A company that talks to Ada and to Ben, who both show it a headline, with an interviewer who was asked to the talk with Ada.
struct Talks {
    world: World,
    ada: OwnerKey,
    owner: OwnerKey,
    ida: OwnerKey,
    with_ada: Uuid,
    with_ben: Uuid,
    grant: Uuid,
}

impl Talks {
    async fn on(db: Db) -> Self {
        let world = World::on(db).await;
        let (ada, ben) = (world.person(1).await, world.person(2).await);
        let owner = world.company(ACME).await;
        world.company(OTHER).await;
        let headline = [Fact::Field(Field::Headline)];
        let mut grants = Vec::new();
        for (person, line) in [(ada, "Ada's line"), (ben, "Ben's line")] {
            world.fill(person, Field::Headline, &[("headline", line)]).await;
            for company in [ACME, OTHER] {
                grants.push(world.grant(person, Audience::Company(Uuid::from_u128(company)), &headline).await);
            }
        }
        let ida = world.colleague(ACME, 150, "interviewer").await;
        let (with_ada, with_ben) = (world.talk(ada, ACME).await, world.talk(ben, ACME).await);
        world.ask(with_ada, ida).await;
        Self { ada, owner, ida, with_ada, with_ben, grant: grants[0], world }
    }

    /// The line that a member sees in a conversation, through this door.
    async fn through(&self, door: &Disclosure, member: OwnerKey, talk: Uuid) -> Option<String> {
        let viewer = self.world.viewer(member).await;
        let seen = door.see_for_interview(&viewer, talk).await.unwrap()?;
        let line = seen.field(Field::Headline).and_then(|value| value.entries().first()?.get("headline").cloned());
        Some(line.unwrap_or_default())
    }

    async fn sees(&self, member: OwnerKey, talk: Uuid) -> Option<String> {
        self.through(&self.world.disclosure, member, talk).await
    }

    async fn change(&self, sql: &str) {
        self.world.db.execute(sql, &[]).await.unwrap();
    }
}

jobfuture_testkit::both_engines! {
    async fn an_interviewer_sees_whom_they_were_asked_to_talk_to(db: Db) {
        let talks = Talks::on(db).await;
        assert_eq!(talks.sees(talks.ida, talks.with_ada).await.as_deref(), Some("Ada's line"));
        assert_eq!(talks.sees(talks.ida, talks.with_ben).await, None);
        assert_eq!(talks.sees(talks.ida, Uuid::from_u128(7)).await, None);
        assert_eq!(talks.sees(talks.owner, talks.with_ben).await.as_deref(), Some("Ben's line"), "who sees candidates is not asked");
        // By the name by which the company knows her, and in her log as what it was.
        let (viewer, owner) = (talks.world.viewer(talks.ida).await, talks.world.viewer(talks.owner).await);
        let seen = talks.world.disclosure.see_for_interview(&viewer, talks.with_ada).await.unwrap().unwrap();
        let page = talks.world.disclosure.see(&owner, seen.name()).await.unwrap().unwrap();
        assert!(seen == page, "no more and no less than the company's page");
        let views = talks.world.disclosure.views(talks.ada, 9).await.unwrap();
        let mut ways: Vec<_> = views.iter().map(|view| (view.through.as_str(), view.times)).collect();
        ways.sort_unstable();
        assert_eq!(ways, [("interview", 2), ("page", 1)]);
        // By name they see nobody, asked or not.
        assert!(talks.world.disclosure.see(&viewer, seen.name()).await.unwrap().is_none());
    }

    async fn every_way_out_closes_an_interview_as_well(db: Db) {
        let talks = Talks::on(db).await;
        let sees = async || talks.sees(talks.ida, talks.with_ada).await.is_some();
        for (close, open) in [
            ("update introduction set stage = 'asked'", "update introduction set stage = 'open'"),
            ("update introduction set stage = 'ended'", "update introduction set stage = 'open'"),
            ("update introduction set company = (select id from company where name = 'Company 200')",
             "update introduction set company = (select id from company where name = 'Company 100')"),
            ("update company_member set company = (select id from company where name = 'Company 200') where role = 'interviewer'",
             "update company_member set company = (select id from company where name = 'Company 100') where role = 'interviewer'"),
        ] {
            assert!(sees().await, "before {close}");
            talks.change(close).await;
            assert!(!sees().await, "{close}");
            talks.change(open).await;
        }
        let block = Uuid::from_u128(ACME);
        talks.world.disclosure.block(talks.ada, block).await.unwrap();
        assert!(!sees().await, "blocked");
        talks.world.disclosure.unblock(talks.ada, block).await.unwrap();
        talks.world.clock.advance(SignedDuration::from_hours(24 * 14));
        assert!(!sees().await, "its time has run out");
        talks.world.db.execute("update introduction set due_at = $1", params![now().checked_add(SignedDuration::from_hours(24 * 60)).unwrap()]).await.unwrap();
        assert!(sees().await);
        talks.world.disclosure.revoke_grant(talks.ada, talks.grant).await.unwrap();
        assert!(!sees().await, "revoked");
    }
}

#[test]
fn both_conditions_of_an_interview_are_missed_when_they_are_left_out() {
    let nobody = Uuid::nil();
    let interview = Viewer::Interview { company: nobody, introduction: nobody, member: nobody };
    let company = door::clauses(&Viewer::Company { id: nobody });
    let own: Vec<_> = door::clauses(&interview).into_iter().skip(company.len()).map(|(name, _)| name).collect();
    assert_eq!(own.len(), 2);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    runtime.block_on(async {
        let db = Db::open(&format!("sqlite:{}", folder.path().join("door.db").display())).await.unwrap();
        let talks = Talks::on(db).await;
        // Everybody who may be wrong here: in Ben's talk she was not asked; in Ada's, that is not open, she was.
        let wrong = async |door: &Disclosure| {
            let unasked = talks.through(door, talks.ida, talks.with_ben).await.is_some();
            talks.change("update introduction set stage = 'ended'").await;
            let ended = talks.through(door, talks.ida, talks.with_ada).await.is_some();
            talks.change("update introduction set stage = 'open'").await;
            unasked || ended
        };
        assert!(!wrong(&talks.world.disclosure).await);
        for name in own {
            let mut door = talks.world.disclosure.clone();
            door.left_out = Some(name);
            assert!(wrong(&door).await, "a door that does not ask whether {name} was not noticed");
        }
    });
}

/// The condition in SQL names roles; the table of acts decides.
#[test]
fn who_sees_candidates_is_who_is_not_asked_to_an_interview() {
    let interview = Viewer::Interview { company: Uuid::nil(), introduction: Uuid::nil(), member: Uuid::nil() };
    let clauses = door::clauses(&interview);
    let (_, sql) = clauses.last().unwrap();
    for &role in MemberRole::ALL {
        assert_eq!(sql.contains(&format!("'{}'", role.id())), Act::Candidates.roles().contains(&role), "{}", role.id());
    }
}
