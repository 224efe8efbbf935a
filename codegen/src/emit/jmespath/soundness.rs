//! Errors of an expression. The functions of JMESPath refuse null, and an expression with an error matches nothing,
//! whatever it is compared with: botocore ends the wait there, Smithy's waiters go on with the next acceptor.

use super::iterate::Items;
use super::{ExpressionWriter, conjunct};
use crate::plan::jmespath::{Checked, Operator, Over, Typed};
use proc_macro2::TokenStream;
use quote::quote;

impl ExpressionWriter<'_, '_> {
    /// Whether no error arises in `typed`; nothing where none can.
    pub(in crate::emit) fn soundness(&self, typed: &Typed) -> Option<TokenStream> {
        match &typed.node {
            Checked::Current | Checked::Text(_) | Checked::Number(_) | Checked::Boolean(_) | Checked::Null => None,
            Checked::Field(of, _) | Checked::Element(of, _) | Checked::Not(of) => self.soundness(of),
            Checked::Length(of) | Checked::Keys(of) => all([self.soundness(of), self.presence(of)]),
            Checked::Contains(of, wanted) => all([self.soundness(of), self.presence(of), self.soundness(wanted)]),
            Checked::Compare(_, left, right) => all([self.soundness(left), self.soundness(right)]),
            Checked::Select(list) => all(list.iter().map(|item| self.soundness(item))),
            // The second operand is looked at only where the first does not decide.
            Checked::And(left, right) => {
                let right = self.soundness(right).map(|right| (self.negated(left), right));
                all([self.soundness(left), right.map(|(decided, right)| quote!(#decided || #right))])
            }
            Checked::Or(left, right) | Checked::Otherwise(left, right) => {
                let right = self.soundness(right).map(|right| (self.truth(left), right));
                all([self.soundness(left), right.map(|(decided, right)| quote!(#decided || #right))])
            }
            Checked::Project { source, over, filter, each } => {
                let items = |filter: Option<&Typed>| {
                    let filter = filter.cloned().map(Box::new);
                    let node = Checked::Project { source: source.clone(), over: *over, filter, each: None };
                    self.items(&Typed { node, ty: typed.ty.clone(), optional: typed.optional })
                };
                let in_items = |items: Items, inner: &Typed| {
                    let sound = self.about(items.item.clone()).soundness(inner)?;
                    let tokens = items.tokens;
                    Some(quote!(#tokens.all(|item| #sound)))
                };
                // A filter also looks at the nulls of a list, which no projection has.
                let all_items = if *over == Over::Items { self.elements_and_nulls(source) } else { items(None) };
                let in_filter = filter.as_deref().and_then(|filter| in_items(all_items, filter));
                let in_each = each.as_deref().and_then(|each| in_items(items(filter.as_deref()), each));
                all([self.soundness(source), in_filter, in_each])
            }
        }
    }

    /// Whether an argument is there, where it may be absent.
    pub(in crate::emit) fn presence(&self, argument: &Typed) -> Option<TokenStream> {
        let code = self.bottom(argument);
        Self::is_optional(&code).then(|| self.is_null(false, &code))
    }

    /// Whether the code for "it is true" is false anyway where an error arises.
    pub(in crate::emit) fn truth_is_sound(&self, typed: &Typed) -> bool {
        match &typed.node {
            Checked::Compare(operator, left, right) => {
                let is_compared =
                    *operator != Operator::NotEqual && !(operator.is_equality() && left.optional && right.optional);
                is_compared && self.is_null_with_error(left) && self.is_null_with_error(right)
            }
            Checked::Contains(of, wanted) => self.soundness(of).is_none() && self.soundness(wanted).is_none(),
            Checked::And(left, right) => self.truth_is_sound(left) && self.truth_is_sound(right),
            _ => self.soundness(typed).is_none(),
        }
    }

    /// The same of the code for "it is false".
    pub(in crate::emit) fn falsehood_is_sound(&self, typed: &Typed) -> bool {
        match &typed.node {
            Checked::Compare(operator, ..) if !operator.is_equality() => self.truth_is_sound(typed),
            Checked::Contains(..) => self.truth_is_sound(typed),
            _ => self.soundness(typed).is_none(),
        }
    }

    /// Whether the code for a value or list has none where an error arises.
    pub(in crate::emit) fn is_null_with_error(&self, typed: &Typed) -> bool {
        match &typed.node {
            Checked::Length(of) | Checked::Keys(of) => self.soundness(of).is_none(),
            _ => self.soundness(typed).is_none(),
        }
    }
}

/// All of these together.
fn all(conditions: impl IntoIterator<Item = Option<TokenStream>>) -> Option<TokenStream> {
    conditions.into_iter().flatten().reduce(|all, next| {
        let (all, next) = (conjunct(all), conjunct(next));
        quote!(#all && #next)
    })
}
