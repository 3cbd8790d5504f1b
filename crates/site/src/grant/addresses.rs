//! Addresses of grants and blocks, of who looked, and of what the bearer of a link sees.

use crate::grant;
use crate::routes::{pages, urls};
use axum::routing::{get, post};

pages! {
    GRANT_PAGES:
    GRANTS => get(grant::grants),
    GRANT_NEW => get(grant::form).post(grant::make),
    GrantUrl::PATTERN => get(grant::grant),
    GrantNarrowUrl::PATTERN => post(grant::narrow).get(grant::form_was_left),
    GrantRevokeUrl::PATTERN => post(grant::revoke).get(grant::form_was_left),
    GrantWalletUrl::PATTERN => get(grant::wallet),
    BLOCKS => post(grant::block).get(grant::form_was_left),
    BlockLiftUrl::PATTERN => post(grant::lift).get(grant::form_was_left),
    VIEWS => get(grant::views),
    SharedUrl::PATTERN => get(grant::shared),
}

/// One's own grants.
pub const GRANTS: &str = "/grants";
/// To make one.
pub const GRANT_NEW: &str = "/grants/new";
/// To block a company.
pub const BLOCKS: &str = "/blocks";
/// Who looked.
pub const VIEWS: &str = "/views";

urls! {
    /// A grant of one's own.
    GrantUrl { grant } = "/grants/{grant}";
    /// Leaves only some of it.
    GrantNarrowUrl { grant } = "/grants/{grant}/narrow";
    /// Ends it.
    GrantRevokeUrl { grant } = "/grants/{grant}/revoke";
    /// Its credential of a signal, as a file.
    GrantWalletUrl { grant, signal } = "/grants/{grant}/signals/{signal}/wallet";
    /// Lifts the block of a company.
    BlockLiftUrl { company } = "/blocks/{company}/lift";
    /// What the bearer of a link sees.
    SharedUrl { token } = "/shared/{token}";
}
