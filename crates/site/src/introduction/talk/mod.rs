//! What happens in an open conversation.

use super::pages::{Eyes, Typed};
use super::{Introduction, Line};
use crate::error::SiteError;
use crate::page::Html;
use crate::site::Site;

/// What an open conversation shows of itself on its page, for one of the two: its lines, and what can be written there. `typed` is what a form
/// that was not taken held.
///
/// # Errors
/// The database's.
#[allow(clippy::unused_async, reason = "what is written here is read from the database")]
pub(crate) async fn part(
    _site: &Site,
    _eyes: Eyes<'_>,
    _one: &Introduction,
    _lines: &[Line],
    _typed: &Typed,
) -> Result<Option<Html>, SiteError> {
    Ok(None)
}
