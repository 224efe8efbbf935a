//! Pages of the fixtures `paginators` and `paginators-inferred`.

use crate::compiled::{assert_request_survives, json, read};
use std::collections::BTreeMap;
use std::marker::PhantomData;
use workstream_fixtures::paginators::types::*;
use workstream_fixtures::runtime::{Reader, Value, Writer};
use workstream_fixtures::{Paginated, PaginatedItems};

/// The token after a page, and the items of the page.
fn page<I: PaginatedItems>(body: &str) -> (Option<I::Token>, Vec<I::Item>)
where
    I::Error: std::fmt::Debug,
{
    let output = read::<I>(body);
    (I::token_after(&output), I::items_of(output))
}

fn items<const N: usize>(names: [&str; N]) -> Vec<Item> {
    names.iter().map(|name| Item::new().name(*name)).collect()
}

#[test]
fn one_token() {
    let (token, found) = page::<SimpleInput>(r#"{"Token":"t","Items":[{"Name":"a"},{"Name":"b"}]}"#);
    assert_eq!((token.as_deref(), found), (Some("t"), items(["a", "b"])));
    assert_eq!(page::<SimpleInput>(r#"{"Token":""}"#), (None, vec![]), "an empty token is the end");
    assert_eq!(page::<SimpleInput>("{}"), (None, vec![]));
    let mut input = SimpleInput::new();
    input.start_at("t".to_owned());
    assert!(input.limit_page(7));
    assert_eq!(json(&input), r#"{"Token":"t","Limit":7}"#);
}

#[test]
fn several_tokens() {
    let (token, _) = page::<MultiTokenInput>(r#"{"NextHash":"h","NextRange":"r"}"#);
    assert_eq!(token, Some((Some("h".to_owned()), Some("r".to_owned()))));
    let (token, _) = page::<MultiTokenInput>(r#"{"NextHash":"h","NextRange":""}"#);
    assert_eq!(token, Some((Some("h".to_owned()), None)));
    let mut input = MultiTokenInput::new("before");
    input.start_at(token.unwrap());
    assert_eq!(json(&input), r#"{"Hash":"h","Range":""}"#);
    assert_eq!(page::<MultiTokenInput>(r#"{"NextRange":""}"#).0, None);
}

/// A token of several parts can be kept as text, and comes back the same.
#[test]
fn several_tokens_as_text() {
    let written = |token: &(Option<String>, Option<String>)| {
        let mut writer = Writer::dynamic_json();
        token.write(&mut writer);
        String::from_utf8(writer.finish().unwrap()).unwrap()
    };
    let read = |text: &str| {
        let mut token = (Some("before".to_owned()), Some("before".to_owned()));
        let mut reader = Reader::dynamic_json(text.as_bytes());
        token.read(&mut reader);
        reader.finish().map(|()| token)
    };
    let token = (None, Some("r".to_owned()));
    assert_eq!(written(&token), r#"[null,"r"]"#);
    assert_eq!(read(&written(&token)).unwrap(), token);
    assert_eq!(read(r#"["h"]"#).unwrap(), (Some("h".to_owned()), None));
    assert_eq!(read(r#"["h","r",{"x":[]}]"#).unwrap(), (Some("h".to_owned()), Some("r".to_owned())));
    assert!(read("{}").is_err());
}

#[test]
fn a_marker_or_the_last_key() {
    let both = r#"{"NextMarker":"m","Items":[{"Key":"a"},{"Key":"b"}]}"#;
    assert_eq!(page::<MarkerOrLastKeyInput>(both).0.as_deref(), Some("m"));
    let last = r#"{"Items":[{"Key":"a"},{"Key":"b"}]}"#;
    assert_eq!(page::<MarkerOrLastKeyInput>(last).0.as_deref(), Some("b"));
    assert_eq!(page::<LastKeyInput>(both).0.as_deref(), Some("b"));
    assert_eq!(page::<LastKeyInput>(r#"{"Items":[]}"#).0, None);
}

#[test]
fn more_results_decide() {
    let token = |truncated| page::<MoreResultsInput>(&format!(r#"{{"Token":"t"{truncated}}}"#)).0;
    assert_eq!(token(r#","Truncated":true"#).as_deref(), Some("t"));
    assert_eq!(token(r#","Truncated":false"#), None);
    assert_eq!(token(""), None);
    let required = page::<MoreResultsRequiredInput>(r#"{"Token":"t","Truncated":true,"Names":["a"]}"#);
    assert_eq!(required, (Some("t".to_owned()), vec!["a".to_owned()]));
}

#[test]
fn results_deeper_down() {
    let body = r#"{"Result":{"Token":"t","Inner":{"Items":[{"Name":"a"}]}}}"#;
    assert_eq!(page::<NestedResultInput>(body), (Some("t".to_owned()), items(["a"])));
    assert_eq!(page::<NestedResultInput>("{}"), (None, vec![]));
    let body = r#"{"Next":{"Link":{"Link":{"Token":"t","Items":[{"Name":"a"}]}}}}"#;
    assert_eq!(page::<RecursiveResultInput>(body), (Some("t".to_owned()), items(["a"])));
}

#[test]
fn results_that_are_no_list() {
    let (_, found) = page::<MapResultInput>(r#"{"ByName":{"b":{"Name":"2"},"a":{"Name":"1"}}}"#);
    let expected: Vec<(String, Item)> = ["a", "b"].map(str::to_owned).into_iter().zip(items(["1", "2"])).collect();
    assert_eq!(found, expected);
    assert_eq!(page::<SingleResultInput>(r#"{"Report":{"Name":"a"}}"#).1, items(["a"]));
    assert_eq!(page::<SingleRequiredResultInput>(r#"{"Count":3}"#).1, [3]);
    assert_eq!(page::<NoResultInput>(r#"{"Token":"t"}"#), (Some("t".to_owned()), vec![]));
    assert_eq!(page::<SparseResultInput>(r#"{"Names":["a",null]}"#).1, [Some("a".to_owned()), None]);
    assert_eq!(page::<TwoResultsInput>(r#"{"Items":[{"Name":"a"}],"Names":["b"]}"#).1, items(["a"]));
}

/// Where the model names no items and the output has several lists, there are pages only: what asks for items does not
/// compile.
#[test]
fn pages_without_items() {
    struct Of<I>(PhantomData<I>);
    impl<I: PaginatedItems> Of<I> {
        // Goes before the trait's, where the bound holds.
        fn has_items(&self) -> bool {
            true
        }
    }
    trait Otherwise {
        fn has_items(&self) -> bool {
            false
        }
    }
    impl<I: Paginated> Otherwise for Of<I> {}
    assert!(Of::<SimpleInput>(PhantomData).has_items() && Of::<NoResultInput>(PhantomData).has_items());
    assert!(!Of::<ListsOnlyInput>(PhantomData).has_items());
    assert!(!Of::<TokenOnlyInput>(PhantomData).has_items());
    let output = read::<ListsOnlyInput>(r#"{"Token":"t","Items":[{"Name":"a"}],"Names":["b"]}"#);
    assert_eq!(ListsOnlyInput::token_after(&output).as_deref(), Some("t"));
}

#[test]
fn limits_of_other_types() {
    let mut text = TextLimitInput::new();
    assert!(text.limit_page(5));
    assert_eq!(json(&text), r#"{"Max":"5"}"#);
    let mut long = LongLimitInput::new("t", 1);
    assert!(long.limit_page(5));
    assert_eq!(json(&long), r#"{"Token":"t","Max":5}"#);
    assert!(!OddLimitInput::new().limit_page(5), "a 16 bit integer is no size");
    assert!(!NoResultInput::new().limit_page(5), "a member `Limit` that is no limit key");
}

#[test]
fn tokens_that_are_no_text() {
    let (token, _) = page::<LongTokenInput>(r#"{"Position":9007199254740993}"#);
    assert_eq!(token, Some(9_007_199_254_740_993));
    let mut input = LongTokenInput::new();
    input.start_at(token.unwrap());
    assert_request_survives(&input);

    let (token, _) = page::<MapTokenInput>(r#"{"LastKey":{"k":{"N":"1"}}}"#);
    assert_eq!(token, Some(BTreeMap::from([("k".to_owned(), KeyValue::N("1".to_owned()))])));
    assert_eq!(page::<MapTokenInput>(r#"{"LastKey":{}}"#).0, None);
    let mut input = MapTokenInput::new();
    input.start_at(token.unwrap());
    assert_request_survives(&input);
}

#[test]
fn inferred_where_a_token_goes_in_and_out_beside_one_list() {
    use workstream_fixtures::paginators_inferred::types::*;
    fn is_inferred<I: Paginated>(_: I) -> bool {
        I::INFERRED
    }
    assert!(is_inferred(InferredInput::new()) && is_inferred(InferredLowercaseInput::new()));
    assert!(!is_inferred(SimpleInput::new()));
    let (token, found) = page::<InferredLowercaseInput>(r#"{"nextToken":"t","items":[{"Name":"a"}],"total":1}"#);
    assert_eq!((token.as_deref(), found), (Some("t"), vec![Item::new().name("a")]));
    let mut input = InferredLowercaseInput::new();
    assert!(input.limit_page(3));
    assert_eq!(json(&input), r#"{"maxResults":3}"#);
}
