//! Pages: where tokens go in, where they come out, and where the items are.

use super::tokens::{doc, ident, type_ident, written};
use crate::graph::{MemberPath, TokenExpression, TokenStep};
use crate::plan::{FieldPlan, OperationPlan, PaginatorPlan, ServicePlan, Type, TypeId, Written, primitive};
use proc_macro2::TokenStream;
use quote::quote;

/// `Paginated` for an operation that is, and `PaginatedItems` where its pages have items.
pub(super) fn paginator(plan: &ServicePlan<'_>, operation: &OperationPlan<'_>) -> Option<TokenStream> {
    let series = Series::of(plan, operation)?;
    let (pages, items) = (pages(plan, &series), items(plan, &series));
    Some(quote!(#pages #items))
}

/// The type of the field that has the items of an operation's pages.
pub(super) fn items_type<'p>(plan: &'p ServicePlan<'_>, operation: &'p OperationPlan<'_>) -> Option<&'p Type> {
    Series::of(plan, operation)?.items.map(|items| &items.last.ty)
}

/// A paginated operation.
struct Series<'p, 'g> {
    operation: &'p OperationPlan<'g>,
    paginator: &'p PaginatorPlan,
    /// The input's fields that take tokens.
    tokens: Vec<&'p FieldPlan<'g>>,
    /// The fields from the output down to the items.
    items: Option<ItemPath<'p, 'g>>,
}

/// The fields on the way to items, and the last one, which holds them.
struct ItemPath<'p, 'g> {
    fields: Vec<&'p FieldPlan<'g>>,
    last: &'p FieldPlan<'g>,
}

impl<'p, 'g> Series<'p, 'g> {
    fn of(plan: &'p ServicePlan<'g>, operation: &'p OperationPlan<'g>) -> Option<Self> {
        let paginator = operation.paginator.as_ref()?;
        let input = &plan[operation.input];
        let tokens = paginator.input_tokens.iter().filter_map(|token| input.field(token)).collect();
        let items = paginator.items.as_ref().and_then(|path| ItemPath::of(plan, operation.output, path));
        Some(Self { operation, paginator, tokens, items })
    }
}

impl<'p, 'g> ItemPath<'p, 'g> {
    fn of(plan: &'p ServicePlan<'g>, output: TypeId, MemberPath(path): &MemberPath) -> Option<Self> {
        let mut at = Some(output);
        let fields: Option<Vec<&FieldPlan<'_>>> = path
            .iter()
            .map(|name| {
                let field = plan[at?].field(name)?;
                at = field.ty.structure();
                Some(field)
            })
            .collect();
        let fields = fields?;
        let last = fields.last().copied()?;
        Some(Self { fields, last })
    }
}

fn pages(plan: &ServicePlan<'_>, series: &Series<'_, '_>) -> TokenStream {
    let Series { operation, paginator, tokens, .. } = series;
    let input = &plan[operation.input];
    let (name, output) = (type_ident(input), type_ident(&plan[operation.output]));
    let (docs, inferred) = (doc(&paginator.docs()), paginator.inferred);
    let token = written(&Written::token(&plan.types, operation.input, paginator));
    let finds = paginator.output_tokens.iter().map(|token| find_token(plan, operation.output, token));
    let (set, next) = (sets(tokens), next(finds.collect()));
    let more = paginator.more_results.as_ref().map(|path| {
        let more = BorrowedPath::new(plan, operation.output, quote!(output)).members(&path.0).by_value();
        quote! {
            if #more != Some(true) {
                return None;
            }
        }
    });
    let page_size = paginator.limit_key.as_ref().and_then(|key| input.field(key)).and_then(page_size);
    quote! {
        #docs
        impl Paginated for #name {
            type Token = #token;

            const INFERRED: bool = #inferred;

            #[inline]
            fn start_at(&mut self, token: Self::Token) {
                #set
            }

            #[inline]
            fn token_after(output: &#output) -> Option<Self::Token> {
                #more
                #next
            }

            #page_size
        }
    }
}

/// Writes a page's token into the input's fields: one token is itself, of more each may be absent.
fn sets(fields: &[&FieldPlan<'_>]) -> TokenStream {
    let is_one = fields.len() == 1;
    let set = |(index, field): (usize, &&FieldPlan<'_>)| {
        let (name, index) = (ident(&field.name), syn::Index::from(index));
        match (is_one, field.is_plain()) {
            (true, true) => quote!(self.#name = token;),
            (true, false) => quote!(self.#name = Some(token);),
            (false, true) => quote!(self.#name = token.#index.unwrap_or_default();),
            (false, false) => quote!(self.#name = token.#index;),
        }
    };
    fields.iter().enumerate().map(set).collect()
}

/// The next page's token, made of what `finds` find.
fn next(finds: Vec<TokenStream>) -> TokenStream {
    match finds.as_slice() {
        [find] => find.clone(),
        finds => quote! {
            let token = (#(#finds,)*);
            (token != Default::default()).then_some(token)
        },
    }
}

fn page_size(field: &FieldPlan<'_>) -> Option<TokenStream> {
    let name = ident(&field.name);
    let value = match field.ty {
        Type::I32 => quote!(size),
        Type::I64 => quote!(i64::from(size)),
        Type::String => quote!(size.to_string()),
        Type::Bool | Type::I8 | Type::I16 | Type::F32 | Type::F64 | Type::Blob | Type::Timestamp | Type::Document => {
            return None;
        }
        Type::Named(_) | Type::Boxed(_) | Type::Nullable(_) | Type::List(_) | Type::Map(..) => return None,
    };
    let value = if field.is_plain() { value } else { quote!(Some(#value)) };
    Some(quote! {
        #[inline]
        fn limit_page(&mut self, size: i32) -> bool {
            self.#name = #value;
            true
        }
    })
}

/// The token of the next page, an empty string counting as none.
fn find_token(plan: &ServicePlan<'_>, output: TypeId, token: &TokenExpression) -> TokenStream {
    let mut alternatives = token.alternatives.iter().map(|steps| {
        let mut access = BorrowedPath::new(plan, output, quote!(output));
        for step in steps {
            access = match step {
                TokenStep::Member(name) => access.member(name),
                TokenStep::Last => access.last(),
            };
        }
        access.token()
    });
    let first = alternatives.next().unwrap_or_else(|| quote!(None));
    alternatives.fold(first, |found, next| quote!(#found.or_else(|| #next)))
}

fn items(plan: &ServicePlan<'_>, series: &Series<'_, '_>) -> Option<TokenStream> {
    let path = series.items.as_ref()?;
    let (name, output) = (type_ident(&plan[series.operation.input]), type_ident(&plan[series.operation.output]));
    let mut value = quote!(output);
    let mut optional = false;
    for field in &path.fields {
        let name = ident(&field.name);
        value = match (optional, field.is_plain()) {
            (false, _) => quote!(#value.#name),
            (true, true) => quote!(#value.map(|value| value.#name)),
            (true, false) => quote!(#value.and_then(|value| value.#name)),
        };
        optional |= !field.is_plain();
    }
    let whole = if optional { quote!(#value.unwrap_or_default()) } else { value.clone() };
    let item = written(&Written::item(&plan.types, &path.last.ty));
    let items = match &path.last.ty {
        Type::List(_) => whole,
        Type::Map(..) => quote!(#whole.into_iter().collect()),
        Type::String
        | primitive!()
        | Type::Blob
        | Type::Timestamp
        | Type::Document
        | Type::Named(_)
        | Type::Boxed(_)
        | Type::Nullable(_) => {
            if optional {
                quote!(#value.into_iter().collect())
            } else {
                quote!(vec![#value])
            }
        }
    };
    Some(quote! {
        impl PaginatedItems for #name {
            type Item = #item;

            #[inline]
            fn items_of(output: #output) -> Vec<Self::Item> {
                #items
            }
        }
    })
}

/// A path into an output that is only borrowed.
struct BorrowedPath<'p, 'g> {
    plan: &'p ServicePlan<'g>,
    value: TokenStream,
    /// Whether `value` is an `Option<&T>`, rather than a `T` that can be named.
    optional: bool,
    at: Type,
}

impl<'p, 'g> BorrowedPath<'p, 'g> {
    fn new(plan: &'p ServicePlan<'g>, root: TypeId, value: TokenStream) -> Self {
        Self { plan, value, optional: false, at: Type::Named(root) }
    }

    fn members(self, path: &[String]) -> Self {
        path.iter().fold(self, |access, name| access.member(name))
    }

    fn member(mut self, name: &str) -> Self {
        let Some(id) = self.at.structure() else { return self };
        let Some(field) = self.plan[id].field(name) else { return self };
        let name = ident(&field.name);
        let value = &self.value;
        self.value = match (self.optional, field.is_plain()) {
            (false, true) => quote!(#value.#name),
            (false, false) => quote!(#value.#name.as_ref()),
            (true, true) => quote!(#value.map(|value| &value.#name)),
            (true, false) => quote!(#value.and_then(|value| value.#name.as_ref())),
        };
        self.optional |= !field.is_plain();
        self.at = field.ty.clone();
        self
    }

    fn last(mut self) -> Self {
        let Type::List(element) = &self.at else { return self };
        let value = &self.value;
        self.value = if self.optional { quote!(#value.and_then(|value| value.last())) } else { quote!(#value.last()) };
        self.optional = true;
        self.at = (**element).clone();
        self
    }

    /// `Option<T>` of something that can be copied.
    fn by_value(self) -> TokenStream {
        let value = self.value;
        if self.optional { quote!(#value.copied()) } else { quote!(Some(#value)) }
    }

    /// `Option<T>` of a token; empty text, lists and maps are none.
    fn token(self) -> TokenStream {
        let value = &self.value;
        let reference = if self.optional { quote!(#value) } else { quote!(Some(&#value)) };
        match &self.at {
            Type::String | Type::List(_) | Type::Map(..) => {
                quote!(#reference.filter(|token| !token.is_empty()).cloned())
            }
            primitive!()
            | Type::Blob
            | Type::Timestamp
            | Type::Document
            | Type::Named(_)
            | Type::Boxed(_)
            | Type::Nullable(_) => quote!(#reference.cloned()),
        }
    }
}
