//! A text and its highlights: JSON Resume keeps them apart, a field of ours in one text with a line for each.

/// What begins the line of a highlight.
const BULLET: &str = "– ";

/// What others begin such a line with.
const BULLETS: [&str; 6] = ["– ", "— ", "- ", "* ", "• ", "· "];

/// How many highlights are written for one entry. With more, a whole profile could pass the limit of what is read.
const MOST_HIGHLIGHTS: usize = 40;

/// A highlight as a line.
pub(super) fn line_of(highlight: &str) -> String {
    let bare = BULLETS.iter().find_map(|bullet| highlight.strip_prefix(bullet)).unwrap_or(highlight);
    format!("{BULLET}{}", bare.trim_start())
}

/// The text apart from its highlights, such that together they are the same text again. When that cannot be, it stays one
/// text.
pub(super) fn apart(text: &str) -> (&str, Vec<&str>) {
    let mut lead = text;
    let mut highlights = Vec::new();
    loop {
        let (before, last) = lead.rsplit_once('\n').unwrap_or(("", lead));
        let Some(highlight) = last.strip_prefix(BULLET) else { break };
        highlights.push(highlight);
        lead = before;
    }
    highlights.reverse();
    let fits = highlights.len() <= MOST_HIGHLIGHTS && together(lead, &highlights) == text;
    if fits { (lead, highlights) } else { (text, Vec::new()) }
}

fn together(lead: &str, highlights: &[&str]) -> String {
    let lead = Some(lead.trim().to_owned()).filter(|lead| !lead.is_empty());
    lead.into_iter().chain(highlights.iter().map(|line| line_of(line.trim()))).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn highlights_come_apart_where_they_come_together_again() {
        assert_eq!(apart("Search\n– a\n– b"), ("Search", vec!["a", "b"]));
        assert_eq!(apart("– a"), ("", vec!["a"]));
        assert_eq!(apart("– a\nand more"), ("– a\nand more", vec![]));
        for whole in ["Search\n\n– a", "Search\n– – a", "a\n–  b", "a\n– b ", "– a\n–"] {
            assert_eq!(apart(whole), (whole, vec![]), "{whole}");
        }
        let many = vec!["– a"; MOST_HIGHLIGHTS + 1].join("\n");
        assert_eq!(apart(&many).1, Vec::<&str>::new());
        assert_eq!(line_of("• a"), "– a");
    }
}
