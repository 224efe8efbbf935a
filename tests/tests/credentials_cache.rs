//! Credentials that are kept: one load at a time, in time, and what happens when it fails or is dropped.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, SystemTime};
use workstream_runtime::client::{BoxFuture, Credentials, CredentialsCache, CredentialsError, ProvideCredentials};

const MINUTE: Duration = Duration::from_secs(60);

fn start() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000)
}

/// Credentials that end some minutes after the start.
fn key(id: &str, minutes: u32) -> Credentials {
    Credentials::new(id, "5ecret").session_token("5ecret-token").expires_at(start() + minutes * MINUTE)
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
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
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

fn cache() -> (Arc<Source>, CredentialsCache) {
    let source = Arc::new(Source::default());
    (Arc::clone(&source), CredentialsCache::new(source))
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

#[test]
fn credentials_are_kept_until_some_minutes_before_they_end() {
    let (source, cache) = cache();
    source.answer(Ok(key("one", 60)));
    source.answer(Ok(key("two", 120)));
    assert_eq!(get(&cache, start()), ready("one"));
    assert_eq!(get(&cache, start() + 53 * MINUTE), ready("one"));
    assert_eq!(source.asked(), 1);
    assert_eq!(get(&cache, start() + 56 * MINUTE), ready("two"));
    assert_eq!(source.asked(), 2);
}

#[test]
fn keys_that_do_not_end_are_loaded_once() {
    let (source, cache) = cache();
    source.answer(Ok(Credentials::new("forever", "5ecret")));
    assert_eq!(get(&cache, start()), ready("forever"));
    assert_eq!(get(&cache, start() + 1_000_000 * MINUTE), ready("forever"));
}

#[test]
fn short_ones_are_kept_for_half_their_life() {
    let (source, cache) = cache();
    source.answer(Ok(key("one", 4)));
    assert_eq!(get(&cache, start()), ready("one"));
    assert_eq!(get(&cache, start() + MINUTE), ready("one"));
    source.answer(Ok(key("two", 8)));
    assert_eq!(get(&cache, start() + 3 * MINUTE), ready("two"));
}

#[test]
fn what_seems_to_be_over_is_used_for_a_minute_as_the_clock_may_be_wrong() {
    let (source, cache) = cache();
    source.answer(Ok(key("past", 0)));
    let late = start() + 60 * MINUTE;
    assert_eq!(get(&cache, late), ready("past"));
    assert_eq!(get(&cache, late + MINUTE / 2), ready("past"));
    source.answer(Ok(key("next", 120)));
    assert_eq!(get(&cache, late + 2 * MINUTE), ready("next"));
}

#[test]
fn many_calls_ask_once() {
    let (source, cache) = cache();
    let mut calls: Vec<_> = (0..64).map(|_| Call::new(&cache, start())).collect();
    assert!(calls.iter_mut().all(|call| call.poll().is_pending()));
    assert_eq!(source.asked(), 1);
    source.answer(Ok(key("one", 60)));
    assert_eq!(calls[0].woken(), 1, "who asked is woken by the source");
    assert_eq!(calls[0].poll(), ready("one"));
    for call in &mut calls[1..] {
        assert_eq!(call.woken(), 1, "who waits is woken by who asked");
        assert_eq!(call.poll(), ready("one"));
    }
    assert_eq!(source.asked(), 1);
}

#[test]
fn many_calls_fail_once() {
    let (source, cache) = cache();
    let mut calls: Vec<_> = (0..8).map(|_| Call::new(&cache, start())).collect();
    assert!(calls.iter_mut().all(|call| call.poll().is_pending()));
    source.answer(Err("down"));
    for call in &mut calls {
        assert_eq!(call.poll(), failed("down"));
    }
    assert_eq!(source.asked(), 1);
    source.answer(Ok(key("one", 60)));
    assert_eq!(get(&cache, start()), ready("one"), "the next call asks again");
}

#[test]
fn another_asks_when_the_call_that_asks_is_dropped() {
    let (source, cache) = cache();
    let (mut first, mut second, mut third) =
        (Call::new(&cache, start()), Call::new(&cache, start()), Call::new(&cache, start()));
    assert!(first.poll().is_pending() && second.poll().is_pending() && third.poll().is_pending());
    drop(first);
    assert_eq!((second.woken(), third.woken()), (1, 1));
    drop(second);
    assert!(third.poll().is_pending());
    assert_eq!(source.asked(), 2);
    source.answer(Ok(key("one", 60)));
    assert_eq!(third.poll(), ready("one"));
}

#[test]
fn a_call_that_waits_may_be_dropped() {
    let (source, cache) = cache();
    let (mut first, mut second) = (Call::new(&cache, start()), Call::new(&cache, start()));
    assert!(first.poll().is_pending() && second.poll().is_pending());
    let woken = Arc::clone(&second.woken);
    drop(second);
    source.answer(Ok(key("one", 60)));
    assert_eq!(first.poll(), ready("one"));
    assert_eq!(woken.0.load(Ordering::SeqCst), 0);
}

#[test]
fn what_is_valid_is_used_while_it_is_loaded_again() {
    let (source, cache) = cache();
    source.answer(Ok(key("one", 60)));
    assert_eq!(get(&cache, start()), ready("one"));
    let late = start() + 58 * MINUTE;
    let mut refresh = Call::new(&cache, late);
    assert!(refresh.poll().is_pending());
    assert_eq!(get(&cache, late), ready("one"));
    assert!(get(&cache, start() + 61 * MINUTE).is_pending(), "what has ended is not");
    source.answer(Ok(key("two", 120)));
    assert_eq!(refresh.poll(), ready("two"));
    assert_eq!(get(&cache, late), ready("two"));
}

#[test]
fn what_is_valid_is_used_when_it_cannot_be_loaded_again() {
    let (source, cache) = cache();
    source.answer(Ok(key("one", 60)));
    assert_eq!(get(&cache, start()), ready("one"));
    source.answer(Err("down"));
    assert_eq!(get(&cache, start() + 57 * MINUTE), ready("one"));
    assert_eq!(get(&cache, start() + 57 * MINUTE + MINUTE / 2), ready("one"));
    assert_eq!(source.asked(), 2, "not asked again at once");
    source.answer(Err("down"));
    assert_eq!(get(&cache, start() + 59 * MINUTE), ready("one"));
    assert_eq!(source.asked(), 3);
    source.answer(Err("still down"));
    assert_eq!(get(&cache, start() + 60 * MINUTE), failed("still down"));
}

#[test]
fn refused_credentials_are_loaded_again() {
    let (source, cache) = cache();
    source.answer(Ok(key("one", 60)));
    assert_eq!(get(&cache, start()), ready("one"));
    cache.invalidate(&key("another", 60));
    assert_eq!(get(&cache, start()), ready("one"), "others have been refused");
    cache.invalidate(&key("one", 60));
    source.answer(Ok(key("two", 60)));
    assert_eq!(get(&cache, start()), ready("two"));
}

#[test]
fn threads_wait_for_each_other() {
    let (source, cache) = cache();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| cache.get_blocking(start()))).collect();
        while source.asked() == 0 {
            std::thread::yield_now();
        }
        source.answer(Ok(key("one", 60)));
        for thread in threads {
            assert_eq!(thread.join().unwrap().unwrap().access_key_id, "one");
        }
    });
    assert_eq!(source.asked(), 1);
}

#[test]
fn nothing_secret_shows() {
    let (source, cache) = cache();
    source.answer(Ok(key("one", 60)));
    assert_eq!(get(&cache, start()), ready("one"));
    let shown = format!("{cache:?} {:?}", key("one", 60));
    assert!(!shown.contains("5ecret"), "{shown}");
}
