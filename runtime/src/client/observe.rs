//! What is kept of a call for those who look at it; there only where somebody does.

use super::clock::Clock;
use super::config::Values;
use super::error::InterceptorError;
use super::interceptor::{
    Asked, AttemptReport, CallFailure, CallReport, Interceptor, RequestHead, RequestView, UnsignedRequest,
};
use super::trace;
use crate::Value;
use crate::error::ErasedError;
use bytes::Bytes;
use http::{Request, Response};
use std::sync::Arc;
use std::time::Duration;

/// What came of a call or an attempt, without its types.
pub(super) type CallOutcome<'a> = Result<&'a dyn Value, &'a dyn ErasedError>;

/// Those who look at a call, and what they will want to know.
pub(super) struct Observer<'c> {
    interceptors: &'c [Arc<dyn Interceptor>],
    /// Traces come last, so that they have what the others added.
    traces: Option<&'static dyn Interceptor>,
    clock: &'c dyn Clock,
    began: Duration,
    /// The request that was sent last.
    sent: Option<Sending>,
}

struct Sending {
    head: RequestHead,
    at: Duration,
}

impl<'c> Observer<'c> {
    /// Of a call that begins now, if anybody looks.
    pub fn new(settings: &'c Values) -> Option<Box<Self>> {
        let (interceptors, traces) = (settings.interceptors.as_slice(), trace::listener());
        if interceptors.is_empty() && traces.is_none() {
            return None;
        }
        let clock = &*settings.clock;
        Some(Box::new(Self { interceptors, traces, clock, began: clock.monotonic(), sent: None }))
    }

    fn all(&self) -> impl Iterator<Item = &dyn Interceptor> {
        self.interceptors.iter().map(|interceptor| &**interceptor).chain(self.traces)
    }

    /// Each may add to the request.
    pub fn before_signing(
        &self,
        asked: Asked<'_>,
        attempt: u32,
        request: &mut Request<Bytes>,
    ) -> Result<(), InterceptorError> {
        let mut request = UnsignedRequest::new(asked, attempt, request);
        self.all().try_for_each(|interceptor| interceptor.before_signing(&mut request))
    }

    /// The request goes to the transport.
    pub fn sending(&mut self, request: &Request<Bytes>) {
        self.sent = Some(Sending { head: RequestHead::of(request), at: self.clock.monotonic() });
    }

    /// The attempt is over.
    pub fn attempted(
        &self,
        asked: Asked<'_>,
        attempt: u32,
        response: Option<&Response<Bytes>>,
        outcome: CallOutcome<'_>,
    ) {
        let Some(Sending { head, at }) = &self.sent else { return };
        let duration = self.clock.monotonic().saturating_sub(*at);
        let report = AttemptReport::new(attempt, duration, RequestView::new(asked, head), response, outcome);
        self.all().for_each(|interceptor| interceptor.after_attempt(&report));
    }

    /// The call is over.
    pub fn ended(&self, asked: Asked<'_>, attempts: u32, outcome: CallOutcome<'_>) {
        let report = CallReport {
            operation: asked.operation,
            attempts,
            duration: self.clock.monotonic().saturating_sub(self.began),
            server: self.sent.as_ref().map(|sent| RequestView::new(asked, &sent.head).server()),
            failure: outcome.err().map(CallFailure),
        };
        self.all().for_each(|interceptor| interceptor.after_call(&report));
    }
}
