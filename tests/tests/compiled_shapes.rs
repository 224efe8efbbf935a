//! Shapes as a user of the crate has them: made, printed, sent and read back.

use crate::compiled::{assert_request_survives, assert_response_survives, json, read};
use std::collections::BTreeMap;
use workstream_fixtures::{Blob, Document, Operation, Protocol, Timestamp};

#[test]
fn recursion_of_one_structure() {
    use workstream_fixtures::recursion_of_one::types::*;
    let tree = Tree::new("root").left(Tree::new("left").right(Tree::new("leaf"))).right(Tree::new("right"));
    assert_eq!(tree.left.as_ref().unwrap().right.as_ref().unwrap().name, "leaf");
    assert_request_survives(&RunInput::new().tree(tree.clone()));
    assert_response_survives::<RunInput>(&RunOutput::new().tree(tree.clone()));
    let expected = r#"Tree { Name: "root", Left: Tree { Name: "left", Right: Tree { Name: "leaf" } }, Right: Tree { Name: "right" } }"#;
    assert_eq!(format!("{tree:?}"), expected);
}

#[test]
fn recursion_of_two_structures() {
    use workstream_fixtures::recursion_of_two::types::*;
    let a = A::new().b(B::new().a(A::new().b(B::new().name("end"))));
    assert_eq!(json(&RunInput::new().a(a.clone())), r#"{"A":{"B":{"A":{"B":{"Name":"end"}}}}}"#);
    assert_request_survives(&RunInput::new().a(a.clone()));
    assert_response_survives::<RunInput>(&RunOutput::new().a(a));
}

#[test]
fn recursion_of_four_structures() {
    use workstream_fixtures::recursion_of_four::types::*;
    let inner = A::new(B::new());
    let a = A::new(B::new().c(C::new(D::new().a(inner).side(B::new()).name("end"))));
    assert_request_survives(&RunInput::new().a(a.clone()));
    assert_response_survives::<RunInput>(&RunOutput::new().a(a.clone()));
    // A required member that a response lacks is empty, and ends the recursion.
    assert_eq!(read::<RunInput>(r#"{"A":{}}"#), RunOutput::new().a(A::new(B::new())));
}

#[test]
fn recursion_through_lists_and_maps_needs_no_box() {
    use workstream_fixtures::{recursion_through_list, recursion_through_map};
    let leaf = recursion_through_list::types::Folder::new([]).name("leaf");
    let folders: &Vec<recursion_through_list::types::Folder> =
        &recursion_through_list::types::Folder::new([leaf]).folders;
    let input = recursion_through_list::types::RunInput::new();
    assert_request_survives(&input.folder(recursion_through_list::types::Folder::new(folders.clone())));

    use recursion_through_map::types::{Folder, RunInput};
    let folder = Folder::new([("a", Folder::new(BTreeMap::<String, _>::new()))]);
    assert_eq!(json(&RunInput::new().folder(folder)), r#"{"Folder":{"Folders":{"a":{"Folders":{}}}}}"#);
}

#[test]
fn recursion_through_unions() {
    use workstream_fixtures::{recursion_of_union, recursion_through_union};
    {
        use recursion_through_union::types::*;
        let leaf = Filter::Leaf("x".to_owned());
        let filter = Filter::And(vec![Filter::Not(Box::new(Negation::new(leaf.clone()))), leaf]);
        assert_request_survives(&RunInput::new().filter(filter.clone()));
        assert_response_survives::<RunInput>(&RunOutput::new().filter(filter));
        // What is required and absent ends in the empty unknown member.
        assert!(Negation::default().of.as_ref() == &Filter::default());
    }
    use recursion_of_union::types::*;
    let negated = Expression::Negated(Box::new(Expression::Negated(Box::new(Expression::Value(1)))));
    let expression = Expression::Any(vec![negated, Expression::Any(Vec::new())]);
    assert_request_survives(&RunInput::new().expression(expression.clone()));
    assert_response_survives::<RunInput>(&RunOutput::new().expression(expression));
}

#[test]
fn sparse_and_dense() {
    use workstream_fixtures::sparse::types::*;
    let input = RunInput::new()
        .sparse_texts([Some("a".to_owned()), None])
        .dense_texts(["a", "b"])
        .sparse_map(BTreeMap::from([("a".to_owned(), None), ("b".to_owned(), Some(1))]))
        .sparse_items([None, Some(Item::new().a("x"))])
        .sparse_trees([Some(Tree::new().trees([None])), None]);
    assert_request_survives(&input);
    let body =
        r#"{"SparseTexts":["a",null],"DenseTexts":["a",null],"SparseMap":{"a":null},"DenseMap":{"a":null,"b":1}}"#;
    let expected = RunOutput::new()
        .sparse_texts([Some("a".to_owned()), None])
        .dense_texts(["a"])
        .sparse_map(BTreeMap::from([("a".to_owned(), None)]))
        .dense_map(BTreeMap::from([("b".to_owned(), 1)]));
    assert_eq!(read::<RunInput>(body), expected);
    assert_response_survives::<RunInput>(&expected);
}

#[test]
fn nested_containers() {
    use workstream_fixtures::containers_nested::types::*;
    let texts = || BTreeMap::from([("k".to_owned(), vec!["v".to_owned()])]);
    let input = RunInput::new([vec!["a".to_owned()], vec![]])
        .deep(BTreeMap::from([("d".to_owned(), vec![texts(), BTreeMap::new()])]))
        .both([texts()]);
    assert_eq!(json(&input), r#"{"Deep":{"d":[{"k":["v"]},{}]},"Lists":[["a"],[]],"Both":[{"k":["v"]}]}"#);
    assert_request_survives(&input);
}

#[test]
fn maps_with_enum_keys_keep_unknown_ones() {
    use workstream_fixtures::map_with_enum_key::types::*;
    let input = RunInput::new().settings([(Setting::Speed, "fast"), (Setting::from("Colour"), "red")]);
    assert_request_survives(&input);
    let output = read::<RunInput>(r#"{"Settings":{"Colour":"red","Speed":"fast"},"Items":{"Size":{"a":"b"}}}"#);
    assert_eq!(output.settings.as_ref().unwrap()[&Setting::from("Colour")], "red");
    assert_eq!(output.items.as_ref().unwrap()[&Setting::Size], Item::new().a("b"));
    assert_response_survives::<RunInput>(&output);
}

#[test]
fn scalars_at_their_limits() {
    use workstream_fixtures::scalars::types::*;
    let input = RunInput::new(true, i64::MIN, f64::MAX, f32::MIN_POSITIVE)
        .flag(false)
        .byte(i8::MIN)
        .short(i16::MAX)
        .integer(i32::MIN)
        .long(i64::MAX)
        .float(f32::INFINITY)
        .double(-0.5)
        .text("")
        .bytes(b"\x00\xff")
        .floats([0.1, f32::NEG_INFINITY])
        .longs(BTreeMap::from([("max".to_owned(), i64::MAX)]));
    assert_request_survives(&input);
    // Zero and false of a required member are sent, too.
    let empty = json(&RunInput::new(false, 0, 0.0, 0.0));
    assert_eq!(empty, r#"{"requiredFlag":false,"requiredLong":0,"requiredDouble":0.0,"requiredFloat":0.0}"#);
    assert_eq!(read::<RunInput>("{}"), RunOutput::new(false, 0, 0.0, 0.0));
}

#[test]
fn blobs_are_base64_in_json_and_told_by_size() {
    use workstream_fixtures::blobs::types::*;
    let input = RunInput::new(b"key").logo(vec![1, 2, 3]).logos([Blob::from(b"a")]).by_name([("n", b"b")]);
    assert_eq!(json(&input), r#"{"Logo":"AQID","Logos":["YQ=="],"ByName":{"n":"Yg=="},"Key":"a2V5"}"#);
    assert_request_survives(&input);
    assert!(format!("{input:?}").contains("3 bytes"), "{input:?}");
}

#[test]
fn timestamps_in_every_format() {
    use workstream_fixtures::timestamps::types::*;
    let t = Timestamp::from_secs(1_577_836_800);
    let input = RunInput::new(t)
        .default_(t)
        .epoch(t)
        .iso(t)
        .http(t)
        .on_member(t)
        .iso_list([t])
        .http_map([("k", t)])
        .iso_elements([t])
        .nested([BTreeMap::from([("k".to_owned(), t)])])
        .wrapped(Wrapped::new().at(t))
        .choice(Choice::At(t));
    let (iso, http) = (r#""2020-01-01T00:00:00Z""#, r#""Wed, 01 Jan 2020 00:00:00 GMT""#);
    let expected = format!(
        "{{\"default\":1577836800,\"epoch\":1577836800,\"iso\":{iso},\"http\":{http},\"onMember\":{iso},\"isoList\":[{iso}],\
         \"httpMap\":{{\"k\":{http}}},\"isoElements\":[{iso}],\"nested\":[{{\"k\":{http}}}],\"required\":{iso},\
         \"wrapped\":{{\"at\":{http}}},\"choice\":{{\"at\":{iso}}}}}"
    );
    assert_eq!(json(&input), expected);
    assert_request_survives(&input);
    assert_response_survives::<RunInput>(&RunOutput::new(t).http_map([("k", t)]).choice(Choice::At(t)).iso_list([t]));
}

#[test]
fn documents_are_any_json() {
    use workstream_fixtures::documents::types::*;
    let document = Document::from(vec![Document::Null, true.into(), 1.into(), "x".into()]);
    let input = RunInput::new("text").any(document.clone()).all([Document::Null, document]).by_name([("k", 1)]);
    assert_eq!(
        json(&input),
        r#"{"Any":[null,true,1,"x"],"All":[null,[null,true,1,"x"]],"ByName":{"k":1},"Needed":"text"}"#
    );
    assert_request_survives(&input);
}

#[test]
fn unions_have_one_member_of_any_kind() {
    use workstream_fixtures::unions::types::*;
    let choices = [
        Choice::Text("a".to_owned()),
        Choice::Number(-1),
        Choice::Structure(Item::new().a("b")),
        Choice::List(vec!["c".to_owned()]),
        Choice::Map(BTreeMap::from([("d".to_owned(), 4)])),
        Choice::Enum(Word::A),
        Choice::Empty(Empty::new()),
        Choice::Blob(Blob::from(b"e")),
        Choice::Time(Timestamp::from_secs(1)),
        Choice::Real(0.5),
        Choice::Document("f".into()),
    ];
    for choice in choices.clone() {
        assert_response_survives::<RunInput>(&RunOutput::new(choice));
    }
    assert_request_survives(&RunInput::new(Choice::Number(1)).choices(choices));
    let unknown = read::<RunInput>(r#"{"Needed":{"brandNew":{"x":1}}}"#).needed;
    assert!(matches!(&unknown, Choice::Unknown(name) if name.as_str() == "brandNew"), "{unknown:?}");
    assert!(RunInput::new(unknown).to_request(Protocol::AwsJson1_1).is_err(), "an unknown member cannot be sent");
}

#[test]
fn what_is_sensitive_is_never_printed() {
    use workstream_fixtures::sensitive::types::*;
    let secret = || Secret::new().user("hidden").code("hidden");
    let input = RunInput::new()
        .password("hidden")
        .passwords(["hidden"])
        .by_name(BTreeMap::from([("k".to_owned(), vec!["hidden".to_owned()])]))
        .secret(secret())
        .secrets([secret()])
        .public("shown")
        .choice(Choice::Password("hidden".to_owned()))
        .key(b"hidden")
        .mode(Mode::from("hidden"))
        .mixed(Mixed::new().password("hidden").public("shown"))
        .hidden_list(["hidden"]);
    let parts = (secret(), Choice::Password("hidden".to_owned()), Mode::from("hidden"));
    let text = format!("{input:?} {input:#?} {parts:?}");
    assert!(!text.contains("hidden") && text.contains("shown"), "{text}");
    assert_eq!(json(&input).matches("hidden").count(), 11, "but sent: {}", json(&input));
    assert_request_survives(&input);

    use workstream_fixtures::sensitive_input;
    let input = sensitive_input::types::RunInput::new().code("hidden");
    let denied = sensitive_input::types::Denied::new().message("hidden");
    let text = format!("{input:?} {:?} {denied:?}", sensitive_input::types::RunOutput::new().text("hidden"));
    assert!(!text.contains("hidden"), "{text}");
}

#[test]
fn empty_and_large_structures() {
    use workstream_fixtures::{structure_all_required, structure_empty, structure_large};
    {
        use structure_empty::types::*;
        let input = RunInput::new(Empty::new()).all([Empty::new(), Empty::default()]);
        assert_eq!(json(&input), r#"{"Needed":{},"All":[{},{}]}"#);
        assert_request_survives(&input);
    }
    let input = structure_large::types::RunInput::new().member1("first").member70("last");
    assert_eq!(json(&input), r#"{"Member1":"first","Member70":"last"}"#);
    assert_request_survives(&input);
    let input = structure_all_required::types::RunInput::new("1", "2", "3", "4", "5", "6", "7", "8", "9", "10");
    assert_eq!(input.member10, "10");
}
