//! Projections as iterators. Nulls never get into them.

use super::{Code, Form, Writer, is_copy};
use crate::plan::Type;
use crate::plan::jmespath::{Node, Over, Ty, Typed};
use proc_macro2::TokenStream;
use quote::quote;

/// An iterator, and what its items are.
pub(in crate::emit) struct Items {
    /// The iterator.
    pub tokens: TokenStream,
    item: Code,
}

impl Items {
    fn new(tokens: TokenStream, form: Form, ty: Ty) -> Self {
        Self { tokens, item: Code { tokens: quote!(item), form, ty } }
    }
}

impl Writer<'_, '_> {
    /// The items of a list or projection, as an iterator; none where it is null.
    pub(in crate::emit) fn items(&self, typed: &Typed) -> Items {
        self.items_of(typed, None)
    }

    /// What the variable `item`, one of `items`, is as expressions have it.
    pub(in crate::emit) fn item_value(&self, items: &Items) -> TokenStream {
        self.value(&items.item)
    }

    /// The list at the bottom of a projection, if it may be absent, and the
    /// variable that stands for it where it is there.
    pub(super) fn root(&self, typed: &Typed) -> Option<(Code, Code)> {
        match &typed.node {
            Node::Project { source, .. } => self.root(source),
            Node::Keys(map) => self.root(map),
            Node::Select(_) => None,
            _ => {
                let root = self.code(typed);
                let variable = Code { tokens: quote!(list), form: Form::Reference, ty: root.ty.clone() };
                Self::is_optional(&root).then_some((root, variable))
            }
        }
    }

    /// The same as `items`, with `root` for the list at the bottom.
    pub(super) fn items_of(&self, typed: &Typed, root: Option<&Code>) -> Items {
        match &typed.node {
            Node::Project { source, over, filter, each } => {
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
            Node::Keys(map) => self.keys(map, root),
            Node::Select(list) => self.selected(list),
            _ => self.elements(&root.cloned().unwrap_or_else(|| self.code(typed))),
        }
    }

    /// The elements of one list.
    fn elements(&self, list: &Code) -> Items {
        let tokens = &list.tokens;
        let tokens = match list.form {
            Form::Place | Form::Reference | Form::Value => quote!(#tokens.iter()),
            Form::OptionPlace => quote!(#tokens.iter().flatten()),
            Form::OptionValue => quote!(#tokens.into_iter().flatten()),
        };
        let sparse = matches!(&list.ty, Ty::Rust(Type::List(element)) if matches!(**element, Type::Nullable(_)));
        let tokens = if sparse { quote!(#tokens.flatten()) } else { tokens };
        Items::new(tokens, Form::Reference, list.ty.element().unwrap_or(Ty::Null))
    }

    fn keys(&self, map: &Typed, root: Option<&Code>) -> Items {
        let map = root.cloned().unwrap_or_else(|| self.code(map));
        let tokens = of_map(&map, &quote!(keys));
        let ty = match map.ty {
            Ty::Rust(Type::Map(key, _)) => Ty::Rust(*key),
            _ => Ty::Null,
        };
        Items::new(tokens, Form::Reference, ty)
    }

    fn values(&self, map: &Typed, root: Option<&Code>) -> Items {
        let map = root.cloned().unwrap_or_else(|| self.code(map));
        let tokens = of_map(&map, &quote!(values));
        let Ty::Rust(Type::Map(_, value)) = map.ty else { return Items::new(tokens, Form::Reference, Ty::Null) };
        match *value {
            Type::Nullable(value) => Items::new(quote!(#tokens.flatten()), Form::Reference, Ty::Rust(*value)),
            value => Items::new(tokens, Form::Reference, Ty::Rust(value)),
        }
    }

    fn filtered(&self, items: Items, filter: Option<&Typed>) -> Items {
        let Some(filter) = filter else { return items };
        let condition = self.about(items.item.clone()).truth(filter);
        let tokens = items.tokens;
        Items { tokens: quote!(#tokens.filter(|&item| #condition)), item: items.item }
    }

    fn projected(&self, items: &Items, each: &Typed) -> Items {
        let inner = self.about(items.item.clone());
        let tokens = &items.tokens;
        let value = inner.code(each);
        let mapped = if Self::is_optional(&value) {
            let option = inner.option(&value);
            quote!(#tokens.filter_map(|item| #option))
        } else {
            let value = inner.value(&value);
            quote!(#tokens.map(|item| #value))
        };
        Items::new(mapped, Form::Value, value.ty)
    }

    /// The elements of a list, and of its elements that are lists.
    fn flattened(&self, source: &Typed, root: Option<&Code>) -> Items {
        let nested = source.ty.element().is_some_and(|element| element.element().is_some());
        if !nested {
            return self.items_of(source, root);
        }
        // The list that comes out of every item is flattened where it arises.
        if let Node::Project { source: outer, over, filter, each: Some(each) } = &source.node {
            let whole = Typed {
                node: Node::Project { source: outer.clone(), over: *over, filter: filter.clone(), each: None },
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

    fn selected(&self, list: &[Typed]) -> Items {
        let codes: Vec<Code> = list.iter().map(|item| self.code(item)).collect();
        let ty = codes.first().map_or(Ty::Null, |code| if is_copy(&code.ty) { code.ty.clone() } else { Ty::Text });
        let tokens = if codes.iter().any(Self::is_optional) {
            let options = codes.iter().map(|code| self.option(code));
            quote!([#(#options),*].into_iter().flatten())
        } else {
            let values = codes.iter().map(|code| self.value(code));
            quote!([#(#values),*].into_iter())
        };
        Items::new(tokens, Form::Value, ty)
    }
}

/// Keys or values of a map.
fn of_map(map: &Code, method: &TokenStream) -> TokenStream {
    let tokens = &map.tokens;
    match map.form {
        Form::Place | Form::Reference | Form::Value => quote!(#tokens.#method()),
        Form::OptionPlace => quote!(#tokens.iter().flat_map(|map| map.#method())),
        Form::OptionValue => quote!(#tokens.into_iter().flat_map(|map| map.#method())),
    }
}
