//! A file of separated values, before its cells mean anything: encoding, separator, and lines that have an end.

use super::error::TextError;
use csv::{ByteRecord, ReaderBuilder, Trim};
use std::io::{self, Chain, Cursor, Read};

/// The longest line that is taken, in bytes: a header of the most items with long names fits.
pub(super) const LONGEST_LINE: usize = 64 << 20;

/// Rows of cells, one at a time.
pub(super) struct Source<R: Read> {
    reader: csv::Reader<Chain<Cursor<Vec<u8>>, Guard<R>>>,
    /// What separates the cells: a comma, a semicolon or a tabulator, whichever the header has most of.
    pub separator: u8,
}

impl<R: Read> Source<R> {
    /// Looks at the first line.
    pub fn open(input: R) -> Result<Self, TextError> {
        let mut guard = Guard { input, since_end: 0, after_return: false, ended: false };
        let mut head = first_line(&mut guard)?;
        if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) {
            return Err(TextError::Utf16);
        }
        if head.starts_with(&[0xef, 0xbb, 0xbf]) {
            head.drain(..3);
        }
        let separator = separator(&head);
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(separator)
            .trim(Trim::None)
            .buffer_capacity(1 << 16)
            .from_reader(Cursor::new(head).chain(guard));
        Ok(Self { reader, separator })
    }

    /// The next row, and its number; nothing at the end. Lines without anything on them are passed over.
    pub fn next(&mut self, record: &mut ByteRecord) -> Result<Option<u64>, TextError> {
        let more = self.reader.read_byte_record(record).map_err(fault)?;
        // Counted back from the end of the row: the reader does not count blank lines into where a row begins.
        let within = record.as_slice().iter().filter(|byte| **byte == b'\n').count() as u64;
        let row = self.reader.position().line().saturating_sub(within + 1).max(1);
        Ok(more.then_some(row))
    }
}

fn fault(error: csv::Error) -> TextError {
    match error.into_kind() {
        csv::ErrorKind::Io(error) if is_long_line(&error) => TextError::LongLine,
        csv::ErrorKind::Io(error) => TextError::Io(error),
        // Neither lengths nor UTF-8 are checked by the reader as it is set up here.
        other => TextError::Io(io::Error::other(format!("{other:?}"))),
    }
}

fn first_line<R: Read>(input: &mut Guard<R>) -> Result<Vec<u8>, TextError> {
    let mut head = Vec::new();
    let mut chunk = vec![0; 1 << 16];
    loop {
        let count = match input.read(&mut chunk) {
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) if is_long_line(&error) => return Err(TextError::LongLine),
            Err(error) => return Err(TextError::Io(error)),
        };
        let read = chunk.get(..count).unwrap_or_default();
        head.extend_from_slice(read);
        if count == 0 || (read.contains(&b'\n') && has_words(&head)) {
            return Ok(head);
        }
    }
}

/// Whether a line with something on it is there.
fn has_words(head: &[u8]) -> bool {
    head.iter().position(|byte| !byte.is_ascii_whitespace()).is_some_and(|from| head[from..].contains(&b'\n'))
}

/// Counted in the first line, outside quotation marks.
fn separator(head: &[u8]) -> u8 {
    let mut counts = [(b',', 0_usize), (b';', 0), (b'\t', 0)];
    let mut quoted = false;
    let begin = head.iter().position(|byte| *byte != b'\n').unwrap_or(head.len());
    for byte in &head[begin..] {
        if *byte == b'"' {
            quoted = !quoted;
        } else if *byte == b'\n' && !quoted {
            break;
        } else if let Some((_, count)) = counts.iter_mut().find(|(separator, _)| separator == byte && !quoted) {
            *count += 1;
        }
    }
    // The first of the largest, so that a single column is separated by commas.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(separator, _)| *separator)
}

/// Passes bytes on, with every end of a line as a single line feed and one after the last line, so that lines can be
/// counted; until a line has no end.
struct Guard<R> {
    input: R,
    since_end: usize,
    after_return: bool,
    ended: bool,
}

#[derive(Debug, thiserror::Error)]
#[error("a line is too long")]
struct LongLine;

fn is_long_line(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|inner| inner.is::<LongLine>())
}

impl<R: Read> Read for Guard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let count = self.input.read(buffer)?;
            if count == 0 {
                return Ok(self.end(buffer));
            }
            let kept = self.with_line_feeds(buffer.get_mut(..count).unwrap_or_default());
            let read = buffer.get(..kept).unwrap_or_default();
            match read.iter().rposition(|byte| *byte == b'\n') {
                Some(at) => self.since_end = kept - at - 1,
                None => self.since_end += kept,
            }
            if self.since_end > LONGEST_LINE {
                return Err(io::Error::other(LongLine));
            }
            // Nothing is left of a line feed whose carriage return was the last byte before.
            if kept > 0 {
                return Ok(kept);
            }
        }
    }
}

impl<R> Guard<R> {
    /// Gives how many bytes are left.
    fn with_line_feeds(&mut self, bytes: &mut [u8]) -> usize {
        if !self.after_return && !bytes.contains(&b'\r') {
            return bytes.len();
        }
        let mut kept = 0;
        for at in 0..bytes.len() {
            let byte = bytes[at];
            let second = byte == b'\n' && self.after_return;
            self.after_return = byte == b'\r';
            if !second {
                bytes[kept] = if byte == b'\r' { b'\n' } else { byte };
                kept += 1;
            }
        }
        kept
    }

    fn end(&mut self, buffer: &mut [u8]) -> usize {
        match buffer.first_mut() {
            Some(place) if !self.ended => {
                self.ended = true;
                *place = b'\n';
                1
            }
            _ => 0,
        }
    }
}
