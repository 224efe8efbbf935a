"""Random JMESPath expressions about the shape of an output.

Most have the types that the generator checks; it refuses the others, which costs nothing. Some are damaged, so that both
sides have to refuse them.
"""

import json

from answers import TEXTS

NUMBERS = ("byte", "short", "integer", "long", "float", "double")
DEEPEST = 3

# Of what damage is made.
PIECES = [".", "[", "]", "(", ")", "|", "&", "!", "=", "<", "'", "`", '"', "*", "?", "@", ",", ":", "-", " ", "a", "0", "\\",
          "{", "}", "[]", "[*]", "[0]", "||", "&&", "\u00e9", "\t", "\u00a0", "\n"]


class Expressions:
    def __init__(self, shapes, rng):
        self.shapes, self.rng = shapes, rng

    def case(self, shape):
        """An acceptor's matcher, argument and expected value."""
        rng, kind = self.rng, self.rng.random()
        if kind < 0.6:
            case = {"matcher": "path", "expected": rng.random() < 0.7, "argument": self.condition(shape, 0)}
        elif kind < 0.75:
            text, found = self.walk_to(shape, 0, self.scalar)
            case = {"matcher": "path", "argument": text, "expected": self.expected(found)}
        else:
            text, found = self.list_of_scalars(shape)
            case = {"matcher": rng.choice(("pathAll", "pathAny")), "argument": text, "expected": self.expected(found)}
        if rng.random() < 0.08:
            case["argument"] = self.damaged(case["argument"])
        return case

    def damaged(self, text):
        at = self.rng.randrange(len(text) + 1)
        cut = self.rng.choice((0, 0, 1, 2))
        return text[:at] + self.rng.choice([*PIECES, ""]) + text[at + cut:]

    # Types: the name of a shape, and whether it is what a projection consists of.

    def scalar(self, name, projected=False):
        shape = self.shapes.get(name, {})
        if projected:
            return None
        kind = "number" if shape.get("type") in NUMBERS else {"string": "text", "boolean": "boolean"}.get(shape.get("type"))
        return kind

    def is_list(self, name, projected):
        return projected or self.shapes[name]["type"] == "list"

    def walk(self, name, depth):
        """A path, its shape, and whether it is a projection of such."""
        rng, text, projected, started = self.rng, "", False, False
        if rng.random() < 0.1:
            text, started = "@", True
        for _ in range(rng.choice((1, 2, 2, 3, 4, 5, 6))):
            shape = self.shapes[name]
            kind = "document" if shape.get("document") else shape["type"]
            if kind == "structure" and shape.get("members"):
                member = rng.choice(list(shape["members"]))
                name = shape["members"][member]["shape"]
                text += ("." if started else "") + self.name(member)
            elif kind == "list":
                step = self.of_list(shape["member"]["shape"], depth)
                projected = projected or not step.endswith(("0]", "1]", "2]"))
                text, name = text + step, shape["member"]["shape"]
            elif kind == "map" and rng.random() < 0.7:
                text, name, projected = text + (".*" if started else "*"), shape["value"]["shape"], True
            else:
                break
            started = True
        if projected and rng.random() < 0.15:
            text += "[]"
        if not started or (not text):
            text = "@"
        return text, name, projected

    def of_list(self, element, depth):
        roll = self.rng.random()
        if roll < 0.2:
            return self.rng.choice(("[0]", "[-1]", "[1]", "[-2]"))
        if roll < 0.45:
            return "[*]"
        if roll < 0.7 or depth >= DEEPEST:
            return "[]"
        return f"[?{self.condition(element, depth + 1)}]"

    def walk_to(self, name, depth, wanted):
        """A path to what `wanted` says something of; anything, where none is found."""
        for _ in range(12):
            text, found, projected = self.walk(name, depth)
            if wanted(found, projected):
                break
        return text, found

    def list_of_scalars(self, name):
        rng = self.rng
        if rng.random() < 0.15:
            text, found = self.walk_to(name, 0, self.scalar)
            items = [text] + [self.walk_to(name, 0, self.scalar)[0] for _ in range(rng.choice((1, 2)))]
            return f"[{self.comma().join(items)}]", found
        if rng.random() < 0.1:
            text, _ = self.walk_to(name, 0, lambda found, projected: self.shapes[found]["type"] == "map" and not projected)
            return f"keys({text})", None
        return self.walk_to(name, 0, lambda found, projected: projected and self.scalar(found))

    # Spelling.

    def name(self, name):
        return json.dumps(name) if self.rng.random() < 0.05 else name

    def space(self):
        return self.rng.choice(("", "", " ", " ", "  "))

    def comma(self):
        return self.space() + "," + self.space()

    def around(self, operator):
        return self.space() + operator + self.space()

    def expected(self, name):
        kind = self.scalar(name) if name else "text"
        if kind == "boolean":
            return self.rng.random() < 0.5
        return self.rng.choice((0, 1, 2, 3)) if kind == "number" else self.text_of(name)

    def text_of(self, name):
        values = self.shapes.get(name, {}).get("enum", [])
        return self.rng.choice(values[:3] if values else TEXTS[:4])

    def literal(self, name):
        rng, kind = self.rng, self.scalar(name) if name else "text"
        roll = rng.random()
        if roll < 0.07:
            return "`null`"
        if kind == "number" and roll < 0.95:
            return f"`{rng.choice((0, 1, 2, 3, -1, 100, 2**31 - 1, -2**31, 2**63 - 1, 7_000_000_000))}`"
        if kind == "boolean":
            return rng.choice(("`true`", "`false`", "` true `"))
        text = rng.choice(TEXTS) if rng.random() < 0.3 else self.text_of(name)
        if roll < 0.75:
            return "'" + text.replace("'", "\\'") + "'"
        return "`" + json.dumps(text, ensure_ascii=roll < 0.9).replace("`", "\\`") + "`"

    # Conditions.

    def condition(self, name, depth):
        rng = self.rng
        choices = [self.comparison, self.comparison, self.path, self.length, self.contains, self.constant]
        if depth < DEEPEST:
            choices += [self.both, self.both, self.negation, self.order]
        return rng.choice(choices)(name, depth)

    def both(self, name, depth):
        left, right = self.condition(name, depth + 1), self.condition(name, depth + 1)
        text = left + self.around(self.rng.choice(("&&", "||"))) + right
        return f"({text})" if self.rng.random() < 0.4 else text

    def negation(self, name, depth):
        text = self.condition(name, depth + 1)
        return "!" + self.space() + (f"({text})" if self.rng.random() < 0.6 else text)

    def path(self, name, depth):
        return self.walk(name, depth)[0]

    def constant(self, name, depth):
        if self.rng.random() < 0.7:
            return self.comparison(name, depth)
        return self.rng.choice(("`true`", "`false`", "`null`", "@", "'A'", "''", "`0`"))

    def comparison(self, name, depth):
        left, found = self.walk_to(name, depth, self.scalar)
        if self.rng.random() < 0.1:
            other, _ = self.walk_to(name, depth, self.scalar)
            left = f"({left}{self.around('||')}{other})"
        if self.rng.random() < 0.75:
            right = self.literal(found)
        else:
            right, _ = self.walk_to(name, depth, lambda other, projected: self.scalar(other, projected) == self.scalar(found))
        if self.rng.random() < 0.15:
            left, right = right, left
        return left + self.around(self.rng.choice(("==", "==", "!="))) + right

    def number(self, name, depth):
        roll = self.rng.random()
        if roll < 0.4:
            return self.length_of(name, depth)
        if roll < 0.7:
            return self.walk_to(name, depth, lambda found, projected: self.scalar(found, projected) == "number")[0]
        return f"`{self.rng.choice((0, 1, 2, 3, -1, 127, 128, 2**31 - 1, 2**31, 2**63 - 1, -2**63))}`"

    def order(self, name, depth):
        operator = self.rng.choice(("<", "<=", ">", ">=", "==", "!="))
        return self.number(name, depth) + self.around(operator) + self.number(name, depth)

    def length(self, name, depth):
        operator = self.rng.choice(("==", "==", "!=", ">", ">=", "<", "<="))
        return f"{self.length_of(name, depth)}{self.around(operator)}`{self.rng.choice((0, 0, 1, 2))}`"

    def length_of(self, name, depth):
        def measurable(found, projected):
            return projected or self.shapes[found]["type"] in ("string", "list", "map")

        text, _ = self.walk_to(name, depth, measurable)
        if self.rng.random() < 0.1:
            text, _ = self.walk_to(name, depth, lambda found, projected: self.shapes[found]["type"] == "map")
            text = f"keys({text})"
        return f"length({self.space()}{text})"

    def contains(self, name, depth):
        def subject(found, projected):
            if self.shapes[found]["type"] == "list" and not projected:
                return self.scalar(self.shapes[found]["member"]["shape"])
            return self.scalar(found) if projected else self.scalar(found) == "text"

        text, found = self.walk_to(name, depth, subject)
        if self.shapes[found]["type"] == "list":
            found = self.shapes[found]["member"]["shape"]
        wanted = self.literal(found) if self.rng.random() < 0.85 else self.walk_to(name, depth, self.scalar)[0]
        return f"contains({text}{self.comma()}{wanted})"
