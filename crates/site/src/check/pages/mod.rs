//! Pages of checks. What everybody may read is [`about`]; everything else is for one person, kept by no browser, and not
//! there for anybody else.

mod about;
mod begin;
mod end;
mod history;
mod item;
mod own;
mod questions;
mod result;
mod step;
mod tasks;
mod words;

pub(crate) use about::{about, checks};
pub(crate) use begin::{begin, consent};
pub(crate) use end::{confirm_deletion, confirm_stop, delete, pause, resume, set_quiet, stop};
pub(crate) use history::history;
pub(crate) use item::item;
pub(crate) use own::{OwnAttempt, form_was_left};
pub(crate) use questions::{answer, put_aside};
pub(crate) use step::attempt;
pub(crate) use tasks::{explain, file, hand_in, keep_draft, run};
pub(crate) use words::statement;

use crate::page::{Html, Nav, NextSteps, Page};

/// A page for one person. Its title says nothing of them.
fn private_page(title: &str, main: Html, next: NextSteps) -> Page {
    Page::unlisted(title, Nav::Checks, main, next)
}
