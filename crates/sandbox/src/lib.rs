//! A Linux jail for code that nobody vouches for.
//!
//! A [`Template`] is a jailed process that has loaded a runtime once. It makes [`Instance`]s: single-use, confined
//! processes that hold one descriptor, a stream of [`Frame`]s. An instance is *verified from outside before it is fed*: what
//! `/proc` says of it must be what was asked for, else it is killed and nothing is sent. A [`Pool`] keeps verified
//! instances ready, so that a run does not wait for any of this.
//!
//! This crate knows nothing of what runs inside; the word for the framework that the product grades does not occur here.
//!
//! Not negotiable: no network, no descriptor but the stream, files travel as bytes, nothing is read back from the
//! sandbox's disk, no privileged process opens a path that a candidate could have made.

mod cgroup;
mod child;
mod error;
mod frame;
mod instance;
mod interpreter;
mod jail;
mod landlock;
mod pages;
mod plan;
mod pool;
mod seccomp;
mod sys;
mod template;
mod tier;
mod verify;

pub use error::SandboxError;
pub use frame::{Channel, ChannelEnd, Frame, MAX_FRAME};
pub use instance::Instance;
pub use interpreter::Interpreter;
pub use jail::{JailSpec, Mount};
pub use pool::{Pool, PoolState, Taken};
pub use template::{ChildLimits, Template, TemplateSpec, ZYGOTE_SOURCE};
pub use tier::{Finding, Tier, TierReport, survey};
