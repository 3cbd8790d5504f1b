//! `projects/<project>/`

use super::Reader;
use super::files::line_of;
use crate::model::Project;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    id: String,
    title: String,
    summary: String,
    settings: String,
    fixture: String,
    #[serde(default)]
    people: Vec<String>,
}

impl Reader<'_> {
    pub(super) fn project(&mut self, id: &str) -> Option<Project> {
        let folder = format!("projects/{id}");
        let file = format!("{folder}/project.toml");
        let text = self.text(&file);
        let files = self.files(&folder);
        let text = text?;
        let read: Manifest = self.toml(&file, &text, 0)?;
        self.id_of_folder(&file, &text, &read.id, id);
        self.python_path(&file, &text, "settings", &read.settings, &files);
        let module = read.fixture.split_once(':').map(|(module, _)| module);
        match module {
            Some(module) => self.python_path(&file, &text, "fixture", module, &files),
            None => {
                let says = format!("`{}` names no function", read.fixture);
                self.fault(&file, line_of(&text, "fixture"), says, "Write module:function");
            }
        }
        Some(Project {
            id: read.id,
            title: read.title,
            summary: read.summary,
            settings: read.settings,
            fixture: read.fixture,
            people: read.people,
            files,
        })
    }

    /// Faults a Python path for which the project has no file.
    fn python_path(&mut self, file: &str, text: &str, key: &str, module: &str, files: &crate::model::FileSet) {
        let path = module.replace('.', "/");
        if !files.contains_key(&format!("{path}.py")) && !files.contains_key(&format!("{path}/__init__.py")) {
            let mend = format!("Add {path}.py, or name the module that is there");
            self.fault(file, line_of(text, key), format!("The module `{module}` is not in the project"), mend);
        }
    }
}
