//! Item response theory as pure functions: no I/O, no clock, no hidden state.
pub mod adaptive;
pub mod angoff;
pub mod certify;
pub mod drift;
pub mod fairness;
pub mod fit;
mod grid;
mod item;
pub mod math;
mod random;
mod responses;
pub mod score;
#[cfg(feature = "text")]
pub mod text;
pub use grid::*;
pub use item::*;
pub use random::Random;
pub use responses::*;
