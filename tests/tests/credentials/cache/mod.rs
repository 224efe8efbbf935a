//! Credentials that are kept: one load at a time, in time, and what happens when it fails or nobody waits for it.

mod failures;
mod keeping;
mod loads;
mod slow;

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use std::time::{Duration, Instant, SystemTime};
use workstream_runtime::client::{
    BoxFuture, Config, Credentials, CredentialsCache, CredentialsError, ProvideCredentials, SourceContext,
};

const MINUTE: Duration = Duration::from_secs(60);
const SECOND: Duration = Duration::from_secs(1);
const MILLISECOND: Duration = Duration::from_millis(1);

fn start() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000)
}

/// Credentials that end some minutes after the start.
fn key(id: &str, minutes: u32) -> Credentials {
    Credentials::new(id, "5ecret").session_token("5ecret-token").expires_at(start() + minutes * MINUTE)
}

/// A key without an end.
fn endless(id: &str) -> Credentials {
    Credentials::new(id, "5ecret")
}

/// A source that answers when it is told what.
#[derive(Default)]
struct Source {
    answers: Mutex<VecDeque<Result<Credentials, CredentialsError>>>,
    waiting: Mutex<Vec<Waker>>,
    asked: AtomicUsize,
}

impl Source {
    fn answer(&self, answer: Result<Credentials, &str>) {
        self.answers.lock().unwrap().push_back(answer.map_err(CredentialsError::new));
        self.waiting.lock().unwrap().drain(..).for_each(Waker::wake);
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Source")
    }
}

impl ProvideCredentials for Source {
    fn provide<'a>(&'a self, _: &'a SourceContext) -> BoxFuture<'a, Result<Credentials, CredentialsError>> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        Box::pin(poll_fn(|context| {
            let mut waiting = self.waiting.lock().unwrap();
            match self.answers.lock().unwrap().pop_front() {
                Some(answer) => Poll::Ready(answer),
                None => {
                    waiting.push(context.waker().clone());
                    Poll::Pending
                }
            }
        }))
    }
}

/// A call, polled by hand, that counts how often it is woken.
struct Call<'a> {
    future: BoxFuture<'a, Result<Arc<Credentials>, CredentialsError>>,
    woken: Arc<Count>,
}

#[derive(Default)]
struct Count(AtomicUsize);

impl Wake for Count {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

impl<'a> Call<'a> {
    fn new(cache: &'a CredentialsCache, now: SystemTime) -> Self {
        Self { future: Box::pin(cache.get(now)), woken: Arc::default() }
    }

    fn poll(&mut self) -> Poll<Result<String, String>> {
        let waker = Waker::from(Arc::clone(&self.woken));
        let future: Pin<&mut _> = self.future.as_mut();
        future
            .poll(&mut Context::from_waker(&waker))
            .map(|result| result.map(|key| key.access_key_id.clone()).map_err(|error| error.to_string()))
    }

    fn woken(&self) -> usize {
        self.woken.0.load(Ordering::SeqCst)
    }
}

/// What the sources of these tests are asked with: they need nothing.
fn unused() -> SourceContext {
    SourceContext::new(&Config::builder().build())
}

fn cache() -> (Arc<Source>, CredentialsCache) {
    let source = Arc::new(Source::default());
    (Arc::clone(&source), CredentialsCache::new(source, unused()))
}

fn get(cache: &CredentialsCache, now: SystemTime) -> Poll<Result<String, String>> {
    Call::new(cache, now).poll()
}

fn ready(id: &str) -> Poll<Result<String, String>> {
    Poll::Ready(Ok(id.to_owned()))
}

fn failed(message: &str) -> Poll<Result<String, String>> {
    Poll::Ready(Err(message.to_owned()))
}
