//! The door, on both engines: what it opens, to whom, and what each of its conditions holds.

mod credentials;
mod door;
mod kit;
mod matrix;
mod worlds;
