//! A company's boards, and what was found on them, in the database.

use super::offer::{Offer, Said, Shown};
use crate::error::SiteError;
use crate::vacancy::{Draft, State, random_id};
use jiff::{SignedDuration, Timestamp};
use jobfuture_boards::Adapter;
use jobfuture_codes::Code;
use jobfuture_db::{Clock, Db, params, record};
use jobfuture_disclosure::AsCompany;
use jobfuture_outbound::Version;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

/// Boards of a company.
pub(super) const MOST_BOARDS: i64 = 20;
/// Before the name of a form, where vacancies come in files.
const FILES: &str = "file: ";
/// Previews of a company within an hour: each may ask another server.
const MOST_PREVIEWS: i64 = 30;
/// How long a preview can be chosen from.
const PREVIEW_FOR: SignedDuration = SignedDuration::from_hours(24);
/// Sentences about postings that could not be read that are kept.
const MOST_UNREAD: usize = 100;
/// Postings that the page of a board shows.
const MOST_SHOWN: i64 = 500;

/// Boards of all companies. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Boards {
    pub(super) db: Db,
    pub(super) clock: Clock,
}

record! {
    /// A board, or the files of one form, of a company.
    #[derive(Debug, Clone)]
    pub(super) struct CompanyBoard {
        pub id: Uuid,
        pub company: Uuid,
        /// Of which [`jobfuture_boards::Board::parse`] makes the board again.
        pub address: String,
        pub said: String,
        pub next_at: Option<Timestamp>,
        pub last_at: Option<Timestamp>,
        pub read_at: Option<Timestamp>,
        pub wait_until: Option<Timestamp>,
        pub listed: Option<i64>,
        pub untaken: Option<i64>,
        pub unread: Option<String>,
        pub faults: i64,
        pub last_fault: Option<String>,
        pub doubt: Option<String>,
        pub etag: Option<String>,
        pub last_modified: Option<String>,
    }
}

pub(super) const COLUMNS: &str =
    "id, company, address, said, next_at, last_at, read_at, wait_until, listed, untaken, unread,
    faults, last_fault, doubt, etag, last_modified";

record! {
    /// A posting of which a vacancy was made, for its company.
    #[derive(Debug, Clone)]
    pub(super) struct Taken {
        pub external_id: String,
        pub vacancy: Option<Uuid>,
        pub title: Option<String>,
        pub state: Option<String>,
        pub missing_at: Option<Timestamp>,
        pub gone_at: Option<Timestamp>,
        pub says: Option<String>,
    }
}

record! {
    struct FoundRow {
        nth: i64,
        digest: String,
        draft: String,
        shown: String,
        known: Option<String>,
        vacancy: Option<Uuid>,
        state: Option<String>,
    }
}

record! {
    /// What a board or a file held.
    #[derive(Debug, Clone)]
    pub(super) struct Preview {
        pub id: Uuid,
        pub address: String,
        pub listed: i64,
        pub unread: String,
        pub offered: i64,
    }
}

record! {
    /// The board that a vacancy was made of.
    #[derive(Debug, Clone)]
    pub struct FromBoard {
        /// Which.
        pub board: Uuid,
        /// Its address, or the form of files.
        pub address: String,
        /// What its company is to know: why a change of the board was not taken over.
        pub says: Option<String>,
        /// When it was taken for gone from there.
        pub gone_at: Option<Timestamp>,
    }
}

/// Something of a preview, with what became of it.
#[derive(Debug, Clone)]
pub(super) struct Offered {
    pub nth: i64,
    pub draft: Draft,
    pub shown: Shown,
    pub stands: Stands,
}

/// What became of a posting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stands {
    /// Nothing yet.
    New,
    /// A vacancy, whose text is the posting's.
    Kept(Uuid),
    /// A vacancy, and the posting says something else since.
    Changed(Uuid),
    /// A vacancy that was closed or deleted since.
    Over,
}

impl FromBoard {
    /// As people read it.
    pub fn called(&self) -> String {
        called(&self.address)
    }
}

impl CompanyBoard {
    /// What its company says once for all postings.
    pub(super) fn said(&self) -> Result<Said, SiteError> {
        parsed(&self.said)
    }

    /// Whether there is no address to look at.
    pub(super) fn is_files(&self) -> bool {
        is_files(&self.address)
    }

    /// Whether it is not looked at any more, after many faults.
    pub(super) fn rests(&self) -> bool {
        !self.is_files() && self.next_at.is_none()
    }

    pub(super) fn version(&self) -> Version {
        Version { etag: self.etag.clone(), last_modified: self.last_modified.clone() }
    }
}

/// The address under which files of a form are kept.
pub(super) fn address_of_files(adapter: Adapter) -> String {
    format!("{FILES}{adapter}")
}

/// Whether it is such a one.
pub(super) fn is_files(address: &str) -> bool {
    address.starts_with(FILES)
}

/// An address as people read it.
pub(super) fn called(address: &str) -> String {
    match address.strip_prefix(FILES) {
        Some(form) => format!("Files: {form}"),
        None => address.to_owned(),
    }
}

/// JSON of a row.
pub(super) fn parsed<T: DeserializeOwned>(text: &str) -> Result<T, SiteError> {
    serde_json::from_str(text).map_err(|error| SiteError::internal("a board's row", &error))
}

/// JSON for a row.
pub(super) fn written<T: Serialize>(value: &T) -> Result<String, SiteError> {
    serde_json::to_string(value).map_err(|error| SiteError::internal("a board's row", &error))
}

/// Sentences about what could not be read, as they are kept.
pub(super) fn sentences(read: &jobfuture_boards::Read) -> Result<String, SiteError> {
    let mut all: Vec<String> = read.faults.iter().take(MOST_UNREAD).map(ToString::to_string).collect();
    let more = read.faults.len().saturating_sub(MOST_UNREAD);
    if more > 0 {
        all.push(format!("{more} more of this kind."));
    }
    written(&all)
}

impl Boards {
    /// On this database.
    pub fn new(db: Db, clock: Clock) -> Self {
        Self { db, clock }
    }

    /// The time by which boards are looked at.
    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(super) fn before(&self, ago: SignedDuration) -> Result<Timestamp, SiteError> {
        self.now().checked_sub(ago).map_err(|error| SiteError::internal("a time", &error))
    }

    pub(super) fn after(&self, wait: SignedDuration) -> Result<Timestamp, SiteError> {
        self.now().checked_add(wait).map_err(|error| SiteError::internal("a time", &error))
    }

    /// A company's boards.
    pub(super) async fn all_of(&self, viewer: &AsCompany) -> Result<Vec<CompanyBoard>, SiteError> {
        let sql = format!("select {COLUMNS} from company_board where company = $1 order by address");
        Ok(self.db.all(&sql, params![viewer.company()]).await?)
    }

    /// One of them.
    pub(super) async fn own(&self, viewer: &AsCompany, id: Uuid) -> Result<Option<CompanyBoard>, SiteError> {
        let sql = format!("select {COLUMNS} from company_board where id = $1 and company = $2");
        Ok(self.db.optional(&sql, params![id, viewer.company()]).await?)
    }

    /// The one of this address, if there is one.
    pub(super) async fn at(&self, viewer: &AsCompany, address: &str) -> Result<Option<CompanyBoard>, SiteError> {
        let sql = format!("select {COLUMNS} from company_board where company = $1 and address = $2");
        Ok(self.db.optional(&sql, params![viewer.company(), address]).await?)
    }

    /// What was made of a board, what has something to say first.
    pub(super) async fn taken(&self, board: &CompanyBoard) -> Result<Vec<Taken>, SiteError> {
        let sql = format!(
            "select p.external_id, p.vacancy, v.title, v.state, p.missing_at, p.gone_at, p.says
             from board_posting p left join vacancy v on v.id = p.vacancy where p.board = $1
             order by case when p.missing_at is not null or p.says is not null then 0 when p.gone_at is null then 1 else 2 end,
                      v.title, p.external_id limit {MOST_SHOWN}"
        );
        Ok(self.db.all(&sql, params![board.id]).await?)
    }

    /// Forgets a board. What was made of it stays, and stands by itself. Says whether there was such a one.
    pub(super) async fn remove(&self, viewer: &AsCompany, id: Uuid) -> Result<bool, SiteError> {
        let sql = "delete from company_board where id = $1 and company = $2";
        Ok(self.db.execute(sql, params![id, viewer.company()]).await? > 0)
    }

    /// The board that a company's vacancy was made of, if it was.
    ///
    /// # Errors
    /// The database's.
    pub async fn of_vacancy(&self, viewer: &AsCompany, vacancy: Uuid) -> Result<Option<FromBoard>, SiteError> {
        let sql = "select b.id as board, b.address, p.says, p.gone_at from board_posting p
                   join company_board b on b.id = p.board
                   where p.vacancy = $1 and b.company = $2 order by b.address limit 1";
        Ok(self.db.optional(sql, params![vacancy, viewer.company()]).await?)
    }

    /// Begins a preview: counted before anything is asked or read, so that what fails counts too.
    ///
    /// # Errors
    /// [`SiteError::TooMany`]; the database's.
    pub(super) async fn begin_preview(&self, viewer: &AsCompany, address: String) -> Result<Uuid, SiteError> {
        let (company, now, id) = (viewer.company(), self.now(), random_id()?);
        let since = self.before(SignedDuration::from_hours(1))?;
        let begun = self.db.transaction(move |tx| {
            let sql = "select count(*) from board_preview where company = $1 and made_at > $2";
            let (count,): (i64,) = tx.one(sql, params![company, since])?;
            if count >= MOST_PREVIEWS {
                return Ok::<_, SiteError>(false);
            }
            let sql = "insert into board_preview (id, company, address, made_at, unread) values ($1, $2, $3, $4, '[]')";
            tx.execute(sql, params![id, company, &address, now])?;
            Ok(true)
        });
        let says = format!("Boards and files are looked at for a company {MOST_PREVIEWS} times an hour.");
        if begun.await? { Ok(id) } else { Err(SiteError::TooMany { says, retry_after: 3600 }) }
    }

    /// Puts into a preview what was found.
    pub(super) async fn fill_preview(
        &self,
        id: Uuid,
        offers: Vec<Offer>,
        listed: usize,
        unread: String,
    ) -> Result<(), SiteError> {
        let rows = offers.iter().map(|offer| Ok((written(&offer.draft)?, written(&offer.shown)?)));
        let rows: Vec<(String, String)> = rows.collect::<Result<_, SiteError>>()?;
        let listed = i64::try_from(listed).unwrap_or(i64::MAX);
        let filled = self.db.long_transaction(move |tx| {
            for (nth, (offer, (draft, shown))) in (0_i64..).zip(offers.iter().zip(&rows)) {
                let sql = "insert into board_found (preview, nth, external_id, digest, draft, shown)
                           values ($1, $2, $3, $4, $5, $6)";
                tx.execute_later(sql, params![id, nth, &offer.external_id, &offer.digest, draft, shown])?;
            }
            let sql = "update board_preview set listed = $2, unread = $3 where id = $1";
            tx.execute(sql, params![id, listed, &unread])?;
            Ok::<_, SiteError>(())
        });
        filled.await
    }

    /// A preview of a company's that can still be chosen from.
    pub(super) async fn preview(&self, viewer: &AsCompany, id: Uuid) -> Result<Option<Preview>, SiteError> {
        let sql = "select w.id, w.address, w.listed, w.unread,
                     (select count(*) from board_found f where f.preview = w.id) as offered
                   from board_preview w where w.id = $1 and w.company = $2 and w.listed is not null and w.made_at > $3";
        Ok(self.db.optional(sql, params![id, viewer.company(), self.before(PREVIEW_FOR)?]).await?)
    }

    /// Some of what it holds, from the `from`th on.
    pub(super) async fn offered(&self, preview: &Preview, from: i64, most: i64) -> Result<Vec<Offered>, SiteError> {
        let sql = "select f.nth, f.digest, f.draft, f.shown, p.digest as known, p.vacancy, v.state
                   from board_found f
                   join board_preview w on w.id = f.preview
                   left join company_board b on b.company = w.company and b.address = w.address
                   left join board_posting p on p.board = b.id and p.external_id = f.external_id
                   left join vacancy v on v.id = p.vacancy
                   where f.preview = $1 and f.nth >= $2 and f.nth < $3 order by f.nth";
        let rows: Vec<FoundRow> = self.db.all(sql, params![preview.id, from, from.saturating_add(most)]).await?;
        rows.into_iter().map(Offered::try_from).collect()
    }

    /// Deletes previews that can be chosen from no more.
    pub(super) async fn forget_previews(&self) -> Result<(), SiteError> {
        let sql = "delete from board_preview where made_at <= $1";
        self.db.execute(sql, params![self.before(PREVIEW_FOR)?]).await?;
        Ok(())
    }
}

impl TryFrom<FoundRow> for Offered {
    type Error = SiteError;

    fn try_from(row: FoundRow) -> Result<Self, SiteError> {
        let is_live = row.state.as_deref().and_then(State::parse).is_some_and(|state| state != State::Closed);
        let stands = match (row.known, row.vacancy) {
            (None, _) => Stands::New,
            (Some(known), Some(vacancy)) if is_live && known == row.digest => Stands::Kept(vacancy),
            (Some(_), Some(vacancy)) if is_live => Stands::Changed(vacancy),
            _ => Stands::Over,
        };
        Ok(Self { nth: row.nth, draft: parsed(&row.draft)?, shown: parsed(&row.shown)?, stands })
    }
}
