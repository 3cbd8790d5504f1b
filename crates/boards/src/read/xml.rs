//! XML as a small tree, without what makes XML dangerous: no document type, so no entities but the five of XML itself.

use crate::fault::Fault;
use quick_xml::Reader;
use quick_xml::events::{BytesRef, Event};

/// How deep elements may stand in each other. Personio needs five.
const DEEPEST: usize = 32;
/// The most elements that are read.
const MOST: usize = 2_000_000;

/// An element with its text, and the elements in it.
#[derive(Default, Debug)]
pub(super) struct Element {
    pub name: String,
    pub text: String,
    pub children: Vec<Element>,
}

impl Element {
    /// The first element of that name in this one.
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }
}

/// The root of a document.
pub(super) fn parse(text: &str) -> Result<Element, Fault> {
    let mut reader = Reader::from_str(text);
    // The bottom is the document itself.
    let mut open = vec![Element::default()];
    let mut count = 0;
    loop {
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(wrong) => return Err(Fault::NotXml { at: reader.error_position(), why: wrong.to_string() }),
        };
        let here = reader.buffer_position();
        let broken = |why: &str| Fault::NotXml { at: here, why: why.to_owned() };
        match event {
            Event::Start(_) | Event::Empty(_) if open.len() > DEEPEST || count >= MOST => {
                return Err(broken("elements stand in each other too deep, or there are too many"));
            }
            Event::Start(tag) => {
                count += 1;
                open.push(Element { name: tag.name().as_ref().to_owned(), ..Element::default() });
            }
            Event::Empty(tag) => {
                count += 1;
                let element = Element { name: tag.name().as_ref().to_owned(), ..Element::default() };
                innermost(&mut open, |parent| parent.children.push(element));
            }
            Event::End(_) => {
                let closed = open.pop().filter(|_| !open.is_empty()).ok_or_else(|| broken("an element ends twice"))?;
                innermost(&mut open, |parent| parent.children.push(closed));
            }
            Event::Text(text) => innermost(&mut open, |parent| parent.text.push_str(&text)),
            Event::CData(text) => innermost(&mut open, |parent| parent.text.push_str(&text)),
            Event::GeneralRef(reference) => {
                let letter = resolve(&reference).ok_or_else(|| broken("an entity that XML itself does not define"))?;
                innermost(&mut open, |parent| parent.text.push(letter));
            }
            Event::DocType(_) => return Err(Fault::DocumentType),
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
    let end = reader.buffer_position();
    if open.len() > 1 {
        let name = open.pop().map(|element| element.name).unwrap_or_default();
        return Err(Fault::NotXml { at: end, why: format!("the element {name} does not end") });
    }
    let root = open.pop().and_then(|document| document.children.into_iter().next());
    root.ok_or_else(|| Fault::NotXml { at: end, why: "there is no element".to_owned() })
}

fn innermost(open: &mut [Element], act: impl FnOnce(&mut Element)) {
    if let Some(element) = open.last_mut() {
        act(element);
    }
}

fn resolve(reference: &BytesRef<'_>) -> Option<char> {
    match &**reference {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "apos" => Some('\''),
        "quot" => Some('"'),
        _ => reference.resolve_char_ref().ok().flatten(),
    }
}
