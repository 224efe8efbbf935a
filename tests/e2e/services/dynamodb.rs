//! Amazon DynamoDB.

use crate::drive::Drive;
use crate::report::{Failed, refused, same};
use crate::stage::{Stage, answered};
use std::collections::BTreeMap;
use workstream::dynamodb::ServiceError;
use workstream::dynamodb::client::Client;
use workstream::dynamodb::types::*;

/// Takes the steps.
pub async fn play<M: Drive>(stage: &Stage<M>) -> Result<(), Failed> {
    let (client, report) = (Client::<M>::new(&stage.config), &stage.report);
    let table = stage.name("orders");
    let text = |text: &str| AttributeValue::new().s(text);
    let fast = BTreeMap::from([("fast".to_owned(), AttributeValue::new().bool(false))]);
    let order = BTreeMap::from([
        ("id".to_owned(), text("1 ❤")),
        ("price".to_owned(), AttributeValue::new().n("19.90")),
        ("picture".to_owned(), AttributeValue::new().b(&[0, 255, 10])),
        ("sizes".to_owned(), AttributeValue::new().l([text("S"), AttributeValue::new().null(true)])),
        ("ship".to_owned(), AttributeValue::new().m(fast)),
    ]);

    report
        .step("CreateTable", async {
            let key = KeySchemaElement::new("id", KeyType::Hash);
            let input = CreateTableInput::new(&table).key_schema([key]).billing_mode(BillingMode::PayPerRequest);
            let input = input.attribute_definitions([AttributeDefinition::new("id", ScalarAttributeType::S)]);
            let output = M::send(client.create_table(input)).await?;
            let made = output.table_description.ok_or("no table")?;
            same("name", made.table_name.as_ref(), Some(&table))?;
            same("status", made.table_status.as_ref(), Some(&TableStatus::Active))?;
            same("time", made.creation_date_time.is_some_and(|time| time.secs() > 1_700_000_000), true)
        })
        .await?;
    report
        .step("PutItem", async {
            let input = PutItemInput::new(&table, order.clone());
            let input = input.return_consumed_capacity(ReturnConsumedCapacity::Total);
            let output = M::send(client.put_item(input)).await?;
            let capacity = output.consumed_capacity.ok_or("no capacity")?;
            same("table", capacity.table_name.as_ref(), Some(&table))?;
            same("units", capacity.capacity_units, Some(1.0))
        })
        .await?;
    report
        .step("GetItem", async {
            let key = BTreeMap::from([("id".to_owned(), text("1 ❤"))]);
            let output = M::send(client.get_item(GetItemInput::new(&table, key))).await?;
            same("item", output.item.as_ref(), Some(&order))
        })
        .await?;
    report
        .step("PutItem, ConditionalCheckFailedException", async {
            let input = PutItemInput::new(&table, order.clone()).condition_expression("attribute_not_exists(id)");
            let old = ReturnValuesOnConditionCheckFailure::AllOld;
            let input = input.return_values_on_condition_check_failure(old);
            let error = refused(M::send(client.put_item(input)).await)?;
            answered(&error, "ConditionalCheckFailedException", 400)?;
            let Some(ServiceError::ConditionalCheckFailedException(failed)) = error.service_error() else {
                return Err(format!("another error: {error}").into());
            };
            same("item", failed.item.as_ref(), Some(&order))
        })
        .await
}
