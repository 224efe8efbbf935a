//! Which files of a models folder are read.

use crate::common::{folder, write};
use std::io::Write;
use std::path::Path;
use workstream_codegen::{ModelSet, ServiceFiles};
use xtask::discover::discover;

fn paths(set: &ModelSet, models: &Path) -> Vec<String> {
    let files = set.services.iter().flat_map(|service: &ServiceFiles| &service.files);
    let paths = files.map(|file| file.path.strip_prefix(models.to_str().unwrap()).unwrap().to_owned());
    paths.collect()
}

#[test]
fn the_newest_version_of_every_service_is_read() {
    let models = folder("newest_version");
    for file in ["b/2009-12-31/service-2.json", "b/2010-01-01/service-2.json", "a/1.0/service-2.json"] {
        write(&models.join(file), file);
    }
    write(&models.join("b/2010-01-01/paginators-1.json"), "");
    write(&models.join("b/2010-01-01/notes.txt"), "");
    write(&models.join("b/2099-01-01/empty.txt"), "a version without a model");
    write(&models.join("partitions.json"), "{}");
    write(&models.join("models.lock"), "");
    write(&models.join("docs/readme.md"), "no service");

    let set = discover(&models, &[]).unwrap();
    let names: Vec<&str> = set.services.iter().map(|service| service.name.as_str()).collect();
    assert_eq!(names, ["a", "b"]);
    assert_eq!(
        paths(&set, &models),
        ["/a/1.0/service-2.json", "/b/2010-01-01/paginators-1.json", "/b/2010-01-01/service-2.json"]
    );
    assert_eq!(set.services[1].files[1].text, b"b/2010-01-01/service-2.json");
    assert_eq!(set.partitions.unwrap().text, b"{}");
}

#[test]
fn packed_files_are_unpacked_and_plain_ones_go_first() {
    let models = folder("packed_files");
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(b"packed").unwrap();
    let packed = gzip.finish().unwrap();
    write(&models.join("a/1/service-2.json.gz"), &packed);
    write(&models.join("a/1/waiters-2.json"), "plain");
    write(&models.join("a/1/waiters-2.json.gz"), &packed);

    let set = discover(&models, &[]).unwrap();
    assert_eq!(paths(&set, &models), ["/a/1/service-2.json.gz", "/a/1/waiters-2.json"]);
    assert_eq!(
        (&set.services[0].files[0].text[..], &set.services[0].files[1].text[..]),
        (&b"packed"[..], &b"plain"[..])
    );

    write(&models.join("a/1/service-2.json.gz"), "not packed");
    let failure = discover(&models, &[]).unwrap_err();
    assert!(failure.message.contains("a/1/service-2.json.gz"), "{failure}");
}

#[test]
fn a_service_may_hold_its_file_directly() {
    let models = folder("directly");
    write(&models.join("a/model.json"), "{}");
    assert_eq!(paths(&discover(&models, &[]).unwrap(), &models), ["/a/model.json"]);
}

/// The official Smithy models, from the root of their checkout, their folder, and the folder of one service.
#[test]
fn smithys_own_layout_is_read_as_it_is() {
    let checkout = folder("smithy_checkout");
    let file = "appstream/service/2016-12-01/appstream-2016-12-01.json";
    for (name, text) in [(file, "{}"), ("appstream/service/2009-01-01/old.json", "old"), ("s3/service/1/s3.json", "{}")]
    {
        write(&checkout.join("models").join(name), text);
    }
    write(&checkout.join("models/appstream/overlay.toml"), "");
    write(&checkout.join(".scripts/tool/package.json"), "a hidden folder is no service");
    write(&checkout.join("models/.cache/1/x.json"), "{}");

    for (root, below, services) in [
        ("", "/models/", &["appstream", "s3"][..]),
        ("models", "/", &["appstream", "s3"]),
        ("models/appstream", "/../", &["appstream"]),
    ] {
        let root = checkout.join(root);
        let set = discover(&root, &[]).unwrap();
        let names: Vec<&str> = set.services.iter().map(|service| service.name.as_str()).collect();
        assert_eq!(names, services, "{}", root.display());
        let read: Vec<_> =
            set.services[0].files.iter().map(|file| Path::new(&file.path).canonicalize().unwrap()).collect();
        let expected = [file, "appstream/overlay.toml"]
            .map(|name| Path::new(&format!("{}{below}{name}", root.display())).canonicalize().unwrap());
        assert_eq!(read, expected);
    }
}

/// The official Smithy models have no partitions.
#[test]
fn partitions_of_the_project_serve_where_rules_ask_and_none_lie_beside() {
    let models = folder("partitions_elsewhere");
    let file = models.join("a/service/1/a-1.json");
    write(&file, "{}");
    assert!(discover(&models, &[]).unwrap().partitions.is_none());
    write(&file, r#"{"fn": "aws.partition"}"#);
    let partitions = discover(&models, &[]).unwrap().partitions.unwrap();
    assert!(partitions.path.ends_with("models/partitions.json"), "{}", partitions.path);
    assert!(String::from_utf8(partitions.text).unwrap().contains("\"aws\""));
    write(&models.join("partitions.json"), "own");
    assert_eq!(discover(&models, &[]).unwrap().partitions.unwrap().text, b"own");
}

#[test]
fn only_services_asked_for_are_opened() {
    let models = folder("asked_for");
    write(&models.join("appstream/1/service-2.json"), "{}");
    write(&models.join("workspaces/1/service-2.json.gz"), "not packed, so opening it would fail");
    let set = discover(&models, &["appstream".to_owned(), "appstream".to_owned()]).unwrap();
    assert_eq!(paths(&set, &models), ["/appstream/1/service-2.json"]);

    let failure = discover(&models, &["apstream".to_owned()]).unwrap_err();
    assert_eq!(failure.hint.as_deref(), Some("did you mean `appstream`?"));
    let failure = discover(&models, &["s3".to_owned()]).unwrap_err();
    assert_eq!(failure.hint.as_deref(), Some("it has appstream, workspaces"));
}

#[test]
fn a_folder_without_models_is_an_error() {
    let models = folder("without_models");
    assert!(discover(&models, &[]).unwrap_err().message.ends_with("has no models"));
    let failure = discover(&models.join("absent"), &[]).unwrap_err();
    assert!(failure.message.starts_with("cannot list"), "{failure}");
}

#[test]
fn overlay_and_sentences_belong_to_the_service_whatever_its_version() {
    let models = folder("overlay");
    for file in ["a/1/service-2.json", "a/2/service-2.json", "b/model.json", "a/overlay.toml", "b/docs.toml"] {
        write(&models.join(file), "");
    }
    let set = discover(&models, &[]).unwrap();
    assert_eq!(paths(&set, &models), ["/a/2/service-2.json", "/a/overlay.toml", "/b/model.json", "/b/docs.toml"]);

    for misplaced in ["a/2/overlay.toml", "c/overlay.toml", "a/2/docs.toml", "c/docs.toml"] {
        write(&models.join(misplaced), "");
        let failure = discover(&models, &[]).unwrap_err();
        assert!(failure.message.ends_with(&format!("{misplaced} belongs to no model")), "{}", failure.message);
        std::fs::remove_file(models.join(misplaced)).unwrap();
    }
}

/// Who knows a service by its name upstream finds it.
#[test]
fn services_are_found_by_the_names_of_the_list() {
    let models = folder("discover_list");
    write(&models.join("queues/2020-01-01/service-2.json"), "{}");
    write(&models.join("services.toml"), "[queues]\nbotocore = \"message-queues\"\nsmithy = \"mq\"\n");
    for name in ["queues", "Queues", "message-queues", "mq"] {
        assert_eq!(xtask::discover::resolve_service(&models, name).as_deref(), Ok("queues"), "{name}");
    }
    assert!(xtask::discover::resolve_service(&models, "message").is_err());
}
