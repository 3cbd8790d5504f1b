//! One candidate's variant of a task: parameters drawn from a seed, and every text rendered with them.

use crate::fault::Fault;
use crate::markdown::{Renderer, headings, parse};
use crate::model::{Choice, FileSet, ParameterRange, Task, Variant};
use crate::read::toml_fault;
use crate::template::Templates;
use pulldown_cmark::{Event, Tag};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Parameters of a variant by name: JSON integers and strings.
pub type Parameters = BTreeMap<String, Value>;

/// The suffix of files that are rendered.
const TEMPLATE: &str = ".jinja";

/// One draw. The generator's seed is SHA-256 over the variant's seed and the parameter's name, so that a parameter
/// that is added later does not shift the others. The reduction is written out, because a library's own may change
/// between versions and a seed must mean the same variant for ever; its bias is below range / 2⁶⁴.
pub(crate) fn draw(seed: u64, name: &str, range: &ParameterRange) -> Value {
    let mut hash = Sha256::new();
    hash.update(seed.to_le_bytes());
    hash.update(name.as_bytes());
    let mut random = ChaCha8Rng::from_seed(hash.finalize().into());
    let mut below = |count: u128| ((u128::from(random.next_u64()) * count) >> 64) as i128;
    match range {
        ParameterRange::Int(low, high) => {
            let count = (i128::from(*high) - i128::from(*low) + 1).max(1) as u128;
            // Never beyond `high`, which is an i64.
            Value::from((i128::from(*low) + below(count)) as i64)
        }
        ParameterRange::Choose(choices) => {
            let at = below(choices.len() as u128) as usize;
            match choices.get(at) {
                Some(Choice::Int(number)) => Value::from(*number),
                Some(Choice::Text(text)) => Value::from(text.as_str()),
                // Reading refuses a list without choices.
                None => Value::Null,
            }
        }
    }
}

/// Puts things into an order that the seed decides, by draws of the same kind (Fisher and Yates).
pub(crate) fn shuffle<T>(seed: u64, things: &mut [T]) {
    for last in (1..things.len()).rev() {
        let range = ParameterRange::Int(0, last as i64);
        let place = draw(seed, &format!("order {last}"), &range).as_u64().unwrap_or(0);
        things.swap(last, place as usize);
    }
}

impl Task {
    /// The parameters that a seed draws.
    pub fn parameters_of(&self, seed: u64) -> Parameters {
        self.parameters.iter().map(|(name, range)| (name.clone(), draw(seed, name, range))).collect()
    }

    /// The task as the holder of this seed is given it. The same seed gives the same variant, always.
    ///
    /// In `prompt.md`, `world.sql`, `hints.md`, `explain.md` and templates of `starter/`, only parameters may stand
    /// in braces. In behaviours, facts, what a step saves, and `missing` may stand too: they are not known before
    /// the run, and come out as `{{ name }}`, with exactly one space on either side. A name that is none of these
    /// is a fault, as is a behaviour that is not TOML when its parameters have been put in. The same holds for
    /// `explain-back/`, whose explanations know `answer` besides.
    pub fn variant(&self, seed: u64) -> Result<Variant, Fault> {
        let parameters = self.parameters_of(seed);
        let templates = Templates::new(&parameters);
        let (prompt_html, requirements) = self.prompt(&templates)?;
        let mut behaviours = Vec::with_capacity(self.behaviours.len());
        for (name, text) in &self.behaviours {
            behaviours.push((name.clone(), self.behaviour(&templates, name, text)?));
        }
        let explain_back: Result<Vec<_>, Fault> =
            self.explain_back.iter().map(|(name, text)| self.explain_question(&templates, name, text)).collect();
        Ok(Variant {
            seed,
            prompt_html,
            requirements,
            world: templates.render(&self.file("world.sql"), &self.world)?,
            behaviours,
            explain_back: explain_back?,
            starter: self.render_files(&self.starter, &parameters)?,
            hints: self.hints(&templates)?,
            explain_html: self.explain(&templates)?,
            parameters,
        })
    }

    /// Renders the files whose names end in `.jinja` and drops the suffix; the others pass byte for byte.
    pub fn render_files(&self, files: &FileSet, parameters: &Parameters) -> Result<FileSet, Fault> {
        let templates = Templates::new(parameters);
        let folder = self.folder_of(files);
        let mut rendered = FileSet::new();
        for (path, bytes) in files {
            let file = folder.join(path);
            let (name, bytes) = match path.strip_suffix(TEMPLATE) {
                Some(name) => {
                    let Ok(text) = std::str::from_utf8(bytes) else {
                        return Err(Fault::new(file, 1, "The template is not UTF-8", "Save it as UTF-8"));
                    };
                    (name, templates.render(&file, text)?.into_bytes())
                }
                None => (path.as_str(), bytes.clone()),
            };
            if rendered.insert(name.to_owned(), bytes).is_some() {
                let says = format!("`{name}` stands twice: as itself and as a template");
                return Err(Fault::new(file, 1, says, "Remove one of them"));
            }
        }
        Ok(rendered)
    }

    fn file(&self, name: &str) -> PathBuf {
        Path::new("tasks").join(&self.id).join(name)
    }

    /// The folder that a set of this task's files came from, for faults.
    fn folder_of(&self, files: &FileSet) -> PathBuf {
        let is = |other: &FileSet| std::ptr::eq(other, files);
        if let Some((name, _)) = self.submissions.iter().find(|(_, other)| is(other)) {
            return self.file("submissions").join(name);
        }
        if let Some((name, _)) = self.test_mutants.iter().find(|(_, other)| is(other)) {
            return self.file("testmutants").join(name);
        }
        if is(&self.starter) { self.file("starter") } else { self.file("") }
    }

    /// The prompt with an anchor on each requirement (`#R1`), and the requirements in order.
    fn prompt(&self, templates: &Templates) -> Result<(String, Vec<(String, String)>), Fault> {
        let file = self.file("prompt.md");
        let text = templates.render(&file, &self.prompt)?;
        let mut pieces = parse(&text);
        let mut requirements = Vec::new();
        let mut anchors = Vec::new();
        for heading in headings(&pieces).iter().filter(|heading| heading.level == 3) {
            if let Some((id, title)) = requirement(&heading.title) {
                anchors.push((heading.from, id.clone()));
                requirements.push((id, title));
            }
        }
        for (at, anchor) in anchors {
            if let Some((Event::Start(Tag::Heading { id, .. }), _)) = pieces.get_mut(at) {
                *id = Some(anchor.into());
            }
        }
        let mut renderer = Renderer::new(file, &text, &self.links);
        let html = renderer.html(&pieces);
        first(renderer.faults)?;
        Ok((html, requirements))
    }

    /// Each `##` heading of `hints.md` with the HTML below it.
    fn hints(&self, templates: &Templates) -> Result<Vec<(String, String)>, Fault> {
        let file = self.file("hints.md");
        let text = templates.render(&file, &self.hints)?;
        let pieces = parse(&text);
        let all = headings(&pieces);
        let tops: Vec<_> = all.iter().filter(|heading| heading.level <= 2).collect();
        let mut renderer = Renderer::new(file, &text, &self.links);
        renderer.lower = 1;
        let mut hints = Vec::with_capacity(tops.len());
        for (nth, top) in tops.iter().enumerate() {
            let until = tops.get(nth + 1).map_or(pieces.len(), |next| next.from);
            let html = renderer.html(&pieces[top.to..until]);
            hints.push((top.title.clone(), html));
        }
        first(renderer.faults)?;
        Ok(hints)
    }

    /// `explain.md` below a heading of the page: its own headings are lowered until the highest is `h3`.
    fn explain(&self, templates: &Templates) -> Result<String, Fault> {
        let file = self.file("explain.md");
        let text = templates.render(&file, &self.explain)?;
        let pieces = parse(&text);
        let highest = headings(&pieces).iter().map(|heading| heading.level).min().unwrap_or(3);
        let mut renderer = Renderer::new(file, &text, &self.links);
        renderer.lower = 3usize.saturating_sub(highest);
        let html = renderer.html(&pieces);
        first(renderer.faults)?;
        Ok(html)
    }

    fn behaviour(&self, templates: &Templates, name: &str, text: &str) -> Result<String, Fault> {
        let file = self.file("behaviours").join(name);
        let (rendered, kept) = templates.render_keeping(&file, text)?;
        let table: toml::Table =
            toml::from_str(&rendered).map_err(|error| not_toml(toml_fault(&file, &rendered, 0, &error)))?;
        let saved = saved_names(&table);
        let known = |name: &String| self.manifest.facts.contains_key(name) || saved.contains(name.as_str());
        match kept.iter().find(|name| !known(name)) {
            None => Ok(rendered),
            Some(name) => {
                let says = format!("`{name}` is no parameter, no fact, and nothing that this behaviour saves");
                let mend = "Declare it in variant.toml or under [facts] in task.toml, or save it in a step";
                Err(Fault::new(file, crate::read::line_of(text, name), says, mend))
            }
        }
    }
}

/// The commonest cause deserves the better mend.
pub(crate) fn not_toml(fault: Fault) -> Fault {
    let mend = "Mend the TOML; a fact in braces must stand inside quotation marks";
    Fault { mend: mend.to_owned(), ..fault }
}

/// Names that a behaviour brings itself: the keys of `save` in its steps, and `missing`.
pub(crate) fn saved_names(table: &toml::Table) -> BTreeSet<&str> {
    let steps = table.get("step").and_then(toml::Value::as_array).into_iter().flatten();
    let saves = steps.filter_map(|step| step.get("save")?.as_table());
    let mut names: BTreeSet<&str> = saves.flat_map(|save| save.keys().map(String::as_str)).collect();
    names.extend(table.contains_key("missing").then_some("missing"));
    names
}

/// `R1: The list is flat` → `R1`, `The list is flat`
fn requirement(heading: &str) -> Option<(String, String)> {
    let (id, title) = heading.split_once(':')?;
    let number = id.strip_prefix('R')?;
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| (id.to_owned(), title.trim().to_owned()))
}

pub(crate) fn first(faults: Vec<Fault>) -> Result<(), Fault> {
    faults.into_iter().next().map_or(Ok(()), Err)
}
