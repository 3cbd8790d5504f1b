//! What is said of a question's form and of the time it takes.

use jobfuture_content::Form;

/// How long a prepared person takes: `about a minute`.
pub fn time(seconds: u32) -> String {
    match seconds {
        0..50 => format!("about {} seconds", (seconds + 2) / 5 * 5),
        50..75 => "about a minute".to_owned(),
        75..105 => "about 90 seconds".to_owned(),
        _ => format!("about {} minutes", (seconds + 30) / 60),
    }
}

/// What a list says of the form.
pub fn kind(form: Form) -> &'static str {
    match form {
        Form::Choice => "Choose one",
        Form::Choices => "Choose all that are right",
        Form::Number => "Give a number",
        Form::Text => "Type a word or an expression",
        Form::Prints => "Say what it prints",
        Form::Statements => "Count its statements",
    }
}

/// The legend of the options, or the label of the field.
pub fn asks(form: Form) -> &'static str {
    match form {
        Form::Choice => "Choose the one that is right",
        Form::Choices => "Choose every one that is right",
        Form::Number => "Your answer, a number",
        Form::Text => "Your answer, a word or a short expression",
        Form::Prints => "What it prints",
        Form::Statements => "Number of statements",
    }
}

/// How an answer is read.
pub fn help(form: Form) -> &'static str {
    match form {
        Form::Choice => "Once you have answered, each option says why it is right or not.",
        Form::Choices => "The answer is right when all of them are chosen, and no other.",
        Form::Number => "In digits. 3 and 3.0 are the same.",
        Form::Text => "Capital letters, quotation marks and spaces around it make no difference.",
        Form::Prints => {
            "A line for each line that is printed; spaces at either end of a line make no difference. Work it out first: \
             with the answer you can run the code."
        }
        Form::Statements => {
            "In digits. SELECT, INSERT, UPDATE and DELETE count, and changes to tables; BEGIN, COMMIT and savepoints do \
             not. Work it out first: with the answer you can run the code."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_well() {
        let said = [20, 43, 60, 90, 120, 170].map(time);
        let wanted = [
            "about 20 seconds",
            "about 45 seconds",
            "about a minute",
            "about 90 seconds",
            "about 2 minutes",
            "about 3 minutes",
        ];
        assert_eq!(said, wanted);
    }
}
