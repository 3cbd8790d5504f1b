//! What somebody wrote: checked when it comes in, and cut into lines and addresses when it is shown. It is text in any case; a
//! script in it is read, not run.

/// The longest text of a line, in characters.
pub const LONGEST: usize = 4_000;

/// Checks what was typed; gives it as it is kept.
///
/// # Errors
/// What is wrong, and the mend, as a sentence.
pub fn check(typed: &str) -> Result<String, String> {
    let text = typed.replace("\r\n", "\n").replace('\r', "\n");
    let text = text.trim();
    if text.is_empty() {
        return Err("There is nothing to send yet. Write something first.".to_owned());
    }
    let count = text.chars().count();
    if count > LONGEST {
        return Err(format!(
            "This has {count} characters; there is room for 4,000. Shorten it, or send it in two parts."
        ));
    }
    plain(text)?;
    Ok(text.to_owned())
}

/// The same for something that stands in one line.
///
/// # Errors
/// As [`check`]; `what` begins the sentence.
pub fn check_line(typed: &str, most: usize, what: &str) -> Result<String, String> {
    let text = typed.trim();
    let count = text.chars().count();
    if text.is_empty() {
        return Err(format!("{what} is missing. Write it in one line."));
    }
    if count > most {
        return Err(format!("{what} has {count} characters; there is room for {most}. Shorten it."));
    }
    if text.contains(['\n', '\r', '\t']) {
        return Err(format!("{what} has several lines. Write it in one."));
    }
    plain(text)?;
    Ok(text.to_owned())
}

/// Refuses what cannot be seen: it could make a text say something else than it holds.
fn plain(text: &str) -> Result<(), String> {
    let letters: Vec<char> = text.chars().collect();
    for (at, letter) in letters.iter().copied().enumerate() {
        if letter == '\n' || letter == '\t' {
            continue;
        }
        let joins = joiner(letter) && {
            let beside = |at: Option<usize>| at.and_then(|at| letters.get(at)).copied();
            beside(at.checked_sub(1)).is_some_and(is_joined) && beside(Some(at + 1)).is_some_and(is_joined)
        };
        if letter.is_control() || is_hidden(letter) && !joins {
            return Err(format!(
                "There is a character in it that cannot be seen (U+{:04X}). Type that part again, or paste it as plain text.",
                u32::from(letter)
            ));
        }
    }
    Ok(())
}

/// Characters that are not seen, or that steer how others are shown.
fn is_hidden(letter: char) -> bool {
    matches!(letter,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// Two of them are needed to write some languages, and to put emoji together.
fn joiner(letter: char) -> bool {
    matches!(letter, '\u{200c}' | '\u{200d}')
}

/// What they stand between there; never between letters of addresses.
fn is_joined(letter: char) -> bool {
    let code = u32::from(letter);
    (0x0590..0x1100).contains(&code) || code == 0xfe0f || (0x2190..0x2c00).contains(&code) || code >= 0x1_f000
}

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece<'t> {
    /// Words.
    Words(&'t str),
    /// The address of a page, shown whole.
    Address(&'t str),
}

/// A text as it is shown: lines, each in pieces.
pub fn lines(text: &str) -> Vec<Vec<Piece<'_>>> {
    text.split('\n').map(pieces).collect()
}

fn pieces(line: &str) -> Vec<Piece<'_>> {
    let (mut pieces, mut from, mut at) = (Vec::new(), 0, 0);
    while let Some(found) = line[at..].find("http") {
        let start = at + found;
        let before = line[..start].chars().next_back();
        match address(&line[start..]).filter(|_| before.is_none_or(|letter| !letter.is_alphanumeric())) {
            Some(address) => {
                if from < start {
                    pieces.push(Piece::Words(&line[from..start]));
                }
                pieces.push(Piece::Address(address));
                at = start + address.len();
                from = at;
            }
            None => at = start + "http".len(),
        }
    }
    if from < line.len() {
        pieces.push(Piece::Words(&line[from..]));
    }
    pieces
}

/// The address with which a text begins. One that could be taken for another is none: with a name before the host, or with
/// letters of other alphabets in it.
fn address(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    let scheme = text.len() - rest.len();
    let end = rest.find(|letter: char| letter.is_whitespace() || "<>\"`{}|\\^".contains(letter)).unwrap_or(rest.len());
    let mut rest = &rest[..end];
    // What ends a sentence is not the address's, nor is a bracket that was opened before it.
    while let Some(last) = rest.chars().next_back() {
        let is_closing = match last {
            ')' => rest.matches(')').count() > rest.matches('(').count(),
            ']' => rest.matches(']').count() > rest.matches('[').count(),
            _ => ".,;:!?'*_~…。、，！？」』）“”‘’»›".contains(last),
        };
        if !is_closing {
            break;
        }
        rest = &rest[..rest.len() - last.len_utf8()];
    }
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, port) = host.split_once(':').unwrap_or((host, "0"));
    let is_host = host.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.')
        && host.contains('.')
        && host.split('.').all(|label| !label.is_empty())
        && !port.is_empty()
        && port.bytes().all(|byte| byte.is_ascii_digit());
    let whole = &text[..scheme + rest.len()];
    (is_host && url::Url::parse(whole).is_ok()).then_some(whole)
}

/// Whether this is one address by https and nothing else.
pub fn is_secure_address(text: &str) -> bool {
    text.starts_with("https://") && address(text) == Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Piece::{Address, Words};
    use proptest::prelude::*;

    #[test]
    fn only_whole_addresses_become_links() {
        let cases: &[(&str, &[Piece<'_>])] = &[
            ("plain", &[Words("plain")]),
            ("see https://a.example/x.", &[Words("see "), Address("https://a.example/x"), Words(".")]),
            ("(http://a.example/b_(c))", &[Words("("), Address("http://a.example/b_(c)"), Words(")")]),
            ("http://a.example:8443/?q=1&x=%20#y", &[Address("http://a.example:8443/?q=1&x=%20#y")]),
            ("<https://a.example>", &[Words("<"), Address("https://a.example"), Words(">")]),
            ("javascript:alert(1)", &[Words("javascript:alert(1)")]),
            ("https://bank.example@evil.example/", &[Words("https://bank.example@evil.example/")]),
            ("https://b\u{e4}nk.example/", &[Words("https://b\u{e4}nk.example/")]),
            ("https://a.example\\@evil.example", &[Address("https://a.example"), Words("\\@evil.example")]),
            ("https://localhost/", &[Words("https://localhost/")]),
            ("https://a..example/", &[Words("https://a..example/")]),
            ("xhttps://a.example/", &[Words("xhttps://a.example/")]),
            ("HTTPS://a.example/ http", &[Words("HTTPS://a.example/ http")]),
            ("", &[]),
        ];
        for (line, expected) in cases {
            assert_eq!(&pieces(line), expected, "{line}");
        }
        assert_eq!(lines("a\n\nb").len(), 3);
    }

    #[test]
    fn what_cannot_be_seen_is_refused_and_what_languages_need_is_not() {
        for text in ["a\u{202e}b", "a\u{200b}b", "pass\u{ad}word", "a\u{0}b", "\u{1b}[31m", "a\u{200d}b", "x\u{e0041}"]
        {
            let says = check(text).unwrap_err();
            assert!(says.contains("cannot be seen (U+"), "{text:?}: {says}");
        }
        // Two lines, a Persian word, an emoji of two.
        for text in ["a\nb\tc", "می\u{200c}خواهم", "👩\u{200d}💻 ❤\u{fe0f}"] {
            assert_eq!(check(text), Ok(text.to_owned()));
        }
        assert_eq!(check(" a\r\nb \n"), Ok("a\nb".to_owned()));
        assert!(check(" \n ").unwrap_err().contains("Write something"));
        assert!(check(&"ü".repeat(LONGEST)).is_ok());
        assert!(check(&"ü".repeat(LONGEST + 1)).unwrap_err().contains("4001"));
        assert!(check_line("a\nb", 9, "The place").unwrap_err().contains("several lines"));
        assert!(is_secure_address("https://meet.example/room"));
        assert!(!is_secure_address("http://meet.example/room"));
        assert!(!is_secure_address("https://meet.example/room, at noon"));
    }

    proptest! {
        /// Nothing of a text is lost or changed, whatever it holds, and what becomes a link can be nothing else than an address.
        #[test]
        fn pieces_are_the_whole_text(text in "(.|\n|https?://|[a-z.]{1,6}|[@:/)(]){0,40}") {
            let shown: Vec<String> = lines(&text).into_iter().map(|line| {
                line.into_iter().map(|piece| match piece { Words(words) => words, Address(address) => address }).collect()
            }).collect();
            prop_assert_eq!(shown.join("\n"), text.clone());
            for piece in lines(&text).into_iter().flatten() {
                if let Address(address) = piece {
                    let parsed = url::Url::parse(address);
                    prop_assert!(parsed.is_ok_and(|url| url.username().is_empty() && url.has_host()), "{}", address);
                }
            }
        }
    }
}
