//! Folders for the files of tests.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::path::{Path, PathBuf};

/// A new folder of the system's temporary ones, which is gone with this value. No other test has it, be it of another run or
/// of another checkout that is built into the same target folder.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// Makes it.
    #[expect(clippy::new_without_default, reason = "it makes something on disk")]
    pub fn new() -> Self {
        let random = RandomState::new().build_hasher().finish();
        let path = std::env::temp_dir().join(format!("workstream-{}-{random:016x}", std::process::id()));
        // One that is there already is somebody else's.
        std::fs::create_dir(&path).expect("a new folder in the one for temporary files");
        Self(path)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

thread_local! {
    /// A test has a thread, and a thread a folder.
    static OF_THREAD: Folder = Folder::new();
}

/// A folder of this name that is empty, and gone when the test ends that asks for it.
pub fn of_test(name: &str) -> PathBuf {
    let path = OF_THREAD.with(|folder| folder.path().join(name));
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).expect("a folder in a temporary one");
    path
}
