//! Signing in by a provider, when something is wrong: with what it sends, with the way back, or with the provider.

use crate::browser::{ADA, Browser};
use crate::oidc::{SIGN_IN, by_provider, site};
use crate::provider::{Habit, Provider};
use crate::signing::{FORGERIES, Signing};
use crate::site::{Answer, TestSite};
use jiff::SignedDuration;

/// Somebody signs in as they should.
async fn good(site: &TestSite, provider: &Provider) {
    provider.behaves(Habit::Good);
    let mut ada = Browser::new(site);
    by_provider(&mut ada, provider, SIGN_IN).await.is(303);
    ada.get("/account").await.is(200).has(ADA);
}

/// A page that leads on, and nobody is signed in.
async fn is_refused(browser: &mut Browser<'_>, answer: &Answer, status: u16, says: &str) {
    answer.is(status).has(says).has("Where to go next").has_not(ADA);
    browser.get("/account").await.is(303);
}

#[tokio::test]
async fn what_is_not_right_is_not_taken() {
    let (site, provider) = site().await;
    good(&site, &provider).await;
    for (habit, status, says) in [
        (Habit::WrongNonce, 422, "could not be verified"),
        (Habit::NoNonce, 422, "could not be verified"),
        (Habit::WrongAudience, 422, "could not be verified"),
        (Habit::AnotherAudienceBesides, 422, "could not be verified"),
        (Habit::OtherIssuer, 422, "could not be verified"),
        (Habit::NoToken, 422, "could not be verified"),
        (Habit::Expired, 422, "clocks do not agree"),
        (Habit::FromTheFuture, 422, "clocks do not agree"),
        (Habit::Cancels, 200, "You did not sign in"),
        (Habit::TokensBroken, 503, "does not answer"),
        (Habit::TokensLeadElsewhere, 503, "does not answer"),
    ] {
        provider.behaves(habit);
        let mut ada = Browser::new(&site);
        let answer = by_provider(&mut ada, &provider, SIGN_IN).await;
        println!("{habit:?}");
        is_refused(&mut ada, &answer, status, says).await;
        answer.has("Sign in by Example").has("/sign-in?back=/tasks");
        good(&site, &provider).await;
    }
    assert_eq!(provider.strayed(), 0, "a redirect of the provider was followed");
}

#[tokio::test]
async fn only_the_providers_own_signature_counts() {
    let (site, provider) = site().await;
    good(&site, &provider).await;
    for forged in FORGERIES {
        println!("{forged:?}");
        // Past the rest between two looks at its keys, so that an unknown one is looked for.
        site.clock.advance(SignedDuration::from_secs(11));
        provider.signs(forged);
        let mut eve = Browser::new(&site);
        let answer = by_provider(&mut eve, &provider, SIGN_IN).await;
        is_refused(&mut eve, &answer, 422, "could not be verified").await;
        provider.signs(Signing::Rs256);
        good(&site, &provider).await;
    }
}

#[tokio::test]
async fn keys_may_change() {
    let (site, provider) = site().await;
    good(&site, &provider).await;
    for new in [Signing::Es256, Signing::Rs256, Signing::SameName] {
        provider.signs(new);
        // It was asked a moment ago; whoever makes us ask does not make us ask more often.
        let mut ada = Browser::new(&site);
        let answer = by_provider(&mut ada, &provider, SIGN_IN).await;
        is_refused(&mut ada, &answer, 422, "could not be verified").await;
        site.clock.advance(SignedDuration::from_secs(11));
        good(&site, &provider).await;
    }
}

#[tokio::test]
async fn an_account_is_made_with_a_confirmed_address_only() {
    let (site, provider) = site().await;
    for habit in [Habit::Unconfirmed, Habit::NoAddress] {
        provider.behaves(habit);
        let mut ada = Browser::new(&site);
        let answer = by_provider(&mut ada, &provider, SIGN_IN).await;
        is_refused(&mut ada, &answer, 422, "no confirmed address").await;
        answer.has("/join");
    }
    // The same words when the address has an account: it is not this person's as far as anybody knows.
    Browser::new(&site).join(ADA).await;
    provider.behaves(Habit::Unconfirmed);
    let mut eve = Browser::new(&site);
    let answer = by_provider(&mut eve, &provider, SIGN_IN).await;
    is_refused(&mut eve, &answer, 422, "no confirmed address").await;
    provider.behaves(Habit::AddressForBearer);
    provider.is_used_by("another", "ben@example.org");
    let mut ben = Browser::new(&site);
    by_provider(&mut ben, &provider, SIGN_IN).await.is(303);
    ben.get("/account").await.is(200).has("ben@example.org");
}

/// Sets out and signs in at the provider: the way home, not gone yet.
async fn way_home(browser: &mut Browser<'_>, provider: &Provider) -> String {
    let url = browser.get(SIGN_IN).await.is(303).header("location").to_owned();
    provider.visit(&url).await
}

#[tokio::test]
async fn a_way_home_is_one_browsers_and_good_once() {
    let (site, provider) = site().await;
    let (mut ada, mut eve) = (Browser::new(&site), Browser::new(&site));
    let home = way_home(&mut ada, &provider).await;
    assert!(ada.cookies.iter().any(|(name, _)| name == "__Host-journey"), "{:?}", ada.cookies);
    // Eve sends Ada home with Eve's answer: Ada would be signed in as Eve.
    let eves = way_home(&mut eve, &provider).await;
    let answer = ada.get(&eves).await;
    is_refused(&mut ada, &answer, 403, "begun elsewhere").await;
    let answer = eve.get(&home).await;
    is_refused(&mut eve, &answer, 403, "begun elsewhere").await;
    // None of which harms Ada's own.
    ada.get(&home).await.is(303);
    ada.get("/account").await.is(200).has(ADA);
    assert!(ada.cookies.iter().all(|(name, _)| name != "__Host-journey"));
    ada.get(&home).await.is(410).has("This sign-in was used").has("/account");

    let mut ben = Browser::new(&site);
    let stale = way_home(&mut ben, &provider).await;
    site.clock.advance(SignedDuration::from_secs(601));
    let answer = ben.get(&stale).await;
    is_refused(&mut ben, &answer, 410, "took too long").await;
    for strange in ["", "?state=x&code=y", "?state=x&state=y", "?error=access_denied"] {
        let answer = ben.get(&format!("/sign-in/oidc/callback{strange}")).await;
        is_refused(&mut ben, &answer, 404, "not known here").await;
    }
}

#[tokio::test]
async fn what_comes_back_is_from_the_provider_that_was_asked() {
    let (site, provider) = site().await;
    for (was, is) in
        [("iss=http", "iss=https"), ("code=", "kode="), ("code=", "code=another"), ("code=", "error=x&code=")]
    {
        let mut ada = Browser::new(&site);
        let home = way_home(&mut ada, &provider).await;
        let answer = ada.get(&home.replacen(was, is, 1)).await;
        is_refused(&mut ada, &answer, 422, "The sign-in").await;
    }
    // A code that another browser got: its verifier does not fit.
    let (mut ada, mut eve) = (Browser::new(&site), Browser::new(&site));
    let (adas, eves) = (way_home(&mut ada, &provider).await, way_home(&mut eve, &provider).await);
    let code = |home: &str| home.split("code=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    let answer = eve.get(&eves.replace(&code(&eves), &code(&adas))).await;
    is_refused(&mut eve, &answer, 422, "was refused").await;
}

#[tokio::test]
async fn a_provider_that_is_away_is_asked_again() {
    let (site, provider) = site().await;
    for habit in [Habit::Gone, Habit::KeysLeadElsewhere] {
        provider.behaves(habit);
        let mut ada = Browser::new(&site);
        assert!(site.oidc.clone().unwrap().look(site.clock.now()).await.is_err());
        ada.get("/sign-in").await.is(200).has("Example cannot be reached just now").has_not("href=\"/sign-in/oidc");
        let answer = ada.get(SIGN_IN).await;
        is_refused(&mut ada, &answer, 503, "does not answer").await;
        ada.get("/").await.is(200);
        ada.join(&format!("{}@example.net", habit as u8)).await;
        site.clock.advance(SignedDuration::from_secs(11));
    }
    assert_eq!(provider.strayed(), 0, "a redirect of the provider was followed");
    good(&site, &provider).await;
    // Away for a while, it is still known.
    provider.behaves(Habit::Gone);
    assert!(site.oidc.clone().unwrap().look(site.clock.now()).await.is_err());
    site.get("/sign-in").await.has("href=\"/sign-in/oidc");
}

#[tokio::test]
async fn another_site_sends_nobody_on_a_journey() {
    let (site, provider) = site().await;
    good(&site, &provider).await;
    for from in ["cross-site", "same-site"] {
        let sent = site.get_with(SIGN_IN, &[("sec-fetch-site", from)]).await;
        assert_eq!(sent.is(303).header("location"), "/sign-in?back=/tasks");
        assert!(sent.headers.get("set-cookie").is_none());
    }
    for from in ["same-origin", "none"] {
        let sent = site.get_with(SIGN_IN, &[("sec-fetch-site", from)]).await;
        assert!(sent.is(303).header("location").starts_with(&provider.issuer), "{from}");
    }
    // Nor does it lead anybody elsewhere afterwards.
    let mut ada = Browser::new(&site);
    let home = by_provider(&mut ada, &provider, "/sign-in/oidc?back=https://elsewhere.example/").await;
    assert_eq!(home.is(303).header("location"), "/account");
    // One sets out by links, so forms need to lead nowhere but here.
    let policy = site.get("/sign-in").await;
    assert!(policy.header("content-security-policy").contains("form-action 'self';"));
    policy.has("<a class=\"button is-quiet\" href=\"/sign-in/oidc");
}
