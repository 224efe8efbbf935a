//! Points in time, and the three ways in which they are written.

use crate::decimal::scaled;
use jiff::SignedDuration;
use jiff::civil::{DateTime, Time, datetime};
use jiff::fmt::temporal::Pieces;
use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime};

const NANOS: u32 = 1_000_000_000;

/// Calendar arithmetic starts here. `jiff`'s own timestamps end a day before the
/// calendar does, but 9999-12-31T23:59:59Z is what services say for "never".
const EPOCH: DateTime = datetime(1970, 1, 1, 0, 0, 0, 0);

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// How a timestamp is written in JSON. CBOR has a single way: tag 1.
///
/// The formats of Smithy's `timestampFormat` trait.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TimestampFormat {
    /// Seconds since 1970 as a number, with a fraction where needed.
    #[default]
    EpochSeconds,
    /// RFC 3339: `1985-04-12T23:20:50.52Z`.
    DateTime,
    /// IMF-fixdate of RFC 9110: `Sun, 02 Jan 2000 20:34:56 GMT`. It has no
    /// fraction: on writing, a time is rounded down to its second.
    HttpDate,
}

/// A point in time, to the nanosecond, before or after 1970.
///
/// ```
/// use std::time::SystemTime;
/// use workstream_runtime::Timestamp;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let timestamp: Timestamp = "2026-07-01T12:00:00Z".parse()?;
/// // Not every platform's clock goes as far.
/// let time = SystemTime::try_from(timestamp)?;
/// assert_eq!(Timestamp::from(time), timestamp);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    seconds: i64,
    nanos: u32,
}

impl Timestamp {
    /// The start of 1970, UTC.
    pub const UNIX_EPOCH: Self = Self { seconds: 0, nanos: 0 };

    /// Whole seconds since 1970 (rounded down) and nanoseconds after that;
    /// `None` if those are a second or more.
    pub const fn new(seconds: i64, nanos: u32) -> Option<Self> {
        if nanos < NANOS { Some(Self { seconds, nanos }) } else { None }
    }

    /// Seconds since 1970.
    pub const fn from_secs(seconds: i64) -> Self {
        Self { seconds, nanos: 0 }
    }

    /// Milliseconds since 1970.
    pub const fn from_millis(millis: i64) -> Self {
        Self::from_units(millis, 1_000_000)
    }

    /// Units of so many nanoseconds, at most a second, since 1970.
    const fn from_units(units: i64, in_nanos: u32) -> Self {
        let per_second = (NANOS / in_nanos) as i64;
        Self { seconds: units.div_euclid(per_second), nanos: units.rem_euclid(per_second) as u32 * in_nanos }
    }

    /// Seconds since 1970, to the millisecond, microsecond or nanosecond that
    /// is meant; `None` for what is not a time at all.
    pub fn from_secs_f64(seconds: f64) -> Option<Self> {
        if !(-9.2e18..=9.2e18).contains(&seconds) {
            return None;
        }
        // A double is a decimal fraction only nearly. If it is the double that
        // is nearest to some whole millisecond, that is what was meant.
        for (unit, in_nanos) in [(1e3, 1_000_000), (1e6, 1000)] {
            let product = seconds * unit;
            let units = (product + 0.5_f64.copysign(product)) as i64;
            if product.abs() < 9e15 && units as f64 / unit == seconds {
                return Some(Self::from_units(units, in_nanos));
            }
        }
        let whole = seconds.floor();
        let nanos = ((seconds - whole) * f64::from(NANOS)).round();
        Self::from_nanos(whole as i128 * i128::from(NANOS) + nanos as i128)
    }

    /// Seconds since 1970 as JSON writes a number; digits beyond nanoseconds
    /// are cut off.
    pub(crate) fn from_decimal(text: &str) -> Option<Self> {
        Self::from_plain_decimal(text).or_else(|| Self::from_nanos(scaled(text, 9)?.value))
    }

    /// The same for what nearly all timestamps look like: `1398796238.123`.
    fn from_plain_decimal(text: &str) -> Option<Self> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let missing = 9_u32.checked_sub(u32::try_from(fraction.len()).ok()?)?;
        let nanos = fraction.parse::<u32>().ok()? * 10_u32.pow(missing);
        let seconds = whole.parse::<u64>().ok()?;
        Self::new(i64::try_from(seconds).ok()?, nanos)
    }

    fn from_nanos(nanos: i128) -> Option<Self> {
        let seconds = i64::try_from(nanos.div_euclid(i128::from(NANOS))).ok()?;
        Some(Self { seconds, nanos: nanos.rem_euclid(i128::from(NANOS)) as u32 })
    }

    /// Whole seconds since 1970, rounded down.
    pub const fn secs(self) -> i64 {
        self.seconds
    }

    /// Nanoseconds after [`secs`](Self::secs), below 1,000,000,000.
    pub const fn subsec_nanos(self) -> u32 {
        self.nanos
    }

    /// Whole milliseconds since 1970, rounded down.
    pub const fn as_millis(self) -> i128 {
        self.seconds as i128 * 1000 + (self.nanos / 1_000_000) as i128
    }

    /// Seconds since 1970: the nearest double, which for the times of our days
    /// tells microseconds apart.
    pub fn as_secs_f64(self) -> f64 {
        let nanos = self.nanos();
        // The largest unit that divides evenly: then both operands are exact.
        for (unit, per_second) in [(1_000_000, 1e3), (1000, 1e6)] {
            if nanos % unit == 0 {
                return (nanos / unit) as f64 / per_second;
            }
        }
        nanos as f64 / f64::from(NANOS)
    }

    fn nanos(self) -> i128 {
        i128::from(self.seconds) * i128::from(NANOS) + i128::from(self.nanos)
    }

    /// The time as text; `None` if the format is a calendar date and the year
    /// is not one of -9999 to 9999.
    pub fn format(self, format: TimestampFormat) -> Option<String> {
        match format {
            TimestampFormat::EpochSeconds => Some(self.epoch_seconds().to_string()),
            TimestampFormat::DateTime => Some(format!("{}Z", self.to_calendar()?)),
            TimestampFormat::HttpDate => Some(write_http_date(self.to_calendar()?)),
        }
    }

    /// Reads a time as services write it, whichever form it has: RFC 3339 and its relatives in ISO 8601, a date of HTTP
    /// or mail, or seconds since 1970 that somebody has put into a string. Without a zone it is UTC, and without a time
    /// of day midnight.
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        let text = text.trim();
        if is_number(text) {
            Self::from_decimal(text.trim_start_matches('+'))
        } else {
            rfc3339(text).or_else(|| iso8601(text)).or_else(|| named_month(text))
        }
    }

    /// Writes seconds since 1970 without exponent and without idle zeros.
    pub(crate) fn epoch_seconds(self) -> EpochSeconds {
        EpochSeconds(self)
    }

    fn to_calendar(self) -> Option<DateTime> {
        EPOCH.checked_add(SignedDuration::new(self.seconds, i32::try_from(self.nanos).ok()?)).ok()
    }

    fn from_calendar(utc: DateTime) -> Option<Self> {
        Self::from_nanos(utc.duration_since(EPOCH).as_nanos())
    }
}

/// Whether the text is a decimal number, perhaps with a sign, a fraction and an exponent.
fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'))
        && text.parse::<f64>().is_ok()
}

/// `2000-01-02T20:34:56.456+01:00`.
fn rfc3339(text: &str) -> Option<Timestamp> {
    let pieces = Pieces::parse(text).ok()?;
    let local = Timestamp::from_calendar(pieces.date().to_datetime(pieces.time()?))?;
    let offset = pieces.to_numeric_offset()?.seconds();
    Timestamp::new(local.seconds.checked_sub(offset.into())?, local.nanos)
}

/// What else begins with year, month and day: `2000-01-02 20:34:56.456`, `2000-01-02`, `2000/01/02 20:34:56 +0100 UTC`.
fn iso8601(text: &str) -> Option<Timestamp> {
    let mut words = text.split_whitespace();
    let date = words.next()?;
    let mut joined = if date.as_bytes().get(4) == Some(&b'/') { date.replace('/', "-") } else { date.to_owned() };
    for word in words {
        match word {
            _ if is_utc(word) => {}
            // An offset belongs to the time before it.
            _ if word.starts_with(['+', '-']) => joined.push_str(word),
            _ => joined.extend(["T", word]),
        }
    }
    // `2000-01-02T20:34:56UTC`.
    let numbers = joined.trim_end_matches(|letter: char| letter.is_ascii_alphabetic()).len();
    if is_utc(&joined[numbers..]) {
        joined.truncate(numbers);
    }
    let text = without_digits_beyond_nanoseconds(joined);
    let pieces = Pieces::parse(&text).ok()?;
    let local = Timestamp::from_calendar(pieces.date().to_datetime(pieces.time().unwrap_or(Time::midnight())))?;
    let offset = pieces.to_numeric_offset().map_or(0, |offset| offset.seconds());
    Timestamp::new(local.seconds.checked_sub(offset.into())?, local.nanos)
}

fn without_digits_beyond_nanoseconds(mut text: String) -> String {
    if let Some(start) = text.find(['.', ',']) {
        let digits = text.bytes().skip(start + 1).take_while(u8::is_ascii_digit).count();
        text.replace_range(start + 1 + digits.min(9)..start + 1 + digits, "");
    }
    text
}

fn is_utc(word: &str) -> bool {
    ["Z", "UTC", "GMT", "UT"].iter().any(|name| name.eq_ignore_ascii_case(word))
}

/// Dates with the month's name: of HTTP (RFC 9110, section 5.6.7: `Sun, 02 Jan 2000 20:34:56 GMT`,
/// `Sunday, 02-Jan-00 20:34:56 GMT`, `Sun Jan  2 20:34:56 2000`) and of mail (`2 Jan 2000 20:34:56 +0100`).
fn named_month(text: &str) -> Option<Timestamp> {
    let (mut day, mut month, mut year, mut time, mut zone) = (None, None, None, "00:00:00", "Z");
    let words = text.split([' ', ',']).flat_map(|word| {
        // `-0500` is an offset, `02-Jan-00` a date.
        let separator = if word.contains(|letter: char| letter.is_ascii_alphabetic()) { '-' } else { ',' };
        word.split(separator)
    });
    for word in words.filter(|word| !word.is_empty()) {
        let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
        match word.get(..3) {
            _ if is_number && day.is_none() => day = Some(word.parse::<u8>().ok()?),
            _ if is_number && year.is_none() => year = Some(four_digits(word)?),
            _ if is_utc(word) => {}
            _ if word.starts_with(['+', '-']) => zone = word,
            _ if word.contains(':') => time = word,
            Some(name) if WEEKDAYS.iter().any(|weekday| weekday.eq_ignore_ascii_case(name)) => {}
            Some(name) if month.is_none() => {
                month = Some(1 + MONTHS.iter().position(|month| month.eq_ignore_ascii_case(name))?);
            }
            _ => return None,
        }
    }
    let (day, month, year) = (day?, month?, year?);
    let text = without_digits_beyond_nanoseconds(format!("{year}-{month:02}-{day:02}T{time}{zone}"));
    rfc3339(&text)
}

/// A year, of which old forms give but two digits (years of 1970 to 2069).
fn four_digits(year: &str) -> Option<String> {
    let number: u16 = year.parse().ok()?;
    Some(match year.len() {
        2 if number < 70 => format!("20{year}"),
        2 => format!("19{year}"),
        4 => year.to_owned(),
        _ => return None,
    })
}

fn write_http_date(utc: DateTime) -> String {
    let weekday = WEEKDAYS[usize::from(utc.weekday().to_monday_zero_offset().unsigned_abs())];
    let month = MONTHS[usize::from(utc.month().unsigned_abs()) - 1];
    let (day, year, [hour, minute, second]) = (utc.day(), utc.year(), [utc.hour(), utc.minute(), utc.second()]);
    format!("{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT")
}

pub(crate) struct EpochSeconds(Timestamp);

impl fmt::Display for EpochSeconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanos = self.0.nanos();
        let sign = if nanos < 0 { "-" } else { "" };
        let (seconds, fraction) = (nanos.unsigned_abs() / u128::from(NANOS), nanos.unsigned_abs() % u128::from(NANOS));
        write!(f, "{sign}{seconds}")?;
        if fraction == 0 {
            return Ok(());
        }
        write!(f, ".{}", format!("{fraction:09}").trim_end_matches('0'))
    }
}

/// RFC 3339; outside the years -9999 to 9999, seconds since 1970 after an `@`.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to_calendar() {
            Some(date) => write!(f, "{date}Z"),
            None => write!(f, "@{}", self.epoch_seconds()),
        }
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Text that is no time of the form that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseTimestampError;

impl fmt::Display for ParseTimestampError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an RFC 3339 timestamp")
    }
}

impl std::error::Error for ParseTimestampError {}

/// RFC 3339 and nothing else: with an offset, and up to nine decimal places. Answers of services are read with more
/// patience.
impl FromStr for Timestamp {
    type Err = ParseTimestampError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        rfc3339(text).ok_or(ParseTimestampError)
    }
}

impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        let nanos = match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => i128::try_from(after.as_nanos()),
            Err(before) => i128::try_from(before.duration().as_nanos()).map(|nanos| -nanos),
        };
        // No platform's clock goes as far as 64 bits of seconds.
        nanos.ok().and_then(Self::from_nanos).unwrap_or_default()
    }
}

/// A time that [`SystemTime`] cannot express on this platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SystemTimeRangeError;

impl fmt::Display for SystemTimeRangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the timestamp is out of the range of this platform's clock")
    }
}

impl std::error::Error for SystemTimeRangeError {}

impl TryFrom<Timestamp> for SystemTime {
    type Error = SystemTimeRangeError;

    fn try_from(time: Timestamp) -> Result<Self, Self::Error> {
        let whole = Duration::from_secs(time.seconds.unsigned_abs());
        let second = if time.seconds < 0 {
            SystemTime::UNIX_EPOCH.checked_sub(whole)
        } else {
            SystemTime::UNIX_EPOCH.checked_add(whole)
        };
        second
            .and_then(|second| second.checked_add(Duration::from_nanos(time.nanos.into())))
            .ok_or(SystemTimeRangeError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_same(texts: &[&str], expected: &str) {
        for text in texts {
            let read = Timestamp::from_text(text).map(|time| time.to_string());
            assert_eq!(read.as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn a_time_without_zone_is_utc() {
        assert_same(&["2025-02-21T16:45:27.178871", "2025-02-21 16:45:27.178871"], "2025-02-21T16:45:27.178871Z");
        assert_same(&["2017-07-14"], "2017-07-14T00:00:00Z");
        let same = [
            "2017-07-14 02:40:00",
            "2017-07-14T02:40:00",
            "2017-07-14T02:40",
            "20170714T024000",
            "2017/07/14 02:40:00",
            " 2017-07-14 02:40:00 ",
            "Fri, 14 Jul 2017 02:40:00",
            "Fri Jul 14 02:40:00 2017",
            "14 Jul 2017 02:40:00",
        ];
        assert_same(&same, "2017-07-14T02:40:00Z");
    }

    #[test]
    fn a_zone_is_kept_in_whatever_spelling() {
        let same = [
            "2017-07-14 02:40:00 UTC",
            "2017-07-14T02:40:00UTC",
            "2017-07-14T02:40:00Z",
            "2017-07-14t02:40:00z",
            "2017-07-14T04:40:00+02:00",
            "2017-07-14T04:40:00+0200",
            "2017-07-14T04:40:00+02",
            "2017-07-14 04:40:00 +0200",
            "2017-07-13 21:40:00 -0500",
            "2017-07-14 02:40:00 +0000 UTC",
            "2017-07-14 02:40:00+00:00",
            "20170714T024000Z",
            "Fri, 14 Jul 2017 02:40:00 GMT",
            "Friday, 14-Jul-17 02:40:00 GMT",
            "Fri, 14 Jul 2017 04:40:00 +0200",
            "Thu, 13 Jul 2017 21:40:00 -0500",
            "Fri Jul 14 02:40:00 UTC 2017",
        ];
        assert_same(&same, "2017-07-14T02:40:00Z");
        assert_same(&["1994-11-06T08:49:37Z", "Sunday, 06-Nov-94 08:49:37 GMT"], "1994-11-06T08:49:37Z");
    }

    #[test]
    fn fractions_end_at_nanoseconds() {
        let same = ["2017-07-14T02:40:00.1234567899Z", "2017-07-14 02:40:00,1234567899999", "1500000000.1234567899"];
        assert_same(&same, "2017-07-14T02:40:00.123456789Z");
    }

    #[test]
    fn numbers_in_text_are_seconds() {
        assert_same(&["1500000000", "+1500000000", "1.5E9", "1500000000.0", " 1500000000 "], "2017-07-14T02:40:00Z");
        assert_same(&["-0.5"], "1969-12-31T23:59:59.5Z");
    }

    #[test]
    fn other_text_is_no_time() {
        for text in [
            "",
            " ",
            "soon",
            "inf",
            "NaN",
            "e",
            "+",
            "1-2",
            "--",
            "2017-13-14",
            "2017-02-29 00:00:00",
            "2017-07-14 25:00:00",
            "2017-07-14 02:40:00 CEST",
            "2017-07-14 02:40:00 x",
            "Fri, 32 Jul 2017 02:40:00 GMT",
            "14 Jul",
            "14 Jul 017",
            "Fri, 14 Jul 2017 02:40:00 PM",
            "14 14 2017",
            "Jul Aug 14 2017",
            "14 ü 2017",
            "2017-07-14T02:40:00.",
            "üüüü-üü",
            "1e999999999999",
            "2017-07-14 02:40:00 +9999",
            "14 Jul 2017 02:40:00.ü",
        ] {
            assert_eq!(Timestamp::from_text(text), None, "{text:?}");
        }
    }
}
