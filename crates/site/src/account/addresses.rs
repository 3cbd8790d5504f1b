//! Addresses of accounts: to make one, to sign in, to keep it and to leave.

use crate::account;
use crate::routes::{pages, urls};
use axum::routing::{get, post};

pages! {
    ACCOUNT_PAGES:
    JOIN => get(account::join).post(account::ask_for_link),
    JoinUrl::PATTERN => get(account::open_link).post(account::make_account),
    SIGN_IN => get(account::sign_in_form).post(account::sign_in),
    SIGN_OUT => post(account::sign_out),
    RESET => get(account::reset).post(account::ask_for_reset),
    ResetUrl::PATTERN => get(account::open_reset).post(account::choose_password),
    ACCOUNT => get(account::account),
    ACCOUNT_NAME => post(account::rename).get(account::form_was_left),
    ACCOUNT_PASSWORD => post(account::set_password).get(account::form_was_left),
    ACCOUNT_DELETE => get(account::confirm_deletion).post(account::delete_account),
    ACCOUNT_KEEP => post(account::keep_account).get(account::form_was_left),
    ACCOUNT_EXPORT => get(account::export),
    PROVE_AGAIN => get(account::prove_again_form).post(account::prove_again),
    SESSIONS_END_OTHERS => post(account::end_others).get(account::form_was_left),
    SessionEndUrl::PATTERN => post(account::end_session),
    PASSKEYS => post(account::add_passkey),
    PASSKEYS_BEGIN => post(account::begin_passkey),
    PASSKEY_NEW => get(account::new_passkey),
    PasskeyUrl::PATTERN => get(account::passkey).post(account::rename_passkey),
    PasskeyRemoveUrl::PATTERN => get(account::confirm_passkey_removal).post(account::remove_passkey),
    PASSKEY_SIGN_IN => post(account::passkey_sign_in),
    PASSKEY_SIGN_IN_BEGIN => post(account::begin_passkey_sign_in),
    PASSKEY_PROVE => post(account::passkey_proof),
    PASSKEY_PROVE_BEGIN => post(account::begin_passkey_proof),
    OIDC_SIGN_IN => get(account::set_out_to_sign_in),
    OIDC_CALLBACK => get(account::oidc_callback),
    OIDC_ARRIVED => get(account::arrived).post(account::ask_for_identity_link),
    OIDC_PROVE => get(account::set_out_to_prove),
    IDENTITY_NEW => get(account::new_identity),
    IDENTITY_SET_OUT => get(account::set_out_to_link),
    IDENTITY_CONFIRM => get(account::confirm_identity).post(account::link_identity),
    IdentityLinkUrl::PATTERN => get(account::open_identity_link).post(account::link_by_mail),
    IdentityUnlinkUrl::PATTERN => get(account::confirm_unlinking).post(account::unlink_identity),
    OUTBOX => get(account::outbox),
    FirstOperatorUrl::PATTERN => get(account::first_operator).post(account::make_first_operator),
}

/// To make an account.
pub const JOIN: &str = "/join";
/// To sign in.
pub const SIGN_IN: &str = "/sign-in";
/// To sign out.
pub const SIGN_OUT: &str = "/sign-out";
/// To choose a new password without the old one.
pub const RESET: &str = "/reset";
/// One's own account.
pub const ACCOUNT: &str = "/account";
/// To be called something else.
pub const ACCOUNT_NAME: &str = "/account/name";
/// To change the password.
pub const ACCOUNT_PASSWORD: &str = "/account/password";
/// To delete the account.
pub const ACCOUNT_DELETE: &str = "/account/delete";
/// To keep an account that was to be deleted.
pub const ACCOUNT_KEEP: &str = "/account/keep";
/// Everything that is kept of a person, as one archive.
pub const ACCOUNT_EXPORT: &str = "/account/export";
/// To prove again who one is, before a sensitive act.
pub const PROVE_AGAIN: &str = "/account/prove";
/// To sign every other browser out.
pub const SESSIONS_END_OTHERS: &str = "/account/sessions/end-others";
/// To add a passkey that has answered. Takes JSON, as the other pairs of addresses of `passkey.mjs` do.
pub const PASSKEYS: &str = "/account/passkeys";
/// To be asked for a new passkey.
pub const PASSKEYS_BEGIN: &str = "/account/passkeys/begin";
/// The page on which one is added.
pub const PASSKEY_NEW: &str = "/account/passkeys/new";
/// To sign in with a passkey that has answered.
pub const PASSKEY_SIGN_IN: &str = "/sign-in/passkey";
/// To be asked for a passkey.
pub const PASSKEY_SIGN_IN_BEGIN: &str = "/sign-in/passkey/begin";
/// To prove who one is with a passkey that has answered.
pub const PASSKEY_PROVE: &str = "/account/prove/passkey";
/// To be asked for a passkey of one's own.
pub const PASSKEY_PROVE_BEGIN: &str = "/account/prove/passkey/begin";
/// To sign in by the provider of OpenID Connect. It and its kin are there only where one is configured.
pub const OIDC_SIGN_IN: &str = "/sign-in/oidc";
/// Where the provider sends people back to. It is registered there, so it does not change.
pub const OIDC_CALLBACK: &str = "/sign-in/oidc/callback";
/// Somebody came from the provider whose address has an account.
pub const OIDC_ARRIVED: &str = "/sign-in/oidc/arrived";
/// To prove by the provider who one is.
pub const OIDC_PROVE: &str = "/account/prove/oidc";
/// The page from which a sign-in is linked.
pub const IDENTITY_NEW: &str = "/account/identities/new";
/// From there to the provider.
pub const IDENTITY_SET_OUT: &str = "/account/identities/set-out";
/// To link who came back from there.
pub const IDENTITY_CONFIRM: &str = "/account/identities/confirm";
/// Letters of this instance, for its operators.
pub const OUTBOX: &str = "/operator/outbox";

urls! {
    /// A link that makes an account.
    JoinUrl { token } = "/join/{token}";
    /// A link that sets a password.
    ResetUrl { token } = "/reset/{token}";
    /// Ends a session.
    SessionEndUrl { session } = "/account/sessions/{session}/end";
    /// One of one's passkeys.
    PasskeyUrl { passkey } = "/account/passkeys/{passkey}";
    /// Removes it.
    PasskeyRemoveUrl { passkey } = "/account/passkeys/{passkey}/remove";
    /// A link that links a sign-in.
    IdentityLinkUrl { token } = "/sign-in/oidc/link/{token}";
    /// Unlinks one.
    IdentityUnlinkUrl { identity } = "/account/identities/{identity}/unlink";
    /// The link that makes the first operator.
    FirstOperatorUrl { token } = "/operator/first/{token}";
}
