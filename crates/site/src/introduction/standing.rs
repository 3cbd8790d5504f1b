//! Where a conversation stands, what each side may do there, and what that makes of it: one machine for requests of companies
//! and applications of candidates. Nothing else decides, and it neither reads nor writes anything.
//!
//! Every state but the last has somebody whose turn it is and a time at which it ends by itself, and a way out for each side. The
//! test below walks all of it.

use super::reason::{Declined, Outcome};
use jiff::{SignedDuration, Timestamp};
use jobfuture_codes::Code;
use std::fmt;
use strum::{EnumString, IntoStaticStr, VariantArray};

/// Silence ends a conversation after so long.
pub const PATIENCE: SignedDuration = SignedDuration::from_hours(24 * 14);
/// Questions that may be asked before somebody decides. With more of them it would be a conversation that nobody said yes to.
pub const MOST_QUESTIONS: u8 = 3;

/// One of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum Side {
    /// The person.
    Candidate,
    /// Whoever acts for the company.
    Company,
}

impl Side {
    /// The one that it is not.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Candidate => Self::Company,
            Self::Company => Self::Candidate,
        }
    }
}

/// How far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum Stage {
    /// Who was asked has to answer.
    Asked,
    /// Who was asked has a question first.
    Inquired,
    /// Both said yes.
    Open,
    /// Over.
    Ended,
}

/// How one ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ending {
    /// Who was asked said no.
    Declined(Side, Declined),
    /// Who began it took it back, or the candidate left an open one.
    Withdrawn(Side),
    /// One side closed an open one, with what came of it.
    Closed(Side, Outcome),
    /// Time ran out on the side whose turn it was.
    Lapsed(Side),
}

impl Ending {
    /// As it stands in rows: how, by whom, with which code.
    pub fn columns(self) -> (&'static str, Side, Option<&'static str>) {
        match self {
            Self::Declined(side, reason) => ("declined", side, Some(reason.id())),
            Self::Withdrawn(side) => ("withdrawn", side, None),
            Self::Closed(side, outcome) => ("closed", side, Some(outcome.id())),
            Self::Lapsed(side) => ("lapsed", side, None),
        }
    }

    /// Of a row; nothing if it holds something else.
    pub fn parse(how: &str, side: &str, code: Option<&str>) -> Option<Self> {
        let side = Side::parse(side)?;
        match (how, code) {
            ("declined", Some(code)) => Some(Self::Declined(side, Declined::parse(code)?)),
            ("withdrawn", None) => Some(Self::Withdrawn(side)),
            ("closed", Some(code)) => Some(Self::Closed(side, Outcome::parse(code)?)),
            ("lapsed", None) => Some(Self::Lapsed(side)),
            _ => None,
        }
    }
}

/// Something that a side does, or that time does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Move {
    /// To say yes.
    Accept,
    /// To ask a question before that.
    Ask,
    /// To answer it.
    Answer,
    /// To say no.
    Decline(Declined),
    /// To take it back; for a candidate also to leave an open one.
    Withdraw,
    /// To write, or to offer times, in an open one.
    Write,
    /// To agree on an interview that begins then.
    Agree(Timestamp),
    /// To close an open one.
    Close(Outcome),
    /// Time has run out.
    Lapse,
}

/// Why something cannot be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// It is over.
    Over,
    /// It is not for this side to do.
    NotYours,
    /// It is not open: nobody has said yes yet.
    NotOpen,
    /// Both have said yes already.
    AlreadyOpen,
    /// There is no question to answer.
    NoQuestion,
    /// A question waits for its answer.
    QuestionWaits,
    /// Enough was asked.
    EnoughQuestions,
    /// There is time yet.
    NotDue,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Over => "This conversation is over. Nothing was changed.",
            Self::NotYours => "That is for the other side to do. Nothing was changed.",
            Self::NotOpen => "That can be done once both sides have said yes. Nothing was changed.",
            Self::AlreadyOpen => "Both sides have said yes already. Write in the conversation instead.",
            Self::NoQuestion => "There is no question that waits for an answer. Nothing was changed.",
            Self::QuestionWaits => "Your question has not been answered yet. Wait for the answer, or decide without it.",
            Self::EnoughQuestions => {
                "Three questions were asked already. Say yes to go on talking, or say no; both can be taken further later."
            }
            Self::NotDue => "There is time yet. Nothing was changed.",
        })
    }
}

/// Where one stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Standing {
    /// Who began it: a company by a request, a candidate by an application.
    pub begun_by: Side,
    /// Where it is, with all that is true there.
    pub at: At,
}

/// A stage with its turn and clock, so that none is without them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum At {
    /// The other side than the one that began it has the turn.
    Asked {
        /// When it ends by itself.
        due: Timestamp,
        /// How many questions were asked.
        questions: u8,
    },
    /// Who began it has the turn.
    Inquired {
        /// When it ends by itself.
        due: Timestamp,
        /// How many questions were asked, this one included.
        questions: u8,
    },
    /// Whoever did not write last has the turn.
    Open {
        /// Who.
        turn: Side,
        /// When it ends by itself.
        due: Timestamp,
    },
    /// Nobody has.
    Ended(Ending),
}

impl Standing {
    /// One that has just been begun.
    pub fn begun(by: Side, now: Timestamp) -> Self {
        Self { begun_by: by, at: At::Asked { due: after(now), questions: 0 } }
    }

    /// Its stage.
    pub fn stage(&self) -> Stage {
        match self.at {
            At::Asked { .. } => Stage::Asked,
            At::Inquired { .. } => Stage::Inquired,
            At::Open { .. } => Stage::Open,
            At::Ended(_) => Stage::Ended,
        }
    }

    /// Whose turn it is.
    pub fn turn(&self) -> Option<Side> {
        match self.at {
            At::Asked { .. } => Some(self.begun_by.other()),
            At::Inquired { .. } => Some(self.begun_by),
            At::Open { turn, .. } => Some(turn),
            At::Ended(_) => None,
        }
    }

    /// When it ends by itself.
    pub fn due(&self) -> Option<Timestamp> {
        match self.at {
            At::Asked { due, .. } | At::Inquired { due, .. } | At::Open { due, .. } => Some(due),
            At::Ended(_) => None,
        }
    }

    /// How many questions were asked before anybody decided.
    pub fn questions(&self) -> u8 {
        match self.at {
            At::Asked { questions, .. } | At::Inquired { questions, .. } => questions,
            At::Open { .. } | At::Ended(_) => 0,
        }
    }

    /// How it ended.
    pub fn ending(&self) -> Option<Ending> {
        match self.at {
            At::Ended(ending) => Some(ending),
            _ => None,
        }
    }

    /// Whether a side may do that now. For buttons: [`Self::after`] decides.
    pub fn may(&self, side: Side, what: Move, now: Timestamp) -> bool {
        self.after(Some(side), what, now).is_ok()
    }

    /// What it becomes when a side does something, or time does (nobody). Who is late finds it over, whether the clock was looked at
    /// meanwhile or not.
    ///
    /// # Errors
    /// Why it cannot be done.
    pub fn after(&self, side: Option<Side>, what: Move, now: Timestamp) -> Result<Self, Refusal> {
        let (Some(turn), Some(due)) = (self.turn(), self.due()) else { return Err(Refusal::Over) };
        let is_due = due <= now;
        let Some(side) = side else {
            return match what {
                Move::Lapse if is_due => Ok(self.ended(Ending::Lapsed(turn))),
                Move::Lapse => Err(Refusal::NotDue),
                _ => Err(Refusal::NotYours),
            };
        };
        if what == Move::Lapse {
            return Err(Refusal::NotYours);
        }
        if is_due {
            return Err(Refusal::Over);
        }
        let at = match (self.at, what) {
            (At::Open { .. }, _) => return self.while_open(side, turn, what, now),
            (At::Ended(_), _) => return Err(Refusal::Over),
            (_, Move::Write | Move::Agree(_) | Move::Close(_)) => return Err(Refusal::NotOpen),
            (_, Move::Withdraw) if side == self.begun_by => At::Ended(Ending::Withdrawn(side)),
            (At::Inquired { questions, .. }, Move::Answer) if side == self.begun_by => {
                At::Asked { due: after(now), questions }
            }
            (At::Asked { .. }, Move::Answer) => return Err(Refusal::NoQuestion),
            // All the rest is for who was asked.
            _ if side == self.begun_by => return Err(Refusal::NotYours),
            // Who says yes has done their part; the company says how it goes on.
            (_, Move::Accept) => At::Open { turn: Side::Company, due: after(now) },
            (_, Move::Decline(reason)) => At::Ended(Ending::Declined(side, reason)),
            (At::Inquired { .. }, Move::Ask) => return Err(Refusal::QuestionWaits),
            (At::Asked { questions, .. }, Move::Ask) if questions >= MOST_QUESTIONS => {
                return Err(Refusal::EnoughQuestions);
            }
            (At::Asked { questions, .. }, Move::Ask) => At::Inquired { due: after(now), questions: questions + 1 },
            (_, Move::Answer | Move::Withdraw | Move::Lapse) => return Err(Refusal::NotYours),
        };
        Ok(Self { at, ..*self })
    }

    /// The candidate wants nothing more of this company: they blocked it, or their account goes. It is over, whoever has the turn.
    ///
    /// # Errors
    /// [`Refusal::Over`] if it was already.
    pub fn left(&self) -> Result<Self, Refusal> {
        match self.at {
            At::Ended(_) => Err(Refusal::Over),
            _ => Ok(self.ended(Ending::Withdrawn(Side::Candidate))),
        }
    }

    fn while_open(&self, side: Side, turn: Side, what: Move, now: Timestamp) -> Result<Self, Refusal> {
        let at = match what {
            // Who writes twice leaves the other the time that they had. A word before an interview shortens nothing: else the
            // conversation might end before they meet.
            Move::Write if side == turn => At::Open { turn: side.other(), due: self.no_earlier(after(now)) },
            Move::Write => self.at,
            // After an interview the company says how it goes on.
            Move::Agree(begins_at) => At::Open { turn: Side::Company, due: self.no_earlier(after(begins_at.max(now))) },
            Move::Withdraw if side == Side::Candidate => At::Ended(Ending::Withdrawn(side)),
            // A company says what came of it.
            Move::Withdraw => return Err(Refusal::NotYours),
            Move::Close(outcome) => At::Ended(Ending::Closed(side, outcome)),
            Move::Accept | Move::Ask | Move::Answer | Move::Decline(_) => return Err(Refusal::AlreadyOpen),
            Move::Lapse => return Err(Refusal::NotYours),
        };
        Ok(Self { at, ..*self })
    }

    fn no_earlier(&self, due: Timestamp) -> Timestamp {
        self.due().map_or(due, |before| before.max(due))
    }

    fn ended(&self, ending: Ending) -> Self {
        Self { at: At::Ended(ending), ..*self }
    }
}

fn after(now: Timestamp) -> Timestamp {
    now.checked_add(PATIENCE).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests;
