//! Tokens of IAM Identity Center, which `aws sso login` stores.

use super::super::object::Object;
use super::file::TokenFile;
use std::fmt;
use std::time::{Duration, SystemTime};
use zeroize::Zeroizing;

/// A token as its file has it. What is there beside it is kept when it is stored again.
pub(crate) struct SsoToken {
    file: TokenFile,
    object: Object,
    access_token: Zeroizing<String>,
    expires_at: SystemTime,
}

/// What a refresh needs.
pub(crate) struct SsoRenewal<'a> {
    pub(crate) client_id: &'a str,
    pub(crate) client_secret: &'a str,
    pub(crate) refresh_token: &'a str,
}

/// What a refresh has brought, with the settings of whom it was for.
pub(crate) struct RefreshedSso<'a> {
    pub(crate) start_url: &'a str,
    pub(crate) region: &'a str,
    pub(crate) access_token: &'a str,
    /// Without one the token is the last.
    pub(crate) refresh_token: Option<&'a str>,
    pub(crate) expires_at: SystemTime,
}

impl SsoToken {
    /// How long before its end a token is refreshed.
    pub(crate) const REFRESH_WINDOW: Duration = Duration::from_secs(15 * 60);

    /// Reads the file. The error says what to do.
    pub(crate) fn load(file: TokenFile) -> Result<Self, String> {
        let object = file.read()?;
        Self::of(file.clone(), object).map_err(|why| file.unusable(why))
    }

    fn of(file: TokenFile, object: Object) -> Result<Self, String> {
        let access_token = Zeroizing::new(object.required("accessToken")?.to_owned());
        let expires_at = object.required_time("expiresAt")?;
        Ok(Self { file, object, access_token, expires_at })
    }

    /// Reads the file again: somebody else may have signed on or refreshed the token since.
    pub(crate) fn reload(&self) -> Result<Self, String> {
        Self::load(self.file.clone())
    }

    pub(crate) fn file(&self) -> &TokenFile {
        &self.file
    }

    pub(crate) fn access_token(&self) -> &str {
        &self.access_token
    }

    pub(crate) fn expires_at(&self) -> SystemTime {
        self.expires_at
    }

    /// With what it can be refreshed, or why it cannot.
    pub(crate) fn renewal(&self, now: SystemTime) -> Result<SsoRenewal<'_>, String> {
        let renewal = SsoRenewal {
            refresh_token: self.object.required("refreshToken")?,
            client_id: self.object.required("clientId")?,
            client_secret: self.object.required("clientSecret")?,
        };
        if self.object.required_time("registrationExpiresAt")? <= now {
            return Err("the registration of the program that signed on has expired".to_owned());
        }
        Ok(renewal)
    }

    /// The token after a refresh; not stored yet.
    pub(crate) fn refreshed(&self, refreshed: RefreshedSso<'_>) -> Result<Self, String> {
        let mut object = self.object.clone();
        object.set("startUrl", refreshed.start_url);
        object.set("region", refreshed.region);
        object.set("accessToken", refreshed.access_token);
        object.set_time("expiresAt", refreshed.expires_at);
        // A refresh token serves once.
        match refreshed.refresh_token {
            Some(token) => object.set("refreshToken", token),
            None => object.remove("refreshToken"),
        }
        Self::of(self.file.clone(), object)
    }

    /// Writes the file, as `aws sso login` does.
    pub(crate) fn store(&self) -> Result<(), String> {
        self.file.write(&self.object)
    }
}

impl fmt::Debug for SsoToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = f.debug_struct("SsoToken");
        fields.field("file", &self.file).field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::file::test_folder::TestFolder;
    use super::*;

    const FULL: &str = concat!(
        r#"{"startUrl": "https://x.awsapps.com/start", "region": "eu-west-1", "accessToken": "5ecret-a","#,
        r#" "expiresAt": "2030-01-01T00:00:00Z", "clientId": "id", "clientSecret": "5ecret-c","#,
        r#" "registrationExpiresAt": "2030-03-01T00:00:00Z", "refreshToken": "5ecret-r", "later": {"b": [1]}}"#
    );

    /// 2030-01-01T00:00:00Z, and so many seconds.
    fn time(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_893_456_000 + seconds)
    }

    fn refreshed(refresh_token: Option<&'static str>) -> RefreshedSso<'static> {
        RefreshedSso {
            start_url: "https://y.awsapps.com/start",
            region: "eu-west-2",
            access_token: "5ecret-a2",
            refresh_token,
            expires_at: time(3600) + Duration::from_millis(999),
        }
    }

    #[test]
    fn times_are_read_in_every_form() {
        let folder = TestFolder::new();
        for text in [
            "2030-01-01T00:00:00Z",
            "2030-01-01T00:00:00UTC",
            "2030-01-01T00:00:00+00:00",
            "2029-12-31T19:00:00-05:00",
            "2030-01-01T00:00:00.000000Z",
        ] {
            let file = folder.file(&format!(r#"{{"accessToken":"a","expiresAt":"{text}"}}"#));
            let token = SsoToken::load(file).unwrap();
            assert_eq!((token.access_token(), token.expires_at()), ("a", time(0)), "{text}");
        }
    }

    #[test]
    fn what_is_no_token_is_an_error() {
        let folder = TestFolder::new();
        let error = |content: &str| folder.told(&SsoToken::load(folder.file(content)).unwrap_err());
        let expected = |why: &str| format!(".../token.json: the token {why}; to get a token, run `sign on`");
        assert_eq!(error(r#"{"expiresAt":"2030-01-01T00:00:00Z"}"#), expected("has no accessToken"));
        assert_eq!(error(r#"{"accessToken":"5ecret"}"#), expected("has no expiresAt"));
        assert!(error(r#"{"accessToken":"5ecret","expiresAt":"5ecret"}"#).contains("the token's expiresAt is no time"));
        assert!(!error(r#"{"accessToken":"5ecret","expiresAt":"5ecret"}"#).contains("5ecret"));
    }

    #[test]
    fn a_refresh_needs_a_registration() {
        let folder = TestFolder::new();
        let token = SsoToken::load(folder.file(FULL)).unwrap();
        let renewal = token.renewal(time(0)).ok().unwrap();
        let parts = (renewal.client_id, renewal.client_secret, renewal.refresh_token);
        assert_eq!(parts, ("id", "5ecret-c", "5ecret-r"));
        assert!(token.renewal(time(59 * 86_400 - 1)).is_ok());
        let expired = "the registration of the program that signed on has expired";
        assert_eq!(token.renewal(time(59 * 86_400)).err().as_deref(), Some(expired));
        for name in ["refreshToken", "clientId", "clientSecret", "registrationExpiresAt"] {
            let token = SsoToken::load(folder.file(&FULL.replace(name, "other"))).unwrap();
            assert_eq!(token.renewal(time(0)).err(), Some(format!("the token has no {name}")));
        }
    }

    #[test]
    fn what_is_refreshed_is_stored_with_all_else() {
        let folder = TestFolder::new();
        let token = SsoToken::load(folder.file(FULL)).unwrap();
        let next = token.refreshed(refreshed(Some("5ecret-r2"))).unwrap();
        assert_eq!((next.access_token(), next.expires_at()), ("5ecret-a2", time(3600)));
        assert_eq!(folder.content(), FULL);
        next.store().unwrap();
        let expected = concat!(
            r#"{"accessToken":"5ecret-a2","clientId":"id","clientSecret":"5ecret-c","expiresAt":"2030-01-01T01:00:00Z","#,
            r#""later":{"b":[1]},"refreshToken":"5ecret-r2","region":"eu-west-2","#,
            r#""registrationExpiresAt":"2030-03-01T00:00:00Z","startUrl":"https://y.awsapps.com/start"}"#
        );
        assert_eq!(folder.content(), expected);
        assert_eq!(token.reload().unwrap().access_token(), "5ecret-a2");

        token.refreshed(refreshed(None)).unwrap().store().unwrap();
        assert!(token.reload().unwrap().renewal(time(0)).is_err_and(|why| why == "the token has no refreshToken"));
    }

    #[test]
    fn nothing_secret_is_shown() {
        let folder = TestFolder::new();
        let token = SsoToken::load(folder.file(FULL)).unwrap();
        let shown = format!("{token:?}");
        assert!(shown.contains("token.json") && !shown.contains("5ecret"), "{shown}");
    }
}
