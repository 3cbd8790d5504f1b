//! Forms as bytes. A submission may hold anything, so nothing is guessed: what is not text is said to be none.

use crate::config::PracticeLimits;
use crate::error::SiteError;
use crate::site::Site;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{FromRequest, Request};
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use std::future::poll_fn;
use std::pin::Pin;

/// What is read and thrown away of a form that is too large, so that the browser listens to the answer instead of
/// seeing a broken connection.
const DRAINED: usize = 16 * 1024 * 1024;

/// The fields of a form, in order.
#[derive(Debug, Default)]
pub struct Form(Vec<(String, Vec<u8>)>);

impl Form {
    /// Reads a form within the limits.
    ///
    /// # Errors
    /// [`SiteError::UnreadableForm`], [`SiteError::TooLarge`] with the name of the field that was too much,
    /// [`SiteError::Slow`].
    pub async fn read(headers: &HeaderMap, body: Body, limits: &PracticeLimits) -> Result<Self, SiteError> {
        let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if !kind.starts_with("application/x-www-form-urlencoded") {
            let why = "Forms are sent here as application/x-www-form-urlencoded.";
            return Err(SiteError::UnreadableForm(why.to_owned()));
        }
        let read = tokio::time::timeout(limits.upload, read(body, limits.run_bytes)).await;
        let (bytes, whole) = read.map_err(|_| SiteError::Slow)??;
        let form = Self::parse(&bytes)?;
        if whole > bytes.len() {
            return Err(form.too_large(whole, limits));
        }
        Ok(form)
    }

    /// What to say when the whole was too large and only its beginning was kept: if one file alone is, it is named.
    fn too_large(&self, whole: usize, limits: &PracticeLimits) -> SiteError {
        let large = self.with_prefix("file:").find(|(_, value)| value.len() > limits.file_bytes);
        match large {
            Some((path, _)) => {
                SiteError::TooLarge { what: format!("The file {path}"), bytes: None, limit: limits.file_bytes }
            }
            None => SiteError::TooLarge {
                what: "What was sent".to_owned(),
                bytes: Some(whole as u64),
                limit: limits.run_bytes,
            },
        }
    }

    /// Reads the query part of an address, which is written like a form.
    ///
    /// # Errors
    /// [`SiteError::UnreadableForm`].
    pub fn of_query(query: &str) -> Result<Self, SiteError> {
        Self::parse(query.as_bytes())
    }

    fn parse(bytes: &[u8]) -> Result<Self, SiteError> {
        let mut fields = Vec::new();
        for pair in bytes.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
            let cut = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
            let name = String::from_utf8(decode(&pair[..cut]));
            let name = name.map_err(|_| SiteError::UnreadableForm("A field's name is not UTF-8.".to_owned()))?;
            fields.push((name, decode(pair.get(cut + 1..).unwrap_or_default())));
        }
        Ok(Self(fields))
    }

    /// The first field of a name, which must be text.
    ///
    /// # Errors
    /// [`SiteError::Refused`] if it is not UTF-8.
    pub fn text(&self, name: &str) -> Result<Option<String>, SiteError> {
        self.bytes(name).map(|value| text(value, "The text that was sent")).transpose()
    }

    /// Every field of a name, each of which must be text.
    ///
    /// # Errors
    /// As [`Self::text`].
    pub fn all(&self, name: &str) -> Result<Vec<String>, SiteError> {
        let named = self.0.iter().filter(|(field, _)| field == name);
        named.map(|(_, value)| text(value, "The text that was sent")).collect()
    }

    /// The first field of a name, as it was sent.
    pub fn bytes(&self, name: &str) -> Option<&[u8]> {
        self.0.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_slice())
    }

    /// The fields whose names begin so, with the rest of their names.
    pub fn with_prefix(&self, prefix: &str) -> impl Iterator<Item = (&str, &[u8])> {
        self.0.iter().filter_map(move |(name, value)| Some((name.strip_prefix(prefix)?, value.as_slice())))
    }
}

/// What a handler takes, behind whatever says who asks and for what.
impl FromRequest<Site> for Form {
    type Rejection = SiteError;

    async fn from_request(request: Request, site: &Site) -> Result<Self, SiteError> {
        let (parts, body) = request.into_parts();
        Self::read(&parts.headers, body, &site.config().practice).await
    }
}

/// Bytes as text with the line ends of files: browsers send CR LF.
///
/// # Errors
/// [`SiteError::Refused`], naming `what` is not UTF-8.
pub fn text(bytes: &[u8], what: &str) -> Result<String, SiteError> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.replace("\r\n", "\n")),
        Err(error) => Err(SiteError::Refused(format!(
            "{what} is not UTF-8 text: byte {} cannot be read. Save it as UTF-8.",
            error.valid_up_to() + 1
        ))),
    }
}

/// The first `limit` bytes of a body, and how long all of it was, as far as it was read.
async fn read(mut body: Body, limit: usize) -> Result<(Vec<u8>, usize), SiteError> {
    let mut kept = Vec::new();
    let mut whole = 0;
    while let Some(bytes) = next(&mut body).await? {
        whole += bytes.len();
        kept.extend_from_slice(&bytes[..bytes.len().min(limit - kept.len())]);
        if whole > DRAINED {
            break;
        }
    }
    Ok((kept, whole))
}

async fn next(body: &mut Body) -> Result<Option<Bytes>, SiteError> {
    loop {
        match poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await {
            None => return Ok(None),
            Some(Ok(frame)) => match frame.into_data() {
                Ok(bytes) => return Ok(Some(bytes)),
                Err(_trailers) => {}
            },
            Some(Err(_)) => {
                return Err(SiteError::UnreadableForm("The connection broke off while it was sent.".to_owned()));
            }
        }
    }
}

/// Percent-decodes; what is no escape stands for itself.
fn decode(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'+' => out.push(b' '),
            b'%' => match bytes.get(at + 1..at + 3).and_then(hex) {
                Some(byte) => {
                    out.push(byte);
                    at += 2;
                }
                None => out.push(b'%'),
            },
            byte => out.push(byte),
        }
        at += 1;
    }
    out
}

fn hex(digits: &[u8]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(digits[0])? * 16 + digit(digits[1])?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_decoded_to_bytes() {
        let form = Form::parse(b"file%3Aa%2Fb.py=print%281%29%0D%0A+%2B&variant=7&bad=%ff&odd=%zz&empty").unwrap();
        let files: Vec<_> = form.with_prefix("file:").collect();
        assert_eq!(files, [("a/b.py", b"print(1)\r\n +".as_slice())]);
        assert_eq!(text(files[0].1, "It").unwrap(), "print(1)\n +");
        assert_eq!(form.text("variant").unwrap().as_deref(), Some("7"));
        assert!(matches!(form.text("bad"), Err(SiteError::Refused(_))));
        assert_eq!(form.text("odd").unwrap().as_deref(), Some("%zz"));
        assert_eq!(form.text("empty").unwrap().as_deref(), Some(""));
        assert_eq!(form.text("absent").unwrap(), None);
    }

    #[tokio::test]
    async fn a_file_that_is_too_large_is_named() {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, "application/x-www-form-urlencoded".parse().unwrap());
        let limits = PracticeLimits { run_bytes: 128, file_bytes: 32, ..PracticeLimits::default() };
        let body = format!("variant=1&file%3Aa.py=x&file%3Ab.py={}", "x".repeat(5000));
        let error = Form::read(&headers, Body::from(body), &limits).await.unwrap_err();
        let SiteError::TooLarge { what, limit, .. } = error else { panic!("{error:?}") };
        assert_eq!((what.as_str(), limit), ("The file b.py", 32));
    }
}
