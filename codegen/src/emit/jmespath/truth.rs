//! Truth: comparisons, and what else counts as true.

use super::{Code, ExpressionWriter, ValueForm, conjunct, is_compound, is_nullable, mentions};
use crate::emit::tokens::type_ident;
use crate::plan::jmespath::{Checked, Operator, Ty, Typed};
use crate::plan::{Type, TypeKind};
use proc_macro2::{TokenStream, TokenTree};
use quote::quote;

/// A type that has all numbers of others.
#[derive(Clone, Copy)]
enum Wide {
    /// `i128`
    Integer,
    /// `f64`
    Float,
}

impl ExpressionWriter<'_, '_> {
    /// Whether `typed` is what JMESPath takes for true: neither null, nor false,
    /// nor empty.
    pub(in crate::emit) fn truth(&self, typed: &Typed) -> TokenStream {
        match &typed.node {
            Checked::And(left, right) => {
                let (left, right) = (conjunct(self.truth(left)), conjunct(self.truth(right)));
                quote!(#left && #right)
            }
            Checked::Or(left, right) => {
                let (left, right) = (self.truth(left), self.truth(right));
                quote!(#left || #right)
            }
            Checked::Not(of) => self.negated(of),
            _ if typed.ty.is_boolean() => self.holds(typed),
            _ => self.is_empty(false, typed),
        }
    }

    pub(super) fn negated(&self, of: &Typed) -> TokenStream {
        match &of.node {
            Checked::Not(inner) => self.truth(inner),
            Checked::Compare(operator, left, right) if operator.is_equality() => {
                self.equality(*operator == Operator::NotEqual, left, right)
            }
            _ if of.ty.is_boolean() && of.optional => {
                let option = self.option(&self.code(of));
                quote!(#option != Some(true))
            }
            _ if of.ty.is_boolean() => negation(self.truth(of)),
            _ => self.is_empty(true, of),
        }
    }

    /// Whether a boolean is there and true.
    pub(super) fn holds(&self, typed: &Typed) -> TokenStream {
        match &typed.node {
            Checked::Compare(operator, left, right) if operator.is_equality() => {
                self.equality(*operator == Operator::Equal, left, right)
            }
            Checked::Compare(operator, left, right) => self.in_order(*operator, left, right),
            Checked::And(..) | Checked::Or(..) | Checked::Not(_) => self.truth(typed),
            Checked::Contains(subject, wanted) => self.contains(subject, wanted),
            _ => {
                let code = self.code(typed);
                if Self::is_optional(&code) {
                    let option = self.option(&code);
                    quote!(#option == Some(true))
                } else {
                    self.value(&code)
                }
            }
        }
    }

    /// Whether a boolean is there and false.
    pub(in crate::emit) fn fails(&self, typed: &Typed) -> TokenStream {
        if typed.optional {
            let option = self.option(&self.code(typed));
            quote!(#option == Some(false))
        } else {
            self.negated(typed)
        }
    }

    /// Whether what is no boolean is null or empty, or the opposite.
    fn is_empty(&self, empty: bool, typed: &Typed) -> TokenStream {
        let not = (!empty).then(|| quote!(!));
        if typed.node == Checked::Null {
            return quote!(#empty);
        }
        if let Checked::Select(list) = &typed.node {
            // It has its nulls too, and it is never without values.
            let is = list.is_empty() == empty;
            return quote!(#is);
        }
        if matches!(typed.ty, Ty::Items(_) | Ty::Select(_)) {
            let items = self.items(typed).tokens;
            return if empty { quote!(#items.count() == 0) } else { quote!(#items.count() > 0) };
        }
        let code = self.code(typed);
        if let Some(nothing) = self.without_members(&typed.ty) {
            let sign = if empty { quote!(==) } else { quote!(!=) };
            if Self::is_optional(&code) {
                let option = self.option(&code);
                let has = if empty { quote!(is_none_or) } else { quote!(is_some_and) };
                return quote!(#option.#has(|value| *value #sign #nothing));
            }
            let tokens = &code.tokens;
            return if code.form == ValueForm::Place {
                quote!(#tokens #sign #nothing)
            } else {
                quote!(*#tokens #sign #nothing)
            };
        }
        if !self.can_be_empty(&typed.ty) {
            return self.is_null(empty, &code);
        }
        // Of a document it is its value that says whether it is true.
        let test = |value: TokenStream| match &typed.ty {
            Ty::Rust(Type::Document) if empty => quote!(!#value.is_truthy()),
            Ty::Rust(Type::Document) => quote!(#value.is_truthy()),
            Ty::Rust(Type::Blob) => quote!(#not #value.as_bytes().is_empty()),
            _ => quote!(#not #value.is_empty()),
        };
        if Self::is_optional(&code) {
            let (option, test) = (self.option(&code), test(quote!(value)));
            let has = if empty { quote!(is_none_or) } else { quote!(is_some_and) };
            return quote!(#option.#has(|value| #test));
        }
        test(if typed.ty.is_text(self.plan) { self.value(&code) } else { code.tokens })
    }

    /// Whether there are values of this type that are not null and yet not true. A blob is text to JMESPath.
    fn can_be_empty(&self, ty: &Ty) -> bool {
        ty.is_text(self.plan) || matches!(ty, Ty::Rust(Type::List(_) | Type::Map(..) | Type::Blob | Type::Document))
    }

    /// Of a structure that may lack all of its members, the value that does. One with a required member has it.
    fn without_members(&self, ty: &Ty) -> Option<TokenStream> {
        let ty = match ty {
            Ty::Rust(Type::Boxed(inner)) => inner,
            Ty::Rust(ty) => ty,
            _ => return None,
        };
        let Type::Named(id) = ty else { return None };
        let TypeKind::Structure { .. } = &self.plan[*id].kind else { return None };
        let name = type_ident(&self.plan[*id]);
        let lacks_all = self.plan[*id].fields().iter().all(|field| !field.is_plain());
        lacks_all.then(|| quote!(types::#name::default()))
    }

    /// Whether two values are equal.
    pub(in crate::emit) fn equals(&self, left: &Typed, right: &Typed) -> TokenStream {
        self.equality(true, left, right)
    }

    /// Whether a text is one of `texts`.
    pub(in crate::emit) fn is_one_of(&self, typed: &Typed, texts: &[&str]) -> TokenStream {
        let code = self.code(typed);
        if Self::is_optional(&code) {
            let option = self.option(&code);
            return quote!(matches!(#option, Some(#(#texts)|*)));
        }
        let value = self.value(&code);
        quote!(matches!(#value, #(#texts)|*))
    }

    /// `left == right`, or `!=`. Two nulls are equal.
    fn equality(&self, equal: bool, left: &Typed, right: &Typed) -> TokenStream {
        if let (Checked::Length(of), Checked::Number(0)) = (&left.node, &right.node)
            && let Some(empty) = self.emptiness(of, equal)
        {
            return empty;
        }
        match (&left.node, &right.node) {
            (Checked::Null, Checked::Null) => return quote!(#equal),
            (Checked::Null, _) => return self.is_null(equal, &self.bottom(right)),
            (_, Checked::Null) => return self.is_null(equal, &self.bottom(left)),
            _ => {}
        }
        let (a, b) = (self.code(left), self.code(right));
        match (&left.node, &right.node) {
            // It says what is asked, and needs no parentheses by itself.
            (_, Checked::Boolean(value)) if *value == equal && a.form == ValueForm::Compound => return a.tokens,
            (_, Checked::Boolean(value)) if !Self::is_optional(&a) => return self.is_value(*value == equal, &a),
            _ => {}
        }
        self.same(equal, a, b)
    }

    /// Whether a boolean that is there is true, or false.
    fn is_value(&self, expected: bool, code: &Code) -> TokenStream {
        let value = self.value(code);
        if expected { value } else { negation(value) }
    }

    /// Whether two values that may be compared are equal, or the opposite.
    fn same(&self, equal: bool, a: Code, b: Code) -> TokenStream {
        let operator = if equal { quote!(==) } else { quote!(!=) };
        let (a, b) = self.alike(Operator::Equal, a, b);
        let (a, b) = if Self::is_optional(&a) || Self::is_optional(&b) {
            (self.option(&a), self.option(&b))
        } else {
            (self.value(&a), self.value(&b))
        };
        quote!(#a #operator #b)
    }

    pub(super) fn is_null(&self, null: bool, code: &Code) -> TokenStream {
        if !Self::is_optional(code) {
            let is = !null;
            return quote!(#is);
        }
        // Whether there is something does not depend on how it is seen, but for what can be null in itself.
        let is_seen = code.form == ValueForm::OptionPlace && !is_nullable(&code.ty);
        let option = if is_seen { code.tokens.clone() } else { self.option(code) };
        if null { quote!(#option.is_none()) } else { quote!(#option.is_some()) }
    }

    /// `length(of) == 0` and its opposite, where it needs no counting.
    fn emptiness(&self, of: &Typed, empty: bool) -> Option<TokenStream> {
        if matches!(of.ty, Ty::Items(_) | Ty::Select(_)) {
            return None;
        }
        let code = self.code(of);
        let not = (!empty).then(|| quote!(!));
        Some(if Self::is_optional(&code) {
            let option = self.option(&code);
            // The length of null is an error, and an error matches nothing.
            quote!(#option.is_some_and(|value| #not value.is_empty()))
        } else {
            let value = if of.ty.is_text(self.plan) { self.value(&code) } else { code.tokens };
            quote!(#not #value.is_empty())
        })
    }

    /// `left < right` and the like: whether it is so.
    fn in_order(&self, operator: Operator, left: &Typed, right: &Typed) -> TokenStream {
        if let (Operator::Greater, Checked::Length(of), Checked::Number(0)) = (operator, &left.node, &right.node) {
            return self.emptiness(of, false).unwrap_or_else(|| self.is_empty(false, of));
        }
        let sign = sign(operator);
        let (a, b) = self.alike(operator, self.code(left), self.code(right));
        match (Self::is_optional(&a), Self::is_optional(&b)) {
            (false, false) => {
                let (a, b) = (self.value(&a), self.value(&b));
                quote!(#a #sign #b)
            }
            (true, false) => {
                let (a, b) = (self.option(&a), self.value(&b));
                quote!(#a.is_some_and(|left| left #sign #b))
            }
            (false, true) => {
                let (a, b) = (self.value(&a), self.option(&b));
                quote!(#b.is_some_and(|right| #a #sign right))
            }
            (true, true) => {
                let (a, b) = (self.option(&a), self.option(&b));
                quote!(#a.zip(#b).is_some_and(|(left, right)| left #sign right))
            }
        }
    }

    /// `left < right` and the like, as `Option<bool>`: null where one is.
    pub(super) fn order(&self, operator: Operator, left: &Typed, right: &Typed) -> TokenStream {
        let sign = sign(operator);
        let (a, b) = self.alike(operator, self.code(left), self.code(right));
        let (a, b) = (self.option(&a), self.option(&b));
        quote!(#a.zip(#b).map(|(left, right)| left #sign right))
    }

    /// Two operands with one Rust type: numbers of two types become `i128`, or
    /// `f64` where one of them is a fraction.
    fn alike(&self, operator: Operator, a: Code, b: Code) -> (Code, Code) {
        if !(a.ty.is_number(self.plan) && b.ty.is_number(self.plan)) {
            return (a, b);
        }
        if number_of(&a).is_some() && number_of(&b).is_some() {
            return (self.cast(&a, Wide::Integer), self.cast(&b, Wide::Integer));
        }
        if a.ty == b.ty {
            return (a, b);
        }
        let is_float = |code: &Code| matches!(code.ty, Ty::Rust(Type::F32 | Type::F64));
        if is_float(&a) || is_float(&b) {
            return (self.cast(&a, Wide::Float), self.cast(&b, Wide::Float));
        }
        // A literal takes the type of the other side, if its value has room there. In comparisons for order it is not
        // at the end of that type's range: what always holds makes rustc warn.
        let fits = |literal: &Code, other: &Code| {
            let (least, greatest) = match other.ty {
                Ty::Count => (0, u32::MAX.into()),
                Ty::Rust(Type::I8) => (i8::MIN.into(), i8::MAX.into()),
                Ty::Rust(Type::I16) => (i16::MIN.into(), i16::MAX.into()),
                Ty::Rust(Type::I32) => (i32::MIN.into(), i32::MAX.into()),
                _ => (i64::MIN, i64::MAX),
            };
            let has_room = |number| match operator.is_equality() {
                true => (least..=greatest).contains(&number),
                false => least < number && number < greatest,
            };
            number_of(literal).is_some_and(has_room)
        };
        if fits(&a, &b) || fits(&b, &a) {
            return (a, b);
        }
        (self.cast(&a, Wide::Integer), self.cast(&b, Wide::Integer))
    }

    /// A number as a wider type. A literal needs no cast, nor what is of that type.
    fn cast(&self, code: &Code, wide: Wide) -> Code {
        if let (Wide::Float, Ty::Rust(Type::F64)) = (wide, &code.ty) {
            return code.clone();
        }
        let to = match wide {
            Wide::Integer => quote!(i128),
            Wide::Float => quote!(f64),
        };
        let (tokens, form) = if Self::is_optional(code) {
            let option = self.option(code);
            (quote!(#option.map(|number| number as #to)), ValueForm::OptionValue)
        } else if let Some(number) = number_of(code) {
            (format!("{number}_{to}").parse().unwrap_or_else(|_| code.tokens.clone()), ValueForm::Value)
        } else {
            let value = self.value(code);
            (quote!(#value as #to), ValueForm::Compound)
        };
        Code { tokens, form, ty: Ty::Count }
    }

    /// `contains(subject, wanted)`: whether it is so.
    fn contains(&self, subject: &Typed, wanted: &Typed) -> TokenStream {
        if let (Checked::Boolean(value), Some(_)) = (&wanted.node, subject.ty.element()) {
            let items = self.items(subject);
            if !Self::is_optional(&items.item) {
                let (tokens, is) = (&items.tokens, self.is_value(*value, &items.item));
                return quote!(#tokens.any(|item| #is));
            }
        }
        let wanted = self.code(wanted);
        if subject.ty.element().is_none() {
            let code = self.code(subject);
            if Self::is_optional(&wanted) {
                // So it is among the elements of a list, null ones included.
                let (subject, wanted) = (self.option(&code), self.option(&wanted));
                return quote!(#subject.zip(#wanted).is_some_and(|(text, part)| text.contains(part)));
            }
            let wanted = self.value(&wanted);
            return if Self::is_optional(&code) {
                let option = self.option(&code);
                quote!(#option.is_some_and(|text| text.contains(#wanted)))
            } else {
                let value = self.value(&code);
                quote!(#value.contains(#wanted))
            };
        }
        let items = self.items(subject);
        let tokens = &items.tokens;
        if mentions(&wanted.tokens, "item") {
            // The closure has an `item` of its own.
            let (value, form) = if Self::is_optional(&wanted) {
                (self.option(&wanted), ValueForm::OptionValue)
            } else {
                (self.value(&wanted), ValueForm::Value)
            };
            let same = self.same(true, items.item, Code { tokens: quote!(wanted), form, ty: wanted.ty });
            return quote!({ let wanted = #value; #tokens.any(|item| #same) });
        }
        let same = self.same(true, items.item, wanted);
        quote!(#tokens.any(|item| #same))
    }

    /// `left && right` as `Option<bool>`: the left one, unless it is true.
    pub(super) fn both(&self, left: &Typed, right: &Typed) -> TokenStream {
        let (left, right) = (self.option(&self.code(left)), self.option(&self.code(right)));
        quote!(#left.and_then(|holds| if holds { #right } else { Some(false) }))
    }

    /// `left || right` as `Option<bool>`: the right one, unless the left is true.
    pub(super) fn either(&self, left: &Typed, right: &Typed) -> TokenStream {
        let (left, right) = (self.option(&self.code(left)), self.option(&self.code(right)));
        quote!(#left.filter(|holds| *holds).or(#right))
    }

    /// `contains(subject, wanted)` as `Option<bool>`: null where the subject is.
    pub(super) fn contained(&self, subject: &Typed, wanted: &Typed) -> TokenStream {
        let contains = self.contains(subject, wanted);
        match self.root(subject) {
            Some((root, _)) => {
                let root = self.option(&root);
                quote!(#root.map(|_| #contains))
            }
            None => quote!(Some(#contains)),
        }
    }
}

/// The number that a literal is.
fn number_of(code: &Code) -> Option<i64> {
    if code.ty != Ty::Number {
        return None;
    }
    code.tokens.to_string().replace(' ', "").parse().ok()
}

fn sign(operator: Operator) -> TokenStream {
    match operator {
        Operator::Equal => quote!(==),
        Operator::NotEqual => quote!(!=),
        Operator::Less => quote!(<),
        Operator::LessOrEqual => quote!(<=),
        Operator::Greater => quote!(>),
        Operator::GreaterOrEqual => quote!(>=),
    }
}

/// The opposite; of what is negated already, what that was.
fn negation(truth: TokenStream) -> TokenStream {
    if is_compound(&truth) {
        return quote!(!(#truth));
    }
    let mut tokens = truth.clone().into_iter();
    match tokens.next() {
        Some(TokenTree::Punct(sign)) if sign.as_char() == '!' => tokens.collect(),
        _ => quote!(!#truth),
    }
}
