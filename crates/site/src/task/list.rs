//! `/tasks`

use crate::error::SiteError;
use crate::operator::is_shown;
use crate::page::{Nav, NextSteps, Page, Step, render};
use crate::routes;
use crate::site::Site;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use jobfuture_content::{Library, Project, Task};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "task/tasks.html")]
struct Tasks<'a> {
    library: &'a Library,
    tasks: Vec<&'a Arc<Task>>,
    off: Option<&'a str>,
}

impl Tasks<'_> {
    fn url(&self, task: &Task) -> String {
        routes::TaskUrl { task: &task.id }.to_url()
    }

    fn project(&self, task: &Task) -> Option<&Project> {
        self.library.projects.get(&task.manifest.project).map(Arc::as_ref)
    }

    fn competencies(&self, task: &Task) -> String {
        competencies(self.library, task).join(", ")
    }
}

/// Names of what a task measures, the weightiest first.
pub fn competencies<'a>(library: &'a Library, task: &Task) -> Vec<&'a str> {
    let mut weights: Vec<_> = task.manifest.competencies.iter().collect();
    weights.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    let name = |id: &str| library.competencies.iter().find(|c| c.id == id).map(|c| c.name.as_str());
    weights.into_iter().filter_map(|weight| name(&weight.id)).collect()
}

/// `GET /tasks`
pub async fn tasks(State(site): State<Site>) -> Result<Response, SiteError> {
    let library = site.library();
    let mut tasks: Vec<_> = library.tasks.values().filter(|task| is_shown(task.manifest.status)).collect();
    tasks.sort_by(|a, b| a.manifest.difficulty.mean.total_cmp(&b.manifest.difficulty.mean));
    Page {
        title: "Practical tasks".to_owned(),
        description: "Real Django code to change in the page, judged by what it does.".to_owned(),
        active: Nav::Tasks,
        main: render(&Tasks { library, tasks, off: site.practice().off() })?,
        next: NextSteps::new(Step::guides()).and(Step::practice()),
        canonical: Some(routes::TASKS.to_owned()),
        editor: false,
    }
    .answer(&site)
}
