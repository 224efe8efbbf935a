//! The server, in a process of its own: what is measured in this one is the client's. It is asked in lines of JSON, a
//! line for a line.

use super::trouble::trouble;
use crate::appstream_server::{AppStream, Entry};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};
use workstream::client::{Credentials, HttpOptions, SystemClock};

/// The argument that makes the program the server.
pub const SERVE: &str = "--serve";

/// Serves until stdin ends, which it does when the process that has started this one ends.
///
/// # Errors
/// When nobody reads what it says.
pub fn serve(seed: u64) -> io::Result<()> {
    let started = Instant::now();
    let server = AppStream::tls(SystemClock, move |arrival| trouble(seed, arrival));
    let mut stdout = io::stdout().lock();
    let fleets: Vec<&str> = server.fleets().iter().map(|fleet| fleet.name.as_str()).collect();
    let certificate = STANDARD.encode(server.server().certificate());
    writeln!(stdout, "{}", json!({"url": server.url(), "certificate": certificate, "fleets": fleets}))?;
    for line in io::stdin().lock().lines() {
        let asked: Value = serde_json::from_str(&line?)?;
        let argument = &asked[1];
        let answer = match asked[0].as_str().unwrap_or_default() {
            "log" => log(&server, argument.as_str().unwrap_or_default(), started),
            "clock" => {
                server.set_clock_ahead(argument.as_i64().unwrap_or_default());
                Value::Null
            }
            "expire" => {
                server.expire_credentials();
                Value::Null
            }
            "credentials" => {
                let credentials = server.new_credentials();
                let Credentials { access_key_id, secret_access_key, session_token, .. } = &credentials;
                json!([access_key_id, secret_access_key, session_token])
            }
            "forget" => {
                server.forget_logs();
                Value::Null
            }
            "wait until closed" => {
                server.server().wait_until_closed(server.server().connections());
                Value::Null
            }
            "count" => {
                let sockets = server.server();
                json!([sockets.requests(), sockets.connections(), server.credentials_given()])
            }
            other => return Err(io::Error::other(format!("nobody knows how to {other}"))),
        };
        writeln!(stdout, "{answer}")?;
    }
    Ok(())
}

/// What has come of a call. What was to go wrong with it, the other side knows by itself.
fn log(server: &AppStream, call: &str, started: Instant) -> Value {
    let entry = |entry: Entry| {
        let answer = entry.answer.map(|answer| match answer {
            Ok(output) => json!([true, output]),
            Err(error) => json!([false, error]),
        });
        let at = entry.at.duration_since(started).as_micros() as u64;
        json!([entry.invocation, entry.attempt, at, entry.trouble.is_some(), answer])
    };
    server.take_log(call).into_iter().map(entry).collect()
}

/// The server's process, which ends with this value.
pub struct Remote {
    process: Child,
    pipes: Mutex<Option<(ChildStdin, BufReader<ChildStdout>)>>,
    seed: u64,
    started: Instant,
    /// Where it listens.
    pub url: String,
    certificate: Vec<u8>,
    /// The names of all fleets.
    pub fleets: Vec<String>,
}

impl Remote {
    /// Starts `program`, which calls [`serve`] for these arguments.
    pub fn start(program: &Path, seed: u64) -> Self {
        let mut command = Command::new(program);
        command.args([SERVE, "--seed", &seed.to_string()]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().expect("the program is there");
        let pipes = process.stdin.take().zip(process.stdout.take()).expect("both are pipes");
        let mut stdout = BufReader::new(pipes.1);
        let facts = line(&mut stdout);
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        Self {
            process,
            pipes: Mutex::new(Some((pipes.0, stdout))),
            seed,
            started: Instant::now(),
            url: text(&facts["url"]),
            certificate: STANDARD.decode(text(&facts["certificate"])).expect("it is base64"),
            fleets: facts["fleets"].as_array().into_iter().flatten().map(text).collect(),
        }
    }

    fn ask(&self, what: &str, argument: impl Into<Value>) -> Value {
        let mut pipes = self.pipes.lock().unwrap();
        let (stdin, stdout) = pipes.as_mut().expect("it is not over");
        writeln!(stdin, "{}", json!([what, argument.into()])).expect("the server reads");
        line(stdout)
    }

    /// How to reach it.
    pub fn http_options(&self) -> HttpOptions {
        let options = HttpOptions::default().only_these_roots();
        options.root_certificate(self.certificate.clone()).expect("the certificate is in DER")
    }

    /// See [`AppStream::take_log`].
    pub fn take_log(&self, call: &str) -> Vec<Entry> {
        let log = self.ask("log", call);
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let entry = |(index, entry): (usize, &Value)| Entry {
            invocation: text(&entry[0]),
            attempt: text(&entry[1]),
            at: self.started + Duration::from_micros(entry[2].as_u64().unwrap_or_default()),
            trouble: trouble(self.seed, &crate::appstream_server::Arrival { call, index })
                .filter(|_| entry[3] == Value::Bool(true)),
            answer: entry[4].as_array().map(|answer| match answer[0].as_bool() {
                Some(true) => Ok(text(&answer[1])),
                _ => Err(text(&answer[1])),
            }),
        };
        log.as_array().into_iter().flatten().enumerate().map(entry).collect()
    }

    /// See [`AppStream::set_clock_ahead`].
    pub fn set_clock_ahead(&self, seconds: i64) {
        self.ask("clock", seconds);
    }

    /// See [`AppStream::expire_credentials`].
    pub fn expire_credentials(&self) {
        self.ask("expire", Value::Null);
    }

    /// See [`AppStream::new_credentials`].
    pub fn new_credentials(&self) -> Credentials {
        let given = self.ask("credentials", Value::Null);
        let text = |index: usize| given[index].as_str().unwrap_or_default();
        Credentials::new(text(0), text(1)).session_token(text(2))
    }

    /// See [`AppStream::forget_logs`].
    pub fn forget_logs(&self) {
        self.ask("forget", Value::Null);
    }

    /// Waits until all connections are closed.
    pub fn wait_until_closed(&self) {
        self.ask("wait until closed", Value::Null);
    }

    /// How many requests, connections and credentials there were.
    pub fn counts(&self) -> [usize; 3] {
        let counts = self.ask("count", Value::Null);
        [0, 1, 2].map(|index| counts[index].as_u64().unwrap_or_default() as usize)
    }
}

impl Drop for Remote {
    fn drop(&mut self) {
        // It ends with its stdin.
        self.pipes.get_mut().unwrap().take();
        let _ = self.process.wait();
    }
}

fn line(stdout: &mut impl BufRead) -> Value {
    let mut line = String::new();
    stdout.read_line(&mut line).expect("the server answers");
    serde_json::from_str(&line).unwrap_or_else(|_| panic!("the server ended: {line:?}"))
}
