//! Every address of the product. Each part lists its own beside its handlers, in its `addresses.rs`; here they come together.
//!
//! An address with parameters is a type: `PATTERN` is what the router matches, `to_url()` what a link says.

pub use crate::account::addresses::*;
pub use crate::board::addresses::*;
pub use crate::check::addresses::*;
pub use crate::company::addresses::*;
pub use crate::grant::addresses::*;
pub use crate::guide::addresses::*;
pub use crate::introduction::addresses::*;
pub use crate::kit::addresses::*;
pub use crate::operator::addresses::*;
pub use crate::pool::addresses::*;
pub use crate::profile::addresses::*;
pub use crate::question::addresses::*;
pub use crate::role::addresses::*;
pub use crate::signal::addresses::*;
pub use crate::task::addresses::*;
pub use crate::vacancy::addresses::*;

use crate::site::Site;
use crate::{about, answer, assets, error, home, operator, verify, you};
use axum::Router;
use axum::routing::get;
use std::sync::LazyLock;

/// Pages of one part of the product: how they are answered, and at which addresses. Both are made of one list by `pages!`, so none is
/// answered and not listed.
pub(crate) struct Pages {
    pub(crate) router: fn() -> Router<Site>,
    pub(crate) patterns: &'static [&'static str],
}

/// All parts. One that is left out is code that nothing uses, which the compiler tells.
const PARTS: &[Pages] = &[
    SITE_PAGES,
    GUIDE_PAGES,
    QUESTION_PAGES,
    TASK_PAGES,
    ROLE_PAGES,
    CHECK_PAGES,
    SIGNAL_PAGES,
    PROFILE_PAGES,
    GRANT_PAGES,
    INTRODUCTION_PAGES,
    COMPANY_PAGES,
    POOL_PAGES,
    KIT_PAGES,
    VACANCY_PAGES,
    BOARD_PAGES,
    ACCOUNT_PAGES,
    OPERATOR_PAGES,
];

/// What the router matches, so that a test can ask at every address and forget none.
pub static PATTERNS: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| PARTS.iter().flat_map(|part| part.patterns).copied().collect());

/// Every page.
pub fn router() -> Router<Site> {
    PARTS
        .iter()
        .fold(Router::new(), |all, part| all.merge((part.router)()))
        .fallback(error::not_found)
        .method_not_allowed_fallback(error::method_not_allowed)
}

/// A part's pages, one line each: what the router matches, and who answers.
macro_rules! pages {
    ($part:ident: $($pattern:expr => $handler:expr,)+) => {
        pub(crate) const $part: $crate::routes::Pages = $crate::routes::Pages {
            router: || ::axum::Router::new()$(.route($pattern, $handler))+,
            patterns: &[$($pattern),+],
        };
    };
}
pub(crate) use pages;

/// Addresses with parameters, each with its documentation.
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
                $crate::routes::fill(Self::PATTERN, &[$((stringify!($field), self.$field)),+])
            }
        }
    )+};
}
pub(crate) use urls;

pages! {
    SITE_PAGES:
    HOME => get(home::page),
    YOU => get(you::you),
    VERIFY => get(verify::verify),
    AnswersUrl::PATTERN => get(answer::answers),
    ABOUT_PRACTICE => get(about::practice),
    ABOUT_ACCESSIBILITY => get(about::accessibility),
    ABOUT_LICENCES => get(about::licences),
    ABOUT_VACANCIES => get(about::vacancies),
    ABOUT_POOL => get(about::pool),
    assets::PATTERN => get(assets::serve),
    "/favicon.svg" => get(assets::favicon),
    "/robots.txt" => get(operator::robots),
    "/sitemap.xml" => get(operator::sitemap),
    "/healthz" => get(operator::healthz),
    "/readyz" => get(operator::readyz),
}

/// The home page.
pub const HOME: &str = "/";
/// What waits for a person.
pub const YOU: &str = "/you";
/// To check a credential.
pub const VERIFY: &str = "/verify";
/// What practice stores, limits and runs.
pub const ABOUT_PRACTICE: &str = "/about/practice";
/// What was done for readers with assistive technology, and what is known to be missing.
pub const ABOUT_ACCESSIBILITY: &str = "/about/accessibility";
/// Who may use the content, and how.
pub const ABOUT_LICENCES: &str = "/about/licences";
/// What every vacancy says, and what ends one.
pub const ABOUT_VACANCIES: &str = "/about/vacancies";
/// Who is found in the pool, by whom, and in which order.
pub const ABOUT_POOL: &str = "/about/pool";

urls! {
    /// What candidates ask, or employers, with answers.
    AnswersUrl { asker } = "/answers/{asker}";
}

/// An address that leads back to another one of this site.
pub fn with_return(to: &str, back: &str) -> String {
    format!("{to}?back={}", encode(back, true))
}

/// A path below an address.
pub fn below(url: &str, path: &str) -> String {
    format!("{url}/{}", encode(path, true))
}

/// An address in one variant.
pub fn in_variant(url: &str, seed: u64) -> String {
    format!("{url}?variant={seed}")
}

/// A value in the query part of an address.
pub(crate) fn encode_value(text: &str) -> String {
    encode(text, false)
}

/// A question about the product on its page.
pub fn answer_url(asker: &str, question: &str) -> String {
    format!("{}#{question}", AnswersUrl { asker }.to_url())
}

/// A pattern with its parameters.
pub(crate) fn fill(pattern: &str, parameters: &[(&str, &str)]) -> String {
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
