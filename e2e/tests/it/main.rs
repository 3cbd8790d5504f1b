//! Walks through the product in a real browser. A walk reads as what a person does and sees.

mod all_pages;
mod boards;
mod checks;
mod dead_ends;
mod kept;
mod keyboard;
mod paper;
mod passkeys;
mod pictures;
mod plain;
mod practice;
mod questions;
mod showing;
mod story;
mod vacancies;
mod weight;

/// The task that most walks use: the page is slow and right, so that a verdict has both kinds of lines.
const TASK: &str = "/tasks/book-list?variant=7";
/// A file of it that is not the one shown first.
const FILE: &str = "catalog/api.py";
/// Its accepted submission.
const ACCEPTED: &str = "annotate-and-prefetch";
/// A quick question whose options are chosen from, and one that counts statements.
const CHOICE: &str = "/questions/when-atomic-rolls-back?variant=7";
/// See [`CHOICE`].
const COUNT: &str = "/questions/statements-for-publishers?variant=7";
/// A section of the guide with snippets.
const SECTION: &str = "/guides/django/related-objects";
