//! The header `User-Agent`, in the form that the AWS SDKs have given it in its version 2.1.
//!
//! What does not come from the application is known when this is compiled. The version of the compiler is not: only a build
//! script could tell, which each build would have to wait for.

use super::retry::RetryMode;
use crate::ServiceDescription;
use http::HeaderValue;
use std::env::consts::{ARCH, OS};
use std::fmt::Write;

/// What a configuration says of who calls.
#[derive(Clone, Debug, Default)]
pub(super) struct UserAgentParts {
    pub app_name: Option<String>,
    /// Names and versions.
    pub libraries: Vec<(String, String)>,
    /// Where the program runs, as `AWS_EXECUTION_ENV` tells.
    pub execution_environment: Option<String>,
}

/// The header of a client, made once: calls may differ in the retry mode alone.
#[derive(Debug)]
pub(super) struct UserAgent {
    standard: HeaderValue,
    adaptive: HeaderValue,
}

/// As many characters of an application's name are sent.
const APP_NAME: usize = 50;
/// As many libraries are named.
const LIBRARIES: usize = 10;

impl UserAgent {
    pub fn new(service: &ServiceDescription, parts: &UserAgentParts) -> Self {
        Self { standard: header(service, parts, "standard"), adaptive: header(service, parts, "adaptive") }
    }

    /// The header of a call that is retried in this mode.
    pub fn header(&self, mode: RetryMode) -> &HeaderValue {
        match mode {
            RetryMode::Standard => &self.standard,
            RetryMode::Adaptive => &self.adaptive,
        }
    }
}

fn header(service: &ServiceDescription, parts: &UserAgentParts, retry_mode: &str) -> HeaderValue {
    let mut text = concat!("workstream/", env!("CARGO_PKG_VERSION"), " ua/2.1").to_owned();
    let api = service.service_id.replace(' ', "_").to_ascii_lowercase();
    pair(&mut text, "api", &api, service.api_version);
    match operating_system(OS) {
        Some(known) => pair(&mut text, "os", known, ""),
        None => {
            pair(&mut text, "os", "other", "");
            pair(&mut text, "md", OS, "");
        }
    }
    pair(&mut text, "md", "arch", ARCH);
    pair(&mut text, "lang", "rust", "");
    if let Some(environment) = &parts.execution_environment {
        pair(&mut text, "exec-env", environment, "");
    }
    pair(&mut text, "cfg", "retry-mode", retry_mode);
    if let Some(name) = &parts.app_name {
        let name: String = name.chars().take(APP_NAME).collect();
        pair(&mut text, "app", &name, "");
    }
    for (name, version) in parts.libraries.iter().take(LIBRARIES) {
        pair(&mut text, "lib", name, version);
    }
    HeaderValue::from_maybe_shared(bytes::Bytes::from(text)).unwrap_or(HeaderValue::from_static("workstream"))
}

/// Adds ` prefix/name#value`; nothing where there is no name.
fn pair(text: &mut String, prefix: &str, name: &str, value: &str) {
    if name.is_empty() {
        return;
    }
    // Writing to a string cannot fail.
    let _ = write!(text, " {prefix}/");
    text.extend(name.chars().map(token));
    if !value.is_empty() {
        text.push('#');
        text.extend(value.chars().map(token));
    }
}

/// A character of a token (RFC 9110, section 5.6.2), or `-` for one that is none.
fn token(character: char) -> char {
    let is_token = character.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(character);
    if is_token { character } else { '-' }
}

/// The form's name for the operating system.
fn operating_system(os: &str) -> Option<&'static str> {
    ["android", "ios", "linux", "macos", "tvos", "watchos", "windows"].into_iter().find(|known| *known == os)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Protocol;

    static SERVICE: ServiceDescription =
        ServiceDescription::new("w", "WorkSpaces Web", &[Protocol::AwsJson1_1]).api_version("2020-07-08");

    fn text(parts: &UserAgentParts) -> String {
        UserAgent::new(&SERVICE, parts).header(RetryMode::Adaptive).to_str().unwrap_or_default().to_owned()
    }

    #[test]
    fn every_part_has_its_place() {
        let parts = UserAgentParts {
            app_name: Some("my app/1".to_owned()),
            libraries: vec![("tool kit".to_owned(), "1.2".to_owned()), (String::new(), "3".to_owned())],
            execution_environment: Some("AWS_Lambda_rust".to_owned()),
        };
        let (beginning, end) = (
            concat!("workstream/", env!("CARGO_PKG_VERSION"), " ua/2.1 api/workspaces_web#2020-07-08 os/"),
            " lang/rust exec-env/AWS_Lambda_rust cfg/retry-mode#adaptive app/my-app-1 lib/tool-kit#1.2",
        );
        let text = text(&parts);
        assert!(text.starts_with(beginning) && text.ends_with(end), "{text}");
    }

    #[test]
    fn what_is_too_long_or_no_token_is_sent_as_far_as_it_can_be() {
        let libraries = vec![("ü\r\n".to_owned(), String::new()); 12];
        let parts = UserAgentParts { app_name: Some("é".repeat(60)), libraries, execution_environment: None };
        let text = text(&parts);
        assert!(text.contains(&format!(" app/{} lib/", "-".repeat(50))), "{text}");
        assert_eq!(text.matches(" lib/---").count(), 10);
    }

    #[test]
    fn other_systems_are_named_besides() {
        assert_eq!((operating_system("linux"), operating_system("freebsd")), (Some("linux"), None));
    }
}
