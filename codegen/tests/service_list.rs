//! The list of services, and what the crate makes of it.

use workstream_codegen::{
    Manifest, ModelSet, Options, Publication, ServiceFiles, ServiceList, SourceFile, generate, read, read_service_list,
};

fn list(text: &str) -> Result<ServiceList, Vec<String>> {
    let file = SourceFile { path: "services.toml".to_owned(), text: text.as_bytes().to_vec() };
    let (list, findings) = read_service_list(&file);
    let told = findings.iter().map(|d| {
        let (line, column) = d.position.unwrap_or_default();
        format!("{line}:{column} {}: {} {}", d.code, d.message, d.hint.as_deref().unwrap_or_default()).trim().to_owned()
    });
    list.ok_or_else(|| told.collect())
}

#[test]
fn services_by_name() {
    let text = "[queues]\nbotocore = \"message-queues\"\nsmithy = \"mq\"\nversion = \"2020-07-08\"\n[alarms]\ndefault = true\n";
    let list = list(text).unwrap();
    let all: Vec<_> = list
        .iter()
        .map(|s| (s.name.as_str(), s.botocore.as_str(), s.smithy.as_str(), s.version.as_deref(), s.is_default))
        .collect();
    let expected =
        [("alarms", "alarms", "alarms", None, true), ("queues", "message-queues", "mq", Some("2020-07-08"), false)];
    assert_eq!(all, expected);
    assert_eq!(list.opt_in(), ["queues"]);
    assert_eq!(list.get("queues").map(|service| service.smithy.as_str()), Some("mq"));
    assert!(list.get("mq").is_none());
}

#[test]
fn services_of_the_runtime_are_none_of_the_crate() {
    let text =
        "[queues]\n[tokens]\nmodule = \"identity\"\noperations = [\"Get\", \"Renew\"]\n[alarms]\ndefault = true\n";
    let list = list(text).unwrap();
    assert_eq!(list.of_crate().map(|service| &*service.name).collect::<Vec<_>>(), ["alarms", "queues"]);
    assert_eq!(list.opt_in(), ["queues"]);
    let modules = list.modules();
    assert_eq!(modules.keys().collect::<Vec<_>>(), [&"identity"]);
    let tokens = modules["identity"][0];
    assert_eq!(
        (&*tokens.name, tokens.folder(), tokens.operations()),
        ("tokens", "identity/tokens".to_owned(), &["Get".to_owned(), "Renew".to_owned()][..])
    );
    let queues = list.get("queues").unwrap();
    assert!(queues.folder() == "queues" && queues.operations().is_empty());
}

#[test]
fn what_is_wrong_with_a_service_of_the_runtime_is_told() {
    let text = "\
[one]
module = \"identity\"
[two]
operations = [\"Get\"]
[three]
module = \"Identity\"
operations = [\"Get\"]
default = true
[four]
module = \"identity\"
operations = \"Get\"
";
    let expected = [
        "2:10 unusable-entry: a service of the runtime has the operations that it names, and it names none",
        "4:14 unusable-entry: only a service of the runtime is cut down to some operations",
        "6:10 invalid-name: `Identity` is no module",
        "8:11 unusable-entry: a service of the runtime has no feature to be on by default",
        "11:14 wrong-type: expected a list, found a string",
    ];
    let told = list(text).unwrap_err();
    let told: Vec<&str> = told.iter().map(|line| line.split(" expected `").next().unwrap()).collect();
    assert_eq!(told.len(), expected.len(), "{told:#?}");
    assert!(told.iter().zip(expected).all(|(told, expected)| told.starts_with(expected)), "{told:#?}");
}

#[test]
fn what_is_wrong_is_told() {
    let text = "\
[one]
defaults = true
[two]
botocore = \"../two\"
[three]
version = \"newest\"
default = \"yes\"
[four]
smithy = \"one\"
[\"fi/ve\"]
[six]
version = \"2020-7-8\"
[seven]
botocore = 7
";
    let expected = [
        "2:1 unknown-key: key `defaults` of a service is not known and was not read did you mean `default`?",
        "4:12 invalid-name: `../two` is no folder expected the name of a folder of models, such as `workspaces-web`",
        "6:11 invalid-name: `newest` is no version of an API expected a day such as `2016-12-01`, in quotes",
        "7:11 wrong-type: expected a boolean, found a string",
        "8:2 duplicate-service: `one` is the smithy folder of `one` already expected another folder: name it with `smithy = \"...\"`",
        "10:2 invalid-name: `fi/ve` is no folder expected letters, digits and dashes, as in `[workspaces-web]`",
        "12:11 invalid-name: `2020-7-8` is no version of an API expected a day such as `2016-12-01`, in quotes",
        "14:12 wrong-type: expected a string, found a number",
    ];
    assert_eq!(list(text).unwrap_err(), expected);
    let nothing = "1:1 no-services: the list names no service expected a table for each service, such as `[appstream]`";
    assert_eq!(list("# nothing\n").unwrap_err(), [nothing]);
    assert_eq!(list("appstream = true\n").unwrap_err(), ["1:13 wrong-type: expected an object, found a boolean"]);
    assert!(list("[appstream\n").unwrap_err()[0].contains("broken-toml"));
}

/// The crate of the services `a`, `b` and `c`, of which some are not on by default: `Cargo.toml` and `lib.rs`.
fn generated(opt_in: &[&str]) -> [String; 2] {
    let [manifest, root, _] = generated_as(opt_in, None);
    [manifest, root]
}

/// The same with an operation.
fn generated_as(opt_in: &[&str], publication: Option<Publication>) -> [String; 3] {
    let model = br#"{"metadata": {"protocol": "json", "jsonVersion": "1.1", "targetPrefix": "T"},
        "operations": {"Go": {}}, "shapes": {}}"#;
    let service = |name: &str| {
        let files = vec![SourceFile { path: "service-2.json".to_owned(), text: model.to_vec() }];
        ServiceFiles { name: name.to_owned(), files }
    };
    let set = ModelSet { services: ["a", "b", "c"].map(service).to_vec(), partitions: None };
    let opt_in = opt_in.iter().map(|&name| name.to_owned()).collect();
    let manifest = Manifest::Member { package: "p".to_owned(), opt_in, publication };
    let options = Options::new(manifest);
    let output = generate(&read(&set).0.unwrap(), &options).0.unwrap();
    ["Cargo.toml", "src/lib.rs", "src/a/operations/go.rs"].map(|file| output.files[file].clone())
}

#[test]
fn services_are_on_by_default_or_asked_for() {
    let [manifest, root] = generated(&["b"]);
    assert!(manifest.contains("\ndefault = [\"client\", \"credentials\", \"a\", \"c\"]\n"), "{manifest}");
    assert!(manifest.contains("\nall-services = [\"a\", \"b\", \"c\"]\n"), "{manifest}");
    assert!(manifest.contains("\na = []\nb = []\nc = []\n"), "{manifest}");
    let told = "//! | `a` (default) | a: the module `a` |\n//! | `b` | b: the module `b` |\n\
        //! | `c` (default) | c: the module `c` |\n//! | `all-services` | all of these |\n//! | `client` (default) |";
    assert!(root.contains(told), "{root}");
    assert!(root.contains("\n//! | `blocking` |"), "{root}");

    let [manifest, root] = generated(&["a", "b", "c"]);
    assert!(manifest.contains("\ndefault = [\"client\", \"credentials\"]\n"), "{manifest}");
    assert!(root.contains("//! | `a` | a: the module `a` |\n//! | `b` | b: the module `b` |\n"), "{root}");

    let [manifest, root] = generated(&[]);
    assert!(manifest.contains("\ndefault = [\"client\", \"credentials\", \"a\", \"b\", \"c\"]\n"), "{manifest}");
    assert!(!manifest.contains("all-services") && !root.contains("all-services"));
}

#[test]
fn a_crate_that_is_published_has_a_guide_and_others_have_none() {
    let guide = vec!["errors".to_owned(), "pages".to_owned()];
    let publication = Publication { description: "What it is".to_owned(), guide };
    let [manifest, root, operation] = generated_as(&[], Some(publication));
    for line in ["description = \"What it is\"", "documentation = \"https://docs.rs/p\"", "all-features = true"] {
        assert!(manifest.contains(&format!("\n{line}\n")), "{line} in {manifest}");
    }
    assert!(!manifest.contains("publish"));
    for page in ["crate", "guide", "errors", "pages"] {
        assert!(root.contains(&format!("include_str!(\"../guide/{page}.md\")")), "{page} in {root}");
    }
    assert!(root.contains("#[cfg(doc)]"), "compilers do not read the guide");
    let example = "/// ```rust,no_run\n/// # use workstream::a::{Client, Error, types::*};\n\
        /// # async fn example(client: &Client) -> Result<(), Error> {\n\
        /// let output = client.go(GoInput::new()).await?;\n/// println!(\"{output:?}\");\n/// # Ok(())\n/// # }\n/// ```\n";
    assert!(operation.contains(example), "{operation}");

    let [manifest, root, operation] = generated_as(&[], None);
    assert!(!operation.contains("```"), "{operation}");
    let [_, without_pages, _] = generated_as(&[], Some(Publication::default()));
    assert!(!without_pages.contains("guide"), "{without_pages}");
    assert!(manifest.contains("\npublish = false\n"), "{manifest}");
    assert!(!root.contains("guide") && !manifest.contains("docs.rs"));
}
