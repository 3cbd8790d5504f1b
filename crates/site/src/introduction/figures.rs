//! How a company behaves in its conversations: counted, without naming anybody, and from a number on that says something.

use super::reason::Outcome;
use super::store::Introductions;
use crate::error::SiteError;
use crate::page::{Html, render};
use askama::Template;
use jiff::SignedDuration;
use jiff::Timestamp;
use jobfuture_codes::Code;
use jobfuture_db::params;
use uuid::Uuid;

/// Fewer say nothing, and might say it of somebody: not even how many they are is told.
pub const FLOOR: i64 = 5;
/// Days of which they are.
const DAYS: i64 = 180;
/// Turns of which the median is taken, the latest.
const MOST: i64 = 5_000;

/// What a company's conversations of the last 180 days come to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    /// Applications and questions that it answered or decided, and those that lapsed.
    pub turns: i64,
    /// Of these, those that it answered or decided in time.
    pub answered: i64,
    /// Until it did, in the middle.
    pub median: Option<SignedDuration>,
    /// What came of open ones, by code; and how many that is.
    pub outcomes: Vec<(Outcome, i64)>,
    /// See there.
    pub closed: i64,
}

impl Introductions {
    /// Of a company.
    ///
    /// # Errors
    /// The database's.
    pub async fn figures(&self, company: Uuid) -> Result<Figures, SiteError> {
        let now = self.now();
        let since = now.checked_sub(SignedDuration::from_hours(24 * DAYS)).unwrap_or(now);
        let sql = format!(
            "select began_at, ended_at, how from introduction_turn
             where company = $1 and ended_at > $2 and stage in ('asked', 'inquired') and how in ('acted', 'lapsed')
             order by ended_at desc limit {MOST}"
        );
        let turns: Vec<(Timestamp, Timestamp, String)> = self.db.all(&sql, params![company, since]).await?;
        let acted = turns.iter().filter(|(.., how)| how == "acted");
        let mut waits: Vec<SignedDuration> = acted.map(|(began, ended, _)| ended.duration_since(*began)).collect();
        waits.sort_unstable();
        let sql = "select reason, count(*) from introduction
                   where company = $1 and ended_at > $2 and ending = 'closed' and reason is not null group by reason order by reason";
        let rows: Vec<(String, i64)> = self.db.all(sql, params![company, since]).await?;
        let outcomes: Vec<(Outcome, i64)> =
            rows.into_iter().filter_map(|(code, count)| Some((Outcome::parse(&code)?, count))).collect();
        Ok(Figures {
            turns: i64::try_from(turns.len()).unwrap_or(MOST),
            answered: i64::try_from(waits.len()).unwrap_or(MOST),
            median: waits.get(waits.len().saturating_sub(1) / 2).copied(),
            closed: outcomes.iter().map(|(_, count)| count).sum(),
            outcomes,
        })
    }
}

#[derive(Template)]
#[template(path = "introduction/figures.html")]
struct Part<'a> {
    figures: &'a Figures,
}

impl Part<'_> {
    fn has_turns(&self) -> bool {
        self.figures.turns >= FLOOR
    }

    fn has_outcomes(&self) -> bool {
        self.figures.closed >= FLOOR
    }

    fn median(&self) -> Option<String> {
        self.figures.median.map(wait_words)
    }
}

/// `3 days`, `5 hours`, `less than an hour`.
fn wait_words(wait: SignedDuration) -> String {
    let plural = |count: i64, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    match wait.as_hours() {
        0 => "less than an hour".to_owned(),
        hours @ 1..48 => plural(hours, "hour"),
        hours => plural(hours / 24, "day"),
    }
}

impl Figures {
    /// For a page.
    ///
    /// # Errors
    /// The template's.
    pub(crate) fn part(&self) -> Result<Html, SiteError> {
        render(&Part { figures: self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_told_as_people_tell_it() {
        let of = |hours| wait_words(SignedDuration::from_hours(hours));
        assert_eq!(
            [of(0), of(1), of(47), of(48), of(24 * 9 + 5)],
            ["less than an hour", "1 hour", "47 hours", "2 days", "9 days"]
        );
    }

    #[test]
    fn too_few_turns_show_no_figure() {
        let figures =
            Figures { turns: 4, answered: 4, median: Some(SignedDuration::from_hours(3)), ..Figures::default() };
        let text = figures.part().unwrap().into_string();
        assert!(text.contains("Not enough yet") && !text.contains("3 hours"), "{text}");
        // Nor how many there are: one more may be one person's.
        let none = Figures::default().part().unwrap().into_string();
        assert_eq!(text, none);
        let text = Figures { turns: 5, ..figures }.part().unwrap().into_string();
        assert!(text.contains("4 of 5") && text.contains("3 hours"), "{text}");
    }
}
