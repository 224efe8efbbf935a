"""Cases of protocols in which members have places: in the path, in headers, as the body.

`Placed` is what they share; bodies of restJson1 are JSON.
"""

import base64
import hashlib
import json
import math
import re
import zlib
from email.utils import format_datetime

from bodies import Style, iso, to_json
from cases import Case
from values import EPOCH, Values, is_union, micros, notation, number, type_of

# Headers with checksums of bodies, and how these are made.
CHECKSUMS = {
    "content-md5": lambda body: hashlib.md5(body).digest(),
    "x-amz-checksum-crc32": lambda body: zlib.crc32(body).to_bytes(4),
}

# Services whose endpoint rules place buckets: S3, and a fixture that is like it.
BUCKETS = ("s3", "label-in-endpoint")


class Placed(Case):
    """An operation with HTTP bindings."""

    WIRE_PROTOCOL = CONTENT_TYPE = None

    def wire_protocol(self):
        return self.WIRE_PROTOCOL

    def values(self, fill):
        return Values(self.random, fill, places=True)

    def headers(self):
        return {"content-type": self.CONTENT_TYPE}

    def notation(self, shape, value):
        value = notation(shape, value)
        for name in value.keys() & {name for name, member in shape.members.items() if member.serialization.get("jsonvalue")}:
            # The crate leaves it to the caller what the text of JSON means.
            value[name] = json.dumps(value[name], separators=(",", ":"))
        return value

    # Requests

    def check_request(self, expected, answer, sent):
        if "found another algorithm than CRC32" in answer.get("failure", ""):
            return self.intend("other checksum")
        headers = answer.get("headers", {})
        given = {name.lower(): name for name in headers}
        wanted = {name.lower() for name in expected["headers"]}
        for header, digest in CHECKSUMS.items():
            if header not in given or header in wanted:
                continue
            sum_of_body = digest(base64.b64decode(answer["body_base64"]))
            self.expect("checksum", base64.b64encode(sum_of_body).decode(), headers.pop(given[header]), sent)
            self.intend("checksum")
            if "x-amz-sdk-checksum-algorithm" not in wanted:
                headers.pop(given.get("x-amz-sdk-checksum-algorithm"), None)
        super().check_request(expected, answer, sent)

    def adjust(self, expected, found):
        if self.service in BUCKETS and self.operation.http["requestUri"].startswith("/{Bucket}"):
            self.intend("bucket")
            expected["path"] = "/" + expected["path"].removeprefix("/").partition("/")[2]
        headers, own = expected["headers"], found["headers"]
        _, payload = self.payload(self.operation.input_shape)
        if is_union(payload) and (expected["body"], found["body"]) == ({}, "empty"):
            self.intend("no union")
            expected["body"] = "empty"
            headers.pop("content-type", None)
        if "content-type" in own and "content-type" not in headers:
            self.intend("content type")
            del own["content-type"]
        shape = self.operation.input_shape
        for key, member in shape.members.items() if shape else ():
            name = member.serialization.get("name", key).lower()
            if member.serialization.get("location") != "header" or name not in headers or name not in own:
                continue
            if member.type_name == "list":
                headers[name], own[name] = (re.sub(r",\s+", ",", text) for text in (headers[name], own[name]))
            whole = without_fractions(member, own[name])
            if whole != own[name]:
                self.intend("time in header")
                own[name] = whole

    def payload(self, shape):
        """The member that is the whole body, and its name."""
        name = shape.serialization.get("payload") if shape else None
        return name, shape.members[name] if name else None

    def is_raw(self, member):
        return member is not None and member.type_name in ("blob", "string")

    # Responses

    def answer(self, style, shape, value):
        status, headers, body = 200, self.headers(), dict(value)
        name, payload = self.payload(shape)
        for key, member in shape.members.items() if shape else ():
            location = member.serialization.get("location")
            if location == "statusCode":
                status = self.random.choice([200, 201, 299])
            if location is None or key not in body:
                continue
            item = body.pop(key)
            wire_name = member.serialization.get("name", "")
            if location == "headers":
                headers.update({wire_name + name: text for name, text in item.items()})
            elif location == "header" and is_readable(member):
                headers[wire_name or key] = header(member, item)
        if name is None:
            return status, headers, self.document(style, shape, body)
        if is_union(payload) and name not in body:
            # botocore cannot read that it is not there.
            body[name] = Values(self.random, 1).of(payload)
        if name not in body:
            return status, headers, b""
        if self.is_raw(payload):
            # botocore decodes it.
            headers["content-type"] = "application/octet-stream"
            text = base64.b64encode(body[name]) if payload.type_name == "blob" else body[name].encode()
            return status, headers, text
        return status, headers, self.document(style, payload, body[name])

    def document(self, style, shape, value):
        """The body with a structure."""
        raise NotImplementedError

    def meant(self, style, shape, expected, body):
        name, payload = self.payload(shape)
        if name in expected and not body:
            self.intend("empty payload")
            del expected[name]
        for key, member in shape.members.items():
            if member.serialization.get("location") == "headers" and expected.get(key) == {}:
                self.intend("no headers")
                del expected[key]
        return super().meant(style, shape, expected, body)

    def empty_response(self):
        """`answer` has them."""


def without_fractions(member, text):
    """The times in a header as botocore has them."""
    member = member.member if member.type_name == "list" else member
    form = member.serialization.get("timestampFormat", "rfc822") if member.type_name == "timestamp" else "rfc822"
    if form == "rfc822":
        return text
    if form == "iso8601":
        return re.sub(r"\.\d+", "", text)
    return ",".join(str(math.floor(float(time))) for time in text.split(","))


def is_code(shape, name):
    """Whether a member of an error stands where its code does."""
    wire_name = shape.members[name].serialization.get("name", name)
    return wire_name.lower() in ("code", "__type", "x-amzn-errortype")


def is_readable(member):
    """Whether botocore reads the header: of lists it cuts every comma, and dates have one."""
    return member.type_name != "list" or member.member.type_name != "timestamp"


def header(member, value):
    kind = member.type_name
    if member.serialization.get("jsonvalue"):
        return base64.b64encode(json.dumps(value, separators=(",", ":")).encode()).decode()
    if kind == "list":
        return ", ".join(header(member.member, item) for item in value)
    if kind == "boolean":
        return "true" if value else "false"
    if kind == "timestamp":
        return timestamp(member.serialization.get("timestampFormat", "rfc822"), value)
    if kind in ("float", "double"):
        return str(number(value))
    return str(value)


def timestamp(form, value):
    if form == "rfc822":
        return format_datetime(value, usegmt=True)
    if form == "iso8601":
        return iso(value)
    whole, fraction = divmod(micros(value), 10**6)
    return str(whole if fraction == 0 else (value - EPOCH).total_seconds())


class RestJsonCase(Placed):
    """restJson1."""

    WIRE_PROTOCOL = "restJson1"
    CONTENT_TYPE = "application/json"

    def style(self, **freedom):
        style = super().style(**freedom)
        style.nulls_in_maps = ("string",)
        return style

    def read_request(self, body):
        try:
            return super().read_request(body)
        except ValueError:
            # A blob or text.
            return bytes(body) if isinstance(body, bytes) else body.encode()

    def document(self, style, shape, value):
        if shape is None:
            return self.random.choice([b"", b"{}"])
        if type_of(shape) == "document":
            return json.dumps(value).encode()
        return to_json(style, shape, value)

    # Errors

    def errors(self):
        for shape in self.operation.error_shapes:
            details = shape.metadata.get("error", {})
            name = details.get("code", shape.name)
            spellings = [name, f"com.amazonaws.v1#{name}", f"{name}:http://internal.amazon.com/coral/x/"]
            for fill in (0, 1):
                value = {name: item for name, item in self.values(fill).of(shape).items() if not is_code(shape, name)}
                status, headers, body = self.answer(Style(self.random), shape, value)
                status = details.get("httpStatusCode", 400)
                code = self.random.choice(spellings)
                self.compare_error(status, dict(headers, **{"x-amzn-errortype": code}), body, body)
                body = json.dumps(dict(json.loads(body or "{}"), **{self.random.choice(["__type", "code"]): code})).encode()
                self.compare_error(status, headers, body, body)
        silent = self.body_of([("__type", "NobodyKnows"), ("detail", {"a": [1, None]})])
        for status in (400, 403, 500, 503):
            for entries in ([("message", "why \u00e9")], [("Message", "why")], []):
                body = self.body_of([("__type", "NobodyKnows"), *entries])
                self.compare_error(status, {}, body, body)
            self.compare_error(status, {}, silent, silent)
        html = b"<html><body><b>Http/1.1 Service Unavailable</b></body></html>"
        for status in (500, 503):
            self.compare_error(status, {"content-type": "text/html"}, html, html)
            self.compare_error(status, {}, b"", b"")
