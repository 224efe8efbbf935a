//! Allocates a WorkSpaces instance and waits until it is there: `allocate_instance IMAGE TYPE`. The service is a feature of
//! the crate that has to be asked for, `workspaces-instances`.

use workstream::workspaces_instances::{Client, types::*};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(image), Some(kind)) = (arguments.next(), arguments.next()) else {
        return Err("usage: allocate_instance IMAGE TYPE".into());
    };
    let client = Client::from_env().await?;
    let managed = ManagedInstanceRequest::new().image_id(image).instance_type(kind);
    let made = client.create_workspace_instance(CreateWorkspaceInstanceInput::new(managed)).await?;
    let id = made.workspace_instance_id.ok_or("the service names no instance")?;
    let waited = client.wait_until_workspace_instance_allocated(GetWorkspaceInstanceInput::new(&id)).await?;
    println!("{id} is there, after {} s", waited.elapsed.as_secs());
    Ok(())
}
