//! Types: every member exists, lists are used as lists, and only what can be
//! equal is compared.

use super::{Expression, Operator, Problem, Syntax};
use crate::plan::{FieldPlan, ServicePlan, Type, TypeId, TypeKind};

/// A checked expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Typed {
    /// What it says.
    pub node: Checked,
    /// Type of its value.
    pub ty: Ty,
    /// Whether its value may be null.
    pub optional: bool,
}

/// A field of a planned type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldRef {
    /// The structure or union.
    pub owner: TypeId,
    /// Position among its fields.
    pub index: usize,
}

impl FieldRef {
    /// The field itself.
    pub fn field<'p, 'g>(self, plan: &'p ServicePlan<'g>) -> &'p FieldPlan<'g> {
        &plan[self.owner].fields()[self.index]
    }

    /// Whether it is the variant of a union.
    pub fn is_variant(self, plan: &ServicePlan<'_>) -> bool {
        matches!(plan[self.owner].kind, TypeKind::Union { .. })
    }
}

/// What a checked expression says.
#[derive(Clone, Debug, PartialEq)]
pub enum Checked {
    /// The value that the expression is applied to.
    Current,
    /// A field of a structure, or a variant of a union.
    Field(Box<Typed>, FieldRef),
    /// An element of a list, from the end where negative.
    Element(Box<Typed>, i64),
    /// A projection.
    Project {
        /// A list, a map or a projection.
        source: Box<Typed>,
        /// What of it.
        over: Over,
        /// Items for which this is true.
        filter: Option<Box<Typed>>,
        /// Applied to every item; `None` for the item itself.
        each: Option<Box<Typed>>,
    },
    /// Several values as a list.
    Select(Vec<Typed>),
    /// A comparison.
    Compare(Operator, Box<Typed>, Box<Typed>),
    /// Both are true.
    And(Box<Typed>, Box<Typed>),
    /// One is true.
    Or(Box<Typed>, Box<Typed>),
    /// The first, unless it is false, empty or null; else the second.
    Otherwise(Box<Typed>, Box<Typed>),
    /// It is not true.
    Not(Box<Typed>),
    /// Number of elements, members or characters.
    Length(Box<Typed>),
    /// Whether a list has this element, or a text this part.
    Contains(Box<Typed>, Box<Typed>),
    /// Keys of a map.
    Keys(Box<Typed>),
    /// A literal.
    Text(String),
    /// A literal.
    Number(i64),
    /// A literal.
    Boolean(bool),
    /// A literal.
    Null,
}

/// What of its source a projection is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// `[*]` and `[?...]`: the elements.
    Items,
    /// `.*`: the values of a map.
    Values,
    /// `[]`: the elements, and those of elements that are lists.
    Flattened,
}

/// Type of a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Ty {
    /// What a field or an element has.
    Rust(Type),
    /// A text that is no field.
    Text,
    /// A truth that is no field.
    Boolean,
    /// What `length` gives.
    Count,
    /// A literal whole number.
    Number,
    /// A literal null.
    Null,
    /// Items of a projection, never null.
    Items(Box<Ty>),
    /// A list made of values of this type, each perhaps null.
    Select(Box<Ty>),
}

/// What values can be compared as.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scalar {
    Text,
    Boolean,
    Number,
    Null,
}

impl Ty {
    fn scalar(&self, plan: &ServicePlan<'_>) -> Option<Scalar> {
        match self {
            Self::Text => Some(Scalar::Text),
            Self::Boolean => Some(Scalar::Boolean),
            Self::Count | Self::Number => Some(Scalar::Number),
            Self::Null => Some(Scalar::Null),
            Self::Rust(Type::String) => Some(Scalar::Text),
            Self::Rust(Type::Bool) => Some(Scalar::Boolean),
            Self::Rust(Type::I8 | Type::I16 | Type::I32 | Type::I64 | Type::F32 | Type::F64) => Some(Scalar::Number),
            Self::Rust(Type::Named(id)) => matches!(plan[*id].kind, TypeKind::Enum { .. }).then_some(Scalar::Text),
            Self::Rust(_) | Self::Items(_) | Self::Select(_) => None,
        }
    }

    /// Whether it is text: a string or an enum.
    pub fn is_text(&self, plan: &ServicePlan<'_>) -> bool {
        self.scalar(plan) == Some(Scalar::Text)
    }

    /// Whether it is true or false.
    pub fn is_boolean(&self) -> bool {
        matches!(self, Self::Boolean | Self::Rust(Type::Bool))
    }

    /// Whether it is a number.
    pub fn is_number(&self, plan: &ServicePlan<'_>) -> bool {
        self.scalar(plan) == Some(Scalar::Number)
    }

    /// Type of the elements, where it is a list.
    pub fn element(&self) -> Option<Ty> {
        match self {
            Self::Rust(Type::List(element)) => Some(Self::Rust(not_null(element).clone())),
            Self::Items(item) | Self::Select(item) => Some((**item).clone()),
            _ => None,
        }
    }

    /// For people.
    fn describe(&self, plan: &ServicePlan<'_>) -> &'static str {
        match self {
            Self::Rust(Type::List(_)) | Self::Items(_) | Self::Select(_) => "a list",
            Self::Rust(Type::Map(..)) => "a map",
            Self::Rust(Type::Blob) => "a blob",
            Self::Rust(Type::Timestamp) => "a timestamp",
            Self::Rust(Type::Document) => "a document",
            _ => match self.scalar(plan) {
                Some(Scalar::Text) => "a string",
                Some(Scalar::Boolean) => "a boolean",
                Some(Scalar::Number) => "a number",
                Some(Scalar::Null) => "null",
                None => "a structure",
            },
        }
    }
}

/// The type inside an `Option`.
fn not_null(ty: &Type) -> &Type {
    if let Type::Nullable(inner) = ty { inner } else { ty }
}

/// Checks `expression`, applied to a value of the type `root`.
///
/// # Errors
///
/// The first thing in it that does not fit the types.
pub fn check(plan: &ServicePlan<'_>, root: TypeId, expression: &Expression) -> Result<Typed, Problem> {
    ExpressionChecker { plan }.value(expression, &Ty::Rust(Type::Named(root)))
}

struct ExpressionChecker<'p, 'g> {
    plan: &'p ServicePlan<'g>,
}

fn present(node: Checked, ty: Ty) -> Typed {
    Typed { node, ty, optional: false }
}

impl ExpressionChecker<'_, '_> {
    fn value(&self, expression: &Expression, current: &Ty) -> Result<Typed, Problem> {
        let column = expression.column;
        Ok(match &expression.kind {
            Syntax::Current => present(Checked::Current, current.clone()),
            Syntax::Field(of, name) => self.field(self.value(of, current)?, name, column)?,
            Syntax::Index(of, index) => {
                let of = self.value(of, current)?;
                // An index ends a projection only after a pipe.
                let Ty::Rust(Type::List(element)) = &of.ty else {
                    let is = of.ty.describe(self.plan);
                    return Err(Problem::ty(column, format!("an element is taken of what is {is}, not a list member")));
                };
                let ty = Ty::Rust(not_null(element).clone());
                Typed { node: Checked::Element(Box::new(of), *index), ty, optional: true }
            }
            Syntax::Project { source, over, filter, each } => {
                let source = self.value(source, current)?;
                self.projection(source, *over, filter.as_deref(), each, column)?
            }
            Syntax::Select(list) => self.select(list, current, column)?,
            Syntax::Compare(operator, left, right) => {
                let (left, right) = (self.value(left, current)?, self.value(right, current)?);
                self.comparison(*operator, left, right, column)?
            }
            Syntax::And(left, right) => {
                let (left, right) = (self.value(left, current)?, self.value(right, current)?);
                if !(left.ty.is_boolean() && right.ty.is_boolean()) {
                    return Err(Problem::ty(column, "`&&` is between what is not a boolean"));
                }
                // One that decides is the value, and null decides as false does.
                let optional = left.optional || right.optional;
                Typed { node: Checked::And(Box::new(left), Box::new(right)), ty: Ty::Boolean, optional }
            }
            Syntax::Or(left, right) => self.or(self.value(left, current)?, self.value(right, current)?, column)?,
            Syntax::Not(of) => present(Checked::Not(Box::new(self.condition(of, current)?)), Ty::Boolean),
            Syntax::Call(name, arguments) => self.call(name, arguments, current, column)?,
            Syntax::Text(text) => present(Checked::Text(text.clone()), Ty::Text),
            Syntax::Number(number) => present(Checked::Number(*number), Ty::Number),
            Syntax::Boolean(value) => present(Checked::Boolean(*value), Ty::Boolean),
            Syntax::Null => Typed { node: Checked::Null, ty: Ty::Null, optional: true },
        })
    }

    /// An expression of which only the truth matters, so that `&&` and `||` may
    /// stand between anything.
    fn condition(&self, expression: &Expression, current: &Ty) -> Result<Typed, Problem> {
        let both = |left: &Expression, right: &Expression| -> Result<_, Problem> {
            Ok((Box::new(self.condition(left, current)?), Box::new(self.condition(right, current)?)))
        };
        Ok(match &expression.kind {
            Syntax::And(left, right) => {
                let (left, right) = both(left, right)?;
                present(Checked::And(left, right), Ty::Boolean)
            }
            Syntax::Or(left, right) => {
                let (left, right) = both(left, right)?;
                present(Checked::Or(left, right), Ty::Boolean)
            }
            _ => self.value(expression, current)?,
        })
    }

    fn field(&self, of: Typed, name: &str, column: usize) -> Result<Typed, Problem> {
        let owner = match &of.ty {
            Ty::Rust(ty) => ty
                .structure()
                .filter(|id| matches!(self.plan[*id].kind, TypeKind::Structure { .. } | TypeKind::Union { .. })),
            _ => None,
        };
        let Some(owner) = owner else {
            let is = of.ty.describe(self.plan);
            let help = if matches!(of.ty, Ty::Rust(Type::List(_))) { "; its elements are `[]`" } else { "" };
            return Err(Problem::ty(column, format!("`{name}` is looked for in {is}{help}")));
        };
        let fields = self.plan[owner].fields();
        let Some(index) = fields.iter().position(|field| field.member.name == name) else {
            let names = fields.iter().map(|field| field.member.name.as_str());
            let message = format!("`{name}` is no member of `{}`", self.plan[owner].wire_name);
            return Err(Problem::new("unknown-member", column, message).did_you_mean(name, names));
        };
        let field = FieldRef { owner, index };
        let planned = field.field(self.plan);
        // A document may be null in itself.
        let is_nullable = matches!(planned.ty, Type::Document);
        let optional = of.optional || !planned.is_plain() || is_nullable || field.is_variant(self.plan);
        let ty = Ty::Rust(planned.ty.clone());
        Ok(Typed { node: Checked::Field(Box::new(of), field), ty, optional })
    }

    fn projection(
        &self,
        source: Typed,
        over: Over,
        filter: Option<&Expression>,
        each: &Expression,
        column: usize,
    ) -> Result<Typed, Problem> {
        let item = match (over, &source.ty) {
            (Over::Values, Ty::Rust(Type::Map(_, value))) => Some(Ty::Rust(not_null(value).clone())),
            (Over::Values, _) => None,
            (Over::Items, ty) => ty.element(),
            (Over::Flattened, ty) => ty.element().map(|element| element.element().unwrap_or(element)),
        };
        let Some(item) = item else {
            let wanted = if over == Over::Values { "a map" } else { "a list" };
            let is = source.ty.describe(self.plan);
            return Err(Problem::ty(column, format!("a projection is over {is}, not over {wanted}")));
        };
        let is_projected = matches!(source.node, Checked::Project { each: Some(_), .. });
        if over == Over::Flattened && matches!(source.ty.element(), Some(Ty::Items(_))) && !is_projected {
            return Err(Problem::unsupported(column, "projections of projections that are flattened more than once"));
        }
        if over == Over::Flattened && item == Ty::Rust(Type::Document) {
            // Some of them may be lists, which nobody knows beforehand.
            return Err(Problem::unsupported(column, "documents as what is flattened"));
        }
        if let (Ty::Items(_), Some(_)) = (&item, filter) {
            return Err(Problem::unsupported(column, "filters of projections of projections"));
        }
        let filter = filter.map(|filter| self.condition(filter, &item)).transpose()?.map(Box::new);
        let each = match each.kind {
            Syntax::Current => None,
            _ => Some(Box::new(self.value(each, &item)?)),
        };
        let ty = each.as_ref().map_or(item, |each| each.ty.clone());
        let optional = source.optional;
        let node = Checked::Project { source: Box::new(source), over, filter, each };
        Ok(Typed { node, ty: Ty::Items(Box::new(ty)), optional })
    }

    fn select(&self, list: &[Expression], current: &Ty, column: usize) -> Result<Typed, Problem> {
        let list = list.iter().map(|item| self.value(item, current)).collect::<Result<Vec<_>, _>>()?;
        let Some(first) = list.first() else { return Err(Problem::syntax(column, "the list is empty")) };
        let scalar = first.ty.scalar(self.plan);
        if scalar.is_none() || list.iter().any(|item| item.ty.scalar(self.plan) != scalar) {
            return Err(Problem::ty(column, "the list has values of more than one type, or of one that is not simple"));
        }
        let ty = if scalar == Some(Scalar::Text) { Ty::Text } else { first.ty.clone() };
        if list.iter().any(|item| scalar != Some(Scalar::Text) && item.ty != ty) {
            return Err(Problem::ty(column, "the list has values of more than one type"));
        }
        Ok(present(Checked::Select(list), Ty::Select(Box::new(ty))))
    }

    fn comparison(&self, operator: Operator, left: Typed, right: Typed, column: usize) -> Result<Typed, Problem> {
        let (a, b) = (left.ty.scalar(self.plan), right.ty.scalar(self.plan));
        let comparable = match (a, b) {
            (Some(Scalar::Null), _) | (_, Some(Scalar::Null)) => operator.is_equality(),
            (Some(Scalar::Number), Some(Scalar::Number)) => true,
            (Some(a), Some(b)) => a == b && operator.is_equality(),
            _ => false,
        };
        if !comparable {
            let (a, b) = (left.ty.describe(self.plan), right.ty.describe(self.plan));
            return Err(Problem::ty(column, format!("{a} is compared with {b}")));
        }
        // Without a number on either side, order is null; equality never is.
        let optional = !operator.is_equality() && (left.optional || right.optional);
        let node = Checked::Compare(operator, Box::new(left), Box::new(right));
        Ok(Typed { node, ty: Ty::Boolean, optional })
    }

    /// `||` as a value.
    fn or(&self, left: Typed, right: Typed, column: usize) -> Result<Typed, Problem> {
        if left.ty.is_boolean() && right.ty.is_boolean() {
            let optional = right.optional;
            return Ok(Typed { node: Checked::Or(Box::new(left), Box::new(right)), ty: Ty::Boolean, optional });
        }
        if !(left.ty.is_text(self.plan) && right.ty.is_text(self.plan)) {
            let (a, b) = (left.ty.describe(self.plan), right.ty.describe(self.plan));
            return Err(Problem::ty(
                column,
                format!("`||` is between {a} and {b}: two booleans or two strings can be"),
            ));
        }
        let optional = right.optional;
        Ok(Typed { node: Checked::Otherwise(Box::new(left), Box::new(right)), ty: Ty::Text, optional })
    }

    fn call(&self, name: &str, arguments: &[Expression], current: &Ty, column: usize) -> Result<Typed, Problem> {
        const KNOWN: &[(&str, usize)] = &[("contains", 2), ("keys", 1), ("length", 1)];
        let Some((_, count)) = KNOWN.iter().find(|(known, _)| *known == name) else {
            let message = format!("function `{name}` is not supported");
            let problem = Problem::new("jmespath-unsupported", column, message);
            return Err(problem.did_you_mean(name, KNOWN.iter().map(|(known, _)| *known)));
        };
        if arguments.len() != *count {
            let message = format!("`{name}` takes {count} arguments, but {} are given", arguments.len());
            return Err(Problem::ty(column, message));
        }
        let first = Box::new(self.value(&arguments[0], current)?);
        let is = first.ty.describe(self.plan);
        let optional = first.optional;
        match name {
            "length" => {
                let measurable = first.ty.is_text(self.plan)
                    || first.ty.element().is_some()
                    || matches!(first.ty, Ty::Rust(Type::Map(..)));
                if !measurable {
                    return Err(Problem::ty(column, format!("`length` is asked of {is}")));
                }
                Ok(Typed { node: Checked::Length(first), ty: Ty::Count, optional })
            }
            "keys" => match &first.ty {
                Ty::Rust(Type::Map(key, _)) => {
                    let ty = Ty::Items(Box::new(Ty::Rust((**key).clone())));
                    Ok(Typed { node: Checked::Keys(first), ty, optional })
                }
                _ => Err(Problem::ty(column, format!("`keys` is asked of {is}"))),
            },
            _ => self.contains(first, self.value(&arguments[1], current)?, column),
        }
    }

    fn contains(&self, subject: Box<Typed>, wanted: Typed, column: usize) -> Result<Typed, Problem> {
        let element = subject.ty.element().unwrap_or_else(|| subject.ty.clone());
        let fits = match element.scalar(self.plan) {
            Some(Scalar::Text) => wanted.ty.is_text(self.plan),
            Some(Scalar::Number) => wanted.ty.is_number(self.plan) && subject.ty.element().is_some(),
            Some(Scalar::Boolean) => wanted.ty.is_boolean() && subject.ty.element().is_some(),
            Some(Scalar::Null) | None => false,
        };
        if !fits || wanted.optional {
            let (a, b) = (subject.ty.describe(self.plan), wanted.ty.describe(self.plan));
            return Err(Problem::ty(column, format!("`contains` looks for {b} in {a}")));
        }
        let optional = subject.optional;
        Ok(Typed { node: Checked::Contains(subject, Box::new(wanted)), ty: Ty::Boolean, optional })
    }
}
