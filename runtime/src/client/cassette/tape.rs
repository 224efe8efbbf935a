//! A recorder or a replay, for tests that are both.

use super::{CassetteError, Recorder, Replay};
use crate::client::{Config, ConfigBuilder};
use std::path::{Path, PathBuf};

/// A file to which calls are recorded, or from which they are replayed: a test is written once, and a switch chooses.
///
/// ```no_run
/// use workstream_runtime::client::{CassetteError, Config, Tape};
///
/// # fn config() -> Config { Config::builder().build() }
/// # fn test() -> Result<(), CassetteError> {
/// let path = "tests/cassettes/fleets.json";
/// let tape = match std::env::var_os("RECORD") {
///     Some(_) => Tape::record(path, &config()),
///     None => Tape::replay(path)?,
/// };
/// let config = tape.config();
/// // ... calls of clients with this configuration ...
/// tape.finish()
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Tape(TapeMode);

#[derive(Clone, Debug)]
enum TapeMode {
    Record(Recorder, PathBuf),
    Replay(Replay),
}

impl Tape {
    /// Records calls with this configuration. The file is written by [`finish`](Self::finish), and by nothing else.
    pub fn record(path: impl AsRef<Path>, config: &Config) -> Self {
        Self(TapeMode::Record(Recorder::of(config), path.as_ref().to_owned()))
    }

    /// Replays calls from the file.
    ///
    /// # Errors
    /// When it cannot be read, or is no cassette.
    pub fn replay(path: impl AsRef<Path>) -> Result<Self, CassetteError> {
        Replay::load(path).map(|replay| Self(TapeMode::Replay(replay)))
    }

    /// Whether calls reach the service.
    pub fn is_recording(&self) -> bool {
        match &self.0 {
            TapeMode::Record(..) => true,
            TapeMode::Replay(_) => false,
        }
    }

    /// The configuration of clients whose calls are recorded or replayed.
    pub fn config(&self) -> Config {
        self.config_builder().build()
    }

    /// The configuration as a builder, to be adjusted.
    pub fn config_builder(&self) -> ConfigBuilder {
        match &self.0 {
            TapeMode::Record(recorder, _) => recorder.config_builder(),
            TapeMode::Replay(replay) => replay.config_builder(),
        }
    }

    /// Writes the file, or checks that all its calls were made.
    ///
    /// # Errors
    /// Those of [`Recorder::finish`] and [`Cassette::save`](super::Cassette::save), or of [`Replay::check_all_used`].
    pub fn finish(&self) -> Result<(), CassetteError> {
        match &self.0 {
            TapeMode::Record(recorder, path) => recorder.finish()?.save(path),
            TapeMode::Replay(replay) => replay.check_all_used(),
        }
    }
}
