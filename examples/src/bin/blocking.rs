//! Lists WorkSpaces without an async runtime.

use workstream::workspaces::{blocking::Client, types::DescribeWorkspacesInput};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for workspace in Client::from_env()?.describe_workspaces(DescribeWorkspacesInput::new()).items() {
        let workspace = workspace?;
        println!("{} {}", workspace.workspace_id.unwrap_or_default(), workspace.user_name.unwrap_or_default());
    }
    Ok(())
}
