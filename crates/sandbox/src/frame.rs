//! The one stream between the grader and an instance: length-capped frames of a kind, a JSON head and a raw body.
//!
//! Layout: `u32` little-endian length of all that follows, one byte of kind, `u32` little-endian length of the head, the
//! head, the body. No pickling, nothing that executes on being read.

use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

/// The largest frame that is accepted, in bytes.
pub const MAX_FRAME: usize = 8 << 20;

const PREFIX: usize = 4 + 1 + 4;
const WRITE_PART: usize = 32 << 10;

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// An ASCII letter that both sides agree on.
    pub kind: u8,
    /// JSON.
    pub head: Vec<u8>,
    /// Bytes that JSON would only make larger: files, bodies.
    pub body: Vec<u8>,
}

impl Frame {
    /// A frame without a body.
    pub fn new(kind: u8, head: impl Into<Vec<u8>>) -> Self {
        Self { kind, head: head.into(), body: Vec::new() }
    }
}

/// Why nothing more can be read.
#[derive(Debug, thiserror::Error)]
pub enum ChannelEnd {
    /// The other side closed, or died.
    #[error("the process ended")]
    Closed,
    /// The deadline passed.
    #[error("the time was up")]
    Late,
    /// A frame that is too large, or malformed.
    #[error("a frame that is not one: {0}")]
    Garbage(&'static str),
    /// The socket failed.
    #[error("the socket failed: {0}")]
    Io(#[from] io::Error),
}

/// The trusted end of the stream, with a deadline on everything.
#[derive(Debug)]
pub struct Channel {
    stream: UnixStream,
    deadline: Instant,
    /// What has been read and not yet been handed out is `buffer[taken..filled]`.
    buffer: Vec<u8>,
    taken: usize,
    filled: usize,
}

impl Channel {
    pub(crate) fn new(stream: UnixStream) -> Self {
        Self {
            stream,
            deadline: Instant::now() + Duration::from_secs(10),
            buffer: vec![0; 64 << 10],
            taken: 0,
            filled: 0,
        }
    }

    /// From now on, nothing is waited for beyond this instant.
    pub fn set_deadline(&mut self, deadline: Instant) {
        self.deadline = deadline;
    }

    fn time_left(&self) -> Result<Duration, ChannelEnd> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(ChannelEnd::Late) } else { Ok(left) }
    }

    /// Sends a frame whole.
    pub fn send(&mut self, frame: &Frame) -> Result<(), ChannelEnd> {
        let length = 5 + frame.head.len() + frame.body.len();
        if length > MAX_FRAME {
            return Err(ChannelEnd::Garbage("larger than a frame may be"));
        }
        let mut bytes = Vec::with_capacity(4 + length);
        bytes.extend_from_slice(&(length as u32).to_le_bytes());
        bytes.push(frame.kind);
        bytes.extend_from_slice(&(frame.head.len() as u32).to_le_bytes());
        bytes.extend_from_slice(&frame.head);
        bytes.extend_from_slice(&frame.body);
        let mut rest = &bytes[..];
        while !rest.is_empty() {
            // Small parts, each with the time that is left: in one large write the kernel begins the time anew for each
            // piece that fits, and a reader that trickles would stretch the deadline at will.
            self.stream.set_write_timeout(Some(self.time_left()?))?;
            match self.stream.write(&rest[..rest.len().min(WRITE_PART)]) {
                Ok(count) => rest = &rest[count..],
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(end_of(error)),
            }
        }
        Ok(())
    }

    /// The next frame, waiting until the deadline.
    pub fn receive(&mut self) -> Result<Frame, ChannelEnd> {
        // Also when frames lie ready: an endless stream of them must come to an end.
        self.time_left()?;
        self.fill(PREFIX)?;
        let prefix = &self.buffer[self.taken..self.taken + PREFIX];
        let (length, kind, head_length) = (read_u32(&prefix[0..4]), prefix[4], read_u32(&prefix[5..9]));
        if length > MAX_FRAME {
            return Err(ChannelEnd::Garbage("larger than a frame may be"));
        }
        if length < 5 || head_length > length - 5 {
            return Err(ChannelEnd::Garbage("its lengths contradict each other"));
        }
        self.fill(4 + length)?;
        let (head, body) = self.buffer[self.taken + PREFIX..self.taken + 4 + length].split_at(head_length);
        let frame = Frame { kind, head: head.to_vec(), body: body.to_vec() };
        self.taken += 4 + length;
        Ok(frame)
    }

    /// Reads until `wanted` bytes lie ready.
    fn fill(&mut self, wanted: usize) -> Result<(), ChannelEnd> {
        if self.filled - self.taken >= wanted {
            return Ok(());
        }
        // Moved to the front only when more must be read: once for many small frames, not once for each.
        self.buffer.copy_within(self.taken..self.filled, 0);
        self.filled -= self.taken;
        self.taken = 0;
        if self.buffer.len() < wanted {
            self.buffer.resize(wanted.next_power_of_two(), 0);
        }
        while self.filled < wanted {
            self.stream.set_read_timeout(Some(self.time_left()?))?;
            match self.stream.read(&mut self.buffer[self.filled..]) {
                Ok(0) => return Err(ChannelEnd::Closed),
                Ok(count) => self.filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(end_of(error)),
            }
        }
        Ok(())
    }
}

fn end_of(error: io::Error) -> ChannelEnd {
    match error.kind() {
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => ChannelEnd::Late,
        io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset => ChannelEnd::Closed,
        _ => ChannelEnd::Io(error),
    }
}

fn read_u32(bytes: &[u8]) -> usize {
    bytes.iter().rev().fold(0, |value, byte| value << 8 | usize::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair() -> (Channel, UnixStream) {
        let (ours, theirs) = UnixStream::pair().unwrap();
        (Channel::new(ours), theirs)
    }

    #[test]
    fn frames_arrive_whole_and_in_order() {
        let (mut ours, theirs) = pair();
        let mut other = Channel::new(theirs);
        let large = Frame { kind: b'R', head: b"{}".to_vec(), body: vec![7; 300_000] };
        let sent = large.clone();
        let sender = std::thread::spawn(move || {
            other.send(&Frame::new(b'H', "1")).unwrap();
            other.send(&sent).unwrap();
        });
        assert_eq!(ours.receive().unwrap(), Frame::new(b'H', "1"));
        assert_eq!(ours.receive().unwrap(), large);
        sender.join().unwrap();
        assert!(matches!(ours.receive(), Err(ChannelEnd::Closed)));
    }

    #[test]
    fn lengths_that_lie_are_garbage() {
        for bytes in
            [&[255u8, 255, 255, 255, 1, 0, 0, 0, 0][..], &[6, 0, 0, 0, 1, 9, 0, 0, 0, 1], &[1, 0, 0, 0, 1, 0, 0, 0, 0]]
        {
            let (mut ours, mut theirs) = pair();
            theirs.write_all(bytes).unwrap();
            assert!(matches!(ours.receive(), Err(ChannelEnd::Garbage(_))), "{bytes:?}");
        }
    }

    #[test]
    fn a_reader_that_trickles_does_not_stretch_the_deadline() {
        let (mut ours, mut theirs) = pair();
        ours.set_deadline(Instant::now() + Duration::from_millis(100));
        let reader = std::thread::spawn(move || {
            let mut some = vec![0; 64 << 10];
            while theirs.read(&mut some).is_ok_and(|count| count > 0) {
                std::thread::sleep(Duration::from_millis(20));
            }
        });
        let begun = Instant::now();
        let frame = Frame { kind: b'F', head: vec![], body: vec![0; MAX_FRAME - 100] };
        assert!(matches!(ours.send(&frame), Err(ChannelEnd::Late)));
        assert!(begun.elapsed() < Duration::from_millis(400));
        drop(ours);
        reader.join().unwrap();
    }

    #[test]
    fn the_deadline_holds_when_frames_never_stop() {
        let (mut ours, mut theirs) = pair();
        ours.set_deadline(Instant::now() + Duration::from_millis(50));
        let sender =
            std::thread::spawn(move || while theirs.write_all(&[5, 0, 0, 0, b'Q', 0, 0, 0, 0].repeat(1000)).is_ok() {});
        let end = loop {
            if let Err(end) = ours.receive() {
                break end;
            }
        };
        assert!(matches!(end, ChannelEnd::Late));
        drop(ours);
        sender.join().unwrap();
    }

    #[test]
    fn the_deadline_holds() {
        let (mut ours, _theirs) = pair();
        ours.set_deadline(Instant::now() + Duration::from_millis(20));
        assert!(matches!(ours.receive(), Err(ChannelEnd::Late)));
    }
}
