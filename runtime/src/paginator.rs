//! Pages of operations, as values.

use crate::{Operation, Value};

/// An operation that gives its answer in pages.
pub trait Paginated: Operation {
    /// What a page has many of.
    type Item;
    /// Where the next page starts; a tuple where the API needs more than one.
    type Token: Value + Clone + Default + PartialEq + std::fmt::Debug + Send + Sync + 'static;

    /// The model does not say that it is paginated: a token goes in and comes
    /// out, and the output has exactly one list.
    const INFERRED: bool;

    /// Lets the next request start at `token`.
    fn start_at(&mut self, token: Self::Token);

    /// Where the page after `output` starts; nothing after the last page.
    fn token_after(output: &Self::Output) -> Option<Self::Token>;

    /// The items of a page.
    fn items_of(output: Self::Output) -> Vec<Self::Item>;

    /// Limits the size of a page; `false` where the API cannot.
    fn limit_page(&mut self, size: i32) -> bool {
        let _ = size;
        false
    }
}
