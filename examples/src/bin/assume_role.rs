//! Who am I? And who as another role: `assume_role arn:aws:iam::123456789012:role/reader [MFA-DEVICE]`, which asks for the
//! code of the device on the terminal.

use std::io::{self, Write as _};
use workstream::client::Config;
use workstream::client::credentials::AssumeRole;
use workstream::identity::sts::{Client, types::GetCallerIdentityInput};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let config = Config::from_env()?;
    show(&config).await?;
    let mut arguments = std::env::args().skip(1);
    let mut role = AssumeRole::new(arguments.next().ok_or("usage: assume_role ROLE-ARN [MFA-DEVICE]")?);
    if let Some(device) = arguments.next() {
        role = role.mfa(device, ask);
    }
    // The role is assumed when the first call needs it, and again before its session ends.
    show(&config.to_builder().credentials(role.session_name("example")).build()).await
}

async fn show(config: &Config) -> Result<(), Box<dyn std::error::Error>> {
    let caller = Client::new(config).get_caller_identity(GetCallerIdentityInput::new()).await?;
    println!("{}", caller.arn.unwrap_or_default());
    Ok(())
}

fn ask(device: &str) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
    eprint!("Code of {device}: ");
    io::stderr().flush()?;
    let mut code = String::new();
    io::stdin().read_line(&mut code)?;
    Ok(code.trim().to_owned())
}
