//! A project of two tiny services, of which a crate is generated.

use super::{folder, write};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The model of both services.
pub const MODEL: &str = r#"{
  "version": "2.0",
  "metadata": {"apiVersion": "2020-01-01", "protocol": "json", "jsonVersion": "1.1", "targetPrefix": "Tiny"},
  "operations": {
    "Ping": {"name": "Ping", "http": {"method": "POST", "requestUri": "/"}, "input": {"shape": "PingRequest"}},
    "Pong": {"name": "Pong", "http": {"method": "POST", "requestUri": "/"}}
  },
  "shapes": {
    "PingRequest": {"type": "structure", "members": {"Name": {"shape": "Text"}}},
    "Text": {"type": "string"}
  }
}
"#;

/// A folder with the models of two services, `tiny` and `wee`.
pub fn project(name: &str) -> PathBuf {
    let root = folder(name);
    for service in ["tiny", "wee"] {
        write(&root.join("models").join(service).join("2020-01-01/service-2.json"), MODEL);
    }
    root
}

/// Exit code, stdout and stderr of `codegen` into `out`.
pub fn run(root: &Path, arguments: &[&str]) -> (i32, String, String) {
    run_into(root, "out", arguments)
}

/// The same into another folder.
pub fn run_into(root: &Path, out: &str, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.current_dir(root).args(["codegen", "--models", "models", "--out", out]).args(arguments);
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}
