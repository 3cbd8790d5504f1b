//! Why something about a conversation was not done.

use super::standing::Refusal;
use crate::error::{Missing, SiteError};
use http::StatusCode;
use uuid::Uuid;

/// What is said to whoever acts for a company that is not verified (any more).
const UNVERIFIED: &str = "Your company is not verified at the moment, so it sees no candidate and writes to none. Nothing was changed. An owner \
    finds what is missing under “Proofs”.";

/// Why something was not done. Nothing of it was kept then.
#[derive(Debug, Clone)]
pub enum Fault {
    /// There is no such conversation, or none for whoever asks; or nobody of this name.
    Missing,
    /// Somebody did something else in it meanwhile.
    Stale,
    /// It cannot be done where it stands.
    Refused(Refusal),
    /// The company is not verified now.
    Unverified,
    /// The two have a conversation already.
    Already(Uuid),
    /// The same was just done, in the line of this number.
    Twice(i64),
    /// It is more than is taken at a time; a sentence that says when it can be done.
    TooMuch(String),
    /// A rule forbids it; a sentence with the mend.
    Says(String),
    /// Ours.
    Site(SiteError),
}

impl Fault {
    /// With a sentence.
    pub(super) fn says<T>(says: impl Into<String>) -> Result<T, Self> {
        Err(Self::Says(says.into()))
    }

    /// A sentence for the page on which it was tried; nothing for what is answered by a page of its own.
    pub fn sentence(&self) -> Option<String> {
        match self {
            Self::Missing | Self::Site(_) => None,
            Self::Stale => Some(
                "Something else was done here meanwhile, so nothing of yours was. What you typed still stands below; see first how the \
                 conversation stands now."
                    .to_owned(),
            ),
            Self::Refused(refusal) => Some(refusal.to_string()),
            Self::Unverified => Some(UNVERIFIED.to_owned()),
            Self::Already(_) => Some(
                "You two have a conversation already, and there is one at a time. Go on in that one, or end it first."
                    .to_owned(),
            ),
            Self::Twice(_) => Some("The same was sent a moment ago. It is there once.".to_owned()),
            Self::TooMuch(says) | Self::Says(says) => Some(says.clone()),
        }
    }

    /// What the page on which it was tried says of it, and with which status; the answer otherwise.
    pub(crate) fn told(self) -> Result<(StatusCode, String), SiteError> {
        let status = match &self {
            Self::Stale | Self::Refused(_) | Self::Already(_) => StatusCode::CONFLICT,
            Self::Unverified => StatusCode::FORBIDDEN,
            Self::TooMuch(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Missing | Self::Twice(_) | Self::Says(_) | Self::Site(_) => StatusCode::UNPROCESSABLE_ENTITY,
        };
        match self.sentence() {
            Some(says) => Ok((status, says)),
            None => Err(self.into_error()),
        }
    }

    /// For whoever shows no page of its own for it.
    pub fn into_error(self) -> SiteError {
        match self.sentence() {
            Some(says) => SiteError::Refused(says),
            None => match self {
                Self::Site(error) => error,
                _ => SiteError::NotFound(Missing::Page),
            },
        }
    }
}

impl From<jobfuture_db::Error> for Fault {
    fn from(error: jobfuture_db::Error) -> Self {
        Self::Site(error.into())
    }
}

impl From<SiteError> for Fault {
    fn from(error: SiteError) -> Self {
        match error {
            SiteError::NotFound(_) => Self::Missing,
            error => Self::Site(error),
        }
    }
}

impl From<jobfuture_disclosure::Error> for Fault {
    fn from(error: jobfuture_disclosure::Error) -> Self {
        match error {
            jobfuture_disclosure::Error::Refused(says) => Self::Says(says),
            error => Self::Site(error.into()),
        }
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}
