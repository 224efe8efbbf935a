//! The clients against an AppStream on the loopback interface: sockets, TLS, signatures and all.

mod connections;
mod faults;
mod identity;
mod listing;

use std::future::IntoFuture;
use tokio::runtime::Runtime;
use workstream::appstream::{self, Error, ServiceError};
use workstream::client::{Answer, Async, Blocking, Call, Config, TestClock};
use workstream::{Operation, Protocol};
use workstream_tests::appstream_server::{AppStream, Arrival, Trouble};

const PROTOCOLS: [Protocol; 2] = [Protocol::RpcV2Cbor, Protocol::AwsJson1_1];

/// One of the clients, for a thread of its own.
enum Client {
    Async(appstream::Client, Runtime),
    Blocking(appstream::blocking::Client),
}

/// The result of a call.
type Ended<I> = Result<Answer<<I as Operation>::Output>, Error>;

impl Client {
    fn call<I: Operation<ServiceError = ServiceError, Error = Error>>(&self, input: I) -> Ended<I> {
        match self {
            Self::Async(client, runtime) => runtime.block_on(client.call(input).with_metadata().into_future()),
            Self::Blocking(client) => client.call(input).with_metadata().send(),
        }
    }

    /// What `async_call` or `blocking_call` makes of a call.
    fn with<I, T, F>(
        &self,
        input: I,
        async_call: impl FnOnce(Call<I, Async>) -> F,
        blocking_call: impl FnOnce(Call<I, Blocking>) -> T,
    ) -> T
    where
        I: Operation<ServiceError = ServiceError>,
        F: IntoFuture<Output = T>,
    {
        match self {
            Self::Async(client, runtime) => runtime.block_on(async_call(client.call(input)).into_future()),
            Self::Blocking(client) => blocking_call(client.call(input)),
        }
    }
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

fn both(config: &Config) -> [Client; 2] {
    [
        Client::Async(appstream::Client::new(config), runtime()),
        Client::Blocking(appstream::blocking::Client::new(config)),
    ]
}

/// A server with TLS, whose clock is the client's and does not pass by itself.
fn server(plan: impl Fn(&Arrival<'_>) -> Option<Trouble> + Send + Sync + 'static) -> (AppStream, TestClock) {
    let clock = TestClock::new();
    (AppStream::tls(clock.clone(), plan), clock)
}

/// Both clients in both protocols, each with a server of its own.
fn each(
    plan: impl Fn(&Arrival<'_>) -> Option<Trouble> + Clone + Send + Sync + 'static,
    test: impl Fn(&AppStream, &TestClock, &Client),
) {
    for protocol in PROTOCOLS {
        for index in 0..2 {
            let (server, clock) = server(plan.clone());
            // A limit on this clock would be over at once.
            let config = server.config().clock(clock.clone()).attempt_timeout(None).protocol(protocol).build();
            let [first, second] = both(&config);
            test(&server, &clock, if index == 0 { &first } else { &second });
        }
    }
}
