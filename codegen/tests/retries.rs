//! Services and operations that are retried otherwise than usual.

use serde_json::json;
use workstream_codegen::{Manifest, ModelSet, Options, ServiceFiles, SourceFile, generate, read};

/// The emitted text of a service with this id and one operation, without white space.
fn emitted(service_id: &str, operation: &str) -> String {
    let service = json!({
        "metadata": {"protocol": "json", "jsonVersion": "1.1", "targetPrefix": "T", "serviceId": service_id},
        "operations": {operation: {}}, "shapes": {}
    });
    let file = SourceFile { path: "service-2.json".to_owned(), text: service.to_string().into_bytes() };
    let set = ModelSet { services: vec![ServiceFiles { name: "t".to_owned(), files: vec![file] }], partitions: None };
    let (model, findings) = read(&set);
    let model = model.unwrap_or_else(|| panic!("{findings:?}"));
    let manifest = Manifest::Standalone { runtime: "runtime".to_owned() };
    let (output, findings) = generate(&model, &Options::new(manifest));
    let output = output.unwrap_or_else(|| panic!("{findings:?}"));
    let all: String = output.files.values().map(String::as_str).collect();
    all.split_whitespace().collect()
}

#[test]
fn dynamodb_is_tried_sooner_and_more_often() {
    for id in ["DynamoDB", "DynamoDB Streams"] {
        assert!(emitted(id, "ListTables").contains(".retries(4,25)"));
    }
    assert!(!emitted("AppStream", "ListTables").contains(".retries("));
}

#[test]
fn long_polls_are_marked() {
    for (id, operation) in [("SQS", "ReceiveMessage"), ("SFN", "GetActivityTask"), ("SWF", "PollForDecisionTask")] {
        assert!(emitted(id, operation).contains(&format!("/{operation}\",).no_input().long_polling()")));
    }
    assert!(!emitted("SQS", "ListQueues").contains(".long_polling()"));
    assert!(!emitted("AppStream", "ReceiveMessage").contains(".long_polling()"));
}
