//! Starts all WorkSpaces of a directory that are stopped, however many: `start_stopped DIRECTORY`. What does not start is told
//! one by one, and stops nothing else.

use workstream::workspaces::{Client, types::*};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let directory = std::env::args().nth(1).ok_or("usage: start_stopped DIRECTORY")?;
    let client = Client::from_env().await?;
    let mut requests = Vec::new();
    let mut found = client.describe_workspaces(DescribeWorkspacesInput::new().directory_id(directory)).items();
    while let Some(workspace) = found.try_next().await? {
        if workspace.state == Some(WorkspaceState::Stopped) {
            requests.extend(workspace.workspace_id.map(|id| StartRequest::new().workspace_id(id)));
        }
    }
    let outcome = client.batch(StartWorkspacesInput::new(requests)).await;
    for request in &outcome.succeeded {
        println!("{} starts", request.workspace_id.as_deref().unwrap_or_default());
    }
    for failed in &outcome.failed {
        eprintln!("{} does not: {}", failed.item.workspace_id.as_deref().unwrap_or_default(), failed.failure);
    }
    Ok(())
}
