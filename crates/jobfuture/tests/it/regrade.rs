//! `regrade` as a program, with the real grader: what was handed in for a version with a fault is judged by the next one.

use crate::grade::data;
use crate::people::{Opened, Place, wait};
use jobfuture_content::FileSet;
use jobfuture_site::Owner;
use jobfuture_site::check::{AttemptId, HandedIn, ItemKind, Step};

const REASON: &str = "It asked for more than its text said.";

/// What is open, once it is a task: its id in the content, its place, and what its authors would hand in.
async fn to_the_task(place: &Opened, owner: Owner, id: AttemptId) -> (String, u32, FileSet) {
    loop {
        let attempt = place.attempt(owner, id).await;
        match attempt.step().unwrap() {
            Step::Question(item) => {
                let answer = jobfuture_content::Answer::Typed("as it came to mind".to_owned());
                place.checks.answer(owner, &attempt, item.place, answer, item.place % 2 == 0).await.unwrap();
            }
            Step::Task(item) => {
                let (uuid, _) = item.item.split_once('@').unwrap();
                let task = place.library.tasks.values().find(|task| task.manifest.uuid.to_string() == uuid).unwrap();
                let variant = task.variant(item.seed).unwrap();
                let (_, accepted) = task.submissions.iter().find(|(name, _)| name.starts_with("accepted/")).unwrap();
                let files = task.render_files(accepted, &variant.parameters).unwrap();
                return (task.id.clone(), item.place, files);
            }
            Step::Explain(_) | Step::Ended(_) => panic!("a task comes behind the questions"),
        }
    }
}

/// Takes a check up to its first task and hands that in, judged as showing nothing. Gives the task.
async fn hand_in(place: &Opened, owner: Owner, change: impl Fn(FileSet) -> FileSet) -> (AttemptId, String, u32) {
    let id = place.begin(owner).await;
    let (task, at, files) = to_the_task(place, owner, id).await;
    let attempt = place.attempt(owner, id).await;
    let verdict = place.verdict(attempt.item(at).unwrap(), 0);
    let work = HandedIn { files: change(files), verdict, explain: Vec::new() };
    place.checks.hand_in(owner, &attempt, at, work).await.unwrap();
    let attempt = place.attempt(owner, id).await;
    place.checks.stop(owner, &attempt).await.unwrap();
    (id, task, at)
}

#[test]
fn work_is_judged_by_the_version_that_supersedes_its_task_and_its_owner_is_told() {
    let place = Place::new();
    let (ada, ben, of_ada, of_ben) = wait(async {
        let before = place.open().await;
        let (ada, ben) = (before.person("ada@hill.example").await, before.person("ben@hill.example").await);
        let of_ada = hand_in(&before, ada, |files| files).await;
        // What no version takes: files that are not the candidate's to change.
        let strange = |_| FileSet::from([("manage.py".to_owned(), b"x = 1\n".to_vec())]);
        let of_ben = hand_in(&before, ben, strange).await;
        (ada, ben, of_ada, of_ben)
    });
    let (code, said, notes) = place.run("regrade", &data(), &["--dry-run"]);
    assert!(code == 0 && said.contains("there is nothing to judge again"), "{said}{notes}");

    let next = format!("version = 2\nsupersedes = {{ version = 1, reason = \"{REASON}\" }}\n");
    let mut tasks = vec![&of_ada.1, &of_ben.1];
    tasks.dedup();
    for task in &tasks {
        place.change(&format!("tasks/{task}/task.toml"), &[("\nversion = 1\n", &format!("\n{next}"))]);
    }
    let (code, said, notes) = place.run("regrade", &data(), &["--dry-run"]);
    assert!(code == 0 && said.contains("Nothing is changed: --dry-run"), "{said}{notes}");
    let (code, said, _) = place.run("regrade", &data(), &["--task", "no-such-task"]);
    assert!(code == 2 && said.is_empty(), "{said}");

    let more = ["--allow-reduced-isolation", "--base-url", "https://jobs.example.org/"];
    let (code, said, notes) = place.run("regrade", &data(), &more);
    assert_eq!(code, 1, "Ben's work cannot be judged: {said}{notes}");
    assert!(said.contains("was left as it is: ") && said.contains("manage.py"), "{said}{notes}");
    assert!(said.contains("handed in for version 1 were judged by version 2"), "{said}{notes}");

    wait(async {
        let after = place.open().await;
        let attempt = after.attempt(ada, of_ada.0).await;
        let item = attempt.item(of_ada.2).unwrap();
        assert_eq!((item.kind, item.category), (ItemKind::Task, Some(0)), "what was found first stays");
        let task = &after.library.tasks[&of_ada.1];
        let all = u8::try_from(task.behaviours.len()).unwrap();
        let now = (format!("{}@2", task.manifest.uuid), all, REASON.to_owned());
        assert_eq!(item.regrade.as_ref(), Some(&now), "{said}{notes}");
        let verdict = item.verdict.as_ref().unwrap();
        assert!(verdict.passed && verdict.version == 2 && verdict.behaviours.len() == usize::from(all), "{verdict:?}");
        let attempt = after.attempt(ben, of_ben.0).await;
        assert!(attempt.item(of_ben.2).unwrap().regrade.is_none());
        // Ada is told that there is something to see, and where; Ben is not.
        let letters = after.accounts.outbox(50).await.unwrap();
        let told: Vec<_> = letters.iter().filter(|letter| letter.subject.contains("judged again")).collect();
        assert_eq!(told.len(), 1, "{said}{notes}");
        assert!(
            told[0].recipient == "ada@hill.example" && told[0].body.contains("https://jobs.example.org/attempts\n")
        );
    });
    // Again: what has been judged is left alone, and nobody is written to twice.
    let (code, said, notes) = place.run("regrade", &data(), &more);
    assert!(code == 1 && said.contains("0 of 1 handed in for version 1"), "{said}{notes}");
    wait(async {
        let letters = place.open().await.accounts.outbox(50).await.unwrap();
        assert_eq!(letters.iter().filter(|letter| letter.subject.contains("judged again")).count(), 1);
    });
}
