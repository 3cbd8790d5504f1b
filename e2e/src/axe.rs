//! axe-core: fetched once, into the target folder, and run in a page.

use crate::folders;
use crate::page::Page;
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A wheel that carries axe-core 4.12.1 (Mozilla Public License 2.0) as one script, with its SHA-256. It is not kept
/// in the repository, and the product does not hold it.
const WHEEL: &str = "axe-playwright-python==0.1.8 \
    --hash=sha256:fdd263c998388f1a8e67cad02677e612d946248bd44d163be5e8650ea31f95f8";
const SCRIPT: &str = "axe_playwright_python/axe.min.js";
const FOLDER: &str = "e2e-axe-4.12.1";

const RULES: [&str; 6] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/// The script's text; the first time it is fetched by pip.
///
/// # Errors
/// If it cannot be fetched, with what to do.
pub fn source() -> Result<String> {
    let folder = folders::target()?.join(FOLDER);
    if !folder.join(SCRIPT).exists() {
        fetch(&folder).with_context(|| {
            format!(
                "axe-core could not be fetched. It comes in a Python package, by pip. Without a network, put its \
                 axe.min.js at {}",
                folder.join(SCRIPT).display()
            )
        })?;
    }
    Ok(std::fs::read_to_string(folder.join(SCRIPT))?)
}

/// By the pip of a new virtual environment: where Python has venv it may still lack a pip of its own.
fn fetch(folder: &Path) -> Result<()> {
    let scratch = tempfile::tempdir()?;
    let (venv, wheels) = (scratch.path().join("venv"), scratch.path().join("wheels"));
    let pinned = scratch.path().join("pinned.txt");
    std::fs::write(&pinned, WHEEL)?;
    run(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
    let pip = ["-m", "pip", "--disable-pip-version-check", "download", "--quiet", "--no-deps", "--require-hashes"];
    let python = venv.join("bin/python");
    run(Command::new(&python).args(pip).arg("--dest").arg(&wheels).arg("--requirement").arg(&pinned))?;
    let wheel: PathBuf = std::fs::read_dir(&wheels)?.next().context("pip fetched nothing")??.path();
    run(Command::new(&python).args(["-m", "zipfile", "--extract"]).arg(&wheel).arg(folder))
}

fn run(command: &mut Command) -> Result<()> {
    let done = command.output().with_context(|| format!("{command:?}"))?;
    if !done.status.success() {
        bail!("{command:?} failed: {}", String::from_utf8_lossy(&done.stderr).trim());
    }
    Ok(())
}

impl Page {
    /// What axe-core has against the page as it is, one line a place.
    pub async fn axe(&self) -> Result<Vec<String>> {
        if self.js("return typeof axe", vec![]).await? != "object" {
            self.js(self.axe, vec![]).await?;
        }
        let script = r#"
            const [values, done] = arguments;
            const options = { runOnly: { type: "tag", values }, resultTypes: ["violations"], preload: false };
            axe.run(document, options).then((found) => done(found.violations.flatMap(({ id, help, nodes }) =>
                nodes.map((node) => `${id} (${help}): ${node.target.join(" ")}: ${node.failureSummary}`)
            )), (error) => done([`axe-core failed: ${error}`]));
        "#;
        let found = self.js_later(script, vec![json!(RULES)]).await?;
        let found = found.as_array().context("axe-core's answer")?;
        Ok(found.iter().filter_map(Value::as_str).map(str::to_owned).collect())
    }
}
