//! Sources that fail, and credentials that are refused.

use super::*;

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
    fn provide<'a>(&'a self, _: &'a SourceContext) -> BoxFuture<'a, Result<Credentials, CredentialsError>> {
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
    let cache = CredentialsCache::new(Arc::new(Panics), unused());
    let (mut first, mut second) = (Call::new(&cache, start()), Call::new(&cache, start()));
    assert!(first.poll().is_pending() && second.poll().is_pending());
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| first.poll()));
    assert!(panicked.is_err());
    let error = "the source of credentials has panicked";
    assert_eq!(second.poll(), failed(error));
    let result = cache.get_blocking(start() + MINUTE, Some(10 * SECOND)).expect("its thread panics, and says so");
    assert_eq!(result.unwrap_err().to_string(), error);
}
