//! Signing in by a provider: whole ways there and back.

use crate::browser::{ADA, Browser, PASSWORD, last_link};
use crate::pretend::Pretend;
use crate::provider::{CLIENT, Habit, Provider, SECRET};
use crate::site::{Answer, TestSite};
use jiff::SignedDuration;
use jobfuture_db::Db;
use jobfuture_site::{OidcConfig, OidcProvider, Practice, SiteConfig};
use jobfuture_testkit::both_engines;
use std::sync::Arc;

const ORIGIN: &str = "https://jobs.example.org";
pub const SIGN_IN: &str = "/sign-in/oidc?back=/tasks";

pub fn config(provider: &Provider) -> SiteConfig {
    let config = OidcConfig::new(&provider.issuer, CLIENT, SECRET, Some("Example")).unwrap();
    let oidc = Some(OidcProvider::new(config, ORIGIN).unwrap());
    SiteConfig { base_url: Some(ORIGIN.to_owned()), oidc, ..SiteConfig::default() }
}

/// A site, and a provider that keeps time with it.
pub async fn site() -> (TestSite, Provider) {
    let provider = Provider::start().await;
    let site = TestSite::with(config(&provider), Practice::On(Arc::new(Pretend)));
    provider.keeps_time_by(&site.clock);
    (site, provider)
}

async fn site_on(db: Db) -> (TestSite, Provider) {
    let provider = Provider::start().await;
    let site = TestSite::on_db(config(&provider), db);
    provider.keeps_time_by(&site.clock);
    (site, provider)
}

/// Where one is sent.
#[track_caller]
fn location(answer: &Answer) -> String {
    assert_eq!(answer.header("cache-control"), "no-store");
    answer.is(303).header("location").to_owned()
}

/// Sets out by a link, signs in at the provider, and comes back.
pub async fn by_provider(browser: &mut Browser<'_>, provider: &Provider, link: &str) -> Answer {
    let home = provider.visit(&location(&browser.get(link).await)).await;
    let answer = browser.get(&home).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    answer
}

/// The path at which the only identity in a person's list is unlinked.
async fn unlink(browser: &mut Browser<'_>) -> String {
    let links = browser.get("/account").await.links();
    links.into_iter().find(|link| link.ends_with("/unlink")).expect("an identity")
}

both_engines! {
    async fn a_new_person_gets_an_account_at_once(db: Db) {
        let (site, provider) = site_on(db).await;
        let mut ada = Browser::new(&site);
        ada.get("/sign-in?back=/tasks").await.has("cannot be reached just now");
        let provider_of_site = site.oidc.clone().unwrap();
        provider_of_site.look(site.clock.now()).await.unwrap();
        ada.get("/sign-in?back=/tasks").await.is(200).has("Sign in by Example").has(&format!("href=\"{SIGN_IN}\""));
        assert_eq!(location(&by_provider(&mut ada, &provider, SIGN_IN).await), "/tasks");
        let page = ada.get("/account").await;
        page.is(200).has(ADA).has("value=\"ada\"").has("<strong>Example</strong> as ada@example.org").has("account made: by Example");
        page.has("You have none yet").has("Set a password").has_not("Lovelace");

        // It is the only way in, so it stays until there is another.
        let path = unlink(&mut ada).await;
        ada.get(&path).await.is(200).has("only way into").has_not("<button");
        ada.post(&path, &[]).await.is(422).has("only way into");
        ada.post("/sign-out", &[]).await.is(303);
        assert_eq!(location(&by_provider(&mut ada, &provider, SIGN_IN).await), "/tasks");
        ada.get("/account").await.has("signed in: by Example").has("last used");
        ada.post("/account/password", &[("password", PASSWORD)]).await.is(200);
        assert_eq!(location(&ada.post(&path, &[]).await), "/account#identities-heading");
        ada.get("/account").await.has("No sign-in is linked").has("sign-in unlinked");
        ada.post("/sign-out", &[]).await.is(303);
        ada.post("/sign-in", &[("email", ADA), ("password", PASSWORD)]).await.is(303);

        // What is deleted is gone: the same person is somebody new afterwards.
        ada.get("/account/identities/new").await.is(200).has("Go on to Example");
        let waits = location(&by_provider(&mut ada, &provider, "/account/identities/set-out").await);
        ada.post(&waits, &[]).await.is(303);
        ada.post("/account/delete", &[("email", ADA)]).await.is(303);
        by_provider(&mut ada, &provider, SIGN_IN).await.is(303);
        ada.get("/account").await.is(200).has("account made: by Example");
    }

    async fn an_account_that_is_there_is_linked_once_its_owner_has_signed_in(db: Db) {
        let (site, provider) = site_on(db).await;
        let mut ada = Browser::new(&site);
        ada.join(ADA).await;
        ada.post("/sign-out", &[]).await.is(303);
        assert_eq!(location(&by_provider(&mut ada, &provider, SIGN_IN).await), "/sign-in/oidc/arrived");
        ada.get("/account").await.is(303);
        let asked = ada.get("/sign-in/oidc/arrived").await;
        asked.is(200).has(ADA).has("/sign-in?back=/account/identities/confirm").has("Send the link");
        assert_eq!(asked.header("cache-control"), "no-store");
        assert_eq!(location(&ada.get("/account/identities/confirm").await), "/sign-in?back=/account/identities/confirm");

        let typed = [("email", ADA), ("password", PASSWORD), ("back", "/account/identities/confirm")];
        assert_eq!(location(&ada.post("/sign-in", &typed).await), "/account/identities/confirm");
        ada.get("/account/identities/confirm").await.is(200).has("Example knows you as ada@example.org");
        ada.post_from("/account/identities/confirm", &[], "cross-site").await.is(403);
        ada.get("/account").await.has("No sign-in is linked");
        ada.post("/account/identities/confirm", &[]).await.is(303);
        ada.get("/account").await.has("<strong>Example</strong> as ada@example.org").has("sign-in linked: Example");
        ada.post("/account/identities/confirm", &[]).await.is(404).has("There is nothing to link");

        let mut elsewhere = Browser::new(&site);
        assert_eq!(location(&by_provider(&mut elsewhere, &provider, SIGN_IN).await), "/tasks");
        elsewhere.get("/account").await.is(200).has(ADA);
    }

    async fn an_account_that_is_there_is_linked_by_a_letter_to_its_address(db: Db) {
        let (site, provider) = site_on(db).await;
        Browser::new(&site).join(ADA).await;
        let mut ada = Browser::new(&site);
        by_provider(&mut ada, &provider, SIGN_IN).await.is(303);
        ada.post("/sign-in/oidc/arrived", &[]).await.is(200).has("Look into your mail");
        let link = last_link(&site, ADA).await;
        assert!(link.starts_with("/sign-in/oidc/link/"), "{link}");

        // Whoever caused the letter does not get in by having somebody else open it.
        let mut phone = Browser::new(&site);
        phone.get(&link).await.is(404).has("open its link in that browser");
        phone.post(&link, &[]).await.is(404);
        ada.get("/account").await.is(303);
        ada.get(&link).await.is(200).has("Link it");
        assert_eq!(location(&ada.post(&link, &[]).await), "/account");
        ada.get("/account").await.is(200).has("<strong>Example</strong>").has("linking a sign-in asked for");
        ada.get(&link).await.is(410).has("This link was used");
        assert_eq!(location(&by_provider(&mut phone, &provider, SIGN_IN).await), "/tasks");
    }
}

#[tokio::test]
async fn a_letter_links_only_for_whom_it_was_sent() {
    let (site, provider) = site().await;
    Browser::new(&site).join(ADA).await;
    Browser::new(&site).join("eve@example.org").await;
    let mut ada = Browser::new(&site);
    by_provider(&mut ada, &provider, SIGN_IN).await.is(303);
    ada.post("/sign-in/oidc/arrived", &[]).await.is(200);
    let link = last_link(&site, ADA).await;
    // Somebody else came by this browser since.
    provider.is_used_by("666", "eve@example.org");
    by_provider(&mut ada, &provider, SIGN_IN).await.is(303);
    ada.post(&link, &[]).await.is(404);
    let mut eve = Browser::new(&site);
    assert_eq!(location(&by_provider(&mut eve, &provider, SIGN_IN).await), "/sign-in/oidc/arrived");
    // A letter lives for half an hour, who waits for an hour.
    provider.is_used_by("248289761001", ADA);
    by_provider(&mut ada, &provider, SIGN_IN).await.is(303);
    site.clock.advance(SignedDuration::from_mins(31));
    ada.post(&link, &[]).await.is(410).has("too old");
    site.clock.advance(SignedDuration::from_mins(30));
    ada.get("/sign-in/oidc/arrived").await.is(404).has("waits for an hour");
}

#[tokio::test]
async fn who_somebody_is_does_not_hang_on_their_address() {
    let (site, provider) = site().await;
    let mut ada = Browser::new(&site);
    by_provider(&mut ada, &provider, SIGN_IN).await.is(303);
    // She has another address there now, and it is not confirmed: she is who she was.
    provider.is_used_by("248289761001", "ada@elsewhere.example");
    provider.behaves(Habit::Unconfirmed);
    let mut again = Browser::new(&site);
    by_provider(&mut again, &provider, SIGN_IN).await.is(303);
    again.get("/account").await.is(200).has("Signed in as ada@example.org").has_not("elsewhere");
    // Somebody else was given her old address: they are not let in.
    provider.is_used_by("another", ADA);
    provider.behaves(Habit::Good);
    let mut eve = Browser::new(&site);
    assert_eq!(location(&by_provider(&mut eve, &provider, SIGN_IN).await), "/sign-in/oidc/arrived");
    eve.get("/account").await.is(303);
}

#[tokio::test]
async fn a_sign_in_is_linked_to_one_account_from_its_page() {
    let (site, provider) = site().await;
    let (mut ada, mut ben) = (Browser::new(&site), Browser::new(&site));
    ada.join(ADA).await;
    ben.join("ben@example.org").await;
    site.clock.advance(SignedDuration::from_mins(11));
    let page = location(&ada.get("/account/identities/new").await);
    assert_eq!(page, "/account/prove?back=/account/identities/new");
    // Not past the page: a redirect behind the form that proves who she is would leave the site.
    assert_eq!(location(&ada.get("/account/identities/set-out").await), "/account/identities/new");
    ada.post("/account/prove", &[("password", PASSWORD), ("back", "/account/identities/new")]).await.is(303);
    provider.is_used_by("248289761001", "ada@work.example");
    let waits = location(&by_provider(&mut ada, &provider, "/account/identities/set-out").await);
    assert_eq!(waits, "/account/identities/confirm");
    ada.get(&waits).await.is(200).has("as ada@work.example").has("the account of\n    ada@example.org");
    ada.get("/account").await.has("No sign-in is linked");
    ada.post(&waits, &[]).await.is(303);
    ada.get("/account").await.has("as ada@work.example");

    ben.post("/account/prove", &[("password", PASSWORD), ("back", "/account")]).await.is(303);
    by_provider(&mut ben, &provider, "/account/identities/set-out").await.is(303);
    ben.post(&waits, &[]).await.is(409).has("linked to another account").has_not(ADA);
    let adas = unlink(&mut ada).await;
    ben.get(&adas).await.is(404);
    ben.post(&adas, &[]).await.is(404);
    let mut signed_in = Browser::new(&site);
    by_provider(&mut signed_in, &provider, SIGN_IN).await.is(303);
    signed_in.get("/account").await.has("Signed in as ada@example.org");
}

#[tokio::test]
async fn the_provider_proves_again_who_one_is_if_it_asks() {
    let (site, provider) = site().await;
    let mut ada = Browser::new(&site);
    by_provider(&mut ada, &provider, SIGN_IN).await.is(303);
    site.clock.advance(SignedDuration::from_mins(11));
    ada.get("/account/delete").await.is(303);
    let page = ada.get("/account/prove?back=/account/delete").await;
    let link = "/account/prove/oidc?back=/account/delete";
    page.is(200).has("Prove it by Example").has(link).has("has no password");
    let url = location(&ada.get(link).await);
    assert!(url.contains("prompt=login") && url.contains("max_age=0"), "{url}");
    for habit in [Habit::AskedDaysAgo, Habit::SaysNotWhenItAsked] {
        provider.behaves(habit);
        by_provider(&mut ada, &provider, link).await.is(403).has("This was no proof").has("/reset");
        ada.get("/account/delete").await.is(303);
    }
    provider.behaves(Habit::Good);
    provider.is_used_by("another", "eve@example.org");
    by_provider(&mut ada, &provider, link).await.is(403).has("not linked to your account");
    ada.get("/account/delete").await.is(303);
    provider.is_used_by("248289761001", ADA);
    assert_eq!(location(&by_provider(&mut ada, &provider, link).await), "/account/delete");
    ada.get("/account/delete").await.is(200);
}

#[tokio::test]
async fn being_let_in_without_being_asked_is_no_proof() {
    let (site, provider) = site().await;
    by_provider(&mut Browser::new(&site), &provider, SIGN_IN).await.is(303);
    for habit in [Habit::AskedDaysAgo, Habit::SaysNotWhenItAsked] {
        provider.behaves(habit);
        let mut ada = Browser::new(&site);
        assert_eq!(location(&by_provider(&mut ada, &provider, SIGN_IN).await), "/tasks");
        ada.get("/account").await.is(200);
        assert_eq!(location(&ada.get("/account/delete").await), "/account/prove?back=/account/delete");
    }
    provider.behaves(Habit::Good);
    let mut ada = Browser::new(&site);
    by_provider(&mut ada, &provider, SIGN_IN).await.is(303);
    ada.get("/account/delete").await.is(200);
}

#[tokio::test]
async fn without_a_provider_there_is_no_trace_of_it() {
    let site = TestSite::new();
    for path in
        ["/sign-in/oidc", "/sign-in/oidc/callback?state=x&code=y", "/sign-in/oidc/arrived", "/sign-in/oidc/link/x"]
    {
        site.get(path).await.is(404);
    }
    for path in
        ["/account/prove/oidc", "/account/identities/new", "/account/identities/set-out", "/account/identities/confirm"]
    {
        site.get(path).await.is(404);
    }
    site.post("/sign-in/oidc/arrived", &[]).await.is(404);
    site.get("/sign-in").await.is(200).has_not("oidc").has_not("Sign in by");
    let mut ada = Browser::new(&site);
    ada.join(ADA).await;
    ada.get("/account").await.has_not("Linked sign-ins").has_not("identities");
    ada.get("/account/prove").await.is(200).has_not("oidc");
}
