//! Introductions: a company asks a candidate, or a candidate applies; a conversation begins when both have said yes.
//!
//! [`Standing`] alone decides where one stands and what each side may do; requests and applications are one machine.

mod reason;
mod standing;

pub use reason::{Declined, Outcome};
pub use standing::{At, Ending, MOST_QUESTIONS, Move, PATIENCE, Refusal, Side, Stage, Standing};
