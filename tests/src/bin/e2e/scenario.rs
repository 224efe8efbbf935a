//! What is done with the server, and what has to come of it. The server is moto's, with pages: where it does other than
//! Amazon WorkSpaces, a comment says so.

use crate::report::{Failed, Outcome, Report, refused, same};
use std::error::Error as StdError;
use std::time::Duration;
use workstream::client::{Config, ConfigBuilder, Credentials, Environment, Page, ResumeToken, RetryConfig};
use workstream::runtime::ErrorKind;
use workstream::workspaces::client::Client;
use workstream::workspaces::types::*;
use workstream::{Protocol, workspaces};
use workstream_tests::drive::Drive;

/// A directory that the Directory Service has, and WorkSpaces does not know yet.
#[derive(Clone)]
pub struct Directory {
    pub id: String,
    pub name: String,
    pub subnets: Vec<String>,
}

/// One client, and what it works on.
pub struct Scenario<M> {
    client: Client<M>,
    endpoint: String,
    region: String,
    directory: Directory,
}

/// How many WorkSpaces one call may be about, and how many come at once where a call does not say.
const MOST_AT_ONCE: usize = 25;
const WORKSPACES: usize = 32;
/// How many to ask for where pages are asked for.
const PAGE_SIZE: u8 = 10;
const BUNDLE: &str = "wsb-0123456789";
const UNKNOWN: &str = "ws-000000000";

/// Quickly: what the server lacks once, it lacks for ever.
const RETRIES: RetryConfig = RetryConfig::standard().initial_backoff(Duration::from_millis(10));

impl<M: Drive> Scenario<M> {
    /// For a client that is configured by hand.
    pub fn new(endpoint: &str, region: &str, directory: Directory) -> Self {
        let config = Config::builder()
            .region(region)
            .credentials(Credentials::new("e2e", "e2e"))
            .endpoint_url(endpoint)
            .retry(RETRIES)
            .call_timeout(Duration::from_secs(30));
        let client = Client::new(&config.build());
        Self { client, endpoint: endpoint.to_owned(), region: region.to_owned(), directory }
    }

    /// Takes all steps, up to the first that fails.
    pub async fn play(&self, report: &Report) -> Result<(), Failed> {
        report.step("RegisterWorkspaceDirectory", self.register()).await?;
        report.step("the endpoint from AWS_ENDPOINT_URL_WORKSPACES", self.endpoint_from_environment()).await?;
        let ids = report.step("CreateWorkspaces", self.create()).await?;
        report.step("CreateWorkspaces in an unknown directory", self.create_nowhere()).await?;
        report.step("DescribeWorkspaces", self.describe(&ids)).await?;
        report.step("DescribeWorkspaces, page by page", self.pages(&ids)).await?;
        report.step("DescribeWorkspaces, item by item", self.items(&ids)).await?;
        report.step("DescribeWorkspaces, truncated and resumed", self.resume(&ids)).await?;
        report.step("waiting until all are available", self.wait_until_available(&ids)).await?;
        report.step("CreateTags and DescribeTags", self.tag(&ids[0])).await?;
        report.step("status, request id and attempts of a response", self.metadata(&ids[0])).await?;
        report.step("a modelled error", self.unknown_image_source()).await?;
        report.step("an unknown id", self.unknown_workspace()).await?;
        report.step("an operation that the server lacks", self.lacking_operation(&ids[0])).await?;
        report.step("a protocol that the server does not speak", self.other_protocol()).await?;
        report.step("TerminateWorkspaces", self.terminate(&ids)).await?;
        report.step("waiting until all are terminated", self.wait_until_terminated(&ids)).await?;
        report.step("DeregisterWorkspaceDirectory", self.deregister()).await?;
        report.passed();
        Ok(())
    }

    async fn register(&self) -> Outcome<()> {
        let Directory { id, subnets, .. } = &self.directory;
        let input =
            RegisterWorkspaceDirectoryInput::new().directory_id(id).subnet_ids(subnets).enable_self_service(true);
        let input = input.tenancy(Tenancy::Shared).tags([Tag::new("scenario").value(M::NAME)]);
        let output = M::send(self.client.register_workspace_directory(input)).await?;
        // moto answers without members.
        same("output", output, RegisterWorkspaceDirectoryOutput::new())
    }

    /// Nothing of it is given by hand. moto does not speak the first protocol of the model: the client finds out.
    async fn endpoint_from_environment(&self) -> Outcome<()> {
        let variables = [
            ("AWS_REGION", self.region.as_str()),
            ("AWS_ACCESS_KEY_ID", "e2e"),
            ("AWS_SECRET_ACCESS_KEY", "e2e"),
            // Nobody answers there: port 9 is to discard what comes.
            ("AWS_ENDPOINT_URL", "http://127.0.0.1:9"),
            ("AWS_ENDPOINT_URL_WORKSPACES", self.endpoint.as_str()),
        ];
        let config = ConfigBuilder::from_environment(&Environment::of(variables), None)?;
        let client = Client::<M>::new(&config.build());

        let Directory { id, name, subnets } = &self.directory;
        let input = DescribeWorkspaceDirectoriesInput::new().directory_ids([id]);
        let output = M::send(client.describe_workspace_directories(input)).await?;
        let [directory] = output.directories.as_deref().unwrap_or_default() else {
            return Err(format!("not one directory: {:?}", output.directories).into());
        };
        same("id", directory.directory_id.as_ref(), Some(id))?;
        same("name", directory.directory_name.as_ref(), Some(name))?;
        same("subnets", directory.subnet_ids.as_ref(), Some(subnets))?;
        same("type", directory.directory_type.as_ref(), Some(&WorkspaceDirectoryType::SimpleAd))?;
        same("state", directory.state.as_ref(), Some(&WorkspaceDirectoryState::Registered))?;
        same("tenancy", directory.tenancy.as_ref(), Some(&Tenancy::Shared))?;
        let allowed = directory.selfservice_permissions.as_ref();
        same(
            "self service",
            allowed.and_then(|allowed| allowed.rebuild_workspace.as_ref()),
            Some(&ReconnectEnum::Enabled),
        )
    }

    /// The ids of the new WorkSpaces.
    async fn create(&self) -> Outcome<Vec<String>> {
        let mut ids = Vec::new();
        let users: Vec<String> = (0..WORKSPACES).map(|number| format!("user-{number:02}")).collect();
        for users in users.chunks(MOST_AT_ONCE) {
            let properties = WorkspaceProperties::new().running_mode(RunningMode::AutoStop);
            let request = |user| WorkspaceRequest::new(&self.directory.id, user, BUNDLE);
            let requests = users.iter().map(|user| request(user).workspace_properties(properties.clone()));
            let output = M::send(self.client.create_workspaces(CreateWorkspacesInput::new(requests))).await?;
            same("failed requests", output.failed_requests, Some(Vec::new()))?;
            let pending = output.pending_requests.unwrap_or_default();
            same("users", pending.iter().map(|one| one.user_name.as_deref()).collect::<Vec<_>>(), some(users))?;
            ids.extend(pending.into_iter().filter_map(|one| one.workspace_id));
        }
        same("number of ids", ids.len(), WORKSPACES)?;
        Ok(ids)
    }

    async fn create_nowhere(&self) -> Outcome<()> {
        let request = WorkspaceRequest::new("d-0000000000", "nobody", BUNDLE).tags([Tag::new("a").value("b")]);
        let output = M::send(self.client.create_workspaces(CreateWorkspacesInput::new([request.clone()]))).await?;
        same("pending requests", output.pending_requests, Some(Vec::new()))?;
        let [failed] = output.failed_requests.as_deref().unwrap_or_default() else {
            return Err(format!("not one failed request: {:?}", output.failed_requests).into());
        };
        same("code", failed.error_code.as_deref(), Some("ResourceNotFound.Directory"))?;
        // moto fills in what it takes for given.
        let properties = WorkspaceProperties::new().running_mode(RunningMode::AlwaysOn);
        same("request", failed.workspace_request.as_ref(), Some(&request.workspace_properties(properties)))
    }

    fn all(&self) -> DescribeWorkspacesInput {
        DescribeWorkspacesInput::new().directory_id(&self.directory.id)
    }

    /// Page after page by hand.
    async fn describe(&self, ids: &[String]) -> Outcome<()> {
        let (mut input, mut workspaces) = (self.all(), Vec::new());
        for _ in ids.chunks(MOST_AT_ONCE) {
            let output = M::send(self.client.describe_workspaces(input.clone())).await?;
            workspaces.extend(output.workspaces.unwrap_or_default());
            input.next_token = output.next_token;
        }
        same("token after the last page", input.next_token, None::<String>)?;
        same("ids", ids_of(&workspaces), ids)?;
        let last = &workspaces[WORKSPACES - 1];
        same("user", last.user_name.as_deref(), Some(format!("user-{:02}", WORKSPACES - 1).as_str()))?;
        same("bundle", last.bundle_id.as_deref(), Some(BUNDLE))?;
        same("state", last.state.as_ref(), Some(&WorkspaceState::Available))?;
        let properties = last.workspace_properties.as_ref();
        same("running mode", properties.and_then(|it| it.running_mode.as_ref()), Some(&RunningMode::AutoStop))
    }

    /// All pages, and those after each of them once more.
    async fn pages(&self, ids: &[String]) -> Outcome<()> {
        let expected: Vec<_> = ids.chunks(PAGE_SIZE.into()).collect();
        let series = || self.client.describe_workspaces(self.all()).pages().page_size(PAGE_SIZE.into());
        let pages = M::pages(series()).await?;
        same("number of pages", pages.len(), expected.len())?;
        for (index, page) in pages.into_iter().enumerate() {
            let token = page.resume_token();
            same("ids", ids_of(&page.into_items()), expected[index])?;
            same("whether there is more", token.is_some(), index + 1 < expected.len())?;
            let Some(token) = token else { break };
            let rest = M::pages(series().starting_token(token)).await?.into_iter().flat_map(Page::into_items);
            same("ids of the rest", ids_of(&rest.collect::<Vec<_>>()), expected[index + 1..].concat())?;
        }
        Ok(())
    }

    async fn items(&self, ids: &[String]) -> Outcome<()> {
        let mut items = self.client.describe_workspaces(self.all()).items();
        let all = M::items(&mut items).await?;
        same("ids", ids_of(&all), ids)?;
        same("resume token", items.resume_token(), None::<ResumeToken>)
    }

    /// One series after the other, each beginning where the one before stopped, mostly in the middle of a page.
    async fn resume(&self, ids: &[String]) -> Outcome<()> {
        const AT_ONCE: usize = 7;
        let mut token: Option<String> = None;
        for expected in ids.chunks(AT_ONCE) {
            let items = self.client.describe_workspaces(self.all()).items();
            let mut items = items.page_size(PAGE_SIZE.into()).max_items(AT_ONCE);
            if let Some(token) = &token {
                items = items.starting_token(token.as_str());
            }
            same("ids", ids_of(&M::items(&mut items).await?), expected)?;
            token = items.resume_token().map(|token| token.to_string());
            same("whether there is more", token.is_some(), ids.last() != expected.last())?;
        }
        Ok(())
    }

    async fn wait_until_available(&self, ids: &[String]) -> Outcome<()> {
        let ids = &ids[..MOST_AT_ONCE];
        let input = DescribeWorkspacesInput::new().workspace_ids(ids);
        let waited = M::wait(self.client.wait_until_workspace_available(input)).await?;
        // moto is never busy.
        same("attempts", waited.attempts, 1)?;
        let workspaces = waited.into_output().and_then(|output| output.workspaces);
        same("ids", ids_of(&workspaces.unwrap_or_default()), ids)
    }

    async fn tag(&self, id: &str) -> Outcome<()> {
        let tags = [Tag::new("owner").value("Zoë \"Z\" \\ 🦀"), Tag::new("cost centre").value("")];
        let output = M::send(self.client.create_tags(CreateTagsInput::new(id, tags.clone()))).await?;
        same("output", output, CreateTagsOutput::new())?;
        let output = M::send(self.client.describe_tags(DescribeTagsInput::new(id))).await?;
        same("tags", output.tag_list, Some(tags.to_vec()))
    }

    async fn metadata(&self, id: &str) -> Outcome<()> {
        let call = |id| self.client.describe_workspaces(DescribeWorkspacesInput::new().workspace_ids([id]));
        let answer = M::detailed(call(id).with_metadata()).await?;
        let other = M::detailed(call(id).with_metadata()).await?;
        same("ids", ids_of(&answer.output.workspaces.unwrap_or_default()), [id])?;
        same("status", answer.response.status.as_u16(), 200)?;
        same("attempts", answer.attempts, 1)?;
        same("whether there is a request id", answer.response.request_id.is_some(), true)?;
        same("whether ids differ", answer.response.request_id != other.response.request_id, true)
    }

    async fn unknown_image_source(&self) -> Outcome<()> {
        let input = CreateWorkspaceImageInput::new("image", "of nothing", UNKNOWN);
        let error = refused(M::send(self.client.create_workspace_image(input)).await)?;
        same("kind", error.is_resource_not_found_exception(), true)?;
        same("code", error.code(), Some("ResourceNotFoundException"))?;
        same("status", error.status().map(|status| status.as_u16()), Some(400))?;
        same("attempts", error.attempts(), 1)?;
        let message = "The specified WorkSpace cannot be found. Confirm that the workspace exists in your AWS account, \
                       and try again.";
        same("message", error.message(), Some(message))?;
        let Some(id) = error.request_id() else { return Err("the error has no request id".into()) };
        let line = format!("CreateWorkspaceImage: ResourceNotFoundException: {message} (HTTP 400, request id {id})");
        same("text", error.to_string(), line)
    }

    async fn unknown_workspace(&self) -> Outcome<()> {
        let input = DescribeWorkspacesInput::new().workspace_ids([UNKNOWN]);
        let output = M::send(self.client.describe_workspaces(input)).await?;
        same("workspaces", output.workspaces, Some(Vec::new()))?;
        let input = TerminateWorkspacesInput::new([TerminateRequest::new(UNKNOWN)]);
        let output = M::send(self.client.terminate_workspaces(input)).await?;
        let failed = FailedWorkspaceChangeRequest::new().workspace_id(UNKNOWN).error_code("400");
        let failed = failed.error_message(format!("WorkSpace {UNKNOWN} could not be found."));
        same("failed requests", output.failed_requests, Some(vec![failed]))
    }

    /// moto answers with 500 and a page of HTML: a failure that may pass, for all that a client knows.
    async fn lacking_operation(&self, id: &str) -> Outcome<()> {
        let error = refused(M::send(self.client.delete_tags(DeleteTagsInput::new(id, ["owner"]))).await)?;
        let host = error.host().ok_or("no host")?;
        let line = format!("DeleteTags: 500: Internal Server Error (HTTP 500 from {host}, 3 attempts)");
        same("text", error.to_string(), line)?;
        same("host", host.starts_with("127.0.0.1:"), true)?;
        same("code", error.code(), Some("500"))?;
        same("attempts", error.attempts(), 3)?;
        same("whether it may pass", error.is_retryable(), true)?;
        let call = self.client.delete_tags(DeleteTagsInput::new(id, ["owner"])).retry(RetryConfig::disabled());
        let error = refused(M::send(call).await)?;
        same("attempts without retries", error.attempts(), 1)
    }

    /// moto knows rpcv2Cbor's paths for few services, and WorkSpaces is none of them.
    async fn other_protocol(&self) -> Outcome<()> {
        let call = self.client.describe_workspaces(self.all()).protocol(Protocol::RpcV2Cbor);
        let error: workspaces::Error = refused(M::send(call).await)?;
        let host = error.host().unwrap_or_default();
        same("text", error.to_string(), format!("DescribeWorkspaces: 404: Not Found (HTTP 404 from {host})"))?;
        same("whether the service answered", matches!(error.kind(), ErrorKind::Service { .. }), true)?;
        same("whether there is a source", error.source().is_some(), false)?;
        same("attempts", error.attempts(), 1)
    }

    async fn terminate(&self, ids: &[String]) -> Outcome<()> {
        for ids in ids.chunks(MOST_AT_ONCE) {
            let input = TerminateWorkspacesInput::new(ids.iter().map(TerminateRequest::new));
            let output = M::send(self.client.terminate_workspaces(input)).await?;
            same("failed requests", output.failed_requests, Some(Vec::new()))?;
        }
        Ok(())
    }

    async fn wait_until_terminated(&self, ids: &[String]) -> Outcome<()> {
        let ids = &ids[..MOST_AT_ONCE];
        let input = DescribeWorkspacesInput::new().workspace_ids(ids);
        let waited = M::wait(self.client.wait_until_workspace_terminated(input)).await?;
        same("attempts", waited.attempts, 1)?;
        // moto forgets them at once.
        same("workspaces", waited.into_output().and_then(|output| output.workspaces), Some(Vec::new()))
    }

    async fn deregister(&self) -> Outcome<()> {
        let input = DeregisterWorkspaceDirectoryInput::new(&self.directory.id);
        let output = M::send(self.client.deregister_workspace_directory(input)).await?;
        same("output", output, DeregisterWorkspaceDirectoryOutput::new())?;
        let input = DescribeWorkspaceDirectoriesInput::new().directory_ids([&self.directory.id]);
        let output = M::send(self.client.describe_workspace_directories(input)).await?;
        same("directories", output.directories, Some(Vec::new()))
    }
}

fn ids_of(workspaces: &[Workspace]) -> Vec<&str> {
    workspaces.iter().filter_map(|workspace| workspace.workspace_id.as_deref()).collect()
}

fn some(texts: &[String]) -> Vec<Option<&str>> {
    texts.iter().map(|text| Some(text.as_str())).collect()
}
