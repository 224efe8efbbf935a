"""One operation in one protocol: its cases, and the comparison of what comes of them.

This is what is the same for all protocols, and JSON and CBOR bodies; see `http_cases` and `xml_cases` for others.
"""

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

from botocore.awsrequest import HeadersDict
from botocore.parsers import create_parser
from botocore.serialize import create_serializer
from botocore.utils import percent_encode_sequence
from urllib.parse import unquote

from bodies import Style, to_cbor, to_json
from values import Values, corrected, is_document, is_union, notation, without_nulls

CBOR = "smithy-rpc-v2-cbor"

# Where the crate means to answer otherwise than botocore, and why. The key is what a summary counts.
INTENDED = {
    "checksum": "a checksum that the model requires is there; botocore adds it after its serializer, which is what is compared",
    "other checksum": "of checksums that the model requires CRC-32 is the one that is made; another algorithm is an error",
    "dots": "a label of dots alone is an error, as servers and proxies take such a segment for a step in the path",
    "bucket": "a bucket is where the endpoint rules put it, in the host or the path; botocore's serializer leaves it in the path "
    "for others to move",
    "required": "a required member that a response lacks has its empty value: Smithy's client error correction",
    "dense nulls": "a null in a list or map that is not sparse is dropped, as Smithy's protocols say; botocore keeps it",
    "empty CBOR": "an empty rpcv2Cbor body is an empty output; botocore expects a map",
    "union in CBOR": "an unknown union member is told as with JSON; botocore's CBOR parser gives an empty dict",
    "code elsewhere": "the code may also be in x-amzn-errortype or `code`; botocore's parsers of these two look at "
    "__type only, so it is given the code there",
    "small message": "the message may be in small letters in XML too; botocore looks at Message only",
    "spaces": "the message of an error in XML is without spaces before and after it",
    "markup": "markup is no message, and from 500 on the meaning of the status stands for it; botocore gives the text",
    "content type": "a body has its content type, as Smithy says; botocore leaves those of payloads to others",
    "empty payload": "a body without a byte is no payload; botocore makes an empty value of it",
    "time in header": "a time in a header keeps its fraction where its format has one; botocore cuts it",
    "empty flat list": "an empty list goes by the name that its elements would have; botocore uses that of the member",
    "no union": "a union that is the payload, and is not there, is no body; botocore sends an empty structure",
    "no headers": "a map of headers that are not there is absent; botocore makes an empty one of it",
    "broken": "a body that breaks off is an error with no more than its status; botocore gives the text, or fails on CBOR",
}


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
    """One operation in one protocol: its bodies are JSON or CBOR."""

    def __init__(self, comparison, service, operation, protocol):
        self.comparison = comparison
        self.service = service
        self.operation = operation
        # As botocore calls it.
        self.protocol = protocol
        self.random = random.Random(f"{comparison.seed}{service}{operation.name}{protocol}")
        self.parser = create_parser(protocol)
        self.serializer = create_serializer(protocol, include_validation=False)
        self.title = f"{service}.{operation.name} {protocol}"
        self.has_hosts = True

    def without_hosts(self):
        """Has host prefixes that botocore refuses."""
        self.has_hosts = False
        self.serializer._expand_host_prefix = lambda parameters, operation: None

    def run(self, rounds):
        for fill in [0, 1] + [0.5] * rounds:
            self.request(fill)
            self.response(fill)
        self.empty_response()
        self.errors()

    def ask(self, kind, check, **fields):
        self.comparison.counts[kind] += 1
        line = {"service": self.service, "operation": self.operation.name, "protocol": self.wire_protocol()}
        self.comparison.wire.ask(dict(line, kind=kind.split()[0], **fields), check)

    def wire_protocol(self):
        """The protocol as `wire` calls it."""
        return self.protocol

    def expect(self, what, expected, found, sent, strict=False):
        lines = list(differences(expected, found, strict))
        if lines:
            self.comparison.differ(what, self.title, lines, expected, found, sent)

    def intend(self, key):
        assert key in INTENDED
        self.comparison.intended[key] += 1

    def notation(self, shape, value):
        """A whole input or output as `wire` has it."""
        return notation(shape, value)

    def values(self, fill):
        """What makes values that this protocol can carry."""
        return Values(self.random, fill, documents=self.protocol != CBOR)

    # Requests

    def request(self, fill):
        shape = self.operation.input_shape
        params = self.values(fill).of(shape) if shape else {}
        expected = self.serializer.serialize_to_request(params, self.operation)
        sent = self.notation(shape, params) if shape else {}
        self.ask("request", lambda answer: self.check_request(expected, answer, sent), params=sent)

    def check_request(self, expected, answer, sent):
        if "failure" in answer:
            path = expected["url_path"].partition("?")[0]
            if "found a segment of dots" in answer["failure"] and {".", ".."} & set(path.split("/")):
                return self.intend("dots")
            return self.expect("request", "a request", answer, sent)
        body = base64.b64decode(answer["body_base64"])
        path, _, query = answer["path"].partition("?")
        found = self.outline(answer["method"], path, [query], answer["headers"], answer["host_prefix"], body)
        path, _, query = expected["url_path"].partition("?")
        query = [query, encoded(expected["query_string"])]
        sent_body = self.sent(expected["body"])
        expected = self.outline(expected["method"], path, query, expected["headers"], expected.get("host_prefix"), sent_body)
        self.adjust(expected, found)
        self.expect("request", expected, found, sent, strict=True)

    def sent(self, body):
        """A body of botocore's serializers, as its clients send it."""
        return body

    def outline(self, method, path, query, headers, host_prefix, body):
        headers = {name.lower(): value for name, value in headers.items()}
        query = pairs("&".join(part for part in query if part))
        host_prefix = host_prefix if self.has_hosts else None
        return {"method": method, "path": path, "query": query, "headers": headers, "host prefix": host_prefix,
                "body": self.read_request(body)}

    def adjust(self, expected, found):
        """Takes out of two outlines what is meant to differ."""

    def read_request(self, body):
        if not body:
            return "empty"
        if self.protocol != CBOR:
            return json.loads(DECIMALS.sub(r"\1Z", body.decode()))
        stream = self.parser.get_peekable_stream_from_bytes(bytes(body))
        value = self.parser.parse_data_item(stream)
        return value if not stream.read(1) else "trailing bytes"

    # Responses

    def response(self, fill):
        shape = self.operation.output_shape
        value = self.values(fill).of(shape) if shape else {}
        for style in ({}, dict(noise=True), dict(nulls=True, noise=True), dict(lacking=True), dict(lacking=True, noise=True)):
            self.read_output(self.style(**style), value)

    def style(self, **freedom):
        return Style(self.random, **freedom)

    def read_output(self, style, value):
        shape = self.operation.output_shape
        status, headers, body = self.answer(style, shape, value)
        parsed = self.parse(status, headers, body, shape)
        expected = self.meant(style, shape, self.notation(shape, parsed), body) if shape else {}
        self.ask("response", lambda answer: self.expect("response", {"value": expected}, answer, show(body)),
                 status=status, headers=headers, body_base64=base64.b64encode(body).decode())

    def answer(self, style, shape, value):
        """Status, headers and body of an answer with this output."""
        return 200, self.headers(), self.encode(style, shape, value)

    def meant(self, style, shape, expected, body):
        """What the crate means to make of the body of which botocore makes `expected`."""
        if style.unknown_unions and self.protocol == CBOR:
            self.intend("union in CBOR")
            expected = self.name_unknown(shape, expected)
        for key, correct in (("dense nulls", without_nulls), ("required", corrected)):
            changed = correct(shape, expected)
            if changed != expected:
                self.intend(key)
            expected = changed
        return expected

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
            parsed = notation(shape, self.parse(200, self.headers(), b"", shape)) if shape else {}
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
        context = {"operation_name": self.operation.name}
        response = {"status_code": status, "headers": HeadersDict(headers), "body": body, "context": context}
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
                value = self.values(fill).of(shape)
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
        headers = dict(self.headers(), **headers)
        error = self.parse(status, headers, told, self.operation.output_shape)["Error"]
        shape = self.operation.service_model.shape_for_error_code(error["Code"])
        members = {}
        if shape is not None:
            members = corrected(shape, notation(shape, self.parse(status, headers, told, shape)))
        expected = {"code": error["Code"], "message": self.message(error) or None,
                    "shape": shape.name if shape is not None else None, "members": members}
        self.ask("response with an error", lambda answer: self.check_error(expected, answer, status, headers, body),
                 status=status, headers=headers, body_base64=base64.b64encode(body).decode())

    def message(self, error):
        return error["Message"]

    def check_error(self, expected, answer, status, headers, body):
        if "error" in answer:
            answer["error"]["message"] = answer["error"]["message"] or None
        self.expect("error", {"error": expected}, answer, f"{status} {headers} {show(body)}")


def pairs(text):
    """Names and values of a query string or form, as they are spelled; the order of names means nothing."""
    text = DECIMALS.sub(r"\1Z", text)
    return sorted((pair.split("=", 1) for pair in text.split("&")), key=lambda pair: pair[0]) if text else []


def encoded(query):
    """botocore's names and values, as it sends them."""
    return percent_encode_sequence(query) if query else ""


# botocore has six decimal places of a second or none.
DECIMALS = re.compile(r"(T\d\d(?::|%3A)\d\d(?::|%3A)\d\d\.\d*?)0+Z")

NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")


def same_number(expected, found):
    """Whether two texts have one number with a fraction or an exponent, which everybody spells in an own way."""
    texts = [unquote(text) for text in (expected, found)]
    are_numbers = all(NUMBER.fullmatch(text) for text in texts) and set(texts[0]) & set(".eE")
    return are_numbers and float(texts[0]) == float(texts[1])


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
    elif isinstance(expected, str) and expected != found and same_number(expected, found):
        return
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
