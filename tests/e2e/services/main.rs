//! Calls services of every protocol on a moto server, as an application does, with the async and the blocking client: see
//! `cargo xtask e2e`, which generates the crate from botocore's models, compiles this over it, and makes a table of what
//! this prints.
//!
//! Each service has a module, and takes three steps or more and a modelled error. These are as they are because of moto:
//!
//! - STS: moto answers with no error that the model has, so it is one without a shape here. IAM and SNS have modelled errors
//!   of the same protocol.
//! - EC2: its model has no errors.
//! - CloudWatch in CBOR: moto speaks none. So tests/e2e/serve.py has botocore's codecs in front of moto, which is called in
//!   JSON.
//!
//! Each protocol that a generated service has is tried. A service that the generator refuses is no feature here, and a line of the table.

// Written for all programs of the repository, of which this one does not use everything.
#[path = "../../src/drive.rs"]
#[allow(dead_code, unfulfilled_lint_expectations)]
mod drive;
#[path = "../../src/bin/e2e/report.rs"]
mod report;
mod stage;

#[cfg(feature = "cloudwatch")]
mod cloudwatch;
#[cfg(feature = "dynamodb")]
mod dynamodb;
#[cfg(feature = "ec2")]
mod ec2;
#[cfg(feature = "iam")]
mod iam;
#[cfg(feature = "kms")]
mod kms;
#[cfg(all(feature = "iam", feature = "lambda"))]
mod lambda;
#[cfg(feature = "route53")]
mod route53;
#[cfg(feature = "s3")]
mod s3;
#[cfg(feature = "secretsmanager")]
mod secretsmanager;
#[cfg(feature = "sns")]
mod sns;
#[cfg(feature = "sqs")]
mod sqs;
#[cfg(feature = "sts")]
mod sts;

use drive::Drive as _;
use stage::{Stage, told};
use std::process::ExitCode;
use workstream::client::{Async, Blocking};

/// Plays a service in each of its protocols, with both clients.
macro_rules! play {
    ($endpoint:expr, $region:expr, $passed:ident: $($feature:literal $module:ident),+ $(,)?) => {
        $(
            #[cfg(feature = $feature)]
            for protocol in workstream::$module::SERVICE.protocols {
                let stage = Stage::<Async>::new($feature, &$endpoint, &$region, *protocol);
                $passed &= told(&stage, Async::complete($module::play(&stage)));
                let stage = Stage::<Blocking>::new($feature, &$endpoint, &$region, *protocol);
                $passed &= told(&stage, Blocking::complete($module::play(&stage)));
            }
        )+
    };
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [endpoint, region] = arguments.as_slice() else {
        eprintln!("usage: services ENDPOINT REGION; `cargo xtask e2e` does all that");
        return ExitCode::from(2);
    };
    let mut passed = true;
    play!(
        endpoint, region, passed:
        "dynamodb" dynamodb,
        "sqs" sqs,
        "kms" kms,
        "secretsmanager" secretsmanager,
        "lambda" lambda,
        "sts" sts,
        "iam" iam,
        "sns" sns,
        "ec2" ec2,
        "cloudwatch" cloudwatch,
        "route53" route53,
        "s3" s3,
    );
    if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
