//! A conversation as its row says, and its lines.

use super::fault::Fault;
use super::standing::{At, Ending, Move, Side, Stage, Standing};
use crate::error::SiteError;
use crate::vacancy::Terms;
use jiff::Timestamp;
use jobfuture_codes::Code;
use jobfuture_db::record;
use jobfuture_disclosure::{CandidateName, Sealer};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};
use uuid::Uuid;

/// What somebody did, as it stands in a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum Deed {
    /// A company asked for it.
    Requested,
    /// A candidate applied.
    Applied,
    /// Said yes.
    Accepted,
    /// Asked before that.
    Asked,
    /// Answered.
    Answered,
    /// Said no.
    Declined,
    /// Took it back, or left.
    Withdrew,
    /// Wrote in an open one.
    Wrote,
    /// Offered times for an interview.
    Offered,
    /// Agreed on one.
    Agreed,
    /// Found no time among those that were offered.
    NoneFits,
    /// Took back times that nobody had picked.
    TookBack,
    /// Called off an interview that was agreed on.
    CalledOff,
    /// Showed something more.
    Showed,
    /// Closed an open one.
    Closed,
    /// Time ran out.
    Lapsed,
}

impl Deed {
    /// For a page.
    pub fn words(self) -> &'static str {
        match self {
            Self::Requested => "asked for an introduction",
            Self::Applied => "applied",
            Self::Accepted => "said yes",
            Self::Asked => "asked a question",
            Self::Answered => "answered",
            Self::Declined => "said no",
            Self::Withdrew => "ended it",
            Self::Wrote => "wrote",
            Self::Offered => "offered times",
            Self::Agreed => "agreed on a time",
            Self::NoneFits => "found no time that fits",
            Self::TookBack => "took back the times that were offered",
            Self::CalledOff => "called an interview off",
            Self::Showed => "shows something more",
            Self::Closed => "closed it",
            Self::Lapsed => "time ran out",
        }
    }
}

impl Deed {
    /// What a move is called in its line.
    pub(super) fn of(what: Move) -> Self {
        match what {
            Move::Accept => Self::Accepted,
            Move::Ask => Self::Asked,
            Move::Answer => Self::Answered,
            Move::Decline(_) => Self::Declined,
            Move::Withdraw => Self::Withdrew,
            Move::Write => Self::Wrote,
            Move::Agree(_) => Self::Agreed,
            Move::Close(_) => Self::Closed,
            Move::Lapse => Self::Lapsed,
        }
    }
}

record! {
    /// The columns of [`COLUMNS`].
    pub(super) struct Row {
        id: Uuid,
        pub(super) account: Uuid,
        pub(super) company: Uuid,
        company_name: String,
        domain: String,
        vacancy: Option<Uuid>,
        terms: String,
        begun_by: String,
        member: Option<Uuid>,
        stage: String,
        turn: Option<String>,
        due_at: Option<Timestamp>,
        questions: i64,
        made_at: Timestamp,
        changed_at: Timestamp,
        opened_at: Option<Timestamp>,
        ended_at: Option<Timestamp>,
        ending: Option<String>,
        ended_by: Option<String>,
        reason: Option<String>,
        version: i64,
    }
}

/// What is read of a conversation.
pub(super) const COLUMNS: &str = "select i.id, i.account, i.company, c.name as company_name, c.domain, i.vacancy, i.terms, i.begun_by, i.member,
    i.stage, i.turn, i.due_at, i.questions, i.made_at, i.changed_at, i.opened_at, i.ended_at, i.ending, i.ended_by, i.reason, i.version
    from introduction i join company c on c.id = i.company";

/// A conversation, for one of the two.
#[derive(Debug, Clone)]
pub struct Introduction {
    /// Which: random, so that it may stand in addresses.
    pub id: Uuid,
    /// With which company.
    pub company: Uuid,
    /// What that is called.
    pub company_name: String,
    /// Its web site's domain.
    pub domain: String,
    /// About which vacancy, as long as it is there.
    pub vacancy: Option<Uuid>,
    /// Its terms as they were when this was begun.
    pub terms: Terms,
    /// Who of the company began it or took it up.
    pub member: Option<Uuid>,
    /// Where it stands now: also when its time has run out and no clock has written that down yet.
    pub standing: Standing,
    /// When it was begun.
    pub made_at: Timestamp,
    /// When something was last done.
    pub changed_at: Timestamp,
    /// Since when both have said yes.
    pub opened_at: Option<Timestamp>,
    /// Since when it is over.
    pub ended_at: Option<Timestamp>,
    /// Rises with every act.
    pub version: i64,
    /// By which the company knows the candidate, while it is alive. Nothing for the candidate, nor at its end.
    pub candidate: Option<CandidateName>,
    /// Whose it is. For rows alone.
    pub(super) account: Uuid,
}

fn unreadable(what: &str) -> SiteError {
    SiteError::internal("an introduction's row", &what)
}

impl Row {
    fn standing(&self) -> Option<Standing> {
        let begun_by = Side::parse(&self.begun_by)?;
        let questions = u8::try_from(self.questions).ok()?;
        let at = match Stage::parse(&self.stage)? {
            Stage::Asked => At::Asked { due: self.due_at?, questions },
            Stage::Inquired => At::Inquired { due: self.due_at?, questions },
            Stage::Open => At::Open { turn: Side::parse(self.turn.as_deref()?)?, due: self.due_at? },
            Stage::Ended => {
                At::Ended(Ending::parse(self.ending.as_deref()?, self.ended_by.as_deref()?, self.reason.as_deref())?)
            }
        };
        Some(Standing { begun_by, at })
    }

    /// As it stands in the row, whatever the time is.
    pub(super) fn written(self) -> Result<Introduction, SiteError> {
        let standing = self.standing().ok_or_else(|| unreadable("its state is none"))?;
        let terms = serde_json::from_str(&self.terms).map_err(|error| unreadable(&error.to_string()))?;
        Ok(Introduction {
            id: self.id,
            company: self.company,
            company_name: self.company_name,
            domain: self.domain,
            vacancy: self.vacancy,
            terms,
            member: self.member,
            standing,
            made_at: self.made_at,
            changed_at: self.changed_at,
            opened_at: self.opened_at,
            ended_at: self.ended_at,
            version: self.version,
            candidate: None,
            account: self.account,
        })
    }

    /// As it stands at a time: one whose time has run out is over.
    pub(super) fn read(self, now: Timestamp) -> Result<Introduction, SiteError> {
        let mut read = self.written()?;
        if let Ok(lapsed) = read.standing.after(None, Move::Lapse, now) {
            read.ended_at = read.standing.due();
            read.standing = lapsed;
        }
        Ok(read)
    }
}

impl Introduction {
    /// Whether it goes on.
    pub fn is_alive(&self) -> bool {
        self.standing.ending().is_none()
    }

    /// Whether both have said yes, and it goes on.
    pub fn is_open(&self) -> bool {
        self.standing.stage() == Stage::Open
    }
}

record! {
    pub(super) struct LineRow {
        nth: i64,
        by_side: Option<String>,
        member_name: Option<String>,
        act: String,
        sealed: Option<Vec<u8>>,
        made_at: Timestamp,
        seen_at: Option<Timestamp>,
    }
}

/// What was said, or done.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its number, from 1.
    pub nth: i64,
    /// By whom; nobody for the clock.
    pub by: Option<Side>,
    /// What whoever wrote it for the company calls themselves, as long as they have an account.
    pub member: Option<String>,
    /// What.
    pub deed: Deed,
    /// In their words.
    pub text: Option<String>,
    /// Of a request: what happens next.
    pub next: Option<String>,
    /// When.
    pub made_at: Timestamp,
    /// When the other side saw it.
    pub seen_at: Option<Timestamp>,
}

/// The words of a line, as they are sealed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Words {
    /// What is said.
    pub text: String,
    /// Of a request: what happens next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl Words {
    /// A text alone.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), next: None }
    }
}

fn place(introduction: Uuid, nth: i64) -> String {
    format!("introduction {introduction} line {nth}")
}

pub(super) fn seal(sealer: &Sealer, introduction: Uuid, nth: i64, words: &Words) -> Result<Vec<u8>, Fault> {
    let text = serde_json::to_vec(words).map_err(|error| SiteError::internal("a line", &error))?;
    Ok(sealer.seal_bytes(&place(introduction, nth), &text)?)
}

impl LineRow {
    /// Opened, if its words are for whoever reads.
    pub(super) fn open(
        self,
        sealer: &Sealer,
        introduction: Uuid,
        shows: impl Fn(Option<Side>) -> bool,
    ) -> Result<Line, SiteError> {
        let by = self.by_side.as_deref().and_then(Side::parse);
        let words = match self.sealed.filter(|_| shows(by)) {
            Some(sealed) => {
                let text = sealer.open_bytes(&place(introduction, self.nth), &sealed)?;
                Some(serde_json::from_slice::<Words>(&text).map_err(|error| unreadable(&error.to_string()))?)
            }
            None => None,
        };
        let (text, next) = words.map_or((None, None), |words| (Some(words.text), words.next));
        Ok(Line {
            nth: self.nth,
            by,
            member: self.member_name,
            deed: Deed::parse(&self.act).ok_or_else(|| unreadable("a line does nothing"))?,
            text,
            next,
            made_at: self.made_at,
            seen_at: self.seen_at,
        })
    }
}
