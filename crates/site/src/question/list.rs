//! `/questions`

use super::order::{Group, groups};
use super::words;
use crate::error::SiteError;
use crate::guide::{LEVELS, level_id, level_name};
use crate::page::{Nav, NextSteps, Page, Step, render};
use crate::routes;
use crate::site::Site;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use jobfuture_content::{Level, QuickQuestion};

#[derive(Template)]
#[template(path = "question/questions.html")]
struct Questions<'a> {
    groups: Vec<Group<'a>>,
}

impl Questions<'_> {
    fn count(&self) -> usize {
        self.groups.iter().map(|group| group.questions.len()).sum()
    }

    /// The levels that there are questions of, each with their number.
    fn levels(&self) -> Vec<(Level, usize)> {
        let all = || self.groups.iter().flat_map(|group| &group.questions);
        let count = |level| all().filter(|question| question.manifest.tells_apart == level).count();
        LEVELS.into_iter().map(|level| (level, count(level))).filter(|(_, count)| *count > 0).collect()
    }

    /// Ids of the levels that a competency has questions of, for the filter.
    fn levels_of(&self, group: &Group<'_>) -> String {
        let here = |level: &&Level| group.questions.iter().any(|question| question.manifest.tells_apart == **level);
        LEVELS.iter().filter(here).map(|level| level_id(*level)).collect::<Vec<_>>().join(" ")
    }

    fn url(&self, question: &QuickQuestion) -> String {
        routes::QuickUrl { question: &question.id }.to_url()
    }

    fn what(&self, question: &QuickQuestion) -> String {
        format!("{}, {}", words::kind(question.manifest.form), words::time(question.manifest.seconds))
    }

    fn level_name(&self, level: &Level) -> &'static str {
        level_name(*level)
    }

    fn level_id(&self, level: &Level) -> &'static str {
        level_id(*level)
    }
}

/// `GET /questions`
pub async fn questions(State(site): State<Site>) -> Result<Response, SiteError> {
    let questions = Questions { groups: groups(site.library()) };
    Page {
        title: "Quick questions".to_owned(),
        description: "One thing asked, answered in a minute or two: right or not, why, and the code to run.".to_owned(),
        active: Nav::Questions,
        main: render(&questions)?,
        next: NextSteps::new(Step::guides()).and(Step::tasks()).and(Step::practice()),
        canonical: Some(routes::QUESTIONS.to_owned()),
        editor: false,
    }
    .answer(&site)
}
