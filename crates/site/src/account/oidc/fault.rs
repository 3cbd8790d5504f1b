//! What can go wrong on the way to the provider and back, in words for whoever is on it.

use super::journey::{Lost, PATIENCE};
use crate::error::SiteError;
use http::StatusCode;

/// Why a sign-in by the provider, or a link to it, did not come about.
#[derive(Debug, Clone)]
pub(crate) enum OidcFault {
    /// On no journey.
    Lost(Lost),
    /// The person said no at the provider.
    Cancelled,
    /// The provider said no.
    Refused,
    /// The provider does not answer.
    Down,
    /// What it sent is not right.
    Wrong,
    /// What it sent is not of this time.
    Clock,
    /// It has confirmed no address, at one who is new here.
    NoAddress,
    /// It did not ask the person who they are, where that was wanted.
    NotAsked,
    /// Where one has to prove who one is: this identity is not linked to the account.
    Stranger,
    /// Nobody from the provider waits in this browser.
    Gone,
    /// Another account has this identity.
    Taken,
    /// The account has as many as it may.
    TooMany,
    /// Ours.
    Site(SiteError),
}

impl From<SiteError> for OidcFault {
    fn from(error: SiteError) -> Self {
        Self::Site(error)
    }
}

impl OidcFault {
    /// The heading.
    pub(crate) fn title(&self) -> &'static str {
        match self {
            Self::Lost(Lost::Unknown) => "This sign-in is not known here",
            Self::Lost(Lost::Late) => "This took too long",
            Self::Lost(Lost::Again) => "This sign-in was used",
            Self::Lost(Lost::OtherBrowser) => "This sign-in was begun elsewhere",
            Self::Cancelled => "You did not sign in",
            Self::Refused => "The sign-in was refused",
            Self::Down => "The provider does not answer",
            Self::Wrong => "The sign-in could not be verified",
            Self::Clock => "Two clocks do not agree",
            Self::NoAddress => "There is no confirmed address",
            Self::NotAsked => "This was no proof",
            Self::Stranger => "This is not linked to your account",
            Self::Gone => "There is nothing to link",
            Self::Taken => "This is linked to another account",
            Self::TooMany => "There are too many already",
            Self::Site(error) => error.title(),
        }
    }

    /// What happened, and what to do; the provider by its name.
    pub(crate) fn why(&self, name: &str) -> String {
        match self {
            Self::Lost(Lost::Unknown) => {
                "It may have been begun long ago, or this site was started again since. Begin once more.".to_owned()
            }
            Self::Lost(Lost::Late) => {
                format!("From setting out to coming back there are {} minutes. Begin once more.", PATIENCE.as_mins())
            }
            Self::Lost(Lost::Again) => {
                "Each sign-in works once. If you went back in your browser or loaded the page anew, all is done: you may be \
                 signed in already."
                    .to_owned()
            }
            Self::Lost(Lost::OtherBrowser) => {
                "It counts in the browser in which it was begun, and there the latest one counts. Begin here, once."
                    .to_owned()
            }
            Self::Cancelled => format!("You, or {name} for you, said no. Nothing was changed here."),
            Self::Refused => {
                format!("{name} did not stand by the sign-in that it had begun. Begin once more; if that does not help, sign in \
                         another way and tell whoever runs this instance.")
            }
            Self::Down => {
                format!("{name} did not answer, or not in a way that can be read. Try again in some minutes, or sign in another \
                         way.")
            }
            Self::Wrong => {
                format!("What {name} sent is not signed as it should be, or is not meant for this site. Nothing was changed. If \
                         it happens twice, tell whoever runs this instance; the log says what is wrong.")
            }
            Self::Clock => {
                format!("What {name} sent is too old, or of a time that has not come yet: its clock and the one of this site \
                         differ. Try again; if it happens twice, tell whoever runs this instance.")
            }
            Self::NoAddress => {
                format!("{name} does not say that your e-mail address is confirmed, and an account is made with a confirmed \
                         address only. Confirm it there and come back, or make an account here by a link to your address.")
            }
            Self::NotAsked => {
                format!("{name} let you through without asking who you are, or does not say when it asked. Prove it another \
                         way. An account without a password gets one by a link to its address.")
            }
            Self::Stranger => {
                format!("Whoever signed in at {name} is not linked to the account that you are signed in to here. Sign out at \
                         {name} and take the one that is, or prove it another way.")
            }
            Self::Gone => {
                format!("A sign-in by {name} waits for an hour, in the browser in which it was made. If a letter led you here, \
                         open its link in that browser; else begin once more.")
            }
            Self::Taken => {
                format!("Each person at {name} is linked to one account. To use this one here, unlink it there first.")
            }
            Self::TooMany => format!("Unlink one that you do not use, and come back from {name} once more."),
            Self::Site(error) => error.what(),
        }
    }

    /// The HTTP status.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::Cancelled => StatusCode::OK,
            Self::Lost(Lost::Unknown) | Self::Gone => StatusCode::NOT_FOUND,
            Self::Lost(Lost::Late | Lost::Again) => StatusCode::GONE,
            Self::Lost(Lost::OtherBrowser) | Self::NotAsked | Self::Stranger => StatusCode::FORBIDDEN,
            Self::Down => StatusCode::SERVICE_UNAVAILABLE,
            Self::Taken => StatusCode::CONFLICT,
            Self::Refused | Self::Wrong | Self::Clock | Self::NoAddress | Self::TooMany => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Self::Site(error) => error.status(),
        }
    }
}
