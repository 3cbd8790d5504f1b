//! Several things in a sentence.

/// `guides, tasks and checks`, with `and` as the word before the last.
pub(crate) fn listed(things: &[String], and: &str) -> String {
    match things.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} {and} {last}", rest.join(", ")),
        _ => things.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_has_the_word_before_it() {
        let listed = |things: &[&str]| listed(&things.iter().map(ToString::to_string).collect::<Vec<_>>(), "or");
        assert_eq!([&[][..], &["a"], &["a", "b"], &["a", "b", "c"]].map(listed), ["", "a", "a or b", "a, b or c"]);
    }
}
