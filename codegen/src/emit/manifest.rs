//! `Cargo.toml` of the generated crate.

use crate::graph::Protocol;
use crate::plan::ServicePlan;
use std::collections::BTreeSet;
use std::fmt::Write;

/// Kinds of `Cargo.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Manifest {
    /// A member of the workspace that has the runtime.
    Member {
        /// Name of the package.
        package: String,
        /// Services whose features are not on by default.
        opt_in: Vec<String>,
        /// What it has beside what is generated; nothing if it is not published.
        publication: Option<Publication>,
    },
    /// A crate named `workstream` that builds by itself.
    Standalone {
        /// Path from the crate to `workstream-runtime`, with forward slashes.
        runtime: String,
    },
}

/// What people write for a crate that is published.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Publication {
    /// What it is, in one line.
    pub description: String,
    /// The pages of its guide, by name. They stand in the folder `guide` beside `src`, each as `NAME.md`, together with
    /// `crate.md`, the beginning of the crate's own page, and `guide.md`, which leads to the others. Without pages there is no
    /// guide.
    pub guide: Vec<String>,
}

impl Manifest {
    /// What people write for the crate, if it is published.
    pub(super) fn publication(&self) -> Option<&Publication> {
        match self {
            Self::Member { publication, .. } => publication.as_ref(),
            Self::Standalone { .. } => None,
        }
    }

    /// The plans of the services whose features are on by default, and of those whose are not.
    pub(super) fn by_default<'p, 'm>(
        &self,
        plans: &'p [ServicePlan<'m>],
    ) -> (Vec<&'p ServicePlan<'m>>, Vec<&'p ServicePlan<'m>>) {
        let opt_in = match self {
            Self::Member { opt_in, .. } => opt_in.as_slice(),
            Self::Standalone { .. } => &[],
        };
        plans.iter().partition(|plan| !opt_in.iter().any(|name| name == plan.service.name()))
    }
}

/// The feature that has all services, in a crate in which not all are on by default.
pub(super) const ALL_SERVICES: &str = "all-services";

/// Those besides the services that are on by default.
pub(super) const DEFAULT_FEATURES: [&str; 2] = ["client", "credentials"];

/// Features besides the services: what each is for, its name, and what it implies.
pub(super) const FEATURES: [(&str, &str, &[&str]); 17] = [
    ("Async clients with HTTPS.", "client", &["client-core", "workstream-runtime/client"]),
    (
        "Blocking clients with HTTPS, without an async runtime.",
        "blocking",
        &["client-core", "workstream-runtime/blocking"],
    ),
    ("Clients over a transport of the application's own.", "client-core", &["workstream-runtime/client-core"]),
    ("Credentials from the usual places.", "credentials", &["client-core", "workstream-runtime/credentials"]),
    (
        "The operating system's root certificates instead of those of Mozilla.",
        "native-certs",
        &["workstream-runtime/native-certs"],
    ),
    ("Mock services, recordings and replays for tests.", "test-util", &["client-core", "workstream-runtime/test-util"]),
    ("Configuration from `aws-config`.", "aws-config", &["client-core", "workstream-runtime/aws-config"]),
    (
        "Durations of calls and attempts, for the facade `metrics`.",
        "metrics",
        &["client-core", "workstream-runtime/metrics"],
    ),
    (
        "Spans, events and the log of what is sent, for the facade `tracing`.",
        "tracing",
        &["workstream-runtime/tracing"],
    ),
    ("Operations by name, with JSON in and JSON out.", "dynamic", &[]),
    ("serde's `Serialize` and `Deserialize` for all values.", "serde", &["workstream-runtime/serde"]),
    ("Documents from and to values of `serde_json`.", "serde_json", &["serde", "workstream-runtime/serde_json"]),
    ("Timestamps from and to those of `jiff`.", "jiff", &["workstream-runtime/jiff"]),
    ("Timestamps from and to those of `chrono`.", "chrono", &["workstream-runtime/chrono"]),
    ("Timestamps from and to those of `time`.", "time", &["workstream-runtime/time"]),
    ("Inputs checked against the model before they are sent.", "validate", &["workstream-runtime/validate"]),
    (
        "The same, with the model's patterns, which need a regex engine.",
        "validate-patterns",
        &["validate", "workstream-runtime/validate-patterns"],
    ),
];

pub(super) fn cargo_toml(plans: &[ServicePlan<'_>], manifest: &Manifest) -> String {
    let name = match manifest {
        Manifest::Member { package, .. } => package,
        Manifest::Standalone { .. } => "workstream",
    };
    let mut toml = format!("[package]\nname = {}\n", quoted(name));
    match manifest {
        Manifest::Member { publication, .. } => {
            for key in ["version", "edition", "rust-version", "license"] {
                let _ = writeln!(toml, "{key}.workspace = true");
            }
            toml.push_str(&publication.as_ref().map_or("publish = false\n".to_owned(), |_| published(name)));
        }
        Manifest::Standalone { .. } => {
            toml.push_str("version = \"0.0.0\"\nedition = \"2024\"\npublish = false\n");
        }
    }
    let description = manifest.publication().map(|publication| publication.description.as_str());
    let description = description.unwrap_or("A client generated from the API models of its services");
    let _ = writeln!(toml, "description = {}", quoted(description));
    if manifest.publication().is_some() {
        toml.push_str(DOCS_RS);
    }
    toml.push_str(&features(plans, manifest));
    toml.push_str("\n[dependencies]\n");
    match manifest {
        Manifest::Member { publication, .. } => {
            toml.push_str("workstream-runtime.workspace = true\n");
            toml.push_str(publication.as_ref().map_or("", |_| DEV_DEPENDENCIES));
        }
        Manifest::Standalone { runtime } => {
            let _ = writeln!(toml, "workstream-runtime = {{ path = {} }}", quoted(runtime));
            // It builds by itself, also from inside another workspace's folder.
            toml.push_str("\n[workspace]\n");
        }
    }
    toml.push_str("\n[lints.clippy]\nexpect_used = \"deny\"\npanic = \"deny\"\nunwrap_used = \"deny\"\n");
    toml
}

/// What a registry shows of a crate.
fn published(package: &str) -> String {
    let documentation = quoted(&format!("https://docs.rs/{package}"));
    format!("keywords.workspace = true\ncategories.workspace = true\ndocumentation = {documentation}\n")
}

/// All that there is, with the features that items need.
const DOCS_RS: &str = "\n[package.metadata.docs.rs]\nall-features = true\nrustdoc-args = [\"--cfg\", \"docsrs\"]\n";

/// The examples of the guide are programs.
const DEV_DEPENDENCIES: &str = "\n[dev-dependencies]\nbytes = \"1.10\"\nserde_json = \"1.0.145\"\n\
    tokio = { version = \"1.50\", default-features = false, features = [\"macros\", \"rt\"] }\n";

/// The features of the crate.
fn features(plans: &[ServicePlan<'_>], manifest: &Manifest) -> String {
    let mut toml = String::new();
    let listed =
        |plans: &[&ServicePlan<'_>]| -> Vec<String> { plans.iter().map(|plan| quoted(&plan.names.feature)).collect() };
    let (defaults, opt_in) = manifest.by_default(plans);
    let defaults = [DEFAULT_FEATURES.map(quoted).to_vec(), listed(&defaults)].concat();
    let _ = writeln!(toml, "\n[features]\ndefault = [{}]", defaults.join(", "));
    for (comment, feature, implied) in FEATURES {
        let implied: Vec<String> = implied.iter().map(|implied| quoted(implied)).collect();
        let _ = writeln!(toml, "# {comment}\n{feature} = [{}]", implied.join(", "));
    }
    if !opt_in.is_empty() {
        let all: Vec<&ServicePlan<'_>> = plans.iter().collect();
        let _ = writeln!(toml, "# All services.\n{ALL_SERVICES} = [{}]", listed(&all).join(", "));
    }
    toml.push_str("# One feature a service.\n");
    for plan in plans {
        let _ = writeln!(toml, "{} = [{}]", key(&plan.names.feature), codecs(plan).join(", "));
    }
    toml
}

/// What the feature of a service switches on in the runtime.
fn codecs(plan: &ServicePlan<'_>) -> Vec<String> {
    runtime_features(plan).into_iter().map(|feature| quoted(&format!("workstream-runtime/{feature}"))).collect()
}

/// The features of the runtime that a service's protocols need.
pub(super) fn runtime_features(plan: &ServicePlan<'_>) -> BTreeSet<&'static str> {
    let protocols = plan.description.protocols.iter();
    let bound = plan.operations.iter().filter_map(|operation| operation.http.as_ref());
    let has_checksums = bound.into_iter().any(|http| http.checksum.is_some());
    protocols
        .flat_map(|protocol| match protocol {
            Protocol::AwsJson1_0 | Protocol::AwsJson1_1 | Protocol::RpcV2Cbor => &[][..],
            Protocol::RestJson1 => &["rest"],
            Protocol::RestXml => &["rest", "xml"],
            Protocol::AwsQuery | Protocol::Ec2Query => &["query"],
        })
        .copied()
        .chain(has_checksums.then_some("checksum"))
        .collect()
}

/// A TOML key: bare where it can be.
fn key(name: &str) -> String {
    let bare = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    if bare { name.to_owned() } else { quoted(name) }
}

/// A TOML basic string.
fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
