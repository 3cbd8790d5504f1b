//! A judge that judges nothing: it says what it was handed, so that pages can be looked at and tested without a
//! grader. Code that holds `fail`, `sleep` or `panic` gets what it asks for.

use jobfuture_content::{FileSet, Form, Task, Variant};
use jobfuture_grader::verdict::{BehaviourVerdict, Evidence, SnippetRun, Statement, Verdict};
use jobfuture_grader::{ExplainBack, GradeError};
use jobfuture_site::Judge;
use std::collections::BTreeMap;
use std::time::Duration;

pub struct Pretend;

fn statement(sql: &str, during: &str, repeats: u32) -> Statement {
    let (sql, during) = (sql.to_owned(), during.to_owned());
    Statement { counted: !sql.starts_with("BEGIN"), sql, rows: 1, micros: 140, repeats, during }
}

/// One statement in a transaction, and one that comes again for every row.
fn statements() -> Vec<Statement> {
    let list = "GET /items/ as ada";
    let mut all = vec![statement("BEGIN", list, 0), statement("SELECT id FROM stock_item WHERE price < ?", list, 0)];
    all.extend((0..20).map(|nth| statement("SELECT name FROM stock_shelf WHERE id = ?", list, nth)));
    all.push(statement("SELECT count(*) FROM stock_item", "GET /items/1/ as nobody", 0));
    all
}

fn asked_for(code: &str) -> Result<(), GradeError> {
    if code.contains("sleep") {
        std::thread::sleep(Duration::from_millis(300));
    }
    assert!(!code.contains("panic"), "asked to");
    if code.contains("unavailable") {
        return Err(GradeError::Unavailable("Python went away.".to_owned()));
    }
    Ok(())
}

fn evidence() -> Evidence {
    Evidence {
        says: "The list has <3 items.".to_owned(),
        request: Some("GET /items/ as ada".to_owned()),
        response: Some("200 OK\ncontent-type: application/json\n\n[{\"name\": \"<b>Tea</b>\"}]".to_owned()),
        wanted: Some("5".to_owned()),
        found: Some("1".to_owned()),
        statements: Some((0, 22)),
    }
}

impl Judge for Pretend {
    fn grade(&self, task: &Task, variant: &Variant, files: FileSet, _: u64) -> Result<Verdict, GradeError> {
        let code: String = files.values().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect();
        asked_for(&code)?;
        let behaviour = |id: &str, passed: bool| BehaviourVerdict {
            id: id.to_owned(),
            kind: "http".to_owned(),
            requirement: "R1".to_owned(),
            title: format!("The {id} are all there"),
            passed,
            evidence: if passed { Vec::new() } else { vec![evidence()] },
        };
        let passed = !code.contains("fail");
        let behaviours = match code.split("shown = ").nth(1).and_then(|rest| rest.trim().parse::<usize>().ok()) {
            // As many as are asked for, of as many as the task has.
            Some(shown) => (0..task.behaviours.len()).map(|at| behaviour(&format!("B{at}"), at < shown)).collect(),
            None => vec![behaviour("shelves", true), behaviour("items", passed)],
        };
        Ok(Verdict {
            task: task.id.clone(),
            version: task.manifest.version,
            seed: variant.seed,
            passed,
            behaviours,
            statements: statements(),
            stopped: None,
            output: code,
            timings_ms: BTreeMap::from([("total".to_owned(), 23.4), ("load".to_owned(), 4.2)]),
            used: Default::default(),
        })
    }

    /// One question of each form; none where the code holds `crash`.
    fn explain_back(&self, _: &Task, _: &Variant, files: FileSet, _: u64) -> Result<Vec<ExplainBack>, GradeError> {
        let code: String = files.values().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect();
        asked_for(&code)?;
        if code.contains("crash") {
            return Ok(Vec::new());
        }
        let question = |id: &str, form: Form, options: &[&str], answer: &str| ExplainBack {
            id: id.to_owned(),
            prompt_html: format!("<p>What of the <code>{id}</code>?</p>\n"),
            form,
            options: options.iter().map(|option| (*option).to_owned()).collect(),
            answer: answer.to_owned(),
            explanation_html: format!("<p>It was {answer}.</p>\n"),
        };
        Ok(vec![
            question("statements", Form::Number, &[], "22"),
            question("status", Form::Choice, &["200", "403", "404"], "404"),
        ])
    }

    fn run_snippet(&self, _: &str, code: &str) -> Result<SnippetRun, GradeError> {
        asked_for(code)?;
        Ok(SnippetRun {
            output: if code.contains("< 3") { "True\n".to_owned() } else { code.to_owned() },
            finished: !code.contains("fail"),
            statements: vec![statement("SELECT count(*) FROM stock_item", "", 0)],
            stopped: None,
            total_ms: 12.0,
        })
    }

    fn is_well(&self) -> bool {
        true
    }
}
