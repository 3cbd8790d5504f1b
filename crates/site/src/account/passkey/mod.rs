//! Passkeys: keys that a device keeps for this site and that sign in without a password.
//!
//! A ceremony has two halves: the server asks (`begin_…`), the browser's authenticator signs, the server compares
//! (`finish_…`). Who holds the device is always verified by it (PIN, fingerprint, face), so a passkey stands by itself.

mod ceremony;
mod fault;
mod party;
mod store;

pub(crate) use ceremony::Ceremonies;
pub use fault::{LONGEST_NAME, MOST, PasskeyFault};
pub use party::NoPasskeys;
pub(crate) use party::RelyingParty;
pub use store::{PasskeyEntry, Removal};

use super::{AccountId, Accounts, Session, Token};
use crate::error::SiteError;
use crate::practice::Client;
use ceremony::{By, Ceremony};
use serde::Serialize;
use store::Stored;
use webauthn_rs::prelude::{
    CreationChallengeResponse, DiscoverableAuthentication, PublicKeyCredential, RegisterPublicKeyCredential,
    RequestChallengeResponse,
};

/// The first half of a ceremony, for the browser.
#[derive(Debug, Serialize)]
pub(crate) struct Asked<T> {
    /// To be sent back with the answer.
    ceremony: String,
    /// For `navigator.credentials`.
    options: T,
}

impl Accounts {
    /// Asks for a new passkey. It has to be discoverable, so that it signs in without an address.
    pub(crate) async fn begin_adding(
        &self,
        party: &RelyingParty,
        session: &Session,
    ) -> Result<Asked<CreationChallengeResponse>, PasskeyFault> {
        let known = self.credential_ids(session.owner()).await?;
        if known.len() >= MOST {
            return Err(PasskeyFault::TooMany);
        }
        let (mut options, state) =
            party.0.start_passkey_registration(session.owner().uuid(), session.email(), session.name(), Some(known))?;
        if let Some(selection) = &mut options.public_key.authenticator_selection {
            selection.require_resident_key = true;
            // The type of `resident_key` is not exported; without it the older field above decides.
            selection.resident_key = None;
        }
        self.ask(By::Session(session.id()), Ceremony::Adding(session.id(), state), options)
    }

    /// Adds the passkey that answered.
    pub(crate) async fn finish_adding(
        &self,
        party: &RelyingParty,
        session: &Session,
        ceremony: &str,
        name: &str,
        answer: &RegisterPublicKeyCredential,
    ) -> Result<(), PasskeyFault> {
        let name = passkey_name(name).ok_or(PasskeyFault::Name)?;
        match self.answered(ceremony)? {
            Ceremony::Adding(whose, state) if whose == session.id() => {
                let passkey = party.0.finish_passkey_registration(answer, &state)?;
                self.add_passkey(session.owner(), &passkey, name).await
            }
            _ => Err(PasskeyFault::Over),
        }
    }

    /// Asks whoever it is for any passkey of this site.
    pub(crate) fn begin_sign_in(
        &self,
        party: &RelyingParty,
        client: Client,
    ) -> Result<Asked<RequestChallengeResponse>, PasskeyFault> {
        let (options, state) = discoverable(party)?;
        self.ask(By::Client(client), Ceremony::SigningIn(state), options)
    }

    /// Whose passkey answered.
    pub(crate) async fn finish_sign_in(
        &self,
        party: &RelyingParty,
        ceremony: &str,
        answer: &PublicKeyCredential,
    ) -> Result<AccountId, PasskeyFault> {
        match self.answered(ceremony)? {
            Ceremony::SigningIn(state) => self.verified(party, state, answer, None).await,
            _ => Err(PasskeyFault::Over),
        }
    }

    /// Asks somebody who is signed in for a passkey of theirs.
    pub(crate) fn begin_proof(
        &self,
        party: &RelyingParty,
        session: &Session,
    ) -> Result<Asked<RequestChallengeResponse>, PasskeyFault> {
        let (options, state) = discoverable(party)?;
        self.ask(By::Session(session.id()), Ceremony::Proving(session.id(), state), options)
    }

    /// Writes down that the person has proved who they are.
    pub(crate) async fn finish_proof(
        &self,
        party: &RelyingParty,
        session: &Session,
        ceremony: &str,
        answer: &PublicKeyCredential,
    ) -> Result<(), PasskeyFault> {
        match self.answered(ceremony)? {
            Ceremony::Proving(whose, state) if whose == session.id() => {
                self.verified(party, state, answer, Some(session.owner().account())).await?;
                Ok(self.proved_again(session).await?)
            }
            _ => Err(PasskeyFault::Over),
        }
    }

    fn ask<T>(&self, by: By, ceremony: Ceremony, options: T) -> Result<Asked<T>, PasskeyFault> {
        let token = Token::random().map_err(|error| SiteError::internal("the system's randomness", &error))?;
        self.ceremonies.begin(&token, by, ceremony, self.now());
        Ok(Asked { ceremony: token.secret().to_owned(), options })
    }

    fn answered(&self, ceremony: &str) -> Result<Ceremony, PasskeyFault> {
        let token = Token::parse(ceremony).ok_or(PasskeyFault::Over)?;
        self.ceremonies.take(&token, self.now()).ok_or(PasskeyFault::Over)
    }

    /// Compares an answer with the passkey as it stands now, and writes down that it was used.
    async fn verified(
        &self,
        party: &RelyingParty,
        state: DiscoverableAuthentication,
        answer: &PublicKeyCredential,
        wanted: Option<AccountId>,
    ) -> Result<AccountId, PasskeyFault> {
        let (user, credential_id) =
            party.0.identify_discoverable_authentication(answer).map_err(|_| PasskeyFault::Unknown)?;
        let stored = self.passkey_with(credential_id).await?.ok_or(PasskeyFault::Unknown)?;
        let account = stored.account();
        if account.uuid() != user {
            return Err(PasskeyFault::Unknown);
        }
        if wanted.is_some_and(|wanted| wanted != account) {
            return Err(PasskeyFault::OtherAccount);
        }
        let mut passkey = stored.read()?;
        match party.0.finish_discoverable_authentication_v2(answer, state, &passkey).map_err(PasskeyFault::from) {
            Ok(result) => {
                passkey.update_credential(&result);
                self.passkey_used(&stored, &Stored::written(&passkey)?).await?;
                Ok(account)
            }
            Err(fault) => {
                if matches!(fault, PasskeyFault::Copied) {
                    self.note(account, "passkey refused", "it counted backwards, as a copy would").await?;
                }
                Err(fault)
            }
        }
    }
}

/// The library makes these for a field that completes itself; here a button is pressed, so the browser asks at once.
fn discoverable(party: &RelyingParty) -> Result<(RequestChallengeResponse, DiscoverableAuthentication), PasskeyFault> {
    let (mut options, state) = party.0.start_discoverable_authentication()?;
    options.mediation = None;
    Ok((options, state))
}

/// A name as it is kept: without white space around it, short, printable.
pub(crate) fn passkey_name(typed: &str) -> Option<String> {
    let name = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_one = (1..=LONGEST_NAME).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    is_one.then_some(name)
}
