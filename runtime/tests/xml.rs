//! XML: names, attributes, namespaces, lists and maps of every kind, and what is refused.

use std::collections::BTreeMap;
use workstream_runtime::generated::*;
use workstream_runtime::{DecodeError, Names, Reader, Tree, Value, Writer};

#[derive(Clone, Default, PartialEq)]
struct Everything {
    text: String,
    number: Option<i64>,
    flag: Option<bool>,
    ratio: Option<f64>,
    bytes: Option<Blob>,
    time: Option<Timestamp>,
    kind: Option<String>,
    list: Option<Vec<String>>,
    lists: Option<Vec<Vec<String>>>,
    flat: Option<Vec<Inner>>,
    map: Option<BTreeMap<String, String>>,
    flat_map: Option<BTreeMap<String, Inner>>,
    inner: Option<Inner>,
    choice: Option<Choice>,
    last: Option<String>,
}

impl Structure for Everything {
    fn write_members(&self, s: &mut StructureWriter<'_>) {
        s.member("Text", &self.text);
        s.named("count").member("Number", &self.number);
        s.member("Flag", &self.flag);
        s.member("Ratio", &self.ratio);
        s.member("Bytes", &self.bytes);
        s.timestamp_format(TimestampFormat::HttpDate).member("Time", &self.time);
        s.named("xsi:type").names(const { &Names::new().attribute() }).member("Kind", &self.kind);
        s.member("List", &self.list);
        s.names(const { &Names::new().item(const { &Names::new().named("row").item(CELL) }) })
            .member("Lists", &self.lists);
        s.named("Item").names(const { &Names::new().flattened() }).member("Flat", &self.flat);
        s.names(
            const {
                &Names::new()
                    .key(const { &Names::new().named("K") })
                    .item(const { &Names::new().namespace("", "urn:v") })
            },
        )
        .member("Map", &self.map);
        s.names(const { &Names::new().flattened() }).member("FlatMap", &self.flat_map);
        s.names(const { &Names::new().namespace("xsi", "urn:xsi") }).member("Inner", &self.inner);
        s.member("Choice", &self.choice);
        s.member("Last", &self.last);
    }

    fn read_members(&mut self, s: &mut StructureReader<'_, '_>) {
        s.required("Text", &mut self.text);
        s.named("count").member("Number", &mut self.number);
        s.member("Flag", &mut self.flag);
        s.member("Ratio", &mut self.ratio);
        s.member("Bytes", &mut self.bytes);
        s.member("Time", &mut self.time);
        s.named("xsi:type").names(const { &Names::new().attribute() }).member("Kind", &mut self.kind);
        s.member("List", &mut self.list);
        s.names(const { &Names::new().item(const { &Names::new().named("row").item(CELL) }) })
            .member("Lists", &mut self.lists);
        s.named("Item").names(const { &Names::new().flattened() }).member("Flat", &mut self.flat);
        s.names(
            const {
                &Names::new()
                    .key(const { &Names::new().named("K") })
                    .item(const { &Names::new().namespace("", "urn:v") })
            },
        )
        .member("Map", &mut self.map);
        s.names(const { &Names::new().flattened() }).member("FlatMap", &mut self.flat_map);
        s.names(const { &Names::new().namespace("xsi", "urn:xsi") }).member("Inner", &mut self.inner);
        s.member("Choice", &mut self.choice);
        s.member("Last", &mut self.last);
    }
}

structure!(Everything);

#[derive(Clone, Default, PartialEq)]
struct Inner {
    kind: Option<String>,
    name: Option<String>,
    inner: Option<Box<Inner>>,
}

impl Structure for Inner {
    fn write_members(&self, s: &mut StructureWriter<'_>) {
        s.member("Name", &self.name);
        s.names(const { &Names::new().attribute() }).member("kind", &self.kind);
        s.member("Inner", &self.inner);
    }

    fn read_members(&mut self, s: &mut StructureReader<'_, '_>) {
        s.member("Name", &mut self.name);
        s.names(const { &Names::new().attribute() }).member("kind", &mut self.kind);
        s.member("Inner", &mut self.inner);
    }
}

structure!(Inner);

#[derive(Clone, PartialEq)]
enum Choice {
    Number(i32),
    List(Vec<String>),
    Unknown(UnknownValue),
}

impl Default for Choice {
    fn default() -> Self {
        Self::Unknown(UnknownValue::default())
    }
}

impl Union for Choice {
    fn write_variant(&self, s: UnionWriter<'_>) {
        match self {
            Self::Number(value) => s.named("number").variant("Number", value),
            Self::List(value) => s.names(const { &Names::new().flattened() }).variant("List", value),
            Self::Unknown(name) => s.unknown(name.as_str()),
        }
    }

    fn read_variant(&mut self, s: &mut UnionReader<'_, '_>) {
        s.named("number").variant("Number", |value| *self = Self::Number(value));
        s.names(const { &Names::new().flattened() }).variant("List", |value| *self = Self::List(value));
        s.unknown(|name| *self = Self::Unknown(UnknownValue::new(name)));
    }
}

union!(Choice);

const CELL: &Names = &Names::new().named("cell");
const ROOT: &Names = &Names::new().named("Root").namespace("", "urn:root");

fn write(value: &dyn Value) -> String {
    let mut writer = Writer::xml(ROOT);
    value.write(&mut writer);
    String::from_utf8(writer.finish().unwrap()).unwrap()
}

fn read<T: Value + Default>(text: &str) -> Result<T, DecodeError> {
    let tree = Tree::xml(text.as_bytes())?;
    let mut value = T::default();
    let mut reader = Reader::xml(&tree);
    value.read(&mut reader);
    reader.finish().map(|()| value)
}

fn inner(name: &str) -> Inner {
    Inner { name: Some(name.to_owned()), ..Inner::default() }
}

fn everything() -> Everything {
    Everything {
        text: "a < b & \"c\"\r\n\u{1}".to_owned(),
        number: Some(-5),
        flag: Some(true),
        ratio: Some(f64::INFINITY),
        bytes: Some(Blob::from(vec![0, 255])),
        time: Some(Timestamp::from_secs(1_398_796_238)),
        kind: Some("<\"'&\n".to_owned()),
        list: Some(vec!["a".to_owned(), String::new()]),
        lists: Some(vec![vec!["a".to_owned(), "b".to_owned()], vec![]]),
        flat: Some(vec![inner("x"), Inner { kind: Some("k".to_owned()), ..Inner::default() }]),
        map: Some(BTreeMap::from([("a".to_owned(), "A".to_owned()), ("b".to_owned(), String::new())])),
        flat_map: Some(BTreeMap::from([("a".to_owned(), inner("x")), ("b".to_owned(), Inner::default())])),
        inner: Some(Inner { kind: Some("k".to_owned()), inner: Some(Box::new(inner("y"))), ..inner("x") }),
        choice: Some(Choice::List(vec!["1".to_owned(), "2".to_owned()])),
        last: Some("l".to_owned()),
    }
}

#[test]
fn every_kind_of_member_has_its_place() {
    let expected = concat!(
        "<Root xmlns=\"urn:root\" xsi:type=\"&lt;&quot;'&amp;&#xA;\">",
        "<Text>a &lt; b &amp; \"c\"&#xD;\n&#x1;</Text>",
        "<count>-5</count><Flag>true</Flag><Ratio>Infinity</Ratio><Bytes>AP8=</Bytes>",
        "<Time>Tue, 29 Apr 2014 18:30:38 GMT</Time>",
        "<List><member>a</member><member></member></List>",
        "<Lists><row><cell>a</cell><cell>b</cell></row><row></row></Lists>",
        "<Item><Name>x</Name></Item><Item kind=\"k\"></Item>",
        "<Map><entry><K>a</K><value xmlns=\"urn:v\">A</value></entry>",
        "<entry><K>b</K><value xmlns=\"urn:v\"></value></entry></Map>",
        "<FlatMap><key>a</key><value><Name>x</Name></value></FlatMap><FlatMap><key>b</key><value></value></FlatMap>",
        "<Inner xmlns:xsi=\"urn:xsi\" kind=\"k\"><Name>x</Name><Inner><Name>y</Name></Inner></Inner>",
        "<Choice><List>1</List><List>2</List></Choice>",
        "<Last>l</Last></Root>",
    );
    assert_eq!(write(&everything()), expected);
    assert_eq!(read(expected), Ok(everything()));
}

#[test]
fn members_are_read_in_any_order_among_others() {
    let text = "<?xml version='1.0'?><!-- c --><r:Root xmlns:r='urn:r' other='o' xsi:type='t'>
        <Last>l</Last>
        <Item><Name>x</Name></Item>
        <New a='b'><Text>not</Text></New>
        <r:Text><![CDATA[<]]>&amp;&#x41;&#66;\r\n</r:Text>
        <FlatMap><value><Name>1</Name></value><key>k</key></FlatMap>
        <Item><Name>y</Name></Item>
        <Item/>
        <count> 5.0 </count>
        <FlatMap><key>l</key><value/></FlatMap>
        <Time>1398796238</Time>
    </r:Root>
    ";
    let expected = Everything {
        text: "<&AB\n".to_owned(),
        number: Some(5),
        time: Some(Timestamp::from_secs(1_398_796_238)),
        kind: Some("t".to_owned()),
        flat: Some(vec![inner("x"), inner("y"), Inner::default()]),
        flat_map: Some(BTreeMap::from([("k".to_owned(), inner("1")), ("l".to_owned(), Inner::default())])),
        last: Some("l".to_owned()),
        ..Everything::default()
    };
    assert_eq!(read(text), Ok(expected));
}

#[test]
fn an_element_and_an_attribute_may_have_one_name() {
    let text = "<Root Text='attribute' Name='no' kind='k'><Name>n</Name><kind>no</kind></Root>";
    assert_eq!(read(text), Ok(Inner { kind: Some("k".to_owned()), ..inner("n") }));
    assert_eq!(read::<Everything>(text).unwrap().text, "");
}

#[test]
fn nothing_is_an_empty_structure() {
    for text in ["", "  \n", "<Root/>", "<Root></Root>", "<Root> </Root>", "\u{FEFF}<Root/>"] {
        assert_eq!(read(text), Ok(Everything::default()), "{text}");
    }
    let empty = "<Root><List/><Map/><Item/><Lists> </Lists><Text/></Root>";
    let expected = Everything {
        list: Some(vec![]),
        lists: Some(vec![]),
        map: Some(BTreeMap::new()),
        flat: Some(vec![Inner::default()]),
        ..Everything::default()
    };
    assert_eq!(read(empty), Ok(expected));
}

#[test]
fn text_within_one_element_is_the_member_of_its_name() {
    assert_eq!(read("<Name xmlns='urn:n'>n</Name>"), Ok(inner("n")));
    assert_eq!(read("<Other>n</Other>"), Ok(Inner::default()));
}

#[test]
fn a_union_has_one_member() {
    for (text, expected) in [
        ("<R><Choice a='b'><number>5</number></Choice></R>", Choice::Number(5)),
        ("<R><Choice><List>1</List> <List>2</List></Choice></R>", Choice::List(vec!["1".to_owned(), "2".to_owned()])),
        ("<R><Choice><Other><x/></Other></Choice></R>", Choice::Unknown(UnknownValue::new("Other"))),
    ] {
        assert_eq!(read(text), Ok(Everything { choice: Some(expected), ..Everything::default() }), "{text}");
    }
    for text in ["<R><Choice/></R>", "<R><Choice><number>5</number><List>1</List></Choice></R>"] {
        let error = read::<Everything>(text).unwrap_err();
        assert!(error.message().starts_with("expected one member of the union `Choice`"), "{error}");
    }
}

#[test]
fn what_is_no_xml_is_refused() {
    for text in [
        "<",
        "<a",
        "<a>",
        "<a></b>",
        "<a/><b/>",
        "a",
        "<a/>b",
        "<a>&x;</a>",
        "<a>&",
        "<a b></a>",
        "<a b='&x;'/>",
        "<!DOCTYPE a><a/>",
        "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>",
        "<a><![CDATA[</a>",
        "</a>",
        "{}",
        "<a b='c/>",
    ] {
        let error = read::<Everything>(text);
        assert!(error.is_err(), "{text}: {error:?}");
    }
    let error = Tree::xml(b"<a>\xFF</a>").unwrap_err();
    assert_eq!(error.to_string(), "found bytes that are not UTF-8 at byte 3");
}

#[test]
fn what_does_not_fit_is_told_with_its_place() {
    for (text, expected) in [
        ("<R><Flag>yes</Flag></R>", "Flag: expected a boolean, found other text at byte 4"),
        ("<R><count/></R>", "Number: expected an integer, found other text at byte 4"),
        ("<R><Ratio>1,5</Ratio></R>", "Ratio: expected a number, found other text at byte 4"),
        ("<R><Bytes>?</Bytes></R>", "Bytes: expected base64, found other text at byte 4"),
        ("<R><Time>now</Time></R>", "Time: expected a timestamp, found another string at byte 4"),
        ("<R><Map><entry/></Map></R>", "Map: expected a key, found an entry without one at byte 9"),
        (
            "<R><Lists><row><cell/></row></Lists><Inner><Inner/></Inner><Flag/></R>",
            "Flag: expected a boolean, found other text at byte 60",
        ),
    ] {
        assert_eq!(read::<Everything>(text).map_err(|error| error.to_string()), Err(expected.to_owned()), "{text}");
    }
}

#[test]
fn depth_and_memory_are_limited() {
    let nested = |levels: usize| format!("<R>{}{}</R>", "<Inner>".repeat(levels), "</Inner>".repeat(levels));
    assert!(read::<Inner>(&nested(127)).is_ok());
    let error = read::<Inner>(&nested(128)).unwrap_err();
    assert!(error.message().contains("at most 128 levels"), "{error}");
    // What nobody reads is no matter.
    assert!(read::<Everything>(&format!("<R>{}</R>", nested(100_000))).is_ok());
    let Err(error) = read::<Vec<Everything>>(&format!("<R>{}</R>", "<a/>".repeat(1 << 18))) else { panic!("no error") };
    assert!(error.message().contains("no more elements than fit"), "{error}");
}

#[test]
fn any_text_comes_back() {
    for text in ["", " ", "\t", "\n", "\r", "\u{85}", "\u{2028}", "]]>", "&amp;", "é", "\u{7F}", "\u{0}"] {
        let value = Inner { kind: Some(text.to_owned()), ..inner(text) };
        let found = read(&write(&value));
        // XML has no null.
        if text == "\u{0}" { assert!(found.is_err()) } else { assert_eq!(found, Ok(value), "{text:?}") }
    }
}

/// No input may make the reader panic, and what it takes it takes in time.
#[test]
fn damaged_documents_are_errors_or_values() {
    let original = write(&everything()).into_bytes();
    let mut random = 1_u64;
    for _ in 0..20_000 {
        let mut damaged = original.clone();
        for _ in 0..=(random >> 33) % 4 {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let at = (random >> 32) as usize % damaged.len().max(1);
            match (random >> 20) % 4 {
                _ if damaged.is_empty() => {}
                0 => drop(damaged.remove(at)),
                1 => damaged[at] = (random >> 24) as u8,
                2 => damaged.insert(at, b"<>/&'\"= "[(random >> 24) as usize % 8]),
                _ => damaged.truncate(at),
            }
        }
        if let Ok(tree) = Tree::xml(&damaged) {
            let mut value = Everything::default();
            let mut reader = Reader::xml(&tree);
            value.read(&mut reader);
            drop(reader.finish());
        }
    }
}
