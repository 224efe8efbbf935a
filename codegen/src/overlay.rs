//! What reviewed files of this project add to a model: waiters, secrets, what errors mean for another try, which lists can
//! be split, and what is asked of values instead of what the model asks. Each entry has its reason, and it is an error that
//! one applies to nothing: then the model has caught up with it, or never had what it speaks of.

mod corrections;

pub(crate) use corrections::{ConstraintKind, NewConstraint};

use crate::diagnostic::{Diagnostics, Origin};
use crate::graph::reach::reach;
use crate::graph::{
    Acceptor, BatchOverlay, BatchSplit, Matcher, NameRef, Retry, ServiceBuilder, Shape, Waiter, WaiterOverlay,
};
use std::collections::HashSet;

/// The overlay of one service.
#[derive(Debug, Default)]
pub(crate) struct Overlay {
    /// Waiters that the model does not have.
    pub waiters: Vec<Waiter<NameRef>>,
    /// Acceptors for waiters that it has. They are tried after the model's: what
    /// the model decides stays as it is.
    pub amendments: Vec<OverlayEntry<Vec<Acceptor>>>,
    /// Shapes, and members as `Shape.Member`, that hold secrets.
    pub sensitive: Vec<OverlayEntry<()>>,
    /// What error shapes mean for another try.
    pub errors: Vec<OverlayEntry<Retry>>,
    /// How the lists of operations are split into several calls; nothing where they have to be sent whole.
    pub batches: Vec<OverlayEntry<Option<BatchSplit>>>,
    /// What is asked of shapes, and of members as `Shape.Member`.
    pub constraints: Vec<OverlayEntry<Vec<NewConstraint>>>,
}

/// An entry about something that the model has.
#[derive(Debug)]
pub(crate) struct OverlayEntry<T> {
    /// What it is about.
    pub name: NameRef,
    /// Why the model is not enough.
    pub reason: String,
    /// What it says.
    pub says: T,
}

impl Overlay {
    /// Adds everything to what was read of the model, and reports what applies to nothing.
    pub(crate) fn apply(self, builder: &mut ServiceBuilder, diagnostics: &mut Diagnostics) {
        let modelled: HashSet<String> = builder.waiters.iter().map(|waiter| waiter.name.clone()).collect();
        let acceptors = self.amendments.iter().flat_map(|amendment| &amendment.says);
        let acceptors = acceptors.chain(self.waiters.iter().flat_map(|waiter| &waiter.acceptors));
        acceptors.for_each(|acceptor| check_error(acceptor, builder, diagnostics));
        for amendment in self.amendments {
            amend(amendment, &mut builder.waiters, diagnostics);
        }
        for waiter in self.waiters {
            if modelled.contains(&waiter.name) {
                let message = format!("the model has a waiter `{}`", waiter.name);
                let hint =
                    format!("put acceptors that it lacks into [amendments.{}], or delete the entry", waiter.name);
                diagnostics.error("overlay-not-needed", &waiter.origin, message).hint(hint);
            } else {
                builder.waiters.push(waiter);
            }
        }
        for entry in self.sensitive {
            redact(entry, builder, diagnostics);
        }
        for entry in self.errors {
            classify(entry, builder, diagnostics);
        }
        for entry in self.batches {
            batch(entry, builder, diagnostics);
        }
        for entry in self.constraints {
            corrections::correct(entry, builder, diagnostics);
        }
    }
}

/// An acceptor for an error that the model does not have would wait in vain.
fn check_error(acceptor: &Acceptor, builder: &ServiceBuilder, diagnostics: &mut Diagnostics) {
    let Matcher::ErrorType(name) = &acceptor.matcher else { return };
    let errors = builder.shapes.iter().filter_map(|shape| Some((&shape.name, shape.traits.error.as_ref()?)));
    let mut known: Vec<&str> = Vec::new();
    for (shape, error) in errors {
        known.extend([shape.as_str()].into_iter().chain(error.code.as_deref()));
    }
    if !known.contains(&name.as_str()) && !builder.unread.contains(name) {
        let message = format!("the model has no error `{name}`");
        diagnostics.error("unknown-error", &acceptor.origin, message).did_you_mean(name, known);
    }
}

fn amend(entry: OverlayEntry<Vec<Acceptor>>, waiters: &mut [Waiter<NameRef>], diagnostics: &mut Diagnostics) {
    let NameRef { name, origin } = &entry.name;
    let Some(waiter) = waiters.iter_mut().find(|waiter| waiter.name == *name) else {
        let message = format!("the model has no waiter `{name}`");
        let known = waiters.iter().map(|waiter| waiter.name.as_str());
        let hint = format!("put a new waiter into [waiters.{name}]");
        diagnostics.error("unknown-waiter", origin, message).hint(hint).did_you_mean(name, known);
        return;
    };
    for acceptor in entry.says {
        let same = |known: &Acceptor| known.matcher == acceptor.matcher;
        if waiter.acceptors.iter().any(same) {
            let message = format!("waiter `{name}` has an acceptor for the same already");
            diagnostics.error("overlay-not-needed", &acceptor.origin, message).hint("delete it");
        } else {
            waiter.acceptors.push(acceptor);
        }
    }
    waiter.overlay = Some(WaiterOverlay::Amended(entry.reason));
}

fn redact(entry: OverlayEntry<()>, builder: &mut ServiceBuilder, diagnostics: &mut Diagnostics) {
    let NameRef { name, origin } = &entry.name;
    let Some((index, member)) = find_place(name, origin, builder, diagnostics) else { return };
    let shape = &builder.shapes[index];
    let not_needed = |diagnostics: &mut Diagnostics, by: &str| {
        let message = format!("the model marks `{by}` as sensitive itself");
        diagnostics.error("overlay-not-needed", origin, message).hint("delete the entry");
    };
    if let Some(by) = sensitive_target(&shape.name, &builder.shapes) {
        return not_needed(diagnostics, &by);
    }
    let Some(at) = member else {
        builder.shapes[index].traits.redacted = Some(entry.reason);
        return;
    };
    if let Some(member) = shape.kind.named_members().get(at) {
        if member.traits.sensitive {
            return not_needed(diagnostics, name);
        }
        if let Some(by) = sensitive_target(&member.target.name, &builder.shapes) {
            return not_needed(diagnostics, &by);
        }
    }
    if let Some(member) = builder.shapes[index].kind.members_mut().nth(at) {
        member.traits.redacted = Some(entry.reason);
    }
}

/// The sensitive shape that `target` is, or that its lists and maps hold.
fn sensitive_target(target: &str, shapes: &[Shape<NameRef>]) -> Option<String> {
    let named = |name: &str| shapes.iter().find(|shape| shape.name == name);
    let mut seen = HashSet::new();
    let mut held = reach(
        named(target),
        |shape| seen.insert(&shape.name),
        |shape| {
            let held = shape.kind.contents();
            held.filter_map(|member| named(&member.target.name))
        },
    );
    let says_so =
        |shape: &&Shape<NameRef>| shape.traits.sensitive || shape.kind.contents().any(|member| member.traits.sensitive);
    held.find(says_so).map(|shape| shape.name.clone())
}

fn classify(entry: OverlayEntry<Retry>, builder: &mut ServiceBuilder, diagnostics: &mut Diagnostics) {
    let NameRef { name, origin } = &entry.name;
    let Some(index) = find_shape(name, origin, builder, diagnostics) else { return };
    let Some(error) = &mut builder.shapes[index].traits.error else {
        let message = format!("shape `{name}` is no error");
        let errors = builder.shapes.iter().filter(|shape| shape.traits.error.is_some());
        let known = errors.map(|shape| shape.name.as_str());
        diagnostics.error("not-an-error", origin, message).did_you_mean(name, known);
        return;
    };
    if error.retry == Some(entry.says) {
        let message = format!("the model says the same of `{name}` itself");
        diagnostics.error("overlay-not-needed", origin, message).hint("delete the entry");
        return;
    }
    error.retry = Some(entry.says);
    error.retry_reason = Some(entry.reason);
}

/// What it says is looked at when there is a plan, which knows what follows from the model.
fn batch(entry: OverlayEntry<Option<BatchSplit>>, builder: &mut ServiceBuilder, diagnostics: &mut Diagnostics) {
    let NameRef { name, origin } = entry.name;
    match builder.operations.iter_mut().find(|operation| operation.name == name) {
        Some(operation) => {
            operation.traits.batch = Some(BatchOverlay { split: entry.says, reason: entry.reason, origin });
        }
        None if builder.unread.contains(&name) => {}
        None => {
            let message = format!("the model has no operation `{name}`");
            let known = builder.operations.iter().map(|operation| operation.name.as_str());
            diagnostics.error("unknown-operation", &origin, message).did_you_mean(&name, known);
        }
    }
}

/// Where a shape is, or a member that is written as `Shape.Member`: by their indexes. Nothing where there is none, which is
/// reported as of a shape.
fn find_place(
    name: &str,
    origin: &Origin,
    builder: &ServiceBuilder,
    diagnostics: &mut Diagnostics,
) -> Option<(usize, Option<usize>)> {
    let Some((shape_name, member_name)) = name.split_once('.') else {
        return Some((find_shape(name, origin, builder, diagnostics)?, None));
    };
    let index = find_shape(shape_name, origin, builder, diagnostics)?;
    let members = builder.shapes[index].kind.named_members();
    let at = members.iter().position(|member| member.name == member_name);
    if at.is_none() {
        let message = format!("`{shape_name}` has no member `{member_name}`");
        let known = members.iter().map(|member| member.name.as_str());
        diagnostics.error("unknown-member", origin, message).did_you_mean(member_name, known);
    }
    Some((index, Some(at?)))
}

/// Index of the shape `name`. Nothing where there is none, which is reported
/// unless it could not be read.
fn find_shape(name: &str, origin: &Origin, builder: &ServiceBuilder, diagnostics: &mut Diagnostics) -> Option<usize> {
    let found = builder.shapes.iter().position(|shape| shape.name == name);
    if found.is_none() && !builder.unread.contains(name) {
        let message = format!("the model has no shape `{name}`");
        let known = builder.shapes.iter().map(|shape| shape.name.as_str());
        diagnostics.error("unknown-shape", origin, message).did_you_mean(name, known);
    }
    found
}
