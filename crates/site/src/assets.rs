//! Stylesheets, scripts and pictures: in the binary, under one hash of them all, kept by browsers for ever.
//!
//! All files share one folder, so that a script imports another by `./other.js`.

use crate::error::{Missing, SiteError};
use crate::site::Site;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use sha2::{Digest, Sha256};
use std::path::PathBuf;

/// What the router matches.
pub const PATTERN: &str = "/assets/{version}/{name}";

/// What is served under one name.
pub struct Asset {
    /// The name.
    pub name: &'static str,
    /// `Content-Type`.
    pub kind: &'static str,
    /// Files of `assets/`, by name, that make it up in this order. Mostly one, of the same name.
    pub parts: &'static [(&'static str, &'static [u8])],
}

const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";
const TEXT: &str = "text/plain; charset=utf-8";

macro_rules! asset {
    ($name:literal, $kind:expr) => {
        asset!($name, $kind, [$name])
    };
    ($name:literal, $kind:expr, [$($part:literal),+]) => {
        Asset {
            name: $name,
            kind: $kind,
            parts: &[$(($part, include_bytes!(concat!("../assets/", $part)))),+],
        }
    };
}

/// Every asset, one line each. The stylesheet is one request, and several files for whoever works on it.
pub const FILES: &[Asset] = &[
    asset!(
        "site.css",
        CSS,
        [
            "site.css",
            "components.css",
            "pages.css",
            "questions.css",
            "checks.css",
            "profile.css",
            "vacancies.css",
            "talk.css",
            "answers.css",
            "kit.css",
            "print.css"
        ]
    ),
    asset!("site.js", SCRIPT),
    asset!("files.mjs", SCRIPT),
    asset!("keep.mjs", SCRIPT),
    asset!("links.mjs", SCRIPT),
    asset!("make.mjs", SCRIPT),
    asset!("passkey.mjs", SCRIPT),
    asset!("progress.mjs", SCRIPT),
    asset!("run.mjs", SCRIPT),
    asset!("search.mjs", SCRIPT),
    asset!("verify.mjs", SCRIPT),
    asset!("verify-claims.mjs", SCRIPT),
    asset!("verify-credential.mjs", SCRIPT),
    asset!("verify-disclosures.mjs", SCRIPT),
    asset!("verify-keys.mjs", SCRIPT),
    asset!("verify-list.mjs", SCRIPT),
    asset!("verify-result.mjs", SCRIPT),
    asset!("verify-text.mjs", SCRIPT),
    asset!("editor.mjs", SCRIPT),
    asset!("editor.js", SCRIPT),
    asset!("editor-licences.txt", TEXT),
    asset!("favicon.svg", SVG),
];

/// Where the files are, and under which version.
#[derive(Debug, Clone)]
pub struct Assets {
    version: String,
    folder: Option<PathBuf>,
}

impl Assets {
    /// From the binary, or from a folder for those who work on them.
    pub fn new(folder: Option<PathBuf>) -> Self {
        let version = if folder.is_some() { "live".to_owned() } else { version() };
        Self { version, folder }
    }

    /// The address of a file.
    pub fn url(&self, name: &str) -> String {
        format!("/assets/{}/{name}", self.version)
    }

    /// The addresses of all files.
    pub fn urls(&self) -> impl Iterator<Item = String> {
        FILES.iter().map(|asset| self.url(asset.name))
    }

    fn read(&self, asset: &Asset) -> Result<Vec<u8>, SiteError> {
        let mut whole = Vec::new();
        for (name, bytes) in asset.parts {
            match &self.folder {
                Some(folder) => {
                    let read = std::fs::read(folder.join(name));
                    whole.extend(read.map_err(|error| SiteError::internal("an asset's file", &error))?);
                }
                None => whole.extend_from_slice(bytes),
            }
        }
        Ok(whole)
    }
}

/// The first 16 hexadecimal digits of SHA-256 over names and bytes.
fn version() -> String {
    let mut hash = Sha256::new();
    for (name, bytes) in FILES.iter().flat_map(|asset| asset.parts) {
        hash.update(name.as_bytes());
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    }
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// A file under its version. Another version's address is not answered: it would be kept for ever.
pub async fn serve(
    State(site): State<Site>,
    Path((version, name)): Path<(String, String)>,
) -> Result<Response, SiteError> {
    let asset = FILES.iter().find(|asset| asset.name == name && site.assets().version == version);
    let asset = asset.ok_or(SiteError::NotFound(Missing::Page))?;
    let kept = if site.assets().folder.is_some() { "no-store" } else { "public, max-age=31536000, immutable" };
    respond(&site, asset, kept)
}

/// The icon under the address that browsers guess.
pub async fn favicon(State(site): State<Site>) -> Result<Response, SiteError> {
    let asset = FILES.iter().find(|asset| asset.name == "favicon.svg");
    respond(&site, asset.ok_or(SiteError::NotFound(Missing::Page))?, "public, max-age=86400")
}

fn respond(site: &Site, asset: &Asset, kept: &'static str) -> Result<Response, SiteError> {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(asset.kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static(kept)),
    ];
    Ok((headers, site.assets().read(asset)?).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_listed() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/assets");
        for entry in std::fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            if entry.file_type().unwrap().is_file() {
                let name = entry.file_name().into_string().unwrap();
                let mut parts = FILES.iter().flat_map(|asset| asset.parts);
                assert!(parts.any(|(part, _)| *part == name), "{name} is not in FILES");
            }
        }
    }
}
