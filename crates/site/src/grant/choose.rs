//! What can be shown to somebody, to be ticked: signals, and the fields that hold something.

use crate::error::SiteError;
use crate::page::{Html, render};
use crate::profile::{fields_shown, groups, signal_words, words_of};
use crate::site::Site;
use askama::Template;
use jobfuture_disclosure::{Fact, Field, OwnerKey};
use std::collections::BTreeSet;

/// Which fields are offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Offered {
    /// All that hold something, and signals.
    All,
    /// Those that say who somebody is.
    Identity,
}

#[derive(Template)]
#[template(path = "grant/choose.html")]
struct Choose {
    /// Of the form's fields.
    name: &'static str,
    signals: Vec<Choice>,
    groups: Vec<(&'static str, &'static str, Vec<Choice>)>,
}

struct Choice {
    fact: String,
    label: Option<&'static str>,
    /// Its beginning, so that one sees what is about to be shown.
    says: String,
    is_checked: bool,
}

/// Ticks for what can be shown, under this name.
pub(crate) async fn choices(
    site: &Site,
    me: OwnerKey,
    name: &'static str,
    offered: Offered,
    checked: &[String],
) -> Result<Html, SiteError> {
    let (disclosure, words) = (site.disclosure(), words_of(site.library()));
    let profile = disclosure.profile(me).await?;
    let choice = |fact: Fact, label, says| {
        let fact = fact.to_string();
        let is_checked = checked.contains(&fact);
        Choice { fact, label, says, is_checked }
    };
    let mut shown = Vec::new();
    for (title, about, fields) in groups() {
        let offers = fields.into_iter().filter(|field| offered == Offered::All || field.is_identity());
        let parts = offers.filter_map(|field| {
            let entries = fields_shown(field, profile.own(me, field), &words);
            let is_offered = !entries.is_empty() || field == Field::Organisations;
            let first = entries.first().and_then(|entry| entry.first()).map(|line| line.text.clone());
            let says = match (entries.len(), first) {
                (0, _) => field.about().to_owned(),
                (1, Some(first)) => shortened(&first),
                (count, first) => format!("{} and {} more", shortened(&first.unwrap_or_default()), count - 1),
            };
            is_offered.then(|| choice(Fact::Field(field), Some(field.label()), says))
        });
        shown.push((title, about, parts.collect::<Vec<_>>()));
    }
    let signals = match offered {
        Offered::All => disclosure.signals(me).await?,
        Offered::Identity => Vec::new(),
    };
    let live = signals.iter().filter(|signal| signal.is_live(disclosure.now()));
    let signals = live.map(|signal| choice(Fact::Signal(signal.id), None, signal_words(&signal.body.says))).collect();
    render(&Choose { name, signals, groups: shown })
}

/// What was ticked; nothing if something of it is no such thing.
pub(crate) fn facts(ticked: &[String]) -> Option<BTreeSet<Fact>> {
    ticked.iter().map(|text| Fact::parse(text)).collect()
}

fn shortened(text: &str) -> String {
    const MOST: usize = 70;
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() <= MOST {
        line.to_owned()
    } else {
        format!("{}…", line.chars().take(MOST).collect::<String>())
    }
}
