//! schema.org `JobPosting` in a page, or by itself as JSON-LD.

use super::draft::{Draft, Stated};
use super::json::{self, At};
use super::{MOST_POSTINGS, Read};
use crate::fault::{Fault, Field, PostingFault, Problem};
use crate::posting::{Per, Place};
use crate::text;
use serde_json::Value;
use std::collections::HashMap;

/// How deep lists, graphs and references may stand in each other before they are left alone.
const DEEPEST: usize = 16;

/// Where a page may keep what it is about.
const HOLDERS: [&str; 5] = ["@graph", "itemListElement", "item", "mainEntity", "hasPart"];

pub(super) fn read(text: &str, address: Option<&str>) -> Result<Read, Fault> {
    let text = text.trim_start();
    let (roots, broken) =
        if text.starts_with(['{', '[']) { (vec![json::parse(text)?], Vec::new()) } else { scripts(text) };
    let page = Page::of(&roots);
    let mut found = Vec::new();
    for (at, root) in roots.iter().enumerate() {
        page.postings(&At { value: root, path: format!("$script[{}]", at + 1) }, DEEPEST, &mut found);
    }
    if found.is_empty() {
        return Err(Fault::NoPosting { scripts: roots.len(), broken: broken.len() });
    }
    if found.len() > MOST_POSTINGS {
        return Err(Fault::TooMany(found.len()));
    }
    let mut read = Read { faults: broken, ..Read::default() };
    // A page about one vacancy stands for its address.
    let address = address.filter(|_| found.len() == 1);
    for node in &found {
        read.take(page.posting(node, address));
    }
    Ok(read)
}

/// The scripts of linked data that are JSON, with null in the place of one that is not, so that they keep their numbers; and
/// a fault for each of these.
fn scripts(html: &str) -> (Vec<Value>, Vec<PostingFault>) {
    let mut broken = Vec::new();
    let scripts = text::linked_data(html).into_iter().enumerate();
    let roots = scripts.map(|(at, script)| {
        serde_json::from_str(uncommented(&script)).unwrap_or_else(|wrong| {
            broken.push(PostingFault {
                at: format!("$script[{}]", at + 1),
                external_id: None,
                title: None,
                field: None,
                problem: Problem::BrokenScript { line: wrong.line(), column: wrong.column() },
            });
            Value::Null
        })
    });
    (roots.collect(), broken)
}

/// Without the comment or CDATA marks that some systems still put around scripts.
fn uncommented(script: &str) -> &str {
    let script = script.trim();
    let script =
        ["<!--", "//<![CDATA[", "<![CDATA["].iter().find_map(|mark| script.strip_prefix(mark)).unwrap_or(script);
    let script = script.trim_end();
    ["-->", "//]]>", "]]>"].iter().find_map(|mark| script.strip_suffix(mark)).unwrap_or(script)
}

/// All nodes of a page that have a name, for those that refer to them.
struct Page<'a> {
    named: HashMap<&'a str, &'a Value>,
}

impl<'a> Page<'a> {
    fn of(roots: &'a [Value]) -> Self {
        let mut named = HashMap::new();
        let mut rest: Vec<&Value> = roots.iter().collect();
        while let Some(value) = rest.pop() {
            if let (Some(id), true) = (value.get("@id").and_then(Value::as_str), value.get("@type").is_some()) {
                named.entry(id).or_insert(value);
            }
            match value {
                Value::Array(items) => rest.extend(items),
                Value::Object(members) => rest.extend(members.values()),
                _ => {}
            }
        }
        Self { named }
    }

    /// A node, and if it only names another one, that.
    fn node(&self, at: At<'a>) -> At<'a> {
        let only_named = at.value.as_object().is_some_and(|members| members.len() == 1);
        let name = at.value.get("@id").and_then(Value::as_str).filter(|_| only_named);
        match name.and_then(|name| self.named.get(name)) {
            Some(value) => At { value, path: at.path },
            None => at,
        }
    }

    fn postings(&self, at: &At<'a>, deep: usize, found: &mut Vec<At<'a>>) {
        if deep == 0 {
            return;
        }
        if at.value.is_array() {
            at.items().for_each(|item| self.postings(&item, deep - 1, found));
        } else if is_a(at, "JobPosting") {
            found.push(at.clone());
        } else {
            HOLDERS.iter().filter_map(|name| at.get(name)).for_each(|held| self.postings(&held, deep - 1, found));
        }
    }

    fn posting(&self, node: &At<'a>, address: Option<&str>) -> Draft {
        let mut draft = Draft::new(&node.path);
        draft.posting.title =
            draft.line(Field::Title, node.get("title").or_else(|| node.get("name"))).unwrap_or_default();
        draft.posting.company = self.company(&mut draft, node);
        let own = node.get("url").or_else(|| node.get("mainEntityOfPage").filter(|page| page.value.is_string()));
        draft.posting.url = draft.address(Field::Url, own).or_else(|| address.map(str::to_owned));
        draft.posting.external_id = identifier(&mut draft, node);
        description(&mut draft, node);
        draft.posting.department = draft.line(Field::Department, node.deep(&["employmentUnit", "name"]));
        for employment in node.get("employmentType").iter().flat_map(At::one_or_many) {
            draft.employment(Some(employment));
        }
        self.places(&mut draft, node);
        for salary in node.get("baseSalary").iter().flat_map(At::one_or_many) {
            pay(&mut draft, node, &salary);
        }
        draft.posting.published_at = draft.moment(Field::PublishedAt, node.get("datePosted"));
        draft.posting.updated_at = draft.moment(Field::UpdatedAt, node.get("dateModified"));
        draft.posting.closes_at = draft.moment(Field::ClosesAt, node.get("validThrough"));
        draft
    }

    fn company(&self, draft: &mut Draft, node: &At<'a>) -> Option<String> {
        let organisation = self.node(node.get("hiringOrganization")?);
        let name = if organisation.value.is_object() { organisation.get("name") } else { Some(organisation) };
        draft.line(Field::Company, name)
    }

    fn places(&self, draft: &mut Draft, node: &At<'a>) {
        for place in node.get("jobLocation").iter().flat_map(At::one_or_many) {
            let found = self.place(draft, place);
            draft.at_place(found);
        }
        for place in node.get("applicantLocationRequirements").iter().flat_map(At::one_or_many) {
            let found = self.place(draft, place);
            draft.posting.remote_from.extend(found);
        }
        for kind in node.get("jobLocationType").iter().flat_map(At::one_or_many) {
            draft.posting.remote = draft.remote(Some(kind)).or(draft.posting.remote);
        }
    }

    /// A text, a place with an address, an address, or a country or state by its name.
    fn place(&self, draft: &mut Draft, at: At<'a>) -> Option<Place> {
        let at = self.node(at);
        if !at.value.is_object() {
            return draft.line(Field::Place, Some(at)).map(Place::of_text);
        }
        let address = self.node(at.get("address").unwrap_or_else(|| at.clone()));
        if !address.value.is_object() {
            return draft.line(Field::Place, Some(address)).map(Place::of_text);
        }
        let country = address.get("addressCountry").map(|country| self.node(country));
        let country = country.map(|country| country.get("name").unwrap_or(country));
        let found = draft.place(None, [address.get("addressLocality"), address.get("addressRegion"), country]);
        found.or_else(|| {
            let text = draft.line(Field::Place, at.get("name"))?;
            let country = if is_a(&at, "Country") { crate::country::Country::parse(&text) } else { None };
            let place = Place::of_text(text);
            Some(Place { country: country.or(place.country), ..place })
        })
    }
}

/// Whether a node is of a type, written with or without the vocabulary's address.
fn is_a(at: &At<'_>, name: &str) -> bool {
    at.get("@type").iter().flat_map(At::one_or_many).any(|kind| {
        let last = kind.text().unwrap_or_default().rsplit(['/', ':', '#']).next();
        last == Some(name)
    })
}

/// What the company calls the posting; else its address, for which a page may stand.
fn identifier(draft: &mut Draft, node: &At<'_>) -> String {
    let stated = node.get("identifier").map(|stated| stated.one_or_many()).unwrap_or_default().into_iter().next();
    let stated = stated.and_then(|stated| if stated.value.is_object() { stated.get("value") } else { Some(stated) });
    let stated = draft.line(Field::Id, stated).or_else(|| draft.posting.url.clone());
    stated.or_else(|| draft.line(Field::Id, node.get("@id"))).unwrap_or_default()
}

/// HTML, by Google's account; some systems escape it once more.
fn description(draft: &mut Draft, node: &At<'_>) {
    let Some(html) = node.get("description") else { return };
    match html.text() {
        Some(text) => draft.describe(&html.path, vec![text::of_escaped_html(text)]),
        None => drop(draft.html(Some(html))),
    }
}

/// A number by itself, or an amount with its currency and time. What others estimate (`estimatedSalary`) is not taken.
fn pay(draft: &mut Draft, node: &At<'_>, salary: &At<'_>) {
    let value = salary.get("value").unwrap_or_else(|| salary.clone());
    let one = if value.value.is_object() { value.get("value") } else { Some(value.clone()) };
    let one = one.filter(|one| !one.value.is_object());
    let end = |name: &str| value.get(name).or_else(|| salary.get(name)).or_else(|| one.clone());
    let Some(ends) = draft.units(end("minValue"), end("maxValue")) else { return };
    let currency = first(&[salary, &value, node], &["currency", "salaryCurrency"]);
    let currency = currency.as_ref().and_then(|currency| currency.text());
    let unit = first(&[&value, salary], &["unitText", "unitCode"]);
    if let Ok(per) = period(draft, unit) {
        draft.pay(&salary.path, Stated { label: None, ends, currency, per });
    }
}

/// The first member of these names in the first of these that has one.
fn first<'a>(holders: &[&At<'a>], names: &[&str]) -> Option<At<'a>> {
    holders.iter().find_map(|at| names.iter().find_map(|name| at.get(name)))
}

/// By its word, or by its code in UN/CEFACT's list.
fn period(draft: &mut Draft, unit: Option<At<'_>>) -> Result<Option<Per>, ()> {
    match unit.as_ref().and_then(|unit| unit.text()).map(str::trim) {
        Some("ANN") => Ok(Some(Per::Year)),
        Some("MON") => Ok(Some(Per::Month)),
        Some("WEE") => Ok(Some(Per::Week)),
        Some("HUR") => Ok(Some(Per::Hour)),
        _ => draft.period(unit),
    }
}
