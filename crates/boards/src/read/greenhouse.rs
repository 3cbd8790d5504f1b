//! Greenhouse's Job Board API: `/v1/boards/{board}/jobs?content=true`, and one job of it.

use super::draft::{Draft, Stated, quoted};
use super::json::{At, list_under};
use crate::country::Currency;
use crate::fault::{Fault, Field, Problem};
use crate::posting::Place;
use crate::text;
use crate::words;

pub(super) fn listed<'a>(root: &At<'a>) -> Result<Vec<At<'a>>, Fault> {
    list_under(root, "jobs", "absolute_url", "a list of jobs")
}

pub(super) fn posting(job: &At<'_>) -> Option<Draft> {
    let mut draft = Draft::new(&job.path);
    draft.posting.external_id = draft.line(Field::Id, job.get("id")).unwrap_or_default();
    draft.posting.title = draft.line(Field::Title, job.get("title")).unwrap_or_default();
    draft.posting.company = draft.line(Field::Company, job.get("company_name"));
    draft.posting.url = draft.address(Field::Url, job.get("absolute_url"));
    description(&mut draft, job);
    draft.posting.department = departments(&mut draft, job);
    places(&mut draft, job);
    metadata(&mut draft, job);
    draft.posting.published_at = draft.moment(Field::PublishedAt, job.get("first_published"));
    draft.posting.updated_at = draft.moment(Field::UpdatedAt, job.get("updated_at"));
    draft.posting.closes_at = draft.moment(Field::ClosesAt, job.get("application_deadline"));
    for range in job.get("pay_input_ranges").iter().flat_map(At::items) {
        pay(&mut draft, &range);
    }
    Some(draft)
}

/// Its HTML comes escaped once more.
fn description(draft: &mut Draft, job: &At<'_>) {
    let Some(content) = job.get("content") else { return };
    match content.text() {
        Some(html) => draft.describe(&content.path, vec![text::of_escaped_html(html)]),
        None => {
            let problem = Problem::Kind { expected: "a text", found: content.found() };
            draft.fault(Some(Field::Description), &content.path, problem);
        }
    }
}

fn departments(draft: &mut Draft, job: &At<'_>) -> Option<String> {
    let list = job.get("departments")?;
    let names: Vec<String> =
        list.items().filter_map(|department| draft.line(Field::Department, department.get("name"))).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// One text, in which several places are parted by semicolons. Offices are parts of the company, and no places of work.
fn places(draft: &mut Draft, job: &At<'_>) {
    let Some(text) = draft.line(Field::Place, job.deep(&["location", "name"])) else { return };
    for place in text.split(';').map(str::trim).filter(|place| !place.is_empty()) {
        draft.at_place(Some(Place::of_text(place.to_owned())));
    }
    draft.remote_by_places();
}

/// A company's own fields. Two of them are what we ask for, if they are called so.
fn metadata(draft: &mut Draft, job: &At<'_>) {
    for field in job.get("metadata").iter().flat_map(At::items) {
        let name = field.get("name").and_then(|name| name.text()).unwrap_or_default();
        let value = field.get("value").filter(|value| value.value.is_string());
        match name.to_lowercase().replace(['_', '-'], " ").trim() {
            "employment type" => draft.employment(value),
            "workplace type" | "location type" | "remote" => {
                draft.posting.remote = draft.remote(value).or(draft.posting.remote);
            }
            _ => {}
        }
    }
}

/// Amounts are cents. The time that they are for stands at most in the range's title.
fn pay(draft: &mut Draft, range: &At<'_>) {
    let title = draft.line(Field::Pay, range.get("title"));
    let currency = range.get("currency_type").and_then(|currency| currency.text());
    if let Some(currency) = currency.and_then(Currency::parse)
        && !currency.has_cents()
    {
        let problem = Problem::CentsOf(quoted(currency.code()));
        return draft.fault(Some(Field::Pay), &range.path, problem);
    }
    let Some(ends) = draft.cents(range.get("min_cents"), range.get("max_cents")) else { return };
    let per = title.as_deref().and_then(words::per_in_heading);
    draft.pay(&range.path, Stated { label: title, ends, currency, per });
}
