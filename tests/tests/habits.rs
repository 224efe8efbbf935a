//! What nobody would notice: files of tests that are part of no program.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use xtask::paths::workspace;

/// Packages whose tests are one program.
const PACKAGES: [&str; 4] = ["codegen", "runtime", "tests", "xtask"];

/// Files and folders of `folder` that neither its own file nor the manifest names.
fn forgotten(folder: &Path, manifest: &str) -> Vec<PathBuf> {
    let own = ["main.rs", "mod.rs"].map(|name| folder.join(name)).into_iter().find(|file| file.exists());
    let Some(own) = own else { return Vec::new() };
    let text = fs::read_to_string(&own).unwrap();
    let modules: BTreeSet<&str> = text.lines().filter_map(module).collect();
    let mut found = Vec::new();
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| *path != own) {
        let (name, stem) = (path.file_name().unwrap().to_string_lossy(), path.file_stem().unwrap().to_string_lossy());
        let is_code = name.ends_with(".rs") || path.join("mod.rs").exists();
        if is_code && !modules.contains(&*stem) && !manifest.contains(&format!("path = \"tests/{name}\"")) {
            found.push(path);
        } else if path.is_dir() {
            found.extend(forgotten(&path, ""));
        }
    }
    found
}

/// The name of a module that a line declares.
fn module(line: &str) -> Option<&str> {
    line.trim_start_matches("pub ").strip_prefix("mod ")?.strip_suffix(';')
}

#[test]
fn every_file_of_tests_is_part_of_a_program() {
    let forgotten: Vec<_> = PACKAGES
        .map(|package| workspace().join(package))
        .iter()
        .flat_map(|package| forgotten(&package.join("tests"), &fs::read_to_string(package.join("Cargo.toml")).unwrap()))
        .collect();
    assert!(forgotten.is_empty(), "no `mod` line has {forgotten:#?}");
}
