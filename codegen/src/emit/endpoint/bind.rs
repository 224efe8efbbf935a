//! Endpoints of operations that supply parameters of their own: a function for each.

use crate::emit::jmespath::ExpressionWriter;
use crate::emit::tokens::{doc, ident, type_ident};
use crate::graph::ContextValue;
use crate::plan::jmespath::Typed;
use crate::plan::rules::{BoundValue, EndpointPlan, ParameterPlan, RuleType};
use crate::plan::{OperationPlan, ServicePlan, Type};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

pub(super) fn bindings(plan: &ServicePlan<'_>, endpoint: &EndpointPlan<'_>) -> Vec<TokenStream> {
    let functions = plan.endpoint_bindings.iter().filter_map(|binding| {
        let operation = plan.operation(binding.operation)?;
        let name = binding_name(operation);
        let docs = doc(&format!("Resolves the endpoint for `{}`, which supplies parameters.", operation.wire_name));
        let writer = ExpressionWriter::new(plan, quote!(input), Type::Named(operation.input));
        let statements = binding.values.iter().map(|(id, value)| match value {
            BoundValue::Fixed(value) => fixed(&endpoint[*id], value),
            BoundValue::Input(value) => from_input(&writer, &endpoint[*id], value),
        });
        let reads_input = binding.values.iter().any(|(_, value)| matches!(value, BoundValue::Input(_)));
        let input = if reads_input { quote!(input) } else { quote!(_input) };
        let ty = type_ident(&plan[operation.input]);
        Some(quote! {
            #docs
            pub(super) fn #name(config: &EndpointConfig, #input: &types::#ty) -> Result<Endpoint, EndpointError> {
                let mut params = Params::from_config(config);
                #(#statements)*
                resolve(&params)
            }
        })
    });
    functions.collect()
}

/// The function that resolves the endpoint of an operation that supplies parameters.
pub(in crate::emit) fn binding_name(operation: &OperationPlan<'_>) -> Ident {
    format_ident!("resolve_for_{}", operation.method.trim_start_matches("r#"))
}

/// `value` as the parameter's field holds it.
fn held(parameter: &ParameterPlan<'_>, value: TokenStream) -> TokenStream {
    if parameter.has_default() { value } else { quote!(Some(#value)) }
}

fn fixed(parameter: &ParameterPlan<'_>, value: &ContextValue) -> TokenStream {
    let name = ident(&parameter.field.name);
    let value = match value {
        ContextValue::String(text) => quote!(#text.to_owned()),
        ContextValue::Boolean(value) => quote!(#value),
        ContextValue::StringList(list) => quote!(vec![#(#list.to_owned()),*]),
    };
    let value = held(parameter, value);
    quote!(params.#name = #value;)
}

/// A value that is absent leaves the parameter as it is.
fn from_input(writer: &ExpressionWriter<'_, '_>, parameter: &ParameterPlan<'_>, value: &Typed) -> TokenStream {
    let name = ident(&parameter.field.name);
    if parameter.field.ty == RuleType::StringArray {
        let items = writer.items(value);
        let (tokens, item) = (&items.tokens, writer.item_value(&items));
        let list = quote!(#tokens.map(|item| #item.to_owned()).collect());
        let held = held(parameter, list);
        // A list that is there and empty is a value, too.
        return match writer.presence(value) {
            Some(is_there) => quote!(if #is_there { params.#name = #held; }),
            None => quote!(params.#name = #held;),
        };
    }
    let owned =
        |value: TokenStream| if parameter.field.ty == RuleType::String { quote!(#value.to_owned()) } else { value };
    let (tokens, optional) = writer.single(value);
    if optional {
        let held = held(parameter, owned(quote!(value)));
        return quote!(if let Some(value) = #tokens { params.#name = #held; });
    }
    let held = held(parameter, owned(tokens));
    quote!(params.#name = #held;)
}
