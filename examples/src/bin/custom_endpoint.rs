//! The same calls against a local server: `custom_endpoint http://localhost:5000`. To set `AWS_ENDPOINT_URL` does the
//! same without a change of the program.

use workstream::client::{Config, Credentials};
use workstream::workspaces::{Client, types::DescribeWorkspacesInput};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let config = Config::builder()
        .region("us-east-1")
        .credentials(Credentials::new("testing", "testing"))
        .endpoint_url(std::env::args().nth(1).ok_or("usage: custom_endpoint URL")?)
        .build();
    let output = Client::new(&config).describe_workspaces(DescribeWorkspacesInput::new()).await?;
    println!("{} WorkSpaces", output.workspaces.unwrap_or_default().len());
    Ok(())
}
