//! Those who were found, as the door shows them.

use super::words;
use crate::error::SiteError;
use crate::profile::{condition_words, day_of};
use crate::routes::CandidateUrl;
use crate::site::Site;
use jobfuture_disclosure::{AsCompany, Field, Seen, Vocabulary};
use jobfuture_pool::{Answer, Facts, Found, Why, Wish};
use std::collections::HashMap;
use uuid::Uuid;

/// One candidate among those who were found.
pub(super) struct Card {
    /// By which the company knows them.
    pub name: String,
    pub url: String,
    pub called: String,
    pub headline: Option<String>,
    pub signals: Vec<String>,
    /// What of the search they meet.
    pub must: Vec<String>,
    pub nice: Vec<String>,
}

/// Shows this page of an answer: what the door gives of each at this moment. Whoever shows nothing any more, or not what was asked
/// for, is left out; an index may be a moment older. That they were shown is counted.
pub(super) async fn cards(
    site: &Site,
    viewer: &AsCompany,
    answer: &Answer,
    words: &Vocabulary,
) -> Result<Vec<Card>, SiteError> {
    let accounts: Vec<Uuid> = answer.found.iter().map(|found| found.candidate).collect();
    let by_account: HashMap<Uuid, &Found> = answer.found.iter().map(|found| (found.candidate, found)).collect();
    let seen = site.disclosure().see_these(viewer, &accounts).await?;
    let shown = seen.iter().filter_map(|(account, seen)| {
        let why = still_so(by_account.get(account)?, seen)?;
        Some((*account, card(viewer, seen, &why, words)))
    });
    let (shown, cards): (Vec<Uuid>, Vec<Card>) = shown.unzip();
    site.pool().count_shown(viewer.company(), shown);
    Ok(cards)
}

/// Why somebody was found, as far as what is seen of them bears it out; nothing if they do not meet what is needed any more.
fn still_so(found: &Found, seen: &Seen) -> Option<Vec<Why>> {
    let mut facts = Facts::of_seen(seen);
    facts.roles.extend(seen.pools().map(str::to_owned));
    let borne_out: Vec<Option<Why>> = found.why.iter().map(|why| facts.bear_out(why)).collect();
    let is_missed = found.why.iter().zip(&borne_out).any(|(why, now)| why.wish == Wish::Must && now.is_none());
    (!is_missed).then(|| borne_out.into_iter().flatten().collect())
}

fn card(viewer: &AsCompany, seen: &Seen, why: &[Why], words: &Vocabulary) -> Card {
    let (company, name) = (viewer.company().to_string(), seen.name().to_string());
    let of = |wish: Wish| why.iter().filter(|why| why.wish == wish).map(|why| words::why(words, why)).collect();
    let headline = seen.field(Field::Headline).and_then(|value| value.entries().first()?.get("headline").cloned());
    Card {
        url: CandidateUrl { company: &company, candidate: &name }.to_url(),
        called: seen.called(),
        headline,
        signals: signals(seen),
        must: of(Wish::Must),
        nice: of(Wish::Nice),
        name,
    }
}

/// Signals in a line each.
pub(super) fn signals(seen: &Seen) -> Vec<String> {
    let line = |says: &jobfuture_disclosure::Signal| {
        let how = condition_words(&says.condition);
        format!("{}: at {} or above. {how}. {}.", says.role.name, says.at_least.name, day_of(says))
    };
    seen.signals().iter().map(|signal| line(signal.says())).collect()
}
