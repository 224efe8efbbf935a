//! What a command tells beside its result, on stderr.

use std::fmt::Arguments;
use std::io::Write as _;

/// Tells something, with colours where a terminal shows them. Work must not end half done because nobody listens any
/// more, or because a log has no room left: then nothing is told.
pub(crate) fn tell(text: Arguments<'_>) {
    let _ = anstream::stderr().lock().write_fmt(text);
}

/// [`tell`] with a line feed, in the place of the standard library's macro, which panics.
macro_rules! eprintln {
    ($($text:tt)*) => {
        $crate::stderr::tell(format_args!("{}\n", format_args!($($text)*)))
    };
}
pub(crate) use eprintln;
