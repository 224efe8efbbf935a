//! What goes wrong: the same for the same seed, call and request.

use crate::appstream_server::{Arrival, Trouble};
use fastrand::Rng;
use http::StatusCode;

/// A number that depends on nothing but these three.
pub fn random(seed: u64, call: usize, request: usize) -> Rng {
    let mut rng = Rng::with_seed(seed ^ (call as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    Rng::with_seed(rng.u64(..) ^ request as u64)
}

/// What is to go wrong. Calls are named `<mark>-<number>`: `h` for hasty ones, `o` for those in the outage.
pub fn trouble(seed: u64, arrival: &Arrival<'_>) -> Option<Trouble> {
    let (mark, number) = arrival.call.split_once('-')?;
    if mark == "o" {
        return Some(Trouble::Html(StatusCode::SERVICE_UNAVAILABLE));
    }
    let mut rng = random(seed, number.parse().ok()?, arrival.index);
    // In thousandths of all requests.
    let (slow, at) = (mark == "h", rng.u32(..1000));
    Some(match at {
        0..20 => Trouble::Reset,
        20..30 => Trouble::Close,
        30..40 => Trouble::HalfBody,
        40..50 => Trouble::ResetInBody,
        50..60 => Trouble::TooManyRequests,
        60..63 => Trouble::Unavailable(1),
        63..73 => Trouble::Html(StatusCode::BAD_GATEWAY),
        73..76 => Trouble::Html(StatusCode::OK),
        76..86 => Trouble::Code(StatusCode::BAD_REQUEST, "ThrottlingException"),
        86..88 => Trouble::Garbage,
        88..98 => Trouble::SlowBody,
        98..108 => Trouble::CloseAfter,
        108..408 if slow => Trouble::Silence,
        408..708 if slow => Trouble::EndlessBody,
        _ => return None,
    })
}
