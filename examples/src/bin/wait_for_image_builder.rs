//! Starts an image builder and waits until it runs: `wait_for_image_builder NAME`.

use std::time::Duration;
use workstream::appstream::{Client, types::*};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let name = std::env::args().nth(1).ok_or("usage: wait_for_image_builder NAME")?;
    let client = Client::from_env().await?;
    client.start_image_builder(StartImageBuilderInput::new(&name)).await?;
    let waited = client
        .wait_until_image_builder_running(DescribeImageBuildersInput::new().names([&name]))
        .max_wait(Duration::from_secs(30 * 60))
        .on_progress(|progress| eprintln!("{} after {} s", progress.state(), progress.elapsed.as_secs()))
        .await?;
    println!("{name} runs, after {} s", waited.elapsed.as_secs());
    Ok(())
}
