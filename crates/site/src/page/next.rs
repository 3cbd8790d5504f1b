//! Where one goes from a page. There is always somewhere.

use crate::question;
use crate::routes;
use jobfuture_content::{Library, Link, NextStep};

/// One way on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Where to.
    pub url: String,
    /// What is there.
    pub title: String,
    /// Why one would.
    pub why: String,
}

impl Step {
    /// A way on.
    pub fn new(url: impl Into<String>, title: impl Into<String>, why: impl Into<String>) -> Self {
        Self { url: url.into(), title: title.into(), why: why.into() }
    }

    /// To the list of guides.
    pub fn guides() -> Self {
        Self::new(routes::GUIDES, "Guides", "Questions that interviewers ask, with answers that are run.")
    }

    /// To the list of quick questions.
    pub fn questions() -> Self {
        Self::new(routes::QUESTIONS, "Quick questions", "One thing asked, answered in a minute or two.")
    }

    /// To the list of tasks.
    pub fn tasks() -> Self {
        Self::new(routes::TASKS, "Tasks", "Change real Django code and see what it does.")
    }

    /// To the list of roles.
    pub fn roles() -> Self {
        Self::new(routes::ROLES, "Roles", "Levels side by side, and how to prepare for each.")
    }

    /// To the list of skill checks.
    pub fn checks() -> Self {
        Self::new(routes::CHECKS, "Skill checks", "Learn where you stand, on real work. Only you see it.")
    }

    /// To the list of vacancies.
    pub fn vacancies() -> Self {
        Self::new(routes::VACANCIES, "Vacancies", "Open places at verified companies. Every one states its pay.")
    }

    /// To one's own checks.
    pub fn attempts() -> Self {
        Self::new(routes::ATTEMPTS, "Your checks", "Begun and done, for your eyes only.")
    }

    /// To the home page.
    pub fn home() -> Self {
        Self::new(routes::HOME, "Home", "What JobFuture is, and what is here.")
    }

    /// To how practice works.
    pub fn practice() -> Self {
        Self::new(routes::ABOUT_PRACTICE, "How practice works", "What is stored, what is limited, how code is judged.")
    }

    /// What the content says, if it is there.
    pub fn of(library: &Library, next: &NextStep) -> Option<Self> {
        Some(Self::new(library.url(&next.to)?, title(library, &next.to)?, next.why.clone()))
    }
}

/// Never empty: a page that leads nowhere cannot be made.
#[derive(Debug, Clone)]
pub struct NextSteps {
    first: Step,
    rest: Vec<Step>,
}

impl NextSteps {
    /// With one way on.
    pub fn new(first: Step) -> Self {
        Self { first, rest: Vec::new() }
    }

    /// What the content says, or the other way on if nothing of what it names is there.
    pub fn of_content(library: &Library, next: &[NextStep], otherwise: Step) -> Self {
        let mut steps = next.iter().filter_map(|step| Step::of(library, step));
        let first = steps.next().unwrap_or(otherwise);
        Self { first, rest: steps.collect() }
    }

    /// With one more, unless it is there already.
    #[must_use]
    pub fn and(mut self, step: Step) -> Self {
        if self.iter().all(|other| other.url != step.url) {
            self.rest.push(step);
        }
        self
    }

    /// In order, those that lead away from where somebody is; all, if none does.
    pub(super) fn away(&self, is_here: impl Fn(&str) -> bool) -> Vec<&Step> {
        let away: Vec<&Step> = self.iter().filter(|step| !is_here(&step.url)).collect();
        if away.is_empty() { self.iter().collect() } else { away }
    }

    /// In order.
    pub fn iter(&self) -> impl Iterator<Item = &Step> {
        std::iter::once(&self.first).chain(&self.rest)
    }
}

/// What a place is called.
fn title(library: &Library, link: &Link) -> Option<String> {
    Some(match link {
        Link::Page(name) => match name.as_str() {
            "home" => "Home".to_owned(),
            "guides" => "Guides".to_owned(),
            "questions" => "Quick questions".to_owned(),
            "tasks" => "Tasks".to_owned(),
            "roles" => "Roles and career paths".to_owned(),
            "checks" => "Skill checks".to_owned(),
            "vacancies" => "Vacancies".to_owned(),
            "vacancy-rules" => "Rules for vacancies".to_owned(),
            "practice" => "How practice works".to_owned(),
            "licences" => "Licences".to_owned(),
            "join" => "Make an account".to_owned(),
            "account" => "Your account".to_owned(),
            "leaving" => "Delete your account".to_owned(),
            "attempts" => "Your checks".to_owned(),
            "profile" => "Your profile".to_owned(),
            "preview" => "Your profile as others see it".to_owned(),
            "resume" => "Bring a JSON Resume".to_owned(),
            "signals" => "Your signals".to_owned(),
            "grants" => "Who sees what".to_owned(),
            "grant" => "Show something to somebody".to_owned(),
            "views" => "Who looked".to_owned(),
            "companies" => "For companies".to_owned(),
            "company" => "Ask for a company account".to_owned(),
            "verify" => "Check a credential".to_owned(),
            other => other.to_owned(),
        },
        Link::Guide(guide) => library.guides.get(guide)?.title.clone(),
        Link::Section(guide, section) => {
            let guide = library.guides.get(guide)?;
            guide.sections.iter().find(|s| s.id == *section)?.title.clone()
        }
        Link::Question(guide, question) => {
            let guide = library.guides.get(guide)?;
            guide.sections.iter().flat_map(|s| &s.questions).find(|q| q.id == *question)?.title.clone()
        }
        Link::Quick(question) => question::find(library, question)?.title(),
        Link::Task(task) => library.tasks.get(task)?.manifest.title.clone(),
        Link::Role(role) => library.roles.get(role)?.title.clone(),
        Link::Check(check) => library.checks.get(check)?.manifest.title.clone(),
        Link::Hiring(role) => crate::role::hiring_title(library.roles.get(role)?),
        Link::Answers(asker) => library.answers.get(asker)?.title.clone(),
        Link::Answer(asker, question) => {
            library.answers.get(asker)?.questions().find(|asked| asked.id == *question)?.title.clone()
        }
    })
}
