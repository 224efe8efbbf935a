"""Random answers of a service: JSON that fits the shape of an output."""

import base64

# Few different ones, so that what expressions ask for is often there.
TEXTS = ["A", "B", "", "AB", "a b", "\u00e9", "it's", "0", "a\\b", "a`b"]
WHOLE = [0, 1, 2, 3, -1, 100]
LIMITS = {"integer": 2**31 - 1, "long": 2**63 - 1}
REAL = [0.0, 1.0, 2.0, 0.5, -1.5]

# How many structures, lists and maps stand within each other.
DEEPEST = 8


class Answers:
    def __init__(self, shapes, rng):
        self.shapes, self.rng = shapes, rng
        # How likely a member is there: what is always full or empty tells little.
        self.presence = 0.7

    def value(self, shape):
        self.presence = self.rng.choice((0.3, 0.6, 0.8, 1.0))
        return self.of(shape, 0)

    def of(self, name, depth):
        shape, rng = self.shapes[name], self.rng
        kind = shape["type"]
        if shape.get("document"):
            return self.document(0)
        if kind == "structure":
            return self.choice(shape, depth) if shape.get("union") else self.structure(shape, depth)
        if kind == "list":
            return self.elements(shape, depth)
        if kind == "map":
            keys = rng.sample(self.texts(shape["key"]["shape"]), k=rng.choice((0, 1, 2)) if depth < DEEPEST else 0)
            return {key: self.of(shape["value"]["shape"], depth + 1) for key in keys}
        if kind == "string":
            return rng.choice(self.texts(name))
        if kind == "boolean":
            return rng.random() < 0.5
        if kind in ("float", "double"):
            return rng.choice(REAL)
        if kind == "blob":
            return base64.b64encode(rng.choice((b"", b"\0", b"some bytes"))).decode()
        if kind == "timestamp":
            return rng.choice((0, 1_500_000_000))
        limit = LIMITS.get(kind, 100)
        return rng.choice([*WHOLE, limit, -limit - 1]) if kind in LIMITS else rng.choice(WHOLE)

    def read(self, name, value):
        """What clients make of an answer: members that are null are absent."""
        shape = self.shapes[name]
        if value is None or shape.get("document"):
            return value
        if shape["type"] == "structure":
            found = {key: self.read(shape["members"][key]["shape"], member) for key, member in value.items()}
            # An open document may be null, and be required.
            return {key: member for key, member in found.items() if member is not None or key in shape.get("required", [])}
        if shape["type"] == "list":
            return [self.read(shape["member"]["shape"], element) for element in value]
        if shape["type"] == "map":
            return {key: self.read(shape["value"]["shape"], element) for key, element in value.items()}
        return value

    def texts(self, name):
        values = self.shapes[name].get("enum", [])
        return [*values[:3], "SOMETHING_NEW"] if values else TEXTS

    def structure(self, shape, depth):
        required, found = set(shape.get("required", [])), {}
        for name, member in shape.get("members", {}).items():
            if name in required or (depth < DEEPEST and self.rng.random() < self.presence):
                found[name] = self.of(member["shape"], depth + 1)
            elif self.rng.random() < 0.1:
                found[name] = None
        return found

    def choice(self, shape, depth):
        name, member = self.rng.choice(list(shape["members"].items()))
        value = self.of(member["shape"], depth + 1)
        # A union has a member, and null is none.
        return {name: value} if value is not None else self.choice(shape, depth)

    def elements(self, shape, depth):
        count = self.rng.choice((0, 1, 1, 2, 3)) if depth < DEEPEST else 0
        elements = [self.of(shape["member"]["shape"], depth + 1) for _ in range(count)]
        if shape.get("sparse"):
            elements = [None if self.rng.random() < 0.3 else element for element in elements]
        return elements

    def document(self, depth):
        rng = self.rng
        simple = (None, False, True, 0, 1, 0.5, "", "A")
        if depth > 2 or rng.random() < 0.6:
            return rng.choice(simple)
        count = rng.choice((0, 1, 2))
        if rng.random() < 0.5:
            return [self.document(depth + 1) for _ in range(count)]
        return {rng.choice(TEXTS): self.document(depth + 1) for _ in range(count)}
