//! Values of the rules as Rust expressions.
//!
//! Variables hold what is cheap to copy: `&str`, `bool`, references. A string
//! that is put together on the spot is owned until something borrows it.

use crate::emit::tokens::ident;
use crate::plan::rules::{EndpointPlan, Function, Piece, RuleType, RuleValue, ValueKind};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// A string that needs no work at run time.
pub(super) fn literal(value: &RuleValue) -> Option<&str> {
    match &value.kind {
        ValueKind::Template(pieces) => match pieces.as_slice() {
            [] => Some(""),
            [Piece::Literal(text)] => Some(text),
            _ => None,
        },
        _ => None,
    }
}

/// A template that is nothing but one value.
fn only_piece(value: &RuleValue) -> Option<&RuleValue> {
    match &value.kind {
        ValueKind::Template(pieces) => match pieces.as_slice() {
            [Piece::Value(value)] => Some(value),
            _ => None,
        },
        _ => None,
    }
}

/// Whether the string is put together on the spot.
fn is_made(value: &RuleValue) -> bool {
    match &value.kind {
        ValueKind::Template(_) => literal(value).is_none() && only_piece(value).is_none_or(is_made),
        ValueKind::Call(Function::UriEncode, _) => true,
        ValueKind::Call(Function::Ite, arguments) => arguments[1..].iter().any(is_made),
        ValueKind::Call(Function::Coalesce, arguments) => arguments.iter().any(is_made),
        _ => false,
    }
}

/// A string that is there, as `&str`.
pub(super) fn text(plan: &EndpointPlan<'_>, value: &RuleValue) -> TokenStream {
    if is_made(value) {
        let made = string(plan, value);
        return match &value.kind {
            ValueKind::Call(Function::Ite, _) => quote!((#made).as_str()),
            ValueKind::Call(..) => quote!(#made.as_str()),
            _ => quote!(&#made),
        };
    }
    string(plan, value)
}

/// A string that is there, as anything that becomes a `String`: `&str`, or
/// `String` where it is made on the spot.
pub(super) fn string(plan: &EndpointPlan<'_>, value: &RuleValue) -> TokenStream {
    if let Some(literal) = literal(value) {
        return quote!(#literal);
    }
    if let Some(piece) = only_piece(value) {
        return string(plan, piece);
    }
    match &value.kind {
        ValueKind::Template(pieces) => format(plan, pieces),
        ValueKind::Call(Function::UriEncode, arguments) => {
            let argument = text(plan, &arguments[0]);
            quote!(functions::uri_encode(#argument))
        }
        ValueKind::Call(Function::Ite, arguments) => if_else(plan, value, arguments),
        ValueKind::Call(Function::Coalesce, arguments) => coalesce(plan, value, arguments),
        ValueKind::Parameter(_) => {
            let place = place(plan, value);
            quote!(&#place)
        }
        ValueKind::Attribute(_, attribute) if attribute.is_owned() => {
            let place = place(plan, value);
            quote!(&#place)
        }
        _ => place(plan, value),
    }
}

/// A string that is there, as `String`.
pub(super) fn owned(plan: &EndpointPlan<'_>, value: &RuleValue) -> TokenStream {
    let tokens = string(plan, value);
    if is_made(value) {
        tokens
    } else if matches!(value.kind, ValueKind::Parameter(_)) {
        let place = place(plan, value);
        quote!(#place.clone())
    } else {
        quote!(#tokens.to_owned())
    }
}

/// Something that is there and has a place: a field, a variable.
fn place(plan: &EndpointPlan<'_>, value: &RuleValue) -> TokenStream {
    match &value.kind {
        ValueKind::Parameter(id) => {
            let name = ident(&plan[*id].field.name);
            quote!(params.#name)
        }
        ValueKind::Variable(id) => {
            let name = ident(&plan[*id].name);
            quote!(#name)
        }
        ValueKind::Attribute(owner, attribute) => {
            let (owner, field) = (place(plan, owner), ident(attribute.field));
            quote!(#owner.#field)
        }
        ValueKind::Boolean(value) => quote!(#value),
        ValueKind::Integer(value) => {
            let value = Literal::u32_unsuffixed(*value);
            quote!(#value)
        }
        // These have no place, but all that can be said about them.
        ValueKind::Template(_) => string(plan, value),
        ValueKind::Element(..) => optional(plan, value),
        ValueKind::Call(function, _) => match function {
            Function::Coalesce | Function::Ite | Function::UriEncode => string(plan, value),
            Function::Split => list(plan, value),
            Function::ParseArn | Function::ParseUrl | Function::Partition | Function::Substring => {
                optional(plan, value)
            }
            Function::BooleanEquals
            | Function::IsSet
            | Function::IsValidHostLabel
            | Function::IsVirtualHostableS3Bucket
            | Function::Not
            | Function::StringEquals => boolean(plan, value),
        },
    }
}

/// A comparison of strings, with what varies before what does not.
fn equality(plan: &EndpointPlan<'_>, a: &RuleValue, b: &RuleValue, equal: bool) -> TokenStream {
    let (a, b) = if literal(a).is_some() { (b, a) } else { (a, b) };
    let is_empty = literal(b) == Some("");
    let (a, b) = (compared(plan, a), compared(plan, b));
    if is_empty {
        return if equal { quote!(#a.is_empty()) } else { quote!(!#a.is_empty()) };
    }
    let operator = if equal { quote!(==) } else { quote!(!=) };
    quote!(#a #operator #b)
}

/// One side of a comparison: `String` compares with `&str`.
fn compared(plan: &EndpointPlan<'_>, value: &RuleValue) -> TokenStream {
    match (&value.kind, only_piece(value)) {
        (_, Some(piece)) => compared(plan, piece),
        (ValueKind::Parameter(_) | ValueKind::Attribute(..), _) => place(plan, value),
        (ValueKind::Call(Function::Ite, _), _) => parenthesised(string(plan, value)),
        _ => string(plan, value),
    }
}

fn parenthesised(tokens: TokenStream) -> TokenStream {
    quote!((#tokens))
}

/// An [`optional`] value, to ask whether it is there.
pub(super) fn receiver(plan: &EndpointPlan<'_>, value: &RuleValue) -> TokenStream {
    if matches!(value.kind, ValueKind::Parameter(_)) {
        return place(plan, value);
    }
    let tokens = optional(plan, value);
    if matches!(value.kind, ValueKind::Call(Function::Ite, _)) { parenthesised(tokens) } else { tokens }
}

/// What the URL of an endpoint has in its host name that is neither written there nor from the table of partitions:
/// values of configurations and inputs. Each once.
pub(super) fn host_parts(plan: &EndpointPlan<'_>, url: &RuleValue) -> Vec<TokenStream> {
    let ValueKind::Template(pieces) = &url.kind else { return Vec::new() };
    let mut parts: Vec<&RuleValue> = Vec::new();
    for (piece, in_host) in pieces.iter().zip(in_host(pieces)) {
        match piece {
            Piece::Value(value) if in_host && is_foreign(value) && !parts.contains(&value) => parts.push(value),
            _ => {}
        }
    }
    parts.into_iter().map(|part| text(plan, part)).collect()
}

/// Which pieces of a URL stand in its host name: from `://` up to the next slash, or the path of a URL that was taken
/// apart.
fn in_host(pieces: &[Piece]) -> Vec<bool> {
    let (mut begun, mut ended) = (false, false);
    let mut places = Vec::new();
    for piece in pieces {
        places.push(begun && !ended);
        match piece {
            Piece::Literal(text) => {
                let rest = match text.split_once("://") {
                    Some((_, rest)) if !begun => {
                        begun = true;
                        rest
                    }
                    _ => text,
                };
                ended |= begun && rest.contains('/');
            }
            Piece::Value(RuleValue { kind: ValueKind::Attribute(owner, attribute), .. })
                if owner.ty == RuleType::Url =>
            {
                ended |= matches!(attribute.field, "path" | "normalized_path");
            }
            Piece::Value(_) => {}
        }
    }
    places
}

/// Whether text is neither from the table of partitions, nor of a URL that was taken apart, and so checked.
fn is_foreign(value: &RuleValue) -> bool {
    match &value.kind {
        ValueKind::Attribute(owner, _) => !matches!(owner.ty, RuleType::Partition | RuleType::Url),
        _ => true,
    }
}

/// `format!`, with variables inside its string.
fn format(plan: &EndpointPlan<'_>, pieces: &[Piece]) -> TokenStream {
    let mut template = String::new();
    let mut arguments = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Literal(text) => template.push_str(&text.replace('{', "{{").replace('}', "}}")),
            Piece::Value(value) => match &value.kind {
                ValueKind::Variable(id) if !plan[*id].name.starts_with("r#") => {
                    template.push_str(&format!("{{{}}}", plan[*id].name));
                }
                _ => {
                    template.push_str("{}");
                    arguments.push(compared(plan, value));
                }
            },
        }
    }
    quote!(format!(#template #(, #arguments)*))
}

/// A boolean that is there.
pub(super) fn boolean(plan: &EndpointPlan<'_>, value: &RuleValue) -> TokenStream {
    let ValueKind::Call(function, arguments) = &value.kind else { return place(plan, value) };
    match (function, arguments.as_slice()) {
        (Function::BooleanEquals, [a, b]) => match (constant(a), constant(b)) {
            (None, Some(true)) => boolean(plan, a),
            (Some(true), None) => boolean(plan, b),
            (None, Some(false)) => negated(plan, a),
            (Some(false), None) => negated(plan, b),
            _ => {
                let (a, b) = (boolean(plan, a), boolean(plan, b));
                quote!(#a == #b)
            }
        },
        (Function::Not, [value]) => negated(plan, value),
        (Function::StringEquals, [a, b]) => equality(plan, a, b, true),
        (Function::IsSet, [value]) => {
            let value = receiver(plan, value);
            quote!(#value.is_some())
        }
        (Function::IsValidHostLabel, [label, dots]) => {
            let (label, dots) = (text(plan, label), boolean(plan, dots));
            quote!(functions::is_valid_host_label(#label, #dots))
        }
        (Function::IsVirtualHostableS3Bucket, [bucket, dots]) => {
            let (bucket, dots) = (text(plan, bucket), boolean(plan, dots));
            quote!(functions::is_virtual_hostable_s3_bucket(#bucket, #dots))
        }
        (Function::Ite, arguments) => if_else(plan, value, arguments),
        (Function::Coalesce, arguments) => coalesce(plan, value, arguments),
        _ => place(plan, value),
    }
}

fn constant(value: &RuleValue) -> Option<bool> {
    match value.kind {
        ValueKind::Boolean(value) => Some(value),
        _ => None,
    }
}

fn negated(plan: &EndpointPlan<'_>, value: &RuleValue) -> TokenStream {
    let ValueKind::Call(function, arguments) = &value.kind else {
        let value = place(plan, value);
        return quote!(!#value);
    };
    match (function, arguments.as_slice()) {
        (Function::Not, [value]) => boolean(plan, value),
        (Function::BooleanEquals, [a, b]) => match (constant(a), constant(b)) {
            (None, Some(true)) => negated(plan, a),
            (Some(true), None) => negated(plan, b),
            (None, Some(false)) => boolean(plan, a),
            (Some(false), None) => boolean(plan, b),
            _ => {
                let (a, b) = (boolean(plan, a), boolean(plan, b));
                quote!(#a != #b)
            }
        },
        (Function::StringEquals, [a, b]) => equality(plan, a, b, false),
        (Function::IsSet, [value]) => {
            let value = receiver(plan, value);
            quote!(#value.is_none())
        }
        (Function::Ite | Function::Coalesce, _) => {
            let value = boolean(plan, value);
            quote!(!(#value))
        }
        _ => {
            let value = boolean(plan, value);
            quote!(!#value)
        }
    }
}

/// A value that may be absent, as `Option`: of `&str`, `bool`, a list, or what
/// a function finds.
pub(super) fn optional(plan: &EndpointPlan<'_>, value: &RuleValue) -> TokenStream {
    match &value.kind {
        ValueKind::Parameter(_) => {
            let place = place(plan, value);
            if value.ty == RuleType::Boolean { quote!(#place) } else { quote!(#place.as_deref()) }
        }
        ValueKind::Element(owner, index) => {
            let (list, index) = (list(plan, owner), Literal::i32_unsuffixed(*index));
            quote!(functions::element(#list, #index))
        }
        ValueKind::Call(function, arguments) => optional_call(plan, value, *function, arguments),
        _ => place(plan, value),
    }
}

fn optional_call(
    plan: &EndpointPlan<'_>,
    value: &RuleValue,
    function: Function,
    arguments: &[RuleValue],
) -> TokenStream {
    match (function, arguments) {
        (Function::ParseArn, [argument]) => {
            let argument = text(plan, argument);
            quote!(functions::parse_arn(#argument))
        }
        (Function::ParseUrl, [argument]) => {
            let argument = text(plan, argument);
            quote!(functions::parse_url(#argument))
        }
        (Function::Partition, [argument]) => {
            let argument = text(plan, argument);
            quote!(partitions::find(#argument))
        }
        (Function::Substring, [argument, start, stop, reverse]) => {
            let (argument, reverse) = (text(plan, argument), boolean(plan, reverse));
            let (start, stop) = (place(plan, start), place(plan, stop));
            quote!(functions::substring(#argument, #start, #stop, #reverse))
        }
        (Function::Ite, arguments) => if_else(plan, value, arguments),
        (Function::Coalesce, arguments) => coalesce(plan, value, arguments),
        _ => place(plan, value),
    }
}

/// A list of strings, as something that derefs to a slice.
pub(super) fn list(plan: &EndpointPlan<'_>, value: &RuleValue) -> TokenStream {
    match &value.kind {
        ValueKind::Variable(_) => place(plan, value),
        ValueKind::Call(Function::Split, arguments) => {
            let (split, delimiter) = (text(plan, &arguments[0]), text(plan, &arguments[1]));
            let limit = place(plan, &arguments[2]);
            quote!(&functions::split(#split, #delimiter, #limit))
        }
        _ => {
            let place = place(plan, value);
            quote!(&#place)
        }
    }
}

/// `value` as one of several: all are made, or none is.
fn choice(plan: &EndpointPlan<'_>, value: &RuleValue, made: bool) -> TokenStream {
    match (value.ty, value.optional) {
        (RuleType::String, false) if made => owned(plan, value),
        (RuleType::String, false) => text(plan, value),
        (RuleType::String, true) => {
            let option = optional(plan, value);
            if made && !is_made(value) { quote!(#option.map(str::to_owned)) } else { option }
        }
        (_, false) => boolean(plan, value),
        (_, true) => optional(plan, value),
    }
}

/// `ite`.
fn if_else(plan: &EndpointPlan<'_>, value: &RuleValue, arguments: &[RuleValue]) -> TokenStream {
    let made = is_made(value);
    let condition = boolean(plan, &arguments[0]);
    let branch = |branch: &RuleValue| {
        let tokens = choice(plan, branch, made);
        if value.optional && !branch.optional { quote!(Some(#tokens)) } else { tokens }
    };
    let (then, otherwise) = (branch(&arguments[1]), branch(&arguments[2]));
    quote!(if #condition { #then } else { #otherwise })
}

/// `coalesce`. What stands behind a value that is always there is never needed.
fn coalesce(plan: &EndpointPlan<'_>, value: &RuleValue, arguments: &[RuleValue]) -> TokenStream {
    let made = is_made(value);
    let certain = arguments.iter().position(|argument| !argument.optional);
    let options = &arguments[..certain.unwrap_or(arguments.len())];
    let mut tokens = TokenStream::new();
    for (index, option) in options.iter().enumerate() {
        let option = choice(plan, option, made);
        tokens = if index == 0 { option } else { quote!(#tokens.or_else(|| #option)) };
    }
    match certain.map(|index| choice(plan, &arguments[index], made)) {
        Some(certain) if options.is_empty() => certain,
        Some(certain) if made => quote!(#tokens.unwrap_or_else(|| #certain)),
        Some(certain) => quote!(#tokens.unwrap_or(#certain)),
        None => tokens,
    }
}
