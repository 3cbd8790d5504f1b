//! Pages about oneself: joining, signing in, one's account. None of them is kept by browsers or caches.

mod account;
mod dead_link;
mod export;
mod identities;
mod join;
mod oidc;
mod oidc_arrival;
mod oidc_fault;
mod outbox;
mod passkey_sign_in;
mod passkeys;
mod reset;
mod sent;
mod sign_in;

pub(crate) use account::{
    account, confirm_deletion, delete_account, end_others, end_session, form_was_left, keep_account, rename,
    set_password, sign_out,
};
pub(crate) use export::export;
pub(crate) use identities::{confirm_identity, confirm_unlinking, link_identity, new_identity, unlink_identity};
pub(crate) use join::{ask_for_link, join, make_account, open_link};
pub(crate) use oidc::{oidc_callback, set_out_to_link, set_out_to_prove, set_out_to_sign_in};
pub(crate) use oidc_arrival::{arrived, ask_for_identity_link, link_by_mail, open_identity_link};
pub(crate) use outbox::{first_operator, make_first_operator, outbox};
pub(crate) use passkey_sign_in::{begin_passkey_proof, begin_passkey_sign_in, passkey_proof, passkey_sign_in};
pub(crate) use passkeys::{
    add_passkey, begin_passkey, confirm_passkey_removal, new_passkey, passkey, remove_passkey, rename_passkey,
};
pub(crate) use reset::{ask_for_reset, choose_password, open_reset, reset};
pub(crate) use sign_in::{prove_again, prove_again_form, sign_in, sign_in_form};

use super::{AccountId, EmailAddress, Token};
use crate::error::SiteError;
use crate::page::{Html, Nav, NextSteps, Page, see};
use crate::routes;
use crate::site::Site;
use axum::extract::{Form, FromRequest, Request};
use axum::response::Response;
use http::{HeaderMap, StatusCode, header};
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// The longest name that somebody may be called by, in characters.
const LONGEST_NAME: usize = 80;

/// The fields of a short form.
pub(crate) struct Fields<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Site> for Fields<T> {
    type Rejection = SiteError;

    async fn from_request(request: Request, site: &Site) -> Result<Self, SiteError> {
        match Form::<T>::from_request(request, site).await {
            Ok(Form(fields)) => Ok(Self(fields)),
            Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                Err(SiteError::TooLarge { what: "What was sent".to_owned(), bytes: None, limit: 2 << 20 })
            }
            Err(rejection) => Err(SiteError::UnreadableForm(format!(
                "A field is missing or cannot be read ({}). Go back and send the form again.",
                rejection.body_text()
            ))),
        }
    }
}

/// Where to go afterwards; from a form or from an address.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Back {
    #[serde(default)]
    back: String,
}

impl Back {
    /// The path, if it is one of this site; else the account page.
    fn path(&self) -> &str {
        let path = &self.back;
        // Browsers read a backslash as a slash, and two slashes as another site.
        let is_ours = path.starts_with('/')
            && !path.starts_with("//")
            && !path.contains('\\')
            && path.chars().all(|c| !c.is_control() && !c.is_whitespace());
        if is_ours { path } else { routes::ACCOUNT }
    }
}

/// A page for one person.
fn page(title: &str, main: Html, next: NextSteps) -> Page {
    Page::unlisted(title, Nav::Account, main, next)
}

/// Signs the browser in and leads on.
async fn let_in(
    site: &Site,
    account: AccountId,
    headers: &HeaderMap,
    how: &str,
    to: &str,
) -> Result<Response, SiteError> {
    let mut response = see(to);
    sign_browser_in(site, account, headers, how, &mut response).await?;
    Ok(response)
}

/// Signs the browser in that is answered with this response.
async fn sign_browser_in(
    site: &Site,
    account: AccountId,
    headers: &HeaderMap,
    how: &str,
    response: &mut Response,
) -> Result<(), SiteError> {
    sign_browser_in_proved(site, account, headers, how, site.accounts().now(), response).await
}

/// The same for somebody who proved at another time who they are.
async fn sign_browser_in_proved(
    site: &Site,
    account: AccountId,
    headers: &HeaderMap,
    how: &str,
    proved: Timestamp,
    response: &mut Response,
) -> Result<(), SiteError> {
    let (accounts, cookies) = (site.accounts(), site.cookies());
    // A session that this browser was in before is over: it may be somebody else's.
    if let Some(before) = cookies.session(headers)
        && let Some(session) = accounts.session(&before).await?
    {
        accounts.end_session(session.owner(), session.id()).await?;
    }
    let token = accounts.sign_in_proved(account, &browser(headers), how, proved).await?;
    response.headers_mut().append(header::SET_COOKIE, cookies.set_session(&token));
    if !is_known(site, account, headers).await? {
        let known = accounts.know_browser(account).await?;
        response.headers_mut().append(header::SET_COOKIE, cookies.set_known_browser(&known));
    }
    Ok(())
}

/// Whether this browser was signed in to the account before.
async fn is_known(site: &Site, account: AccountId, headers: &HeaderMap) -> Result<bool, SiteError> {
    match site.cookies().known_browser(headers) {
        Some(token) => site.accounts().is_known_browser(account, &token).await,
        None => Ok(false),
    }
}

/// A browser in words that its owner recognises. What it says of itself is not believed for anything else.
fn browser(headers: &HeaderMap) -> String {
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let find = |names: &[(&'static str, &'static str)]| {
        names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    // The order matters: most browsers name others too.
    let name = find(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chromium/", "Chromium"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = find(&[
        ("iPhone", "an iPhone"),
        ("iPad", "an iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS", "a Mac"),
        ("Linux", "Linux"),
    ]);
    match (name, system) {
        (Some(name), Some(system)) => format!("{name} on {system}"),
        (Some(name), None) => name.to_owned(),
        (None, Some(system)) => format!("A browser on {system}"),
        (None, None) => "A browser".to_owned(),
    }
}

/// A name as it is kept: without white space around it, short, printable; an empty one becomes the address's own part.
fn name_of(typed: &str, email: &EmailAddress) -> Result<String, &'static str> {
    let name = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err("Use at most 80 characters for the name.");
    }
    let local = email.as_str().split('@').next().unwrap_or_default();
    Ok(if name.is_empty() { local.to_owned() } else { name })
}

/// The address of a page on this site, whole, for mail.
pub(crate) fn whole_url(site: &Site, headers: &HeaderMap, path: &str) -> String {
    let base = site.config().base_url.clone().unwrap_or_else(|| {
        // Without a configured address a link can only name the host that was asked, which a stranger can make up. Fit for
        // one's own machine: letters are sent by mail only where the address is configured.
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("127.0.0.1:8080");
        format!("http://{host}")
    });
    format!("{base}{path}")
}

/// A token in an address.
fn token(text: &str) -> Result<Token, super::DeadLink> {
    Token::parse(text).ok_or(super::DeadLink::Unknown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_comes_back_to_this_site_only() {
        let back = |path: &str| Back { back: path.to_owned() }.path().to_owned();
        assert_eq!(back("/tasks/book-list?variant=7"), "/tasks/book-list?variant=7");
        for path in ["", "https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "/a\r\nb", "x"] {
            assert_eq!(back(path), routes::ACCOUNT, "{path:?}");
        }
    }

    #[test]
    fn browsers_are_told_in_words() {
        let named = |agent: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::USER_AGENT, agent.parse().unwrap());
            browser(&headers)
        };
        assert_eq!(named("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"), "Firefox on Linux");
        let iphone =
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Safari/604.1";
        assert_eq!(named(iphone), "Safari on an iPhone");
        assert_eq!(named("curl/8.0"), "A browser");
    }
}
