//! From the home page to a verdict, with scripts.

use crate::{ACCEPTED, FILE, SECTION, TASK};
use anyhow::{Context, Result, ensure};
use e2e::{Page, accepted, walk};
use thirtyfour::Key;

const RUN: &str = "jf-workbench [type=submit]";

async fn run_task(page: &Page) -> Result<()> {
    page.run("#verdict", async || page.click(RUN).await).await
}

#[test]
fn from_home_to_a_snippet_that_is_changed_and_run() {
    walk("from home to a snippet", async |page| {
        page.goto("/").await?;
        page.click(".hero .button").await?;
        page.arrives("/guides/django").await?;
        page.click(&format!(".contents h2 a[href='{SECTION}']")).await?;
        page.arrives(SECTION).await?;

        page.click(".proof .try > summary").await?;
        let editor = page.editor(".proof .try jf-editor").await?;
        let given = editor.value().await?;
        editor.type_at_end("print('changed in a browser')\nprint(Book.objects.count(), 'books')").await?;
        ensure!(editor.value().await?.starts_with(given.trim_end()));
        page.run(".proof .run-result", async || page.click(".proof .try [type=submit]").await).await?;

        let output = page.text(".proof .run-result .output").await?;
        ensure!(output.contains("changed in a browser"), "{output}");
        ensure!(output.lines().last().is_some_and(|line| line.ends_with("books")), "{output}");
        let statements = page.text(".proof .run-result .statements").await?;
        ensure!(statements.to_uppercase().contains("COUNT(*)"), "{statements}");
        ensure!(page.text(".proof .run-result").await?.contains("You changed the code"));
        page.click(".site-nav a[href='/tasks']").await?;
        page.click(".task-card a[href='/tasks/book-list']").await?;
        page.arrives("/tasks/book-list?variant=").await
    });
}

#[test]
fn a_failing_verdict_shows_its_counter_example() {
    walk("a failing verdict", async |page| {
        page.goto(TASK).await?;
        let editor = page.open_file(FILE).await?;
        editor.type_at_end("print('said while loading')").await?;
        run_task(page).await?;

        let summary = page.text("#verdict .verdict-heading").await?;
        ensure!(summary.contains(" of 7 behaviours"), "{summary}");
        ensure!(page.text("[data-jf-status]").await?.starts_with(&summary), "what is announced");
        ensure!(page.text("#verdict .own-output").await?.contains("said while loading"));
        let failed = "#verdict .behaviour.is-failed";
        ensure!(page.count(failed).await? > 0 && page.count("#verdict .behaviour.is-passed").await? > 0);
        let growth = "#verdict [data-behaviour=list-growth]";
        ensure!(page.count(&format!("{growth}.is-failed .evidence")).await? > 0, "growth is what is wrong");
        ensure!(page.text(&format!("{growth} .evidence")).await?.contains("GET /api/books/"));
        page.click(&format!("{growth} .statements-fold > summary")).await?;
        let repeats = page.text(&format!("{growth} .statement.is-repeated .repeats")).await?;
        ensure!(repeats.starts_with("×"), "{repeats}");

        // Ctrl-Enter does the same, from within the editor.
        editor.click().await?;
        page.run("#verdict", async || editor.press(Key::Control + Key::Enter).await).await?;
        ensure!(page.text("#verdict .verdict-heading").await? == summary);
        ensure!(editor.is_focused().await?, "the focus stays where it was");
        Ok(())
    });
}

#[test]
fn an_accepted_solution_passes_and_is_explained() {
    walk("an accepted solution", async |page| {
        page.goto("/tasks/book-list").await?;
        let place = page.place().await?;
        let seed = place.split_once("variant=").context("no variant in the address")?.1.parse()?;
        for (path, text) in accepted("book-list", ACCEPTED, seed)? {
            let editor = page.open_file(&path).await?;
            editor.paste_over(&text).await?;
            ensure!(editor.value().await? == text, "{path} is not what was pasted: {}", editor.value().await?);
        }
        run_task(page).await?;
        let said = page.text("#verdict").await?;
        ensure!(page.text("#verdict .verdict-heading").await? == "All 7 behaviours are shown", "{said}");
        ensure!(page.count("#verdict .behaviour.is-failed").await? == 0);
        ensure!(page.text("#verdict .explain").await?.len() > 500, "the explanation is shown");
        Ok(())
    });
}

#[test]
fn a_syntax_error_shows_the_traceback_with_file_and_line() {
    walk("a syntax error", async |page| {
        page.goto(TASK).await?;
        let editor = page.open_file(FILE).await?;
        editor.type_at_end("def broken(:").await?;
        let lines = editor.value().await?.lines().count();
        run_task(page).await?;
        let output = page.text("#verdict .output").await?;
        ensure!(output.contains("SyntaxError"), "{output}");
        let place = format!("catalog/api.py\", line {lines}");
        ensure!(output.contains(&place), "no {place} in: {output}");
        ensure!(page.count("#verdict .stopped + .own-output").await? == 1, "it stands where it is said to");
        // The line is a way back to it.
        page.click("#verdict .line-link").await?;
        ensure!(editor.is_focused().await?);
        Ok(())
    });
}

#[test]
fn code_that_never_returns_is_stopped_and_said() {
    walk("code that never returns", async |page| {
        page.goto(TASK).await?;
        let editor = page.open_file(FILE).await?;
        editor.type_at_end("while True: pass").await?;
        run_task(page).await?;
        let said = page.text("#verdict").await?;
        ensure!(said.contains("stopped"), "{said}");
        Ok(())
    });
}
