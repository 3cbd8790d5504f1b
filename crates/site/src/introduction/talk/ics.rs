//! An interview as a file for calendars: RFC 5545, one event, in UTC so that no zone has to be described in it.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The longest line, in octets without its end (section 3.1).
const LONGEST: usize = 75;

/// What a calendar is told of an interview.
#[derive(Debug, Clone)]
pub struct Event<'e> {
    /// By which the calendar knows it again when it was moved: never another for the same interview.
    pub uid: &'e str,
    /// Rises with every change.
    pub sequence: u64,
    /// When this file was made.
    pub made_at: Timestamp,
    /// When it begins.
    pub begins_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
    /// One line.
    pub summary: &'e str,
    /// More, in lines.
    pub description: &'e str,
    /// Where: a place, or the address of a call.
    pub location: &'e str,
    /// Where the conversation is.
    pub url: &'e str,
    /// Whether it was called off.
    pub is_off: bool,
}

impl Event<'_> {
    /// The file. It has no organiser and no attendees: their addresses are nobody's business here.
    pub fn file(&self) -> String {
        let mut file = String::with_capacity(1024);
        let status = if self.is_off { "CANCELLED" } else { "CONFIRMED" };
        for (name, value) in [
            ("BEGIN", "VCALENDAR".to_owned()),
            ("VERSION", "2.0".to_owned()),
            ("PRODID", "-//JobFuture//Interviews//EN".to_owned()),
            ("CALSCALE", "GREGORIAN".to_owned()),
            ("METHOD", "PUBLISH".to_owned()),
            ("BEGIN", "VEVENT".to_owned()),
            ("UID", escape(self.uid)),
            ("DTSTAMP", utc(self.made_at)),
            ("SEQUENCE", self.sequence.to_string()),
            ("DTSTART", utc(self.begins_at)),
            ("DTEND", utc(self.ends_at)),
            ("SUMMARY", escape(self.summary)),
            ("DESCRIPTION", escape(self.description)),
            ("LOCATION", escape(self.location)),
            // An address is written as it is (section 3.3.13).
            ("URL", self.url.to_owned()),
            ("STATUS", status.to_owned()),
            ("TRANSP", if self.is_off { "TRANSPARENT" } else { "OPAQUE" }.to_owned()),
            ("END", "VEVENT".to_owned()),
            ("END", "VCALENDAR".to_owned()),
        ] {
            fold(&format!("{name}:{value}"), &mut file);
        }
        file
    }
}

/// `20260926T200000Z`
fn utc(time: Timestamp) -> String {
    time.to_zoned(TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// Section 3.3.11. What cannot stand in a text at all is left out.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        match letter {
            '\\' => out.push_str("\\\\"),
            ';' => out.push_str("\\;"),
            ',' => out.push_str("\\,"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push('\t'),
            letter if letter.is_control() => {}
            letter => out.push(letter),
        }
    }
    out
}

/// Writes a line in pieces of at most 75 octets, never through the middle of a character.
fn fold(line: &str, out: &mut String) {
    let mut octets = 0;
    for letter in line.chars() {
        if octets + letter.len_utf8() > LONGEST {
            out.push_str("\r\n ");
            octets = 1;
        }
        out.push(letter);
        octets += letter.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn event<'e>(summary: &'e str, description: &'e str, location: &'e str) -> Event<'e> {
        Event {
            uid: "3f0c2e61-58a5-4d0e-9b43-0d5a51f7a111@jobs.example.org",
            sequence: 2,
            made_at: "2026-09-20T08:00:00Z".parse().unwrap(),
            begins_at: "2026-09-26T20:00:00Z".parse().unwrap(),
            ends_at: "2026-09-26T20:45:00Z".parse().unwrap(),
            summary,
            description,
            location,
            url: "https://jobs.example.org/introductions/1",
            is_off: false,
        }
    }

    #[test]
    fn a_file_is_as_it_was_agreed() {
        let about = "Pair on a pull request; bring questions, please";
        let file =
            event(about, "Django developer\nHill Street Books \\ Cork", "https://meet.example/a-room-for-two").file();
        let expected = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//JobFuture//Interviews//EN\r\nCALSCALE:GREGORIAN\r\n\
            METHOD:PUBLISH\r\nBEGIN:VEVENT\r\nUID:3f0c2e61-58a5-4d0e-9b43-0d5a51f7a111@jobs.example.org\r\n\
            DTSTAMP:20260920T080000Z\r\nSEQUENCE:2\r\nDTSTART:20260926T200000Z\r\nDTEND:20260926T204500Z\r\n\
            SUMMARY:Pair on a pull request\\; bring questions\\, please\r\n\
            DESCRIPTION:Django developer\\nHill Street Books \\\\ Cork\r\n\
            LOCATION:https://meet.example/a-room-for-two\r\nURL:https://jobs.example.org/introductions/1\r\n\
            STATUS:CONFIRMED\r\nTRANSP:OPAQUE\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        assert_eq!(file, expected);
        let off = Event { is_off: true, sequence: 3, ..event(about, "", "") }.file();
        assert!(off.contains("STATUS:CANCELLED\r\n") && off.contains("SEQUENCE:3\r\n"), "{off}");
    }

    /// What a calendar makes of a value: lines put together, escapes taken back.
    fn read(file: &str, name: &str) -> String {
        let whole = file.replace("\r\n ", "");
        let value = whole.split("\r\n").find_map(|line| line.strip_prefix(&format!("{name}:"))).unwrap();
        let (mut out, mut letters) = (String::new(), value.chars());
        while let Some(letter) = letters.next() {
            match letter {
                '\\' => match letters.next().unwrap() {
                    'n' => out.push('\n'),
                    other => out.push(other),
                },
                other => out.push(other),
            }
        }
        out
    }

    proptest! {
        /// Whatever somebody wrote comes out as it was, and can neither end a line nor begin a property.
        #[test]
        fn any_text_is_one_property(text in "[^\\p{Cc}]{0,120}|([a-z;,\\\\\n :]|ü|👩){0,90}") {
            let file = event(&text, &text, &text).file();
            for name in ["SUMMARY", "DESCRIPTION", "LOCATION"] {
                prop_assert_eq!(read(&file, name), text.clone());
            }
            let lines: Vec<&str> = file.split("\r\n").collect();
            prop_assert!(lines.iter().all(|line| line.len() <= 75 && !line.contains(['\n', '\r'])), "{}", file);
            prop_assert_eq!(lines.iter().filter(|line| !line.starts_with(' ')).count(), 20);
        }
    }
}
