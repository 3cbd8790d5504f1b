//! Text into words, by the same rules for documents and for queries.

use unicode_normalization::UnicodeNormalization;

/// Letters of a word that count; what is behind them is left out.
const LONGEST: usize = 64;
/// Parts of one compound; a further one begins another word.
const MOST_PARTS: usize = 6;

/// A word as it was written, with everything by which it may be found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Word {
    /// As it was written, in small letters without accents: `node.js`.
    pub written: String,
    /// In one piece: `nodejs`.
    pub whole: String,
    /// Its parts, if it has several or a mark in front: `node`, `js`.
    pub parts: Vec<String>,
    /// Whether others write its parts as words of their own: `full-stack`, but not `node.js`.
    pub loose: bool,
}

impl Word {
    /// Every term by which a document with this word is found.
    pub fn terms(self, mut each: impl FnMut(String)) {
        // The last part with its dot, so that `.net` finds ASP.NET.
        if let Some((_, dotted)) = self.written.rsplit_once('.').filter(|_| !self.whole.contains('.')) {
            each(format!(".{dotted}"));
        }
        self.parts.into_iter().for_each(&mut each);
        each(self.whole);
    }
}

/// The words of a text, in their order.
pub(crate) fn words(text: &str, mut each: impl FnMut(Word)) {
    let letters: Vec<char> = folded(text);
    let mut at = 0;
    while at < letters.len() {
        match word_at(&letters, at) {
            Some((word, end)) => {
                each(word);
                at = end;
            }
            None => at += 1,
        }
    }
}

/// Small letters without accents, and without what cannot be seen.
fn folded(text: &str) -> Vec<char> {
    if text.is_ascii() {
        return text.bytes().map(|byte| char::from(byte.to_ascii_lowercase())).collect();
    }
    // Taken apart, marks go, and what is left is put together again (Hangul, say).
    let plain = text.nfkd().flat_map(char::to_lowercase).filter(|letter| !is_unseen(*letter)).flat_map(spelled);
    plain.nfc().collect()
}

/// Accents, soft hyphens, joiners of zero width, marks of direction.
fn is_unseen(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// Letters that Unicode does not take apart, as they are spelled without them.
fn spelled(letter: char) -> impl Iterator<Item = char> {
    let pair = match letter {
        'ß' => ['s', 's'],
        'æ' => ['a', 'e'],
        'œ' => ['o', 'e'],
        'þ' => ['t', 'h'],
        'ø' => ['o', '\0'],
        'ł' => ['l', '\0'],
        'đ' | 'ð' => ['d', '\0'],
        'ı' => ['i', '\0'],
        'ς' => ['σ', '\0'],
        '’' | 'ʼ' => ['\'', '\0'],
        '‐' | '‑' => ['-', '\0'],
        other => [other, '\0'],
    };
    pair.into_iter().filter(|letter| *letter != '\0')
}

/// The word that begins here, and where it ends.
fn word_at(letters: &[char], start: usize) -> Option<(Word, usize)> {
    let letter = |at: usize| letters.get(at).copied().unwrap_or(' ');
    let dot = letter(start) == '.' && letter(start + 1).is_alphabetic() && !is_single(letter(start + 1));
    let mut at = start + usize::from(dot);
    if is_single(letter(at)) {
        let whole = letter(at).to_string();
        return Some((Word { written: whole.clone(), whole, ..Word::default() }, at + 1));
    }
    if !letter(at).is_alphanumeric() {
        return None;
    }
    let mut word = Word::default();
    if dot {
        word.written.push('.');
        word.whole.push('.');
    }
    loop {
        let (part, end) = part_at(letters, at);
        word.written += &part;
        word.whole += &part;
        word.parts.push(part);
        at = end;
        if !joins(letters, at) || word.parts.len() == MOST_PARTS {
            break;
        }
        let joint = letter(at);
        word.written.push(joint);
        // 3.11 is not 311.
        if letter(at - 1).is_ascii_digit() && letter(at + 1).is_ascii_digit() {
            word.whole.push(joint);
        }
        word.loose |= joint != '.';
        at += 1;
    }
    if word.parts.len() == 1 && !dot {
        word.parts.clear();
    }
    Some((word, at))
}

/// Letters and digits, with what may stand behind them: `c++`, `c#`.
fn part_at(letters: &[char], start: usize) -> (String, usize) {
    let run = letters[start..].iter().take_while(|letter| letter.is_alphanumeric() && !is_single(**letter)).count();
    let mut end = start + run;
    let mut part: String = letters[start..end.min(start + LONGEST)].iter().collect();
    let rest = &letters[end..];
    if rest.starts_with(&['+', '+']) {
        part += "++";
        end += 2;
    } else if rest.first() == Some(&'#') {
        part.push('#');
        end += 1;
    }
    (part, end)
}

/// Whether what stands here joins two parts into a word.
fn joins(letters: &[char], at: usize) -> bool {
    let next = letters.get(at + 1).copied().unwrap_or(' ');
    let digits = letters[at - 1].is_ascii_digit() && next.is_ascii_digit();
    let joint = match letters.get(at) {
        Some('.') => true,
        Some('-' | '_' | '\'') => !digits,
        _ => false,
    };
    joint && next.is_alphanumeric() && !is_single(next)
}

/// Scripts that put no space between words: each letter is one.
fn is_single(letter: char) -> bool {
    matches!(letter, '\u{3041}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// The word itself, and its singular or plural by the regular forms of English. Not all of them are words; those that are
/// not are in no document.
pub(crate) fn forms(word: &str) -> Vec<String> {
    let mut forms = vec![word.to_owned()];
    if word.len() < 3 || !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return forms;
    }
    let hisses = |word: &str| ["s", "x", "z", "ch", "sh"].iter().any(|ending| word.ends_with(ending));
    // Of `caches` and `branches` only a dictionary knows what they are the plural of.
    if let Some(stem) = word.strip_suffix("es").filter(|stem| stem.len() > 2 && hisses(stem)) {
        forms.push(stem.to_owned());
    }
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() > 1) {
        forms.push(format!("{stem}y"));
    } else if let Some(stem) = word.strip_suffix('s').filter(|stem| stem.len() > 2)
        && !["s", "u", "i"].iter().any(|ending| stem.ends_with(ending))
    {
        forms.push(stem.to_owned());
    }
    if hisses(word) {
        forms.push(format!("{word}es"));
    } else if let Some(stem) = word.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'o', 'u'])) {
        forms.push(format!("{stem}ies"));
    } else {
        forms.push(format!("{word}s"));
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(text: &str) -> Vec<String> {
        let mut all = Vec::new();
        words(text, |word| word.terms(|term| all.push(term)));
        all
    }

    fn wholes(text: &str) -> Vec<String> {
        let mut all = Vec::new();
        words(text, |word| all.push(word.whole));
        all
    }

    #[test]
    fn names_of_tools_are_words() {
        let table = [
            ("C++, C# and .NET!", vec!["c++", "c#", "and", ".net"]),
            ("C/C++17", vec!["c", "c++", "17"]),
            ("Node.JS nodejs", vec!["nodejs", "nodejs"]),
            ("full-stack CI/CD", vec!["fullstack", "ci", "cd"]),
            ("Python 3.11 in 2024-01.", vec!["python", "3.11", "in", "2024", "01"]),
            ("5+ years; R&D", vec!["5", "years", "r", "d"]),
            ("Zürich Straße Łódź ÆØ e\u{301}", vec!["zurich", "strasse", "lodz", "aeo", "e"]),
            ("co\u{ad}op ＦＵＬＬ master’s", vec!["coop", "full", "masters"]),
            ("東京 で Go", vec!["東", "京", "で", "go"]),
            ("… 🎉 \u{0} \" : ( -", vec![]),
        ];
        for (text, expected) in table {
            assert_eq!(wholes(text), expected, "{text}");
        }
    }

    #[test]
    fn a_document_is_found_by_the_parts_of_its_words() {
        assert_eq!(terms("ASP.NET"), [".net", "asp", "net", "aspnet"]);
        assert_eq!(terms(".NET"), ["net", ".net"]);
        assert_eq!(terms("full-stack"), ["full", "stack", "fullstack"]);
        assert_eq!(terms("end.We 3.11"), [".we", "end", "we", "endwe", "3", "11", "3.11"]);
    }

    #[test]
    fn no_word_is_endless() {
        assert!(terms(&"x".repeat(10_000)).iter().all(|term| term.len() <= LONGEST));
        assert!(terms(&"ab-".repeat(10_000)).iter().all(|term| term.len() <= 2 * MOST_PARTS));
    }

    #[test]
    fn forms_are_regular() {
        let has = |word: &str, other: &str| forms(word).iter().any(|form| form == other);
        let pairs =
            ["developer developers", "company companies", "process processes", "branch branches", "cache caches"];
        for pair in pairs {
            let (one, many) = pair.split_once(' ').unwrap();
            assert!(has(one, many) && has(many, one), "{pair}");
        }
        for word in ["aws", "c++", "go", "sql92", "radius", "css"] {
            assert!(forms(word).iter().all(|form| form.len() >= word.len()), "{word}: {:?}", forms(word));
        }
    }
}
