//! Running other programs.

use crate::failure::{Failure, Result};
use crate::paths::workspace;
use serde_json::Value;
use std::ffi::OsString;
use std::fs;
use std::hash::{BuildHasher as _, RandomState};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Cargo itself, as it runs this program.
pub(crate) fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
    cargo.env_remove("RUSTC_WRAPPER").env_remove("RUSTC_WORKSPACE_WRAPPER");
    cargo
}

/// Runs a command whose output on stdout nobody needs.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    command.stdout(Stdio::null());
    let status = command.status().map_err(|e| Failure::new(format!("cannot run {command:?}: {e}")))?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("{command:?} failed: {status}"))) }
}

/// What a command prints on stdout.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let done = command.stderr(Stdio::inherit()).output();
    let done = done.map_err(|e| Failure::new(format!("cannot run {command:?}: {e}")))?;
    if !done.status.success() {
        return Err(Failure::new(format!("{command:?} failed: {}", done.status)));
    }
    Ok(String::from_utf8_lossy(&done.stdout).into_owned())
}

/// Builds programs of the tests package, of which the kind is cargo's flag, and says where they are.
pub(crate) fn test_programs(programs: &[(&str, &str)]) -> Result<Vec<PathBuf>> {
    let mut build = cargo();
    build.args(["build", "--quiet", "--package", "workstream-tests", "--message-format", "json"]);
    build.args(programs.iter().flat_map(|(kind, name)| [kind, name])).current_dir(workspace());
    let messages = output(&mut build)?;
    let messages: Vec<Value> = messages.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let executable = |(_, name): &(&str, &str)| {
        let built = messages.iter().filter(|message| message["target"]["name"] == *name);
        let path = built.filter_map(|message| message["executable"].as_str()).next();
        path.map(PathBuf::from).ok_or_else(|| Failure::new(format!("cargo built no program `{name}`")))
    };
    programs.iter().map(executable).collect()
}

/// A folder that was not there before, and whose name nobody could know.
pub(crate) fn new_folder(parent: &Path, purpose: &str) -> Result<PathBuf> {
    let number = RandomState::new().hash_one(std::process::id());
    let folder = parent.join(format!("{purpose}-{number:016x}"));
    fs::create_dir(&folder).map_err(|e| Failure::io("create", &folder, &e))?;
    Ok(folder)
}

/// The target folder, from the path of a program in it: `target/debug/wire`.
pub(crate) fn target(program: &Path) -> &Path {
    program.ancestors().nth(2).unwrap_or(workspace())
}
