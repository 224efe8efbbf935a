"""Bodies as services may send them: every spelling of a value that the formats allow."""

import base64
import json
import math
import struct
from email.utils import format_datetime

from values import is_sparse, is_union, micros, number, type_of

NOISE = [None, True, 0, -1.5, "text", [], [None, {"a": [1]}], {}, {"__type": "x", "Name": {"Name": []}}, "\U0001f600"]


class Style:
    """How freely a body is spelled; all off is the plainest spelling."""

    UNKNOWN = "FromTheFuture"

    def __init__(self, random, noise=False, nulls=False, lacking=False):
        self.random = random
        self.noise = noise
        self.nulls = nulls
        self.lacking = lacking
        # Of which types botocore reads null in a map.
        self.nulls_in_maps = ("string", "integer", "boolean")
        # Whether a body of this style has an unknown union member.
        self.unknown_unions = False

    def plain(self):
        return Style(self.random, lacking=self.lacking)

    def odds(self, share, of=True):
        return bool(of) and self.random.random() < share

    def entries(self, shape, value):
        """Members of a structure to send, as (wire name, shape or None, value)."""
        union = is_union(shape)
        entries = []
        for name, member in shape.members.items():
            wire = member.serialization.get("name", name)
            if name in value:
                if union or not self.odds(0.3, self.lacking):
                    entries.append((wire, member, value[name]))
            elif self.odds(0.5, self.nulls):
                entries.append((wire, None, None))
        if self.noise:
            if union and self.odds(0.3):
                self.unknown_unions = True
                entries = [(self.UNKNOWN, None, self.random.choice(NOISE[1:]))]
            if not union:
                # Elastic Beanstalk counts instances whose health is `Unknown`.
                known = {member.serialization.get("name", name) for name, member in shape.members.items()}
                names = [name for name in ("Unknown", "unknown\n\U0001f600", "") if name not in known]
                entries += [(name, None, self.random.choice(NOISE)) for name in names if self.odds(0.3)]
            self.random.shuffle(entries)
        return entries

    def elements(self, items):
        """Elements of a list, with nulls between them."""
        for item in items:
            if self.odds(0.3, self.nulls):
                yield None
            yield item
        if self.odds(0.2, self.nulls):
            yield None


def to_json(style, shape, value):
    """A JSON body."""
    text = _json(style, shape, value)
    if style.noise:
        pad = style.random.choice(["", " ", "\n", "\r\n\t "])
        text = json.dumps(text, ensure_ascii=style.odds(0.5), indent=style.random.choice([None, 1]))
        return (pad + text + pad).encode("utf-8")
    return json.dumps(text).encode()


def _json(style, shape, value):
    if shape is None or value is None:
        return value
    kind = type_of(shape)
    if kind == "structure":
        return {name: _json(style, member, item) for name, member, item in style.entries(shape, value)}
    if kind == "list":
        return [_json(style, shape.member, item) for item in style.elements(value)]
    if kind == "map":
        entries = {key: _json(style, shape.value, item) for key, item in value.items()}
        if shape.value.type_name in style.nulls_in_maps and style.odds(0.3, style.nulls):
            entries["a null"] = None
        return entries
    if kind == "blob":
        return base64.b64encode(value).decode()
    if kind == "timestamp":
        return _json_timestamp(style, value)
    if kind in ("float", "double"):
        return number(value)
    if kind in ("integer", "long") and abs(value) < 2**53 and style.odds(0.2, style.noise):
        return float(value)
    return value


def iso(value):
    """A time as ISO 8601 has it, in UTC."""
    return value.isoformat().replace("+00:00", "Z")


def to_xml(style, name, shape, value, attributes=""):
    """An element of this name, or those of a flattened list or map."""
    kind = shape.type_name
    if kind == "structure":
        inner, own = [], ""
        for wire, member, item in style.entries(shape, value):
            if member is None:
                # What has no value here has none there; what is unknown has some.
                inner += [] if item is None else [f"<{wire}><a>b</a></{wire}>"] if wire.isidentifier() else []
            elif member.serialization.get("xmlAttribute"):
                own += f' {wire}="{xml_text(item, quoted=True)}"'
            else:
                inner.append(to_xml(style, _element_name(member, wire), member, item))
        prefix = shape.serialization.get("xmlNamespace") or {}
        if own and prefix.get("prefix"):
            attributes += f' xmlns:{prefix["prefix"]}="{prefix["uri"]}"'
        space = style.random.choice(["", "\n", " "]) if style.noise and inner else ""
        return _element(style, name, attributes + own, space.join(["", *inner, ""]))
    if kind == "list":
        if shape.serialization.get("flattened"):
            return "".join(to_xml(style, name, shape.member, item) for item in value)
        inner = [to_xml(style, shape.member.serialization.get("name", "member"), shape.member, item) for item in value]
        return _element(style, name, attributes, "".join(inner))
    if kind == "map":
        names = [part.serialization.get("name", default) for part, default in ((shape.key, "key"), (shape.value, "value"))]
        entries = [to_xml(style, names[0], shape.key, key) + to_xml(style, names[1], shape.value, item) for key, item in value.items()]
        if shape.serialization.get("flattened"):
            return "".join(_element(style, name, "", entry) for entry in entries)
        return _element(style, name, attributes, "".join(_element(style, "entry", "", entry) for entry in entries))
    return _element(style, name, attributes, xml_text(_xml_scalar(shape, value)))


def _element_name(member, wire):
    """botocore and services call a flattened list by the name of its elements, where they have one."""
    if member.type_name == "list" and member.serialization.get("flattened"):
        return member.member.serialization.get("name", wire)
    return wire


def _element(style, name, attributes, inner):
    if not inner and style.odds(0.5):
        return f"<{name}{attributes}/>"
    return f"<{name}{attributes}>{inner}</{name}>"


def xml_text(text, quoted=False):
    """Text between tags, or in an attribute."""
    for character, spelling in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\r", "&#xD;")):
        text = text.replace(character, spelling)
    for character, spelling in (('"', "&quot;"), ("\n", "&#10;"), ("\t", "&#9;")) if quoted else ():
        text = text.replace(character, spelling)
    return text


def _xml_scalar(shape, value):
    kind = shape.type_name
    if kind == "blob":
        return base64.b64encode(value).decode()
    if kind == "boolean":
        return "true" if value else "false"
    if kind == "timestamp":
        form = shape.serialization.get("timestampFormat", "iso8601")
        if form == "iso8601":
            return iso(value)
        if form == "rfc822":
            return format_datetime(value, usegmt=True)
        whole, fraction = divmod(micros(value), 10**6)
        return str(whole if fraction == 0 else micros(value) / 10**6)
    if kind in ("float", "double"):
        return str(number(value))
    return str(value)


def _json_timestamp(style, value):
    whole, fraction = divmod(micros(value), 10**6)
    if fraction == 0 and not style.odds(0.3, style.noise):
        return whole
    if style.odds(0.3, style.noise):
        return value.isoformat().replace("+00:00", style.random.choice(["Z", "+00:00"]))
    return micros(value) / 10**6


def to_cbor(style, shape, value, before=b""):
    """A CBOR body; `before` are encoded members that come first in a structure."""
    if shape is None or value is None or type_of(shape) == "document":
        shape, kind = None, _kind_of(value)
    else:
        kind = shape.type_name
    if kind == "null":
        return b"\xf7" if style.odds(0.3, style.noise) else b"\xf6"
    if kind == "structure":
        return _map(style, style.entries(shape, value), before)
    if kind == "map":
        member = shape and shape.value
        # botocore leaves the values in maps as they are: with all that they should not have.
        style = style.plain() if shape else style
        entries = [(key, member, item) for key, item in value.items()]
        # botocore drops a null of a sparse map.
        if shape and not is_sparse(shape) and style.odds(0.3, style.nulls):
            entries.append(("a null", None, None))
        return _map(style, entries)
    if kind == "list":
        items = list(style.elements(value)) if shape else value
        items = [to_cbor(style, shape and shape.member, item) for item in items]
        if style.odds(0.4, style.noise):
            return b"\x9f" + b"".join(items) + b"\xff"
        return _head(style, 4, len(items)) + b"".join(items)
    if kind == "string":
        return _text(style, 3, value.encode("utf-8"), value)
    if kind == "blob":
        return _text(style, 2, value, value)
    if kind == "boolean":
        return b"\xf5" if value else b"\xf4"
    if kind in ("integer", "long"):
        return _integer(style, value)
    if kind in ("float", "double"):
        return _float(style, value)
    if kind == "timestamp":
        whole, fraction = divmod(micros(value), 10**6)
        if fraction == 0 and not style.odds(0.3, style.noise):
            return b"\xc1" + _integer(style, whole)
        return b"\xc1" + _float(style, micros(value) / 10**6)
    raise NotImplementedError(kind)


def _kind_of(value):
    kinds = {type(None): "null", bool: "boolean", int: "long", float: "double", str: "string", list: "list", dict: "map"}
    return kinds[type(value)]


def _head(style, major, argument):
    widths = [(24, 0, ""), (1 << 8, 24, ">B"), (1 << 16, 25, ">H"), (1 << 32, 26, ">I"), (1 << 64, 27, ">Q")]
    fitting = [(info, form) for limit, info, form in widths if argument < limit]
    info, form = style.random.choice(fitting) if style.odds(0.4, style.noise) else fitting[0]
    first = bytes([major << 5 | (info or argument)])
    return first + (struct.pack(form, argument) if form else b"")


def _map(style, entries, before=b""):
    body = before + b"".join(_text(style, 3, key.encode("utf-8"), key) + to_cbor(style, shape, item) for key, shape, item in entries)
    if before or style.odds(0.4, style.noise):
        return b"\xbf" + body + b"\xff"
    return _head(style, 5, len(entries)) + body


def _text(style, major, data, value):
    """Text or bytes; in chunks that do not cut characters, now and then."""
    if not style.odds(0.3, style.noise):
        return _head(style, major, len(data)) + data
    chunks, rest = [], value
    while rest:
        length = style.random.randint(1, len(rest))
        part, rest = rest[:length], rest[length:]
        part = part.encode("utf-8") if major == 3 else part
        chunks.append(_head(style, major, len(part)) + part)
    return bytes([major << 5 | 31]) + b"".join(chunks) + b"\xff"


def _integer(style, value):
    if abs(value) < 2**53 and style.odds(0.1, style.noise):
        return _float(style, float(value))
    return _head(style, 0, value) if value >= 0 else _head(style, 1, -1 - value)


def _float(style, value):
    """The double, or a shorter float that says the same."""
    if style.noise:
        for form, first in ((">e", 0xF9), (">f", 0xFA)):
            if style.odds(0.5) and _survives(form, value):
                return bytes([first]) + struct.pack(form, value)
    return b"\xfb" + struct.pack(">d", value)


def _survives(form, value):
    try:
        back = struct.unpack(form, struct.pack(form, value))[0]
    except OverflowError:
        return False
    return back == value or math.isnan(value)
