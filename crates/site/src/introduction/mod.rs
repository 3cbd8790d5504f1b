//! Introductions: a company asks a candidate, or a candidate applies; a conversation begins when both have said yes.
//!
//! - [`Standing`] alone decides where one stands and what each side may do; requests and applications are one machine.
//! - [`Introductions::step`] alone changes one by somebody's act, in one transaction with its line, its grants and its letters.
//! - What a company reads of one has no account in it: it knows a candidate by its own name for them, and sees of them what the door shows.
//!   At the end nothing is left for it but when, which vacancy, and how it ended.

pub(crate) mod addresses;
mod begin;
mod caps;
mod clock;
mod fault;
mod figures;
mod letters;
mod pages;
mod party;
mod reason;
mod row;
mod standing;
mod store;
pub(crate) mod talk;
mod write;

pub use begin::{NewApplication, NewRequest};
pub use caps::Room;
pub use clock::{REMIND_BEFORE, Wound};
pub use fault::Fault;
pub use figures::{FLOOR, Figures};
pub(crate) use letters::tell_asked;
pub(crate) use pages::*;
pub(crate) use party::{Eyes, Party};
pub use reason::{Declined, Outcome};
pub use row::{Deed, Introduction, Line, Words};
pub use standing::{At, Ending, MOST_QUESTIONS, Move, PATIENCE, Refusal, Side, Stage, Standing};
pub use store::{Actor, Doing, Introductions, Stepped};
pub(crate) use write::leave_all;
