//! AWS Secrets Manager.

use crate::drive::Drive;
use crate::report::{Failed, refused, same};
use crate::stage::{Stage, answered};
use workstream::secretsmanager::client::Client;
use workstream::secretsmanager::types::*;

/// Takes the steps.
pub async fn play<M: Drive>(stage: &Stage<M>) -> Result<(), Failed> {
    let (client, report) = (Client::<M>::new(&stage.config), &stage.report);
    let (name, word) = (stage.name("door"), "open \"sesame\"");

    let version = report
        .step("CreateSecret", async {
            // The client makes the token.
            let input = CreateSecretInput::new(&name).secret_string(word).description("of the cave");
            let output = M::send(client.create_secret(input)).await?;
            same("name", output.name.as_ref(), Some(&name))?;
            Ok(output.version_id.ok_or("no version")?)
        })
        .await?;
    report
        .step("GetSecretValue", async {
            let output = M::send(client.get_secret_value(GetSecretValueInput::new(&name))).await?;
            same("version", output.version_id.as_ref(), Some(&version))?;
            same("secret", output.secret_string.as_deref(), Some(word))?;
            same("stages", output.version_stages.unwrap_or_default(), ["AWSCURRENT"])
        })
        .await?;
    report
        .step("DeleteSecret", async {
            let input = DeleteSecretInput::new(&name).force_delete_without_recovery(true);
            let output = M::send(client.delete_secret(input)).await?;
            same("name", output.name.as_ref(), Some(&name))?;
            same("date", output.deletion_date.is_some(), true)
        })
        .await?;
    report
        .step("GetSecretValue, ResourceNotFoundException", async {
            let error = refused(M::send(client.get_secret_value(GetSecretValueInput::new(&name))).await)?;
            // The service answers with 400.
            answered(&error, "ResourceNotFoundException", 404)?;
            same("kind", error.is_resource_not_found_exception(), true)
        })
        .await
}
