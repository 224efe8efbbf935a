//! How long calls and attempts take, for the crate `metrics`.
//!
//! Names and attributes are those of OpenTelemetry's semantic conventions, of version 1.43: `rpc.client.call.duration` (a
//! release candidate) and `http.client.request.duration` (stable). They have no name for attempts; that one is of the AWS
//! SDKs.

use super::interceptor::{AttemptReport, CallReport, Interceptor};
use crate::OperationDescription;
use crate::one_line::Segment;
use metrics::{Label, Unit, counter, describe_counter, describe_histogram, histogram};

const CALLS: &str = "rpc.client.call.duration";
const REQUESTS: &str = "http.client.request.duration";
const ATTEMPTS: &str = "smithy.client.call.attempts";

/// Measures calls and attempts, as an interceptor: `Config::builder().interceptor(Metrics::new())`.
///
/// The figures go to the recorder that the application has installed for the crate [metrics](https://docs.rs/metrics);
/// without one they are dropped.
///
/// | metric | is | labels |
/// |---|---|---|
/// | `rpc.client.call.duration` | a histogram of seconds, of calls | `rpc.system.name`, `rpc.method`, `server.address`, `server.port`, `error.type`, `rpc.response.status_code` |
/// | `http.client.request.duration` | a histogram of seconds, of attempts | `http.request.method`, `server.address`, `server.port`, `error.type`, `http.response.status_code`, and `rpc.method` |
/// | `smithy.client.call.attempts` | a counter of attempts | `rpc.system.name`, `rpc.method` |
///
/// `rpc.system.name` is `aws-api`, `rpc.method` is like `AppStream/DescribeFleets`. Only failures have `error.type`. The number
/// of retries is that of attempts less that of calls.
///
/// ```
/// use workstream_runtime::client::{Config, Metrics};
///
/// let config = Config::builder().region("eu-west-1").interceptor(Metrics::new()).build();
/// # let _ = config;
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Metrics(());

impl Metrics {
    /// Describes the metrics to the recorder, which should be installed before.
    #[expect(clippy::new_without_default, reason = "it tells somebody")]
    pub fn new() -> Self {
        describe_histogram!(CALLS, Unit::Seconds, "How long calls take, with all attempts");
        describe_histogram!(REQUESTS, Unit::Seconds, "How long attempts of calls take");
        describe_counter!(ATTEMPTS, Unit::Count, "How often calls are sent");
        Self(())
    }
}

impl Interceptor for Metrics {
    fn after_attempt(&self, attempt: &AttemptReport<'_>) {
        let request = attempt.request();
        let mut labels =
            vec![method(attempt.operation()), Label::new("http.request.method", request.method().to_string())];
        labels.extend(server(request.server()));
        if let Some(response) = attempt.response() {
            labels.push(Label::new("http.response.status_code", response.status().as_str().to_owned()));
        }
        labels.extend(attempt.failure().map(|failure| error_type(failure.error_type())));
        histogram!(REQUESTS, labels).record(attempt.duration());
        counter!(ATTEMPTS, vec![SYSTEM, method(attempt.operation())]).increment(1);
    }

    fn after_call(&self, call: &CallReport<'_>) {
        let mut labels = vec![SYSTEM, method(call.operation())];
        labels.extend(call.server().into_iter().flat_map(server));
        if let Some(failure) = call.failure() {
            labels.push(error_type(failure.error_type()));
            labels.extend(failure.code().map(|code| Label::new("rpc.response.status_code", short(code))));
        }
        histogram!(CALLS, labels).record(call.duration());
    }
}

const SYSTEM: Label = Label::from_static_parts("rpc.system.name", "aws-api");

fn method(operation: &'static OperationDescription) -> Label {
    Label::new("rpc.method", format!("{}/{}", operation.service.service_id, operation.name))
}

fn server((host, port): (&str, u16)) -> [Label; 2] {
    [Label::new("server.address", host.to_owned()), Label::new("server.port", port.to_string())]
}

fn error_type(kind: &str) -> Label {
    Label::new("error.type", short(kind))
}

/// Codes come from outside.
fn short(code: &str) -> String {
    Segment(code).to_string()
}
