//! A quick question, asked and answered.

use crate::all_pages::{faults, unfold};
use crate::keyboard::tab_to;
use crate::{CHOICE, COUNT};
use anyhow::{Result, ensure};
use e2e::{Look, Page, walk};
use thirtyfour::Key;

/// The page as it is has no fault, in any look.
async fn is_sound(page: &Page, what: &str) -> Result<()> {
    let found = faults(page, &Look::ALL).await?;
    page.look(Look::ALL[0]).await?;
    ensure!(found.is_empty(), "{what}: {} faults:\n{}", found.len(), found.join("\n"));
    Ok(())
}

const BUTTON: &str = "document.activeElement.matches('.quick-form [type=submit]')";

#[test]
fn options_are_chosen_by_keyboard() {
    walk("a question by keyboard", async |page| {
        page.goto(CHOICE).await?;
        is_sound(page, "the question").await?;

        // Nothing chosen: the page says so, and the focus is where one can mend it.
        tab_to(page, BUTTON).await?;
        page.press(Key::Enter + "").await?;
        page.until("document.querySelector('#wrong')").await?;
        ensure!(page.text("#wrong").await?.contains("Nothing is chosen yet"));
        page.until("document.activeElement.matches('.option input')").await?;
        is_sound(page, "nothing chosen").await?;

        // Arrows go from option to option, and Tab on to the button.
        page.press(Key::Down + "").await?;
        let second = "document.activeElement === document.querySelectorAll('.option input')[1]";
        page.until(&format!("{second} && document.activeElement.checked")).await?;
        tab_to(page, BUTTON).await?;
        page.press(Key::Enter + "").await?;
        page.until("document.querySelector('.quick-verdict')").await?;
        ensure!(page.count(".judged.is-chosen").await? == 1 && page.count(".judged.is-right").await? == 1);
        unfold(page).await?;
        is_sound(page, "the answer").await?;

        // The code of the explanation can be run without leaving the page.
        tab_to(page, "document.activeElement.matches('.quick-verdict .actions .button')").await?;
        tab_to(page, "document.activeElement.matches('.editor-host')").await?;
        page.run("#result-savepoint", async || page.press(Key::Control + Key::Enter).await).await?;
        ensure!(page.text("#result-savepoint").await?.contains("All that is claimed of it holds"));
        Ok(())
    });
}

#[test]
fn a_number_is_typed_and_the_code_is_run_without_scripts() {
    walk("a question without scripts", async |page| {
        page.cdp("Emulation.setScriptExecutionDisabled", serde_json::json!({"value": true})).await?;
        page.goto(COUNT).await?;
        ensure!(page.count(".run-form").await? == 0, "what it does is not shown before it was answered");
        tab_to(page, "document.activeElement.matches('#answer')").await?;
        page.press("some").await?;
        page.press(Key::Enter + "").await?;
        page.until("document.querySelector('#wrong') && document.activeElement.value === 'some'").await?;
        page.press(Key::Control + "a").await?;
        page.press("1").await?;
        page.press(Key::Enter + "").await?;
        page.until("document.querySelector('.quick-verdict')").await?;
        ensure!(page.text(".quick-verdict").await?.contains("Not right"));
        page.click(".try > summary").await?;
        page.click(".try [type=submit]").await?;
        page.arrives("/questions/statements-for-publishers/proofs/loop/run?variant=7").await?;
        ensure!(page.text(".run-result").await?.contains("All that is claimed of it holds"));
        page.click(".next-steps a").await?;
        page.arrives(COUNT).await
    });
}

#[test]
fn the_list_and_its_kinds_of_pages_are_sound() {
    walk("questions are sound", async |page| {
        for path in ["/questions", COUNT, "/questions/statements-for-publishers/proofs/loop?variant=7"] {
            page.goto(path).await?;
            is_sound(page, path).await?;
        }
        page.goto("/questions").await?;
        page.click(".level-filter label:has([value=middle])").await?;
        let shown = "[...document.querySelectorAll('.contents-questions li')].filter((li) => li.offsetHeight)";
        page.until(&format!("{shown}.length && {shown}.every((li) => li.dataset.level === 'middle')")).await
    });
}
