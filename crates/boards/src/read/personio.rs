//! Personio's feed: `https://{company}.jobs.personio.de/xml`.

use super::draft::Draft;
use super::xml::{self, Element};
use super::{MOST_POSTINGS, Read};
use crate::fault::{Fault, Field};
use crate::posting::Place;
use crate::text;
use crate::words;

pub(super) fn read(text: &str) -> Result<Read, Fault> {
    let root = xml::parse(text)?;
    if root.name != "workzag-jobs" {
        let found = format!("the element {}", super::draft::quoted(&root.name));
        return Err(Fault::Shape { at: "/".to_owned(), expected: "the element workzag-jobs", found });
    }
    let positions: Vec<&Element> = root.children.iter().filter(|child| child.name == "position").collect();
    if let Some(other) = root.children.first().filter(|_| positions.is_empty()) {
        let found = format!("the element {}", super::draft::quoted(&other.name));
        return Err(Fault::Shape { at: "/workzag-jobs".to_owned(), expected: "elements position", found });
    }
    if positions.len() > MOST_POSTINGS {
        return Err(Fault::TooMany(positions.len()));
    }
    let mut read = Read::default();
    for (at, position) in positions.into_iter().enumerate() {
        read.take(posting(position, format!("/workzag-jobs/position[{}]", at + 1)));
    }
    Ok(read)
}

/// The feed has neither addresses nor pay.
fn posting(position: &Element, path: String) -> Draft {
    let mut draft = Draft::new(path);
    draft.posting.external_id = draft.element(Field::Id, position, "id").unwrap_or_default();
    draft.posting.title = draft.element(Field::Title, position, "name").unwrap_or_default();
    draft.posting.company = draft.element(Field::Company, position, "subcompany");
    draft.posting.department = draft.element(Field::Department, position, "department");
    draft.posting.team = draft.element(Field::Team, position, "recruitingCategory");
    draft.posting.seniority = draft.element(Field::Seniority, position, "seniority");
    for name in ["employmentType", "schedule"] {
        if let Some(word) = draft.element(Field::Employment, position, name) {
            let at = format!("{}/{name}", draft.at);
            // Some companies write there where the work is.
            match words::remote(&word) {
                words::Word::Is(remote) => draft.posting.remote = Some(remote),
                _ => draft.plain_employment(&at, &word),
            }
        }
    }
    places(&mut draft, position);
    description(&mut draft, position);
    if let Some(url) = draft.element(Field::Url, position, "jobUrl") {
        let at = format!("{}/jobUrl", draft.at);
        draft.posting.url = draft.plain_address(Field::Url, &at, &url);
    }
    if let Some(created) = draft.element(Field::PublishedAt, position, "createdAt") {
        let at = format!("{}/createdAt", draft.at);
        draft.posting.published_at = draft.plain_moment(Field::PublishedAt, &at, &created);
    }
    draft
}

impl Draft {
    fn element(&mut self, field: Field, parent: &Element, name: &str) -> Option<String> {
        let at = format!("{}/{name}", self.at);
        self.plain_line(field, &at, &parent.child(name)?.text)
    }
}

/// The office, and additional ones, each in an element of its own or one as plain text.
fn places(draft: &mut Draft, position: &Element) {
    let more = position.child("additionalOffices");
    let inner = more.iter().flat_map(|more| more.children.iter().map(|office| office.text.as_str()));
    let plain = more.iter().filter(|more| more.children.is_empty()).map(|more| more.text.as_str());
    let first = position.child("office").map(|office| office.text.as_str());
    let at = format!("{}/office", draft.at);
    for office in first.into_iter().chain(inner).chain(plain) {
        if let Some(office) = draft.plain_line(Field::Place, &at, office) {
            draft.at_place(Some(Place::of_text(office)));
        }
    }
    draft.remote_by_places();
}

/// Headed parts, each in HTML.
fn description(draft: &mut Draft, position: &Element) {
    let mut pieces = Vec::new();
    for part in position.child("jobDescriptions").iter().flat_map(|parts| &parts.children) {
        let body = part.child("value").map(|value| text::of_html(&value.text)).unwrap_or_default();
        if !body.is_empty() {
            if let Some(heading) = part.child("name").map(|name| text::line(&name.text)).filter(|name| !name.is_empty())
            {
                pieces.push(format!("## {heading}"));
            }
            pieces.push(body);
        }
    }
    let at = format!("{}/jobDescriptions", draft.at);
    draft.describe(&at, pieces);
}
