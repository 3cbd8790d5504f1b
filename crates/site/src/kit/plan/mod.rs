//! What to ask in an interview, and what not: made of the vacancy's terms and of what the company sees of the candidate, and of
//! nothing else. A pure function, so that it can be held against its promises.
//!
//! Whatever is chosen is chosen by the vacancy: two candidates of one vacancy are asked the same, but for what they have shown.

mod choose;
mod length;
mod rubric;

pub use choose::{PlannedQuestion, PlannedTask};
pub use length::{Length, Part};
pub use rubric::{Basis, GRADES, RubricRow};

use jobfuture_content::{Level, Library};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// From which everything is drawn that could be chosen otherwise. All conversations about one vacancy have the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seed([u8; 32]);

impl Seed {
    /// Of a vacancy, or of what stands for one. The secret is the instance's own: a vacancy's id is public, and what will be asked
    /// is not to be worked out of it.
    pub fn of(secret: &[u8], vacancy: &str) -> Self {
        Self(Sha256::new().chain_update("kit").chain_update(secret).chain_update(vacancy).finalize().into())
    }

    /// A number for one thing.
    fn number(&self, what: &str) -> u64 {
        let hash: [u8; 32] = Sha256::new().chain_update(self.0).chain_update(what).finalize().into();
        hash.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
    }
}

/// What the vacancy asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brief {
    /// A role of the content.
    pub role: String,
    /// The level that is asked for.
    pub level: Level,
    /// Competencies without which nobody can do the work.
    pub must: Vec<String>,
    /// Those that help.
    pub nice: Vec<String>,
    /// What its interviews are drawn from.
    pub seed: Seed,
}

/// What the company sees of the candidate, as far as the plan needs it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shown {
    /// The latest first.
    pub signals: Vec<ShownSignal>,
    /// Competencies that the candidate says they have.
    pub claimed: BTreeSet<String>,
}

/// A signal, in words where the plan only repeats them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownSignal {
    /// `Django developer: at Middle or above`
    pub title: String,
    /// The level; nothing if it is one that the content does not know.
    pub at_least: Option<Level>,
    /// Competencies that it names.
    pub competencies: BTreeSet<String>,
    /// Behaviours that it names.
    pub behaviours: Vec<String>,
    /// What was asked in its check: a task that was done there is not given again.
    pub asked: BTreeSet<String>,
    /// How the check was taken.
    pub condition: String,
    /// On which day.
    pub taken_on: String,
}

/// A competency that the vacancy asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Topic<'a> {
    /// Its id.
    pub id: &'a str,
    /// What it is called; its id if the content has dropped it.
    pub name: &'a str,
    /// What somebody who has it can be seen to do; empty if the content has dropped it.
    pub can: &'a str,
    /// Whether nobody can do the work without it.
    pub is_must: bool,
}

/// Something that has been shown, and by which signals.
#[derive(Debug, Clone)]
pub struct Evident<'a> {
    /// What.
    pub topic: Topic<'a>,
    /// By which; never empty.
    pub by: Vec<&'a ShownSignal>,
}

/// Why there is to be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why<'a> {
    /// The candidate says so, and no signal does.
    Claimed,
    /// Nothing is said of it; nothing follows from that.
    NotMentioned,
    /// A signal names it at a lower level than the vacancy asks for.
    ShownBelow(&'a ShownSignal),
}

/// Something of which little is known.
#[derive(Debug, Clone)]
pub struct Thin<'a> {
    /// What.
    pub topic: Topic<'a>,
    /// Why it is to be asked.
    pub why: Why<'a>,
    /// At most two; the second is for when there is time. None if the content has none.
    pub questions: Vec<PlannedQuestion<'a>>,
    /// Minutes for it. None if there are more such competencies than the time holds.
    pub minutes: u32,
}

/// A whole plan.
#[derive(Debug, Clone)]
pub struct Plan<'a> {
    /// How long it is.
    pub length: Length,
    /// Its parts in their order, with minutes that sum to its length.
    pub parts: Vec<(Part, u32)>,
    /// What has been shown of what the vacancy asks for.
    pub shown: Vec<Evident<'a>>,
    /// What is to be asked, in the order in which it is.
    pub thin: Vec<Thin<'a>>,
    /// What is done together, if the content has a task for something of which little is known.
    pub task: Option<PlannedTask<'a>>,
    /// For everything that the vacancy asks for, in the vacancy's order.
    pub rubric: Vec<RubricRow<'a>>,
}

impl<'a> Plan<'a> {
    /// Makes it.
    pub fn of(library: &'a Library, brief: &'a Brief, shown: &'a Shown, length: Length) -> Self {
        let topics = topics(library, brief);
        let (mut evident, mut thin) = (Vec::new(), Vec::new());
        for topic in &topics {
            match told(brief, shown, topic.id) {
                Ok(by) => evident.push(Evident { topic: *topic, by }),
                Err(why) => {
                    let questions = choose::questions(library, brief, topic.id);
                    thin.push(Thin { topic: *topic, why, questions, minutes: 0 });
                }
            }
        }
        let task = choose::task(library, brief, shown, &topics, &thin);
        let time = length::Time::of(length, thin.len(), task.is_some());
        for (one, minutes) in thin.iter_mut().zip(&time.each) {
            one.minutes = *minutes;
        }
        let rubric = topics.iter().map(|topic| {
            let is_shown = evident.iter().any(|one| one.topic.id == topic.id);
            rubric::row(library, brief, *topic, is_shown)
        });
        let rubric = rubric.collect();
        Self { length, parts: time.parts, shown: evident, thin, task, rubric }
    }

    /// Minutes of a part; none if there is no such part.
    pub fn minutes(&self, part: Part) -> u32 {
        self.parts.iter().find(|(one, _)| *one == part).map_or(0, |(_, minutes)| *minutes)
    }

    /// Competencies for which the time does not suffice.
    pub fn without_time(&self) -> impl Iterator<Item = &Thin<'a>> {
        self.thin.iter().filter(|one| one.minutes == 0)
    }
}

/// What the vacancy asks for, each once: what is a must first.
pub fn topics<'a>(library: &'a Library, brief: &'a Brief) -> Vec<Topic<'a>> {
    let both = brief.must.iter().map(|id| (id, true)).chain(brief.nice.iter().map(|id| (id, false)));
    let mut topics: Vec<Topic<'a>> = Vec::new();
    for (id, is_must) in both {
        if topics.iter().any(|topic| topic.id == *id) {
            continue;
        }
        let known = library.competencies.iter().find(|competency| competency.id == *id);
        let (name, can) = known.map_or((id.as_str(), ""), |known| (known.name.as_str(), known.can.as_str()));
        topics.push(Topic { id, name, can, is_must });
    }
    topics
}

/// Which signals show it at the level that is asked for, or why it is to be asked.
fn told<'a>(brief: &Brief, shown: &'a Shown, competency: &str) -> Result<Vec<&'a ShownSignal>, Why<'a>> {
    let naming: Vec<_> = shown.signals.iter().filter(|signal| signal.competencies.contains(competency)).collect();
    let enough = |signal: &&&ShownSignal| signal.at_least.is_some_and(|level| level >= brief.level);
    let by: Vec<_> = naming.iter().filter(enough).copied().collect();
    if !by.is_empty() {
        return Ok(by);
    }
    Err(match naming.first() {
        Some(signal) => Why::ShownBelow(signal),
        None if shown.claimed.contains(competency) => Why::Claimed,
        None => Why::NotMentioned,
    })
}

#[cfg(test)]
mod tests;
