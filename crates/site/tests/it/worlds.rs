//! Non-interference over every route: two worlds that differ only in what a viewer was not granted answer that viewer with the
//! same bytes, wherever the router lets them ask. Worlds are generated histories of people who fill in, make signals, grant,
//! narrow, revoke, block, let expire, withdraw and leave; in one of the two worlds hidden moves are played besides.
//!
//! `JOBFUTURE_WORLDS` says how many pairs: the tests of the whole play two thousand, `cargo xtask bench privacy` fifty thousand.
//! `JOBFUTURE_WORLDS_SEED` says which: the tests always play the same ones, that benchmark others each time.

mod cast;
mod leaks;
mod moves;
mod routes;
mod talk;

use cast::Cast;
use jobfuture_site::introduction::FLOOR;
use leaks::Leak;
use moves::{History, a_history};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use routes::{FIGURES, Seen, Viewers};
use std::sync::atomic::{AtomicUsize, Ordering};

/// A signal that says little.
pub fn a_signal() -> jobfuture_disclosure::SignalBody {
    cast::body(0)
}

/// Pairs of worlds where nobody says how many.
const PAIRS: usize = 200;
/// Pairs after which a planted leak must have been noticed.
const ENOUGH_FOR_A_LEAK: usize = 200;
/// Pairs that one pair of sites sees, one after the other, each with people of its own.
const PAIRS_A_SITE: usize = 20;

/// What a viewer could tell two worlds apart by, if anything.
struct Difference {
    pair: usize,
    asked: String,
    one: String,
    other: String,
    /// Whether it was found where a leak was planted.
    is_planted: bool,
}

/// Of so many pairs it is told that they were played, for whoever waits for tens of thousands.
const TOLD: usize = 1_000;

/// Plays pairs of worlds until one is told apart, or there are enough. Deterministic for a seed and a lane. After each, `after` is called.
async fn play(seed: u64, lane: u8, pairs: usize, leak: Option<Leak>, after: impl Fn()) -> Option<Difference> {
    let mut bytes = [lane; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let strategy = a_history();
    let mut played = 0;
    while played < pairs {
        let (one, other) = (Cast::begin().await, Cast::begin().await);
        for _ in 0..PAIRS_A_SITE.min(pairs - played) {
            let history = strategy.new_tree(&mut runner).expect("a history").current();
            if let Some(difference) = compare(&one, &other, &history, played, leak).await {
                return Some(difference);
            }
            played += 1;
            after();
        }
    }
    None
}

/// One history in two worlds: the same moves in both, and the hidden ones in the second alone.
async fn compare(one: &Cast, other: &Cast, history: &History, pair: usize, leak: Option<Leak>) -> Option<Difference> {
    one.new_people(pair).await;
    one.without_the_unseen().await;
    other.new_people(pair).await;
    for (at, step) in history.steps.iter().enumerate() {
        // What a move draws depends on its place alone, so that hidden moves between change nothing of it.
        let seed = (pair * 1_000 + at) as u64;
        if step.is_hidden {
            other.play(seed, &step.step, true).await;
        } else {
            one.play(seed, &step.step, false).await;
            other.play(seed, &step.step, false).await;
        }
    }
    let (letters, others) = (one.letters().await, other.letters().await);
    if letters != others {
        let (one, other) = (letters.join("\n"), others.join("\n"));
        return Some(Difference { pair, asked: "letters".to_owned(), one, other, is_planted: false });
    }
    assert!(other.turns_elsewhere().await < FLOOR, "so many turns are told of, and hide nobody");
    let asked = routes::all(one, pair).await;
    for question in &asked {
        let viewers = [one, other];
        let mut answers: Vec<Seen> = Vec::new();
        for cast in viewers {
            let seen = Viewers::ask(cast, question).await;
            answers.push(match leak {
                Some(leak) => leak.planted(cast, question, seen).await,
                None => seen,
            });
        }
        if question.path() == FIGURES && leak.is_none() {
            tells_no_figure(&answers[1]);
        }
        if answers[0] != answers[1] {
            let is_planted = leak.is_some_and(|leak| leak.is_at(one, question));
            let mut answers = answers.into_iter().map(|seen| seen.text());
            let mut next = || answers.next().unwrap_or_default();
            return Some(Difference { pair, asked: question.to_string(), one: next(), other: next(), is_planted });
        }
    }
    None
}

/// Below the floor a company's page says that there is not enough yet, and not how much there is.
fn tells_no_figure(seen: &Seen) {
    let text = seen.text();
    let part = text.split_once("Not enough yet").expect("figures that are not told");
    assert!(part.1.contains("What comes of its conversations is shown from five on"), "{text}");
    assert!(!text.contains("Answered in time") && !text.contains("What came of"), "{text}");
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

#[test]
fn what_was_not_granted_changes_no_byte_of_any_answer() {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().expect("a number"));
    let pairs = number("JOBFUTURE_WORLDS").map_or(PAIRS, |pairs| pairs as usize);
    let seed = number("JOBFUTURE_WORLDS_SEED").unwrap_or_default();
    let lanes = std::thread::available_parallelism().map_or(2, usize::from).clamp(1, 8);
    let done = AtomicUsize::new(0);
    let after = || {
        let done = done.fetch_add(1, Ordering::Relaxed) + 1;
        if done.is_multiple_of(TOLD) {
            eprintln!("{done} of {pairs} pairs");
        }
    };
    std::thread::scope(|scope| {
        for lane in 0..lanes {
            let share = pairs.div_ceil(lanes);
            scope.spawn(move || {
                if let Some(difference) = runtime().block_on(play(seed, lane as u8, share, None, after)) {
                    panic!(
                        "seed {seed}, pair {} of lane {lane}: {}\n--- without what is hidden\n{}\n--- with it\n{}",
                        difference.pair, difference.asked, difference.one, difference.other
                    );
                }
            });
        }
    });
    assert!(done.load(Ordering::Relaxed) >= pairs);
}

#[test]
fn every_planted_leak_is_noticed() {
    for leak in Leak::ALL {
        let found = runtime().block_on(play(0, 9, ENOUGH_FOR_A_LEAK, Some(leak), || ()));
        let found = found.unwrap_or_else(|| panic!("{leak:?} was not noticed in {ENOUGH_FOR_A_LEAK} pairs of worlds"));
        assert!(found.is_planted, "{leak:?} was taken for another: {}\n{}\n{}", found.asked, found.one, found.other);
    }
}

/// A route that is added is asked, or this test says so.
#[test]
fn every_route_is_asked_or_is_for_its_owner_alone() {
    routes::assert_all_are_known();
}

/// What is compared of a conversation is the conversation, and not that there is none.
#[test]
fn every_page_of_a_conversation_is_there() {
    routes::assert_the_talk_is_there();
}
