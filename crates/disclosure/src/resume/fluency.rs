//! How well somebody speaks a language, which JSON Resume leaves to everybody's own words.

/// What is written for each of our levels.
const WRITTEN: [(&str, &str); 4] =
    [("basic", "Basic"), ("working", "Professional working"), ("fluent", "Fluent"), ("first", "Native speaker")];

/// Words by which a level is known. The first that stands in the text is meant, so those that limit another come before it:
/// in doubt it is the lower one, for nobody should be said to speak better than they wrote.
const KNOWN: &[(&str, &str)] = &[
    ("near native", "fluent"),
    ("native like", "fluent"),
    ("upper intermediate", "working"),
    ("a1", "basic"),
    ("a2", "basic"),
    ("b1", "basic"),
    ("elementary", "basic"),
    ("basic", "basic"),
    ("basics", "basic"),
    ("beginner", "basic"),
    ("limited", "basic"),
    ("intermediate", "basic"),
    ("conversational", "basic"),
    ("b2", "working"),
    ("full professional", "fluent"),
    ("professional", "working"),
    ("working", "working"),
    ("business", "working"),
    ("c1", "fluent"),
    ("c2", "fluent"),
    ("fluent", "fluent"),
    ("fluently", "fluent"),
    ("advanced", "fluent"),
    ("proficient", "fluent"),
    ("native", "first"),
    ("bilingual", "first"),
    ("mother tongue", "first"),
    ("first language", "first"),
    ("first", "first"),
];

/// Words that turn what follows into its opposite.
const DENYING: [&str; 5] = ["not", "non", "no", "never", "hardly"];

/// Our level for what somebody wrote, if it can be told.
pub(super) fn level(text: &str) -> Option<&'static str> {
    let words: Vec<String> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    if words.iter().any(|word| DENYING.contains(&word.as_str())) {
        return None;
    }
    // Spaces around, so that whole words are found.
    let words = format!(" {} ", words.join(" "));
    KNOWN.iter().find(|(known, _)| words.contains(&format!(" {known} "))).map(|(_, level)| *level)
}

/// What is written for a level of ours.
pub(super) fn written(level: &str) -> Option<&'static str> {
    WRITTEN.iter().find(|(ours, _)| *ours == level).map(|(_, written)| *written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_is_understood_and_never_raised() {
        let cases = [
            ("Native speaker", Some("first")),
            ("Native or bilingual proficiency", Some("first")),
            ("mother tongue", Some("first")),
            ("Near-native", Some("fluent")),
            ("Fluent (C1)", Some("fluent")),
            ("Full professional proficiency", Some("fluent")),
            ("Professional working", Some("working")),
            ("B2", Some("working")),
            ("Upper intermediate", Some("working")),
            ("Limited working proficiency", Some("basic")),
            ("Beginner", Some("basic")),
            ("a2", Some("basic")),
            ("non-native", None),
            ("Not fluent", None),
            ("Alternative", None),
            ("4/5", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(level(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_written_is_understood_again() {
        for (ours, text) in WRITTEN {
            assert_eq!(level(text), Some(ours));
        }
    }
}
