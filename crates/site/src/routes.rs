//! The product on one page: every address, and who answers it.
//!
//! An address with parameters is a type: `PATTERN` is what the router matches, `to_url()` what a link says.

use crate::site::Site;
use crate::{about, account, assets, error, guide, home, operator, question, role, task};
use axum::Router;
use axum::routing::{get, post};

/// Every page, one line each.
pub fn router() -> Router<Site> {
    Router::new()
        .route(HOME, get(home::page))
        .route(GUIDES, get(guide::guides))
        .route(GuideUrl::PATTERN, get(guide::contents))
        .route(GuideSearchUrl::PATTERN, get(guide::search))
        .route(SectionUrl::PATTERN, get(guide::section))
        .route(ProofUrl::PATTERN, get(guide::proof))
        .route(ProofRunUrl::PATTERN, post(guide::run_proof).get(guide::run_was_reloaded))
        .route(QUESTIONS, get(question::questions))
        .route(QuickUrl::PATTERN, get(question::question).post(question::answer))
        .route(QuickProofUrl::PATTERN, get(question::proof))
        .route(QuickProofRunUrl::PATTERN, post(question::run_proof).get(question::run_was_reloaded))
        .route(TASKS, get(task::tasks))
        .route(TaskUrl::PATTERN, get(task::task))
        .route(TaskRunsUrl::PATTERN, post(task::run).get(task::run_was_reloaded))
        .route(TaskFileUrl::PATTERN, get(task::file))
        .route(ROLES, get(role::roles))
        .route(RoleUrl::PATTERN, get(role::role))
        .route(JOIN, get(account::join).post(account::ask_for_link))
        .route(JoinUrl::PATTERN, get(account::open_link).post(account::make_account))
        .route(SIGN_IN, get(account::sign_in_form).post(account::sign_in))
        .route(SIGN_OUT, post(account::sign_out))
        .route(RESET, get(account::reset).post(account::ask_for_reset))
        .route(ResetUrl::PATTERN, get(account::open_reset).post(account::choose_password))
        .route(ACCOUNT, get(account::account))
        .route(ACCOUNT_NAME, post(account::rename).get(account::form_was_left))
        .route(ACCOUNT_PASSWORD, post(account::set_password).get(account::form_was_left))
        .route(ACCOUNT_DELETE, get(account::confirm_deletion).post(account::delete_account))
        .route(PROVE_AGAIN, get(account::prove_again_form).post(account::prove_again))
        .route(SESSIONS_END_OTHERS, post(account::end_others).get(account::form_was_left))
        .route(SessionEndUrl::PATTERN, post(account::end_session))
        .route(PASSKEYS, post(account::add_passkey))
        .route(PASSKEYS_BEGIN, post(account::begin_passkey))
        .route(PASSKEY_NEW, get(account::new_passkey))
        .route(PasskeyUrl::PATTERN, get(account::passkey).post(account::rename_passkey))
        .route(PasskeyRemoveUrl::PATTERN, get(account::confirm_passkey_removal).post(account::remove_passkey))
        .route(PASSKEY_SIGN_IN, post(account::passkey_sign_in))
        .route(PASSKEY_SIGN_IN_BEGIN, post(account::begin_passkey_sign_in))
        .route(PASSKEY_PROVE, post(account::passkey_proof))
        .route(PASSKEY_PROVE_BEGIN, post(account::begin_passkey_proof))
        .route(OUTBOX, get(account::outbox))
        .route(FirstOperatorUrl::PATTERN, get(account::first_operator).post(account::make_first_operator))
        .route(ABOUT_PRACTICE, get(about::practice))
        .route(ABOUT_ACCESSIBILITY, get(about::accessibility))
        .route(ABOUT_LICENCES, get(about::licences))
        .route(assets::PATTERN, get(assets::serve))
        .route("/favicon.svg", get(assets::favicon))
        .route("/robots.txt", get(operator::robots))
        .route("/sitemap.xml", get(operator::sitemap))
        .route("/healthz", get(operator::healthz))
        .route("/readyz", get(operator::readyz))
        .fallback(error::not_found)
        .method_not_allowed_fallback(error::method_not_allowed)
}

/// The home page.
pub const HOME: &str = "/";
/// All guides.
pub const GUIDES: &str = "/guides";
/// Quick questions, by competency.
pub const QUESTIONS: &str = "/questions";
/// All tasks.
pub const TASKS: &str = "/tasks";
/// What practice stores, limits and runs.
pub const ABOUT_PRACTICE: &str = "/about/practice";
/// What was done for readers with assistive technology, and what is known to be missing.
pub const ABOUT_ACCESSIBILITY: &str = "/about/accessibility";
/// Who may use the content, and how.
pub const ABOUT_LICENCES: &str = "/about/licences";

/// All roles.
pub const ROLES: &str = "/roles";
/// To make an account.
pub const JOIN: &str = "/join";
/// To choose a new password without the old one.
pub const RESET: &str = "/reset";
/// To sign out.
pub const SIGN_OUT: &str = "/sign-out";
/// One's own account.
pub const ACCOUNT: &str = "/account";
/// To be called something else.
pub const ACCOUNT_NAME: &str = "/account/name";
/// To change the password.
pub const ACCOUNT_PASSWORD: &str = "/account/password";
/// To delete the account.
pub const ACCOUNT_DELETE: &str = "/account/delete";
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
/// Letters of this instance, for its operators.
pub const OUTBOX: &str = "/operator/outbox";
/// To sign in.
pub const SIGN_IN: &str = "/sign-in";
/// To prove again who one is, before a sensitive act.
pub const PROVE_AGAIN: &str = "/account/prove";

/// An address that leads back to another one of this site.
pub fn with_return(to: &str, back: &str) -> String {
    format!("{to}?back={}", encode(back, true))
}

macro_rules! urls {
    ($($(#[$doc:meta])+ $name:ident { $($field:ident),+ } = $pattern:literal;)+) => {$(
        $(#[$doc])+
        #[derive(Debug, Clone, Copy)]
        pub struct $name<'a> { $(#[allow(missing_docs)] pub $field: &'a str),+ }

        impl $name<'_> {
            /// What the router matches.
            pub const PATTERN: &'static str = $pattern;

            /// The address with its parameters, percent-encoded.
            pub fn to_url(self) -> String {
                fill(Self::PATTERN, &[$((stringify!($field), self.$field)),+])
            }
        }
    )+};
}

urls! {
    /// A guide's contents.
    GuideUrl { guide } = "/guides/{guide}";
    /// Search within a guide.
    GuideSearchUrl { guide } = "/guides/{guide}/search";
    /// A section of a guide.
    SectionUrl { guide, section } = "/guides/{guide}/{section}";
    /// A proof by itself.
    ProofUrl { guide, proof } = "/guides/{guide}/proofs/{proof}";
    /// Runs of a proof.
    ProofRunUrl { guide, proof } = "/guides/{guide}/proofs/{proof}/run";
    /// A role with its levels.
    RoleUrl { role } = "/roles/{role}";
    /// A quick question; without a variant it leads to one.
    QuickUrl { question } = "/questions/{question}";
    /// A proof of a quick question by itself.
    QuickProofUrl { question, proof } = "/questions/{question}/proofs/{proof}";
    /// Runs of a quick question's proof.
    QuickProofRunUrl { question, proof } = "/questions/{question}/proofs/{proof}/run";
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
    /// The link that makes the first operator.
    FirstOperatorUrl { token } = "/operator/first/{token}";
    /// A task; without a variant it leads to one.
    TaskUrl { task } = "/tasks/{task}";
    /// Runs of a task.
    TaskRunsUrl { task } = "/tasks/{task}/runs";
    /// A file of a task's project.
    TaskFileUrl { task, path } = "/tasks/{task}/files/{*path}";
}

/// An address in one variant.
pub fn in_variant(url: &str, seed: u64) -> String {
    format!("{url}?variant={seed}")
}

/// A task in one variant.
pub fn variant_url(task: &str, seed: u64) -> String {
    in_variant(&TaskUrl { task }.to_url(), seed)
}

/// A quick question in one variant.
pub fn quick_url(question: &str, seed: u64) -> String {
    in_variant(&QuickUrl { question }.to_url(), seed)
}

/// A competency's place in the list of quick questions.
pub fn questions_on(competency: &str) -> String {
    format!("{QUESTIONS}#{competency}")
}

/// A file of a task's project in one variant.
pub fn variant_file_url(task: &str, path: &str, seed: u64) -> String {
    in_variant(&TaskFileUrl { task, path }.to_url(), seed)
}

/// A question on its section's page.
pub fn question_url(guide: &str, section: &str, question: &str) -> String {
    format!("{}#{question}", SectionUrl { guide, section }.to_url())
}

fn fill(pattern: &str, parameters: &[(&str, &str)]) -> String {
    let mut url = pattern.to_owned();
    for (name, value) in parameters {
        url = url.replace(&format!("{{{name}}}"), &encode(value, false));
        url = url.replace(&format!("{{*{name}}}"), &encode(value, true));
    }
    url
}

/// Percent-encodes all but the unreserved characters of RFC 3986, and slashes if they are to stay.
fn encode(text: &str, keep_slashes: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            b'/' if keep_slashes => out.push('/'),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_encoded() {
        assert_eq!(SectionUrl { guide: "django", section: "a/b c" }.to_url(), "/guides/django/a%2Fb%20c");
        assert_eq!(variant_file_url("t", "lists/urls é.py", 7), "/tasks/t/files/lists/urls%20%C3%A9.py?variant=7");
    }
}
