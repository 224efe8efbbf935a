//! Numbers that nobody should guess twice: jitter, and tokens that must differ. Not for secrets.

#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

/// 64 random bits: the standard library seeds every `RandomState` with keys of its own, from the system's randomness.
#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
fn bits() -> u64 {
    RandomState::new().hash_one(0_u8)
}

/// 64 random bits: from what was given with the first configuration, and there is no client without one.
#[cfg(all(target_family = "wasm", target_os = "unknown"))]
fn bits() -> u64 {
    SOURCE.get().map_or(0, |source| source.bits())
}

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
static SOURCE: std::sync::OnceLock<Box<dyn Randomness>> = std::sync::OnceLock::new();

/// Where random numbers come from on a platform whose standard library has none: idempotency tokens, which must not
/// repeat, and the random part of pauses. In a browser `crypto.getRandomValues` has them.
#[cfg(all(target_family = "wasm", target_os = "unknown"))]
pub trait Randomness: std::fmt::Debug + Send + Sync + 'static {
    /// 64 random bits.
    fn bits(&self) -> u64;
}

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
pub(super) fn provide(randomness: impl Randomness) {
    let _ = SOURCE.set(Box::new(randomness));
}

/// A part of `limit`, from nothing to all of it.
pub(super) fn part_of(limit: Duration) -> Duration {
    // 53 bits are what an f64 can tell apart.
    let fraction = (bits() >> 11) as f64 / (1_u64 << 53) as f64;
    limit.mul_f64(fraction)
}

/// A duration between these two.
pub(super) fn between(low: Duration, high: Duration) -> Duration {
    low + part_of(high.saturating_sub(low))
}

/// A random UUID (RFC 9562, version 4). Every call has one, so its digits are written without the machinery of `format!`.
pub(super) fn uuid() -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    /// Where the two digits of each byte are.
    const PLACES: [usize; 16] = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
    let (high, low) = (bits() & !0xF000 | 0x4000, bits() >> 2 | 1 << 63);
    let bits = u128::from(high) << 64 | u128::from(low);
    let mut text = [b'-'; 36];
    for (byte, place) in bits.to_be_bytes().into_iter().zip(PLACES) {
        text[place] = DIGITS[usize::from(byte >> 4)];
        text[place + 1] = DIGITS[usize::from(byte & 15)];
    }
    String::from_utf8_lossy(&text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn uuids_are_of_version_4_and_differ() {
        let all: HashSet<String> = (0..1000).map(|_| uuid()).collect();
        assert_eq!(all.len(), 1000);
        for uuid in all {
            let parts: Vec<&str> = uuid.split('-').collect();
            assert_eq!(parts.iter().map(|part| part.len()).collect::<Vec<_>>(), [8, 4, 4, 4, 12], "{uuid}");
            assert!(parts[2].starts_with('4') && parts[3].starts_with(['8', '9', 'a', 'b']), "{uuid}");
        }
    }

    #[test]
    fn parts_fill_the_range() {
        let second = Duration::from_secs(1);
        let parts: Vec<Duration> = (0..1000).map(|_| part_of(second)).collect();
        assert!(parts.iter().all(|part| *part < second));
        assert!(parts.iter().any(|part| *part < second / 10) && parts.iter().any(|part| *part > second * 9 / 10));
        assert!((0..1000).all(|_| (second..second * 2).contains(&between(second, second * 2))));
    }
}
