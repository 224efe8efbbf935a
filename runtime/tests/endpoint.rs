//! The functions of the endpoint rules, with the examples of their specification.

use workstream_runtime::endpoint::functions::{
    Url, element, is_valid_host_label, is_virtual_hostable_s3_bucket, parse_arn, parse_url, split, substring,
    uri_encode,
};
use workstream_runtime::endpoint::{Endpoint, EndpointConfig, EndpointError, Partition, PatternPart, Property};

/// The parts of a URL, in the order of its fields.
type Parts<'a> = (&'a str, &'a str, &'a str, String, bool);

fn parts(text: &str) -> Option<Parts<'_>> {
    let Url { scheme, authority, path, normalized_path, is_ip, .. } = parse_url(text)?;
    Some((scheme, authority, path, normalized_path, is_ip))
}

fn url<'a>(scheme: &'a str, authority: &'a str, path: &'a str, normalized: &str, is_ip: bool) -> Option<Parts<'a>> {
    Some((scheme, authority, path, normalized.to_owned(), is_ip))
}

#[test]
fn urls() {
    assert_eq!(parts("https://example.com"), url("https", "example.com", "", "/", false));
    assert_eq!(parts("http://example.com:80/foo/bar"), url("http", "example.com:80", "/foo/bar", "/foo/bar/", false));
    assert_eq!(parts("https://127.0.0.1"), url("https", "127.0.0.1", "", "/", true));
    assert_eq!(parts("https://127.0.0.1:8443/"), url("https", "127.0.0.1:8443", "/", "/", true));
    assert_eq!(parts("https://[fe80::1]"), url("https", "[fe80::1]", "", "/", true));
    assert_eq!(parts("https://[fe80::1%25eth0]:9000/a/"), url("https", "[fe80::1%25eth0]:9000", "/a/", "/a/", true));
    assert_eq!(parts("https://user:secret@example.com/a"), url("https", "example.com", "/a", "/a/", false));
    assert_eq!(parts("HTTPS://X.com"), url("https", "X.com", "", "/", false));
    assert_eq!(parts("http://a/%2F%2e/b%20c"), url("http", "a", "/%2F%2e/b%20c", "/%2F%2e/b%20c/", false));
    for invalid in [
        "https://example.com:8443?foo=bar&faz=baz",
        "https://example.com?",
        "https://example.com/?",
        "https://example.com?#f",
        "https://a@b@c",
        "https://a@[::1]@c",
        "https://a:b@",
        "https://a@",
        "https://example.com:+80",
        "https://example.com:-1",
        "https://example.com: 80",
        "https://example.com:80:80",
        "https://[::1]a",
        "https://[::1]:+1",
        "https://::1",
        "https://a\\@b",
        "https://a\n",
        "https://a\0",
        "https://a%",
        "https://a/%2",
        "https://a/%zz",
        "https://a/%\u{e4}",
        "https://a\u{3002}b",
        "//a",
        "https:/a",
        "https:a",
        " https://a",
        "ftp://example.com",
        "example.com",
        "https://",
        "https:///path",
        "https://example.com:",
        "https://example.com:port",
        "https://example.com:65536",
        "https://exam ple.com",
        "https://ex\u{e4}mple.com",
        "https://[fe80::1",
        "https://[nonsense]",
        "https://a]b",
        "",
    ] {
        assert_eq!(parts(invalid), None, "{invalid}");
    }
}

/// A fragment is never sent, and is no reason to call somebody else.
#[test]
fn fragments_of_urls() {
    for fragment in ["", "f", "/a", "?x=1", "f:8443/", "@evil.example", "%20"] {
        assert_eq!(parts(&format!("https://x.com#{fragment}")), url("https", "x.com", "", "/", false));
        let with_path = format!("https://x.com:8443/a#{fragment}");
        assert_eq!(parts(&with_path), url("https", "x.com:8443", "/a", "/a/", false));
    }
    for fragment in ["a#b", "%", " ", "\u{e4}"] {
        assert_eq!(parts(&format!("https://x.com#{fragment}")), None, "{fragment}");
    }
}

#[test]
fn arns() {
    let parsed = |arn: &str| {
        parse_arn(arn).map(|arn| {
            let fields = [arn.partition, arn.service, arn.region, arn.account_id].map(str::to_owned);
            (fields, arn.resource_id.join("|"))
        })
    };
    let expected = |fields: [&str; 4], resource: &str| Some((fields.map(str::to_owned), resource.to_owned()));
    assert_eq!(
        parsed("arn:aws:sns:us-west-2:012345678910:example-sns-topic-name"),
        expected(["aws", "sns", "us-west-2", "012345678910"], "example-sns-topic-name")
    );
    assert_eq!(
        parsed("arn:aws:ec2:us-east-1:012345678910:vpc/vpc-0e9801d129EXAMPLE"),
        expected(["aws", "ec2", "us-east-1", "012345678910"], "vpc|vpc-0e9801d129EXAMPLE")
    );
    assert_eq!(
        parsed("arn:aws:iam::012345678910:user/johndoe"),
        expected(["aws", "iam", "", "012345678910"], "user|johndoe")
    );
    assert_eq!(parsed("arn:aws:s3:::bucket_name"), expected(["aws", "s3", "", ""], "bucket_name"));
    assert_eq!(parsed("arn:aws:s3:r:a:x:y/z:"), expected(["aws", "s3", "r", "a"], "x|y|z|"));
    for invalid in [
        "11111111-2222-3333-4444-555555555555",
        "",
        "arn:aws:s3",
        "arn:aws:s3:::",
        "arn::s3:::b",
        "arn:aws::::b",
        "ARN:a:b:c:d:e",
    ] {
        assert_eq!(parse_arn(invalid), None, "{invalid}");
    }
}

#[test]
fn host_labels() {
    let longest = "a".repeat(63);
    for label in ["a", "0", "a-b", "A9", longest.as_str()] {
        assert!(is_valid_host_label(label, false), "{label}");
        assert!(is_valid_host_label(label, true), "{label}");
    }
    let too_long = "a".repeat(64);
    for label in ["", "-a", "a-", "a_b", "a b", "\u{e4}", too_long.as_str()] {
        assert!(!is_valid_host_label(label, false), "{label}");
        assert!(!is_valid_host_label(label, true), "{label}");
    }
    assert!(is_valid_host_label("a.b-c.d", true));
    assert!(!is_valid_host_label("a.b", false));
    for labels in [".", "a.", ".a", "a..b", "a.-b"] {
        assert!(!is_valid_host_label(labels, true), "{labels}");
    }
}

#[test]
fn buckets() {
    for bucket in ["abc", "my-bucket", "0bucket9"] {
        assert!(is_virtual_hostable_s3_bucket(bucket, false), "{bucket}");
    }
    assert!(is_virtual_hostable_s3_bucket("my.bucket", true));
    let too_long = "a".repeat(64);
    for bucket in ["ab", "My-bucket", "my_bucket", "-ab", "ab-", "my.bucket", "192.168.5.4", too_long.as_str()] {
        assert!(!is_virtual_hostable_s3_bucket(bucket, false), "{bucket}");
    }
    assert!(!is_virtual_hostable_s3_bucket("192.168.5.4", true));
    assert!(!is_virtual_hostable_s3_bucket("999.0.0.1", true));
    assert!(is_virtual_hostable_s3_bucket("1.2.3", true));
}

#[test]
fn substrings() {
    assert_eq!(substring("abcdef", 0, 4, false), Some("abcd"));
    assert_eq!(substring("abcdef", 0, 4, true), Some("cdef"));
    assert_eq!(substring("abcdef", 1, 3, true), Some("de"));
    assert_eq!(substring("abcdef", 0, 6, false), Some("abcdef"));
    assert_eq!(substring("abcdef", 0, 7, false), None);
    assert_eq!(substring("abcdef", 0, 7, true), None);
    assert_eq!(substring("abcdef", 2, 2, false), None);
    assert_eq!(substring("abcdef", 3, 2, false), None);
    assert_eq!(substring("ab\u{e4}def", 0, 2, false), None);
    assert_eq!(substring("", 0, 1, false), None);
}

#[test]
fn encoding() {
    assert_eq!(uri_encode("AZaz09-_.~"), "AZaz09-_.~");
    assert_eq!(
        uri_encode("/:,?#[]{}|@! $&'()*+;=%<>\"^`\\"),
        "%2F%3A%2C%3F%23%5B%5D%7B%7D%7C%40%21%20%24%26%27%28%29%2A%2B%3B%3D%25%3C%3E%22%5E%60%5C"
    );
    assert_eq!(uri_encode("\u{e4}\n"), "%C3%A4%0A");
}

#[test]
fn splitting() {
    for (text, delimiter, limit, expected) in [
        ("a--b--c", "--", 0, vec!["a", "b", "c"]),
        ("a--b--c", "--", 2, vec!["a", "b--c"]),
        ("a--b--c", "--", 1, vec!["a--b--c"]),
        ("", "--", 0, vec![""]),
        ("----", "--", 0, vec!["", "", ""]),
        ("--x-s3--azid--suffix", "--", 2, vec!["", "x-s3--azid--suffix"]),
        ("abc", "x", 0, vec!["abc"]),
    ] {
        assert_eq!(split(text, delimiter, limit), expected, "{text}");
    }
}

#[test]
fn elements() {
    let list = ["a", "b", "c"];
    assert_eq!(element(&list, 0), Some("a"));
    assert_eq!(element(&list, 2), Some("c"));
    assert_eq!(element(&list, 3), None);
    assert_eq!(element(&list, -1), Some("c"));
    assert_eq!(element(&list, -3), Some("a"));
    assert_eq!(element(&list, -4), None);
    assert_eq!(element::<String>(&[], 0), None);
}

const RUN: [PatternPart; 4] =
    [PatternPart::OneOf(&["-"]), PatternPart::Word, PatternPart::OneOf(&["-"]), PatternPart::Digits];

static PARTITIONS: &[Partition] = &[
    Partition::new(
        "one",
        &["us-here-1", "one-global"],
        &[PatternPart::OneOf(&["us", "eu"]), RUN[0], RUN[1], RUN[2], RUN[3]],
        "one.test",
        "us-here-1",
    )
    .fips()
    .dual_stack(),
    Partition::new(
        "two",
        // Listed here, though it is named like those of the first.
        &["us-there-1"],
        &[PatternPart::OneOf(&["us-gov"]), RUN[0], RUN[1], RUN[2], RUN[3]],
        "two.test",
        "us-there-1",
    ),
];

#[test]
fn partitions() {
    for (region, name) in [
        ("us-here-1", "one"),
        ("one-global", "one"),
        ("us-there-1", "two"),
        ("eu-new_place2-17", "one"),
        ("us-gov-new-1", "two"),
        // Nothing fits: the first.
        ("mars-north-1", "one"),
        ("us-gov-two-words-1", "one"),
        ("us-gov-new-1x", "one"),
        ("us-gov-new-", "one"),
        ("us-gov--1", "one"),
        ("", "one"),
    ] {
        assert_eq!(Partition::find(PARTITIONS, region).map(|found| found.name), Some(name), "{region}");
    }
    assert_eq!(Partition::find(&[], "us-here-1"), None);
}

#[test]
fn endpoints() {
    let scheme = Property::object([("name", Property::from("sigv4")), ("signingRegion", Property::from("us-east-1"))]);
    let endpoint = Endpoint::new("https://api.example.com:8443/base").property("authSchemes", [scheme]);
    let auth = endpoint.auth_scheme("sigv4").map(|auth| (auth.signing_region(), auth.signing_name()));
    assert_eq!(auth, Some((Some("us-east-1"), None)));
    assert_eq!(endpoint.auth_scheme("sigv4a"), None);

    let mut moved = endpoint.clone();
    moved.url = "https://data.api.example.com:8443/base".to_owned();
    assert_eq!(endpoint.clone().with_host_prefix("data."), Ok(moved));
    for prefix in ["evil.com/", "a b.", ".", "evil.com:80@", "-"] {
        assert!(matches!(endpoint.clone().with_host_prefix(prefix), Err(EndpointError::InvalidHost(_))), "{prefix}");
    }
    for address in ["http://127.0.0.1:4566", "https://[::1]/base"] {
        let prefixed = Endpoint::new(address).with_host_prefix("data.");
        assert_eq!(prefixed, Err(EndpointError::PrefixedAddress("data.".to_owned())));
    }
}

#[test]
fn what_rules_put_into_a_host_name() {
    let url = || "https://a.example.com".to_owned();
    for parts in [["eu-west-1", "a.b_c"], ["", "A9"]] {
        assert_eq!(Endpoint::of_parts(parts, url()), Ok(Endpoint::new(url())));
    }
    for part in ["a/", "a#", "a?b", "a:1", "a@b", "a\\b", "a%2f", "a b", "a\n", "\u{e4}", "[::1]", "a\u{202e}"] {
        let error = EndpointError::InvalidHostPart(part.to_owned());
        assert_eq!(Endpoint::of_parts(["eu-west-1", part], url()), Err(error.clone()));
        assert!(error.to_string().is_ascii() || part == "\u{e4}", "{error}");
    }
}

#[test]
fn configurations_do_not_show_passwords() {
    let config = |url: &str| {
        let mut config = EndpointConfig::default();
        config.endpoint = Some(url.to_owned());
        config
    };
    for url in ["http://user:5ecret@a", "ftp://user:5ec/ret#5ecret@a/b", "user:5ecret@a"] {
        let shown = format!("{:?}", config(url));
        assert!(shown.contains("(redacted)@a") && !shown.contains("5ec"), "{shown}");
    }
    assert!(format!("{:?}", config("http://a/b")).contains("Some(\"http://a/b\")"));
}
