//! Recruitee's careers site: `https://{company}.recruitee.com/api/offers/`.

use super::draft::{Draft, Stated};
use super::json::{At, list_under};
use crate::fault::{Fault, Field};
use crate::posting::{Place, Remote};

pub(super) fn listed<'a>(root: &At<'a>) -> Result<Vec<At<'a>>, Fault> {
    list_under(root, "offers", "careers_url", "a list of offers")
}

pub(super) fn posting(offer: &At<'_>) -> Option<Draft> {
    if offer.get("status").and_then(|status| status.text()).is_some_and(|status| status != "published") {
        return None;
    }
    let mut draft = Draft::new(&offer.path);
    draft.posting.external_id = draft.line(Field::Id, offer.get("id")).unwrap_or_default();
    draft.posting.title = draft.line(Field::Title, offer.get("title")).unwrap_or_default();
    draft.posting.company = draft.line(Field::Company, offer.get("company_name"));
    draft.posting.url = draft.address(Field::Url, offer.get("careers_url"));
    draft.posting.apply_url = draft.address(Field::ApplyUrl, offer.get("careers_apply_url"));
    let pieces = vec![draft.html(offer.get("description")), draft.html(offer.get("requirements"))];
    draft.describe(&offer.path, pieces);
    // A text, or an object with a name.
    let department = offer.get("department").map(|department| department.get("name").unwrap_or(department));
    draft.posting.department = draft.line(Field::Department, department);
    draft.posting.seniority = draft.line(Field::Seniority, offer.get("experience_code"));
    draft.employment(offer.get("employment_type_code"));
    places(&mut draft, offer);
    draft.posting.remote = remote(offer);
    draft.posting.published_at = draft.moment(Field::PublishedAt, offer.get("published_at"));
    draft.posting.updated_at = draft.moment(Field::UpdatedAt, offer.get("updated_at"));
    draft.posting.closes_at = draft.moment(Field::ClosesAt, offer.get("close_at"));
    if let Some(salary) = offer.get("salary") {
        pay(&mut draft, &salary);
    }
    Some(draft)
}

fn places(draft: &mut Draft, offer: &At<'_>) {
    let list: Vec<At<'_>> = offer.get("locations").iter().flat_map(At::items).collect();
    for place in &list {
        let found = self::place(draft, place, ["city", "state", "country"]);
        draft.at_place(found);
    }
    if list.is_empty() {
        let place = place(draft, offer, ["city", "state_name", "country"]);
        draft.at_place(place);
    }
}

/// By the country's code where there is one; shown with its name.
fn place(draft: &mut Draft, at: &At<'_>, [city, region, country]: [&str; 3]) -> Option<Place> {
    let named = draft.place(None, [at.get(city), at.get(region), at.get(country)]);
    let code = at.get("country_code").and_then(|code| code.text()).and_then(crate::country::Country::parse);
    let whole = || draft.line(Field::Place, at.get("location")).map(Place::of_text);
    named.or_else(whole).map(|place| Place { country: code.or(place.country), ..place })
}

/// Three flags. What is partly remote is often flagged as each of its parts too; two others at once are a choice.
fn remote(offer: &At<'_>) -> Option<Remote> {
    let flag = |name: &str| offer.get(name).is_some_and(|flag| flag.is(true));
    match (flag("remote"), flag("hybrid"), flag("on_site")) {
        (_, true, _) => Some(Remote::Hybrid),
        (true, false, false) => Some(Remote::Remote),
        (false, false, true) => Some(Remote::Onsite),
        _ => None,
    }
}

/// Amounts are whole units, as numbers or as texts.
fn pay(draft: &mut Draft, salary: &At<'_>) {
    let Some(ends) = draft.units(salary.get("min"), salary.get("max")) else { return };
    let currency = salary.get("currency").and_then(|currency| currency.text());
    if let Ok(per) = draft.period(salary.get("period")) {
        draft.pay(&salary.path, Stated { label: None, ends, currency, per });
    }
}
