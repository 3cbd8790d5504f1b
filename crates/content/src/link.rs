//! `kind:target` links between content, and the URLs they stand for.

use crate::answers::Asker;
use crate::model::{Library, Link};
use jobfuture_codes::Code;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

/// Pages of the site that content may name as `page:NAME`, with their URLs.
pub const PAGES: [(&str, &str); 24] = [
    ("home", "/"),
    ("guides", "/guides"),
    ("questions", "/questions"),
    ("tasks", "/tasks"),
    ("roles", "/roles"),
    ("checks", "/checks"),
    ("vacancies", "/vacancies"),
    ("vacancy-rules", "/about/vacancies"),
    ("practice", "/about/practice"),
    ("licences", "/about/licences"),
    ("join", "/join"),
    ("account", "/account"),
    ("leaving", "/account/delete"),
    ("attempts", "/attempts"),
    ("profile", "/profile"),
    ("preview", "/profile/preview"),
    ("resume", "/profile/import"),
    ("signals", "/signals"),
    ("grants", "/grants"),
    ("grant", "/grants/new"),
    ("views", "/views"),
    ("companies", "/companies"),
    ("company", "/companies/new"),
    ("verify", "/verify"),
];

/// What a link of the content's own begins with, before the colon.
const KINDS: [&str; 11] =
    ["page", "guide", "section", "question", "quick", "task", "role", "check", "hiring", "answers", "answer"];

/// Why a text is not a link of the content's own kinds.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not page:NAME, guide:ID, section:GUIDE/SECTION, question:GUIDE/QUESTION, quick:ID, task:ID, role:ID, check:ID, hiring:ROLE, answers:ASKER or answer:ASKER/QUESTION"
)]
pub struct BadLink(pub String);

impl Link {
    /// Reads `kind:target`. Whether the target exists is not asked here.
    pub fn parse(text: &str) -> Result<Self, BadLink> {
        let bad = || BadLink(text.to_owned());
        let (kind, target) = text.split_once(':').ok_or_else(bad)?;
        let one = || if is_id(target) { Ok(target.to_owned()) } else { Err(bad()) };
        let two = || match target.split_once('/') {
            Some((guide, part)) if is_id(guide) && is_id(part) => Ok((guide.to_owned(), part.to_owned())),
            _ => Err(bad()),
        };
        Ok(match kind {
            "page" => Self::Page(one()?),
            "guide" => Self::Guide(one()?),
            "task" => Self::Task(one()?),
            "role" => Self::Role(one()?),
            "check" => Self::Check(one()?),
            "quick" => Self::Quick(one()?),
            "hiring" => Self::Hiring(one()?),
            "answers" => Self::Answers(Asker::parse(target).ok_or_else(bad)?),
            "answer" => {
                let (asker, question) = two()?;
                Self::Answer(Asker::parse(&asker).ok_or_else(bad)?, question)
            }
            "section" => two().map(|(guide, section)| Self::Section(guide, section))?,
            "question" => two().map(|(guide, question)| Self::Question(guide, question))?,
            _ => return Err(bad()),
        })
    }

    /// Whether a Markdown link's target is meant as one of the content's kinds, well-formed or not.
    pub(crate) fn is_meant(text: &str) -> bool {
        KINDS.iter().any(|kind| text.strip_prefix(kind).is_some_and(|rest| rest.starts_with(':')))
    }

    /// The URL, whether or not the target exists. `None` for a question, whose page is known only to
    /// [`Library::url`], and for a page that the site has not.
    pub fn url(&self) -> Option<String> {
        match self {
            Self::Page(name) => PAGES.iter().find(|(page, _)| page == name).map(|(_, url)| (*url).to_owned()),
            Self::Guide(guide) => Some(format!("/guides/{guide}")),
            Self::Section(guide, section) => Some(format!("/guides/{guide}/{section}")),
            Self::Question(..) => None,
            Self::Quick(question) => Some(format!("/questions/{question}")),
            Self::Task(task) => Some(format!("/tasks/{task}")),
            Self::Role(role) => Some(format!("/roles/{role}")),
            Self::Check(check) => Some(format!("/checks/{check}")),
            Self::Hiring(role) => Some(format!("/companies/hire/{role}")),
            Self::Answers(asker) => Some(format!("/answers/{}", asker.id())),
            Self::Answer(asker, question) => Some(format!("/answers/{}#{question}", asker.id())),
        }
    }
}

impl FromStr for Link {
    type Err = BadLink;
    fn from_str(text: &str) -> Result<Self, BadLink> {
        Self::parse(text)
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Page(name) => write!(f, "page:{name}"),
            Self::Guide(guide) => write!(f, "guide:{guide}"),
            Self::Section(guide, section) => write!(f, "section:{guide}/{section}"),
            Self::Question(guide, question) => write!(f, "question:{guide}/{question}"),
            Self::Quick(question) => write!(f, "quick:{question}"),
            Self::Task(task) => write!(f, "task:{task}"),
            Self::Role(role) => write!(f, "role:{role}"),
            Self::Check(check) => write!(f, "check:{check}"),
            Self::Hiring(role) => write!(f, "hiring:{role}"),
            Self::Answers(asker) => write!(f, "answers:{}", asker.id()),
            Self::Answer(asker, question) => write!(f, "answer:{}/{question}", asker.id()),
        }
    }
}

/// Whether a text is lower-case words and digits joined by single hyphens.
pub(crate) fn is_id(text: &str) -> bool {
    !text.is_empty()
        && text
            .split('-')
            .all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
}

/// What exists, so that links can be resolved while the rest is still being read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LinkIndex {
    guides: BTreeMap<String, GuideIndex>,
    tasks: BTreeSet<String>,
    roles: BTreeSet<String>,
    checks: BTreeSet<String>,
    quick: BTreeSet<String>,
    answers: BTreeMap<Asker, BTreeSet<String>>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct GuideIndex {
    sections: BTreeSet<String>,
    /// Question → section.
    questions: BTreeMap<String, String>,
}

impl LinkIndex {
    pub(crate) fn add_task(&mut self, id: &str) {
        self.tasks.insert(id.to_owned());
    }

    pub(crate) fn add_role(&mut self, id: &str) {
        self.roles.insert(id.to_owned());
    }

    pub(crate) fn add_check(&mut self, id: &str) {
        self.checks.insert(id.to_owned());
    }

    pub(crate) fn add_quick(&mut self, id: &str) {
        self.quick.insert(id.to_owned());
    }

    pub(crate) fn add_answers(&mut self, asker: Asker, questions: Vec<String>) {
        self.answers.entry(asker).or_default().extend(questions);
    }

    pub(crate) fn add_guide(&mut self, id: &str) {
        self.guides.entry(id.to_owned()).or_default();
    }

    pub(crate) fn add_section(&mut self, guide: &str, section: &str, questions: Vec<String>) {
        let index = self.guides.entry(guide.to_owned()).or_default();
        index.sections.insert(section.to_owned());
        for question in questions {
            index.questions.entry(question).or_insert_with(|| section.to_owned());
        }
    }

    /// The URL of a target that exists. A question's is its section's page with `#question`.
    pub fn url(&self, link: &Link) -> Option<String> {
        match link {
            Link::Page(_) => link.url(),
            Link::Guide(guide) => self.guides.contains_key(guide).then(|| link.url())?,
            Link::Section(guide, section) => self.guides.get(guide)?.sections.contains(section).then(|| link.url())?,
            Link::Question(guide, question) => {
                let section = self.guides.get(guide)?.questions.get(question)?;
                Some(format!("/guides/{guide}/{section}#{question}"))
            }
            Link::Quick(question) => self.quick.contains(question).then(|| link.url())?,
            Link::Task(task) => self.tasks.contains(task).then(|| link.url())?,
            Link::Role(role) => self.roles.contains(role).then(|| link.url())?,
            Link::Check(check) => self.checks.contains(check).then(|| link.url())?,
            Link::Hiring(role) => self.roles.contains(role).then(|| link.url())?,
            Link::Answers(asker) => self.answers.contains_key(asker).then(|| link.url())?,
            Link::Answer(asker, question) => self.answers.get(asker)?.contains(question).then(|| link.url())?,
        }
    }

    /// The section that holds a question.
    pub(crate) fn section_of(&self, guide: &str, question: &str) -> Option<&str> {
        self.guides.get(guide)?.questions.get(question).map(String::as_str)
    }
}

impl Library {
    /// The URL of a target that exists; `None` when nothing of that name does.
    pub fn url(&self, link: &Link) -> Option<String> {
        self.links.url(link)
    }
}
