//! Names of regions that are none.

/// Regions that would make other hosts of the rules' templates, and others that are none.
pub const HOSTILE: [&str; 34] = [
    "x.evil.example/",
    "x.evil.example#",
    "x.evil.example?",
    "x.evil.example:8443/",
    "x.evil.example",
    "evil.example/..",
    "evil.example\\",
    "evil.example%2f",
    "127.0.0.1/",
    "[::1]/",
    "us-east-1@evil.example:443/",
    "@evil.example",
    "user:password@evil.example/",
    "us-east-1.",
    ".us-east-1",
    "us_east_1",
    "us east 1",
    " us-east-1",
    "us-east-1 ",
    "us-east-1\n",
    "us-east-1\r\nx-evil: 1",
    "us-east-1\t",
    "us-east-1\0",
    "\"us-east-1\"",
    "'us-east-1'",
    "üs-east-1",
    "us\u{2010}east\u{2010}1",
    "us-east-1\u{202e}",
    "-us-east-1",
    "us-east-1-",
    "1234",
    "fips-",
    "*",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
];

/// Whether a line of a configuration file can have it as a value: white space around it is none of it, and a `#` behind
/// white space is a comment.
pub fn can_be_in_a_profile(region: &str) -> bool {
    region.trim() == region && !region.contains(['\n', '\r', '\0', '#'])
}
