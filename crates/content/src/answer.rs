//! What is no answer, right or wrong: nothing at all, or something of another form than the question asks for.

use crate::quick::{Answer, Form, QuickQuestion, number};

/// The longest answer that is taken, in bytes: what code prints, with room to spare.
pub const MAX_ANSWER_BYTES: usize = 8 * 1024;

/// Why an answer cannot be judged. The texts are fit for the person who answers: what is so, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unanswered {
    /// No option was chosen.
    #[error("Nothing is chosen yet. {0}")]
    NothingChosen(&'static str),
    /// Nothing was typed.
    #[error("The answer is empty. Type it in the field, then check it.")]
    NothingTyped,
    /// Several options, where one is right.
    #[error("Several options were sent, and one of them is right. Choose one.")]
    SeveralChosen,
    /// An option that the question has not.
    #[error("What was sent names an option that this question has not. Choose among those below.")]
    NoSuchOption,
    /// Words where a number is asked for.
    #[error("“{0}” is not a number. Write it in digits, as in 12.")]
    NotANumber(String),
    /// Too long to be one.
    #[error("This is longer than any answer here: {MAX_ANSWER_BYTES} bytes are taken at most. Shorten it.")]
    TooLong,
    /// Typed where options are chosen, or chosen where something is typed.
    #[error("What was sent is an answer to another kind of question. Answer it below.")]
    OtherForm,
}

impl QuickQuestion {
    /// Whether an answer is of the form that is asked for, so that it can be right or wrong.
    ///
    /// # Errors
    /// [`Unanswered`]: why not, and what to do.
    pub fn check_answer(&self, answer: &Answer, options: usize) -> Result<(), Unanswered> {
        self.manifest.form.check_answer(answer, options)
    }
}

impl Form {
    /// Whether an answer is of this form, where there are so many options to choose from.
    ///
    /// # Errors
    /// [`Unanswered`]: why not, and what to do.
    pub fn check_answer(self, answer: &Answer, options: usize) -> Result<(), Unanswered> {
        match (self, answer) {
            (Self::Choice | Self::Choices, Answer::Options(chosen)) => self.check_chosen(chosen, options),
            (Self::Number | Self::Statements, Answer::Typed(typed)) => {
                check_typed(typed)?;
                number(typed).map(|_| ()).ok_or_else(|| Unanswered::NotANumber(shortened(typed.trim())))
            }
            (Self::Text | Self::Prints, Answer::Typed(typed)) => check_typed(typed),
            _ => Err(Unanswered::OtherForm),
        }
    }

    fn check_chosen(self, chosen: &[usize], options: usize) -> Result<(), Unanswered> {
        let one = self == Self::Choice;
        match chosen {
            [] if one => Err(Unanswered::NothingChosen("Choose the option that is right.")),
            [] => Err(Unanswered::NothingChosen("Choose every option that is right; there is at least one.")),
            _ if chosen.iter().any(|place| *place >= options) => Err(Unanswered::NoSuchOption),
            [_, _, ..] if one => Err(Unanswered::SeveralChosen),
            _ => Ok(()),
        }
    }
}

fn check_typed(typed: &str) -> Result<(), Unanswered> {
    if typed.trim().is_empty() {
        return Err(Unanswered::NothingTyped);
    }
    if typed.len() > MAX_ANSWER_BYTES { Err(Unanswered::TooLong) } else { Ok(()) }
}

fn shortened(text: &str) -> String {
    let short: String = text.chars().take(40).collect();
    if short.len() < text.len() { format!("{short}…") } else { short }
}
