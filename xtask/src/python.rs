//! Python, with packages from PyPI.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::failure::{Failure, Result};
use crate::process::run;
use crate::stderr::eprintln;

/// Which Python to use.
#[derive(Debug, Clone, clap::Args)]
pub struct Python {
    /// The Python to start
    #[arg(long, value_name = "PROGRAM", default_value = if cfg!(windows) { "python" } else { "python3" })]
    pub python: PathBuf,
}

/// Python's option to import nothing from the current folder, the user's own packages, or `PYTHONPATH`: a file `pip.py`
/// that lies there would be run in the place of pip. The settings of pip itself still count.
pub(crate) const ISOLATED: &str = "-I";

/// Written into an environment when all is installed: what is.
const STAMP: &str = "installed.txt";

impl Python {
    /// The Python of a virtual environment with these packages, `name==version` each. It is made once, in `folder`.
    pub(crate) fn environment(&self, folder: &Path, packages: &[&str]) -> Result<PathBuf> {
        let own = if cfg!(windows) { ["Scripts", "python.exe"] } else { ["bin", "python"] };
        let own = folder.join(own.iter().collect::<PathBuf>());
        let (stamp, wanted) = (folder.join(STAMP), packages.join("\n"));
        // An update of the system's Python may have left a link to nowhere.
        if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) && works(&own) {
            return Ok(own);
        }
        if !works(&self.python) {
            let python = self.python.display();
            return Err(Failure::new(format!(
                "there is no Python 3.10 or later: `{python}` does not run, or is older"
            ))
            .hint("install Python, or name one with --python"));
        }
        eprintln!("installing {} in {}", packages.join(", "), folder.display());
        // Also out of half an environment.
        let mut make = Command::new(&self.python);
        run(make.args([ISOLATED, "-m", "venv", "--clear"]).arg(folder)).map_err(|failure| {
            failure.hint("Python needs its modules venv and pip: on Debian, apt install python3-venv")
        })?;
        let mut install = Command::new(&own);
        install.args([ISOLATED, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(packages);
        run(&mut install).map_err(|failure| {
            failure.hint("packages come from PyPI: it has to be reachable, or a mirror of it named in PIP_INDEX_URL")
        })?;
        fs::write(&stamp, wanted).map_err(|e| Failure::io("write", &stamp, &e))?;
        Ok(own)
    }
}

/// Whether this is a Python that is recent enough for all that is installed.
fn works(python: &Path) -> bool {
    let check = "import sys; sys.exit(sys.version_info < (3, 10))";
    let mut command = Command::new(python);
    command.args([ISOLATED, "-c", check]).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
