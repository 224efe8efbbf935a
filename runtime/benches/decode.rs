//! How long a large answer takes to read: 100 image builders, every member
//! present, in JSON and in CBOR, against `serde_json`'s derived code and against
//! what no reader can avoid, a copy of the result.
//!
//!     cargo bench -p workstream-runtime --bench decode
//!
//! Each figure is the median of 40 batches that take turns, so that whatever else
//! the machine does hits all of them alike.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde::Deserialize;
use std::hint::black_box;
use std::time::Instant;
use workstream_runtime::{Reader, StructureReader, StructureWriter, Timestamp, Value, Writer};

const BUILDERS: usize = 100;
const BATCHES: usize = 40;
const RUNS_PER_BATCH: usize = 25;

/// Declares a structure as the generator would, beside the same for serde.
macro_rules! structure {
    ($name:ident { $($field:ident: $type:ty = $wire:literal,)* }) => {
        #[derive(Clone, Debug, Default, PartialEq, Deserialize)]
        struct $name {
            $(#[serde(default, rename = $wire)] $field: $type,)*
        }

        impl Value for $name {
            fn write(&self, writer: &mut Writer) {
                let mut members: StructureWriter<'_> = writer.structure(stringify!($name));
                $(members.member($wire, &self.$field);)*
                members.end();
            }

            fn read(&mut self, reader: &mut Reader<'_>) {
                let mut members: StructureReader<'_, '_> = reader.structure(stringify!($name));
                while members.next() {
                    $(members.member($wire, &mut self.$field);)*
                }
            }
        }
    };
}

/// Declares an enum as the generator would, beside the same for serde.
macro_rules! string_enum {
    ($name:ident { $($variant:ident = $wire:literal,)* }) => {
        #[derive(Clone, Debug, PartialEq, Deserialize)]
        #[serde(from = "std::borrow::Cow<'_, str>")]
        enum $name {
            $($variant,)*
            Unknown(String),
        }

        impl $name {
            fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $wire,)*
                    Self::Unknown(value) => value,
                }
            }
        }

        impl From<&str> for $name {
            fn from(value: &str) -> Self {
                match value {
                    $($wire => Self::$variant,)*
                    _ => Self::Unknown(value.to_owned()),
                }
            }
        }

        impl From<std::borrow::Cow<'_, str>> for $name {
            fn from(value: std::borrow::Cow<'_, str>) -> Self {
                Self::from(&*value)
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::Unknown(String::new())
            }
        }

        impl Value for $name {
            fn write(&self, writer: &mut Writer) {
                writer.string(self.as_str());
            }

            fn read(&mut self, reader: &mut Reader<'_>) {
                *self = Self::from(&*reader.string());
            }
        }
    };
}

structure!(Page {
    image_builders: Option<Vec<ImageBuilder>> = "ImageBuilders",
    next_token: Option<String> = "NextToken",
});

structure!(ImageBuilder {
    name: String = "Name",
    arn: Option<String> = "Arn",
    image_arn: Option<String> = "ImageArn",
    description: Option<String> = "Description",
    display_name: Option<String> = "DisplayName",
    vpc_config: Option<VpcConfig> = "VpcConfig",
    instance_type: Option<String> = "InstanceType",
    platform: Option<Platform> = "Platform",
    iam_role_arn: Option<String> = "IamRoleArn",
    state: Option<State> = "State",
    state_change_reason: Option<StateChangeReason> = "StateChangeReason",
    created_time: Option<Time> = "CreatedTime",
    enable_default_internet_access: Option<bool> = "EnableDefaultInternetAccess",
    domain_join_info: Option<DomainJoinInfo> = "DomainJoinInfo",
    network_access_configuration: Option<NetworkAccess> = "NetworkAccessConfiguration",
    image_builder_errors: Option<Vec<ResourceError>> = "ImageBuilderErrors",
    appstream_agent_version: Option<String> = "AppstreamAgentVersion",
    access_endpoints: Option<Vec<AccessEndpoint>> = "AccessEndpoints",
    root_volume_config: Option<VolumeConfig> = "RootVolumeConfig",
    latest_appstream_agent_version: Option<Latest> = "LatestAppstreamAgentVersion",
    disable_imdsv1: Option<bool> = "DisableIMDSV1",
});

structure!(VpcConfig {
    subnet_ids: Option<Vec<String>> = "SubnetIds",
    security_group_ids: Option<Vec<String>> = "SecurityGroupIds",
});

structure!(StateChangeReason {
    code: Option<ReasonCode> = "Code",
    message: Option<String> = "Message",
});

structure!(DomainJoinInfo {
    directory_name: Option<String> = "DirectoryName",
    unit: Option<String> = "OrganizationalUnitDistinguishedName",
});

structure!(NetworkAccess {
    eni_private_ip_address: Option<String> = "EniPrivateIpAddress",
    eni_id: Option<String> = "EniId",
});

structure!(ResourceError {
    error_code: Option<ErrorCode> = "ErrorCode",
    error_message: Option<String> = "ErrorMessage",
    error_timestamp: Option<Time> = "ErrorTimestamp",
});

structure!(AccessEndpoint {
    endpoint_type: EndpointType = "EndpointType",
    vpce_id: Option<String> = "VpceId",
});

structure!(VolumeConfig {
    volume_size_in_gb: Option<i32> = "VolumeSizeInGb",
});

string_enum!(Platform {
    Windows = "WINDOWS",
    WindowsServer2016 = "WINDOWS_SERVER_2016",
    WindowsServer2019 = "WINDOWS_SERVER_2019",
    WindowsServer2022 = "WINDOWS_SERVER_2022",
    AmazonLinux2 = "AMAZON_LINUX2",
    Rhel8 = "RHEL8",
});
string_enum!(State {
    Pending = "PENDING",
    UpdatingAgent = "UPDATING_AGENT",
    Running = "RUNNING",
    Stopping = "STOPPING",
    Stopped = "STOPPED",
    Rebooting = "REBOOTING",
    Snapshotting = "SNAPSHOTTING",
    Deleting = "DELETING",
    Failed = "FAILED",
});
string_enum!(ReasonCode { InternalError = "INTERNAL_ERROR", ImageUnavailable = "IMAGE_UNAVAILABLE", });
string_enum!(ErrorCode {
    IamServiceRoleMissingEniDescribeAction = "IAM_SERVICE_ROLE_MISSING_ENI_DESCRIBE_ACTION",
    IamServiceRoleMissingEniCreateAction = "IAM_SERVICE_ROLE_MISSING_ENI_CREATE_ACTION",
    SubnetHasInsufficientIpAddresses = "SUBNET_HAS_INSUFFICIENT_IP_ADDRESSES",
    SecurityGroupsNotFound = "SECURITY_GROUPS_NOT_FOUND",
    DomainJoinErrorAccessDenied = "DOMAIN_JOIN_ERROR_ACCESS_DENIED",
});
string_enum!(EndpointType { Streaming = "STREAMING", });
string_enum!(Latest { True = "TRUE", False = "FALSE", });

/// A timestamp that serde reads from a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(from = "f64")]
struct Time(Timestamp);

impl From<f64> for Time {
    fn from(seconds: f64) -> Self {
        Self(Timestamp::from_secs_f64(seconds).unwrap_or_default())
    }
}

impl Value for Time {
    fn write(&self, writer: &mut Writer) {
        writer.timestamp(self.0);
    }

    fn read(&mut self, reader: &mut Reader<'_>) {
        self.0 = reader.timestamp();
    }
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn builder(number: usize) -> ImageBuilder {
    let error = |code: ErrorCode| ResourceError {
        error_code: Some(code),
        error_message: text("The subnet does not have enough free addresses."),
        error_timestamp: Some(Time(Timestamp::from_millis(1_700_000_000_123 + number as i64))),
    };
    ImageBuilder {
        name: format!("image-builder-{number}"),
        arn: Some(format!("arn:aws:appstream:eu-west-1:123456789012:image-builder/image-builder-{number}")),
        image_arn: text("arn:aws:appstream:eu-west-1::image/AppStream-WinServer2019-06-17-2024"),
        description: text("Builds the image of the accounting department"),
        display_name: text("Accounting \"2024\""),
        vpc_config: Some(VpcConfig {
            subnet_ids: Some(vec!["subnet-0a1b2c3d4e5f60718".into(), "subnet-0a1b2c3d4e5f60719".into()]),
            security_group_ids: Some(vec!["sg-0a1b2c3d4e5f60718".into(), "sg-0a1b2c3d4e5f60719".into()]),
        }),
        instance_type: text("stream.standard.medium"),
        platform: Some(Platform::WindowsServer2019),
        iam_role_arn: text("arn:aws:iam::123456789012:role/AppStreamImageBuilder"),
        state: Some(State::Running),
        state_change_reason: Some(StateChangeReason {
            code: Some(ReasonCode::InternalError),
            message: text("There was an internal error."),
        }),
        created_time: Some(Time(Timestamp::from_millis(1_699_999_999_500 + number as i64))),
        enable_default_internet_access: Some(true),
        domain_join_info: Some(DomainJoinInfo {
            directory_name: text("corp.example.com"),
            unit: text("OU=AppStream,DC=corp,DC=example,DC=com"),
        }),
        network_access_configuration: Some(NetworkAccess {
            eni_private_ip_address: text("10.0.12.34"),
            eni_id: text("eni-0a1b2c3d4e5f60718"),
        }),
        image_builder_errors: Some(vec![
            error(ErrorCode::SubnetHasInsufficientIpAddresses),
            error(ErrorCode::SecurityGroupsNotFound),
        ]),
        appstream_agent_version: text("06-17-2024"),
        access_endpoints: Some(vec![AccessEndpoint {
            endpoint_type: EndpointType::Streaming,
            vpce_id: text("vpce-0a1b2c3d4e5f60718"),
        }]),
        root_volume_config: Some(VolumeConfig { volume_size_in_gb: Some(200) }),
        latest_appstream_agent_version: Some(Latest::True),
        disable_imdsv1: Some(true),
    }
}

fn page() -> Page {
    Page { image_builders: Some((0..BUILDERS).map(builder).collect()), next_token: text("eyJ0b2tlbiI6MX0=") }
}

fn written(mut writer: Writer, page: &Page) -> Vec<u8> {
    page.write(&mut writer);
    writer.finish().expect("the page can be written")
}

fn read(mut reader: Reader<'_>) -> Page {
    let mut page = Page::default();
    page.read(&mut reader);
    reader.finish().expect("the page can be read");
    page
}

struct Candidate<'a> {
    name: &'static str,
    run: Box<dyn Fn() -> Page + 'a>,
    /// Microseconds per run, of each batch.
    times: Vec<f64>,
}

impl Candidate<'_> {
    fn batch(&mut self) {
        let start = Instant::now();
        for _ in 0..RUNS_PER_BATCH {
            black_box((self.run)());
        }
        self.times.push(start.elapsed().as_secs_f64() * 1e6 / RUNS_PER_BATCH as f64);
    }

    fn median(&self) -> f64 {
        let mut times = self.times.clone();
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    }
}

fn main() {
    let page = page();
    let json = written(Writer::json(), &page);
    let cbor = written(Writer::cbor(), &page);
    assert_eq!(read(Reader::json(&json)), page);
    assert_eq!(read(Reader::cbor(&cbor)), page);
    assert_eq!(serde_json::from_slice::<Page>(&json).expect("serde_json reads it"), page);

    let candidate = |name, run| Candidate { name, run, times: Vec::new() };
    let mut candidates = [
        candidate(
            "serde_json",
            Box::new(|| serde_json::from_slice(black_box(&json)).expect("valid")) as Box<dyn Fn() -> Page>,
        ),
        candidate("json", Box::new(|| read(Reader::json(black_box(&json))))),
        candidate("cbor", Box::new(|| read(Reader::cbor(black_box(&cbor))))),
        candidate("clone", Box::new(|| black_box(&page).clone())),
    ];
    let only = std::env::args().nth(1).filter(|name| !name.starts_with('-'));
    for _ in 0..BATCHES {
        for candidate in
            candidates.iter_mut().filter(|candidate| only.as_deref().is_none_or(|only| only == candidate.name))
        {
            candidate.batch();
        }
    }
    println!(
        "{} builders, JSON {} B, CBOR {} B; median, and its ratio to serde_json",
        BUILDERS,
        json.len(),
        cbor.len()
    );
    if only.is_some() {
        return;
    }
    let reference = candidates[0].median();
    for candidate in &candidates {
        let median = candidate.median();
        println!("{:<12}{median:>8.1} us {:>6.2}", candidate.name, median / reference);
    }
}
