//! Descriptions of a small service, in all notations. That boto3's notation is
//! botocore's own, for all operations there are, is `cargo xtask conformance`'s
//! to show; that all Rust compiles, `cargo xtask describe --check-rust`'s.

use std::collections::BTreeSet;
use workstream_codegen::describe::{Described, Description, Side, Skeleton, Style, boto3};
use workstream_codegen::{Model, ModelSet, ServiceFiles, SourceFile, read};

/// One of everything.
const SERVICE: &str = r#"{
    "metadata": {"apiVersion": "2020-01-01", "protocol": "json", "jsonVersion": "1.1", "targetPrefix": "Pets"},
    "operations": {
        "DescribePets": {
            "input": {"shape": "DescribePetsRequest"}, "output": {"shape": "DescribePetsResult"},
            "errors": [{"shape": "NoPet"}, {"shape": "Busy"}]
        },
        "ListOwners": {"input": {"shape": "ListOwnersRequest"}, "output": {"shape": "ListOwnersResult"}},
        "ListPetARNs": {},
        "Sleep": {"input": {"shape": "Nothing"}, "output": {"shape": "Nothing"}}
    },
    "shapes": {
        "DescribePetsRequest": {"type": "structure", "required": ["Kind", "Filter"], "members": {
            "Kind": {"shape": "Kind"}, "Filter": {"shape": "Filter"}, "Names": {"shape": "Names"},
            "Tags": {"shape": "Tags"}, "None": {"shape": "Nothing"}, "MaxResults": {"shape": "Integer"},
            "NextToken": {"shape": "String"}
        }},
        "DescribePetsResult": {"type": "structure", "members": {
            "Pets": {"shape": "Pets"}, "NextToken": {"shape": "String"}
        }},
        "ListOwnersRequest": {"type": "structure", "members": {"Marker": {"shape": "String"}}},
        "ListOwnersResult": {"type": "structure", "members": {
            "Owners": {"shape": "Names"}, "Marker": {"shape": "String"}
        }},
        "Filter": {"type": "structure", "required": ["Weight"], "members": {
            "Weight": {"shape": "Float"}, "Height": {"shape": "Double"}, "And": {"shape": "Filters"},
            "Not": {"shape": "Filter"}
        }},
        "Filters": {"type": "list", "member": {"shape": "Filter"}},
        "Pets": {"type": "list", "member": {"shape": "Pet"}},
        "Pet": {"type": "structure", "required": ["Name"], "members": {
            "Name": {"shape": "Name"}, "Born": {"shape": "Timestamp"}, "Image": {"shape": "Blob"},
            "Tame": {"shape": "Boolean"}, "Chip": {"shape": "Long"}, "Food": {"shape": "Food"},
            "Tags": {"shape": "Tags"}
        }},
        "Food": {"type": "structure", "union": true, "members": {"Fish": {"shape": "String"}, "Meat": {"shape": "String"}}},
        "Kind": {"type": "string", "enum": ["cat", "dog"]},
        "Name": {"type": "string", "min": 1, "max": 9, "pattern": "[a-z]+", "sensitive": true},
        "Names": {"type": "list", "member": {"shape": "Name"}, "max": 3},
        "Tags": {"type": "map", "key": {"shape": "Kind"}, "value": {"shape": "String"}},
        "Nothing": {"type": "structure", "members": {}},
        "NoPet": {"type": "structure", "exception": true, "error": {"httpStatusCode": 404}, "members": {}},
        "Busy": {"type": "structure", "exception": true, "members": {"message": {"shape": "String"}}},
        "Unused": {"type": "string"},
        "String": {"type": "string"}, "Integer": {"type": "integer"}, "Long": {"type": "long"},
        "Float": {"type": "float"}, "Double": {"type": "double"}, "Boolean": {"type": "boolean"},
        "Blob": {"type": "blob"}, "Timestamp": {"type": "timestamp"}
    }
}"#;

const PAGINATORS: &str = r#"{"pagination": {
    "DescribePets": {"input_token": "NextToken", "output_token": "NextToken", "limit_key": "MaxResults", "result_key": "Pets"},
    "ListOwners": {"input_token": "Marker", "output_token": "Marker", "result_key": "Owners"}
}}"#;

const TREE: Style = Style::Tree { colour: false };

/// A model of which the text is changed first.
fn changed(from: &str, to: &str) -> Model {
    assert!(from.is_empty() || SERVICE.contains(from), "{from}");
    let service = if from.is_empty() { SERVICE.to_owned() } else { SERVICE.replacen(from, to, 1) };
    let files = [("service-2.json", service.as_str()), ("paginators-1.json", PAGINATORS)];
    let files = files.map(|(path, text)| SourceFile { path: path.to_owned(), text: text.as_bytes().to_vec() });
    let services = vec![ServiceFiles { name: "pets".to_owned(), files: files.into() }];
    let (model, found) = read(&ModelSet { services, partitions: None });
    model.unwrap_or_else(|| panic!("{found:?}"))
}

fn text(name: &str, style: Style) -> String {
    let model = changed("", "");
    let pets = Description::new(&model, "pets").unwrap();
    pets.subject(pets.find(name).unwrap(), style).unwrap()
}

fn paginator(name: &str, style: Style) -> String {
    let model = changed("", "");
    let pets = Description::new(&model, "pets").unwrap();
    pets.paginator(pets.find_operation(name).unwrap(), style).unwrap()
}

#[test]
fn an_operation_in_the_notation_of_boto3() {
    let expected = "\
Request Syntax

response = client.describe_pets(
    Kind='cat'|'dog',
    Filter={
        'Weight': ...,
        'Height': 123.0,
        'And': [
            {'... recursive ...'},
        ],
        'Not': {'... recursive ...'}
    },
    Names=[
        'string',
    ],
    Tags={
        'string': 'string'
    },
    None={},
    MaxResults=123,
    NextToken='string'
)

Request Structure

(dict) --
    Kind (string) -- [REQUIRED]
    Filter (dict) -- [REQUIRED]
        Weight (float) -- [REQUIRED]
        Height (float) --
        And (list) --
            (dict) --
        Not (dict) --
    Names (list) --
        (string) --
    Tags (dict) --
        (string) --
            (string) --
    None (dict) --
    MaxResults (integer) --
    NextToken (string) --

Response Syntax

{
    'Pets': [
        {
            'Name': 'string',
            'Born': datetime(2015, 1, 1),
            'Image': b'bytes',
            'Tame': True|False,
            'Chip': 123,
            'Food': {
                'Fish': 'string',
                'Meat': 'string'
            },
            'Tags': {
                'string': 'string'
            }
        },
    ],
    'NextToken': 'string'
}

Response Structure

(dict) --
    Pets (list) --
        (dict) --
            Name (string) --
            Born (datetime) --
            Image (bytes) --
            Tame (boolean) --
            Chip (integer) --
            Food (dict) --
                Fish (string) --
                Meat (string) --
            Tags (dict) --
                (string) --
                    (string) --
    NextToken (string) --

Exceptions

NoPet
Busy

";
    assert_eq!(text("DescribePets", Style::Boto3), expected);
}

#[test]
fn operations_without_input_or_output() {
    assert_eq!(
        text("ListPetARNs", Style::Boto3),
        "Request Syntax\n\nresponse = client.list_pet_arns()\n\nRequest Structure\n\n(dict) --\n\n"
    );
    assert!(text("Sleep", Style::Boto3).contains("client.sleep()\n"));
    assert!(text("Sleep", Style::Boto3).contains("Response Syntax\n\n{}\n"));
}

#[test]
fn a_paginator_in_the_notation_of_boto3() {
    let pages = paginator("DescribePets", Style::Boto3);
    // The token is hidden and counts, so the list before it has its comma and a line begins.
    assert!(pages.contains("        },\n    ],\n    \n}\n"), "{pages}");
    let config = "    PaginationConfig={
        'MaxItems': 123,
        'PageSize': 123,
        'StartingToken': 'string'
    }
)
";
    assert!(pages.contains("response_iterator = paginator.paginate(\n    Kind='cat'|'dog',"), "{pages}");
    assert!(pages.contains(&format!("    None={{}},\n{config}")), "{pages}");

    let owners = paginator("ListOwners", Style::Boto3);
    let expected = "\
paginator = client.get_paginator('list_owners')

Request Syntax

response_iterator = paginator.paginate(
    PaginationConfig={
        'MaxItems': 123,
        'StartingToken': 'string'
    }
)

Request Structure

(dict) --
    PaginationConfig (dict) --
        MaxItems (integer) --
        StartingToken (string) --

Response Syntax

{
    'Owners': [
        'string',
    ],
    'NextToken': 'string'
}

Response Structure

(dict) --
    Owners (list) --
        (string) --
    NextToken (string) --

";
    assert_eq!(owners, expected);
}

#[test]
fn names_of_methods() {
    for (name, expected) in [
        ("DescribeFleets", "describe_fleets"),
        ("ListWebACLs", "list_web_acls"),
        ("CreateStreamingURL", "create_streaming_url"),
        ("DescribeIpGroups", "describe_ip_groups"),
        ("GetHLSStreamingSessionURL", "get_hls_streaming_session_url"),
        ("ARNs", "_arns"),
        ("As", "as"),
        ("AAs", "_aas"),
        ("PutV2Thing", "put_v2_thing"),
        ("already_Snake", "already_Snake"),
        ("ABcDe", "a_bc_de"),
        ("", ""),
    ] {
        assert_eq!(boto3::method(name), expected, "{name}");
    }
}

#[test]
fn what_was_added_with_what_leads_there() {
    let old = changed("", "");
    let response = |model: &Model| {
        let service = model.service("pets").unwrap();
        Skeleton::response(service, service.operation_named("DescribePets").unwrap()).unwrap()
    };
    let old = response(&old);
    assert_eq!(old.beyond(&old), BTreeSet::new());
    assert_eq!(old.only(&BTreeSet::new()), None);

    let new = changed(r#""Name": {"shape": "Name"}, "#, r#""Name": {"shape": "Name"}, "Toys": {"shape": "Tags"}, "#);
    let new = response(&new);
    let added = new.beyond(&old);
    assert_eq!(added, BTreeSet::from(["Pets[].Toys".to_owned()]));
    assert_eq!(old.beyond(&new), BTreeSet::new());
    let part = new.only(&added).unwrap();
    assert_eq!(part.line(), "{'Pets': [{'Toys': {'string': 'string'}}]}");
    assert_eq!(
        part.syntax(),
        "{\n    'Pets': [\n        {\n            'Toys': {\n                'string': 'string'\n            }\n        },\n    ]\n}"
    );
    assert_eq!(
        part.structure(),
        "(dict) --\n    Pets (list) --\n        (dict) --\n            Toys (dict) --\n                (string) --\n                    (string) --"
    );

    let values = response(&changed(r#""enum": ["cat", "dog"]"#, r#""enum": ["cat", "dog", "emu"]"#));
    assert_eq!(values.beyond(&old), BTreeSet::from(["Pets[].Tags".to_owned()]), "the keys of a map");
    let elements = response(&changed(
        r#""Tags": {"type": "map", "key": {"shape": "Kind"}, "value": {"shape": "String"}}"#,
        r#""Tags": {"type": "map", "key": {"shape": "Kind"}, "value": {"shape": "Names"}}"#,
    ));
    assert_eq!(elements.beyond(&old), BTreeSet::from(["Pets[].Tags{}".to_owned()]));
    assert_eq!(elements.only(&elements.beyond(&old)).unwrap().line(), "{'Pets': [{'Tags': {'string': ['string']}}]}");
}

#[test]
fn a_shape_by_itself() {
    let model = changed("", "");
    let service = model.service("pets").unwrap();
    let filter = Skeleton::shape(service, service.shape_named("Filter").unwrap(), Side::Request);
    assert_eq!(
        filter.line(),
        "{'Weight': ..., 'Height': 123.0, 'And': [{'... recursive ...'}], 'Not': {'... recursive ...'}}"
    );
}

#[test]
fn an_operation_as_a_tree() {
    let expected = "\
DescribePets  operation of pets
https://docs.aws.amazon.com/goto/WebAPI/pets-2020-01-01/DescribePets

request DescribePetsRequest
├─ Kind *  Kind  cat | dog
├─ Filter *  Filter
│  ├─ Weight *  float
│  ├─ Height  double
│  ├─ And  list of Filter
│  │  └─ member  Filter  recursive
│  └─ Not  Filter  recursive
├─ Names  list of string (Name)  at most 3 elements
│  └─ member  string (Name)  1 to 9 characters, matches [a-z]+, sensitive
├─ Tags  map of Kind to string
│  └─ key  Kind  cat | dog
├─ None  Nothing
├─ MaxResults  integer
└─ NextToken  string

response DescribePetsResult
├─ Pets  list of Pet
│  ├─ Name *  string (Name)  1 to 9 characters, matches [a-z]+, sensitive
│  ├─ Born  timestamp
│  ├─ Image  blob
│  ├─ Tame  boolean
│  ├─ Chip  long
│  ├─ Food  Food  exactly one member
│  │  ├─ Fish  string
│  │  └─ Meat  string
│  └─ Tags  map of Kind to string
│     └─ key  Kind  cat | dog
└─ NextToken  string

errors
├─ NoPet  HTTP status 404
└─ Busy

pagination modelled
├─ tokens in      NextToken
├─ tokens out     NextToken
├─ items at       Pets
└─ page size      MaxResults
";
    assert_eq!(text("DescribePets", TREE), expected);
    let coloured = text("DescribePets", Style::Tree { colour: true });
    assert!(coloured.contains("\x1b[1mKind\x1b[0m"), "{coloured}");
}

#[test]
fn who_uses_a_shape() {
    let expected = "\
Name  string of pets, 1 to 9 characters, sensitive
matches [a-z]+

used by
   Names.member, Pet.Name

in requests of 1 operation
   DescribePets

in responses of 2 operations
   DescribePets, ListOwners
";
    assert_eq!(text("Name", TREE), expected);
    assert!(text("Unused", TREE).ends_with("used by nothing\n"), "{}", text("Unused", TREE));
    assert!(text("NoPet", TREE).contains("in errors of 1 operation\n   DescribePets\n"), "{}", text("NoPet", TREE));
    assert!(text("Kind", TREE).contains("values\n├─ cat\n└─ dog\n"), "{}", text("Kind", TREE));
    assert!(text("Nothing", TREE).contains("used by\n   Sleep input, Sleep output, DescribePetsRequest.None\n"));
}

#[test]
fn an_operation_in_rust() {
    let expected = "\
use workstream::pets::{self, types::*};

/// Calls `DescribePets` with every member.
pub async fn describe_pets(client: &pets::Client) -> Result<(), pets::Error> {
    let input = DescribePetsInput::new(Kind::Cat, Filter::new(1.0).height(1.0))
        .names([\"string\"])
        .tags([(Kind::Cat, \"string\")])
        .none(Nothing::new())
        .max_results(1)
        .next_token(\"string\");
    match client.describe_pets(input).await {
        Ok(output) => println!(\"{output:?}\"),
        Err(error) if error.is_no_pet() => eprintln!(\"{error}\"),
        Err(error) if error.is_busy() => eprintln!(\"{error}\"),
        Err(error) => return Err(error),
    }
    Ok(())
}

/// All items of all pages of `DescribePets`.
pub async fn all_items(client: &pets::Client) -> Result<(), pets::Error> {
    let mut items = client
        .describe_pets(DescribePetsInput::new(Kind::Cat, Filter::new(1.0)))
        .items();
    while let Some(item) = items.try_next().await? {
        println!(\"{item:?}\");
    }
    Ok(())
}
";
    assert_eq!(text("DescribePets", Style::Rust), expected);
}

#[test]
fn names_are_found_in_any_case_and_the_nearest_is_told() {
    let model = changed("", "");
    let pets = Description::new(&model, "pets").unwrap();
    let describe = pets.service().operation_named("DescribePets").unwrap();
    for name in ["DescribePets", "describepets", "describe_pets"] {
        assert_eq!(pets.find(name), Ok(Described::Operation(describe)), "{name}");
        assert_eq!(pets.find_operation(name), Ok(describe), "{name}");
    }
    assert_eq!(
        pets.find("list_pet_arns"),
        Ok(Described::Operation(pets.service().operation_named("ListPetARNs").unwrap()))
    );
    let food = pets.service().shape_named("Food").unwrap();
    assert_eq!(pets.find("food"), Ok(Described::Shape(food)));
    assert_eq!(pets.find("DescribePet"), Err(Some("DescribePets".to_owned())));
    assert_eq!(pets.find("Elephants"), Err(None));
    assert_eq!(pets.find_operation("Food"), Err(None), "no operation");
    assert!(Description::new(&model, "cars").is_none());
}

#[test]
fn what_rust_does_not_have() {
    let model = changed("", "");
    let pets = Description::new(&model, "pets").unwrap();
    assert_eq!(pets.subject(pets.find("Name").unwrap(), Style::Rust), None, "a string like any other");
    assert_eq!(pets.paginator(pets.find_operation("Sleep").unwrap(), Style::Rust), None);
    assert_eq!(pets.no_rust("Sleep"), None);

    let model = changed(r#""protocol": "json", "jsonVersion": "1.1", "#, r#""protocols": [], "#);
    let pets = Description::new(&model, "pets").unwrap();
    assert_eq!(pets.overview(Style::Rust), None);
    assert_eq!(pets.no_rust("Sleep").as_deref(), Some("the service has no protocol"));
    assert!(pets.overview(TREE).unwrap().contains("paginators  2 modelled, 0 inferred\n"));
}

#[test]
fn batches() {
    let service = r#"{"metadata": {"protocol": "json"}, "operations": {"Wash": {"input": {"shape": "In"}, "output": {"shape": "Out"}},
        "Dry": {"input": {"shape": "In"}}}, "shapes": {
        "In": {"type": "structure", "required": ["Names"], "members": {"Names": {"shape": "Names"}}},
        "Out": {"type": "structure", "members": {"Failed": {"shape": "Failures"}}},
        "Failures": {"type": "list", "member": {"shape": "Failure"}},
        "Failure": {"type": "structure", "members": {"Pet": {"shape": "Name"}, "Code": {"shape": "Text"}}},
        "Names": {"type": "list", "member": {"shape": "Name"}, "max": 3}, "Name": {"type": "string"}, "Text": {"type": "string"}}}"#;
    let overlay = "[batches.Dry]\nreason = 'x'\nlist = 'Names'";
    let files = [("service-2.json", service), ("overlay.toml", overlay)];
    let files = files.map(|(path, text)| SourceFile { path: path.to_owned(), text: text.as_bytes().to_vec() });
    let services = vec![ServiceFiles { name: "pets".to_owned(), files: files.into() }];
    let (model, found) = read(&ModelSet { services, partitions: None });
    let model = model.unwrap_or_else(|| panic!("{found:?}"));
    let pets = Description::new(&model, "pets").unwrap();
    let told = |name: &str| pets.subject(pets.find(name).unwrap(), TREE).unwrap();
    let washed = "
batches inferred: the list has a greatest length, and the output tells of each item that failed
├─ items          Names
├─ of a call      at most 3
└─ failures at    Failed by Pet
";
    assert!(told("Wash").ends_with(washed), "{}", told("Wash"));
    assert!(
        told("Dry").ends_with("batches by the overlay: x\n├─ items          Names\n└─ of a call      at most 3\n"),
        "{}",
        told("Dry")
    );
    let overview = pets.overview(TREE).unwrap();
    assert!(overview.contains("\nbatches     1 inferred, 1 by the overlay\n"), "{overview}");
    assert!(overview.contains("Wash  batches (inferred)\n"), "{overview}");
}
