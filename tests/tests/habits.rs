//! What nobody would notice: files of tests that are part of no program, and imports in groups, which rustfmt does not
//! put in order.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use xtask::paths::workspace;

/// Packages that are written by hand, and whose tests are one program.
const PACKAGES: [&str; 4] = ["codegen", "runtime", "tests", "xtask"];

/// Where cargo looks for code.
const FOLDERS: [&str; 4] = ["benches", "examples", "src", "tests"];

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

/// All files of code below a folder.
fn code(folder: &Path, found: &mut Vec<PathBuf>) {
    for path in fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            code(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Whether an import follows an empty line that follows an import, outside of functions and modules.
fn has_groups(text: &str) -> bool {
    let (mut in_import, mut after_import, mut after_empty) = (false, false, false);
    for line in text.lines() {
        let begins = line.starts_with("use ");
        if begins && after_empty {
            return true;
        }
        after_empty = line.is_empty() && after_import;
        in_import |= begins;
        after_import = in_import && line.ends_with(';');
        in_import &= !after_import;
    }
    false
}

#[test]
fn imports_are_one_block() {
    assert!(has_groups("use a::{\n    b,\n};\n\nuse c;\n") && !has_groups("use a;\nuse b;\n\n/// c\nuse d;\n"));
    let mut files = Vec::new();
    for package in PACKAGES {
        FOLDERS.iter().for_each(|folder| code(&workspace().join(package).join(folder), &mut files));
    }
    let is_grouped = |text: String| !text.starts_with(workstream_codegen::RUST_HEADER) && has_groups(&text);
    files.retain(|file| is_grouped(fs::read_to_string(file).unwrap()));
    assert!(files.is_empty(), "empty lines between imports, which rustfmt sorts within a block: {files:#?}");
}
