//! Many requests for one thing: pages and waits.

use super::{Client, each};
use std::time::Duration;
use workstream::appstream::types::*;
use workstream::client::{ResumeToken, WaitErrorKind};
use workstream_tests::appstream_server::{AppStream, Trouble};

/// Builders of these names; the server gets as many requests for it.
fn create(client: &Client, names: &[&str]) {
    for name in names {
        client.call(CreateImageBuilderInput::new(*name, "stream.standard.large")).unwrap();
    }
}

/// Names of builders, as far as they come; then what the error is and where to go on.
type Listed = (Vec<String>, Option<String>, Option<ResumeToken>);

fn list(client: &Client, from: Option<ResumeToken>) -> Listed {
    /// `next` differs in the two clients, and nothing else.
    macro_rules! list {
        ($call:expr, $from:expr $(, $await:tt)?) => {{
            let mut items = $call.items().page_size(2);
            if let Some(from) = $from {
                items = items.starting_token(from);
            }
            let (mut names, mut failed) = (Vec::new(), None);
            while let Some(item) = items.next()$(.$await)? {
                match item {
                    Ok(builder) => names.push(builder.name),
                    Err(error) => failed = Some(error.to_string()),
                }
            }
            (names, failed, items.resume_token())
        }};
    }
    let again = from.clone();
    client.with(
        DescribeImageBuildersInput::new(),
        |call| async move { list!(call, from, await) },
        |call| list!(call, again),
    )
}

#[test]
fn a_listing_goes_on_where_it_failed() {
    each(
        // Seven creations, two pages, then a page of which all attempts fail.
        |arrival| (9..12).contains(&arrival.index).then_some(Trouble::ResetInBody),
        |server, _, client| {
            create(client, &["a", "b", "c", "d", "e", "f", "g"]);
            let (names, failed, token) = list(client, None);
            assert_eq!(names, ["a", "b", "c", "d"]);
            let failed = failed.expect("the third page fails");
            assert!(failed.ends_with("(3 attempts)"), "{failed}");
            let kept = token.expect("there is more").as_str().to_owned();
            let (names, failed, token) = list(client, Some(ResumeToken::from(kept)));
            assert_eq!((names, failed, token), (["e", "f", "g"].map(str::to_owned).to_vec(), None, None));
            assert_eq!(server.server().requests(), 7 + 2 + 3 + 2);
        },
    );
}

#[test]
fn a_page_that_fails_once_is_not_noticed() {
    each(
        |arrival| (arrival.index % 2 == 0).then_some(Trouble::HalfBody),
        |server, _, client| {
            // The answer to the first attempt is lost; the second one finds the builder there.
            let error = client.call(CreateImageBuilderInput::new("a", "stream.standard.large")).unwrap_err();
            assert!(error.is_resource_already_exists_exception(), "{error}");
            let fleets = client.with(
                DescribeFleetsInput::new(),
                |call| async move {
                    let (mut items, mut names) = (call.items(), Vec::new());
                    while let Some(fleet) = items.try_next().await.unwrap() {
                        names.push(fleet.name);
                    }
                    names
                },
                |call| call.items().map(|fleet| fleet.unwrap().name).collect(),
            );
            assert!(fleets.iter().eq(server.fleets().iter().map(|fleet| &fleet.name)), "{fleets:?}");
        },
    );
}

fn named() -> DescribeImageBuildersInput {
    DescribeImageBuildersInput::new().names(["a"])
}

#[test]
fn a_wait_gets_around_faults() {
    each(
        |arrival| (arrival.index == 2).then_some(Trouble::Unavailable(1)),
        |_, clock, client| {
            create(client, &["a"]);
            let (attempts, state) = wait(client);
            assert_eq!((attempts, state), (3, Some(ImageBuilderState::Running)));
            let elapsed = clock.elapsed();
            assert!((Duration::from_secs(54)..Duration::from_secs(69)).contains(&elapsed), "{elapsed:?}");
        },
    );
}

/// Waits until the builder runs: after how many calls, and what its state is.
fn wait(client: &Client) -> (u32, Option<ImageBuilderState>) {
    let waited = match client {
        Client::Async(client, runtime) => {
            runtime.block_on(client.wait_until_image_builder_running(named()).into_future())
        }
        Client::Blocking(client) => client.wait_until_image_builder_running(named()).wait(),
    };
    let waited = waited.unwrap();
    let attempts = waited.attempts;
    let builders = waited.into_output().unwrap().image_builders.unwrap();
    (attempts, builders[0].state.clone())
}

#[test]
fn a_wait_for_what_is_not_there_ends() {
    each(
        |_| None,
        |server: &AppStream, _, client| {
            let error = match client {
                Client::Async(client, runtime) => {
                    runtime.block_on(client.wait_until_image_builder_running(named()).into_future())
                }
                Client::Blocking(client) => client.wait_until_image_builder_running(named()).wait(),
            };
            let error = error.unwrap_err();
            assert_eq!((error.kind(), error.attempts(), server.server().requests()), (WaitErrorKind::Call, 1, 1));
            // To be gone is what another wait is for.
            let gone = match client {
                Client::Async(client, runtime) => {
                    runtime.block_on(client.wait_until_image_builder_deleted(named()).into_future())
                }
                Client::Blocking(client) => client.wait_until_image_builder_deleted(named()).wait(),
            };
            assert_eq!(gone.unwrap().attempts, 1);
        },
    );
}
