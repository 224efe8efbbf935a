//! Configuration that `aws-config` has found.

use super::common::{SECRET, Script, TOKEN, header, run};
use super::hosts::refused;
use aws_credential_types::Credentials as SdkCredentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_types::retry::RetryConfig as SdkRetryConfig;
use aws_types::SdkConfig;
use aws_types::region::Region;
use workstream::Protocol;
use workstream::appstream::{self, types::*};
use workstream::client::{Config, ConfigBuilder, RetryConfig};
use workstream_tests::regions::HOSTILE;

#[test]
fn what_has_a_counterpart_is_taken_over() {
    let credentials = SdkCredentials::new("AKIAFROMSDK", SECRET, Some(TOKEN.to_owned()), None, "test");
    let sdk = SdkConfig::builder()
        .region(Region::new("eu-central-1"))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .use_dual_stack(true)
        .retry_config(SdkRetryConfig::standard().with_max_attempts(2))
        .build();
    let script = Script::new().then_json(500, "");
    let config = ConfigBuilder::from_sdk_config(&sdk).transport(script.clone()).protocol(Protocol::AwsJson1_1);
    let config = config.clock(workstream::client::TestClock::new()).build();
    assert_eq!((config.region(), config.retry().max_attempts), (Some("eu-central-1"), Some(2)));
    let error = run(appstream::Client::new(&config).describe_fleets(DescribeFleetsInput::new())).unwrap_err();
    assert_eq!(error.attempts(), 2);
    let request = &script.requests()[0];
    assert_eq!(request.uri().host(), Some("appstream2.eu-central-1.api.aws"));
    assert!(header(request.headers(), "authorization").contains("Credential=AKIAFROMSDK/"));
    assert_eq!(header(request.headers(), "x-amz-security-token"), TOKEN);
    for text in [format!("{config:?}"), format!("{:?}", appstream::Client::new(&config))] {
        assert!(!text.contains(SECRET) && !text.contains(TOKEN), "{text}");
    }
}

#[test]
fn retries_that_are_off_stay_off() {
    let sdk = SdkConfig::builder().retry_config(SdkRetryConfig::disabled()).endpoint_url("http://localhost:1").build();
    let config = Config::from(&sdk);
    assert_eq!(config.retry(), &RetryConfig::disabled());
    assert_eq!(config.region(), None);
    let adaptive = SdkConfig::builder().retry_config(SdkRetryConfig::adaptive().with_max_attempts(4)).build();
    assert_eq!(Config::from(&adaptive).retry(), &RetryConfig::adaptive().max_attempts(4));
    let plain = Config::from(&SdkConfig::builder().build());
    assert_eq!(plain.retry(), &RetryConfig::standard());
}

#[test]
fn hostile_regions_are_refused() {
    for region in HOSTILE {
        let credentials = SdkCredentials::new("AKIAFROMSDK", SECRET, Some(TOKEN.to_owned()), None, "test");
        let sdk = SdkConfig::builder()
            .region(Region::new(region))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .build();
        let error = refused(ConfigBuilder::from_sdk_config(&sdk));
        assert!(error.starts_with("StartFleet: the region of aws-config: \""), "{error}");
    }
}
