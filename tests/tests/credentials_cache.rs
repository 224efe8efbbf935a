//! Credentials that are kept: one load at a time, in time, and what happens when it fails or nobody waits for it.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use std::time::{Duration, Instant, SystemTime};
use workstream_runtime::client::{BoxFuture, Credentials, CredentialsCache, CredentialsError, ProvideCredentials};

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
fn short_ones_are_kept_for_half_their_life() {
    let (source, cache) = cache();
    source.answer(Ok(key("one", 4)));
    assert_eq!(get(&cache, start()), ready("one"));
    assert_eq!(get(&cache, start() + MINUTE), ready("one"));
    source.answer(Ok(key("two", 8)));
    assert_eq!(get(&cache, start() + 3 * MINUTE), ready("two"));
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

// Without an end, and after it.

/// A key without an end.
fn endless(id: &str) -> Credentials {
    Credentials::new(id, "5ecret")
}

#[test]
fn keys_without_an_end_are_read_again_after_a_while() {
    let (source, cache) = cache();
    source.answer(Ok(endless("one")));
    assert_eq!(get(&cache, start()), ready("one"));
    assert_eq!(get(&cache, start() + 14 * MINUTE), ready("one"));
    assert_eq!(source.asked(), 1);
    source.answer(Err("the file is being written"));
    assert_eq!(get(&cache, start() + 15 * MINUTE), ready("one"), "kept, as they have no end");
    source.answer(Ok(endless("two")));
    assert_eq!(get(&cache, start() + 16 * MINUTE), ready("two"));
    assert_eq!(source.asked(), 3);
}

#[test]
fn credentials_that_are_a_source_themselves_are_never_asked_for() {
    let known = key("known", 1);
    let cache = CredentialsCache::new(Arc::new(known.clone()));
    assert_eq!(get(&cache, start()), ready("known"));
    cache.invalidate(&known);
    assert_eq!(get(&cache, start() + 1_000_000 * MINUTE), ready("known"));
}

#[test]
fn what_seems_to_be_over_is_used_for_some_minutes_as_the_clock_may_be_wrong() {
    let (source, cache) = cache();
    source.answer(Ok(key("past", 0)));
    let late = start() + 60 * MINUTE;
    assert_eq!(get(&cache, late), ready("past"));
    assert_eq!(get(&cache, late + 5 * MINUTE - SECOND), ready("past"));
    assert_eq!(source.asked(), 1);
    source.answer(Ok(key("next", 120)));
    assert_eq!(get(&cache, late + 10 * MINUTE), ready("next"));
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
}

#[test]
fn what_has_ended_is_used_only_after_the_source_was_asked() {
    let (source, cache) = cache();
    source.answer(Ok(key("one", 60)));
    assert_eq!(get(&cache, start()), ready("one"));
    source.answer(Err("down"));
    assert_eq!(get(&cache, start() + 60 * MINUTE - SECOND), ready("one"));
    source.answer(Ok(key("two", 120)));
    assert_eq!(get(&cache, start() + 60 * MINUTE), ready("two"), "a failure of a second ago is no reason to wait");
}

#[test]
fn what_has_ended_is_used_while_the_source_fails() {
    let (source, cache) = cache();
    source.answer(Ok(key("one", 60)));
    assert_eq!(get(&cache, start()), ready("one"));
    let mut asked = Vec::new();
    for second in 60 * 60..3 * 60 * 60 {
        let before = source.asked();
        if source.answers.lock().unwrap().is_empty() {
            source.answer(Err("down"));
        }
        assert_eq!(get(&cache, start() + second * SECOND), ready("one"));
        if source.asked() != before {
            asked.push(second);
        }
    }
    assert_eq!(asked[0], 60 * 60);
    let pauses: Vec<_> = asked.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(pauses.iter().all(|pause| (300..=601).contains(pause)), "{pauses:?}");
    source.answers.lock().unwrap().clear();
    source.answer(Ok(key("two", 300)));
    assert_eq!(get(&cache, start() + 200 * MINUTE), ready("two"));
}

// Failures and refusals.

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
}

#[test]
fn a_failure_is_the_answer_for_a_moment() {
    let (source, cache) = cache();
    source.answer(Err("down"));
    for millisecond in 0..1000 {
        assert_eq!(get(&cache, start() + millisecond * MILLISECOND), failed("down"));
    }
    assert_eq!(source.asked(), 1);
    source.answer(Ok(key("one", 60)));
    assert_eq!(get(&cache, start() + SECOND), ready("one"));
    let (source, cache) = self::cache();
    source.answer(Err("down"));
    assert_eq!(get(&cache, start()), failed("down"));
    source.answer(Ok(key("one", 60)));
    assert_eq!(get(&cache, start() - MINUTE), ready("one"), "the clock has been set back");
}

#[test]
fn refused_credentials_are_loaded_again() {
    for credentials in [key("one", 60), endless("one")] {
        let (source, cache) = cache();
        source.answer(Ok(credentials.clone()));
        assert_eq!(get(&cache, start()), ready("one"));
        cache.invalidate(&key("another", 60));
        assert_eq!(get(&cache, start()), ready("one"), "others have been refused");
        cache.invalidate(&credentials);
        source.answer(Err("down"));
        assert_eq!(get(&cache, start()), failed("down"), "what was refused is not used again");
        source.answer(Ok(key("two", 60)));
        assert_eq!(get(&cache, start() + SECOND), ready("two"));
    }
}

/// A source that panics.
#[derive(Debug)]
struct Panics;

impl ProvideCredentials for Panics {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(async {
            // Not at once, so that others wait by then.
            let mut polled = false;
            poll_fn(|context| {
                context.waker().wake_by_ref();
                if std::mem::replace(&mut polled, true) { Poll::Ready(()) } else { Poll::Pending }
            })
            .await;
            panic!("no credentials today")
        })
    }
}

#[test]
fn a_source_that_panics_is_an_error_for_those_who_wait() {
    let cache = CredentialsCache::new(Arc::new(Panics));
    let (mut first, mut second) = (Call::new(&cache, start()), Call::new(&cache, start()));
    assert!(first.poll().is_pending() && second.poll().is_pending());
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| first.poll()));
    assert!(panicked.is_err());
    let error = "the source of credentials has panicked";
    assert_eq!(second.poll(), failed(error));
    let result = cache.get_blocking(start() + MINUTE, Some(10 * SECOND)).expect("its thread panics, and says so");
    assert_eq!(result.unwrap_err().to_string(), error);
}

// Loads belong to the cache.

#[test]
fn another_goes_on_with_the_load_when_a_call_is_dropped() {
    let (source, cache) = cache();
    let (mut first, mut second, mut third) =
        (Call::new(&cache, start()), Call::new(&cache, start()), Call::new(&cache, start()));
    assert!(first.poll().is_pending() && second.poll().is_pending() && third.poll().is_pending());
    drop(first);
    assert_eq!((second.woken(), third.woken()), (1, 0), "one is enough");
    drop(second);
    assert_eq!(third.woken(), 1);
    assert!(third.poll().is_pending());
    source.answer(Ok(key("one", 60)));
    assert!(third.woken() > 1);
    assert_eq!(third.poll(), ready("one"));
    assert_eq!(source.asked(), 1);
}

#[test]
fn a_load_goes_on_with_the_next_call_when_nobody_waits() {
    let (source, cache) = cache();
    for _ in 0..20 {
        assert!(Call::new(&cache, start()).poll().is_pending());
    }
    source.answer(Ok(key("one", 60)));
    assert_eq!(get(&cache, start()), ready("one"));
    assert_eq!(source.asked(), 1);
}

#[test]
fn a_load_that_nobody_has_cared_for_begins_anew() {
    let (source, cache) = cache();
    assert!(get(&cache, start()).is_pending());
    assert!(get(&cache, start() + 30 * SECOND).is_pending());
    assert_eq!(source.asked(), 1);
    assert!(get(&cache, start() + 61 * SECOND).is_pending());
    assert_eq!(source.asked(), 2);
    source.answer(Ok(key("one", 60)));
    assert_eq!(get(&cache, start() + 61 * SECOND), ready("one"));
}

#[test]
fn what_is_valid_is_used_when_a_call_gives_up_on_loading_again() {
    let (source, cache) = cache();
    source.answer(Ok(key("one", 60)));
    assert_eq!(get(&cache, start()), ready("one"));
    let late = start() + 58 * MINUTE;
    assert!(get(&cache, late).is_pending());
    assert_eq!(get(&cache, late), ready("one"), "one call is enough");
    source.answer(Ok(key("two", 120)));
    assert_eq!(get(&cache, late), ready("two"));
    assert_eq!(source.asked(), 2);
}

/// A source that takes its time, on tokio's clock or by blocking its thread.
struct Slow {
    time: Duration,
    blocks: bool,
    asked: AtomicUsize,
    running: AtomicUsize,
    most: AtomicUsize,
}

impl Slow {
    fn new(time: Duration, blocks: bool) -> Arc<Self> {
        let [asked, running, most] = Default::default();
        Arc::new(Self { time, blocks, asked, running, most })
    }

    fn most_at_once(&self) -> usize {
        self.most.load(Ordering::SeqCst)
    }
}

impl fmt::Debug for Slow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Slow")
    }
}

struct Running<'a>(&'a AtomicUsize);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl ProvideCredentials for Slow {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(async {
            let number = self.asked.fetch_add(1, Ordering::SeqCst);
            let running = 1 + self.running.fetch_add(1, Ordering::SeqCst);
            let _running = Running(&self.running);
            self.most.fetch_max(running, Ordering::SeqCst);
            if self.blocks {
                thread::sleep(self.time);
            } else {
                tokio::time::sleep(self.time).await;
            }
            match number % 4 {
                3 => Err(CredentialsError::new("every fourth fails")),
                _ => Ok(key(&format!("key {number}"), 60)),
            }
        })
    }
}

#[test]
fn calls_that_give_up_do_not_begin_a_load_anew() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    let source = Slow::new(300 * MILLISECOND, false);
    let cache = CredentialsCache::new(source.clone());
    let outcomes: Vec<_> = runtime.block_on(async {
        let mut outcomes = Vec::new();
        for _ in 0..20 {
            let call = tokio::time::timeout(100 * MILLISECOND, cache.get(start()));
            outcomes.push(call.await.is_ok_and(|result| result.is_ok()));
        }
        outcomes
    });
    assert_eq!(source.asked.load(Ordering::SeqCst), 1);
    assert!(outcomes[3..].iter().all(|outcome| *outcome), "{outcomes:?}");
}

#[test]
fn another_runtime_does_not_wait_for_a_load_of_one_that_nobody_runs() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let (first, second) = (runtime(), runtime());
    let source = Slow::new(5 * MILLISECOND, false);
    let cache = CredentialsCache::new(source.clone());
    let given_up = first.block_on(async { tokio::time::timeout(MILLISECOND, cache.get(start())).await.is_err() });
    let found = second.block_on(async { tokio::time::timeout(10 * SECOND, cache.get(start())).await });
    assert!(found.unwrap().is_ok());
    assert_eq!(source.asked.load(Ordering::SeqCst), if given_up { 2 } else { 1 });
}

#[test]
fn threads_wait_for_each_other() {
    let (source, cache) = cache();
    thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| cache.get_blocking(start(), None))).collect();
        while source.asked() == 0 {
            thread::yield_now();
        }
        source.answer(Ok(key("one", 60)));
        for thread in threads {
            assert_eq!(thread.join().unwrap().unwrap().unwrap().access_key_id, "one");
        }
    });
    assert_eq!(source.asked(), 1);
}

#[test]
fn threads_keep_their_limit() {
    let source = Slow::new(400 * MILLISECOND, true);
    let cache = CredentialsCache::new(source.clone());
    let began = Instant::now();
    assert!(cache.get_blocking(start(), Some(20 * MILLISECOND)).is_none());
    assert!(cache.get_blocking(start(), Some(Duration::ZERO)).is_none());
    assert!(began.elapsed() < 300 * MILLISECOND, "{:?}", began.elapsed());
    let found = cache.get_blocking(start(), Some(Duration::MAX)).unwrap().unwrap();
    assert_eq!(found.access_key_id, "key 0");
    assert_eq!(source.asked.load(Ordering::SeqCst), 1, "the load has gone on");
}

/// A source that never answers, and tells when it is not asked any more.
#[derive(Debug, Default)]
struct Endless {
    asked: AtomicBool,
    dropped: Arc<AtomicBool>,
}

impl ProvideCredentials for Endless {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        struct Tells(Arc<AtomicBool>);
        impl Drop for Tells {
            fn drop(&mut self) {
                self.0.store(true, Ordering::SeqCst);
            }
        }
        let tells = Tells(Arc::clone(&self.dropped));
        Box::pin(async move {
            let _tells = tells;
            self.asked.store(true, Ordering::SeqCst);
            std::future::pending().await
        })
    }
}

#[test]
fn a_load_ends_with_the_cache() {
    let source = Arc::new(Endless::default());
    let cache = CredentialsCache::new(source.clone());
    assert!(get(&cache, start()).is_pending());
    assert!(!source.dropped.load(Ordering::SeqCst));
    drop(cache);
    assert!(source.dropped.load(Ordering::SeqCst));

    let source = Arc::new(Endless::default());
    let cache = CredentialsCache::new(source.clone());
    assert!(cache.get_blocking(start(), Some(MILLISECOND)).is_none());
    while !source.asked.load(Ordering::SeqCst) {
        thread::yield_now();
    }
    drop(cache);
    let began = Instant::now();
    while !source.dropped.load(Ordering::SeqCst) {
        assert!(began.elapsed() < 10 * SECOND, "the thread goes on");
        thread::yield_now();
    }
}

#[test]
fn async_calls_and_threads_share_a_load() {
    let (source, cache) = cache();
    thread::scope(|scope| {
        let mut call = Call::new(&cache, start());
        assert!(call.poll().is_pending());
        let thread = scope.spawn(|| cache.get_blocking(start(), None));
        let given_up = scope.spawn(|| cache.get_blocking(start(), Some(MILLISECOND)));
        assert!(given_up.join().unwrap().is_none());
        // Whether it waits by now or comes later: it goes on.
        drop(call);
        source.answer(Ok(key("one", 60)));
        assert_eq!(thread.join().unwrap().unwrap().unwrap().access_key_id, "one");
    });
    assert_eq!(source.asked(), 1);
}

#[test]
fn nobody_is_forgotten_in_a_crowd() {
    for blocks in [false, true] {
        let source = Slow::new(MILLISECOND, blocks);
        let cache = Arc::new(CredentialsCache::new(source.clone()));
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_time().build().unwrap();
        let passed = Arc::new(AtomicUsize::new(0));
        // Each call is at a time of its own, so that failures are not held.
        let at = move |passed: &AtomicUsize| {
            start() + SECOND * u32::try_from(passed.fetch_add(1, Ordering::SeqCst)).unwrap()
        };
        let tasks: Vec<_> = (0..16_u64)
            .map(|task| {
                let (cache, passed) = (Arc::clone(&cache), Arc::clone(&passed));
                runtime.spawn(async move {
                    let mut random = fastrand::Rng::with_seed(task);
                    for _ in 0..50 {
                        let limit = random.u32(0..5) * MILLISECOND;
                        match tokio::time::timeout(limit, cache.get(at(&passed))).await {
                            Ok(Ok(found)) if random.u8(..) < 50 => cache.invalidate(&found),
                            _ => {}
                        }
                    }
                    // One without a limit: somebody has to see to it that the load goes on.
                    cache.get(at(&passed)).await.is_ok()
                })
            })
            .collect();
        thread::scope(|scope| {
            for _ in 0..4 * u8::from(blocks) {
                scope.spawn(|| {
                    for round in 0..50 {
                        let _ = cache.get_blocking(at(&passed), Some(round % 3 * MILLISECOND));
                    }
                    assert!(cache.get_blocking(at(&passed), Some(30 * SECOND)).is_some());
                });
            }
        });
        runtime.block_on(async {
            for task in tasks {
                tokio::time::timeout(30 * SECOND, task).await.expect("nobody waits for ever").unwrap();
            }
        });
        assert!(source.asked.load(Ordering::SeqCst) > 1);
        if !blocks {
            assert_eq!(source.most_at_once(), 1);
        }
    }
}

#[test]
fn what_has_ended_is_never_used_without_a_failure_of_the_last_minutes() {
    for seed in 0..200 {
        let mut random = fastrand::Rng::with_seed(seed);
        let (source, cache) = cache();
        let (mut minute, mut number, mut ends, mut failed_at) = (0, 0, vec![], None);
        for _ in 0..200 {
            minute += random.u32(0..8);
            let (before, fails) = (source.asked(), number > 0 && random.bool());
            source.answers.lock().unwrap().clear();
            if fails {
                source.answer(Err("down"));
            } else {
                ends.push(minute + random.u32(1..90));
                source.answer(Ok(key(&number.to_string(), ends[number])));
                number += 1;
            }
            let Poll::Ready(Ok(used)) = get(&cache, start() + minute * MINUTE) else { panic!("there are some") };
            if source.asked() == before && !fails {
                number -= 1;
                ends.pop();
            } else if source.asked() != before && fails {
                failed_at = Some(minute);
            }
            let end = ends[used.parse::<usize>().unwrap()];
            let is_extended = failed_at.is_some_and(|failed| minute - failed <= 10);
            assert!(minute < end || is_extended, "seed {seed}: minute {minute}, end {end}, failed at {failed_at:?}");
        }
    }
}

#[test]
fn nothing_secret_shows() {
    let (source, cache) = cache();
    source.answer(Ok(key("one", 60)));
    assert_eq!(get(&cache, start()), ready("one"));
    let shown = format!("{cache:?} {:?}", key("one", 60));
    assert!(!shown.contains("5ecret"), "{shown}");
}
