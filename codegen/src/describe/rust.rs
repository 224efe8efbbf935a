//! Rust that uses the generated crate: each text is a module that compiles.

use crate::examples::{Examples, formatted};
use crate::graph::ShapeId;
use crate::output::ident;
use crate::plan::names::question;
use crate::plan::waiters::WaiterPlan;
use crate::plan::{OperationPlan, PaginatorPlan, ServicePlan, Type, TypeId, TypeKind, TypePlan};
use proc_macro2::TokenStream;
use quote::quote;

/// A client, and what it can call.
pub(super) fn service(plan: &ServicePlan<'_>) -> String {
    let module = ident(&plan.names.module);
    let methods = plan.operations.iter().map(|operation| {
        let (input, output) = (&plan[operation.input].name, &plan[operation.output].name);
        format!(" - `{}({input}) -> {output}`", operation.method)
    });
    let methods = methods.chain(plan.waiters.iter().filter_map(|waiter| {
        let operation = plan.operation(waiter.waiter.operation)?;
        Some(format!(" - `{}({})`", waiter.method, plan[operation.input].name))
    }));
    formatted(&quote! {
        use workstream::client::ConfigError;
        use workstream::#module;

        /// A client with region and credentials from the usual places. It has:
        ///
        #(#[doc = #methods])*
        pub async fn client() -> Result<#module::Client, ConfigError> {
            #module::Client::from_env().await
        }
    })
}

/// A call with every member, its errors, its pages and its waiters.
pub(super) fn operation(plan: &ServicePlan<'_>, operation: &OperationPlan<'_>) -> String {
    let mut examples = Examples::new(plan);
    let call = call(&mut examples, operation);
    let pages = operation.paginator.as_ref().map(|paginator| series(&mut examples, operation, paginator));
    let waiters = plan.waiters.iter().filter(|waiter| waiter.waiter.operation == operation.id);
    let waits: Vec<TokenStream> = waiters.map(|waiter| wait(&mut examples, operation, waiter)).collect();
    examples.file(true, &quote!(#call #pages #(#waits)*))
}

/// All items of a paginated operation, or its pages where they have no items.
pub(super) fn pages(plan: &ServicePlan<'_>, operation: &OperationPlan<'_>, paginator: &PaginatorPlan) -> String {
    let mut examples = Examples::new(plan);
    let series = series(&mut examples, operation, paginator);
    examples.file(true, &series)
}

/// A value of a structure with every member, values of a union or enum; `None` for what has no type of its own.
pub(super) fn shape(plan: &ServicePlan<'_>, id: ShapeId) -> Option<String> {
    let of_shape = |ty: &&TypePlan<'_>| ty.shape == Some(id);
    // The data structure, where the shape is also an input or output.
    let is_data = |ty: &&TypePlan<'_>| !ty.kind.is_of_one_operation();
    let found = plan.types.iter().filter(of_shape).find(is_data).or_else(|| plan.types.iter().find(of_shape))?;
    let mut examples = Examples::new(plan);
    let name = ident(&found.name);
    let item = match &found.kind {
        TypeKind::Enum { variants, .. } => {
            let names = variants.iter().map(|variant| ident(&variant.name));
            let values = variants.iter().map(|variant| variant.value);
            let known = quote!(#(#name::#names => #values,)*);
            quote! {
                /// The values that are known; there may be others.
                pub fn value(value: &#name) -> &str {
                    match value {
                        #known
                        other => other.as_str(),
                    }
                }
            }
        }
        TypeKind::Union { variants, .. } => {
            let values: Vec<TokenStream> =
                variants.iter().filter_map(|variant| examples.variant(&name, variant)).collect();
            quote! {
                /// One of each member.
                pub fn values() -> Vec<#name> {
                    vec![#(#values),*]
                }
            }
        }
        TypeKind::Structure { .. } | TypeKind::IntEnum { .. } => {
            let index = plan.types.iter().position(|ty| ty.name == found.name)?;
            let value = examples.value(&Type::Named(TypeId(index as u32)))?;
            quote! {
                /// With every member.
                pub fn value() -> #name {
                    #value
                }
            }
        }
    };
    Some(examples.file(false, &item))
}

fn call(examples: &mut Examples<'_, '_>, operation: &OperationPlan<'_>) -> TokenStream {
    let plan = examples.plan;
    let (module, method) = (ident(&plan.names.module), ident(&operation.method));
    let input = examples.input(operation, false);
    let docs = format!(" Calls `{}` with every member.", operation.wire_name);
    let errors = operation.errors.iter().map(|&error| ident(&question(&plan[error].name)));
    quote! {
        #[doc = #docs]
        pub async fn #method(client: &#module::Client) -> Result<(), #module::Error> {
            let input = #input;
            match client.#method(input).await {
                Ok(output) => println!("{output:?}"),
                #(Err(error) if error.#errors() => eprintln!("{error}"),)*
                Err(error) => return Err(error),
            }
            Ok(())
        }
    }
}

fn series(examples: &mut Examples<'_, '_>, operation: &OperationPlan<'_>, paginator: &PaginatorPlan) -> TokenStream {
    let module = ident(&examples.plan.names.module);
    let method = ident(&operation.method);
    let input = examples.input(operation, true);
    let name = operation.wire_name;
    if paginator.items.is_none() {
        let docs = format!(" All pages of `{name}`.");
        return quote! {
            #[doc = #docs]
            pub async fn all_pages(client: &#module::Client) -> Result<(), #module::Error> {
                let mut pages = client.#method(#input).pages();
                while let Some(page) = pages.try_next().await? {
                    println!("{:?}", page.output());
                }
                Ok(())
            }
        };
    }
    let docs = format!(" All items of all pages of `{name}`.");
    quote! {
        #[doc = #docs]
        pub async fn all_items(client: &#module::Client) -> Result<(), #module::Error> {
            let mut items = client.#method(#input).items();
            while let Some(item) = items.try_next().await? {
                println!("{item:?}");
            }
            Ok(())
        }
    }
}

fn wait(examples: &mut Examples<'_, '_>, operation: &OperationPlan<'_>, waiter: &WaiterPlan<'_>) -> TokenStream {
    let module = ident(&examples.plan.names.module);
    let method = ident(&waiter.method);
    let input = examples.input(operation, true);
    let docs = format!(" Waits for `{}`.", waiter.waiter.name);
    quote! {
        #[doc = #docs]
        pub async fn #method(client: &#module::Client) {
            match client.#method(#input).await {
                Ok(waited) => println!("there after {} calls", waited.attempts),
                Err(error) => eprintln!("{error}"),
            }
        }
    }
}
