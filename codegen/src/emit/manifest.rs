//! `Cargo.toml` of the generated crate.

use crate::plan::ServicePlan;
use std::fmt::Write;

/// Kinds of `Cargo.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Manifest {
    /// A member of the workspace that has the runtime.
    Member {
        /// Name of the package.
        package: String,
    },
    /// A crate named `workstream` that builds by itself.
    Standalone {
        /// Path from the crate to `workstream-runtime`, with forward slashes.
        runtime: String,
    },
}

/// Features besides the services: what each is for, its name, and what it implies.
const FEATURES: [(&str, &str, &[&str]); 9] = [
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
    ("Mock services for unit tests.", "test-util", &["client-core", "workstream-runtime/test-util"]),
    ("Configuration from `aws-config`.", "aws-config", &["client-core", "workstream-runtime/aws-config"]),
    ("Spans for calls and attempts.", "tracing", &["workstream-runtime/tracing"]),
    ("Operations by name, with JSON in and JSON out.", "dynamic", &[]),
];

pub(super) fn cargo_toml(plans: &[ServicePlan<'_>], manifest: &Manifest) -> String {
    let name = match manifest {
        Manifest::Member { package } => package,
        Manifest::Standalone { .. } => "workstream",
    };
    let mut toml = format!("[package]\nname = {}\n", quoted(name));
    match manifest {
        Manifest::Member { .. } => {
            for key in ["version", "edition", "rust-version", "license"] {
                let _ = writeln!(toml, "{key}.workspace = true");
            }
        }
        Manifest::Standalone { .. } => {
            toml.push_str("version = \"0.0.0\"\nedition = \"2024\"\npublish = false\n");
        }
    }
    let features: Vec<&str> = plans.iter().map(|plan| plan.names.feature.as_str()).collect();
    let defaults: Vec<String> =
        ["client", "credentials"].iter().chain(&features).map(|feature| quoted(feature)).collect();
    let _ = writeln!(toml, "description = \"A client generated from the API models of its services\"");
    let _ = writeln!(toml, "\n[features]\ndefault = [{}]", defaults.join(", "));
    for (comment, feature, implied) in FEATURES {
        let implied: Vec<String> = implied.iter().map(|implied| quoted(implied)).collect();
        let _ = writeln!(toml, "# {comment}\n{feature} = [{}]", implied.join(", "));
    }
    toml.push_str("# One feature a service.\n");
    for (plan, feature) in plans.iter().zip(&features) {
        let _ = writeln!(toml, "{} = [{}]", key(feature), codecs(plan).join(", "));
    }
    toml.push_str("\n[dependencies]\n");
    match manifest {
        Manifest::Member { .. } => toml.push_str("workstream-runtime.workspace = true\n"),
        Manifest::Standalone { runtime } => {
            let _ = writeln!(toml, "workstream-runtime = {{ path = {} }}", quoted(runtime));
            // It builds by itself, also from inside another workspace's folder.
            toml.push_str("\n[workspace]\n");
        }
    }
    toml.push_str("\n[lints.clippy]\nexpect_used = \"deny\"\npanic = \"deny\"\nunwrap_used = \"deny\"\n");
    toml
}

/// The features of the runtime that a service's protocols need.
fn codecs(plan: &ServicePlan<'_>) -> Vec<String> {
    let has_bindings = plan.description.protocols.iter().any(|protocol| protocol.has_bindings());
    has_bindings.then(|| quoted("workstream-runtime/rest")).into_iter().collect()
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
