//! Rust names, and what of the model they stand for: a name that stands for something
//! else than before compiles, and means another thing.

use crate::graph::{Service, ShapeId};
use crate::plan::{Meant, Outline, Role, TypeKind, TypePlan};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Where names are told apart. Shapes go by the names of the new model.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Scope {
    Types,
    /// The fields of a structure, or the variants of a union or enum.
    Inside(String),
    Methods,
    Waiters,
    WaiterMethods,
    EndpointParameters,
}

/// The Rust names of one model.
pub(super) struct Names {
    meant: BTreeMap<(Scope, String), Meant>,
    named: HashMap<(Scope, Meant), String>,
    /// A type by each shape that has one.
    types: HashMap<String, String>,
}

/// A name that stands for something else than before.
pub(super) struct Taken {
    pub scope: Scope,
    /// The name, with that of its type before it.
    pub name: String,
    pub old: Meant,
    /// The name that `old` has now, if it is still there.
    pub moved: Option<String>,
    pub new: Meant,
}

impl Names {
    /// The names of `service`; `new_name` gives shapes the names that they have in the new model.
    pub fn of(service: &Service, outline: &Outline<'_>, new_name: impl Fn(&str) -> String) -> Self {
        let mut names = Self { meant: BTreeMap::new(), named: HashMap::new(), types: HashMap::new() };
        let shape = |id: ShapeId| new_name(&service[id].name);
        for ty in &outline.types {
            let role = match &ty.kind {
                TypeKind::Structure { role, .. } => Some(*role),
                TypeKind::Union { .. } | TypeKind::Enum { .. } | TypeKind::IntEnum { .. } => None,
            };
            let meant = match (role, ty.shape) {
                (Some(Role::Input(id)), _) => Meant::Input(service[id].name.clone()),
                (Some(Role::Output(id)), _) => Meant::Output(service[id].name.clone()),
                (_, Some(id)) => Meant::Shape(shape(id)),
                // Only inputs and outputs have no shape.
                (_, None) => continue,
            };
            names.add(Scope::Types, &ty.name, meant);
            if let Some(id) = ty.shape {
                names.types.entry(shape(id)).or_insert_with(|| ty.name.clone());
                names.inside(ty, Scope::Inside(shape(id)));
            }
        }
        for operation in &outline.operations {
            names.add(Scope::Methods, &operation.method, Meant::Operation(operation.wire_name.to_owned()));
        }
        for (waiter, [name, method]) in &outline.waiters {
            names.add(Scope::Waiters, name, Meant::Waiter(waiter.name.clone()));
            names.add(Scope::WaiterMethods, method, Meant::Waiter(waiter.name.clone()));
        }
        for (parameter, field) in outline.parameters.iter().flatten() {
            names.add(Scope::EndpointParameters, field, Meant::EndpointParameter(parameter.name.clone()));
        }
        names
    }

    fn inside(&mut self, ty: &TypePlan<'_>, scope: Scope) {
        match &ty.kind {
            TypeKind::Structure { fields, .. } => {
                for field in fields {
                    self.add(scope.clone(), &field.name, Meant::Member(field.member.name.clone()));
                }
            }
            TypeKind::Union { variants, unknown } => {
                for variant in variants {
                    self.add(scope.clone(), &variant.name, Meant::Member(variant.member.name.clone()));
                }
                self.add(scope, unknown, Meant::CatchAll);
            }
            TypeKind::Enum { variants, unknown } => {
                for variant in variants {
                    self.add(scope.clone(), &variant.name, Meant::Value(variant.value.to_owned()));
                }
                self.add(scope, unknown, Meant::CatchAll);
            }
            TypeKind::IntEnum { variants, unknown } => {
                for (name, value) in variants {
                    self.add(scope.clone(), name, Meant::Value(value.to_string()));
                }
                self.add(scope, unknown, Meant::CatchAll);
            }
        }
    }

    fn add(&mut self, scope: Scope, name: &str, meant: Meant) {
        self.named.insert((scope.clone(), meant.clone()), name.to_owned());
        self.meant.insert((scope, name.to_owned()), meant);
    }

    /// The Rust name of something.
    pub fn name(&self, scope: Scope, meant: Meant) -> Option<&str> {
        self.named.get(&(scope, meant)).map(String::as_str)
    }

    /// The type that a shape has, if it is one beside inputs and outputs.
    pub fn type_of(&self, shape: &str) -> Option<&str> {
        self.name(Scope::Types, Meant::Shape(shape.to_owned()))
    }

    /// The names that stand for something else in `new`.
    pub fn taken(&self, new: &Self) -> Vec<Taken> {
        let changed = self.meant.iter().filter_map(|(place, old)| Some((place, old, new.meant.get(place)?)));
        let changed: Vec<_> = changed.filter(|(_, old, new)| old != new && **new != Meant::CatchAll).collect();
        // Types that go with a method are told with it.
        let of_method = |meant: &Meant| match meant {
            Meant::Input(name) | Meant::Output(name) => Meant::Operation(name.clone()),
            other => other.clone(),
        };
        let methods = changed.iter().filter(|((scope, _), ..)| matches!(scope, Scope::Methods | Scope::WaiterMethods));
        let told: HashSet<(&Meant, &Meant)> = methods.map(|(_, old, new)| (*old, *new)).collect();
        changed
            .iter()
            .filter(|((scope, _), old, new)| {
                let is_of_method = told.contains(&(&of_method(old), &of_method(new)));
                !matches!(scope, Scope::Types | Scope::Waiters) || !is_of_method
            })
            .map(|((scope, name), old, is)| {
                let moved = new.named.get(&(scope.clone(), (*old).clone()));
                Taken {
                    scope: scope.clone(),
                    name: new.path(scope, name),
                    old: (*old).clone(),
                    moved: moved.map(|name| new.path(scope, name)),
                    new: (*is).clone(),
                }
            })
            .collect()
    }

    /// `Kind::Replace`, `Kind`, `get_item`.
    fn path(&self, scope: &Scope, name: &str) -> String {
        match scope {
            Scope::Inside(shape) => format!("{}::{name}", self.types.get(shape).unwrap_or(shape)),
            _ => name.to_owned(),
        }
    }
}
