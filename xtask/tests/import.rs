//! The import of upstream packages, by wheels and folders made here.

use crate::common::{contents, folder, write};
use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use xtask::lock::{Lock, LockProblem, verify_lock};
use xtask::writer::FileChanges;
use zip::write::SimpleFileOptions;

/// A model with prose in every place that has some, and with members, shapes
/// and an operation named like the places of prose.
const SERVICE: &str = r#"{
  "version": "2.0", "metadata": {"apiVersion": "2020-02-02", "documentation": "fact"},
  "operations": {
    "documentation": {
      "name": "documentation",
      "input": {"shape": "documentation", "documentation": "PROSE"},
      "output": {"shape": "Z", "documentation": "PROSE"},
      "errors": [{"shape": "E", "documentation": "PROSE"}],
      "documentation": "PROSE"
    }
  },
  "shapes": {
    "documentation": {"type": "structure", "required": ["documentation"], "members": {
      "zeta": {"shape": "Z", "documentation": "PROSE"},
      "documentation": {"shape": "Text", "documentation": "PROSE"},
      "description": {"shape": "Text"}
    }, "documentation": "PROSE"},
    "Z": {"type": "list", "member": {"shape": "Text", "documentation": "PROSE"}},
    "M": {"type": "map", "key": {"shape": "Text", "documentation": "PROSE"}, "value": {"shape": "Text", "documentation": "PROSE"}},
    "Text": {"type": "string", "enum": ["documentation", "a"], "pattern": "[\u00e9\u2028]+", "documentation": "PROSE"},
    "E": {"type": "structure", "members": {}, "exception": true}
  },
  "clientContextParams": {"documentation": {"type": "string", "documentation": "PROSE"}},
  "examples": {"documentation": [{"title": "PROSE"}]},
  "documentation": "PROSE"
}"#;

const RULES: &str = r#"{
  "version": "1.0",
  "parameters": {"documentation": {"type": "string", "documentation": "PROSE"}},
  "rules": [{"documentation": "PROSE", "conditions": [], "type": "tree", "rules": [
    {"documentation": "PROSE", "conditions": [], "type": "endpoint",
     "endpoint": {"url": "https://x", "properties": {"documentation": "fact"}, "headers": {}}}
  ]}]
}"#;

const WAITERS: &str = r#"{"version": 2, "waiters": {"description": {"description": "PROSE", "delay": 3, "operation": "documentation",
  "maxAttempts": 4, "acceptors": []}}}"#;

const PARTITIONS: &str = r#"{"partitions": [{"id": "aws", "regions": {"description": {"description": "PROSE"}}, "outputs": {"name": "aws"}}]}"#;

const SMALL: &str = r#"{"metadata": {}, "operations": {}, "shapes": {}}"#;

/// The services that are imported where a test says nothing else.
const LIST: &str = "[appstream]\ndefault = true\n[workspaces]\n";

/// Imports what the folder `models` lists: [`LIST`], if it has no list yet.
fn import(path: &Path, models: &Path) -> xtask::failure::Result<(Lock, FileChanges)> {
    if !models.join("services.toml").exists() {
        write(&models.join("services.toml"), LIST);
    }
    xtask::import::import(path, models)
}

/// The data folder's files: AppStream in two versions and with everything, WorkSpaces with next to nothing.
fn data() -> BTreeMap<String, Vec<u8>> {
    let files = [
        ("partitions.json", PARTITIONS),
        ("appstream/2016-01-01/service-2.json", "an older version is not even read"),
        ("appstream/2020-02-02/service-2.json", SERVICE),
        ("appstream/2020-02-02/waiters-2.json", WAITERS),
        ("appstream/2020-02-02/paginators-1.json", r#"{"pagination": {}}"#),
        ("appstream/2020-02-02/endpoint-rule-set-1.json", RULES),
        ("appstream/2020-02-02/examples-1.json", r#"{"examples": {}}"#),
        ("workspaces/2015-04-08/service-2.json", SMALL),
        ("s3/2006-03-01/service-2.json", SMALL),
    ];
    files.into_iter().map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec())).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

const METADATA: &str = "Metadata-Version: 2.1\nName: botocore\nVersion: 9.8.7\n\nVersion: no header\n";

fn write_wheel(path: &Path, data: &BTreeMap<String, Vec<u8>>) -> PathBuf {
    write_wheel_of(path, METADATA, data)
}

fn write_wheel_of(path: &Path, metadata: &str, data: &BTreeMap<String, Vec<u8>>) -> PathBuf {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let others = [("botocore-9.8.7.dist-info/METADATA".to_owned(), metadata.as_bytes().to_vec())];
    let data = data.iter().map(|(name, bytes)| (format!("botocore/data/{name}"), bytes.clone()));
    for (name, bytes) in others.into_iter().chain(data) {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(&bytes).unwrap();
    }
    fs::write(path, zip.finish().unwrap().into_inner()).unwrap();
    path.to_owned()
}

fn write_folder(root: &Path, data: &BTreeMap<String, Vec<u8>>) -> PathBuf {
    for (name, bytes) in data {
        write(&root.join("botocore/data").join(name), bytes);
    }
    write(&root.join("botocore/__init__.py"), "import os\n__version__ = '9.8.7'\n");
    root.join("botocore/data")
}

/// A model with prose in every place that Smithy has for it.
const SMITHY: &str = r##"{"smithy": "2.0", "metadata": {"suppressions": [{"reason": "PROSE"}]}, "shapes": {
"n#Svc": {"type": "service", "version": "1", "traits": {"smithy.api#documentation": "PROSE", "smithy.api#title": "fact",
  "smithy.rules#clientContextParams": {"documentation": {"documentation": "PROSE", "type": "string"}},
  "smithy.rules#endpointRuleSet": {"version": "1.0", "parameters": {"P": {"documentation": "PROSE"}}, "rules": [{"documentation": "PROSE"}]},
  "smithy.rules#endpointTests": {"testCases": [{"documentation": "PROSE", "expect": {"error": "fact"}}]}}},
"n#documentation": {"type": "structure", "members": {"documentation": {"target": "n#K", "traits": {"smithy.api#documentation": "PROSE"}}},
  "traits": {"smithy.api#externalDocumentation": {"x": "PROSE"}}},
"n#Op": {"type": "operation", "traits": {"smithy.api#examples": [{"title": "PROSE"}],
  "smithy.waiters#waitable": {"documentation": {"documentation": "PROSE", "acceptors": []}}}},
"n#L": {"type": "list", "member": {"target": "n#K", "traits": {"smithy.api#documentation": "PROSE"}}},
"n#K": {"type": "string", "traits": {"smithy.api#enum": [{"value": "documentation", "documentation": "PROSE"}]}}}}"##;

/// A checkout of the official Smithy models, or its folder of models, is a package as a wheel is.
#[test]
fn smithys_models_are_imported_too() {
    let root = folder("smithy_import");
    let models = root.join("models");
    let checkout = root.join("checkout");
    for (service, old) in [("appstream", "2010-01-01"), ("workspaces", "2011-01-01"), ("s3", "2006-03-01")] {
        write(&checkout.join(format!("models/{service}/service/{old}/{service}-{old}.json")), "an older version");
        let file = format!("models/{service}/service/2020-01-01/{service}-2020-01-01.json");
        write(&checkout.join(file), SMITHY);
    }
    write(&models.join("partitions.json"), PARTITIONS);
    let (lock, _) = import(&checkout, &models).unwrap();
    let files = contents(&models);
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    let expected = [
        "appstream/2020-01-01/appstream-2020-01-01.json",
        "models.lock",
        "partitions.json",
        "services.toml",
        "workspaces/2020-01-01/workspaces-2020-01-01.json",
    ];
    assert_eq!(names, expected);
    assert_eq!(lock.package, "smithy-models");
    verify_lock(&models).unwrap();
    assert_eq!(files["partitions.json"], PARTITIONS, "they stay as they are");
    let model = &files[expected[0]];
    assert!(!model.contains("PROSE"), "{model}");
    for fact in
        ["\"smithy.api#title\": \"fact\"", "\"error\": \"fact\"", "\"value\": \"documentation\"", "n#documentation"]
    {
        assert!(model.contains(fact), "{fact}: {model}");
    }

    let (_, changes) = import(&checkout.join("models"), &models).unwrap();
    assert!(changes.is_empty(), "{changes:?}");
    // Back to botocore: what is Smithy's goes.
    import(&write_wheel(&root.join("w.whl"), &data()), &models).unwrap();
    assert!(!contents(&models).contains_key(expected[0]));
    let failure = import(&checkout.join("models/appstream"), &root.join("other")).unwrap_err();
    assert!(failure.message.contains("has no service `workspaces`"), "{failure}");
}

#[test]
fn facts_stay_and_prose_goes() {
    let root = folder("facts_stay");
    let models = root.join("models");
    import(&write_wheel(&root.join("w.whl"), &data()), &models).unwrap();
    let files = contents(&models);

    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "appstream/2020-02-02/endpoint-rule-set-1.json",
            "appstream/2020-02-02/paginators-1.json",
            "appstream/2020-02-02/service-2.json",
            "appstream/2020-02-02/waiters-2.json",
            "models.lock",
            "partitions.json",
            "services.toml",
            "workspaces/2015-04-08/service-2.json",
        ]
    );
    for (name, text) in &files {
        assert!(!text.contains("PROSE"), "{name} has prose:\n{text}");
    }
    let service = &files["appstream/2020-02-02/service-2.json"];
    let expected = r#"{
  "version": "2.0",
  "metadata": {
    "apiVersion": "2020-02-02",
    "documentation": "fact"
  },
  "operations": {
    "documentation": {
      "name": "documentation",
      "input": {
        "shape": "documentation"
      },
      "output": {
        "shape": "Z"
      },
      "errors": [
        {
          "shape": "E"
        }
      ]
    }
  },
  "shapes": {
    "documentation": {
      "type": "structure",
      "required": [
        "documentation"
      ],
      "members": {
        "zeta": {
          "shape": "Z"
        },
        "documentation": {
          "shape": "Text"
        },
        "description": {
          "shape": "Text"
        }
      }
    },
"#;
    assert!(service.starts_with(expected), "{service}");
    assert!(service.contains("\"documentation\",\n        \"a\""), "enum values stay: {service}");
    assert!(service.contains("\"[\u{e9}\u{2028}]+\""), "text is not escaped: {service}");
    assert!(service.ends_with("}\n"));
    assert!(files["appstream/2020-02-02/endpoint-rule-set-1.json"].contains("\"documentation\": \"fact\""));
    assert!(files["appstream/2020-02-02/waiters-2.json"].contains("\"description\": {\n      \"delay\": 3"));
    assert!(files["partitions.json"].contains("\"description\": {}"));
}

#[test]
fn a_second_import_changes_nothing() {
    let root = folder("second_import");
    let (wheel, models) = (write_wheel(&root.join("w.whl"), &data()), root.join("models"));
    let (lock, changes) = import(&wheel, &models).unwrap();
    assert_eq!((lock.package.as_str(), lock.version.as_str(), lock.source.as_str()), ("botocore", "9.8.7", "wheel"));
    assert_eq!(changes.missing.len(), 7);

    let before = contents(&models);
    let (again, changes) = import(&wheel, &models).unwrap();
    assert!(changes.is_empty(), "{changes:?}");
    assert_eq!((again, contents(&models)), (lock, before));
}

#[test]
fn wheel_and_folder_packed_and_plain_give_the_same_files() {
    let root = folder("same_files");
    let packed: BTreeMap<_, _> = data()
        .into_iter()
        .map(|(name, bytes)| if name.contains('/') { (format!("{name}.gz"), gzip(&bytes)) } else { (name, bytes) })
        .collect();
    let sources = [
        write_wheel(&root.join("plain.whl"), &data()),
        write_wheel(&root.join("packed.whl"), &packed),
        write_folder(&root.join("plain"), &data()),
        write_folder(&root.join("packed"), &packed),
    ];
    let locks: Vec<_> = sources
        .iter()
        .enumerate()
        .map(|(index, source)| import(source, &root.join(format!("models{index}"))).unwrap().0)
        .collect();
    for lock in &locks {
        assert_eq!((&lock.files, lock.version.as_str()), (&locks[0].files, "9.8.7"));
    }
    assert_ne!(locks[0].sha256, locks[1].sha256, "two wheels");
    assert_eq!(locks[2], locks[3], "a folder's digest is of what its files say");
}

#[test]
fn a_folder_without_package_has_an_unknown_version() {
    let root = folder("unknown_version");
    let data = write_folder(&root, &data());
    fs::remove_file(root.join("botocore/__init__.py")).unwrap();
    assert_eq!(import(&data, &root.join("models")).unwrap().0.version, "unknown");
}

#[test]
fn files_of_an_earlier_import_go_and_others_stay() {
    let root = folder("earlier_import");
    let (models, mut newer) = (root.join("models"), data());
    import(&write_wheel(&root.join("old.whl"), &newer), &models).unwrap();
    write(&models.join("README.md"), "ours");
    write(&models.join("appstream/2020-02-02/note.txt"), "ours");
    write(&models.join("appstream/overlay.toml"), "ours");
    newer.insert("appstream/2024-01-01/service-2.json".to_owned(), SMALL.into());

    let (_, changes) = import(&write_wheel(&root.join("new.whl"), &newer), &models).unwrap();
    assert_eq!(changes.orphaned.len(), 4, "{changes:?}");
    let names: Vec<String> = contents(&models).into_keys().collect();
    assert_eq!(
        names,
        [
            "README.md",
            "appstream/2020-02-02/note.txt",
            "appstream/2024-01-01/service-2.json",
            "appstream/overlay.toml",
            "models.lock",
            "partitions.json",
            "services.toml",
            "workspaces/2015-04-08/service-2.json"
        ]
    );
    assert_eq!(verify_lock(&models), Ok(()));
}

#[test]
fn a_bad_package_changes_nothing_and_says_why() {
    let root = folder("bad_package");
    let models = root.join("models");
    import(&write_wheel(&root.join("good.whl"), &data()), &models).unwrap();
    let before = contents(&models);

    let without = |name: &str| {
        let mut files = data();
        files.remove(name).unwrap();
        files
    };
    let with = |name: &str, text: &str| {
        let mut files = data();
        files.insert(name.to_owned(), text.into());
        files
    };
    write(&root.join("text.whl"), "no zip");
    let wheel = |name: &str, files: &BTreeMap<String, Vec<u8>>| write_wheel(&root.join(name), files);
    let archive = |name: &str, metadata: &str| write_wheel_of(&root.join(name), metadata, &data());
    let renamed = METADATA.replace("botocore", "evil $(touch pwned)");
    let mut bomb = without("appstream/2020-02-02/service-2.json");
    bomb.insert("appstream/2020-02-02/service-2.json.gz".to_owned(), gzip(&vec![b' '; 33 << 20]));
    let cases = [
        (root.join("absent.whl"), "cannot read"),
        (root.join("text.whl"), "is not a wheel"),
        (folder("bad_package_empty"), "has no partitions.json"),
        (wheel("no-data.whl", &BTreeMap::new()), "has no botocore/data/partitions.json"),
        (
            wheel("no-service.whl", &without("workspaces/2015-04-08/service-2.json")),
            "has no model of the service `workspaces`",
        ),
        (
            wheel("no-model.whl", &without("appstream/2020-02-02/service-2.json")),
            "has no appstream/2020-02-02/service-2.json",
        ),
        (
            wheel("broken.whl", &with("appstream/2020-02-02/waiters-2.json", "{\"waiters\":\n {]}")),
            "appstream/2020-02-02/waiters-2.json in",
        ),
        (
            wheel("list.whl", &with("workspaces/2015-04-08/service-2.json", "[]")),
            ": expected an object, found a list at line 1 column 1",
        ),
        (
            wheel("twice.whl", &with("partitions.json", r#"{"partitions": [], "partitions": []}"#)),
            "key `partitions` occurs twice in one object at line 1 column 20",
        ),
        (
            wheel("no-gzip.whl", &{
                let mut files = without("workspaces/2015-04-08/service-2.json");
                files.insert("workspaces/2015-04-08/service-2.json.gz".to_owned(), b"{}".to_vec());
                files
            }),
            "service-2.json.gz in",
        ),
        (archive("renamed.whl", &renamed), r#"is a wheel of "evil $(touch pwned)", and models are those of botocore"#),
        (wheel("newest.whl", &with("appstream/zz/service-2.json", SERVICE)), "/zz, which is no version of an API"),
        (wheel("up.whl", &with("appstream/../x.json", "{}")), r#"x.json" is not a path inside it"#),
        (wheel("bomb.whl", &bomb), "service-2.json.gz has more than 32 MiB, unpacked"),
    ];
    for (path, why) in cases {
        let failure = import(&path, &models).unwrap_err();
        assert!(failure.message.contains(why), "{}: {failure}", path.display());
        assert_eq!(contents(&models), before, "{}", path.display());
    }
}

#[test]
fn services_come_from_the_list() {
    let root = folder("import_list");
    let (models, wheel) = (root.join("models"), write_wheel(&root.join("w.whl"), &data()));
    write(&models.join("services.toml"), "[storage]\nbotocore = \"s3\"\n[streams]\nbotocore = \"appstream\"\n");
    import(&wheel, &models).unwrap();
    let files = |models: &Path| contents(models).into_keys().filter(|file| file.contains('/')).collect::<Vec<_>>();
    assert_eq!(
        files(&models),
        [
            "storage/2006-03-01/service-2.json",
            "streams/2020-02-02/endpoint-rule-set-1.json",
            "streams/2020-02-02/paginators-1.json",
            "streams/2020-02-02/service-2.json",
            "streams/2020-02-02/waiters-2.json",
        ]
    );
    // A service that is no longer listed goes, and what others have put beside it stays.
    write(&models.join("streams/overlay.toml"), "ours");
    write(&models.join("services.toml"), "[storage]\nbotocore = \"s3\"\nversion = \"2006-03-01\"\n");
    import(&wheel, &models).unwrap();
    assert_eq!(files(&models), ["storage/2006-03-01/service-2.json", "streams/overlay.toml"]);

    let checkout = root.join("checkout");
    for version in ["2019-01-01", "2020-01-01"] {
        write(&checkout.join(format!("models/s3-store/service/{version}/s3-{version}.json")), SMITHY);
    }
    let smithy = root.join("smithy");
    write(&smithy.join("services.toml"), "[storage]\nsmithy = \"s3-store\"\nversion = \"2019-01-01\"\n");
    import(&checkout, &smithy).unwrap();
    assert_eq!(files(&smithy), ["storage/2019-01-01/s3-2019-01-01.json"]);

    let cases = [
        (&wheel, "[storage]\n", "has no model of the service `storage`"),
        (&wheel, "[s3]\nversion = \"2005-01-01\"\n", "has no version 2005-01-01 of the service `s3`"),
        (&checkout, "[s3]\n", "has no service `s3`"),
        (&checkout, "[s3-store]\nversion = \"2005-01-01\"\n", "s3-store has no version 2005-01-01"),
        (&wheel, "[s3]\nversions = \"2005-01-01\"\n", "services.toml has errors"),
    ];
    for (package, list, why) in cases {
        write(&models.join("services.toml"), list);
        let before = contents(&models);
        let failure = import(package, &models).unwrap_err();
        assert!(failure.message.contains(why), "{list}: {failure}");
        assert!(contents(&models) == before, "{list}");
    }
    fs::remove_file(models.join("services.toml")).unwrap();
    let failure = xtask::import::import(&wheel, &models).unwrap_err();
    assert!(failure.message.contains("has no services.toml, which names the services to import"), "{failure}");
    assert!(failure.hint.is_some_and(|hint| hint.contains("a table for each service, such as `[appstream]`")));
}

/// Only what the operations need comes in; endpoint rules are the service's.
#[test]
fn services_of_the_runtime_are_cut_down() {
    let root = folder("import_of_runtime");
    let mut files = data();
    let model = SERVICE.replace(r#""operations": {"#, r#""operations": {"Other": {"input": {"shape": "M"}},"#);
    files.insert("appstream/2020-02-02/service-2.json".to_owned(), model.into_bytes());
    let (models, wheel) = (root.join("models"), write_wheel(&root.join("w.whl"), &files));
    let list = |operation: &str| {
        let text = format!("[workspaces]\n[appstream]\nmodule = \"identity\"\noperations = [\"{operation}\"]\n");
        write(&models.join("services.toml"), text);
        import(&wheel, &models).unwrap();
        let found = contents(&models);
        let text = |file: &str| found[&format!("identity/appstream/2020-02-02/{file}")].clone();
        (text("service-2.json"), text("waiters-2.json"), text("endpoint-rule-set-1.json"))
    };
    let (service, waiters, rules) = list("Other");
    assert!(service.contains("\"M\"") && service.contains("\"Other\"") && !service.contains("\"E\""), "{service}");
    assert!(!waiters.contains("description") && rules.contains("https://x"), "{waiters}{rules}");
    let (service, waiters, other) = list("documentation");
    assert!(!service.contains("\"M\"") && !service.contains("\"Other\"") && service.contains("\"E\""), "{service}");
    assert!(waiters.contains("description") && other == rules, "{waiters}");
    assert_eq!(verify_lock(&models), Ok(()));
}

#[test]
fn broken_json_is_placed() {
    let root = folder("broken_json");
    let mut files = data();
    files.insert("partitions.json".to_owned(), b"{\"partitions\": [],\n  oops}".to_vec());
    let failure = import(&write_wheel(&root.join("w.whl"), &files), &root.join("models")).unwrap_err();
    assert!(failure.message.ends_with("not JSON: key must be a string at line 2 column 3"), "{failure}");
    assert_eq!(contents(&root.join("models")).into_keys().collect::<Vec<_>>(), ["services.toml"]);
}

#[test]
fn the_lock_notices_every_edit() {
    let root = folder("lock_edits");
    let models = root.join("models");
    import(&write_wheel(&root.join("w.whl"), &data()), &models).unwrap();
    assert_eq!(verify_lock(&models), Ok(()));

    let service = models.join("appstream/2020-02-02/service-2.json");
    let text = fs::read_to_string(&service).unwrap();
    fs::write(&service, text.replacen("zeta", "zetb", 1)).unwrap();
    fs::remove_file(models.join("partitions.json")).unwrap();
    write(&models.join("workspaces/2099-01-01/service-2.json.gz"), "");
    write(&models.join("README.md"), "no model");
    assert_eq!(
        verify_lock(&models).unwrap_err(),
        [
            LockProblem::Changed("appstream/2020-02-02/service-2.json".to_owned()),
            LockProblem::Missing("partitions.json".to_owned()),
            LockProblem::Unlisted("workspaces/2099-01-01/service-2.json.gz".to_owned()),
        ]
    );
}

#[test]
fn a_folder_without_lock_has_nothing_to_verify() {
    let root = folder("no_lock");
    write(&root.join("a/1/service-2.json"), "{}");
    assert_eq!(verify_lock(&root), Ok(()));
}

#[test]
fn a_damaged_lock_is_said_so_and_deletes_nothing_elsewhere() {
    let root = folder("damaged_lock");
    let (wheel, models) = (write_wheel(&root.join("w.whl"), &data()), root.join("models"));
    write(&root.join("outside.json"), "not ours");
    let head = r#""package": "p", "version": "v", "source": "wheel", "sha256": "0""#;
    for lock in [
        "{".to_owned(),
        "{}".to_owned(),
        format!(r#"{{{head}, "files": {{"../outside.json": "0"}}}}"#),
        format!(r#"{{{head}, "files": {{"/outside.json": "0"}}}}"#),
        format!(r#"{{{head}, "files": {{"a.json": 0}}}}"#),
    ] {
        write(&models.join("models.lock"), &lock);
        let problems = verify_lock(&models).unwrap_err();
        assert!(matches!(&problems[..], [LockProblem::Unreadable(why)] if why.contains("models.lock")), "{problems:?}");
        assert!(import(&wheel, &models).is_err(), "{lock}");
        assert_eq!(fs::read_to_string(models.join("models.lock")).unwrap(), lock);
    }
    assert!(root.join("outside.json").exists());
}

/// The committed models are what the committed lock says.
#[test]
fn the_committed_models_are_as_imported() {
    assert_eq!(verify_lock(&xtask::paths::workspace().join("models")), Ok(()));
}
