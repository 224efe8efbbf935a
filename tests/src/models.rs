//! The models of this workspace, for tests that walk them.

use std::fs;
use std::path::{Path, PathBuf};
use workstream_codegen::{Model, ModelSet, ServiceFiles, SourceFile, read};

/// The workspace's root.
pub fn workspace() -> &'static Path {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().unwrap_or(tests)
}

/// The files below `models/`: one API version a service.
///
/// # Panics
/// When they cannot be read.
pub fn files() -> ModelSet {
    let models = workspace().join("models");
    let mut set = ModelSet::default();
    for folder in entries(&models) {
        if !folder.is_dir() {
            continue;
        }
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let files = entries(&folder).iter().flat_map(|version| entries(version)).map(|file| source(&file)).collect();
        set.services.push(ServiceFiles { name, files });
    }
    set.partitions = Some(source(&models.join("partitions.json")));
    set
}

/// The model in `models/`.
///
/// # Panics
/// When it cannot be read, or has errors.
pub fn model() -> Model {
    let (model, diagnostics) = read(&files());
    model.unwrap_or_else(|| panic!("models/ has errors: {diagnostics:?}"))
}

fn source(path: &Path) -> SourceFile {
    let text = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    SourceFile { path: path.display().to_string(), text }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let list = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = list.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    paths.sort();
    paths
}
