//! One posting and the vacancy that was made of it, within a transaction.

use super::merge::merge;
use super::store::{parsed, written};
use crate::error::SiteError;
use crate::vacancy::on_board::{bring_draft_on, bring_open_on, text_of};
use crate::vacancy::{Draft, Problem, State};
use jiff::Timestamp;
use jiff::civil::Date;
use jobfuture_db::{Tx, params, record};
use jobfuture_disclosure::Vocabulary;
use uuid::Uuid;

record! {
    /// What is known of a posting of which a vacancy was made.
    #[derive(Debug, Clone)]
    pub(super) struct Known {
        pub external_id: String,
        pub digest: String,
        pub said: String,
        pub vacancy: Option<Uuid>,
        pub says: Option<String>,
    }
}

pub(super) const KNOWN: &str = "external_id, digest, said, vacancy, says";

/// What a board says now.
#[derive(Debug, Clone)]
pub(super) struct Coming {
    pub external_id: String,
    pub digest: String,
    pub draft: Draft,
}

/// By what a text is judged.
#[derive(Debug, Clone)]
pub(super) struct Rules {
    pub words: Vocabulary,
    pub today: Date,
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Brought {
    /// The vacancy says it now.
    On,
    /// It is open, and could not be published so: it stays as it was, and why is told once.
    Not {
        /// What it is called.
        title: String,
        /// Why.
        says: String,
    },
    /// The same, and it was told before.
    Still,
    /// There is no vacancy any more that could say it.
    Nothing,
}

/// Takes a board's change over into the vacancy, if it may.
pub(super) fn bring_on(
    tx: &mut Tx<'_>,
    board: Uuid,
    known: &Known,
    coming: &Coming,
    rules: &Rules,
    now: Timestamp,
) -> Result<Brought, SiteError> {
    let vacancy = known.vacancy.map(|id| Ok::<_, SiteError>(text_of(tx, id)?.map(|text| (id, text)))).transpose()?;
    let Some((id, (state, mine))) = vacancy.flatten() else {
        remember(tx, board, coming, None)?;
        return Ok(Brought::Nothing);
    };
    let before: Draft = parsed(&known.said)?;
    let merged = merge(&before, &coming.draft, &mine);
    let says = theirs_stays(&merged.left);
    match state {
        State::Closed => {
            remember(tx, board, coming, None)?;
            return Ok(Brought::Nothing);
        }
        State::Draft => bring_draft_on(tx, id, &merged.draft, now)?,
        State::Open => match merged.draft.check(&rules.words, rules.today) {
            Ok(_) if merged.draft == mine => {}
            Ok(terms) => bring_open_on(tx, id, &merged.draft, &terms, now)?,
            Err(problems) => return not_so(tx, board, known, &mine.title, &problems),
        },
    }
    remember(tx, board, coming, says.as_deref())?;
    Ok(Brought::On)
}

/// What the board said before is kept as that, so that it is tried again each time: a person may mend it meanwhile.
fn not_so(
    tx: &mut Tx<'_>,
    board: Uuid,
    known: &Known,
    title: &str,
    problems: &[Problem],
) -> Result<Brought, SiteError> {
    let problems: Vec<&str> = problems.iter().map(|problem| problem.says.as_str()).collect();
    let says = format!("The board changed it, and it cannot be published so. {}", problems.join(" "));
    if known.says.as_ref() == Some(&says) {
        return Ok(Brought::Still);
    }
    let sql = "update board_posting set says = $3 where board = $1 and external_id = $2";
    tx.execute(sql, params![board, &known.external_id, &says])?;
    Ok(Brought::Not { title: title.trim().to_owned(), says })
}

fn remember(tx: &mut Tx<'_>, board: Uuid, coming: &Coming, says: Option<&str>) -> Result<(), SiteError> {
    let sql = "update board_posting set digest = $3, said = $4, says = $5 where board = $1 and external_id = $2";
    tx.execute(sql, params![board, &coming.external_id, &coming.digest, written(&coming.draft)?, says])?;
    Ok(())
}

fn theirs_stays(left: &[&str]) -> Option<String> {
    (!left.is_empty()).then(|| {
        format!(
            "The board changed {}, which somebody here had changed too. What stands here was left.",
            left.join(", ")
        )
    })
}
