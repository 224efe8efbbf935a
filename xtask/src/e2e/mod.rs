//! `cargo xtask e2e`: the clients against a server that others wrote.
//!
//! The server is moto's, started by tests/e2e/serve.py; what is done with WorkSpaces is the program `e2e` of the tests
//! package, and what is done with services of other protocols is in tests/e2e/services. Only what they need is made ready
//! here.

mod services;

use crate::conformance;
use crate::failure::{Failure, Result};
use crate::paths::workspace;
use crate::process::{target, test_programs};
use crate::python::{Environment, Python};
use crate::stderr::eprintln;
use serde_json::Value;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Which server to call.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Leave the server running
    #[arg(long, conflicts_with = "endpoint")]
    pub keep: bool,

    /// Use a server that an earlier run left running, instead of starting one
    #[arg(long, value_name = "URL")]
    pub endpoint: Option<String>,

    /// What the environment is made with
    #[command(flatten)]
    pub python: Python,
}

/// What the server needs; boto3 is for what the scenario begins with.
const PACKAGES: &[&str] = &["moto[server]==5.2.5", "boto3==1.44.5"];

/// How long the server may take until it answers: it imports much.
const READY_WITHIN: Duration = Duration::from_secs(120);

/// How long the server may take to stop.
const STOPPED_WITHIN: Duration = Duration::from_secs(5);

/// Plays the scenario, and calls the other services; `false` when a step fails, of which the user has been told.
///
/// # Errors
///
/// When there is no Python with moto, or the server does not start.
pub fn run(args: &Args) -> Result<bool> {
    let programs = test_programs(&[("--bin", "e2e")])?;
    let target = target(&programs[0]);
    let folder = target.join("e2e");
    let models = conformance::sources(target, &args.python)?.models();
    let python = args.python.environment(&folder.join("python"), PACKAGES)?;
    // A server that was kept goes on writing its own.
    let log = folder.join(if args.endpoint.is_some() { "set-up.log" } else { "server.log" });
    let mut server = Server::start(&python, args, &log)?;
    eprintln!("server   {}, log in {}", server.fact("endpoint"), log.display());

    let scenario = Command::new(&programs[0]).arg(&server.facts).status();
    let others = services::run(&models, &server.fact("endpoint"), &server.fact("region"), target);
    if args.keep {
        let (endpoint, id) = (server.fact("endpoint"), server.process.id());
        eprintln!("server   still runs at {endpoint}, as process {id}: cargo xtask e2e --endpoint {endpoint}");
        server.keep = true;
    }
    let status = scenario.map_err(|e| Failure::new(format!("cannot run {}: {e}", programs[0].display())))?;
    match status.code() {
        Some(0) => others,
        Some(1) => others.map(|_| false),
        _ => Err(Failure::new(format!("the scenario ended with {status}"))),
    }
}

/// A server that is ready. It stops with this value: and however this program ends, because its stdin does so too.
struct Server {
    process: Child,
    /// The line of JSON that it has said.
    facts: String,
    keep: bool,
}

impl Server {
    fn start(python: &Environment, args: &Args, log: &Path) -> Result<Self> {
        let file = File::create(log).map_err(|e| Failure::io("write", log, &e))?;
        let script: PathBuf = ["tests", "e2e", "serve.py"].iter().collect();
        let mut command = python.script(&workspace().join(script));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(file);
        if args.keep {
            on_its_own(command.arg("--keep").stdin(Stdio::null()));
        }
        if let Some(endpoint) = &args.endpoint {
            command.args(["--endpoint", endpoint]);
        }
        let process = command.spawn().map_err(|e| Failure::new(format!("cannot run {command:?}: {e}")))?;
        let mut server = Self { process, facts: String::new(), keep: false };
        server.facts = server.first_line().ok_or_else(|| not_ready(log))?;
        Ok(server)
    }

    /// What the server says when it is ready; nothing if it ends before, or takes too long.
    fn first_line(&mut self) -> Option<String> {
        let stdout = self.process.stdout.take()?;
        let (sender, line) = mpsc::channel();
        thread::spawn(move || sender.send(BufReader::new(stdout).lines().next()));
        line.recv_timeout(READY_WITHIN).ok()??.ok()
    }

    /// What it has said of itself.
    fn fact(&self, name: &str) -> String {
        let facts: Value = serde_json::from_str(&self.facts).unwrap_or_default();
        facts[name].as_str().unwrap_or("unknown").to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.keep {
            return;
        }
        drop(self.process.stdin.take());
        let pause = Duration::from_millis(20);
        for _ in 0..STOPPED_WITHIN.as_millis() / pause.as_millis() {
            if !matches!(self.process.try_wait(), Ok(None)) {
                return;
            }
            thread::sleep(pause);
        }
        // Nothing more can be done about it.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn not_ready(log: &Path) -> Failure {
    let text = fs::read_to_string(log).unwrap_or_default();
    let last = text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("it said nothing");
    Failure::new(format!("the server did not start: {last}")).hint(format!("see {}", log.display()))
}

/// Lets a process outlive Ctrl-C.
fn on_its_own(command: &mut Command) {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    #[cfg(not(unix))]
    let _ = command;
}
