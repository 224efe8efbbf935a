//! Names that Rust, its prelude or this project have too: everything keeps its
//! name on the wire, and a user can import all of a service.

use crate::compiled::{assert_request_survives, assert_response_survives, json, read};
use workstream_fixtures::Operation;

#[test]
fn keywords_as_members() {
    use workstream_fixtures::keyword_members::types::*;
    let input = RunInput::new().r#type("a").self_("b").self_2("c").r#gen("d").super_("e").default_("g");
    let expected = r#"{"self":"b","Self":"c","super":"e","type":"a","gen":"d","default":"g"}"#;
    assert_eq!(json(&input), expected);
    assert_request_survives(&input);
    assert_eq!(input.r#type.as_deref(), Some("a"));
}

#[test]
fn keywords_as_arguments() {
    use workstream_fixtures::keyword_required_members::types::*;
    let input = RunInput::new("1", "2", "3", "4", "5", "6", "7", "8", "9");
    let expected =
        r#"{"type":"1","self":"2","Self":"3","crate":"4","match":"5","async":"6","gen":"7","new":"8","default":"9"}"#;
    assert_eq!(json(&input), expected);
}

#[test]
fn keywords_and_prelude_names_as_operations() {
    use workstream_fixtures::{keyword_operations, obstacle_operations};
    let targets = |service: &workstream_fixtures::dynamic::DynamicService| {
        service.operations().iter().map(|operation| operation.description().target).collect::<Vec<_>>()
    };
    assert!(targets(&keyword_operations::dynamic::SERVICE).contains(&"Fixture.Self"));
    assert!(targets(&keyword_operations::dynamic::SERVICE).contains(&"Fixture.self"));
    assert!(targets(&obstacle_operations::dynamic::SERVICE).contains(&"Fixture.Result"));
    assert_eq!(keyword_operations::types::TypeInput::DESCRIPTION.name, "type");
    assert_eq!(obstacle_operations::types::OptionInput::DESCRIPTION.name, "Option");
}

/// All imported at once: nothing of the prelude is hidden.
#[test]
fn prelude_names_as_shapes() {
    use workstream_fixtures::obstacle_structures::types::*;
    let all: Option<Vec<String>> = Some(Vec::from([String::from("x")]));
    let ok: Result<Box<u8>, Error_> = Ok(Box::new(1));
    assert!(all.is_some() && ok.is_ok());
    let input = RunInput::new()
        .option(OptionShape::new().a("o"))
        .string(StringShape::new().a("s"))
        .error(ErrorShape::new().a("e"))
        .vec(VecShape::new().a("v"))
        .self_(Self_::new().a("f"))
        .future(FutureShape::new().a("u"));
    let expected = r#"{"Future":{"a":"u"},"Option":{"a":"o"},"String":{"a":"s"},"Vec":{"a":"v"},"Error":{"a":"e"},"Self":{"a":"f"}}"#;
    assert_eq!(json(&input), expected);
    assert_request_survives(&input);
    assert_eq!(format!("{:?}", OptionShape::new()), "OptionShape");
}

type Error_ = std::fmt::Error;

#[test]
fn prelude_names_as_enums_and_unions() {
    {
        use workstream_fixtures::obstacle_enums::types::*;
        let input = RunInput::new().option("a").result(ResultShape::A).unknown_value("b");
        assert_eq!(json(&input), r#"{"Option":"a","Result":"a","UnknownValue":"b"}"#);
    }
    use workstream_fixtures::obstacle_unions::types::*;
    let input = RunInput::new().some(SomeShape::A("x".to_owned())).union(UnionShape::A("y".to_owned()));
    assert_request_survives(&input);
}

#[test]
fn enum_values_of_every_spelling() {
    use workstream_fixtures::enum_values_punctuated::types::Odd;
    for value in Odd::values() {
        assert_eq!(Odd::from(value.as_str()), *value);
        assert!(!matches!(value, Odd::Unknown(_)), "{value}");
    }
    assert_eq!(
        (Odd::V0_5.as_str(), Odd::V05.as_str(), Odd::Asterisk.as_str(), Odd::Empty.as_str()),
        ("0.5", "05", "*", "")
    );
    assert!(matches!(Odd::from("6m"), Odd::Unknown(_)));
}

#[test]
fn enum_values_that_collide() {
    use workstream_fixtures::enum_values_colliding::types::{OAuth2ErrorCode, Punctuation};
    // The first in the model's order has the name: what comes later takes it from nobody.
    assert_eq!(OAuth2ErrorCode::from("INVALID_REQUEST"), OAuth2ErrorCode::InvalidRequest);
    assert_eq!(OAuth2ErrorCode::from("invalid_request"), OAuth2ErrorCode::InvalidRequest2);
    assert_eq!(OAuth2ErrorCode::InvalidRequest3.as_str(), "InvalidRequest");
    for value in Punctuation::values() {
        assert_eq!(Punctuation::from(value.as_str()), *value);
    }
}

#[test]
fn an_unknown_value_of_the_model_is_not_the_catch_all() {
    use workstream_fixtures::enum_value_unknown::types::{State, Status, Taken};
    assert_eq!(State::from("UNKNOWN"), State::Unknown);
    assert!(matches!(State::from("new"), State::Unrecognized(value) if value.as_str() == "new"));
    assert!(matches!(Status::from("new"), Status::Unrecognized(_)));
    assert!(matches!(Taken::from("Unrecognized"), Taken::Unrecognized));
    assert_eq!(Taken::from("new").as_str(), "new");
}

#[test]
fn enum_values_named_self() {
    use workstream_fixtures::enum_values_self::types::{Owner, RunInput, RunOutput};
    assert_eq!((Owner::Self_.as_str(), Owner::from("self").as_str()), ("Self", "self"));
    assert_eq!(json(&RunInput::new().a(Owner::Self_)), r#"{"a":"Self"}"#);
    assert_eq!(read::<RunInput>(r#"{"a":"somebody"}"#), RunOutput::new().a("somebody"));
}

#[test]
fn members_that_collide_keep_their_wire_names() {
    use workstream_fixtures::members_colliding::types::*;
    let body = r#"{"Type":"1","type":"2","TYPE":"3","fooBar":"4","FooBar":"5","foo_bar":"6","type_2":"7"}"#;
    let output = read::<RunInput>(body);
    let types = [&output.r#type, &output.type_2, &output.type_3, &output.type_2_2];
    assert_eq!(types.map(Option::as_deref), [Some("1"), Some("2"), Some("3"), Some("7")]);
    let bars = [&output.foo_bar, &output.foo_bar_2, &output.foo_bar_3];
    assert_eq!(bars.map(Option::as_deref), [Some("4"), Some("5"), Some("6")]);
    assert_response_survives::<RunInput>(&output);
}

#[test]
fn messages_of_either_case_are_two_members() {
    use workstream_fixtures::members_mixed_case::types::*;
    let output = read::<RunInput>(r#"{"Message":"upper","message":"lower"}"#);
    assert_response_survives::<RunInput>(&output);
    assert_eq!(output, read::<RunInput>(r#"{"message":"lower","Message":"upper"}"#));
}

#[test]
fn shapes_that_differ_by_case_only() {
    use workstream_fixtures::shapes_colliding::types::*;
    let input = RunInput::new().b(Image::new().b("exact"));
    assert_eq!(json(&input), r#"{"b":{"b":"exact"}}"#);
    assert_eq!(json(&RunInput::new().f("f")), r#"{"f":"f"}"#);
    assert_request_survives(&input);
}

#[test]
fn shapes_with_the_names_of_inputs_outputs_and_errors() {
    use workstream_fixtures::derived_names_clashing::{ServiceError, types::*};
    let output = CreateOutputShape::from("isAnEnum");
    let input = CreateInput::new().a(CreateInputShape2::new().is_something_else("x")).b(output.clone());
    assert_eq!(json(&input), r#"{"a":{"isSomethingElse":"x"},"b":"isAnEnum"}"#);
    assert_request_survives(&input);
    assert_response_survives::<CreateInput>(&CreateOutput::new().a(output));
    let error = <ServiceError as workstream_fixtures::runtime::ServiceError>::from_code("DeleteOutput");
    assert!(matches!(error, ServiceError::DeleteOutputShape(_)), "{error:?}");
}

#[test]
fn one_shape_as_input_output_and_inside() {
    use workstream_fixtures::input_output_nested_same::types::*;
    let pool = IdentityPool::new("1").parent(IdentityPool::new("0"));
    let input = UpdateIdentityPoolInput::new("2").parent(pool.clone()).replicas([pool.clone()]);
    assert_request_survives(&input);
    assert_response_survives::<UpdateIdentityPoolInput>(&UpdateIdentityPoolOutput::new("3").parent(pool.clone()));
    assert_response_survives::<DescribeIdentityPoolsInput>(&DescribeIdentityPoolsOutput::new().pool(pool));
}

#[test]
fn two_operations_with_one_input_shape_are_two_inputs() {
    use workstream_fixtures::input_shared::types::*;
    assert_eq!(StartInput::new("a").to_request_target(), "Fixture.Start");
    assert_eq!(StopInput::new("a").to_request_target(), "Fixture.Stop");
}

trait Target {
    fn to_request_target(&self) -> String;
}

impl<I: Operation> Target for I {
    fn to_request_target(&self) -> String {
        let request = self.to_request(workstream_fixtures::Protocol::AwsJson1_1).unwrap();
        request.headers()["x-amz-target"].to_str().unwrap().to_owned()
    }
}

#[test]
fn services_with_names_of_rust_and_of_our_own_modules() {
    use workstream_fixtures as crate_;
    let names = [
        crate_::r#type::SERVICE.name,
        crate_::self_::SERVICE.name,
        crate_::types::SERVICE.name,
        crate_::dynamic_::SERVICE.name,
        crate_::runtime_::SERVICE.name,
        crate_::default::SERVICE.name,
        crate_::std::SERVICE.name,
        crate_::core::SERVICE.name,
        crate_::workstream_runtime_::SERVICE.name,
        crate_::same_module::SERVICE.name,
        crate_::same_module_2::SERVICE.name,
        crate_::n2020_service::SERVICE.name,
    ];
    let expected = [
        "type",
        "self",
        "types",
        "dynamic",
        "runtime",
        "default",
        "std",
        "core",
        "workstream-runtime",
        "same_module",
        "same-module",
        "2020-service",
    ];
    assert_eq!(names, expected);
    assert_eq!(json(&crate_::types::types::RunInput::new().a("b")), r#"{"a":"b"}"#);
}

/// What the files of a service have in scope by a glob would clash with a type of that name.
#[test]
fn no_type_has_the_name_of_what_generated_code_has_in_scope() {
    use workstream_codegen::plan::names::{Position, Scope};
    let text = std::fs::read_to_string(xtask::paths::workspace().join("runtime/src/generated.rs")).unwrap();
    let in_scope: String =
        text.split("pub mod wire").next().unwrap().lines().filter(|line| !line.starts_with("//")).collect();
    let words = in_scope.split(|c: char| !(c.is_alphanumeric() || c == '_'));
    let is_type = |word: &&str| word.starts_with(char::is_uppercase);
    let names: Vec<&str> = words.skip_while(|word| *word != "pub").filter(is_type).collect();
    assert!(names.contains(&"Operation") && names.contains(&"BTreeMap"), "{names:?}");
    for name in names {
        assert_eq!(Scope::names(Position::Type, [name]), [format!("{name}Shape")]);
    }
}
