//! Lists image builders, some at a time: `resume_listing COUNT [TOKEN]`, where TOKEN is what the run before has printed.

use workstream::appstream::{Client, types::DescribeImageBuildersInput};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let count = arguments.next().ok_or("usage: resume_listing COUNT [TOKEN]")?.parse()?;
    let client = Client::from_env().await?;
    let mut builders = client.describe_image_builders(DescribeImageBuildersInput::new()).items().max_items(count);
    if let Some(token) = arguments.next() {
        builders = builders.starting_token(token);
    }
    while let Some(builder) = builders.try_next().await? {
        println!("{}", builder.name);
    }
    if let Some(token) = builders.resume_token() {
        eprintln!("there are more: resume_listing {count} {token}");
    }
    Ok(())
}
