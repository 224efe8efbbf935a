//! Loads belong to the cache: they go on whoever gives up.

use super::*;

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
