"""Random values of botocore shapes, and their notation on the lines of `wire`.

A value is what boto3 takes and gives: dict, list, str, int, float, bool, bytes, datetime.
"""

import base64
import datetime
import math

UTC = datetime.timezone.utc
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = datetime.timedelta(microseconds=1)

# Structures deeper than this only get what they require.
DEEPEST = 8

STRINGS = [
    "", " ", "a", "0", "null", "true", "\u0000", "\u001f\u007f\u0080", "line\nand\ttab\r", "\"quoted\" \\ / </script>",
    "\u00e9\u00df\u4e2d", "e\u0301", "\u2028\u2029", "\ufeff", "\ufffd\uffff", "\U0001f600\U0010ffff", "{}[]:,#;=&%",
]
# What a header, or an element of a list in one, can be.
HEADERS = ["a", "0", "b c", "null", "x=1;y", "{}[]/#%&+"]
# What a label can be; it takes text of any kind, but not none.
LABELS = [text for text in STRINGS if text] + ["a b", "..", "a/b+c"]
HOSTS = ["a", "b-1", "0x"]
# What XML can carry.
XML_STRINGS = [text for text in STRINGS if not set(text) & {"\u0000", "\u001f", "\uffff"}]
INTEGERS = {
    "integer": [0, 1, -1, 23, 24, 255, 256, 65535, 65536, -24, -25, -256, -257, 2**31 - 1, -(2**31)],
    "long": [0, 1, -1, 2**31, -(2**31) - 1, 2**32, 2**53 + 1, -(2**53) - 1, 2**63 - 1, -(2**63)],
}
FLOATS = [0.0, -0.0, 0.5, -1.5, 1e-7, 1.1, 1e300, 65504.0, 5e-324, float("nan"), float("inf"), float("-inf")]


DOCUMENTS = [
    None, True, 0, -1, 2**63, 1.5, "", "text \U0001f600", [], {}, [None, False, [[]]], {"a": None, "b": {"c": [1, "2"]}},
]
# Types that models may have and botocore's CBOR serializer does not.
UNSUPPORTED = ("byte", "short")


def is_union(shape):
    return getattr(shape, "is_tagged_union", False)


def is_document(shape):
    return getattr(shape, "is_document_type", False)


def type_of(shape):
    return "document" if is_document(shape) else shape.type_name


def is_sparse(shape):
    # botocore's shapes do not tell. Null is a document like any other.
    element = {"list": "member", "map": "value"}.get(shape.type_name)
    return shape._shape_model.get("sparse", False) or element and is_document(getattr(shape, element))


class Values:
    """Values that the generator `random` picks.

    `fill` is the share of optional members: 0 gives what is required only, 1 gives everything. Without `documents`,
    those are empty: botocore knows no others in CBOR. With `places`, members of the outermost structure are what their
    places in a message can be.
    """

    def __init__(self, random, fill, documents=True, places=False, strings=STRINGS):
        self.random = random
        self.fill = fill
        self.documents = DOCUMENTS[1:] if documents else [{}]
        self.places = places
        self.strings = strings
        # How many elements a list or map has at least.
        self.least = 0
        self.on_path = []

    def of(self, shape):
        make = getattr(self, f"_{shape.type_name}", None)
        if make is None:
            raise NotImplementedError(f"{shape.name} is a {shape.type_name}")
        self.on_path.append(shape.name)
        try:
            return make(shape)
        finally:
            self.on_path.pop()

    def _wanted(self, shape):
        recursive = shape.name in self.on_path or len(self.on_path) > DEEPEST
        return not recursive and self.random.random() < self.fill

    def _structure(self, shape):
        if is_document(shape):
            return self.random.choice(self.documents)
        members = {name: member for name, member in shape.members.items() if member.type_name not in UNSUPPORTED}
        if is_union(shape):
            endless = [name for name, member in members.items() if member.name in self.on_path]
            name = self.random.choice([name for name in members if name not in endless] or endless)
            return {name: self._one(members[name])}
        required = set(shape.required_members)
        of = self._placed if self.places and len(self.on_path) == 1 else self.of
        return {name: of(member) for name, member in members.items() if name in required or self._wanted(member)}

    def _placed(self, member):
        """A value that can stand where the member has its place."""
        location = member.serialization.get("location")
        if member.serialization.get("hostLabel"):
            return self.random.choice(HOSTS)
        if location == "headers":
            return {name: self._among(HEADERS) for name in self.random.sample(["a", "b-c", "x1"], k=self.random.randint(1, 3))}
        if location not in ("header", "uri"):
            return self.of(member)
        kept = self.strings, self.least
        self.strings, self.least = (HEADERS if location == "header" else LABELS), 1
        try:
            return self.of(member)
        finally:
            self.strings, self.least = kept

    def _among(self, texts):
        return self.random.choice(texts)

    def _one(self, member):
        """The value of a union: in XML an empty list may be no element, and then there is none."""
        if self.strings is not XML_STRINGS or member.type_name not in ("list", "map"):
            return self.of(member)
        self.least, kept = 1, self.least
        try:
            return self.of(member)
        finally:
            self.least = kept

    def _count(self, shape):
        if not self._wanted(shape):
            return self.least
        return self.random.choice([self.least, 1, 2, 3]) if self.fill < 1 else self.random.choice([1, 2])

    def _list(self, shape):
        return [self.of(shape.member) for _ in range(self._count(shape.member))]

    def _map(self, shape):
        entries = [(self.of(shape.key), self.of(shape.value)) for _ in range(self._count(shape.value))]
        # As the crate has them. In forms and XML it would show.
        return dict(sorted(entries, key=lambda entry: entry[0]))

    def _string(self, shape):
        if shape.enum and self.random.random() < 0.8:
            return self.random.choice(shape.enum)
        if self.random.random() < 0.5 or self.strings is HEADERS:
            return self.random.choice(self.strings)
        return "".join(self.random.choice(self.strings) for _ in range(self.random.choice([1, 3, 8, 40])))

    def _integer(self, shape):
        return self.random.choice(INTEGERS["integer"])

    def _long(self, shape):
        return self.random.choice(INTEGERS["long"])

    def _boolean(self, shape):
        return self.random.random() < 0.5

    def _double(self, shape):
        return self.random.choice(FLOATS)

    def _float(self, shape):
        return self.random.choice([0.0, -0.5, 1.5, 65504.0, 2.0**24, float("nan"), float("inf"), float("-inf")])

    def _blob(self, shape):
        return self.random.randbytes(self.random.choice([0, 1, 2, 3, 23, 24, 300]))

    def _timestamp(self, shape):
        whole = self.random.choice([0, -1, 1, 1_500_000_000, -30_000_000_000, 4_102_444_800, 2**31, 253_370_764_800])
        # A double has no room for more than milliseconds beside many seconds.
        finest = [1, 123_456, 999_999] if abs(whole) < 2**33 else []
        micros = self.random.choice([0, 0, 500_000, 123_000, 999_000] + finest)
        return EPOCH + datetime.timedelta(seconds=whole, microseconds=micros)


def micros(time):
    """A datetime as whole microseconds since 1970: exact, unlike its timestamp()."""
    return (time - EPOCH) // MICROSECOND


def notation(shape, value):
    """A value as `params` and `value` have it."""
    if value is None:
        return None
    kind = type_of(shape)
    if kind == "document":
        return value
    if kind == "structure":
        # What botocore makes of an unknown union member is none of the shape's.
        members = shape.members
        return {name: notation(members[name], item) if name in members else item for name, item in value.items()}
    if kind == "list":
        return [notation(shape.member, item) for item in value]
    if kind == "map":
        return {key: notation(shape.value, item) for key, item in value.items()}
    if kind == "blob":
        # botocore makes text of what is a whole body.
        return base64.b64encode(value.encode() if isinstance(value, str) else value).decode()
    if kind == "timestamp":
        return seconds(value)
    if kind in ("float", "double"):
        return number(value)
    return value


def seconds(time):
    whole, fraction = divmod(micros(time), 10**6)
    return whole if fraction == 0 else micros(time) / 10**6


def number(value):
    if isinstance(value, str):  # botocore leaves what JSON has for NaN as it is
        return value
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value


def empty(shape):
    """The empty value of a shape, in the notation: what stands for a required member that a response lacks."""
    kind = type_of(shape)
    if kind == "structure":
        required = shape.required_members
        return {name: empty(member) for name, member in shape.members.items() if name in required}
    simple = {"document": None, "list": [], "map": {}, "boolean": False, "string": "", "blob": "", "float": 0.0, "double": 0.0}
    return simple.get(kind, 0)


def corrected(shape, value):
    """A value in the notation, with empty values for the required members that it lacks."""
    kind = type_of(shape)
    if kind == "structure" and isinstance(value, dict):
        members = shape.members
        given = {name: corrected(members[name], item) if name in members else item for name, item in value.items()}
        if not is_union(shape):
            for name in shape.required_members:
                given.setdefault(name, empty(shape.members[name]))
        return given
    if kind == "list" and value is not None:
        return [corrected(shape.member, item) for item in value]
    if kind == "map" and value is not None:
        return {key: corrected(shape.value, item) for key, item in value.items()}
    return value


def without_nulls(shape, value):
    """A value in the notation without the nulls that dense lists and maps drop."""
    kind = type_of(shape)
    sparse = is_sparse(shape)
    if kind == "structure" and isinstance(value, dict):
        members = shape.members
        return {name: without_nulls(members[name], item) if name in members else item for name, item in value.items()}
    if kind == "list":
        return [without_nulls(shape.member, item) for item in value if sparse or item is not None]
    if kind == "map":
        return {key: without_nulls(shape.value, item) for key, item in value.items() if sparse or item is not None}
    return value
