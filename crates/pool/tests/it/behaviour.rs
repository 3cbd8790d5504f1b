//! Rules one by one, as a person would tell them.

use super::ask;
use super::world::{KEY, LEVELS, TODAY, now};
use jiff::ToSpan;
use jobfuture_pool::{
    Answer, AtLeast, Audience, Change, Error, Facet, Facts, Ground, Matched, Pay, Pool, Projection, Query, Shown,
    Taken, Value, Viewer, Why, Wish, Zones,
};
use uuid::Uuid;

const ADA: Uuid = Uuid::from_u128(1);
const HILL: Uuid = Uuid::from_u128(100);
const MILL: Uuid = Uuid::from_u128(200);

fn grant(number: u128, audience: Audience, facts: Facts) -> Change {
    let grant = Uuid::from_u128(number);
    Change::Granted(Projection { candidate: ADA, grant, audience, made_on: TODAY, until: now() + 1.hour(), facts })
}

fn to_pool(role: &str) -> Audience {
    Audience::Pool { role: role.into() }
}

fn pool(changes: impl IntoIterator<Item = Change>) -> Pool {
    let pool = Pool::new(LEVELS, KEY);
    pool.apply(changes);
    pool
}

fn orm() -> Facts {
    Facts { competencies: vec!["orm".into()], ..Facts::default() }
}

fn pay(yearly: i64) -> Facts {
    Facts { pay: Some(Pay { yearly, currency: "EUR".into() }), ..Facts::default() }
}

fn shown() -> Shown {
    Shown {
        role: "django".into(),
        level: "middle".into(),
        taken: Taken::Unaided,
        on: Some(TODAY),
        competencies: vec!["tests".into()],
    }
}

fn hill(roles: &[&str]) -> Viewer {
    Viewer::new(HILL, roles.iter().copied())
}

fn total(pool: &Pool, viewer: &Viewer, query: Query) -> usize {
    ask(pool, viewer, &query).total
}

fn everybody() -> Query {
    Query::at(now())
}

fn asking_orm() -> Query {
    Query { must: vec!["orm".into()], ..everybody() }
}

fn asking_pay() -> Query {
    Query { pay: Some(Pay { yearly: 60_000, currency: "EUR".into() }), ..everybody() }
}

#[test]
fn of_however_many_pay_is_compared_to_the_smallest_unit() {
    for count in [3, 4_001] {
        let people = (0..count).map(|number| {
            let (candidate, grant) = (Uuid::from_u128(number as u128 + 1), Uuid::from_u128(number as u128 + 1));
            let (audience, facts) = (to_pool("django"), pay(60_000_000 - count / 2 + number));
            Change::Granted(Projection { candidate, grant, audience, made_on: TODAY, until: now() + 1.hour(), facts })
        });
        let query = Query { pay: Some(Pay { yearly: 60_000_000, currency: "EUR".into() }), ..everybody() };
        assert_eq!(total(&pool(people), &hill(&["django"]), query), count as usize / 2 + 1, "of {count}");
    }
}

#[test]
fn several_grants_open_what_they_open_together() {
    let pool = pool([
        grant(1, to_pool("django"), orm()),
        grant(2, to_pool("backend"), pay(50_000)),
        grant(3, Audience::Company(MILL), Facts { signals: vec![shown()], ..Facts::default() }),
    ]);
    let both = || Query { must: vec!["orm".into()], ..asking_pay() };
    assert_eq!(total(&pool, &hill(&["django", "backend"]), both()), 1, "a filter for each of two grants");
    assert_eq!(total(&pool, &hill(&["django"]), both()), 0);
    assert_eq!(total(&pool, &hill(&["django"]), asking_orm()), 1);
    assert_eq!(total(&pool, &hill(&["backend"]), asking_orm()), 0);
    assert_eq!(total(&pool, &hill(&[]), everybody()), 0);
    let all = || Query { shown: vec!["tests".into()], ..both() };
    assert_eq!(total(&pool, &Viewer::new(MILL, ["django", "backend"]), all()), 1);
    assert_eq!(total(&pool, &Viewer::new(MILL, ["django"]), all()), 0);
    assert_eq!(total(&pool, &Viewer::new(MILL, ["django"]), Query { shown: vec!["tests".into()], ..asking_orm() }), 1);
    assert_eq!(total(&pool, &hill(&["django", "backend"]), all()), 0, "what is granted to another company by name");
}

#[test]
fn who_is_hidden_is_not_there_whatever_was_granted() {
    let pool = pool([grant(1, to_pool("django"), orm()), grant(2, Audience::Company(HILL), orm())]);
    assert_eq!(total(&pool, &hill(&["django"]), asking_orm()), 1);
    pool.apply([Change::Hidden { candidate: ADA, companies: vec![MILL, HILL] }]);
    assert_eq!(total(&pool, &hill(&["django"]), everybody()), 0);
    pool.apply([grant(3, Audience::Company(HILL), orm())]);
    assert_eq!(total(&pool, &hill(&["django"]), everybody()), 0, "also what is granted later");
    pool.apply([Change::Hidden { candidate: ADA, companies: vec![MILL] }]);
    assert_eq!(total(&pool, &hill(&["django"]), asking_orm()), 1);
    assert_eq!(total(&pool, &Viewer::new(MILL, ["django"]), everybody()), 0);
}

#[test]
fn a_grant_that_has_ended_opens_nothing_from_that_second_on() {
    let pool = pool([grant(1, to_pool("django"), orm()), grant(2, to_pool("django"), pay(1))]);
    let later = |query: Query, seconds: i64| Query { at: now() + seconds.seconds(), ..query };
    assert_eq!(total(&pool, &hill(&["django"]), later(everybody(), 3_599)), 1);
    assert_eq!(total(&pool, &hill(&["django"]), later(everybody(), 3_600)), 0);
    assert_eq!(pool.ended(now()), []);
    assert_eq!(pool.ended(now() + 1.hour()), [(ADA, Uuid::from_u128(1)), (ADA, Uuid::from_u128(2))]);
    pool.apply(pool.ended(now() + 1.hour()).into_iter().map(|(candidate, grant)| Change::Ended { candidate, grant }));
    assert!(pool.is_empty());
}

#[test]
fn a_change_that_is_made_again_changes_nothing_and_what_was_never_there_can_end() {
    let pool = pool([grant(1, to_pool("django"), orm()), grant(1, to_pool("django"), orm())]);
    pool.apply([
        grant(1, to_pool("django"), orm()),
        Change::Ended { candidate: ADA, grant: Uuid::from_u128(9) },
        Change::Ended { candidate: HILL, grant: Uuid::from_u128(9) },
        Change::Gone { candidate: MILL },
    ]);
    assert_eq!((pool.len(), total(&pool, &hill(&["django"]), asking_orm())), (1, 1));
    pool.apply([Change::Gone { candidate: ADA }, Change::Gone { candidate: ADA }]);
    assert!(pool.is_empty());
}

#[test]
fn an_answer_says_why_and_by_what() {
    let facts = Facts {
        signals: vec![shown()],
        country: Some("Norway".into()),
        zones: Some(Zones { from: 0, to: 2 }),
        ..orm()
    };
    let pool = pool([grant(1, to_pool("django"), facts)]);
    let query = Query {
        roles: vec!["django".into()],
        level: Some(AtLeast { level: "junior".into(), taken: vec![Taken::Unaided] }),
        must: vec!["tests".into()],
        nice: vec!["orm".into(), "caches".into()],
        zones: Some(Zones { from: 2, to: 5 }),
        ..everybody()
    };
    let answer: Answer = ask(&pool, &hill(&["django"]), &query);
    let why = |wish, what, ground| Why { wish, what, ground };
    let (text, must) = (|text: &str| text.into(), Wish::Must);
    let level = Value::Level { role: text("django"), level: text("middle"), taken: Taken::Unaided };
    let expected = [
        why(must, Matched::Value(Value::Role(text("django"))), Ground::Stated),
        why(must, Matched::Value(level), Ground::Signal),
        why(must, Matched::Value(Value::Competency(text("tests"))), Ground::Signal),
        why(must, Matched::Zones(Zones { from: 0, to: 2 }), Ground::Stated),
        why(Wish::Nice, Matched::Value(Value::Competency(text("orm"))), Ground::Stated),
    ];
    assert_eq!(answer.found[0].why, expected);
    let counts: Vec<u32> = answer.facets[&Facet::Competency].iter().map(|count| count.count).collect();
    assert_eq!(counts, [1, 1, 0], "what was asked for is counted, also where nobody has it");
}

#[test]
fn a_level_that_a_signal_shows_never_comes_first() {
    let pool = Pool::new(LEVELS, KEY);
    let one = |number: u128, level: &str| {
        let signal = Shown { level: level.into(), ..shown() };
        let facts = Facts { signals: vec![signal], ..Facts::default() };
        let (candidate, grant) = (Uuid::from_u128(number), Uuid::from_u128(number));
        let until = now() + 1.hour();
        Change::Granted(Projection { candidate, grant, audience: to_pool("django"), made_on: TODAY, until, facts })
    };
    let order = |levels: [&str; 3]| -> Vec<Uuid> {
        pool.apply((1..).zip(levels).map(|(number, level)| one(number, level)));
        ask(&pool, &hill(&["django"]), &everybody()).found.iter().map(|found| found.candidate).collect()
    };
    assert_eq!(order(["junior", "middle", "senior"]), order(["senior", "junior", "middle"]));
}

#[test]
fn of_a_change_that_was_told_by_half_the_greater_value_counts() {
    let pool = pool([grant(1, to_pool("django"), pay(90_000)), grant(2, to_pool("django"), pay(50_000))]);
    assert_eq!(total(&pool, &hill(&["django"]), asking_pay()), 0);
    pool.apply([grant(1, to_pool("django"), pay(50_000))]);
    assert_eq!(total(&pool, &hill(&["django"]), asking_pay()), 1);
}

#[test]
fn what_is_more_than_a_search_takes_is_told() {
    let pool = pool([]);
    let refused = |query: Query| pool.search(&hill(&[]), &query).unwrap_err();
    let many = refused(Query { must: vec!["orm".into(); 21], ..everybody() });
    assert_eq!(
        many.to_string(),
        "a search takes at most 20 competencies that are needed, and these are 21: take some out"
    );
    assert_eq!(refused(Query { zones: Some(Zones { from: 3, to: -3 }), ..everybody() }), Error::Zones);
}

#[test]
fn searches_go_on_while_people_change() {
    let pool = pool([grant(1, to_pool("django"), orm())]);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for _ in 0..300 {
                    let answer = ask(&pool, &hill(&["django", "backend"]), &everybody());
                    assert_eq!(answer.total, 1, "somebody who moves from one pool to another is always in one of them");
                }
            });
        }
        for round in 0..300 {
            let (from, to) = if round % 2 == 0 { (1, 2) } else { (2, 1) };
            let role = if to == 1 { "django" } else { "backend" };
            let ended = Change::Ended { candidate: ADA, grant: Uuid::from_u128(from) };
            pool.apply([ended, grant(to, to_pool(role), orm())]);
        }
    });
}

#[test]
fn what_two_change_at_once_about_one_candidate_is_all_there() {
    let pool = pool([]);
    std::thread::scope(|scope| {
        for thread in 0..2 {
            let pool = &pool;
            scope.spawn(move || {
                for round in 0..300_u128 {
                    let (number, before) = (1 + thread + 2 * round, (thread + 2 * round).wrapping_sub(1));
                    let role = format!("role-{thread}");
                    let ended = Change::Ended { candidate: ADA, grant: Uuid::from_u128(before) };
                    pool.apply([ended, grant(number, to_pool(&role), orm())]);
                    let seen = total(pool, &hill(&[&role]), asking_orm());
                    assert_eq!(seen, 1, "what one has changed is there, whatever the other changes");
                }
            });
        }
    });
    assert_eq!(pool.ended(now() + 2.hours()).len(), 2, "the last grant of each, and no other");
}
