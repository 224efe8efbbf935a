//! How long credentials are used, without an end and after it too.

use super::*;

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

/// A source may have no others until the last moment.
#[test]
fn what_has_ever_less_time_left_is_not_asked_for_ever_more_often() {
    let (source, cache) = cache();
    let mut asked = Vec::new();
    for tenth in 0..600 {
        let before = source.asked();
        if source.answers.lock().unwrap().is_empty() {
            source.answer(Ok(key("one", 1)));
        }
        assert_eq!(get(&cache, start() + tenth * SECOND / 10), ready("one"));
        if source.asked() != before {
            asked.push(tenth / 10);
        }
    }
    assert_eq!(asked, [0, 30, 45, 55]);
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
    let cache = CredentialsCache::new(Arc::new(known.clone()), unused());
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
