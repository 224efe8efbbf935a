//! The HTTP transports against real sockets.

mod connections;
mod exchanges;
mod kinds;
mod peer;
mod phases;
mod proxies;
mod tls;

use bytes::Bytes;
use http::{Request, Response};
use tokio::runtime::Runtime;
use workstream_runtime::client::{
    BlockingHttpTransport, BlockingTransport, HttpOptions, HttpTransport, Transport, TransportError,
};
use workstream_tests::server::{Reply, Server};

type Answer = Result<Response<Bytes>, TransportError>;

/// One of the transports, for a thread of its own.
enum Client {
    Async(HttpTransport, Runtime),
    Blocking(BlockingHttpTransport),
}

impl Client {
    fn send(&self, request: Request<Bytes>) -> Answer {
        match self {
            Self::Async(transport, runtime) => runtime.block_on(transport.send(request)),
            Self::Blocking(transport) => transport.send(request, None),
        }
    }

    fn is_async(&self) -> bool {
        matches!(self, Self::Async(..))
    }
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

fn both(options: &HttpOptions) -> [Client; 2] {
    [
        Client::Async(HttpTransport::new(options.clone()), runtime()),
        Client::Blocking(BlockingHttpTransport::new(options.clone())),
    ]
}

fn post(authority: impl std::fmt::Display, body: &'static str) -> Request<Bytes> {
    Request::post(format!("http://{authority}/path?query")).body(Bytes::from_static(body.as_bytes())).unwrap()
}

fn post_tls(name: &str, server: &Server) -> Request<Bytes> {
    let uri = format!("https://{name}:{}/", server.address().port());
    Request::post(uri).body(Bytes::from_static(b"hello")).unwrap()
}

/// A body that is no pattern, so that no part of it stands for another.
fn long_body() -> Vec<u8> {
    let mut random = fastrand::Rng::with_seed(7);
    std::iter::repeat_with(|| random.u8(..)).take(300_000).collect()
}

/// Sends one request to a server that replies as told, by each transport.
fn each(reply: impl Fn(Request<Vec<u8>>) -> Reply + Clone + Send + Sync + 'static, check: impl Fn(Answer)) {
    each_with(&HttpOptions::default(), reply, check);
}

fn each_with(
    options: &HttpOptions,
    reply: impl Fn(Request<Vec<u8>>) -> Reply + Clone + Send + Sync + 'static,
    check: impl Fn(Answer),
) {
    for client in both(options) {
        let server = Server::plain(reply.clone());
        check(client.send(post(server.address(), "hello")));
    }
}
