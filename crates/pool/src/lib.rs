//! The candidate pool in memory: granted facts in, ids out.
//!
//! ```
//! # fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use jobfuture_pool::{Audience, Change, Facts, Pool, Projection, Query, Viewer};
//! use uuid::Uuid;
//!
//! let pool = Pool::new(["junior", "middle", "senior"], [7; 16]);
//! let (ada, hill) = (Uuid::from_u128(1), Uuid::from_u128(2));
//! let grant = Projection {
//!     candidate: ada,
//!     grant: Uuid::from_u128(3),
//!     audience: Audience::Pool { role: "django-developer".into() },
//!     made_on: "2026-11-02".parse()?,
//!     until: "2027-11-02T00:00:00Z".parse()?,
//!     facts: Facts { competencies: vec!["django-querysets".into()], ..Facts::default() },
//! };
//! pool.apply([Change::Granted(grant)]);
//! let query = Query { must: vec!["django-querysets".into()], ..Query::at("2026-11-22T09:00:00Z".parse()?) };
//! assert_eq!(pool.search(&Viewer::new(hill, ["django-developer"]), &query)?.found[0].candidate, ada);
//! assert_eq!(pool.search(&Viewer::new(hill, ["data-engineer"]), &query)?.total, 0);
//! # Ok(()) }
//! # example().unwrap();
//! ```
//!
//! # Who is seen, and what of them
//! The pool holds [`Projection`]s: what one grant opens of one candidate, and nothing else of anybody. A company sees what is
//! granted to the pool of a role that it looks for and what is granted to it by name, and of several grants what they open
//! together, as at the one door. It sees nothing of those who are hidden from it, nor anything of a grant that has ended, from the
//! very second on. An answer is a function of that, of the query and of what was shown to this company before: what a company may
//! not see of somebody neither makes them match nor keeps them from it, is in no count, no explanation and no order.
//!
//! # What matches
//! **Every filter is met only by what is stated where the viewer sees it.** Whoever states nothing is left out by it, whether they
//! left the field empty, did not grant it, or granted it to somebody else: there is no way to tell these apart. That holds for all
//! filters alike, see [`Query`].
//!
//! # Order
//! Never by ability: a level or competency that a signal shows is a filter and in the explanation, and is never an order. The order
//! is total:
//! 1. how many of the nice competencies are stated; shown by a signal counts the same;
//! 2. freshness in four steps, [`Freshness`], by acts that this company was meant to see;
//! 3. who was shown to this company less often ([`Pool::count_shown`]);
//! 4. a keyed hash of company and candidate. Each company has an order of its own, so that nobody is the last everywhere, and it
//!    tells nothing: neither who joined first nor who changed something.
//!
//! What was shown is counted by company, because a count over all companies would tell one of them what others can see.
//!
//! # Following the database
//! A follower makes a projection of each grant that was made, narrowed, or whose facts have changed, and hands it in; making the same
//! change again changes nothing. The grants of one candidate in one call are seen together or not at all. Facts are of one profile: when
//! it changes, all its candidate's grants are handed in together. (If two grants say different things all the same, lists are
//! united and of two values the greater counts.)

mod asked;
mod bear;
mod bits;
mod block;
mod change;
mod counts;
mod error;
mod exposure;
mod facts;
mod held;
mod lent;
mod names;
mod order;
mod people;
mod plan;
mod pool;
mod posting;
mod query;
mod read;
mod record;
mod row;
mod search;
mod turns;
mod value;
mod view;
mod vocabulary;

pub use change::{Audience, Change, Projection};
pub use error::Error;
pub use facts::{Available, Facts, Language, Pay, Shown, Zones};
pub use pool::Pool;
pub use query::{Answer, AtLeast, Count, Found, Freshness, Ground, Matched, Query, Viewer, Why, Wish};
pub use value::{Facet, Fluency, Hours, Remote, Taken, Value};
