//! How vacancies come in: job boards, pages with schema.org `JobPosting`, and CSV, read into [`Posting`]s.
//!
//! Pure functions over bytes: nothing here asks a network, reads a clock or knows a database. `docs/boards.md` is for the
//! companies whose boards they are.
//!
//! - [`Board::parse`] makes of a pasted address a [`Board`], and a [`Walk`] says what to ask for, answer by answer.
//! - [`read`] reads one answer or one uploaded file; [`recognise`] says by which [`Adapter`].
//! - [`Posting::lacks`] says what a company has to add, because no board says it and nothing is made up.
//! - [`diff`] compares with what is known already, and closes nothing in doubt.
//! - [`suggest`] proposes role, level and competencies by stated words.
mod amount;
mod board;
mod country;
mod decode;
mod diff;
mod digest;
mod fault;
mod lack;
mod moment;
mod posting;
mod read;
mod suggest;
mod text;
mod walk;
mod words;
pub use amount::Amount;
pub use board::{Adapter, AddressFault, Board};
pub use country::{Country, Currency};
pub use diff::{Doubt, Known, Plan, diff};
pub use digest::{Digest, NoDigest};
pub use fault::{Fault, Field, PostingFault, Problem};
pub use lack::Lack;
pub use moment::Moment;
pub use posting::{Employment, Pay, Per, Place, Posting, Remote};
pub use read::{CSV_COLUMNS, LARGEST, LONGEST_DESCRIPTION, LONGEST_LINE, MOST_POSTINGS, Read, read, recognise};
pub use suggest::{Found, Suggested, Suggestion, Term, Vocabulary, Where, suggest};
pub use walk::{Details, Expects, LEVER_PAGE, MOST_REQUESTS, Request, Walk};
