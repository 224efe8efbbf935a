//! How much memory a body can make reading take.

use std::collections::BTreeMap;
use workstream_runtime::{DecodeError, Document, Reader, Value, Writer};

/// As large as structures of these services are.
#[derive(Debug, Default)]
struct Large {
    fields: [Option<String>; 32],
    inner: Option<Box<Large>>,
}

impl Value for Large {
    fn write(&self, _: &mut Writer) {}

    fn read(&mut self, reader: &mut Reader<'_>) {
        let mut members = reader.structure("Large");
        while members.next() {
            members.member("Name", &mut self.fields[0]);
            members.member("I", &mut self.inner);
        }
    }
}

/// `body` repeats an element until it is about 16 MiB long.
fn list(begin: &str, element: &str, end: &str) -> Vec<u8> {
    [begin, &element.repeat((16 << 20) / element.len()), end].concat().into_bytes()
}

fn json<T: Value + Default>(body: &[u8]) -> Result<T, DecodeError> {
    let (mut value, mut reader) = (T::default(), Reader::json(body));
    value.read(&mut reader);
    reader.finish().map(|()| value)
}

fn cbor<T: Value + Default>(body: &[u8]) -> Result<T, DecodeError> {
    let (mut value, mut reader) = (T::default(), Reader::cbor(body));
    value.read(&mut reader);
    reader.finish().map(|()| value)
}

/// The most that this process has had, in MiB.
#[cfg(target_os = "linux")]
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() >> 10
}

#[test]
fn memory_is_bounded_by_the_length_of_a_body() {
    let refused = |what: &str, result: Result<usize, DecodeError>| {
        let error = result.unwrap_err();
        assert!(error.message().contains("no more elements than fit"), "{what}: {error}");
        #[cfg(target_os = "linux")]
        println!("{what}: the process had at most {} MiB", peak());
    };
    let length = |list: Vec<Large>| list.len();
    refused("JSON, empty structures", json(&list("[", "{},", "{}]")).map(length));
    let mut empty = vec![0x9f];
    empty.resize(16 << 20, 0xa0);
    empty.push(0xff);
    refused("CBOR, empty structures", cbor(&empty).map(length));
    refused("boxes", json(&list("[", "{\"I\":{\"I\":{}}},", "{}]")).map(length));
    let entries: String = (0..1_200_000).map(|index| format!("\"{index:x}\":{{}},")).collect();
    let entries = format!("{{{entries}\"x\":{{}}}}");
    refused("a map", json::<BTreeMap<String, Large>>(entries.as_bytes()).map(|map| map.len()));
    // 16 MiB and 16 times their length, twice: a vector grows by doubling.
    #[cfg(target_os = "linux")]
    assert!(peak() < 1 << 10, "{} MiB", peak());
}

#[test]
fn what_services_send_is_read() {
    // Small bodies may be of the smallest elements.
    assert_eq!(json::<Vec<Large>>(&[&b"["[..], &b"{},".repeat(10_000), b"{}]"].concat()).unwrap().len(), 10_001);
    // Large ones of elements that say something.
    let named = r#"{"Name":"arn:aws:appstream:eu-west-1:123456789012:fleet/one-of-many"},"#;
    assert!(json::<Vec<Large>>(&list("[", named, "{}]")).unwrap().len() > 200_000);
    assert!(json::<Vec<i64>>(&list("[", "1,", "1]")).unwrap().len() > 8_000_000);
    assert!(json::<Vec<String>>(&list("[", "\"ab\",", "\"\"]")).unwrap().len() > 3_000_000);
    assert!(matches!(json::<Document>(&list("[", "\"a b\",", "1]")).unwrap(), Document::Array(_)));
}
