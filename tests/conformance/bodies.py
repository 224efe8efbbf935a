"""Bodies as services may send them: every spelling of a value that the formats allow."""

import base64
import json
import math
import struct

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
                names = ["Unknown", "unknown\n\U0001f600", ""]
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
        # botocore fails on others.
        if shape.value.type_name in ("string", "integer", "boolean") and style.odds(0.3, style.nulls):
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
