//! What is written and read inside an open conversation: lines, and times for interviews. Each act is a step of the conversation
//! ([`Introductions::step_and`]), so that all of it is one transaction.

use super::super::fault::Fault;
use super::super::row::LineRow;
use super::super::{Actor, Deed, Doing, Introduction, Introductions, Line, Move, Outcome, Side, Stepped, Words};
use super::hours;
use super::offer::{Checked, Offer};
use crate::error::SiteError;
use crate::page::moment;
use crate::vacancy::random_id;
use jiff::{SignedDuration, Timestamp};
use jobfuture_codes::Code;
use jobfuture_db::{Tx, params, record};
use jobfuture_disclosure::{ReadyGrant, Sealer};
use uuid::Uuid;

/// Lines that are shown at a time.
pub(super) const AT_A_TIME: usize = 50;
/// Lines of one side within an hour.
pub const MOST_AN_HOUR: i64 = 30;
/// Lines of one side within a day.
pub const MOST_A_DAY: i64 = 200;
/// Within which the same words are taken for one line that was sent twice.
const SAME: SignedDuration = SignedDuration::from_mins(1);
/// Interviews that are agreed on and not over, at most.
const MOST_AGREED: i64 = 5;
/// Offers that are shown of one conversation.
const MOST_SHOWN: i64 = 20;

/// Times that somebody offered, and what became of them.
#[derive(Debug, Clone)]
pub(super) struct OfferEntry {
    pub id: Uuid,
    pub by: Side,
    pub offer: Offer,
    /// What was agreed on.
    pub begins_at: Option<Timestamp>,
    /// Since when it is over: replaced, declined, called off, or the conversation ended.
    pub ended_at: Option<Timestamp>,
}

impl OfferEntry {
    /// Whether it waits for an answer.
    pub fn is_waiting(&self) -> bool {
        self.begins_at.is_none() && self.ended_at.is_none()
    }

    /// Whether it was agreed on and called off, or moved, before it began.
    pub fn is_off(&self) -> bool {
        self.ended_at.zip(self.begins_at).is_some_and(|(ended, begins)| ended < begins)
    }

    /// Whether it stands and has not begun.
    pub fn is_ahead(&self, now: Timestamp) -> bool {
        self.ended_at.is_none() && self.begins_at.is_some_and(|begins| begins > now)
    }
}

record! {
    struct OfferRow {
        id: Uuid,
        by_side: String,
        sealed: Vec<u8>,
        begins_at: Option<Timestamp>,
        ended_at: Option<Timestamp>,
    }
}

fn place(introduction: Uuid, offer: Uuid) -> String {
    format!("introduction {introduction} offer {offer}")
}

impl OfferRow {
    fn open(self, sealer: &Sealer, introduction: Uuid) -> Result<OfferEntry, SiteError> {
        let unreadable = |why: &dyn std::fmt::Display| SiteError::internal("an interview's row", why);
        let text = sealer.open_bytes(&place(introduction, self.id), &self.sealed)?;
        Ok(OfferEntry {
            id: self.id,
            by: Side::parse(&self.by_side).ok_or_else(|| unreadable(&"it is of no side"))?,
            offer: serde_json::from_slice(&text).map_err(|error| unreadable(&error))?,
            begins_at: self.begins_at,
            ended_at: self.ended_at,
        })
    }
}

/// What is shown of a conversation at a time.
#[derive(Debug, Default)]
pub(super) struct Talk {
    /// In their order.
    pub lines: Vec<Line>,
    /// Whether there are earlier ones.
    pub has_earlier: bool,
    /// The latest first.
    pub offers: Vec<OfferEntry>,
}

/// Whether one of a party's own shows its words to them: to its candidate always, to its company while it goes on.
fn shows_words(who: Actor<'_>, of: &Introduction) -> bool {
    match who {
        Actor::Candidate(me) => me.uuid() == of.account,
        Actor::Company { viewer, .. } => viewer.company() == of.company && of.is_alive(),
    }
}

impl Introductions {
    /// The latest lines before one, or of all, and what was offered.
    pub(super) async fn talk(&self, who: Actor<'_>, of: &Introduction, before: Option<i64>) -> Result<Talk, SiteError> {
        if !shows_words(who, of) {
            return Ok(Talk::default());
        }
        let most = i64::try_from(AT_A_TIME).unwrap_or(i64::MAX) + 1;
        let sql = "select l.nth, l.by_side, a.name as member_name, l.act, l.sealed, l.made_at, l.seen_at
                   from introduction_line l left join account a on a.id = l.member
                   where l.introduction = $1 and l.nth < $2 order by l.nth desc limit $3";
        let mut rows: Vec<LineRow> = self.db.all(sql, params![of.id, before.unwrap_or(i64::MAX), most]).await?;
        let has_earlier = rows.len() > AT_A_TIME;
        rows.truncate(AT_A_TIME);
        let sealer = self.keys.sealer(of.account).await?;
        // A company that is not verified keeps what it wrote itself.
        let is_shown = |by: Option<Side>| match who {
            Actor::Candidate(_) => true,
            Actor::Company { viewer, .. } => viewer.is_verified() || by == Some(Side::Company),
        };
        let lines = rows.into_iter().rev().map(|row| row.open(&sealer, of.id, is_shown)).collect::<Result<_, _>>()?;
        let sql = "select id, by_side, sealed, begins_at, ended_at from interview_offer where introduction = $1
                   order by made_at desc, id limit $2";
        let rows: Vec<OfferRow> = self.db.all(sql, params![of.id, MOST_SHOWN]).await?;
        let offers = rows.into_iter().map(|row| row.open(&sealer, of.id)).collect::<Result<Vec<_>, _>>()?;
        let offers = offers.into_iter().filter(|entry| is_shown(Some(entry.by))).collect();
        Ok(Talk { lines, has_earlier, offers })
    }

    /// One of what was offered.
    pub(super) async fn offered(
        &self,
        who: Actor<'_>,
        of: &Introduction,
        offer: Uuid,
    ) -> Result<Option<OfferEntry>, SiteError> {
        let is_verified = match who {
            Actor::Candidate(_) => true,
            Actor::Company { viewer, .. } => viewer.is_verified(),
        };
        if !is_verified || !shows_words(who, of) {
            return Ok(None);
        }
        let sql = "select id, by_side, sealed, begins_at, ended_at from interview_offer
                   where introduction = $1 and id = $2";
        let row: Option<OfferRow> = self.db.optional(sql, params![of.id, offer]).await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(row.open(&self.keys.sealer(of.account).await?, of.id)?))
    }

    /// The zone in which this party last offered times, in a conversation that goes on if it is a company's.
    pub(super) async fn last_zone(&self, who: Actor<'_>) -> Result<String, SiteError> {
        let (whose, id) = match who {
            Actor::Candidate(me) => ("i.account = $1", me.uuid()),
            Actor::Company { viewer, .. } => ("i.company = $1 and i.ended_at is null", viewer.company()),
        };
        let sql = format!(
            "select o.id, o.introduction, i.account, o.sealed from interview_offer o join introduction i on i.id = o.introduction
             where {whose} and o.by_side = $2 order by o.made_at desc, o.id limit 1"
        );
        let last: Option<(Uuid, Uuid, Uuid, Vec<u8>)> = self.db.optional(&sql, params![id, who.side().id()]).await?;
        let Some((id, introduction, account, sealed)) = last else { return Ok(hours::UTC.to_owned()) };
        let row = OfferRow { id, by_side: who.side().id().to_owned(), sealed, begins_at: None, ended_at: None };
        Ok(row.open(&self.keys.sealer(account).await?, introduction)?.offer.zone)
    }

    /// Writes a line, whatever was written meanwhile.
    pub(super) async fn say(&self, who: Actor<'_>, id: Uuid, text: String) -> Result<(Introduction, i64), Fault> {
        let side = who.side();
        let said = text.clone();
        let doing = Doing::new(id, Move::Write).saying(Words::new(text));
        let line = Last::default();
        let told = line.clone();
        let done = self.step_and(who, doing, move |tx, stepped| {
            not_twice(tx, stepped, side, &said)?;
            not_a_flood(tx, stepped, side)?;
            told.is(stepped.nth);
            Ok(())
        });
        Ok((done.await?, line.nth()))
    }

    /// Shows something more of the profile, by a grant that ends with the conversation.
    pub(super) async fn show_more(
        &self,
        who: Actor<'_>,
        id: Uuid,
        grant: ReadyGrant,
        names: String,
    ) -> Result<Introduction, Fault> {
        let side = who.side();
        let doing = Doing::new(id, Move::Write).named(Deed::Showed).saying(Words::new(names.clone())).granting(grant);
        let done = self.step_and(who, doing, move |tx, stepped| {
            not_twice(tx, stepped, side, &names)?;
            not_a_flood(tx, stepped, side)
        });
        done.await
    }

    /// Offers times. They take the place of any that wait; what was agreed on and is to be moved stands until the other side agrees.
    pub(super) async fn offer_times(
        &self,
        who: Actor<'_>,
        id: Uuid,
        checked: Checked,
        moved: Option<&OfferEntry>,
    ) -> Result<Introduction, Fault> {
        let (side, fresh) = (who.side(), random_id()?);
        let offer = Offer::new(checked, fresh, moved.map(|entry| (entry.id, &entry.offer)));
        let says = offer.says();
        let text = serde_json::to_vec(&offer).map_err(|error| SiteError::internal("an offer", &error))?;
        let doing = Doing::new(id, Move::Write).named(Deed::Offered).saying(Words::new(says.clone()));
        let done = self.step_and(who, doing, move |tx, stepped| {
            not_twice(tx, stepped, side, &says)?;
            not_a_flood(tx, stepped, side)?;
            if let Some(moves) = offer.moves {
                still_agreed(tx, id, moves, stepped.at)?;
            }
            let sql = "select count(*) from interview_offer
                       where introduction = $1 and agreed_at is not null and ended_at is null and begins_at > $2";
            let (agreed,): (i64,) = tx.one(sql, params![id, stepped.at])?;
            if agreed >= MOST_AGREED && offer.moves.is_none() {
                return Fault::says(format!(
                    "{MOST_AGREED} interviews are agreed on already. Move or call off one of them first."
                ));
            }
            let sql = "update interview_offer set ended_at = $2
                       where introduction = $1 and agreed_at is null and ended_at is null";
            tx.execute(sql, params![id, stepped.at])?;
            let sealed = stepped.sealer.seal_bytes(&place(id, fresh), &text)?;
            let sql =
                "insert into interview_offer (id, introduction, by_side, sealed, made_at) values ($1, $2, $3, $4, $5)";
            tx.execute(sql, params![fresh, id, side.id(), sealed, stepped.at])?;
            Ok(())
        });
        done.await
    }

    /// Agrees on one of the times that the other side offered.
    pub(super) async fn agree(
        &self,
        who: Actor<'_>,
        id: Uuid,
        entry: &OfferEntry,
        begins_at: Timestamp,
    ) -> Result<Introduction, Fault> {
        let (offer, side, moves) = (entry.id, who.side(), entry.offer.moves);
        let zone = entry.offer.zone();
        let said = hours::span_words(begins_at, entry.offer.minutes, &zone);
        let words = Words::new(format!("{}: {said} in {}", entry.offer.about, entry.offer.zone));
        let doing = Doing::new(id, Move::Agree(begins_at)).saying(words);
        let done = self.step_and(who, doing, move |tx, stepped| {
            if begins_at <= stepped.at {
                return Fault::says("This time is over. Ask for other times, or offer some.");
            }
            let sql = "update interview_offer set begins_at = $4, agreed_at = $5
                       where id = $1 and introduction = $2 and by_side = $3 and agreed_at is null and ended_at is null";
            let agreed = tx.execute(sql, params![offer, id, side.other().id(), begins_at, stepped.at])?;
            if agreed == 0 {
                return Fault::says(GONE);
            }
            if let Some(moves) = moves {
                end_offer(tx, id, moves, stepped.at)?;
            }
            Ok(())
        });
        done.await
    }

    /// Says that none of the times that the other side offered fits.
    pub(super) async fn none_fits(&self, who: Actor<'_>, id: Uuid, offer: Uuid) -> Result<Introduction, Fault> {
        let side = who.side();
        let doing = Doing::new(id, Move::Write).named(Deed::NoneFits);
        let done = self.step_and(who, doing, move |tx, stepped| {
            not_a_flood(tx, stepped, side)?;
            let sql = "update interview_offer set ended_at = $4
                       where id = $1 and introduction = $2 and by_side = $3 and agreed_at is null and ended_at is null";
            match tx.execute(sql, params![offer, id, side.other().id(), stepped.at])? {
                0 => Fault::says(GONE),
                _ => Ok(()),
            }
        });
        done.await
    }

    /// Calls off an interview that was agreed on, whoever does; or takes back one's own times that wait.
    pub(super) async fn call_off(&self, who: Actor<'_>, id: Uuid, entry: &OfferEntry) -> Result<Introduction, Fault> {
        let (side, offer, is_agreed) = (who.side(), entry.id, entry.begins_at.is_some());
        let deed = if is_agreed { Deed::CalledOff } else { Deed::TookBack };
        let mut doing = Doing::new(id, Move::Write).named(deed);
        if let Some(begins_at) = entry.begins_at {
            let said = hours::span_words(begins_at, entry.offer.minutes, &entry.offer.zone());
            doing = doing.saying(Words::new(format!("{}: {said} in {}", entry.offer.about, entry.offer.zone)));
        }
        let done = self.step_and(who, doing, move |tx, stepped| {
            not_a_flood(tx, stepped, side)?;
            if is_agreed {
                still_agreed(tx, id, offer, stepped.at)?;
                // Times that were offered to move it are for nothing now.
                let sql = "update interview_offer set ended_at = $2
                           where introduction = $1 and agreed_at is null and ended_at is null";
                tx.execute(sql, params![id, stepped.at])?;
                return end_offer(tx, id, offer, stepped.at);
            }
            let sql = "update interview_offer set ended_at = $4
                       where id = $1 and introduction = $2 and by_side = $3 and agreed_at is null and ended_at is null";
            match tx.execute(sql, params![offer, id, side.id(), stepped.at])? {
                0 => Fault::says(GONE),
                _ => Ok(()),
            }
        });
        done.await
    }

    /// Closes it, if nothing was done since it was looked at.
    pub(super) async fn close(
        &self,
        who: Actor<'_>,
        id: Uuid,
        version: i64,
        outcome: Outcome,
        words: Option<String>,
    ) -> Result<Introduction, Fault> {
        let mut doing = Doing::new(id, Move::Close(outcome)).at(version);
        if let Some(words) = words {
            doing = doing.saying(Words::new(words));
        }
        self.step(who, doing).await
    }
}

const GONE: &str = "These times were answered, replaced or taken back meanwhile. See below how it stands now.";

/// The number of the line that was written, told from within the transaction, which may run more than once.
#[derive(Debug, Clone, Default)]
struct Last(std::sync::Arc<std::sync::atomic::AtomicI64>);

impl Last {
    fn is(&self, nth: i64) {
        self.0.store(nth, std::sync::atomic::Ordering::Relaxed);
    }

    fn nth(&self) -> i64 {
        self.0.load(std::sync::atomic::Ordering::Relaxed)
    }
}

fn ago(now: Timestamp, span: SignedDuration) -> Timestamp {
    now.checked_sub(span).unwrap_or(now)
}

/// A click too many, or a page that was sent again, is one line.
fn not_twice(tx: &mut Tx<'_>, stepped: &Stepped<'_>, side: Side, text: &str) -> Result<(), Fault> {
    let sql = "select l.nth, l.by_side, a.name as member_name, l.act, l.sealed, l.made_at, l.seen_at
               from introduction_line l left join account a on a.id = l.member
               where l.introduction = $1 and l.by_side = $2 and l.nth < $3 and l.made_at > $4 and l.act in ('wrote', 'offered', 'showed')
               order by l.nth desc limit 100";
    let since = ago(stepped.at, SAME);
    let rows: Vec<LineRow> = tx.all(sql, params![stepped.now_is.id, side.id(), stepped.nth, since])?;
    for row in rows {
        let line = row.open(stepped.sealer, stepped.now_is.id, |_| true)?;
        if line.text.as_deref() == Some(text) {
            return Err(Fault::Twice(line.nth));
        }
    }
    Ok(())
}

/// One side may write so much and no more, so that the other can read it.
fn not_a_flood(tx: &mut Tx<'_>, stepped: &Stepped<'_>, side: Side) -> Result<(), Fault> {
    let sql = "select count(*), count(case when made_at > $4 then 1 end) from introduction_line
               where introduction = $1 and by_side = $2 and made_at > $3
                 and act in ('wrote', 'offered', 'showed', 'none-fits', 'called-off', 'took-back')";
    let (day, hour) = (SignedDuration::from_hours(24), SignedDuration::from_hours(1));
    let (id, by) = (stepped.now_is.id, side.id());
    let (since_day, since_hour) = (ago(stepped.at, day), ago(stepped.at, hour));
    let (in_a_day, in_an_hour): (i64, i64) = tx.one(sql, params![id, by, since_day, since_hour])?;
    // The line that is about to be kept is among them.
    let (says, most, within) = match (in_an_hour > MOST_AN_HOUR, in_a_day > MOST_A_DAY) {
        (_, true) => ("200 lines within a day", MOST_A_DAY, day),
        (true, _) => ("30 lines within an hour", MOST_AN_HOUR, hour),
        _ => return Ok(()),
    };
    let sql = "select made_at from introduction_line where introduction = $1 and by_side = $2 and nth < $3
                 and act in ('wrote', 'offered', 'showed', 'none-fits', 'called-off', 'took-back')
               order by nth desc limit 1 offset $4";
    let first: Option<(Timestamp,)> = tx.optional(sql, params![id, by, stepped.nth, most - 1])?;
    let again = first.and_then(|(first,)| first.checked_add(within).ok()).unwrap_or(stepped.at);
    Err(Fault::TooMuch(format!(
        "Your side wrote {says} here, which is as much as one conversation takes. Nothing was sent; the next line can be sent after {}.",
        moment(again)
    )))
}

/// That an interview is agreed on, and has not begun.
fn still_agreed(tx: &mut Tx<'_>, id: Uuid, offer: Uuid, now: Timestamp) -> Result<(), Fault> {
    let sql = "select 1 as found from interview_offer where id = $1 and introduction = $2 and agreed_at is not null
                 and ended_at is null and begins_at > $3";
    let found: Option<(i64,)> = tx.optional(sql, params![offer, id, now])?;
    match found {
        Some(_) => Ok(()),
        None => Fault::says(
            "This interview has begun, was moved, or was called off meanwhile. See below how it stands now.",
        ),
    }
}

fn end_offer(tx: &mut Tx<'_>, id: Uuid, offer: Uuid, now: Timestamp) -> Result<(), Fault> {
    let sql = "update interview_offer set ended_at = $3 where id = $1 and introduction = $2 and ended_at is null";
    tx.execute(sql, params![offer, id, now])?;
    Ok(())
}
