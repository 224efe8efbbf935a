//! What XML and forms call what travels: Smithy's XML traits. Protocols without elements do not look at it.

use std::fmt;

/// A namespace that an element declares (`xmlNamespace`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct XmlNamespace {
    /// Before which names it stands; without one, it is that of all names without a prefix.
    pub prefix: Option<String>,
    /// What tells it from others.
    pub uri: String,
}

/// As XML has it.
impl fmt::Display for XmlNamespace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.prefix {
            Some(prefix) => write!(f, "xmlns:{prefix}={}", self.uri),
            None => write!(f, "xmlns={}", self.uri),
        }
    }
}

/// The outermost element of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RootElement {
    /// Its name.
    pub name: String,
    /// The namespace that it declares.
    pub namespace: Option<XmlNamespace>,
}

/// In words, as changelogs show it.
impl fmt::Display for RootElement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.namespace {
            Some(namespace) => write!(f, "<{} {namespace}>", self.name),
            None => write!(f, "<{}>", self.name),
        }
    }
}
