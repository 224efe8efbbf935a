//! Rust that uses the generated crate: each text is a module that compiles.

use crate::graph::ShapeId;
use crate::output::{ident, spaced};
use crate::plan::names::question;
use crate::plan::waiters::WaiterPlan;
use crate::plan::{
    Accepts, FieldPlan, OperationPlan, PaginatorPlan, ServicePlan, Type, TypeId, TypeKind, TypePlan, primitive,
};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;
use std::collections::BTreeSet;

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

/// Makes values, and knows what they need to be imported.
struct Examples<'p, 'g> {
    plan: &'p ServicePlan<'g>,
    /// Types of the crate's root.
    imports: BTreeSet<&'static str>,
    /// Whether a map is written by name.
    maps: bool,
    /// Structures and unions that a value is being made of.
    path: Vec<TypeId>,
    /// Only what is required.
    least: bool,
}

impl<'p, 'g> Examples<'p, 'g> {
    fn new(plan: &'p ServicePlan<'g>) -> Self {
        Self { plan, imports: BTreeSet::new(), maps: false, path: Vec::new(), least: false }
    }

    fn file(&self, calls: bool, items: &TokenStream) -> String {
        let module = ident(&self.plan.names.module);
        let maps = self.maps.then(|| {
            quote!(
                use ::std::collections::BTreeMap;
            )
        });
        let service = if calls { quote!({self, types::*}) } else { quote!(types::*) };
        let imports = self.imports.iter().map(|name| ident(name));
        let imports = (!self.imports.is_empty()).then(|| quote!(use workstream::{#(#imports),*};));
        formatted(&quote! {
            #maps
            use workstream::#module::#service;
            #imports
            #items
        })
    }

    /// An operation's input, with every member or with the `least`.
    fn input(&mut self, operation: &OperationPlan<'_>, least: bool) -> TokenStream {
        let before = std::mem::replace(&mut self.least, least);
        let input = self.value(&Type::Named(operation.input));
        self.least = before;
        input.unwrap_or_else(|| quote!(Default::default()))
    }

    /// A value of the type; `None` where it would have to contain itself.
    fn value(&mut self, ty: &Type) -> Option<TokenStream> {
        Some(match ty {
            Type::String => quote!("string".to_owned()),
            Type::Bool => quote!(true),
            Type::I8 | Type::I16 | Type::I32 | Type::I64 => {
                let one = Literal::i8_unsuffixed(1);
                quote!(#one)
            }
            Type::F32 | Type::F64 => {
                let one = Literal::f64_unsuffixed(1.0);
                quote!(#one)
            }
            Type::Blob => self.imported("Blob", quote!(Blob::from(b"bytes"))),
            Type::Timestamp => self.imported("Timestamp", quote!(Timestamp::from_secs(1_420_070_400))),
            Type::Document => self.imported("Document", quote!(Document::from("string"))),
            Type::Named(id) => self.named(*id)?,
            Type::Boxed(inner) => {
                let inner = self.value(inner)?;
                quote!(Box::new(#inner))
            }
            Type::Nullable(inner) => {
                let inner = self.value(inner)?;
                quote!(Some(#inner))
            }
            Type::List(element) => match self.value(element) {
                Some(value) => quote!(vec![#value]),
                None => quote!(Vec::new()),
            },
            Type::Map(key, value) => {
                self.maps = true;
                match (self.value(key), self.value(value)) {
                    (Some(key), Some(value)) => quote!(BTreeMap::from([(#key, #value)])),
                    _ => quote!(BTreeMap::new()),
                }
            }
        })
    }

    /// A value as the constructor or setter of the field takes it.
    fn argument(&mut self, field: &FieldPlan<'_>) -> Option<TokenStream> {
        match (field.accepts, &field.ty) {
            (Accepts::Into, ty) => self.short(ty),
            (Accepts::Unboxed, Type::Boxed(inner)) => self.value(inner),
            (Accepts::Elements { into }, Type::List(element)) => {
                let value = if into { self.short(element) } else { self.value(element) };
                Some(value.map_or_else(|| quote!(Vec::new()), |value| quote!([#value])))
            }
            (Accepts::Pairs, Type::Map(key, value)) => {
                let (key, value) = (self.short(key)?, self.short(value)?);
                Some(quote!([(#key, #value)]))
            }
            (_, ty) => self.value(ty),
        }
    }

    /// What converts into the type, where that is shorter to write.
    fn short(&mut self, ty: &Type) -> Option<TokenStream> {
        match ty {
            Type::String | Type::Document => Some(quote!("string")),
            Type::Blob => Some(quote!(b"bytes")),
            primitive!() | Type::Timestamp => self.value(ty),
            Type::Named(_) | Type::Boxed(_) | Type::Nullable(_) | Type::List(_) | Type::Map(..) => self.value(ty),
        }
    }

    fn imported(&mut self, name: &'static str, value: TokenStream) -> TokenStream {
        self.imports.insert(name);
        value
    }

    fn named(&mut self, id: TypeId) -> Option<TokenStream> {
        let plan = self.plan;
        let ty = &plan[id];
        let name = ident(&ty.name);
        match &ty.kind {
            TypeKind::Enum { variants, .. } => Some(match variants.first().map(|variant| ident(&variant.name)) {
                Some(variant) => quote!(#name::#variant),
                None => quote!(#name::from("string")),
            }),
            TypeKind::IntEnum { variants, .. } => Some(match variants.first().map(|variant| ident(&variant.name)) {
                Some(variant) => quote!(#name::#variant),
                None => quote!(#name::default()),
            }),
            TypeKind::Structure { fields, .. } => self.inside(id, |examples| examples.structure(&name, fields)),
            TypeKind::Union { variants, .. } => {
                self.inside(id, |examples| variants.iter().find_map(|variant| examples.variant(&name, variant)))
            }
        }
    }

    /// Inside itself a type has only what is required, and no more than once.
    fn inside(&mut self, id: TypeId, make: impl FnOnce(&mut Self) -> Option<TokenStream>) -> Option<TokenStream> {
        let times = self.path.iter().filter(|&&outer| outer == id).count();
        if times > 1 {
            return None;
        }
        let before = self.least;
        self.least = before || times == 1;
        self.path.push(id);
        let made = make(self);
        self.path.pop();
        self.least = before;
        made
    }

    fn variant(&mut self, union: &Ident, variant: &FieldPlan<'_>) -> Option<TokenStream> {
        let value = self.value(&variant.ty)?;
        let variant = ident(&variant.name);
        Some(quote!(#union::#variant(#value)))
    }

    fn structure(&mut self, name: &Ident, fields: &[FieldPlan<'_>]) -> Option<TokenStream> {
        let mut required = Vec::new();
        for field in fields.iter().filter(|field| field.is_argument()) {
            required.push(self.argument(field)?);
        }
        let mut setters = Vec::new();
        let optional = if self.least { &[] } else { fields };
        for field in optional.iter().filter(|field| !field.is_argument()) {
            let recursive = field.ty.parts().any(|part| matches!(part, Type::Named(id) if self.path.contains(id)));
            let value = if recursive { None } else { self.argument(field) };
            setters.extend(value.map(|value| {
                let setter = ident(&field.name);
                quote!(.#setter(#value))
            }));
        }
        Some(quote!(#name::new(#(#required),*) #(#setters)*))
    }
}

/// As rustfmt would have it, nearly; what cannot be parsed is shown as it is.
fn formatted(tokens: &TokenStream) -> String {
    match syn::parse2(tokens.clone()) {
        Ok(file) => spaced(&prettyplease::unparse(&file)),
        Err(_) => tokens.to_string(),
    }
}
