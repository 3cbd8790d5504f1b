//! Addresses of skill checks, and of attempts at them, which are their owner’s.

use crate::check;
use crate::routes::{pages, urls};
use axum::routing::{get, post};

pages! {
    CHECK_PAGES:
    CHECKS => get(check::checks),
    CheckUrl::PATTERN => get(check::about),
    CheckBeginUrl::PATTERN => get(check::consent).post(check::begin),
    ATTEMPTS => get(check::history),
    AttemptUrl::PATTERN => get(check::attempt),
    AttemptPauseUrl::PATTERN => post(check::pause).get(check::form_was_left),
    AttemptResumeUrl::PATTERN => post(check::resume).get(check::form_was_left),
    AttemptStopUrl::PATTERN => get(check::confirm_stop).post(check::stop),
    AttemptQuietUrl::PATTERN => post(check::set_quiet).get(check::form_was_left),
    AttemptDeleteUrl::PATTERN => get(check::confirm_deletion).post(check::delete),
    AttemptItemUrl::PATTERN => get(check::item).post(check::answer),
    AttemptKnownUrl::PATTERN => post(check::put_aside).get(check::form_was_left),
    AttemptRunsUrl::PATTERN => post(check::run).get(check::form_was_left),
    AttemptDraftUrl::PATTERN => post(check::keep_draft).get(check::form_was_left),
    AttemptHandInUrl::PATTERN => post(check::hand_in).get(check::form_was_left),
    AttemptExplainUrl::PATTERN => post(check::explain).get(check::form_was_left),
    AttemptFileUrl::PATTERN => get(check::file),
}

/// All skill checks.
pub const CHECKS: &str = "/checks";
/// One's own checks, begun and done.
pub const ATTEMPTS: &str = "/attempts";

urls! {
    /// What a skill check is like.
    CheckUrl { check } = "/checks/{check}";
    /// To begin one.
    CheckBeginUrl { check } = "/checks/{check}/begin";
    /// One's own check: what it waits for, or what came of it.
    AttemptUrl { attempt } = "/attempts/{attempt}";
    /// Stops its clock.
    AttemptPauseUrl { attempt } = "/attempts/{attempt}/pause";
    /// Lets it run again.
    AttemptResumeUrl { attempt } = "/attempts/{attempt}/resume";
    /// Ends it.
    AttemptStopUrl { attempt } = "/attempts/{attempt}/stop";
    /// Whether its owner is told a level.
    AttemptQuietUrl { attempt } = "/attempts/{attempt}/quiet";
    /// Deletes it.
    AttemptDeleteUrl { attempt } = "/attempts/{attempt}/delete";
    /// One thing that was asked: to answer it, and to look at it afterwards.
    AttemptItemUrl { attempt, place } = "/attempts/{attempt}/items/{place}";
    /// Puts it aside as met before.
    AttemptKnownUrl { attempt, place } = "/attempts/{attempt}/items/{place}/known";
    /// Runs of a task within a check.
    AttemptRunsUrl { attempt, place } = "/attempts/{attempt}/items/{place}/runs";
    /// Keeps what is written in it.
    AttemptDraftUrl { attempt, place } = "/attempts/{attempt}/items/{place}/draft";
    /// Takes it as done.
    AttemptHandInUrl { attempt, place } = "/attempts/{attempt}/items/{place}/hand-in";
    /// Answers about one's own code.
    AttemptExplainUrl { attempt, place } = "/attempts/{attempt}/items/{place}/explain";
    /// A file of its project.
    AttemptFileUrl { attempt, place, path } = "/attempts/{attempt}/items/{place}/files/{*path}";
}
