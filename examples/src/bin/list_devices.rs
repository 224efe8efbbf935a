//! Lists thin clients and their software, without an async runtime. The service is a feature of the crate that has to be
//! asked for, `workspaces-thin-client`.

use workstream::workspaces_thin_client::{blocking::Client, types::*};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::from_env()?;
    for device in client.list_devices(ListDevicesInput::new()).items() {
        let device = device?;
        let software = device.current_software_set_id.as_deref().unwrap_or("none");
        println!("{}: software set {software}", device.id.as_deref().unwrap_or_default());
    }
    Ok(())
}
