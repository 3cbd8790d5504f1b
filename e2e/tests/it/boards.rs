//! A company's vacancies come in by a file: looked at, chosen from, kept as drafts.

use crate::all_pages::faults;
use crate::checks::moves_on;
use crate::showing::{are_sound, set};
use crate::vacancies::vacancies_of_carl;
use anyhow::ensure;
use e2e::{Look, walk};

const FILE: &str = "external_id,title,place,country,description\n\
    31,Senior Django developer of boards,Berlin,Germany,You look after models and migrations of a shop\n\
    32,Keeper of the boards,Lyon,France,\n";

#[test]
fn a_companys_board_comes_in_by_a_file() {
    walk("a companys board comes in by a file", async |page| {
        let vacancies = vacancies_of_carl(page).await?;
        let boards = vacancies.replace("/vacancies", "/boards");
        are_sound(page, &[boards.as_str()]).await?;
        // What is no address is told so, and stays where it was typed.
        page.goto(&boards).await?;
        set(page, "#address", "nothing of the kind").await?;
        moves_on(page, async || page.click(&format!("form[action='{boards}'] button")).await).await?;
        ensure!(page.js("return document.querySelector('#address').value", vec![]).await? == "nothing of the kind");
        page.goto(&boards).await?;
        let bring = format!("form[action='{boards}/file'] button");
        // A column that there is not is named, and the text is still there to be mended.
        set(page, "#text", &FILE.replace("place", "city")).await?;
        moves_on(page, async || page.click(&bring).await).await?;
        ensure!(page.text("main").await?.contains("the column “city” is not known"), "it names the fault");
        let found = faults(page, &Look::ALL).await?;
        ensure!(found.is_empty(), "the form with a fault: {}", found.join("\n"));
        set(page, "#text", FILE).await?;
        moves_on(page, async || page.click(&bring).await).await?;
        let preview = page.place().await?;
        are_sound(page, &[preview.as_str()]).await?;
        page.goto(&preview).await?;
        let seen = page.text("main").await?;
        ensure!(seen.contains("“Senior” in the title"), "it says why: {seen}");
        set(page, "#take-0", "").await?;
        set(page, "#process", "A call, an afternoon together, an answer.").await?;
        moves_on(page, async || page.click("main form .account-actions button").await).await?;
        page.goto(&vacancies).await?;
        ensure!(page.text("main").await?.contains("Senior Django developer of boards"), "a draft was made of it");
        page.goto(&boards).await?;
        let board = page.js("return document.querySelector('main a[href*=\"/boards/\"]').pathname", vec![]).await?;
        let board = board.as_str().unwrap_or_default().to_owned();
        are_sound(page, &[board.as_str(), vacancies.as_str()]).await
    });
}
