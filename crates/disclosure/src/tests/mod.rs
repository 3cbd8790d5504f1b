//! The door, on both engines: what it opens, to whom, and what each of its conditions holds. And files of JSON Resume.

mod credentials;
mod door;
mod interview;
mod kit;
mod matrix;
mod opened;
mod resume;
mod worlds;
