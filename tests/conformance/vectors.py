"""Runs botocore's protocol vectors through a generated crate.

A vector gives an input and the request that must come of it, or a response and the output or error that must come of
that. `--program` answers for a crate that was generated from the models of all suites (see tests/src/wire.rs).
Standard input says which service stands for which case, and what the generator does not take.

    cargo xtask conformance --vectors      sets all up and runs this
"""

import argparse
import base64
import collections
import json
import os
import re
import sys
import urllib.parse
import xml.etree.ElementTree as xml

# Isolated, Python does not look beside the script.
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from botocore.model import OperationModel, ServiceModel  # noqa: E402
from botocore.parsers import RpcV2CBORParser  # noqa: E402

from cases import Wire, differences, pairs, short, show  # noqa: E402
from values import corrected, type_of, without_nulls  # noqa: E402

# Vectors that the crate does not agree with, by reason. One that agrees is told as an error, as is one that is not there.
REASONS = {
    "request compression is not done: services take plain bodies as well": """
        input/ec2.json: SDKAppliedContentEncoding_ec2Query
        input/ec2.json: SDKAppendsGzipAndIgnoresHttpProvidedEncoding_ec2Query
        input/json.json: SDKAppliedContentEncoding_awsJson1_1
        input/json.json: SDKAppendsGzipAndIgnoresHttpProvidedEncoding_awsJson1_1
        input/json_1_0.json: SDKAppliedContentEncoding_awsJson1_0
        input/json_1_0.json: SDKAppendsGzipAndIgnoresHttpProvidedEncoding_awsJson1_0
        input/query.json: SDKAppliedContentEncoding_awsQuery
        input/query.json: SDKAppendsGzipAndIgnoresHttpProvidedEncoding_awsQuery
        input/rest-json.json: SDKAppliedContentEncoding_restJson1
        input/rest-json.json: SDKAppendedGzipAfterProvidedEncoding_restJson1
        input/rest-xml.json: SDKAppliedContentEncoding_restXml
        input/rest-xml.json: SDKAppendedGzipAfterProvidedEncoding_restXml
    """,
    "an error that no operation lists has a code and a message, and no members": """
        legacy/output/ec2.json: Modeled exceptions (1)
        legacy/output/json.json: Modeled exceptions (1)
        legacy/output/query.json: Modeled exceptions (1)
        legacy/output/rest-json.json: Modeled exceptions (3)
        legacy/output/rest-json.json: Modeled exceptions (4)
        legacy/output/rest-xml.json: Modeled exceptions (1)
    """,
    "the model says string of what the response has as a map": """
        legacy/output/json.json: Lists (1)
    """,
    "no service says of a reference that it has a payload, or of a shape that it is a header": """
        legacy/input/rest-json.json: Blob payload (0)
        legacy/input/rest-json.json: Blob payload (1)
        legacy/input/rest-json.json: String payload (0)
        legacy/input/rest-json.json: Structure payload (0)
        legacy/input/rest-xml.json: Header maps (0)
        legacy/output/rest-json.json: Modeled exceptions (0)
        legacy/output/rest-json.json: Modeled exceptions (1)
        legacy/output/rest-json.json: Modeled exceptions (2)
        legacy/output/rest-json.json: Scalar members (0)
        legacy/output/rest-xml.json: Modeled exceptions (0)
        legacy/output/rest-xml.json: Scalar members (0)
        legacy/output/rest-xml.json: Scalar members (1)
        legacy/output/rest-xml.json: Scalar members in headers (0)
    """,
    "a header of an empty list is sent, as the newer vectors have it": """
        legacy/input/rest-json.json: List in header (1)
        legacy/input/rest-xml.json: List in header (1)
    """,
    "entries of maps are in the order of their keys": """
        legacy/input/query.json: Recursive shapes (5)
    """,
    "botocore's models say what the element of a payload is called, as those of S3 do; botocore leaves these out too": """
        input/rest-xml.json: HttpPayloadWithXmlName
        input/rest-xml.json: HttpPayloadWithXmlNamespace
        input/rest-xml.json: HttpPayloadWithXmlNamespaceAndPrefix
        input/rest-xml.json: RestXmlHttpPayloadWithUnion
        input/rest-xml.json: XmlAttributesOnPayload
    """,
    "a map of headers of which none is there is absent": """
        output/rest-xml.json: HttpPrefixHeadersAreNotPresent
    """,
    "a payload that is not there has no content type": """
        legacy/input/rest-json.json: Content-Type and JSON body (7)
    """,
    "names of headers are in small letters, as HTTP libraries have them": """
        legacy/output/rest-json.json: Supports header maps (0)
    """,
}
EXCEPTIONS = {line.strip(): reason for reason, lines in REASONS.items() for line in lines.strip().split("\n")}

# Protocols that the generator refuses. One that it speaks is told as an error.
UNSPOKEN = []

# Why the generator may leave out an operation that a vector calls.
LEFT_OUT = ["event streams are not supported", "streaming blobs are not supported"]

# The token that the vectors expect where a member wants one.
TOKEN = "00000000-0000-4000-8000-000000000000"

CBOR = "smithy-rpc-v2-cbor"
FORMS = ("query", "ec2")

# Set by the transport, which knows the body's length.
OF_THE_TRANSPORT = ("content-length",)


class Counts:
    """How the cases of one file went."""

    KINDS = ("agree", "excepted", "refused", "left out", "differ")

    def __init__(self):
        self.of = collections.Counter()


class Vectors:
    def __init__(self, folder, wire, verdicts):
        self.folder, self.wire = folder, wire
        self.refused, self.left_out = verdicts["refused"], verdicts["left_out"]
        self.files = collections.defaultdict(Counts)
        self.reasons = collections.Counter()
        self.problems = []
        self.known, self.protocols = set(), collections.defaultdict(set)

    def file(self, name, services):
        with open(os.path.join(self.folder, *name.split("/")), encoding="utf-8") as file:
            suites = json.load(file)
        self.files[name]  # Also a file without vectors is in the table.
        for suite, of_cases in zip(suites, services):
            for index, (case, service) in enumerate(zip(suite["cases"], of_cases)):
                # Some of the older ones say nothing.
                if "params" in case or "response" in case:
                    Case(self, name, suite, case, service, index).run()

    def count(self, file, kind, reason=None):
        self.files[file].of[kind] += 1
        if reason:
            self.reasons[kind, reason] += 1

    def judged(self, case, lines, expected, found):
        """Counts a case that was run: `lines` tell what differs."""
        if case.key in EXCEPTIONS:
            if lines:
                return self.count(case.file, "excepted", EXCEPTIONS[case.key])
            lines = ["it agrees, and is listed as an exception"]
        if not lines:
            return self.count(case.file, "agree")
        self.count(case.file, "differ")
        text = "\n".join(f"    {line}" for line in lines[:8])
        self.problems.append(f"{case.key}: {case.suite['description']}\n{text}\n    vector: {short(expected)}\n    crate:  {short(found)}")

    def report(self):
        for problem in self.problems:
            print(problem, end="\n\n")
        width = max(map(len, self.files))
        totals = {"all": Counts(), "all legacy": Counts()}
        print(" ".join([f"{'file':{width}}", " vectors", *(f"{kind:>9}" for kind in Counts.KINDS)]))
        for name, counts in self.files.items():
            totals["all legacy" if name.startswith("legacy") else "all"].of.update(counts.of)
            self.line(name, counts, width)
        for name, counts in totals.items():
            if counts.of:
                self.line(name, counts, width)
        for (kind, reason), count in sorted(self.reasons.items()):
            print(f"  {kind}, {count}: {reason}")
        absent = [key for key in EXCEPTIONS if key not in self.known and key.split(": ")[0] in self.files]
        for key in absent:
            print(f"  an exception for a vector that is not there: {key}")
        spoken = [protocol for protocol in UNSPOKEN if "spoken" in self.protocols[protocol]]
        for protocol in spoken:
            print(f"  listed as not spoken, and spoken: {protocol}")
        return not (self.problems or absent or spoken)

    @staticmethod
    def line(name, counts, width):
        numbers = (f"{counts.of[kind] or '-':>9}" for kind in Counts.KINDS)
        print(" ".join([f"{name:{width}}", f"{counts.of.total():8}", *numbers]))


class Case:
    def __init__(self, vectors, file, suite, case, service, index):
        self.vectors, self.file, self.suite, self.case, self.service = vectors, file, suite, case, service
        self.name = case["given"].get("name", "OperationName")
        # The older vectors have no ids.
        self.key = f"{file}: {case.get('id') or suite['description'] + f' ({index})'}"
        vectors.known.add(self.key)
        self.protocol = suite["metadata"]["protocol"]
        model = {key: value for key, value in suite.items() if key != "cases"}
        self.model = ServiceModel(dict(model, operations={self.name: case["given"]}))
        self.operation = OperationModel(case["given"], self.model)

    def run(self):
        if self.service in self.vectors.refused:
            reason = f"{self.vectors.refused[self.service]}, {self.protocol}"
            self.vectors.protocols[self.protocol].add("refused")
            return self.not_run("refused", reason, self.protocol in UNSPOKEN)
        self.vectors.protocols[self.protocol].add("spoken")
        reason = self.vectors.left_out.get(f"{self.service}.{self.name}")
        if reason:
            return self.not_run("left out", reason, reason in LEFT_OUT)
        line = {"service": self.service, "operation": self.name}
        if "params" in self.case:
            params = to_notation(self.operation.input_shape, self.case["params"]) if self.operation.input_shape else {}
            self.vectors.wire.ask(dict(line, kind="request", params=params, token=TOKEN), self.check_request)
        else:
            response = self.case["response"]
            body = response.get("body", "").encode("utf-8")
            body = base64.b64decode(body) if self.protocol == CBOR else body
            line.update(kind="response", status=response["status_code"], headers=response.get("headers", {}))
            self.vectors.wire.ask(dict(line, body_base64=base64.b64encode(body).decode()), self.check_response)

    def not_run(self, kind, reason, meant):
        if meant:
            return self.vectors.count(self.file, kind, reason)
        self.vectors.judged(self, [f"{kind}: {reason}"], self.case["given"], kind)

    # Requests

    def check_request(self, answer):
        expected = self.case["serialized"]
        if "failure" in answer:
            return self.vectors.judged(self, [f"no request: {answer['failure']}"], expected, answer)
        body = base64.b64decode(answer["body_base64"])
        lines = [*self.target(expected, answer), *self.headers(expected, answer), *self.body(expected, body)]
        self.vectors.judged(self, lines, expected, dict(answer, body=show(body)))

    def target(self, expected, answer):
        if "method" in expected:
            yield from differences(expected["method"], answer["method"], True, "method")
        # What a client does with its endpoint.
        endpoint = urllib.parse.urlsplit(self.suite.get("clientEndpoint", "https://example.com"))
        path, _, query = answer["path"].partition("?")
        expected_path, _, expected_query = expected.get("uri", "/").partition("?")
        yield from differences(expected_path, endpoint.path.rstrip("/") + path, True, "path")
        yield from differences(pairs(expected_query), pairs(query), True, "query")
        if "host" in expected:
            # Of one endpoint with a path the vectors have that too.
            yield from differences(expected["host"].split("/")[0], (answer["host_prefix"] or "") + endpoint.netloc, True, "host")

    def headers(self, expected, answer):
        found = {name.lower(): value for name, value in answer["headers"].items()}
        for name, value in expected.get("headers", {}).items():
            name = name.lower()
            if name not in found:
                yield f"header {name}: the crate lacks {short(value)}"
                continue
            value, own = self.comparable(name, value), self.comparable(name, found[name])
            yield from differences(value, own, True, f"header {name}")
        for name in expected.get("requireHeaders", []):
            if name.lower() not in found and name.lower() not in OF_THE_TRANSPORT:
                yield f"header {name}: the crate lacks it"
        for name in expected.get("forbidHeaders", []):
            if name.lower() in found:
                yield f"header {name}: the crate has {short(found[name.lower()])}, and must not"

    def comparable(self, name, value):
        """A header's value without the spaces that mean nothing, and without parameters that the vectors leave out."""
        shape = self.operation.input_shape
        for member in (shape.members.values() if shape else ()):
            of_list = member.serialization.get("location") == "header" and member.type_name == "list"
            if of_list and member.serialization.get("name", "").lower() == name:
                return re.sub(r",\s+", ",", value)
        return value.replace("; charset=utf-8", "") if name == "content-type" and self.protocol in FORMS else value

    def body(self, expected, body):
        if "body" not in expected:
            return
        expected = expected["body"]
        if self.protocol == CBOR:
            yield from differences(from_cbor(base64.b64decode(expected)), from_cbor(body), True, "body")
        elif not expected or not body:
            yield from differences(expected, show(body), True, "body")
        elif self.protocol in FORMS:
            yield from differences(pairs(expected), pairs(body.decode()), True, "body")
        else:
            read = self.canonical if self.protocol == "rest-xml" else json.loads
            yield from differences(read_as(read, expected), read_as(read, body.decode("utf-8", "replace")), False, "body")

    def canonical(self, text):
        """XML in one spelling; entries of maps in one order."""
        text = xml.canonicalize(text, strip_text=True)
        if not has_map(self.operation.input_shape, set()):
            return text
        root = xml.fromstring(text)
        for element in root.iter():
            sort_entries(element)
        return xml.canonicalize(xml.tostring(root))

    # Responses

    def check_response(self, answer):
        case = self.case
        if "error" not in case:
            shape = self.operation.output_shape
            expected = {"value": clean(shape, case["result"]) if shape else {}}
            return self.vectors.judged(self, list(differences(expected, answer, False)), expected, answer)
        code = case.get("errorCode", "")
        shape = self.model.shape_for_error_code(code)
        members = clean(shape, case["error"]) if shape else {}
        expected = {"code": code, "shape": shape.name if shape else None, "members": members}
        if "errorMessage" in case:
            expected["message"] = case["errorMessage"]
        elif "error" in answer:
            # The vector says nothing about it.
            del answer["error"]["message"]
        self.vectors.judged(self, list(differences({"error": expected}, answer, False)), expected, answer)


def read_as(read, text):
    """What a body means, or its text where it has another notation, as payloads may have."""
    try:
        return read(text)
    except (ValueError, xml.ParseError):
        return text


def has_map(shape, known):
    """Whether a map is in a shape."""
    if shape is None or shape.name in known:
        return False
    known.add(shape.name)
    inner = {"structure": lambda: shape.members.values(), "list": lambda: [shape.member]}.get(shape.type_name, list)()
    return shape.type_name == "map" or any(has_map(part, known) for part in inner)


def sort_entries(element):
    """Sorts the elements of one name that have a key and a value."""
    groups = collections.defaultdict(list)
    for index, child in enumerate(element):
        if len(child) == 2:
            groups[child.tag].append(index)
    for indexes in groups.values():
        entries = sorted((element[index] for index in indexes), key=xml.tostring)
        for index, entry in zip(indexes, entries):
            element[index] = entry


def from_cbor(body):
    if not body:
        return "empty"
    parser = RpcV2CBORParser()
    stream = parser.get_peekable_stream_from_bytes(bytes(body))
    value = parser.parse_data_item(stream)
    return value if not stream.read(1) else "trailing bytes"


def to_notation(shape, value):
    """Params and results as a vector has them (blobs are text), in the notation of the crate."""
    kind = type_of(shape)
    if value is None or kind == "document":
        return value
    if shape.serialization.get("jsonvalue") and not isinstance(value, str):
        # The crate leaves it to the caller what the text of JSON means.
        return json.dumps(value, separators=(",", ":"))
    if kind == "structure":
        # What stands for an unknown union member is none of the shape's.
        members = shape.members
        return {name: to_notation(members[name], item) if name in members else item for name, item in value.items()}
    if kind == "list":
        return [to_notation(shape.member, item) for item in value]
    if kind == "map":
        return {key: to_notation(shape.value, item) for key, item in value.items()}
    if kind == "blob":
        return base64.b64encode(value.encode("utf-8")).decode()
    return value


def clean(shape, value):
    """A result as the crate means to have it: see `INTENDED` of cases.py."""
    return corrected(shape, without_nulls(shape, to_notation(shape, value)))


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--program", required=True, help="the program that answers for the crate")
    arguments.add_argument("--vectors", required=True, help="the folder of the vectors")
    arguments = arguments.parse_args()

    told = json.load(sys.stdin)
    vectors = Vectors(arguments.vectors, Wire(arguments.program), told["verdicts"])
    for name, services in sorted(told["files"].items(), key=lambda file: (file[0].startswith("legacy"), file[0])):
        vectors.file(name, services)
    vectors.wire.run()
    return 0 if vectors.report() else 1


if __name__ == "__main__":
    sys.exit(main())
