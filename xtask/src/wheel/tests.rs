//! Wheels that are larger or stranger than any of botocore.

use super::*;
use std::io::Write as _;
use zip::CompressionMethod::{Deflated, Stored};
use zip::write::SimpleFileOptions;

const METADATA: &str = "botocore-1.2.3.dist-info/METADATA";
const SMALL: Limits = Limits { packed: 2_000, entries: 4, file: 500, total: 900 };

/// An archive with these entries; a name with ` -> ` is a link.
fn archive(entries: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in entries {
        let method = if text.len() > 100 { Deflated } else { Stored };
        let options = SimpleFileOptions::default().compression_method(method);
        match name.split_once(" -> ") {
            Some((name, target)) => archive.add_symlink(name, target, options).unwrap(),
            None => {
                archive.start_file(*name, options).unwrap();
                archive.write_all(text.as_bytes()).unwrap();
            }
        }
    }
    archive.finish().unwrap().into_inner()
}

/// What is done with a wheel of these bytes: the folder of files is this program's own.
fn opened<T>(bytes: &[u8], then: impl FnOnce(Wheel) -> Result<T>) -> Result<T> {
    static NUMBER: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
    let number = NUMBER.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let program = std::env::current_exe().unwrap();
    let path = crate::process::target(&program).join(format!("wheel-{}-{number}.whl", std::process::id()));
    std::fs::write(&path, bytes).unwrap();
    let done = Wheel::within(SMALL, &path).and_then(then);
    std::fs::remove_file(&path).unwrap();
    done
}

/// Why a wheel is not opened.
fn refusal(bytes: &[u8]) -> String {
    opened(bytes, |_| Ok(())).unwrap_err().message
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn what_a_wheel_may_have_has_limits() {
    let long = |length: usize| "x".repeat(length);
    let five = ["a", "b", "c", "d", "e"].map(|name| (name, ""));
    assert!(opened(&archive(&five[..4]), |_| Ok(())).is_ok());
    assert!(refusal(&archive(&five)).ends_with("it has 5 entries, and may have 4"));
    assert!(refusal(&[0; 2_001]).ends_with("it has more than 2000 bytes"));
    let (fits, over) = (long(450), long(451));
    assert!(opened(&archive(&[("a", &fits), ("b", &fits)]), |_| Ok(())).is_ok());
    assert!(refusal(&archive(&[("a", &fits), ("b", &over)])).ends_with("it has more than 900 bytes, unpacked"));
}

#[test]
fn a_file_is_not_read_beyond_its_limit() {
    let (fits, over) = ("x".repeat(500), "x".repeat(501));
    let read = |text: &str| opened(&archive(&[("a", text)]), |mut wheel| wheel.read("a"));
    assert_eq!(read(&fits).unwrap(), Some(fits.clone().into_bytes()));
    assert!(read(&over).unwrap_err().message.ends_with("a has more than 500 bytes, unpacked"));
    let unpacked = |text: &str| opened(&archive(&[]), |mut wheel| wheel.gunzip("a.gz", &gzip(text)));
    assert_eq!(unpacked(&fits).unwrap(), fits.into_bytes());
    assert!(unpacked(&over).unwrap_err().message.ends_with("a.gz has more than 500 bytes, unpacked"));
    // The limit holds while there is more to come, not at the end.
    assert_eq!(read_within(500, io::repeat(b'x')).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
    // Twice the same, and what is packed in a file: all counts.
    let again = opened(&archive(&[("a", &"x".repeat(400))]), |mut wheel| {
        wheel.read("a")?;
        wheel.gunzip("a", &gzip(&"x".repeat(400)))?;
        wheel.read("a")
    });
    assert!(again.unwrap_err().message.ends_with("it has more than 900 bytes, unpacked"));
}

/// What the directory says of a file's size is no promise.
#[test]
fn a_size_that_is_a_lie_does_not_help() {
    let text = "x".repeat(60_000);
    let mut bytes = archive(&[("a", &text)]);
    let size = u32::try_from(text.len()).unwrap().to_le_bytes();
    let places: Vec<usize> = (0..bytes.len() - 3).filter(|at| bytes[*at..*at + 4] == size).collect();
    assert_eq!(places.len(), 2, "in both headers");
    places.iter().for_each(|at| bytes[*at..*at + 4].copy_from_slice(&[9, 0, 0, 0]));
    assert!(opened(&bytes, |mut wheel| wheel.read("a")).is_err());
}

#[test]
fn entries_are_files_inside_of_the_wheel() {
    for name in ["../a", "a/../../b", "/a", "a//b", "./a", "a\\..\\b", "C:/a", "a\nb", "a\u{1b}[2J"] {
        let said = refusal(&archive(&[("good", ""), (name, "")]));
        assert!(said.ends_with(&format!("its entry {name:?} is not a path inside it")), "{said}");
    }
    let said = refusal(&archive(&[("a/link -> ../../etc", "")]));
    assert!(said.ends_with("its entry a/link is a link or a device"), "{said}");
    let twice = archive(&[("same", "1"), ("sane", "2")]);
    let at: Vec<usize> = (0..twice.len() - 3).filter(|at| twice[*at..].starts_with(b"sane")).collect();
    let twice = at.iter().fold(twice, |mut bytes, at| {
        bytes[at + 2] = b'm';
        bytes
    });
    assert!(refusal(&twice).ends_with("it has two entries of one name"));
    let whole = archive(&[("a", "")]);
    for bytes in [&b""[..], b"text", &whole[..whole.len() - 1], &[whole.as_slice(), b"more"].concat()] {
        assert!(refusal(bytes).contains("is not a wheel: "), "{bytes:?}");
    }
}

#[test]
fn a_wheel_is_one_of_botocore() {
    let says = |metadata: &str| {
        opened(&archive(&[(METADATA, metadata)]), |mut wheel| Ok(wheel.identity()?.version)).map_err(|e| e.message)
    };
    assert_eq!(says("Name: botocore\nVersion: 1.2.3\n\nName: body\n"), Ok("1.2.3".to_owned()));
    for (metadata, why) in [
        ("Name: evil $(touch pwned)\nVersion: 1.2.3\n", r#"is a wheel of "evil $(touch pwned)", and models are"#),
        ("Name: boto3\nVersion: 1.2.3\n", r#"is a wheel of "boto3""#),
        ("Name: botocore\nVersion: 1.2.4\n", r#"says that the version is "1.2.4""#),
        ("Name: botocore\nVersion: 1.2.3`id`\n", r#"says that the version is "1.2.3`id`""#),
        ("Name: botocore\n\nVersion: 1.2.3\n", "lacks Name or Version"),
    ] {
        let said = says(metadata).unwrap_err();
        assert!(said.contains(why), "{said}");
    }
    let two = archive(&[(METADATA, ""), ("other-1.dist-info/METADATA", "")]);
    let said = opened(&two, |mut wheel| wheel.identity().map(|_| ())).unwrap_err();
    assert!(said.message.ends_with("has more than one .dist-info/METADATA"), "{said}");
}
