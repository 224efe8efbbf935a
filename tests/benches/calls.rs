//! What a whole call costs, apart from the network: `cargo bench -p workstream-tests --bench calls`.
//!
//! Static credentials, a fixed region, no retries, no timeouts, and a transport that is a function: as the peers were
//! measured.

use bytes::Bytes;
use divan::{AllocProfiler, Bencher};
use http::{Request, Response};
use std::future::ready;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use workstream::appstream::{self, types::*};
use workstream::client::{BlockingTransport, BoxFuture, Config, Credentials, RetryConfig, Transport, TransportError};
use workstream::{Operation, Protocol, Timestamp};
use workstream_runtime::respond;

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

const PROTOCOLS: [Protocol; 2] = [Protocol::RpcV2Cbor, Protocol::AwsJson1_1];

/// Answers everything with one response.
#[derive(Debug)]
struct Always(Response<Bytes>);

impl Transport for Always {
    fn send(&self, _request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        Box::pin(ready(Ok(self.0.clone())))
    }
}

impl BlockingTransport for Always {
    fn send(&self, _request: Request<Bytes>, _timeout: Option<Duration>) -> Result<Response<Bytes>, TransportError> {
        Ok(self.0.clone())
    }
}

fn config<I: Operation>(protocol: Protocol, output: &I::Output) -> Config {
    let response = respond(I::DESCRIPTION, protocol, output).unwrap().map(Bytes::from);
    Config::builder()
        .region("eu-west-1")
        .credentials(Credentials::new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"))
        .protocol(protocol)
        .retry(RetryConfig::disabled())
        .attempt_timeout(None)
        .transport(Always(response.clone()))
        .blocking_transport(Always(response))
        .build()
}

/// The transport is ready at once, so the call is too.
fn now<T>(call: impl IntoFuture<Output = T>) -> T {
    match pin!(call.into_future()).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => unreachable!("the transport is ready at once"),
    }
}

/// An image builder with every member but `AgentAccessConfig`: as it was when the peers were measured.
fn builder(number: usize) -> ImageBuilder {
    let error = |code: &str| {
        ResourceError::new()
            .error_code(code)
            .error_message("The subnet does not have enough free addresses.")
            .error_timestamp(Timestamp::from_millis(1_700_000_000_123 + number as i64))
    };
    ImageBuilder::new(format!("image-builder-{number}"))
        .arn(format!("arn:aws:appstream:eu-west-1:123456789012:image-builder/image-builder-{number}"))
        .image_arn("arn:aws:appstream:eu-west-1::image/AppStream-WinServer2019-06-17-2024")
        .description("Builds the image of the accounting department")
        .display_name("Accounting \"2024\"")
        .vpc_config(
            VpcConfig::new()
                .subnet_ids(["subnet-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f60719"])
                .security_group_ids(["sg-0a1b2c3d4e5f60718", "sg-0a1b2c3d4e5f60719"]),
        )
        .instance_type("stream.standard.medium")
        .platform("WINDOWS_SERVER_2019")
        .iam_role_arn("arn:aws:iam::123456789012:role/AppStreamImageBuilder")
        .state("RUNNING")
        .state_change_reason(
            ImageBuilderStateChangeReason::new().code("INTERNAL_ERROR").message("There was an internal error."),
        )
        .created_time(Timestamp::from_millis(1_699_999_999_500 + number as i64))
        .enable_default_internet_access(true)
        .domain_join_info(
            DomainJoinInfo::new()
                .directory_name("corp.example.com")
                .organizational_unit_distinguished_name("OU=AppStream,DC=corp,DC=example,DC=com"),
        )
        .network_access_configuration(
            NetworkAccessConfiguration::new().eni_private_ip_address("10.0.12.34").eni_id("eni-0a1b2c3d4e5f60718"),
        )
        .image_builder_errors([error("SUBNET_HAS_INSUFFICIENT_IP_ADDRESSES"), error("SECURITY_GROUPS_NOT_FOUND")])
        .appstream_agent_version("06-17-2024")
        .access_endpoints([AccessEndpoint::new("STREAMING").vpce_id("vpce-0a1b2c3d4e5f60718")])
        .root_volume_config(VolumeConfig::new().volume_size_in_gb(200))
        .latest_appstream_agent_version("TRUE")
        .disable_imdsv1(true)
}

fn call<I: Operation<ServiceError = appstream::ServiceError> + Clone>(
    bencher: Bencher<'_, '_>,
    protocol: Protocol,
    input: impl Fn() -> I,
    output: &I::Output,
) {
    let client = appstream::Client::new(&config::<I>(protocol, output));
    now(client.call(input())).map_err(drop).unwrap();
    bencher.bench_local(|| now(client.call(input())).map_err(drop).unwrap());
}

#[divan::bench(args = PROTOCOLS, sample_size = 500, sample_count = 200)]
fn empty_reply(bencher: Bencher<'_, '_>, protocol: Protocol) {
    call(bencher, protocol, || StartFleetInput::new("example"), &StartFleetOutput::new());
}

#[divan::bench(args = PROTOCOLS, sample_size = 500, sample_count = 200)]
fn empty_reply_blocking(bencher: Bencher<'_, '_>, protocol: Protocol) {
    let client = appstream::blocking::Client::new(&config::<StartFleetInput>(protocol, &StartFleetOutput::new()));
    bencher.bench_local(|| client.start_fleet(StartFleetInput::new("example")).send().map_err(drop).unwrap());
}

#[divan::bench(args = PROTOCOLS, sample_size = 200, sample_count = 200)]
fn one_image_builder(bencher: Bencher<'_, '_>, protocol: Protocol) {
    let output = DeleteImageBuilderOutput::new().image_builder(builder(1));
    call(bencher, protocol, || DeleteImageBuilderInput::new("example"), &output);
}

#[divan::bench(args = PROTOCOLS, sample_size = 20, sample_count = 200)]
fn hundred_image_builders(bencher: Bencher<'_, '_>, protocol: Protocol) {
    let output = DescribeImageBuildersOutput::new().image_builders((0..100).map(builder));
    call(bencher, protocol, DescribeImageBuildersInput::new, &output);
}
