//! Whatever was granted, taken back and asked: the answer is the one that is made the long way.

use super::world::{World, granted, person, query, random};
use super::{ask, naive, pool, written};
use jobfuture_pool::{Change, Pool};
use rand::Rng;
use rand::seq::{IndexedRandom, SliceRandom};

fn compare(pool: &Pool, world: &World, seed: u64, queries: usize) {
    let random = &mut random(seed);
    for number in 0..queries {
        let (company, query) = (random.random_range(0..world.companies.len()), query(random));
        let (found, right) = (ask(pool, &world.companies[company], &query), naive::answer(world, company, &query));
        if found != right {
            let (found, right) = (written(&found), written(&right));
            panic!("world {seed}, query {number}: {query:#?}\nanswers {found}\nand not {right}");
        }
    }
}

fn worlds(worlds: u64, queries: usize) {
    for seed in 0..worlds {
        let mut world = World::new(seed, 80);
        let pool = pool(&world);
        compare(&pool, &world, seed, queries / 2);
        change(&pool, &mut world, seed);
        compare(&pool, &world, seed + 1_000_000, queries - queries / 2);
    }
}

/// People come, go, write, grant, revoke and hide themselves.
fn change(pool: &Pool, world: &mut World, seed: u64) {
    let random = &mut random(seed ^ 0xC0FFEE);
    let mut changes = Vec::new();
    for _ in 0..60 {
        let companies = world.company_ids.clone();
        let at = random.random_range(0..world.people.len());
        let person_now = &mut world.people[at];
        match random.random_range(0..6) {
            0 => {
                changes.push(Change::Gone { candidate: person_now.id });
                world.people[at] = person(random, &companies);
                changes.extend(world.people[at].changes());
            }
            1 => {
                person_now.facts = super::world::facts(random);
                changes.extend(person_now.changes());
            }
            2 => {
                let grant = granted(random, &companies);
                changes.push(Change::Granted(person_now.projection(&grant)));
                person_now.grants.push(grant);
            }
            3 if !person_now.grants.is_empty() => {
                let gone = person_now.grants.swap_remove(random.random_range(0..person_now.grants.len()));
                changes.push(Change::Ended { candidate: person_now.id, grant: gone.id });
            }
            4 => {
                person_now.hidden_from = companies.choose_multiple(random, 1).copied().collect();
                changes.push(Change::Hidden { candidate: person_now.id, companies: person_now.hidden_from.clone() });
            }
            _ => {
                // Narrowed, to another audience even.
                let Some(place) = person_now.grants.first().map(|grant| grant.id) else { continue };
                let narrowed = super::world::Granted { id: place, ..granted(random, &companies) };
                changes.push(Change::Granted(person_now.projection(&narrowed)));
                person_now.grants[0] = narrowed;
            }
        }
    }
    let (some, rest) = changes.split_at(random.random_range(0..changes.len()));
    pool.apply(some.to_vec());
    pool.apply(rest.to_vec());
}

#[test]
fn answers_are_those_of_a_look_at_everybody() {
    worlds(30, 40);
}

#[test]
fn answers_about_so_many_that_sets_are_counted_are_those_of_a_look_at_everybody() {
    for seed in 0..2 {
        let mut world = World::new(seed, 2_500);
        let pool = pool(&world);
        compare(&pool, &world, seed, 15);
        change(&pool, &mut world, seed);
        compare(&pool, &world, seed + 1_000_000, 15);
    }
}

#[test]
#[ignore = "takes minutes: the whole of what the test above tries a part of"]
fn ten_thousand_answers_are_those_of_a_look_at_everybody() {
    worlds(250, 40);
}

#[test]
fn a_pool_that_was_changed_answers_like_one_that_was_filled_anew() {
    for seed in 0..10 {
        let (mut world, random) = (World::new(seed, 80), &mut random(seed));
        let (changed, anew) = (pool(&world), Pool::new(super::LEVELS, super::KEY));
        change(&changed, &mut world, seed);
        let mut changes = world.changes();
        // Grants of one candidate come in any order.
        changes.shuffle(random);
        anew.rebuild(changes);
        for _ in 0..20 {
            let (viewer, query) = (world.companies.choose(random).unwrap(), query(random));
            assert_eq!(written(&ask(&changed, viewer, &query)), written(&ask(&anew, viewer, &query)));
        }
    }
}
