//! Projections as iterators. Nulls never get into them.

use super::{Code, ExpressionWriter, ValueForm, is_copy, mentions};
use crate::plan::jmespath::{Checked, Over, Ty, Typed};
use crate::plan::{Type, primitive};
use proc_macro2::TokenStream;
use quote::quote;

/// An iterator, and what its items are.
pub(in crate::emit) struct Items {
    /// The iterator.
    pub tokens: TokenStream,
    pub(super) item: Code,
}

impl Items {
    fn new(tokens: TokenStream, form: ValueForm, ty: Ty) -> Self {
        Self { tokens, item: Code { tokens: quote!(item), form, ty } }
    }

    /// Elements as an iterator of places gives them, without those that are null.
    fn of_places(tokens: TokenStream, ty: &Type) -> Self {
        match ty {
            Type::Nullable(inner) => Self::of_places(quote!(#tokens.flatten()), inner),
            Type::Document => {
                let tokens = quote!(#tokens.filter_map(|document| document.non_null()));
                Self::new(tokens, ValueForm::Value, Ty::Rust(Type::Document))
            }
            Type::String
            | primitive!()
            | Type::Blob
            | Type::Timestamp
            | Type::Named(_)
            | Type::Boxed(_)
            | Type::List(_)
            | Type::Map(..) => Self::new(tokens, ValueForm::Reference, Ty::Rust(ty.clone())),
        }
    }
}

impl ExpressionWriter<'_, '_> {
    /// The items of a list or projection, as an iterator; none where it is null.
    pub(in crate::emit) fn items(&self, typed: &Typed) -> Items {
        self.items_of(typed, None)
    }

    /// The items of a list or projection, and what writes expressions about the variable `item`, one of them.
    pub(in crate::emit) fn each(&self, typed: &Typed) -> (TokenStream, Self) {
        let items = self.items(typed);
        (items.tokens, self.about(items.item))
    }

    /// What the variable `item`, one of `items`, is as expressions have it.
    pub(in crate::emit) fn item_value(&self, items: &Items) -> TokenStream {
        self.value(&items.item)
    }

    /// The elements of a list with its nulls, which only projections leave out.
    pub(in crate::emit) fn elements_and_nulls(&self, typed: &Typed) -> Items {
        match &typed.node {
            Checked::Select(list) => self.selection(list),
            Checked::Project { .. } | Checked::Keys(_) => self.items(typed),
            _ => self.list(&self.code(typed), true),
        }
    }

    /// Whether the variable `item`, one of `items`, equals a literal.
    pub(in crate::emit) fn item_equals(&self, items: &Items, literal: &Typed) -> TokenStream {
        self.about(items.item.clone()).equals(&Self::current(items), literal)
    }

    /// Whether the variable `item`, one of `items`, is one of `texts`.
    pub(in crate::emit) fn item_is_one_of(&self, items: &Items, texts: &[&str]) -> TokenStream {
        self.about(items.item.clone()).is_one_of(&Self::current(items), texts)
    }

    /// `@`, where it is one of `items`.
    fn current(items: &Items) -> Typed {
        Typed { node: Checked::Current, ty: items.item.ty.clone(), optional: Self::is_optional(&items.item) }
    }

    /// The list at the bottom of a projection, if it may be absent, and the
    /// variable that stands for it where it is there.
    pub(super) fn root(&self, typed: &Typed) -> Option<(Code, Code)> {
        match &typed.node {
            Checked::Project { source, .. } => self.root(source),
            Checked::Keys(map) => self.root(map),
            Checked::Select(_) => None,
            _ => {
                let root = self.code(typed);
                let variable = Code { tokens: quote!(list), form: ValueForm::Reference, ty: root.ty.clone() };
                Self::is_optional(&root).then_some((root, variable))
            }
        }
    }

    /// As many items as a value has. What they are projected to does not matter, unless it is null.
    pub(super) fn counted(&self, typed: &Typed, root: Option<&Code>) -> TokenStream {
        let Checked::Project { source, over, filter, each: Some(each) } = &typed.node else {
            return self.items_of(typed, root).tokens;
        };
        if !matches!(each.ty, Ty::Items(_)) {
            return self.items_of(typed, root).tokens;
        }
        let node = Checked::Project { source: source.clone(), over: *over, filter: filter.clone(), each: None };
        let items = self.items_of(&Typed { node, ty: typed.ty.clone(), optional: typed.optional }, root);
        let (is_there, tokens) = (self.about(items.item.clone()).presence(each), items.tokens);
        match is_there {
            Some(is_there) => quote!(#tokens.filter(|&item| #is_there)),
            None => tokens,
        }
    }

    /// What is null where a value is: itself, or of a projection the list at the bottom.
    pub(super) fn bottom(&self, typed: &Typed) -> Code {
        match self.root(typed) {
            Some((root, _)) => root,
            None => self.code(typed),
        }
    }

    /// The same as `items`, with `root` for the list at the bottom.
    pub(super) fn items_of(&self, typed: &Typed, root: Option<&Code>) -> Items {
        match &typed.node {
            Checked::Project { source, over, filter, each } => {
                let items = match over {
                    Over::Items => self.items_of(source, root),
                    Over::Values => self.values(source, root),
                    Over::Flattened => self.flattened(source, root),
                };
                let items = self.filtered(items, filter.as_deref());
                match each {
                    Some(each) => self.projected(&items, each),
                    None => items,
                }
            }
            Checked::Keys(map) => self.keys(map, root),
            Checked::Select(list) => self.selected(list),
            _ => self.elements(&root.cloned().unwrap_or_else(|| self.code(typed))),
        }
    }

    /// The elements of one list.
    fn elements(&self, list: &Code) -> Items {
        self.list(list, false)
    }

    /// The elements of one list, with or without its nulls.
    fn list(&self, list: &Code, nulls: bool) -> Items {
        let tokens = &list.tokens;
        let tokens = match list.form {
            ValueForm::Place | ValueForm::Reference | ValueForm::Value | ValueForm::Compound => quote!(#tokens.iter()),
            ValueForm::OptionPlace => quote!(#tokens.iter().flatten()),
            ValueForm::OptionValue => quote!(#tokens.into_iter().flatten()),
        };
        let Ty::Rust(Type::List(element)) = &list.ty else {
            return Items::new(tokens, ValueForm::Reference, list.ty.element().unwrap_or(Ty::Null));
        };
        if !nulls {
            return Items::of_places(tokens, element);
        }
        let Type::Nullable(element) = &**element else {
            return Items::new(tokens, ValueForm::Reference, Ty::Rust((**element).clone()));
        };
        let element = Ty::Rust((**element).clone());
        if is_copy(&element) {
            Items::new(quote!(#tokens.copied()), ValueForm::OptionValue, element)
        } else {
            Items::new(tokens, ValueForm::OptionPlace, element)
        }
    }

    fn keys(&self, map: &Typed, root: Option<&Code>) -> Items {
        let map = root.cloned().unwrap_or_else(|| self.code(map));
        let tokens = of_map(&map, &quote!(keys));
        let ty = match map.ty {
            Ty::Rust(Type::Map(key, _)) => Ty::Rust(*key),
            _ => Ty::Null,
        };
        Items::new(tokens, ValueForm::Reference, ty)
    }

    fn values(&self, map: &Typed, root: Option<&Code>) -> Items {
        let map = root.cloned().unwrap_or_else(|| self.code(map));
        let tokens = of_map(&map, &quote!(values));
        let Ty::Rust(Type::Map(_, value)) = map.ty else { return Items::new(tokens, ValueForm::Reference, Ty::Null) };
        Items::of_places(tokens, &value)
    }

    fn filtered(&self, items: Items, filter: Option<&Typed>) -> Items {
        let Some(filter) = filter else { return items };
        let condition = self.about(items.item.clone()).truth(filter);
        let tokens = items.tokens;
        let pattern = if mentions(&condition, "item") { quote!(&item) } else { quote!(_) };
        Items { tokens: quote!(#tokens.filter(|#pattern| #condition)), item: items.item }
    }

    fn projected(&self, items: &Items, each: &Typed) -> Items {
        let inner = self.about(items.item.clone());
        let tokens = &items.tokens;
        if let (Ty::Items(_), Some((root, _))) = (&each.ty, inner.root(each)) {
            // What is projected to null is no item.
            let (is_there, lists) = (inner.is_null(false, &root), inner.items(each).tokens);
            return Items::new(
                quote!(#tokens.filter(|&item| #is_there).map(|item| #lists)),
                ValueForm::Value,
                each.ty.clone(),
            );
        }
        let value = inner.code(each);
        let pattern = |of: &TokenStream| if mentions(of, "item") { quote!(item) } else { quote!(_) };
        let mapped = if Self::is_optional(&value) {
            let option = inner.option(&value);
            let pattern = pattern(&option);
            quote!(#tokens.filter_map(|#pattern| #option))
        } else {
            let value = inner.value(&value);
            let pattern = pattern(&value);
            quote!(#tokens.map(|#pattern| #value))
        };
        Items::new(mapped, ValueForm::Value, value.ty)
    }

    /// The elements of a list, and of its elements that are lists.
    fn flattened(&self, source: &Typed, root: Option<&Code>) -> Items {
        let nested = source.ty.element().is_some_and(|element| element.element().is_some());
        if !nested {
            return self.items_of(source, root);
        }
        // The list that comes out of every item is flattened where it arises.
        if let Checked::Project { source: outer, over, filter, each: Some(each) } = &source.node {
            let whole = Typed {
                node: Checked::Project { source: outer.clone(), over: *over, filter: filter.clone(), each: None },
                ty: source.ty.clone(),
                optional: source.optional,
            };
            let items = self.items_of(&whole, root);
            let inner = self.about(items.item.clone()).items(each);
            let (tokens, lists) = (&items.tokens, inner.tokens);
            return Items { tokens: quote!(#tokens.flat_map(|item| #lists)), item: inner.item };
        }
        let lists = self.items_of(source, root);
        let elements = self.elements(&lists.item);
        let (tokens, inner) = (&lists.tokens, elements.tokens);
        Items { tokens: quote!(#tokens.flat_map(|item| #inner)), item: elements.item }
    }

    /// Several values, without those that are null.
    fn selected(&self, list: &[Typed]) -> Items {
        let items = self.selection(list);
        if !Self::is_optional(&items.item) {
            return items;
        }
        let tokens = items.tokens;
        Items::new(quote!(#tokens.flatten()), ValueForm::Value, items.item.ty)
    }

    /// Several values, some of them perhaps null.
    fn selection(&self, list: &[Typed]) -> Items {
        let codes: Vec<Code> = list.iter().map(|item| self.code(item)).collect();
        let ty = codes.first().map_or(Ty::Null, |code| if is_copy(&code.ty) { code.ty.clone() } else { Ty::Text });
        if codes.iter().any(Self::is_optional) {
            let options = codes.iter().map(|code| self.option(code));
            return Items::new(quote!([#(#options),*].into_iter()), ValueForm::OptionValue, ty);
        }
        let values = codes.iter().map(|code| self.value(code));
        Items::new(quote!([#(#values),*].into_iter()), ValueForm::Value, ty)
    }
}

/// Keys or values of a map.
fn of_map(map: &Code, method: &TokenStream) -> TokenStream {
    let tokens = &map.tokens;
    match map.form {
        ValueForm::Place | ValueForm::Reference | ValueForm::Value | ValueForm::Compound => quote!(#tokens.#method()),
        ValueForm::OptionPlace => quote!(#tokens.iter().flat_map(|map| map.#method())),
        ValueForm::OptionValue => quote!(#tokens.into_iter().flat_map(|map| map.#method())),
    }
}
