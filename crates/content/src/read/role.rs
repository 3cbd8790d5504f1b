//! `roles/<role>/`

use super::Reader;
use super::files::line_of;
use crate::link::LinkIndex;
use crate::markdown::{Renderer, parse};
use crate::model::{Level, RawNextStep, Role, RoleLevel, RoleRow};
use serde::Deserialize;
use std::path::PathBuf;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    id: String,
    title: String,
    summary: String,
    guide: String,
    licence: String,
    authors: Vec<String>,
    #[serde(default)]
    next: Vec<RawNextStep>,
    #[serde(default)]
    level: Vec<RawLevel>,
    #[serde(default)]
    row: Vec<RoleRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLevel {
    level: Level,
    summary: String,
    work: String,
    #[serde(default)]
    prepare: Vec<RawNextStep>,
}

impl Reader<'_> {
    pub(super) fn role(&mut self, id: &str, links: &LinkIndex) -> Option<Role> {
        let file = format!("roles/{id}/role.toml");
        let text = self.text(&file)?;
        let read: Manifest = self.toml(&file, &text, 0)?;
        self.id_of_folder(&file, &text, &read.id, id);
        let levels: Vec<Level> = read.level.iter().map(|level| level.level).collect();
        if levels != [Level::Junior, Level::Middle, Level::Senior] {
            let mend = "Write one [[level]] for each of junior, middle and senior, in this order";
            self.fault(&file, line_of(&text, "[[level]]"), "The levels are not as they should be", mend);
        }
        let next = self.next(&file, &text, &read.next);
        let levels = read.level.into_iter().map(|raw| RoleLevel {
            level: raw.level,
            summary: raw.summary,
            work: raw.work,
            prepare: self.next(&file, &text, &raw.prepare),
        });
        let levels = levels.collect();
        let about = format!("roles/{id}/role.md");
        let words = self.text(&about)?;
        let mut renderer = Renderer::new(PathBuf::from(&about), &words, links);
        let about_html = renderer.html(&parse(&words));
        self.faults.append(&mut renderer.faults);
        Some(Role {
            id: read.id,
            title: read.title,
            summary: read.summary,
            guide: read.guide,
            licence: read.licence,
            authors: read.authors,
            next,
            about_html,
            levels,
            rows: read.row,
        })
    }
}
