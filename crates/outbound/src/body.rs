//! Reading what arrives, within limits, and unpacking it, within others.

use crate::{Ask, Error};
use flate2::read::MultiGzDecoder;
use http::{HeaderMap, header};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use std::io::Read;

/// All of it.
pub(crate) async fn read(ask: &Ask<'_>, headers: &HeaderMap, body: Incoming) -> Result<Vec<u8>, Error> {
    let is_packed = is_packed(ask, headers)?;
    let arrived = collect(ask, headers, body).await?;
    if is_packed { unpack(ask, &arrived) } else { within(ask, arrived) }
}

fn is_packed(ask: &Ask<'_>, headers: &HeaderMap) -> Result<bool, Error> {
    let mut codings = headers.get_all(header::CONTENT_ENCODING).iter();
    let (first, more) = (codings.next(), codings.next());
    let first = first.map(|coding| coding.to_str().unwrap_or("?").trim().to_lowercase()).unwrap_or_default();
    match first.as_str() {
        _ if more.is_some() => Err(broken(ask, "it is packed several times over".to_owned())),
        "" | "identity" => Ok(false),
        "gzip" | "x-gzip" => Ok(true),
        _ => Err(broken(ask, "it is packed in a way that was not asked for; only gzip is taken".to_owned())),
    }
}

async fn collect(ask: &Ask<'_>, headers: &HeaderMap, mut body: Incoming) -> Result<Vec<u8>, Error> {
    let too_large = || Error::TooLarge { url: ask.url.to_owned(), limit: ask.most };
    let said = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if said.is_some_and(|length| length > ask.most as u64) {
        return Err(too_large());
    }
    let mut arrived = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| broken(ask, causes(&error)))?;
        // Trailers say nothing that is wanted.
        let Ok(bytes) = frame.into_data() else { continue };
        if arrived.len() + bytes.len() > ask.most {
            return Err(too_large());
        }
        arrived.extend_from_slice(&bytes);
    }
    Ok(arrived)
}

/// Never more than the limit and one byte is held, whatever the pack promises.
fn unpack(ask: &Ask<'_>, packed: &[u8]) -> Result<Vec<u8>, Error> {
    let mut unpacked = Vec::new();
    let mut limited = MultiGzDecoder::new(packed).take(ask.most_unpacked as u64 + 1);
    limited.read_to_end(&mut unpacked).map_err(|error| broken(ask, format!("it is not gzip as it says ({error})")))?;
    within(ask, unpacked)
}

fn within(ask: &Ask<'_>, unpacked: Vec<u8>) -> Result<Vec<u8>, Error> {
    if unpacked.len() > ask.most_unpacked {
        return Err(Error::TooLargeUnpacked { url: ask.url.to_owned(), limit: ask.most_unpacked });
    }
    Ok(unpacked)
}

pub(crate) fn broken(ask: &Ask<'_>, why: String) -> Error {
    Error::Broken { url: ask.url.to_owned(), why }
}

/// An error with what it came from.
pub(crate) fn causes(error: &dyn std::error::Error) -> String {
    let first = error.to_string();
    let rest = std::iter::successors(error.source(), |cause| cause.source());
    rest.fold(first, |text, cause| format!("{text}: {cause}"))
}
