//! Services and operations that the standard mode treats otherwise. The list is botocore's; none of them is of this
//! workspace's services, but the generator makes crates of others too.
//!
//! Left out: the error `IDPCommunicationError` of STS, whose protocol no generated client speaks, and DynamoDB's checksum
//! of answers, `x-amz-crc32`: TLS notices what it would.

use crate::OperationDescription;
use std::time::Duration;

/// What holds for a service where the configuration says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::client) struct Usual {
    pub max_attempts: u32,
    pub transient_backoff: Duration,
}

impl Usual {
    /// For a service with this id.
    pub fn of(service_id: &str) -> Self {
        match service_id {
            // Answers come in a few milliseconds, and callers wait for them.
            "DynamoDB" | "DynamoDB Streams" => Self { max_attempts: 4, transient_backoff: Duration::from_millis(25) },
            _ => Self { max_attempts: 3, transient_backoff: Duration::from_millis(50) },
        }
    }
}

/// Whether an operation waits for something to happen, and is called again and again. Where the budget is empty such a
/// call pauses before it fails: who calls it in a loop would otherwise ask faster than retries do.
pub(in crate::client) fn is_long_polling(operation: &OperationDescription) -> bool {
    matches!(
        (operation.service.service_id, operation.name),
        ("SQS", "ReceiveMessage")
            | ("SFN", "GetActivityTask")
            | ("SWF", "PollForActivityTask" | "PollForDecisionTask")
            | ("Kinesis", "ReceiveQueueRecords" | "ReceiveDeadLetterQueueRecords")
    )
}
