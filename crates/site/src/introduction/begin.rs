//! How a conversation begins: a company asks, or a candidate applies.

use super::caps::{Room, check_applications, check_requests};
use super::fault::Fault;
use super::letters;
use super::row::{Deed, Introduction, Words};
use super::standing::{Side, Standing};
use super::store::{Introductions, for_company, keep_grant};
use super::write::{Done, add_line, find, slot, turn};
use crate::account::Owner;
use crate::error::SiteError;
use crate::vacancy::random_id;
use jiff::{SignedDuration, Timestamp};
use jobfuture_codes::Code;
use jobfuture_db::{Tx, params};
use jobfuture_disclosure::{AsCompany, CandidateName, OwnerKey, PromisedGrant, ReadyGrant, Sealer, company_sees};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The shortest reason for a request, and for an application, in characters.
pub const SHORTEST: usize = 20;
/// The longest reason for a request.
pub const LONGEST_WHY: usize = 1_000;
/// The longest letter of an application.
pub const LONGEST_LETTER: usize = 2_000;
/// After somebody said no to a company, or left, it does not ask them again for so long.
pub const REST: SignedDuration = SignedDuration::from_hours(24 * 90);
/// Within which a company does not send the same text to another candidate.
const SAME_TEXT: SignedDuration = SignedDuration::from_hours(24 * 30);

/// What a company sends to a candidate.
#[derive(Debug, Clone)]
pub struct NewRequest {
    /// One of its own that is open.
    pub vacancy: Uuid,
    /// Why this candidate.
    pub why: String,
    /// What happens next.
    pub next: String,
}

/// What a candidate sends to a company.
#[derive(Debug, Clone)]
pub struct NewApplication {
    /// One that is open.
    pub vacancy: Uuid,
    /// Why this vacancy.
    pub letter: String,
    /// What they see now.
    pub grant: ReadyGrant,
    /// What they see besides when they say yes.
    pub promised: Option<PromisedGrant>,
}

/// A text for the other side: what is wrong with it, as a sentence with the mend.
///
/// # Errors
/// That sentence.
pub fn checked_text(text: &str, what: &str, shortest: usize, longest: usize) -> Result<String, String> {
    let text = text.trim().replace("\r\n", "\n");
    let length = text.chars().count();
    if length < shortest {
        return Err(match length {
            0 => format!("{what} is missing. Write at least {shortest} characters."),
            _ => format!("{what} has {length} characters. Write at least {shortest}, so that it says something."),
        });
    }
    if length > longest {
        return Err(format!("{what} has {length} characters. Shorten it to at most {longest}."));
    }
    let is_hidden = |letter: char| {
        letter != '\n' && letter != '\t' && letter.is_control()
            || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    if text.chars().any(is_hidden) {
        return Err(format!(
            "{what} holds a character that cannot be seen. Type the text again, or paste it without formatting."
        ));
    }
    Ok(text)
}

/// A text without what people change to send the same to many.
fn fingerprint(secret: &[u8], company: Uuid, text: &str) -> Vec<u8> {
    let words = text.to_lowercase();
    let words: Vec<&str> =
        words.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let hash = Sha256::new().chain_update(secret).chain_update(company.as_bytes()).chain_update(words.join(" "));
    hash.finalize().to_vec()
}

/// A row that is to be.
struct New<'a> {
    id: Uuid,
    account: Uuid,
    company: Uuid,
    vacancy: Uuid,
    terms: &'a str,
    by: Side,
    member: Option<Uuid>,
    pitch: Option<&'a [u8]>,
    words: &'a Words,
    sealer: &'a Sealer,
    now: Timestamp,
}

impl Introductions {
    /// Room that a company has for requests.
    ///
    /// # Errors
    /// The database's.
    pub async fn room_of_company(&self, viewer: &AsCompany) -> Result<Room, SiteError> {
        let (company, now) = (viewer.company(), self.now());
        Ok(self.db.read(move |snapshot| Room::of_company(snapshot, company, now)).await?)
    }

    /// Room that a candidate has for applications.
    ///
    /// # Errors
    /// The database's.
    pub async fn room_of(&self, me: OwnerKey) -> Result<Room, SiteError> {
        let (account, now) = (me.uuid(), self.now());
        Ok(self.db.read(move |snapshot| Room::of_candidate(snapshot, account, now)).await?)
    }

    /// A company asks somebody whom it sees.
    ///
    /// # Errors
    /// [`Fault::Missing`] if it sees nobody of this name, for whatever reason; what else is wrong, with the mend.
    pub async fn begin_request(
        &self,
        viewer: &AsCompany,
        member: Owner,
        candidate: CandidateName,
        new: NewRequest,
    ) -> Result<Introduction, Fault> {
        let company = viewer.company();
        let account = self.keys.account_behind(company, candidate).await?;
        self.may_ask_at_all(company, member.uuid(), account).await?;
        let why = checked_text(&new.why, "Why you ask this candidate", SHORTEST, LONGEST_WHY).map_err(Fault::Says)?;
        let next = checked_text(&new.next, "What happens next", SHORTEST, LONGEST_LETTER).map_err(Fault::Says)?;
        let secret = self.keys.instance_secret("introduction texts").await?;
        let pitch = fingerprint(&secret, company, &why);
        let words = Words { text: why, next: Some(next) };
        let (sealer, id, clock) = (self.keys.sealer(account).await?, random_id()?, self.clock.clone());
        let (base, member, vacancy) = (self.base.clone(), member.uuid(), new.vacancy);
        let begun = self.db.transaction(move |tx| {
            let now = clock.now();
            for_company(tx, company, member, now)?;
            if !company_sees(tx, company, account, now)? {
                return Err(Fault::Missing);
            }
            let terms = open_vacancy(tx, vacancy, Some(company), now)?.1;
            make_way(tx, company, account, base.as_deref(), now)?;
            may_ask(tx, company, account, &pitch, now)?;
            check_requests(tx, company, now)?;
            let new = New {
                id,
                account,
                company,
                vacancy,
                terms: &terms,
                by: Side::Company,
                member: Some(member),
                pitch: Some(&pitch),
                words: &words,
                sealer: &sealer,
                now,
            };
            insert(tx, &new, base.as_deref())
        });
        let mut begun = begun.await?;
        self.mail.notify_one();
        begun.candidate = Some(candidate);
        Ok(begun)
    }

    /// Whether somebody does such things for a company, and it sees anything of whom it asks: before anything else is said of what they
    /// typed.
    async fn may_ask_at_all(&self, company: Uuid, member: Uuid, account: Uuid) -> Result<(), Fault> {
        let now = self.now();
        let may = self.db.transaction(move |tx| {
            for_company(tx, company, member, now)?;
            if company_sees(tx, company, account, now)? { Ok(()) } else { Err(Fault::Missing) }
        });
        may.await
    }

    /// A candidate applies.
    ///
    /// # Errors
    /// What is wrong, with the mend.
    pub async fn begin_application(&self, me: OwnerKey, new: NewApplication) -> Result<Introduction, Fault> {
        let account = me.uuid();
        let letter = checked_text(&new.letter, "Your letter", SHORTEST, LONGEST_LETTER).map_err(Fault::Says)?;
        let (sealer, id, clock) = (self.keys.sealer(account).await?, random_id()?, self.clock.clone());
        let (base, words) = (self.base.clone(), Words::new(letter));
        let promised = new.promised.as_ref().map(PromisedGrant::text).transpose()?;
        let begun = self.db.transaction(move |tx| {
            let now = clock.now();
            let (company, terms) = open_vacancy(tx, new.vacancy, None, now)?;
            make_way(tx, company, account, base.as_deref(), now)?;
            check_applications(tx, account, now)?;
            let row = New {
                id,
                account,
                company,
                vacancy: new.vacancy,
                terms: &terms,
                by: Side::Candidate,
                member: None,
                pitch: None,
                words: &words,
                sealer: &sealer,
                now,
            };
            let begun = insert(tx, &row, base.as_deref())?;
            new.grant.write(tx, now)?;
            keep_grant(tx, id, new.grant.id())?;
            if let Some(facts) = &promised {
                tx.execute(
                    "insert into introduction_unmask (introduction, facts) values ($1, $2)",
                    params![id, facts],
                )?;
            }
            Ok::<_, Fault>(begun)
        });
        let begun = begun.await?;
        self.mail.notify_one();
        Ok(begun)
    }
}

/// The company and the terms of a vacancy that is open at a verified company.
fn open_vacancy(
    tx: &mut Tx<'_>,
    vacancy: Uuid,
    company: Option<Uuid>,
    now: Timestamp,
) -> Result<(Uuid, String), Fault> {
    let sql = "select v.company, v.terms from vacancy v join company c on c.id = v.company
               where v.id = $1 and v.state = 'open' and v.closes_at > $2 and v.terms is not null
                 and c.verified_at is not null and c.verified_until > $2";
    let found: Option<(Uuid, String)> = tx.optional(sql, params![vacancy, now])?;
    let found = found.filter(|(of, _)| company.is_none_or(|company| company == *of));
    let closed = match company {
        Some(_) => {
            "Choose one of your company's open vacancies: it says what is paid, and without that nobody is asked."
        }
        None => "This vacancy is not open any more, so nothing was sent. Nobody was shown anything.",
    };
    found.ok_or_else(|| Fault::Says(closed.to_owned()))
}

/// One whose time has run out makes way; one that goes on does not.
fn make_way(tx: &mut Tx<'_>, company: Uuid, account: Uuid, base: Option<&str>, now: Timestamp) -> Result<(), Fault> {
    let sql = "select id from introduction where slot = $1";
    let Some((id,)): Option<(Uuid,)> = tx.optional(sql, params![slot(company, account)])? else { return Ok(()) };
    let before = find(tx, id)?;
    match super::clock::lapse(tx, &before, base, now) {
        Ok(()) => Ok(()),
        Err(Fault::Refused(_)) => Err(Fault::Already(id)),
        Err(fault) => Err(fault),
    }
}

/// Whether a company may ask this person with this text. What is over leads to nobody: that there was a no cannot be kept from whoever may
/// not ask, but when it was would tell the company which of its ended conversations, and so for what reason.
fn may_ask(tx: &mut Tx<'_>, company: Uuid, account: Uuid, pitch: &[u8], now: Timestamp) -> Result<(), Fault> {
    let rest = now.checked_sub(REST).unwrap_or(now);
    let sql = "select 1 as found from introduction where company = $1 and account = $2 and ended_at > $3
               and ended_by = 'candidate' and ending in ('declined', 'withdrawn') limit 1";
    let ended: Option<(i64,)> = tx.optional(sql, params![company, account, rest])?;
    if ended.is_some() {
        return Fault::says(format!(
            "Your company cannot ask this candidate yet: whoever ends a conversation with a company is not asked by it again for {} days. Which \
             conversation it was, and when it ended, is not said with their name. They can apply at any time. Nothing was sent.",
            REST.as_hours() / 24
        ));
    }
    let since = now.checked_sub(SAME_TEXT).unwrap_or(now);
    let sql = "select 1 as found from introduction
               where company = $1 and pitch = $2 and account <> $3 and made_at > $4 limit 1";
    let same: Option<(i64,)> = tx.optional(sql, params![company, pitch, account, since])?;
    if same.is_some() {
        return Fault::says(
            "Your company sent the same text to somebody else within the last 30 days. Say why it is this candidate whom you ask.",
        );
    }
    Ok(())
}

fn insert(tx: &mut Tx<'_>, new: &New<'_>, base: Option<&str>) -> Result<Introduction, Fault> {
    let standing = Standing::begun(new.by, new.now);
    tx.execute(
        "insert into introduction (id, account, company, vacancy, terms, begun_by, member, stage, turn, due_at, questions, made_at,
           changed_at, pitch, version, slot)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11, $11, $12, 1, $13)",
        params![
            new.id,
            new.account,
            new.company,
            new.vacancy,
            new.terms,
            new.by.id(),
            new.member,
            standing.stage().id(),
            standing.turn().map(Side::id),
            standing.due(),
            new.now,
            new.pitch,
            slot(new.company, new.account)
        ],
    )?;
    let deed = if new.by == Side::Company { Deed::Requested } else { Deed::Applied };
    let done =
        Done { side: Some(new.by), member: new.member, deed, words: Some((new.sealer, new.words)), now: new.now };
    add_line(tx, new.id, &done)?;
    let begun = find(tx, new.id)?;
    turn(tx, &begun, None, &standing, &done)?;
    letters::tell(tx, &begun, new.by.other(), base, new.now)?;
    Ok(begun)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_words_are_the_same_text_however_they_are_set() {
        let of = |text: &str| fingerprint(b"secret", Uuid::from_u128(1), text);
        assert_eq!(of("You wrote of migrations.\nWe need that"), of("you wrote  of migrations: we need that!"));
        assert_ne!(of("You wrote of migrations"), of("You wrote of queries"));
        assert_ne!(of("a"), fingerprint(b"secret", Uuid::from_u128(2), "a"), "another company's is another one");
    }

    #[test]
    fn a_text_says_something_and_hides_nothing() {
        let check = |text: &str| checked_text(text, "Your letter", 20, 40);
        assert_eq!(check("  twenty letters or so\r\nare here "), Ok("twenty letters or so\nare here".to_owned()));
        assert!(check("").unwrap_err().contains("is missing"));
        assert!(check("too short").unwrap_err().contains("9 characters"));
        assert!(check(&"x".repeat(41)).unwrap_err().contains("at most 40"));
        assert!(check("twenty letters or so \u{202e}").is_err() && check("twenty letters \u{0} or so").is_err());
    }
}
