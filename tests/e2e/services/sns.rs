//! Amazon SNS.

use crate::drive::Drive;
use crate::report::{Failed, refused, same};
use crate::stage::{Stage, answered};
use std::collections::BTreeMap;
use workstream::sns::client::Client;
use workstream::sns::types::*;

/// Takes the steps.
pub async fn play<M: Drive>(stage: &Stage<M>) -> Result<(), Failed> {
    let (client, report) = (Client::<M>::new(&stage.config), &stage.report);
    let name = stage.name("news");

    let topic = report
        .step("CreateTopic", async {
            let input = CreateTopicInput::new(&name).attributes([("DisplayName", "News & more")]);
            let input = input.tags([Tag::new("team", "press"), Tag::new("note", "")]);
            let topic = M::send(client.create_topic(input)).await?.topic_arn.ok_or("no topic")?;
            same("end of the ARN", topic.ends_with(&format!(":{name}")), true)?;
            Ok(topic)
        })
        .await?;
    report
        .step("GetTopicAttributes", async {
            let output = M::send(client.get_topic_attributes(GetTopicAttributesInput::new(&topic))).await?;
            let attributes = output.attributes.unwrap_or_default();
            let attribute = |name: &str| attributes.get(name).map(String::as_str);
            same("topic", attribute("TopicArn"), Some(topic.as_str()))?;
            same("name", attribute("DisplayName"), Some("News & more"))
        })
        .await?;
    report
        .step("Publish", async {
            let picture = MessageAttributeValue::new("Binary").binary_value(&[0, 200]);
            let urgent = MessageAttributeValue::new("String").string_value("no <b>hurry</b>");
            let attributes = BTreeMap::from([("picture".to_owned(), picture), ("urgent".to_owned(), urgent)]);
            let input = PublishInput::new("Line 1\nLine 2").topic_arn(&topic).subject("Today");
            let input = input.message_attributes(attributes);
            let output = M::send(client.publish(input)).await?;
            same("id", output.message_id.is_some_and(|id| !id.is_empty()), true)
        })
        .await?;
    report
        .step("GetTopicAttributes, NotFoundException", async {
            let input = GetTopicAttributesInput::new(format!("{topic}-of-yesterday"));
            let error = refused(M::send(client.get_topic_attributes(input)).await)?;
            answered(&error, "NotFound", 404)?;
            same("kind", error.is_not_found_exception(), true)
        })
        .await
}
