//! What clients retry otherwise than usual. Models do not say it: SDKs have it as a list, and this one is botocore's
//! (`cargo xtask conformance --retries` compares what comes of it).
//!
//! Left out: DynamoDB's checksum of answers, `x-amz-crc32`, because TLS notices what it would. The error
//! `IDPCommunicationError` of STS is a matter of its overlay.

/// Attempts, and the limit of the first delay in milliseconds, of a service that has its own.
pub(super) fn defaults(service_id: Option<&str>) -> Option<RetryPlan> {
    // Answers come in a few milliseconds, and callers wait for them.
    let is_dynamodb = matches!(service_id, Some("DynamoDB" | "DynamoDB Streams"));
    is_dynamodb.then_some(RetryPlan { max_attempts: 4, transient_backoff_millis: 25 })
}

/// How the calls of a service are retried where nobody says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPlan {
    /// How often a call is sent at most.
    pub max_attempts: u32,
    /// Limit of the first delay after a failure that passes.
    pub transient_backoff_millis: u64,
}

/// Whether an operation waits for something to happen, and is called again and again.
pub(super) fn is_long_polling(service_id: Option<&str>, operation: &str) -> bool {
    matches!(
        (service_id.unwrap_or_default(), operation),
        ("SQS", "ReceiveMessage")
            | ("SFN", "GetActivityTask")
            | ("SWF", "PollForActivityTask" | "PollForDecisionTask")
            | ("Kinesis", "ReceiveQueueRecords" | "ReceiveDeadLetterQueueRecords")
    )
}
