//! What these pages say of levels, times and ends.

use crate::check::{EndedBy, Reading};
use crate::guide::level_name;
use jobfuture_content::{Form, Level};
use psychometrics::score::{DOTS, Words};

/// Working time: `12 minutes`.
pub fn minutes(seconds: u64) -> String {
    match (seconds + 30) / 60 {
        0 => "less than a minute".to_owned(),
        1 => "a minute".to_owned(),
        minutes => format!("{minutes} minutes"),
    }
}

/// The statement about the level. `levels` rise; bands are counted from 0, which lies below the first of them.
pub fn statement(reading: &Reading, levels: &[Level]) -> String {
    let name = |band: usize| band.checked_sub(1).and_then(|at| levels.get(at)).map(|level| level_name(*level));
    let is_top = |band: usize| band == levels.len();
    let first = levels.first().map_or("the first level", |level| level_name(*level));
    match reading.words() {
        Words::Clearly { band } => match name(band) {
            None => format!("You are clearly on the way to {first}."),
            Some(name) if is_top(band) => format!("You are clearly at {name}."),
            Some(name) => format!("You are clearly at {name} or above."),
        },
        Words::Likely { band } => match name(band) {
            None => format!("You are likely on the way to {first}."),
            Some(name) if is_top(band) => format!("You are likely at {name}."),
            Some(name) => format!("You are likely at {name} or above."),
        },
        Words::OnTheLine { between: (lower, upper) } => match name(lower) {
            None => format!("You are on the line to {}.", name(upper).unwrap_or(first)),
            Some(lower) => format!("You are on the line between {lower} and {}.", name(upper).unwrap_or(first)),
        },
        Words::Open { from, to } => match name(from) {
            None => format!("It is open yet: anything up to {} is possible.", name(to).unwrap_or(first)),
            Some(from) => format!("It is open yet: anything from {from} to {} is possible.", name(to).unwrap_or(first)),
        },
    }
}

/// The same as a count of twenty readings.
pub fn readings(reading: &Reading, levels: &[Level]) -> String {
    let band = match reading.words() {
        Words::Clearly { band } | Words::Likely { band } => band,
        Words::OnTheLine { between: (_, upper) } => upper,
        Words::Open { from, to } => (from + 1).min(to),
    };
    let Some(level) = band.checked_sub(1).and_then(|at| levels.get(at)) else {
        let first = levels.first().map_or("the first level", |level| level_name(*level));
        let below = reading.dots().first().copied().unwrap_or_default();
        return format!("In {below} of {DOTS} equally likely readings you are below {first}.");
    };
    let above = if band == levels.len() { "" } else { " or above" };
    let count = reading.dots_at_or_above(band);
    format!("In {count} of {DOTS} equally likely readings you are at {}{above}.", level_name(*level))
}

/// What would settle it.
pub fn to_settle(reading: &Reading) -> Option<String> {
    let settle = reading.to_settle?;
    if matches!(reading.words(), Words::Clearly { .. } | Words::Likely { .. }) && settle.answers == 0 {
        return None;
    }
    if settle.settles < 0.5 {
        return Some(
            "Quick questions alone would probably not settle it: this close to a border it takes more tasks."
                .to_owned(),
        );
    }
    let (answers, minutes) = (settle.answers.max(1), settle.minutes.ceil().max(1.0));
    let questions =
        if answers == 1 { "one more quick question".to_owned() } else { format!("{answers} more quick questions") };
    Some(format!("About {questions} ({minutes} minutes) would probably settle it."))
}

/// What has become of the level since the last check.
pub fn change(dots: usize, since: &str) -> String {
    match dots {
        15.. => format!("It is likely that your level has risen since {since}: {dots} of {DOTS} readings say so."),
        0..=5 => {
            format!("Compared with {since}, {} of {DOTS} readings lie lower. A day's form counts too.", DOTS - dots)
        }
        _ => format!(
            "Whether your level has changed since {since} cannot be told: {dots} of {DOTS} readings lie higher."
        ),
    }
}

/// Why a check ended.
pub fn ended(by: EndedBy) -> &'static str {
    match by {
        EndedBy::Settled => "It ended when more answers would hardly have changed what is said.",
        EndedBy::Full => "It went its whole length.",
        EndedBy::Time => "It ended because the next thing would not have fitted into the time.",
        EndedBy::UsedUp => "It ended because you have met everything else that it has.",
        EndedBy::Stopped => "You ended it early, so that what it says is wider.",
    }
}

/// How an answer is read, while right and wrong are not told yet.
pub fn help(form: Form) -> &'static str {
    match form {
        Form::Choice => "One is right. If you do not know, choose what you think most likely.",
        Form::Choices => "Right when all of them are chosen, and no other.",
        Form::Number => "In digits. 3 and 3.0 are the same.",
        Form::Text => "Capital letters, quotation marks and spaces around it make no difference.",
        Form::Prints => "A line for each line that is printed; spaces at either end of a line make no difference.",
        Form::Statements => {
            "In digits. SELECT, INSERT, UPDATE and DELETE count, and changes to tables; BEGIN, COMMIT and savepoints do not."
        }
    }
}
