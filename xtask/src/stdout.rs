//! The result of a command, on stdout.

use crate::failure::{Failure, Result};
use std::io::{self, ErrorKind, Write};

/// Prints a part of a command's result, with colours where a terminal shows them.
///
/// # Errors
///
/// When it cannot be written: a script must not take half of a result for the whole. A reader that has closed the pipe
/// has seen enough, which is no error.
pub(crate) fn print(text: &str) -> Result<()> {
    write(&mut anstream::stdout().lock(), text)
}

fn write(stream: &mut dyn Write, text: &str) -> Result<()> {
    match stream.write_all(text.as_bytes()).and_then(|()| stream.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(failure(&error)),
        _ => Ok(()),
    }
}

fn failure(error: &io::Error) -> Failure {
    Failure::new(format!("cannot write the result to stdout: {error}"))
        .hint("the output is incomplete: free some space there, and run the command again")
        .not_done()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes everything, and fails when it has to be written in the end.
    struct Buffered(ErrorKind);

    impl Write for Buffered {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Err(self.0.into())
        }
    }

    #[test]
    fn only_a_closed_pipe_is_no_failure() {
        assert_eq!(write(&mut Buffered(ErrorKind::BrokenPipe), "text"), Ok(()));
        let failure = write(&mut Buffered(ErrorKind::StorageFull), "text").unwrap_err();
        assert_eq!((failure.code, failure.message.starts_with("cannot write the result to stdout: ")), (2, true));
    }
}
