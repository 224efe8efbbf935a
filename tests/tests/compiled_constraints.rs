//! What models ask of values: fixtures `constraints`, `constraints-nested` and `constraints-of-members`.

use std::time::{Duration, Instant};
use workstream_fixtures::client::{ClientError, Mock};
use workstream_fixtures::constraints_nested::types::*;
use workstream_fixtures::constraints_nested::{Client, SERVICE, blocking};
use workstream_fixtures::runtime::{Blob, ErrorKind, ViolationKind, Violations};
use workstream_runtime::{Reader, Value};

/// What the model allows.
fn fine() -> RunInput {
    RunInput::new("name", "free", "", Kind::One, Choice::Count(1))
}

/// The violations of an input, each as `path: message`.
fn told(input: &RunInput) -> Vec<String> {
    input.validate().map_or_else(lines, |()| Vec::new())
}

fn lines(violations: Violations) -> Vec<String> {
    violations.to_string().lines().map(str::to_owned).collect()
}

#[test]
fn what_the_model_allows_has_no_violations() {
    let full = fine()
        .own("aa")
        .text("a-_.12")
        .guarded("straße:")
        .icon(Blob::new("ab"))
        .count(10)
        .big(i64::MIN + 1)
        .ratio(0.5)
        .share(100.0)
        .tags([("a", "b.12")])
        .ids(["a", "b"])
        .nodes([Node::new("a"), Node::new("a").parts([Node::new("a")])])
        .rows([vec![1], vec![]])
        .holes([None, Some(1)])
        .password("hunterhunter")
        .pin(0)
        .secrets([("a", "hunterhunter")]);
    assert_eq!(told(&full), [""; 0]);
    // A character is one, however many bytes it has.
    assert_eq!(told(&fine().name("äöü€𝄞")), [""; 0]);
}

#[test]
fn each_kind_of_constraint_is_told_with_its_member() {
    for (input, line) in [
        (fine().name(""), "Name: has 0 characters, expected 1 to 5"),
        (fine().name("123456"), "Name: has 6 characters, expected 1 to 5"),
        (fine().free(""), "Free: is required, and empty"),
        (fine().kind(""), "Kind: is required, and empty"),
        (fine().choice(Choice::default()), "Choice: is required, and has no member of the union `Choice`"),
        (fine().choice(Choice::Name(String::new())), "Choice.Name: has 0 characters, expected 1 to 5"),
        (fine().may_be_empty("1234"), "MayBeEmpty: has 4 characters, expected at most 3"),
        (fine().own("b"), "Own: does not match `^a*$`"),
        (fine().own("aaa"), "Own: has 3 characters, expected at most 2"),
        (fine().text("ä.12"), r"Text: does not match `^[\w\-]+\.\d{2}$`"),
        (fine().text("a.٣٤"), r"Text: does not match `^[\w\-]+\.\d{2}$`"),
        (fine().guarded("aws:a"), r"Guarded: does not match `^(?!aws:)[\p{L}:]+$`"),
        (fine().icon(Blob::new("a")), "Icon: has 1 byte, expected 2 to 3"),
        (fine().count(0), "Count: is 0, expected 1 to 10"),
        (fine().big(i64::MIN), "Big: is -9223372036854775808, expected at least -9223372036854775807"),
        (fine().ratio(0.25), "Ratio: is 0.25, expected 0.5 to 1.5"),
        (fine().share(100.5), "Share: is 100.5, expected at most 100"),
        (fine().ids([""; 0]), "Ids: has 0 elements, expected at least 1"),
        (fine().ids(["a", "b", "a"]), "Ids[2]: is the same as the element 0, expected no two alike"),
        (fine().rows([vec![], vec![1, 2]]), "Rows[1]: has 2 elements, expected at most 1"),
        (fine().rows([vec![11]]), "Rows[0][0]: is 11, expected 1 to 10"),
        (fine().holes([None, Some(0)]), "Holes[1]: is 0, expected 1 to 10"),
        (fine().tags([("a", "b")]), r#"Tags["a"]: does not match `^[\w\-]+\.\d{2}$`"#),
        (fine().tags([("", "b.12")]), r#"Tags[""]: the key has 0 characters, expected 1 to 5"#),
    ] {
        assert_eq!(told(&input), [line], "{input:?}");
    }
}

#[test]
fn all_violations_are_told_in_the_order_of_the_members() {
    let deep = Node::new("a").parts([Node::new("b").parts([Node::new("")])]);
    let input = fine().name("").count(11).tags([("a", "x"), ("b", "x"), ("c", "x.12")]).nodes([deep.clone(), deep]);
    let Err(violations) = input.validate() else { panic!("nothing was found") };
    let found: Vec<_> = violations.iter().map(|violation| (violation.path(), violation.kind())).collect();
    let expected = [
        ("Name", ViolationKind::Length),
        ("Count", ViolationKind::Range),
        ("Tags", ViolationKind::Length),
        (r#"Tags["a"]"#, ViolationKind::Pattern),
        (r#"Tags["b"]"#, ViolationKind::Pattern),
        ("Nodes[0].Parts[0].Parts[0].Name", ViolationKind::Length),
        ("Nodes[1].Parts[0].Parts[0].Name", ViolationKind::Length),
        ("Nodes[1]", ViolationKind::Duplicate),
    ];
    assert_eq!(found, expected);
    assert_eq!((&violations).into_iter().count(), violations.to_string().lines().count());
}

#[test]
fn parts_of_inputs_are_validated_through_their_service() {
    let found = SERVICE.validate(&Node::new("")).map_err(lines);
    assert_eq!(found, Err(vec!["Name: has 0 characters, expected 1 to 5".to_owned()]));
    assert!(SERVICE.validate(&Node::new("a")).is_ok());
}

/// The values of secrets, what tells them, and the keys of secret maps.
#[test]
fn secrets_are_not_shown() {
    let input = fine().password("PASSWORD-of-more-than-20").pin(12_345).secrets([("KEYKEY", "PASSWORD")]);
    let violations = input.validate().unwrap_err();
    assert_eq!(
        lines(violations.clone()),
        [
            "Password: has too many characters, expected 8 to 20",
            "Password: does not match `^[a-z]*$`",
            "Pin: is out of range, expected at most 9999",
            r#"Secrets["** redacted **"]: the key has too many characters, expected 1 to 5"#,
            r#"Secrets["** redacted **"]: does not match `^[a-z]*$`"#,
        ]
    );
    let shown = format!("{violations:?} {violations}");
    for secret in ["PASSWORD", "12345", "KEYKEY"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

/// Whether it matches would take ages to find out, so it is left to the service.
#[test]
fn no_pattern_takes_long() {
    let start = Instant::now();
    let found = told(&fine().slow(format!("{}b", "a".repeat(60))));
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    assert_eq!(found, [""; 0]);
    assert_eq!(told(&fine().slow("b")), ["Slow: does not match `^(?=a)(a|a)*(?!b)$`"]);
}

#[test]
fn unions_with_members_of_later_versions_cannot_be_sent() {
    let mut choice = Choice::default();
    choice.read(&mut Reader::json(br#"{"New":1}"#));
    assert_eq!(told(&fine().choice(choice)), ["Choice: the union `Choice` has an unknown member"]);
}

#[tokio::test]
async fn a_client_that_validates_sends_nothing_that_the_model_does_not_allow() {
    let mock = Mock::new();
    mock.on::<RunInput>().respond(Ok(RunOutput::new()));
    let config = mock.config_builder().endpoint_url("https://fixture.test").validate(true).build();
    let bad = fine().name("").password("PASSWORD");
    let failed = Client::new(&config).run(bad.clone()).await.unwrap_err();
    let blocked = blocking::Client::new(&config).run(bad.clone()).send().unwrap_err();
    for error in [failed, blocked] {
        let text = error.to_string();
        assert!(
            text.contains(
                "the model does not allow the input, so it was not sent: \
                 Name: has 0 characters, expected 1 to 5; Password: does not match `^[a-z]*$`"
            ),
            "{text}"
        );
        assert!(!text.contains('\n') && !format!("{error:?}").contains("PASSWORD"), "{error:?}");
        let ErrorKind::Client(ClientError::Invalid(violations)) = error.kind() else { panic!("{error:?}") };
        assert_eq!(violations.iter().count(), 2);
    }
    assert_eq!(mock.calls::<RunInput>(), []);
    Client::new(&config).run(fine()).await.unwrap();
    // By default the service decides.
    Client::new(&config.to_builder().validate(false).build()).run(bad.clone()).await.unwrap();
    assert_eq!(mock.calls::<RunInput>(), [fine(), bad]);
}
