//! A name server of this machine, which says what a test wants it to.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Types of records (RFC 1035, 3.2.2; RFC 3596).
const A: u16 = 1;
const TXT: u16 = 16;
const AAAA: u16 = 28;

/// A name server on a port of its own, for as long as it is held. It speaks UDP.
#[derive(Debug)]
pub struct NameServer {
    at: SocketAddr,
    says: Arc<Mutex<Says>>,
    ends: Arc<AtomicBool>,
}

#[derive(Debug, Default)]
struct Says {
    /// The answers to one question after the other; the last one stays.
    addresses: HashMap<String, Vec<Vec<IpAddr>>>,
    texts: HashMap<String, Vec<String>>,
    /// Names that were asked for, with the type.
    asked: Vec<(String, u16)>,
    fails: bool,
}

impl NameServer {
    /// Starts one that knows no name.
    ///
    /// # Panics
    /// If there is no port.
    pub fn start() -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").expect("a port for a name server");
        socket.set_read_timeout(Some(Duration::from_millis(50))).expect("a socket that can wait");
        let at = socket.local_addr().expect("an address");
        let (says, ends) = (Arc::new(Mutex::new(Says::default())), Arc::new(AtomicBool::new(false)));
        let (theirs, over) = (Arc::clone(&says), Arc::clone(&ends));
        std::thread::spawn(move || {
            let mut packet = [0; 4096];
            while !over.load(Ordering::Relaxed) {
                let Ok((length, from)) = socket.recv_from(&mut packet) else { continue };
                let answer = lock(&theirs).answer(&packet[..length]);
                if let Some(answer) = answer {
                    // Whoever asked may be gone.
                    let _ = socket.send_to(&answer, from);
                }
            }
        });
        Self { at, says, ends }
    }

    /// Where it is asked.
    pub fn at(&self) -> SocketAddr {
        self.at
    }

    /// From now on a name leads to these addresses.
    ///
    /// # Panics
    /// If one is none.
    pub fn lead(&self, name: &str, to: &[&str]) {
        self.lead_in_turn(name, &[to]);
    }

    /// A name leads to the first of these when it is first asked for, then to the next, and stays at the last.
    ///
    /// # Panics
    /// If one is no address.
    pub fn lead_in_turn(&self, name: &str, turns: &[&[&str]]) {
        let parse = |texts: &&[&str]| texts.iter().map(|text| text.parse().expect("an address")).collect();
        lock(&self.says).addresses.insert(name.to_owned(), turns.iter().map(parse).collect());
    }

    /// From now on a name has these TXT records; with none it has none.
    pub fn say(&self, name: &str, texts: &[&str]) {
        lock(&self.says).texts.insert(name.to_owned(), texts.iter().map(|text| (*text).to_owned()).collect());
    }

    /// Whether it answers that it cannot answer.
    pub fn fail(&self, fails: bool) {
        lock(&self.says).fails = fails;
    }

    /// How often addresses (IPv4) of a name were asked for.
    pub fn times_asked(&self, name: &str) -> usize {
        lock(&self.says).asked.iter().filter(|(asked, kind)| asked == name && *kind == A).count()
    }
}

impl Drop for NameServer {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::Relaxed);
    }
}

fn lock(says: &Mutex<Says>) -> MutexGuard<'_, Says> {
    says.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Says {
    fn answer(&mut self, packet: &[u8]) -> Option<Vec<u8>> {
        let (name, end) = name(packet)?;
        let kind = u16::from_be_bytes([*packet.get(end)?, *packet.get(end + 1)?]);
        self.asked.push((name.clone(), kind));
        let records = self.records(&name, kind);
        let is_known = self.addresses.contains_key(&name) || self.texts.contains_key(&name);
        let code: u8 = match (self.fails, is_known) {
            (true, _) => 2,
            (false, true) => 0,
            (false, false) => 3,
        };
        let mut answer = packet[..2].to_vec();
        answer.extend([
            0x81,
            0x80 | code,
            0,
            1,
            0,
            if code == 0 { u8::try_from(records.len()).ok()? } else { 0 },
            0,
            0,
            0,
            0,
        ]);
        answer.extend(packet.get(12..end + 4)?);
        for data in records.iter().filter(|_| code == 0) {
            // Its name is the question's, which stands at byte 12; class IN, kept for no time.
            answer.extend([0xc0, 12]);
            answer.extend(kind.to_be_bytes());
            answer.extend([0, 1, 0, 0, 0, 0]);
            answer.extend(u16::try_from(data.len()).ok()?.to_be_bytes());
            answer.extend(data);
        }
        Some(answer)
    }

    fn records(&mut self, name: &str, kind: u16) -> Vec<Vec<u8>> {
        if kind == TXT {
            let texts = self.texts.get(name).cloned().unwrap_or_default();
            return texts.iter().map(|text| in_pieces(text)).collect();
        }
        let Some(turns) = self.addresses.get_mut(name) else { return Vec::new() };
        let now = turns.first().cloned().unwrap_or_default();
        // IPv6 is asked for together with IPv4, and is no turn of its own.
        if kind == A && turns.len() > 1 {
            turns.remove(0);
        }
        let of_kind = now.into_iter().filter_map(|address| match address {
            IpAddr::V4(address) if kind == A => Some(address.octets().to_vec()),
            IpAddr::V6(address) if kind == AAAA => Some(address.octets().to_vec()),
            _ => None,
        });
        of_kind.collect()
    }
}

/// A text as TXT holds it: in pieces of at most 255 bytes, each behind its length.
fn in_pieces(text: &str) -> Vec<u8> {
    text.as_bytes()
        .chunks(255)
        .flat_map(|piece| [&[u8::try_from(piece.len()).unwrap_or(255)], piece].concat())
        .collect()
}

/// The name in the question, in lower case, and where it ends.
fn name(packet: &[u8]) -> Option<(String, usize)> {
    let (mut at, mut labels) = (12, Vec::new());
    loop {
        let length = usize::from(*packet.get(at)?);
        at += 1;
        if length == 0 {
            return Some((labels.join("."), at));
        }
        labels.push(String::from_utf8_lossy(packet.get(at..at + length)?).to_lowercase());
        at += length;
    }
}
