//! Endpoint rule sets: the same JSON in both model formats.
//!
//! Specification: Smithy 2.0, "Endpoint rules engine".

use super::node::{At, Ignored, Node, Object};
use crate::graph::ContextValue;
use crate::graph::rules::{
    Call, Condition, Endpoint, EndpointRule, Operand, Parameter, ParameterType, Property, RuleBody, RuleSet,
    TemplatePart,
};

const DOCUMENTATION: &[Ignored] =
    &[Ignored { keys: &["documentation"], reason: "nobody sees the rules behind a generated resolver" }];

const RULE_SET: &[Ignored] = &[Ignored { keys: &["version"], reason: "there is one format; a new one has new keys" }];

const RULE: &[Ignored] = &[
    Ignored { keys: &["documentation"], reason: "nobody sees the rules behind a generated resolver" },
    Ignored { keys: &["type"], reason: "says which of the keys endpoint, error and rules is there" },
];

const PARAMETER: &[Ignored] = &[Ignored {
    keys: &["documentation", "deprecated"],
    reason: "parameters are filled from the client's configuration; nobody names them",
}];

/// Reads a whole rule set. Nothing where anything is wrong with it: what is
/// left then would only seem to have more errors.
pub(super) fn rule_set(at: &At<'_, '_>) -> Option<RuleSet> {
    let errors = at.errors();
    let object = at.object()?;
    let parameters = object.require("parameters").map(|at| {
        // An object, whose order means nothing.
        let mut parameters: Vec<Parameter> = at.entries().filter_map(|(name, at)| parameter(name, &at)).collect();
        parameters.sort_by(|a, b| a.name.cmp(&b.name));
        parameters
    });
    let rules = object.require("rules").map(|at| rules(&at));
    object.finish("a rule set", RULE_SET);
    if at.errors() > errors {
        return None;
    }
    Some(RuleSet { parameters: parameters?, rules: rules?, origin: at.origin() })
}

/// The host prefix that an operation's endpoint trait has.
pub(super) fn host_prefix(at: &At<'_, '_>) -> Option<String> {
    let object = at.object()?;
    let prefix = object.require("hostPrefix")?.string()?.to_owned();
    object.finish("the endpoint of an operation", &[]);
    Some(prefix)
}

/// Parameters that an operation fixes.
pub(super) fn static_params(at: &At<'_, '_>) -> Vec<(String, ContextValue)> {
    let param = |(name, at): (&str, At<'_, '_>)| {
        let object = at.object()?;
        let value = context_value(&object.require("value")?)?;
        object.finish("a context parameter", &[]);
        Some((name.to_owned(), value))
    };
    at.entries().filter_map(param).collect()
}

/// Parameters that an operation takes from its input.
pub(super) fn operation_params(at: &At<'_, '_>) -> Vec<(String, String)> {
    let param = |(name, at): (&str, At<'_, '_>)| {
        let object = at.object()?;
        let path = object.require("path")?.string()?.to_owned();
        object.finish("a context parameter", &[]);
        Some((name.to_owned(), path))
    };
    at.entries().filter_map(param).collect()
}

fn parameter(name: &str, at: &At<'_, '_>) -> Option<Parameter> {
    let object = at.object()?;
    let kind = object.require("type").and_then(|at| parameter_type(&at));
    let parameter = Parameter {
        name: name.to_owned(),
        kind: kind?,
        required: object.flag("required"),
        built_in: object.text("builtIn"),
        default: object.get("default").and_then(|at| context_value(&at)),
        origin: at.origin(),
    };
    object.finish("an endpoint parameter", PARAMETER);
    Some(parameter)
}

fn parameter_type(at: &At<'_, '_>) -> Option<ParameterType> {
    let text = at.string()?;
    // Both spellings occur.
    match text.to_ascii_lowercase().as_str() {
        "string" => Some(ParameterType::String),
        "boolean" => Some(ParameterType::Boolean),
        "stringarray" => Some(ParameterType::StringArray),
        _ => {
            at.unknown_value("type of a parameter", text, &["string", "boolean", "stringArray"]);
            None
        }
    }
}

/// Reads the value of an endpoint parameter.
pub(super) fn context_value(at: &At<'_, '_>) -> Option<ContextValue> {
    match at.node() {
        Node::String(text) => Some(ContextValue::String(text.clone().into_owned())),
        Node::Bool(value) => Some(ContextValue::Boolean(*value)),
        Node::Array(_) => {
            Some(ContextValue::StringList(at.items().filter_map(|item| item.string().map(str::to_owned)).collect()))
        }
        _ => {
            at.wrong_type("a string, a boolean or a list of strings");
            None
        }
    }
}

fn rules(at: &At<'_, '_>) -> Vec<EndpointRule> {
    at.items().filter_map(|item| rule(&item)).collect()
}

fn rule(at: &At<'_, '_>) -> Option<EndpointRule> {
    let object = at.object()?;
    let conditions = match object.get("conditions") {
        Some(conditions) => conditions.items().filter_map(|item| condition(&item)).collect(),
        None => Vec::new(),
    };
    let body = match (object.get("endpoint"), object.get("error"), object.get("rules")) {
        (Some(at), None, None) => RuleBody::Endpoint(endpoint(&at)?),
        (None, Some(at), None) => RuleBody::Error(expression(&at)?),
        (None, None, Some(at)) => RuleBody::Tree(rules(&at)),
        _ => {
            at.error("malformed-rule", "a rule has exactly one of the keys `endpoint`, `error` and `rules`");
            return None;
        }
    };
    object.finish("a rule", RULE);
    Some(EndpointRule { conditions, body, origin: at.origin() })
}

fn condition(at: &At<'_, '_>) -> Option<Condition> {
    let object = at.object()?;
    let assign = object.text("assign");
    let call = call(&object)?;
    object.finish("a condition", DOCUMENTATION);
    Some(Condition { call, assign })
}

fn call(object: &Object<'_, '_>) -> Option<Call> {
    let function = object.require("fn").and_then(|at| at.string());
    let arguments = object.require("argv").map(|at| at.items().filter_map(|item| expression(&item)).collect());
    Some(Call { function: function?.to_owned(), arguments: arguments?, origin: object.at.origin() })
}

fn endpoint(at: &At<'_, '_>) -> Option<Endpoint> {
    let object = at.object()?;
    let url = expression(&object.require("url")?);
    let properties = match object.get("properties") {
        Some(at) => named_properties(&at),
        None => Vec::new(),
    };
    let mut headers: Vec<(String, Vec<Operand>)> = match object.get("headers") {
        Some(at) => at
            .entries()
            .map(|(name, values)| (name.to_owned(), values.items().filter_map(|value| expression(&value)).collect()))
            .collect(),
        None => Vec::new(),
    };
    headers.sort_by(|a, b| a.0.cmp(&b.0));
    object.finish("an endpoint", DOCUMENTATION);
    Some(Endpoint { url: url?, properties, headers })
}

fn named_properties(at: &At<'_, '_>) -> Vec<(String, Property)> {
    let property = |(name, value): (&str, At<'_, '_>)| Some((name.to_owned(), property(&value)?));
    let mut properties: Vec<(String, Property)> = at.entries().filter_map(property).collect();
    properties.sort_by(|a, b| a.0.cmp(&b.0));
    properties
}

fn property(at: &At<'_, '_>) -> Option<Property> {
    match at.node() {
        Node::String(text) => Some(Property::String(template(at, text)?)),
        Node::Bool(value) => Some(Property::Boolean(*value)),
        Node::Number(_) => at.integer().map(Property::Integer),
        Node::Array(_) => Some(Property::Array(at.items().filter_map(|item| property(&item)).collect())),
        Node::Object(_) => Some(Property::Object(named_properties(at))),
        Node::Null => {
            at.wrong_type("the value of a property");
            None
        }
    }
}

fn expression(at: &At<'_, '_>) -> Option<Operand> {
    match at.node() {
        Node::String(text) => Some(Operand::Template(template(at, text)?, at.origin())),
        Node::Bool(value) => Some(Operand::Boolean(*value)),
        Node::Number(_) => at.integer().map(Operand::Integer),
        Node::Array(_) => Some(Operand::StringArray(at.items().filter_map(|item| expression(&item)).collect())),
        Node::Object(_) => {
            let object = at.object()?;
            let expression = match object.get("ref") {
                Some(reference) => Operand::Reference(reference.string()?.to_owned(), at.origin()),
                None => Operand::Call(Box::new(call(&object)?)),
            };
            object.finish("an expression", &[]);
            Some(expression)
        }
        Node::Null => {
            at.wrong_type("an expression");
            None
        }
    }
}

/// Splits `https://{name}.{other#path}` into its parts; `{{` and `}}` stand for
/// braces.
fn template(at: &At<'_, '_>, text: &str) -> Option<Vec<TemplatePart>> {
    let parts = parse_template(text);
    if parts.is_none() {
        at.report(|diagnostics, origin| {
            diagnostics
                .error("malformed-template", origin, format!("the braces in `{text}` do not fit together"))
                .hint("write `{name}` or `{name#path}`, and `{{` for a brace itself");
        });
    }
    parts
}

fn parse_template(text: &str) -> Option<Vec<TemplatePart>> {
    let mut parts = Vec::new();
    let mut literal = String::new();
    let mut rest = text;
    while let Some(index) = rest.find(['{', '}']) {
        literal.push_str(&rest[..index]);
        let brace = &rest[index..=index];
        rest = &rest[index + 1..];
        if let Some(after) = rest.strip_prefix(brace) {
            literal.push_str(brace);
            rest = after;
            continue;
        }
        if brace == "}" {
            return None;
        }
        let (inside, after) = rest.split_once('}')?;
        if !literal.is_empty() {
            parts.push(TemplatePart::Literal(std::mem::take(&mut literal)));
        }
        parts.push(placeholder(inside)?);
        rest = after;
    }
    literal.push_str(rest);
    if !literal.is_empty() {
        parts.push(TemplatePart::Literal(literal));
    }
    Some(parts)
}

fn placeholder(text: &str) -> Option<TemplatePart> {
    let (reference, path) = match text.split_once('#') {
        Some((reference, path)) => (reference, Some(path)),
        None => (text, None),
    };
    let complete = !reference.is_empty() && path != Some("") && !text.contains('{');
    complete.then(|| TemplatePart::Placeholder { reference: reference.to_owned(), path: path.map(str::to_owned) })
}
