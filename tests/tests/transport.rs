//! The HTTP transports against real sockets.

use bytes::Bytes;
use http::header::{CONNECTION, CONTENT_LENGTH, HOST, PROXY_AUTHORIZATION, RETRY_AFTER, TRANSFER_ENCODING};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use std::net::{Ipv4Addr, Ipv6Addr, TcpListener};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio::sync::Barrier;
use workstream_runtime::client::TransportErrorKind::{self, Connect, Exchange, Response as NoResponse, Timeout};
use workstream_runtime::client::{
    BlockingHttpTransport, BlockingTransport, HttpOptions, HttpTransport, Transport, TransportError,
};
use workstream_tests::server::{Fault, Reply, Server, html, ok, too_many_requests, unavailable};

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

/// A fault, and what comes of it, in words too.
fn fails(fault: Fault, kind: TransportErrorKind) {
    each(
        move |_| fault.clone().into(),
        |answer| {
            let error = answer.unwrap_err();
            assert_eq!(error.kind(), kind, "{error}");
            assert!(!error.to_string().contains('\n'), "{error}");
        },
    );
}

#[test]
fn requests_arrive_as_they_are() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let seen_by_server = Arc::clone(&seen);
    let server = Server::plain(move |request| {
        seen_by_server.lock().unwrap().push(request);
        ok("")
    });
    for client in both(&HttpOptions::default()) {
        let mut request = post(server.address(), "hello");
        request.headers_mut().insert("x-amz-target", HeaderValue::from_static("Service.Operation"));
        client.send(request).unwrap();
        client.send(Request::get(format!("http://{}", server.address())).body(Bytes::new()).unwrap()).unwrap();
        client.send(Request::put(format!("http://{}/token", server.address())).body(Bytes::new()).unwrap()).unwrap();

        let seen = std::mem::take(&mut *seen.lock().unwrap());
        let [post, get, put] = &seen[..] else { panic!("{seen:?}") };
        assert_eq!((post.method(), post.uri().to_string().as_str()), (&Method::POST, "/path?query"));
        assert_eq!(post.body(), b"hello");
        let mut names: Vec<_> = post.headers().keys().map(|name| name.as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, ["content-length", "host", "x-amz-target"]);
        assert_eq!(post.headers()[HOST], server.address().to_string());
        assert_eq!(post.headers()[CONTENT_LENGTH], "5");
        assert_eq!((get.method(), get.uri().path()), (&Method::GET, "/"));
        assert!(get.headers().keys().eq([HOST]), "{get:?}");
        assert_eq!((put.method(), &put.headers()[CONTENT_LENGTH]), (&Method::PUT, &HeaderValue::from_static("0")));
    }
}

#[test]
fn headers_that_are_there_are_kept() {
    let server = Server::plain(|request| ok(request.headers()[HOST].as_bytes()));
    for client in both(&HttpOptions::default()) {
        let mut request = post(server.address(), "hello");
        request.headers_mut().insert(HOST, HeaderValue::from_static("signed.example"));
        request.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from_static("5"));
        assert_eq!(client.send(request).unwrap().into_body(), "signed.example");
    }
}

#[test]
fn error_statuses_are_responses() {
    let expect = |reply: fn() -> Response<Vec<u8>>, status: u16| {
        each(move |_| reply().into(), |answer| assert_eq!(answer.unwrap().status(), status));
    };
    expect(too_many_requests, 429);
    expect(|| html(StatusCode::BAD_GATEWAY), 502);
    expect(|| Response::builder().status(307).header("location", "/elsewhere").body(Vec::new()).unwrap(), 307);
    each(|_| unavailable(7).into(), |answer| assert_eq!(answer.unwrap().headers()[RETRY_AFTER], "7"));
}

#[test]
fn bodies_come_whole() {
    let chunked = |request: Request<Vec<u8>>| {
        let mut response = ok(if request.body() == b"hello" { long_body() } else { Vec::new() });
        response.headers_mut().insert(TRANSFER_ENCODING, HeaderValue::from_static("chunked"));
        response.into()
    };
    each(|_| ok(long_body()).into(), |answer| assert!(answer.unwrap().into_body() == long_body()));
    each(chunked, |answer| assert!(answer.unwrap().into_body() == long_body()));
    each(|_| ok("").into(), |answer| assert!(answer.unwrap().into_body().is_empty()));
    each(|request| ok(request.into_body()).into(), |answer| assert_eq!(answer.unwrap().into_body(), "hello"));

    let server = Server::plain(|request| ok(request.into_body()));
    for client in both(&HttpOptions::default()) {
        let request = Request::post(format!("http://{}", server.address())).body(long_body().into()).unwrap();
        assert!(client.send(request).unwrap().into_body() == long_body());
    }
}

#[test]
fn faults_are_told_apart() {
    fails(Fault::Reset, Exchange);
    fails(Fault::Close, Exchange);
    fails(Fault::ResetInBody(ok(long_body())), Exchange);
    fails(Fault::HalfBody(ok(long_body())), Exchange);
    fails(Fault::HalfBody(ok("hi")), Exchange);
    fails(Fault::Garbage, NoResponse);
    each(|_| Fault::CloseAfter(ok("hi")).into(), |answer| assert_eq!(answer.unwrap().into_body(), "hi"));
}

#[test]
fn long_responses_are_refused() {
    let options = HttpOptions::default().max_response_bytes(5);
    let refused = |answer: Answer| {
        let error = answer.unwrap_err();
        assert_eq!(error.kind(), NoResponse);
        assert!(error.to_string().ends_with("longer than 5 bytes (`HttpOptions::max_response_bytes`)"), "{error}");
        assert!(!error.is_transient());
    };
    each_with(&options, |_| ok("123456").into(), refused);
    each_with(&options, |_| Fault::EndlessBody.into(), refused);
    each_with(&options, |_| ok("12345").into(), |answer| assert_eq!(answer.unwrap().into_body(), "12345"));
}

#[test]
fn connections_are_kept() {
    for client in both(&HttpOptions::default()) {
        let server = Server::plain(|request| ok(request.into_body()));
        for _ in 0..100 {
            assert_eq!(client.send(post(server.address(), "hello")).unwrap().into_body(), "hello");
        }
        assert_eq!((server.requests(), server.connections()), (100, 1));
    }
}

#[test]
fn connections_are_kept_no_longer_than_allowed() {
    let none = HttpOptions::default().max_idle_per_host(0);
    let shortly = HttpOptions::default().idle_timeout(Duration::ZERO);
    for options in [none, shortly] {
        for client in both(&options) {
            let server = Server::plain(|_| ok(""));
            for _ in 0..3 {
                client.send(post(server.address(), "")).unwrap();
            }
            assert_eq!(server.connections(), 3);
        }
    }
}

#[test]
fn connections_that_the_server_closes_are_replaced() {
    let says_so = || {
        let mut response = ok("hi");
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        response.into()
    };
    let replies: [fn() -> Reply; 2] = [says_so, || Fault::CloseAfter(ok("hi")).into()];
    // It sometimes takes to look twice.
    for reply in replies {
        for client in both(&HttpOptions::default()) {
            let server = Server::plain(move |_| reply());
            for round in 1..=20 {
                assert_eq!(client.send(post(server.address(), "hello")).unwrap().into_body(), "hi");
                server.wait_until_closed(round);
            }
            assert_eq!((server.requests(), server.connections()), (20, 20));
        }
    }
}

#[test]
fn to_drop_a_call_is_to_close_its_connection() {
    let server = Server::plain(|request| match request.uri().path() {
        "/silence" => Reply::from(Fault::Silence),
        "/endless" => Fault::EndlessBody.into(),
        _ => ok("").into(),
    });
    let transport = HttpTransport::default();
    let uri = |path: &str| Request::get(format!("http://{}{path}", server.address())).body(Bytes::new()).unwrap();
    runtime().block_on(async {
        for (round, path) in ["/silence", "/endless"].into_iter().enumerate() {
            transport.send(uri("/")).await.unwrap();
            let call = tokio::time::timeout(Duration::from_millis(20), transport.send(uri(path)));
            assert!(call.await.is_err());
            server.wait_until_closed(round + 1);
            assert!(format!("{transport:?}").contains("idle: 0"), "{transport:?}");
        }
        transport.send(uri("/")).await.unwrap();
    });
    // Those that wait go with the transport.
    drop(transport);
    server.wait_until_closed(server.connections());
}

#[test]
fn slow_servers_run_into_the_timeout() {
    for fault in [Fault::Silence, Fault::EndlessBody] {
        let server = Server::plain(move |_| fault.clone());
        let error = BlockingHttpTransport::default()
            .send(post(server.address(), "hello"), Some(Duration::from_millis(20)))
            .unwrap_err();
        assert_eq!(error.kind(), Timeout, "{error}");
        server.wait_until_closed(1);
    }
}

#[test]
fn slow_handshakes_run_into_the_timeout() {
    // It listens, and nobody accepts: TCP connects, TLS does not.
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let server = Server::tls("localhost", |_| ok(""));
    let options = HttpOptions::default().connect_timeout(Duration::from_millis(20));
    for client in both(&options.root_certificate(server.certificate()).unwrap()) {
        let uri = format!("https://{}", listener.local_addr().unwrap());
        let error = client.send(Request::get(uri).body(Bytes::new()).unwrap()).unwrap_err();
        assert_eq!(error.kind(), Timeout, "{error}");
    }
}

#[test]
fn many_calls_run_at_a_time() {
    const CALLS: usize = 64;
    let barrier = Arc::new(Barrier::new(CALLS));
    let server = Server::plain(move |request| {
        let barrier = Arc::clone(&barrier);
        Reply::Later(
            Box::pin(async move {
                let _leader = barrier.wait().await;
            }),
            ok(request.into_body()),
        )
    });
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let transport = Arc::new(HttpTransport::default());
    for _ in 0..3 {
        let calls: Vec<_> = (0..CALLS)
            .map(|call| {
                let transport = Arc::clone(&transport);
                let uri = format!("http://{}", server.address());
                let request = Request::post(uri).body(call.to_string().into()).unwrap();
                runtime.spawn(async move { transport.send(request).await })
            })
            .collect();
        for (call, answer) in calls.into_iter().enumerate() {
            assert_eq!(runtime.block_on(answer).unwrap().unwrap().into_body(), call.to_string());
        }
    }
    // No answer comes before all calls of a round have arrived.
    assert_eq!((server.requests(), server.connections()), (3 * CALLS, CALLS));

    let transport = BlockingHttpTransport::default();
    std::thread::scope(|scope| {
        let calls: Vec<_> =
            (0..CALLS).map(|_| scope.spawn(|| transport.send(post(server.address(), "hello"), None))).collect();
        for call in calls {
            assert_eq!(call.join().unwrap().unwrap().into_body(), "hello");
        }
    });
}

#[test]
fn a_transport_outlives_a_runtime() {
    let server = Server::plain(|_| ok("hi"));
    let transport = HttpTransport::default();
    for _ in 0..3 {
        assert_eq!(runtime().block_on(transport.send(post(server.address(), ""))).unwrap().into_body(), "hi");
    }
}

#[test]
fn without_a_runtime_there_is_an_error() {
    let transport = HttpTransport::default();
    let mut call = transport.send(post("127.0.0.1:1", ""));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let std::task::Poll::Ready(Err(error)) = call.as_mut().poll(&mut context) else { panic!("no error") };
    assert_eq!(error.kind(), TransportErrorKind::Request);
    assert!(error.to_string().contains("tokio runtime"), "{error}");
}

#[test]
fn tls_is_spoken_and_reused() {
    let server = Server::tls("localhost", |request| ok(request.into_body()));
    let options = HttpOptions::default().only_these_roots().root_certificate(server.certificate()).unwrap();
    for (round, client) in both(&options).into_iter().enumerate() {
        for _ in 0..10 {
            assert_eq!(client.send(post_tls("localhost", &server)).unwrap().into_body(), "hello");
        }
        assert_eq!(server.connections(), round + 1);
    }
}

#[test]
fn tls_connections_that_the_server_closes_are_replaced() {
    let server = Server::tls("localhost", |_| Fault::CloseAfter(ok(long_body())));
    let options = HttpOptions::default().only_these_roots().root_certificate(server.certificate()).unwrap();
    let mut closed = 0;
    for client in both(&options) {
        for _ in 0..5 {
            assert!(client.send(post_tls("localhost", &server)).unwrap().into_body() == long_body());
            closed += 1;
            server.wait_until_closed(closed);
        }
    }
}

#[test]
fn certificates_are_checked() {
    let server = Server::tls("localhost", |_| ok(""));
    let other = Server::tls("localhost", |_| ok(""));
    let expect = |options: &HttpOptions, name: &str, words: &[&str]| {
        for client in both(options) {
            let error = client.send(post_tls(name, &server)).unwrap_err();
            assert_eq!(error.kind(), Connect, "{error}");
            for word in words {
                assert!(error.to_string().contains(word), "{error}");
            }
        }
    };
    let target = format!("TLS with `localhost:{}`", server.address().port());
    let unknown_issuer = [&target, "UnknownIssuer", "SSL_CERT_FILE", "HttpOptions::root_certificate"];
    let with_other = HttpOptions::default().only_these_roots().root_certificate(other.certificate()).unwrap();
    expect(&with_other, "localhost", &unknown_issuer);
    let with_ours = HttpOptions::default().only_these_roots().root_certificate(server.certificate()).unwrap();
    expect(&with_ours, "127.0.0.1", &["TLS with `127.0.0.1:", "not valid for name", "localhost"]);
    let without = HttpOptions::default().only_these_roots();
    expect(&without, "localhost", &["no root certificates", "SSL_CERT_FILE"]);
    assert_eq!(server.requests(), 0);
}

#[test]
fn certificates_in_pem_are_refused_at_once() {
    let error = HttpOptions::default().root_certificate(*b"-----BEGIN CERTIFICATE-----").unwrap_err();
    assert!(error.to_string().contains("PEM"), "{error}");
}

#[test]
fn plain_servers_are_no_tls_servers() {
    let server = Server::plain(|_| ok(""));
    let tls = Server::tls("localhost", |_| ok(""));
    for client in both(&HttpOptions::default().root_certificate(tls.certificate()).unwrap()) {
        let error = client.send(post_tls("localhost", &server)).unwrap_err();
        assert_eq!(error.kind(), Connect, "{error}");
        assert!(error.to_string().contains("perhaps http:// is meant"), "{error}");
    }
}

#[test]
fn where_there_is_no_connection_is_told() {
    // A port that was free a moment ago.
    let refused = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap();
    for client in both(&HttpOptions::default()) {
        let error = client.send(post(refused, "")).unwrap_err();
        assert_eq!(error.kind(), Connect, "{error}");
        assert!(error.is_transient());
        assert!(error.to_string().contains(&format!("`{refused}`: ")), "{error}");

        // A name that no server has to be asked about: its label is too long for DNS.
        let unknown = "a".repeat(64);
        let error = client.send(post(&unknown, "")).unwrap_err();
        assert_eq!(error.kind(), Connect, "{error}");
        assert!(error.to_string().contains(&format!("`{unknown}` cannot be resolved")), "{error}");
    }
}

#[test]
fn requests_that_cannot_be_sent_are_refused() {
    for uri in ["/relative", "ftp://host/", "http://user:s3cret@host/"] {
        for client in both(&HttpOptions::default()) {
            let error = client.send(Request::get(uri).body(Bytes::new()).unwrap()).unwrap_err();
            assert_eq!(error.kind(), TransportErrorKind::Request, "{error}");
            assert!(!error.to_string().contains("s3cret"));
        }
    }
}

#[test]
fn ipv6_addresses_are_reached() {
    let Ok(server) = Server::plain_on(Ipv6Addr::LOCALHOST.into(), |request| ok(request.headers()[HOST].as_bytes()))
    else {
        eprintln!("this machine has no IPv6");
        return;
    };
    for client in both(&HttpOptions::default()) {
        let host = client.send(post(server.address(), "")).unwrap().into_body();
        assert_eq!(host, format!("[::1]:{}", server.address().port()));
    }
}

#[test]
fn https_goes_through_a_tunnel() {
    let server = Server::tls("localhost", |request| ok(request.into_body()));
    let address = server.address();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let seen_by_proxy = Arc::clone(&seen);
    let proxy = Server::plain(move |request| {
        seen_by_proxy.lock().unwrap().push(request);
        Reply::Tunnel(address)
    });
    let options = HttpOptions::default()
        .only_these_roots()
        .root_certificate(server.certificate())
        .unwrap()
        .proxy(&format!("http://me:s%3Acret@{}", proxy.address()))
        .unwrap();
    assert!(!format!("{options:?}").contains("cret@"), "{options:?}");
    for client in both(&options) {
        for _ in 0..3 {
            assert_eq!(client.send(post_tls("localhost", &server)).unwrap().into_body(), "hello");
        }
        let seen = std::mem::take(&mut *seen.lock().unwrap());
        let [connect] = &seen[..] else { panic!("{seen:?}") };
        assert_eq!(connect.method(), Method::CONNECT);
        assert_eq!(connect.uri(), &*format!("localhost:{}", address.port()));
        assert_eq!(connect.headers()[PROXY_AUTHORIZATION], "Basic bWU6czpjcmV0");
    }
    let (connections, directly) = (proxy.connections(), options.no_proxy("example.com,localhost"));
    for client in both(&directly) {
        assert_eq!(client.send(post_tls("localhost", &server)).unwrap().into_body(), "hello");
    }
    assert_eq!(proxy.connections(), connections);
}

#[test]
fn http_goes_through_a_proxy() {
    let server = Server::plain(|request| ok(request.into_body()));
    let address = server.address();
    let proxy = Server::plain(move |request| {
        if request.method() == Method::CONNECT { Reply::Tunnel(address) } else { ok(request.uri().to_string()).into() }
    });
    for client in both(&HttpOptions::default().proxy(&format!("http://{}", proxy.address())).unwrap()) {
        let body = client.send(post(server.address(), "hello")).unwrap().into_body();
        let expected = format!("http://{address}/path?query");
        assert_eq!(body, if client.is_async() { &*expected } else { "hello" });
    }
    assert_eq!(proxy.connections(), 2);
}

#[test]
fn what_a_proxy_refuses_is_told() {
    let proxy = Server::plain(|_| {
        Response::builder().status(StatusCode::PROXY_AUTHENTICATION_REQUIRED).body(Vec::new()).unwrap()
    });
    let server = Server::tls("localhost", |_| ok(""));
    let options = HttpOptions::default().root_certificate(server.certificate()).unwrap();
    for client in both(&options.proxy(&format!("http://me:s3cret@{}", proxy.address())).unwrap()) {
        let error = client.send(post_tls("localhost", &server)).unwrap_err();
        assert_eq!(error.kind(), Connect, "{error}");
        assert!(error.to_string().contains("407") && !error.to_string().contains("s3cret"), "{error}");
    }
}
