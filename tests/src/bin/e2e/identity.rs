//! Roles, assumed at the server as STS. Of the other services that give credentials moto has none: neither the portal of
//! IAM Identity Center nor the console's sign-in.

use crate::report::{Failed, Outcome, Report, same};
use std::fs;
use std::marker::PhantomData;
use workstream::client::credentials::{AssumeRole, Profile, WebIdentity};
use workstream::client::{Config, ConfigBuilder, Environment};
use workstream::identity::sts::client::Client;
use workstream::identity::sts::types::GetCallerIdentityInput;
use workstream_tests::drive::Drive;
use workstream_tests::folder::Folder;

const READER: &str = "arn:aws:iam::123456789012:role/reader";
const SHARED: &str = "
[default]
role_arn = arn:aws:iam::123456789012:role/reader
role_session_name = by-profile
source_profile = base
[profile base]
aws_access_key_id = e2e
aws_secret_access_key = e2e
[profile pod]
role_arn = arn:aws:iam::123456789012:role/pod
role_session_name = by-token
";

/// One client, and where it looks for credentials.
pub struct Identity<M> {
    environment: Environment,
    folder: Folder,
    mode: PhantomData<M>,
}

impl<M: Drive> Identity<M> {
    /// At this server. Nothing but the environment says where that is.
    pub fn new(endpoint: &str, region: &str) -> Outcome<Self> {
        let folder = Folder::new();
        fs::create_dir(folder.path().join(".aws"))?;
        let token = folder.path().join("token");
        let web = format!("web_identity_token_file = {}\n", token.display());
        fs::write(folder.path().join(".aws/config"), [SHARED, &web].concat())?;
        fs::write(token, "a token of somebody else's")?;
        let variables = [("AWS_REGION", region), ("AWS_ENDPOINT_URL_STS", endpoint)];
        Ok(Self { environment: Environment::of(variables).home(folder.path()), folder, mode: PhantomData })
    }

    /// Takes all steps, up to the first that fails.
    pub async fn play(&self, report: &Report) -> Result<(), Failed> {
        report.step("a role, by a profile", self.profile()).await?;
        report.step("a role, by code", self.code()).await?;
        report.step("a role, by a role", self.chain()).await?;
        report.step("a role, by a web identity", self.web_identity()).await?;
        report.step("a role, by the web identity of a profile", self.web_identity_of_profile()).await?;
        report.passed();
        Ok(())
    }

    async fn profile(&self) -> Outcome<()> {
        self.is(self.config()?.build(), "reader/by-profile").await
    }

    async fn code(&self) -> Outcome<()> {
        let role = AssumeRole::new(READER).source(Profile::named("base")).session_name("by-code");
        self.is(self.config()?.credentials(role.tags([("team", "a b/c&d")])).build(), "reader/by-code").await
    }

    async fn chain(&self) -> Outcome<()> {
        let first = AssumeRole::new(READER).source(Profile::named("base"));
        let second = AssumeRole::new("arn:aws:iam::123456789012:role/writer").source(first).session_name("by-role");
        self.is(self.config()?.credentials(second).build(), "writer/by-role").await
    }

    async fn web_identity(&self) -> Outcome<()> {
        let token = self.folder.path().join("token");
        let role = WebIdentity::new("arn:aws:iam::123456789012:role/pod", token.to_string_lossy());
        self.is(self.config()?.credentials(role.session_name("by-code")).build(), "pod/by-code").await
    }

    async fn web_identity_of_profile(&self) -> Outcome<()> {
        self.is(self.config()?.credentials(Profile::named("pod")).build(), "pod/by-token").await
    }

    fn config(&self) -> Outcome<ConfigBuilder> {
        Ok(ConfigBuilder::from_environment(&self.environment, None)?)
    }

    /// That the server takes the caller for this session.
    async fn is(&self, config: Config, session: &str) -> Outcome<()> {
        let caller = M::send(Client::<M>::new(&config).get_caller_identity(GetCallerIdentityInput::new())).await?;
        let expected = format!("arn:aws:sts::123456789012:assumed-role/{session}");
        same("caller", caller.arn, Some(expected))
    }
}
