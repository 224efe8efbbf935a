//! Addresses of names, from the operating system, without waiting for it longer than wanted.

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
#[cfg(feature = "client")]
use std::task::Poll;
use std::task::Waker;
#[cfg(feature = "blocking")]
use std::time::Instant;

/// The addresses of a host, or why there are none.
pub(in crate::client) type Addresses = Result<Vec<SocketAddr>, Arc<io::Error>>;

/// Asks the operating system for addresses, on threads of its own.
///
/// The system's lookup cannot be ended, and may take half a minute. So a thread waits for it, one per name at a time:
/// whoever asks meanwhile is told the same, and whoever leaves leaves no runtime waiting.
#[derive(Clone)]
pub(in crate::client) struct Resolver {
    system: fn(&str, u16) -> io::Result<Vec<SocketAddr>>,
    running: Arc<Mutex<Running>>,
}

/// Lookups by name and port.
type Running = HashMap<(String, u16), Arc<NameLookup>>;

/// A lookup that may still be running.
#[derive(Default)]
struct NameLookup {
    state: Mutex<LookupState>,
    done: Condvar,
}

#[derive(Default)]
struct LookupState {
    found: Option<Addresses>,
    waiting: Vec<Waker>,
}

impl Default for Resolver {
    fn default() -> Self {
        Self::new(|host, port| Ok((host, port).to_socket_addrs()?.collect()))
    }
}

impl fmt::Debug for Resolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resolver").field("running", &lock(&self.running).len()).finish_non_exhaustive()
    }
}

impl Resolver {
    /// One that asks `system`.
    pub(in crate::client) fn new(system: fn(&str, u16) -> io::Result<Vec<SocketAddr>>) -> Self {
        Self { system, running: Arc::default() }
    }

    /// The addresses of `host`, which has no brackets, with `port`.
    #[cfg(feature = "client")]
    pub(in crate::client) async fn lookup(&self, host: &str, port: u16) -> Addresses {
        if let Ok(address) = host.parse::<IpAddr>() {
            return Ok(vec![(address, port).into()]);
        }
        let lookup = self.begin(host, port)?;
        std::future::poll_fn(|context| {
            let mut state = lock(&lookup.state);
            if let Some(found) = &state.found {
                return Poll::Ready(found.clone());
            }
            if !state.waiting.iter().any(|waker| waker.will_wake(context.waker())) {
                state.waiting.push(context.waker().clone());
            }
            Poll::Pending
        })
        .await
    }

    /// The same on this thread; nothing if `deadline` passes before.
    #[cfg(feature = "blocking")]
    pub(in crate::client) fn lookup_until(
        &self,
        host: &str,
        port: u16,
        deadline: Option<Instant>,
    ) -> Option<Addresses> {
        if let Ok(address) = host.parse::<IpAddr>() {
            return Some(Ok(vec![(address, port).into()]));
        }
        let lookup = match self.begin(host, port) {
            Ok(lookup) => lookup,
            Err(error) => return Some(Err(error)),
        };
        let mut state = lock(&lookup.state);
        loop {
            if let Some(found) = &state.found {
                return Some(found.clone());
            }
            state = match deadline {
                None => lookup.done.wait(state).unwrap_or_else(PoisonError::into_inner),
                Some(deadline) => {
                    let left = deadline.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())?;
                    lookup.done.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }

    /// The lookup that runs for this name, or a new one.
    fn begin(&self, host: &str, port: u16) -> Result<Arc<NameLookup>, Arc<io::Error>> {
        let key = (host.to_owned(), port);
        let mut running = lock(&self.running);
        if let Some(lookup) = running.get(&key) {
            return Ok(Arc::clone(lookup));
        }
        let lookup = Arc::new(NameLookup::default());
        let (this, ended, of) = (self.clone(), Arc::clone(&lookup), key.clone());
        let thread = std::thread::Builder::new().name("workstream-lookup".to_owned());
        thread.spawn(move || {
            let found = (this.system)(&of.0, of.1).map_err(Arc::new);
            // The next to ask is told what is so then.
            lock(&this.running).remove(&of);
            ended.end(found);
        })?;
        running.insert(key, Arc::clone(&lookup));
        Ok(lookup)
    }
}

impl NameLookup {
    fn end(&self, found: Addresses) {
        let mut state = lock(&self.state);
        state.found = Some(found);
        let waiting = std::mem::take(&mut state.waiting);
        drop(state);
        self.done.notify_all();
        waiting.into_iter().for_each(Waker::wake);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(all(test, feature = "blocking"))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    #[test]
    fn those_who_ask_at_a_time_share_a_lookup() {
        static LOOKUPS: AtomicUsize = AtomicUsize::new(0);
        let resolver = Resolver::new(|_, port| {
            LOOKUPS.fetch_add(1, Ordering::SeqCst);
            std::thread::sleep(Duration::from_millis(100));
            Ok(vec![([192, 0, 2, 1], port).into()])
        });
        let early = Some(Instant::now() + Duration::from_millis(10));
        std::thread::scope(|scope| {
            for _ in 0..20 {
                scope.spawn(|| assert!(resolver.lookup_until("a.example", 1, early).is_none()));
                scope.spawn(|| assert_eq!(resolver.lookup_until("a.example", 1, None).unwrap().unwrap().len(), 1));
            }
        });
        assert_eq!(LOOKUPS.load(Ordering::SeqCst), 1);
        resolver.lookup_until("a.example", 1, None).unwrap().unwrap();
        assert_eq!(LOOKUPS.load(Ordering::SeqCst), 2, "what was found is not kept");
    }

    #[test]
    fn an_address_is_its_own() {
        let resolver = Resolver::new(|_, _| Err(io::ErrorKind::NotFound.into()));
        assert_eq!(resolver.lookup_until("::1", 7, None).unwrap().unwrap(), ["[::1]:7".parse().unwrap()]);
        assert!(resolver.lookup_until("localhost", 7, None).unwrap().is_err());
    }

    #[test]
    #[cfg(feature = "client")]
    fn a_lookup_that_hangs_keeps_the_limits_and_no_runtime() {
        use crate::client::{BlockingHttpTransport, BlockingTransport, HttpOptions, HttpTransport, Transport};
        use crate::client::{TransportError, TransportErrorKind};
        const LIMIT: Duration = Duration::from_millis(200);
        let options = || {
            let mut options = HttpOptions::default();
            options.resolver = Resolver::new(|_, _| {
                std::thread::sleep(10 * LIMIT);
                Ok(Vec::new())
            });
            options
        };
        let request = || http::Request::get("http://a.example").body(bytes::Bytes::new()).unwrap();
        let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let awaited = |options: HttpOptions, limit: Duration| {
            let runtime = runtime();
            let transport = HttpTransport::new(options);
            let result = runtime.block_on(async { tokio::time::timeout(limit, transport.send(request())).await });
            drop(runtime);
            result.unwrap_or_else(|_| Err(TransportError::new(TransportErrorKind::Timeout, "dropped")))
        };
        let waited_for = |options: HttpOptions, limit| BlockingHttpTransport::new(options).send(request(), Some(limit));
        let check = |what: &str, send: &dyn Fn() -> Result<http::Response<bytes::Bytes>, TransportError>| {
            let start = Instant::now();
            let error = send().unwrap_err();
            let took = start.elapsed();
            println!("| DNS, {what} | {took:?} | of {LIMIT:?}");
            assert_eq!(error.kind(), TransportErrorKind::Timeout, "{what}: {error}");
            assert!(took >= LIMIT && took < 2 * LIMIT, "{what}: {took:?}");
        };
        let far = Duration::from_secs(60);
        check("attempt, async", &|| awaited(options(), LIMIT));
        check("attempt, blocking", &|| waited_for(options(), LIMIT));
        check("connect, async", &|| awaited(options().connect_timeout(LIMIT), far));
        check("connect, blocking", &|| waited_for(options().connect_timeout(LIMIT), far));
    }
}
