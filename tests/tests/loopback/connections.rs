//! Connections under calls.

use super::{PROTOCOLS, each, runtime, server};
use http::HeaderValue;
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use workstream::appstream::{self, types::*};
use workstream_tests::appstream_server::{CALL, Trouble};

#[test]
fn calls_share_a_connection() {
    each(
        |_| None,
        |server, _, client| {
            for _ in 0..20 {
                client.call(DescribeFleetsInput::new()).unwrap();
                client.call(DeleteImageBuilderInput::new("nobody")).unwrap_err();
            }
            assert_eq!((server.server().requests(), server.server().connections()), (40, 1));
        },
    );
}

#[test]
fn to_drop_a_call_is_to_leave_nothing_behind() {
    for protocol in PROTOCOLS {
        for trouble in [Trouble::Silence, Trouble::EndlessBody] {
            let (server, clock) = server(move |arrival| (arrival.call == "dropped").then(|| trouble.clone()));
            let config = server.config().clock(clock).attempt_timeout(None).protocol(protocol).build();
            let client = appstream::Client::new(&config);
            let runtime = runtime();
            runtime.block_on(async {
                client.describe_fleets(DescribeFleetsInput::new()).await.unwrap();
                {
                    let name = HeaderValue::from_static("dropped");
                    let call = client.describe_fleets(DescribeFleetsInput::new()).header(CALL, name);
                    let mut call = pin!(call.into_future());
                    // Until the server has it.
                    poll_fn(|context| {
                        assert!(call.as_mut().poll(context).is_pending());
                        context.waker().wake_by_ref();
                        if server.server().requests() == 2 { Poll::Ready(()) } else { Poll::Pending }
                    })
                    .await;
                }
                server.server().wait_until_closed(1);
                client.describe_fleets(DescribeFleetsInput::new()).await.unwrap();
            });
            assert_eq!((server.server().requests(), server.server().connections()), (3, 2));
            assert_eq!(runtime.metrics().num_alive_tasks(), 0);
            drop((client, config));
            server.server().wait_until_closed(2);
        }
    }
}
