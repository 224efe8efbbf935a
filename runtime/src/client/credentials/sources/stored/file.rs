//! The files in which the AWS CLI keeps tokens: one for each sign-on, named by a digest.

use super::super::object::Object;
use crate::client::environment::Environment;
use crate::client::random;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use std::fmt::{self, Write as _};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// What a file has, for errors.
pub(super) const TOKEN: &str = "the token";

/// Where a token is, and how people get another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TokenFile {
    path: PathBuf,
    /// A command.
    remedy: String,
}

impl TokenFile {
    /// That of a profile's `sso_session`.
    pub(crate) fn sso_session(home: &Path, session: &str) -> Self {
        Self { path: sso_path(home, session), remedy: format!("aws sso login --sso-session {session:?}") }
    }

    /// That of a profile without session, which has the address at which people sign on.
    pub(crate) fn sso_start_url(home: &Path, start_url: &str, profile: &str) -> Self {
        Self { path: sso_path(home, start_url), remedy: format!("aws sso login --profile {profile:?}") }
    }

    /// That of a profile's `login_session`. There is none where nothing says in which folder.
    pub(crate) fn login(environment: &Environment, session: &str, profile: &str) -> Option<Self> {
        let folder = environment.location("AWS_LOGIN_CACHE_DIRECTORY", &[".aws", "login", "cache"])?;
        let path = folder.join(name(&Sha256::digest(session)));
        Some(Self { path, remedy: format!("aws login --profile {profile:?}") })
    }

    #[cfg(test)]
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// That the token cannot be used: why, and what to do.
    pub(crate) fn unusable(&self, why: impl fmt::Display) -> String {
        format!("{}: {why}; to get a token, run `{}`", self.path.display(), self.remedy)
    }

    pub(super) fn read(&self) -> Result<Object, String> {
        let bytes = fs::read(&self.path).map(zeroize::Zeroizing::new);
        let bytes = bytes.map_err(|error| self.unusable(format_args!("cannot be read: {error}")))?;
        Object::read(&bytes, TOKEN).map_err(|why| self.unusable(why))
    }

    /// Replaces the file. Whoever reads it meanwhile, or stores another token, meets one token or the other, and never a
    /// part of it.
    pub(super) fn write(&self, object: &Object) -> Result<(), String> {
        let failed = |why: &dyn fmt::Display| format!("{}: the token cannot be stored: {why}", self.path.display());
        let json = object.to_json().map_err(|error| failed(&error))?;
        self.replace(&json).map_err(|error| failed(&error))
    }

    fn replace(&self, content: &[u8]) -> io::Result<()> {
        let temporary = self.path.with_file_name(format!("{}.tmp", random::uuid()));
        let mut file = create_private(&temporary)?;
        let replaced = file.write_all(content).and_then(|()| {
            // Some systems rename no open file.
            drop(file);
            fs::rename(&temporary, &self.path)
        });
        if replaced.is_err() {
            // It is of no use, and has secrets.
            let _ = fs::remove_file(&temporary);
        }
        replaced
    }
}

/// A new file, which nobody else has ever been able to read.
fn create_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Where a token of IAM Identity Center is, by what the AWS CLI knows it by.
fn sso_path(home: &Path, key: &str) -> PathBuf {
    home.join(".aws").join("sso").join("cache").join(name(&Sha1::digest(key)))
}

fn name(digest: &[u8]) -> String {
    let mut name = String::new();
    for byte in digest {
        // Writing to a string does not fail.
        let _ = write!(name, "{byte:02x}");
    }
    name + ".json"
}

/// A folder of one test, and a file in it.
#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(super) mod test_folder {
    use super::*;

    pub(in super::super) struct TestFolder(pub PathBuf);

    impl TestFolder {
        pub(in super::super) fn new() -> Self {
            let folder = std::env::temp_dir().join(format!("workstream-tokens-{}", random::uuid()));
            fs::create_dir(&folder).unwrap();
            Self(folder)
        }

        pub(in super::super) fn file(&self, content: &str) -> TokenFile {
            let path = self.0.join("token.json");
            fs::write(&path, content).unwrap();
            TokenFile { path, remedy: "sign on".to_owned() }
        }

        pub(in super::super) fn content(&self) -> String {
            fs::read_to_string(self.0.join("token.json")).unwrap()
        }

        /// The error without its path, which differs from test to test.
        pub(in super::super) fn told(&self, error: &str) -> String {
            error.replace(&self.0.display().to_string(), "...").replace('\\', "/")
        }

        pub(in super::super) fn names(&self) -> Vec<String> {
            let names = fs::read_dir(&self.0).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
            names.collect()
        }
    }

    impl Drop for TestFolder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::test_folder::TestFolder;
    use super::*;

    fn tail(path: &Path) -> Vec<String> {
        path.iter().rev().take(4).map(|part| part.to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn names_are_those_of_the_cli() {
        let session = TokenFile::sso_session(Path::new("/h"), "corp");
        let name = "ee0bfd2552fbd840c02cc48b6e823320543c450f.json";
        assert_eq!(tail(session.path()), [name, "cache", "sso", ".aws"]);
        let legacy = TokenFile::sso_start_url(Path::new("/h"), "https://x.awsapps.com/start", "A");
        assert_eq!(tail(legacy.path())[0], "3947de8b16688092197fa616c34e01335f21d256.json");

        let environment = Environment::default().home("/h");
        let login = "arn:aws:iam::123456789012:user/ann";
        let file = TokenFile::login(&environment, login, "A").unwrap();
        let name = "143b1fc18f5ca9bb89e81d9a77fe53029e237039039ccab734b6fb08284f7780.json";
        assert_eq!(tail(file.path()), [name, "cache", "login", ".aws"]);
        assert_eq!(TokenFile::login(&Environment::default(), login, "A"), None);
        let folder = |folder| {
            let environment = Environment::of([("AWS_LOGIN_CACHE_DIRECTORY", folder)]).home("/h");
            TokenFile::login(&environment, login, "A").unwrap().path
        };
        assert_eq!(folder("/x/y"), Path::new("/x/y").join(name));
        assert_eq!(folder("~/y"), Path::new("/h/y").join(name));
    }

    #[test]
    fn errors_say_what_to_do() {
        let folder = TestFolder::new();
        let session = TokenFile::sso_session(&folder.0, "my corp");
        let error = session.read().err().unwrap();
        assert!(error.contains("ache/") && error.contains(": cannot be read: "), "{error}");
        assert!(error.ends_with("; to get a token, run `aws sso login --sso-session \"my corp\"`"), "{error}");
        let legacy = TokenFile::sso_start_url(Path::new("/h"), "https://x.awsapps.com/start", "A");
        assert!(legacy.unusable("why").ends_with(": why; to get a token, run `aws sso login --profile \"A\"`"));
        let login = TokenFile::login(&Environment::default().home("/h"), "s", "A").unwrap();
        assert!(login.unusable("why").ends_with(": why; to get a token, run `aws login --profile \"A\"`"));

        let error = folder.file("{5ecret").read().err().unwrap();
        let expected = ".../token.json: the token is no JSON object; to get a token, run `sign on`";
        assert_eq!(folder.told(&error), expected);
    }

    #[test]
    fn a_file_is_replaced_as_a_whole() {
        let folder = TestFolder::new();
        let file = folder.file(r#"{"a":"b"}"#);
        let object = file.read().unwrap();
        folder.file("another");
        assert_eq!(file.write(&object), Ok(()));
        assert_eq!(folder.content(), r#"{"a":"b"}"#);
        assert_eq!(folder.names(), ["token.json"]);
    }

    #[cfg(unix)]
    #[test]
    fn only_its_owner_can_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = TestFolder::new();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        drop(create_private(&folder.0.join("new")).unwrap());
        assert_eq!(mode(&folder.0.join("new")), 0o600);

        let file = folder.file("{}");
        fs::set_permissions(file.path(), fs::Permissions::from_mode(0o644)).unwrap();
        file.write(&file.read().unwrap()).unwrap();
        assert_eq!(mode(file.path()), 0o600);
    }

    #[test]
    fn a_failure_leaves_nothing() {
        let folder = TestFolder::new();
        let object = folder.file(r#"{"a":"5ecret"}"#).read().unwrap();
        // A folder that has something in it is not replaced by a file.
        let path = folder.0.join("taken");
        fs::create_dir_all(path.join("inside")).unwrap();
        let taken = TokenFile { path, remedy: String::new() };
        let error = folder.told(&taken.write(&object).unwrap_err());
        assert!(error.starts_with(".../taken: the token cannot be stored: ") && !error.contains("5ecret"), "{error}");
        assert!(folder.names().iter().all(|name| !name.ends_with(".tmp")), "{:?}", folder.names());

        let absent = TokenFile { path: folder.0.join("no/token.json"), remedy: String::new() };
        assert!(absent.write(&object).is_err());
    }
}
