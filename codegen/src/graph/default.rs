//! Values that stand in for absent members.

use super::{DefaultValue, ShapeKind};
use serde_json::Value;

impl DefaultValue {
    /// The default of a member that holds a shape of `kind`.
    ///
    /// # Errors
    /// What is expected of such a default.
    pub fn read<R>(json: &str, kind: &ShapeKind<R>) -> Result<Self, &'static str> {
        let value: Value = serde_json::from_str(json).map_err(|_| "JSON")?;
        let whole = |least: i64, greatest: i64, expected| {
            let number = value.as_i64().filter(|number| (least..=greatest).contains(number));
            number.map(Self::Integer).ok_or(expected)
        };
        match kind {
            ShapeKind::String | ShapeKind::Enum(_) => {
                value.as_str().map(|text| Self::Text(text.to_owned())).ok_or("text")
            }
            ShapeKind::Boolean => value.as_bool().map(Self::Boolean).ok_or("true or false"),
            ShapeKind::Byte => whole(i8::MIN.into(), i8::MAX.into(), "a whole number of 8 bits"),
            ShapeKind::Short => whole(i16::MIN.into(), i16::MAX.into(), "a whole number of 16 bits"),
            ShapeKind::Integer | ShapeKind::IntEnum(_) => {
                whole(i32::MIN.into(), i32::MAX.into(), "a whole number of 32 bits")
            }
            ShapeKind::Long => whole(i64::MIN, i64::MAX, "a whole number of 64 bits"),
            ShapeKind::Float | ShapeKind::Double => value.as_f64().map(Self::Fraction).ok_or("a number"),
            ShapeKind::Blob => value.as_str().and_then(base64).map(Self::Bytes).ok_or("text in base64"),
            ShapeKind::Timestamp => time(&value).ok_or("seconds since 1970, or text such as 2020-01-02T03:04:05Z"),
            ShapeKind::List { .. } => Some(Self::List).filter(|_| is_empty(&value, Value::is_array)).ok_or("[]"),
            ShapeKind::Map { .. } => Some(Self::Map).filter(|_| is_empty(&value, Value::is_object)).ok_or("{}"),
            ShapeKind::Document if !value.is_array() && !value.is_object() || is_empty(&value, |_| true) => {
                Ok(Self::Document(value))
            }
            ShapeKind::Document => Err("text, a number, a boolean, [] or {}"),
            ShapeKind::Structure(_) | ShapeKind::Union(_) => Err("none: structures and unions have no default"),
        }
    }
}

fn is_empty(value: &Value, is: impl Fn(&Value) -> bool) -> bool {
    let empty = value.as_array().is_some_and(Vec::is_empty) || value.as_object().is_some_and(|map| map.is_empty());
    empty && is(value)
}

/// What text in base64 stands for; padding may be left out.
fn base64(text: &str) -> Option<Vec<u8>> {
    let digits = text.trim_end_matches('=');
    if text.len() - digits.len() > 2 || digits.len() % 4 == 1 {
        return None;
    }
    let mut bytes = Vec::with_capacity(digits.len() * 3 / 4);
    let (mut bits, mut held) = (0_u32, 0_u32);
    for digit in digits.bytes() {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6 | u32::from(value)) & 0xFFFF;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held & 0xFF) as u8);
        }
    }
    Some(bytes)
}

fn time(value: &Value) -> Option<DefaultValue> {
    match value {
        Value::Number(number) => match number.as_i64() {
            Some(seconds) => Some(DefaultValue::Time { seconds, nanos: 0 }),
            None => {
                let seconds = number.as_f64().filter(|seconds| seconds.abs() < 1e15)?;
                let nanos = ((seconds - seconds.floor()) * 1e9).round().min(999_999_999.0);
                Some(DefaultValue::Time { seconds: seconds.floor() as i64, nanos: nanos as u32 })
            }
        },
        Value::String(text) => date_time(text),
        _ => None,
    }
}

/// `2020-01-02T03:04:05.678Z`.
fn date_time(text: &str) -> Option<DefaultValue> {
    let (date, time) = text.strip_suffix(['Z', 'z'])?.split_once(['T', 't'])?;
    let (time, fraction) = time.split_once('.').map_or((time, ""), |(time, fraction)| (time, fraction));
    let numbers = |text: &str, separator: char| -> Option<[i64; 3]> {
        let parts: Option<Vec<i64>> = text.split(separator).map(digits).collect();
        parts?.try_into().ok()
    };
    let ([year, month, day], [hour, minute, second]) = (numbers(date, '-')?, numbers(time, ':')?);
    let fits = (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24 && minute < 60 && second < 60;
    if !fits || fraction.len() > 9 {
        return None;
    }
    let nanos = if fraction.is_empty() { 0 } else { digits(fraction)? * 10_i64.pow(9 - fraction.len() as u32) };
    let seconds = ((days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
    Some(DefaultValue::Time { seconds, nanos: nanos as u32 })
}

fn digits(text: &str) -> Option<i64> {
    let is_short = (1..=9).contains(&text.len());
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten().filter(|_| is_short)
}

/// Days since 1970, in the Gregorian calendar. Years begin in March here, so that the leap day is a year's last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    type ShapeKind = super::ShapeKind;

    fn timestamp(json: &str) -> Result<DefaultValue, &'static str> {
        DefaultValue::read(json, &ShapeKind::Timestamp)
    }

    #[test]
    fn times() {
        let time = |seconds, nanos| Ok(DefaultValue::Time { seconds, nanos });
        assert_eq!(timestamp("0"), time(0, 0));
        assert_eq!(timestamp("-1.5"), time(-2, 500_000_000));
        assert_eq!(timestamp(r#""1970-01-01T00:00:00Z""#), time(0, 0));
        assert_eq!(timestamp(r#""2000-02-29T23:59:59.25Z""#), time(951_868_799, 250_000_000));
        assert_eq!(timestamp(r#""1969-12-31T23:59:59Z""#), time(-1, 0));
        for wrong in
            ["true", r#""""#, r#""2000-13-01T00:00:00Z""#, r#""2000-01-01""#, "1e300", r#""+000-01-01T0:0:0Z""#]
        {
            assert!(timestamp(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn blobs() {
        let blob = |json: &str| DefaultValue::read(json, &ShapeKind::Blob).ok();
        assert_eq!(blob(r#""YWJj""#), Some(DefaultValue::Bytes(b"abc".to_vec())));
        assert_eq!(blob(r#""YWI=""#), Some(DefaultValue::Bytes(b"ab".to_vec())));
        assert_eq!(blob(r#""YQ""#), Some(DefaultValue::Bytes(b"a".to_vec())));
        assert_eq!(blob(r#""""#), Some(DefaultValue::Bytes(Vec::new())));
        assert_eq!((blob(r#""Y""#), blob(r#""Y===""#), blob(r#""-_==""#), blob("1")), (None, None, None, None));
    }
}
