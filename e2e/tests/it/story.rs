//! The whole story, in one browser: somebody reads, practises, takes the check, makes a signal and opens it to the pool; a company finds
//! them and asks; both say yes; they talk, agree on a time, prepare an interview; and what was shown is taken back, and gone.
//!
//! Pictures of it lie in `target/tmp/story` afterwards.

use crate::all_pages::faults;
use crate::checks::{join, moves_on};
use crate::showing::{CARL, are_sound, make_a_signal, path_of, set, sign_in, sign_in_again};
use crate::vacancies::vacancies_of_carl;
use crate::{ACCEPTED, SECTION, TASK};
use anyhow::{Context, Result, ensure};
use e2e::{Look, Page, accepted, walk};
use serde_json::json;
use std::path::PathBuf;

const DANA: &str = "dana@example.org";
const HEADLINE: &str = "Looks twice at every list (of a walk)";
const WHY: &str =
    "You write that you look twice at every list. Ours has two million rows, and nobody has looked twice yet.";

/// The pictures, one after the other.
struct Pictures {
    folder: PathBuf,
    taken: u32,
}

impl Pictures {
    fn new() -> Result<Self> {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("story");
        // Those of an earlier run may have other numbers.
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        std::fs::create_dir_all(&folder)?;
        Ok(Self { folder, taken: 0 })
    }

    /// Takes the page as it is, and sees to it that everybody can read it.
    async fn take(&mut self, page: &Page, name: &str) -> Result<()> {
        self.taken += 1;
        let found = faults(page, Look::two_of_all(self.taken as usize)).await?;
        ensure!(found.is_empty(), "{name}: {}", found.join("\n"));
        page.look(Look::ALL[0]).await?;
        page.picture(&self.folder.join(format!("{:02}-{name}.png", self.taken))).await
    }
}

async fn says(page: &Page, what: &str) -> Result<()> {
    let text = page.text("main").await?;
    ensure!(text.contains(what), "{what:?} is not on {}: {text}", page.place().await?);
    Ok(())
}

async fn send(page: &Page, css: &str) -> Result<()> {
    moves_on(page, async || page.click(css).await).await
}

/// Reads, practises, and takes the check; gives what is worth showing to the pool.
async fn prepares_and_shows(page: &Page, pictures: &mut Pictures) -> Result<String> {
    join(page, DANA).await?;
    page.goto(SECTION).await?;
    pictures.take(page, "guide").await?;
    page.goto(TASK).await?;
    for (path, text) in accepted("book-list", ACCEPTED, 7)? {
        page.open_file(&path).await?.paste_over(&text).await?;
    }
    page.run("#verdict", async || page.click("jf-workbench [type=submit]").await).await?;
    pictures.take(page, "practice").await?;
    make_a_signal(page).await?;
    pictures.take(page, "signal").await?;
    for (field, values) in [
        ("headline", &[("#headline-0", HEADLINE)][..]),
        ("remote", &[("input[name=chosen][value=hybrid]", "")]),
        ("name", &[("#name-0", "Dana of the walk")]),
        ("contact", &[("#kind-0", "email"), ("#value-0", "dana.of.the.walk@example.org")]),
    ] {
        page.goto(&format!("/profile/fields/{field}")).await?;
        for (css, value) in values {
            set(page, css, value).await?;
        }
        send(page, "main form button.button").await?;
    }
    page.goto("/grants/new").await?;
    set(page, "input[name=to][value=pool]", "").await?;
    set(page, "#role", "django-developer").await?;
    for fact in ["input[value='field:headline']", "input[value='field:remote']", "input[value^='signal:']"] {
        set(page, fact, "").await?;
    }
    set(page, "#purpose", "To be found for work with Django").await?;
    send(page, "main form button[type=submit]").await?;
    pictures.take(page, "grant").await?;
    page.place().await
}

/// A company finds them and asks. Gives the company's path and that of the request.
async fn is_found_and_asked(page: &Page, pictures: &mut Pictures) -> Result<(String, String)> {
    let company = vacancies_of_carl(page).await?.replace("/vacancies", "");
    page.goto(&format!("{company}/pool?remote=hybrid")).await?;
    says(page, HEADLINE).await?;
    ensure!(!page.text("main").await?.contains("Dana"), "nobody's name");
    pictures.take(page, "pool").await?;
    let script = "const li = [...document.querySelectorAll('.vacancy-list li')].find((one) => one.textContent.includes(arguments[0]));
        return [...new Set([li, ...document.querySelectorAll('.vacancy-list li')])].slice(0, 2)
            .map((one) => 'with=' + one.querySelector('input[name=with]').value).join('&')";
    let two = page.js(script, vec![json!(HEADLINE)]).await?;
    page.goto(&format!("{company}/compare?{}", two.as_str().context("two to compare")?)).await?;
    says(page, HEADLINE).await?;
    pictures.take(page, "compare").await?;
    page.goto(&format!("{company}/pool?remote=hybrid")).await?;
    let script = "return [...document.querySelectorAll('.vacancy-list li')].find((one) => one.textContent.includes(arguments[0]))
            .querySelector('h3 a').pathname";
    let candidate = page.js(script, vec![json!(HEADLINE)]).await?;
    page.goto(candidate.as_str().context("their page")?).await?;
    pictures.take(page, "candidate").await?;
    send(page, "main a[href$='/ask']").await?;
    send(page, "main .cards a").await?;
    // Without a reason nothing is sent, and the pay stands there already.
    set(page, "#why", "").await?;
    send(page, "main form button.button").await?;
    says(page, "EUR ").await?;
    let found = faults(page, &Look::ALL).await?;
    ensure!(found.is_empty(), "the request with a fault: {}", found.join("\n"));
    page.look(Look::ALL[0]).await?;
    set(page, "#why", WHY).await?;
    pictures.take(page, "request").await?;
    send(page, "main form button.button").await?;
    Ok((company, page.place().await?))
}

/// Asks a question, is answered, takes a last look and says yes. Gives the path of the conversation, for its candidate.
async fn both_say_yes(page: &Page, pictures: &mut Pictures, asked: &str) -> Result<String> {
    sign_in_again(page, DANA).await?;
    page.goto("/you").await?;
    pictures.take(page, "what-waits").await?;
    page.goto("/introductions").await?;
    pictures.take(page, "tracker").await?;
    let own = path_of(page, "main a[href^='/introductions/']").await?;
    page.goto(&own).await?;
    says(page, WHY).await?;
    pictures.take(page, "asked").await?;
    set(page, "#question", "How many days a week at the office?").await?;
    send(page, "form[action$='/ask'] button").await?;
    sign_in(page, CARL).await?;
    page.goto(asked).await?;
    says(page, "How many days a week").await?;
    set(page, "#answer", "One, and which is yours to say.").await?;
    send(page, "form[action$='/answer'] button").await?;
    sign_in_again(page, DANA).await?;
    page.goto(&own).await?;
    says(page, "One, and which is yours to say.").await?;
    send(page, "a[href$='/accept'], form[action$='/accept'] button").await?;
    pictures.take(page, "choose-what-is-shown").await?;
    send(page, "main form button.button").await?;
    says(page, "Dana of the walk").await?;
    pictures.take(page, "last-look").await?;
    send(page, "main form button.button").await?;
    pictures.take(page, "both-said-yes").await?;
    Ok(own)
}

/// They talk, and agree on a time.
async fn they_talk(page: &Page, pictures: &mut Pictures, own: &str, asked: &str) -> Result<()> {
    sign_in(page, CARL).await?;
    page.goto(asked).await?;
    says(page, "Dana of the walk").await?;
    set(page, "#text", "Good to meet you. <b>Here</b> is the code: https://example.org/code").await?;
    send(page, "#write button").await?;
    says(page, "<b>Here</b>").await?;
    ensure!(page.count("main a[href='https://example.org/code']").await? == 1, "an address is a link");
    page.goto(&format!("{asked}/offer")).await?;
    pictures.take(page, "times-to-offer").await?;
    set(page, "input[name=how][value=link]", "").await?;
    for (css, value) in [
        ("#about", "Look at a list together"),
        ("#minutes", "60"),
        ("#link", "https://meet.example.org/room"),
        ("#zone", "Europe/Berlin"),
    ] {
        set(page, css, value).await?;
    }
    let day = "const day = new Date(Date.now() + 3 * 86400e3).toISOString().slice(0, 10);
        document.querySelector('input[type=date]').value = day; document.querySelector('input[type=time]').value = '10:00'";
    page.js(day, vec![]).await?;
    send(page, "form[action$='/offer'] button.button").await?;
    sign_in_again(page, DANA).await?;
    page.goto(own).await?;
    pictures.take(page, "conversation").await?;
    set(page, "input[name=begins]", "").await?;
    send(page, "button[value=pick]").await?;
    pictures.take(page, "agreed").await?;
    let calendar = path_of(page, "main a[href$='.ics']").await?;
    let file = page.js_later(
        "const done = arguments[arguments.length - 1]; fetch(arguments[0]).then((answer) => answer.text()).then(done)",
        vec![json!(calendar)],
    );
    let file = file.await?;
    let file = file.as_str().unwrap_or_default();
    ensure!(file.starts_with("BEGIN:VCALENDAR\r\n") && file.contains("DTSTART:"), "{file}");
    Ok(())
}

/// The kit: what is shown is not asked; a sheet is locked.
async fn they_prepare(page: &Page, pictures: &mut Pictures, own: &str, asked: &str) -> Result<()> {
    sign_in(page, CARL).await?;
    page.goto(&format!("{asked}/kit")).await?;
    set(page, "input[name=person]", "").await?;
    send(page, "form[action$='/kit/people'] button").await?;
    pictures.take(page, "kit").await?;
    page.goto(&format!("{asked}/kit/score")).await?;
    let fill = "for (const row of document.querySelectorAll('.kit-sheet fieldset')) row.querySelectorAll('input[type=radio]')[1]?.click()";
    page.js(fill, vec![]).await?;
    set(page, "#reason", "Looked twice, and said why.").await?;
    set(page, "#sure", "").await?;
    pictures.take(page, "sheet").await?;
    send(page, "button[value=lock]").await?;
    says(page, "Looked twice, and said why.").await?;
    ensure!(page.count(".kit-sheet").await? == 0, "a sheet that is locked is not filled in again");
    pictures.take(page, "sheets-side-by-side").await?;
    sign_in_again(page, DANA).await?;
    page.goto(&format!("{own}/kit")).await?;
    pictures.take(page, "plan-for-the-candidate").await
}

#[test]
fn the_whole_story() {
    walk("the whole story", async |page| {
        let mut pictures = Pictures::new()?;
        let grant = prepares_and_shows(page, &mut pictures).await?;
        let (company, asked) = is_found_and_asked(page, &mut pictures).await?;
        let own = both_say_yes(page, &mut pictures, &asked).await?;
        they_talk(page, &mut pictures, &own, &asked).await?;
        they_prepare(page, &mut pictures, &own, &asked).await?;

        // Taken back: the pool at once, the conversation with all that was shown in it when they leave it.
        page.goto(&grant).await?;
        page.click("form[action$='/revoke'] button").await?;
        page.until("document.body.textContent.includes('Revoked on')").await?;
        page.goto(&format!("{own}/withdraw")).await?;
        pictures.take(page, "leave").await?;
        send(page, "main form button").await?;
        pictures.take(page, "left").await?;
        sign_in(page, CARL).await?;
        page.goto(&format!("{company}/pool?remote=hybrid")).await?;
        ensure!(!page.text("main").await?.contains(HEADLINE), "gone from the pool");
        page.goto(&asked).await?;
        pictures.take(page, "gone").await?;
        let left = page.text("main").await?;
        for gone in ["Dana", "dana.of", HEADLINE, "How many days a week", "Looked twice"] {
            ensure!(!left.contains(gone), "{gone:?} is still there: {left}");
        }
        are_sound(page, &[&format!("{company}/introductions"), &company, "/about/pool"]).await
    });
}
