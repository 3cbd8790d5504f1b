//! Leaks that are planted into answers, one of each kind. The comparison must notice every one: if it does not, it is blind.

use super::cast::{ACME, Cast};
use super::routes::{FIGURES, Question, Seen};
use super::talk::OFFER;
use jobfuture_db::params;

/// Something that depends on what the viewer was not granted.
#[derive(Debug, Clone, Copy)]
pub enum Leak {
    /// How many there are, of all.
    Count,
    /// Who changed something last comes first.
    Order,
    /// A validator over more than is shown.
    Etag,
    /// A time of change that counts hidden changes.
    LastModified,
    /// How many have a signal of each level, granted or not.
    Facet,
    /// “Revoked” where it should be “not there”.
    ErrorText,
    /// Elsewhere, where somebody is whom one may not see.
    Redirect,
    /// A page that is longer for a name that is masked.
    Length,
    /// Kept longer where nothing is hidden.
    CacheControl,
    /// On the conversation's page: with how many companies the candidate talks.
    Talks,
    /// In its kit: a signal that was not granted to it.
    KitSignal,
    /// On its sheets: that a colleague has begun one.
    Draft,
    /// In its calendar file: when the profile was last changed.
    Calendar,
    /// In the list of conversations: who began a check since.
    ListedCheck,
    /// In an interviewer's list: who blocked another company.
    InterviewBlock,
    /// On the page of another company: how often it answered, however seldom.
    Figures,
}

impl Leak {
    pub const ALL: [Self; 16] = [
        Self::Count,
        Self::Order,
        Self::Etag,
        Self::LastModified,
        Self::Facet,
        Self::ErrorText,
        Self::Redirect,
        Self::Length,
        Self::CacheControl,
        Self::Talks,
        Self::KitSignal,
        Self::Draft,
        Self::Calendar,
        Self::ListedCheck,
        Self::InterviewBlock,
        Self::Figures,
    ];

    /// The one page in which it is planted, and what it counts there of the candidate `$1`; nothing for one that is planted everywhere.
    fn place(self, cast: &Cast) -> Option<(String, &'static str)> {
        let theirs = cast.talk().map(|talk| talk.theirs()).unwrap_or_default();
        Some(match self {
            Self::Talks => (theirs, "select count(*) from introduction where account = $1"),
            Self::KitSignal => {
                (format!("{theirs}/kit"), "select count(*) from signal where account = $1 and withdrawn_at is null")
            }
            Self::Draft => (
                format!("{theirs}/kit/score"),
                "select count(*) from interview_sheet s join introduction i on i.id = s.introduction
                 where i.account = $1 and s.locked_at is null",
            ),
            Self::Calendar => (
                format!("{theirs}/offers/{OFFER}/interview.ics"),
                "select count(*) from profile_field where account = $1",
            ),
            Self::ListedCheck => {
                (format!("/companies/{ACME}/introductions"), "select count(*) from attempt where account = $1")
            }
            Self::InterviewBlock => {
                (format!("/companies/{ACME}/interviews"), "select count(*) from company_block where account = $1")
            }
            Self::Figures => (
                FIGURES.to_owned(),
                "select count(*) from introduction_turn t join introduction i on i.id = t.introduction where i.account = $1",
            ),
            _ => return None,
        })
    }

    /// Whether this is where it was planted.
    pub fn is_at(self, cast: &Cast, question: &Question) -> bool {
        self.place(cast).is_none_or(|(path, _)| question.path() == path)
    }

    /// The answer, with the leak in it.
    pub async fn planted(self, cast: &Cast, question: &Question, mut seen: Seen) -> Seen {
        if let (Some((path, sql)), Some(talk)) = (self.place(cast), cast.talk()) {
            if question.path() == path && seen.status == 200 {
                let candidate = cast.person(talk.person).key.unwrap().uuid();
                let (count,): (i64,) = cast.site.db.one(sql, params![candidate]).await.unwrap();
                seen.body.extend(count.to_string().into_bytes());
            }
            return seen;
        }
        match self {
            Self::Count => {
                let count = number(cast, "select count(distinct account) from profile_field").await;
                seen.body.extend(format!("<p>{count} candidates</p>").into_bytes());
            }
            Self::Order => {
                let sql = "select account from profile_field order by changed_at desc, account limit 1";
                let last: Vec<(uuid::Uuid,)> = cast.site.db.all(sql, &[]).await.unwrap();
                seen.body.extend(format!("<p>{last:?}</p>").into_bytes());
            }
            Self::Etag => {
                let rows = number(cast, "select count(*) from profile_field").await;
                seen.headers.push(("etag".into(), format!("\"{rows}\"")));
            }
            Self::LastModified => {
                let sql = "select max(changed_at) from profile_field";
                let (at,): (Option<jiff::Timestamp>,) = cast.site.db.one(sql, &[]).await.unwrap();
                seen.headers.push(("last-modified".into(), format!("{at:?}")));
            }
            Self::Facet => {
                let signals = number(cast, "select count(*) from signal where withdrawn_at is null").await;
                seen.body.extend(format!("<li>With a signal: {signals}</li>").into_bytes());
            }
            Self::ErrorText if seen.status == 404 => {
                let sql = "select count(*) from disclosure_grant where revoked_at is not null";
                if number(cast, sql).await % 2 == 1 {
                    seen.body.extend(b"<p>It was revoked.</p>");
                }
            }
            Self::Redirect if seen.status == 404 => {
                let sql = "select count(*) from disclosure_grant where audience = 'company' and company <> x'0000'";
                let elsewhere = number(cast, sql).await;
                let own = number(
                    cast,
                    &format!("select count(*) from disclosure_grant where company = x'{}'", ACME.simple()),
                )
                .await;
                if (elsewhere - own) % 2 == 1 {
                    seen.status = 303;
                }
            }
            Self::Length => {
                let bytes = number(cast, "select coalesce(sum(length(sealed)), 0) from profile_field").await;
                seen.headers.push(("content-length".into(), (bytes as usize + seen.body.len()).to_string()));
            }
            Self::CacheControl => {
                let blocks = number(cast, "select count(*) from company_block").await;
                seen.headers.push(("cache-control".into(), format!("max-age={blocks}")));
            }
            _ => {}
        }
        seen
    }
}

async fn number(cast: &Cast, sql: &str) -> i64 {
    let (count,): (i64,) = cast.site.db.one(sql, &[]).await.unwrap();
    count
}
