//! Text that a reader with a screen reader, or none, can follow. Raw HTML is refused before: when a section is read,
//! and when a task's texts are rendered.

use super::{Lint, file_of};
use crate::markdown::{Lines, Piece, headings, parse, plain};
use crate::read::body_of;
use pulldown_cmark::{Event, Tag, TagEnd};

impl Lint<'_> {
    pub(super) fn texts(&mut self) {
        let library = self.library;
        for section in library.guides.values().flat_map(|guide| &guide.sections) {
            let file = section.file.to_string_lossy().into_owned();
            let body = body_of(self.text(&file));
            self.readable(&file, &body, Some(1));
        }
        for role in library.roles.values() {
            let file = format!("roles/{}/role.md", role.id);
            let words = self.text(&file).to_owned();
            self.readable(&file, &words, Some(1));
        }
        for answers in library.answers.values() {
            let file = answers.file.to_string_lossy().into_owned();
            let body = body_of(self.text(&file));
            self.readable(&file, &body, Some(1));
        }
        for task in library.tasks.values() {
            // Above the prompt's headings stand the page's own, of levels 1 and 2.
            self.readable(&file_of(task, "prompt.md"), &task.prompt, Some(2));
            self.readable(&file_of(task, "hints.md"), &task.hints, None);
            self.readable(&file_of(task, "explain.md"), &task.explain, None);
        }
        for question in library.questions.values() {
            self.readable(&question.file.to_string_lossy(), &question.body, Some(1));
        }
    }

    /// `above`: the level of the heading that the text stands under; `None` when its own highest sets it.
    fn readable(&mut self, file: &str, text: &str, above: Option<usize>) {
        let pieces = parse(text);
        let lines = Lines::new(text);
        let all = headings(&pieces);
        let highest = all.iter().map(|heading| heading.level).min().unwrap_or(1);
        let mut level = above.unwrap_or(highest.saturating_sub(1));
        for heading in &all {
            if heading.level > level + 1 {
                let says = format!("\"{}\" jumps from heading level {level} to {}", heading.title, heading.level);
                let mend = format!("Begin it with {}", "#".repeat(level + 1));
                self.fault(file, lines.at(heading.at), says, mend);
            }
            if heading.title.is_empty() {
                self.fault(file, lines.at(heading.at), "The heading is empty", "Write or remove it");
            }
            level = heading.level;
        }
        self.wordless(file, &lines, &pieces);
    }

    /// Images without alt text, and links without words.
    fn wordless(&mut self, file: &str, lines: &Lines, pieces: &[Piece<'_>]) {
        for (index, (event, range)) in pieces.iter().enumerate() {
            let (says, mend, end) = match event {
                Event::Start(Tag::Image { dest_url, .. }) => (
                    format!("The image `{dest_url}` has no alt text"),
                    "Say in the square brackets what it shows",
                    TagEnd::Image,
                ),
                Event::Start(Tag::Link { dest_url, .. }) => (
                    format!("The link to `{dest_url}` has no words"),
                    "Say in the square brackets where it leads",
                    TagEnd::Link,
                ),
                _ => continue,
            };
            let inside = &pieces[index..];
            let length = inside.iter().position(|(event, _)| *event == Event::End(end)).unwrap_or(inside.len());
            if plain(&inside[..length]).trim().is_empty() {
                self.fault(file, lines.at(range.start), says, mend);
            }
        }
    }
}
