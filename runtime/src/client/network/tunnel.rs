//! CONNECT: having a proxy pass bytes on to a server (RFC 9110, section 9.3.6).

use super::failure::failure;
use super::route::Route;
use crate::client::{TransportError, TransportErrorKind};
use crate::one_line::OneLine;

/// How long the head of a proxy's answer may be, in bytes.
const MAX_HEAD: usize = 8 << 10;

/// How every answer begins.
const PROTOCOL: &[u8] = b"HTTP/1.";

/// One request for a tunnel, and what has come of the answer.
///
/// It decides as early as it can: with the first bytes that are no HTTP, or the status line of a refusal. What a proxy
/// says after that line, such as a page for people, is not waited for.
pub(in crate::client) struct Tunnel<'a> {
    route: &'a Route,
    answer: Vec<u8>,
}

impl<'a> Tunnel<'a> {
    /// A tunnel along `route`.
    pub(in crate::client) fn new(route: &'a Route) -> Self {
        Self { route, answer: Vec::new() }
    }

    /// What to send to the proxy.
    pub(in crate::client) fn request(&self) -> Vec<u8> {
        let target = &self.route.origin;
        let mut request = format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n").into_bytes();
        if let Some(authorization) = self.route.proxy.as_ref().and_then(|proxy| proxy.authorization.as_ref()) {
            request.extend_from_slice(b"Proxy-Authorization: ");
            request.extend_from_slice(authorization.as_bytes());
            request.extend_from_slice(b"\r\n");
        }
        request.extend_from_slice(b"\r\n");
        request
    }

    /// Takes what came of the answer; nothing stands for its end. Whether the tunnel is there.
    ///
    /// # Errors
    /// When there is to be none.
    pub(in crate::client) fn receive(&mut self, bytes: &[u8]) -> Result<bool, TransportError> {
        self.answer.extend_from_slice(bytes);
        loop {
            let known = self.answer.len().min(PROTOCOL.len());
            if self.answer[..known] != PROTOCOL[..known] {
                let begin = self.answer.split(|byte| matches!(byte, b'\r' | b'\n')).next().unwrap_or_default();
                let begin = String::from_utf8_lossy(begin.get(..100).unwrap_or(begin));
                return Err(self.refused(format!("it speaks no HTTP: `{}`", OneLine(begin)), false));
            }
            if let Some(end) = self.answer.iter().position(|byte| *byte == b'\n') {
                let line = self.answer[..end].strip_suffix(b"\r").unwrap_or(&self.answer[..end]);
                let status = status(line);
                match status {
                    // What is provisional is followed by what counts.
                    Some(100..=199) => {
                        if let Some(end) = head_end(&self.answer) {
                            self.answer.drain(..end);
                            continue;
                        }
                    }
                    Some(200..=299) => match head_end(&self.answer) {
                        Some(end) if end == self.answer.len() => return Ok(true),
                        Some(_) => {
                            let problem = "it sends more than the head of its answer, before the server was asked";
                            return Err(self.refused(problem.to_owned(), false));
                        }
                        None => {}
                    },
                    _ => {
                        let line = String::from_utf8_lossy(line.get(..200).unwrap_or(line));
                        let advice = match status {
                            Some(407) => " (user and password belong into its URL, `http://user:password@host:port`)",
                            _ => "",
                        };
                        // Asked again, it would refuse again, and may lock the account.
                        let transient = status.is_some_and(|status| status >= 500 || matches!(status, 408 | 429));
                        return Err(self.refused(format!("it answers `{}`{advice}", OneLine(line)), transient));
                    }
                }
            }
            if self.answer.len() > MAX_HEAD {
                return Err(self.refused(format!("the head of its answer is longer than {MAX_HEAD} bytes"), false));
            }
            if bytes.is_empty() {
                return Err(self.refused("it closes the connection instead of answering".to_owned(), true));
            }
            return Ok(false);
        }
    }

    fn refused(&self, problem: String, transient: bool) -> TransportError {
        let error = failure(TransportErrorKind::Connect, format!("{}", self.route), problem);
        if transient { error } else { error.permanent() }
    }
}

/// The status of a status line.
fn status(line: &[u8]) -> Option<u16> {
    let code = line.split(|byte| *byte == b' ').nth(1)?;
    if code.len() != 3 { None } else { std::str::from_utf8(code).ok()?.parse().ok() }
}

/// Where a head ends: behind its first empty line, whose end may lack the carriage return.
fn head_end(bytes: &[u8]) -> Option<usize> {
    let ends = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
    ends.into_iter().find_map(|at| match &bytes[at..] {
        [b'\n', ..] => Some(at + 1),
        [b'\r', b'\n', ..] => Some(at + 2),
        _ => None,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::client::HttpOptions;

    /// What comes of an answer that arrives in pieces of `size` bytes and then ends.
    fn answered(answer: &[u8], size: usize) -> Result<bool, TransportError> {
        let options = HttpOptions::default().proxy("http://me:s3cret@proxy:3128").unwrap();
        let route = Route::of(&options, &"https://a.example".parse().unwrap(), false).unwrap();
        let mut tunnel = Tunnel::new(&route);
        let mut pieces = answer.chunks(size);
        while let Some(piece) = pieces.next() {
            if tunnel.receive(piece)? {
                assert_eq!(pieces.next(), None, "it was ready early");
                return Ok(true);
            }
        }
        tunnel.receive(&[])
    }

    #[test]
    fn a_tunnel_begins_with_the_end_of_the_head() {
        for answer in [
            "HTTP/1.1 200 Connection established\r\n\r\n",
            "HTTP/1.0 200 OK\r\nVia: x\r\n\r\n",
            "HTTP/1.1 200 OK\nVia: x\n\n",
            "HTTP/1.1 204\r\n\r\n",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
        ] {
            for size in [1, 7, 1000] {
                assert!(answered(answer.as_bytes(), size).unwrap(), "{answer}");
            }
        }
    }

    #[test]
    fn refusals_are_told_and_only_those_that_may_pass_are_transient() {
        let head = format!("HTTP/1.1 200 OK\r\nVia: {}", "x".repeat(MAX_HEAD));
        for (answer, words, transient) in [
            (
                "HTTP/1.1 407 Log in\r\nContent-Length: 9\r\n\r\n<html>x</html>",
                "`HTTP/1.1 407 Log in` (user and",
                false,
            ),
            ("HTTP/1.1 403 Forbidden\r\nX-", "it answers `HTTP/1.1 403 Forbidden`", false),
            ("HTTP/1.0 403 Forbidden\n\n", "it answers `HTTP/1.0 403 Forbidden`", false),
            ("HTTP/1.1 302 Found\r\n\r\n", "302", false),
            ("HTTP/1.1 429 Slowly\r\n\r\n", "429", true),
            ("HTTP/1.1 502 \x1b[31mBad\r\n\r\n", "`HTTP/1.1 502 \\u{1b}[31mBad`", true),
            ("HTTP/1.1 2000 OK\r\n\r\n", "2000", false),
            ("HTTP/1.1\r\n\r\n", "it answers `HTTP/1.1`", false),
            ("HTTP/2 200\r\n\r\n", "it speaks no HTTP: `HTTP/2", false),
            ("SSH-2.0-OpenSSH_9.2\r\n", "it speaks no HTTP: `S", false),
            ("\x15\x03\x01\0\x02", "it speaks no HTTP: `\\u{15}", false),
            ("HTTP/1.1 200 OK\r\n\r\n\x16\x03\x01", "more than the head", false),
            (&head, "longer than 8192 bytes", false),
            ("HTTP/1.1 200 OK\r\n", "closes the connection", true),
            ("", "closes the connection", true),
        ] {
            for size in [1, 1000, 100_000] {
                // A part of a banner is enough, and behind a whole head a proxy may pause.
                if size == 1 && words.starts_with("more") {
                    continue;
                }
                let error = answered(answer.as_bytes(), size).unwrap_err();
                assert_eq!((error.kind(), error.is_transient()), (TransportErrorKind::Connect, transient), "{error}");
                let shown = error.to_string();
                assert!(shown.contains(words) && !shown.contains("s3cret"), "{shown}");
                assert!(shown.contains("`a.example:443` through the proxy `http://(redacted)@proxy:3128`"), "{shown}");
            }
        }
    }
}
