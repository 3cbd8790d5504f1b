//! Addresses of signals.

use crate::routes::{pages, urls};
use crate::signal;
use axum::routing::get;

pages! {
    SIGNAL_PAGES:
    AttemptSignalUrl::PATTERN => get(signal::form).post(signal::make),
    SIGNALS => get(signal::signals),
    SignalUrl::PATTERN => get(signal::signal),
    SignalWithdrawUrl::PATTERN => get(signal::confirm_withdrawal).post(signal::withdraw),
    SignalBadgeUrl::PATTERN => get(signal::badge),
}

/// One's own signals.
pub const SIGNALS: &str = "/signals";

urls! {
    /// To make a signal of it.
    AttemptSignalUrl { attempt } = "/attempts/{attempt}/signal";
    /// A signal of one's own.
    SignalUrl { signal } = "/signals/{signal}";
    /// Takes it back.
    SignalWithdrawUrl { signal } = "/signals/{signal}/withdraw";
    /// It as an Open Badge.
    SignalBadgeUrl { signal } = "/signals/{signal}/badge";
}
