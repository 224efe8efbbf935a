//! All pages of an operation, and all items in them.

mod items;
mod resume;

pub use items::Items;
pub use resume::ResumeToken;

use super::BoxFuture;
use super::call::Call;
use super::error::{ClientError, PaginationError};
use super::mode::{Async, Blocking, Mode};
use crate::{Error, Operation, Paginated, PaginatedItems, Value, Writer};
use futures_core::Stream;
use std::collections::HashSet;
use std::fmt;
use std::future::poll_fn;
use std::hash::{BuildHasher, RandomState};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

impl<I: Paginated, M: Mode> Call<I, M> {
    /// All pages, called one after the other with the adjustments of this call.
    pub fn pages(self) -> Pages<I, M> {
        Pages { series: Series::new(), call: self, pending: None }
    }
}

impl<I: PaginatedItems, M: Mode> Call<I, M> {
    /// All items of all pages.
    pub fn items(self) -> Items<I, M> {
        Items::new(self.pages())
    }
}

/// A page.
#[derive(Clone, PartialEq)]
pub struct Page<I: Paginated> {
    output: I::Output,
    start: Option<I::Token>,
    next: Option<I::Token>,
}

impl<I: Paginated> Page<I> {
    /// What the service answered.
    pub fn output(&self) -> &I::Output {
        &self.output
    }

    /// What the service answered.
    pub fn into_output(self) -> I::Output {
        self.output
    }

    /// Where the service says that the next page begins; nothing after the last page. To be given to
    /// [`starting_token`](Pages::starting_token) with the same input.
    pub fn resume_token(&self) -> Option<ResumeToken> {
        self.next.as_ref().map(|next| ResumeToken::new::<I>(Some(next), 0))
    }
}

impl<I: PaginatedItems> Page<I> {
    /// The items of the page.
    pub fn into_items(self) -> Vec<I::Item> {
        I::items_of(self.output)
    }
}

impl<I: Paginated> fmt::Debug for Page<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Page").field("output", &self.output).field("next", &self.next).finish()
    }
}

/// The pages of an operation: a [`Stream`] with an async client, an [`Iterator`] with a blocking one.
///
/// It ends after the last page, and after an error. If the token of a page leads back to an earlier page, the page is given
/// out, and an error follows it.
#[must_use = "no page is called for until one is asked for"]
pub struct Pages<I: Paginated, M> {
    series: Series<I>,
    /// The call to repeat, with the input of the first page.
    call: Call<I, M>,
    /// The page under way.
    pending: Option<BoxFuture<'static, Result<I::Output, I::Error>>>,
}

impl<I: Paginated, M: Mode> Pages<I, M> {
    /// Asks for at most so many items on a page. If the operation has no member for that, the first page is an error.
    pub fn page_size(mut self, size: i32) -> Self {
        if !self.call.input.limit_page(size) {
            self.series.next = NextPage::Invalid(PaginationError::NoPageSize);
        }
        self
    }

    /// Begins where an earlier series with the same input stopped: see [`Page::resume_token`] and
    /// [`Items::resume_token`]. If a part of a page was given out, the rest of it comes as a page here.
    pub fn starting_token(mut self, token: impl Into<ResumeToken>) -> Self {
        match token.into().read::<I>() {
            Some((start, _)) => self.series.next = start.map_or(NextPage::First, NextPage::At),
            None => self.series.next = NextPage::Invalid(PaginationError::InvalidResumeToken),
        }
        self
    }

    /// Where the next page begins; nothing after the last page. After an error, it is where the failed page begins; after a
    /// page whose token leads back, where that page begins: the next time, it may lead on.
    pub fn resume_token(&self) -> Option<ResumeToken> {
        self.series.start().map(|start| ResumeToken::new::<I>(start.as_ref(), 0))
    }
}

impl<I: Paginated> Pages<I, Async> {
    /// The next page, if there is one. Dropping the future loses nothing: the next one continues the call.
    pub async fn next(&mut self) -> Option<Result<Page<I>, I::Error>> {
        poll_fn(|context| self.poll(context)).await
    }

    /// [`next`](Self::next), for the question mark.
    ///
    /// # Errors
    /// When the call for the page fails, or the service repeats a token.
    pub async fn try_next(&mut self) -> Result<Option<Page<I>>, I::Error> {
        self.next().await.transpose()
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Page<I>, I::Error>>> {
        let pending = match &mut self.pending {
            Some(pending) => pending,
            None => match self.series.input(&self.call.input) {
                Some(Ok(input)) => self.pending.insert(self.call.with_input(input).into_future()),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            },
        };
        let result = ready!(pending.as_mut().poll(context));
        self.pending = None;
        Poll::Ready(Some(self.series.page(result)))
    }
}

impl<I: Paginated> Stream for Pages<I, Async>
where
    I: Unpin,
    I::Token: Unpin,
{
    type Item = Result<Page<I>, I::Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(context)
    }
}

impl<I: Paginated> Iterator for Pages<I, Blocking> {
    type Item = Result<Page<I>, I::Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let input = match self.series.input(&self.call.input)? {
            Ok(input) => input,
            Err(error) => return Some(Err(error)),
        };
        Some(self.series.page(self.call.with_input(input).send()))
    }
}

impl<I: Paginated, M> fmt::Debug for Pages<I, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").field("call", &self.call).field("series", &self.series).finish()
    }
}

/// Which page comes next: without IO.
struct Series<I: Paginated> {
    next: NextPage<I::Token>,
    /// Hashes of all tokens so far: a token that comes again begins an endless loop.
    seen: HashSet<u64>,
    hasher: RandomState,
}

#[derive(Debug)]
enum NextPage<T> {
    /// The page that the input says.
    First,
    /// The page at this token.
    At(T),
    /// No page can be called for.
    Invalid(PaginationError),
    /// The page at this token was given out. Its own token leads back to an earlier page, which is an error.
    Repeated(Option<T>),
    /// There was an error with the page at this token.
    Failed(Option<T>),
    End,
}

impl<I: Paginated> Series<I> {
    fn new() -> Self {
        Self { next: NextPage::First, seen: HashSet::new(), hasher: RandomState::new() }
    }

    /// Where the next page begins: `Some(None)` where the input says it.
    fn start(&self) -> Option<Option<I::Token>> {
        match &self.next {
            NextPage::First => Some(None),
            NextPage::At(token) => Some(Some(token.clone())),
            NextPage::Repeated(start) | NextPage::Failed(start) => Some(start.clone()),
            NextPage::Invalid(_) | NextPage::End => None,
        }
    }

    /// The input of the next page.
    fn input(&mut self, first: &I) -> Option<Result<I, I::Error>> {
        match &self.next {
            NextPage::First => Some(Ok(first.clone())),
            NextPage::At(token) => {
                let mut input = first.clone();
                input.start_at(token.clone());
                Some(Ok(input))
            }
            NextPage::Invalid(error) => {
                let error = error.clone();
                self.next = NextPage::End;
                Some(Err(pagination_error::<I>(error)))
            }
            NextPage::Repeated(start) => {
                self.next = NextPage::Failed(start.clone());
                Some(Err(pagination_error::<I>(PaginationError::RepeatedToken)))
            }
            NextPage::Failed(_) | NextPage::End => None,
        }
    }

    /// The page that a call gave.
    fn page(&mut self, result: Result<I::Output, I::Error>) -> Result<Page<I>, I::Error> {
        let start = self.start().flatten();
        let output = match result {
            Ok(output) => output,
            Err(error) => {
                self.next = NextPage::Failed(start);
                return Err(error);
            }
        };
        let next = I::token_after(&output);
        // A series that was resumed has not seen its first token come.
        if let Some(start) = &start {
            self.seen.insert(self.hash(start));
        }
        self.next = match &next {
            None => NextPage::End,
            Some(next) if self.seen.insert(self.hash(next)) => NextPage::At(next.clone()),
            Some(_) => NextPage::Repeated(start.clone()),
        };
        Ok(Page { output, start, next })
    }

    /// Tokens can be compared, but not hashed; what they look like on the wire can.
    fn hash(&self, token: &I::Token) -> u64 {
        let mut writer = Writer::dynamic_json();
        token.write(&mut writer);
        self.hasher.hash_one(writer.finish().unwrap_or_default())
    }
}

impl<I: Paginated> fmt::Debug for Series<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.next.fmt(f)
    }
}

fn pagination_error<I: Operation>(error: PaginationError) -> I::Error {
    Error::client(I::DESCRIPTION, ClientError::Pagination(error)).into()
}
