//! `/tasks/{task}/runs`

use super::page::answer;
use super::submission::Submission;
use super::verdict::{Explaining, verdict_html};
use super::{Given, any_variant, find};
use crate::error::SiteError;
use crate::page::{Html, html_response};
use crate::practice::{self, Client, Form, Mode};
use crate::routes;
use crate::site::Site;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use std::sync::Arc;

/// `GET /tasks/{task}/runs`: somebody reloads or shares the address of a verdict.
pub async fn run_was_reloaded(Path(task): Path<String>) -> Response {
    Redirect::to(&routes::TaskUrl { task: &task }.to_url()).into_response()
}

/// `POST /tasks/{task}/runs`: a verdict, or why there is none. As a page it keeps what was written.
pub async fn run(
    State(site): State<Site>,
    Path(task): Path<String>,
    client: Client,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, SiteError> {
    let task = find(&site, &task)?;
    let form = Form::read(&headers, body, &site.config().practice).await?;
    let submission = Submission::of(&form)?;
    let given = Given::new(&site, task, submission.seed.unwrap_or_else(any_variant))?;
    let outcome = judge(&site, client, &given, &submission).await;
    if Mode::of(&headers) == Mode::Fragment {
        return Ok(html_response(StatusCode::OK, outcome?));
    }
    let (status, html, retry_after) = match outcome {
        Ok(html) => (StatusCode::OK, html, None),
        Err(error) => (error.status(), error.fragment()?, error.retry_after()),
    };
    let mut response = answer(&site, &given, Some(&submission), Some(html), status)?;
    if let Some(seconds) = retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    Ok(response)
}

async fn judge(site: &Site, client: Client, given: &Given, submission: &Submission) -> Result<Html, SiteError> {
    if submission.seed.is_none() {
        let why = "The form does not say which variant it is for. Open the task again.";
        return Err(SiteError::Refused(why.to_owned()));
    }
    submission.check(&given.task, &site.config().practice)?;
    let (task, variant) = (Arc::clone(&given.task), Arc::clone(&given.variant));
    let verdict = practice::grade(site, client, task, variant, submission.files.clone()).await?;
    verdict_html(&verdict, &given.task, &given.variant, Explaining::OncePassed)
}
