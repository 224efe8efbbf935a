//! What is different about the two clients.

use super::Soak;
use crate::drive::Drive;
use bytes::Bytes;
use http::{Request, Response};
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Runtime;
use workstream::Operation;
use workstream::client::{
    Answer, Async, Blocking, BlockingHttpTransport, BlockingTransport, BoxFuture, ConfigBuilder, DetailedCall,
    HttpOptions, HttpTransport, Transport, TransportError,
};

/// A kind of client, and the threads that use it.
#[expect(async_fn_in_trait, reason = "those who spawn what these give know which kind it is")]
pub trait Kind: Drive {
    /// Its transport, of which somebody else has a share too: to close connections.
    type Transport: Send + Sync;

    /// What runs the calls.
    type Threads;

    /// A transport.
    fn transport(options: HttpOptions) -> Arc<Self::Transport>;

    /// Adds a share of it to a configuration.
    fn config(config: ConfigBuilder, transport: &Arc<Self::Transport>) -> ConfigBuilder;

    /// Closes its connections.
    fn close_idle(transport: &Self::Transport);

    /// Starts what runs the calls.
    fn threads() -> Self::Threads;

    /// Tasks that are alive.
    fn tasks(threads: &Self::Threads) -> usize;

    /// Makes all calls before number `until` that were not made yet, so many at a time.
    fn work(threads: &Self::Threads, soak: &Arc<Soak<Self>>, phase: &'static str, until: usize);

    /// A call that is dropped after a while: then it has given nothing. A client that cannot do that goes on.
    async fn given_up<I: Operation>(
        call: DetailedCall<I, Self>,
        patience: Duration,
    ) -> Option<Result<Answer<I::Output>, I::Error>>;
}

/// A share of a transport.
#[derive(Debug)]
struct Shared<T>(Arc<T>);

impl Transport for Shared<HttpTransport> {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        self.0.send(request)
    }
}

impl BlockingTransport for Shared<BlockingHttpTransport> {
    fn send(&self, request: Request<Bytes>, timeout: Option<Duration>) -> Result<Response<Bytes>, TransportError> {
        self.0.send(request, timeout)
    }
}

impl Kind for Async {
    type Transport = HttpTransport;
    type Threads = Runtime;

    fn transport(options: HttpOptions) -> Arc<HttpTransport> {
        Arc::new(HttpTransport::new(options))
    }

    fn config(config: ConfigBuilder, transport: &Arc<HttpTransport>) -> ConfigBuilder {
        config.transport(Shared(Arc::clone(transport)))
    }

    fn close_idle(transport: &HttpTransport) {
        transport.close_idle();
    }

    fn threads() -> Runtime {
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime")
    }

    fn tasks(threads: &Runtime) -> usize {
        threads.metrics().num_alive_tasks()
    }

    fn work(threads: &Runtime, soak: &Arc<Soak<Self>>, phase: &'static str, until: usize) {
        let worker = |_| {
            let soak = Arc::clone(soak);
            threads.spawn(async move { soak.work(phase, until).await })
        };
        let workers: Vec<_> = (0..soak.concurrency()).map(worker).collect();
        for worker in workers {
            threads.block_on(worker).expect("workers do not panic");
        }
    }

    async fn given_up<I: Operation>(
        call: DetailedCall<I, Self>,
        patience: Duration,
    ) -> Option<Result<Answer<I::Output>, I::Error>> {
        tokio::time::timeout(patience, call.into_future()).await.ok()
    }
}

impl Kind for Blocking {
    type Transport = BlockingHttpTransport;
    type Threads = ();

    fn transport(options: HttpOptions) -> Arc<BlockingHttpTransport> {
        Arc::new(BlockingHttpTransport::new(options))
    }

    fn config(config: ConfigBuilder, transport: &Arc<BlockingHttpTransport>) -> ConfigBuilder {
        config.blocking_transport(Shared(Arc::clone(transport)))
    }

    fn close_idle(transport: &BlockingHttpTransport) {
        transport.close_idle();
    }

    fn threads() {}

    fn tasks((): &()) -> usize {
        0
    }

    fn work((): &(), soak: &Arc<Soak<Self>>, phase: &'static str, until: usize) {
        std::thread::scope(|scope| {
            for _ in 0..soak.concurrency() {
                scope.spawn(|| Self::complete(soak.work(phase, until)));
            }
        });
    }

    async fn given_up<I: Operation>(
        call: DetailedCall<I, Self>,
        _patience: Duration,
    ) -> Option<Result<Answer<I::Output>, I::Error>> {
        Some(call.send())
    }
}
