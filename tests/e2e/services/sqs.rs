//! Amazon SQS, whose errors have the codes that they had in awsQuery.

use crate::drive::Drive;
use crate::report::{Failed, refused, same};
use crate::stage::{Stage, answered};
use std::collections::BTreeMap;
use workstream::sqs::client::Client;
use workstream::sqs::types::*;

/// Takes the steps.
pub async fn play<M: Drive>(stage: &Stage<M>) -> Result<(), Failed> {
    let (client, report) = (Client::<M>::new(&stage.config), &stage.report);
    let queue = stage.name("jobs");
    let body = "<job n=\"1\">Grüße & \\ 🦀</job>";
    let picture = MessageAttributeValue::new("Binary").binary_value(&[1, 2, 254]);
    let attributes = BTreeMap::from([("picture".to_owned(), picture)]);

    let url = report
        .step("CreateQueue", async {
            let attributes = [(QueueAttributeName::VisibilityTimeout, "45")];
            let input = CreateQueueInput::new(&queue).attributes(attributes);
            let url = M::send(client.create_queue(input)).await?.queue_url.ok_or("no URL")?;
            same("end of the URL", url.ends_with(&queue), true)?;
            Ok(url)
        })
        .await?;
    let sent = report
        .step("SendMessage", async {
            let input = SendMessageInput::new(&url, body).message_attributes(attributes.clone());
            Ok(M::send(client.send_message(input)).await?.message_id.ok_or("no id")?)
        })
        .await?;
    report
        .step("ReceiveMessage", async {
            let input = ReceiveMessageInput::new(&url).message_attribute_names(["All"]);
            let input = input.message_system_attribute_names([MessageSystemAttributeName::ApproximateReceiveCount]);
            let messages = M::send(client.receive_message(input)).await?.messages.unwrap_or_default();
            let [message] = messages.as_slice() else { return Err(format!("not one message: {messages:?}").into()) };
            same("id", message.message_id.as_ref(), Some(&sent))?;
            same("body", message.body.as_deref(), Some(body))?;
            same("attributes", message.message_attributes.as_ref(), Some(&attributes))?;
            let attributes = message.attributes.clone().unwrap_or_default();
            let received = attributes.get(&MessageSystemAttributeName::ApproximateReceiveCount);
            same("times received", received.map(String::as_str), Some("1"))
        })
        .await?;
    report
        .step("GetQueueUrl, QueueDoesNotExist", async {
            let input = GetQueueUrlInput::new(stage.name("nothing"));
            let error = refused(M::send(client.get_queue_url(input)).await)?;
            answered(&error, "AWS.SimpleQueueService.NonExistentQueue", 400)?;
            same("kind", error.is_queue_does_not_exist(), true)
        })
        .await
}
