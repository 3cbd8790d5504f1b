//! Addresses of roles, for who prepares and who hires.

use crate::role;
use crate::routes::{pages, urls};
use axum::routing::get;

pages! {
    ROLE_PAGES:
    ROLES => get(role::roles),
    RoleUrl::PATTERN => get(role::role),
    HiringUrl::PATTERN => get(role::hiring),
}

/// All roles.
pub const ROLES: &str = "/roles";

urls! {
    /// A role with its levels.
    RoleUrl { role } = "/roles/{role}";
    /// Hiring for a role.
    HiringUrl { role } = "/companies/hire/{role}";
}
