//! AWS STS.

use crate::drive::Drive;
use crate::report::{Failed, refused, same};
use crate::stage::{Stage, answered};
use workstream::sts::client::Client;
use workstream::sts::types::*;

const POLICY: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}"#;

/// Takes the steps.
pub async fn play<M: Drive>(stage: &Stage<M>) -> Result<(), Failed> {
    let (client, report) = (Client::<M>::new(&stage.config), &stage.report);

    let account = report
        .step("GetCallerIdentity", async {
            let output = M::send(client.get_caller_identity(GetCallerIdentityInput::new())).await?;
            let account = output.account.ok_or("no account")?;
            same("ARN", output.arn.is_some_and(|arn| arn.contains(&account)), true)?;
            Ok(account)
        })
        .await?;
    report
        .step("AssumeRole", async {
            let role = format!("arn:aws:iam::{account}:role/reader");
            let input = AssumeRoleInput::new(role, "night+shift@example.com").policy(POLICY).duration_seconds(900);
            let input = input.tags([Tag::new("team", "a b/c&d"), Tag::new("shift", "night")]);
            let input = input.transitive_tag_keys(["team"]);
            let output = M::send(client.assume_role(input)).await?;
            let credentials = output.credentials.ok_or("no credentials")?;
            same("key", credentials.access_key_id.starts_with("ASIA"), true)?;
            same("end", credentials.expiration.secs() > 1_700_000_000, true)?;
            let user = output.assumed_role_user.ok_or("no user")?;
            same("session", user.arn.ends_with(":assumed-role/reader/night+shift@example.com"), true)
        })
        .await?;
    report
        .step("GetFederationToken", async {
            let input = GetFederationTokenInput::new("guest").duration_seconds(3600).policy(POLICY);
            let output = M::send(client.get_federation_token(input)).await?;
            let user = output.federated_user.ok_or("no user")?;
            same("user", user.federated_user_id, format!("{account}:guest"))
        })
        .await?;
    report
        .step("AssumeRole, ValidationError", async {
            let input = AssumeRoleInput::new(format!("arn:aws:iam::{account}:role/reader"), "x".repeat(65));
            let error = refused(M::send(client.assume_role(input)).await)?;
            answered(&error, "ValidationError", 400)?;
            same("message", error.message().is_some_and(|message| message.contains("roleSessionName")), true)
        })
        .await
}
