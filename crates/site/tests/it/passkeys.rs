//! Passkeys, with an authenticator that is well-behaved or not.

use crate::authenticator::Authenticator;
use crate::browser::{ADA, Browser, PASSWORD};
use crate::pretend::Pretend;
use crate::site::{Answer, TestSite};
use http::Request;
use jiff::SignedDuration;
use jobfuture_db::Db;
use jobfuture_site::account::{EmailAddress, NewAccount};
use jobfuture_site::{Practice, SiteConfig};
use jobfuture_testkit::both_engines;
use serde_json::{Value, json};
use std::sync::Arc;

const ORIGIN: &str = "https://jobs.example.org";

fn config() -> SiteConfig {
    SiteConfig { base_url: Some(ORIGIN.to_owned()), ..SiteConfig::default() }
}

fn practice() -> Practice {
    Practice::On(Arc::new(Pretend))
}

fn site() -> TestSite {
    TestSite::with(config(), practice())
}

fn json_of(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap_or_else(|_| panic!("no JSON: {}", answer.text()))
}

/// What was asked, which has to have been granted.
async fn asked(browser: &mut Browser<'_>, begin: &str) -> Value {
    json_of(browser.send(begin, &json!({})).await.is(200))
}

async fn add(browser: &mut Browser<'_>, device: &mut Authenticator, name: &str) -> Answer {
    let asked = asked(browser, "/account/passkeys/begin").await;
    let answer = device.create(&asked);
    browser.send("/account/passkeys", &json!({"ceremony": asked["ceremony"], "name": name, "answer": answer})).await
}

async fn answer(browser: &mut Browser<'_>, device: &mut Authenticator, path: &str, back: &str) -> Answer {
    let asked = asked(browser, &format!("{path}/begin")).await;
    let answer = device.get(&asked);
    browser.send(path, &json!({"ceremony": asked["ceremony"], "answer": answer, "back": back})).await
}

async fn sign_in(browser: &mut Browser<'_>, device: &mut Authenticator) -> Answer {
    answer(browser, device, "/sign-in/passkey", "/tasks").await
}

/// Ada, signed in, with a passkey.
async fn ada(site: &TestSite) -> (Browser<'_>, Authenticator) {
    let (mut ada, mut device) = (Browser::new(site), Authenticator::at(ORIGIN));
    ada.join(ADA).await;
    add(&mut ada, &mut device, "Laptop").await.is(200);
    (ada, device)
}

/// The path of the newest passkey in a person's list.
async fn newest(browser: &mut Browser<'_>) -> String {
    let links = browser.get("/account").await.links();
    links.into_iter().find(|link| link.starts_with("/account/passkeys/0")).expect("a passkey")
}

both_engines! {
    async fn a_passkey_is_added_and_signs_in_and_goes(db: Db) {
        let site = TestSite::on_db(config(), db);
        let (mut ada, mut device) = ada(&site).await;
        ada.get("/account").await.is(200).has("Laptop").has("not used yet").has("passkey added: Laptop");
        let passkey = newest(&mut ada).await;
        ada.post(&passkey, &[("name", "  Old   laptop ")]).await.is(303);
        ada.post(&passkey, &[("name", " ")]).await.is(422).has("1 to 60 characters");
        ada.post("/sign-out", &[]).await.is(303);

        let let_in = sign_in(&mut ada, &mut device).await;
        assert_eq!(json_of(let_in.is(200))["to"], "/tasks");
        assert_eq!(let_in.header("cache-control"), "no-store");
        ada.get("/account").await.is(200).has("Old laptop").has("last used").has("signed in: with a passkey");

        ada.get(&format!("{passkey}/remove")).await.is(200).has("Old laptop");
        ada.post(&format!("{passkey}/remove"), &[]).await.is(303);
        ada.get("/account").await.has("You have none").has("passkey removed: Old laptop");
        ada.get(&passkey).await.is(404);
        ada.post("/sign-out", &[]).await.is(303);
        sign_in(&mut ada, &mut device).await.is(422).has("it may have been removed");
        ada.get("/account").await.is(303);
    }
}

#[tokio::test]
async fn an_account_has_several_passkeys_but_each_once() {
    let site = site();
    let (mut ada, mut laptop) = ada(&site).await;
    let mut phone = Authenticator::at(ORIGIN);
    add(&mut ada, &mut phone, "Phone").await.is(200);
    let asked = asked(&mut ada, "/account/passkeys/begin").await;
    let excluded = asked["options"]["publicKey"]["excludeCredentials"].as_array().unwrap().len();
    assert_eq!(excluded, 2, "a device is told what it holds already");
    for device in [&mut laptop, &mut phone] {
        let mut browser = Browser::new(&site);
        sign_in(&mut browser, device).await.is(200);
        browser.get("/account").await.is(200).has(ADA);
    }
    for number in 3..=20 {
        add(&mut ada, &mut phone, &format!("Key {number}")).await.is(200);
    }
    ada.send("/account/passkeys/begin", &json!({})).await.is(422).has("at most 20");
}

#[tokio::test]
async fn an_answer_for_another_site_is_refused() {
    let site = site();
    let (mut ada, mut device) = ada(&site).await;
    for origin in [
        "https://jobs.example.net",
        "http://jobs.example.org",
        "https://jobs.example.org:8443",
        "https://a.jobs.example.org",
    ] {
        device.origin = origin.to_owned();
        sign_in(&mut Browser::new(&site), &mut device).await.is(422).has("another site");
        add(&mut ada, &mut device.clone(), "Phished").await.is(422).has("another site");
    }
    device.origin = ORIGIN.to_owned();
    device.party = Some("example.org".to_owned());
    sign_in(&mut Browser::new(&site), &mut device).await.is(422).has("another site");
    add(&mut ada, &mut device.clone(), "Phished").await.is(422).has("another site");
    ada.get("/account").await.has_not("Phished");
}

#[tokio::test]
async fn an_answer_counts_once_and_for_five_minutes() {
    let site = site();
    let (_, mut device) = ada(&site).await;
    let mut browser = Browser::new(&site);
    let first = asked(&mut browser, "/sign-in/passkey/begin").await;
    let body = json!({"ceremony": first["ceremony"], "answer": device.get(&first)});
    browser.send("/sign-in/passkey", &body).await.is(200);
    browser.send("/sign-in/passkey", &body).await.is(410).has("answered already");

    // The same answer to another question.
    let second = asked(&mut browser, "/sign-in/passkey/begin").await;
    let replayed = json!({"ceremony": second["ceremony"], "answer": body["answer"]});
    browser.send("/sign-in/passkey", &replayed).await.is(422).has("could not be verified");

    let late = asked(&mut browser, "/sign-in/passkey/begin").await;
    let body = json!({"ceremony": late["ceremony"], "answer": device.get(&late)});
    site.clock.advance(SignedDuration::from_secs(301));
    browser.send("/sign-in/passkey", &body).await.is(410).has("took too long");
}

#[tokio::test]
async fn a_device_that_does_not_check_or_counts_backwards_is_refused() {
    let site = site();
    let (mut ada, mut device) = ada(&site).await;
    let mut copy = device.clone();
    device.verifies = false;
    sign_in(&mut Browser::new(&site), &mut device).await.is(422).has("did not check");
    device.verifies = true;
    sign_in(&mut Browser::new(&site), &mut device).await.is(200);
    sign_in(&mut Browser::new(&site), &mut copy).await.is(422).has("there may be a copy");
    ada.get("/account").await.has("passkey refused: it counted backwards");
    let mut forged = device.clone();
    // Another key under the same id: what it signs is not what was registered.
    add(&mut ada, &mut forged, "Another").await.is(200);
    let asked = asked(&mut ada, "/sign-in/passkey/begin").await;
    let (mut mine, theirs) = (forged.get(&asked), device.get(&asked));
    mine["response"]["signature"] = theirs["response"]["signature"].clone();
    ada.send("/sign-in/passkey", &json!({"ceremony": asked["ceremony"], "answer": mine})).await.is(422);
}

#[tokio::test]
async fn the_last_way_in_stays() {
    let site = site();
    let email = EmailAddress::parse(ADA).unwrap();
    let new = NewAccount { email, name: "Ada".to_owned(), password: None, is_operator: false };
    let account = site.accounts.create(new).await.unwrap().unwrap();
    let token = site.accounts.sign_in(account, "Firefox on Linux", "for the test").await.unwrap();
    let (mut ada, mut device) = (Browser::new(&site), Authenticator::at(ORIGIN));
    ada.cookies.push(("__Host-session".to_owned(), token.secret().to_owned()));
    add(&mut ada, &mut device, "Only").await.is(200);
    let remove = format!("{}/remove", newest(&mut ada).await);
    ada.get(&remove).await.is(200).has("Set a password").has("add another passkey").has_not("<button");
    ada.post(&remove, &[]).await.is(422).has("Set a password");
    sign_in(&mut Browser::new(&site), &mut device).await.is(200);
    ada.get("/account/prove")
        .await
        .is(200)
        .has("has no password")
        .has("Prove it with a passkey")
        .has_not("type=\"password\"");

    add(&mut ada, &mut Authenticator::at(ORIGIN), "Second").await.is(200);
    ada.post(&remove, &[]).await.is(303);
    ada.post("/account/password", &[("password", PASSWORD)]).await.is(200);
    let last = format!("{}/remove", newest(&mut ada).await);
    ada.post(&last, &[]).await.is(303);
    ada.get("/account").await.has("You have none");
}

#[tokio::test]
async fn another_persons_passkey_does_not_exist() {
    let site = site();
    let (mut ada, mut device) = ada(&site).await;
    let adas = newest(&mut ada).await;
    let mut ben = Browser::new(&site);
    ben.join("ben@example.org").await;
    for path in [adas.clone(), format!("{adas}/remove"), "/account/passkeys/nonsense".to_owned()] {
        ben.get(&path).await.is(404);
        ben.post(&path, &[("name", "Ben's now")]).await.is(404);
    }
    ben.post("/account/passkeys/00000000-0000-7000-8000-000000000000/remove", &[]).await.is(404);
    ada.get("/account").await.has("Laptop").has_not("Ben");

    // Nor does it sign in to, or prove anything for, anybody but her.
    answer(&mut ben, &mut device, "/account/prove/passkey", "/account").await.is(422).has("another account");
    let mut claimed = device.clone();
    let asked = asked(&mut ben, "/sign-in/passkey/begin").await;
    let mut as_ben = claimed.get(&asked);
    as_ben["response"]["userHandle"] = json!("AAAAAAAAAAAAAAAAAAAAAA");
    ben.send("/sign-in/passkey", &json!({"ceremony": asked["ceremony"], "answer": as_ben})).await.is(422);
    // What an authenticator holds for one account cannot be added to another.
    let begun = asked_to_add(&mut ben).await;
    let mut double = device.clone();
    let made = double.create(&begun);
    ben.send("/account/passkeys", &json!({"ceremony": begun["ceremony"], "name": "Ben's", "answer": made.clone()}))
        .await
        .is(200);
    let begun = asked_to_add(&mut ada).await;
    ada.send("/account/passkeys", &json!({"ceremony": begun["ceremony"], "name": "Ben's", "answer": made}))
        .await
        .is(422);
}

async fn asked_to_add(browser: &mut Browser<'_>) -> Value {
    asked(browser, "/account/passkeys/begin").await
}

#[tokio::test]
async fn a_ceremony_belongs_to_its_session_and_its_act() {
    let site = site();
    let (mut ada, mut device) = ada(&site).await;
    let mut ben = Browser::new(&site);
    ben.join("ben@example.org").await;
    let begun = asked_to_add(&mut ada).await;
    let made = Authenticator::at(ORIGIN).create(&begun);
    let body = json!({"ceremony": begun["ceremony"], "name": "Stolen", "answer": made});
    ben.send("/account/passkeys", &body).await.is(410);
    ada.send("/account/passkeys", &body).await.is(410);

    let begun = asked(&mut ada, "/sign-in/passkey/begin").await;
    let body = json!({"ceremony": begun["ceremony"], "answer": device.get(&begun)});
    ada.send("/account/prove/passkey", &body).await.is(410);
}

#[tokio::test]
async fn a_passkey_proves_again_who_one_is() {
    let site = site();
    let (mut ada, mut device) = ada(&site).await;
    site.clock.advance(SignedDuration::from_mins(11));
    let old = ada.send("/account/passkeys/begin", &json!({})).await;
    assert_eq!(json_of(old.is(403))["to"], "/account/prove?back=/account/passkeys/new");
    let asked = ada.get("/account/passkeys/new").await;
    assert_eq!(asked.is(303).header("location"), "/account/prove?back=/account/passkeys/new");
    let remove = format!("{}/remove", newest(&mut ada).await);
    assert_eq!(ada.post(&remove, &[]).await.is(303).header("location"), format!("/account/prove?back={remove}"));
    ada.get("/account/prove?back=/account/passkeys/new").await.is(200).has("jf-passkey").has("/account/passkeys/new");

    let proved = answer(&mut ada, &mut device, "/account/prove/passkey", "/account/passkeys/new").await;
    assert_eq!(json_of(proved.is(200))["to"], "/account/passkeys/new");
    ada.get("/account/passkeys/new").await.is(200).has("Name of the passkey");
}

#[tokio::test]
async fn strangers_and_other_sites_get_nowhere() {
    let site = site();
    let mut eve = Browser::new(&site);
    for path in ["/account/passkeys/begin", "/account/prove/passkey/begin"] {
        assert_eq!(json_of(eve.send(path, &json!({})).await.is(401))["to"], "/sign-in?back=/account");
    }
    eve.get("/account/passkeys/new").await.is(303);
    for path in ["/sign-in/passkey/begin", "/sign-in/passkey", "/account/passkeys"] {
        eve.post_from(path, &[], "cross-site").await.is(403);
        eve.get(path).await.is(405);
    }
    eve.post("/sign-in/passkey", &[("ceremony", "x")]).await.is(400);
    eve.send("/sign-in/passkey", &json!({"ceremony": "x"})).await.is(400);
    eve.send("/sign-in/passkey", &json!({"ceremony": "x".repeat(70_000)})).await.is(413);
}

#[tokio::test]
async fn where_browsers_have_no_passkeys_the_page_says_so() {
    let at = |base: &str| TestSite::with(SiteConfig { base_url: Some(base.to_owned()), ..config() }, practice());
    for (base, why) in [("http://127.0.0.1:8080", "127.0.0.1 is not one"), ("http://jobs.example.org", "https only")] {
        let site = at(base);
        site.get("/sign-in").await.is(200).has(why).has_not("jf-passkey");
        let mut ada = Browser::new(&site);
        ada.send("/sign-in/passkey/begin", &json!({})).await.is(422).has(why);
    }
    let unnamed = TestSite::new();
    unnamed.get_with("/sign-in", &[("host", "127.0.0.1:8080")]).await.has("open http://localhost:8080 instead");
    unnamed.get_with("/sign-in", &[("host", "jobs.example.org")]).await.has("--base-url");
    unnamed.get_with("/sign-in", &[("host", "localhost:8080")]).await.has("<jf-passkey").has("Sign in with a passkey");
    let begin = Request::post("/sign-in/passkey/begin").header("host", "localhost:8080");
    let begun = unnamed.ask(begin.header("sec-fetch-site", "same-origin").body("".into()).unwrap()).await;
    assert_eq!(json_of(begun.is(200))["options"]["publicKey"]["rpId"], "localhost");
}
