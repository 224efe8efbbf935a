//! Pages and items: all of them, from anywhere, and not for ever.

use super::common::{PROTOCOLS, run};
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use workstream::appstream::{self, types::*};
use workstream::client::ClientError;
use workstream::client::{Config, Mock, PaginationError, ResumeToken, RetryConfig, TransportErrorKind};
use workstream::workspaces::{self, types as ws};
use workstream_fixtures::paginators;

/// A service with so many fleets, three a page unless the input says otherwise; tokens are numbers.
fn fleets(count: usize) -> Mock {
    let mock = Mock::new();
    mock.on::<DescribeImageBuildersInput>().respond_with(move |input| {
        let start: usize = input.next_token.as_deref().map_or(0, |token| token.parse().unwrap());
        let size = input.max_results.map_or(3, |size| size as usize);
        let end = count.min(start + size);
        let names = (start..end).map(|number| ImageBuilder::new(format!("b{number}")));
        let mut output = DescribeImageBuildersOutput::new().image_builders(names);
        output.next_token = (end < count).then(|| end.to_string());
        Ok(output)
    });
    mock
}

fn names(builders: &[ImageBuilder]) -> Vec<&str> {
    builders.iter().map(|builder| builder.name.as_str()).collect()
}

fn expected(range: std::ops::Range<usize>) -> Vec<String> {
    range.map(|number| format!("b{number}")).collect()
}

/// Items, asynchronously; and that the blocking client gives the same.
fn collect(
    config: &Config,
    adjust: impl Fn(AdjustedItems) -> AdjustedItems,
) -> (Vec<ImageBuilder>, Option<ResumeToken>) {
    let adjusted = adjust(AdjustedItems::default());
    let input = DescribeImageBuildersInput::new();
    let mut items = appstream::Client::new(config).describe_image_builders(input.clone()).items();
    let mut blocking = appstream::blocking::Client::new(config).describe_image_builders(input).items();
    if let Some(size) = adjusted.page_size {
        (items, blocking) = (items.page_size(size), blocking.page_size(size));
    }
    if let Some(count) = adjusted.max_items {
        (items, blocking) = (items.max_items(count), blocking.max_items(count));
    }
    if let Some(token) = adjusted.start {
        (items, blocking) = (items.starting_token(token.clone()), blocking.starting_token(token));
    }
    let mut found = Vec::new();
    while let Some(builder) = run(items.try_next()).unwrap() {
        found.push(builder);
    }
    assert_eq!(blocking.by_ref().collect::<Result<Vec<_>, _>>().unwrap(), found);
    assert_eq!(blocking.resume_token(), items.resume_token());
    assert!(run(items.next()).is_none() && blocking.next().is_none(), "the end stays the end");
    (found, items.resume_token())
}

#[derive(Default)]
struct AdjustedItems {
    page_size: Option<i32>,
    max_items: Option<usize>,
    start: Option<ResumeToken>,
}

#[test]
fn all_pages_and_all_items_in_both_protocols() {
    for protocol in PROTOCOLS {
        let mock = fleets(7);
        let config = mock.config_builder().protocol(protocol).build();
        let mut pages =
            appstream::Client::new(&config).describe_image_builders(DescribeImageBuildersInput::new()).pages();
        let mut sizes = Vec::new();
        while let Some(page) = run(pages.try_next()).unwrap() {
            assert_eq!(page.resume_token().is_none(), sizes.len() == 2);
            sizes.push(page.into_items().len());
        }
        assert_eq!(sizes, [3, 3, 1]);
        let (found, rest) = collect(&config, |items| items);
        assert_eq!(names(&found), expected(0..7));
        assert_eq!(rest, None, "nothing is left");
    }
}

#[test]
fn an_empty_list_and_an_empty_page() {
    assert!(collect(&fleets(0).config(), |items| items).0.is_empty());
    let mock = Mock::new();
    mock.on::<DescribeImageBuildersInput>()
        .respond(Ok(DescribeImageBuildersOutput::new().next_token("more")))
        .respond(Ok(DescribeImageBuildersOutput::new().image_builders([ImageBuilder::new("b0")])));
    let client = appstream::Client::new(&mock.config());
    let mut items = client.describe_image_builders(DescribeImageBuildersInput::new()).items();
    assert_eq!(run(items.try_next()).unwrap().unwrap().name, "b0", "an empty page is not the end");
    assert_eq!(run(items.try_next()).unwrap(), None);
}

#[test]
fn the_size_of_pages() {
    let mock = fleets(7);
    let (found, _) = collect(&mock.config(), |items| AdjustedItems { page_size: Some(5), ..items });
    assert_eq!(names(&found), expected(0..7));
    let sizes: Vec<_> = mock.calls::<DescribeImageBuildersInput>().iter().map(|input| input.max_results).collect();
    assert_eq!(sizes, [Some(5); 4], "two pages by each client");

    let mock = Mock::new();
    mock.on::<DescribeFleetsInput>().respond(Ok(DescribeFleetsOutput::new()));
    let mut items =
        appstream::Client::new(&mock.config()).describe_fleets(DescribeFleetsInput::new()).items().page_size(5);
    let error = run(items.try_next()).unwrap_err();
    assert_eq!(error.to_string(), "DescribeFleets: the operation has no member that limits the size of a page");
    assert!(mock.operations().is_empty() && run(items.next()).is_none());
}

/// Wherever a series is cut, one from there continues exactly after the last item.
#[test]
fn truncation_anywhere_and_the_rest() {
    let config = fleets(8).config();
    for cut in 0..=9 {
        let (first, token) = collect(&config, |items| AdjustedItems { max_items: Some(cut), ..items });
        assert_eq!(names(&first), expected(0..cut.min(8)), "cut after {cut}");
        let Some(token) = token else {
            assert!(cut >= 8, "cut after {cut}: a token is missing");
            continue;
        };
        assert!(cut <= 8, "cut after {cut}: nothing can be left");
        let token: ResumeToken = token.to_string().as_str().into();
        // In pages of other sizes too.
        for page_size in [None, Some(2), Some(100)] {
            let (rest, end) =
                collect(&config, |_| AdjustedItems { start: Some(token.clone()), page_size, max_items: None });
            assert_eq!(
                (names(&rest), end),
                (expected(cut..8).iter().map(String::as_str).collect(), None),
                "cut after {cut}"
            );
        }
        // And a series that was resumed can be cut again.
        let (one, token) =
            collect(&config, |_| AdjustedItems { start: Some(token.clone()), max_items: Some(1), page_size: None });
        assert_eq!(names(&one), expected(cut..8.min(cut + 1)));
        if let Some(token) = token {
            let (rest, _) = collect(&config, |items| AdjustedItems { start: Some(token.clone()), ..items });
            assert_eq!(names(&rest), expected(cut + 1..8));
        }
    }
}

#[test]
fn pages_resume_where_a_page_begins() {
    let config = fleets(7).config();
    let call = || appstream::Client::new(&config).describe_image_builders(DescribeImageBuildersInput::new());
    let mut pages = call().pages();
    assert_eq!(pages.resume_token(), call().pages().resume_token(), "before the first page: from the beginning");
    run(pages.try_next()).unwrap();
    let token = pages.resume_token().unwrap();
    let mut rest = call().pages().starting_token(token);
    assert_eq!(names(&run(rest.try_next()).unwrap().unwrap().into_items()), expected(3..6));
}

#[test]
fn a_series_from_a_token_of_the_service() {
    let config = fleets(7).config();
    let input = DescribeImageBuildersInput::new().next_token("4");
    let items = appstream::blocking::Client::new(&config).describe_image_builders(input.clone()).items().max_items(1);
    let mut items = items.inspect(|item| assert!(item.is_ok()));
    assert_eq!(items.next().unwrap().unwrap().name, "b4");
    let mut items =
        appstream::blocking::Client::new(&config).describe_image_builders(input.clone()).items().max_items(1);
    items.by_ref().for_each(drop);
    let rest = appstream::blocking::Client::new(&config).describe_image_builders(input).items();
    let rest = rest.starting_token(items.resume_token().unwrap());
    assert_eq!(names(&rest.collect::<Result<Vec<_>, _>>().unwrap()), expected(5..7));
}

#[test]
fn tokens_of_others_are_refused() {
    let config = fleets(7).config();
    let mut items = appstream::blocking::Client::new(&config)
        .describe_image_builders(DescribeImageBuildersInput::new())
        .items()
        .max_items(4);
    items.by_ref().for_each(drop);
    let good = items.resume_token().unwrap().to_string();
    let images = || appstream::blocking::Client::new(&config).describe_images(DescribeImagesInput::new());
    for (error, what) in [
        (images().items().starting_token(good.as_str()).next(), "of another operation"),
        (images().items().starting_token("no base64!").next(), "no base64"),
        (images().items().starting_token("e30").next(), "an object that lacks all"),
        (images().items().starting_token("").next(), "nothing"),
    ] {
        let error = error.unwrap().unwrap_err();
        let Some(ClientError::Pagination(PaginationError::InvalidResumeToken)) = error.client_error() else {
            panic!("{what}: {error}");
        };
    }
}

/// A service whose pages are named by their tokens, two builders a page; each page leads to the next one that is named,
/// the last one back to one of them.
fn cycle(pages: &'static [&'static str]) -> Mock {
    let mock = Mock::new();
    mock.on::<DescribeImageBuildersInput>().respond_with(move |input| {
        let at = match input.next_token.as_deref() {
            None => 0,
            Some(token) => pages[..pages.len() - 1].iter().position(|known| *known == token).unwrap() + 1,
        };
        let builders = [2 * at, 2 * at + 1].map(|number| ImageBuilder::new(format!("b{number}")));
        Ok(DescribeImageBuildersOutput::new().image_builders(builders).next_token(pages[at]))
    });
    mock
}

const CYCLES: [&[&str]; 3] = [&["a", "a"], &["a", "b", "a"], &["a", "b", "c", "b"]];
const REPEATED: &str = "DescribeImageBuilders: the service repeats a page token, so its pages would never end";

/// What was received is given out before the error.
#[test]
fn a_token_that_comes_again_is_an_error_after_its_page() {
    for tokens in CYCLES {
        let mock = cycle(tokens);
        let input = DescribeImageBuildersInput::new;
        let mut pages = appstream::blocking::Client::new(&mock.config()).describe_image_builders(input()).pages();
        for number in 0..tokens.len() {
            let page = pages.next().unwrap().unwrap();
            assert_eq!(names(&page.into_items()), expected(2 * number..2 * number + 2));
        }
        let before = pages.resume_token();
        assert_eq!(pages.next().unwrap().unwrap_err().to_string(), REPEATED);
        assert!(pages.next().is_none(), "and it is the end");
        assert_eq!(pages.resume_token(), before, "the last page, which may lead on when it is asked for again");
        assert_eq!(mock.operations().len(), tokens.len(), "the error costs no call");

        let mut items = appstream::Client::new(&mock.config()).describe_image_builders(input()).items();
        for number in 0..2 * tokens.len() {
            assert_eq!(run(items.try_next()).unwrap().unwrap().name, format!("b{number}"));
        }
        assert_eq!(run(items.try_next()).unwrap_err().to_string(), REPEATED);
        assert!(run(items.next()).is_none());
    }
}

/// Truncated before the error, a series succeeds, as botocore's does.
#[test]
fn max_items_may_end_in_a_page_whose_token_comes_again() {
    for tokens in CYCLES {
        let config = cycle(tokens).config();
        let count = 2 * tokens.len();
        for cut in 0..=count {
            let (found, token) = collect(&config, |items| AdjustedItems { max_items: Some(cut), ..items });
            assert_eq!(names(&found), expected(0..cut));
            // A series from there has not seen the earlier tokens: it goes round once more, if the circle is longer.
            let call = appstream::blocking::Client::new(&config).describe_image_builders(Default::default());
            let mut rest = call.items().starting_token(token.unwrap());
            let found: Vec<_> = rest.by_ref().map_while(Result::ok).collect();
            let found = names(&found);
            assert_eq!(found[..count - cut], expected(cut..count), "cut after {cut} of {tokens:?}");
            assert!(found.len() == count - cut || tokens.len() > 2, "cut after {cut} of {tokens:?}");
            assert!(rest.next().is_none());
        }
    }
}

/// The page is asked for again, and what it had is skipped: a service that has come to its senses leads on.
#[test]
fn a_series_goes_on_after_a_token_that_came_again() {
    for page_size in [None, Some(1)] {
        let mock = fleets(9);
        mock.on::<DescribeImageBuildersInput>()
            .matching(|input| input.next_token.as_deref() == Some("3"))
            .respond(Ok(DescribeImageBuildersOutput::new()
                .image_builders((3..6).map(|number| ImageBuilder::new(format!("b{number}"))))
                .next_token("3")))
            .once();
        let config = mock.config();
        let call = || appstream::blocking::Client::new(&config).describe_image_builders(Default::default());
        let mut items = call().items();
        let found: Vec<_> = items.by_ref().map_while(Result::ok).collect();
        assert_eq!(names(&found), expected(0..6));
        let token = items.resume_token().unwrap();
        let rest = call().items().starting_token(token);
        let rest = page_size.into_iter().fold(rest, |rest, size| rest.page_size(size));
        assert_eq!(names(&rest.collect::<Result<Vec<_>, _>>().unwrap()), expected(6..9), "nothing twice");
    }
}

#[test]
fn an_error_ends_a_series_that_can_be_resumed() {
    let mock = fleets(7);
    mock.on::<DescribeImageBuildersInput>()
        .matching(|input| input.next_token.as_deref() == Some("3"))
        .fail(TransportErrorKind::Exchange)
        .once();
    let config = mock.config_builder().retry(RetryConfig::disabled()).build();
    let client = appstream::blocking::Client::new(&config);
    let mut items = client.describe_image_builders(DescribeImageBuildersInput::new()).items();
    let found: Vec<_> = items.by_ref().map_while(Result::ok).collect();
    assert_eq!(names(&found), expected(0..3));
    assert!(items.next().is_none());
    let rest = client.describe_image_builders(DescribeImageBuildersInput::new()).items();
    let rest = rest.starting_token(items.resume_token().unwrap());
    assert_eq!(names(&rest.collect::<Result<Vec<_>, _>>().unwrap()), expected(3..7));
}

#[test]
fn a_page_that_is_under_way_survives_its_future() {
    let mock = fleets(4);
    let mut pages =
        appstream::Client::new(&mock.config()).describe_image_builders(DescribeImageBuildersInput::new()).pages();
    drop(pages.next());
    assert!(mock.operations().is_empty(), "nothing is called before it is polled");
    {
        let mut next = pin!(pages.next());
        let Poll::Ready(Some(Ok(_))) = next.as_mut().poll(&mut Context::from_waker(Waker::noop())) else { panic!() };
    }
    assert_eq!(run(pages.try_next()).unwrap().unwrap().into_items().len(), 1);
}

#[test]
fn inferred_paginators_and_other_services() {
    let mock = Mock::new();
    mock.on::<ws::DescribeWorkspacesPoolsInput>()
        .respond(Ok(ws::DescribeWorkspacesPoolsOutput::new().next_token("2")))
        .respond(Ok(ws::DescribeWorkspacesPoolsOutput::new()));
    let client = workspaces::blocking::Client::new(&mock.config());
    assert_eq!(client.describe_workspaces_pools(ws::DescribeWorkspacesPoolsInput::new()).pages().count(), 2);
}

/// Tokens of several parts are resumed too.
#[test]
fn tokens_of_several_parts() {
    use paginators::types::{Item, MultiTokenInput, MultiTokenOutput};
    let mock = Mock::new();
    mock.on::<MultiTokenInput>().respond_with(|input| {
        let output = MultiTokenOutput::default();
        Ok(match (input.hash.as_deref(), input.range.as_str()) {
            (None, "start") => {
                output.items([Item::new().name("1"), Item::new().name("2")]).next_hash("h").next_range("r")
            }
            (Some("h"), "r") => output.items([Item::new().name("3")]),
            other => panic!("{other:?}"),
        })
    });
    // The fixture has no endpoint rules.
    let config = mock.config_builder().endpoint_url("http://localhost").build();
    let call = || paginators::blocking::Client::new(&config).multi_token(MultiTokenInput::new("start"));
    for cut in 0..3 {
        let mut items = call().items().max_items(cut);
        assert_eq!(items.by_ref().count(), cut);
        let rest = call().items().starting_token(items.resume_token().unwrap());
        assert_eq!(rest.count(), 3 - cut, "cut after {cut}");
    }
}

#[test]
fn pages_and_items_are_streams() {
    fn assert_stream<S: futures_core::Stream + Send + Unpin + 'static>(stream: S) -> S {
        stream
    }
    let config = fleets(1).config();
    let call = || appstream::Client::new(&config).describe_image_builders(DescribeImageBuildersInput::new());
    drop(assert_stream(call().pages()));
    drop(assert_stream(call().items()));
}
