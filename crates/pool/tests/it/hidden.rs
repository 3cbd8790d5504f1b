//! What a company cannot see changes nothing of what it is answered.

use super::world::{FIELDS, Granted, Person, World, facts, granted, part, person, query, random, signal};
use super::{ask, naive, pool, written};
use jobfuture_pool::{Pool, Query};
use rand::Rng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

/// What an engine answers a company, by its place in the world.
type Answers = Box<dyn Fn(usize, &Query) -> String>;

/// The same world to one company, and another one in everything that it cannot see.
fn other_world(world: &World, company: usize, random: &mut ChaCha8Rng) -> World {
    let mut other = world.clone();
    let me = world.company_ids[company];
    for person in &mut other.people {
        let open: Vec<Granted> = world.open(company, person).into_iter().cloned().collect();
        for field in (0..FIELDS).filter(|field| !open.iter().any(|grant| grant.fields.contains(field))) {
            part(field, &facts(random), &mut person.facts);
        }
        let is_open = |at: usize| open.iter().any(|grant| grant.signals.contains(&at));
        for at in (0..person.facts.signals.len()).filter(|at| !is_open(*at)) {
            person.facts.signals[at] = signal(random);
        }
        // Grants to others, and those that have ended.
        let others = (0..random.random_range(0..4)).map(|_| granted(random, &world.company_ids));
        let is_hidden = person.hidden_from.contains(&me);
        let others = others.filter(|grant| is_hidden || !world.opens(company, grant)).collect::<Vec<_>>();
        person.grants = open.into_iter().chain(others).collect();
        person.hidden_from.retain(|id| *id == me);
        let more = world.company_ids.iter().filter(|id| **id != me && random.random_bool(0.2));
        person.hidden_from.extend(more.copied().collect::<Vec<_>>());
    }
    // People of whom it sees nothing are others, or not there.
    let is_seen = |person: &Person| !world.open(company, person).is_empty();
    other.people.retain(|person| is_seen(person) || random.random_bool(0.5));
    let strangers = (0..20).map(|_| person(random, &world.company_ids)).collect::<Vec<_>>();
    other.people.extend(strangers.into_iter().filter(|person| !is_seen(person)));
    other.people.shuffle(random);
    other
}

/// Answers that change with what the viewer cannot see, of so many.
fn changed(worlds: u64, engine: impl Fn(&World) -> Answers) -> [usize; 2] {
    let (mut changed, mut all) = (0, 0);
    for seed in 0..worlds {
        let (world, random) = (World::new(seed, 60), &mut random(seed ^ 0xDA7A));
        for company in 0..world.companies.len() {
            let other = other_world(&world, company, random);
            let (one, two) = (engine(&world), engine(&other));
            for _ in 0..10 {
                let query = query(random);
                changed += usize::from(one(company, &query) != two(company, &query));
                all += 1;
            }
        }
    }
    [changed, all]
}

fn ours(world: &World) -> Answers {
    let (pool, viewers) = (pool(world), world.companies.clone());
    Box::new(move |company, query| {
        let answer = ask(&pool, &viewers[company], query);
        // What was shown counts from the next search on.
        pool.count_shown(viewers[company].company(), answer.found.iter().map(|found| found.candidate));
        written(&answer)
    })
}

#[test]
fn what_a_company_cannot_see_changes_no_byte_of_an_answer() {
    assert_eq!(changed(20, ours), [0, 800]);
}

#[test]
#[ignore = "takes minutes: the whole of what the test above tries a part of"]
fn what_a_company_cannot_see_changes_no_byte_of_ten_thousand_answers() {
    assert_eq!(changed(250, ours), [0, 10_000]);
}

#[test]
fn an_engine_that_searches_everything_and_hides_some_is_found_out() {
    let [changed, all] = changed(20, |world| {
        let world = world.clone();
        Box::new(move |company, query| written(&naive::usual(&world, company, query)))
    });
    assert!(changed * 4 > all, "{changed} of {all}");
}

#[test]
fn what_a_company_was_shown_is_no_matter_of_another() {
    let (world, random) = (World::new(7, 60), &mut random(7));
    let (one, two): (Pool, Pool) = (pool(&world), pool(&world));
    for person in &world.people {
        two.count_shown(world.company_ids[1], [person.id]);
    }
    for _ in 0..50 {
        let query = query(random);
        let answers = [&one, &two].map(|pool| written(&ask(pool, &world.companies[0], &query)));
        assert_eq!(answers[0], answers[1]);
    }
}
