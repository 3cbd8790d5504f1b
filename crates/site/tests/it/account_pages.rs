//! Joining, signing in and leaving, as a browser does it; and what strangers get to see of it: nothing.

use crate::browser::{ADA, Browser, PASSWORD, last_link};
use crate::site::{Answer, TestSite};
use jiff::SignedDuration;

#[tokio::test]
async fn a_person_joins_signs_out_and_in_and_leaves() {
    let site = TestSite::new();
    let mut ada = Browser::new(&site);
    ada.join(ADA).await;
    ada.get("/account").await.is(200).has(ADA).has("Firefox on Linux").has("signed in");
    ada.post("/sign-out", &[]).await.is(303);
    let asked = ada.get("/account").await;
    assert_eq!(asked.is(303).header("location"), "/sign-in?back=/account");
    ada.post("/sign-in", &[("email", ADA), ("password", "not this"), ("back", "/account")])
        .await
        .is(422)
        .has("do not belong");
    let back = ada.post("/sign-in", &[("email", " ADA@example.org"), ("password", PASSWORD), ("back", "/tasks")]).await;
    assert_eq!(back.is(303).header("location"), "/tasks");
    ada.post("/account/name", &[("name", "  Ada   L. ")]).await.is(303);
    ada.get("/account").await.has("value=\"Ada L.\"");

    ada.post("/account/delete", &[("email", "ben@example.org")]).await.is(422).has("Nothing was deleted");
    ada.post("/account/delete", &[("email", ADA)]).await.is(303);
    ada.get("/account").await.is(303);
    assert_eq!(site.site.let_leave().await.unwrap(), 0, "it is not yet time");
    // Within a week one can change one's mind, once more.
    ada.post("/sign-in", &[("email", ADA), ("password", PASSWORD)]).await.is(303);
    ada.get("/account").await.is(200).has("will be deleted on 29 November 2026");
    ada.post("/account/keep", &[]).await.is(303);
    ada.get("/account").await.has_not("will be deleted on");
    site.clock.advance(SignedDuration::from_hours(24 * 8));
    assert_eq!(site.site.let_leave().await.unwrap(), 0, "it was called off");
    ada.post("/sign-in", &[("email", ADA), ("password", PASSWORD)]).await.is(303);
    ada.post("/account/delete", &[("email", ADA)]).await.is(303);
    site.clock.advance(SignedDuration::from_hours(24 * 7));
    assert_eq!(site.site.let_leave().await.unwrap(), 1);
    ada.post("/sign-in", &[("email", ADA), ("password", PASSWORD)]).await.is(422);
    assert!(site.accounts.outbox(50).await.unwrap().is_empty(), "letters to who has left are gone too");
}

#[tokio::test]
async fn forms_do_not_tell_who_has_an_account() {
    let site = TestSite::new();
    Browser::new(&site).join(ADA).await;
    for path in ["/join", "/reset"] {
        let known = site.post(path, &[("email", ADA)]).await;
        let unknown = site.post(path, &[("email", "eve@example.org")]).await;
        assert_eq!(known.text().replace(ADA, "X"), unknown.text().replace("eve@example.org", "X"), "{path}");
    }
    let letters = site.accounts.outbox(50).await.unwrap();
    assert!(letters.iter().any(|letter| letter.recipient == ADA && letter.body.contains("has one already")));
    let wrong = |answer: Answer| answer.text().replace(ADA, "X").replace("eve@example.org", "X");
    let known = site.post("/sign-in", &[("email", ADA), ("password", "not this one")]).await;
    let unknown = site.post("/sign-in", &[("email", "eve@example.org"), ("password", "not this one")]).await;
    assert_eq!(wrong(known), wrong(unknown));
}

#[tokio::test]
async fn a_link_works_once_and_for_a_while() {
    let site = TestSite::new();
    let mut ada = Browser::new(&site);
    ada.post("/join", &[("email", ADA)]).await.is(200);
    let first = last_link(&site, ADA).await;
    site.clock.advance(SignedDuration::from_secs(1));
    ada.post("/join", &[("email", ADA)]).await.is(200);
    let second = last_link(&site, ADA).await;
    ada.get(&first).await.is(404).has("a later one has taken its place");
    ada.post(&second, &[("name", ""), ("password", "password")]).await.is(422).has("guessed quickly");
    ada.post(&second, &[("name", ""), ("password", PASSWORD)]).await.is(303);
    ada.get(&second).await.is(410).has("This link was used");
    ada.get("/join/not-a-token").await.is(404);

    ada.post("/reset", &[("email", ADA)]).await.is(200);
    let reset = last_link(&site, ADA).await;
    site.clock.advance(SignedDuration::from_mins(31));
    ada.get(&reset).await.is(410).has("too old");
    ada.post(&reset, &[("password", "another orchard lantern")]).await.is(410);
}

#[tokio::test]
async fn a_new_password_signs_every_other_browser_out() {
    let site = TestSite::new();
    let (mut home, mut work) = (Browser::new(&site), Browser::new(&site));
    home.join(ADA).await;
    work.post("/sign-in", &[("email", ADA), ("password", PASSWORD)]).await.is(303);
    work.get("/account").await.is(200);
    home.post("/reset", &[("email", ADA)]).await.is(200);
    let link = last_link(&site, ADA).await;
    home.post(&link, &[("password", "tram cloud pebble seven")]).await.is(303);
    work.get("/account").await.is(303);
    home.get("/account").await.is(200);
    work.post("/sign-in", &[("email", ADA), ("password", PASSWORD)]).await.is(422);
}

#[tokio::test]
async fn sensitive_acts_ask_again_who_one_is() {
    let site = TestSite::new();
    let mut ada = Browser::new(&site);
    ada.join(ADA).await;
    site.clock.advance(SignedDuration::from_mins(11));
    let asked = ada.get("/account/delete").await;
    assert_eq!(asked.is(303).header("location"), "/account/prove?back=/account/delete");
    ada.post("/account/delete", &[("email", ADA)]).await.is(303);
    ada.get("/account").await.is(200);
    ada.post("/account/prove", &[("password", "not this"), ("back", "/account/delete")]).await.is(422);
    let back = ada.post("/account/prove", &[("password", PASSWORD), ("back", "/account/delete")]).await;
    assert_eq!(back.is(303).header("location"), "/account/delete");
    ada.get("/account/delete").await.is(200);

    // What was typed is not kept, and the way back leads to the form and not into a wall.
    site.clock.advance(SignedDuration::from_mins(11));
    let asked = ada.post("/account/password", &[("password", "another orchard lantern")]).await;
    assert_eq!(asked.is(303).header("location"), "/account/prove?back=/account/password");
    assert_eq!(ada.get("/account/password").await.is(303).header("location"), "/account");
}

#[tokio::test]
async fn guessing_comes_to_a_stop_without_shutting_the_owner_out() {
    let site = TestSite::new();
    let mut ada = Browser::new(&site);
    ada.join(ADA).await;
    let mut eve = Browser::new(&site);
    let mut last = 0;
    for _ in 0..10 {
        last = eve.post("/sign-in", &[("email", ADA), ("password", "a guess of hers")]).await.status.as_u16();
    }
    assert_eq!(last, 429);
    let held = eve.post("/sign-in", &[("email", ADA), ("password", PASSWORD)]).await;
    assert!(held.is(429).has("Nobody is locked out").header("retry-after").parse::<u64>().unwrap() > 0);
    ada.get("/account").await.is(200);
}

#[tokio::test]
async fn a_form_of_another_site_is_refused() {
    let site = TestSite::new();
    let mut ada = Browser::new(&site);
    ada.join(ADA).await;
    ada.post_from("/account/name", &[("name", "Eve")], "cross-site").await.is(403);
    ada.post_from("/account/delete", &[("email", ADA)], "cross-site").await.is(403);
    ada.get("/account").await.is(200).has("value=\"Ada\"");
}

#[tokio::test]
async fn private_pages_are_kept_by_nobody_and_say_nothing_in_their_titles() {
    let site = TestSite::new();
    let mut ada = Browser::new(&site);
    ada.join(ADA).await;
    for path in ["/account", "/account/delete", "/sign-in", "/join", "/reset", "/account/prove"] {
        let page = ada.get(path).await;
        assert_eq!(page.header("cache-control"), "no-store", "{path}");
        if page.status == 200 {
            let title = page.text().split("<title>").nth(1).unwrap().split("</title>").next().unwrap();
            assert!(!title.contains("ada") && !title.contains("Ada"), "{path}: {title}");
        }
    }
    // The operator's page does not exist for anybody else, signed in or not.
    ada.get("/operator/outbox").await.is(404);
    site.get("/operator/outbox").await.is(404);
    // Another person's session cannot be ended, nor told from one that is not there.
    let session = site.accounts.by_email(&jobfuture_site::account::EmailAddress::parse(ADA).unwrap()).await.unwrap();
    assert!(session.is_some());
    let mut ben = Browser::new(&site);
    ben.join("ben@example.org").await;
    let adas = ada.get("/account").await;
    assert!(!adas.text().contains("/end\""), "her only session is this one, which has no button");
    ben.post("/account/sessions/00000000-0000-7000-8000-000000000000/end", &[]).await.is(404);
    ben.post("/account/sessions/nonsense/end", &[]).await.is(404);
}

#[tokio::test]
async fn the_first_operator_is_made_once() {
    let site = TestSite::new();
    let link = site.site.first_operator().await.unwrap().expect("nobody runs it yet");
    let again = site.site.first_operator().await.unwrap().expect("nobody has used it");
    let mut op = Browser::new(&site);
    op.get(&link).await.is(404).has("a later one has taken its place");
    op.post(&again, &[("email", "op@example.org"), ("password", PASSWORD)]).await.is(303);
    op.get("/operator/outbox").await.is(200).has("no mail server");
    op.get(&again).await.is(410);
    assert_eq!(site.site.first_operator().await.unwrap(), None);
}
