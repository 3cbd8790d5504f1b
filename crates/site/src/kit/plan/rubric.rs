//! The words by which what was seen is graded: four steps for each competency, each anchored in something that can be seen.

use super::{Brief, Topic};
use crate::guide::{LEVELS, level_name};
use jobfuture_content::{Library, Role};

/// Steps of a grade, beside “not seen”.
pub const GRADES: usize = 4;

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    /// What it is called.
    pub name: &'static str,
    /// What is seen at it.
    pub says: String,
}

/// Where the steps are from.
#[derive(Debug, Clone, Copy)]
pub enum Basis<'a> {
    /// Levels of a role, in its own words.
    Role(&'a Role),
    /// No role describes the competency: how answers to its questions are told apart.
    Answers,
}

/// The steps of one competency.
#[derive(Debug, Clone)]
pub struct RubricRow<'a> {
    /// Of which.
    pub topic: Topic<'a>,
    /// Where they are from.
    pub basis: Basis<'a>,
    /// Rising.
    pub anchors: [Anchor; GRADES],
    /// Which of them the vacancy asks for, from 0.
    pub asked: usize,
    /// Whether a signal has shown it: it is graded only if the talk came to it.
    pub is_shown: bool,
}

/// The steps for one competency: of the vacancy's role if that describes it, of another role's that does, or of answers.
pub(super) fn row<'a>(library: &'a Library, brief: &Brief, topic: Topic<'a>, is_shown: bool) -> RubricRow<'a> {
    let own = library.roles.get(&brief.role);
    let others = library.roles.values().filter(|role| role.id != brief.role);
    let described = own.into_iter().chain(others).find_map(|role| {
        let row = role.rows.iter().find(|row| row.competency == topic.id)?;
        Some((role, row))
    });
    let Some((role, row)) = described else {
        return RubricRow { topic, basis: Basis::Answers, anchors: of_answers(topic), asked: 2, is_shown };
    };
    let [junior, middle, senior] =
        LEVELS.map(|level| Anchor { name: level_name(level), says: row.at(level).to_owned() });
    let not_yet =
        "It was asked for, with time to think and a second try, and what stands at the next step was not seen.";
    let not_yet = Anchor { name: "Not yet", says: not_yet.to_owned() };
    let asked = 1 + LEVELS.iter().position(|level| *level == brief.level).unwrap_or_default();
    RubricRow { topic, basis: Basis::Role(role), anchors: [not_yet, junior, middle, senior], asked, is_shown }
}

fn of_answers(topic: Topic<'_>) -> [Anchor; GRADES] {
    let whole = match topic.can {
        "" => "An answer as the strong one, without help.".to_owned(),
        can => format!("An answer as the strong one, without help. {can}"),
    };
    let anchor = |name, says: &str| Anchor { name, says: says.to_owned() };
    [
        anchor("Not yet", "Answers as the weak one, also after a follow-up and with time to think."),
        anchor("In part", "Parts of a strong answer, or all of it with help."),
        anchor("Well", &whole),
        anchor(
            "And further",
            "That, and the follow-ups: what it costs, when they would do otherwise, from work of their own.",
        ),
    ]
}
