//! Sources that take their time, and calls on several runtimes and threads.

use super::*;

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
    fn provide<'a>(&'a self, _: &'a SourceContext) -> BoxFuture<'a, Result<Credentials, CredentialsError>> {
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
    let cache = CredentialsCache::new(source.clone(), unused());
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
    let cache = CredentialsCache::new(source.clone(), unused());
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
    let cache = CredentialsCache::new(source.clone(), unused());
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
    fn provide<'a>(&'a self, _: &'a SourceContext) -> BoxFuture<'a, Result<Credentials, CredentialsError>> {
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
    let cache = CredentialsCache::new(source.clone(), unused());
    assert!(get(&cache, start()).is_pending());
    assert!(!source.dropped.load(Ordering::SeqCst));
    drop(cache);
    assert!(source.dropped.load(Ordering::SeqCst));

    let source = Arc::new(Endless::default());
    let cache = CredentialsCache::new(source.clone(), unused());
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
        let cache = Arc::new(CredentialsCache::new(source.clone(), unused()));
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
