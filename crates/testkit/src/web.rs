//! A web server of this machine, which answers as a test wants it to: also wrongly, slowly, or without end.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// A server on a port of its own, for as long as it is held. One thread a connection, one request a connection.
#[derive(Debug)]
pub struct WebServer {
    at: SocketAddr,
    heads: Arc<Mutex<Vec<String>>>,
    ends: Arc<AtomicBool>,
}

impl WebServer {
    /// Starts one at `127.0.0.1`. `answers` gets the head of a request and writes whatever it likes.
    ///
    /// # Panics
    /// If there is no port.
    pub fn start(answers: impl Fn(&str, &mut TcpStream) + Send + Sync + 'static) -> Self {
        Self::start_at("127.0.0.1:0", answers)
    }

    /// The same at another address of this machine.
    ///
    /// # Panics
    /// If there is no port.
    pub fn start_at(at: &str, answers: impl Fn(&str, &mut TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(at).expect("a port for a web server");
        let at = listener.local_addr().expect("an address");
        let (heads, ends): (Arc<Mutex<Vec<String>>>, _) = (Arc::default(), Arc::new(AtomicBool::new(false)));
        let (kept, over, answers) = (Arc::clone(&heads), Arc::clone(&ends), Arc::new(answers));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if over.load(Ordering::Relaxed) {
                    break;
                }
                let Ok(mut stream) = stream else { continue };
                let (kept, answers) = (Arc::clone(&kept), Arc::clone(&answers));
                std::thread::spawn(move || {
                    let head = head(&mut stream);
                    kept.lock().unwrap_or_else(PoisonError::into_inner).push(head.clone());
                    answers(&head, &mut stream);
                });
            }
        });
        Self { at, heads, ends }
    }

    /// Where it is.
    pub fn at(&self) -> SocketAddr {
        self.at
    }

    /// The heads of all requests so far.
    pub fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for WebServer {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::Relaxed);
        // It waits for a connection: here is one.
        let _ = TcpStream::connect(self.at);
    }
}

fn head(stream: &mut TcpStream) -> String {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") && head.len() < 64 * 1024 {
        match stream.read(&mut byte) {
            Ok(1) => head.push(byte[0]),
            _ => break,
        }
    }
    String::from_utf8_lossy(&head).into_owned()
}

/// Writes a whole answer: `200 OK`, the lines of its head, its body.
pub fn write_answer(stream: &mut TcpStream, status: &str, lines: &[&str], body: &[u8]) {
    let lines: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
    let head = format!("HTTP/1.1 {status}\r\n{lines}Content-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    // Whoever asked may be gone.
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body)).and_then(|()| stream.flush());
}
