//! Lever's Postings API: `/v0/postings/{site}?mode=json`, in pages, and one posting of it.

use super::draft::{Draft, Stated};
use super::json::At;
use crate::country::Country;
use crate::fault::{Fault, Field};
use crate::posting::Place;

pub(super) fn listed<'a>(root: &At<'a>) -> Result<Vec<At<'a>>, Fault> {
    if root.value.is_array() {
        Ok(root.items().collect())
    } else if root.get("hostedUrl").is_some() {
        Ok(vec![root.clone()])
    } else {
        Err(root.shape("a list of postings"))
    }
}

pub(super) fn posting(item: &At<'_>) -> Option<Draft> {
    let mut draft = Draft::new(&item.path);
    draft.posting.external_id = draft.line(Field::Id, item.get("id")).unwrap_or_default();
    draft.posting.title = draft.line(Field::Title, item.get("text")).unwrap_or_default();
    draft.posting.url = draft.address(Field::Url, item.get("hostedUrl"));
    draft.posting.apply_url = draft.address(Field::ApplyUrl, item.get("applyUrl"));
    description(&mut draft, item);
    draft.posting.department = draft.line(Field::Department, item.deep(&["categories", "department"]));
    draft.posting.team = draft.line(Field::Team, item.deep(&["categories", "team"]));
    draft.posting.seniority = draft.line(Field::Seniority, item.deep(&["categories", "level"]));
    draft.employment(item.deep(&["categories", "commitment"]));
    places(&mut draft, item);
    draft.posting.remote = draft.remote(item.get("workplaceType"));
    draft.remote_by_places();
    draft.posting.published_at = draft.milliseconds(Field::PublishedAt, item.get("createdAt"));
    draft.posting.updated_at = draft.milliseconds(Field::UpdatedAt, item.get("updatedAt"));
    if let Some(range) = item.get("salaryRange") {
        pay(&mut draft, &range);
    }
    Some(draft)
}

/// An opening with a body, headed lists, and a closing part, each in HTML.
fn description(draft: &mut Draft, item: &At<'_>) {
    let mut pieces = vec![draft.html(item.get("description"))];
    for list in item.get("lists").iter().flat_map(At::items) {
        if let Some(heading) = draft.line(Field::Description, list.get("text")) {
            pieces.push(format!("## {heading}"));
        }
        pieces.push(draft.html(list.get("content")));
    }
    pieces.push(draft.html(item.get("additional")));
    draft.describe(&item.path, pieces);
}

/// The country is that of the first place alone.
fn places(draft: &mut Draft, item: &At<'_>) {
    let first = draft.line(Field::Place, item.deep(&["categories", "location"]));
    let country = draft.line(Field::Place, item.get("country")).and_then(|code| Country::parse(&code));
    let all: Vec<String> = match item.deep(&["categories", "allLocations"]) {
        Some(list) => list.items().filter_map(|place| draft.line(Field::Place, Some(place))).collect(),
        None => Vec::new(),
    };
    for text in first.iter().chain(&all) {
        let is_first = Some(text) == first.as_ref();
        let mut place = Place::of_text(text.clone());
        place.country = if is_first { country.or(place.country) } else { place.country };
        draft.at_place(Some(place));
    }
}

/// Amounts are whole units.
fn pay(draft: &mut Draft, range: &At<'_>) {
    let Some(ends) = draft.units(range.get("min"), range.get("max")) else { return };
    let currency = range.get("currency").and_then(|currency| currency.text());
    if let Ok(per) = draft.period(range.get("interval")) {
        draft.pay(&range.path, Stated { label: None, ends, currency, per });
    }
}
