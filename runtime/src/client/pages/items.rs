//! All items of all pages.

use super::{NextPage, Page, Pages, PaginationError, ResumeToken};
use crate::PaginatedItems;
use crate::client::mode::{Async, Blocking, Mode};
use futures_core::Stream;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec::IntoIter;

/// The items of an operation: a [`Stream`] of an async client's, an [`Iterator`] of a blocking one's.
///
/// It ends after the last item, after [`max_items`](Self::max_items), and after an error; where it stopped is
/// [`resume_token`](Self::resume_token). The items of a page whose token leads back to an earlier page are given out, and
/// the error comes after them.
#[must_use = "no page is called for until an item is asked for"]
pub struct Items<I: PaginatedItems, M> {
    pages: Pages<I, M>,
    /// What is left of the current page.
    items: IntoIter<I::Item>,
    /// Where the current page begins, and how many of its items are given out or skipped.
    place: Option<(Option<I::Token>, usize)>,
    /// Items that still have to be skipped: an earlier series has given them out.
    skip: usize,
    /// How many items may still be given out.
    left: Option<usize>,
}

impl<I: PaginatedItems, M: Mode> Items<I, M> {
    pub(super) fn new(pages: Pages<I, M>) -> Self {
        Self { pages, items: Vec::new().into_iter(), place: None, skip: 0, left: None }
    }

    /// Asks for at most so many items a page. The first item is an error where the operation has no such member.
    pub fn page_size(mut self, size: i32) -> Self {
        self.pages = self.pages.page_size(size);
        self
    }

    /// Ends after so many items, also in the middle of a page.
    pub fn max_items(mut self, count: usize) -> Self {
        self.left = Some(count);
        self
    }

    /// Begins after the last item that an earlier series with the same input gave out: see
    /// [`resume_token`](Self::resume_token).
    pub fn starting_token(mut self, token: impl Into<ResumeToken>) -> Self {
        match token.into().read::<I>() {
            Some((start, skip)) => {
                self.pages.series.next = start.map_or(NextPage::First, NextPage::At);
                self.skip = skip;
            }
            None => self.pages.series.next = NextPage::Invalid(PaginationError::InvalidResumeToken),
        }
        self
    }

    /// Where the item begins that comes next; nothing after the last one. With the same input, a series from there
    /// continues exactly after the last item that this one gave out.
    ///
    /// After a truncation in the middle of a page the token says how many items of that page to skip: that they come
    /// in the same order again is up to the service.
    pub fn resume_token(&self) -> Option<ResumeToken> {
        match &self.place {
            Some((start, given)) if !self.items.as_slice().is_empty() => {
                Some(ResumeToken::new::<I>(start.as_ref(), *given))
            }
            place => {
                let start = self.pages.series.start()?;
                // A page whose token leads back is asked for again, but not for the items that it had.
                let given = match place {
                    Some((current, given)) if *current == start => *given,
                    _ => 0,
                };
                Some(ResumeToken::new::<I>(start.as_ref(), given + self.skip))
            }
        }
    }

    fn is_full(&self) -> bool {
        self.left == Some(0)
    }

    /// The next item of the current page.
    fn take(&mut self) -> Option<I::Item> {
        let item = self.items.next()?;
        if let Some((_, given)) = &mut self.place {
            *given += 1;
        }
        if let Some(left) = &mut self.left {
            *left -= 1;
        }
        Some(item)
    }

    fn turn(&mut self, page: Page<I>) {
        let start = page.start.clone();
        let mut items = page.into_items();
        let skipped = self.skip.min(items.len());
        self.skip -= skipped;
        items.drain(..skipped);
        self.items = items.into_iter();
        self.place = Some((start, skipped));
    }
}

impl<I: PaginatedItems> Items<I, Async> {
    /// The next item, if there is one. To drop the future loses nothing.
    pub async fn next(&mut self) -> Option<Result<I::Item, I::Error>> {
        poll_fn(|context| self.poll(context)).await
    }

    /// [`next`](Self::next), for the question mark.
    ///
    /// # Errors
    /// When the call for a page fails, or the service repeats a token.
    pub async fn try_next(&mut self) -> Result<Option<I::Item>, I::Error> {
        self.next().await.transpose()
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<I::Item, I::Error>>> {
        while !self.is_full() {
            if let Some(item) = self.take() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(self.pages.poll(context)) {
                Some(Ok(page)) => self.turn(page),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
        Poll::Ready(None)
    }
}

impl<I: PaginatedItems> Stream for Items<I, Async>
where
    I: Unpin,
    I::Token: Unpin,
    I::Item: Unpin,
{
    type Item = Result<I::Item, I::Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(context)
    }
}

impl<I: PaginatedItems> Iterator for Items<I, Blocking> {
    type Item = Result<I::Item, I::Error>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.is_full() {
            if let Some(item) = self.take() {
                return Some(Ok(item));
            }
            match self.pages.next()? {
                Ok(page) => self.turn(page),
                Err(error) => return Some(Err(error)),
            }
        }
        None
    }
}

impl<I: PaginatedItems, M> fmt::Debug for Items<I, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("pages", &self.pages).field("left", &self.left).finish_non_exhaustive()
    }
}
