//! Ways to the provider and back that were begun: on the server, for a while, each once.
//!
//! In memory, because they live for minutes: whoever is caught by a restart tries again. A journey belongs to one browser,
//! by a token in its cookie that travels nowhere else, so that nobody can be sent home with another person's answer.

use crate::account::Token;
use crate::practice::Client;
use jiff::{SignedDuration, Timestamp};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// How long one may take: signing in at the provider, with a second factor perhaps.
pub const PATIENCE: SignedDuration = SignedDuration::from_mins(10);
/// Journeys that are remembered at once, in all. Beyond it the oldest are forgotten.
const MOST: usize = 20_000;
/// The same for one network address, so that a stranger does not end other people's. An office shares one.
const MOST_OF_ONE: usize = 200;

/// What somebody goes to the provider for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Errand {
    /// To sign in.
    SignIn,
    /// To prove again who they are.
    Prove,
    /// To link what the provider knows them by to their account.
    Link,
}

/// A way to the provider and back.
#[derive(Debug, Clone)]
pub(crate) struct Journey {
    /// What for.
    pub(crate) errand: Errand,
    /// Where to go afterwards.
    pub(crate) back: String,
    /// When it began.
    pub(crate) began: Timestamp,
}

/// Why somebody who comes from the provider is on no journey.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lost {
    /// None of this state is known.
    Unknown,
    /// It took too long.
    Late,
    /// They were here before.
    Again,
    /// It was begun in another browser, or another one was begun in this one since.
    OtherBrowser,
}

#[derive(Debug)]
struct Open {
    state: Vec<u8>,
    browser: Vec<u8>,
    by: Client,
    journey: Journey,
    is_over: bool,
}

/// All of them, the oldest first.
#[derive(Debug, Clone, Default)]
pub(crate) struct Journeys(Arc<Mutex<VecDeque<Open>>>);

impl Journeys {
    /// Remembers one, by the state that travels with it and the token of its browser.
    pub(super) fn begin(&self, state: &Token, browser: &Token, by: Client, journey: Journey) {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = journey.began;
        // Late ones stay for as long again, so that who is late is told so.
        while open.front().is_some_and(|oldest| age(oldest, now) > PATIENCE * 2 || open.len() >= MOST) {
            open.pop_front();
        }
        if open.iter().filter(|other| other.by == by).count() >= MOST_OF_ONE
            && let Some(place) = open.iter().position(|other| other.by == by)
        {
            open.remove(place);
        }
        open.push_back(Open { state: state.hash(), browser: browser.hash(), by, journey, is_over: false });
    }

    /// Ends one. Whatever comes of it, it ends once; in another browser it does not.
    pub(super) fn end(&self, state: &Token, browser: Option<&Token>, now: Timestamp) -> Result<Journey, Lost> {
        let hash = state.hash();
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let open = all.iter_mut().find(|open| open.state == hash).ok_or(Lost::Unknown)?;
        if open.is_over {
            return Err(Lost::Again);
        }
        if browser.map(Token::hash).as_ref() != Some(&open.browser) {
            return Err(if age(open, now) > PATIENCE { Lost::Late } else { Lost::OtherBrowser });
        }
        open.is_over = true;
        if age(open, now) > PATIENCE { Err(Lost::Late) } else { Ok(open.journey.clone()) }
    }
}

fn age(open: &Open, now: Timestamp) -> SignedDuration {
    now.duration_since(open.journey.began).abs()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{IpAddr, Ipv4Addr};

    fn client(number: u32) -> Client {
        Client::at(IpAddr::V4(Ipv4Addr::from_bits(0xc633_6400 + number)))
    }

    fn begun(all: &Journeys, by: Client) -> (Token, Token) {
        let (state, browser) = (Token::random().unwrap(), Token::random().unwrap());
        let journey = Journey { errand: Errand::SignIn, back: "/".to_owned(), began: Timestamp::UNIX_EPOCH };
        all.begin(&state, &browser, by, journey);
        (state, browser)
    }

    #[test]
    fn a_journey_ends_once_in_its_own_browser_and_in_time() {
        let (all, now) = (Journeys::default(), Timestamp::UNIX_EPOCH);
        let (state, browser) = begun(&all, client(1));
        let other = Token::random().unwrap();
        assert_eq!(all.end(&state, Some(&other), now).unwrap_err(), Lost::OtherBrowser);
        assert_eq!(all.end(&state, None, now).unwrap_err(), Lost::OtherBrowser);
        assert!(all.end(&state, Some(&browser), now).is_ok(), "strangers do not end it");
        assert_eq!(all.end(&state, Some(&browser), now).unwrap_err(), Lost::Again);
        assert_eq!(all.end(&other, Some(&browser), now).unwrap_err(), Lost::Unknown);

        let (state, browser) = begun(&all, client(1));
        let late = now + PATIENCE + SignedDuration::from_secs(1);
        assert_eq!(all.end(&state, None, late).unwrap_err(), Lost::Late, "the cookie has gone by then");
        assert_eq!(all.end(&state, Some(&browser), late).unwrap_err(), Lost::Late);
    }

    #[test]
    fn who_begins_many_forgets_their_own() {
        let all = Journeys::default();
        let (adas, browser) = begun(&all, client(1));
        let eves: Vec<_> = (0..MOST_OF_ONE + 50).map(|_| begun(&all, client(2))).collect();
        assert_eq!(all.0.lock().unwrap().len(), MOST_OF_ONE + 1);
        let now = Timestamp::UNIX_EPOCH;
        assert!(all.end(&adas, Some(&browser), now).is_ok());
        assert_eq!(all.end(&eves[0].0, Some(&eves[0].1), now).unwrap_err(), Lost::Unknown);
    }
}
