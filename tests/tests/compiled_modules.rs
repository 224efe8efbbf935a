//! Modules that the generator makes, in a crate that is not its own: both layouts, and the runtime's.

use crate::common::{differences, model, model_set, output};
use std::collections::BTreeMap;
use workstream::{Operation, Protocol};
use workstream_codegen::{ModuleLayout, ModuleParts, Options, OutputKind, generate};
use xtask::paths::{FIXTURES_MODELS, FIXTURES_MODULES, FIXTURES_OF_MODULES, workspace};

#[rustfmt::skip]
#[path = "../generated-modules/folder/mod.rs"]
mod folder;

mod file {
    include!("../generated-modules/file.rs");
}

fn module(layout: ModuleLayout, parts: ModuleParts) -> OutputKind {
    OutputKind::Module { layout, parts }
}

/// All that a module may have.
fn whole() -> ModuleParts {
    let mut parts = ModuleParts::default();
    (parts.dynamic, parts.validate) = (true, true);
    parts
}

fn without_client(mut parts: ModuleParts) -> ModuleParts {
    parts.client = false;
    parts
}

/// The module of some fixtures.
fn made(layout: ModuleLayout, change: impl FnOnce(&mut Options)) -> BTreeMap<String, String> {
    let mut options = Options::module(layout);
    options.services = FIXTURES_OF_MODULES.map(str::to_owned).to_vec();
    change(&mut options);
    output(&model_set(FIXTURES_MODELS), &options).files
}

#[test]
fn modules_are_up_to_date() {
    let [folder, file] = FIXTURES_MODULES;
    let mut stale = differences(folder, &made(ModuleLayout::Folder, |_| {}));
    let text = std::fs::read_to_string(workspace().join(file)).unwrap();
    let of_file = made(ModuleLayout::File, |options| options.kind = module(ModuleLayout::File, whole()));
    stale.extend((text != of_file["mod.rs"]).then(|| format!("changed {file}")));
    assert!(stale.is_empty(), "run `cargo xtask fixtures`\n{}", stale.join("\n"));
}

/// What stands in a module must not ask for anything of the crate that it is in.
fn asks_for_nothing(files: &BTreeMap<String, String>) {
    for (path, text) in files {
        for of_crate in ["#![", "//!", "crate::", "feature ="] {
            let found = text.lines().find(|line| line.contains(of_crate));
            assert_eq!(found, None, "{path}");
        }
    }
}

/// Some fixtures are named like what generated code refers to.
#[test]
fn modules_have_nothing_of_a_crate() {
    for layout in [ModuleLayout::Folder, ModuleLayout::File] {
        for parts in [ModuleParts::default(), whole(), without_client(whole())] {
            let files = made(layout, |options| {
                options.services.clear();
                options.kind = module(layout, parts);
            });
            assert_eq!(files.len() == 1, layout == ModuleLayout::File, "{:?}", files.keys());
            asks_for_nothing(&files);
        }
    }
}

#[test]
fn a_module_may_have_no_clients() {
    let files = made(ModuleLayout::Folder, |options| {
        options.kind = module(ModuleLayout::Folder, without_client(whole()));
    });
    assert!(files["waiters/dynamic.rs"].contains("SERVICE") && !files["waiters/dynamic.rs"].contains("call_dynamic"));
    assert!(!files.keys().any(|path| path.ends_with("client.rs")), "{:?}", files.keys());
    assert!(files["waiters/mod.rs"].contains("SERVICE") && !files["waiters/mod.rs"].contains("Client"));
}

#[test]
fn a_module_needs_of_the_runtime_what_its_protocols_need() {
    let needed = |services: &[&str], parts| {
        let mut options = Options::module(ModuleLayout::File);
        options.kind = module(ModuleLayout::File, parts);
        options.services = services.iter().map(|&name| name.to_owned()).collect();
        output(&model_set(FIXTURES_MODELS), &options).summary.runtime_features.into_iter().collect::<Vec<_>>()
    };
    assert_eq!(needed(&["type"], without_client(ModuleParts::default())), [""; 0]);
    assert_eq!(needed(&["type"], ModuleParts::default()), ["client-core"]);
    assert_eq!(needed(&["type"], whole()), ["client-core", "validate"]);
    let services = ["protocol-query", "protocol-rest-xml"];
    assert_eq!(needed(&services, ModuleParts::default()), ["client-core", "query", "rest", "xml"]);
}

#[test]
fn operations_of_modules_are_those_of_the_crate() {
    // Of each its own type.
    macro_rules! body {
        ($module:path) => {{
            use $module as service;
            let input = service::types::DescribeFleetsInput::new().names(["a", "b"]);
            let request = input.to_request(Protocol::AwsJson1_1).unwrap();
            (request.uri().clone(), request.headers().clone(), request.into_body())
        }};
    }
    let of_crate = body!(workstream_fixtures::waiters);
    assert_eq!((body!(folder::waiters), body!(file::waiters)), (of_crate.clone(), of_crate));
}

/// What was asked for besides clients.
#[test]
fn modules_may_know_operations_by_name_and_validate_inputs() {
    use file::constraints::types::*;
    let operation = file::dynamic::operation("waiters", "DescribeFleets").unwrap();
    assert_eq!(operation.description().name, "DescribeFleets");
    assert_eq!(file::dynamic::services().len(), FIXTURES_OF_MODULES.len());
    let violations = RunInput::new("").validate().unwrap_err();
    assert_eq!(violations.iter().next().unwrap().path(), "Name", "{violations}");
}

/// The table of partitions is a part of the module.
#[test]
fn endpoints_of_modules_know_their_partitions() {
    let of_folder = folder::endpoint_partitions::endpoint::Params::new().region("xx-east-1");
    let of_folder = folder::endpoint_partitions::endpoint::resolve(&of_folder).unwrap();
    let of_file = file::endpoint_partitions::endpoint::Params::new().region("xx-east-1");
    let of_file = file::endpoint_partitions::endpoint::resolve(&of_file).unwrap();
    assert_eq!([of_folder.url, of_file.url], ["https://fixture.xx-east-1.example.com"; 2]);
}

/// The services that give credentials have the operations that do, and nothing else.
#[test]
fn the_clients_of_the_runtime_are_cut_down() {
    use workstream::identity::{signin, sso, sso_oidc, sts};
    let of = [
        <sts::types::AssumeRoleInput as Operation>::DESCRIPTION,
        <sts::types::AssumeRoleWithWebIdentityInput as Operation>::DESCRIPTION,
        <sts::types::GetCallerIdentityInput as Operation>::DESCRIPTION,
        <sso::types::GetRoleCredentialsInput as Operation>::DESCRIPTION,
        <sso_oidc::types::CreateTokenInput as Operation>::DESCRIPTION,
        <signin::types::CreateOAuth2TokenInput as Operation>::DESCRIPTION,
    ];
    let listed = xtask::service_list::find(&workspace().join("models")).unwrap().unwrap();
    let mut wanted: Vec<String> = listed.iter().flat_map(|service| service.operations()).cloned().collect();
    let mut found = of.map(|operation| operation.name.to_owned()).to_vec();
    wanted.sort();
    found.sort();
    assert_eq!(found, wanted);
    let set = xtask::discover::discover_listed(&workspace().join("models"), &listed).unwrap();
    let model = model(&set);
    for service in listed.iter().filter(|service| service.part.is_some()) {
        let model = model.service(&service.name).unwrap();
        let there: Vec<&str> = model.operations().map(|(_, operation)| operation.name.as_str()).collect();
        assert_eq!(there, service.operations(), "{}: `cargo xtask models import` cuts it down", service.name);
        assert!(model.waiters().is_empty(), "{}", service.name);
    }
}

/// What signs requests, or gets what does, is shown to nobody.
#[test]
fn the_clients_of_the_runtime_show_no_secrets() {
    use workstream::identity::{signin, sso, sso_oidc, sts};
    let secret = "s3cr3t";
    let shown = [
        format!("{:?}", sts::types::Credentials::new("AKID", secret, secret, workstream::Timestamp::default())),
        format!("{:?}", sts::types::AssumeRoleInput::new("arn", "session").token_code(secret)),
        format!("{:?}", sts::types::AssumeRoleWithWebIdentityInput::new("arn", "session", secret)),
        format!("{:?}", sso::types::GetRoleCredentialsInput::new("role", "account", secret)),
        format!("{:?}", sso::types::RoleCredentials::default().secret_access_key(secret).session_token(secret)),
        format!(
            "{:?}",
            sso_oidc::types::CreateTokenInput::new("id", secret, "grant")
                .device_code(secret)
                .code(secret)
                .refresh_token(secret)
                .code_verifier(secret)
        ),
        format!(
            "{:?}",
            sso_oidc::types::CreateTokenOutput::new().access_token(secret).refresh_token(secret).id_token(secret)
        ),
        format!("{:?}", signin::types::AccessToken::new(secret, secret, secret)),
    ];
    for shown in shown {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[test]
fn a_selector_that_matches_nothing_is_an_error() {
    let mut options = Options::module(ModuleLayout::File);
    (options.services, options.operations) = (vec!["waiter".to_owned()], vec!["DescribeFleet".to_owned()]);
    let (output, found) = generate(&model(&model_set(FIXTURES_MODELS)), &options);
    let codes: Vec<&str> = found.iter().map(|diagnostic| diagnostic.code).collect();
    assert!(
        output.is_none() && codes.contains(&"unknown-service") && codes.contains(&"unknown-operation"),
        "{codes:?}"
    );
}
