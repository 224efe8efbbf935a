//! What the modules of a crate import from each other, from the standard library and from other crates.
//!
//! Paths are looked for everywhere in a file, also in the middle of an expression, but not in `quote!`, whose paths are
//! those of generated code, nor in `#[cfg(test)]`.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A path without its `crate`, such as `["plan", "names"]`; empty for the root.
pub type Module = Vec<String>;

/// The modules of one crate.
#[derive(Default)]
pub struct Crate {
    /// What each module names, as paths from the crate's root.
    paths: BTreeMap<Module, BTreeSet<Vec<String>>>,
    /// What other crates each module names: paths that begin with the crate.
    pub others: BTreeMap<Module, BTreeSet<Vec<String>>>,
    /// Beginnings of paths that are looked for in the middle of code too.
    known: BTreeSet<String>,
    /// Names that a module has from another: `(module, name)`, and what stands behind it.
    reexports: BTreeMap<(Module, String), Vec<String>>,
}

impl Crate {
    /// Reads all files of a folder `src`. Other crates are those of `use` lines, and in the middle of code those with which
    /// `known` paths begin.
    pub fn read(src: &Path, known: &[&str]) -> Self {
        let mut files = Vec::new();
        list(src, &mut Vec::new(), &mut files);
        let known = known.iter().filter_map(|path| path.split("::").next()).map(str::to_owned).collect();
        let mut read = Self { known, ..Self::default() };
        read.paths.extend(files.iter().map(|(module, _)| (module.clone(), BTreeSet::new())));
        for (module, text) in files.iter().filter(|(_, text)| !is_generated(text)) {
            let file = syn::parse_file(text).unwrap_or_else(|error| panic!("{module:?}: {error}"));
            read.items(module, &file.items);
        }
        read
    }

    fn items(&mut self, module: &Module, items: &[syn::Item]) {
        for item in items.iter().filter(|item| !is_test(item)) {
            match item {
                syn::Item::Mod(syn::ItemMod { ident, content: Some((_, items)), .. }) => {
                    let mut inside = module.clone();
                    inside.push(ident.to_string());
                    self.paths.entry(inside.clone()).or_default();
                    self.items(&inside, items);
                }
                syn::Item::Use(item) => self.use_tree(module, item),
                // What a macro of this crate is expanded to is seen where it is used.
                syn::Item::Macro(item) if item.mac.path.is_ident("macro_rules") => {}
                item => self.tokens(module, item.to_token_stream()),
            }
        }
    }

    fn use_tree(&mut self, module: &Module, item: &syn::ItemUse) {
        let mut found = Vec::new();
        flatten(&item.tree, &mut Vec::new(), &mut found);
        let is_reexport = !matches!(item.vis, syn::Visibility::Inherited);
        for (path, name) in found {
            let Some(absolute) = self.absolute(module, &path) else {
                self.others.entry(module.clone()).or_default().insert(path);
                continue;
            };
            if is_reexport {
                self.reexports.insert((module.clone(), name), absolute);
            } else {
                self.paths.entry(module.clone()).or_default().insert(absolute);
            }
        }
    }

    fn tokens(&mut self, module: &Module, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            at += 1;
            match token {
                TokenTree::Group(group) => self.tokens(module, group.stream()),
                TokenTree::Ident(ident) if ident == "quote" && is_punct(tokens.get(at), '!') => at += 2,
                TokenTree::Ident(ident) if !follows(&tokens, at - 1, ":") && !follows(&tokens, at - 1, "$") => {
                    let mut path = vec![ident.to_string()];
                    while is_punct(tokens.get(at), ':') && is_punct(tokens.get(at + 1), ':') {
                        let Some(TokenTree::Ident(next)) = tokens.get(at + 2) else { break };
                        path.push(next.to_string());
                        at += 3;
                    }
                    self.named(module, path);
                }
                _ => {}
            }
        }
    }

    /// A path in an expression or a type.
    fn named(&mut self, module: &Module, path: Vec<String>) {
        if path.len() < 2 {
            return;
        }
        if self.known.contains(&path[0]) {
            self.others.entry(module.clone()).or_default().insert(path);
        } else if let Some(absolute) = self.absolute(module, &path) {
            self.paths.entry(module.clone()).or_default().insert(absolute);
        }
    }

    /// The path from the crate's root; none where it leads to another crate.
    fn absolute(&self, module: &Module, path: &[String]) -> Option<Vec<String>> {
        let (mut base, mut rest) = (module.clone(), path);
        match path[0].as_str() {
            "crate" => (base, rest) = (Vec::new(), &path[1..]),
            "self" => rest = &path[1..],
            "super" => {
                while let Some(("super", after)) = rest.split_first().map(|(first, after)| (first.as_str(), after)) {
                    base.pop();
                    rest = after;
                }
            }
            child => {
                base.push(child.to_owned());
                let is_child = self.paths.contains_key(&base);
                base.pop();
                if !is_child {
                    return None;
                }
            }
        }
        base.extend_from_slice(rest);
        Some(base)
    }

    /// The module that an absolute path leads to, through re-exports.
    fn module_of(&self, path: &[String]) -> Module {
        let mut path = path.to_vec();
        for _ in 0..8 {
            let module = (0..=path.len()).rev().find(|&n| self.paths.contains_key(&path[..n])).unwrap_or(0);
            let Some(name) = path.get(module) else { return path };
            let Some(behind) = self.reexports.get(&(path[..module].to_vec(), name.clone())) else {
                return path[..module].to_vec();
            };
            let after = path.split_off(module + 1);
            path = behind.clone();
            path.extend(after);
        }
        path
    }

    /// All imports: each module with the modules whose items it names. What a module's own file has is for the modules
    /// inside of it, so that is none.
    pub fn imports(&self) -> BTreeMap<Module, BTreeSet<Module>> {
        let of = |module: &Module, paths: &BTreeSet<Vec<String>>| {
            paths.iter().map(|path| self.module_of(path)).filter(|named| !module.starts_with(named)).collect()
        };
        self.paths.iter().map(|(module, paths)| (module.clone(), of(module, paths))).collect()
    }
}

/// Groups of modules of which each needs the others.
pub fn circles(imports: &BTreeMap<Module, BTreeSet<Module>>) -> Vec<BTreeSet<String>> {
    let reach = |from: &Module| {
        let mut seen = BTreeSet::new();
        let mut pending: Vec<&Module> = imports.get(from).into_iter().flatten().collect();
        while let Some(module) = pending.pop() {
            if seen.insert(module) {
                pending.extend(imports.get(module).into_iter().flatten());
            }
        }
        seen
    };
    let reached: BTreeMap<&Module, BTreeSet<&Module>> = imports.keys().map(|module| (module, reach(module))).collect();
    let circle = |module: &Module| -> BTreeSet<String> {
        let back = |other: &&&Module| reached.get(**other).is_some_and(|reached| reached.contains(module));
        reached[module].iter().filter(back).map(|module| module.join("/")).collect()
    };
    let found: BTreeSet<BTreeSet<String>> = imports.keys().map(circle).filter(|circle| circle.len() > 1).collect();
    found.into_iter().collect()
}

/// All files of a folder, as modules with their texts.
pub fn list(folder: &Path, module: &mut Module, files: &mut Vec<(Module, String)>) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            module.push(stem);
            list(&path, module, files);
            module.pop();
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let mut name = module.clone();
            if !["lib", "mod"].contains(&stem.as_str()) {
                name.push(stem);
            }
            files.push((name, std::fs::read_to_string(&path).unwrap()));
        }
    }
}

/// Whether nobody has written it: what it imports is the generator's business.
pub fn is_generated(text: &str) -> bool {
    text.starts_with(workstream_codegen::RUST_HEADER)
}

pub fn is_test(item: &syn::Item) -> bool {
    let syn::Item::Mod(item) = item else { return false };
    let names_test = |attribute: &syn::Attribute| match &attribute.meta {
        syn::Meta::List(list) if list.path.is_ident("cfg") => {
            list.tokens.to_string().split(|c: char| !c.is_alphanumeric()).any(|word| word == "test")
        }
        _ => false,
    };
    item.attrs.iter().any(names_test)
}

fn flatten(tree: &syn::UseTree, path: &mut Vec<String>, found: &mut Vec<(Vec<String>, String)>) {
    match tree {
        syn::UseTree::Path(tree) => {
            path.push(tree.ident.to_string());
            flatten(&tree.tree, path, found);
            path.pop();
        }
        syn::UseTree::Group(group) => group.items.iter().for_each(|tree| flatten(tree, path, found)),
        syn::UseTree::Glob(_) => found.push((path.clone(), "*".to_owned())),
        syn::UseTree::Name(tree) if tree.ident == "self" => {
            found.push((path.clone(), path.last().cloned().unwrap_or_default()));
        }
        syn::UseTree::Name(tree) => found.push((joined(path, &tree.ident), tree.ident.to_string())),
        syn::UseTree::Rename(tree) => found.push((joined(path, &tree.ident), tree.rename.to_string())),
    }
}

fn joined(path: &[String], name: &syn::Ident) -> Vec<String> {
    path.iter().cloned().chain([name.to_string()]).collect()
}

fn is_punct(token: Option<&TokenTree>, char: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == char)
}

/// Whether the token at `at` comes after that character.
fn follows(tokens: &[TokenTree], at: usize, char: &str) -> bool {
    at.checked_sub(1).is_some_and(|before| tokens[before].to_string() == char)
}
