//! Python, with packages from PyPI. Nothing else in this program starts one.

use crate::failure::{Failure, Result};
use crate::process::{output, run};
use crate::stderr::eprintln;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Which Python to use.
#[derive(Debug, Clone, clap::Args)]
pub struct Python {
    /// The Python to use
    #[arg(long, value_name = "PROGRAM", default_value = if cfg!(windows) { "python" } else { "python3" })]
    python: PathBuf,
}

/// The Python of a virtual environment, which has the packages that were asked for.
#[derive(Debug)]
pub struct Environment {
    python: PathBuf,
}

/// Python's option to import nothing from the current folder, the user's own packages, or `PYTHONPATH`: a file `pip.py`
/// that lies there would be run in the place of pip. The settings of pip itself still count.
const ISOLATED: &str = "-I";

/// What of the environment goes on to our own scripts: without these, systems have no folder for temporary files, and
/// Windows no network. Settings, keys and proxies are not for them.
const INHERITED: [&str; 4] = ["TMPDIR", "TEMP", "TMP", "SystemRoot"];

/// Written into an environment when all is installed: what is.
const STAMP: &str = "installed.txt";

impl Python {
    /// Python with one of its modules, and with the user's settings.
    pub(crate) fn module(&self, name: &str) -> Command {
        let mut command = isolated(&self.python);
        command.args(["-m", name]);
        command
    }

    /// An environment with these packages, `name==version` each. It is made once, in `folder`.
    pub(crate) fn environment(&self, folder: &Path, packages: &[&str]) -> Result<Environment> {
        let own = if cfg!(windows) { ["Scripts", "python.exe"] } else { ["bin", "python"] };
        let own = Self { python: folder.join(own.iter().collect::<PathBuf>()) };
        let (stamp, wanted) = (folder.join(STAMP), packages.join("\n"));
        // An update of the system's Python may have left a link to nowhere.
        if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) && own.works() {
            return Ok(Environment { python: own.python });
        }
        if !self.works() {
            return Err(Failure::new(format!("there is no Python 3.10 or later: `{self}` does not run, or is older"))
                .hint("install Python, or name one with --python"));
        }
        eprintln!("installing {} in {}", packages.join(", "), folder.display());
        // Also out of half an environment.
        run(self.module("venv").arg("--clear").arg(folder)).map_err(|failure| {
            failure.hint("Python needs its modules venv and pip: on Debian, apt install python3-venv")
        })?;
        run(own.module("pip").args(["install", "--quiet", "--disable-pip-version-check"]).args(packages)).map_err(
            |failure| {
                failure
                    .hint("packages come from PyPI: it has to be reachable, or a mirror of it named in PIP_INDEX_URL")
            },
        )?;
        fs::write(&stamp, wanted).map_err(|e| Failure::io("write", &stamp, &e))?;
        Ok(Environment { python: own.python })
    }

    /// Whether this is a Python that is recent enough for all that is installed.
    fn works(&self) -> bool {
        let check = "import sys; sys.exit(sys.version_info < (3, 10))";
        let mut command = isolated(&self.python);
        command.args(["-c", check]).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    }
}

impl fmt::Display for Python {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.python.display().fmt(f)
    }
}

impl Environment {
    /// A script of ours, which sees nothing of the user's environment.
    pub(crate) fn script(&self, path: &Path) -> Command {
        let mut command = self.bare();
        command.arg(path);
        command
    }

    /// What some code prints, without the end of the line.
    ///
    /// # Errors
    ///
    /// When it cannot be run or fails.
    pub(crate) fn printed(&self, code: &str) -> Result<String> {
        Ok(output(self.bare().args(["-c", code]))?.trim_end().to_owned())
    }

    fn bare(&self) -> Command {
        let mut command = isolated(&self.python);
        // No compiled Python beside the sources, and the same text whatever the locale was.
        command.args(["-B", "-X", "utf8"]).env_clear();
        command.envs(INHERITED.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
        // Without a home, Python asks the system for one.
        let nothing = if cfg!(windows) { "NUL" } else { "/dev/null" };
        command.env("AWS_CONFIG_FILE", nothing).env("AWS_SHARED_CREDENTIALS_FILE", nothing);
        command
    }
}

fn isolated(python: &Path) -> Command {
    let mut command = Command::new(python);
    command.arg(ISOLATED);
    command
}

#[cfg(test)]
impl Python {
    /// The Python of this name.
    pub(crate) fn named(python: &str) -> Self {
        Self { python: python.into() }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::process::new_folder;
    use std::os::unix::fs::PermissionsExt as _;

    /// What a program sees that is started in the place of Python: its arguments, and its environment.
    #[test]
    fn scripts_see_nothing_of_the_users() {
        let folder = new_folder(&std::env::temp_dir(), "python").unwrap();
        let python = folder.join("python");
        fs::write(&python, "#!/bin/sh\necho \"$@\"\n/usr/bin/env\n").unwrap();
        fs::set_permissions(&python, fs::Permissions::from_mode(0o755)).unwrap();
        assert!(std::env::var_os("CARGO_MANIFEST_DIR").is_some(), "there is something to be seen");

        let said = output(Environment { python: python.clone() }.script(Path::new("a.py")).arg("more")).unwrap();
        let (arguments, environment) = said.split_once('\n').unwrap();
        assert_eq!(arguments, "-I -B -X utf8 a.py more");
        let names: Vec<&str> = environment.lines().filter_map(|line| Some(line.split_once('=')?.0)).collect();
        // The last three are the shell's own.
        let known = ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "PWD", "SHLVL", "_", "OLDPWD"];
        assert!(names.iter().all(|name| known.contains(name) || INHERITED.contains(name)), "{names:?}");

        let said = output(Python { python }.module("pip").arg("download")).unwrap();
        assert!(said.starts_with("-I -m pip download\n") && said.contains("\nCARGO_MANIFEST_DIR="), "{said}");
        fs::remove_dir_all(&folder).unwrap();
    }
}
