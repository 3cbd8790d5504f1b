//! A passkey, from being added to signing in, with an authenticator that the browser pretends to have.

use crate::all_pages::faults;
use anyhow::{Context, Result, ensure};
use e2e::{Look, Page, operators_link, walk};
use serde_json::{Value, json};
use thirtyfour::Key;

/// Gives the browser a device that keeps passkeys and finds its owner there.
async fn plug_in(page: &Page) -> Result<Value> {
    page.cdp("WebAuthn.enable", json!({})).await?;
    let options = json!({"protocol": "ctap2", "transport": "internal", "hasResidentKey": true,
        "hasUserVerification": true, "isUserVerified": true, "automaticPresenceSimulation": true});
    let made = page.cdp("WebAuthn.addVirtualAuthenticator", json!({"options": options})).await?;
    made.get("authenticatorId").cloned().context("an authenticator")
}

async fn is_sound(page: &Page) -> Result<()> {
    let faults = page.axe().await?;
    ensure!(faults.is_empty(), "{}: {}", page.place().await?, faults.join("\n"));
    Ok(())
}

async fn focus(page: &Page, css: &str) -> Result<()> {
    page.find(css).await?;
    page.js("document.querySelector(arguments[0]).focus()", vec![json!(css)]).await?;
    Ok(())
}

async fn sign_out(page: &Page) -> Result<()> {
    page.goto("/account").await?;
    page.click("[form=sign-out]").await?;
    page.until("document.readyState === 'complete' && location.pathname === '/'").await?;
    page.goto("/sign-in?back=/account").await
}

#[test]
fn a_passkey_is_added_and_signs_in() {
    walk("a passkey", async |page| {
        let device = plug_in(page).await?;
        page.goto(&operators_link()?).await?;
        page.click("#email").await?;
        page.press("op@example.org").await?;
        page.click("#password").await?;
        page.press("ferry orchard lantern").await?;
        page.press(Key::Enter + "").await?;
        page.arrives("/account").await?;
        // What only operators see.
        for path in ["/operator/outbox", "/operator/items", "/operator/companies", "/operator/jobs"] {
            page.goto(path).await?;
            let found = faults(page, &Look::ALL).await?;
            ensure!(found.is_empty(), "{path}: {}", found.join("\n"));
        }
        page.look(Look::ALL[0]).await?;
        page.goto("/account").await?;

        page.click("a[href='/account/passkeys/new']").await?;
        page.arrives("/account/passkeys/new").await?;
        is_sound(page).await?;
        focus(page, "#passkey-name").await?;
        page.press(Key::Control + "a").await?;
        page.press("A pretended device").await?;
        page.press(Key::Enter + "").await?;
        page.arrives("/account#passkeys-heading").await?;
        ensure!(page.text("section[aria-labelledby=passkeys-heading]").await?.contains("A pretended device"));
        is_sound(page).await?;
        for label in ["Rename the passkey", "Remove the passkey"] {
            page.click(&format!("a[aria-label^='{label}']")).await?;
            page.arrives("/account/passkeys/").await?;
            is_sound(page).await?;
            page.goto("/account").await?;
        }

        // Without an address or a password.
        sign_out(page).await?;
        is_sound(page).await?;
        focus(page, "jf-passkey:not([hidden]) button").await?;
        page.press(Key::Enter + "").await?;
        page.arrives("/account").await?;
        ensure!(page.text("main").await?.contains("with a passkey"));

        // A device that does not find its owner is said in words, and the focus stays.
        sign_out(page).await?;
        page.cdp("WebAuthn.setUserVerified", json!({"authenticatorId": device, "isUserVerified": false})).await?;
        focus(page, "jf-passkey:not([hidden]) button").await?;
        page.press(Key::Enter + "").await?;
        page.until("document.querySelector('jf-passkey [role=alert]').textContent.includes('Nothing happened')")
            .await?;
        page.until("document.activeElement.matches('jf-passkey button')").await?;
        is_sound(page).await
    });
}
