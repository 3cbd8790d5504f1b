//! Many people take the check. What runs here is the very code that runs for a candidate.

use super::generator::{Assistance, Generator, GeneratorError};
use super::statistics::Statistics;
use super::tally::{Tally, Truth};
use super::world::World;
use crate::adaptive::{Belief, Next, Release, SessionError, State};
use crate::random::Random;
use crate::score::{Cut, Posterior, PosteriorError};
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many, and with which numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// People.
    pub people: usize,
    /// Of everything that chance decides.
    pub seed: u64,
    /// Threads; results are the same bits for any number.
    pub threads: usize,
    /// What is believed of somebody beforehand.
    pub prior: Posterior,
}

impl Plan {
    /// So many people, with the standard normal prior and as many threads as there are processors.
    ///
    /// # Errors
    /// None; the prior is checked like any other.
    pub fn new(people: usize, seed: u64) -> Result<Self, PosteriorError> {
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Ok(Self { people, seed, threads, prior: Posterior::normal(0.0, 1.0)? })
    }
}

/// A simulation that cannot run.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SimulationError {
    /// Nobody.
    #[error("a simulation needs people and at least one thread")]
    Nobody,
    /// A generator that describes nobody.
    #[error(transparent)]
    Generator(#[from] GeneratorError),
    /// A session that broke off, which would be a fault of the release.
    #[error("a simulated session broke off: {0}")]
    Session(#[from] SessionError),
    /// A prior that is none.
    #[error(transparent)]
    Prior(#[from] PosteriorError),
    /// A thread that panicked, which would be a fault of this crate.
    #[error("a thread of the simulation panicked")]
    Panicked,
}

/// People who are simulated in one go. They meet the same true bank: what is uncertain of it is drawn for each block.
const BLOCK: usize = 1024;
/// Streams of random numbers of worlds begin here, far from those of people.
const WORLD_STREAM: u64 = 1 << 60;

/// Lets people take the check and counts what comes of it.
///
/// # Errors
/// See [`SimulationError`].
pub fn simulate(release: &Release, generator: &Generator, plan: &Plan) -> Result<Statistics, SimulationError> {
    let tally = run(release, generator, plan)?;
    Ok(Statistics::new(release, generator, &tally))
}

pub(crate) fn run(release: &Release, generator: &Generator, plan: &Plan) -> Result<Tally, SimulationError> {
    generator.check()?;
    if plan.people == 0 || plan.threads == 0 {
        return Err(SimulationError::Nobody);
    }
    let certain = certain_world(release, generator, plan);
    let next = AtomicUsize::new(0);
    let work = || -> Result<Tally, SimulationError> {
        let mut runner = Runner::new(release, generator, plan)?;
        loop {
            let block = next.fetch_add(1, Ordering::Relaxed);
            if block * BLOCK >= plan.people {
                return Ok(runner.tally);
            }
            runner.block(block, plan.people, certain.as_ref())?;
        }
    };
    let parts = std::thread::scope(|scope| {
        let threads: Vec<_> = (1..plan.threads).map(|_| scope.spawn(work)).collect();
        let mut parts = vec![work()];
        parts.extend(threads.into_iter().map(|thread| thread.join().unwrap_or(Err(SimulationError::Panicked))));
        parts
    });
    let mut whole = Tally::new(release.families().len(), generator.groups.len());
    for part in parts {
        whole.merge(&part?);
    }
    Ok(whole)
}

/// The one world that there is when nothing is uncertain of the items.
fn certain_world(release: &Release, generator: &Generator, plan: &Plan) -> Option<World> {
    let is_certain = release.items().iter().all(|item| item.model.is_certain());
    let is_one = (is_certain || generator.item_error == 0.0) && generator.unequal_slopes == 0.0;
    is_one.then(|| draw_world(release, generator, plan.seed, 0))
}

fn draw_world(release: &Release, generator: &Generator, seed: u64, block: usize) -> World {
    World::draw(release, generator, &mut Random::of(seed, WORLD_STREAM + block as u64))
}

/// One thread's work, which allocates nothing for each person.
struct Runner<'a> {
    release: &'a Release,
    generator: &'a Generator,
    seed: u64,
    shares: Vec<f64>,
    cuts: Vec<f64>,
    at_rest: Belief,
    state: State,
    tally: Tally,
}

impl<'a> Runner<'a> {
    fn new(release: &'a Release, generator: &'a Generator, plan: &Plan) -> Result<Self, SimulationError> {
        let state = release.begin(&plan.prior, 0, &[])?;
        Ok(Self {
            release,
            generator,
            seed: plan.seed,
            shares: generator.groups.iter().map(|group| group.share).collect(),
            cuts: release.parts().cuts.iter().map(Cut::value).collect(),
            at_rest: state.belief.clone(),
            state,
            tally: Tally::new(release.families().len(), generator.groups.len()),
        })
    }

    fn block(&mut self, block: usize, people: usize, certain: Option<&World>) -> Result<(), SimulationError> {
        let drawn = match certain {
            Some(_) => None,
            None => Some(draw_world(self.release, self.generator, self.seed, block)),
        };
        let before = self.tally.covered();
        if let Some(world) = certain.or(drawn.as_ref()) {
            for person in block * BLOCK..((block + 1) * BLOCK).min(people) {
                self.person(person, world)?;
            }
        }
        self.tally.end_block(before);
        Ok(())
    }

    #[inline]
    fn person(&mut self, person: usize, world: &World) -> Result<(), SimulationError> {
        let mut random = Random::of(self.seed, person as u64);
        let number = if self.shares.len() > 1 { random.weighted(&self.shares) } else { 0 };
        let group = &self.generator.groups[number];
        let theta = group.mean + group.sd * group.shape.draw(&mut random);
        let helped = match self.generator.assistance {
            Assistance::Some { people, answers } if random.uniform() < people => answers,
            _ => 0.0,
        };
        let patience = match self.generator.hurry {
            Some(hurry) if random.uniform() < hurry.people => hurry.after,
            _ => usize::MAX,
        };
        self.draw_cuts(&mut random);
        self.release.restart(&mut self.state, &self.at_rest, random.bits());
        let pace = group.pace / group.extra_time;
        let stop = loop {
            let item = match self.release.next(&self.state) {
                Next::Ask(item) => item,
                Next::Stop(stop) => break stop,
            };
            let category = if self.state.answers.len() >= patience {
                world.guess(item, &mut random)
            } else {
                world.answer(item, theta, helped, &mut random)
            };
            let seconds = f64::from(self.release.facts[item].seconds) * pace * uneven(&mut random);
            self.release.answer(&mut self.state, item, category, seconds as u32)?;
        };
        let truth = Truth { theta, group: number, extra_time: group.extra_time };
        self.tally.add(self.release, &self.state, stop, truth, &self.cuts);
        Ok(())
    }

    /// A cut that judges set is somewhere near: each person meets one of the places where it may be.
    fn draw_cuts(&mut self, random: &mut Random) {
        for (place, cut) in self.cuts.iter_mut().zip(&self.release.parts().cuts) {
            if cut.se() > 0.0 {
                *place = cut.value() + cut.se() * random.normal();
            }
        }
    }
}

/// Answers take longer and shorter than expected: between 0.4 and 2.2 times, 1 on average, more often short than long.
#[inline]
fn uneven(random: &mut Random) -> f64 {
    let uniform = random.uniform();
    0.4 + 1.8 * uniform * uniform
}
