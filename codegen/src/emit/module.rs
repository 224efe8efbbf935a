//! The tree of modules: which files there are, and how each is declared. Both are read from the same values.

use super::tokens::{doc, ident};
use crate::plan::names::file_stem;
use proc_macro2::TokenStream;
use quote::quote;

/// A module of the crate: a file, or a folder with modules inside of it.
pub(super) struct Module<'p> {
    name: &'p str,
    access: Access<'p>,
    inner: Option<Vec<Self>>,
    render: Render<'p>,
}

/// What makes the tokens of a module's own file; a folder is given the modules inside of it.
type Render<'p> = Box<dyn Fn(&[Module<'p>]) -> TokenStream + Sync + 'p>;

/// Who sees a module.
#[derive(Clone, Copy)]
pub(super) enum Access<'p> {
    /// The module around it.
    Private,
    /// Everybody.
    Public,
    /// Everybody, but it is made for generated code and tests.
    Hidden,
    /// Everybody, where this feature is on.
    Feature(&'p str),
    /// The module around it, where this feature is on.
    FeatureInside(&'p str),
}

impl Access<'_> {
    /// The attribute that leaves out what is behind a feature.
    pub fn gate(self) -> TokenStream {
        match self {
            Self::Private | Self::Public | Self::Hidden => TokenStream::new(),
            Self::Feature(feature) | Self::FeatureInside(feature) => quote!(#[cfg(feature = #feature)]),
        }
    }
}

impl<'p> Module<'p> {
    pub fn file(name: &'p str, access: Access<'p>, render: impl Fn() -> TokenStream + Sync + 'p) -> Self {
        Self { name, access, inner: None, render: Box::new(move |_| render()) }
    }

    pub fn folder(
        name: &'p str,
        access: Access<'p>,
        inner: Vec<Self>,
        render: impl Fn(&[Self]) -> TokenStream + Sync + 'p,
    ) -> Self {
        Self { name, access, inner: Some(inner), render: Box::new(render) }
    }

    /// `mod name;`, as the module around it says it.
    pub fn declaration(&self) -> TokenStream {
        let name = ident(self.name);
        match self.access {
            Access::Private => quote!(mod #name;),
            Access::Public => quote!(pub mod #name;),
            Access::Hidden => quote!(#[doc(hidden)] pub mod #name;),
            Access::Feature(_) => {
                let gate = self.access.gate();
                quote!(#gate pub mod #name;)
            }
            Access::FeatureInside(_) => {
                let gate = self.access.gate();
                quote!(#gate mod #name;)
            }
        }
    }

    /// All that it has, for the module around it.
    pub fn reexport(&self) -> TokenStream {
        let name = ident(self.name);
        quote!(pub use #name::*;)
    }

    /// Its name; it may be raw.
    pub const fn name(&self) -> &'p str {
        self.name
    }

    /// The modules inside of it.
    pub fn inner(&self) -> &[Self] {
        self.inner.as_deref().unwrap_or_default()
    }

    /// The tokens of its file.
    pub fn tokens(&self) -> TokenStream {
        (self.render)(self.inner())
    }

    /// Adds the files of this module, which stands in `folder`, and of those inside of it: each with its path.
    pub fn files<'m>(&'m self, folder: &str, files: &mut Vec<(String, &'m Self)>) {
        files.push((self.file_in(folder), self));
        let place = self.folder_in(folder);
        self.inner().iter().for_each(|module| module.files(&place, files));
    }

    /// The path of its file, if it stands in `folder`.
    pub fn file_in(&self, folder: &str) -> String {
        let place = self.folder_in(folder);
        if self.inner.is_some() { format!("{place}/mod.rs") } else { format!("{place}.rs") }
    }

    /// The path of the folder that has the modules inside of it, if it stands in `folder`.
    pub fn folder_in(&self, folder: &str) -> String {
        let separator = if folder.is_empty() { "" } else { "/" };
        format!("{folder}{separator}{}", file_stem(self.name))
    }
}

/// `mod` lines for all of `modules`.
pub(super) fn declarations(modules: &[Module<'_>]) -> TokenStream {
    modules.iter().map(Module::declaration).collect()
}

/// Documentation of the module that has it inside.
pub(super) fn inner_doc(text: &str) -> TokenStream {
    doc(text)
        .into_iter()
        .flat_map(|token| match token {
            proc_macro2::TokenTree::Punct(punct) if punct.as_char() == '#' => quote!(#!),
            other => TokenStream::from(other),
        })
        .collect()
}
