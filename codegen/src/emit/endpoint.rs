//! A service's endpoint resolver: its parameters, and its rules as plain Rust.

mod bind;
mod resolve;
mod values;

pub(super) use bind::binding_name;

use super::surroundings::Surroundings;
use super::tokens::{doc, ident, written};
use crate::graph::ContextValue;
use crate::plan::rules::{BuiltIn, EndpointPlan, ParameterPlan, RuleType};
use crate::plan::{ServicePlan, Written};
use proc_macro2::TokenStream;
use quote::quote;

/// The module `endpoint` of a service with such rules.
pub(super) fn endpoint(service: &ServicePlan<'_>, plan: &EndpointPlan<'_>, surroundings: Surroundings) -> TokenStream {
    let bindings = bind::bindings(service, plan);
    let resolve::Resolver { functions, uses } = resolve::resolver(plan);
    let mut imported = vec![quote!(Endpoint), quote!(EndpointConfig), quote!(EndpointError)];
    imported.extend(uses.partition_type.then(|| quote!(Partition)));
    imported.extend(uses.property.then(|| quote!(Property)));
    imported.extend(plan.parameters.iter().any(is_text).then(|| quote!(WithoutUser)));
    imported.extend(uses.functions.then(|| quote!(functions)));
    let partitions = uses.partitions.then(|| {
        let around = surroundings.around_services();
        quote!(
            use #around::partitions;
        )
    });
    let params = params(plan);
    let types = (!bindings.is_empty()).then(|| {
        quote!(
            use super::types;
        )
    });
    quote! {
        //! Where requests go.
        #types
        #partitions
        use workstream_runtime::endpoint::{#(#imported),*};
        #params
        #(#bindings)*
        #functions
    }
}

/// The struct `Params`.
fn params(plan: &EndpointPlan<'_>) -> TokenStream {
    let fields = plan.parameters.iter().map(|parameter| {
        let (docs, name, ty) = (
            doc(&description(parameter)),
            ident(&parameter.field.name),
            written(&Written::parameter(parameter.parameter)),
        );
        quote! { #docs pub #name: #ty }
    });
    let derives_default = plan.parameters.iter().all(has_derived_default);
    let derived = derives_default.then(|| quote!(Default,));
    let default = (!derives_default).then(|| default(plan));
    let setters = plan.parameters.iter().map(setter);
    let (from_config, debug) = (from_config(plan), debug(plan));
    quote! {
        /// What the endpoint depends on. `Debug` shows no password of a URL.
        #[derive(Clone, #derived PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub struct Params { #(#fields),* }

        #default

        impl Params {
            /// Parameters with nothing but their default values.
            pub fn new() -> Self {
                Self::default()
            }

            #from_config

            #(#setters)*
        }

        #debug
    }
}

/// `Debug` of `Params`. Which parameter is a URL only the rules know, so none shows what may be a URL's password.
fn debug(plan: &EndpointPlan<'_>) -> TokenStream {
    let fields = plan.parameters.iter().map(|parameter| {
        let name = ident(&parameter.field.name);
        let shown = parameter.field.name.trim_start_matches("r#");
        match parameter.has_default() {
            _ if !is_text(parameter) => quote!(.field(#shown, &self.#name)),
            true => quote!(.field(#shown, &WithoutUser(&self.#name))),
            false => quote!(.field(#shown, &self.#name.as_deref().map(WithoutUser))),
        }
    });
    quote! {
        impl std::fmt::Debug for Params {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct("Params")#(#fields)*.finish()
            }
        }
    }
}

/// Whether a parameter is text, alone.
fn is_text(parameter: &ParameterPlan<'_>) -> bool {
    !matches!(parameter.field.ty, RuleType::Boolean | RuleType::StringArray)
}

/// What the model says of a parameter, for people.
fn description(parameter: &ParameterPlan<'_>) -> String {
    let modelled = parameter.parameter;
    let mut text = format!("`{}`", modelled.name);
    if let Some(built_in) = &modelled.built_in {
        text.push_str(&format!(", from `{built_in}`"));
    }
    match &modelled.default {
        Some(ContextValue::String(value)) => text.push_str(&format!("; {value:?} by default")),
        Some(ContextValue::Boolean(value)) => text.push_str(&format!("; `{value}` by default")),
        Some(ContextValue::StringList(values)) => text.push_str(&format!("; `{values:?}` by default")),
        None if modelled.required => text.push_str("; required"),
        None => {}
    }
    text.push('.');
    text
}

fn has_derived_default(parameter: &ParameterPlan<'_>) -> bool {
    match &parameter.parameter.default {
        None | Some(ContextValue::Boolean(false)) => true,
        Some(ContextValue::Boolean(true)) => false,
        Some(ContextValue::String(value)) => value.is_empty(),
        Some(ContextValue::StringList(values)) => values.is_empty(),
    }
}

fn default(plan: &EndpointPlan<'_>) -> TokenStream {
    let fields = plan.parameters.iter().map(|parameter| {
        let (name, value) = (ident(&parameter.field.name), default_value(parameter));
        quote!(#name: #value)
    });
    quote! {
        impl Default for Params {
            fn default() -> Self {
                Self { #(#fields),* }
            }
        }
    }
}

fn default_value(parameter: &ParameterPlan<'_>) -> TokenStream {
    match &parameter.parameter.default {
        None => quote!(None),
        Some(ContextValue::Boolean(value)) => quote!(#value),
        Some(ContextValue::String(value)) if value.is_empty() => quote!(String::new()),
        Some(ContextValue::String(value)) => quote!(#value.to_owned()),
        Some(ContextValue::StringList(values)) => quote!(vec![#(#values.to_owned()),*]),
    }
}

fn setter(parameter: &ParameterPlan<'_>) -> TokenStream {
    let name = ident(&parameter.field.name);
    let docs = doc(&format!("Sets `{}`.", parameter.parameter.name));
    let ty = written(&Written::parameter_argument(parameter.parameter));
    let value = match parameter.field.ty {
        RuleType::Boolean => quote!(value),
        RuleType::StringArray => quote!(value.into_iter().map(Into::into).collect()),
        RuleType::String | RuleType::Integer | RuleType::Url | RuleType::Arn | RuleType::Partition => {
            quote!(value.into())
        }
    };
    let value = if parameter.has_default() { value } else { quote!(Some(#value)) };
    quote! {
        #docs
        pub fn #name(mut self, value: #ty) -> Self {
            self.#name = #value;
            self
        }
    }
}

/// `Params::from_config`.
fn from_config(plan: &EndpointPlan<'_>) -> TokenStream {
    let bound: Vec<TokenStream> = plan
        .parameters
        .iter()
        .filter_map(|parameter| {
            let (name, value) = (ident(&parameter.field.name), configured(parameter)?);
            Some(quote!(#name: #value))
        })
        .collect();
    let config = if bound.is_empty() { quote!(_config) } else { quote!(config) };
    let rest = (bound.len() < plan.parameters.len()).then(|| quote!(..Self::default()));
    quote! {
        /// Parameters from a client's configuration; what that leaves open has its
        /// default value.
        pub fn from_config(#config: &EndpointConfig) -> Self {
            Self { #(#bound,)* #rest }
        }
    }
}

/// The value that a configuration has for a parameter.
fn configured(parameter: &ParameterPlan<'_>) -> Option<TokenStream> {
    let field = match parameter.built_in? {
        BuiltIn::Region => quote!(config.region),
        BuiltIn::UseFips => quote!(config.use_fips),
        BuiltIn::UseDualStack => quote!(config.use_dual_stack),
        BuiltIn::Endpoint => quote!(config.endpoint),
        BuiltIn::AccountId => quote!(config.account_id),
        BuiltIn::AccountIdEndpointMode => quote!(config.account_id_endpoint_mode),
    };
    Some(match (parameter.field.ty, parameter.has_default()) {
        (RuleType::Boolean, true) => field,
        (RuleType::Boolean, false) => quote!(Some(#field)),
        (_, false) => quote!(#field.clone()),
        (_, true) => {
            let default = default_value(parameter);
            quote!(#field.clone().unwrap_or_else(|| #default))
        }
    })
}
