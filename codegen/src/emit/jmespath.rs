//! Checked JMESPath expressions as Rust: field accesses and iterators over the
//! planned types.
//!
//! Null is `None`. Text is `&str`, whatever the field has; what is cheap to copy
//! is copied; everything else is a reference.

mod iterate;
mod operators;
mod soundness;
mod truth;

use super::tokens::{ident, type_ident};
use crate::plan::jmespath::{Checked, FieldRef, Ty, Typed};
use crate::plan::{ServicePlan, Type, primitive};
pub(super) use operators::conjunct;
use operators::is_compound;
use proc_macro2::{Literal, TokenStream, TokenTree};
use quote::quote;

/// An expression of Rust, and how the value is in it.
#[derive(Clone)]
struct Code {
    tokens: TokenStream,
    form: ValueForm,
    ty: Ty,
}

/// How an expression of Rust has a value of the planned type `T`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ValueForm {
    /// A place that holds a `T`.
    Place,
    /// A place that holds an `Option<T>`.
    OptionPlace,
    /// A variable that holds a `&T`.
    Reference,
    /// A value as expressions have it: `&str`, a copy, or a `&T`.
    Value,
    /// The same with operators, which needs parentheses beside others.
    Compound,
    /// An `Option` of such a value.
    OptionValue,
}

/// Writes expressions about one current value.
#[derive(Clone)]
pub(super) struct ExpressionWriter<'p, 'g> {
    plan: &'p ServicePlan<'g>,
    current: Code,
}

impl<'p, 'g> ExpressionWriter<'p, 'g> {
    /// For expressions about `variable`, a reference to a value of type `ty`.
    pub(super) fn new(plan: &'p ServicePlan<'g>, variable: TokenStream, ty: Type) -> Self {
        Self { plan, current: Code { tokens: variable, form: ValueForm::Reference, ty: Ty::Rust(ty) } }
    }

    /// For expressions about the `item` of a closure.
    fn about(&self, item: Code) -> Self {
        Self { plan: self.plan, current: item }
    }

    /// A single value: an `Option` where the second is true.
    pub(super) fn single(&self, typed: &Typed) -> (TokenStream, bool) {
        let code = self.code(typed);
        if Self::is_optional(&code) { (self.option(&code), true) } else { (self.value(&code), false) }
    }

    /// An expression that has a single value.
    fn code(&self, typed: &Typed) -> Code {
        let value = |tokens| Code { tokens, form: ValueForm::Value, ty: typed.ty.clone() };
        let option = |tokens| Code { tokens, form: ValueForm::OptionValue, ty: typed.ty.clone() };
        match &typed.node {
            Checked::Current => self.current.clone(),
            Checked::Field(of, field) => self.field(self.code(of), *field),
            Checked::Element(of, index) => option(self.element(of, *index)),
            Checked::Text(text) => value(quote!(#text)),
            Checked::Number(number) => value(number_literal(*number)),
            Checked::Boolean(boolean) => value(quote!(#boolean)),
            Checked::Null => option(quote!(None)),
            Checked::Length(of) => self.length(of),
            Checked::Otherwise(first, second) => self.otherwise(first, second),
            Checked::Compare(operator, left, right) if typed.optional => option(self.order(*operator, left, right)),
            Checked::Contains(subject, wanted) if typed.optional => option(self.contained(subject, wanted)),
            Checked::And(left, right) if typed.optional => option(self.both(left, right)),
            Checked::Or(left, right) if typed.optional => option(self.either(left, right)),
            Checked::Compare(..) | Checked::And(..) | Checked::Or(..) | Checked::Not(_) | Checked::Contains(..) => {
                let tokens = self.holds(typed);
                let form = if is_compound(&tokens) { ValueForm::Compound } else { ValueForm::Value };
                Code { tokens, form, ty: typed.ty.clone() }
            }
            // These have many values: see `items`. Where they are null, an iterator does not say: see `bottom`.
            Checked::Project { .. } | Checked::Select(_) | Checked::Keys(_) => value(self.items(typed).tokens),
        }
    }

    /// `T` as expressions have it. Only of what cannot be absent.
    fn value(&self, code: &Code) -> TokenStream {
        let tokens = &code.tokens;
        match code.form {
            ValueForm::Place | ValueForm::Reference if self.is_text_field(&code.ty) => quote!(#tokens.as_str()),
            ValueForm::Place if is_copy(&code.ty) => tokens.clone(),
            ValueForm::Reference if is_copy(&code.ty) => quote!(*#tokens),
            ValueForm::Place => quote!(&#tokens),
            ValueForm::Compound => quote!((#tokens)),
            ValueForm::Reference | ValueForm::Value | ValueForm::OptionPlace | ValueForm::OptionValue => tokens.clone(),
        }
    }

    /// `Option<T>` as expressions have it.
    fn option(&self, code: &Code) -> TokenStream {
        let tokens = &code.tokens;
        match code.form {
            ValueForm::OptionValue => tokens.clone(),
            ValueForm::OptionPlace => match &code.ty {
                ty if is_nullable(ty) => quote!(#tokens.as_ref().and_then(|document| document.non_null())),
                ty if is_copy(ty) => tokens.clone(),
                Ty::Rust(Type::String | Type::Boxed(_)) => quote!(#tokens.as_deref()),
                Ty::Rust(Type::Named(id)) if self.is_text_field(&code.ty) => {
                    let name = type_ident(&self.plan[*id]);
                    quote!(#tokens.as_ref().map(types::#name::as_str))
                }
                _ => quote!(#tokens.as_ref()),
            },
            ValueForm::Compound => quote!(Some(#tokens)),
            ValueForm::Place | ValueForm::Reference if is_nullable(&code.ty) => quote!(#tokens.non_null()),
            ValueForm::Place | ValueForm::Reference | ValueForm::Value => {
                let value = self.value(code);
                quote!(Some(#value))
            }
        }
    }

    /// Whether the value may be null. A place may hold a document that is, a value never does.
    fn is_optional(code: &Code) -> bool {
        match code.form {
            ValueForm::OptionPlace | ValueForm::OptionValue => true,
            ValueForm::Place | ValueForm::Reference => is_nullable(&code.ty),
            ValueForm::Value | ValueForm::Compound => false,
        }
    }

    /// Whether it is a field, or element, of text: `String` or an enum.
    fn is_text_field(&self, ty: &Ty) -> bool {
        matches!(ty, Ty::Rust(_)) && ty.is_text(self.plan)
    }

    fn field(&self, of: Code, field: FieldRef) -> Code {
        let planned = field.field(self.plan);
        let ty = Ty::Rust(planned.ty.clone());
        if field.is_variant(self.plan) {
            return self.variant(of, field, ty);
        }
        let name = ident(&planned.name);
        let form = if planned.is_plain() { ValueForm::Place } else { ValueForm::OptionPlace };
        if !Self::is_optional(&of) {
            let of = of.tokens;
            return Code { tokens: quote!(#of.#name), form, ty };
        }
        let of = self.option(&of);
        let inner = Code { tokens: quote!(value.#name), form, ty };
        let tokens = if Self::is_optional(&inner) {
            let inner = self.option(&inner);
            quote!(#of.and_then(|value| #inner))
        } else {
            let inner = self.value(&inner);
            quote!(#of.map(|value| #inner))
        };
        Code { tokens, form: ValueForm::OptionValue, ty: inner.ty }
    }

    fn variant(&self, of: Code, field: FieldRef, ty: Ty) -> Code {
        let (union, variant) = (type_ident(&self.plan[field.owner]), ident(&field.field(self.plan).name));
        let bound = Code { tokens: quote!(value), form: ValueForm::Reference, ty };
        let value = self.option(&bound);
        let select = |union_value: TokenStream| quote!(match #union_value { types::#union::#variant(value) => #value, _ => None });
        let tokens = if Self::is_optional(&of) {
            let (of, select) = (self.option(&of), select(quote!(value)));
            quote!(#of.and_then(|value| #select))
        } else {
            select(self.value(&of))
        };
        Code { tokens, form: ValueForm::OptionValue, ty: bound.ty }
    }

    fn element(&self, of: &Typed, index: i64) -> TokenStream {
        let list = self.code(of);
        let nullable = matches!(&list.ty, Ty::Rust(Type::List(element)) if matches!(**element, Type::Nullable(_)));
        let get = |list: TokenStream| {
            let found = match index {
                0 => quote!(#list.first()),
                -1 => quote!(#list.last()),
                index if index > 0 => {
                    let index = Literal::i64_unsuffixed(index);
                    quote!(#list.get(#index))
                }
                index => {
                    let index = Literal::u64_unsuffixed(index.unsigned_abs() - 1);
                    quote!(#list.iter().rev().nth(#index))
                }
            };
            if nullable { quote!(#found.and_then(Option::as_ref)) } else { found }
        };
        let found = if Self::is_optional(&list) {
            let (list, get) = (self.option(&list), get(quote!(list)));
            quote!(#list.and_then(|list| #get))
        } else {
            get(list.tokens.clone())
        };
        let element =
            Code { tokens: quote!(item), form: ValueForm::Reference, ty: list.ty.element().unwrap_or(Ty::Null) };
        self.mapped(found, &element)
    }

    /// `option.map(...)` to what expressions have, where the two differ.
    fn mapped(&self, option: TokenStream, element: &Code) -> TokenStream {
        match &element.ty {
            ty if is_copy(ty) => quote!(#option.copied()),
            ty if is_nullable(ty) => quote!(#option.and_then(|document| document.non_null())),
            Ty::Rust(Type::String) => quote!(#option.map(String::as_str)),
            Ty::Rust(Type::Named(id)) if self.is_text_field(&element.ty) => {
                let name = type_ident(&self.plan[*id]);
                quote!(#option.map(types::#name::as_str))
            }
            _ => option,
        }
    }

    /// `first || second` for text.
    fn otherwise(&self, first: &Typed, second: &Typed) -> Code {
        let (first, second) = (self.code(first), self.code(second));
        let first = self.option(&first);
        let present = quote!(#first.filter(|text| !text.is_empty()));
        if Self::is_optional(&second) {
            let second = self.option(&second);
            return Code { tokens: quote!(#present.or(#second)), form: ValueForm::OptionValue, ty: Ty::Text };
        }
        let second = self.value(&second);
        Code { tokens: quote!(#present.unwrap_or(#second)), form: ValueForm::Value, ty: Ty::Text }
    }

    /// `length(of)`: of a projection, the number of its items.
    fn length(&self, of: &Typed) -> Code {
        let ty = Ty::Count;
        if matches!(of.ty, Ty::Items(_) | Ty::Select(_)) {
            return match self.root(of) {
                Some((root, name)) => {
                    let count = self.counted(of, Some(&name));
                    let root = self.option(&root);
                    Code { tokens: quote!(#root.map(|list| #count.count())), form: ValueForm::OptionValue, ty }
                }
                None => {
                    let items = self.counted(of, None);
                    Code { tokens: quote!(#items.count()), form: ValueForm::Value, ty }
                }
            };
        }
        let code = self.code(of);
        let is_text = of.ty.is_text(self.plan);
        let length =
            |tokens: TokenStream| if is_text { quote!(#tokens.chars().count()) } else { quote!(#tokens.len()) };
        if Self::is_optional(&code) {
            let (option, length) = (self.option(&code), length(quote!(value)));
            Code { tokens: quote!(#option.map(|value| #length)), form: ValueForm::OptionValue, ty }
        } else {
            let value = if is_text { self.value(&code) } else { code.tokens.clone() };
            Code { tokens: length(value), form: ValueForm::Value, ty }
        }
    }
}

/// A literal that takes the type of what it is compared with.
fn number_literal(number: i64) -> TokenStream {
    let literal = Literal::i64_unsuffixed(number);
    quote!(#literal)
}

fn is_copy(ty: &Ty) -> bool {
    match ty {
        Ty::Rust(ty) => matches!(ty, primitive!()),
        Ty::Boolean | Ty::Count | Ty::Number => true,
        Ty::Text | Ty::Null | Ty::Items(_) | Ty::Select(_) => false,
    }
}

/// Whether a Rust value of this type may be null without being an `Option`.
fn is_nullable(ty: &Ty) -> bool {
    matches!(ty, Ty::Rust(Type::Document))
}

/// Whether a variable occurs in `tokens`.
pub(super) fn mentions(tokens: &TokenStream, variable: &str) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == variable,
        TokenTree::Group(group) => mentions(&group.stream(), variable),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}
