//! Asking again: who ended a conversation is not asked for a while, and the refusal tells nothing of which one it was.

use super::{DAY, LETTER, NEXT, Play, WHY, letters_to, site_on};
use crate::browser::{ADA, PASSWORD};
use crate::site::Answer;
use jobfuture_db::{Db, params};

const AGAIN: &str = "Would you think of it once more, after the winter?";

async fn ask_again(play: &mut Play<'_>) -> Answer {
    let id = play.vacancy_id();
    play.carl.post(&format!("{}/ask", play.candidate), &[("vacancy", &id), ("why", AGAIN), ("next", NEXT)]).await
}

/// What the page says of it.
fn refusal(page: &Answer) -> String {
    let text = page.is(422).has("is not asked by it again for 90 days").text();
    let says = text.split("role=\"alert\"").nth(1).expect("what is wrong");
    says.split("</").next().unwrap().to_owned()
}

jobfuture_testkit::both_engines! {
    async fn a_refusal_tells_neither_when_nor_how_the_last_one_ended(db: Db) {
        let site = site_on(db);
        let mut play = Play::begin(&site).await;
        let mut refusals = Vec::new();
        for (nth, how) in ["said no", "left", "blocked"].into_iter().enumerate() {
            let (_, hers) = play.request(&format!("{WHY} This is text number {nth}.")).await;
            match how {
                "said no" => {
                    play.by_ada(&hers, "decline", &[("reason", "pay")]).await.is(303);
                }
                "left" => {
                    play.by_ada(&hers, "accept", &[("fact", "field:name")]).await.is(303);
                    play.by_ada(&hers, "withdraw", &[]).await.is(303);
                }
                _ => {
                    let company = play.company.to_string();
                    play.ada.post("/blocks", &[("company", &company)]).await.is(303);
                    play.ada.post(&format!("/blocks/{company}/lift"), &[]).await.is(303);
                }
            }
            site.clock.advance(DAY * 3);
            let says = refusal(&ask_again(&mut play).await);
            for word in ["November", "December", "January", "February", "2026", "2027", "pay", "said no", "left"] {
                assert!(!says.contains(word), "{word} in {says}");
            }
            refusals.push(says);
            // As if it had been long ago.
            let long_ago = site.clock.now().checked_sub(DAY * 91).unwrap();
            site.db.execute("update introduction set ended_at = $1", params![long_ago]).await.unwrap();
        }
        assert!(refusals.iter().all(|says| *says == refusals[0]), "{refusals:?}");
        // Their list says how each ended, and leads to nobody.
        let list = play.carl.get(&format!("{}/introductions", play.home)).await;
        list.is(200).has_not("Candidate ").has_not("/candidates/");
        let letters = letters_to(&site, ADA).await.len();
        ask_again(&mut play).await.is(303);
        assert!(letters_to(&site, ADA).await.len() > letters, "after 90 days she can be asked");
    }

    async fn one_that_lapsed_forbids_nothing_and_who_left_can_apply(db: Db) {
        let site = site_on(db);
        let mut play = Play::begin(&site).await;
        play.request(WHY).await;
        site.clock.advance(DAY * 14);
        play.carl.post("/sign-in", &[("email", "carl@acme.example"), ("password", PASSWORD)]).await.is(303);
        play.ada.post("/sign-in", &[("email", ADA), ("password", PASSWORD)]).await.is(303);
        let asked = ask_again(&mut play).await;
        let hers = asked.is(303).header("location").replace(&play.home, "");
        play.by_ada(&hers, "decline", &[("reason", "timing")]).await.is(303);
        let (theirs, _) = play.application().await;
        play.carl.get(&theirs).await.is(200).has(LETTER);
    }
}
