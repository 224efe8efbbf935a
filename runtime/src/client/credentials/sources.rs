//! Where credentials come from: one source a module, and what some of them have in common.

mod answer;
mod chain;
mod command;
mod container;
mod echo;
mod instance;
mod login;
mod metadata;
mod object;
mod process;
mod profile;
mod role;
mod sign_on;
mod stored;
mod sts;
mod variables;
mod web_identity;

pub use chain::{Chain, DefaultChain};
pub use container::ContainerAgent;
pub use instance::InstanceMetadata;
pub use login::Login;
pub use process::CredentialProcess;
pub use profile::Profile;
pub use role::AssumeRole;
pub use sign_on::SignOn;
pub use variables::EnvironmentVariables;
pub use web_identity::WebIdentity;

use super::context::ProfileSettings;
use super::{Credentials, CredentialsError, MfaCode, ProvideCredentials, SourceContext};
