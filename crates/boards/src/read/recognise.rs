//! By which adapter a file is read.

use super::{LARGEST, csv, xml};
use crate::board::Adapter;
use crate::decode;
use crate::text;
use serde_json::Value;

/// Which adapter reads these bytes, by their shape. `None` where it cannot be told, as of an empty list: then whoever brought
/// the file has to say.
pub fn recognise(bytes: &[u8]) -> Option<Adapter> {
    if bytes.len() > LARGEST {
        return None;
    }
    let text = decode::text(bytes).ok()?;
    let text = text.trim_start();
    if text.starts_with(['{', '[']) {
        by_json(&serde_json::from_str(text).ok()?)
    } else if text.starts_with('<') {
        let is_personio = text.contains("<workzag-jobs") && xml::parse(text).is_ok();
        let has_linked_data = || text::linked_data(text).iter().any(|script| script.contains("JobPosting"));
        if is_personio { Some(Adapter::Personio) } else { has_linked_data().then_some(Adapter::Page) }
    } else {
        csv::has_header(text).then_some(Adapter::Csv)
    }
}

fn by_json(root: &Value) -> Option<Adapter> {
    let has = |value: &Value, name: &str| value.get(name).is_some();
    let first = |name: &str| root.get(name).and_then(Value::as_array).map(|list| list.first());
    if has(root, "@type") || has(root, "@graph") || has(root, "@context") {
        return Some(Adapter::Page);
    }
    if let Some(list) = root.as_array() {
        let item = list.first()?;
        let is_lever = has(item, "hostedUrl") || (has(item, "text") && has(item, "categories"));
        return if has(item, "@type") { Some(Adapter::Page) } else { is_lever.then_some(Adapter::Lever) };
    }
    if first("offers").is_some() {
        return Some(Adapter::Recruitee);
    }
    match first("jobs") {
        // One posting by itself.
        None if has(root, "hostedUrl") => Some(Adapter::Lever),
        None if has(root, "absolute_url") => Some(Adapter::Greenhouse),
        None => None,
        Some(Some(job)) if has(job, "absolute_url") => Some(Adapter::Greenhouse),
        Some(Some(job)) if has(job, "jobUrl") => Some(Adapter::Ashby),
        Some(Some(job)) if has(job, "shortcode") => Some(Adapter::Workable),
        Some(_) if has(root, "apiVersion") => Some(Adapter::Ashby),
        Some(None) if has(root, "meta") => Some(Adapter::Greenhouse),
        Some(None) if has(root, "name") => Some(Adapter::Workable),
        Some(_) => None,
    }
}
