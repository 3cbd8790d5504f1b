//! `/companies/{company}/boards/file`: a file is uploaded, or its content pasted.

use super::pages::{BoardsForm, list_url, show_list};
use super::preview::offer_all;
use super::store::address_of_files;
use crate::company::ForCompany;
use crate::error::SiteError;
use crate::page::see;
use crate::site::Site;
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, header};
use jobfuture_boards::{Adapter, LARGEST, read, recognise};
use jobfuture_disclosure::Act;
use multer::{Constraints, Multipart, SizeLimit};
use std::time::Duration;

/// Most bytes of an upload.
pub(super) const MOST: u64 = 8 << 20;
/// How long a browser may take to send it.
const SLOWEST: Duration = Duration::from_secs(120);

/// Every form that a file can have.
pub(super) const ADAPTERS: [Adapter; 8] = [
    Adapter::Greenhouse,
    Adapter::Lever,
    Adapter::Ashby,
    Adapter::Workable,
    Adapter::Recruitee,
    Adapter::Personio,
    Adapter::Page,
    Adapter::Csv,
];

/// What was sent.
#[derive(Default)]
struct Sent {
    bytes: Vec<u8>,
    /// The same, if it was pasted and not chosen as a file.
    pasted: String,
    adapter: Option<Adapter>,
}

/// `POST /companies/{company}/boards/file`: shows what a file holds. Nothing of it is kept yet.
pub(crate) async fn bring_file(
    State(site): State<Site>,
    company: ForCompany,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, SiteError> {
    let viewer = company.to(Act::Vacancies)?;
    let sent = tokio::time::timeout(SLOWEST, receive(&headers, body)).await.map_err(|_| SiteError::Slow)??;
    // What was pasted is not to be looked for again.
    let pasted = sent.pasted.clone();
    let refuse = |wrong: String| BoardsForm { wrong_file: Some(wrong), pasted, ..BoardsForm::default() };
    if sent.bytes.is_empty() {
        return show_list(&site, viewer, refuse("Choose a file, or paste what is in it.".to_owned())).await;
    }
    let Sent { bytes, adapter, .. } = sent;
    let looked = tokio::task::spawn_blocking(move || {
        let adapter = adapter.or_else(|| recognise(&bytes))?;
        Some(read(adapter, &bytes).map(|read| (adapter, read)))
    });
    match looked.await.map_err(|error| SiteError::internal("a file", &error))? {
        Some(Ok((adapter, read))) => {
            let preview = site.boards().begin_preview(viewer, address_of_files(adapter)).await?;
            offer_all(&site, viewer, preview, read).await
        }
        Some(Err(fault)) => show_list(&site, viewer, refuse(format!("The file was not taken: {fault}"))).await,
        None => {
            let wrong = "It cannot be told what form the file has. Say below whose it is, and bring it again.";
            show_list(&site, viewer, refuse(wrong.to_owned())).await
        }
    }
}

/// Reads the form: a file, or a pasted text, and perhaps whose form it is.
async fn receive(headers: &HeaderMap, body: Body) -> Result<Sent, SiteError> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let unreadable = |error: multer::Error| match error {
        multer::Error::FieldSizeExceeded { .. } | multer::Error::StreamSizeExceeded { .. } => SiteError::TooLarge {
            what: "The file".to_owned(),
            bytes: None,
            limit: usize::try_from(MOST).unwrap_or(LARGEST),
        },
        _ => SiteError::UnreadableForm("The form broke off, or is no form with a file.".to_owned()),
    };
    let boundary = multer::parse_boundary(kind).map_err(|_| {
        SiteError::UnreadableForm("Files are sent here as multipart/form-data, as browsers do.".to_owned())
    })?;
    let limit = SizeLimit::new().whole_stream(MOST + 64 * 1024).for_field("file", MOST).for_field("text", MOST);
    let allowed = Constraints::new().allowed_fields(vec!["file", "text", "form"]).size_limit(limit);
    let mut form = Multipart::with_constraints(body.into_data_stream(), boundary, allowed);
    let mut sent = Sent::default();
    while let Some(field) = form.next_field().await.map_err(unreadable)? {
        let name = field.name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.map_err(unreadable)?;
        match name.as_str() {
            "form" => sent.adapter = ADAPTERS.into_iter().find(|one| one.to_string().as_bytes() == bytes),
            "text" if !bytes.is_empty() => {
                sent.pasted = String::from_utf8_lossy(&bytes).into_owned();
                sent.bytes = bytes.to_vec();
            }
            // Browsers send an empty file where none was chosen.
            _ if !bytes.is_empty() => sent.bytes = bytes.to_vec(),
            _ => {}
        }
    }
    Ok(sent)
}

/// `GET` of the address that only takes the form.
pub(crate) async fn upload_was_left(company: ForCompany) -> Result<Response, SiteError> {
    Ok(see(&list_url(company.to(Act::Vacancies)?)))
}
