//! The surface of what a plan or an outline has.

use super::{Entry, Meant, Part, Path, Surface};
use crate::graph::rules::Parameter;
use crate::graph::{MemberPath, OperationId, Service, Waiter};
use crate::plan::names::question;
use crate::plan::{
    FieldPlan, IntVariantPlan, OperationPlan, Role, Type, TypeId, TypeKind, TypePlan, VariantPlan, Written,
};
use std::borrow::Cow;
use std::sync::Arc;

/// What plans and outlines both have.
pub(in crate::plan) struct Parts<'p, 'g> {
    pub service: &'g Service,
    pub types: &'p [TypePlan<'g>],
    pub operations: &'p [OperationPlan<'g>],
    pub errors: Vec<TypeId>,
    pub waiters: Vec<Waiting<'p>>,
    /// With their fields; nothing where there are no endpoint rules.
    pub parameters: Option<Vec<(&'p Parameter, &'p str)>>,
}

/// A waiter, with the names of its type and of the client's method.
pub(in crate::plan) struct Waiting<'p> {
    pub waiter: &'p Waiter,
    pub name: &'p str,
    pub method: &'p str,
}

/// What tells enums of strings from other types.
const STRING_ENUM: &[&str] = &[
    "AsRef<str>",
    "Display",
    "Eq",
    "From<&str>",
    "From<String>",
    "Hash",
    "MapKey",
    "Ord",
    "PartialEq<T>",
    "PartialOrd",
];
/// What tells enums of integers from other types.
const INT_ENUM: &[&str] = &["Copy", "Eq", "From<i32>", "Hash", "Ord", "PartialOrd"];
const STRUCTURE: &[&str] = &["Structure"];
const UNION: &[&str] = &["Union"];
const ERROR: &[&str] = &["Display", "Error"];

const OPEN_STRUCT: &str = "struct { .. }";
const OPEN_ENUM: &str = "enum { .. }";

impl Surface {
    pub(in crate::plan) fn of(parts: &Parts<'_, '_>) -> Self {
        let mut builder = Builder { parts, surface: Self::default() };
        parts.types.iter().for_each(|ty| builder.ty(ty));
        parts.operations.iter().for_each(|operation| builder.operation(operation));
        parts.errors.iter().for_each(|error| builder.error(&parts.types[error.0 as usize]));
        parts.waiters.iter().for_each(|waiting| builder.waiter(waiting));
        if let Some(parameters) = &parts.parameters {
            builder.endpoint(parameters);
        }
        let mut surface = builder.surface;
        surface.0.sort_by(|(one, _), (other, _)| one.cmp(other));
        surface
    }
}

struct Builder<'p, 'g> {
    parts: &'p Parts<'p, 'g>,
    surface: Surface,
}

impl<'p, 'g> Builder<'p, 'g> {
    fn add(&mut self, item: &str, part: Part, signature: impl Into<Cow<'static, str>>, deprecated: bool, meant: Meant) {
        let entry = Entry { signature: signature.into(), deprecated, meant };
        let item = match self.surface.0.last() {
            Some((last, _)) if &*last.item == item => Arc::clone(&last.item),
            _ => item.into(),
        };
        self.surface.0.push((Path { item, part }, entry));
    }

    /// Adds what nobody deprecates by itself.
    fn add_plain(&mut self, item: &str, part: Part, signature: impl Into<Cow<'static, str>>, meant: &Meant) {
        self.add(item, part, signature, false, meant.clone());
    }

    fn add_traits(&mut self, item: &str, traits: &[&'static str], meant: &Meant) {
        traits.iter().for_each(|name| self.add_plain(item, Part::Trait(name), "", meant));
    }

    fn ty(&mut self, ty: &TypePlan<'g>) {
        let item = format!("types::{}", ty.name);
        let meant = self.meant(ty);
        // So are its fields and variants then, and no function.
        let deprecated = ty.deprecated.is_some();
        let signature = if matches!(ty.kind, TypeKind::Structure { .. }) { OPEN_STRUCT } else { OPEN_ENUM };
        self.add(&item, Part::Itself, signature, deprecated, meant.clone());
        match &ty.kind {
            TypeKind::Structure { fields, role } => {
                self.add_traits(&item, STRUCTURE, &meant);
                self.add_traits(&item, if *role == Role::Error { ERROR } else { &[] }, &meant);
                self.structure(&item, fields, deprecated);
            }
            TypeKind::Union { variants, unknown } => {
                self.add_traits(&item, UNION, &meant);
                self.union(&item, variants, deprecated);
                self.catch_all(&item, unknown, ("(UnknownValue)", deprecated));
            }
            TypeKind::Enum { variants, unknown } => {
                self.add_traits(&item, STRING_ENUM, &meant);
                self.string_enum(&item, variants, (&meant, deprecated));
                self.catch_all(&item, unknown, ("(UnknownValue)", deprecated));
            }
            TypeKind::IntEnum { variants, unknown } => {
                self.add_traits(&item, INT_ENUM, &meant);
                self.int_enum(&item, variants, (&meant, deprecated));
                self.catch_all(&item, unknown, ("(i32)", deprecated));
            }
        }
    }

    fn meant(&self, ty: &TypePlan<'g>) -> Meant {
        let operation = |id: OperationId| self.parts.service[id].name.clone();
        match ty.kind {
            TypeKind::Structure { role: Role::Input(id), .. } => Meant::Input(operation(id)),
            TypeKind::Structure { role: Role::Output(id), .. } => Meant::Output(operation(id)),
            TypeKind::Structure { .. } | TypeKind::Union { .. } | TypeKind::Enum { .. } | TypeKind::IntEnum { .. } => {
                Meant::Shape(ty.wire_name.to_owned())
            }
        }
    }

    fn structure(&mut self, item: &str, fields: &[FieldPlan<'g>], is_deprecated: bool) {
        let types = self.parts.types;
        let arguments: Vec<&FieldPlan<'_>> = fields.iter().filter(|field| field.is_argument()).collect();
        let members = arguments.iter().map(|field| field.member.name.clone()).collect();
        let taken: Vec<String> = arguments.iter().map(|field| Written::argument(types, field).to_string()).collect();
        let new = format!("fn({}) -> Self", taken.join(", "));
        self.add(item, Part::Function("new".to_owned()), new, false, Meant::Arguments(members));
        for field in fields {
            let (meant, deprecated) = (Meant::Member(field.member.name.clone()), field.deprecated.is_some());
            let setter = format!("fn(self, {}) -> Self", Written::argument(types, field));
            self.add(item, Part::Function(field.name.clone()), setter, deprecated, meant.clone());
            let ty = Written::field(types, field).to_string();
            self.add(item, Part::Field(field.name.clone()), ty, deprecated || is_deprecated, meant);
        }
    }

    fn union(&mut self, item: &str, variants: &[FieldPlan<'g>], is_deprecated: bool) {
        for variant in variants {
            let holds = format!("({})", Written::of(self.parts.types, &variant.ty));
            let meant = Meant::Member(variant.member.name.clone());
            let deprecated = variant.deprecated.is_some() || is_deprecated;
            self.add(item, Part::Variant(variant.name.clone()), holds, deprecated, meant);
        }
    }

    fn string_enum(&mut self, item: &str, variants: &[VariantPlan<'g>], (meant, is_deprecated): (&Meant, bool)) {
        self.add_plain(item, Part::Function("values".to_owned()), "const fn() -> &'static [Self]", meant);
        self.add_plain(item, Part::Function("as_str".to_owned()), "fn(&self) -> &str", meant);
        self.add_plain(item, Part::Trait("FromStr"), "Err = Infallible", meant);
        for variant in variants {
            let meant = Meant::Value(variant.value.to_owned());
            let deprecated = variant.deprecated.is_some() || is_deprecated;
            self.add(item, Part::Variant(variant.name.clone()), "", deprecated, meant);
        }
    }

    fn int_enum(&mut self, item: &str, variants: &[IntVariantPlan<'g>], (meant, is_deprecated): (&Meant, bool)) {
        self.add_plain(item, Part::Function("values".to_owned()), "const fn() -> &'static [Self]", meant);
        self.add_plain(item, Part::Function("as_i32".to_owned()), "fn(self) -> i32", meant);
        for variant in variants {
            let meant = Meant::Value(variant.value.to_string());
            self.add(item, Part::Variant(variant.name.clone()), "", is_deprecated, meant);
        }
    }

    fn catch_all(&mut self, item: &str, name: &str, (holds, is_deprecated): (&'static str, bool)) {
        self.add(item, Part::Variant(name.to_owned()), holds, is_deprecated, Meant::CatchAll);
    }

    fn operation(&mut self, operation: &OperationPlan<'g>) {
        let meant = Meant::Operation(operation.wire_name.to_owned());
        let (input, output) = (self.name(operation.input), self.name(operation.output));
        let method = format!("fn(&self, {input}) -> Call<{input}, M>");
        let part = Part::Function(operation.method.clone());
        self.add("Client", part, method, operation.deprecated.is_some(), meant.clone());
        let item = format!("types::{input}");
        self.add_plain(&item, Part::Trait("Operation"), format!("Output = {output}"), &meant);
        self.batch(operation, &item);
        let Some(paginator) = &operation.paginator else { return };
        let token = format!("Token = {}", Written::token(self.parts.types, operation.input, paginator));
        self.add_plain(&item, Part::Trait("Paginated"), token, &meant);
        let Some(path) = &paginator.items else { return };
        if let Some(element) = self.element(operation.output, path) {
            let meant = Meant::Items(path.to_string());
            self.add_plain(&item, Part::Trait("PaginatedItems"), format!("Item = {element}"), &meant);
        }
    }

    fn batch(&mut self, operation: &OperationPlan<'g>, item: &str) {
        let Some(batch) = &operation.batch else { return };
        let path = |member: &str| MemberPath(vec![member.to_owned()]);
        let Some(element) = self.element(operation.input, &path(&batch.list)) else { return };
        let failures = batch.failures.as_ref().map(|failures| failures.list.clone());
        let failure = failures.as_ref().and_then(|list| self.element(operation.output, &path(list)));
        let failure = failure.map_or_else(|| "Infallible".to_owned(), |failure| failure.to_string());
        let signature = format!("Item = {element}, Failure = {failure}");
        let meant = Meant::Batch { list: batch.list.clone(), failures };
        self.add_plain(item, Part::Trait("Batched"), signature, &meant);
    }

    fn name(&self, id: TypeId) -> &'p str {
        &self.parts.types[id.0 as usize].name
    }

    /// What the items at the end of a path are.
    fn element(&self, output: TypeId, MemberPath(path): &MemberPath) -> Option<Written<'p>> {
        let types = self.parts.types;
        let mut at = &Type::Named(output);
        for name in path {
            at = &types[at.structure()?.0 as usize].field(name)?.ty;
        }
        Some(Written::item(types, at))
    }

    fn error(&mut self, ty: &TypePlan<'g>) {
        let meant = self.meant(ty);
        self.add_plain("ServiceError", Part::Variant(ty.name.clone()), format!("({})", ty.name), &meant);
        self.add_plain("Error", Part::Function(question(&ty.name)), "fn(&self) -> bool", &meant);
    }

    fn waiter(&mut self, Waiting { waiter, name, method }: &Waiting<'p>) {
        let operation = self.parts.operations.iter().find(|operation| operation.id == waiter.operation);
        let Some(operation) = operation else { return };
        let (item, input) = (format!("waiters::{name}"), self.name(operation.input));
        let meant = Meant::Waiter(waiter.name.clone());
        self.add_plain(&item, Part::Itself, "struct {}", &meant);
        self.add_traits(&item, &["Copy", "Eq", "Hash"], &meant);
        self.add_plain(&item, Part::Trait("Waiter"), format!("Operation = {input}"), &meant);
        let wait = format!("fn(&self, {input}) -> Wait<{item}, M>");
        self.add_plain("Client", Part::Function((*method).to_owned()), wait, &meant);
    }

    fn endpoint(&mut self, parameters: &[(&'p Parameter, &'p str)]) {
        let (item, rules) = ("endpoint::Params", Meant::EndpointRules);
        let function = |name: &str| Part::Function(name.to_owned());
        self.add_plain("endpoint", function("resolve"), "fn(&Params) -> Result<Endpoint, EndpointError>", &rules);
        self.add_plain(item, Part::Itself, OPEN_STRUCT, &rules);
        self.add_traits(item, &["Eq", "Hash"], &rules);
        self.add_plain(item, function("new"), "fn() -> Self", &rules);
        self.add_plain(item, function("from_config"), "fn(&EndpointConfig) -> Self", &rules);
        for (modelled, field) in parameters {
            let meant = Meant::EndpointParameter(modelled.name.clone());
            let (ty, argument) = (Written::parameter(modelled), Written::parameter_argument(modelled));
            self.add_plain(item, function(field), format!("fn(self, {argument}) -> Self"), &meant);
            self.add_plain(item, Part::Field((*field).to_owned()), ty.to_string(), &meant);
        }
    }
}
