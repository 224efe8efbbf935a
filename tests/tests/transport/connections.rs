//! How long connections live.

use super::{both, post, runtime};
use bytes::Bytes;
use http::header::CONNECTION;
use http::{HeaderValue, Request};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::Barrier;
use workstream_runtime::client::TransportErrorKind::{self, Exchange, Response as NoResponse};
use workstream_runtime::client::{BlockingHttpTransport, BlockingTransport, HttpOptions, HttpTransport, Transport};
use workstream_tests::server::{Fault, Reply, Server, ok};

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
fn faults_leave_nothing_behind() {
    let count = AtomicUsize::new(0);
    let server = Server::plain(move |_| match count.fetch_add(1, Ordering::Relaxed) % 8 {
        0 => Reply::from(Fault::Reset),
        1 => Fault::HalfBody(ok("12345678")).into(),
        2 => Fault::CloseAfter(ok("right")).into(),
        3 => Fault::Garbage.into(),
        _ => ok("right").into(),
    });
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let transport = Arc::new(HttpTransport::default());
    let tasks: Vec<_> = (0..64)
        .map(|_| {
            let (transport, address) = (Arc::clone(&transport), server.address());
            runtime.spawn(async move {
                for _ in 0..20 {
                    match transport.send(post(address, "hello")).await {
                        Ok(response) => assert_eq!(response.into_body(), "right"),
                        Err(error) => assert!(matches!(error.kind(), Exchange | NoResponse), "{error}"),
                    }
                }
            })
        })
        .collect();
    for task in tasks {
        runtime.block_on(task).unwrap();
    }
    drop(transport);
    server.wait_until_closed(server.connections());
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
fn a_connection_stays_with_its_runtime() {
    let server = Server::plain(|_| ok("hi"));
    let transport = HttpTransport::default();
    let runtimes = [runtime(), runtime()];
    // While one runs, the other sleeps, and with it its connections.
    for round in 0..3 {
        for runtime in &runtimes {
            let call = async {
                tokio::time::timeout(Duration::from_secs(5), transport.send(post(server.address(), ""))).await
            };
            assert_eq!(runtime.block_on(call).unwrap().unwrap().into_body(), "hi", "round {round}");
        }
    }
    assert_eq!(server.connections(), 2);
}

#[test]
fn idle_connections_can_be_closed() {
    let server = Server::plain(|_| ok("hi"));
    let (asynchronous, runtime) = (HttpTransport::default(), runtime());
    let blocking = BlockingHttpTransport::default();
    for round in 1..=2 {
        runtime.block_on(asynchronous.send(post(server.address(), ""))).unwrap();
        blocking.send(post(server.address(), ""), None).unwrap();
        asynchronous.close_idle();
        blocking.close_idle();
        server.wait_until_closed(2 * round);
    }
    assert_eq!(server.connections(), 4);
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
