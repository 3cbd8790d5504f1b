//! The end of a conversation by its clock: from that very second nothing of it is shown, whether anybody has written it down or not.

use super::{DAY, LETTER, NEXT, Play, WHY, site_on};
use crate::browser::{ADA, PASSWORD};
use jiff::SignedDuration;
use jobfuture_db::{Db, params};

const SECOND: SignedDuration = SignedDuration::from_secs(1);

/// Sessions end before turns do.
async fn sign_in(play: &mut Play<'_>) {
    play.carl.post("/sign-in", &[("email", "carl@acme.example"), ("password", PASSWORD)]).await.is(303);
    play.ada.post("/sign-in", &[("email", ADA), ("password", PASSWORD)]).await.is(303);
}

jobfuture_testkit::both_engines! {
    async fn what_was_granted_for_a_conversation_ends_at_the_second_of_its_clock(db: Db) {
        let site = site_on(db);
        let mut play = Play::begin(&site).await;
        play.ada.post("/profile/fields/languages", &[("0.language", "German"), ("0.fluency", "fluent")]).await.is(303);
        let (theirs, hers) = play.request(WHY).await;
        play.by_ada(&hers, "accept", &[("fact", "field:name"), ("fact", "field:languages")]).await.is(303);
        let (page, list) = (play.candidate.clone(), format!("{}/candidates", play.home));
        let found = format!("{}/pool?language=German", play.home);
        let kit = format!("{theirs}/kit");

        // The company writes twelve days later: what is shown lasts as long as the turn that this begins.
        site.clock.advance(DAY * 12);
        sign_in(&mut play).await;
        play.carl.get(&found).await.is(200).has("One candidate");
        play.carl.post(&format!("{theirs}/lines"), &[("text", "We meet in the new office.")]).await.is(303);
        site.clock.advance(DAY * 14 - SECOND);
        sign_in(&mut play).await;
        for path in [&page, &list, &theirs, &kit] {
            play.carl.get(path).await.is(200).has("Lovelace");
        }
        play.carl.get(&found).await.is(200).has("One candidate");
        let own = play.ada.get("/grants").await;
        own.is(200).has("it ends with its conversation, whose turn ends on 18 December 2026");

        site.clock.advance(SECOND);
        for path in [&page, &list, &theirs] {
            play.carl.get(path).await.is(200).has_not("Lovelace");
        }
        play.carl.get(&found).await.is(200).has("Nobody found");
        play.carl.get(&kit).await.is(404);
        play.carl.get(&page).await.has("Django and databases").has_not("German");
        let (revoked,): (i64,) = site.db.one("select count(*) from disclosure_grant where revoked_at is not null", &[]).await.unwrap();
        assert_eq!(revoked, 0, "no clock has looked yet");
        let ada = play.ada.owner().await.key();
        let bound: Vec<(uuid::Uuid,)> = site.db.all("select grant_id from introduction_grant", &[]).await.unwrap();
        let entries = site.disclosure.grants(ada).await.unwrap();
        let live: Vec<_> = entries.iter().filter(|entry| entry.is_live(site.clock.now())).map(|entry| entry.id).collect();
        assert!(bound.len() == 1 && live.len() == 1 && live[0] != bound[0].0, "{live:?}");

        // The round of the clock writes it down, and shows no more and no less.
        assert_eq!(site.site.introductions().wind().await.unwrap().lapsed, 1);
        play.carl.get(&page).await.is(200).has("Django and databases").has_not("Lovelace").has_not("German");
        play.carl.get(&found).await.is(200).has("Nobody found");
    }

    async fn what_an_applicant_shows_ends_with_the_answer_that_did_not_come(db: Db) {
        let site = site_on(db);
        let mut play = Play::begin(&site).await;
        play.ada.post("/profile/fields/summary", &[("0.text", "Kept the books of a ferry.")]).await.is(303);
        let fields = [("letter", LETTER), ("fact", "field:summary"), ("later", "field:name"), ("do", "send")];
        play.ada.post(&format!("{}/apply", play.vacancy.1), &fields).await.is(303);
        let page = play.candidate.clone();
        site.clock.advance(DAY * 14 - SECOND);
        sign_in(&mut play).await;
        play.carl.get(&page).await.is(200).has("books of a ferry");
        site.clock.advance(SECOND);
        play.carl.get(&page).await.is(200).has_not("books of a ferry").has("Django and databases");
        // To ask her now is to begin anew: with what she shows apart from that.
        let id = play.vacancy_id();
        let asks = [("vacancy", id.as_str()), ("why", WHY), ("next", NEXT)];
        site.db.execute("update vacancy set closes_at = $1", params![site.clock.now().checked_add(DAY).unwrap()]).await.unwrap();
        play.carl.post(&format!("{page}/ask"), &asks).await.is(303);
        play.carl.get(&page).await.is(200).has_not("books of a ferry");
    }
}
