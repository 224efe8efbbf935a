//! What a soak has come to.

use super::Options;
use super::check::{BUDGET, Verdict, check, closed, is_success};
use crate::appstream_server::Entry;
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// How much the client may have more at the end than at half time, in bytes: by chance, and with each call. A leak of 50
/// bytes a call is seen from some 3,000 calls on.
const TOLERATED: usize = 64 << 10;
const TOLERATED_PER_CALL: usize = 5;

/// How many errors are told in full.
const TOLD: usize = 10;

/// Sums over calls.
#[derive(Debug, Default)]
pub struct Counts {
    /// By kind of error; successes under "ok".
    outcomes: BTreeMap<String, u64>,
    verdict: Verdict,
    starved: u64,
    wrong: u64,
    told: Vec<String>,
}

/// What the process had at one moment.
#[derive(Debug)]
pub struct Sample {
    pub calls: usize,
    /// Bytes that are allocated.
    pub allocated: Option<usize>,
    pub resident_kib: Option<u64>,
    pub sockets: Option<usize>,
}

/// What a soak has come to, as a table.
#[derive(Debug)]
pub struct Report {
    pub(super) client: &'static str,
    pub(super) options: Options,
    pub(super) phases: Vec<(&'static str, Counts)>,
    pub(super) samples: Vec<Sample>,
    pub(super) requests: usize,
    pub(super) connections: usize,
    pub(super) credentials: usize,
    pub(super) tasks: usize,
    pub(super) sockets_before: Option<usize>,
    pub(super) sockets_after: Option<usize>,
    pub(super) elapsed: Duration,
    /// What is not as it has to be.
    pub failures: Vec<String>,
}

impl Counts {
    fn outcome(&mut self, name: impl Into<String>) {
        *self.outcomes.entry(name.into()).or_default() += 1;
    }

    pub(super) fn wrong(&mut self, what: String) {
        self.wrong += 1;
        if self.told.len() < TOLD {
            self.told.push(what);
        }
    }

    fn costs(&mut self, verdict: &Verdict) {
        self.verdict.retries += verdict.retries;
        self.verdict.unseen += verdict.unseen;
        self.verdict.closed += verdict.closed;
        self.verdict.cost += verdict.cost;
        self.verdict.refund += verdict.refund;
        self.starved += u64::from(verdict.starved);
    }

    pub(super) fn add(&mut self, error: Option<String>, verdict: &Verdict) {
        self.outcome(error.unwrap_or_else(|| "ok".to_owned()));
        self.costs(verdict);
    }

    /// A call that was dropped: what it sent counts.
    pub(super) fn cancelled(&mut self, log: &[Entry]) {
        self.outcome("cancelled");
        self.verdict.retries += (log.len() as u64).saturating_sub(1);
        self.verdict.closed += closed(log);
    }

    /// Calls for pages, the last of which may have failed: with this error, after so many attempts.
    pub(super) fn pages(&mut self, name: &str, log: &[Entry], failed: Option<(String, u32)>) {
        let mut pages: Vec<&[Entry]> = log.chunk_by(|a, b| a.invocation == b.invocation).collect();
        // Of a call that the server has seen nothing of, there is nothing in the log.
        if failed.is_some() && pages.last().is_none_or(|page| page.last().is_some_and(is_success)) {
            pages.push(&[]);
        }
        let last = pages.len().saturating_sub(1);
        for (index, page) in pages.into_iter().enumerate() {
            let (outcome, attempts) = match &failed {
                Some((error, attempts)) if index == last => (Err(error.clone()), Some(*attempts)),
                // What was in it is compared by name, when the listing is complete.
                _ => (page.last().and_then(|entry| entry.answer.clone()).unwrap_or(Err("no page".to_owned())), None),
            };
            match check(page, &outcome, attempts, false) {
                Ok(verdict) => {
                    self.outcome(outcome.err().map_or("page".to_owned(), |error| format!("page: {error}")));
                    self.costs(&verdict);
                }
                Err(wrong) => self.wrong(format!("{name}: a page: {wrong}")),
            }
        }
    }

    pub(super) fn listing(&mut self, complete: bool, wrong: Option<String>) {
        match wrong {
            Some(wrong) => self.wrong(wrong),
            None => self.outcome(if complete { "listing" } else { "listing given up" }),
        }
    }
}

impl Report {
    pub(super) fn new(client: &'static str, options: Options) -> Self {
        Self {
            client,
            options,
            phases: Vec::new(),
            samples: Vec::new(),
            requests: 0,
            connections: 0,
            credentials: 0,
            tasks: 0,
            sockets_before: None,
            sockets_after: None,
            elapsed: Duration::ZERO,
            failures: Vec::new(),
        }
    }

    /// Finds out what is wrong.
    pub(super) fn judge(&mut self) {
        let mut failures = Vec::new();
        for (phase, counts) in &self.phases {
            if counts.wrong > 0 {
                failures.push(format!("{phase}: {} calls ended wrongly, such as {:#?}", counts.wrong, counts.told));
            }
            if counts.verdict.cost > BUDGET + counts.verdict.refund {
                failures.push(format!("{phase}: retries cost {}, and there were {BUDGET}", counts.verdict.cost));
            }
            if *phase == "before" && counts.starved > 0 {
                failures.push(format!("{phase}: {} calls found no budget for a retry", counts.starved));
            }
        }
        let sum = |of: fn(&Verdict) -> u64| self.phases.iter().map(|(_, counts)| of(&counts.verdict)).sum::<u64>();
        let (unseen, closed) = (sum(|verdict| verdict.unseen), sum(|verdict| verdict.closed));
        if unseen > closed {
            failures.push(format!("{unseen} attempts nobody saw, and {closed} connections that were closed"));
        }
        if self.tasks > 0 {
            failures.push(format!("{} tasks are left", self.tasks));
        }
        if self.sockets_after > self.sockets_before {
            failures.push(format!("{:?} sockets are left, {:?} at first", self.sockets_after, self.sockets_before));
        }
        failures.extend(self.samples.windows(2).next_back().and_then(|last| grown(&last[0], &last[1])));
        // At first, and whenever they ended.
        if self.credentials != 3 {
            failures.push(format!("credentials were asked for {} times", self.credentials));
        }
        self.failures = failures;
    }
}

/// What is wrong with the memory between two moments, if anything is.
fn grown(before: &Sample, after: &Sample) -> Option<String> {
    let (calls, (old, new)) = (after.calls - before.calls, before.allocated.zip(after.allocated)?);
    let tolerated = TOLERATED + TOLERATED_PER_CALL * calls;
    (new > old + tolerated).then(|| {
        format!("{calls} calls left {} bytes, {} each, and {tolerated} are tolerated", new - old, (new - old) / calls)
    })
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Options { calls, seed, concurrency, .. }, client) = (&self.options, self.client);
        let seconds = self.elapsed.as_secs_f64();
        writeln!(f, "{calls} calls of the {client} client, {concurrency} at a time, seed {seed}: {seconds:.1} s")?;
        writeln!(f, "{:<28} {:>9} {:>9} {:>9}", "", "before", "outage", "after")?;
        let row = |f: &mut fmt::Formatter<'_>, name: &str, of: &dyn Fn(&Counts) -> u64| {
            write!(f, "{name:<28}")?;
            self.phases.iter().try_for_each(|(_, counts)| write!(f, " {:>9}", of(counts)))?;
            writeln!(f)
        };
        let mut names: Vec<&String> = self.phases.iter().flat_map(|(_, counts)| counts.outcomes.keys()).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            row(f, name, &|counts| counts.outcomes.get(name).copied().unwrap_or_default())?;
        }
        row(f, "(wrong)", &|counts| counts.wrong)?;
        row(f, "(retries)", &|counts| counts.verdict.retries)?;
        row(f, "(no budget for a retry)", &|counts| counts.starved)?;
        row(f, "(attempts nobody saw)", &|counts| counts.verdict.unseen)?;
        writeln!(f, "requests {}, connections {}, tasks left {}", self.requests, self.connections, self.tasks)?;
        for Sample { calls, allocated, resident_kib, sockets } in &self.samples {
            let (allocated, resident) = (told(*allocated), told(*resident_kib));
            writeln!(
                f,
                "after {calls:>7} calls: {allocated:>9} bytes, {resident:>7} KiB resident, {} sockets",
                told(*sockets)
            )?;
        }
        writeln!(f, "at the end: {} sockets", told(self.sockets_after))?;
        self.failures.iter().try_for_each(|failure| writeln!(f, "WRONG: {failure}"))
    }
}

/// A number, where the system tells it.
fn told(number: Option<impl ToString>) -> String {
    number.map_or("?".to_owned(), |number| number.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(calls: usize, allocated: usize) -> Sample {
        Sample { calls, allocated: Some(allocated), resident_kib: None, sockets: None }
    }

    fn entry(invocation: &str, answer: Result<&str, &str>) -> Entry {
        Entry {
            invocation: invocation.to_owned(),
            attempt: "attempt=1; max=3".to_owned(),
            at: std::time::Instant::now(),
            trouble: None,
            answer: Some(answer.map(str::to_owned).map_err(str::to_owned)),
        }
    }

    /// The server may close a connection just when a page is asked for.
    #[test]
    fn pages_may_fail_unseen() {
        let wrong = |log: &[Entry], error: &str, attempts| {
            let mut counts = Counts::default();
            counts.pages("n-1", log, Some((error.to_owned(), attempts)));
            (counts.wrong, counts.verdict.unseen)
        };
        let page = entry("first", Ok("page"));
        let throttled = entry("second", Err("ThrottlingException"));
        assert_eq!(wrong(&[page.clone(), throttled.clone()], "ThrottlingException", 1), (0, 0));
        assert_eq!(wrong(&[page.clone(), throttled.clone()], "Exchange", 2), (0, 1));
        assert_eq!(wrong(std::slice::from_ref(&page), "Exchange", 1), (0, 1));
        assert_eq!(wrong(&[], "Exchange", 3), (0, 3));
        assert_eq!(wrong(&[page.clone(), throttled], "502", 1).0, 1);
        assert_eq!(wrong(&[page], "ThrottlingException", 1).0, 1);
    }

    #[test]
    fn fifty_bytes_a_call_are_a_leak() {
        for calls in [3_000, 100_000, 10_000_000] {
            let at = |bytes: usize| grown(&sample(calls / 2, 1_000_000), &sample(calls, 1_000_000 + bytes * calls / 2));
            assert!(at(50).is_some_and(|said| said.contains(", 50 each, ")), "{:?}", at(50));
            assert_eq!(at(4), None);
            assert_eq!(grown(&sample(calls / 2, 1_000_000), &sample(calls, 1_060_000)), None, "by chance");
        }
        let unknown = Sample { allocated: None, ..sample(2, 0) };
        assert_eq!(grown(&sample(1, 0), &unknown), None);
    }
}
