//! A proof as a card: its code, what it claims, what is known of it, and a form to run it. Guides and quick questions show
//! the same one.

use crate::error::SiteError;
use crate::page::{Html, Text, highlighted_content, html_response, render};
use crate::practice::{self, Client, Form, Mode, StatementList};
use crate::proofs::ProofRecord;
use crate::routes;
use crate::site::Site;
use askama::Template;
use axum::body::Body;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use jobfuture_content::Proof;
use jobfuture_grader::SnippetRun;

/// Whose proof it is: that decides its addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProofOf {
    /// A guide's.
    Guide,
    /// A quick question's, in the variant of this seed.
    Question(u64),
}

/// What running a proof shows, for the sentence above it: of code that sends nothing to the database, what it prints.
pub(crate) fn shows(proof: &Proof) -> &'static str {
    if proof.statements == Some(0) { "what it prints" } else { "what reaches the database" }
}

/// Where a proof is shown: in its section the code is there to be read, alone it is there to be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Showing {
    /// Among the text of a section.
    InSection,
    /// On a page of its own.
    Alone,
}

/// A snippet with what it claims, what is known of it, and a form to run it.
#[derive(Template)]
#[template(path = "guide/proof.html")]
pub struct ProofCard<'a> {
    proof: &'a Proof,
    of: ProofOf,
    showing: Showing,
    /// What stands in the form.
    code: String,
    highlighted: Html,
    record: Option<ProofRecord>,
    off: Option<&'a str>,
    /// What came of running it.
    result: Option<Html>,
}

impl<'a> ProofCard<'a> {
    /// A proof as its author wrote it.
    pub fn new(site: &'a Site, proof: &'a Proof, of: ProofOf, showing: Showing) -> Self {
        let project = site.library().projects.get(&proof.project);
        Self {
            proof,
            of,
            showing,
            code: proof.code.clone(),
            highlighted: highlighted_content(&proof.code),
            record: project.and_then(|project| site.proofs().get(&proof.key(project))),
            off: site.practice().off(),
            result: None,
        }
    }

    /// Runs what a reader sent and keeps it in the form.
    ///
    /// # Errors
    /// A form that cannot be read; for a script also why its code was not run, which a page shows in the card.
    pub async fn run(mut self, site: &Site, client: Client, headers: &HeaderMap, body: Body) -> Result<Ran, SiteError> {
        let form = Form::read(headers, body, &site.config().practice).await?;
        self.code = form.text("code")?.unwrap_or_default();
        let result = run(site, client, self.proof, &self.code).await;
        if Mode::of(headers) == Mode::Fragment {
            return Ok(Ran::Fragment(html_response(StatusCode::OK, result?)));
        }
        let (status, html) = match result {
            Ok(html) => (StatusCode::OK, html),
            Err(error) => (error.status(), error.fragment()?),
        };
        self.result = Some(html);
        Ok(Ran::Card(status, render(&self)?))
    }

    fn run_url(&self) -> String {
        let Proof { guide, id, .. } = self.proof;
        match self.of {
            ProofOf::Guide => routes::ProofRunUrl { guide, proof: id }.to_url(),
            ProofOf::Question(seed) => {
                routes::in_variant(&routes::QuickProofRunUrl { question: guide, proof: id }.to_url(), seed)
            }
        }
    }

    fn url(&self) -> String {
        let Proof { guide, id, .. } = self.proof;
        match self.of {
            ProofOf::Guide => routes::ProofUrl { guide, proof: id }.to_url(),
            ProofOf::Question(seed) => {
                routes::in_variant(&routes::QuickProofUrl { question: guide, proof: id }.to_url(), seed)
            }
        }
    }

    /// Whether this instance runs it sooner or later: a question's is another one in each variant.
    fn is_awaited(&self) -> bool {
        self.of == ProofOf::Guide
    }

    fn is_alone(&self) -> bool {
        self.showing == Showing::Alone
    }

    /// The code as its author wrote it.
    fn given(&self) -> Text<'_> {
        Text(&self.proof.code)
    }

    fn code(&self) -> Text<'_> {
        Text(&self.code)
    }

    /// Lines of a text field that shows all of the code.
    fn rows(&self) -> usize {
        self.code.lines().count().clamp(3, 40) + 1
    }
}

/// What came of a run, as it was asked for.
#[derive(Debug)]
pub enum Ran {
    /// The part that changes, for a script.
    Fragment(Response),
    /// The card with the result in it, for a page.
    Card(StatusCode, Html),
}

/// What running a snippet showed.
#[derive(Template)]
#[template(path = "guide/run.html")]
struct RunResult<'a> {
    proof: &'a Proof,
    run: &'a SnippetRun,
    statements: StatementList,
    /// Whether what was run is what the author wrote, so that its claims can be held against it.
    as_written: bool,
}

impl RunResult<'_> {
    /// What a reader wants to know first, in one sentence; also what is announced.
    fn summary(&self) -> String {
        let counted = self.run.counted();
        let statements = match counted {
            0 => "no statement reached the database".to_owned(),
            1 => "1 statement reached the database".to_owned(),
            _ => format!("{counted} statements reached the database"),
        };
        match (&self.run.stopped, self.run.finished) {
            (Some(stop), _) => stop.says.clone(),
            (None, true) => format!("It ran to its end; {statements}."),
            (None, false) => format!("It raised an exception; {statements}."),
        }
    }

    /// Whether the run did what the proof claims; `None` if it was changed.
    fn holds(&self) -> Option<bool> {
        let statements = self.proof.statements.is_none_or(|count| count == self.run.counted());
        let output = self.proof.output.as_deref().is_none_or(|output| same_text(output, &self.run.output));
        self.as_written.then_some(self.run.finished && self.run.stopped.is_none() && statements && output)
    }

    fn time(&self) -> String {
        format!("{:.0} ms", self.run.total_ms)
    }
}

/// Equal but for white space at the ends of lines and of the whole.
fn same_text(a: &str, b: &str) -> bool {
    a.trim_end().lines().map(str::trim_end).eq(b.trim_end().lines().map(str::trim_end))
}

async fn run(site: &Site, client: Client, proof: &Proof, code: &str) -> Result<Html, SiteError> {
    let limit = site.config().practice.file_bytes;
    if code.trim().is_empty() {
        return Err(SiteError::Refused("There is no code to run: the field is empty.".to_owned()));
    }
    if code.len() > limit {
        let bytes = Some(code.len() as u64);
        return Err(SiteError::TooLarge { what: "The snippet".to_owned(), bytes, limit });
    }
    let run = practice::run_snippet(site, client, proof.project.clone(), code.to_owned()).await?;
    render(&RunResult {
        proof,
        run: &run,
        statements: StatementList::new(&run.statements),
        as_written: same_text(code, &proof.code),
    })
}
