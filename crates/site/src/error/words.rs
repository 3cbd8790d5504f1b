//! What each error says: what happened, and what to do.

use super::{Missing, SiteError};
use crate::company::who_may;

impl SiteError {
    /// The heading.
    pub fn title(&self) -> &'static str {
        match self {
            Self::NotFound(Missing::Page) => "There is no page here",
            Self::NotFound(Missing::Guide) => "There is no such guide",
            Self::NotFound(Missing::Section) => "There is no such section",
            Self::NotFound(Missing::Proof | Missing::QuestionProof) => "There is no such proof",
            Self::NotFound(Missing::Question) => "There is no such question",
            Self::NotFound(Missing::Variant) => "There is no such variant",
            Self::NotFound(Missing::Task) => "There is no such task",
            Self::NotFound(Missing::Role) => "There is no such role",
            Self::NotFound(Missing::Check) => "There is no such skill check",
            Self::NotFound(Missing::Attempt) => "There is no page here",
            Self::NotFound(Missing::Vacancy) => "There is no such vacancy",
            Self::NotFound(Missing::Replaced) => "This was replaced by a newer version",
            Self::NotFound(Missing::File(_)) => "There is no such file",
            Self::MethodNotAllowed => "This address does not do that",
            Self::CrossSite => "This form was sent from another site",
            Self::NotYourRole { .. } => "Somebody else at your company does that",
            Self::UnreadableForm(_) => "The form could not be read",
            Self::Slow => "The form did not arrive in time",
            Self::TooLarge { .. } => "That is too large to run",
            Self::Refused(_) => "This cannot be run as it is",
            Self::TooMany { .. } => "Too many runs at once",
            Self::Busy { .. } => "Everybody is practising just now",
            Self::PracticeOff(_) => "Code cannot be run here at the moment",
            Self::Internal => "Something broke on our side",
        }
    }

    /// What happened, in a sentence or two.
    pub fn what(&self) -> String {
        match self {
            Self::NotFound(Missing::File(path)) => {
                format!("The project of this task has no file {path}.")
            }
            Self::NotFound(Missing::Variant) => {
                "A variant is a whole number, as in ?variant=7. What stands there in this address is none.".to_owned()
            }
            Self::NotFound(Missing::QuestionProof) => {
                "In this variant the question has no proof of that name.".to_owned()
            }
            Self::NotFound(Missing::Replaced) => {
                "What was asked here is no longer part of this site's content. What came of it still counts in your check."
                    .to_owned()
            }
            Self::NotFound(_) => "The address may have been mistyped, or what stood here was renamed.".to_owned(),
            Self::MethodNotAllowed => "The address exists, but it does not answer this kind of request.".to_owned(),
            Self::CrossSite => "Forms of this site are taken only from its own pages, so that no other page can \
                 send them in your name."
                .to_owned(),
            Self::NotYourRole { act, role } => {
                let (who, role) = (who_may(*act), role.name().to_lowercase());
                format!("At a company {who} may {}. You act for this one as {role}.", act.what())
            }
            Self::UnreadableForm(why) | Self::Refused(why) => why.clone(),
            Self::Slow => "The connection stalled before all of it was here. Nothing was run.".to_owned(),
            Self::TooLarge { what, bytes, limit } => {
                let size = bytes.map(|bytes| format!(" is {}, and", size(bytes))).unwrap_or_default();
                format!("{what}{size} may be {} at most. Nothing was run.", size_of(*limit))
            }
            Self::TooMany { says, .. } => says.clone(),
            Self::Busy { .. } => "Your run waited its turn and did not get one. Nothing was run.".to_owned(),
            Self::PracticeOff(reason) => reason.clone(),
            Self::Internal => "The fault is in the log of this instance. Nothing of yours was kept or lost.".to_owned(),
        }
    }

    /// What to do about it.
    pub fn mend(&self) -> String {
        match self {
            Self::NotFound(_) => "The links below lead to what is here.".to_owned(),
            Self::MethodNotAllowed => "Open the page and use the form on it.".to_owned(),
            Self::CrossSite => "Open the page here and send the form again.".to_owned(),
            Self::NotYourRole { .. } => {
                "Ask an owner of the company to do it, or to change your role there.".to_owned()
            }
            Self::UnreadableForm(_) => "Go back, reload the page and send the form again.".to_owned(),
            Self::Slow => "Go back and send it again: your browser still has the text.".to_owned(),
            Self::TooLarge { .. } => {
                "Go back, take out what the task does not need (data, copied libraries) and run it again.".to_owned()
            }
            Self::Refused(_) => "Change that and run it again.".to_owned(),
            Self::TooMany { retry_after, .. } => format!("Try again in {}.", seconds(*retry_after)),
            Self::Busy { retry_after } => {
                format!("Try again in {}: runs take turns by address.", seconds(*retry_after))
            }
            Self::PracticeOff(_) => "The guides and the tasks' files can still be read.".to_owned(),
            Self::Internal => "Try again; if it happens twice, tell whoever runs this instance.".to_owned(),
        }
    }
}

fn seconds(count: u64) -> String {
    if count == 1 { "a second".to_owned() } else { format!("{count} seconds") }
}

/// `5.0 MiB`, `256 KiB`, `12 bytes`.
pub fn size(bytes: u64) -> String {
    const KIB: u64 = 1024;
    const MIB: u64 = KIB * KIB;
    match bytes {
        0..KIB => format!("{bytes} bytes"),
        KIB..MIB => format!("{} KiB", bytes.div_ceil(KIB)),
        _ => format!("{}.{} MiB", bytes / MIB, bytes % MIB * 10 / MIB),
    }
}

fn size_of(bytes: usize) -> String {
    size(bytes as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_well() {
        assert_eq!(size(12), "12 bytes");
        assert_eq!(size(256 * 1024), "256 KiB");
        assert_eq!(size(5 * 1024 * 1024 + 600 * 1024), "5.5 MiB");
    }

    #[test]
    fn a_large_file_is_named_with_its_size() {
        let error = SiteError::TooLarge { what: "The file a.py".into(), bytes: Some(2048), limit: 1024 };
        assert_eq!(error.what(), "The file a.py is 2 KiB, and may be 1 KiB at most. Nothing was run.");
        let unknown = SiteError::TooLarge { what: "What was sent".into(), bytes: None, limit: 1024 };
        assert_eq!(unknown.what(), "What was sent may be 1 KiB at most. Nothing was run.");
    }
}
