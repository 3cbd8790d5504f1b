//! Strangers' HTML and text as plain text.
//!
//! The HTML standard's own tokenizer says what is markup, so that what a browser would run is no text here either. No tree is
//! built: nothing nests, however deep the source does.

use html5ever::TokenizerResult;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use std::cell::RefCell;

/// One line: white space of every kind is one space, and what cannot be seen is left out.
pub(crate) fn line(text: &str) -> String {
    let mut writer = Writer::default();
    writer.flowing(text);
    writer.finish()
}

/// Plain text with its lines; at most one of them blank in a row.
pub(crate) fn lines(text: &str) -> String {
    let mut writer = Writer::default();
    for line in text.lines() {
        if line.trim().is_empty() {
            writer.paragraph();
        } else {
            writer.flowing(line);
            writer.newline();
        }
    }
    writer.finish()
}

/// HTML as text: paragraphs, `## ` before headings, `- ` before items.
pub(crate) fn of_html(html: &str) -> String {
    let writer = tokenize(html, Reader { writer: RefCell::default(), inside: RefCell::new(None) }).writer;
    writer.into_inner().finish()
}

/// HTML of what may be HTML that was escaped once more, as Greenhouse sends it. Escaped HTML has no tag left, and is
/// unescaped once: what then still reads `&lt;` was meant to be read as `<`.
pub(crate) fn of_escaped_html(text: &str) -> String {
    if text.contains('<') || !text.contains("&lt;") { of_html(text) } else { of_html(&unescape(text)) }
}

/// Named and numbered characters, once. For texts without tags.
fn unescape(text: &str) -> String {
    tokenize(text, Characters::default()).0.into_inner()
}

/// Each script of linked data in a page (`application/ld+json`), in the order in which they stand.
pub(crate) fn linked_data(html: &str) -> Vec<String> {
    tokenize(html, Scripts::default()).found.into_inner()
}

fn tokenize<S: TokenSink>(html: &str, sink: S) -> S {
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(html));
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    // It stops behind a script, so that one could run it, and goes on when asked again.
    while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
    tokenizer.end();
    tokenizer.sink
}

/// Elements whose content is no markup, by the standard, and for us no text either.
fn raw(name: &str) -> Option<RawKind> {
    match name {
        "script" => Some(RawKind::ScriptData),
        "style" | "xmp" | "iframe" | "noembed" | "noframes" | "noscript" => Some(RawKind::Rawtext),
        "title" | "textarea" => Some(RawKind::Rcdata),
        _ => None,
    }
}

/// HTML into text.
struct Reader {
    writer: RefCell<Writer>,
    /// The element whose content is passed over.
    inside: RefCell<Option<String>>,
}

impl TokenSink for Reader {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        match token {
            Token::TagToken(tag) => return self.tag(&tag),
            Token::CharacterTokens(text) if self.inside.borrow().is_none() => self.writer.borrow_mut().flowing(&text),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl Reader {
    fn tag(&self, tag: &Tag) -> TokenSinkResult<()> {
        let name = &*tag.name;
        let mut inside = self.inside.borrow_mut();
        if inside.as_deref() == Some(name) && tag.kind == TagKind::EndTag {
            *inside = None;
        } else if inside.is_none()
            && tag.kind == TagKind::StartTag
            && let Some(kind) = raw(name)
        {
            *inside = Some(name.to_owned());
            return TokenSinkResult::RawData(kind);
        }
        if inside.is_none() {
            self.writer.borrow_mut().element(name, tag.kind);
        }
        TokenSinkResult::Continue
    }
}

#[derive(Default)]
struct Characters(RefCell<String>);

impl TokenSink for Characters {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        if let Token::CharacterTokens(text) = token {
            self.0.borrow_mut().push_str(&text);
        }
        TokenSinkResult::Continue
    }
}

#[derive(Default)]
struct Scripts {
    found: RefCell<Vec<String>>,
    /// The element with content that is no markup, and whether it is a script of linked data.
    inside: RefCell<Option<(String, bool)>>,
}

impl TokenSink for Scripts {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut inside = self.inside.borrow_mut();
        match token {
            Token::CharacterTokens(text) if matches!(*inside, Some((_, true))) => {
                if let Some(script) = self.found.borrow_mut().last_mut() {
                    script.push_str(&text);
                }
            }
            Token::TagToken(tag) if tag.kind == TagKind::StartTag && inside.is_none() => {
                if let Some(kind) = raw(&tag.name) {
                    let linked = &*tag.name == "script" && is_linked_data(&tag);
                    if linked {
                        self.found.borrow_mut().push(String::new());
                    }
                    *inside = Some((tag.name.to_string(), linked));
                    return TokenSinkResult::RawData(kind);
                }
            }
            Token::TagToken(tag) if inside.as_ref().is_some_and(|(name, _)| **name == *tag.name) => *inside = None,
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

fn is_linked_data(tag: &Tag) -> bool {
    let kind = tag.attrs.iter().find(|attribute| &*attribute.name.local == "type");
    kind.is_some_and(|kind| {
        let essence = kind.value.split(';').next().unwrap_or_default().trim();
        essence.eq_ignore_ascii_case("application/ld+json")
    })
}

/// What separates the next character from the last.
#[derive(Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    #[default]
    None,
    Space,
    Line,
    Paragraph,
}

/// Writes text, and a gap or a mark only where text follows, so that nothing empty is left at the ends.
#[derive(Default)]
struct Writer {
    text: String,
    gap: Gap,
    mark: &'static str,
}

impl Writer {
    fn newline(&mut self) {
        self.gap = self.gap.max(Gap::Line);
    }

    fn paragraph(&mut self) {
        self.gap = Gap::Paragraph;
    }

    fn element(&mut self, name: &str, kind: TagKind) {
        match name {
            "br" => self.newline(),
            "li" | "dt" | "dd" => {
                self.newline();
                self.mark = if kind == TagKind::StartTag && name == "li" { "- " } else { "" };
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.paragraph();
                self.mark = if kind == TagKind::StartTag { "## " } else { "" };
            }
            // A paragraph in an item, or in a heading, is that item.
            "p" | "div" if !self.mark.is_empty() => {}
            "p" | "div" | "section" | "article" | "aside" | "header" | "footer" | "main" | "nav" | "table" | "ul"
            | "ol" | "dl" | "blockquote" | "pre" | "figure" | "figcaption" | "address" | "form" | "fieldset" | "hr"
            | "body" | "details" | "summary" => {
                self.paragraph();
                self.mark = "";
            }
            "tr" | "option" => self.newline(),
            "td" | "th" => self.gap = self.gap.max(Gap::Space),
            _ => {}
        }
    }

    /// Text in which white space is but a gap.
    fn flowing(&mut self, text: &str) {
        for letter in text.chars() {
            if letter.is_whitespace() {
                self.gap = self.gap.max(Gap::Space);
            } else if !is_unseen(letter) {
                self.letter(letter);
            }
        }
    }

    fn letter(&mut self, letter: char) {
        if !self.text.is_empty() {
            match self.gap {
                Gap::None => {}
                Gap::Space => self.text.push(' '),
                Gap::Line => self.text.push('\n'),
                Gap::Paragraph => self.text.push_str("\n\n"),
            }
        }
        self.gap = Gap::None;
        self.text.push_str(std::mem::take(&mut self.mark));
        // Set apart from what could begin a tag: then this is text, wherever it is shown.
        if self.text.ends_with('<') && (letter.is_ascii_alphabetic() || matches!(letter, '/' | '!' | '?')) {
            self.text.push(' ');
        }
        self.text.push(letter);
    }

    fn finish(self) -> String {
        self.text
    }
}

/// Control characters, and those that only change how others are seen: marks of direction, with which a text can be made to
/// read otherwise than it is, soft hyphens, spaces without width. Joiners stay: some scripts need them.
fn is_unseen(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
        || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fff9}'..='\u{fffb}')
}
