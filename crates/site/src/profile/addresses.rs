//! Addresses of one’s own profile.

use crate::profile;
use crate::routes::{pages, urls};
use axum::routing::get;

pages! {
    PROFILE_PAGES:
    PROFILE => get(profile::overview),
    PROFILE_PREVIEW => get(profile::preview),
    PROFILE_IMPORT => get(profile::import).post(profile::bring),
    RESUME => get(profile::resume),
    ProfileFieldUrl::PATTERN => get(profile::edit).post(profile::keep),
}

/// One's own profile.
pub const PROFILE: &str = "/profile";
/// It as others see it.
pub const PROFILE_PREVIEW: &str = "/profile/preview";
/// To bring a JSON Resume.
pub const PROFILE_IMPORT: &str = "/profile/import";
/// To take one along.
pub const RESUME: &str = "/profile/resume.json";

urls! {
    /// A field of one's profile.
    ProfileFieldUrl { field } = "/profile/fields/{field}";
}
