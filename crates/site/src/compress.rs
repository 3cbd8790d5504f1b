//! Compresses what is rendered for one request. Public pages are compressed once, in `compiled.rs`.

use crate::encoding::{Accepted, Encoding};
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use std::io::{self, Write};

/// Below this many bytes a packet more or less does not matter.
const WORTH_IT: usize = 1024;

/// Quick levels: a page of 50 KiB takes well under a millisecond.
const ZSTD_LEVEL: i32 = 1;

/// Compresses text by what the browser takes.
pub async fn answers(request: Request, next: Next) -> Response {
    let accepted = Accepted::of(request.headers());
    let response = next.run(request).await;
    let chosen = [Encoding::Zstd, Encoding::Gzip].into_iter().find(|encoding| accepted.takes(*encoding));
    match chosen {
        Some(encoding) if is_text(&response) => compressed(response, encoding).await,
        _ => response,
    }
}

fn is_text(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/") || kind.starts_with("image/svg") || kind.contains("xml"))
        && !response.headers().contains_key(header::CONTENT_ENCODING)
}

async fn compressed(response: Response, encoding: Encoding) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    parts.headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
    if bytes.len() < WORTH_IT {
        return Response::from_parts(parts, Body::from(bytes));
    }
    let packed = match encoding {
        Encoding::Zstd => zstd(&bytes, ZSTD_LEVEL),
        _ => gzip(&bytes, flate2::Compression::fast()),
    };
    match (packed, encoding.token()) {
        (Ok(packed), Some(token)) => {
            parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(token));
            parts.headers.remove(header::CONTENT_LENGTH);
            Response::from_parts(parts, Body::from(packed))
        }
        _ => Response::from_parts(parts, Body::from(bytes)),
    }
}

/// Compresses by gzip.
pub fn gzip(bytes: &[u8], level: flate2::Compression) -> io::Result<Vec<u8>> {
    let mut packer = flate2::write::GzEncoder::new(Vec::with_capacity(bytes.len() / 3), level);
    packer.write_all(bytes)?;
    packer.finish()
}

/// Compresses by zstd.
pub fn zstd(bytes: &[u8], level: i32) -> io::Result<Vec<u8>> {
    zstd::bulk::compress(bytes, level)
}

/// Compresses by brotli at its best: slow.
pub fn brotli(bytes: &[u8]) -> io::Result<Vec<u8>> {
    const BUFFER: usize = 4096;
    const QUALITY: u32 = 11;
    const WINDOW: u32 = 22;
    let mut packed = Vec::with_capacity(bytes.len() / 3);
    let mut packer = brotli::CompressorWriter::new(&mut packed, BUFFER, QUALITY, WINDOW);
    packer.write_all(bytes)?;
    packer.flush()?;
    drop(packer);
    Ok(packed)
}
