//! Operations as values: a file for each, with all that belongs to it alone.

use super::endpoint::binding_name;
use super::module::{Access, Module, declarations};
use super::surroundings::{Feature, Surroundings};
use super::tokens::{doc, ident, token_fields, type_ident};
use super::wire::names;
use super::{batches, constraints, paginators, structures};
use crate::examples::snippet;
use crate::graph::Protocol;
use crate::plan::bindings::{BodyKind, ChecksumPlan, HttpPlan};
use crate::plan::retries::RetryPlan;
use crate::plan::{HostPart, Idempotency, OperationPlan, ServiceDescription, ServicePlan, Type, TypePlan, primitive};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;
use std::collections::BTreeSet;

/// The module `operations`: a module for every operation.
pub(super) fn module<'p>(plan: &'p ServicePlan<'_>, surroundings: Surroundings) -> Module<'p> {
    let operations = plan.operations.iter();
    let inner = operations
        .map(|operation| Module::file(&operation.module, Access::Private, move || file(plan, operation, surroundings)))
        .collect();
    Module::folder("operations", Access::Private, inner, |inner| root(plan, inner))
}

fn root(plan: &ServicePlan<'_>, modules: &[Module<'_>]) -> TokenStream {
    let declarations = declarations(modules);
    let reexports = plan.operations.iter().map(|operation| {
        let module = ident(&operation.module);
        let (input, output) = (type_ident(&plan[operation.input]), type_ident(&plan[operation.output]));
        quote!(pub use #module::{#input, #output};)
    });
    quote! {
        //! Operations: every input knows its name on the wire, its output and its errors.
        #declarations
        #[allow(unused_imports, reason = "operations may have no types but their own")]
        use super::types::*;
        use super::{Error, SERVICE, ServiceError};
        #(#reexports)*
    }
}

/// An operation: its input and output, where it goes, its pages and its batches.
fn file(plan: &ServicePlan<'_>, operation: &OperationPlan<'_>, surroundings: Surroundings) -> TokenStream {
    let title = format!(" The operation `{}`.", operation.wire_name);
    let calls = doc(&calls_docs(plan, operation, surroundings));
    let input = structures::structure_with(plan, &plan[operation.input], &calls);
    let output = structures::structure(plan, &plan[operation.output]);
    let operation_trait = implementation(plan, operation);
    let paginator = paginators::paginator(plan, operation);
    let batch = batches::batch(plan, operation);
    let imports = imports(plan, operation);
    quote! {
        #![doc = #title]
        use super::{#(#imports),*};
        use workstream_runtime::generated::*;
        #input
        #operation_trait
        #paginator
        #batch
        #output
    }
}

/// What the input says of calls, where there is a client.
fn calls_docs(plan: &ServicePlan<'_>, operation: &OperationPlan<'_>, surroundings: Surroundings) -> String {
    if surroundings.behind(Feature::Client).is_none() {
        return String::new();
    }
    let example = surroundings.has_examples().then(|| format!("\n\n{}", snippet(plan, operation)));
    format!("\n# Calls\n\n{}{}", operation.calls_docs, example.unwrap_or_default())
}

/// What the file of an operation names of its service, by name. All types of the service in each file would be made
/// anew by the compiler for each, which costs 3 to 6 % of a check.
fn imports(plan: &ServicePlan<'_>, operation: &OperationPlan<'_>) -> BTreeSet<Ident> {
    let fields = [operation.input, operation.output].into_iter().flat_map(|id| plan[id].fields());
    let types = fields.map(|field| &field.ty).chain(paginators::items_type(plan, operation));
    let named = types.flat_map(Type::parts).filter_map(|part| match part {
        Type::Named(id) => Some(type_ident(&plan[*id])),
        Type::String | primitive!() | Type::Blob | Type::Timestamp | Type::Document => None,
        Type::Boxed(_) | Type::Nullable(_) | Type::List(_) | Type::Map(..) => None,
    });
    named.chain(["Error", "ServiceError", "SERVICE"].map(ident)).collect()
}

/// What is the same for all operations of the service.
pub(super) fn service_description(plan: &ServicePlan<'_>, surroundings: Surroundings) -> TokenStream {
    let ServiceDescription { name, id, api_version, endpoint, protocols, query_compatible, bearer, .. } =
        &plan.description;
    let protocols = protocols.iter().map(|protocol| match protocol {
        Protocol::AwsJson1_0 => quote!(Protocol::AwsJson1_0),
        Protocol::AwsJson1_1 => quote!(Protocol::AwsJson1_1),
        Protocol::RpcV2Cbor => quote!(Protocol::RpcV2Cbor),
        Protocol::RestJson1 => quote!(Protocol::RestJson1),
        Protocol::RestXml => quote!(Protocol::RestXml),
        Protocol::AwsQuery => quote!(Protocol::AwsQuery),
        Protocol::Ec2Query => quote!(Protocol::Ec2Query),
    });
    let version = api_version.map(|version| quote!(.api_version(#version)));
    let endpoint = endpoint.map(|[prefix, signing_name]| quote!(.endpoint(#prefix, #signing_name)));
    let bearer = bearer.then(|| quote!(.bearer()));
    let query = query_compatible.then(|| quote!(.query_compatible()));
    let retries = plan.retries.map(|RetryPlan { max_attempts, transient_backoff_millis }| {
        let numbers = [u64::from(max_attempts), transient_backoff_millis].map(Literal::u64_unsuffixed);
        quote!(.retries(#(#numbers),*))
    });
    let rules = plan
        .endpoint
        .as_ref()
        .map(|_| quote!(.endpoint_rules(|config| endpoint::resolve(&endpoint::Params::from_config(config)))));
    let described = quote! {
        ServiceDescription::new(#name, #id, &[#(#protocols),*]) #version #endpoint #query #bearer #retries #rules
    };
    let described = constraints::described(plan, surroundings, described);
    quote! {
        /// What is the same for all operations of the service.
        pub static SERVICE: ServiceDescription = #described;
    }
}

fn implementation(plan: &ServicePlan<'_>, operation: &OperationPlan<'_>) -> TokenStream {
    let (input, output) = (&plan[operation.input], &plan[operation.output]);
    let (input_name, output_name) = (type_ident(input), type_ident(output));
    let description = description(plan, operation);
    let no_input = (!operation.has_input).then(|| quote!(.no_input()));
    let effect = match operation.effect {
        Idempotency::Readonly => Some(quote!(.readonly())),
        Idempotency::Idempotent => Some(quote!(.idempotent())),
        Idempotency::Any => None,
    };
    let unsigned = operation.unsigned.then(|| quote!(.unsigned()));
    let long_polling = operation.long_polling.then(|| quote!(.long_polling()));
    let host_prefix = operation.host_prefix.as_deref().map(|parts| host_prefix(input, parts));
    let endpoint = bound_endpoint(plan, operation);
    let tokens = fill_tokens(input);
    quote! {
        impl workstream_runtime::__private::Generated for #input_name {}

        impl Operation for #input_name {
            type Output = #output_name;
            type ServiceError = ServiceError;
            type Error = Error;

            const DESCRIPTION: &'static OperationDescription =
                &#description #no_input #effect #unsigned #long_polling;

            #host_prefix
            #endpoint
            #tokens
        }
    }
}

/// What is said of the operation in each protocol of the service.
fn description(plan: &ServicePlan<'_>, operation: &OperationPlan<'_>) -> TokenStream {
    let (name, prefix) = (operation.wire_name, plan.description.target_prefix);
    let (target, path) = (format!("{prefix}.{name}"), format!("/service/{prefix}/operation/{name}"));
    let root = operation.root.as_ref().map(|root| {
        let names = names(root);
        quote!(.root(#names))
    });
    let bound = operation.http.as_ref().map(http).map(|http| quote!(#http #root));
    let is_rpc = plan.description.protocols.iter().any(|protocol| !protocol.has_bindings());
    match bound {
        None => quote!(OperationDescription::new(#name, &SERVICE, #target, #path)),
        Some(http) if is_rpc => quote!(OperationDescription::new(#name, &SERVICE, #target, #path).http(#http)),
        Some(http) => quote!(OperationDescription::bound(#name, &SERVICE, #http)),
    }
}

fn http(plan: &HttpPlan<'_>) -> TokenStream {
    let HttpPlan { method, uri, code, request, response, checksum } = plan;
    let checksum = checksum.map(|checksum| match checksum {
        ChecksumPlan::Md5 => quote!(.checksum(wire::Checksum::Md5)),
        ChecksumPlan::Flexible(header) => quote!(.checksum(wire::Checksum::Flexible(#header))),
    });
    let [request, response] = [request, response].map(body);
    let code = (*code != 200).then(|| {
        let code = Literal::u16_unsuffixed(*code);
        quote!(.code(#code))
    });
    quote!(wire::Http::new(#method, #uri, #request, #response) #code #checksum)
}

fn body(body: &BodyKind<'_>) -> TokenStream {
    match body {
        BodyKind::None => quote!(wire::Body::None),
        BodyKind::Members => quote!(wire::Body::Members),
        BodyKind::Structure => quote!(wire::Body::Structure),
        BodyKind::Value => quote!(wire::Body::Value),
        BodyKind::Bytes(media_type) => quote!(wire::Body::Bytes(#media_type)),
        BodyKind::Text(media_type) => quote!(wire::Body::Text(#media_type)),
    }
}

/// The host prefix, with members in place of labels.
fn host_prefix(input: &TypePlan<'_>, parts: &[HostPart<'_>]) -> TokenStream {
    let mut format = String::new();
    let mut values = Vec::new();
    for part in parts {
        match part {
            HostPart::Literal(text) => format.push_str(text),
            HostPart::Label(index) => {
                let field = &input.fields()[*index];
                format.push_str("{}");
                let name = ident(&field.name);
                values.push(match (field.is_plain(), &field.ty) {
                    (true, _) => quote!(self.#name),
                    (false, Type::String) => quote!(self.#name.as_deref().unwrap_or_default()),
                    (false, _) => quote!(self.#name.as_ref().map(AsRef::<str>::as_ref).unwrap_or_default()),
                });
            }
        }
    }
    let value = if values.is_empty() { quote!(#format.to_owned()) } else { quote!(format!(#format, #(#values),*)) };
    quote! {
        fn host_prefix(&self) -> Option<String> {
            Some(#value)
        }
    }
}

/// The endpoint of an operation that supplies parameters of its own.
fn bound_endpoint(plan: &ServicePlan<'_>, operation: &OperationPlan<'_>) -> Option<TokenStream> {
    plan.endpoint_bindings.iter().find(|binding| binding.operation == operation.id)?;
    let bind = binding_name(operation);
    Some(quote! {
        fn endpoint(
            &self,
            config: &workstream_runtime::endpoint::EndpointConfig,
        ) -> Option<Result<workstream_runtime::endpoint::Endpoint, workstream_runtime::endpoint::EndpointError>> {
            Some(super::super::endpoint::#bind(config, self))
        }
    })
}

/// Tokens for the members that want one and have none.
fn fill_tokens(input: &TypePlan<'_>) -> Option<TokenStream> {
    let names = token_fields(input);
    (!names.is_empty()).then(|| {
        quote! {
            fn fill_tokens(&mut self, token: &mut dyn FnMut() -> String) {
                #(self.#names.get_or_insert_with(&mut *token);)*
            }
        }
    })
}
