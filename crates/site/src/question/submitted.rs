//! What a person sends, read with the question that they saw.

use crate::practice::Form;
use jobfuture_content::{Answer, Form as Asks, QuestionVariant};

/// An answer as it was sent, so that it can be shown again.
#[derive(Debug, Default)]
pub struct Submitted {
    /// Numbers of options as they stand on the page, from 1. Which of them is right is not told by their place in the file,
    /// so that place never reaches a browser.
    numbers: Vec<String>,
    /// What was typed.
    pub typed: String,
    /// What cannot be read of it.
    pub unreadable: Option<String>,
}

impl Submitted {
    /// Takes what is there.
    pub fn of(form: &Form) -> Self {
        let sent = form.with_prefix("option").filter(|(rest, _)| rest.is_empty());
        let mut numbers: Vec<String> = sent.map(|(_, value)| String::from_utf8_lossy(value).into_owned()).collect();
        numbers.sort();
        numbers.dedup();
        let (typed, unreadable) = match form.text("answer") {
            Ok(typed) => (typed.unwrap_or_default(), None),
            Err(error) => (String::new(), Some(error.what())),
        };
        Self { numbers, typed, unreadable }
    }

    /// An answer that was kept, as it was sent.
    pub fn again(answer: &Answer, variant: &QuestionVariant) -> Self {
        match answer {
            Answer::Typed(typed) => Self { typed: typed.clone(), ..Self::default() },
            Answer::Options(places) => {
                let shown = variant.options.iter().enumerate().filter(|(_, option)| places.contains(&option.place));
                Self { numbers: shown.map(|(at, _)| (at + 1).to_string()).collect(), ..Self::default() }
            }
        }
    }

    /// Whether the option of this number, from 1, was chosen.
    pub fn chose(&self, number: &usize) -> bool {
        self.numbers.iter().any(|chosen| chosen.parse() == Ok(*number))
    }

    /// As it is judged and would be stored: options by their places in the file. One that is not there has a place beyond.
    pub fn answer(&self, asks: Asks, variant: &QuestionVariant) -> Answer {
        if !matches!(asks, Asks::Choice | Asks::Choices) {
            return Answer::Typed(self.typed.clone());
        }
        let place = |number: &String| {
            let at = number.parse::<usize>().ok()?.checked_sub(1)?;
            Some(variant.options.get(at)?.place)
        };
        Answer::Options(self.numbers.iter().map(|number| place(number).unwrap_or(usize::MAX)).collect())
    }
}
