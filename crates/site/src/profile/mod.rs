//! What a candidate writes of themselves, field by field, and who sees each.

pub(crate) mod addresses;
mod edit;
mod overview;
mod preview;
mod resume;
mod shown;

pub(crate) use edit::{edit, keep};
pub(crate) use overview::overview;
pub(crate) use preview::preview;
pub(crate) use resume::{bring, import, resume, written};
pub(crate) use shown::{Line, SeenPart, condition_words, day_of, fields_shown, says};

use crate::guide::level_name;
use crate::page::{Html, Nav, NextSteps, Page, Step};
use crate::routes;
use jobfuture_content::{Level, Library};
use jobfuture_disclosure::{Audience, Fact, Field, GrantEntry, Vocabulary};

/// What the content calls things.
pub(crate) fn words_of(library: &Library) -> Vocabulary {
    let roles = library.roles.values().map(|role| (role.id.clone(), role.title.clone()));
    let competencies = library.competencies.iter().map(|one| (one.id.clone(), one.name.clone()));
    let levels = [("junior", Level::Junior), ("middle", Level::Middle), ("senior", Level::Senior)];
    Vocabulary {
        roles: roles.collect(),
        competencies: competencies.collect(),
        levels: levels.map(|(id, level)| (id.to_owned(), level_name(level).to_owned())).to_vec(),
    }
}

/// A page about what one keeps and shows, for its owner alone.
pub(crate) fn own_page(title: &str, main: Html, next: NextSteps) -> Page {
    Page::unlisted(title, Nav::Account, main, next)
}

/// To whom a grant is, as its owner reads it.
pub(crate) fn audience_words(entry: &GrantEntry, words: &Vocabulary) -> String {
    match &entry.audience {
        Audience::Company(_) => entry.company_name.clone().unwrap_or_else(|| "A company that is gone".to_owned()),
        Audience::Pool { role } => {
            format!("Verified companies that look for: {}", words.shown(jobfuture_disclosure::Kind::Role, role))
        }
        Audience::Link { .. } => "Whoever has the link".to_owned(),
    }
}

/// What one thing is called that can be granted.
pub(crate) fn fact_words(fact: Fact, signals: &[jobfuture_disclosure::OwnSignal]) -> String {
    match fact {
        Fact::Field(field) => field.label().to_owned(),
        Fact::Signal(id) => signals
            .iter()
            .find(|signal| signal.id == id)
            .map_or_else(|| "A signal that is gone".to_owned(), |signal| signal_words(&signal.body.says)),
    }
}

/// A signal in half a line.
pub(crate) fn signal_words(says: &jobfuture_credential::Signal) -> String {
    format!("Signal: {}, {} or above, {}", says.role.name, says.at_least.name, says.taken_on)
}

/// To one's profile.
pub(crate) fn profile_step() -> Step {
    Step::new(
        routes::PROFILE,
        "Your profile",
        "What you say of yourself; each part is seen by nobody until you grant it.",
    )
}

/// To one's signals.
pub(crate) fn signals_step() -> Step {
    Step::new(routes::SIGNALS, "Your signals", "What you chose to make of a skill check.")
}

/// To one's grants.
pub(crate) fn grants_step() -> Step {
    Step::new(routes::GRANTS, "Who sees what", "Grants: to whom, what for, until when. Take them back at any time.")
}

/// To the log.
pub(crate) fn views_step() -> Step {
    Step::new(routes::VIEWS, "Who looked", "Each look at something of yours, with what was shown.")
}

/// Fields in the groups of the pages: what says nothing of who one is, and what does.
pub(crate) fn groups() -> [(&'static str, &'static str, Vec<Field>); 2] {
    let (who, what): (Vec<Field>, Vec<Field>) = Field::ALL.into_iter().partition(|field| field.is_identity());
    [
        (
            "What you do and look for",
            "None of this is meant to say who you are. What you type is shown as you type it.",
            what,
        ),
        ("Who you are", "Masked, unless a grant of yours names it.", who),
    ]
}
