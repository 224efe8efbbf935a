"""Compares the generated crate with botocore, operation by operation.

`wire` (a program of this workspace) makes requests and reads responses with the generated crate; botocore does the
same with its own serializers and parsers, from the same models. Both must agree, but for the differences listed in
`INTENDED`. The cases are random, and the same on every run with one seed.

    cargo xtask conformance            sets up botocore and runs this
"""

import argparse
import base64
import collections
import json
import os
import random
import re
import subprocess
import sys
import time

os.environ["TZ"] = "UTC"
time.tzset()

import botocore  # noqa: E402
from botocore.awsrequest import HeadersDict  # noqa: E402
from botocore.model import ServiceModel  # noqa: E402
from botocore.parsers import create_parser  # noqa: E402
from botocore.serialize import create_serializer  # noqa: E402

# Isolated, Python does not look beside the script.
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from bodies import Style, to_cbor, to_json  # noqa: E402
from values import Values, corrected, is_document, is_union, notation, without_nulls  # noqa: E402

PROTOCOLS = ("json", "smithy-rpc-v2-cbor")
CBOR = "smithy-rpc-v2-cbor"

# Where the crate means to answer otherwise than botocore, and why. The key is what a summary counts.
INTENDED = {
    "required": "a required member that a response lacks has its empty value: Smithy's client error correction",
    "dense nulls": "a null in a list or map that is not sparse is dropped, as Smithy's protocols say; botocore keeps it",
    "empty CBOR": "an empty rpcv2Cbor body is an empty output; botocore expects a map",
    "union in CBOR": "an unknown union member is told as with JSON; botocore's CBOR parser gives an empty dict",
    "code elsewhere": "the code may also be in x-amzn-errortype or `code`; botocore's parsers of these two look at "
    "__type only, so it is given the code there",
    "markup": "markup is no message, and from 500 on the meaning of the status stands for it; botocore gives the text",
    "broken": "a body that breaks off is an error with no more than its status; botocore gives the text, or fails on CBOR",
}


# Of errors with one code botocore takes the last, and the crate the one whose name it is;
# a blob that streams, and is no payload, is none to botocore.
EXCLUDED = ("error-codes-clashing.Run", "event-stream.Fetch")


def is_streaming(operation):
    """Whether the crate does not have the operation."""
    streams = (operation.has_event_stream_input, operation.has_event_stream_output, operation.has_streaming_input,
               operation.has_streaming_output)
    return any(streams)


class Wire:
    """Lines for `wire`, and what is to be done with the answer to each."""

    def __init__(self, program):
        self.program = program
        self.lines = []
        self.checks = []

    def ask(self, line, check):
        self.lines.append(json.dumps(dict(line, id=len(self.lines))))
        self.checks.append(check)

    def run(self):
        done = subprocess.run([self.program], input="\n".join(self.lines).encode(), stdout=subprocess.PIPE, check=True)
        answers = done.stdout.decode().split("\n")[:-1]
        if len(answers) != len(self.lines):
            sys.exit(f"{self.program} answered {len(answers)} of {len(self.lines)} lines")
        for index, (answer, check) in enumerate(zip(answers, self.checks)):
            answer = json.loads(answer)
            if answer.pop("id") != index:
                sys.exit(f"answer {index} has the wrong id")
            check(answer)


class Comparison:
    def __init__(self, wire, seed):
        self.wire = wire
        self.seed = seed
        self.operations = 0
        self.counts = collections.Counter()
        self.intended = collections.Counter()
        # Examples of what differs in one way, by that way.
        self.differences = collections.defaultdict(list)
        self.parsers = {protocol: create_parser(protocol) for protocol in PROTOCOLS}
        self.serializers = {protocol: create_serializer(protocol, include_validation=False) for protocol in PROTOCOLS}
        for serializer in self.serializers.values():
            # Answers of `wire` have no host.
            serializer._expand_host_prefix = lambda parameters, operation: None

    def service(self, name, model, rounds):
        for operation_name in model.operation_names:
            operation = model.operation_model(operation_name)
            if is_streaming(operation) or f"{name}.{operation_name}" in EXCLUDED:
                continue
            self.operations += 1
            for protocol in PROTOCOLS:
                case = Case(self, name, operation, protocol, random.Random(f"{self.seed}{name}{operation_name}{protocol}"))
                for fill in [0, 1] + [0.5] * rounds:
                    case.request(fill)
                    case.response(fill)
                case.empty_response()
                case.errors()

    def differ(self, what, title, lines, expected, found, sent):
        text = "\n".join(f"    {line}" for line in lines[:8])
        example = (f"{title}: {what}\n{text}\n    botocore: {short(expected)}\n    crate:    {short(found)}\n"
                   f"    sent:     {short(sent)}")
        self.differences[what, re.sub(r"[^:]*\.|\d+", "", lines[0], count=1)[:60]].append(example)

    def report(self):
        for examples in sorted(self.differences.values(), key=len)[-20:]:
            print(min(examples, key=len), end=f"\n  ... {len(examples)} like this\n\n")
        return sum(map(len, self.differences.values()))


class Case:
    """One operation in one protocol."""

    def __init__(self, comparison, service, operation, protocol, random):
        self.comparison = comparison
        self.service = service
        self.operation = operation
        self.protocol = protocol
        self.random = random
        self.parser = comparison.parsers[protocol]
        self.title = f"{service}.{operation.name} {protocol}"

    def ask(self, kind, check, **fields):
        self.comparison.counts[kind] += 1
        line = {"service": self.service, "operation": self.operation.name, "protocol": self.protocol}
        self.comparison.wire.ask(dict(line, kind=kind.split()[0], **fields), check)

    def expect(self, what, expected, found, sent, strict=False):
        lines = list(differences(expected, found, strict))
        if lines:
            self.comparison.differ(what, self.title, lines, expected, found, sent)

    def intend(self, key):
        assert key in INTENDED
        self.comparison.intended[key] += 1

    # Requests

    def request(self, fill):
        shape = self.operation.input_shape
        params = Values(self.random, fill, documents=self.protocol != CBOR).of(shape) if shape else {}
        expected = self.comparison.serializers[self.protocol].serialize_to_request(params, self.operation)
        sent = notation(shape, params) if shape else {}
        self.ask("request", lambda answer: self.check_request(expected, answer, sent), params=sent)

    def check_request(self, expected, answer, sent):
        if "failure" in answer:
            return self.expect("request", "a request", answer, sent)
        def outline(method, path, headers, body):
            headers = {name.lower(): value for name, value in headers.items()}
            return {"method": method, "path": path, "headers": headers, "body": self.read_request(body)}
        body = base64.b64decode(answer["body_base64"])
        expected = outline(expected["method"], expected["url_path"], expected["headers"], expected["body"])
        found = outline(answer["method"], answer["path"], answer["headers"], body)
        self.expect("request", expected, found, sent, strict=True)

    def read_request(self, body):
        if not body:
            return "empty"
        if self.protocol != CBOR:
            # botocore has six decimal places or none.
            return json.loads(re.sub(rb'(T\d\d:\d\d:\d\d\.\d*?)0+Z"', rb'\1Z"', body))
        stream = self.parser.get_peekable_stream_from_bytes(bytes(body))
        value = self.parser.parse_data_item(stream)
        return value if not stream.read(1) else "trailing bytes"

    # Responses

    def response(self, fill):
        shape = self.operation.output_shape
        value = Values(self.random, fill, documents=self.protocol != CBOR).of(shape) if shape else {}
        for style in ({}, dict(noise=True), dict(nulls=True, noise=True), dict(lacking=True), dict(lacking=True, noise=True)):
            self.read_output(Style(self.random, **style), value)

    def read_output(self, style, value):
        shape = self.operation.output_shape
        body = self.encode(style, shape, value)
        parsed = self.parse(200, {}, body, shape)
        expected = notation(shape, parsed) if shape else {}
        if style.unknown_unions and self.protocol == CBOR:
            self.intend("union in CBOR")
            expected = self.name_unknown(shape, expected)
        for key, correct in (("dense nulls", without_nulls), ("required", corrected)):
            changed = correct(shape, expected) if shape else expected
            if changed != expected:
                self.intend(key)
            expected = changed
        self.ask("response", lambda answer: self.expect("response", {"value": expected}, answer, show(body)),
                 status=200, headers=self.headers(), body_base64=base64.b64encode(body).decode())

    def name_unknown(self, shape, value):
        """As botocore's JSON parser has an unknown union member, which its CBOR parser makes an empty dict."""
        if is_document(shape) or value is None:
            return value
        if is_union(shape) and not value:
            return {"SDK_UNKNOWN_MEMBER": {"name": Style.UNKNOWN}}
        if shape.type_name == "structure":
            return {name: self.name_unknown(shape.members[name], item) for name, item in value.items()}
        if shape.type_name == "list":
            return [self.name_unknown(shape.member, item) for item in value]
        if shape.type_name == "map":
            return {key: self.name_unknown(shape.value, item) for key, item in value.items()}
        return value

    def empty_response(self):
        """No body at all is an output without members."""
        shape = self.operation.output_shape
        expected = corrected(shape, {}) if shape else {}
        if self.protocol == CBOR:
            self.intend("empty CBOR")
        else:
            parsed = notation(shape, self.parse(200, {}, b"", shape)) if shape else {}
            if parsed != expected:
                self.intend("required")
                expected = corrected(shape, parsed)
        self.ask("response", lambda answer: self.expect("empty response", {"value": expected}, answer, ""),
                 status=200, headers=self.headers(), body_base64="")

    def headers(self):
        if self.protocol == CBOR:
            return {"content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor"}
        return {"content-type": "application/x-amz-json-1.1"}

    def encode(self, style, shape, value, extra=()):
        """A body with these members, and before them some that the shape does not have."""
        if self.protocol == CBOR:
            before = b"".join(to_cbor(style, None, key) + to_cbor(style, None, item) for key, item in extra)
            return to_cbor(style, shape, value, before) if shape else b"\xbf" + before + b"\xff"
        body = to_json(style, shape, value) if shape else b"{}"
        return json.dumps({**dict(extra), **json.loads(body)}).encode() if extra else body

    def parse(self, status, headers, body, shape):
        response = {"status_code": status, "headers": HeadersDict(dict(self.headers(), **headers)), "body": body,
                    "context": {"operation_name": self.operation.name}}
        parsed = self.parser.parse(response, shape)
        parsed.pop("ResponseMetadata", None)
        return parsed

    # Errors

    def errors(self):
        for shape in self.operation.error_shapes:
            name = shape.metadata.get("error", {}).get("code", shape.name)
            namespace, uri = f"com.amazonaws.{self.service}.v1#", ":http://internal.amazon.com/coral/x/"
            spellings = [name, namespace + name, name + uri, namespace + name + uri]
            status = shape.metadata.get("error", {}).get("httpStatusCode", 400)
            for fill in (0, 1):
                value = Values(self.random, fill).of(shape)
                for spelling in spellings:
                    self.error(status, {}, shape, value, [("__type", spelling)], spelling)
                self.error(status, {"x-amzn-errortype": self.random.choice(spellings)}, shape, value, [], name)
                self.error(status, {}, shape, value, [("code", self.random.choice(spellings))], name)
                self.error(status, {"x-amzn-errortype": name}, shape, value, [("code", "Another")], name)
        self.unmodelled_errors()

    def error(self, status, headers, shape, value, extra, code):
        body = self.encode(Style(self.random), shape, value, extra)
        told = body
        if not any(name == "__type" for name, _ in extra):
            self.intend("code elsewhere")
            told = self.encode(Style(self.random), shape, value, [("__type", code)])
        self.compare_error(status, headers, body, told)

    def unmodelled_errors(self):
        modelled = self.body_of([("__type", "NobodyKnows"), ("message", "why \u00e9\U0001f600")])
        capital = self.body_of([("__type", "a.b#NobodyKnows:http://x/"), ("Message", "why")])
        both = [self.body_of([("__type", "NobodyKnows"), *pair]) for pair in (
            [("Message", "upper"), ("message", "lower")], [("message", "lower"), ("Message", "upper")])]
        silent = self.body_of([("__type", "NobodyKnows"), ("detail", {"a": [1, None]})])
        nothing = self.body_of([])
        for status in (400, 403, 500, 503):
            for body in (modelled, capital, *both, silent, nothing):
                self.compare_error(status, {}, body, body)
        html = b"<html><body><b>Http/1.1 Service Unavailable</b></body></html>"
        for status in (500, 502, 503, 504):
            for body in (html, b" \n" + html, b"", b" "):
                self.compare_error(status, {"content-type": "text/html"}, body, body)
        self.intend("broken")
        self.compare_error(400, {}, modelled[:-1], nothing)
        if self.protocol != CBOR:
            self.compare_error(403, {}, b"", b"")
            self.compare_error(400, {}, b"Too busy, come back later", b"Too busy, come back later")
            self.compare_error(503, {}, b"upstream connect error", b"upstream connect error")
            self.markup(400, html)
            self.markup(503, b"<!DOCTYPE html>\n<title>Service Unavailable</title>")

    def body_of(self, entries):
        return to_cbor(Style(self.random), None, dict(entries)) if self.protocol == CBOR else json.dumps(dict(entries)).encode()

    def markup(self, status, body):
        self.intend("markup")
        self.compare_error(status, {}, body, b"")

    def compare_error(self, status, headers, body, told):
        error = self.parse(status, {}, told, self.operation.output_shape)["Error"]
        shape = self.operation.service_model.shape_for_error_code(error["Code"])
        members = {}
        if shape is not None:
            members = corrected(shape, notation(shape, self.parse(status, {}, told, shape)))
        expected = {"code": error["Code"], "message": error["Message"] or None,
                    "shape": shape.name if shape is not None else None, "members": members}
        self.ask("response with an error", lambda answer: self.check_error(expected, answer, status, headers, body),
                 status=status, headers=dict(self.headers(), **headers), body_base64=base64.b64encode(body).decode())

    def check_error(self, expected, answer, status, headers, body):
        if "error" in answer:
            answer["error"]["message"] = answer["error"]["message"] or None
        self.expect("error", {"error": expected}, answer, f"{status} {headers} {show(body)}")


def differences(expected, found, strict, path=""):
    """What differs, a line each. Not strict: 5 and 5.0 are the same."""
    numbers = type(expected) in (int, float) and type(found) in (int, float)
    if isinstance(expected, dict) and isinstance(found, dict):
        for name in sorted(expected.keys() | found.keys()):
            if name not in found:
                yield f"{path}.{name}: the crate lacks {short(expected[name])}"
            elif name not in expected:
                yield f"{path}.{name}: only the crate has {short(found[name])}"
            else:
                yield from differences(expected[name], found[name], strict, f"{path}.{name}")
    elif isinstance(expected, list) and isinstance(found, list):
        if len(expected) != len(found):
            yield f"{path}: {len(expected)} elements, the crate has {len(found)}"
        for index, pair in enumerate(zip(expected, found)):
            yield from differences(*pair, strict, f"{path}[{index}]")
    elif numbers and not strict:
        if expected != found:
            yield f"{path}: {expected!r}, the crate has {found!r}"
    elif type(expected) is not type(found):
        yield f"{path}: {short(expected)} of type {type(expected).__name__}, the crate has {short(found)}"
    elif expected != found and not (expected != expected and found != found):
        yield f"{path}: {short(expected)}, the crate has {short(found)}"


def show(body):
    try:
        return body.decode("ascii")
    except UnicodeDecodeError:
        return body.hex(" ")


def short(value, longest=600):
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= longest else text[:longest] + "..."


def load(models, service):
    folder = os.path.join(models, service)
    # Beside the folders of its versions a service may have an overlay.
    version = max(entry for entry in os.listdir(folder) if os.path.isdir(os.path.join(folder, entry)))
    path = os.path.join(folder, version, "service-2.json")
    if not os.path.exists(path):
        # In Smithy's notation, which botocore does not read.
        return None
    with open(path, encoding="utf-8") as file:
        model = json.load(file)
    # The crate has answers for models without these, botocore does not.
    metadata = model["metadata"]
    lists_json = "json" in metadata.get("protocols", [metadata.get("protocol")])
    metadata.setdefault("jsonVersion", "1.0" if lists_json else "1.1")
    metadata.setdefault("targetPrefix", service)
    return ServiceModel(model, service)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--wire", required=True, help="the program")
    arguments.add_argument("--models", required=True, help="folder with a folder per service")
    arguments.add_argument("--seed", default="1")
    arguments.add_argument("--rounds", type=int, default=4, help="random values of each input and output")
    arguments = arguments.parse_args()

    start = time.monotonic()
    comparison = Comparison(Wire(arguments.wire), arguments.seed)
    services = sorted(entry for entry in os.listdir(arguments.models) if os.path.isdir(os.path.join(arguments.models, entry)))
    models = {service: load(arguments.models, service) for service in services}
    services = [service for service in services if models[service]]
    for service in services:
        comparison.service(service, models[service], arguments.rounds)
    comparison.wire.run()

    found = comparison.report()
    print(f"{comparison.operations} operations of {len(services)} services, botocore {botocore.__version__}, seed {arguments.seed}: "
          + ", ".join(f"{count} of kind {kind!r}" for kind, count in comparison.counts.items()))
    for key, count in sorted(comparison.intended.items()):
        print(f"  intended difference, {count} times: {INTENDED[key]}")
    print(f"{found} other differences, {time.monotonic() - start:.1f} s")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
