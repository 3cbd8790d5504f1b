//! What is granted is seen, until it is not; and nothing else is.

use super::kit::{World, body, new_grant, now, value};
use crate::{Audience, CandidateName, Error, Fact, Field, NewGrant, PreviewFor, PromisedGrant, Seen, Terms, Token};
use jiff::SignedDuration;
use jobfuture_codes::Code;
use jobfuture_db::{Db, params};
use std::collections::BTreeSet;
use uuid::Uuid;

const ACME: u128 = 100;

fn acme() -> Audience {
    Audience::Company(Uuid::from_u128(ACME))
}

/// All that is shown, without which grant opened it.
fn shown(seen: Option<Seen>) -> Option<Vec<String>> {
    let seen = seen?;
    let fields = seen.fields().map(|(field, value)| format!("{field:?} {:?}", value.entries()));
    let signals = seen.signals().iter().map(|one| format!("{:?} {:?}", one.says(), one.expires_at()));
    let terms = seen.terms().iter().map(|terms| format!("{terms:?}"));
    Some([seen.called()].into_iter().chain(fields).chain(signals).chain(terms).collect())
}

fn refusal<T>(result: Result<T, Error>) -> String {
    match result {
        Err(Error::Refused(says)) => says,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("it was done"),
    }
}

jobfuture_testkit::both_engines! {
    async fn what_would_be_granted_looks_as_it_does_once_it_is(db: Db) {
        let world = World::on(db).await;
        let (member, ada) = (world.company(10).await, world.person(1).await);
        let company = Uuid::from_u128(10);
        world.fill(ada, Field::Headline, &[("headline", "Django")]).await;
        world.fill(ada, Field::Name, &[("name", "Ada Lovelace")]).await;
        world.fill(ada, Field::Experience, &[("title", "Developer"), ("organisation", "Hill Books")]).await;
        let signal = world.signal(ada, "middle").await;
        world.grant(ada, Audience::Company(company), &[Fact::Field(Field::Headline)]).await;
        for facts in [
            vec![Fact::Field(Field::Name)],
            vec![Fact::Field(Field::Experience), Fact::Signal(signal)],
            vec![Fact::Field(Field::Organisations)],
        ] {
            let new = NewGrant { days: 5, ..new_grant(Audience::Company(company), &facts) };
            let until = world.disclosure.now().checked_add(SignedDuration::from_hours(24 * 5)).unwrap();
            let terms = Terms { purpose: new.purpose.clone(), until };
            let before = world.disclosure.preview(ada, PreviewFor::Company(company)).await.unwrap();
            let looked = world.disclosure.preview_with(ada, company, new.facts.clone(), terms).await.unwrap();
            assert!(shown(looked.clone()) != shown(before.clone()), "{facts:?} show something more");
            assert_eq!(world.disclosure.preview(ada, PreviewFor::Company(company)).await.unwrap(), before, "nothing was granted");
            world.disclosure.make_grant(ada, new).await.unwrap();
            let now = world.disclosure.preview(ada, PreviewFor::Company(company)).await.unwrap();
            assert_eq!(shown(looked), shown(now), "{facts:?} look as they did");
        }
        assert!(world.list(member).await.pop() == world.disclosure.preview(ada, PreviewFor::Company(company)).await.unwrap());
    }

    async fn a_promised_grant_is_made_of_what_is_there_then(db: Db) {
        let world = World::on(db).await;
        let (_, ada) = (world.company(10).await, world.person(1).await);
        let company = Uuid::from_u128(10);
        world.fill(ada, Field::Name, &[("name", "Ada Lovelace")]).await;
        world.fill(ada, Field::Headline, &[("headline", "Django")]).await;
        let facts = [Fact::Field(Field::Name), Fact::Field(Field::Headline)];
        let promised = world.disclosure.promised_grant(ada, new_grant(Audience::Company(company), &facts)).unwrap();
        let text = promised.text().unwrap();
        assert!(world.disclosure.preview(ada, PreviewFor::Company(company)).await.unwrap().is_none());
        world.disclosure.set_field(ada, Field::Headline, None).await.unwrap();
        let now = world.disclosure.now();
        let keep = |account: Uuid, company: Uuid| {
            let promised = PromisedGrant::parse(&text).unwrap();
            world.db.transaction(move |tx| promised.keep(tx, account, company, now))
        };
        assert!(keep(Uuid::from_u128(2), company).await.is_err(), "it is nobody else's");
        assert!(keep(ada.uuid(), Uuid::from_u128(11)).await.is_err(), "and to nobody else");
        assert!(keep(ada.uuid(), company).await.unwrap().is_some());
        let seen = world.disclosure.preview(ada, PreviewFor::Company(company)).await.unwrap().unwrap();
        assert_eq!(seen.fields().map(|(field, _)| field).collect::<Vec<_>>(), [Field::Name]);
    }

    async fn what_is_granted_is_seen_and_the_rest_is_not(db: Db) {
        let world = World::on(db).await;
        let (ada, member) = (world.person(1).await, world.company(ACME).await);
        world.fill(ada, Field::Headline, &[("headline", "Django, ten years")]).await;
        world.fill(ada, Field::Pay, &[("least", "60000"), ("currency", "EUR"), ("per", "year")]).await;
        world.fill(ada, Field::Name, &[("name", "Ada Lovelace")]).await;
        let job = [("title", "Developer"), ("organisation", "Hill Books")];
        world.fill(ada, Field::Experience, &job).await;
        let signal = world.signal(ada, "middle").await;
        assert!(world.list(member).await.is_empty(), "nothing is granted by filling it in");
        let facts = [Fact::Field(Field::Headline), Fact::Field(Field::Experience), Fact::Signal(signal)];
        world.grant(ada, acme(), &facts).await;

        let seen = world.list(member).await;
        let [seen] = seen.as_slice() else { panic!("one candidate") };
        let fields: Vec<Field> = seen.fields().map(|(field, _)| field).collect();
        assert_eq!(fields, [Field::Headline, Field::Experience]);
        assert_eq!(seen.field(Field::Experience), Some(&value(Field::Experience, &[("title", "Developer")])));
        assert_eq!(seen.signals().len(), 1);
        assert_eq!(seen.signals()[0].says(), &body("middle").says);
        assert_eq!(seen.signals()[0].evidence(), body("middle").evidence);
        assert!(seen.called().starts_with("Candidate "), "{}", seen.called());
        assert_eq!(seen.terms()[0].purpose, "A talk about work");
        // The page shows the same as the list, and the preview the same as the page.
        let viewer = world.viewer(member).await;
        let page = world.disclosure.see(&viewer, seen.name()).await.unwrap().unwrap();
        assert!(page == *seen);
        let preview = world.disclosure.preview(ada, PreviewFor::Company(Uuid::from_u128(ACME))).await.unwrap().unwrap();
        assert!(preview == page);
        assert!(world.disclosure.preview(ada, PreviewFor::Pool { role: "django-developer".into() }).await.unwrap().is_none());
        assert!(world.disclosure.preview(ada, PreviewFor::Stranger).await.unwrap().is_none());

        // Names are shown once they are granted, by another grant.
        world.grant(ada, acme(), &[Fact::Field(Field::Organisations), Fact::Field(Field::Name)]).await;
        let page = world.disclosure.see(&viewer, seen.name()).await.unwrap().unwrap();
        assert_eq!(page.called(), "Ada Lovelace");
        assert_eq!(page.field(Field::Experience), Some(&value(Field::Experience, &job)));
        // The log tells looks with the names from those without.
        let views = world.disclosure.views(ada, 9).await.unwrap();
        let with_names = views.iter().filter(|view| view.fields.contains(&Field::Organisations)).count();
        assert_eq!((with_names, views.iter().any(|view| view.fields == [Field::Headline, Field::Experience])), (1, true));
    }

    async fn every_way_out_takes_effect_with_the_next_request(db: Db) {
        let world = World::on(db).await;
        let (ada, member) = (world.person(1).await, world.company(ACME).await);
        world.fill(ada, Field::Headline, &[("headline", "Django")]).await;
        world.fill(ada, Field::Summary, &[("text", "More")]).await;
        let signal = world.signal(ada, "middle").await;
        let both = [Fact::Field(Field::Headline), Fact::Field(Field::Summary), Fact::Signal(signal)];
        let grant = world.grant(ada, acme(), &both).await;
        let of = async || {
            let seen = world.list(member).await;
            seen.first().map(|seen| (seen.fields().count(), seen.signals().len()))
        };
        assert_eq!(of().await, Some((2, 1)));
        let keep = BTreeSet::from([Fact::Field(Field::Headline), Fact::Signal(signal)]);
        assert!(world.disclosure.narrow_grant(ada, grant, &keep).await.unwrap());
        assert_eq!(of().await, Some((1, 1)));
        assert!(world.disclosure.withdraw_signal(ada, signal).await.unwrap());
        assert_eq!(of().await, Some((1, 0)));
        world.disclosure.block(ada, Uuid::from_u128(ACME)).await.unwrap();
        assert_eq!(of().await, None);
        world.disclosure.unblock(ada, Uuid::from_u128(ACME)).await.unwrap();
        assert_eq!(of().await, Some((1, 0)));
        let leave = "update account set leaves_at = $2 where id = $1";
        world.db.execute(leave, params![ada.uuid(), Some(now())]).await.unwrap();
        assert_eq!(of().await, None);
        world.db.execute(leave, params![ada.uuid(), None::<jiff::Timestamp>]).await.unwrap();
        assert!(world.disclosure.revoke_grant(ada, grant).await.unwrap());
        assert_eq!(of().await, None);
        assert!(!world.disclosure.revoke_grant(ada, grant).await.unwrap(), "once is enough");
        assert!(!world.disclosure.narrow_grant(ada, grant, &keep).await.unwrap());

        world.grant(ada, acme(), &[Fact::Field(Field::Headline)]).await;
        assert_eq!(of().await, Some((1, 0)));
        world.clock.advance(SignedDuration::from_hours(24 * 30));
        assert_eq!(of().await, None, "it has expired");
        world.grant(ada, acme(), &[Fact::Field(Field::Headline)]).await;
        world.disclosure.keys().shred(ada.uuid()).await.unwrap();
        assert_eq!(of().await, None, "without the key there is nothing to see");
    }

    async fn a_company_that_is_not_verified_sees_nobody(db: Db) {
        let world = World::on(db).await;
        let (ada, member) = (world.person(1).await, world.company(ACME).await);
        world.fill(ada, Field::Headline, &[("headline", "Django")]).await;
        world.grant(ada, acme(), &[Fact::Field(Field::Headline)]).await;
        assert_eq!(world.list(member).await.len(), 1);
        world.db.execute("update company set verified_until = $1", params![now()]).await.unwrap();
        assert!(world.list(member).await.is_empty());
        let says = refusal(world.disclosure.make_grant(ada, new_grant(acme(), &[Fact::Field(Field::Headline)])).await);
        assert!(says.contains("not verified"), "{says}");
    }

    async fn a_member_sees_what_their_role_is_there_for(db: Db) {
        let world = World::on(db).await;
        let (ada, member) = (world.person(1).await, world.company(ACME).await);
        world.fill(ada, Field::Headline, &[("headline", "Django")]).await;
        world.grant(ada, acme(), &[Fact::Field(Field::Headline)]).await;
        let name = world.list(member).await[0].name();
        for (role, sees) in [("recruiter", 1), ("interviewer", 0), ("owner", 1)] {
            world.db.execute("update company_member set role = $1", params![role]).await.unwrap();
            let viewer = world.viewer(member).await;
            assert_eq!(viewer.role().id(), role);
            assert_eq!(world.list(member).await.len(), sees, "{role}");
            assert_eq!(world.disclosure.see(&viewer, name).await.unwrap().is_some(), sees == 1, "{role}");
        }
        world.db.execute("update company_member set role = 'janitor'", &[]).await.unwrap();
        assert!(matches!(world.disclosure.companies_of(member).await, Err(Error::Row(_))));
    }

    async fn the_pool_opens_to_companies_that_look_for_the_role(db: Db) {
        let world = World::on(db).await;
        let (ada, member, other) = (world.person(1).await, world.company(ACME).await, world.company(200).await);
        world.fill(ada, Field::Headline, &[("headline", "Django")]).await;
        world.db.execute("delete from company_focus where company = $1", params![Uuid::from_u128(200)]).await.unwrap();
        world.grant(ada, Audience::Pool { role: "django-developer".into() }, &[Fact::Field(Field::Headline)]).await;
        assert_eq!(world.list(member).await.len(), 1);
        assert!(world.list(other).await.is_empty());
        // Both would know her by another name.
        world.focus(Uuid::from_u128(200), "django-developer").await;
        let (one, two) = (world.list(member).await[0].name(), world.list(other).await[0].name());
        assert_ne!(one, two);
        let viewer = world.viewer(other).await;
        assert!(world.disclosure.see(&viewer, one).await.unwrap().is_none(), "another's name leads nowhere");
    }

    async fn a_link_is_opened_so_many_times_and_says_no_name(db: Db) {
        let world = World::on(db).await;
        let ada = world.person(1).await;
        world.fill(ada, Field::Headline, &[("headline", "Django")]).await;
        let grant = world.grant(ada, Audience::Link { opens_at_most: 2 }, &[Fact::Field(Field::Headline)]).await;
        let entry = world.disclosure.grants(ada).await.unwrap().pop().unwrap();
        let token = entry.token.clone().unwrap();
        let preview = world.disclosure.preview(ada, PreviewFor::Link(grant)).await.unwrap().unwrap();
        for _ in 0..2 {
            let seen = world.disclosure.open_link(&token).await.unwrap().unwrap();
            assert!(seen == preview);
        }
        assert!(world.disclosure.open_link(&token).await.unwrap().is_none());
        let entry = world.disclosure.grants(ada).await.unwrap().pop().unwrap();
        assert_eq!((entry.opened, entry.is_live(now())), (2, false));
        let other = Token::parse(&"A".repeat(43)).unwrap();
        assert!(world.disclosure.open_link(&other).await.unwrap().is_none());
    }

    async fn what_is_wrong_with_a_grant_is_said(db: Db) {
        let world = World::on(db).await;
        let (ada, ben, member) = (world.person(1).await, world.person(2).await, world.company(ACME).await);
        world.fill(ada, Field::Headline, &[("headline", "Django")]).await;
        let headline = Fact::Field(Field::Headline);
        let tried = async |audience: Audience, facts: &[Fact]| {
            refusal(world.disclosure.make_grant(ada, new_grant(audience, facts)).await)
        };
        assert!(tried(acme(), &[]).await.contains("at least one thing"));
        assert!(tried(acme(), &[Fact::Field(Field::Pay)]).await.contains("is empty"));
        assert!(tried(Audience::Company(Uuid::from_u128(9)), &[headline]).await.contains("no such company"));
        assert!(tried(Audience::Pool { role: String::new() }, &[headline]).await.contains("role"));
        assert!(tried(Audience::Link { opens_at_most: 0 }, &[headline]).await.contains("between 1 and"));
        let bens = world.signal(ben, "senior").await;
        assert!(tried(acme(), &[Fact::Signal(bens)]).await.contains("not there any more"));
        world.disclosure.block(ada, Uuid::from_u128(ACME)).await.unwrap();
        assert!(tried(acme(), &[headline]).await.contains("blocked"));
        world.disclosure.unblock(ada, Uuid::from_u128(ACME)).await.unwrap();
        world.fill(member, Field::Headline, &[("headline", "Django")]).await;
        assert!(refusal(world.disclosure.make_grant(member, new_grant(acme(), &[headline])).await).contains("yourself"));
        let mut long = new_grant(acme(), &[headline]);
        long.days = 400;
        assert!(refusal(world.disclosure.make_grant(ada, long).await).contains("between 1 and 366"));
        let mut unsaid = new_grant(acme(), &[headline]);
        unsaid.purpose = "  ".into();
        assert!(refusal(world.disclosure.make_grant(ada, unsaid).await).contains("what it is for"));
        // Somebody else's grant is not there to narrow or to revoke.
        let grant = world.grant(ada, acme(), &[headline]).await;
        assert!(!world.disclosure.revoke_grant(ben, grant).await.unwrap());
        assert!(!world.disclosure.narrow_grant(ben, grant, &BTreeSet::from([headline])).await.unwrap());
        assert!(refusal(world.disclosure.narrow_grant(ada, grant, &BTreeSet::new()).await).contains("Revoke it"));
        assert!(!world.disclosure.withdraw_signal(ada, bens).await.unwrap());
    }

    async fn the_log_says_who_saw_what_through_what(db: Db) {
        let world = World::on(db).await;
        let (ada, member) = (world.person(1).await, world.company(ACME).await);
        world.fill(ada, Field::Headline, &[("headline", "Django")]).await;
        let signal = world.signal(ada, "middle").await;
        world.grant(ada, acme(), &[Fact::Field(Field::Headline), Fact::Signal(signal)]).await;
        world.disclosure.preview(ada, PreviewFor::Company(Uuid::from_u128(ACME))).await.unwrap();
        assert!(world.disclosure.views(ada, 9).await.unwrap().is_empty(), "a preview is nobody's look");
        let viewer = world.viewer(member).await;
        let name = world.list(member).await[0].name();
        world.clock.advance(SignedDuration::from_mins(1));
        for _ in 0..3 {
            world.disclosure.see(&viewer, name).await.unwrap();
        }
        world.clock.advance(SignedDuration::from_hours(2));
        world.disclosure.see(&viewer, name).await.unwrap();
        let views = world.disclosure.views(ada, 9).await.unwrap();
        let lines: Vec<_> = views.iter().map(|view| (view.through.as_str(), view.times)).collect();
        assert_eq!(lines, [("page", 1), ("page", 3), ("list", 1)]);
        assert!(views.iter().all(|view| view.company.as_deref() == Some("Company 100") && view.is_new));
        assert!(views.iter().all(|view| view.fields == [Field::Headline] && view.signals == [signal]));
        assert_eq!(world.disclosure.new_views(ada).await.unwrap(), 3);
        world.disclosure.views_were_told(ada, &views).await.unwrap();
        assert_eq!(world.disclosure.new_views(ada).await.unwrap(), 0);
        // Somebody who is shown nothing leaves no line, and there is none in anybody else's log.
        assert!(world.disclosure.views(member, 9).await.unwrap().is_empty());
        let nobody = CandidateName::parse(&"0".repeat(32)).unwrap();
        assert!(world.disclosure.see(&viewer, nobody).await.unwrap().is_none());
    }

    async fn what_is_stored_is_sealed(db: Db) {
        let world = World::on(db).await;
        let ada = world.person(1).await;
        world.fill(ada, Field::Headline, &[("headline", "Unmistakable words")]).await;
        let (sealed,): (Vec<u8>,) = world.db.one("select sealed from profile_field", &[]).await.unwrap();
        assert!(!sealed.windows(5).any(|window| window == b"words"));
        // In another's row, or in another field, it does not open.
        let ben = world.person(2).await;
        world.fill(ben, Field::Headline, &[("headline", "x")]).await;
        let put = "update profile_field set sealed = $1 where account = $2";
        world.db.execute(put, params![sealed, ben.uuid()]).await.unwrap();
        assert!(matches!(world.disclosure.profile(ben).await, Err(Error::Key(_))));
    }
}
