//! How XML and forms call what a member holds.

/// What XML and forms call a member and what is in it, where that is not what they call it by default.
///
/// Like a format of timestamps it holds for the member, and for its lists and maps, but not for its structures.
///
/// ```
/// use workstream_runtime::Names;
///
/// const TAGS: &Names = &Names::new().flattened().item(&Names::new().named("Tag"));
/// ```
#[derive(Debug, PartialEq, Eq)]
pub struct Names {
    name: Option<&'static str>,
    query: Option<&'static str>,
    namespace: Option<Namespace>,
    attribute: bool,
    flattened: bool,
    item: Option<&'static Names>,
    key: Option<&'static Names>,
}

/// The namespace that an element declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Namespace {
    /// Empty for the one that names without a prefix belong to.
    pub prefix: &'static str,
    pub uri: &'static str,
}

/// What nobody has given a name.
pub(crate) static DEFAULT: Names = Names::new();

impl Names {
    /// The default: nothing has a name of its own.
    #[expect(clippy::new_without_default, reason = "it is for constants")]
    pub const fn new() -> Self {
        Self { name: None, query: None, namespace: None, attribute: false, flattened: false, item: None, key: None }
    }

    /// With this name. A member has it from its own line; it is for what lists and maps hold, and for roots.
    pub const fn named(mut self, name: &'static str) -> Self {
        self.name = Some(name);
        self
    }

    /// With this name in the forms of ec2Query.
    pub const fn query(mut self, name: &'static str) -> Self {
        self.query = Some(name);
        self
    }

    /// Declares a namespace, for names with this prefix or, where that is empty, for names without one.
    pub const fn namespace(mut self, prefix: &'static str, uri: &'static str) -> Self {
        self.namespace = Some(Namespace { prefix, uri });
        self
    }

    /// An attribute instead of an element.
    pub const fn attribute(mut self) -> Self {
        self.attribute = true;
        self
    }

    /// A list or map whose elements stand where it would.
    pub const fn flattened(mut self) -> Self {
        self.flattened = true;
        self
    }

    /// What the elements of a list or the values of a map are called.
    pub const fn item(mut self, names: &'static Names) -> Self {
        self.item = Some(names);
        self
    }

    /// What the keys of a map are called.
    pub const fn key(mut self, names: &'static Names) -> Self {
        self.key = Some(names);
        self
    }

    pub(crate) fn name_or(&self, default: &'static str) -> &'static str {
        self.name.unwrap_or(default)
    }

    #[cfg_attr(not(feature = "query"), expect(dead_code, reason = "for forms"))]
    pub(crate) fn query_name(&self) -> Option<&'static str> {
        self.query
    }

    pub(crate) fn declared(&self) -> Option<Namespace> {
        self.namespace
    }

    pub(crate) fn is_attribute(&self) -> bool {
        self.attribute
    }

    pub(crate) fn is_flattened(&self) -> bool {
        self.flattened
    }

    pub(crate) fn of_item(&self) -> &'static Self {
        self.item.unwrap_or(&DEFAULT)
    }

    pub(crate) fn of_key(&self) -> &'static Self {
        self.key.unwrap_or(&DEFAULT)
    }
}

/// What the elements of a list are called by default.
pub(crate) const ITEM: &str = "member";
/// What the entries of a map are called.
pub(crate) const ENTRY: &str = "entry";
/// What the key of an entry is called by default.
pub(crate) const KEY: &str = "key";
/// What the value of an entry is called by default.
pub(crate) const VALUE: &str = "value";

/// The name without its prefix.
pub(crate) fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// Whether `found` is `name`, or that with a capital letter, as the forms of ec2Query have it.
#[cfg(feature = "query")]
pub(crate) fn is_capitalized(found: &str, name: &str) -> bool {
    let mut letters = (found.chars(), name.chars());
    let same = match (letters.0.next(), letters.1.next()) {
        (Some(found), Some(name)) => found == name.to_ascii_uppercase(),
        (found, name) => found == name,
    };
    same && letters.0.as_str() == letters.1.as_str()
}
