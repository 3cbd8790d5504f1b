//! Quick questions: one thing asked, answered in a minute, with a key that is found by running wherever it can be.

use crate::fault::Fault;
use crate::link::LinkIndex;
use crate::markdown::{Heading, Piece, ProofHome, Renderer, end_of, headings, parse_tasks};
use crate::model::{Block, Difficulty, Level, NextStep, ParameterRange, Proof, RawNextStep, Status, Supersedes};
use crate::template::Templates;
use crate::variant::{Parameters, draw, first, shuffle};
use pulldown_cmark::{Event, Tag, TagEnd};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// Seeds of a question whose numbers vary that `jobfuture content prove` runs.
pub const QUESTION_SEEDS: u64 = 5;

/// A quick question, its texts not yet rendered.
#[derive(Debug)]
pub struct QuickQuestion {
    /// File name without suffix; unique among all questions of all subjects.
    pub id: String,
    /// The folder it lies in: `django`.
    pub subject: String,
    /// Front matter.
    pub manifest: QuestionManifest,
    /// Resolved `next`.
    pub next: Vec<NextStep>,
    /// The file, relative to the content root.
    pub file: PathBuf,
    /// The file with its front matter blanked, so that lines stay those of the file. A template.
    pub body: String,
    /// Where links lead; the library's own.
    pub links: Arc<LinkIndex>,
}

/// The front matter of a question.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuestionManifest {
    /// Never changes.
    pub uuid: uuid::Uuid,
    /// Starts at 1. A question that was asked never changes: a fix is a new version.
    pub version: u32,
    /// What this version replaces, and why.
    #[serde(default)]
    pub supersedes: Option<Supersedes>,
    /// Where it is in its life.
    pub status: Status,
    /// What it is called in lists; without one its id in words, see [`QuickQuestion::title`].
    #[serde(default)]
    pub title: Option<String>,
    /// How it is answered.
    pub form: Form,
    /// Project id, in which its code runs.
    pub project: String,
    /// Competency id.
    pub competency: String,
    /// A person of this level usually answers it, one below usually does not.
    pub tells_apart: Level,
    /// Prior on difficulty, in logits of the subject's scale.
    pub difficulty: Difficulty,
    /// How long a prepared person takes.
    pub seconds: u32,
    /// SPDX expression.
    pub licence: String,
    /// Names.
    pub authors: Vec<String>,
    /// Where what it says can be read.
    pub sources: Vec<String>,
    /// Raw links, see [`QuickQuestion::next`].
    pub next: Vec<RawNextStep>,
    /// The right answer of a form that is typed; a template.
    #[serde(default)]
    pub answer: Option<String>,
    /// Other spellings of it that are right too (`form = "text"`); templates.
    #[serde(default)]
    pub accept: Vec<String>,
    /// What varies with the seed: such a question is a family.
    #[serde(default)]
    pub parameters: BTreeMap<String, ParameterRange>,
    /// Ids of questions that give this one away, or ask nearly the same.
    #[serde(default)]
    pub enemies: Vec<String>,
}

/// How a question is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// One of several options.
    Choice,
    /// Every option that is right, and no other.
    Choices,
    /// A number.
    Number,
    /// A word or a short expression.
    Text,
    /// What the code in the prompt prints.
    Prints,
    /// How many statements the code in the prompt sends to the database.
    Statements,
}

/// A question as it is asked of one person.
#[derive(Debug, Clone)]
pub struct QuestionVariant {
    /// The seed it was drawn from.
    pub seed: u64,
    /// Parameters by name.
    pub parameters: Parameters,
    /// What is asked. Of a question about what code does, the code is the proof among these blocks.
    pub prompt: Vec<Block>,
    /// In the order in which this person sees them; empty unless options are chosen from.
    pub options: Vec<QuestionOption>,
    /// What is right.
    pub key: AnswerKey,
    /// Shown afterwards.
    pub explanation: Vec<Block>,
}

/// One option.
#[derive(Debug, Clone)]
pub struct QuestionOption {
    /// Its place in the file, from 0: under this number an answer is stored, whatever the order on the page.
    pub place: usize,
    /// Inline HTML.
    pub html: String,
    /// Why it is right or wrong; HTML, shown afterwards.
    pub why_html: String,
    /// Whether it belongs to the answer.
    pub right: bool,
}

/// What is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnswerKey {
    /// Places of the right options, ascending.
    Options(Vec<usize>),
    /// A number, as written.
    Number(String),
    /// One of these.
    Text(Vec<String>),
    /// Printed lines.
    Printed(String),
}

/// What a person answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    /// Places of the chosen options.
    Options(Vec<usize>),
    /// What was typed.
    Typed(String),
}

impl AnswerKey {
    /// Whether an answer is right. An answer of another form is not.
    ///
    /// Numbers are compared as numbers (`3`, `3.0` and ` 3 ` are one); texts without regard to case, outer white space and
    /// the kind of quotation marks; what is printed line by line, without regard to white space at the ends of lines.
    pub fn accepts(&self, answer: &Answer) -> bool {
        match (self, answer) {
            (Self::Options(right), Answer::Options(chosen)) => {
                let mut chosen = chosen.clone();
                chosen.sort_unstable();
                chosen.dedup();
                chosen == *right
            }
            (Self::Number(right), Answer::Typed(typed)) => match (number(right), number(typed)) {
                (Some(right), Some(typed)) => right == typed,
                _ => false,
            },
            (Self::Text(right), Answer::Typed(typed)) => right.iter().any(|one| plain_text(one) == plain_text(typed)),
            (Self::Printed(right), Answer::Typed(typed)) => printed_lines(right) == printed_lines(typed),
            _ => false,
        }
    }
}

pub(crate) fn number(text: &str) -> Option<f64> {
    text.trim().replace(['_', ' '], "").parse::<f64>().ok().filter(|number| number.is_finite())
}

fn plain_text(text: &str) -> String {
    let text = text.trim().trim_matches(['`', '"', '\'']).trim();
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('"', "'").to_lowercase()
}

fn printed_lines(text: &str) -> Vec<String> {
    text.trim().lines().map(|line| line.trim().to_owned()).collect()
}

impl QuickQuestion {
    /// Whether its numbers vary with the seed.
    pub fn is_family(&self) -> bool {
        !self.manifest.parameters.is_empty()
    }

    /// What it is called: its `title`, or its id in words.
    pub fn title(&self) -> String {
        let words = || {
            let words = self.id.replace('-', " ");
            let first = words.chars().next().map(|first| first.to_ascii_uppercase());
            first.into_iter().chain(words.chars().skip(1)).collect()
        };
        self.manifest.title.clone().unwrap_or_else(words)
    }

    /// The parameters that a seed draws.
    pub fn parameters_of(&self, seed: u64) -> Parameters {
        let ranges = &self.manifest.parameters;
        ranges.iter().map(|(name, range)| (name.clone(), draw(seed, name, range))).collect()
    }

    /// The question as the holder of this seed is asked it. The same seed gives the same question, always.
    ///
    /// # Errors
    /// A template that does not render, or a text that is not as `docs/content-format.md` says.
    pub fn variant(&self, seed: u64) -> Result<QuestionVariant, Fault> {
        let parameters = self.parameters_of(seed);
        let templates = Templates::new(&parameters);
        let body = templates.render(&self.file, &self.body)?;
        let typed = self.manifest.answer.as_deref().map(|answer| templates.render(&self.file, answer)).transpose()?;
        let accepted: Result<Vec<String>, Fault> =
            self.manifest.accept.iter().map(|one| templates.render(&self.file, one)).collect();
        let mut reading = Reading { question: self, renderer: self.renderer(&body), options: Vec::new() };
        let (mut prompt, explanation) = reading.parts(&body);
        let mut options = std::mem::take(&mut reading.options);
        let key = reading.key(&options, typed, accepted?, &mut prompt);
        first(reading.renderer.faults)?;
        shuffle(seed, &mut options);
        let Some(key) = key else { return Err(self.fault("The question has no answer", "See docs/content-format.md")) };
        Ok(QuestionVariant { seed, parameters, prompt, options, key, explanation })
    }

    fn renderer(&self, body: &str) -> Renderer<'_> {
        let mut renderer = Renderer::new(self.file.clone(), body, &self.links);
        renderer.home = Some(ProofHome { guide: self.id.clone(), project: self.manifest.project.clone() });
        renderer
    }

    fn fault(&self, says: &str, mend: &str) -> Fault {
        Fault::new(&self.file, 1, says, mend)
    }
}

impl QuestionVariant {
    /// The proofs in prompt and explanation, in order.
    pub fn proofs(&self) -> impl Iterator<Item = &Arc<Proof>> {
        self.prompt.iter().chain(&self.explanation).filter_map(Block::proof)
    }
}

/// One rendered file being cut into its parts.
struct Reading<'q> {
    question: &'q QuickQuestion,
    renderer: Renderer<'q>,
    options: Vec<QuestionOption>,
}

impl Reading<'_> {
    /// Prompt and explanation; options are kept aside.
    fn parts(&mut self, body: &str) -> (Vec<Block>, Vec<Block>) {
        let pieces = parse_tasks(body);
        let all = headings(&pieces);
        let chosen = matches!(self.question.manifest.form, Form::Choice | Form::Choices);
        let wanted: &[&str] = if chosen { &["Options", "Explanation"] } else { &["Explanation"] };
        let found: Vec<&str> = all.iter().filter(|heading| heading.level == 2).map(|h| h.title.as_str()).collect();
        if found != wanted {
            let at = all.first().map_or(0, |heading| heading.at);
            let mend = format!("Write these headings, in this order: ## {}", wanted.join(", ## "));
            self.renderer.fault(at, "The parts of the question are not as they should be", mend);
            return (Vec::new(), Vec::new());
        }
        let tops: Vec<&Heading<'_, '_>> = all.iter().filter(|heading| heading.level == 2).collect();
        let explanation = tops[wanted.len() - 1];
        if chosen {
            self.read_options(&pieces[tops[0].to..explanation.from], tops[0].at);
        }
        let prompt = self.renderer.blocks(&pieces[..tops[0].from]);
        let explained = self.renderer.blocks(&pieces[explanation.to..]);
        for (blocks, name) in [(&prompt, "prompt"), (&explained, "explanation")] {
            if blocks.is_empty() {
                self.renderer.fault(0, format!("The {name} is empty"), "Write it");
            }
        }
        (prompt, explained)
    }

    /// A list whose items begin with `[x]` or `[ ]`; the first paragraph is the option, the rest is why.
    fn read_options(&mut self, pieces: &[Piece<'_>], at: usize) {
        let mut index = 0;
        while index < pieces.len() {
            if !matches!(pieces[index].0, Event::Start(Tag::Item)) {
                index += 1;
                continue;
            }
            let end = end_of(pieces, index);
            self.read_option(&pieces[index + 1..end - 1], pieces[index].1.start);
            index = end;
        }
        let right = self.options.iter().filter(|option| option.right).count();
        if self.options.len() < 3 {
            self.renderer.fault(at, "There are fewer than three options", "Add wrong ones that people really believe");
        }
        if right == 0 {
            self.renderer.fault(at, "No option is right", "Mark the right ones with [x]");
        } else if self.question.manifest.form == Form::Choice && right != 1 {
            let mend = "Mark exactly one with [x], or use form choices";
            self.renderer.fault(at, format!("{right} options are right"), mend);
        }
    }

    fn read_option(&mut self, pieces: &[Piece<'_>], at: usize) {
        // In a list with blank lines each text is a paragraph of its own.
        let inner = match pieces.first() {
            Some((Event::Start(Tag::Paragraph), _)) => &pieces[1..],
            _ => pieces,
        };
        let Some((Event::TaskListMarker(right), _)) = inner.first() else {
            return self.renderer.fault(
                at,
                "An option is not marked",
                "Begin it with [x] when it is right, else with [ ]",
            );
        };
        let until = inner.iter().position(|(event, _)| matches!(event, Event::End(TagEnd::Paragraph)));
        let Some(until) = until else {
            let mend = "Write below it, after a blank line and indented, why it is right or wrong";
            return self.renderer.fault(at, "An option gives no reason", mend);
        };
        let html = self.renderer.html(&inner[1..until]);
        let why_html = self.renderer.html(&inner[until + 1..]);
        if html.trim().is_empty() || why_html.trim().is_empty() {
            let mend = "Write the option, and below it, after a blank line and indented, why it is right or wrong";
            self.renderer.fault(at, "An option or its reason is empty", mend);
        }
        let place = self.options.len();
        self.options.push(QuestionOption { place, html: html.trim().to_owned(), why_html, right: *right });
    }

    /// The key; a question about what code does has its answer put into the proof as the claim.
    fn key(
        &mut self,
        options: &[QuestionOption],
        typed: Option<String>,
        accepted: Vec<String>,
        prompt: &mut [Block],
    ) -> Option<AnswerKey> {
        let form = self.question.manifest.form;
        let chosen = matches!(form, Form::Choice | Form::Choices);
        if chosen {
            if typed.is_some() || !accepted.is_empty() {
                self.renderer.fault(
                    0,
                    "Options are chosen from, and `answer` is given too",
                    "Remove `answer` and `accept`",
                );
            }
            return Some(AnswerKey::Options(options.iter().filter(|one| one.right).map(|one| one.place).collect()));
        }
        let Some(answer) = typed.filter(|answer| !answer.trim().is_empty()) else {
            self.renderer.fault(0, "The question has no `answer`", "Write it in the front matter");
            return None;
        };
        match form {
            Form::Number | Form::Statements if number(&answer).is_none() => {
                self.renderer.fault(0, format!("The answer `{answer}` is not a number"), "Write a number");
                return None;
            }
            Form::Prints | Form::Statements => self.claim(form, &answer, prompt),
            _ => {}
        }
        Some(match form {
            Form::Number | Form::Statements => AnswerKey::Number(answer.trim().to_owned()),
            Form::Prints => AnswerKey::Printed(answer),
            _ => AnswerKey::Text(std::iter::once(answer).chain(accepted).collect()),
        })
    }

    fn claim(&mut self, form: Form, answer: &str, prompt: &mut [Block]) {
        let mut proofs = prompt.iter_mut().filter_map(|block| match block {
            Block::Proof(proof) => Some(proof),
            Block::Html(_) => None,
        });
        let (Some(proof), None) = (proofs.next(), proofs.next()) else {
            let mend =
                "Show the code in one fence ```python proof=ID, without output and statements: `answer` is the claim";
            return self.renderer.fault(0, "The prompt asks about code and does not hold exactly one proof", mend);
        };
        if proof.output.is_some() || proof.statements.is_some() {
            let mend = "Take output and statements=… away: `answer` is the claim, and here the reader could read it";
            return self.renderer.fault(0, "The prompt gives its answer away", mend);
        }
        let mut claimed = Proof::clone(proof);
        if form == Form::Prints {
            claimed.output = Some(format!("{}\n", answer.trim_end()));
        } else {
            claimed.statements = answer.trim().parse().ok();
        }
        *proof = Arc::new(claimed);
    }
}
