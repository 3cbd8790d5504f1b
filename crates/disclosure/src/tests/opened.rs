//! What the index of companies' searches is told, and what is shown of those whom it finds.

use super::kit::{World, new_grant};
use crate::{Audience, Fact, Field, OpenedTo};
use jiff::SignedDuration;
use jobfuture_db::{Db, params};
use uuid::Uuid;

const ACME: u128 = 100;

jobfuture_testkit::both_engines! {
    async fn an_index_is_told_what_grants_open_of_what_is_searched_and_nothing_else(db: Db) {
        let world = World::on(db).await;
        let acme = world.company(ACME).await;
        let ada = world.person(1).await;
        world.fill(ada, Field::Headline, &[("headline", "Django")]).await;
        world.fill(ada, Field::Name, &[("name", "Ada")]).await;
        world.fill(ada, Field::Remote, &[("way", "remote")]).await;
        world.fill(ada, Field::Pay, &[("least", "60000"), ("currency", "EUR"), ("per", "year")]).await;
        let signal = world.signal(ada, "middle").await;
        let facts = [Fact::Field(Field::Headline), Fact::Field(Field::Name), Fact::Field(Field::Remote), Fact::Signal(signal)];
        let pool = Audience::Pool { role: "django-developer".into() };
        world.grant(ada, pool.clone(), &facts).await;
        world.grant(ada, Audience::Company(Uuid::from_u128(ACME)), &[Fact::Field(Field::Pay)]).await;
        world.grant(ada, Audience::Link { opens_at_most: 3 }, &facts).await;
        // Nobody has seen anything, so no log says that somebody did.
        let all = world.disclosure.opened_after(Uuid::nil(), 10).await.unwrap();
        assert_eq!(all, world.disclosure.opened(&[ada.uuid()]).await.unwrap());
        assert!(world.disclosure.views(ada, 9).await.unwrap().is_empty());
        let mut opened = all[0].grants.iter().map(|one| {
            let fields: Vec<Field> = one.fields().map(|(field, _)| field).collect();
            (matches!(one.to(), OpenedTo::Company(_)), fields, one.signals().count())
        }).collect::<Vec<_>>();
        opened.sort_by_key(|(is_by_name, ..)| *is_by_name);
        assert_eq!(opened, [(false, vec![Field::Remote], 1), (true, vec![Field::Pay], 0)]);
        // The first end is the signal's or the grant's, whichever comes first; then the grant goes on without it.
        let ends: Vec<_> = all[0].grants.iter().map(|one| one.until()).collect();
        let entries = world.disclosure.grants(ada).await.unwrap();
        assert!(ends.iter().all(|end| entries.iter().any(|entry| entry.expires_at == *end)), "grants of the kit end before signals");
        // Blocked, of the company, leaving.
        world.disclosure.block(ada, Uuid::from_u128(ACME)).await.unwrap();
        let own = world.disclosure.opened(&[acme.uuid(), ada.uuid()]).await.unwrap();
        assert_eq!((own[0].grants.len(), &own[0].hidden_from), (0, &vec![Uuid::from_u128(ACME)]));
        assert_eq!(own[1].hidden_from, [Uuid::from_u128(ACME)]);
        let sql = "update account set leaves_at = $2 where id = $1";
        world.db.execute(sql, params![ada.uuid(), world.clock.now()]).await.unwrap();
        assert!(world.disclosure.opened(&[ada.uuid()]).await.unwrap()[0].grants.is_empty());
        assert!(world.disclosure.opened_after(Uuid::nil(), 10).await.unwrap().is_empty());
    }

    /// By the second of the conversation's clock, while nobody has written down yet that it is over.
    async fn a_grant_ends_with_the_turn_of_the_conversation_that_it_was_made_for(db: Db) {
        let world = World::on(db).await;
        let acme = world.company(ACME).await;
        let ada = world.person(1).await;
        world.fill(ada, Field::Headline, &[("headline", "Django")]).await;
        world.fill(ada, Field::Remote, &[("way", "remote")]).await;
        let signal = world.signal(ada, "middle").await;
        let company = Audience::Company(Uuid::from_u128(ACME));
        let whole = world.grant(ada, company.clone(), &[Fact::Field(Field::Headline)]).await;
        let talk = world.talk(ada, ACME).await;
        let due = world.clock.now().checked_add(SignedDuration::from_hours(24 * 14)).unwrap();
        let bound = world.grant(ada, company, &[Fact::Field(Field::Remote), Fact::Signal(signal)]).await;
        world.bind(talk, bound).await;
        let viewer = world.viewer(acme).await;
        let name = world.name_for(&viewer, ada).await;
        let shown = async || {
            let seen = world.disclosure.see(&viewer, name).await.unwrap().unwrap();
            let for_talk = world.disclosure.see_for_interview(&viewer, talk).await.unwrap();
            let opened = world.disclosure.opened(&[ada.uuid()]).await.unwrap().remove(0).grants;
            let opened = opened.iter().find(|one| one.grant() == bound).map(|one| one.until());
            let entry = world.disclosure.grants(ada).await.unwrap().into_iter().find(|entry| entry.id == bound).unwrap();
            let is_there = (seen.field(Field::Remote).is_some(), seen.signals().len());
            assert!(seen.field(Field::Headline).is_some(), "what was granted apart goes on");
            (is_there, for_talk.is_some(), opened, entry.is_live(world.clock.now()))
        };
        world.clock.advance(SignedDuration::from_hours(24 * 14) - SignedDuration::from_secs(1));
        assert_eq!(shown().await, ((true, 1), true, Some(due), true));
        world.clock.advance(SignedDuration::from_secs(1));
        assert_eq!(shown().await, ((false, 0), false, None, false));
        let issuer = crate::Issuer { address: "https://jobs.example.org".to_owned(), name: "JobFuture".to_owned() };
        let file = async || world.disclosure.wallet_file(ada, bound, signal, &issuer).await.unwrap();
        assert!(file().await.is_none(), "no credential is made of it");
        // A turn that is put off puts it off; but not beyond what was granted.
        let later = due.checked_add(SignedDuration::from_hours(24 * 200)).unwrap();
        world.db.execute("update introduction set due_at = $1", params![later]).await.unwrap();
        let until = world.disclosure.grants(ada).await.unwrap().into_iter().find(|entry| entry.id == whole).unwrap().expires_at;
        assert_eq!(shown().await, ((true, 1), true, Some(until), true));
        assert!(file().await.is_some());
        // Of one that is over nothing is opened, whatever became of its grant.
        world.db.execute("update introduction set stage = 'ended', turn = null, due_at = null", &[]).await.unwrap();
        assert_eq!(shown().await.0, (false, 0));
    }

    async fn all_are_read_in_portions_and_none_twice(db: Db) {
        let world = World::on(db).await;
        for number in 1..8 {
            let person = world.person(number).await;
            world.fill(person, Field::Remote, &[("way", "remote")]).await;
            world.grant(person, Audience::Pool { role: "keeper".into() }, &[Fact::Field(Field::Remote)]).await;
        }
        let (mut found, mut after) = (Vec::new(), Uuid::nil());
        loop {
            let portion = world.disclosure.opened_after(after, 3).await.unwrap();
            let Some(last) = portion.last() else { break };
            after = last.account;
            found.extend(portion.iter().map(|by| by.account.as_u128()));
        }
        assert_eq!(found, (1..8).collect::<Vec<_>>());
    }

    async fn whoever_was_found_is_looked_at_again(db: Db) {
        let world = World::on(db).await;
        let acme = world.company(ACME).await;
        let mut people = Vec::new();
        for number in 1..5 {
            let person = world.person(number).await;
            world.fill(person, Field::Headline, &[("headline", &format!("Line {number}"))]).await;
            let new = new_grant(Audience::Pool { role: "django-developer".into() }, &[Fact::Field(Field::Headline)]);
            people.push((person, world.disclosure.make_grant(person, new).await.unwrap()));
        }
        let viewer = world.viewer(acme).await;
        let mut asked: Vec<Uuid> = people.iter().map(|(person, _)| person.uuid()).collect();
        asked.reverse();
        asked.push(Uuid::from_u128(77));
        let seen = async || {
            let seen = world.disclosure.see_these(&viewer, &asked).await.unwrap();
            seen.into_iter().map(|(account, _)| account.as_u128()).collect::<Vec<_>>()
        };
        assert_eq!(seen().await, [4, 3, 2, 1], "in the order of whoever asks");
        let views = world.disclosure.views(people[0].0, 9).await.unwrap();
        assert_eq!((views.len(), views[0].through.as_str()), (1, "search"));
        world.disclosure.block(people[0].0, Uuid::from_u128(ACME)).await.unwrap();
        world.disclosure.revoke_grant(people[1].0, people[1].1).await.unwrap();
        let sql = "update account set leaves_at = $2 where id = $1";
        world.db.execute(sql, params![people[2].0.uuid(), world.clock.now()]).await.unwrap();
        assert_eq!(seen().await, [4]);
        world.clock.advance(SignedDuration::from_hours(24 * 500));
        assert!(seen().await.is_empty(), "grants and the company's verification have ended");
    }
}
