//! The pool through its surface.

#![allow(clippy::unwrap_used, reason = "a test may panic, also in what several of them share")]

mod answers;
mod behaviour;
mod fair;
mod hidden;
mod naive;
mod world;

use jobfuture_pool::{Answer, Pool, Query, Viewer};
use world::{KEY, LEVELS, World};

/// A pool with a world in it.
fn pool(world: &World) -> Pool {
    let pool = Pool::new(LEVELS, KEY);
    pool.apply(world.changes());
    pool
}

/// Everything of an answer, to the last byte.
fn written(answer: &Answer) -> String {
    format!("{answer:#?}")
}

fn ask(pool: &Pool, viewer: &Viewer, query: &Query) -> Answer {
    pool.search(viewer, query).unwrap()
}
