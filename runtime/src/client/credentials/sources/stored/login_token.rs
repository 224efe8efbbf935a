//! Credentials of the console, which `aws login` stores.

use super::super::Credentials;
use super::super::object::Object;
use super::file::TokenFile;
use super::proof::ProofKey;
use std::fmt;
use std::time::{Duration, SystemTime};

/// Credentials, and what they are refreshed with, as their file has them. What is there beside them is kept when they are
/// stored again.
pub(crate) struct LoginToken {
    file: TokenFile,
    object: Object,
    credentials: Credentials,
    expires_at: SystemTime,
}

/// What a refresh needs.
pub(crate) struct LoginRenewal<'a> {
    pub(crate) client_id: &'a str,
    pub(crate) refresh_token: &'a str,
    /// Where it was signed in, in place of the region of the configuration. Older files do not say.
    pub(crate) region: Option<&'a str>,
    pub(crate) key: ProofKey,
}

/// What a refresh has brought. The account is the same.
pub(crate) struct RefreshedLogin<'a> {
    pub(crate) access_key_id: &'a str,
    pub(crate) secret_access_key: &'a str,
    pub(crate) session_token: &'a str,
    pub(crate) refresh_token: &'a str,
    pub(crate) expires_at: SystemTime,
}

impl LoginToken {
    /// With how much time left credentials are taken from the file without a refresh.
    pub(crate) const REFRESH_WINDOW: Duration = Duration::from_secs(5 * 60);

    /// Reads the file. The error says what to do.
    pub(crate) fn load(file: TokenFile) -> Result<Self, String> {
        let object = file.read()?;
        Self::of(file.clone(), object).map_err(|why| file.unusable(why))
    }

    fn of(file: TokenFile, object: Object) -> Result<Self, String> {
        for name in ["refreshToken", "clientId", "dpopKey"] {
            object.required(name)?;
        }
        let keys = object.object("accessToken", "the token's accessToken")?;
        let expires_at = keys.required_time("expiresAt")?;
        let credentials = Credentials::new(keys.required("accessKeyId")?, keys.required("secretAccessKey")?)
            .session_token(keys.required("sessionToken")?)
            .account_id(keys.required("accountId")?)
            .expires_at(expires_at);
        Ok(Self { file, object, credentials, expires_at })
    }

    /// Reads the file again: somebody else may have logged in or refreshed the credentials since.
    pub(crate) fn reload(&self) -> Result<Self, String> {
        Self::load(self.file.clone())
    }

    pub(crate) fn file(&self) -> &TokenFile {
        &self.file
    }

    pub(crate) fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    pub(crate) fn expires_at(&self) -> SystemTime {
        self.expires_at
    }

    /// With what they can be refreshed, or why they cannot.
    pub(crate) fn renewal(&self) -> Result<LoginRenewal<'_>, String> {
        let key = ProofKey::from_pem(self.object.required("dpopKey")?);
        Ok(LoginRenewal {
            client_id: self.object.required("clientId")?,
            refresh_token: self.object.required("refreshToken")?,
            region: self.object.text("signInRegion")?,
            key: key.map_err(|why| format!("the token's dpopKey {why}"))?,
        })
    }

    /// The token after a refresh; not stored yet.
    pub(crate) fn refreshed(&self, refreshed: RefreshedLogin<'_>) -> Result<Self, String> {
        let mut keys = self.object.object("accessToken", "the token's accessToken")?;
        keys.set("accessKeyId", refreshed.access_key_id);
        keys.set("secretAccessKey", refreshed.secret_access_key);
        keys.set("sessionToken", refreshed.session_token);
        keys.set_time("expiresAt", refreshed.expires_at);
        let mut object = self.object.clone();
        object.set_object("accessToken", &keys);
        object.set("refreshToken", refreshed.refresh_token);
        Self::of(self.file.clone(), object)
    }

    /// Writes the file, as `aws login` does.
    pub(crate) fn store(&self) -> Result<(), String> {
        self.file.write(&self.object)
    }
}

impl fmt::Debug for LoginToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = f.debug_struct("LoginToken");
        fields.field("file", &self.file).field("credentials", &self.credentials).finish_non_exhaustive()
    }
}

impl fmt::Debug for LoginRenewal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = f.debug_struct("LoginRenewal");
        fields.field("client_id", &self.client_id).field("region", &self.region).finish_non_exhaustive()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::file::test_folder::TestFolder;
    use super::super::proof::SEC1;
    use super::*;

    const LOGIN: &str = concat!(
        r#"{"accessToken": {"accessKeyId": "AKID", "secretAccessKey": "5ecret-k", "sessionToken": "5ecret-s","#,
        r#" "accountId": "123456789012", "expiresAt": "2030-01-01T00:00:00Z"}, "tokenType": "aws_sigv4","#,
        r#" "clientId": "arn:aws:signin:::devtools/same-device", "refreshToken": "5ecret-r", "idToken": "5ecret-i","#,
        r#" "dpopKey": "KEY"}"#
    );

    fn login() -> String {
        LOGIN.replace("KEY", &SEC1.replace('\n', "\\n"))
    }

    /// 2030-01-01T00:00:00Z, and so many seconds.
    fn time(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_893_456_000 + seconds)
    }

    #[test]
    fn what_the_cli_stores_is_read() {
        let folder = TestFolder::new();
        let token = LoginToken::load(folder.file(&login())).unwrap();
        let expected = Credentials::new("AKID", "5ecret-k").session_token("5ecret-s").account_id("123456789012");
        assert_eq!(token.credentials(), &expected.expires_at(time(0)));
        assert_eq!(token.expires_at(), time(0));
        let renewal = token.renewal().unwrap();
        assert_eq!(renewal.client_id, "arn:aws:signin:::devtools/same-device");
        assert_eq!((renewal.refresh_token, renewal.region), ("5ecret-r", None));

        let newer = login().replace("tokenType", "signInRegion").replace("aws_sigv4", "eu-west-1");
        assert_eq!(LoginToken::load(folder.file(&newer)).unwrap().renewal().unwrap().region, Some("eu-west-1"));
    }

    #[test]
    fn each_part_is_needed() {
        let folder = TestFolder::new();
        let error = |content: &str| folder.told(&LoginToken::load(folder.file(content)).unwrap_err());
        for name in ["accessToken", "clientId", "refreshToken", "dpopKey"] {
            let expected = format!(".../token.json: the token has no {name}; to get a token, run `sign on`");
            assert_eq!(error(&login().replace(name, "other")), expected);
        }
        for name in ["accessKeyId", "secretAccessKey", "sessionToken", "accountId", "expiresAt"] {
            let error = error(&login().replace(name, "other"));
            assert!(error.contains(&format!("the token's accessToken has no {name};")), "{error}");
        }
        assert!(
            error(r#"{"refreshToken":"r","clientId":"c","dpopKey":"k","accessToken":"5ecret"}"#)
                .contains("JSON object;")
        );
    }

    #[test]
    fn a_key_that_cannot_be_read_stops_refreshes_only() {
        let folder = TestFolder::new();
        let token = LoginToken::load(folder.file(&LOGIN.replace("KEY", "5ecret"))).unwrap();
        let error = token.renewal().unwrap_err();
        assert!(error.starts_with("the token's dpopKey is no ") && !error.contains("5ecret"), "{error}");
    }

    #[test]
    fn what_is_refreshed_is_stored_with_all_else() {
        let folder = TestFolder::new();
        let token = LoginToken::load(folder.file(&login())).unwrap();
        let refreshed = RefreshedLogin {
            access_key_id: "AKID2",
            secret_access_key: "5ecret-k2",
            session_token: "5ecret-s2",
            refresh_token: "5ecret-r2",
            expires_at: time(900) + Duration::from_millis(999),
        };
        let next = token.refreshed(refreshed).unwrap();
        assert_eq!(folder.content(), login());
        next.store().unwrap();
        let expected = concat!(
            r#"{"accessToken":{"accessKeyId":"AKID2","accountId":"123456789012","expiresAt":"2030-01-01T00:15:00Z","#,
            r#""secretAccessKey":"5ecret-k2","sessionToken":"5ecret-s2"},"#,
            r#""clientId":"arn:aws:signin:::devtools/same-device","dpopKey":"KEY","#,
            r#""idToken":"5ecret-i","refreshToken":"5ecret-r2","tokenType":"aws_sigv4"}"#
        );
        assert_eq!(folder.content(), expected.replace("KEY", &SEC1.replace('\n', "\\n")));
        let stored = token.reload().unwrap();
        assert_eq!(stored.credentials(), next.credentials());
        assert_eq!(stored.expires_at(), time(900));
    }

    #[test]
    fn nothing_secret_is_shown() {
        let folder = TestFolder::new();
        let token = LoginToken::load(folder.file(&login())).unwrap();
        let shown = format!("{token:?} {:?}", token.renewal().unwrap());
        assert!(shown.contains("AKID") && !shown.contains("5ecret") && !shown.contains("BEGIN"), "{shown}");
    }
}
