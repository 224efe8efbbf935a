//! AWS Lambda, whose functions need a role of IAM.

use crate::drive::Drive;
use crate::report::{Failed, refused, same};
use crate::stage::{Stage, answered};
use workstream::iam::client::Client as Iam;
use workstream::iam::types::CreateRoleInput;
use workstream::lambda::client::Client;
use workstream::lambda::types::*;

/// An empty archive: the end of the list of its files.
const ZIP: [u8; 22] = [b'P', b'K', 5, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

/// Takes the steps.
pub async fn play<M: Drive>(stage: &Stage<M>) -> Result<(), Failed> {
    let (client, report) = (Client::<M>::new(&stage.config), &stage.report);
    let name = stage.name("thumbnails");

    let role = report
        .step("CreateRole of IAM", async {
            let iam = Iam::<M>::new(&stage.other);
            let input = CreateRoleInput::new(&name, "{\"Version\": \"2012-10-17\", \"Statement\": []}");
            Ok(M::send(iam.create_role(input)).await?.role.arn)
        })
        .await?;
    let sum = report
        .step("CreateFunction", async {
            let code = FunctionCode::new().zip_file(&ZIP);
            let input = CreateFunctionInput::new(&name, &role, code).runtime(Runtime::Python3_13).handler("a.b");
            let environment = Environment::new().variables([("SIZE", "64 × 64")]);
            let input = input.environment(environment).timeout(7).tags([("team", "a b/c")]);
            let output = M::send(client.create_function(input)).await?;
            same("name", output.function_name.as_ref(), Some(&name))?;
            same("size", output.code_size, Some(22))?;
            Ok(output.code_sha256.ok_or("no sum")?)
        })
        .await?;
    report
        .step("GetFunction", async {
            let output = M::send(client.get_function(GetFunctionInput::new(&name))).await?;
            let found = output.configuration.ok_or("no function")?;
            same("sum", found.code_sha256.as_ref(), Some(&sum))?;
            same("role", found.role.as_ref(), Some(&role))?;
            same("runtime", found.runtime.as_ref(), Some(&Runtime::Python3_13))?;
            same("timeout", found.timeout, Some(7))?;
            let variables = found.environment.and_then(|environment| environment.variables).unwrap_or_default();
            same("variable", variables.get("SIZE").map(String::as_str), Some("64 × 64"))?;
            let tags = output.tags.unwrap_or_default();
            same("tag", tags.get("team").map(String::as_str), Some("a b/c"))
        })
        .await?;
    report
        .step("DeleteFunction", async {
            let output = M::send(client.delete_function(DeleteFunctionInput::new(&name))).await?;
            same("status", output.status_code, Some(204))
        })
        .await?;
    report
        .step("GetFunction, ResourceNotFoundException", async {
            let error = refused(M::send(client.get_function(GetFunctionInput::new(&name))).await)?;
            answered(&error, "ResourceNotFoundException", 404)?;
            same("kind", error.is_resource_not_found_exception(), true)
        })
        .await
}
