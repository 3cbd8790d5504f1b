//! `checks/<check>/`

use super::Reader;
use super::files::line_of;
use crate::check::{Check, CheckManifest};
use crate::link::LinkIndex;
use crate::markdown::{Renderer, parse};
use std::path::PathBuf;

impl Reader<'_> {
    pub(super) fn check(&mut self, id: &str, links: &LinkIndex) -> Option<Check> {
        let file = format!("checks/{id}/check.toml");
        let text = self.text(&file)?;
        let manifest: CheckManifest = self.toml(&file, &text, 0)?;
        self.id_of_folder(&file, &text, &manifest.id, id);
        for area in &manifest.areas {
            self.id(&file, &text, &area.id);
        }
        if manifest.version == 0 {
            self.fault(&file, line_of(&text, "version"), "The version is 0", "Begin with 1");
        }
        let next = self.next(&file, &text, &manifest.next);
        let about = format!("checks/{id}/check.md");
        let words = self.text(&about)?;
        let mut renderer = Renderer::new(PathBuf::from(&about), &words, links);
        let about_html = renderer.html(&parse(&words));
        self.faults.append(&mut renderer.faults);
        Some(Check { manifest, next, about_html })
    }
}
