//! What was asked of a browser and is not answered yet: on the server, for a while, once.
//!
//! In memory, because it lives for minutes: whoever is caught by a restart tries again.

use super::party::PATIENCE;
use crate::account::Token;
use crate::practice::Client;
use jiff::Timestamp;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;
use webauthn_rs::prelude::{DiscoverableAuthentication, PasskeyRegistration};

/// Ceremonies that are open at once, in all. Beyond it the oldest end.
const MOST: usize = 5_000;
/// The same for one session or one address, so that a stranger does not end other people's.
const MOST_OF_ONE: usize = 10;

/// What a ceremony is for, and what its answer is compared with.
#[derive(Debug)]
pub(super) enum Ceremony {
    /// To add a passkey to the account of this session.
    Adding(Uuid, PasskeyRegistration),
    /// To sign in.
    SigningIn(DiscoverableAuthentication),
    /// To prove again, in this session, who one is.
    Proving(Uuid, DiscoverableAuthentication),
}

/// Who began one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    Session(Uuid),
    Client(Client),
}

#[derive(Debug)]
struct Open {
    token: Vec<u8>,
    by: By,
    began: Timestamp,
    ceremony: Ceremony,
}

/// All that are open, the oldest first.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ceremonies(Arc<Mutex<VecDeque<Open>>>);

impl Ceremonies {
    /// Keeps one until it is answered, by the token that the browser is handed with it.
    pub(super) fn begin(&self, token: &Token, by: By, ceremony: Ceremony, now: Timestamp) {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while open.front().is_some_and(|oldest| is_over(oldest, now) || open.len() >= MOST) {
            open.pop_front();
        }
        if open.iter().filter(|other| other.by == by).count() >= MOST_OF_ONE
            && let Some(place) = open.iter().position(|other| other.by == by)
        {
            open.remove(place);
        }
        open.push_back(Open { token: token.hash(), by, began: now, ceremony });
    }

    /// Hands one out, and forgets it: whatever comes of the answer, there is no second.
    pub(super) fn take(&self, token: &Token, now: Timestamp) -> Option<Ceremony> {
        let hash = token.hash();
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = open.iter().position(|open| open.token == hash)?;
        open.remove(place).filter(|open| !is_over(open, now)).map(|open| open.ceremony)
    }
}

fn is_over(open: &Open, now: Timestamp) -> bool {
    now.duration_since(open.began).unsigned_abs() > PATIENCE
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::passkey::RelyingParty;
    use http::HeaderMap;
    use jiff::SignedDuration;

    fn signing_in() -> Ceremony {
        let party = RelyingParty::of(Some("https://jobs.example.org"), &HeaderMap::new()).unwrap();
        Ceremony::SigningIn(party.0.start_discoverable_authentication().unwrap().1)
    }

    #[test]
    fn a_ceremony_is_handed_out_once_and_in_time() {
        let (open, now) = (Ceremonies::default(), Timestamp::UNIX_EPOCH);
        let by = By::Session(Uuid::now_v7());
        let (one, other) = (Token::random().unwrap(), Token::random().unwrap());
        open.begin(&one, by, signing_in(), now);
        open.begin(&other, by, signing_in(), now);
        assert!(open.take(&one, now).is_some());
        assert!(open.take(&one, now).is_none(), "it was used");
        assert!(open.take(&other, now + SignedDuration::from_secs(301)).is_none(), "it took too long");
        assert!(open.take(&Token::random().unwrap(), now).is_none());
    }

    #[test]
    fn who_begins_many_ends_their_own() {
        let (open, now) = (Ceremonies::default(), Timestamp::UNIX_EPOCH);
        let (ada, eve) = (By::Session(Uuid::now_v7()), By::Session(Uuid::now_v7()));
        let adas = Token::random().unwrap();
        open.begin(&adas, ada, signing_in(), now);
        let eves: Vec<Token> = (0..MOST_OF_ONE * 3).map(|_| Token::random().unwrap()).collect();
        eves.iter().for_each(|token| open.begin(token, eve, signing_in(), now));
        assert_eq!(open.0.lock().unwrap().len(), MOST_OF_ONE + 1);
        assert!(open.take(&adas, now).is_some());
        assert!(open.take(&eves[0], now).is_none() && open.take(&eves[MOST_OF_ONE * 3 - 1], now).is_some());
    }
}
