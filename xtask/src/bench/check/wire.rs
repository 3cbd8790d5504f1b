//! As much of HTTP/1.1 as a candidate's browser needs, on a connection that stays open where the server lets it.

use anyhow::{Context, Result, ensure};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::Duration;

/// So long nobody has to wait unless something is wrong.
const PATIENCE: Duration = Duration::from_secs(60);
/// More than any page here has.
const LARGEST_BODY: usize = 4 << 20;

/// A connection. It is made anew when the server has closed it.
pub struct Connection {
    address: String,
    stream: Option<BufReader<TcpStream>>,
}

/// What came back.
pub struct Answer {
    /// `200`
    pub status: u16,
    location: Option<String>,
    body: Vec<u8>,
}

impl Answer {
    /// Where it leads.
    pub fn location(&self) -> Option<&str> {
        self.location.as_deref()
    }

    /// As text, whatever it is.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Whether the body has these letters.
    pub fn body_has(&self, text: &str) -> bool {
        self.body.windows(text.len()).any(|window| window == text.as_bytes())
    }
}

impl Connection {
    /// Connects.
    pub fn open(address: &str) -> Result<Self> {
        let mut connection = Self { address: address.to_owned(), stream: None };
        connection.stream()?;
        Ok(connection)
    }

    /// Asks for a page.
    pub fn get(&mut self, path: &str, cookie: &str) -> Result<Answer> {
        let head = format!("GET {path} HTTP/1.1\r\nHost: {}\r\nCookie: {cookie}\r\n\r\n", self.address);
        self.ask(&head)
    }

    /// Sends a form.
    pub fn post(&mut self, path: &str, cookie: &str, form: &str) -> Result<Answer> {
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nCookie: {cookie}\r\nSec-Fetch-Site: same-origin\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            self.address,
            form.len()
        );
        self.ask(&request)
    }

    fn stream(&mut self) -> Result<&mut BufReader<TcpStream>> {
        if self.stream.is_none() {
            let connect = || TcpStream::connect(&self.address);
            let stream = connect().with_context(|| format!("nobody answers at {}", self.address))?;
            stream.set_nodelay(true)?;
            stream.set_read_timeout(Some(PATIENCE))?;
            self.stream = Some(BufReader::new(stream));
        }
        self.stream.as_mut().context("it was just made")
    }

    fn ask(&mut self, request: &str) -> Result<Answer> {
        let stream = self.stream()?;
        stream.get_mut().write_all(request.as_bytes())?;
        let (answer, stays) = heard(stream)?;
        if !stays {
            self.stream = None;
        }
        Ok(answer)
    }
}

/// One answer, and whether the connection stays open.
fn heard(from: &mut impl BufRead) -> Result<(Answer, bool)> {
    let mut line = String::new();
    from.read_line(&mut line)?;
    let status = line.split(' ').nth(1).and_then(|code| code.parse().ok());
    let status = status.with_context(|| format!("an answer without a status: {line:?}"))?;
    let (mut location, mut length, mut chunked, mut stays) = (None, None, false, true);
    loop {
        let mut line = String::new();
        ensure!(from.read_line(&mut line)? > 0, "an answer without an end of its head");
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        let value = value.trim();
        match name.to_ascii_lowercase().as_str() {
            "location" => location = Some(value.to_owned()),
            "content-length" => length = Some(value.parse::<usize>()?),
            "transfer-encoding" => chunked = value.eq_ignore_ascii_case("chunked"),
            "connection" => stays = !value.eq_ignore_ascii_case("close"),
            _ => {}
        }
    }
    let body = match (chunked, length) {
        (true, _) => chunks(from)?,
        (false, Some(length)) => exactly(from, length)?,
        (false, None) => {
            let mut rest = Vec::new();
            stays = false;
            from.read_to_end(&mut rest)?;
            rest
        }
    };
    Ok((Answer { status, location, body }, stays))
}

fn exactly(from: &mut impl BufRead, length: usize) -> Result<Vec<u8>> {
    ensure!(length <= LARGEST_BODY, "an answer of {length} bytes");
    let mut body = vec![0; length];
    from.read_exact(&mut body)?;
    Ok(body)
}

fn chunks(from: &mut impl BufRead) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let mut line = String::new();
        from.read_line(&mut line)?;
        let length = usize::from_str_radix(line.trim(), 16).with_context(|| format!("a chunk of {line:?} bytes"))?;
        body.extend(exactly(from, length)?);
        // Each ends with a line's end, the last and empty one too.
        from.read_line(&mut String::new())?;
        if length == 0 {
            return Ok(body);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (u16, String, Option<String>, bool) {
        let (answer, stays) = heard(&mut text.as_bytes()).unwrap();
        (answer.status, answer.text(), answer.location, stays)
    }

    #[test]
    fn bodies_come_by_length_by_chunks_and_by_the_end() {
        let ok = |body: &str, stays| (200, body.to_owned(), None, stays);
        assert_eq!(read("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nyes"), ok("yes", true));
        let chunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nyes\r\n2\r\n, \r\n0\r\n\r\n";
        assert_eq!(read(chunks), ok("yes, ", true));
        assert_eq!(read("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nyes"), ok("yes", false));
    }

    #[test]
    fn it_says_where_it_leads() {
        let answer = read("HTTP/1.1 303 See Other\r\nlocation: /attempts/1\r\ncontent-length: 0\r\n\r\n");
        assert_eq!(answer, (303, String::new(), Some("/attempts/1".to_owned()), true));
    }

    #[test]
    fn what_is_no_answer_is_a_fault() {
        assert!(heard(&mut "".as_bytes()).is_err());
        assert!(heard(&mut "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nyes".as_bytes()).is_err());
    }
}
