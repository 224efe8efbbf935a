//! Timestamps by themselves.

use std::time::{Duration, SystemTime};
use workstream_runtime::{Timestamp, TimestampFormat};

#[test]
fn system_time_there_and_back() {
    for nanos in [0, 1, 1_500_000_000, 1_700_000_000_123_456_789] {
        for time in
            [SystemTime::UNIX_EPOCH + Duration::from_nanos(nanos), SystemTime::UNIX_EPOCH - Duration::from_nanos(nanos)]
        {
            assert_eq!(SystemTime::try_from(Timestamp::from(time)), Ok(time));
        }
    }
    let before = Timestamp::from(SystemTime::UNIX_EPOCH - Duration::from_millis(250));
    assert_eq!((before.secs(), before.subsec_nanos()), (-1, 750_000_000));
}

#[test]
fn system_time_has_limits() {
    // Where the platform's clock reaches that far, the way back must agree.
    for seconds in [i64::MIN, i64::MAX] {
        let time = Timestamp::new(seconds, 999_999_999).unwrap();
        assert!(SystemTime::try_from(time).map_or(true, |system| Timestamp::from(system) == time));
    }
}

#[test]
fn rfc3339_there_and_back() {
    for text in
        ["1970-01-01T00:00:00Z", "1969-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59Z", "2024-02-29T12:00:00.5Z"]
    {
        assert_eq!(text.parse::<Timestamp>().unwrap().to_string(), text);
    }
    assert_eq!("2000-01-02T22:34:56+02:00".parse::<Timestamp>().unwrap().to_string(), "2000-01-02T20:34:56Z");
    for text in ["", "2000-01-02", "2000-01-02T20:34:56", "2023-02-29T00:00:00Z", "2000-01-02T25:00:00Z"] {
        assert!(text.parse::<Timestamp>().is_err(), "{text}");
    }
}

#[test]
fn seconds_beyond_the_calendar_are_shown_as_such() {
    assert_eq!(Timestamp::from_secs(i64::MAX).to_string(), "@9223372036854775807");
    assert_eq!(Timestamp::from_secs(i64::MIN).format(TimestampFormat::HttpDate), None);
    assert_eq!(Timestamp::from_secs(i64::MIN).format(TimestampFormat::EpochSeconds).unwrap(), "-9223372036854775808");
}

#[test]
fn doubles_there_and_back_to_the_microsecond() {
    for micros in [0, 1, -1, 123_456, 1_398_796_238_123_456, -1_398_796_238_123_457, 4_102_444_800_000_001] {
        let time = Timestamp::new(i64::div_euclid(micros, 1_000_000), i64::rem_euclid(micros, 1_000_000) as u32 * 1000);
        assert_eq!(Timestamp::from_secs_f64(time.unwrap().as_secs_f64()), time, "{micros}");
    }
    assert_eq!(Timestamp::from_secs_f64(1e-9), Timestamp::new(0, 1));
    for seconds in [f64::NAN, f64::INFINITY, 1e19, -1e300] {
        assert_eq!(Timestamp::from_secs_f64(seconds), None);
    }
}

#[test]
fn parts() {
    assert_eq!(Timestamp::new(0, 1_000_000_000), None);
    assert_eq!(Timestamp::from_millis(-1), Timestamp::new(-1, 999_000_000).unwrap());
    assert_eq!(Timestamp::from_millis(i64::MIN).as_millis(), i128::from(i64::MIN));
    assert!(Timestamp::from_secs(-1) < Timestamp::UNIX_EPOCH);
}
