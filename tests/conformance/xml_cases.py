"""Cases of protocols with XML: restXml, and awsQuery and ec2Query, whose requests are forms."""

import xml.etree.ElementTree as xml

from bodies import Style, to_xml, xml_text
from cases import DECIMALS, Case, encoded, pairs
from http_cases import Placed
from values import XML_STRINGS, Values

NAMESPACE = "https://example.com/doc/2020-01-01/"


def tree(element):
    """An element as what can be compared: its name, its attributes, and its elements or else its text."""
    children = [tree(child) for child in element]
    return [element.tag, dict(element.attrib), children or DECIMALS.sub(r"\1Z", element.text or "")]


def flat_names(shape, known):
    """Names of flattened lists whose elements have another one, with that."""
    if shape is None or shape.name in known:
        return {}
    known.add(shape.name)
    found = {}
    if shape.type_name == "structure":
        for key, member in shape.members.items():
            name = member.serialization.get("name", key)
            if member.type_name == "list" and member.serialization.get("flattened"):
                element = member.member.serialization.get("name", name)
                found.update({name: element} if element != name else {})
            found.update(flat_names(member, known))
    elif shape.type_name in ("list", "map"):
        found.update(flat_names(shape.member if shape.type_name == "list" else shape.value, known))
    return found


class Errors:
    """Errors of protocols with XML."""

    def errors(self):
        for shape in self.operation.error_shapes:
            details = shape.metadata.get("error", {})
            for fill in (0, 1):
                value = Values(self.random, fill, strings=XML_STRINGS).of(shape)
                # Where it is blank, the crate takes one from further inside.
                blank = {name: "why" for name in ("message", "Message") if not value.get(name, "why").strip()}
                value.update(blank)
                body = self.error_body(details.get("code", shape.name), shape, value)
                self.compare_error(details.get("httpStatusCode", 400), {}, body, body)
        for status in (400, 403, 500, 503):
            for message in ("why \u00e9", ""):
                body = self.error_body("NobodyKnows", None, {"Message": message})
                self.compare_error(status, {}, body, body)
        html = b"<html><body><b>Http/1.1 Service Unavailable</b></body></html>"
        for status in (500, 503):
            self.compare_error(status, {"content-type": "text/html"}, html, html)
            self.compare_error(status, {}, b"", b"")

    def message(self, error):
        message = error.get("Message")
        if not message and error.get("message"):
            self.intend("small message")
            message = error["message"]
        if message and message != message.strip():
            self.intend("spaces")
        return message and message.strip()

    def error_body(self, code, shape, value):
        style = Style(self.random)
        members = to_xml(style, "x", shape, value) if shape else f"<x><Message>{xml_text(value['Message'])}</Message></x>"
        inner = members.partition(">")[2].removesuffix("</x>") if not members.endswith("/>") else ""
        return self.wrapped_error(f"<Code>{xml_text(code)}</Code>{inner}").encode()

    def wrapped_error(self, inner):
        return f'<ErrorResponse xmlns="{NAMESPACE}"><Error><Type>Sender</Type>{inner}</Error><RequestId>r</RequestId></ErrorResponse>'


class RestXmlCase(Errors, Placed):
    """restXml."""

    WIRE_PROTOCOL = "restXml"
    CONTENT_TYPE = "application/xml"

    def values(self, fill):
        return Values(self.random, fill, places=True, strings=XML_STRINGS)

    def sent(self, body):
        _, payload = self.payload(self.operation.input_shape)
        # Not the serializer but a handler writes carriage returns so that they stay some.
        return body if self.is_raw(payload) else body.replace(b"\r", b"&#xD;")

    def read_request(self, body):
        if not body:
            return "empty"
        try:
            return tree(xml.fromstring(body))
        except xml.ParseError:
            # A blob or text.
            return bytes(body) if isinstance(body, bytes) else body.encode()

    def document(self, style, shape, value):
        if shape is None:
            return b""
        root = shape.serialization.get("name", self.operation.name + "Result")
        namespace = f' xmlns="{NAMESPACE}"' if style.noise else ""
        return to_xml(style, root, shape, value, namespace).encode()


class QueryCase(Errors, Case):
    """awsQuery and ec2Query."""

    def wire_protocol(self):
        return {"query": "awsQuery", "ec2": "ec2Query"}[self.protocol]

    def values(self, fill):
        return Values(self.random, fill, strings=XML_STRINGS)

    def headers(self):
        return {"content-type": "text/xml"}

    def adjust(self, expected, found):
        for outline in (expected, found):
            kind = outline["headers"].get("content-type", "")
            outline["headers"]["content-type"] = kind.replace("; charset=utf-8", "")
        names = flat_names(self.operation.input_shape, set())
        empty = [[pair for pair in outline["body"] if pair[1:] == [""] and pair[0].split(".")[-1] in of]
                 for outline, of in ((expected, names.keys()), (found, names.values()))]
        if empty[0] and len(empty[0]) == len(empty[1]):
            self.intend("empty flat list")
            for outline, gone in zip((expected, found), empty):
                outline["body"] = [pair for pair in outline["body"] if pair not in gone]

    def read_request(self, body):
        return pairs(encoded(body) if isinstance(body, dict) else body.decode())

    def answer(self, style, shape, value):
        name = self.operation.name
        inner = ""
        if shape is not None:
            wrapper = shape.serialization.get("resultWrapper")
            inner = to_xml(style, wrapper or "x", shape, value)
            if not wrapper:
                inner = inner.partition(">")[2].removesuffix("</x>") if not inner.endswith("/>") else ""
        if self.protocol == "query":
            inner += "<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata>"
        else:
            inner = f"<requestId>r</requestId>{inner}"
        return 200, self.headers(), f'<{name}Response xmlns="{NAMESPACE}">{inner}</{name}Response>'.encode()

    def empty_response(self):
        """`answer` has them; without a document there is no answer."""

    def wrapped_error(self, inner):
        if self.protocol == "query":
            return super().wrapped_error(inner)
        return f"<Response><Errors><Error>{inner}</Error></Errors><RequestID>r</RequestID></Response>"
