//! `cargo xtask browser-test`: the changelog's HTML, looked at in a browser.
//!
//! Each scenario is a visit: an address with a query or an anchor, a window, and a script that does what a reader does
//! and tells what is to be seen then. Chromium does that by itself and needs no driver.

mod scenarios;

use crate::digest::policy_source;
use crate::failure::{Failure, Result};
use crate::paths::slashed;
use crate::process::{output, target};
use crate::stderr::eprintln;
use crate::stdout::print;
use scenarios::{SCENARIOS, Scenario};
use serde_json::Value;
use std::ffi::OsString;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Which browser.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// The browser: Chromium, or one based on it [default: $CHROME, or the first that is in PATH]
    #[arg(long, value_name = "PROGRAM")]
    pub browser: Option<PathBuf>,

    /// Run only scenarios whose names contain this
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub only: String,
}

/// What browsers are called.
const BROWSERS: &[&str] =
    &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge"];

/// Pixels that a window of Chromium always has; what is to be narrower is a frame in it.
const NARROWEST: u32 = 500;

/// How long a visit may take; it takes a second.
const VISITED_WITHIN: Duration = Duration::from_secs(60);

/// Makes all visits; `false` when one saw something else than it should, of which the user has been told.
///
/// # Errors
///
/// When there is no browser, or it does not do its work.
pub fn run(args: &Args) -> Result<bool> {
    let browser = find(args)?;
    eprintln!("browser  {}", browser.display());
    let program = std::env::current_exe().map_err(|e| Failure::new(format!("cannot tell where xtask is: {e}")))?;
    let folder = target(&program).join("browser-test");
    empty(&folder)?;
    let pages = scenarios::pages(&folder, |args| output(Command::new(&program).arg("changelog").args(args)))?;
    let (mut run, mut failed) = (0, 0);
    for scenario in SCENARIOS.iter().filter(|scenario| scenario.name.contains(&args.only)) {
        let saw = visit(&browser, &folder, scenario, pages.of(scenario))?;
        let expected: Value = serde_json::from_str(scenario.expected)
            .map_err(|e| Failure::new(format!("the expectation of `{}` is not JSON: {e}", scenario.name)))?;
        run += 1;
        if saw == expected {
            print(&format!("ok      {}\n", scenario.name))?;
        } else {
            failed += 1;
            print(&format!("FAILED  {}\n  expected {expected}\n  saw      {saw}\n", scenario.name))?;
        }
    }
    print(&format!("{} of {run} scenarios passed\n", run - failed))?;
    Ok(failed == 0 && run > 0)
}

fn find(args: &Args) -> Result<PathBuf> {
    if let Some(browser) = args.browser.clone().or_else(|| std::env::var_os("CHROME").map(PathBuf::from)) {
        return Ok(browser);
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let in_path = |name: &str| {
        let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        std::env::split_paths(&path).map(|folder| folder.join(&file)).find(|file| file.is_file())
    };
    BROWSERS.iter().find_map(|name| in_path(name)).ok_or_else(|| {
        Failure::new(format!("no browser found in PATH; looked for {}", BROWSERS.join(", ")))
            .hint("apt-get install chromium, or name one with --browser or the variable CHROME")
    })
}

fn empty(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|e| Failure::io("remove", folder, &e))?;
    }
    fs::create_dir_all(folder).map_err(|e| Failure::io("create", folder, &e))
}

/// Opens a copy of the page that has the scenario's script, and says what that saw.
fn visit(browser: &Path, folder: &Path, scenario: &Scenario, page: &str) -> Result<Value> {
    let probe = format!("\nconst scenario = async () => ({});\n{}", scenario.script, include_str!("probe.js"));
    let name = scenario.name.replace(' ', "-");
    let file = folder.join(format!("{name}.html"));
    let (width, height) = scenario.window;
    // The page's policy allows its own script only.
    let allowed = page.replace("script-src 'sha256-", &format!("script-src {} 'sha256-", policy_source(&probe)));
    let mut page = allowed.replace("</body>", &format!("<script>{probe}</script>\n</body>"));
    if width < NARROWEST {
        let escaped = page.replace('&', "&amp;").replace('"', "&quot;");
        page = format!("<!DOCTYPE html><iframe width={width} height={height} srcdoc=\"{escaped}\"></iframe>");
    }
    fs::write(&file, page).map_err(|e| Failure::io("write", &file, &e))?;
    let profile = folder.join(format!("{name}.profile"));
    let mut command = Command::new(browser);
    command.args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]);
    command.args(["--disable-background-networking", "--disable-component-update", "--disable-sync", "--dump-dom"]);
    // Timers run at once, and the page is told when all are done.
    command.arg("--virtual-time-budget=10000").arg(format!("--window-size={width},{height}")).args(scenario.flags);
    let mut option = OsString::from("--user-data-dir=");
    option.push(&profile);
    command.arg(option).arg(format!("{}{}", file_url(&file), scenario.address));
    let dom = dumped(&mut command)?;
    // A profile that stays is only in the way.
    let _ = fs::remove_dir_all(profile);
    let said = dom.split("PROBE").nth(1).and_then(|json| serde_json::from_str(json).ok());
    said.ok_or_else(|| {
        Failure::new(format!("the browser did not finish `{}`", scenario.name))
            .hint(format!("open {} in it", file.display()))
    })
}

/// The address of a file.
fn file_url(path: &Path) -> String {
    let mut url = "file:///".to_owned();
    for byte in slashed(path).trim_start_matches('/').bytes() {
        match byte {
            b'/' | b':' | b'-' | b'.' | b'_' => url.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => url.push(char::from(byte)),
            byte => url.push_str(&format!("%{byte:02X}")),
        }
    }
    url
}

/// What the browser prints, if it ends in time.
fn dumped(command: &mut Command) -> Result<String> {
    let cannot = |e: std::io::Error, program: &Command| {
        Failure::new(format!("cannot run {}: {e}", program.get_program().display()))
            .hint("apt-get install chromium, or name another with --browser or the variable CHROME")
    };
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut process = command.spawn().map_err(|e| cannot(e, command))?;
    let Some(mut stdout) = process.stdout.take() else { return Ok(String::new()) };
    let (sender, text) = mpsc::channel();
    thread::spawn(move || {
        let mut text = Vec::new();
        let done = stdout.read_to_end(&mut text);
        sender.send(done.map(|_| String::from_utf8_lossy(&text).into_owned()))
    });
    let text = text.recv_timeout(VISITED_WITHIN);
    if text.is_err() {
        // Nothing more can be done about it.
        let _ = process.kill();
    }
    process.wait().map_err(|e| cannot(e, command))?;
    match text {
        Ok(text) => text.map_err(|e| cannot(e, command)),
        Err(_) => Err(Failure::new(format!("the browser took more than {} s", VISITED_WITHIN.as_secs()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_files() {
        assert_eq!(file_url(Path::new("/a b/50%#.html")), "file:///a%20b/50%25%23.html");
    }

    #[test]
    fn scenarios_have_names_of_their_own_and_expect_json() {
        let mut names = std::collections::BTreeSet::new();
        for scenario in SCENARIOS {
            assert!(names.insert(scenario.name), "{} is there twice", scenario.name);
            assert!(serde_json::from_str::<Value>(scenario.expected).is_ok(), "{}", scenario.name);
        }
    }
}
