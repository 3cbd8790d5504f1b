//! What the schema of JSON Resume 1.3 asks of a file, by hand: types, formats, and no key that it does not know.

use serde_json::{Map, Value};

#[derive(Clone, Copy)]
enum Shape {
    Text,
    /// RFC 3986.
    Uri,
    Email,
    /// `2024`, `2024-03` or `2024-03-15`, from 1000 to 2999.
    Date,
    Texts,
    Object(&'static [(&'static str, Shape)]),
    List(&'static [(&'static str, Shape)]),
    /// Whatever a tool keeps there.
    Free,
}

use Shape::{Date, Email, Free, List, Object, Text, Texts, Uri};

const LOCATION: &[(&str, Shape)] =
    // `country` is an addition, which the schema allows.
    &[
        ("address", Text),
        ("postalCode", Text),
        ("city", Text),
        ("countryCode", Text),
        ("region", Text),
        ("country", Text),
    ];
const PROFILES: &[(&str, Shape)] = &[("network", Text), ("username", Text), ("url", Uri)];
const BASICS: &[(&str, Shape)] = &[
    ("name", Text),
    ("label", Text),
    ("image", Text),
    ("email", Email),
    ("phone", Text),
    ("url", Uri),
    ("summary", Text),
    ("location", Object(LOCATION)),
    ("profiles", List(PROFILES)),
];
const WORK: &[(&str, Shape)] = &[
    ("name", Text),
    ("location", Text),
    ("description", Text),
    ("position", Text),
    ("url", Uri),
    ("startDate", Date),
    ("endDate", Date),
    ("summary", Text),
    ("highlights", Texts),
];
const EDUCATION: &[(&str, Shape)] = &[
    ("institution", Text),
    ("url", Uri),
    ("area", Text),
    ("studyType", Text),
    ("startDate", Date),
    ("endDate", Date),
    ("score", Text),
    ("courses", Texts),
];
const PROJECTS: &[(&str, Shape)] = &[
    ("name", Text),
    ("description", Text),
    ("highlights", Texts),
    ("keywords", Texts),
    ("startDate", Date),
    ("endDate", Date),
    ("url", Uri),
    ("roles", Texts),
    ("entity", Text),
    ("type", Text),
];
const META: &[(&str, Shape)] = &[("canonical", Uri), ("version", Text), ("lastModified", Text), ("jobfuture", Free)];
const ROOT: &[(&str, Shape)] = &[
    ("$schema", Uri),
    ("basics", Object(BASICS)),
    ("work", List(WORK)),
    ("education", List(EDUCATION)),
    ("skills", List(&[("name", Text), ("level", Text), ("keywords", Texts)])),
    ("languages", List(&[("language", Text), ("fluency", Text)])),
    ("projects", List(PROJECTS)),
    ("meta", Object(META)),
];

/// Where a file is not as the schema has it.
pub(super) fn faults(file: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    check("file", file, Object(ROOT), &mut faults);
    faults
}

fn check(path: &str, value: &Value, shape: Shape, faults: &mut Vec<String>) {
    let is_right = match (shape, value) {
        (Text, Value::String(_)) | (Free, _) => true,
        (Uri, Value::String(text)) => is_uri(text),
        (Email, Value::String(text)) => is_email(text),
        (Date, Value::String(text)) => is_date(text),
        (Texts, Value::Array(list)) => list.iter().all(Value::is_string),
        (Object(keys), Value::Object(object)) => {
            check_object(path, object, keys, faults);
            true
        }
        (List(keys), Value::Array(list)) => {
            for (at, item) in list.iter().enumerate() {
                check(&format!("{path}[{at}]"), item, Object(keys), faults);
            }
            true
        }
        _ => false,
    };
    if !is_right {
        faults.push(path.to_owned());
    }
}

fn check_object(path: &str, object: &Map<String, Value>, keys: &[(&str, Shape)], faults: &mut Vec<String>) {
    for (key, value) in object {
        let path = format!("{path}.{key}");
        match keys.iter().find(|(known, _)| known == key) {
            Some((_, shape)) => check(&path, value, *shape, faults),
            None => faults.push(format!("{path} is not known")),
        }
    }
}

fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let port = authority.split_once(':').map_or("", |(_, port)| port);
    let triplets =
        rest.split('%').skip(1).all(|rest| rest.len() >= 2 && rest.bytes().take(2).all(|b| b.is_ascii_hexdigit()));
    let plain = rest.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?#%".contains(&b));
    let digits = port.bytes().all(|b| b.is_ascii_digit());
    matches!(scheme, "http" | "https")
        && !authority.is_empty()
        && digits
        && triplets
        && plain
        && rest.matches('#').count() <= 1
}

fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let is_dotted = |text: &str| text.split('.').all(|part| !part.is_empty());
    let is_plain = text.bytes().all(|b| b.is_ascii_graphic() && !b"\"(),:;<>[\\]".contains(&b));
    is_plain && is_dotted(local) && is_dotted(domain) && domain.contains('.') && !domain.contains('@')
}

fn is_date(text: &str) -> bool {
    let digits =
        text.bytes().enumerate().all(|(at, b)| if matches!(at, 4 | 7) { b == b'-' } else { b.is_ascii_digit() });
    let within = |at: usize, most: u8| text.as_bytes().get(at).is_none_or(|b| *b <= most);
    matches!(text.len(), 4 | 7 | 10) && digits && text.starts_with(['1', '2']) && within(5, b'1') && within(8, b'3')
}

#[test]
fn the_check_itself_tells_right_from_wrong() {
    let wrong = serde_json::json!({ "basics": { "email": "ada", "url": "https://ü.example", "name": 7 }, "work": [{ "startDate": "0999-01" }], "x": 1 });
    assert_eq!(
        faults(&wrong),
        ["file.basics.email", "file.basics.url", "file.basics.name", "file.work[0].startDate", "file.x is not known"]
    );
    let mut sample: Value = serde_json::from_slice(include_bytes!("fictional.json")).unwrap();
    for part in ["volunteer", "certificates", "interests", "references"] {
        sample.as_object_mut().unwrap().remove(part);
    }
    // The sample has one date that is none, on purpose.
    assert_eq!(faults(&sample), ["file.work[2].startDate"]);
}
