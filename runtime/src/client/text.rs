//! Text that comes from outside: files, commands, variables.

/// The byte order mark that some editors and shells put before UTF-8.
#[cfg(feature = "credentials")]
const MARK: char = '\u{feff}';

/// `text` without a byte order mark before it.
#[cfg(feature = "credentials")]
pub(super) fn without_mark(text: &str) -> &str {
    text.strip_prefix(MARK).unwrap_or(text)
}

/// The same for text that is not yet known to be UTF-8.
pub(super) fn bytes_without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}
