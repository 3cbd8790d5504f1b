//! `calibrate` as a program, on answers that were lent in checks.

use crate::people::{CHECK, Opened, Place, wait};
use jobfuture_db::params;
use jobfuture_site::check::{Condition, Source};
use psychometrics::Random;
use psychometrics::adaptive::Next;
use psychometrics::score::Posterior;
use serde_json::Value;
use uuid::Uuid;

/// Lets so many people take whole checks, ten at a time.
async fn take_checks(place: &Opened, people: u64) {
    let crowd = (0..10).map(|tenth| async move {
        for person in (0..people).filter(|person| person % 10 == tenth) {
            let owner = place.person(&format!("person{person}@hill.example")).await;
            place.take(owner, Random::of(7, person)).await;
        }
    });
    futures_join(crowd).await;
}

/// All of them at once, on this task.
async fn futures_join(all: impl Iterator<Item = impl Future<Output = ()>>) {
    let mut all: Vec<_> = all.map(Box::pin).collect();
    std::future::poll_fn(|context| {
        all.retain_mut(|one| one.as_mut().poll(context).is_pending());
        if all.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
}

/// Puts answers of further people beside those that were lent, as the release asks them and as it believes them to answer.
async fn lend(place: &Opened, people: u64) {
    let release = place.release().await;
    let asked = release.release(Condition::Unaided);
    let prior = Posterior::normal(0.0, 1.0).unwrap();
    let mut rows = Vec::new();
    for person in 0..people {
        let mut random = Random::of(11, person);
        let node = random.weighted(prior.weights());
        let mut state = asked.begin(&prior, person, &[]).unwrap();
        while let Next::Ask(item) = asked.next(&state) {
            let table = release.table(Condition::Unaided, item).unwrap();
            let chances: Vec<f64> = table.rows().iter().map(|row| row[node]).collect();
            let category = random.weighted(&chances) as u8;
            asked.answer(&mut state, item, category, 60).unwrap();
            rows.push((Uuid::from_u128(u128::from(person) + 1), release.parts.items[item].id.clone(), category));
        }
    }
    let stored = place.db.transaction(move |tx| {
        rows.iter().try_for_each(|(person, item, category)| {
            let sql = "insert into lent_answer (check_id, person, month, condition, item, category)
                 values ($1, $2, '2026-11', 'unaided', $3, $4)";
            tx.execute_later(sql, params![CHECK, person, item, i64::from(*category)])
        })
    });
    stored.await.unwrap();
}

#[test]
fn answers_of_real_checks_are_measured_and_a_release_that_misses_a_bar_is_refused() {
    let place = Place::new();
    let before = wait(async {
        let opened = place.open().await;
        take_checks(&opened, 60).await;
        opened.release().await.id
    });
    let data = place.data();
    // What was lent is counted, and is too little as things are.
    let (code, said, notes) = place.run("calibrate", &data, &[]);
    assert_eq!(code, 1, "{said}{notes}");
    assert!(said.contains(&format!("{CHECK}: 60 people lent ")) && said.contains("given unaided"), "{said}{notes}");
    assert!(said.contains("Too few: 200 are needed"), "{said}{notes}");
    let (code, said, notes) = place.run("calibrate", &data, &["--check", "no-such-check"]);
    assert!(code == 2 && notes.contains("the checks are django-developer"), "{said}{notes}");

    wait(async { lend(&place.open().await, 240).await });
    // A check of a dozen questions does not keep what is asked of a release: it is said which bars, and by how much.
    let (code, said, notes) = place.run("calibrate", &data, &["--people", "4000", "--json"]);
    assert_eq!(code, 1, "{said}{notes}");
    let done: Value = serde_json::from_str(&said).unwrap();
    let done = &done[0];
    assert_eq!((&done["people"], &done["check"]), (&300.into(), &CHECK.into()));
    let missed = done["outcome"]["missed"].as_array().unwrap_or_else(|| panic!("{said}"));
    assert!(missed.iter().all(|bar| bar["what"].is_string() && bar["value"].is_number()), "{missed:?}");
    assert!(!done["moved"].as_array().unwrap().is_empty());
    wait(async { assert_eq!(place.open().await.release().await.id, before, "nothing is changed") });
}

#[test]
fn a_release_that_keeps_every_bar_is_what_checks_are_asked_from_afterwards() {
    let place = Place::new();
    // So long that it keeps every bar.
    place.change(
        "checks/django-developer/check.toml",
        &[
            ("minutes = 180", "minutes = 1000"),
            ("band_at_least = 0.9", "band_at_least = 0.999"),
            ("change_at_most = 0.15", "change_at_most = 0.01"),
            ("questions = { min = 8, max = 12 }", "questions = { min = 36, max = 40 }"),
            ("questions = { min = 2, max = 4 }", "questions = { min = 4, max = 14 }"),
            ("questions = { min = 1, max = 3 }", "questions = { min = 4, max = 14 }"),
        ],
    );
    let before = wait(async {
        let opened = place.open().await;
        take_checks(&opened, 5).await;
        lend(&opened, 295).await;
        opened.release().await.id
    });
    let data = place.data();
    let (code, said, notes) = place.run("calibrate", &data, &["--people", "40000"]);
    assert_eq!(code, 0, "{said}{notes}");
    assert!(said.contains("300 people lent") && said.contains("Checks that begin from now on"), "{said}{notes}");
    wait(async {
        let opened = place.open().await;
        let after = opened.release().await;
        assert_ne!(after.id, before);
        assert!(after.parts.items.iter().any(|item| item.source == Source::Answers));
        let sql = "select certificate from bank_release where digest = $1";
        let (certificate,): (String,) = opened.db.one(sql, params![after.parts.digest()]).await.unwrap();
        assert_eq!(serde_json::from_str::<Value>(&certificate).unwrap()["passed"], true);
        // Somebody who begins now is asked from it.
        let owner = opened.person("late@hill.example").await;
        let id = opened.begin(owner).await;
        assert_eq!(opened.attempt(owner, id).await.release.id, after.id);
    });
}
