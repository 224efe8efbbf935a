//! Rust types and names for every shape that is reached.
//!
//! The input and output of an operation always become structs of their own,
//! `{Operation}Input` and `{Operation}Output`, whatever the model calls those
//! shapes and however often it uses them; anything that refers to the same
//! shape from inside gets a data structure beside them.

use super::closure::Closure;
use super::names::{Position, Scope, camel};
use super::recursion::Recursion;
use super::service::host_prefix;
use super::{
    Accepts, Deprecation, Direction, FieldPlan, Idempotency, IntVariantPlan, OperationPlan, Presence, Role, Type,
    TypeId, TypeKind, TypePlan, VariantPlan, batches, paginators, retries,
};
use crate::diagnostic::Diagnostics;
use crate::graph::{DefaultValue, EnumValue, IntEnumValue, Member, OperationId, Service, ShapeId, ShapeKind, scalar};

pub(super) struct Types<'g> {
    pub types: Vec<TypePlan<'g>>,
    pub operations: Vec<OperationPlan<'g>>,
    pub errors: Vec<TypeId>,
}

pub(super) fn types<'g>(
    service: &'g Service,
    closure: &Closure,
    recursion: &Recursion,
    diagnostics: &mut Diagnostics,
) -> Types<'g> {
    let entries = entries(service, closure);
    let mut data_types = vec![None; service.shapes().len()];
    for (index, entry) in entries.iter().enumerate() {
        if let (Some(shape), Some(Role::Data | Role::Error) | None) = (entry.shape, entry.role) {
            data_types[shape.index()] = Some(TypeId(index as u32));
        }
    }
    let lowering = Lowering { service, recursion, data_types: &data_types, entries: &entries };
    let types: Vec<TypePlan<'g>> = entries.iter().map(|entry| lowering.type_plan(entry)).collect();

    let mut operations = lowering.operations(&closure.operations, &types);
    paginators::paginators(service, &types, &mut operations, diagnostics);
    batches::batches(service, &types, &mut operations, diagnostics);
    let mut errors: Vec<TypeId> = closure.errors.iter().filter_map(|error| data_types[error.index()]).collect();
    errors.sort_by(|a, b| types[a.0 as usize].name.cmp(&types[b.0 as usize].name));
    Types { types, operations, errors }
}

/// A type to emit, before its insides are known.
struct PendingType<'g> {
    name: String,
    /// Absent where an operation has no input or output in the model.
    shape: Option<ShapeId>,
    wire_name: &'g str,
    /// Absent for unions and enums.
    role: Option<Role>,
    direction: Direction,
}

/// Everything that becomes a type, named, and sorted by name.
fn entries<'g>(service: &'g Service, closure: &Closure) -> Vec<PendingType<'g>> {
    let mut scope = Scope::new(Position::Type);
    let mut entries = Vec::new();
    for &id in &closure.operations {
        let operation = &service[id];
        for (suffix, shape, role) in
            [("Input", operation.input, Role::Input(id)), ("Output", operation.output, Role::Output(id))]
        {
            let name = scope.claim_cased(format!("{}{suffix}", camel(&operation.name)));
            let wire_name = shape.map_or("", |shape| service[shape].name.as_str());
            let input = matches!(role, Role::Input(_));
            let direction = Direction { input, output: !input };
            entries.push(PendingType { name, shape, wire_name, role: Some(role), direction });
        }
    }
    let data: Vec<ShapeId> = service
        .shapes()
        .filter(|(id, shape)| {
            let reached = closure.reached[id.index()];
            (reached.input || reached.output) && becomes_type(&shape.kind)
        })
        .map(|(id, _)| id)
        .collect();
    let wires: Vec<&str> = data.iter().map(|&id| service[id].name.as_str()).collect();
    for (id, name) in data.iter().zip(scope.claim_all(&wires)) {
        let shape = &service[*id];
        let role = matches!(shape.kind, ShapeKind::Structure(_))
            .then(|| if closure.errors.contains(id) { Role::Error } else { Role::Data });
        let direction = closure.reached[id.index()];
        entries.push(PendingType { name, shape: Some(*id), wire_name: &shape.name, role, direction });
    }
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    entries
}

fn becomes_type(kind: &ShapeKind) -> bool {
    match kind {
        ShapeKind::Structure(_) | ShapeKind::Union(_) | ShapeKind::Enum(_) | ShapeKind::IntEnum(_) => true,
        ShapeKind::List { .. } | ShapeKind::Map { .. } | scalar!() => false,
    }
}

struct Lowering<'a, 'g> {
    service: &'g Service,
    recursion: &'a Recursion,
    data_types: &'a [Option<TypeId>],
    entries: &'a [PendingType<'g>],
}

impl<'g> Lowering<'_, 'g> {
    fn operations(&self, selected: &[OperationId], types: &[TypePlan<'g>]) -> Vec<OperationPlan<'g>> {
        let mut names = [Position::Method, Position::OperationModule].map(Scope::new);
        selected.iter().filter_map(|id| self.operation(*id, types, &mut names)).collect()
    }

    fn operation(
        &self,
        id: OperationId,
        types: &[TypePlan<'g>],
        [methods, modules]: &mut [Scope; 2],
    ) -> Option<OperationPlan<'g>> {
        let operation = &self.service[id];
        let traits = &operation.traits;
        let type_of = |role: Role| self.entries.iter().position(|entry| entry.role == Some(role));
        let (input, output) = (type_of(Role::Input(id))?, type_of(Role::Output(id))?);
        Some(OperationPlan {
            id,
            wire_name: &operation.name,
            name: camel(&operation.name),
            method: methods.claim(&operation.name),
            module: modules.claim(&operation.name),
            input: TypeId(input as u32),
            has_input: operation.input.is_some(),
            output: TypeId(output as u32),
            errors: operation.errors.iter().filter_map(|error| self.data_types[error.index()]).collect(),
            paginator: None,
            batch: None,
            effect: match (traits.readonly, traits.idempotent) {
                (true, _) => Idempotency::Readonly,
                (false, true) => Idempotency::Idempotent,
                (false, false) => Idempotency::Any,
            },
            unsigned: traits.unsigned,
            http: None,
            root: None,
            host_prefix: traits.host_prefix.as_deref().map(|prefix| host_prefix(prefix, &types[input])),
            deprecated: Deprecation::of(&traits.deprecated),
            docs: String::new(),
            calls_docs: String::new(),
            long_polling: retries::is_long_polling(self.service.metadata().service_id.as_deref(), &operation.name),
        })
    }

    fn type_plan(&self, entry: &PendingType<'g>) -> TypePlan<'g> {
        let kind = match (entry.shape, entry.role) {
            (None, role) => TypeKind::Structure { fields: Vec::new(), role: role.unwrap_or(Role::Data) },
            (Some(id), role) => self.kind(id, role.unwrap_or(Role::Data)),
        };
        let sensitive = entry.shape.is_some_and(|id| self.service[id].traits.is_sensitive());
        TypePlan {
            name: entry.name.clone(),
            shape: entry.shape,
            wire_name: entry.wire_name,
            kind,
            direction: entry.direction,
            sensitive,
            deprecated: self.deprecated(entry),
            docs: String::new(),
        }
    }

    fn deprecated(&self, entry: &PendingType<'g>) -> Option<Deprecation<'g>> {
        let shape = entry.shape.and_then(|id| Deprecation::of(&self.service[id].traits.deprecated));
        shape.or_else(|| match entry.role {
            Some(Role::Input(id)) => Deprecation::of(&self.service[id].traits.deprecated),
            _ => None,
        })
    }

    fn kind(&self, id: ShapeId, role: Role) -> TypeKind<'g> {
        match &self.service[id].kind {
            ShapeKind::Union(members) => {
                let mut scope = Scope::new(Position::Variant);
                let variants = self.fields(id, members, &mut scope, true);
                TypeKind::Union { variants, unknown: unknown_variant(&mut scope) }
            }
            ShapeKind::Enum(values) => {
                let (names, unknown) = enum_variants(values);
                let variants = names.into_iter().zip(values).map(|(name, graph)| variant(name, graph)).collect();
                TypeKind::Enum { variants, unknown }
            }
            ShapeKind::IntEnum(values) => {
                let (names, unknown) = int_enum_variants(values);
                let variants = names.into_iter().zip(values).map(|(name, graph)| int_variant(name, graph)).collect();
                TypeKind::IntEnum { variants, unknown }
            }
            ShapeKind::Structure(members) => {
                let fields = self.fields(id, members, &mut Scope::new(Position::Field), false);
                TypeKind::Structure { fields, role }
            }
            // Nothing else becomes a type.
            ShapeKind::List { .. } | ShapeKind::Map { .. } | scalar!() => {
                TypeKind::Structure { fields: Vec::new(), role }
            }
        }
    }

    fn fields(&self, owner: ShapeId, members: &'g [Member], scope: &mut Scope, union: bool) -> Vec<FieldPlan<'g>> {
        let wires: Vec<&str> = members.iter().map(|member| member.name.as_str()).collect();
        scope
            .claim_all(&wires)
            .into_iter()
            .zip(members)
            .map(|(name, member)| FieldPlan {
                name,
                wire_name: member.wire_name(),
                place: None,
                names: None,
                member,
                accepts: self.accepts(owner, member),
                ty: self.member_type(owner, member),
                presence: if union { Presence::Required } else { self.presence(member) },
                timestamp_format: member.timestamp_format(&|target| Some(&self.service[*target])),
                sensitive: self.service.is_sensitive(member),
                is_token: member.traits.idempotency_token,
                deprecated: Deprecation::of(&member.traits.deprecated),
                docs: String::new(),
                setter_docs: String::new(),
            })
            .collect()
    }

    fn accepts(&self, owner: ShapeId, member: &Member) -> Accepts {
        let is_enum = |id: TypeId| {
            let shape = self.entries[id.0 as usize].shape;
            shape.is_some_and(|shape| matches!(self.service[shape].kind, ShapeKind::Enum(_)))
        };
        Accepts::of(&self.member_type(owner, member), is_enum)
    }

    fn presence(&self, member: &Member) -> Presence {
        let kind = &self.service[member.target].kind;
        let default = member.traits.effective_default().and_then(|json| DefaultValue::read(json, kind).ok());
        match default {
            Some(default) => Presence::Default(default),
            // A token that is filled in where it is absent may be absent.
            None if member.traits.required && !member.traits.idempotency_token => Presence::Required,
            None => Presence::Optional,
        }
    }

    fn member_type(&self, owner: ShapeId, member: &Member) -> Type {
        let ty = self.type_of(member.target);
        let is_recursive = matches!(ty, Type::Named(_)) && self.recursion.needs_box(owner, member.target);
        if is_recursive { Type::Boxed(Box::new(ty)) } else { ty }
    }

    fn type_of(&self, id: ShapeId) -> Type {
        let element = |member: &Member, sparse: bool| {
            let ty = self.type_of(member.target);
            Box::new(if sparse { Type::Nullable(Box::new(ty)) } else { ty })
        };
        match &self.service[id].kind {
            ShapeKind::List { member, sparse } => Type::List(element(member, *sparse)),
            ShapeKind::Map { key, value, sparse } => {
                Type::Map(Box::new(self.type_of(key.target)), element(value, *sparse))
            }
            ShapeKind::String => Type::String,
            ShapeKind::Boolean => Type::Bool,
            ShapeKind::Byte => Type::I8,
            ShapeKind::Short => Type::I16,
            ShapeKind::Integer => Type::I32,
            ShapeKind::Long => Type::I64,
            ShapeKind::Float => Type::F32,
            ShapeKind::Double => Type::F64,
            ShapeKind::Blob => Type::Blob,
            ShapeKind::Timestamp => Type::Timestamp,
            ShapeKind::Document => Type::Document,
            // The closure has made a type of every aggregate that it reached.
            ShapeKind::Structure(_) | ShapeKind::Union(_) | ShapeKind::Enum(_) | ShapeKind::IntEnum(_) => {
                self.data_types[id.index()].map_or(Type::String, Type::Named)
            }
        }
    }
}

/// Names of an enum's variants, and of the catch-all.
pub(crate) fn enum_variants(values: &[EnumValue]) -> (Vec<String>, String) {
    variants(values.iter().map(|value| value.name.as_deref().unwrap_or(&value.value)))
}

/// Names of an intEnum's variants, and of the catch-all.
pub(crate) fn int_enum_variants(values: &[IntEnumValue]) -> (Vec<String>, String) {
    variants(values.iter().map(|value| value.name.as_str()))
}

fn variants<'a>(wires: impl Iterator<Item = &'a str>) -> (Vec<String>, String) {
    let mut scope = Scope::new(Position::Variant);
    let names = scope.claim_all(&wires.collect::<Vec<_>>());
    (names, unknown_variant(&mut scope))
}

fn variant<'g>(name: String, value: &'g EnumValue) -> VariantPlan<'g> {
    VariantPlan { name, value: &value.value, deprecated: Deprecation::of(&value.deprecated), docs: String::new() }
}

fn int_variant(name: String, value: &IntEnumValue) -> IntVariantPlan<'_> {
    IntVariantPlan { name, wire_name: &value.name, value: value.value, docs: String::new() }
}

/// The name of the catch-all variant: `Unknown`, unless the model has that.
fn unknown_variant(scope: &mut Scope) -> String {
    for name in ["Unknown", "Unrecognized"] {
        if let Some(name) = scope.claim_exact(name) {
            return name;
        }
    }
    scope.claim("UnknownToThisVersion")
}
