//! Many calls at a time against a server that often fails: see [`workstream_tests::soak`].

use std::process::ExitCode;
use workstream_tests::soak::{Options, run};

const USAGE: &str = "usage: soak [--calls N] [--seed S] [--concurrency C], with 1000 calls at least";

fn main() -> ExitCode {
    let Some(options) = options(std::env::args().skip(1)) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let report = run(&options);
    println!("{report}");
    if report.failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn options(mut arguments: impl Iterator<Item = String>) -> Option<Options> {
    let mut options = Options::default();
    while let Some(name) = arguments.next() {
        let value = arguments.next()?;
        match &*name {
            "--calls" => options.calls = value.parse().ok().filter(|calls| *calls >= 1000)?,
            "--seed" => options.seed = value.parse().ok()?,
            "--concurrency" => options.concurrency = value.parse().ok().filter(|count| *count > 0)?,
            _ => return None,
        }
    }
    Some(options)
}
