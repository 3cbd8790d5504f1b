//! Addresses of the job boards from which a company’s vacancies come in.

use crate::board;
use crate::routes::{pages, urls};
use axum::routing::{get, post};

pages! {
    BOARD_PAGES:
    CompanyBoardsUrl::PATTERN => get(board::list).post(board::bring),
    BoardFileUrl::PATTERN => post(board::bring_file).get(board::upload_was_left),
    PreviewUrl::PATTERN => get(board::preview).post(board::keep),
    BoardUrl::PATTERN => get(board::one),
    BoardLookUrl::PATTERN => post(board::look_now).get(board::form_was_left),
    BoardCloseMissingUrl::PATTERN => post(board::close_missing).get(board::form_was_left),
    BoardRemoveUrl::PATTERN => post(board::remove).get(board::form_was_left),
}

urls! {
    /// The job boards from which a company's vacancies come in.
    CompanyBoardsUrl { company } = "/companies/{company}/boards";
    /// Where a file is brought.
    BoardFileUrl { company } = "/companies/{company}/boards/file";
    /// What a board or a file holds, to choose from.
    PreviewUrl { company, preview } = "/companies/{company}/boards/previews/{preview}";
    /// One board, and what was made of it.
    BoardUrl { company, board } = "/companies/{company}/boards/{board}";
    /// Looks at it now.
    BoardLookUrl { company, board } = "/companies/{company}/boards/{board}/look";
    /// Closes what is missing there.
    BoardCloseMissingUrl { company, board } = "/companies/{company}/boards/{board}/close-missing";
    /// Forgets it.
    BoardRemoveUrl { company, board } = "/companies/{company}/boards/{board}/remove";
}
