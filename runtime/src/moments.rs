//! Points in time as other libraries have them.

use crate::timestamp::TimestampRangeError;
use crate::{Timestamp, timestamp};

/// A time of seconds and nanoseconds, where these may be a second or more, as in leap seconds, or count backwards.
fn moment(seconds: i64, nanos: i64) -> Timestamp {
    let whole = seconds.saturating_add(nanos.div_euclid(timestamp::NANOS.into()));
    // What is left is less than a second.
    let rest = u32::try_from(nanos.rem_euclid(timestamp::NANOS.into())).unwrap_or_default();
    Timestamp::new(whole, rest).unwrap_or_default()
}

#[cfg(feature = "jiff")]
mod of_jiff {
    use super::{Timestamp, TimestampRangeError, moment};

    /// With the feature `jiff`.
    impl From<jiff::Timestamp> for Timestamp {
        fn from(time: jiff::Timestamp) -> Self {
            moment(time.as_second(), time.subsec_nanosecond().into())
        }
    }

    /// With the feature `jiff`. Its times end a day before the year 10000 does, in which services have their "never".
    impl TryFrom<Timestamp> for jiff::Timestamp {
        type Error = TimestampRangeError;

        fn try_from(time: Timestamp) -> Result<Self, Self::Error> {
            let nanos = i32::try_from(time.subsec_nanos()).ok();
            let found = nanos.and_then(|nanos| Self::new(time.secs(), nanos).ok());
            found.ok_or(TimestampRangeError::of("jiff::Timestamp"))
        }
    }
}

#[cfg(feature = "chrono")]
mod of_chrono {
    use super::{Timestamp, TimestampRangeError, moment};
    use chrono::{DateTime, TimeZone, Utc};

    /// With the feature `chrono`. A leap second is the second after it.
    impl<Z: TimeZone> From<DateTime<Z>> for Timestamp {
        fn from(time: DateTime<Z>) -> Self {
            moment(time.timestamp(), time.timestamp_subsec_nanos().into())
        }
    }

    /// With the feature `chrono`.
    impl TryFrom<Timestamp> for DateTime<Utc> {
        type Error = TimestampRangeError;

        fn try_from(time: Timestamp) -> Result<Self, Self::Error> {
            let found = Self::from_timestamp(time.secs(), time.subsec_nanos());
            found.ok_or(TimestampRangeError::of("chrono::DateTime<Utc>"))
        }
    }
}

#[cfg(feature = "time")]
mod of_time {
    use super::{Timestamp, TimestampRangeError, moment};
    use time::{Duration, OffsetDateTime, UtcDateTime};

    /// With the feature `time`.
    impl From<OffsetDateTime> for Timestamp {
        fn from(time: OffsetDateTime) -> Self {
            moment(time.unix_timestamp(), time.nanosecond().into())
        }
    }

    /// With the feature `time`.
    impl From<UtcDateTime> for Timestamp {
        fn from(time: UtcDateTime) -> Self {
            moment(time.unix_timestamp(), time.nanosecond().into())
        }
    }

    /// With the feature `time`: in UTC.
    impl TryFrom<Timestamp> for OffsetDateTime {
        type Error = TimestampRangeError;

        fn try_from(time: Timestamp) -> Result<Self, Self::Error> {
            let found = Self::UNIX_EPOCH.checked_add(since_epoch(time));
            found.ok_or(TimestampRangeError::of("time::OffsetDateTime"))
        }
    }

    /// With the feature `time`.
    impl TryFrom<Timestamp> for UtcDateTime {
        type Error = TimestampRangeError;

        fn try_from(time: Timestamp) -> Result<Self, Self::Error> {
            let found = Self::UNIX_EPOCH.checked_add(since_epoch(time));
            found.ok_or(TimestampRangeError::of("time::UtcDateTime"))
        }
    }

    fn since_epoch(time: Timestamp) -> Duration {
        Duration::seconds(time.secs()).saturating_add(Duration::nanoseconds(time.subsec_nanos().into()))
    }
}
