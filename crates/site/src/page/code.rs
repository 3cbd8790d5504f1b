//! Highlighted code of content, kept for whoever asks next.

use super::Html;
use hashlink::LruCache;
use jobfuture_content::highlight_python;
use std::sync::{LazyLock, Mutex, PoisonError};

/// Pieces of code: all of today's questions and proofs, and many variants with other numbers.
const KEPT: usize = 2_048;

static RECENT: LazyLock<Mutex<LruCache<String, String>>> = LazyLock::new(|| Mutex::new(LruCache::new(KEPT)));

/// Code of guides and questions as HTML. Parsing it takes milliseconds, more than all else of a page, and many people are shown
/// the same. Code that somebody wrote themselves must not come here: it is theirs, and nobody asks for it again.
pub(crate) fn highlighted_content(code: &str) -> Html {
    let recent = || RECENT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = recent().get(code) {
        return Html::from_content(found.as_str());
    }
    // Not under the lock: others need not wait for it.
    let made = highlight_python(code);
    recent().insert(code.to_owned(), made.clone());
    Html::from_content(made)
}
