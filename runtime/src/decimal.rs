//! Numbers as decimal text, without a detour through floating point.

/// A JSON number in text, times a power of ten, as an integer.
pub(crate) struct Scaled {
    pub(crate) value: i128,
    /// Whether digits other than zero were cut off.
    pub(crate) cut: bool,
}

/// The number in `text`, which must follow JSON's grammar, times ten to the
/// power of `scale`; digits beyond are cut off. `None`: beyond `i128`.
pub(crate) fn scaled(text: &str, scale: i64) -> Option<Scaled> {
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (digits, exponent) = match text.split_once(['e', 'E']) {
        Some((digits, exponent)) => (digits, parse_exponent(exponent)),
        None => (text, 0),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    // So many of the digits stand before the decimal point once it has moved.
    let kept = i64::try_from(whole.len()).ok()?.saturating_add(exponent).saturating_add(scale);

    let mut value: i128 = 0;
    let mut cut = false;
    let mut read: i64 = 0;
    for digit in whole.bytes().chain(fraction.bytes()).map(|byte| i128::from(byte.wrapping_sub(b'0'))) {
        if read < kept {
            value = value.checked_mul(10)?.checked_add(digit)?;
        } else {
            cut |= digit != 0;
        }
        read += 1;
    }
    // Ends after 39 rounds at most: zero stays zero, anything else overflows.
    while value != 0 && read < kept {
        value = value.checked_mul(10)?;
        read += 1;
    }
    Some(Scaled { value: if negative { -value } else { value }, cut })
}

/// Saturates: beyond some thousand, all exponents mean too much or nothing.
fn parse_exponent(text: &str) -> i64 {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let value =
        digits.bytes().fold(0_i64, |sum, digit| (sum * 10 + i64::from(digit.wrapping_sub(b'0'))).min(1_000_000_000));
    if negative { -value } else { value }
}
