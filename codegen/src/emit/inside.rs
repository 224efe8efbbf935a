//! A module of somebody's crate. What files of a crate say of themselves, in inner attributes, is said where they are
//! declared: code that is included begins with none.

use super::module::Module;
use super::root;
use crate::output::{Files, OutputFile, ParsedModule};

/// The files of a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModuleLayout {
    /// A folder with `mod.rs`, and a file for each module inside: for `mod x;`, with or without `#[path]`.
    Folder,
    /// `mod.rs` alone, which has all modules inside: for `include!`.
    File,
}

/// The name of the file of the module itself.
const ROOT: &str = "mod.rs";

/// The files of a module that has these modules inside.
pub(super) fn files(modules: &[Module<'_>], layout: ModuleLayout) -> Files {
    let mut files = Files::default();
    match ParsedModule::new(root::module_root(modules)) {
        Ok(mut parsed) => {
            take_in(&mut parsed, modules, "", layout, &mut files);
            files.insert(parsed.written(ROOT));
        }
        Err(error) => files.insert(OutputFile::broken(ROOT, error)),
    }
    files
}

/// Gives `parsed`, whose modules stand in `folder`, what they say of themselves; and either their items too, or each of
/// them a file.
fn take_in(parsed: &mut ParsedModule, modules: &[Module<'_>], folder: &str, layout: ModuleLayout, files: &mut Files) {
    for module in modules {
        let path = module.file_in(folder);
        match ParsedModule::new(module.tokens()) {
            Ok(mut inner) => {
                take_in(&mut inner, module.inner(), &module.folder_in(folder), layout, files);
                parsed.declare(module.name(), inner.take_attributes());
                match layout {
                    ModuleLayout::Folder => files.insert(inner.written(&path)),
                    ModuleLayout::File => parsed.fill(module.name(), inner),
                }
            }
            Err(error) => files.insert(OutputFile::broken(&path, error)),
        }
    }
}
