//! `$.results[*].title`: the little of JSONPath that checks need.

use serde_json::Value;

/// What a path leads to.
pub(crate) enum Found<'a> {
    /// A path without `[*]`: one value, or none.
    One(Option<&'a Value>),
    /// A path with `[*]`: a list, in order. `None` where an element lacks what comes after.
    Many(Vec<Option<&'a Value>>),
}

enum Part<'a> {
    Key(&'a str),
    Index(usize),
    All,
}

/// Follows a path from a root.
pub(crate) fn find<'a>(root: &'a Value, path: &str) -> Result<Found<'a>, String> {
    let parts = parse(path)?;
    let mut many = false;
    let mut current = vec![Some(root)];
    for part in &parts {
        current = match part {
            Part::Key(key) => current.into_iter().map(|value| value?.get(*key)).collect(),
            Part::Index(index) => current.into_iter().map(|value| value?.get(*index)).collect(),
            Part::All => {
                many = true;
                current.into_iter().flat_map(elements).collect()
            }
        };
    }
    Ok(if many { Found::Many(current) } else { Found::One(current.into_iter().next().flatten()) })
}

fn elements(value: Option<&Value>) -> Vec<Option<&Value>> {
    match value {
        Some(Value::Array(items)) => items.iter().map(Some).collect(),
        _ => vec![None],
    }
}

fn parse(path: &str) -> Result<Vec<Part<'_>>, String> {
    let bad = || format!("`{path}` is not a path like $.results[*].title");
    let mut rest = path.strip_prefix('$').ok_or_else(bad)?;
    let mut parts = Vec::new();
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('.') {
            let end = after.find(['.', '[']).unwrap_or(after.len());
            parts.push(Part::Key(&after[..end]));
            rest = &after[end..];
        } else if let Some(after) = rest.strip_prefix('[') {
            let (inside, after) = after.split_once(']').ok_or_else(bad)?;
            parts.push(if inside == "*" { Part::All } else { Part::Index(inside.parse().map_err(|_| bad())?) });
            rest = after;
        } else {
            return Err(bad());
        }
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn paths_lead_where_they_say() {
        let body = json!({"results": [{"title": "A", "tags": ["x", "y"]}, {"title": "B"}], "count": 2});
        assert!(matches!(find(&body, "$.count").unwrap(), Found::One(Some(value)) if value == 2));
        assert!(matches!(find(&body, "$.results[1].title").unwrap(), Found::One(Some(value)) if value == "B"));
        assert!(matches!(find(&body, "$.nothing[0].at.all").unwrap(), Found::One(None)));
        match find(&body, "$.results[*].tags").unwrap() {
            Found::Many(list) => assert_eq!(list, [Some(&json!(["x", "y"])), None]),
            Found::One(_) => panic!("a list was asked for"),
        }
        assert!(find(&body, "results").is_err() && find(&body, "$[x]").is_err());
    }
}
