//! Markdown → HTML that is safe to put into a page as it is.
//!
//! What passes: text, emphasis, lists, quotations, tables, code, images, and links whose target is one of the
//! content's own kinds, `https://`, `http://`, `mailto:` or `#place`. Raw HTML is a fault, and is shown as text.
//! No `style` attribute is ever written.

use crate::fault::Fault;
use crate::highlight::highlight_as;
use crate::link::LinkIndex;
use crate::model::{Block, Link, Proof};
use pulldown_cmark::{CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

/// The longest proof, in lines: a reader should take it in at a glance.
const MAX_PROOF_LINES: usize = 40;

/// An event of the Markdown parser and the bytes it came from.
pub(crate) type Piece<'t> = (Event<'t>, Range<usize>);

/// Parses once, with the extensions that the format knows: tables and attributes of headings.
pub(crate) fn parse(text: &str) -> Vec<Piece<'_>> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_HEADING_ATTRIBUTES;
    Parser::new_ext(text, options).into_offset_iter().collect()
}

/// As [`parse`], and `[x]` and `[ ]` at the beginning of a list's items.
pub(crate) fn parse_tasks(text: &str) -> Vec<Piece<'_>> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_HEADING_ATTRIBUTES | Options::ENABLE_TASKLISTS;
    Parser::new_ext(text, options).into_offset_iter().collect()
}

/// Escapes text for HTML, in an attribute as well.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// Byte offset → line.
pub(crate) struct Lines(Vec<usize>);

impl Lines {
    pub(crate) fn new(text: &str) -> Self {
        Self(text.match_indices('\n').map(|(at, _)| at).collect())
    }

    /// From 1.
    pub(crate) fn at(&self, offset: usize) -> usize {
        self.0.partition_point(|end| *end < offset) + 1
    }
}

/// Text and code of pieces, without markup.
pub(crate) fn plain(pieces: &[Piece<'_>]) -> String {
    pieces
        .iter()
        .filter_map(|(event, _)| match event {
            Event::Text(text) | Event::Code(text) => Some(text.as_ref()),
            Event::SoftBreak | Event::HardBreak => Some(" "),
            _ => None,
        })
        .collect()
}

/// A heading that is not inside a list or a quotation.
pub(crate) struct Heading<'p, 't> {
    /// 1 to 6.
    pub(crate) level: usize,
    pub(crate) id: Option<&'p str>,
    pub(crate) attrs: &'p [(CowStr<'t>, Option<CowStr<'t>>)],
    pub(crate) title: String,
    /// Index of the heading's first piece.
    pub(crate) from: usize,
    /// Index of the first piece behind it.
    pub(crate) to: usize,
    /// Offset in the text.
    pub(crate) at: usize,
}

/// The headings of a text, in order.
pub(crate) fn headings<'p, 't>(pieces: &'p [Piece<'t>]) -> Vec<Heading<'p, 't>> {
    let mut found = Vec::new();
    let mut depth = 0usize;
    for (from, (event, range)) in pieces.iter().enumerate() {
        if let (0, Event::Start(Tag::Heading { level, id, attrs, .. })) = (depth, event) {
            let to = end_of(pieces, from);
            let title = plain(&pieces[from..to]);
            let (level, id) = (*level as usize, id.as_deref());
            found.push(Heading { level, id, attrs, title: title.trim().to_owned(), from, to, at: range.start });
        }
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    found
}

/// The index behind the end of what starts at `from`.
pub(crate) fn end_of(pieces: &[Piece<'_>], from: usize) -> usize {
    let mut depth = 0usize;
    for (index, (event, _)) in pieces.iter().enumerate().skip(from) {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return index + 1;
        }
    }
    pieces.len()
}

/// The guide or question in which proofs are allowed.
pub(crate) struct ProofHome {
    pub(crate) guide: String,
    pub(crate) project: String,
}

/// Turns pieces of one file into HTML and collects the file's faults.
pub(crate) struct Renderer<'t> {
    pub(crate) file: PathBuf,
    pub(crate) lines: Lines,
    pub(crate) links: &'t LinkIndex,
    pub(crate) home: Option<ProofHome>,
    /// Levels by which headings are lowered.
    pub(crate) lower: usize,
    pub(crate) faults: Vec<Fault>,
}

impl<'t> Renderer<'t> {
    pub(crate) fn new(file: PathBuf, text: &str, links: &'t LinkIndex) -> Self {
        Self { file, lines: Lines::new(text), links, home: None, lower: 0, faults: Vec::new() }
    }

    pub(crate) fn fault(&mut self, at: usize, says: impl Into<String>, mend: impl Into<String>) {
        self.faults.push(Fault::new(&self.file, self.lines.at(at), says, mend));
    }

    /// HTML cut at its proofs.
    pub(crate) fn blocks(&mut self, pieces: &[Piece<'_>]) -> Vec<Block> {
        let mut blocks = Vec::new();
        let (mut from, mut index) = (0, 0);
        while index < pieces.len() {
            let next = end_of(pieces, index);
            if let Some(info) = fence(&pieces[index]).filter(|info| is_proof(info)) {
                let at = pieces[index].1.start;
                let output = pieces.get(next).filter(|piece| fence(piece).is_some_and(is_output)).map(|_| {
                    let end = end_of(pieces, next);
                    (raw(&pieces[next..end]), end)
                });
                let (output, end) = output.map_or((None, next), |(text, end)| (Some(text), end));
                self.push_html(&mut blocks, &pieces[from..index]);
                if let Some(proof) = self.proof(info, at, raw(&pieces[index..next]), output) {
                    blocks.push(Block::Proof(Arc::new(proof)));
                }
                (from, index) = (end, end);
            } else {
                index = next;
            }
        }
        self.push_html(&mut blocks, &pieces[from..]);
        blocks
    }

    fn push_html(&mut self, blocks: &mut Vec<Block>, pieces: &[Piece<'_>]) {
        let html = self.html(pieces);
        if !html.trim().is_empty() {
            blocks.push(Block::Html(html));
        }
    }

    /// HTML of pieces that hold no proof.
    pub(crate) fn html(&mut self, pieces: &[Piece<'_>]) -> String {
        let mut events = Vec::with_capacity(pieces.len());
        // Whether each link that is open was written, innermost last.
        let mut open_links = Vec::new();
        let mut index = 0;
        while let Some((event, range)) = pieces.get(index) {
            match event {
                Event::Start(Tag::CodeBlock(kind)) => {
                    let end = end_of(pieces, index);
                    events.push(self.code(kind, &pieces[index..end], range.start));
                    index = end;
                    continue;
                }
                Event::Start(Tag::Link { dest_url, title, .. }) => {
                    let anchor = self.anchor(dest_url, title, range.start);
                    open_links.push(anchor.is_some());
                    events.extend(anchor.map(inline));
                }
                Event::End(TagEnd::Link) => {
                    events.extend(open_links.pop().unwrap_or(false).then(|| inline("</a>".to_owned())));
                }
                Event::Html(html) | Event::InlineHtml(html) => {
                    self.raw_html(html, range.start);
                    events.push(Event::Text(html.clone()));
                }
                Event::Start(Tag::Image { dest_url, .. }) => {
                    self.image(dest_url, range.start);
                    events.push(event.clone());
                }
                other => self.plain_event(other, &mut events),
            }
            index += 1;
        }
        let mut html = String::new();
        pulldown_cmark::html::push_html(&mut html, events.into_iter());
        html
    }

    fn plain_event<'e>(&self, event: &Event<'e>, events: &mut Vec<Event<'e>>) {
        match event {
            // The alignment of columns would be written as an inline style.
            Event::Start(Tag::Table(columns)) => {
                events.push(block("<div class=\"table-scroll\" tabindex=\"0\">"));
                events.push(Event::Start(Tag::Table(vec![pulldown_cmark::Alignment::None; columns.len()])));
            }
            Event::End(TagEnd::Table) => events.extend([event.clone(), block("</div>\n")]),
            Event::Start(Tag::Heading { level, id, .. }) => events.push(Event::Start(Tag::Heading {
                level: lowered(*level, self.lower),
                id: id.clone(),
                classes: Vec::new(),
                attrs: Vec::new(),
            })),
            Event::End(TagEnd::Heading(level)) => {
                events.push(Event::End(TagEnd::Heading(lowered(*level, self.lower))));
            }
            // Its text arrives as events of its own, which are shown escaped.
            Event::Start(Tag::HtmlBlock) => events.push(Event::Start(Tag::Paragraph)),
            Event::End(TagEnd::HtmlBlock) => events.push(Event::End(TagEnd::Paragraph)),
            other => events.push(other.clone()),
        }
    }

    fn code<'e>(&mut self, kind: &CodeBlockKind<'_>, pieces: &[Piece<'_>], at: usize) -> Event<'e> {
        let info = match kind {
            CodeBlockKind::Fenced(info) => info.as_ref(),
            CodeBlockKind::Indented => "",
        };
        if is_proof(info) {
            let mend = "Put the fence at the left margin of a guide's section, outside lists and quotations";
            self.fault(at, "A proof stands where none can be run", mend);
        } else if self.home.is_some() && is_output(info) {
            let mend = "Put it at once behind the fence of a proof, or call it `text`";
            self.fault(at, "An output block follows no proof", mend);
        }
        let language = info.split_whitespace().next().unwrap_or_default();
        let code = highlight_as(language, &raw(pieces));
        let class =
            if crate::link::is_id(language) { format!(" class=\"language-{language}\"") } else { String::new() };
        // A wide block scrolls, and what scrolls must be reachable from the keyboard.
        Event::Html(format!("<pre tabindex=\"0\"><code{class}>{code}</code></pre>\n").into())
    }

    /// The opening tag, or `None` when the target cannot be shown. A target that does not exist is the lint's to
    /// report: the text then stands without a link.
    fn anchor(&mut self, dest: &str, title: &str, at: usize) -> Option<String> {
        let title = if title.is_empty() { String::new() } else { format!(" title=\"{}\"", escape(title)) };
        if Link::is_meant(dest) {
            return match Link::parse(dest) {
                Ok(link) => self.links.url(&link).map(|url| format!("<a href=\"{}\"{title}>", escape(&url))),
                Err(bad) => {
                    self.fault(at, bad.to_string(), "Write one of these, with ids in lower case");
                    None
                }
            };
        }
        if ["https://", "http://"].iter().any(|scheme| dest.starts_with(scheme)) {
            return Some(format!("<a href=\"{}\" rel=\"noopener noreferrer\"{title}>", escape(dest)));
        }
        if dest.starts_with('#') || dest.starts_with("mailto:") {
            return Some(format!("<a href=\"{}\"{title}>", escape(dest)));
        }
        let mend = "Use https://, #place, or a content link such as section:django/querysets";
        self.fault(at, format!("The link to `{dest}` leads nowhere that a page may lead"), mend);
        None
    }

    fn image(&mut self, dest: &str, at: usize) {
        if !dest.starts_with("https://") && !dest.starts_with('/') {
            let mend = "Use an https:// address, or a path on this site that begins with /";
            self.fault(at, format!("The image `{dest}` cannot be shown"), mend);
        }
    }

    fn raw_html(&mut self, html: &str, at: usize) {
        let first = html.trim().lines().next().unwrap_or_default();
        let says = format!("Raw HTML is refused: `{}`", first.chars().take(40).collect::<String>());
        self.fault(at, says, "Write it in Markdown, or put it in `backticks` if it is meant as text");
    }

    fn proof(&mut self, info: &str, at: usize, code: String, output: Option<String>) -> Option<Proof> {
        let Some(home) = &self.home else {
            let mend = "Move it to one, or drop `proof=` so that it is ordinary code";
            self.fault(at, "Proofs are run in guides and quick questions only", mend);
            return None;
        };
        let mut proof = Proof {
            guide: home.guide.clone(),
            id: String::new(),
            project: home.project.clone(),
            code,
            output,
            statements: None,
            file: self.file.clone(),
            line: self.lines.at(at),
        };
        let before = self.faults.len();
        let mut words = info.split_whitespace();
        if words.next() != Some("python") {
            self.fault(at, "A proof is not marked as Python", "Begin the fence with ```python");
        }
        for word in words {
            match word.split_once('=') {
                Some(("proof", id)) if crate::link::is_id(id) => proof.id = id.to_owned(),
                Some(("statements", count)) if count.parse::<u32>().is_ok() => proof.statements = count.parse().ok(),
                _ => {
                    let mend = "A proof's fence carries proof=ID, with an id in lower case, and statements=N";
                    self.fault(at, format!("`{word}` is not understood"), mend);
                }
            }
        }
        let length = proof.code.lines().count();
        if length > MAX_PROOF_LINES {
            let mend = format!("Shorten it to {MAX_PROOF_LINES} lines, or cut it in two");
            self.fault(at, format!("The proof has {length} lines"), mend);
        }
        (self.faults.len() == before).then_some(proof)
    }
}

fn inline<'e>(html: String) -> Event<'e> {
    Event::InlineHtml(html.into())
}

fn block<'e>(html: &'static str) -> Event<'e> {
    Event::Html(html.into())
}

fn lowered(level: HeadingLevel, by: usize) -> HeadingLevel {
    HeadingLevel::try_from((level as usize + by).min(6)).unwrap_or(level)
}

/// The info string, if this piece opens a fenced block.
fn fence<'p>(piece: &'p Piece<'_>) -> Option<&'p str> {
    match &piece.0 {
        Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => Some(info),
        _ => None,
    }
}

fn is_proof(info: &str) -> bool {
    info.split_whitespace().any(|word| word.starts_with("proof="))
}

fn is_output(info: &str) -> bool {
    info.trim() == "output"
}

/// The text of a code block, exactly.
fn raw(pieces: &[Piece<'_>]) -> String {
    pieces
        .iter()
        .filter_map(|(event, _)| match event {
            Event::Text(text) => Some(text.as_ref()),
            _ => None,
        })
        .collect()
}
