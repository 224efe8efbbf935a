//! AWS IAM.

use crate::drive::Drive;
use crate::report::{Failed, refused, same};
use crate::stage::{Stage, answered};
use workstream::iam::client::Client;
use workstream::iam::types::*;

/// Takes the steps.
pub async fn play<M: Drive>(stage: &Stage<M>) -> Result<(), Failed> {
    let (client, report) = (Client::<M>::new(&stage.config), &stage.report);
    let name = stage.name("zoe+a=b@c");

    report
        .step("CreateUser", async {
            let input = CreateUserInput::new(&name).path("/staff/").tags([Tag::new("office", "")]);
            let user = M::send(client.create_user(input)).await?.user.ok_or("no user")?;
            same("name", &user.user_name, &name)?;
            same("path", user.path, "/staff/")?;
            same("date", user.create_date.secs() > 1_700_000_000, true)
        })
        .await?;
    report
        .step("TagUser", async {
            let input = TagUserInput::new(&name, [Tag::new("name", "Zoë <z@example.com> & co")]);
            let output = M::send(client.tag_user(input)).await?;
            same("output", output, TagUserOutput::new())
        })
        .await?;
    report
        .step("GetUser", async {
            let user = M::send(client.get_user(GetUserInput::new().user_name(&name))).await?.user;
            same("ARN", user.arn.ends_with(&format!(":user/staff/{name}")), true)?;
            let expected = [Tag::new("office", ""), Tag::new("name", "Zoë <z@example.com> & co")];
            same("tags", user.tags.unwrap_or_default(), expected)
        })
        .await?;
    report
        .step("DeleteUser", async {
            let output = M::send(client.delete_user(DeleteUserInput::new(&name))).await?;
            same("output", output, DeleteUserOutput::new())
        })
        .await?;
    report
        .step("GetUser, NoSuchEntityException", async {
            let error = refused(M::send(client.get_user(GetUserInput::new().user_name(&name))).await)?;
            answered(&error, "NoSuchEntity", 404)?;
            same("kind", error.is_no_such_entity_exception(), true)
        })
        .await
}
