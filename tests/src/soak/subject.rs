//! What is done with the client: a call, or a few that belong together.

use super::Soak;
use super::check::{Outcome, check, kind};
use super::client::Kind;
use crate::appstream_server::CALL;
use fastrand::Rng;
use http::HeaderValue;
use std::fmt::Debug;
use std::time::Duration;
use workstream::appstream::{self, Error, types::*};
use workstream::client::{Answer, Call};
use workstream::{Operation, Protocol};

/// How long hasty calls wait for an answer.
const HASTE: Duration = Duration::from_millis(200);

/// How often a listing is resumed at one place.
const RESUMPTIONS: usize = 5;

/// One of them, by its name.
pub struct Subject<'s, M: Kind> {
    pub soak: &'s Soak<M>,
    pub name: String,
    pub hasty: bool,
    pub rng: Rng,
}

impl<M: Kind> Subject<'_, M> {
    fn call<I: Operation<ServiceError = appstream::ServiceError>>(&mut self, input: I) -> Call<I, M> {
        let name = HeaderValue::try_from(&self.name).expect("names are ASCII");
        let protocol = if self.rng.bool() { Protocol::RpcV2Cbor } else { Protocol::AwsJson1_1 };
        let call = self.soak.client.call(input).header(CALL, name).protocol(protocol);
        if self.hasty { call.attempt_timeout(HASTE) } else { call }
    }

    /// Compares a call's result with what the server did, and counts it.
    fn judge(&self, outcome: Outcome, attempts: Option<u32>) {
        let log = self.soak.server.take_log(&self.name);
        let verdict = check(&log, &outcome, attempts, self.hasty);
        self.soak.count(|counts| match verdict {
            Ok(verdict) => counts.add(outcome.err(), &verdict),
            Err(wrong) => counts.wrong(format!("{}: {wrong}", self.name)),
        });
    }

    fn ended<T: Debug>(&self, result: Result<Answer<T>, Error>) {
        match result {
            Ok(answer) => self.judge(Ok(format!("{:?}", answer.output)), Some(answer.attempts)),
            Err(error) => self.judge(Err(kind(&error)), Some(error.attempts())),
        }
    }

    fn describe_one(&mut self) -> Call<DescribeFleetsInput, M> {
        let fleets = &self.soak.server.fleets;
        let name = fleets[self.rng.usize(..fleets.len())].clone();
        self.call(DescribeFleetsInput::new().names([name]))
    }

    pub async fn describe(mut self) {
        let result = M::detailed(self.describe_one().with_metadata()).await;
        self.ended(result);
    }

    /// Something that is not there.
    pub async fn miss(mut self) {
        let result = M::detailed(self.call(DeleteImageBuilderInput::new("nobody")).with_metadata()).await;
        self.ended(result);
    }

    pub async fn create_and_delete(mut self) {
        let create = CreateImageBuilderInput::new(&self.name, "stream.standard.large").description("a builder, \u{e4}");
        let result = M::detailed(self.call(create).with_metadata()).await;
        self.ended(result);
        let result = M::detailed(self.call(DeleteImageBuilderInput::new(&self.name)).with_metadata()).await;
        self.ended(result);
    }

    /// A call that is dropped after a while, if it has not ended before, and if the client can.
    pub async fn cancel(mut self) {
        let patience = Duration::from_micros(self.rng.u64(..4000));
        match M::given_up(self.describe_one().with_metadata(), patience).await {
            Some(result) => self.ended(result),
            None => {
                let log = self.soak.server.take_log(&self.name);
                self.soak.count(|counts| counts.cancelled(&log));
            }
        }
    }

    /// All fleets: by items and with a stop in the middle, resumed there and after failures.
    pub async fn list(mut self) {
        let fleets = &self.soak.server.fleets;
        let (mut names, mut token, mut failures) = (Vec::new(), None, 0);
        let mut stop = Some(self.rng.usize(1..fleets.len()));
        loop {
            let mut items = self.call(DescribeFleetsInput::new()).items();
            if let Some(token) = token.take() {
                items = items.starting_token(token);
            }
            if let Some(stop) = stop.take() {
                items = items.max_items(stop);
            }
            let before = names.len();
            let failed = loop {
                match M::next(&mut items).await {
                    Some(Ok(fleet)) => names.push(fleet.name),
                    Some(Err(error)) => break Some(error),
                    None => break None,
                }
            };
            failures = if names.len() > before { 0 } else { failures + 1 };
            let log = self.soak.server.take_log(&self.name);
            self.soak.count(|counts| {
                counts.pages(&self.name, &log, failed.as_ref().map(|error| (kind(error), error.attempts())))
            });
            token = items.resume_token();
            if token.is_none() || failures > RESUMPTIONS {
                break;
            }
        }
        let is_right = match token {
            None => names == *fleets,
            Some(_) => fleets.starts_with(&names),
        };
        let (complete, name) = (token.is_none(), &self.name);
        self.soak.count(|counts| counts.listing(complete, (!is_right).then(|| format!("{name}: {names:?}"))));
    }
}
