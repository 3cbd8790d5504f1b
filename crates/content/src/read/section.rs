//! `guides/<guide>/NN-<section>.md`

use super::Reader;
use super::files::line_of;
use crate::link::{LinkIndex, is_id};
use crate::markdown::{Heading, Piece, ProofHome, Renderer, headings, parse};
use crate::model::{Block, Level, Question, RawNextStep, Section};
use serde::Deserialize;
use std::path::PathBuf;

const PARTS: [&str; 5] = ["Why it is asked", "A strong answer", "A weak answer", "Follow-up", "Sources"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FrontMatter {
    title: String,
    summary: String,
    #[serde(default)]
    competencies: Vec<String>,
    #[serde(default)]
    next: Vec<RawNextStep>,
}

/// The TOML between the `+++` lines, and the offset behind them.
pub(super) fn front_matter(text: &str) -> Option<(&str, usize)> {
    let rest = text.strip_prefix("+++\n")?;
    let end = if rest.starts_with("+++\n") { 0 } else { rest.find("\n+++\n").map(|at| at + 1)? };
    Some((&rest[..end], 4 + end + 4))
}

/// The text with its front matter blanked, so that lines and offsets stay those of the file.
pub(crate) fn body_of(text: &str) -> String {
    let behind = front_matter(text).map_or(0, |(_, behind)| behind);
    let blank: String =
        text[..behind].chars().map(|c| if c == '\n' { "\n".to_owned() } else { " ".repeat(c.len_utf8()) }).collect();
    blank + &text[behind..]
}

/// Ids of the questions in a section's file.
pub(super) fn question_ids(text: &str) -> Vec<String> {
    let body = body_of(text);
    let pieces = parse(&body);
    headings(&pieces).iter().filter(|h| h.level == 2).filter_map(|h| h.id.map(str::to_owned)).collect()
}

impl Reader<'_> {
    pub(super) fn section(
        &mut self,
        guide: &str,
        project: &str,
        id: &str,
        file: &str,
        links: &LinkIndex,
    ) -> Option<Section> {
        let text = self.text(file)?;
        let Some((front, _)) = front_matter(&text) else {
            let mend = "Begin it with a line +++, then TOML, then a line +++";
            self.fault(file, 1, "The section has no front matter", mend);
            return None;
        };
        let front: FrontMatter = self.toml(file, front, 1)?;
        if front.competencies.is_empty() {
            let mend = "Name at least one: the first is what its questions measure";
            self.fault(file, line_of(&text, "competencies"), "The section names no competency", mend);
        }
        let next = self.next(file, &text, &front.next);
        let body = body_of(&text);
        let mut renderer = Renderer::new(PathBuf::from(file), &body, links);
        renderer.home = Some(ProofHome { guide: guide.to_owned(), project: project.to_owned() });
        let default = front.competencies.first().map_or("", String::as_str);
        let (intro, questions) = cut(&mut renderer, &parse(&body), default);
        self.faults.append(&mut renderer.faults);
        Some(Section {
            id: id.to_owned(),
            title: front.title,
            summary: front.summary,
            competencies: front.competencies,
            next,
            intro,
            questions,
            file: PathBuf::from(file),
        })
    }
}

/// Cuts a section into its introduction and its questions.
fn cut(renderer: &mut Renderer<'_>, pieces: &[Piece<'_>], default: &str) -> (Vec<Block>, Vec<Question>) {
    let all = headings(pieces);
    for heading in &all {
        if heading.level == 1 || heading.level > 4 {
            let mend = "Use ## for a question, ### for its parts and #### inside a part";
            renderer.fault(heading.at, format!("A heading of level {} has no place here", heading.level), mend);
        }
    }
    let starts: Vec<usize> = (0..all.len()).filter(|index| all[*index].level == 2).collect();
    let intro_end = starts.first().map_or(pieces.len(), |first| all[*first].from);
    let intro = renderer.blocks(&pieces[..intro_end]);
    if intro.is_empty() {
        let mend = "Say in a paragraph what this part decides in practice";
        renderer.fault(0, "The section has no introduction", mend);
    }
    let mut questions = Vec::new();
    for (nth, first) in starts.iter().enumerate() {
        let last = starts.get(nth + 1).copied().unwrap_or(all.len());
        let end = all.get(last).map_or(pieces.len(), |heading| heading.from);
        questions.extend(question(renderer, pieces, &all[*first..last], end, default));
    }
    if starts.is_empty() {
        renderer.fault(0, "The section has no question", "Add one: ## Title {#id level=junior}");
    }
    (intro, questions)
}

/// A question from its headings, the first of which is its own, and the end of its pieces.
fn question(
    renderer: &mut Renderer<'_>,
    pieces: &[Piece<'_>],
    all: &[Heading<'_, '_>],
    end: usize,
    default: &str,
) -> Option<Question> {
    let (head, inner) = all.split_first()?;
    let (level, competency) = attributes(renderer, head);
    let parts: Vec<&Heading<'_, '_>> = inner.iter().filter(|heading| heading.level == 3).collect();
    let found: Vec<&str> = parts.iter().map(|part| part.title.as_str()).collect();
    if found != PARTS {
        wrong_parts(renderer, head, &parts);
        return None;
    }
    let first = parts.first().map_or(end, |part| part.from);
    if first > head.to {
        let mend = "Move it into one of the parts, or into the section's introduction";
        renderer.fault(pieces[head.to].1.start, "Text stands between a question and its first part", mend);
    }
    let mut blocks = Vec::new();
    for (nth, part) in parts.iter().enumerate() {
        let until = parts.get(nth + 1).map_or(end, |next| next.from);
        let made = renderer.blocks(&pieces[part.to..until]);
        if made.is_empty() {
            let says = format!("\"{}\" is empty", part.title);
            renderer.fault(part.at, says, "Write it: a reader finds every part in every question");
        }
        blocks.push(made);
    }
    let [why, strong, weak, follow_up, sources] = <[Vec<Block>; 5]>::try_from(blocks).ok()?;
    Some(Question {
        id: head.id?.to_owned(),
        title: head.title.clone(),
        level: level?,
        competency: competency.unwrap_or(default).to_owned(),
        why,
        strong,
        weak,
        follow_up,
        sources,
        line: renderer.lines.at(head.at),
    })
}

/// Level and competency in a question's braces; faults for whatever is missing or not understood.
fn attributes<'h>(renderer: &mut Renderer<'_>, head: &'h Heading<'_, '_>) -> (Option<Level>, Option<&'h str>) {
    let (mut level, mut competency) = (None, None);
    for (key, value) in head.attrs {
        match (key.as_ref(), value.as_deref()) {
            ("level", Some("junior")) => level = Some(Level::Junior),
            ("level", Some("middle")) => level = Some(Level::Middle),
            ("level", Some("senior")) => level = Some(Level::Senior),
            ("level", other) => {
                let says = format!("`{}` is not a level", other.unwrap_or_default());
                renderer.fault(head.at, says, "Write level=junior, level=middle or level=senior");
                return (None, None);
            }
            ("competency", Some(id)) => competency = Some(id),
            (key, _) => {
                let mend = "A question's braces hold #id, level=… and competency=…";
                renderer.fault(head.at, format!("`{key}` is not understood"), mend);
            }
        }
    }
    if level.is_none() {
        let mend = "End the heading with {#id level=junior}, middle or senior";
        renderer.fault(head.at, format!("The question \"{}\" has no level", head.title), mend);
    }
    if head.id.is_none_or(|id| !is_id(id)) {
        let mend = "End the heading with {#id level=…}; an id is lower-case words joined by hyphens";
        renderer.fault(head.at, format!("The question \"{}\" has no id", head.title), mend);
    }
    (level, competency)
}

/// Names the first part that is not where it belongs.
fn wrong_parts(renderer: &mut Renderer<'_>, head: &Heading<'_, '_>, parts: &[&Heading<'_, '_>]) {
    let mend = format!("Write the five parts as ### headings, in this order: {}", PARTS.join(", "));
    for (nth, wanted) in PARTS.iter().enumerate() {
        match parts.get(nth) {
            Some(part) if part.title == *wanted => {}
            Some(part) => {
                let says = format!("\"{}\" stands where \"{wanted}\" belongs", part.title);
                return renderer.fault(part.at, says, mend);
            }
            None => {
                let says = format!("The question \"{}\" lacks \"{wanted}\"", head.title);
                return renderer.fault(head.at, says, mend);
            }
        }
    }
    if let Some(part) = parts.get(PARTS.len()) {
        renderer.fault(part.at, format!("\"{}\" is not a part of a question", part.title), mend);
    }
}
