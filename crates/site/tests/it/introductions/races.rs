//! Many acts at once, and any order of acts: what comes of it is what the one machine says, and nothing is lost or doubled.

use super::{NEXT, Play, site_on};
use jobfuture_codes::Code;
use jobfuture_db::{Db, params};
use jobfuture_disclosure::{Audience, Fact, Field, NewGrant};
use jobfuture_site::introduction::{
    Actor, Declined, Doing, Ending, Fault, Move, NewRequest, Outcome, Side, Standing, Words,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::sync::Arc;
use uuid::Uuid;

/// Acts that run at once.
const AT_ONCE: usize = 200;

/// Caps, and the last day of a vacancy, are other rules.
async fn make_room(db: &Db, now: jiff::Timestamp) {
    db.execute("update introduction set made_at = $1", params![jiff::Timestamp::UNIX_EPOCH]).await.unwrap();
    let far = now.checked_add(jiff::SignedDuration::from_hours(24 * 30)).unwrap();
    db.execute("update vacancy set closes_at = $1", params![far]).await.unwrap();
    db.execute(
        "update company set verified_until = $1",
        params![far.checked_add(jiff::SignedDuration::from_hours(24 * 60)).unwrap()],
    )
    .await
    .unwrap();
}

/// Where an act is sent to, and with what.
fn form_of(what: Move) -> Option<(&'static str, Vec<(&'static str, &'static str)>)> {
    Some(match what {
        Move::Ask => ("ask", vec![("question", "From when on?")]),
        Move::Answer => ("answer", vec![("answer", "From January on.")]),
        Move::Accept => ("accept", vec![("fact", "field:name")]),
        Move::Decline(why) => ("decline", vec![("reason", why.id())]),
        Move::Withdraw => ("withdraw", vec![]),
        _ => return None,
    })
}

jobfuture_testkit::both_engines! {
    async fn any_order_of_forms_is_answered_as_the_machine_says(db: Db) {
        let site = site_on(db);
        let mut play = Play::begin(&site).await;
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[4; 32]);
        let mut runner = TestRunner::new_with_rng(Config::default(), rng);
        let (mut done, mut refused) = (0, 0);
        for round in 0..16 {
            let acts = any_acts().new_tree(&mut runner).unwrap().current();
            site.db.execute("delete from introduction", &[]).await.unwrap();
            make_room(&site.db, site.clock.now()).await;
            let begun_by = if round % 2 == 0 { Side::Company } else { Side::Candidate };
            let paths = match begun_by {
                Side::Company => play.request(&format!("Because of round number {round} of many.")).await,
                Side::Candidate => play.application().await,
            };
            let id: Uuid = paths.1.rsplit('/').next().unwrap().parse().unwrap();
            let mut model = Standing::begun(begun_by, site.clock.now());
            for (side, what, hours) in acts {
                let Some((form, mut fields)) = form_of(what) else { continue };
                // Sessions end before turns do; the clock is another test's.
                site.clock.advance(jiff::SignedDuration::from_hours(hours.min(40)));
                let (version,): (i64,) = site.db.one("select version from introduction where id = $1", params![id]).await.unwrap();
                let version = version.to_string();
                fields.push(("version", &version));
                let (browser, path) = match side {
                    Side::Candidate => (&mut play.ada, &paths.1),
                    Side::Company => (&mut play.carl, &paths.0),
                };
                let answer = browser.post(&format!("{path}/{form}"), &fields).await;
                match model.after(Some(side), what, site.clock.now()) {
                    Ok(after) => {
                        assert_eq!(answer.is(303).header("location"), path, "{side:?} {what:?}");
                        (model, done) = (after, done + 1);
                    }
                    Err(refusal) => {
                        answer.is(409).has(&refusal.to_string());
                        refused += 1;
                    }
                }
                let stage = model.stage().id();
                let (row,): (String,) = site.db.one("select stage from introduction where id = $1", params![id]).await.unwrap();
                assert_eq!(row, stage, "{side:?} {what:?}");
                play.ada.get(&paths.1).await.is(200);
                play.carl.get(&paths.0).await.is(200);
            }
            let still = "update session set created_at = $1, seen_at = $1";
            site.db.execute(still, params![site.clock.now()]).await.unwrap();
        }
        assert!(done > 15 && refused > 15, "{done} done, {refused} refused");
    }

    async fn of_many_acts_at_once_on_two_servers_one_is_done(db: Db) {
        let (one, two) = (Arc::new(site_on(db.clone())), Arc::new(site_on(db.clone())));
        let play = Play::begin(&one).await;
        let (key, page) = play.somebody(1).await;
        let owner = play.carl.owner().await;
        let viewer = one.disclosure.companies_of(owner.key()).await.unwrap().remove(0);
        let name = jobfuture_disclosure::CandidateName::parse(page.rsplit('/').next().unwrap()).unwrap();
        let vacancy: Uuid = play.vacancy_id().parse().unwrap();

        // The same request, by many clicks.
        let mut clicks = Vec::new();
        for at in 0..20 {
            let site = Arc::clone(if at % 2 == 0 { &one } else { &two });
            let (viewer, why) = (viewer.clone(), format!("A text of its own for click number {at}."));
            clicks.push(tokio::spawn(async move {
                let new = NewRequest { vacancy, why, next: NEXT.to_owned() };
                site.site.introductions().begin_request(&viewer, owner, name, new).await.map(|one| one.id)
            }));
        }
        let mut begun = Vec::new();
        for click in clicks {
            match click.await.unwrap() {
                Ok(id) => begun.push(id),
                Err(Fault::Already(_)) => {}
                Err(fault) => panic!("{fault:?}"),
            }
        }
        assert_eq!(begun.len(), 1, "one conversation between two");
        let id = begun[0];

        // Yes, no, and taking it back.
        let mut acts = Vec::new();
        for at in 0..AT_ONCE {
            let site = Arc::clone(if at % 2 == 0 { &one } else { &two });
            let viewer = viewer.clone();
            acts.push(tokio::spawn(async move {
                let introductions = site.site.introductions();
                let company = Actor::Company { viewer: &viewer, member: owner };
                let candidate = Actor::Candidate(key);
                let (who, doing) = match at % 3 {
                    0 => {
                        let facts = [Fact::Field(Field::Headline)].into();
                        let new = NewGrant { audience: Audience::Company(viewer.company()), facts, purpose: "Yes".to_owned(), days: 30 };
                        let grant = site.disclosure.ready_grant(key, new).unwrap();
                        (candidate, Doing::new(id, Move::Accept).granting(grant))
                    }
                    1 => (candidate, Doing::new(id, Move::Decline(Declined::Pay))),
                    _ => (company, Doing::new(id, Move::Withdraw)),
                };
                introductions.step(who, doing.at(1)).await.map(|_| at % 3)
            }));
        }
        let mut done = Vec::new();
        for act in acts {
            match act.await.unwrap() {
                Ok(what) => done.push(what),
                Err(Fault::Stale | Fault::Refused(_)) => {}
                Err(fault) => panic!("{fault:?}"),
            }
        }
        assert_eq!(done.len(), 1, "{done:?}");
        let (version, stage): (i64, String) =
            db.one("select version, stage from introduction where id = $1", params![id]).await.unwrap();
        assert_eq!((version, stage.as_str()), (2, if done[0] == 0 { "open" } else { "ended" }));
        let (lines,): (i64,) =
            db.one("select count(*) from introduction_line where introduction = $1", params![id]).await.unwrap();
        let (grants,): (i64,) = db.one("select count(*) from introduction_grant", &[]).await.unwrap();
        let (all,): (i64,) = db.one("select count(*) from disclosure_grant where purpose = 'Yes'", &[]).await.unwrap();
        let opened = i64::from(done[0] == 0);
        assert_eq!((lines, grants, all), (2, opened, opened), "no grant of an act that was not done is left");
    }

    async fn any_order_of_acts_comes_to_what_the_machine_says(db: Db) {
        let site = site_on(db);
        let play = Play::begin(&site).await;
        let owner = play.carl.owner().await;
        let viewer = site.disclosure.companies_of(owner.key()).await.unwrap().remove(0);
        let vacancy: Uuid = play.vacancy_id().parse().unwrap();
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[3; 32]);
        let mut runner = TestRunner::new_with_rng(Config::default(), rng);
        for round in 0..24_u128 {
            let acts = any_acts().new_tree(&mut runner).unwrap().current();
            let (key, page) = play.somebody(1_000 + round).await;
            let name = jobfuture_disclosure::CandidateName::parse(page.rsplit('/').next().unwrap()).unwrap();
            let new = NewRequest { vacancy, why: format!("Because of round number {round} of many."), next: NEXT.to_owned() };
            make_room(&site.db, site.clock.now()).await;
            let begun = site.site.introductions().begin_request(&viewer, owner, name, new).await.unwrap();
            let mut model = Standing::begun(Side::Company, site.clock.now());
            assert_eq!(begun.standing, model);
            let mut version = 1;
            for (side, what, hours) in acts {
                site.clock.advance(jiff::SignedDuration::from_hours(hours));
                let who = match side {
                    Side::Candidate => Actor::Candidate(key),
                    Side::Company => Actor::Company { viewer: &viewer, member: owner },
                };
                let doing = Doing::new(begun.id, what).saying(Words::new("Words"));
                let expected = model.after(Some(side), what, site.clock.now());
                match (site.site.introductions().step(who, doing).await, expected) {
                    (Ok(now), Ok(after)) => {
                        assert_eq!(now.standing, after, "{side:?} {what:?}");
                        (model, version) = (after, version + 1);
                        assert_eq!(now.version, version);
                    }
                    (Err(Fault::Refused(refusal)), Err(expected)) => assert_eq!(refusal, expected, "{side:?} {what:?}"),
                    (other, expected) => panic!("{side:?} {what:?}: {other:?} instead of {expected:?}"),
                }
                let seen = site.site.introductions().one(key, begun.id).await.unwrap().unwrap();
                let lapsed = model.after(None, Move::Lapse, site.clock.now());
                assert_eq!(seen.standing, lapsed.unwrap_or(model), "both sides read what is so");
                let theirs = site.site.introductions().one_of_company(&viewer, begun.id).await.unwrap().unwrap();
                assert_eq!((theirs.standing, theirs.candidate.is_some()), (seen.standing, seen.is_alive()));
            }
            let lines = site.site.introductions().lines(key, &begun).await.unwrap();
            assert_eq!(i64::try_from(lines.len()).unwrap(), version, "a line for each act that was done");
            let is_over = matches!(model.ending(), Some(Ending::Declined(..) | Ending::Withdrawn(_) | Ending::Closed(..)));
            let (slots,): (i64,) = site
                .db
                .one("select count(*) from introduction where id = $1 and ended_at is not null", params![begun.id])
                .await
                .unwrap();
            assert_eq!(slots == 1, is_over);
        }
    }
}

fn any_acts() -> impl Strategy<Value = Vec<(Side, Move, i64)>> {
    let side = prop_oneof![Just(Side::Candidate), Just(Side::Company)];
    let what = prop_oneof![
        4 => Just(Move::Ask),
        4 => Just(Move::Answer),
        2 => Just(Move::Accept),
        1 => Just(Move::Decline(Declined::Place)),
        1 => Just(Move::Withdraw),
        3 => Just(Move::Write),
        1 => Just(Move::Close(Outcome::Dropped)),
    ];
    proptest::collection::vec((side, what, prop_oneof![9 => 0_i64..40, 1 => Just(24 * 14)]), 3..14)
}
