//! Ends a user's sessions of a Secure Browser portal, and waits until they are over: `end_sessions PORTAL USER`. The service
//! is a feature of the crate that has to be asked for, `workspaces-web`.

use workstream::workspaces_web::{Client, types::*};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(portal), Some(user)) = (arguments.next(), arguments.next()) else {
        return Err("usage: end_sessions PORTAL USER".into());
    };
    let client = Client::from_env().await?;
    let active = ListSessionsInput::new(&portal).username(user).status(SessionStatus::Active);
    let mut sessions = client.list_sessions(active).items();
    while let Some(session) = sessions.try_next().await? {
        let Some(id) = session.session_id else { continue };
        client.expire_session(ExpireSessionInput::new(&portal, &id)).await?;
        client.wait_until_session_terminated(GetSessionInput::new(&portal, &id)).await?;
        println!("{id} is over");
    }
    Ok(())
}
