//! Whether a call ended as it had to, after what the server did.

use crate::appstream_server::{Entry, Trouble};
use std::time::Duration;
use workstream::appstream::Error;
use workstream::client::ClientError;
use workstream::runtime::ErrorKind;

/// How often a call may be sent.
pub const MAX_ATTEMPTS: usize = 3;

/// What the client's budget for retries is, and what a retry costs after a failure that passes and after throttling.
pub const BUDGET: u64 = 500;
const RETRY: u64 = 14;
const THROTTLING_RETRY: u64 = 5;

/// What a call gave: the output in its `Debug` form, or the kind of error.
pub type Outcome = Result<String, String>;

/// What is known of a call that ended rightly.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Attempts after the first.
    pub retries: u64,
    /// Attempts that the server did not see, because it was just closing the connection.
    pub unseen: u64,
    /// Connections that the server closed without a word.
    pub closed: u64,
    /// What the retries cost, at least.
    pub cost: u64,
    /// What a success gave back, at most.
    pub refund: u64,
    /// Whether it was not tried again though it had attempts left: then the budget was empty.
    pub starved: bool,
}

/// The kind of an error in a word or two.
pub fn kind(error: &Error) -> String {
    match error.kind() {
        ErrorKind::Service { code, .. } => code.clone(),
        ErrorKind::Decode(_) => "unreadable".to_owned(),
        ErrorKind::Client(ClientError::Transport(error)) => format!("{:?}", error.kind()),
        ErrorKind::Client(ClientError::Timeout { .. }) => "timeout".to_owned(),
        _ => error.to_string(),
    }
}

/// What an attempt has to look like for the client.
fn expected(entry: &Entry) -> Outcome {
    use Trouble::*;
    match (&entry.trouble, &entry.answer) {
        (Some(Reset | Close | HalfBody | ResetInBody), _) => Err("Exchange".to_owned()),
        (Some(Silence | EndlessBody), _) => Err("timeout".to_owned()),
        (Some(Garbage), _) => Err("Response".to_owned()),
        (Some(TooManyRequests), _) => Err("429".to_owned()),
        (Some(Unavailable(_)), _) => Err("503".to_owned()),
        (Some(Html(status)), _) if status.is_success() => Err("unreadable".to_owned()),
        (Some(Html(status)), _) => Err(status.as_str().to_owned()),
        (Some(Code(..) | SlowBody | CloseAfter) | None, Some(answer)) => answer.clone(),
        (Some(Code(..) | SlowBody | CloseAfter) | None, None) => Err("no answer".to_owned()),
    }
}

/// What another attempt costs after this error; nothing where it makes no sense.
fn cost(error: &str) -> Option<u64> {
    match error {
        "Exchange" | "timeout" | "500" | "502" | "503" => Some(RETRY),
        "429" | "ThrottlingException" => Some(THROTTLING_RETRY),
        // The client was wrong, and knows better now.
        "InvalidSignatureException" | "RequestTimeTooSkewed" | "ExpiredTokenException" => Some(0),
        _ => None,
    }
}

/// Compares what a call gave with what the server did about its requests. `hasty` calls may time out whenever they like.
///
/// # Errors
/// What is wrong, in a line.
pub fn check(log: &[Entry], outcome: &Outcome, attempts: Option<u32>, hasty: bool) -> Result<Verdict, String> {
    // An attempt that the client has given up may be read after the one that follows it.
    let mut ordered = log.to_vec();
    if hasty {
        ordered.sort_by_key(number);
    }
    let log = ordered.as_slice();
    let numbers = log.iter().map(number).collect::<Option<Vec<_>>>().ok_or("an attempt without a number")?;
    if numbers.windows(2).any(|two| two[0] >= two[1])
        || log.windows(2).any(|two| two[0].invocation != two[1].invocation)
    {
        return Err(format!("attempts of one call are numbered {numbers:?}"));
    }
    let sent = attempts.map_or(numbers.last().copied().unwrap_or(1), |attempts| attempts as usize);
    if sent > MAX_ATTEMPTS || numbers.last().is_some_and(|last| *last > sent) {
        return Err(format!("{sent} attempts, numbered {numbers:?}"));
    }
    let last_seen = numbers.last() == Some(&sent);
    let (retried, last) = log.split_at(if last_seen { log.len() - 1 } else { log.len() });
    let unseen = sent - log.len();
    let mut verdict = Verdict { retries: sent as u64 - 1, closed: closed(log), ..Verdict::default() };
    // Those of hasty calls may have timed out before.
    verdict.unseen = if hasty { 0 } else { unseen as u64 };
    // Nothing of an attempt that the server did not see tells whether it cost something.
    for (entry, next) in retried.iter().zip(retried.iter().skip(1).chain(last).map(Some).chain([None])) {
        match expected(entry) {
            Ok(_) if hasty => verdict.cost += RETRY,
            Ok(_) => return Err("a call went on after a success".to_owned()),
            Err(error) => {
                let timeout = hasty.then_some(RETRY);
                verdict.cost += cost(&error).or(timeout).ok_or(format!("a retry after {error}"))?;
            }
        }
        if let (Some(Trouble::Unavailable(seconds)), Some(next)) = (&entry.trouble, next)
            && next.at.duration_since(entry.at) < Duration::from_secs(*seconds)
        {
            return Err(format!("{seconds} s were asked for, and the next attempt came earlier"));
        }
    }
    let expected = match last {
        [entry] => expected(entry),
        // The connection broke before.
        _ => Err("Exchange".to_owned()),
    };
    let timed_out = hasty && *outcome == Err("timeout".to_owned());
    if *outcome != expected && !timed_out {
        return Err(format!("{outcome:?} instead of {expected:?}"));
    }
    match outcome {
        Ok(_) if sent == 1 => verdict.refund = 1,
        Ok(_) => verdict.refund = RETRY,
        Err(error) if sent < MAX_ATTEMPTS => match cost(error) {
            Some(0) => return Err(format!("no other attempt after {error}")),
            cost => verdict.starved = cost.is_some(),
        },
        Err(_) => {}
    }
    Ok(verdict)
}

/// Whether an attempt succeeded for the client.
pub fn is_success(entry: &Entry) -> bool {
    expected(entry).is_ok()
}

/// How many connections the server closed without a word.
pub fn closed(log: &[Entry]) -> u64 {
    log.iter().filter(|entry| entry.trouble == Some(Trouble::CloseAfter)).count() as u64
}

/// The number in `attempt=2; max=3`.
fn number(entry: &Entry) -> Option<usize> {
    entry.attempt.strip_prefix("attempt=")?.split(';').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    /// Attempts of one call, with what went wrong and what was answered.
    fn log(attempts: &[(Option<Trouble>, Option<Outcome>)]) -> Vec<Entry> {
        let entry = |(index, (trouble, answer)): (usize, &(Option<Trouble>, Option<Outcome>))| Entry {
            invocation: "id".to_owned(),
            attempt: format!("attempt={}; max=3", index + 1),
            at: Instant::now(),
            trouble: trouble.clone(),
            answer: answer.clone(),
        };
        attempts.iter().enumerate().map(entry).collect()
    }

    fn answered(output: &str) -> (Option<Trouble>, Option<Outcome>) {
        (None, Some(Ok(output.to_owned())))
    }

    fn refused(code: &str) -> (Option<Trouble>, Option<Outcome>) {
        (None, Some(Err(code.to_owned())))
    }

    fn error(kind: &str) -> Outcome {
        Err(kind.to_owned())
    }

    #[test]
    fn what_has_to_be_is_right() {
        let right = |log: &[Entry], outcome: Outcome, attempts| check(log, &outcome, Some(attempts), false).unwrap();
        let reset = (Some(Trouble::Reset), None);
        let once = right(&log(&[reset.clone(), answered("a")]), Ok("a".to_owned()), 2);
        assert_eq!(once, Verdict { retries: 1, cost: 14, refund: 14, ..Verdict::default() });
        let throttled = right(&log(&[refused("ThrottlingException"), answered("a")]), Ok("a".to_owned()), 2);
        assert_eq!(throttled.cost, 5);
        let thrice = right(&log(&[reset.clone(), reset.clone(), reset.clone()]), error("Exchange"), 3);
        assert_eq!(thrice, Verdict { retries: 2, cost: 28, ..Verdict::default() });
        assert!(right(&log(&[reset]), error("Exchange"), 1).starved);
        assert!(!right(&log(&[refused("ResourceNotFoundException")]), error("ResourceNotFoundException"), 1).starved);
        let expired = refused("ExpiredTokenException");
        assert_eq!(right(&log(&[expired, answered("a")]), Ok("a".to_owned()), 2).cost, 0);
        assert_eq!(right(&[], error("Exchange"), 1).unseen, 1);
        let slow = (Some(Trouble::Silence), None);
        let mut late = log(&[slow.clone(), slow.clone(), slow]);
        late.swap(0, 1);
        assert_eq!(check(&late, &error("timeout"), Some(3), true).unwrap().retries, 2);
    }

    #[test]
    fn what_must_not_be_is_noticed() {
        let wrong =
            |log: &[Entry], outcome: Outcome, attempts| check(log, &outcome, Some(attempts), false).unwrap_err();
        let a = || Ok("a".to_owned());
        let unavailable = (Some(Trouble::Unavailable(1)), None);
        wrong(&log(&[answered("b")]), a(), 1);
        wrong(&log(&[answered("a")]), error("Exchange"), 1);
        wrong(&log(&[answered("a"), answered("a")]), a(), 2);
        wrong(&log(&[(Some(Trouble::HalfBody), Some(a()))]), a(), 1);
        wrong(&log(&[refused("ResourceNotFoundException"), answered("a")]), a(), 2);
        wrong(&log(&[refused("RequestTimeTooSkewed")]), error("RequestTimeTooSkewed"), 1);
        wrong(&log(&[answered("a")]), error("timeout"), 1);
        wrong(&log(&[unavailable, answered("a")]), a(), 2);
        let mut swapped = log(&[(Some(Trouble::Reset), None), answered("a")]);
        swapped.swap(0, 1);
        wrong(&swapped, a(), 2);
        wrong(&log(&[]), a(), 1);
        wrong(&log(&[]), error("Exchange"), 4);
    }
}
