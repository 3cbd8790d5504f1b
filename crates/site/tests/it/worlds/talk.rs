//! The conversation in which Acme takes part, in both worlds alike: both have said yes, something was written, times for an interview
//! were offered, and its kit is settled. And those elsewhere, of which Acme learns nothing.

use super::cast::{ACME, CARL, Cast, IAN, IDA, OTHER, VACANCY, browser};
use super::moves::{Move, PEOPLE};
use crate::browser::Browser;
use crate::kits::handle;
use crate::site::Answer;
use crate::talk_interviews;
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use jobfuture_db::params;
use jobfuture_disclosure::Field;
use jobfuture_site::introduction::FLOOR;
use std::borrow::Cow;
use uuid::Uuid;

/// Turns of the other company that both worlds know of. With one more of each person of a pair there are still too few to be told.
const KNOWN: usize = FLOOR as usize - 1 - PEOPLE;
/// Stands for the id of what was offered, in addresses and in answers. That is drawn by the system, so that two worlds have two.
pub const OFFER: &str = "0ffe70ff-e70f-4fe7-8ffe-70ffe70ffe70";

/// Acme's conversation of a pair.
#[derive(Debug, Clone)]
pub struct Talk {
    /// With whom.
    pub person: usize,
    /// The same in both worlds.
    pub id: Uuid,
    /// This world's own.
    pub offer: Uuid,
    /// A cookie of the candidate.
    candidate: String,
}

impl Talk {
    /// Its page, for Acme.
    pub fn theirs(&self) -> String {
        format!("/companies/{ACME}/introductions/{}", self.id)
    }

    fn mine(&self) -> String {
        format!("/introductions/{}", self.id)
    }

    /// What is asked for in every world, as it is asked for in this one.
    pub fn own<'p>(&self, path: &'p str) -> Cow<'p, str> {
        if path.contains(OFFER) { path.replace(OFFER, &self.offer.to_string()).into() } else { path.into() }
    }

    /// What this world answered, as every world would if ids were drawn alike. As long as nothing else reads like that, two answers are
    /// the same then if, and only if, they differ in nothing but the id.
    pub fn of_all(&self, answer: &str) -> String {
        assert!(!answer.contains(OFFER), "an answer holds what stands for an offer's id:\n{answer}");
        answer.replace(&self.offer.to_string(), OFFER)
    }
}

/// What Ida notes.
fn sheet(text: u8, ends: &[(&'static str, &'static str)]) -> Vec<(&'static str, String)> {
    let fields = [("grade:django-querysets", "2"), ("would", "yes"), ("reason", "Clear, and kind in disagreement.")];
    let ends = fields.iter().chain(ends).map(|(name, value)| (*name, (*value).to_owned()));
    ends.chain([("note:django-querysets", format!("Said {text} of it."))]).collect()
}

async fn post(browser: &mut Browser<'_>, path: &str, fields: &[(&'static str, String)]) -> Answer {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, text)| (*name, text.as_str())).collect();
    browser.post(path, &fields).await
}

impl Cast {
    /// Acme has asked somebody, who says yes and shows their headline. It is written by both, times are offered, and the kit is settled.
    pub async fn introduce(&self, number: usize, agrees: bool) {
        let (person, now) = (self.person(number), self.site.clock.now());
        let account = person.key.unwrap().uuid();
        let id = Uuid::from_u128(account.as_u128() | 5 << 100);
        let due = now.checked_add(SignedDuration::from_hours(24 * 14)).unwrap();
        let db = &self.site.db;
        let sql = "insert into introduction (id, account, company, vacancy, terms, begun_by, member, stage, turn, due_at, questions, made_at,
                     changed_at, version, slot)
                   select $1, $2, company, id, terms, 'company', $3, 'asked', 'candidate', $4, 0, $5, $5, 1, $6 from vacancy where id = $7";
        let slot = format!("{ACME} {account}");
        assert_eq!(db.execute(sql, params![id, account, CARL, due, now, slot, VACANCY]).await.unwrap(), 1);
        let sql = "insert into introduction_line (introduction, nth, by_side, member, act, made_at)
                   values ($1, 1, 'company', $2, 'requested', $3)";
        db.execute(sql, params![id, CARL, now]).await.unwrap();
        let candidate = self.session_of(account).await;
        let mut talk = Talk { person: number, id, offer: Uuid::nil(), candidate };
        let (mut ada, mut carl) = (browser(self, Some(&talk.candidate)), browser(self, Some(&self.carl)));
        let (mine, theirs) = (talk.mine(), talk.theirs());
        ada.post(&format!("{mine}/accept"), &[("version", "1"), ("fact", "field:headline")]).await.is(303);
        carl.post(&format!("{theirs}/lines"), &[("text", "Good morning from Acme.")]).await.is(303);
        ada.post(&format!("{mine}/lines"), &[("text", "Good morning from me.")]).await.is(303);

        let day = now.checked_add(SignedDuration::from_hours(24 * 3)).unwrap().to_zoned(TimeZone::UTC);
        let day = day.strftime("%Y-%m-%d").to_string();
        let times = [(day.as_str(), "10:00"), (day.as_str(), "15:00")];
        carl.post(&format!("{theirs}/offer"), &talk_interviews::form("UTC", &times, &[])).await.is(303);
        (talk.offer,) = db.one("select id from interview_offer where introduction = $1", params![id]).await.unwrap();
        if agrees {
            let begins = format!("{day}T15:00:00Z");
            let pick = [("do", "pick"), ("begins", begins.as_str())];
            ada.post(&format!("{mine}/offers/{}", talk.offer), &pick).await.is(303);
        }
        let kit = carl.get(&format!("{theirs}/kit")).await;
        let asked = ["ida@acme.example", "ian@acme.example"].map(|email| handle(kit.is(200).text(), email));
        let asked = asked.each_ref().map(|handle| ("person", handle.as_str()));
        carl.post(&format!("{theirs}/kit/people"), &asked).await.is(303);
        carl.post(&format!("{theirs}/kit/plan"), &[("minutes", "45"), ("share", "yes")]).await.is(303);
        *self.talk.lock().unwrap() = Some(talk);
    }

    /// The same with somebody who has just filled in their headline and granted nothing before.
    pub async fn fill_and_introduce(&self, pair: usize, agrees: bool) {
        let seed = (pair * 1_000) as u64;
        self.play(seed, &Move::Fill { person: 0, field: Field::Headline, text: 1 }, false).await;
        self.play(seed + 2, &Move::Introduce { person: 0, agrees }, false).await;
    }

    /// One side writes, if it can.
    pub async fn write_line(&self, by_candidate: bool, text: &str) {
        let Some(talk) = self.talk() else { return };
        let (cookie, base) = if by_candidate { (&talk.candidate, talk.mine()) } else { (&self.carl, talk.theirs()) };
        browser(self, Some(cookie)).post(&format!("{base}/lines"), &[("text", text)]).await;
    }

    /// Acme calls the interview off, or takes its times back.
    pub async fn call_off(&self) {
        let Some(talk) = self.talk() else { return };
        let path = format!("{}/offers/{}/call-off", talk.theirs(), talk.offer);
        browser(self, Some(&self.carl)).post(&path, &[]).await;
    }

    /// One side closes it, if it is open.
    pub async fn close(&self, by_candidate: bool) {
        let Some(talk) = self.talk() else { return };
        let sql = "select version from introduction where id = $1";
        let (version,): (i64,) = self.site.db.one(sql, params![talk.id]).await.unwrap();
        let (cookie, base) = if by_candidate { (&talk.candidate, talk.mine()) } else { (&self.carl, talk.theirs()) };
        let fields = [("version", version.to_string()), ("outcome", "other".to_owned())];
        post(&mut browser(self, Some(cookie)), &format!("{base}/close"), &fields).await;
    }

    /// Ida notes something on her sheet. Until all are locked it is hers alone.
    pub async fn note(&self, text: u8, locks: bool) {
        let Some(talk) = self.talk() else { return };
        let ends: &[_] = if locks { &[("do", "lock"), ("sure", "yes")] } else { &[("do", "keep")] };
        post(&mut browser(self, Some(&self.ida)), &format!("{}/kit/score", talk.theirs()), &sheet(text, ends)).await;
    }

    /// A conversation with a company that does not look, which has answered in it once; and may have closed it.
    pub async fn talk_elsewhere(&self, account: Uuid, closes: bool) {
        let (id, now) = (Uuid::from_u128(account.as_u128() | 7 << 100), self.site.clock.now());
        let due = now.checked_add(SignedDuration::from_hours(24 * 14)).unwrap();
        let slot = if closes { id.to_string() } else { format!("{OTHER} {account}") };
        let (stage, ended) = if closes { ("ended", Some(now)) } else { ("open", None) };
        let (ending, by, reason) = (closes.then_some("closed"), closes.then_some("company"), closes.then_some("hired"));
        let (turn, due) = (ended.is_none().then_some("company"), ended.is_none().then_some(due));
        let sql = "insert into introduction (id, account, company, terms, begun_by, stage, turn, due_at, questions, made_at, changed_at,
                     opened_at, ended_at, ending, ended_by, reason, version, slot)
                   select $1, $2, $3, terms, 'candidate', $4, $5, $6, 0, $7, $7, $7, $8, $9, $10, $11, 1, $12 from vacancy where id = $13
                   on conflict do nothing";
        let columns = params![id, account, OTHER, stage, turn, due, now, ended, ending, by, reason, slot, VACANCY];
        if self.site.db.execute(sql, columns).await.unwrap() > 0 {
            let sql = "insert into introduction_turn (id, introduction, company, stage, began_at, ended_at, how)
                       values ($1, $1, $2, 'asked', $3, $3, 'acted')";
            self.site.db.execute(sql, params![id, OTHER, now]).await.unwrap();
        }
    }

    /// What the other company did in pairs before is not counted in this one: it has answered once, of which everybody may know.
    pub async fn begin_elsewhere_anew(&self) {
        for sql in ["delete from introduction where company = $1", "delete from introduction_turn where company = $1"] {
            self.site.db.execute(sql, params![OTHER]).await.unwrap();
        }
        for known in 0..KNOWN {
            self.talk_elsewhere(self.bystanders[known], true).await;
        }
    }

    /// How many turns of the other company are counted in this world.
    pub async fn turns_elsewhere(&self) -> i64 {
        let sql = "select count(*) from introduction_turn where company = $1";
        let (count,): (i64,) = self.site.db.one(sql, params![OTHER]).await.unwrap();
        count
    }

    /// A check that somebody began, of which nobody else knows.
    pub async fn begin_check(&self, account: Uuid) {
        let (id, now) = (Uuid::from_u128(account.as_u128() | 9 << 100), self.site.clock.now());
        let sql = "insert into bank_release (id, check_id, made_at, digest, parts) values ($1, 'keeper', $2, 'x', '{}')
                   on conflict do nothing";
        let release = Uuid::from_u128(0x4e1);
        self.site.db.execute(sql, params![release, now]).await.unwrap();
        let sql = "insert into attempt (id, account, check_id, release, condition, pace, seed, prior, excluded, lends_answers, quiet,
                     begun_at, spent_seconds)
                   values ($1, $2, 'keeper', $3, 'unaided', 100, 7, $4, '[]', true, false, $5, 60) on conflict do nothing";
        self.site.db.execute(sql, params![id, account, release, vec![0_u8; 8], now]).await.unwrap();
    }

    /// Both interviewers, who are asked to every conversation of Acme's.
    pub async fn interviewers(&mut self) {
        for (id, name, cookie) in [(IDA, "ida", &mut self.ida), (IAN, "ian", &mut self.ian)] {
            let email = format!("{name}@acme.example");
            super::cast::account_row(&self.site, id, &email).await;
            let sql = "insert into company_member (company, account, role, made_at) values ($1, $2, 'interviewer', $3)";
            self.site.db.execute(sql, params![ACME, id, self.site.clock.now()]).await.unwrap();
            *cookie = super::cast::session(&self.site, &email).await;
        }
    }
}
