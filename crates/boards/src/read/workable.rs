//! Workable's widget: `/api/v1/widget/accounts/{account}?details=true`.

use super::draft::Draft;
use super::json::{At, list_under};
use crate::fault::{Fault, Field};
use crate::posting::Remote;

pub(super) fn listed<'a>(root: &At<'a>) -> Result<Vec<At<'a>>, Fault> {
    list_under(root, "jobs", "shortcode", "a list of jobs")
}

pub(super) fn posting(job: &At<'_>) -> Option<Draft> {
    let mut draft = Draft::new(&job.path);
    draft.posting.external_id = draft.line(Field::Id, job.get("shortcode")).unwrap_or_default();
    draft.posting.title = draft.line(Field::Title, job.get("title")).unwrap_or_default();
    draft.posting.url = draft.address(Field::Url, job.get("url").or_else(|| job.get("shortlink")));
    draft.posting.apply_url = draft.address(Field::ApplyUrl, job.get("application_url"));
    let pieces =
        vec![draft.html(job.get("description")), draft.html(job.get("requirements")), draft.html(job.get("benefits"))];
    draft.describe(&job.path, pieces);
    draft.posting.department = draft.line(Field::Department, job.get("department"));
    draft.posting.seniority = draft.line(Field::Seniority, job.get("experience"));
    draft.employment(job.get("employment_type"));
    places(&mut draft, job);
    draft.posting.remote = remote(&mut draft, job);
    let published = job.get("published_on").or_else(|| job.get("created_at"));
    draft.posting.published_at = draft.moment(Field::PublishedAt, published);
    Some(draft)
}

/// The list of places; an older answer has one place in the job itself. What the company hides stays hidden.
fn places(draft: &mut Draft, job: &At<'_>) {
    let list: Vec<At<'_>> = job.get("locations").iter().flat_map(At::items).collect();
    for place in list.iter().filter(|place| !place.get("hidden").is_some_and(|hidden| hidden.is(true))) {
        let shown = shown(place);
        let country = place.get("countryCode").or_else(|| place.get("country"));
        let found = draft.place(None, [place.get("city"), place.get("region"), country]);
        draft.at_place(found.map(|place| crate::posting::Place { text: shown.unwrap_or(place.text), ..place }));
    }
    if list.is_empty() {
        let place = draft.place(None, [job.get("city"), job.get("state"), job.get("country")]);
        draft.at_place(place);
    }
}

/// With the country's name where its code stands beside it.
fn shown(place: &At<'_>) -> Option<String> {
    let parts = ["city", "region", "country"].map(|name| place.get(name).and_then(|part| part.text()));
    let parts: Vec<String> =
        parts.into_iter().flatten().map(crate::text::line).filter(|part| !part.is_empty()).collect();
    let length: usize = parts.iter().map(|part| part.chars().count() + 2).sum();
    (!parts.is_empty() && length <= super::LONGEST_LINE).then(|| parts.join(", "))
}

/// That telecommuting is false says nothing: work may still be partly remote.
fn remote(draft: &mut Draft, job: &At<'_>) -> Option<Remote> {
    let stated = draft.remote(job.get("workplace_type"));
    stated.or(job.get("telecommuting").is_some_and(|telecommuting| telecommuting.is(true)).then_some(Remote::Remote))
}
