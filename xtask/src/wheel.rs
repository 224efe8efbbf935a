//! A wheel of botocore: a zip archive that somebody else has made. What it says is believed within limits.

use crate::digest::sha256;
use crate::failure::{Failure, Result};
use crate::inside::is_inside;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};
use zip::ZipArchive;
use zip::read::ZipFile;
use zip::result::ZipError;

/// What a user who gave something else is told.
pub(crate) const EXPECTED: &str = "expected a botocore wheel, such as `pip download --no-deps botocore` fetches, \
                                   or the folder `botocore/data` of an installed one";

/// The only package that models are taken from.
pub(crate) const PACKAGE: &str = "botocore";

/// What a wheel may have at most. That of botocore 1.44.5 has 16 MiB, 2,039 entries, and 136 MiB unpacked, of which the
/// largest file has 4 MiB.
#[derive(Clone, Copy, Debug)]
struct Limits {
    /// Bytes of the wheel.
    packed: u64,
    entries: usize,
    /// Bytes of a file in it, and of what is packed in that once more.
    file: u64,
    /// Bytes of all files, of those that are read however often.
    total: u64,
}

const MIB: u64 = 1 << 20;

/// The limit of one file, in bytes.
pub(crate) const LARGEST_FILE: u64 = 32 * MIB;

const LIMITS: Limits = Limits { packed: 64 * MIB, entries: 20_000, file: LARGEST_FILE, total: 512 * MIB };

/// A wheel that is sound, as far as its directory tells.
pub(crate) struct Wheel {
    path: PathBuf,
    archive: ZipArchive<Cursor<Vec<u8>>>,
    sha256: String,
    limits: Limits,
    /// How many more bytes may be unpacked.
    left: u64,
}

/// What a wheel says of itself.
pub(crate) struct Identity {
    pub version: String,
    /// The day on which it was made, as `YYYY-MM-DD`, where it says so.
    pub date: Option<String>,
}

impl Wheel {
    /// Reads the wheel at `path`, and unpacks nothing yet.
    ///
    /// # Errors
    ///
    /// When it cannot be read, is no wheel, has more than a wheel of botocore may have, or something that none has: links,
    /// and names that lead out of it.
    pub fn open(path: &Path) -> Result<Self> {
        Self::within(LIMITS, path)
    }

    fn within(limits: Limits, path: &Path) -> Result<Self> {
        let file = std::fs::File::open(path).map_err(|e| Failure::io("read", path, &e))?;
        let bytes = read_within(limits.packed, file).map_err(|e| match e.kind() {
            io::ErrorKind::FileTooLarge => refused(path, format!("it has {e}")),
            _ => Failure::io("read", path, &e),
        })?;
        // Room for all entries is made before they are looked at.
        match announced_entries(&bytes) {
            None => return Err(no_wheel(path, &"it does not end as a zip archive without a comment does")),
            Some(entries) if entries > limits.entries => {
                return Err(refused(path, format!("it has {entries} entries, and may have {}", limits.entries)));
            }
            Some(_) => {}
        }
        let sha256 = sha256(&bytes);
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|e| no_wheel(path, &e))?;
        let mut wheel = Self { path: path.to_owned(), archive, sha256, limits, left: limits.total };
        wheel.check_directory()?;
        Ok(wheel)
    }

    fn check_directory(&mut self) -> Result<()> {
        let refused = |why: String| refused(&self.path, why);
        if self.archive.has_duplicate_names() {
            return Err(refused("it has two entries of one name".to_owned()));
        }
        let mut total: u64 = 0;
        for index in 0..self.archive.len() {
            let entry = self.archive.by_index_raw(index).map_err(|e| no_wheel(&self.path, &e))?;
            check_entry(&entry).map_err(refused)?;
            total = total.saturating_add(entry.size());
        }
        if total > self.limits.total {
            return Err(refused(format!("it has {}, unpacked", more_than(self.limits.total))));
        }
        Ok(())
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Hexadecimal SHA-256 of it.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// The names of its entries.
    pub fn names(&self) -> impl Iterator<Item = String> {
        self.archive.file_names().flatten().map(Into::into)
    }

    /// Whether it has an entry of this name.
    pub fn has(&self, name: &str) -> bool {
        self.archive.index_for_name(name).is_some()
    }

    /// What the file `name` says; `None` if there is none.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or is too large.
    pub fn read(&mut self, name: &str) -> Result<Option<Vec<u8>>> {
        let limit = self.limits.file.min(self.left);
        let bytes = match self.archive.by_name(name) {
            Ok(file) => read_within(limit, file),
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(e) => Err(io::Error::other(e)),
        };
        self.counted(name, bytes).map(Some)
    }

    /// Uncompresses `packed`, which was the file `name`.
    ///
    /// # Errors
    ///
    /// When it is not a whole gzip file, or too large.
    pub fn gunzip(&mut self, name: &str, packed: &[u8]) -> Result<Vec<u8>> {
        let bytes = gunzip_within(self.limits.file.min(self.left), packed);
        self.counted(name, bytes.map_err(|e| io::Error::new(e.kind(), format!("it is not readable gzip: {e}"))))
    }

    fn counted(&mut self, name: &str, bytes: io::Result<Vec<u8>>) -> Result<Vec<u8>> {
        let Limits { file, total, .. } = self.limits;
        let bytes = bytes.map_err(|e| match e.kind() {
            io::ErrorKind::FileTooLarge if self.left < file => {
                refused(&self.path, format!("it has {}, unpacked", more_than(total)))
            }
            io::ErrorKind::FileTooLarge => refused(&self.path, format!("{name} has {}, unpacked", more_than(file))),
            _ => Failure::new(format!("cannot read {name} in {}: {e}", self.path.display())),
        })?;
        self.left = self.left.saturating_sub(bytes.len() as u64);
        Ok(bytes)
    }

    /// Version and day from the wheel's `METADATA`
    /// (<https://packaging.python.org/en/latest/specifications/core-metadata/>).
    ///
    /// # Errors
    ///
    /// When that is not there or not to be understood, or says that this is another package.
    pub fn identity(&mut self) -> Result<Identity> {
        let path = self.path.display().to_string();
        let found: Vec<String> = self.names().filter(|name| is_metadata(name)).collect();
        let [metadata] = found.as_slice() else {
            let number = if found.is_empty() { "no" } else { "more than one" };
            return Err(Failure::new(format!("{path} has {number} .dist-info/METADATA")).hint(EXPECTED));
        };
        let bytes = self.read(metadata)?.unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        let header = |key: &str| {
            let headers = text.lines().take_while(|line| !line.is_empty());
            headers.filter_map(|line| line.split_once(':')).find(|(k, _)| *k == key).map(|(_, v)| v.trim())
        };
        let (Some(name), Some(version)) = (header("Name"), header("Version")) else {
            return Err(Failure::new(format!("{metadata} in {path} lacks Name or Version")).hint(EXPECTED));
        };
        if name != PACKAGE {
            let message = format!("{path} is a wheel of {name:?}, and models are those of {PACKAGE}");
            return Err(Failure::new(message).hint(EXPECTED));
        }
        if !is_version(version) || *metadata != format!("{PACKAGE}-{version}.dist-info/METADATA") {
            let message = format!("{metadata} in {path} says that the version is {version:?}");
            return Err(Failure::new(message).hint(EXPECTED));
        }
        Ok(Identity { version: version.to_owned(), date: self.date_of(metadata) })
    }

    /// The day on which an entry was written. Builds that are to be reproducible write the first day that a zip archive
    /// can name.
    fn date_of(&mut self, name: &str) -> Option<String> {
        let date = self.archive.by_name(name).ok()?.last_modified()?;
        let is_known = (date.year(), date.month(), date.day()) > (1980, 2, 1);
        is_known.then(|| format!("{}-{:02}-{:02}", date.year(), date.month(), date.day()))
    }
}

/// Whether this is a version, and nothing else that pip or a shell would understand.
pub(crate) fn is_version(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '+' | '!' | '-' | '_'))
}

/// Whether this is the path of a wheel's metadata.
fn is_metadata(name: &str) -> bool {
    name.strip_suffix(".dist-info/METADATA").is_some_and(|stem| !stem.contains('/'))
}

/// How many entries a zip archive says that it has; `None` where it does not end with its directory's end
/// (<https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT>, 4.3.16). Archives with more than can be said there are
/// beyond all limits.
fn announced_entries(bytes: &[u8]) -> Option<usize> {
    let end: &[u8; 22] = bytes.last_chunk()?;
    let is_end = end.starts_with(b"PK\x05\x06") && end.ends_with(&[0, 0]);
    is_end.then(|| u16::from_le_bytes([end[10], end[11]]).into())
}

/// What is wrong with an entry, by its place in the directory.
fn check_entry<R: Read>(entry: &ZipFile<'_, R>) -> std::result::Result<(), String> {
    let name = entry.name().map_err(|_| "it has an entry with a name that is no text".to_owned())?;
    let is_name = is_inside(name.strip_suffix('/').unwrap_or(&name)) && !name.contains(char::is_control);
    if !is_name || name.contains(':') {
        return Err(format!("its entry {name:?} is not a path inside it"));
    }
    // The kind of file, as Unix writes it; of other systems there is none.
    match entry.unix_mode().unwrap_or_default() & 0o170_000 {
        0 | 0o100_000 | 0o040_000 => Ok(()),
        _ => Err(format!("its entry {name} is a link or a device")),
    }
}

fn no_wheel(path: &Path, why: &dyn std::fmt::Display) -> Failure {
    Failure::new(format!("{} is not a wheel: {why}", path.display())).hint(EXPECTED)
}

fn refused(path: &Path, why: String) -> Failure {
    Failure::new(format!("{} is not a wheel of {PACKAGE}: {why}", path.display()))
        .hint("nothing was imported; download it again from an index that you trust")
}

fn more_than(limit: u64) -> String {
    match limit / MIB {
        0 => format!("more than {limit} bytes"),
        mib => format!("more than {mib} MiB"),
    }
}

/// All of a reader, which is not read beyond the limit.
///
/// # Errors
///
/// Those of the reader, and [`io::ErrorKind::FileTooLarge`].
pub(crate) fn read_within(limit: u64, reader: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, more_than(limit)));
    }
    Ok(bytes)
}

/// Uncompresses a gzip file, up to the limit.
///
/// # Errors
///
/// When `packed` is not a whole gzip file, or too large.
pub(crate) fn gunzip_within(limit: u64, packed: &[u8]) -> io::Result<Vec<u8>> {
    read_within(limit, flate2::read::MultiGzDecoder::new(packed))
}

#[cfg(test)]
mod tests;
