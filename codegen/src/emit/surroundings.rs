//! What generated code stands in: a crate with features of its own, or a module of somebody's crate.

use super::ModuleParts;
use super::module::Access;
use crate::plan::ServicePlan;
use proc_macro2::TokenStream;
use quote::quote;

/// What the modules of services stand in.
#[derive(Clone, Copy)]
pub(super) enum Surroundings {
    /// A crate: what not everybody needs is behind its features.
    Crate {
        /// Whether its pages have examples, which name it `workstream`.
        examples: bool,
    },
    /// A module. The crate around it has other features, so what is asked for is there.
    Module(ModuleParts),
}

/// What of a service not everybody needs.
#[derive(Clone, Copy)]
pub(super) enum Feature {
    /// Its clients.
    Client,
    /// Its operations by name.
    Dynamic,
    /// What its model asks of values in requests.
    Validate,
}

impl Surroundings {
    /// The access to a module of a service that has such a thing; nothing where it is not there.
    pub fn behind(self, feature: Feature) -> Option<Access<'static>> {
        match (self, feature) {
            (Self::Crate { .. }, Feature::Client) => Some(Access::Feature("client-core")),
            (Self::Crate { .. }, Feature::Dynamic) => Some(Access::Feature("dynamic")),
            (Self::Crate { .. }, Feature::Validate) => Some(Access::FeatureInside("validate")),
            (Self::Module(parts), Feature::Client) => parts.client.then_some(Access::Public),
            (Self::Module(parts), Feature::Dynamic) => parts.dynamic.then_some(Access::Public),
            (Self::Module(parts), Feature::Validate) => parts.validate.then_some(Access::Private),
        }
    }

    /// Whether pages have examples.
    pub fn has_examples(self) -> bool {
        match self {
            Self::Crate { examples } => examples,
            Self::Module(_) => false,
        }
    }

    /// The access to the module of a service.
    pub fn of_service<'p>(self, plan: &'p ServicePlan<'_>) -> Access<'p> {
        match self {
            Self::Crate { .. } => Access::Feature(&plan.names.feature),
            Self::Module(_) => Access::Public,
        }
    }

    /// The module around the services, as a module beside them names it.
    pub fn beside_services(self) -> TokenStream {
        match self {
            Self::Crate { .. } => quote!(crate),
            Self::Module(_) => quote!(super),
        }
    }

    /// The module around the services, as a module of one of them names it.
    pub fn around_services(self) -> TokenStream {
        match self {
            Self::Crate { .. } => quote!(crate),
            Self::Module(_) => quote!(super::super),
        }
    }
}
