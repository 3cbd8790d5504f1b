//! The way to the provider, and what is brought back: a code, which is exchanged for a signed statement of who somebody is.

use super::fault::OidcFault;
use super::http::NoAnswer;
use super::journey::{Errand, PATIENCE};
use super::provider::{Known, OidcProvider};
use super::{Identity, SKEW};
use crate::account::{EmailAddress, Token};
use chrono::{DateTime, Utc};
use jiff::Timestamp;
use openidconnect::core::{
    CoreAuthPrompt, CoreAuthenticationFlow, CoreGenderClaim, CoreIdToken, CoreIdTokenClaims, CoreJwsSigningAlgorithm,
    CoreRequestTokenError, CoreTokenResponse,
};
use openidconnect::url::Url;
use openidconnect::{
    AccessToken, AuthorizationCode, ClaimsVerificationError, CsrfToken, EmptyAdditionalClaims, Nonce,
    OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, Scope, SignatureVerificationError, TokenResponse,
    UserInfoClaims,
};
use std::sync::Arc;
use std::time::Duration;

/// Signatures that are taken: those with a public key. Not `none`, and none with a shared secret, which a public key could be
/// passed off as.
const SIGNATURES: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];
/// The longest subject (OpenID Connect Core, 8).
const LONGEST_SUBJECT: usize = 255;

impl OidcProvider {
    /// Where somebody is sent. Verifier and nonce are made of the browser's token, so they are kept nowhere else.
    pub(super) async fn way_there(
        &self,
        state: &Token,
        browser: &Token,
        errand: Errand,
        now: Timestamp,
    ) -> Result<Url, OidcFault> {
        let known = self.known(now).await?;
        let (state, nonce) = (CsrfToken::new(state.secret().to_owned()), nonce(browser));
        let request = known
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, || state, || nonce)
            // The address and whether it is confirmed; neither name nor picture.
            .add_scope(Scope::new("email".to_owned()))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier(browser)));
        let request = match errand {
            // With a maximal age the provider has to say when it asked.
            Errand::Prove => request.add_prompt(CoreAuthPrompt::Login).set_max_age(Duration::ZERO),
            Errand::SignIn | Errand::Link => request,
        };
        Ok(request.url().0)
    }

    /// Exchanges a code for who somebody is.
    pub(crate) async fn identity(&self, code: String, browser: &Token, now: Timestamp) -> Result<Identity, OidcFault> {
        let known = self.known(now).await?;
        let request = known.exchange_code(AuthorizationCode::new(code)).map_err(|_| OidcFault::Down)?;
        let answer = request.set_pkce_verifier(verifier(browser)).request_async(self.http()).await;
        let answer: CoreTokenResponse = answer.map_err(not_exchanged)?;
        let token = answer.id_token().ok_or_else(|| wrong("it sent no ID token"))?;
        let (known, claims) = self.verified(known, token, &nonce(browser), now).await?;
        let subject = claims.subject().to_string();
        if subject.is_empty() || subject.len() > LONGEST_SUBJECT || subject.chars().any(char::is_control) {
            return Err(wrong("its subject is none"));
        }
        let email = match address(claims) {
            Claimed::Confirmed(email) => Some(email),
            Claimed::Not => None,
            // Where an access token is handed out, the address may be said to its bearer only (OpenID Connect Core, 5.4).
            Claimed::Nothing => self.told_to_bearer(&known, claims, answer.access_token().clone()).await,
        };
        let asked_at = claims.auth_time().and_then(|time| Timestamp::from_second(time.timestamp()).ok());
        Ok(Identity { issuer: self.issuer().to_owned(), subject, email, asked_at })
    }

    /// The claims of a token that is right in all. Keys change, some under the same name, so what is signed with none that is
    /// known is looked at again.
    async fn verified<'t>(
        &self,
        known: Arc<Known>,
        token: &'t CoreIdToken,
        nonce: &Nonce,
        now: Timestamp,
    ) -> Result<(Arc<Known>, &'t CoreIdTokenClaims), OidcFault> {
        let error = match claims(&known, token, nonce, now) {
            Ok(claims) => return Ok((known, claims)),
            Err(error) => error,
        };
        let renewed = if is_by_another_key(&error) { self.renewed(Some(&known), now).await } else { None };
        let Some(renewed) = renewed else { return Err(not_verified(&error)) };
        let claims = claims(&renewed, token, nonce, now).map_err(|error| not_verified(&error))?;
        Ok((renewed, claims))
    }

    async fn told_to_bearer(
        &self,
        known: &Known,
        claims: &CoreIdTokenClaims,
        bearer: AccessToken,
    ) -> Option<EmailAddress> {
        let request = known.user_info(bearer, Some(claims.subject().clone())).ok()?;
        let told: Result<UserInfoClaims<EmptyAdditionalClaims, CoreGenderClaim>, _> =
            request.request_async(self.http()).await;
        if told.is_err() {
            // Not the error, which may repeat what was told.
            tracing::warn!("{} did not say whose address it is", self.name());
        }
        let told = told.ok()?;
        let email = told.email().filter(|_| told.email_verified() == Some(true))?;
        EmailAddress::parse(email.as_str()).ok()
    }
}

/// What is said of an address.
enum Claimed {
    Confirmed(EmailAddress),
    Not,
    Nothing,
}

fn address(claims: &CoreIdTokenClaims) -> Claimed {
    match (claims.email(), claims.email_verified()) {
        (Some(email), Some(true)) => EmailAddress::parse(email.as_str()).map_or(Claimed::Not, Claimed::Confirmed),
        (Some(_), Some(false)) => Claimed::Not,
        _ => Claimed::Nothing,
    }
}

fn claims<'t>(
    known: &Known,
    token: &'t CoreIdToken,
    nonce: &Nonce,
    now: Timestamp,
) -> Result<&'t CoreIdTokenClaims, ClaimsVerificationError> {
    let issued_lately = move |issued: DateTime<Utc>| {
        let age = now.as_second() - issued.timestamp();
        let is_lately = -SKEW.as_secs() <= age && age <= (PATIENCE + SKEW).as_secs();
        if is_lately { Ok(()) } else { Err(format!("issued {age} seconds before our time")) }
    };
    let time = DateTime::from_timestamp((now - SKEW).as_second(), 0).unwrap_or_default();
    let verifier = known.id_token_verifier().set_allowed_algs(SIGNATURES);
    let verifier = verifier.set_time_fn(move || time).set_issue_time_verifier_fn(issued_lately);
    token.claims(&verifier, nonce)
}

/// Whether a key that is newer than what is known may have signed.
fn is_by_another_key(error: &ClaimsVerificationError) -> bool {
    use SignatureVerificationError::{AmbiguousKeyId, CryptoError, NoMatchingKey};
    let ClaimsVerificationError::SignatureVerification(error) = error else { return false };
    matches!(error, NoMatchingKey | CryptoError(_) | AmbiguousKeyId(_))
}

fn verifier(browser: &Token) -> PkceCodeVerifier {
    PkceCodeVerifier::new(browser.derived("code verifier"))
}

fn nonce(browser: &Token) -> Nonce {
    Nonce::new(browser.derived("nonce"))
}

/// Logs what is wrong for the operator; the person is told that something is.
fn wrong(why: &str) -> OidcFault {
    tracing::warn!("what the sign-in provider sent is not taken: {why}");
    OidcFault::Wrong
}

fn not_verified(error: &ClaimsVerificationError) -> OidcFault {
    match error {
        ClaimsVerificationError::Expired(why) => {
            tracing::warn!("what the sign-in provider sent is too old or of the future; are both clocks right? {why}");
            OidcFault::Clock
        }
        ClaimsVerificationError::SignatureVerification(why) => wrong(&format!("its signature: {why}")),
        // Issuer, audience and nonce: none of them is the person's.
        other => wrong(&other.to_string()),
    }
}

/// Only the kind of error and the code that the standard knows: descriptions may name the person.
fn not_exchanged(error: CoreRequestTokenError<NoAnswer>) -> OidcFault {
    match error {
        CoreRequestTokenError::ServerResponse(answer) => {
            tracing::warn!(error = answer.error().as_ref(), "the sign-in provider did not exchange a code");
            OidcFault::Refused
        }
        CoreRequestTokenError::Request(why) => {
            tracing::warn!("the sign-in provider did not exchange a code: {why}");
            OidcFault::Down
        }
        CoreRequestTokenError::Parse(..) | CoreRequestTokenError::Other(_) => {
            tracing::warn!(
                "the sign-in provider answered something that cannot be read when a code was to be exchanged"
            );
            OidcFault::Down
        }
    }
}
