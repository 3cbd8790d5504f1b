//! Boards are looked at again, and what was made of them follows: seen, brought on, closed, or left in doubt.

use super::follow::{Brought, Coming, KNOWN, Known, Rules, bring_on};
use super::letters::{News, tell};
use super::look::{Looked, NotRead, look};
use super::offer::draft_of;
use super::store::{Boards, COLUMNS, CompanyBoard, sentences};
use crate::error::SiteError;
use crate::routes::BoardUrl;
use crate::site::Site;
use crate::vacancy::on_board::{gone_from_board, seen_on_board};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use jobfuture_boards::{Board, Digest, Plan, Read, diff};
use jobfuture_db::{Tx, params};
use jobfuture_disclosure::AsCompany;
use jobfuture_outbound::{RetryAfter, Version};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// How often a board is looked at, at most; up to [`SPREAD`] is added, so that boards do not come all at once.
pub(super) const EVERY: SignedDuration = SignedDuration::from_hours(6);
/// In seconds.
const SPREAD: u32 = 3600;
/// Between two looks that somebody asks for.
const BY_HAND_AFTER: SignedDuration = SignedDuration::from_mins(10);
/// Nobody else looks at a board for so long: more than [`WITHIN`] and the writing.
const LEASE: SignedDuration = SignedDuration::from_mins(30);
/// How long the whole of a board may take.
const WITHIN: Duration = Duration::from_secs(300);
/// The same while a person waits for it.
pub(super) const WITHIN_A_REQUEST: Duration = Duration::from_secs(45);
/// Faults in a row after which a board rests until somebody looks.
const MOST_FAULTS: i64 = 6;
/// One round of looking; what is left is for the next.
const ROUND: Duration = Duration::from_secs(1200);

/// What a round of [`Site::sync_boards`] did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Synced {
    /// Boards that were looked at.
    pub looked: usize,
    /// Those of them that could not be read.
    pub faulty: usize,
    /// Vacancies whose text was brought on.
    pub changed: usize,
    /// Vacancies that were closed.
    pub closed: usize,
    /// Boards on which something is missing, and may be there.
    pub doubted: usize,
}

/// What a reading comes to, without what borrows of it.
struct Found {
    seen: Vec<String>,
    missing: Vec<String>,
    doubt: Option<String>,
    listed: i64,
    untaken: i64,
    unread: String,
    version: Version,
}

impl Boards {
    /// Looks at what is due, one board after the other.
    pub(crate) async fn sync_due(&self, site: &Site) -> Result<Synced, SiteError> {
        self.forget_previews().await?;
        let (mut done, begun) = (Synced::default(), Instant::now());
        // Without a client nothing is due, and no fault is a board's.
        while site.config().outbound.is_some() && begun.elapsed() < ROUND {
            let Some(board) = self.claim_due().await? else { break };
            self.sync(site, &board, WITHIN, &mut done).await?;
        }
        Ok(done)
    }

    /// Looks at one of a company's boards because somebody asks for it.
    ///
    /// # Errors
    /// [`SiteError::TooMany`] if it was looked at a moment ago, or its server wants to be left alone; the database's. `None` if the
    /// company has no such board.
    pub(super) async fn sync_now(&self, site: &Site, viewer: &AsCompany, id: Uuid) -> Result<Option<()>, SiteError> {
        let Some(board) = self.own(viewer, id).await?.filter(|board| !board.is_files()) else { return Ok(None) };
        let (now, lease, before) = (self.now(), self.after(LEASE)?, self.before(BY_HAND_AFTER)?);
        let sql = "update company_board set next_at = $2, last_at = $3 where id = $1
                     and (last_at is null or last_at <= $4) and (wait_until is null or wait_until <= $3)";
        if self.db.execute(sql, params![id, lease, now, before]).await? == 0 {
            let looked = board.last_at.and_then(|last| last.checked_add(BY_HAND_AFTER).ok());
            let wait =
                looked.into_iter().chain(board.wait_until).max().map_or(0, |at| at.duration_since(now).as_secs());
            let says = "This board was looked at a moment ago, or its server asks to be left alone for a while.";
            let retry_after = u64::try_from(wait).unwrap_or(0) + 1;
            return Err(SiteError::TooMany { says: says.to_owned(), retry_after });
        }
        self.sync(site, &board, WITHIN_A_REQUEST, &mut Synced::default()).await.map(Some)
    }

    /// The board that has waited longest, which nobody else takes for a while.
    async fn claim_due(&self) -> Result<Option<CompanyBoard>, SiteError> {
        loop {
            let sql = format!("select {COLUMNS} from company_board where next_at <= $1 order by next_at, id limit 1");
            let due: Option<CompanyBoard> = self.db.optional(&sql, params![self.now()]).await?;
            let Some(board) = due else { return Ok(None) };
            let sql = "update company_board set next_at = $2, last_at = $3 where id = $1 and next_at = $4";
            let taken = self.db.execute(sql, params![board.id, self.after(LEASE)?, self.now(), board.next_at]).await?;
            if taken > 0 {
                return Ok(Some(board));
            }
        }
    }

    async fn sync(
        &self,
        site: &Site,
        board: &CompanyBoard,
        within: Duration,
        done: &mut Synced,
    ) -> Result<(), SiteError> {
        done.looked += 1;
        let at = Board::parse(&board.address).map_err(|error| SiteError::internal("a board's address", &error))?;
        match look(site.config().outbound.as_ref(), at, &board.version(), within).await {
            Err(fault) => {
                done.faulty += 1;
                self.not_read(site, board, &fault).await?;
            }
            Ok(Looked::Unchanged) => self.unchanged(board).await?,
            Ok(Looked::Read { read, version }) => self.follow(site, board, *read, version, done).await?,
        }
        site.vacancies().catch_up().await
    }

    /// Everything is as it was when it was read last.
    async fn unchanged(&self, board: &CompanyBoard) -> Result<(), SiteError> {
        let (id, now, next_at) = (board.id, self.now(), self.next()?);
        let seen = self.db.transaction(move |tx| {
            let sql =
                "update board_posting set seen_at = $2 where board = $1 and gone_at is null and missing_at is null";
            tx.execute(sql, params![id, now])?;
            seen_on_board(tx, id, now)?;
            let sql =
                "update company_board set next_at = $2, read_at = $3, wait_until = null, faults = 0, last_fault = null
                       where id = $1";
            tx.execute(sql, params![id, next_at, now])?;
            Ok::<_, SiteError>(())
        });
        seen.await
    }

    /// Everything that a reading changes: texts one by one, so that a change is there whole or not at all and is not made
    /// again; then what is seen and what is gone, together.
    async fn follow(
        &self,
        site: &Site,
        board: &CompanyBoard,
        read: Read,
        version: Version,
        done: &mut Synced,
    ) -> Result<(), SiteError> {
        let sql = format!("select {KNOWN} from board_posting where board = $1 and gone_at is null");
        let rows: Vec<Known> = self.db.all(&sql, params![board.id]).await?;
        let known = rows.iter().map(|row| {
            let digest = row.digest.parse::<Digest>();
            let digest = digest.map_err(|error| SiteError::internal("a posting's row", &error))?;
            Ok(jobfuture_boards::Known { external_id: row.external_id.clone(), digest })
        });
        let known: Vec<_> = known.collect::<Result<_, SiteError>>()?;
        let plan = diff(&known, &read);
        let mut found = Found::of(&plan, &read, version)?;
        let coming: Vec<Coming> = plan
            .changed
            .iter()
            .map(|posting| Coming {
                external_id: posting.external_id.clone(),
                digest: posting.digest().to_string(),
                draft: draft_of(posting),
            })
            .collect();
        let mut news = News::default();
        let rules = Rules { words: site.vocabulary(), today: self.now().to_zoned(TimeZone::UTC).date() };
        for one in coming {
            let Some(row) = rows.iter().find(|row| row.external_id == one.external_id) else { continue };
            let brought = self.bring(board.id, row.clone(), one, rules.clone()).await?;
            if matches!(brought, Brought::Not { .. } | Brought::Still) {
                // It is tried again when the board is as it is: a person may have mended theirs.
                found.version = Version::default();
            }
            match brought {
                Brought::On => done.changed += 1,
                Brought::Not { title, says } => news.stayed.push((title, says)),
                Brought::Still | Brought::Nothing => {}
            }
        }
        done.doubted += usize::from(found.doubt.is_some());
        done.closed += self.settle(site, board, found, news).await?;
        Ok(())
    }

    async fn bring(&self, board: Uuid, known: Known, coming: Coming, rules: Rules) -> Result<Brought, SiteError> {
        let now = self.now();
        self.db.transaction(move |tx| bring_on(tx, board, &known, &coming, &rules, now)).await
    }

    /// What is seen lives, what is gone is closed, and the company hears of what it should know. Says how many were closed.
    async fn settle(&self, site: &Site, board: &CompanyBoard, found: Found, news: News) -> Result<usize, SiteError> {
        let (now, next_at, board, url) = (self.now(), self.next()?, board.clone(), url(site, board));
        let settled = self.db.long_transaction(move |tx| {
            for id in &found.seen {
                let sql = "update board_posting set seen_at = $3, missing_at = null where board = $1 and external_id = $2";
                tx.execute_later(sql, params![board.id, id, now])?;
            }
            seen_on_board(tx, board.id, now)?;
            let mut news = news.clone();
            for id in &found.missing {
                if found.doubt.is_some() {
                    let sql = "update board_posting set missing_at = coalesce(missing_at, $3)
                               where board = $1 and external_id = $2";
                    tx.execute_later(sql, params![board.id, id, now])?;
                } else if let Some(title) = gone(tx, board.id, id, now)? {
                    news.closed.push(title);
                }
            }
            news.doubt = found.doubt.clone().filter(|_| board.doubt.is_none());
            news.untaken = board.untaken.map_or(0, |before| (found.untaken - before).max(0));
            let sql = "update company_board set next_at = $2, read_at = $3, wait_until = null, listed = $4, untaken = $5, unread = $6,
                         faults = 0, last_fault = null, doubt = $7, etag = $8, last_modified = $9 where id = $1";
            let Found { listed, untaken, unread, doubt, version, .. } = &found;
            let Version { etag, last_modified } = version;
            tx.execute(
                sql,
                params![board.id, next_at, now, listed, untaken, unread, doubt.as_deref(), etag.as_deref(), last_modified.as_deref()],
            )?;
            if !news.is_empty() {
                tell(tx, board.company, "Your job board has changed", &news.body(&board.address, &url), now)?;
            }
            Ok::<_, SiteError>(news.closed.len())
        });
        settled.await
    }

    /// Writes down why a board was not read; it is asked later each time, and in the end rests. Its people hear of it when
    /// waiting does not help, and when it rests.
    async fn not_read(&self, site: &Site, board: &CompanyBoard, fault: &NotRead) -> Result<(), SiteError> {
        let (now, faults) = (self.now(), board.faults + 1);
        let rests = faults >= MOST_FAULTS;
        let wait_until = fault.retry_after().map(|wait| self.until(wait)).transpose()?;
        let longer = EVERY.as_secs() << (faults - 1).clamp(0, 3);
        let next_at = self.after(SignedDuration::from_secs(longer) + spread())?;
        let next_at = (!rests).then(|| next_at.max(wait_until.unwrap_or(next_at)));
        let is_told = rests || (board.faults == 0 && !fault.is_passing());
        let (board, says, url) = (board.clone(), fault.to_string(), url(site, board));
        let written = self.db.transaction(move |tx| {
            let sql =
                "update company_board set next_at = $2, faults = $3, last_fault = $4, wait_until = $5 where id = $1";
            tx.execute(sql, params![board.id, next_at, faults, &says, wait_until])?;
            if is_told {
                let (subject, body) = letter_of_fault(&board.address, &says, &url, rests);
                tell(tx, board.company, subject, &body, now)?;
            }
            Ok::<_, SiteError>(())
        });
        written.await
    }

    /// Somebody of the company says that what is missing is gone: its vacancies are closed. Says whether there was such a doubt.
    ///
    /// # Errors
    /// The database's.
    pub(super) async fn close_missing(&self, viewer: &AsCompany, id: Uuid) -> Result<bool, SiteError> {
        let (company, now) = (viewer.company(), self.now());
        let closed = self.db.long_transaction(move |tx| {
            let sql = "update company_board set doubt = null where id = $1 and company = $2 and doubt is not null";
            if tx.execute(sql, params![id, company])? == 0 {
                return Ok::<_, SiteError>(false);
            }
            let sql = "select external_id from board_posting where board = $1 and missing_at is not null";
            let missing: Vec<(String,)> = tx.all(sql, params![id])?;
            for (external_id,) in &missing {
                gone(tx, id, external_id, now)?;
            }
            Ok(true)
        });
        closed.await
    }

    fn next(&self) -> Result<Timestamp, SiteError> {
        self.after(EVERY + spread())
    }

    /// A wait that a server asks for, of a week at most.
    fn until(&self, wait: RetryAfter) -> Result<Timestamp, SiteError> {
        let most = self.after(SignedDuration::from_hours(7 * 24))?;
        let at = match wait {
            RetryAfter::In(wait) => self.after(SignedDuration::try_from(wait).unwrap_or(EVERY))?,
            RetryAfter::At(at) => at,
        };
        Ok(at.min(most))
    }
}

fn spread() -> SignedDuration {
    SignedDuration::from_secs(i64::from(rand::random::<u32>() % SPREAD))
}

/// A board's page, as letters link to it.
fn url(site: &Site, board: &CompanyBoard) -> String {
    let url = BoardUrl { company: &board.company.to_string(), board: &board.id.to_string() }.to_url();
    format!("{}{url}", site.config().base_url.as_deref().unwrap_or_default())
}

/// A posting is gone for good; the title of its vacancy if that was open and is closed now.
fn gone(tx: &mut Tx<'_>, board: Uuid, external_id: &str, now: Timestamp) -> Result<Option<String>, SiteError> {
    let sql = "update board_posting set gone_at = $3, missing_at = null where board = $1 and external_id = $2";
    tx.execute(sql, params![board, external_id, now])?;
    let sql = "select v.id, v.title from board_posting p join vacancy v on v.id = p.vacancy
               where p.board = $1 and p.external_id = $2";
    let vacancy: Option<(Uuid, String)> = tx.optional(sql, params![board, external_id])?;
    let Some((id, title)) = vacancy else { return Ok(None) };
    Ok(gone_from_board(tx, id, now)?.then_some(title))
}

fn letter_of_fault(address: &str, says: &str, url: &str, rests: bool) -> (&'static str, String) {
    let then = if rests {
        "It was tried several times, and is not looked at any more until somebody of you asks for it on its page here"
    } else {
        "It is tried again later, less often each time"
    };
    let body = format!(
        "Your job board at {address} could not be read.\n\n{says}\n\n{then}. Vacancies that were made of it stay as they are; \
         what nobody confirms closes itself.\n\n{url}\n"
    );
    ("Your job board could not be read", body)
}

impl Found {
    fn of(plan: &Plan<'_>, read: &Read, version: Version) -> Result<Self, SiteError> {
        let owned = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
        let mut seen = owned(&plan.same);
        seen.extend(plan.changed.iter().map(|posting| posting.external_id.clone()));
        let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let doubt = plan.doubt().map(ToString::to_string);
        // While something is in doubt the whole is read again, and not told that it is as it was.
        let version = if doubt.is_some() || !read.complete { Version::default() } else { version };
        Ok(Self {
            seen,
            missing: owned(plan.gone()),
            doubt,
            listed: count(read.listed),
            untaken: count(plan.new.len()),
            unread: sentences(read)?,
            version,
        })
    }
}
