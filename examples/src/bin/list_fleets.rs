//! Lists the AppStream fleets of the account: region and credentials come from the usual places.

use workstream::appstream::{Client, types::DescribeFleetsInput};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut fleets = Client::from_env().await?.describe_fleets(DescribeFleetsInput::new()).items();
    while let Some(fleet) = fleets.try_next().await? {
        println!("{:<10} {}", fleet.state.as_str(), fleet.name);
    }
    Ok(())
}
