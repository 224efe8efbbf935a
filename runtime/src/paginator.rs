//! Pages of operations, as values.

use crate::{Operation, Value};

/// An operation that gives its answer in pages. What of a page counts as its items, where that is known, is said by
/// [`PaginatedItems`]. Sealed, as [`Operation`] is.
pub trait Paginated: Operation {
    /// Where the next page starts; a tuple where the API needs more than one.
    type Token: Value + Clone + Default + PartialEq + std::fmt::Debug + Send + Sync + 'static;

    /// The model does not say that it is paginated: a token goes in and comes
    /// out, and the output has exactly one list.
    const INFERRED: bool;

    /// Lets the next request start at `token`.
    fn start_at(&mut self, token: Self::Token);

    /// Where the page after `output` starts; nothing after the last page.
    fn token_after(output: &Self::Output) -> Option<Self::Token>;

    /// Limits the size of a page; `false` where the API cannot.
    fn limit_page(&mut self, size: i32) -> bool {
        let _ = size;
        false
    }
}

/// A paginated operation whose pages have items. Pages without are those of a model that names none, and whose output
/// has several lists or no list at all: which one to take is for the reader of the page. Sealed, as [`Operation`] is.
#[diagnostic::on_unimplemented(
    message = "the model does not say what the items of `{Self}`'s pages are",
    note = "take what you need out of every page: `.pages()`"
)]
pub trait PaginatedItems: Paginated {
    /// What a page has many of.
    type Item;

    /// The items of a page.
    fn items_of(output: Self::Output) -> Vec<Self::Item>;
}
