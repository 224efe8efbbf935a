//! Operations over JSON lines: a request or a response in, what the generated
//! crate makes of it out. For conformance tests in any language.
//!
//! | line in | line out |
//! |---|---|
//! | `{kind: "request", id, service, operation, protocol, params, token}` | `{id, method, path, headers, body_base64, host_prefix}` |
//! | `{kind: "response", id, service, operation, protocol, status, headers, body_base64}` | `{id, value}` or `{id, error: {code, message, shape, members}}` |
//! | `{kind: "protocols", id, service}` | `{id, protocols}` |
//!
//! `protocol` is Smithy's name of one of the service's, or `json` or `smithy-rpc-v2-cbor`;
//! without it, it is the one that the service prefers. With a `token`, members that want one
//! and have none get it. Fields that are not named here are ignored. What cannot be built or read is `{id, failure: "..."}`. The
//! notation of `params`, `value` and `members` is that of
//! [`workstream::dynamic`].

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::value::RawValue;
use serde_json::value::to_raw_value;
use std::collections::BTreeMap;
use std::io::{self, BufRead, BufWriter, Write};
use std::process::ExitCode;
use workstream::Protocol;
use workstream::dynamic::{DynamicError, DynamicOperation, DynamicService};
use workstream::runtime::http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode};

/// A line in, still as JSON text where its meaning depends on the operation.
type Line<'a> = BTreeMap<String, &'a RawValue>;

/// A line out. What the generated crate wrote goes out as it is: parsed and
/// written again, numbers would lose digits.
type Reply = BTreeMap<&'static str, Box<RawValue>>;

/// The program: answers the lines of the standard input, with these services.
pub fn main(services: &[&'static DynamicService]) -> ExitCode {
    match serve(services) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads has gone: nothing is left to say.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("wire: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve(services: &[&'static DynamicService]) -> io::Result<()> {
    let mut input = io::stdin().lock();
    let mut output = BufWriter::new(io::stdout().lock());
    let mut line = Vec::new();
    while input.read_until(b'\n', &mut line)? > 0 {
        let text = String::from_utf8_lossy(&line);
        if !text.trim().is_empty() {
            writeln!(output, "{}", answer(&text, services))?;
            // Whoever asks one line at a time waits for the answer.
            output.flush()?;
        }
        line.clear();
    }
    output.flush()
}

/// Answers one line, with these services.
pub fn answer(line: &str, services: &[&'static DynamicService]) -> String {
    let mut reply = Reply::new();
    let outcome = match serde_json::from_str::<Line<'_>>(line) {
        Ok(fields) => {
            reply.insert("id", fields.get("id").map_or_else(|| raw(&()), |id| (*id).to_owned()));
            reply_to(&fields, services)
        }
        Err(error) => Err(format!("the line is no JSON object: {error}")),
    };
    reply.entry("id").or_insert_with(|| raw(&()));
    match outcome {
        Ok(more) => reply.extend(more),
        Err(failure) => drop(reply.insert("failure", raw(&failure))),
    }
    serde_json::to_string(&reply).unwrap_or_default()
}

fn reply_to(fields: &Line<'_>, services: &[&'static DynamicService]) -> Result<Reply, String> {
    let (kind, name) = (text(fields, "kind")?, text(fields, "service")?);
    let service = services
        .iter()
        .find(|known| known.description().name == name)
        .ok_or_else(|| format!("there is no service `{name}`"))?;
    if kind == "protocols" {
        let names: Vec<&str> = service.description().protocols.iter().map(|protocol| protocol.name()).collect();
        return Ok(Reply::from([("protocols", raw(&names))]));
    }
    let operation = text(fields, "operation")?;
    let operation =
        service.operation(&operation).ok_or_else(|| format!("service `{name}` has no operation `{operation}`"))?;
    let protocol = protocol(fields, service)?;
    match kind.as_str() {
        "request" => request(fields, operation, protocol),
        "response" => response(fields, operation, protocol),
        other => Err(format!("kind is `request`, `response` or `protocols`, not `{other}`")),
    }
}

fn protocol(fields: &Line<'_>, service: &DynamicService) -> Result<Protocol, String> {
    let description = service.description();
    if !fields.contains_key("protocol") {
        return Ok(description.preferred_protocol());
    }
    match text(fields, "protocol")?.as_str() {
        "json" => Ok(description.json_protocol()),
        "smithy-rpc-v2-cbor" => Ok(Protocol::RpcV2Cbor),
        name => {
            let known = description.protocols.iter().copied().find(|protocol| protocol.name() == name);
            known.ok_or_else(|| format!("service `{}` does not speak `{name}`", description.name))
        }
    }
}

fn request(fields: &Line<'_>, operation: &DynamicOperation, protocol: Protocol) -> Result<Reply, String> {
    let mut params = fields.get("params").map_or("{}", |params| params.get()).to_owned();
    if fields.contains_key("token") {
        let token = text(fields, "token")?;
        params = operation.fill_tokens(params.as_bytes(), &mut || token.clone()).map_err(|error| error.to_string())?;
    }
    let host_prefix = operation.host_prefix(params.as_bytes()).map_err(|error| error.to_string())?;
    let request: Request<Vec<u8>> =
        operation.request(params.as_bytes(), protocol).map_err(|error| error.to_string())?;
    let headers: BTreeMap<&str, String> = request
        .headers()
        .iter()
        .map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    Ok(Reply::from([
        ("method", raw(request.method().as_str())),
        ("path", raw(request.uri().path_and_query().map_or("/", |path| path.as_str()))),
        ("headers", raw(&headers)),
        ("body_base64", raw(&STANDARD.encode(request.body()))),
        ("host_prefix", raw(&host_prefix)),
    ]))
}

fn response(fields: &Line<'_>, operation: &DynamicOperation, protocol: Protocol) -> Result<Reply, String> {
    let mut response = Response::new(body(fields)?);
    *response.status_mut() = status(fields)?;
    *response.headers_mut() = headers(fields)?;
    match operation.response(protocol, &response) {
        Ok(value) => Ok(Reply::from([("value", written(value)?)])),
        Err(DynamicError::Service(error)) => {
            let error = Reply::from([
                ("code", raw(&error.code)),
                ("message", raw(&error.message)),
                ("shape", raw(&error.shape)),
                ("members", written(error.members)?),
            ]);
            Ok(Reply::from([("error", raw(&error))]))
        }
        Err(error) => Err(error.to_string()),
    }
}

fn body(fields: &Line<'_>) -> Result<Vec<u8>, String> {
    let Some(raw) = fields.get("body_base64") else { return Ok(Vec::new()) };
    let text: Option<String> = serde_json::from_str(raw.get()).map_err(|error| format!("body_base64: {error}"))?;
    STANDARD.decode(text.unwrap_or_default()).map_err(|error| format!("body_base64: {error}"))
}

fn status(fields: &Line<'_>) -> Result<StatusCode, String> {
    let Some(raw) = fields.get("status") else { return Ok(StatusCode::OK) };
    let number: u16 = serde_json::from_str(raw.get()).map_err(|error| format!("status: {error}"))?;
    StatusCode::from_u16(number).map_err(|error| format!("status: {error}"))
}

fn headers(fields: &Line<'_>) -> Result<HeaderMap, String> {
    let Some(raw) = fields.get("headers").filter(|raw| raw.get() != "null") else { return Ok(HeaderMap::new()) };
    let given: BTreeMap<String, String> =
        serde_json::from_str(raw.get()).map_err(|error| format!("headers: {error}"))?;
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
fn written(text: String) -> Result<Box<RawValue>, String> {
    RawValue::from_string(text).map_err(|error| format!("the output is no JSON: {error}"))
}

/// Text, numbers and maps of them: they can always be written.
fn raw(value: &(impl serde::Serialize + ?Sized)) -> Box<RawValue> {
    to_raw_value(value).unwrap_or_else(|_| RawValue::NULL.to_owned())
}
