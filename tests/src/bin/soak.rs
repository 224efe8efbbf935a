//! Many calls at a time against a server that often fails: see [`workstream_tests::soak`].

use cap::Cap;
use std::alloc::System;
use std::process::ExitCode;
use workstream::client::{Async, Blocking};
use workstream_tests::soak::{Options, Report, SERVE, run, serve};

/// Counts what the client has.
#[global_allocator]
static ALLOCATOR: Cap<System> = Cap::new(System, usize::MAX);

const USAGE: &str =
    "usage: soak [--client async|blocking] [--calls N] [--seed S] [--concurrency C], with 1000 calls at least";

/// Which kinds of clients.
type Clients = Vec<fn(&Options) -> Report>;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1).peekable();
    let serves = arguments.next_if(|argument| argument == SERVE).is_some();
    let Some((options, clients)) = options(arguments) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    if serves {
        return match serve(options.seed) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("the server: {error}");
                ExitCode::FAILURE
            }
        };
    }
    let mut good = true;
    for run in clients {
        let report = run(&options);
        println!("{report}");
        good &= report.failures.is_empty();
    }
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn options(mut arguments: impl Iterator<Item = String>) -> Option<(Options, Clients)> {
    let mut options = Options::new(std::env::current_exe().ok()?, || Some(ALLOCATOR.allocated()));
    let mut clients: Clients = vec![run::<Async>, run::<Blocking>];
    while let Some(name) = arguments.next() {
        let value = arguments.next()?;
        match &*name {
            "--client" if value == "async" => clients.truncate(1),
            "--client" if value == "blocking" => drop(clients.remove(0)),
            "--calls" => options.calls = value.parse().ok().filter(|calls| *calls >= 1000)?,
            "--seed" => options.seed = value.parse().ok()?,
            "--concurrency" => options.concurrency = value.parse().ok().filter(|count| *count > 0)?,
            _ => return None,
        }
    }
    Some((options, clients))
}
