//! Batches: which list is split, and what answers tell of its items.

use super::tokens::{doc, ident, token_fields, type_ident, written};
use crate::plan::{
    BatchPlan, FailuresPlan, FieldPlan, ItemReference, OperationPlan, ServicePlan, Type, TypeId, TypePlan, Written,
    primitive,
};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// `Batched` for an operation that has batches.
pub(super) fn batch(plan: &ServicePlan<'_>, operation: &OperationPlan<'_>) -> Option<TokenStream> {
    let batch = operation.batch.as_ref()?;
    let BatchPlan { list, maximum, .. } = batch;
    let (input, output) = (&plan[operation.input], &plan[operation.output]);
    let list = input.field(list)?;
    let (name, output_name, docs) = (type_ident(input), type_ident(output), doc(&batch.docs()));
    let inferred = batch.is_inferred();
    let item = written(&Written::item(&plan.types, &list.ty));
    let maximum = Literal::u32_unsuffixed(*maximum);
    let field = ident(&list.name);
    let items = if list.is_plain() { quote!(&mut self.#field) } else { quote!(self.#field.get_or_insert_default()) };
    let Failures { ty, found, likeness, told } = failures(plan, batch, output, list);
    let tokens = forget_tokens(input);
    Some(quote! {
        #docs
        impl Batched for #name {
            type Item = #item;
            type Failure = #ty;

            const INFERRED: bool = #inferred;
            const MAX_ITEMS: usize = #maximum;

            #[inline]
            fn list_to_split(&mut self) -> &mut Vec<Self::Item> {
                #items
            }

            #[inline]
            fn failures_in(output: &#output_name) -> &[Self::Failure] {
                #found
            }

            #[inline]
            fn likeness(failure: &Self::Failure, item: &Self::Item) -> Option<workstream_runtime::Likeness> {
                #likeness
            }

            #[inline]
            fn code_and_message(failure: &Self::Failure) -> [Option<&str>; 2] {
                #told
            }

            #tokens
        }
    })
}

/// What is written of failures: their type, and the bodies of functions.
struct Failures {
    ty: TokenStream,
    found: TokenStream,
    likeness: TokenStream,
    told: TokenStream,
}

fn failures(plan: &ServicePlan<'_>, batch: &BatchPlan, output: &TypePlan<'_>, list: &FieldPlan<'_>) -> Failures {
    let told = batch.failures.as_ref().and_then(|failures| {
        let field = output.field(&failures.list)?;
        Some((failures, field, &plan[element(field)?]))
    });
    let Some((failures, field, failure)) = told else {
        // There is no value of this type.
        let never = quote!(match *failure {});
        return Failures {
            ty: quote!(std::convert::Infallible),
            found: quote!(let _ = output; &[]),
            likeness: quote!(let _ = item; #never),
            told: never,
        };
    };
    let name = ident(&field.name);
    Failures {
        ty: written(&Written::item(&plan.types, &field.ty)),
        found: if field.is_plain() {
            quote!(&output.#name)
        } else {
            quote!(output.#name.as_deref().unwrap_or_default())
        },
        likeness: likeness(&failures.item, failure, element(list).map(|id| &plan[id])),
        told: code_and_message(failures, failure),
    }
}

/// The type of the service that a list has elements of.
fn element(list: &FieldPlan<'_>) -> Option<TypeId> {
    match &list.ty {
        Type::List(element) => element.structure(),
        Type::Boxed(_) | Type::Nullable(_) | Type::Map(..) | Type::Named(_) => None,
        Type::String | primitive!() | Type::Blob | Type::Timestamp | Type::Document => None,
    }
}

fn likeness(reference: &ItemReference, failure: &TypePlan<'_>, item: Option<&TypePlan<'_>>) -> TokenStream {
    let is_same = match reference {
        ItemReference::Whole(member) => {
            let told = value(&quote!(failure), failure.field(member));
            return quote!(#told.and_then(|told| workstream_runtime::__private::likeness(told, item)));
        }
        ItemReference::Text(member) => {
            let told = value(&quote!(failure), failure.field(member));
            quote!(#told == Some(item))
        }
        ItemReference::Members(members) => {
            let pairs = members.iter().map(|member| {
                let (told, sent) = (failure.field(member), item.and_then(|item| item.field(member)));
                let [told, sent] = [(quote!(failure), told), (quote!(item), sent)].map(|(of, field)| value(&of, field));
                quote!(#told == #sent)
            });
            quote!(#(#pairs)&&*)
        }
    };
    quote!((#is_same).then_some(workstream_runtime::Likeness::Same))
}

/// The value of a field, as an `Option` of a reference.
fn value(of: &TokenStream, field: Option<&FieldPlan<'_>>) -> TokenStream {
    let Some(field) = field else { return quote!(None) };
    let name = ident(&field.name);
    if field.is_plain() { quote!(Some(&#of.#name)) } else { quote!(#of.#name.as_ref()) }
}

fn code_and_message(FailuresPlan { code, message, .. }: &FailuresPlan, failure: &TypePlan<'_>) -> TokenStream {
    match [code, message].map(|member| text(failure, member.as_deref())) {
        [None, None] => quote!(let _ = failure; [None, None]),
        texts => {
            let texts = texts.map(|text| text.unwrap_or_else(|| quote!(None)));
            quote!([#(#texts),*])
        }
    }
}

/// The text of a failure's member, as an `Option<&str>`.
fn text(failure: &TypePlan<'_>, member: Option<&str>) -> Option<TokenStream> {
    let field = failure.field(member?)?;
    let name = ident(&field.name);
    Some(match (field.is_plain(), &field.ty) {
        (true, _) => quote!(Some(failure.#name.as_ref())),
        (false, Type::String) => quote!(failure.#name.as_deref()),
        (false, _) => quote!(failure.#name.as_ref().map(AsRef::as_ref)),
    })
}

/// Removes tokens that make a call unique.
fn forget_tokens(input: &TypePlan<'_>) -> Option<TokenStream> {
    let names = token_fields(input);
    (!names.is_empty()).then(|| {
        quote! {
            fn forget_tokens(&mut self) {
                #(self.#names = None;)*
            }
        }
    })
}
