//! How long it takes to sign a small request with a key that is kept.
//!
//!     cargo bench -p workstream-runtime --features client-core --bench signing
//!
//! The figure is the median of 40 batches.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use bytes::Bytes;
use std::hint::black_box;
use std::time::{Instant, SystemTime};
use workstream_runtime::client::{Credentials, SigningKeys, SigningScope, sign};
use workstream_runtime::http::Request;

const BATCHES: usize = 40;
const RUNS_PER_BATCH: u32 = 5_000;

fn main() {
    let long = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    let temporary = long.clone().session_token("token".repeat(80));
    for (name, credentials) in [("a small POST", &long), ("with a token of 400 characters", &temporary)] {
        println!("{name}: {} ns", median(credentials));
    }
}

fn median(credentials: &Credentials) -> u128 {
    let keys = SigningKeys::default();
    let scope = SigningScope::new("appstream", "eu-west-1");
    let time = SystemTime::now();
    let mut request = Request::post("https://appstream2.eu-west-1.amazonaws.com/")
        .header("content-type", "application/x-amz-json-1.1")
        .header("x-amz-target", "PhotonAdminProxyService.DescribeFleets")
        .header("user-agent", "workstream/0.1")
        .header("amz-sdk-request", "attempt=1; max=3")
        .body(Bytes::from_static(br#"{"Names":["fleet-1"]}"#))
        .unwrap();
    let mut batches: Vec<_> = (0..BATCHES)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..RUNS_PER_BATCH {
                sign(black_box(&mut request), credentials, scope, time, &keys).unwrap();
            }
            start.elapsed().as_nanos() / u128::from(RUNS_PER_BATCH)
        })
        .collect();
    batches.sort();
    batches[BATCHES / 2]
}
