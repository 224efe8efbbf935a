//! Batches: every item in one call and in one list of the outcome, and no more calls at a time than asked for.

use super::common::run;
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use workstream::workspaces::{self, types as ws};
use workstream_fixtures::Batched;
use workstream_fixtures::batches::{Client, ServiceError, blocking, types::*};
use workstream_fixtures::client::{
    BatchOutcome, BlockingTransport, BoxFuture, Config, ConfigBuilder, FailedItem, ItemFailure, Mock, RetryConfig,
    Transport, TransportError,
};

/// A service that starts jobs: those with a size below zero fail, and calls with a job called `poison` too.
fn queue(fills_in: bool) -> Mock {
    let mock = Mock::new();
    mock.on::<StartJobsInput>().respond_with(move |input| {
        if input.jobs.iter().any(|job| job.name == "poison") {
            return Err(ServiceError::Unmodelled);
        }
        let failed = input.jobs.iter().filter(|job| job.size.is_some_and(|size| size < 0)).map(|job| {
            let mut told = job.clone();
            if fills_in {
                told.notes.get_or_insert_default().push("as usual".to_owned());
            }
            FailedJob::new().job(told).error_code(Code::Busy).error_message("too many")
        });
        // What failed last comes first.
        let failed: Vec<FailedJob> = failed.collect();
        Ok(StartJobsOutput::new().failed_jobs(failed.into_iter().rev()))
    });
    mock
}

/// The fixture has no endpoint of its own; and while an answer is waited for, the mock's clock goes to the next limit.
fn settings(mock: &Mock) -> ConfigBuilder {
    mock.config_builder().endpoint_url("http://localhost:1").attempt_timeout(None)
}

fn config(mock: &Mock) -> Config {
    settings(mock).build()
}

/// A transport that answers after some polls, and counts the requests under way.
#[derive(Clone, Debug)]
struct Slow {
    mock: Mock,
    polls: Arc<Mutex<Vec<usize>>>,
    under_way: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
}

impl Slow {
    fn new(mock: &Mock, polls: &[usize]) -> Self {
        let polls = Arc::new(Mutex::new(polls.to_vec()));
        Self { mock: mock.clone(), polls, under_way: Arc::default(), most: Arc::default() }
    }

    fn config(&self) -> Config {
        let retry = RetryConfig::disabled();
        settings(&self.mock).transport(self.clone()).blocking_transport(self.clone()).retry(retry).build()
    }

    fn answer(&self, request: &Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        self.mock.answer(request).map(|response| response.map(Bytes::from))
    }
}

struct UnderWay(Arc<AtomicUsize>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Transport for Slow {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        let mut polls = self.polls.lock().unwrap().pop().unwrap_or(1);
        Box::pin(async move {
            let now = self.under_way.fetch_add(1, Ordering::Relaxed) + 1;
            let _under_way = UnderWay(self.under_way.clone());
            self.most.fetch_max(now, Ordering::Relaxed);
            std::future::poll_fn(|context| {
                if polls == 0 {
                    return Poll::Ready(());
                }
                polls -= 1;
                context.waker().wake_by_ref();
                Poll::Pending
            })
            .await;
            self.answer(&request)
        })
    }
}

impl BlockingTransport for Slow {
    fn send(&self, request: Request<Bytes>, _: Option<Duration>) -> Result<Response<Bytes>, TransportError> {
        self.answer(&request)
    }
}

/// Jobs with names of their own.
fn jobs(count: usize) -> Vec<Job> {
    (0..count).map(|number| Job::new(format!("j{number}"))).collect()
}

fn sizes(mock: &Mock) -> Vec<usize> {
    mock.calls::<StartJobsInput>().iter().map(|input| input.jobs.len()).collect()
}

fn start(config: &Config, jobs: &[Job]) -> BatchOutcome<StartJobsInput> {
    run(Client::new(config).start_jobs(StartJobsInput::new(jobs.to_vec())).batch())
}

#[test]
fn calls_are_as_large_as_the_model_allows() {
    assert_eq!(StartJobsInput::MAX_ITEMS, 3);
    for (count, expected) in
        [(0, vec![]), (1, vec![1]), (2, vec![2]), (3, vec![3]), (4, vec![3, 1]), (6, vec![3, 3]), (7, vec![3, 3, 1])]
    {
        let mock = queue(false);
        let outcome = start(&config(&mock), &jobs(count));
        assert!(outcome.is_success());
        assert_eq!((sizes(&mock), outcome.succeeded), (expected, jobs(count)));
        assert_eq!(outcome.outputs.len(), sizes(&mock).len());
    }
    let mock = queue(false);
    let client = Client::new(&config(&mock));
    run(client.batch(StartJobsInput::new(jobs(5))).items_per_call(2));
    run(client.batch(StartJobsInput::new(jobs(4))).items_per_call(0).concurrency(0));
    run(client.batch(StartJobsInput::new(jobs(4))).items_per_call(9));
    assert_eq!(sizes(&mock), [2, 2, 1, 1, 1, 1, 1, 3, 1]);
}

#[test]
fn everything_but_the_list_is_the_same_in_each_call_and_tokens_are_not() {
    let mock = queue(false);
    let client = Client::new(&config(&mock));
    let input = StartJobsInput::new(jobs(7)).queue("q").token("mine");
    run(client.start_jobs(input.clone()).batch());
    let calls = mock.calls::<StartJobsInput>();
    assert!(calls.iter().all(|call| call.queue.as_deref() == Some("q")));
    let tokens: BTreeSet<_> = calls.iter().map(|call| call.token.clone().unwrap()).collect();
    assert!(tokens.len() == 3 && !tokens.contains("mine"), "{tokens:?}");

    run(client.start_jobs(input.jobs(jobs(3))).batch());
    assert_eq!(mock.calls::<StartJobsInput>()[3].token.as_deref(), Some("mine"), "one call is that of the caller");
}

#[test]
fn failures_are_told_by_item() {
    let mut list = jobs(5);
    (list[1].size, list[2].size, list[4].size) = (Some(-1), Some(-2), Some(-3));
    for fills_in in [false, true] {
        let outcome = start(&config(&queue(fills_in)), &list);
        assert_eq!(outcome.succeeded, [list[0].clone(), list[3].clone()]);
        let failed: Vec<(usize, &Job)> = outcome.failed.iter().map(|failed| (failed.index, &failed.item)).collect();
        assert_eq!(failed, [(1, &list[1]), (2, &list[2]), (4, &list[4])], "filled in: {fills_in}");
        let first = &outcome.failed[0];
        assert_eq!((first.code(), first.message(), first.is_throttling()), (Some("BUSY"), Some("too many"), false));
        assert_eq!(first.to_string(), "item 1: BUSY: too many");
        assert!(outcome.unmatched.is_empty() && !outcome.is_success());
        let error = outcome.into_result().unwrap_err();
        assert_eq!(error.to_string(), "StartJobs: 3 of 5 items failed, first item 1: BUSY: too many");
        assert_eq!(error.into_outcome().failed.len(), 3);
    }
}

#[test]
fn a_call_that_fails_stops_no_other() {
    let mut list = jobs(8);
    list[4].name = "poison".to_owned();
    let mock = queue(false);
    let outcome = start(&Slow::new(&mock, &[]).config(), &list);
    assert_eq!(sizes(&mock), [3, 3, 2]);
    let indexes: Vec<usize> = outcome.failed.iter().map(|failed| failed.index).collect();
    assert_eq!((indexes, outcome.outputs.len()), (vec![3, 4, 5], 2));
    let ItemFailure::Call(error) = &outcome.failed[0].failure else { panic!("{outcome:?}") };
    assert!(
        outcome.failed.iter().all(|failed| matches!(&failed.failure, ItemFailure::Call(e) if Arc::ptr_eq(e, error)))
    );
    assert_eq!(outcome.failed[0].code(), None);
    assert_eq!(outcome.failed[0].to_string(), format!("item 3: {error}"));
    assert_eq!(outcome.succeeded.len(), 5);
}

#[test]
fn throttling_of_a_call_and_of_an_item() {
    let mock = Mock::new();
    mock.on::<DeleteJobsInput>().respond_with(|input| {
        let told = UnprocessedName::new().name(&*input.names[0]).code("Throttling");
        Ok(DeleteJobsOutput::new().unprocessed([told]))
    });
    let throttling = mock.on::<DeleteJobsInput>();
    throttling.respond_code(StatusCode::BAD_REQUEST, "ThrottlingException", "slowly").once();
    let client = Client::new(&Slow::new(&mock, &[]).config());
    let outcome = run(client.batch(DeleteJobsInput::new(["a", "b", "c", "d", "e", "f"])).concurrency(1));
    let told: Vec<(usize, bool)> = outcome.failed.iter().map(|failed| (failed.index, failed.is_throttling())).collect();
    assert_eq!(told, [(0, true), (1, true), (2, true), (3, true), (4, true)]);
    assert_eq!(outcome.succeeded, ["f"]);
    let again: Vec<String> = outcome.failed.into_iter().map(|FailedItem { item, .. }| item).collect();
    assert_eq!(again, ["a", "b", "c", "d", "e"]);
}

/// What the service reports stays there, whatever it is about.
#[test]
fn failures_of_nothing_that_was_sent() {
    let mock = Mock::new();
    mock.on::<DeleteJobsInput>().respond_with(|_| {
        let told = [UnprocessedName::new().name("other").code("X"), UnprocessedName::new()];
        Ok(DeleteJobsOutput::new().unprocessed(told))
    });
    let outcome = run(Client::new(&config(&mock)).batch(DeleteJobsInput::new(["a", "b"])));
    assert_eq!((outcome.succeeded.len(), outcome.unmatched.len()), (2, 2));
    let error = outcome.into_result().unwrap_err();
    assert_eq!(error.to_string(), "DeleteJobs: 2 of 2 items failed, under names that were not sent");
}

/// Each failure is of one item, and the item that is the same goes before one that has less.
#[test]
fn items_that_are_alike() {
    let (plain, sized) = (Job::new("a"), Job::new("a").size(-1));
    let outcome = start(&config(&queue(false)), &[plain.clone(), sized.clone(), sized.clone()]);
    let indexes: Vec<usize> = outcome.failed.iter().map(|failed| failed.index).collect();
    assert_eq!((outcome.succeeded, indexes), (vec![plain], vec![1, 2]));

    let mock = Mock::new();
    let told = UnprocessedName::new().name("a").code("X");
    mock.on::<DeleteJobsInput>().respond(Ok(DeleteJobsOutput::new().unprocessed([told])));
    let outcome = run(Client::new(&config(&mock)).batch(DeleteJobsInput::new(["a", "a"])));
    assert_eq!((outcome.succeeded.len(), outcome.failed.len()), (1, 1));
}

#[test]
fn names_of_several_members() {
    let moves = [Move::new("x", "y"), Move::new("x", "z"), Move::new("x", "z").kind(Code::Busy)];
    let mock = Mock::new();
    mock.on::<MoveJobsInput>().respond_with(|input| {
        let told = input.moves.iter().filter(|item| item.to == "z").map(|item| {
            let mut told = FailedMove::new(&*item.from).to(&*item.to).failure_code(Code::Unknown);
            told.kind = item.kind.clone();
            told
        });
        Ok(MoveJobsOutput::new().unsuccessful(told))
    });
    let outcome = run(Client::new(&config(&mock)).batch(MoveJobsInput::new(moves.clone())));
    let failed: Vec<&Move> = outcome.failed.iter().map(|failed| &failed.item).collect();
    assert_eq!((outcome.succeeded, failed), (vec![moves[0].clone()], vec![&moves[1], &moves[2]]));
    assert_eq!(outcome.failed[0].to_string(), "item 1: UNKNOWN");
}

#[test]
fn one_item_a_call_and_what_the_overlay_says() {
    assert_eq!((StopJobsInput::MAX_ITEMS, StopJobsInput::INFERRED), (1, true));
    assert_eq!((CheckJobsInput::MAX_ITEMS, CheckJobsInput::INFERRED), (2, false));
    assert_eq!((PutJobsInput::MAX_ITEMS, PutJobsInput::INFERRED), (2, false));
    let mock = Mock::new();
    mock.on::<StopJobsInput>().respond_with(|input| {
        let error = StopError::new(input.requests[0].name.clone().unwrap_or_default(), "Gone");
        Ok(StopJobsOutput::new(if input.requests[0].force == Some(true) { vec![error] } else { vec![] }))
    });
    mock.on::<CheckJobsInput>().respond(Ok(CheckJobsOutput::new()));
    mock.on::<PutJobsInput>().respond(Ok(PutJobsOutput::new().refused([RefusedJob::new("j1")])));
    let client = Client::new(&config(&mock));
    let requests = [StopRequest::new().name("a"), StopRequest::new().name("b").force(true)];
    let stopped = run(client.batch(StopJobsInput::new(requests.clone())));
    assert_eq!((stopped.succeeded, stopped.failed[0].to_string()), (vec![requests[0].clone()], "item 1: Gone".into()));
    let checked = run(client.batch(CheckJobsInput::new().names(["a", "b", "c"])));
    assert_eq!((checked.outputs.len(), checked.succeeded.len()), (2, 3));
    assert!(run(client.batch(CheckJobsInput::new())).outputs.is_empty(), "without a list there is nothing to do");
    let put = run(client.batch(PutJobsInput::new().jobs(jobs(2)).notes(["n"])));
    assert_eq!(put.failed[0].to_string(), "item 1: the service does not say why");
}

#[test]
fn nothing_goes_on_when_the_future_is_dropped() {
    let mock = queue(false);
    let slow = Slow::new(&mock, &[]);
    let mut batch = Client::new(&slow.config()).start_jobs(StartJobsInput::new(jobs(9))).batch().concurrency(2).send();
    let mut context = Context::from_waker(Waker::noop());
    assert!(pin!(&mut batch).as_mut().poll(&mut context).is_pending());
    assert_eq!(slow.under_way.load(Ordering::Relaxed), 2);
    drop(batch);
    assert_eq!((slow.under_way.load(Ordering::Relaxed), sizes(&mock).len()), (0, 0));
}

/// It is of any size, and can be given to other threads.
#[test]
fn a_batch_can_be_spawned() {
    let mock = queue(false);
    let client = Client::new(&config(&mock));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let outcome = runtime.block_on(async { tokio::spawn(client.batch(StartJobsInput::new(jobs(4))).send()).await });
    assert!(outcome.unwrap().into_result().is_ok());
}

/// Names of jobs are secret here.
#[test]
fn no_secret_is_shown() {
    let mock = Mock::new();
    let told = UnprocessedName::new().name("secret-a").code("X");
    mock.on::<DeleteJobsInput>().respond(Ok(DeleteJobsOutput::new().unprocessed([told])));
    let batch = Client::new(&config(&mock)).batch(DeleteJobsInput::new(["secret-a", "secret-b"]));
    let before = format!("{batch:?}");
    let outcome = run(batch);
    let (shown, failed) = (format!("{outcome:?}"), outcome.failed[0].to_string());
    for text in [before, shown, failed, format!("{:?}", outcome.into_result())] {
        assert!(!text.contains("secret-"), "{text}");
    }
}

/// The real ones: a request that the service fills in, and ids.
#[test]
fn work_spaces_are_created_and_started() {
    let mock = Mock::new();
    mock.on::<ws::CreateWorkspacesInput>().respond_with(|input| {
        let told = input.workspaces.iter().filter(|request| request.user_name == "nobody").map(|request| {
            let told = request.clone().user_volume_encryption_enabled(false);
            ws::FailedCreateWorkspaceRequest::new().workspace_request(told).error_code("ResourceNotFound.User")
        });
        Ok(ws::CreateWorkspacesOutput::new().failed_requests(told))
    });
    let client = workspaces::Client::new(&mock.config());
    let requests = (0..60).map(|number| {
        let user = if number == 30 { "nobody".to_owned() } else { format!("user-{number}") };
        ws::WorkspaceRequest::new("d-1", user, "wsb-1")
    });
    let outcome = run(client.batch(ws::CreateWorkspacesInput::new(requests)));
    assert_eq!((outcome.outputs.len(), outcome.succeeded.len(), outcome.failed.len()), (3, 59, 1));
    assert_eq!(outcome.failed[0].to_string(), "item 30: ResourceNotFound.User");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever fails: each item is in one call, and in one list of the outcome, in order.
    #[test]
    fn each_item_is_told_of_once(
        kinds in vec(prop_oneof![6 => Just(0), 2 => Just(1), 1 => Just(2)], 0..40),
        polls in vec(1_usize..6, 0..40),
        per_call in 1_usize..5,
        concurrency in 1_usize..7,
        fills_in: bool,
    ) {
        let list: Vec<Job> = kinds.iter().enumerate().map(|(number, kind)| match kind {
            0 => Job::new(format!("j{number}")).size(1),
            1 => Job::new(format!("j{number}")).size(-1),
            _ => Job::new("poison").size(number as i32),
        }).collect();
        let size = per_call.min(3);
        let mock = queue(fills_in);
        let slow = Slow::new(&mock, &polls);
        let input = StartJobsInput::new(list.clone());
        let batch = Client::new(&slow.config()).start_jobs(input.clone()).batch();
        let outcome = run(batch.items_per_call(per_call).concurrency(concurrency));

        // Calls are full, have all items once, and are no more at a time than asked for.
        let mut sent: Vec<Vec<Job>> = mock.calls::<StartJobsInput>().into_iter().map(|call| call.jobs).collect();
        let mut expected: Vec<Vec<Job>> = list.chunks(size).map(<[Job]>::to_vec).collect();
        prop_assert_eq!(slow.most.load(Ordering::Relaxed), expected.len().min(concurrency));
        let in_order = |calls: &mut Vec<Vec<Job>>| calls.sort_by_key(|call| format!("{:?}", call.iter().map(|job| (&job.name, job.size)).collect::<Vec<_>>()));
        in_order(&mut sent);
        in_order(&mut expected);
        prop_assert_eq!(sent, expected);

        // Items: what came of each by what the service does.
        let poisoned = |index: usize| {
            let start = index / size * size;
            list[start..list.len().min(start + size)].iter().any(|job| job.name == "poison")
        };
        let is_failed = |index: usize| poisoned(index) || list[index].size == Some(-1);
        let failed: Vec<(usize, Job, bool)> = outcome.failed.iter()
            .map(|failed| (failed.index, failed.item.clone(), matches!(failed.failure, ItemFailure::Call(_)))).collect();
        let expected: Vec<(usize, Job, bool)> = (0..list.len()).filter(|index| is_failed(*index))
            .map(|index| (index, list[index].clone(), poisoned(index))).collect();
        prop_assert_eq!(failed, expected);
        let expected: Vec<Job> = (0..list.len()).filter(|index| !is_failed(*index)).map(|index| list[index].clone()).collect();
        prop_assert_eq!(&outcome.succeeded, &expected);
        prop_assert!(outcome.unmatched.is_empty());
        let answered = list.chunks(size).filter(|call| call.iter().all(|job| job.name != "poison")).count();
        prop_assert_eq!(outcome.outputs.len(), answered);

        // The blocking client comes to the same.
        let blocked = blocking::Client::new(&slow.config()).start_jobs(input).batch().items_per_call(per_call).send();
        prop_assert_eq!(blocked.succeeded, outcome.succeeded);
        prop_assert_eq!(blocked.outputs, outcome.outputs);
        prop_assert_eq!(blocked.failed.iter().map(|f| f.index).collect::<Vec<_>>(), outcome.failed.iter().map(|f| f.index).collect::<Vec<_>>());
    }
}
