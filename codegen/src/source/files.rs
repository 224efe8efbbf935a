//! Files as somebody else read them from disk.

/// A file as somebody else read it from disk.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Its path, as diagnostics show it.
    pub path: String,
    /// What is in it, no longer compressed.
    pub text: Vec<u8>,
}

/// The files of one service's model, in either format.
#[derive(Clone, Debug)]
pub struct ServiceFiles {
    /// Name of the service: of the folder in botocore's layout, such as `appstream`.
    pub name: String,
    /// The files of one API version, and `overlay.toml` and `docs.toml` where there are any.
    pub files: Vec<SourceFile>,
}

/// All that one run reads.
#[derive(Clone, Debug, Default)]
pub struct ModelSet {
    /// The services.
    pub services: Vec<ServiceFiles>,
    /// `partitions.json`.
    pub partitions: Option<SourceFile>,
}

impl ModelSet {
    pub(crate) fn files(&self) -> impl Iterator<Item = &SourceFile> {
        self.services.iter().flat_map(|service| &service.files).chain(&self.partitions)
    }
}
