//! Spans per call and attempt, with the feature `tracing`; else nothing.
//!
//! They have names, numbers and ids: no input, no header, no body.

#[cfg(not(feature = "tracing"))]
pub(super) use off::Span;
#[cfg(feature = "tracing")]
pub(super) use on::Span;

#[cfg(feature = "tracing")]
mod on {
    use crate::OperationDescription;
    use crate::client::invocation::{SendError, Sent};
    use crate::one_line::OneLine;
    use crate::parts::Parts;
    use std::time::Duration;
    use tracing::Instrument;
    use tracing::field::{Empty, display};

    /// The span of a call or an attempt.
    pub(in crate::client) struct Span(tracing::Span);

    impl Span {
        pub fn call(operation: &'static OperationDescription) -> Self {
            let (service, operation) = (operation.service.service_id, operation.name);
            Self(tracing::info_span!("call", service, operation, attempts = Empty, request_id = Empty))
        }

        /// The span of an attempt of this call.
        pub fn attempt(&self, attempt: u32) -> Self {
            self.0.record("attempts", attempt);
            Self(tracing::debug_span!(parent: &self.0, "attempt", attempt, status = Empty, request_id = Empty))
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
        pub fn answered(&self, call: &Self, answer: &Sent) {
            if self.0.is_disabled() && call.0.is_disabled() {
                return;
            }
            match answer {
                Ok(response) => {
                    let metadata = Parts::of(response).metadata();
                    self.0.record("status", metadata.status.as_u16());
                    if let Some(id) = metadata.request_id.map(OneLine) {
                        self.0.record("request_id", display(&id));
                        call.0.record("request_id", display(&id));
                    }
                }
                Err(SendError::Transport(error)) => tracing::debug!(parent: &self.0, "{error}"),
                Err(SendError::Timeout) => tracing::debug!(parent: &self.0, "no answer in time"),
            }
        }

        /// There is a pause before the next attempt.
        pub fn resting(&self, delay: Duration) {
            tracing::debug!(parent: &self.0, delay_ms = delay.as_millis(), "pausing");
        }
    }
}

#[cfg(not(feature = "tracing"))]
mod off {
    use crate::OperationDescription;
    use crate::client::invocation::Sent;
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

        pub fn answered(&self, _call: &Self, _answer: &Sent) {}

        pub fn resting(&self, _delay: Duration) {}
    }
}
