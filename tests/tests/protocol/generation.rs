//! A crate from a model that says next to nothing of its service, as those of
//! protocol tests do.

use std::fs;
use workstream_tests::folder;

const MODEL: &str = r#"{
    "metadata": {"protocol": "json", "protocols": ["json"], "jsonVersion": "1.1", "targetPrefix": "JsonProtocol"},
    "operations": {"Echo": {
        "name": "Echo",
        "http": {"method": "POST", "requestUri": "/"},
        "input": {"shape": "Echo"},
        "output": {"shape": "Echo"},
        "errors": [{"shape": "Broken"}]
    }},
    "shapes": {
        "Echo": {"type": "structure", "members": {"text": {"shape": "Text"}, "within": {"shape": "Echo"}}},
        "Broken": {"type": "structure", "members": {"message": {"shape": "Text"}}, "exception": true},
        "Text": {"type": "string"}
    }
}"#;

#[test]
fn a_model_without_service_id_and_endpoint() {
    let root = folder::of_test("protocol-generation");
    let (models, out) = (root.join("models"), root.join("crate"));
    let service = models.join("json-protocol").join("2020-01-01");
    fs::create_dir_all(&service).unwrap();
    fs::write(service.join("service-2.json"), MODEL).unwrap();

    let args = xtask::codegen::Args { models: Some(models), out: Some(out.clone()), ..Default::default() };
    assert_eq!(xtask::codegen::run(&args), Ok(true));
    let read = |file: &str| fs::read_to_string(out.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    assert!(read("Cargo.toml").contains("json-protocol = []"));
    let operation = read("src/json_protocol/operations/echo.rs");
    assert!(operation.contains("\"JsonProtocol.Echo\"") && operation.contains("pub struct EchoInput"), "{operation}");

    // Once more, and there is nothing to do.
    assert_eq!(xtask::codegen::run(&xtask::codegen::Args { check: true, ..args }), Ok(true));
}
