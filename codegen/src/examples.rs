//! Rust that uses the generated crate: values of its types, and the calls on the pages of operations.

use crate::markup::code_fence;
use crate::output::{ident, spaced};
use crate::plan::{Accepts, FieldPlan, OperationPlan, ServicePlan, Type, TypeId, TypeKind, Written, primitive};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;
use std::collections::BTreeSet;

/// A call of an operation with the least that it takes, as a block of Markdown that is compiled as a test of the crate. Its
/// lines that say nothing of the operation are not shown.
pub(crate) fn snippet(plan: &ServicePlan<'_>, operation: &OperationPlan<'_>) -> String {
    let mut examples = Examples { telling: true, ..Examples::new(plan) };
    let method = ident(&operation.method);
    let input = examples.input(operation, true);
    let has_items = operation.paginator.as_ref().is_some_and(|paginator| paginator.items.is_some());
    let call = if has_items {
        quote! {
            let mut items = client.#method(#input).items();
            while let Some(item) = items.try_next().await? {
                println!("{item:?}");
            }
        }
    } else {
        quote! {
            let output = client.#method(#input).await?;
            println!("{output:?}");
        }
    };
    let function = formatted(&quote!(async fn example(client: &Client) -> Result<(), Error> { #call Ok(()) }));
    let body = function.lines().filter_map(|line| line.strip_prefix("    ")).filter(|line| *line != "Ok(())");
    let body: Vec<&str> = body.collect();
    let imports: Vec<&str> = examples.imports.iter().copied().collect();
    let imports =
        if imports.is_empty() { String::new() } else { format!("# use workstream::{{{}}};\n", imports.join(", ")) };
    let module = &plan.names.module;
    let text = format!(
        "# use workstream::{module}::{{Client, Error, types::*}};\n{imports}\
         # async fn example(client: &Client) -> Result<(), Error> {{\n{}\n# Ok(())\n# }}",
        body.join("\n")
    );
    let fence = code_fence(&text);
    format!("{fence}rust,no_run\n{text}\n{fence}")
}

/// Makes values, and knows what they need to be imported.
pub(crate) struct Examples<'p, 'g> {
    /// What it calls.
    pub plan: &'p ServicePlan<'g>,
    /// Types of the crate's root.
    imports: BTreeSet<&'static str>,
    /// Whether a map is written by name.
    maps: bool,
    /// Structures and unions that a value is being made of.
    path: Vec<TypeId>,
    /// Only what is required.
    least: bool,
    /// Whether texts are called as what takes them, to show which is which.
    telling: bool,
}

impl<'p, 'g> Examples<'p, 'g> {
    pub fn new(plan: &'p ServicePlan<'g>) -> Self {
        Self { plan, imports: BTreeSet::new(), maps: false, path: Vec::new(), least: false, telling: false }
    }

    pub fn file(&self, calls: bool, items: &TokenStream) -> String {
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
    pub fn input(&mut self, operation: &OperationPlan<'_>, least: bool) -> TokenStream {
        let before = std::mem::replace(&mut self.least, least);
        let input = self.value(&Type::Named(operation.input));
        self.least = before;
        input.unwrap_or_else(|| quote!(Default::default()))
    }

    /// A value of the type; `None` where it would have to contain itself.
    pub fn value(&mut self, ty: &Type) -> Option<TokenStream> {
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
        let name = field.name.trim_start_matches("r#");
        match (field.accepts, &field.ty) {
            (Accepts::Into, Type::String) if self.telling => Some(quote!(#name)),
            (Accepts::Elements { into: true }, Type::List(element)) if self.telling && **element == Type::String => {
                Some(quote!([#name]))
            }
            (Accepts::Into, ty) => self.short(ty),
            (Accepts::Unboxed, Type::Boxed(inner)) => self.value(inner),
            (Accepts::Elements { into }, Type::List(element)) => {
                let value = if into { self.short(element) } else { self.value(element) };
                Some(value.map_or_else(|| quote!(Vec::new()), |value| quote!([#value])))
            }
            (Accepts::Pairs { into }, Type::Map(key, value)) => {
                let value = if into { self.short(value) } else { self.value(value) };
                Some(match (self.short(key), value) {
                    (Some(name), Some(value)) => quote!([(#name, #value)]),
                    _ => self.empty_map(key),
                })
            }
            (_, ty) => self.value(ty),
        }
    }

    /// A map without entries. What it is taken for does not say what its keys are.
    fn empty_map(&mut self, key: &Type) -> TokenStream {
        self.maps = true;
        let key = ident(&Written::of(&self.plan.types, key).to_string());
        quote!(BTreeMap::<#key, _>::new())
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

    pub fn variant(&mut self, union: &Ident, variant: &FieldPlan<'_>) -> Option<TokenStream> {
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
pub(crate) fn formatted(tokens: &TokenStream) -> String {
    match syn::parse2(tokens.clone()) {
        Ok(file) => spaced(&prettyplease::unparse(&file)),
        Err(_) => tokens.to_string(),
    }
}
