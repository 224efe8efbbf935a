//! The JSON notation for people and tools: strict about members.

use crate::shapes::{Choice, Everything, Inner, dynamic, to_dynamic};
use workstream_runtime::{Document, Reader, Timestamp, Value, Writer};

fn error(body: &str) -> String {
    dynamic::<Everything>(body).unwrap_err().to_string()
}

#[test]
fn timestamps_are_epoch_seconds_whatever_the_format() {
    let body = r#"{"Name":"a","Time":1.5,"DateTime":946845296,"HttpDate":-0.25,"Dates":[1]}"#;
    let read: Everything = dynamic(body).unwrap();
    assert_eq!(read.date_time, Some(Timestamp::from_secs(946_845_296)));
    assert_eq!(read.http_date, Some(Timestamp::from_millis(-250)));
    assert_eq!(to_dynamic(&read), body);
}

#[test]
fn timestamps_may_be_rfc3339_text() {
    let body = r#"{"Name":"a","Time":"2000-01-02T20:34:56Z","HttpDate":"2000-01-02T20:34:56.5+00:00"}"#;
    let read: Everything = dynamic(body).unwrap();
    assert_eq!(read.time, Some(Timestamp::from_secs(946_845_296)));
    assert_eq!(read.http_date, Some(Timestamp::from_millis(946_845_296_500)));
    assert!(error(r#"{"Name":"a","HttpDate":"Sun, 02 Jan 2000 20:34:56 GMT"}"#).contains("expected a timestamp"));
}

#[test]
fn unknown_members_are_errors_that_tell_the_known() {
    let error = error(r#"{"Name":"a","Inner":{"Id":1,"Lable":"x"}}"#);
    let expected = "Inner: unknown member `Lable` of `Inner`; it has: Id, Label, At at byte";
    assert!(error.starts_with(expected), "{error}");
}

#[test]
fn unknown_members_are_noticed_in_any_place() {
    assert!(error(r#"{"x":1}"#).contains("unknown member `x`"));
    assert!(error(r#"{"Name":"a","x":null}"#).contains("unknown member `x`"));
    assert!(error(r#"{"Name":"a","":1}"#).contains("unknown member ``"));
    assert!(error(r#"{"Name":"a","Choice":{"Txet":"a"}}"#).contains("`Txet` of `Choice`; it has: Text, When, Nested"));
    assert!(error(r#"{"Name":"a","Choice":{"__type":"a"}}"#).contains("unknown member `__type`"));
    assert!(error(r#"{"Name":"a","Inners":[{"Id":1,"Label":"","x":1}]}"#).starts_with("Inners[0]: unknown"));
}

#[test]
fn missing_required_members_are_all_told() {
    assert_eq!(dynamic::<Inner>(r#"{"At":1}"#).unwrap_err().message(), "`Inner` lacks what it requires: Id, Label");
    assert!(
        error(r#"{"Name":"a","Inners":[{"Label":"x"}]}"#)
            .starts_with("Inners[0]: `Inner` lacks what it requires: Id at")
    );
    assert!(dynamic::<Inner>("").unwrap_err().message().contains("Id, Label"));
    let null = dynamic::<Inner>(r#"{"Id":null,"Label":"x"}"#).unwrap_err();
    assert_eq!((null.path(), null.message()), ("Id", "expected an integer, found null"));
}

/// What is null is absent, but a document, whose null is a value.
#[test]
fn a_required_document_may_be_null() {
    #[derive(Debug, Default, PartialEq)]
    struct Needed(Document);

    impl Value for Needed {
        fn write(&self, writer: &mut Writer) {
            let mut members = writer.structure("Needed");
            members.member("Document", &self.0);
            members.end();
        }

        fn read(&mut self, reader: &mut Reader<'_>) {
            let mut members = reader.structure("Needed");
            while members.next() {
                members.required("Document", &mut self.0);
            }
        }
    }

    assert_eq!(dynamic::<Needed>(&to_dynamic(&Needed::default())), Ok(Needed::default()));
    assert!(dynamic::<Needed>("{}").is_err());
}

#[test]
fn required_members_may_come_in_any_order() {
    assert_eq!(dynamic::<Inner>(r#"{"Label":"x","Id":1}"#).unwrap().id, 1);
    assert_eq!(dynamic::<Inner>(r#"{"\u004cabel":"x","At":null,"Id":1}"#).unwrap().label.as_deref(), Some("x"));
}

#[test]
fn unions_are_strict_too() {
    assert_eq!(dynamic::<Choice>(r#"{"Text":"a"}"#), Ok(Choice::Text("a".into())));
    assert_eq!(dynamic::<Choice>(r#"{"When":null,"Text":"a"}"#), Ok(Choice::Text("a".into())));
    let unknown = to_dynamic(&Choice::Unknown("New".into()));
    assert_eq!(dynamic::<Choice>(&unknown), Ok(Choice::Unknown("New".into())));
    assert!(dynamic::<Choice>("{}").unwrap_err().message().contains("found none"));
    assert!(dynamic::<Choice>(r#"{"Text":"a","When":1}"#).unwrap_err().message().contains("found several"));
}

#[test]
fn special_floats_and_blobs_are_text() {
    let body = r#"{"Name":"a","Float":"-Infinity","Double":"Infinity","Blob":"+/8="}"#;
    assert_eq!(to_dynamic(&dynamic::<Everything>(body).unwrap()), body);
}

#[test]
fn nesting_is_limited() {
    let body = r#"{"Name":"a","Next":"#.repeat(200);
    assert!(error(&body).contains("at most 128 levels"));
    let body = format!(r#"{{"Name":"a","Document":{}"#, "[".repeat(1_000_000));
    assert!(error(&body).contains("at most 128 levels"));
}
