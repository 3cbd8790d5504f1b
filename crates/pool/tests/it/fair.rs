//! Who is as good a fit as others is shown about as often.

use super::ask;
use super::world::{KEY, LEVELS, TODAY, now};
use jiff::ToSpan;
use jobfuture_pool::{Audience, Change, Facts, Pool, Projection, Query, Viewer};
use std::collections::BTreeMap;
use uuid::Uuid;

const PEOPLE: u128 = 200;
const COMPANIES: u128 = 10;

/// People who state the same; every fourth of them one competency more.
fn equals() -> Pool {
    let pool = Pool::new(LEVELS, KEY);
    pool.apply((1..=PEOPLE).map(|number| {
        let competencies = if number % 4 == 0 { vec!["orm".into(), "tests".into()] } else { vec!["orm".into()] };
        Change::Granted(Projection {
            candidate: Uuid::from_u128(number),
            grant: Uuid::from_u128(number),
            audience: Audience::Pool { role: "django".into() },
            made_on: TODAY,
            until: now() + 1.hour(),
            facts: Facts { competencies, ..Facts::default() },
        })
    }));
    pool
}

fn viewer(number: u128) -> Viewer {
    Viewer::new(Uuid::from_u128(1_000 + number), ["django"])
}

/// How often each was shown, after so many searches of each company; [the least, the most] of those with that many competencies.
fn shown(pool: &Pool, searches: usize, nice: &[&str]) -> [[u32; 2]; 2] {
    let mut times: BTreeMap<u128, u32> = (1..=PEOPLE).map(|number| (number, 0)).collect();
    let query = Query { limit: 10, nice: nice.iter().map(|one| (*one).to_owned()).collect(), ..Query::at(now()) };
    for _ in 0..searches {
        for company in 0..COMPANIES {
            let viewer = viewer(company);
            let ids: Vec<Uuid> = ask(pool, &viewer, &query).found.iter().map(|found| found.candidate).collect();
            ids.iter().for_each(|id| *times.entry(id.as_u128()).or_default() += 1);
            pool.count_shown(viewer.company(), ids);
        }
    }
    [true, false].map(|more| {
        let of = times.iter().filter(|(number, _)| (**number % 4 == 0) == more).map(|(_, times)| *times);
        [of.clone().min().unwrap(), of.max().unwrap()]
    })
}

#[test]
fn all_with_equal_fit_are_shown_equally_often() {
    // 10 of 200 at a time: after 20 searches of each company each was shown once to each.
    assert_eq!(shown(&equals(), 60, &[]), [[30, 30], [30, 30]]);
    // 50 state what would be nice: 5 searches for all of them. The others wait.
    assert_eq!(shown(&equals(), 50, &["tests"]), [[100, 100], [0, 0]]);
}

#[test]
fn the_first_pages_of_many_companies_are_of_different_people() {
    let [[_, most], _] = shown(&equals(), 1, &[]);
    assert!(most <= 5, "the same one is among the first of {most} of {COMPANIES} companies");
}

#[test]
fn counts_outlive_the_process() {
    let (before, after) = (equals(), equals());
    let company = viewer(0).company();
    shown(&before, 7, &[]);
    after.set_shown(company, before.shown(company));
    let ids = |pool: &Pool| ask(pool, &viewer(0), &Query::at(now())).found;
    assert_eq!(ids(&before), ids(&after));
    assert_ne!(ids(&after), ids(&equals()));
}
