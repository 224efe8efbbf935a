//! The list of services that a folder of models is for.
//!
//! ```toml
//! [queues]                        # the folder: the module and the feature are named after it
//! botocore = "message-queues"     # the folder in botocore, where it has another name there
//! smithy = "mq"                   # the folder in the official Smithy models, where it has another name there
//! version = "2020-07-08"          # the version of the API, instead of the newest
//! default = true                  # whether the feature is on by default; it is not where nothing is said
//!
//! [tokens]
//! module = "identity"             # of the runtime's module of this name, and not of the crate
//! operations = ["GetToken"]       # what the module has of it
//! ```

use crate::diagnostic::Diagnostics;
use crate::markup::code_span;
use crate::source::{self, At, Object, SourceFile};
use std::collections::BTreeMap;

/// The services that a folder of models is for, by the names of their folders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServiceList {
    services: BTreeMap<String, ListedService>,
}

/// A service of a [`ServiceList`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedService {
    /// Its folder.
    pub name: String,
    /// Its folder in botocore.
    pub botocore: String,
    /// Its folder in the official Smithy models.
    pub smithy: String,
    /// The version of its API; the newest where none is named.
    pub version: Option<String>,
    /// Whether its feature is on by default.
    pub is_default: bool,
    /// What of the runtime it is a part of, where it is not a service of the crate.
    pub part: Option<RuntimePart>,
}

/// A service in a module of the runtime, which calls it itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuntimePart {
    /// The name of the module, and of the folder that has the folders of its services.
    pub module: String,
    /// The operations that the module has.
    pub operations: Vec<String>,
}

impl ServiceList {
    /// All services, by name.
    pub fn iter(&self) -> impl Iterator<Item = &ListedService> {
        self.services.values()
    }

    /// The service of this name.
    pub fn get(&self, name: &str) -> Option<&ListedService> {
        self.services.get(name)
    }

    /// The services of the crate, by name.
    pub fn of_crate(&self) -> impl Iterator<Item = &ListedService> {
        self.iter().filter(|service| service.part.is_none())
    }

    /// The modules of the runtime, by name: each with its services.
    pub fn modules(&self) -> BTreeMap<&str, Vec<&ListedService>> {
        let mut modules = BTreeMap::<&str, Vec<&ListedService>>::new();
        for service in self.iter() {
            if let Some(part) = &service.part {
                modules.entry(&part.module).or_default().push(service);
            }
        }
        modules
    }

    /// The names of the services whose features are not on by default.
    pub fn opt_in(&self) -> Vec<String> {
        self.of_crate().filter(|service| !service.is_default).map(|service| service.name.clone()).collect()
    }
}

/// Reads a list of services; nothing where there is an error.
pub fn read_service_list(file: &SourceFile) -> (Option<ServiceList>, Diagnostics) {
    source::tables(file, list)
}

/// What is wrong with an entry is reported, and the entry left out.
fn list(at: &At<'_, '_>) -> ServiceList {
    let mut list = ServiceList::default();
    for (name, at) in at.entries() {
        if !is_folder(name) {
            refuse(&at, "folder", name, "expected letters, digits and dashes, as in `[workspaces-web]`");
            continue;
        }
        let Some(service) = at.object().map(|object| service(name, &object)) else { continue };
        for (upstream, of) in [("botocore", ListedService::botocore as Upstream), ("smithy", ListedService::smithy)] {
            if let Some(other) = list.iter().find(|other| of(other) == of(&service)) {
                let message = format!("`{}` is the {upstream} folder of `{}` already", of(&service), other.name);
                at.report(|diagnostics, origin| {
                    diagnostics
                        .error("duplicate-service", origin, message)
                        .hint(format!("expected another folder: name it with `{upstream} = \"...\"`"));
                });
            }
        }
        list.services.insert(name.to_owned(), service);
    }
    if at.entries().next().is_none() {
        at.report(|diagnostics, origin| {
            diagnostics
                .error("no-services", origin, "the list names no service")
                .hint("expected a table for each service, such as `[appstream]`");
        });
    }
    list
}

type Upstream = fn(&ListedService) -> &str;

impl ListedService {
    /// The path of its folder in the folder of models.
    pub fn folder(&self) -> String {
        match &self.part {
            Some(part) => format!("{}/{}", part.module, self.name),
            None => self.name.clone(),
        }
    }

    /// The operations that are taken of it; all where none is named.
    pub fn operations(&self) -> &[String] {
        self.part.as_ref().map_or(&[], |part| &part.operations)
    }

    fn botocore(&self) -> &str {
        &self.botocore
    }

    fn smithy(&self) -> &str {
        &self.smithy
    }
}

fn service(name: &str, object: &Object<'_, '_>) -> ListedService {
    let folder = |key| {
        let at = object.get(key)?;
        let folder = at.string()?;
        if !is_folder(folder) {
            refuse(&at, "folder", folder, "expected the name of a folder of models, such as `workspaces-web`");
        }
        Some(folder.to_owned())
    };
    let upstream = |key| folder(key).unwrap_or_else(|| name.to_owned());
    let (botocore, smithy) = (upstream("botocore"), upstream("smithy"));
    let version = object.get("version").and_then(|at| {
        let version = at.string()?;
        if !is_api_version(version) {
            refuse(&at, "version of an API", version, "expected a day such as `2016-12-01`, in quotes");
        }
        Some(version.to_owned())
    });
    let default = object.get("default");
    let is_default = object.flag("default");
    let part = part(object, default.as_ref().filter(|_| is_default));
    object.finish_strictly("a service");
    ListedService { name: name.to_owned(), botocore, smithy, version, is_default, part }
}

/// Of which module of the runtime the service is, and with what, if it is of one.
fn part(object: &Object<'_, '_>, default: Option<&At<'_, '_>>) -> Option<RuntimePart> {
    let (module, operations) = (object.get("module"), object.get("operations"));
    let Some(at) = &module else {
        if let Some(at) = operations {
            unusable(&at, "only a service of the runtime is cut down to some operations");
        }
        return None;
    };
    let name = at.string()?;
    if !is_module(name) {
        refuse(at, "module", name, "expected the name of a module of the runtime, such as `identity`");
    }
    if let Some(at) = default {
        unusable(at, "a service of the runtime has no feature to be on by default");
    }
    let named = operations.as_ref().map(|at| at.strings().into_iter().map(str::to_owned).collect());
    if named.is_none() {
        unusable(at, "a service of the runtime has the operations that it names, and it names none");
    }
    let operations: Vec<String> = named.unwrap_or_default();
    Some(RuntimePart { module: name.to_owned(), operations })
}

fn unusable(at: &At<'_, '_>, message: &str) {
    at.report(|diagnostics, origin| {
        diagnostics
            .error("unusable-entry", origin, message)
            .hint("expected `module = \"...\"` with `operations = [\"...\"]`, or neither and perhaps `default = true`");
    });
}

/// Whether this can be the name of a module as it is.
fn is_module(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

fn refuse(at: &At<'_, '_>, what: &str, text: &str, hint: &str) {
    at.report(|diagnostics, origin| {
        diagnostics.error("invalid-name", origin, format!("{} is no {what}", code_span(text))).hint(hint);
    });
}

/// Whether this is a plain name, which leads to no other folder.
fn is_folder(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    name.chars().all(plain) && name.starts_with(|c: char| c.is_ascii_alphanumeric())
}

/// Whether this is a day: `YYYY-MM-DD`.
fn is_api_version(name: &str) -> bool {
    name.split('-').map(str::len).eq([4, 2, 2]) && name.bytes().all(|byte| byte == b'-' || byte.is_ascii_digit())
}
