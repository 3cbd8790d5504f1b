//! `/profile/fields/{field}`: one field as a plain form.

use super::{grants_step, own_page, profile_step, words_of};
use crate::account::Session;
use crate::error::{Missing, SiteError};
use crate::page::{NextSteps, Step, render};
use crate::practice::Form;
use crate::routes::{self, ProfileFieldUrl};
use crate::site::Site;
use askama::Template;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use jobfuture_disclosure::{Column, Entry, Fault, Field, FieldValue, Kind, Vocabulary};

#[derive(Template)]
#[template(path = "profile/edit.html")]
struct Edit {
    field: Field,
    url: String,
    /// Several of a list, each chosen or not.
    boxes: Option<Vec<Choice>>,
    rows: Vec<Row>,
    has_room: bool,
    faults: Vec<String>,
    granted_to: Vec<String>,
}

struct Choice {
    id: String,
    name: String,
    is_chosen: bool,
}

/// An entry as it is typed.
struct Row {
    number: usize,
    inputs: Vec<Input>,
}

struct Input {
    name: String,
    id: String,
    label: &'static str,
    text: String,
    is_required: bool,
    names_somebody: bool,
    fault: Option<String>,
    kind: Widget,
}

/// How something is typed.
enum Widget {
    Line { most: usize, mode: &'static str },
    Area { most: usize },
    Typed(&'static str),
    Select(Vec<Choice>),
}

impl Edit {
    fn most(&self) -> usize {
        self.field.most_entries()
    }
}

/// `GET /profile/fields/{field}`
pub(crate) async fn edit(
    State(site): State<Site>,
    session: Session,
    Path(field): Path<String>,
) -> Result<Response, SiteError> {
    let field = find(&field)?;
    let me = session.owner().key();
    let profile = site.disclosure().profile(me).await?;
    let entries = profile.own(me, field).map(|value| value.entries().to_vec()).unwrap_or_default();
    show(&site, &session, field, &entries, &[], StatusCode::OK).await
}

/// `POST /profile/fields/{field}`
pub(crate) async fn keep(
    State(site): State<Site>,
    session: Session,
    Path(field): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, SiteError> {
    let field = find(&field)?;
    let form = Form::read(&headers, body, &site.config().practice).await?;
    let typed = typed(field, &form)?;
    let words = words_of(site.library());
    match FieldValue::check(field, &typed, &words) {
        Ok(value) => {
            site.disclosure().set_field(session.owner().key(), field, value.as_ref()).await?;
            let to = match form.bytes("more") {
                Some(_) => format!("{}#last", ProfileFieldUrl { field: field.id() }.to_url()),
                None => format!("{}#{}", routes::PROFILE, field.id()),
            };
            Ok(crate::page::see(&to))
        }
        Err(faults) => show(&site, &session, field, &typed, &faults, StatusCode::UNPROCESSABLE_ENTITY).await,
    }
}

fn find(text: &str) -> Result<Field, SiteError> {
    Field::parse(text).filter(|field| field.holds_something()).ok_or(SiteError::NotFound(Missing::Page))
}

/// Whether a field is several of a list, so that boxes are ticked.
fn is_boxes(field: Field) -> Option<&'static Column> {
    let [column] = field.columns() else { return None };
    let is_list = matches!(column.kind, Kind::Role | Kind::Competency | Kind::Choice(_));
    (is_list && field.most_entries() > 1).then_some(column)
}

/// What was typed, entry by entry. More of them than the field has room for are kept, to be told.
fn typed(field: Field, form: &Form) -> Result<Vec<Entry>, SiteError> {
    let text = |bytes: &[u8]| crate::practice::text(bytes, "What you typed");
    if let Some(column) = is_boxes(field) {
        let chosen = form.with_prefix("chosen").filter(|(rest, _)| rest.is_empty());
        return chosen.map(|(_, bytes)| Ok(Entry::from([(column.key.to_owned(), text(bytes)?)]))).collect();
    }
    let mut entries = vec![Entry::new(); field.most_entries() + 1];
    for (at, entry) in entries.iter_mut().enumerate() {
        for column in field.columns() {
            if let Some(bytes) = form.bytes(&format!("{at}.{}", column.key)) {
                entry.insert(column.key.to_owned(), text(bytes)?);
            }
        }
    }
    Ok(entries)
}

async fn show(
    site: &Site,
    session: &Session,
    field: Field,
    entries: &[Entry],
    faults: &[Fault],
    status: StatusCode,
) -> Result<Response, SiteError> {
    let words = words_of(site.library());
    let is_empty = |entry: &Entry| entry.values().all(|text| text.trim().is_empty());
    let filled: Vec<&Entry> = match faults {
        // Nothing moves on the page, so that each fault stands where it was made.
        [_, ..] => {
            entries.iter().enumerate().filter(|(at, one)| *at == 0 || !is_empty(one)).map(|(_, one)| one).collect()
        }
        [] => entries.iter().filter(|entry| !is_empty(entry)).collect(),
    };
    let has_room = filled.len() < field.most_entries();
    let blank = Entry::new();
    let with_blank = filled.iter().copied().chain((has_room && faults.is_empty()).then_some(&blank));
    let rows = with_blank.enumerate().map(|(at, entry)| row(field, at, entry, faults, &words)).collect();
    let grants = site.disclosure().grants(session.owner().key()).await?;
    let now = site.disclosure().now();
    let fact = jobfuture_disclosure::Fact::Field(field);
    let live = grants.iter().filter(|entry| entry.is_live(now) && entry.facts.contains(&fact));
    let page = Edit {
        field,
        url: ProfileFieldUrl { field: field.id() }.to_url(),
        boxes: is_boxes(field).map(|column| {
            let chosen: Vec<&str> =
                entries.iter().filter_map(|entry| entry.get(column.key)).map(String::as_str).collect();
            choices(column.kind, &words, |id| chosen.contains(&id))
        }),
        rows,
        has_room,
        faults: faults.iter().map(|fault| fault.says.clone()).collect(),
        granted_to: live.map(|entry| super::audience_words(entry, &words)).collect(),
    };
    let main = render(&page)?;
    let next = NextSteps::new(profile_step()).and(grants_step()).and(Step::roles());
    own_page(field.label(), main, next).answer_private(site, status)
}

fn row(field: Field, at: usize, entry: &Entry, faults: &[Fault], words: &Vocabulary) -> Row {
    let inputs = field.columns().iter().map(|column| {
        let fault = faults.iter().find(|fault| fault.entry == at && fault.column == Some(column.key));
        let text = entry.get(column.key).cloned().unwrap_or_default();
        Input {
            name: format!("{at}.{}", column.key),
            id: format!("{}-{at}", column.key),
            label: column.label,
            is_required: column.required,
            names_somebody: column.names_somebody,
            fault: fault.map(|fault| fault.says.clone()),
            kind: widget(column.kind, &text, words),
            text,
        }
    });
    Row { number: at + 1, inputs: inputs.collect() }
}

fn widget(kind: Kind, text: &str, words: &Vocabulary) -> Widget {
    match kind {
        Kind::Line(most) => Widget::Line { most, mode: "text" },
        Kind::Text(most) => Widget::Area { most },
        Kind::Url => Widget::Line { most: 300, mode: "url" },
        Kind::Month => Widget::Typed("month"),
        Kind::Day => Widget::Typed("date"),
        Kind::Whole { .. } => Widget::Line { most: 12, mode: "text" },
        Kind::Currency => Widget::Line { most: 3, mode: "text" },
        Kind::Choice(_) | Kind::Role | Kind::Competency | Kind::Level => {
            Widget::Select(choices(kind, words, |id| id == text))
        }
    }
}

fn choices(kind: Kind, words: &Vocabulary, is_chosen: impl Fn(&str) -> bool) -> Vec<Choice> {
    let all = words.choices(kind).unwrap_or_default().into_iter();
    all.map(|(id, name)| Choice { id: id.to_owned(), name: name.to_owned(), is_chosen: is_chosen(id) }).collect()
}
