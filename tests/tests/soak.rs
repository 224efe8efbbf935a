//! A small soak, in a process of its own: it looks at the sockets of the whole process.

use workstream_tests::soak::{Options, run};

#[test]
fn every_call_ends_rightly() {
    let report = run(&Options { calls: 1000, seed: 7, concurrency: 32 });
    assert!(report.failures.is_empty(), "{report}");
}
