//! What an answer and a question cost the database, and what they leave behind in it.

use crate::browser::{ADA, Browser};
use crate::checks::{Person, UNAIDED, begin, fields, id_of, question_of, real};
use crate::site::TestSite;
use jiff::SignedDuration;
use jobfuture_content::Form;
use jobfuture_db::{Db, Traffic, params};
use jobfuture_site::check::{Attempt, ItemKind, Step};
use psychometrics::Random;
use uuid::Uuid;

async fn attempt(site: &TestSite, browser: &Browser<'_>, path: &str) -> Attempt {
    site.checks().attempt(browser.owner().await, id_of(path)).await.unwrap().unwrap()
}

/// Everything that a check writes, as text.
async fn rows(db: &Db) -> Vec<String> {
    let mut rows = Vec::new();
    let attempts =
        "select cast(id as text) || '|' || cast(spent_seconds as text) || '|' || coalesce(cast(heard_at as text), '')
         || '|' || coalesce(ended_by, '') from attempt order by id";
    let items =
        "select cast(id as text) || '|' || item || '|' || coalesce(outcome, '') || '|' || coalesce(answer, '') || '|'
         || coalesce(cast(seconds as text), '') from attempt_item order by id";
    let seen = "select cast(account as text) || '|' || item from item_seen order by account, item";
    let work = "select cast(attempt_item as text) || '|' || files || '|' || cast(saved_at as text) || '|' || cast(runs as text)
         from attempt_work order by attempt_item";
    let tallies =
        "select item || '|' || cast(known as text) || '|' || cast(answered as text) from item_tally order by item";
    let sessions = "select cast(id as text) || '|' || cast(seen_at as text) from session order by id";
    for sql in [attempts, items, seen, work, tallies, sessions] {
        let found: Vec<(String,)> = db
            .all(
                &sql.replace("cast(id as text)", db.engine().pick("hex(id)", "cast(id as text)"))
                    .replace("cast(account as text)", db.engine().pick("hex(account)", "cast(account as text)"))
                    .replace(
                        "cast(attempt_item as text)",
                        db.engine().pick("hex(attempt_item)", "cast(attempt_item as text)"),
                    ),
                &[],
            )
            .await
            .unwrap();
        rows.extend(found.into_iter().map(|(row,)| row));
    }
    rows
}

/// Answers until a task is open; gives its place and the name of the field of its first file.
async fn to_the_first_task(site: &TestSite, browser: &mut Browser<'_>, path: &str) -> (u32, String) {
    let mut person = Person { site, random: Random::new(5), chance: 0.5 };
    loop {
        let attempt = attempt(site, browser, path).await;
        if let Some(Step::Task(item)) = attempt.step() {
            let (uuid, _) = item.item.split_once('@').unwrap();
            let task = site.library.tasks.values().find(|task| task.manifest.uuid.to_string() == uuid).unwrap();
            return (item.place, format!("file:{}", task.editable.open_first));
        }
        assert!(person.go_on(browser, path).await);
    }
}

jobfuture_testkit::both_engines! {
    /// Who asks, the attempt with its items, and the key that opens them: that is a question. An answer reads them again in its
    /// transaction, closes the item, writes the clock, and asks the next thing; what it adds to sums nobody waits for.
    async fn an_answer_costs_few_statements_and_fewer_waits(db: Db) {
        let site = real(db.clone());
        let mut ada = Browser::new(&site);
        ada.join(ADA).await;
        let path = begin(&mut ada, UNAIDED).await;
        for place in 1..=5 {
            let before = db.traffic();
            ada.get(&path).await.is(200).has(&format!("/items/{place}\""));
            let question = db.traffic() - before;
            assert_eq!(question, Traffic { statements: 5, waits: 3, again: 0 }, "question {place}");

            let open = attempt(&site, &ada, &path).await;
            let Some(Step::Question(item)) = open.step() else { panic!("a question is open") };
            let given = fields(&question_of(&site, item), item.seed, true);
            let given: Vec<_> = given.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let before = db.traffic();
            ada.post(&format!("{path}/items/{place}"), &given).await.is(303);
            site.checks().counted().await;
            let answer = db.traffic() - before;
            let waits = db.engine().pick(5, 6);
            assert_eq!(answer, Traffic { statements: 13, waits, again: 0 }, "answer {place}");
        }
        let counted: i64 = site.checks().tallies("django-developer").await.unwrap().iter().map(|item| item.answered).sum();
        assert_eq!(counted, 5);
    }

    async fn a_second_look_writes_nothing(db: Db) {
        let site = real(db.clone());
        let mut ada = Browser::new(&site);
        ada.join(ADA).await;
        let path = begin(&mut ada, UNAIDED).await;
        for stage in ["a question", "a task"] {
            if stage == "a task" {
                to_the_first_task(&site, &mut ada, &path).await;
            }
            site.checks().counted().await;
            let first = ada.get(&path).await;
            let before = rows(&db).await;
            assert!(before.len() >= 4, "{before:?}");
            for _ in 0..2 {
                site.clock.advance(SignedDuration::from_secs(10));
                assert_eq!(ada.get(&path).await.is(200).text().len(), first.text().len(), "{stage}");
            }
            assert_eq!(rows(&db).await, before, "{stage} was looked at again");
            // After half a minute it is written down that somebody is there, and nothing else.
            site.clock.advance(SignedDuration::from_secs(30));
            ada.get(&path).await.is(200);
            let after = rows(&db).await;
            let changed = before.iter().zip(&after).filter(|(before, after)| before != after).count();
            assert_eq!((after.len(), changed), (before.len(), 1), "{stage} was looked at much later");
        }
    }

    async fn what_was_typed_is_there_on_every_device_and_after_a_new_start(db: Db) {
        let site = real(db.clone());
        let mut ada = Browser::new(&site);
        ada.join(ADA).await;
        let path = begin(&mut ada, UNAIDED).await;
        let (place, name) = to_the_first_task(&site, &mut ada, &path).await;
        let draft = format!("{path}/items/{place}/draft");
        let first = "note = 'häkchen ✓ </textarea>'\n\tindented = 1\n";
        ada.post(&draft, &[(&name, first)]).await.is(204);
        let shown = "note = &#39;häkchen ✓ &#60;/textarea&#62;&#39;\n\tindented = 1\n";
        ada.get(&path).await.is(200).has(shown);
        // Another device goes on with it, through a pause, and the first one sees that.
        let mut phone = Browser::new(&site);
        phone.cookies = ada.cookies.clone();
        phone.get(&path).await.is(200).has(shown);
        phone.post(&format!("{path}/pause"), &[]).await.is(303);
        phone.post(&draft, &[(&name, "second_thoughts = 2\n")]).await.is(204);
        phone.post(&format!("{path}/resume"), &[]).await.is(303);
        // And a server that begins anew on the same database.
        let after = real(db.clone());
        let mut later = Browser { site: &after, cookies: ada.cookies.clone() };
        later.get(&path).await.is(200).has("second_thoughts = 2\n").has_not("häkchen");
        // It is sealed where it lies.
        let sql = "select files from attempt_work join attempt_item on attempt_item.id = attempt_item where place = $1";
        let (files,): (String,) = db.one(sql, params![i64::from(place)]).await.unwrap();
        assert!(files.starts_with("sealed:"), "{files}");
        let owner = later.owner().await;
        let none = after.checks().work(owner, id_of(&format!("/attempts/{}", Uuid::nil())), place).await.unwrap();
        assert!(none.is_none());
    }

    async fn what_was_chosen_or_typed_stays_in_the_field_when_it_is_no_answer(db: Db) {
        let site = real(db);
        let mut ada = Browser::new(&site);
        ada.join(ADA).await;
        let path = begin(&mut ada, UNAIDED).await;
        let mut person = Person { site: &site, random: Random::new(5), chance: 0.5 };
        let (mut chosen, mut typed) = (false, false);
        while !(chosen && typed) {
            let open = attempt(&site, &ada, &path).await;
            let Some(Step::Question(item)) = open.step() else { break };
            let url = format!("{path}/items/{}", item.place);
            match question_of(&site, item).manifest.form {
                Form::Choice => {
                    let page = ada.post(&url, &[("option", "1"), ("option", "2")]).await;
                    page.is(422).has("Choose one").has("checked");
                    chosen = true;
                }
                Form::Number | Form::Statements => {
                    ada.post(&url, &[("answer", "about <three>")]).await.is(422).has("about &#60;three&#62;");
                    typed = true;
                }
                _ => {}
            }
            assert!(person.go_on(&mut ada, &path).await);
        }
        assert!(chosen || typed, "neither came up");
        assert_eq!(attempt(&site, &ada, &path).await.known(ItemKind::Question), 0);
    }
}
