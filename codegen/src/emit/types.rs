//! The module `types` of a service: what operations share, by kind, and the inputs and outputs of them all.

use super::module::{Access, Module, declarations};
use super::surroundings::Surroundings;
use super::{constraints, enums, structures};
use crate::plan::{Role, ServicePlan, TypeKind, TypePlan};
use proc_macro2::TokenStream;
use quote::quote;

/// A file of the module: its name, what it says of itself, and what it has of the types.
struct Group {
    name: &'static str,
    title: &'static str,
    has: fn(&TypeKind<'_>) -> bool,
}

const GROUPS: [Group; 4] = [
    Group {
        name: "structures",
        title: "Structures inside inputs and outputs, and their members by name, for every codec.",
        has: |kind| matches!(kind, TypeKind::Structure { role: Role::Data, .. }),
    },
    Group {
        name: "unions",
        title: "Unions, and their members by name, for every codec.",
        has: |kind| matches!(kind, TypeKind::Union { .. }),
    },
    Group {
        name: "enums",
        title: "Enums. A value that this version of the crate does not know is kept and sent back as it came.",
        has: |kind| matches!(kind, TypeKind::Enum { .. } | TypeKind::IntEnum { .. }),
    },
    Group {
        name: "errors",
        title: "What the service answers instead of an output.",
        has: |kind| matches!(kind, TypeKind::Structure { role: Role::Error, .. }),
    },
];

/// The module `types`: those of its files that have something.
pub(super) fn module<'p>(plan: &'p ServicePlan<'_>, surroundings: Surroundings) -> Module<'p> {
    let groups = GROUPS.iter().filter(|group| plan.types.iter().any(|ty| (group.has)(&ty.kind)));
    let inner = groups.map(|group| Module::file(group.name, Access::Private, move || file(plan, group))).collect();
    Module::folder("types", Access::Public, inner, move |inner| root(plan, surroundings, inner))
}

fn root(plan: &ServicePlan<'_>, surroundings: Surroundings, modules: &[Module<'_>]) -> TokenStream {
    let (declarations, reexports) = (declarations(modules), modules.iter().map(Module::reexport));
    let operations = (!plan.operations.is_empty()).then(|| {
        quote!(
            pub use super::operations::*;
        )
    });
    let validate = operations.as_ref().and_then(|_| constraints::reexport(surroundings));
    quote! {
        //! Inputs and outputs of operations, and all that is in them.
        #declarations
        #operations
        #(#reexports)*
        #validate
        pub use workstream_runtime::Maybe as _;
        // What the files of the service have in scope.
        pub(super) use workstream_runtime::generated::*;
    }
}

fn file(plan: &ServicePlan<'_>, group: &Group) -> TokenStream {
    let title = format!(" {}", group.title);
    let items = plan.types.iter().filter(|ty| (group.has)(&ty.kind)).map(|ty| item(plan, ty));
    quote! {
        #![doc = #title]
        use super::*;
        #(#items)*
    }
}

fn item(plan: &ServicePlan<'_>, ty: &TypePlan<'_>) -> TokenStream {
    match &ty.kind {
        TypeKind::Structure { role: Role::Error, .. } => super::errors::structure(plan, ty),
        TypeKind::Structure { .. } => structures::structure(plan, ty),
        TypeKind::Union { variants, unknown } => structures::union(plan, ty, variants, unknown),
        TypeKind::Enum { variants, unknown } => enums::string_enum(ty, variants, unknown),
        TypeKind::IntEnum { variants, unknown } => enums::int_enum(ty, variants, unknown),
    }
}
