//! Operations over JSON lines: a request or a response in, what the generated
//! crate makes of it out. For conformance tests in any language.
//!
//! | line in | line out |
//! |---|---|
//! | `{kind: "request", id, service, operation, protocol, params}` | `{id, method, path, headers, body_base64}` |
//! | `{kind: "response", id, service, operation, protocol, status, headers, body_base64}` | `{id, value}` or `{id, error: {code, message, shape, members}}` |
//!
//! `protocol` is `json` or `smithy-rpc-v2-cbor`; fields that are not named here
//! are ignored. What cannot be built or read is `{id, failure: "..."}`. The
//! notation of `params`, `value` and `members` is that of
//! [`workstream::runtime::dynamic`].

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use workstream::dynamic::{DynamicError, DynamicOperation, DynamicService};
use workstream::runtime::http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode};
use workstream::{Protocol, dynamic};

/// A line in, still as JSON text where its meaning depends on the operation.
type Line<'a> = BTreeMap<String, &'a RawValue>;

/// Answers one line, with the services of the generated crate.
pub fn answer(line: &str) -> String {
    answer_with(line, dynamic::services())
}

/// Answers one line, with these services.
pub fn answer_with(line: &str, services: &[&'static DynamicService]) -> String {
    let fields: Line<'_> = match serde_json::from_str(line) {
        Ok(fields) => fields,
        Err(error) => return json!({"id": null, "failure": format!("the line is no JSON object: {error}")}).to_string(),
    };
    let mut reply = Map::new();
    reply.insert("id".to_owned(), fields.get("id").map_or(Value::Null, |id| parsed(id)));
    match reply_to(&fields, services) {
        Ok(more) => reply.extend(more),
        Err(failure) => drop(reply.insert("failure".to_owned(), failure.into())),
    }
    Value::Object(reply).to_string()
}

fn reply_to(fields: &Line<'_>, services: &[&'static DynamicService]) -> Result<Map<String, Value>, String> {
    let kind = text(fields, "kind")?;
    let (service, operation) = (text(fields, "service")?, text(fields, "operation")?);
    let service = services
        .iter()
        .find(|known| known.description().name == service)
        .ok_or_else(|| format!("there is no service `{service}`"))?;
    let operation = service
        .operation(&operation)
        .ok_or_else(|| format!("service `{}` has no operation `{operation}`", service.description().name))?;
    let protocol = match text(fields, "protocol")?.as_str() {
        "json" => service.description().json_protocol(),
        "smithy-rpc-v2-cbor" => Protocol::RpcV2Cbor,
        other => return Err(format!("protocol is `json` or `smithy-rpc-v2-cbor`, not `{other}`")),
    };
    match kind.as_str() {
        "request" => request(fields, operation, protocol),
        "response" => response(fields, operation, protocol),
        other => Err(format!("kind is `request` or `response`, not `{other}`")),
    }
}

fn request(
    fields: &Line<'_>,
    operation: &DynamicOperation,
    protocol: Protocol,
) -> Result<Map<String, Value>, String> {
    let params = fields.get("params").map_or("{}", |params| params.get());
    let request: Request<Vec<u8>> =
        operation.request(params.as_bytes(), protocol).map_err(|error| error.to_string())?;
    let headers: Map<String, Value> = request
        .headers()
        .iter()
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into()))
        .collect();
    Ok(object([
        ("method", request.method().as_str().into()),
        ("path", request.uri().path_and_query().map_or("/", |path| path.as_str()).into()),
        ("headers", headers.into()),
        ("body_base64", STANDARD.encode(request.body()).into()),
    ]))
}

fn response(
    fields: &Line<'_>,
    operation: &DynamicOperation,
    protocol: Protocol,
) -> Result<Map<String, Value>, String> {
    let mut response = Response::new(body(fields)?);
    *response.status_mut() = status(fields)?;
    *response.headers_mut() = headers(fields)?;
    match operation.response(protocol, &response) {
        Ok(value) => Ok(object([("value", value_of(&value)?)])),
        Err(DynamicError::Service { code, message, shape, members }) => Ok(object([(
            "error",
            json!({"code": code, "message": message, "shape": shape, "members": value_of(&members)?}),
        )])),
        Err(error) => Err(error.to_string()),
    }
}

fn body(fields: &Line<'_>) -> Result<Vec<u8>, String> {
    match fields.get("body_base64").map(|raw| parsed(raw)) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::String(text)) => STANDARD.decode(text).map_err(|error| format!("body_base64: {error}")),
        Some(_) => Err("body_base64 must be a string".to_owned()),
    }
}

fn status(fields: &Line<'_>) -> Result<StatusCode, String> {
    let Some(raw) = fields.get("status") else { return Ok(StatusCode::OK) };
    let number: u16 = serde_json::from_str(raw.get()).map_err(|error| format!("status: {error}"))?;
    StatusCode::from_u16(number).map_err(|error| format!("status: {error}"))
}

fn headers(fields: &Line<'_>) -> Result<HeaderMap, String> {
    let Some(raw) = fields.get("headers").filter(|raw| raw.get() != "null") else { return Ok(HeaderMap::new()) };
    let given: BTreeMap<String, String> = serde_json::from_str(raw.get()).map_err(|error| format!("headers: {error}"))?;
    given
        .into_iter()
        .map(|(name, value)| {
            let parsed = HeaderName::try_from(&name).ok().zip(HeaderValue::try_from(value).ok());
            parsed.ok_or_else(|| format!("headers: `{name}` cannot be sent"))
        })
        .collect()
}

fn text(fields: &Line<'_>, name: &str) -> Result<String, String> {
    let raw = fields.get(name).ok_or_else(|| format!("`{name}` is missing"))?;
    serde_json::from_str(raw.get()).map_err(|_| format!("`{name}` must be a string"))
}

/// JSON text that the generated crate wrote.
fn value_of(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| format!("the output is no JSON: {error}"))
}

fn parsed(raw: &RawValue) -> Value {
    serde_json::from_str(raw.get()).unwrap_or(Value::Null)
}

fn object<const N: usize>(fields: [(&str, Value); N]) -> Map<String, Value> {
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
