//! Timestamps as other libraries have them. Each is the judge: it writes the same text.

use crate::kept::any_time;
use proptest::prelude::*;
use workstream_runtime::{Timestamp, TimestampRangeError};

/// Times that all three libraries have.
fn usual() -> impl Strategy<Value = Timestamp> {
    (-377_000_000_000..253_402_200_000_i64, 0..1_000_000_000_u32)
        .prop_filter_map("a time", |(seconds, nanos)| Timestamp::new(seconds, nanos))
}

/// Whether a time comes back as it was, or is said to be out of range.
fn comes_back<M: TryFrom<Timestamp, Error = TimestampRangeError> + Into<Timestamp>>(
    time: Timestamp,
    name: &str,
) -> bool {
    match M::try_from(time) {
        Ok(moment) => moment.into() == time,
        Err(error) => error.to_string() == format!("the timestamp is out of the range of `{name}`"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[cfg(feature = "jiff")]
    #[test]
    fn jiff_has_the_same_times(usual in usual(), any in any_time()) {
        let theirs = jiff::Timestamp::try_from(usual).unwrap();
        prop_assert_eq!(theirs.to_string(), usual.to_string());
        prop_assert!(comes_back::<jiff::Timestamp>(usual, "") && comes_back::<jiff::Timestamp>(any, "jiff::Timestamp"));
    }

    #[cfg(feature = "chrono")]
    #[test]
    fn chrono_has_the_same_times(usual in usual(), any in any_time(), hours in -23..24_i32) {
        use chrono::{DateTime, FixedOffset, Utc};
        let theirs = DateTime::<Utc>::try_from(usual).unwrap();
        let same: Timestamp = format!("{theirs:?}").parse().unwrap_or(usual);
        prop_assert_eq!(same, usual);
        prop_assert_eq!(theirs.timestamp_nanos_opt().map_or(usual, |nanos| Timestamp::new(
            nanos.div_euclid(1_000_000_000), nanos.rem_euclid(1_000_000_000) as u32
        ).unwrap()), usual);
        prop_assert_eq!(Timestamp::from(theirs.with_timezone(&FixedOffset::east_opt(hours * 3600).unwrap())), usual);
        prop_assert!(comes_back::<DateTime<Utc>>(usual, "") && comes_back::<DateTime<Utc>>(any, "chrono::DateTime<Utc>"));
    }

    #[cfg(feature = "time")]
    #[test]
    fn time_has_the_same_times(usual in usual(), any in any_time(), hours in -23..24_i8) {
        use time::{OffsetDateTime, UtcDateTime, UtcOffset};
        let theirs = OffsetDateTime::try_from(usual).unwrap();
        let nanos = i128::from(usual.secs()) * 1_000_000_000 + i128::from(usual.subsec_nanos());
        prop_assert_eq!(theirs.unix_timestamp_nanos(), nanos);
        if let Some(there) = theirs.checked_to_offset(UtcOffset::from_hms(hours, 0, 0).unwrap()) {
            prop_assert_eq!(Timestamp::from(there), usual);
        }
        prop_assert!(comes_back::<OffsetDateTime>(usual, "") && comes_back::<OffsetDateTime>(any, "time::OffsetDateTime"));
        prop_assert!(comes_back::<UtcDateTime>(usual, "") && comes_back::<UtcDateTime>(any, "time::UtcDateTime"));
    }
}

#[cfg(feature = "chrono")]
#[test]
fn a_leap_second_is_the_second_after_it() {
    use chrono::{NaiveDate, NaiveTime};
    let day = NaiveDate::from_ymd_opt(2016, 12, 31).unwrap();
    let leap = NaiveTime::from_hms_nano_opt(23, 59, 59, 1_500_000_000).unwrap();
    assert_eq!(Timestamp::from(day.and_time(leap).and_utc()).to_string(), "2017-01-01T00:00:00.5Z");
}
