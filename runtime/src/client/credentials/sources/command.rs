//! The command of a profile (`credential_process`).
//!
//! Everything that may take its time is done by threads of their own: nothing waits for them but the load, and when that
//! is dropped, the command is killed.

use std::fmt;
use std::io::Read;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::{Duration, Instant};
use zeroize::Zeroizing;

/// How long a command may take, and how much it may say.
#[derive(Clone, Copy)]
pub(super) struct CommandLimits {
    pub(super) time: Duration,
    pub(super) output: usize,
}

impl CommandLimits {
    /// A minute is enough for a person to touch a key or to look up a code; credentials have some kB.
    pub(super) const USUAL: Self = Self { time: Duration::from_secs(60), output: 1024 * 1024 };
}

/// How long output is waited for after the command has ended, while another process keeps it open.
const QUIET: Duration = Duration::from_millis(200);

/// How often to look whether the command has ended: nothing tells when it does.
const LOOK: [Duration; 2] = [Duration::from_millis(1), Duration::from_millis(20)];

/// Why there is no output.
#[derive(Debug)]
pub(super) enum CommandError {
    Start(std::io::Error),
    Status(ExitStatus),
    TooLong(Duration),
    TooMuch(usize),
}

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start(error) => write!(f, "it cannot be run: {error}"),
            Self::Status(status) => write!(f, "it failed with {status}"),
            Self::TooLong(limit) => write!(f, "it has not ended within {limit:?}, and was stopped"),
            Self::TooMuch(limit) => write!(f, "it writes more than {limit} bytes, and was stopped"),
        }
    }
}

/// What the command line writes to its standard output. A shell runs it, as it may have quotes, variables and pipes.
/// What it writes to standard error goes to that of this process: it is for people, and may be secret.
pub(super) fn run(line: String, limits: CommandLimits) -> Run {
    let exchange = Arc::new(Exchange::default());
    let theirs = Arc::clone(&exchange);
    if let Err(error) = spawn(move || theirs.end(supervise(&theirs, &line, limits))) {
        exchange.end(Err(CommandError::Start(error)));
    }
    Run(exchange)
}

/// A command that runs. Dropped, it is killed.
pub(super) struct Run(Arc<Exchange>);

impl Future for Run {
    type Output = Result<Zeroizing<Vec<u8>>, CommandError>;

    fn poll(self: std::pin::Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = self.0.lock();
        if let Some(result) = state.result.take() {
            return Poll::Ready(result);
        }
        let before = state.waker.replace(context.waker().clone());
        drop(state);
        drop(before);
        Poll::Pending
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        self.0.lock().is_over = true;
        self.0.changed.notify_all();
    }
}

/// Between the future and the threads.
#[derive(Default)]
struct Exchange {
    state: Mutex<CommandState>,
    changed: Condvar,
}

#[derive(Default)]
struct CommandState {
    output: Zeroizing<Vec<u8>>,
    /// Whether there is no more to come.
    output_ended: bool,
    /// Whether there is more than allowed.
    too_much: bool,
    /// Whether nobody needs the output any more.
    is_over: bool,
    result: Option<Result<Zeroizing<Vec<u8>>, CommandError>>,
    waker: Option<Waker>,
}

impl Exchange {
    fn lock(&self) -> MutexGuard<'_, CommandState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn end(&self, result: Result<Zeroizing<Vec<u8>>, CommandError>) {
        let waker = {
            let mut state = self.lock();
            state.is_over = true;
            state.result = Some(result);
            state.waker.take()
        };
        waker.into_iter().for_each(Waker::wake);
    }

    /// Keeps what the command writes, until that ends, is too much, or is not needed any more.
    fn read(&self, mut stdout: ChildStdout, most: usize) {
        // As much as credentials have does not move, which would leave it behind.
        self.lock().output.reserve(64 * 1024);
        let mut buffer = Zeroizing::new([0; 8192]);
        loop {
            let read = match stdout.read(&mut *buffer) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                result => result.unwrap_or(0),
            };
            let mut state = self.lock();
            state.output_ended = read == 0;
            state.too_much = state.output.len() + read > most;
            let goes_on = !(state.output_ended || state.too_much || state.is_over);
            if goes_on {
                state.output.extend_from_slice(&buffer[..read]);
            }
            self.changed.notify_all();
            if !goes_on {
                return;
            }
        }
    }
}

fn spawn(body: impl FnOnce() + Send + 'static) -> std::io::Result<()> {
    thread::Builder::new().name("workstream-command".to_owned()).spawn(body).map(drop)
}

/// Runs the command to its end, whichever that is.
fn supervise(exchange: &Arc<Exchange>, line: &str, limits: CommandLimits) -> Result<Zeroizing<Vec<u8>>, CommandError> {
    let mut child = start(line).map_err(CommandError::Start)?;
    let result = watch(exchange, &mut child, limits);
    if !matches!(result, Ok(_) | Err(CommandError::Status(_))) {
        kill(child);
    }
    result
}

fn watch(
    exchange: &Arc<Exchange>,
    child: &mut Child,
    limits: CommandLimits,
) -> Result<Zeroizing<Vec<u8>>, CommandError> {
    let began = Instant::now();
    if let Some(stdout) = child.stdout.take() {
        let reader = Arc::clone(exchange);
        spawn(move || reader.read(stdout, limits.output)).map_err(CommandError::Start)?;
    }
    let [mut pause, longest] = LOOK;
    let mut ended: Option<ExitStatus> = None;
    // How much has been read, and since when.
    let mut quiet = (0, began);
    loop {
        // Before the output, which is complete if the command has ended by then.
        let has_just_ended = ended.is_none() && {
            ended = child.try_wait().map_err(CommandError::Start)?;
            ended.is_some()
        };
        let mut state = exchange.lock();
        if has_just_ended || state.output.len() != quiet.0 {
            quiet = (state.output.len(), Instant::now());
        }
        match ended {
            _ if state.too_much => return Err(CommandError::TooMuch(limits.output)),
            Some(status) if !status.success() => return Err(CommandError::Status(status)),
            Some(_) if state.output_ended || QUIET <= quiet.1.elapsed() => {
                return Ok(std::mem::take(&mut state.output));
            }
            _ if state.is_over || limits.time <= began.elapsed() => return Err(CommandError::TooLong(limits.time)),
            _ => {}
        }
        drop(exchange.changed.wait_timeout(state, pause).unwrap_or_else(PoisonError::into_inner));
        pause = (2 * pause).min(longest);
    }
}

fn start(line: &str) -> std::io::Result<Child> {
    let (shell, option) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let mut command = Command::new(shell);
    command.args([option, line]).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit());
    // So that whatever the command has started can be killed with it.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command.spawn()
}

/// Ends the command and what it has started.
fn kill(mut child: Child) {
    // The group's id is not given to another one before the child has been waited for.
    #[cfg(unix)]
    {
        let group = format!("kill -KILL -{}", child.id());
        let mut command = Command::new("sh");
        command.args(["-c", &group]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let _ = command.status();
    }
    // It may have ended, or be in a group of its own by now.
    let _ = child.kill();
    let _ = child.wait();
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::path::{Path, PathBuf};
    use std::pin::{Pin, pin};
    use std::task::Wake;

    const SECOND: Duration = Duration::from_secs(1);
    const LIMITS: CommandLimits = CommandLimits { time: Duration::from_secs(20), output: 1000 };

    fn wait(run: Run) -> Result<String, String> {
        struct Unpark(thread::Thread);
        impl Wake for Unpark {
            fn wake(self: Arc<Self>) {
                self.0.unpark();
            }
        }
        let waker = Waker::from(Arc::new(Unpark(thread::current())));
        let mut run: Pin<&mut Run> = pin!(run);
        loop {
            if let Poll::Ready(result) = run.as_mut().poll(&mut Context::from_waker(&waker)) {
                let output = result.map_err(|failure| failure.to_string())?;
                return Ok(String::from_utf8_lossy(&output).into_owned());
            }
            thread::park();
        }
    }

    fn output(line: &str) -> Result<String, String> {
        wait(run(line.to_owned(), LIMITS))
    }

    fn failure(line: &str) -> String {
        output(line).err().unwrap_or_default()
    }

    /// A file for a process's id, of this test.
    fn file(test: &str) -> PathBuf {
        let file = std::env::temp_dir().join(format!("workstream-command-{}-{test}", std::process::id()));
        let _ = std::fs::remove_file(&file);
        file
    }

    /// Whether the process whose id is in this file ends. Waits for the id.
    fn ends(file: &Path) -> bool {
        let began = Instant::now();
        let is_alive = format!("kill -0 $(cat {}) 2>&1 && echo alive", file.display());
        while began.elapsed() < 10 * SECOND {
            let id = std::fs::read_to_string(file).unwrap_or_default();
            // A zombie whose parent is gone answers until somebody has waited for it.
            let is_zombie = std::fs::read_to_string(format!("/proc/{}/stat", id.trim()));
            let is_zombie = is_zombie.is_ok_and(|stat| stat.contains(") Z "));
            if id.ends_with('\n') && (is_zombie || !output(&is_alive).is_ok_and(|said| said.contains("alive"))) {
                let _ = std::fs::remove_file(file);
                return true;
            }
            thread::sleep(Duration::from_millis(10));
        }
        false
    }

    #[test]
    fn what_it_writes_is_the_output() {
        assert_eq!(output("echo 'a b'; echo not this >&2").as_deref(), Ok("a b\n"));
        assert_eq!(output("true").as_deref(), Ok(""));
        assert_eq!(output("printf %01000d 0").map(|said| said.len()), Ok(1000));
    }

    #[test]
    fn what_fails_says_how() {
        assert_eq!(failure("echo x; exit 3"), "it failed with exit status: 3");
        assert_eq!(failure("kill -9 $$"), "it failed with signal: 9 (SIGKILL)");
    }

    #[test]
    fn too_much_is_an_error_at_once() {
        let began = Instant::now();
        assert_eq!(failure("cat /dev/zero"), "it writes more than 1000 bytes, and was stopped");
        assert_eq!(failure("printf %01001d 0; sleep 30"), "it writes more than 1000 bytes, and was stopped");
        assert!(began.elapsed() < 10 * SECOND);
    }

    #[test]
    fn what_it_leaves_behind_is_not_waited_for() {
        let began = Instant::now();
        assert_eq!(output("sleep 15 & echo x").as_deref(), Ok("x\n"));
        assert!(began.elapsed() < 5 * SECOND, "{:?}", began.elapsed());
    }

    #[test]
    fn after_its_time_it_is_killed_with_what_it_has_started() {
        let file = file("time");
        let limits = CommandLimits { time: SECOND / 2, ..LIMITS };
        let line = format!("sleep 40 & echo $! > {}; sleep 40", file.display());
        let began = Instant::now();
        let failure = wait(run(line, limits)).err();
        assert_eq!(failure.as_deref(), Some("it has not ended within 500ms, and was stopped"));
        assert!(began.elapsed() < 5 * SECOND, "{:?}", began.elapsed());
        assert!(ends(&file));
    }

    #[test]
    fn it_is_killed_when_nobody_waits() {
        let file = file("drop");
        let run = run(format!("sleep 40 & echo $! > {}; wait", file.display()), LIMITS);
        while !std::fs::read_to_string(&file).is_ok_and(|id| id.ends_with('\n')) {
            thread::sleep(Duration::from_millis(5));
        }
        drop(run);
        assert!(ends(&file));
    }
}
