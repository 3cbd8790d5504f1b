//! Ashby's public job board: `/posting-api/job-board/{name}?includeCompensation=true`.

use super::draft::{Draft, Stated};
use super::json::{At, list_under};
use crate::fault::{Fault, Field};
use crate::posting::{Place, Remote};
use crate::text;

pub(super) fn listed<'a>(root: &At<'a>) -> Result<Vec<At<'a>>, Fault> {
    list_under(root, "jobs", "jobUrl", "a list of jobs")
}

pub(super) fn posting(job: &At<'_>) -> Option<Draft> {
    // Reached by its address alone: not for a list.
    if job.get("isListed").is_some_and(|listed| listed.is(false)) {
        return None;
    }
    let mut draft = Draft::new(&job.path);
    draft.posting.external_id = draft.line(Field::Id, job.get("id")).unwrap_or_default();
    draft.posting.title = draft.line(Field::Title, job.get("title")).unwrap_or_default();
    draft.posting.url = draft.address(Field::Url, job.get("jobUrl"));
    draft.posting.apply_url = draft.address(Field::ApplyUrl, job.get("applyUrl"));
    description(&mut draft, job);
    draft.posting.department = draft.line(Field::Department, job.get("department"));
    draft.posting.team = draft.line(Field::Team, job.get("team"));
    draft.employment(job.get("employmentType"));
    let place = place(&mut draft, job);
    draft.at_place(place);
    for other in job.get("secondaryLocations").iter().flat_map(At::items) {
        let place = self::place(&mut draft, &other);
        draft.at_place(place);
    }
    remote(&mut draft, job);
    draft.posting.published_at = draft.moment(Field::PublishedAt, job.get("publishedAt"));
    draft.posting.updated_at = draft.moment(Field::UpdatedAt, job.get("updatedAt"));
    draft.posting.closes_at = draft.moment(Field::ClosesAt, job.get("applicationDeadline"));
    if let Some(compensation) = job.get("compensation") {
        pay(&mut draft, &compensation);
    }
    Some(draft)
}

fn description(draft: &mut Draft, job: &At<'_>) {
    let html = draft.html(job.get("descriptionHtml"));
    let plain = job.get("descriptionPlain").and_then(|plain| plain.text()).map(text::lines).unwrap_or_default();
    draft.describe(&job.path, vec![if html.is_empty() { plain } else { html }]);
}

fn place(draft: &mut Draft, at: &At<'_>) -> Option<Place> {
    let address = at.deep(&["address", "postalAddress"]).or_else(|| at.get("address"));
    let part = |name: &str| address.as_ref().and_then(|address| address.get(name));
    let parts = [part("addressLocality"), part("addressRegion"), part("addressCountry")];
    draft.place(at.get("location"), parts)
}

/// `isRemote` is true of what is partly remote as well, so the workplace's type counts first.
fn remote(draft: &mut Draft, job: &At<'_>) {
    draft.posting.remote = draft.remote(job.get("workplaceType"));
    draft.remote_by_places();
    let flag = job.get("isRemote").is_some_and(|remote| remote.is(true)).then_some(Remote::Remote);
    draft.posting.remote = draft.posting.remote.or(flag);
}

/// One range for each tier that states a salary; amounts are whole units. Without tiers, the summary's.
fn pay(draft: &mut Draft, compensation: &At<'_>) {
    for tier in compensation.get("compensationTiers").iter().flat_map(At::items) {
        let label = draft.line(Field::Pay, tier.get("title"));
        for component in tier.get("components").iter().flat_map(At::items) {
            salary(draft, &component, label.clone());
        }
    }
    if draft.posting.pay.is_empty() {
        for component in compensation.get("summaryComponents").iter().flat_map(At::items) {
            salary(draft, &component, None);
        }
    }
}

/// Equity, bonuses and commissions are other components, and no pay that is certain.
fn salary(draft: &mut Draft, component: &At<'_>, label: Option<String>) {
    let kind = component.get("compensationType").and_then(|kind| kind.text()).unwrap_or_default();
    if !kind.eq_ignore_ascii_case("salary") {
        return;
    }
    let Some(ends) = draft.units(component.get("minValue"), component.get("maxValue")) else { return };
    let currency = component.get("currencyCode").and_then(|currency| currency.text());
    if let Ok(per) = draft.period(component.get("interval")) {
        draft.pay(&component.path, Stated { label, ends, currency, per });
    }
}
