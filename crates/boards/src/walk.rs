//! What to ask of a board, answer by answer.

use crate::board::{Adapter, Board};
use crate::fault::Fault;
use crate::read::{Read, read_at};
use std::collections::VecDeque;

/// How many postings are asked of Lever at once.
pub const LEVER_PAGE: usize = 100;
/// The most requests of one walk. A board that needs more is not complete, and the plan made of it closes nothing.
pub const MOST_REQUESTS: usize = 500;

/// One thing to ask, by GET.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The whole address.
    pub url: String,
    /// What the answer has to be.
    pub expects: Expects,
}

/// The type of an answer. Another type is a page in its place, such as one that says the company has left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is what it is called")]
pub enum Expects {
    Json,
    Xml,
    /// Or JSON-LD by itself.
    Html,
}

impl Expects {
    /// What to send as `Accept`.
    pub fn accept(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Xml => "application/xml, text/xml",
            Self::Html => "text/html, application/xhtml+xml, application/ld+json",
        }
    }

    /// Whether an answer's `Content-Type` fits, whatever its parameters. One without a type does not.
    pub fn fits(self, content_type: &str) -> bool {
        let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match self {
            Self::Json => essence == "application/json" || essence.ends_with("+json"),
            Self::Xml => matches!(essence.as_str(), "application/xml" | "text/xml") || essence.ends_with("+xml"),
            Self::Html => matches!(
                essence.as_str(),
                "text/html" | "application/xhtml+xml" | "application/ld+json" | "application/json"
            ),
        }
    }
}

/// Whether single postings are asked for as well, where a board states pay only there (Greenhouse). To be the same each time
/// for one board, else its postings seem to change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Details {
    /// One request for each posting, on boards of less than [`MOST_REQUESTS`].
    Ask,
    /// The board's list alone.
    Leave,
}

/// A walk over one board: [`Walk::next`] says what to ask, [`Walk::answer`] takes what came, until there is nothing more to
/// ask; then [`Walk::finish`]. When an answer is a fault, or does not come, the walk is over: begin anew later.
#[derive(Debug, Clone)]
pub struct Walk {
    board: Board,
    details: Details,
    ahead: VecDeque<(Step, Request)>,
    asked: usize,
    read: Read,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Whole,
    /// From so many postings on.
    From(usize),
    /// The pay of one posting.
    PayOf(String),
}

impl Walk {
    /// Before the first request.
    pub fn new(board: Board, details: Details) -> Self {
        let mut walk = Self { board, details, ahead: VecDeque::new(), asked: 0, read: Read::default() };
        let step = if walk.board.adapter() == Adapter::Lever { Step::From(0) } else { Step::Whole };
        walk.ask(step);
        walk
    }

    fn ask(&mut self, step: Step) {
        let base = self.board.interface();
        let (query, expects) = match (self.board.adapter(), &step) {
            (Adapter::Greenhouse, Step::PayOf(id)) => (format!("/{id}?pay_transparency=true"), Expects::Json),
            (Adapter::Greenhouse, _) => ("?content=true&pay_transparency=true".to_owned(), Expects::Json),
            (Adapter::Lever, Step::From(skip)) => (format!("?mode=json&skip={skip}&limit={LEVER_PAGE}"), Expects::Json),
            (Adapter::Ashby, _) => ("?includeCompensation=true".to_owned(), Expects::Json),
            (Adapter::Workable, _) => ("?details=true".to_owned(), Expects::Json),
            (Adapter::Personio, _) => ("?language=en".to_owned(), Expects::Xml),
            (Adapter::Recruitee | Adapter::Lever, _) => (String::new(), Expects::Json),
            (Adapter::Page | Adapter::Csv, _) => (String::new(), Expects::Html),
        };
        self.ahead.push_back((step, Request { url: format!("{base}{query}"), expects }));
    }

    /// What to ask next. `None` when all is there, and after [`MOST_REQUESTS`].
    pub fn next(&self) -> Option<&Request> {
        self.ahead.front().filter(|_| self.asked < MOST_REQUESTS).map(|(_, request)| request)
    }

    /// Takes the answer to what was asked.
    ///
    /// # Errors
    /// It is not what the board documents. The walk asks for the same again, but what is wrong seldom mends itself at once.
    pub fn answer(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        let Some((step, _)) = self.ahead.front().cloned() else { return Ok(()) };
        let page = (self.board.adapter() == Adapter::Page).then(|| self.board.account());
        let mut answer = read_at(self.board.adapter(), bytes, page)?;
        self.ahead.pop_front();
        self.asked += 1;
        match step {
            Step::PayOf(id) => self.pay_of(&id, answer),
            Step::Whole | Step::From(_) => {
                let board = &self.board;
                answer.each(|posting| {
                    posting.url = posting.url.take().or_else(|| board.page_of(&posting.external_id));
                });
                let (before, listed) = (self.read.postings.len(), answer.listed);
                self.read.join(answer);
                let has_new = self.read.postings.len() > before;
                match step {
                    // A board that counts otherwise than we asked does not know pages.
                    Step::From(skip) if listed == LEVER_PAGE && has_new => self.ask(Step::From(skip + LEVER_PAGE)),
                    _ => self.ask_for_pay(),
                }
            }
        }
        Ok(())
    }

    fn ask_for_pay(&mut self) {
        let states_pay = self.read.postings.iter().any(|posting| !posting.pay.is_empty());
        let wanted = self.board.adapter() == Adapter::Greenhouse && self.details == Details::Ask && !states_pay;
        if wanted && self.read.postings.len() < MOST_REQUESTS {
            let is_number = |id: &String| id.bytes().all(|byte| byte.is_ascii_digit());
            let ids = self.read.postings.iter().map(|posting| posting.external_id.clone()).filter(is_number);
            ids.collect::<Vec<_>>().into_iter().for_each(|id| self.ask(Step::PayOf(id)));
        }
    }

    fn pay_of(&mut self, id: &str, answer: Read) {
        self.read.faults.extend(answer.faults.into_iter().filter(|fault| fault.field == Some(crate::Field::Pay)));
        let found = answer.postings.into_iter().find(|posting| posting.external_id == id);
        if let Some(found) = found {
            self.read.each(|posting| {
                if posting.external_id == id {
                    posting.pay.clone_from(&found.pay);
                }
            });
        }
    }

    /// What was read; complete if nothing was left to ask.
    pub fn finish(mut self) -> Read {
        self.read.complete &= self.ahead.is_empty();
        self.read
    }
}
