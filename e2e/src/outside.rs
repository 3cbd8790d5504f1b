//! What the product asks of others, on this machine: a name server and a web server that say what a walk has them say.

use jobfuture_testkit::{NameServer, WebServer, write_answer};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// Both, for as long as the product runs.
#[derive(Debug)]
pub struct Outside {
    names: NameServer,
    web: WebServer,
    file: Arc<Mutex<String>>,
}

impl Outside {
    /// Knows no name, and serves an empty file at every address.
    pub fn start() -> Self {
        let file: Arc<Mutex<String>> = Arc::default();
        let served = Arc::clone(&file);
        let web = WebServer::start(move |_, stream| {
            let text = served.lock().unwrap_or_else(PoisonError::into_inner).clone();
            write_answer(stream, "200 OK", &["content-type: text/plain"], text.as_bytes());
        });
        Self { names: NameServer::start(), web, file }
    }

    /// Where names are asked for.
    pub fn names_at(&self) -> SocketAddr {
        self.names.at()
    }

    /// Where files are.
    pub fn web_at(&self) -> SocketAddr {
        self.web.at()
    }

    /// Puts a text into DNS.
    pub fn say(&self, name: &str, text: &str) {
        self.names.say(name, &[text]);
    }

    /// Has a name lead to the web server, which serves this text from now on.
    pub fn serve(&self, name: &str, text: &str) {
        self.names.lead(name, &["127.0.0.1"]);
        text.clone_into(&mut self.file.lock().unwrap_or_else(PoisonError::into_inner));
    }
}
