//! AWS KMS.

use crate::drive::Drive;
use crate::report::{Failed, refused, same};
use crate::stage::{Stage, answered};
use workstream::kms::client::Client;
use workstream::kms::types::*;
use workstream::runtime::Blob;

/// Takes the steps.
pub async fn play<M: Drive>(stage: &Stage<M>) -> Result<(), Failed> {
    let (client, report) = (Client::<M>::new(&stage.config), &stage.report);
    let secret = Blob::new([0, 1, 2, 253, 254, 255]);
    let context = [("purpose", "e2e")];

    let key = report
        .step("CreateKey", async {
            let input = CreateKeyInput::new().description("for letters").key_usage(KeyUsageType::EncryptDecrypt);
            let input = input.tags([Tag::new("owner", "Zoë")]);
            let key = M::send(client.create_key(input)).await?.key_metadata.ok_or("no key")?;
            same("description", key.description.as_deref(), Some("for letters"))?;
            same("state", key.key_state.as_ref(), Some(&KeyState::Enabled))?;
            same("use", key.key_usage.as_ref(), Some(&KeyUsageType::EncryptDecrypt))?;
            Ok(key.key_id)
        })
        .await?;
    let encrypted = report
        .step("Encrypt", async {
            let input = EncryptInput::new(&key, secret.clone()).encryption_context(context);
            let encrypted = M::send(client.encrypt(input)).await?.ciphertext_blob.ok_or("no text")?;
            same("whether it is another", encrypted != secret, true)?;
            Ok(encrypted)
        })
        .await?;
    report
        .step("Decrypt", async {
            let input = DecryptInput::new().ciphertext_blob(encrypted.clone()).encryption_context(context);
            let output = M::send(client.decrypt(input)).await?;
            same("text", output.plaintext.as_ref(), Some(&secret))?;
            same("key", output.key_id.is_some_and(|arn| arn.ends_with(&key)), true)
        })
        .await?;
    report
        .step("DescribeKey, NotFoundException", async {
            let input = DescribeKeyInput::new("00000000-0000-0000-0000-000000000000");
            let error = refused(M::send(client.describe_key(input)).await)?;
            answered(&error, "NotFoundException", 400)?;
            same("kind", error.is_not_found_exception(), true)
        })
        .await
}
