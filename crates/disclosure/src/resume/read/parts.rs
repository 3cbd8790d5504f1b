//! The parts of a file, one by one.

use super::super::fluency;
use super::super::left_out::{named, quoted};
use super::draft::Draft;
use super::reader::{Reader, is_nothing};
use crate::{Field, Kind};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

type Object = Map<String, Value>;

/// How much room there is in a column of several lines.
fn room(field: Field) -> usize {
    let texts =
        field.columns().iter().filter_map(|column| if let Kind::Text(most) = column.kind { Some(most) } else { None });
    texts.max().unwrap_or_default()
}

pub(super) fn basics(reader: &mut Reader, root: &Object) {
    let Some(basics) = reader.object(root, "basics") else { return };
    let name = reader.line(basics, "basics.name");
    reader.keep(Field::Name, "basics.name", None, vec![Draft::of_one("name", "basics.name", name)]);
    let label = reader.line(basics, "basics.label");
    reader.keep(Field::Headline, "basics.label", None, vec![Draft::of_one("headline", "basics.label", label)]);
    let summary = reader.paragraphs(basics, "basics.summary");
    reader.keep(Field::Summary, "basics.summary", None, vec![Draft::of_one("text", "basics.summary", summary)]);
    place(reader, basics);
    contact(reader, basics);
    if basics.get("image").is_some_and(|image| !is_nothing(image)) {
        reader.say("basics.image: pictures are not kept here.".to_owned());
    }
    let taken = ["name", "label", "image", "email", "phone", "url", "summary", "location", "profiles"];
    reader.others("basics", [basics].into_iter(), &taken);
}

fn place(reader: &mut Reader, basics: &Object) {
    let path = "basics.location";
    let Some(location) = reader.object(basics, path) else { return };
    let code = reader.line(location, "basics.location.countryCode");
    // No part of the schema, but more telling where somebody wrote it.
    let country = reader.line(location, "basics.location.country").or(code);
    let city = reader.line(location, "basics.location.city");
    let region = reader.line(location, "basics.location.region");
    let town: Vec<String> = [city, region].into_iter().flatten().collect();
    let town = Some(town.join(", ")).filter(|town| !town.is_empty());
    let draft = Draft::of_several(path).with("country", "basics.location.countryCode", country);
    reader.keep(Field::Place, path, Some("country"), vec![draft.with("town", "basics.location.city", town)]);
    reader.others(path, [location].into_iter(), &["countryCode", "country", "city", "region"]);
}

fn contact(reader: &mut Reader, basics: &Object) {
    let mut drafts = Vec::new();
    let mut reach = |kind: &str, path: &str, value: Option<String>| {
        let kind = value.is_some().then(|| kind.to_owned());
        drafts.push(Draft::of_one("value", path, value).with("kind", path, kind));
    };
    let email = reader.line(basics, "basics.email").filter(|email| reader.is_address(email));
    reach("email", "basics.email", email);
    reach("phone", "basics.phone", reader.line(basics, "basics.phone"));
    let page = reader.line(basics, "basics.url").filter(|page| reader.is_page("basics.url", page));
    reach("page", "basics.url", page);
    let profiles = reader.objects(basics, "basics.profiles");
    for (path, profile) in &profiles {
        let path = format!("{path}.url");
        let page = reader.line(profile, &path).filter(|page| reader.is_page(&path, page));
        reach("page", &path, page);
    }
    reader.keep(Field::Contact, "basics", None, drafts);
    reader.others("basics.profiles", profiles.iter().map(|(_, profile)| *profile), &["url"]);
}

impl Reader<'_> {
    /// Whether mail could go there.
    fn is_address(&mut self, email: &str) -> bool {
        let is_address = email.contains('@') && !email.contains(char::is_whitespace);
        if !is_address {
            self.say(format!("basics.email {}: write a whole address, as in ada@example.org.", quoted(email)));
        }
        is_address
    }

    /// Whether it may be shown as the address of a page. Without a scheme it is one that a person types.
    fn is_page(&mut self, path: &str, page: &str) -> bool {
        let lower = page.to_lowercase();
        let is_whole = lower.starts_with("https://") || lower.starts_with("http://");
        let is_plain = page.contains('.') && !page.contains(|c: char| c.is_whitespace() || "\"<>".contains(c));
        let is_page = is_plain && (is_whole || !page.contains(':'));
        if !is_page {
            self.say(format!("{path} {}: write a whole address, as in https://example.org/page.", quoted(page)));
        }
        is_page
    }
}

/// Whether days were left out of dates, which is told once.
#[derive(Default)]
pub(super) struct Dates {
    have_days: bool,
}

impl Dates {
    pub(super) fn tell(self, reader: &mut Reader) {
        if self.have_days {
            reader.say("Days were left out of dates: year and month are kept here.".to_owned());
        }
    }

    /// Year and month, or what was written instead, for the check to tell what is wrong with it.
    fn month(&mut self, reader: &mut Reader, of: &Object, path: &str) -> Option<String> {
        let text = reader.line(of, path)?;
        if text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            let says = "the month is not said, so the date is left out. Write year and month, as in 2024-03.";
            reader.say(format!("{path} {}: {says}", quoted(&text)));
            return None;
        }
        let (day, rest) = text.split_at_checked(10).unwrap_or((&text, ""));
        let is_day = day.len() == 10 && (rest.is_empty() || rest.starts_with('T'));
        match day.get(..7) {
            Some(month) if is_day && day.parse::<jiff::civil::Date>().is_ok() => {
                self.have_days = true;
                Some(month.to_owned())
            }
            _ => Some(text),
        }
    }

    /// The same of an end, which some write where there is none yet.
    fn end(&mut self, reader: &mut Reader, of: &Object, path: &str) -> Option<String> {
        const NOT_YET: [&str; 5] = ["present", "current", "now", "today", "ongoing"];
        self.month(reader, of, path).filter(|end| !NOT_YET.contains(&end.to_lowercase().as_str()))
    }
}

pub(super) fn work(reader: &mut Reader, root: &Object, dates: &mut Dates) {
    let jobs = reader.objects(root, "work");
    let mut drafts = Vec::new();
    for (path, job) in &jobs {
        let at = |key: &str| format!("{path}.{key}");
        let about = reader.about(job, &at("summary"), &at("highlights"), room(Field::Experience));
        let draft = Draft::of_several(path)
            .with("title", &at("position"), reader.line(job, &at("position")))
            .with("organisation", &at("name"), reader.line(job, &at("name")))
            .with("from", &at("startDate"), dates.month(reader, job, &at("startDate")))
            .with("to", &at("endDate"), dates.end(reader, job, &at("endDate")))
            .with("about", &at("summary"), about);
        drafts.push(draft);
    }
    reader.keep(Field::Experience, "work", Some("position"), drafts);
    let taken = ["position", "name", "startDate", "endDate", "summary", "highlights"];
    reader.others("work", jobs.iter().map(|(_, job)| *job), &taken);
}

pub(super) fn education(reader: &mut Reader, root: &Object, dates: &mut Dates) {
    let schools = reader.objects(root, "education");
    let mut drafts = Vec::new();
    for (path, school) in &schools {
        let at = |key: &str| format!("{path}.{key}");
        let what = [reader.line(school, &at("studyType")), reader.line(school, &at("area"))];
        let what = what.into_iter().flatten().collect::<Vec<_>>().join(", ");
        let draft = Draft::of_several(path)
            .with("what", &at("area"), Some(what).filter(|what| !what.is_empty()))
            .with("organisation", &at("institution"), reader.line(school, &at("institution")))
            .with("to", &at("endDate"), dates.end(reader, school, &at("endDate")));
        drafts.push(draft);
    }
    reader.keep(Field::Education, "education", Some("area"), drafts);
    let taken = ["area", "studyType", "institution", "endDate"];
    reader.others("education", schools.iter().map(|(_, school)| *school), &taken);
}

pub(super) fn projects(reader: &mut Reader, root: &Object) {
    let projects = reader.objects(root, "projects");
    let mut drafts = Vec::new();
    for (path, project) in &projects {
        let at = |key: &str| format!("{path}.{key}");
        let about = reader.about(project, &at("description"), &at("highlights"), room(Field::Projects));
        let draft = Draft::of_several(path)
            .with("title", &at("name"), reader.line(project, &at("name")))
            .with("url", &at("url"), reader.line(project, &at("url")))
            .with("about", &at("description"), about);
        drafts.push(draft);
    }
    reader.keep(Field::Projects, "projects", Some("name"), drafts);
    let taken = ["name", "url", "description", "highlights"];
    reader.others("projects", projects.iter().map(|(_, project)| *project), &taken);
}

pub(super) fn languages(reader: &mut Reader, root: &Object) {
    let languages = reader.objects(root, "languages");
    let mut drafts = Vec::new();
    for (path, language) in &languages {
        let at = |key: &str| format!("{path}.{key}");
        let written = reader.line(language, &at("fluency"));
        let level = written.as_deref().and_then(fluency::level);
        if let (Some(written), None) = (&written, level) {
            let says = "it is not known which level that is, so none is taken over.";
            reader.say(format!("{} {}: {says}", at("fluency"), quoted(written)));
        }
        let name = reader.line(language, &at("language"));
        let draft = Draft::of_several(path).with("language", &at("language"), name);
        drafts.push(draft.with("fluency", &at("fluency"), level.map(str::to_owned)));
    }
    reader.keep(Field::Languages, "languages", Some("language"), drafts);
    reader.others("languages", languages.iter().map(|(_, language)| *language), &["language", "fluency"]);
}

pub(super) fn skills(reader: &mut Reader, root: &Object) {
    let skills = reader.objects(root, "skills");
    let known = called(&reader.words.competencies);
    let (mut drafts, mut unknown, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for (path, skill) in &skills {
        let (name, keywords) = (format!("{path}.name"), format!("{path}.keywords"));
        let mut said: Vec<String> = reader.line(skill, &name).into_iter().collect();
        said.extend(reader.lines(skill, &keywords));
        for said in said {
            match known.get(&said.to_lowercase()) {
                Some(id) => drafts.push(Draft::of_one("competency", &name, Some((*id).to_owned()))),
                None if seen.insert(said.to_lowercase()) => unknown.push(said),
                None => {}
            }
        }
    }
    reader.keep(Field::Competencies, "skills", None, drafts);
    if !unknown.is_empty() {
        let names = named(unknown.iter().map(String::as_str));
        reader.say(format!("skills: {names}: no competency here is called so."));
    }
    reader.others("skills", skills.iter().map(|(_, skill)| *skill), &["name", "keywords"]);
}

/// Ids by what somebody may write who means them, in small letters. A name goes before an id.
fn called(competencies: &[(String, String)]) -> BTreeMap<String, &str> {
    let ids = competencies.iter().map(|(id, _)| (id.to_lowercase(), id.as_str()));
    let names = competencies.iter().map(|(id, name)| (name.to_lowercase(), id.as_str()));
    ids.chain(names).collect()
}
