//! `guides/<guide>/`

use super::Reader;
use crate::link::{LinkIndex, is_id};
use crate::model::{Guide, RawNextStep};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    id: String,
    title: String,
    summary: String,
    project: String,
    licence: String,
    authors: Vec<String>,
    opening: Option<String>,
    #[serde(default)]
    next: Vec<RawNextStep>,
}

impl Reader<'_> {
    pub(super) fn guide(&mut self, id: &str, links: &LinkIndex) -> Option<Guide> {
        let file = format!("guides/{id}/guide.toml");
        let text = self.text(&file)?;
        let read: Manifest = self.toml(&file, &text, 0)?;
        self.id_of_folder(&file, &text, &read.id, id);
        let next = self.next(&file, &text, &read.next);
        let mut sections = Vec::new();
        for (section, file) in self.section_files(id) {
            sections.extend(self.section(id, &read.project, &section, &file, links));
        }
        Some(Guide {
            id: read.id,
            title: read.title,
            summary: read.summary,
            project: read.project,
            licence: read.licence,
            authors: read.authors,
            opening: read.opening,
            next,
            sections,
        })
    }

    /// Section ids with their files, in the order of their numbers.
    pub(super) fn section_files(&mut self, guide: &str) -> Vec<(String, String)> {
        let folder = format!("guides/{guide}");
        let mut found: Vec<(u32, String, String)> = Vec::new();
        for name in self.plain_files(&folder) {
            let path = format!("{folder}/{name}");
            if name == "guide.toml" {
                continue;
            }
            let Some((number, id)) = numbered(&name) else {
                let mend = "Call a section NN-name.md, and keep other files elsewhere";
                self.fault(path, 1, format!("`{name}` is not the name of a section"), mend);
                continue;
            };
            if let Some((_, _, other)) = found.iter().find(|(n, i, _)| *n == number || i == id) {
                let says = format!("Another section has this number or this name: {other}");
                self.fault(path, 1, says, "Give each section a number and a name of its own");
                continue;
            }
            found.push((number, id.to_owned(), path));
        }
        found.sort();
        found.into_iter().map(|(_, id, path)| (id, path)).collect()
    }
}

/// `02-querysets.md` → 2, `querysets`
fn numbered(name: &str) -> Option<(u32, &str)> {
    let (number, id) = name.strip_suffix(".md")?.split_once('-')?;
    let number = (number.len() >= 2).then(|| number.parse().ok())??;
    is_id(id).then_some((number, id))
}
