//! Leaks that are planted into answers, one of each kind. The comparison must notice every one: if it does not, it is blind.

use super::cast::{ACME, Cast};
use super::routes::Seen;

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
}

impl Leak {
    pub const ALL: [Self; 9] = [
        Self::Count,
        Self::Order,
        Self::Etag,
        Self::LastModified,
        Self::Facet,
        Self::ErrorText,
        Self::Redirect,
        Self::Length,
        Self::CacheControl,
    ];

    /// The answer, with the leak in it.
    pub async fn planted(self, cast: &Cast, mut seen: Seen) -> Seen {
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
            Self::ErrorText | Self::Redirect => {}
        }
        seen
    }
}

async fn number(cast: &Cast, sql: &str) -> i64 {
    let (count,): (i64,) = cast.site.db.one(sql, &[]).await.unwrap();
    count
}
