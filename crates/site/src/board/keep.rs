//! What somebody chose of a preview becomes drafts: all of it, or nothing.

use super::follow::{Coming, KNOWN, Known, Rules, bring_on};
use super::offer::Said;
use super::store::{Boards, MOST_BOARDS, is_files, parsed, written};
use super::sync::EVERY;
use crate::error::SiteError;
use crate::vacancy::on_board::{draft_from_board, text_of};
use crate::vacancy::{Draft, State, random_id};
use jiff::Timestamp;
use jobfuture_db::{Tx, params, record};
use jobfuture_disclosure::AsCompany;
use uuid::Uuid;

/// A posting that somebody wants, and what they say of it.
#[derive(Debug, Clone)]
pub(super) struct Chosen {
    pub nth: i64,
    pub role: String,
    pub level: String,
}

record! {
    struct Found { external_id: String, digest: String, draft: String }
}

/// What is the same for all that is chosen at once.
struct Keeping {
    board: Uuid,
    company: Uuid,
    said: Said,
    rules: Rules,
    now: Timestamp,
}

impl Boards {
    /// Keeps what was chosen. What is here already and says the same stays as it is, so nothing comes twice.
    ///
    /// # Errors
    /// [`SiteError::Refused`] if there are too many boards, drafts and open vacancies; the database's. `None` if the company has no
    /// such preview.
    pub(super) async fn keep(
        &self,
        viewer: &AsCompany,
        preview: Uuid,
        chosen: Vec<Chosen>,
        said: Said,
        rules: Rules,
    ) -> Result<Option<()>, SiteError> {
        let Some(found) = self.preview(viewer, preview).await? else { return Ok(None) };
        let (company, now, next_at) = (viewer.company(), self.now(), self.after(EVERY)?);
        // Ids stay when the transaction is run again.
        let new_board = random_id()?;
        let chosen: Vec<(Chosen, Uuid)> =
            chosen.into_iter().map(|one| Ok((one, random_id()?))).collect::<Result<_, SiteError>>()?;
        let (address, listed) = (found.address, found.listed);
        let next_at = (!is_files(&address)).then_some(next_at);
        let kept = self.db.long_transaction(move |tx| {
            let board = board_of(tx, company, &address, new_board, next_at, now)?;
            let keeping = Keeping { board, company, said: said.clone(), rules: rules.clone(), now };
            for (one, id) in &chosen {
                take(tx, &keeping, preview, one, *id)?;
            }
            let sql = "update company_board set said = $2, listed = $3, untaken =
                         (select count(*) from board_found f where f.preview = $4 and f.external_id not in
                           (select p.external_id from board_posting p where p.board = $1 and p.gone_at is null))
                       where id = $1";
            tx.execute(sql, params![board, written(&keeping.said)?, listed, preview])?;
            Ok::<_, SiteError>(())
        });
        kept.await.map(Some)
    }
}

/// The company's board of this address; made where there is none.
fn board_of(
    tx: &mut Tx<'_>,
    company: Uuid,
    address: &str,
    new: Uuid,
    next_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<Uuid, SiteError> {
    let sql = "select id from company_board where company = $1 and address = $2";
    let found: Option<(Uuid,)> = tx.optional(sql, params![company, address])?;
    if let Some((id,)) = found {
        return Ok(id);
    }
    let (count,): (i64,) = tx.one("select count(*) from company_board where company = $1", params![company])?;
    if count >= MOST_BOARDS {
        return Err(SiteError::Refused(format!("A company has at most {MOST_BOARDS} boards here. Remove one first.")));
    }
    let sql = "insert into company_board (id, company, address, said, made_at, next_at, last_at, read_at, faults)
               values ($1, $2, $3, '{}', $4, $5, $4, $4, 0)";
    tx.execute(sql, params![new, company, address, now, next_at])?;
    Ok(new)
}

/// Makes a draft of a posting, or brings the vacancy on that was made of it before.
fn take(tx: &mut Tx<'_>, keeping: &Keeping, preview: Uuid, chosen: &Chosen, id: Uuid) -> Result<(), SiteError> {
    let sql = "select external_id, digest, draft from board_found where preview = $1 and nth = $2";
    let Some(found): Option<Found> = tx.optional(sql, params![preview, chosen.nth])? else { return Ok(()) };
    let draft: Draft = parsed(&found.draft)?;
    let coming = Coming { external_id: found.external_id, digest: found.digest, draft };
    let sql = format!("select {KNOWN} from board_posting where board = $1 and external_id = $2");
    let known: Option<Known> = tx.optional(&sql, params![keeping.board, &coming.external_id])?;
    if let Some(known) = &known
        && let Some(vacancy) = known.vacancy
        && text_of(tx, vacancy)?.is_some_and(|(state, _)| state != State::Closed)
    {
        let sql = "update board_posting set gone_at = null, missing_at = null, seen_at = $3
                   where board = $1 and external_id = $2";
        tx.execute(sql, params![keeping.board, &coming.external_id, keeping.now])?;
        if known.digest != coming.digest {
            // Why it could not be, if it could not, stands on the board's page.
            bring_on(tx, keeping.board, known, &coming, &keeping.rules, keeping.now)?;
        }
        return Ok(());
    }
    begin(tx, keeping, chosen, &coming, id)
}

/// Begins the draft of a posting.
fn begin(tx: &mut Tx<'_>, keeping: &Keeping, chosen: &Chosen, coming: &Coming, id: Uuid) -> Result<(), SiteError> {
    let known = |of: &[(String, String)], id: &str| of.iter().any(|(one, _)| one == id).then(|| id.to_owned());
    let words = &keeping.rules.words;
    let mut draft = Draft {
        role: known(&words.roles, &chosen.role).unwrap_or_default(),
        level: known(&words.levels, &chosen.level).unwrap_or_default(),
        ..coming.draft.clone()
    };
    keeping.said.fill(&mut draft);
    if !draft_from_board(tx, keeping.company, id, &draft, keeping.now)? {
        let says = "There are too many drafts and open vacancies for all of these. Close some, or take fewer: nothing was kept.";
        return Err(SiteError::Refused(says.to_owned()));
    }
    let sql = "insert into board_posting (board, external_id, digest, said, vacancy, seen_at) values ($1, $2, $3, $4, $5, $6)
               on conflict (board, external_id) do update set digest = excluded.digest, said = excluded.said,
                 vacancy = excluded.vacancy, seen_at = excluded.seen_at, missing_at = null, gone_at = null, says = null";
    let (external_id, digest, said) = (&coming.external_id, &coming.digest, written(&coming.draft)?);
    tx.execute(sql, params![keeping.board, external_id, digest, said, id, keeping.now])?;
    Ok(())
}
