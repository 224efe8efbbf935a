//! Spans and events of calls and attempts, with the feature `tracing`; else nothing.
//!
//! Spans and the events at the level debug have names, numbers, ids and URLs: no input, no header, no body. The log of what
//! is sent and answered has those, without secrets.

#[cfg(not(feature = "tracing"))]
pub(super) use off::{Span, listener};
#[cfg(feature = "tracing")]
pub(super) use on::{Span, listener};

#[cfg(feature = "tracing")]
mod on {
    use crate::OperationDescription;
    use crate::client::error::InterceptorError;
    use crate::client::interceptor::{
        AttemptReport, CallReport, Interceptor, RequestView, ResponseView, UnsignedRequest,
    };
    use crate::one_line::{OneLine, WireText};
    use crate::parts::Parts;
    use bytes::Bytes;
    use http::{HeaderName, HeaderValue, Response};
    use std::fmt;
    use std::time::Duration;
    use tracing::field::{Empty, display};
    use tracing::{Instrument, Level};

    /// What happens, and how long it takes.
    const CALLS: &str = "workstream::call";
    /// What is sent and answered.
    const WIRE: &str = "workstream::wire";

    /// The span of a call or an attempt.
    pub(in crate::client) struct Span(tracing::Span);

    impl Span {
        pub fn call(operation: &'static OperationDescription) -> Self {
            let (service, operation) = (operation.service.service_id, operation.name);
            Self(tracing::info_span!(target: CALLS, "call", service, operation, attempts = Empty, request_id = Empty))
        }

        /// The span of an attempt of this call.
        pub fn attempt(&self, attempt: u32) -> Self {
            self.0.record("attempts", attempt);
            let parent = &self.0;
            Self(
                tracing::debug_span!(target: CALLS, parent: parent, "attempt", attempt, status = Empty, request_id = Empty),
            )
        }

        /// Runs `future` within the span.
        pub fn around<F: Future>(&self, future: F) -> impl Future<Output = F::Output> + use<F> {
            future.instrument(self.0.clone())
        }

        /// Runs `work` within the span.
        pub fn inside<T>(&self, work: impl FnOnce() -> T) -> T {
            self.0.in_scope(work)
        }

        /// What came of the attempt.
        pub fn answered(&self, call: &Self, response: Option<&Response<Bytes>>) {
            let Some(response) = response else { return };
            if self.0.is_disabled() && call.0.is_disabled() {
                return;
            }
            let metadata = Parts::of(response).metadata();
            self.0.record("status", metadata.status.as_u16());
            if let Some(id) = metadata.request_id.map(OneLine) {
                self.0.record("request_id", display(&id));
                call.0.record("request_id", display(&id));
            }
        }

        /// There is a pause before the next attempt.
        pub fn resting(&self, delay: Duration) {
            tracing::debug!(target: CALLS, parent: &self.0, delay_ms = millis(delay), "pausing");
        }
    }

    /// What tells of calls, if anybody listens.
    pub(in crate::client) fn listener() -> Option<&'static dyn Interceptor> {
        let listens = tracing::enabled!(target: CALLS, Level::DEBUG) || tracing::enabled!(target: WIRE, Level::TRACE);
        listens.then_some(&Events)
    }

    /// Tells of calls as events.
    #[derive(Debug)]
    struct Events;

    impl Interceptor for Events {
        fn before_signing(&self, request: &mut UnsignedRequest<'_>) -> Result<(), InterceptorError> {
            if tracing::enabled!(target: WIRE, Level::TRACE) {
                tell_request(request.view());
            }
            Ok(())
        }

        fn after_attempt(&self, attempt: &AttemptReport<'_>) {
            if tracing::enabled!(target: WIRE, Level::TRACE) {
                attempt.response().map(tell_response);
            }
            if tracing::enabled!(target: CALLS, Level::DEBUG) {
                tell_attempt(attempt);
            }
        }

        fn after_call(&self, call: &CallReport<'_>) {
            let (attempts, duration_ms) = (call.attempts(), millis(call.duration()));
            match call.failure() {
                None => tracing::debug!(target: CALLS, attempts, duration_ms, "succeeded"),
                Some(error) => tracing::debug!(target: CALLS, attempts, duration_ms, %error, "failed"),
            }
        }
    }

    fn tell_attempt(attempt: &AttemptReport<'_>) {
        let (request, duration_ms) = (attempt.request(), millis(attempt.duration()));
        let (method, url) = (request.method(), OneLine(request.url()));
        let status = attempt.response().map(|response| response.status().as_u16());
        let request_id = attempt.response().and_then(ResponseView::request_id).map(OneLine).map(display);
        match attempt.failure() {
            None => {
                tracing::debug!(target: CALLS, %method, %url, status, request_id, duration_ms, "answered");
            }
            Some(error) => {
                tracing::debug!(target: CALLS, %method, %url, status, request_id, duration_ms, %error, "attempt failed");
            }
        }
    }

    fn tell_request(request: RequestView<'_>) {
        let (method, url) = (request.method(), OneLine(request.url()));
        let (headers, body) = (Headers(request.headers().collect()), WireText(request.body()));
        tracing::trace!(target: WIRE, %method, %url, %headers, %body, "request");
    }

    fn tell_response(response: &ResponseView<'_>) {
        let (status, headers, body) =
            (response.status().as_u16(), Headers(response.headers()), WireText(response.body()));
        tracing::trace!(target: WIRE, status, %headers, %body, "response");
    }

    /// Names and values in one line.
    struct Headers<'a>(Vec<(&'a HeaderName, &'a HeaderValue)>);

    impl fmt::Display for Headers<'_> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            for (index, (name, value)) in self.0.iter().enumerate() {
                let separator = if index > 0 { "; " } else { "" };
                write!(f, "{separator}{name}: {}", OneLine(String::from_utf8_lossy(value.as_bytes())))?;
            }
            Ok(())
        }
    }

    fn millis(duration: Duration) -> f64 {
        // Microseconds are enough, and what comes out is short.
        duration.as_micros() as f64 / 1e3
    }
}

#[cfg(not(feature = "tracing"))]
mod off {
    use crate::OperationDescription;
    use crate::client::interceptor::Interceptor;
    use bytes::Bytes;
    use http::Response;
    use std::time::Duration;

    pub(in crate::client) struct Span;

    impl Span {
        pub fn call(_operation: &'static OperationDescription) -> Self {
            Self
        }

        pub fn attempt(&self, _attempt: u32) -> Self {
            Self
        }

        pub fn around<F: Future>(&self, future: F) -> F {
            future
        }

        pub fn inside<T>(&self, work: impl FnOnce() -> T) -> T {
            work()
        }

        pub fn answered(&self, _call: &Self, _response: Option<&Response<Bytes>>) {}

        pub fn resting(&self, _delay: Duration) {}
    }

    /// Nobody listens.
    pub(in crate::client) fn listener() -> Option<&'static dyn Interceptor> {
        None
    }
}
