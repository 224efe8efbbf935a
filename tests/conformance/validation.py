"""Compares what `validate()` finds in random inputs with what others find.

Judges are botocore's `ParamValidator`, for least lengths of text and lists and least numbers; Python's `re`, for patterns;
and the numbers of the model, for everything else. About half of the inputs have something that the model does not allow.
Both sides name members in the same way: `Tags["a"]`, `ApplicationIds[3].Name`.

    cargo xtask conformance --validate            sets up botocore and runs this
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
import unicodedata
import warnings

# Isolated, Python does not look beside the script.
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import botocore  # noqa: E402
from botocore.validate import ParamValidator  # noqa: E402

from compare import is_streaming, load  # noqa: E402

warnings.simplefilter("ignore")

# Where botocore says otherwise, and why. The key is what a summary counts.
INTENDED = {
    "maximum": "botocore looks at the least length or number only",
    "pattern": "botocore knows no patterns",
    "empty": "a required member with empty text is told, because that is what a forgotten one is; to botocore it is there",
    "blob or map": "botocore does not look at the lengths of bytes and maps",
    "key": "botocore names a key by its map, and its value by the key",
}

# Of characters that both sides know alike: Unicode grows, and `\\s` is not the same for U+0085 and U+FEFF everywhere.
ALPHABET = "aAzZ09_-./:@+=, \t\n\r$^[]{}()*?|&#!~\\\"'%;<>`\u00e9\u00df\u0416\u4e2d\u0661\u2028\u00a0\u20ac\U0001f600"
NAMES = {"IsAlphabetic": "L", "ASCII": None, "Alphabetic": "L"}
DEEPEST = 6


def categories(name):
    """The characters of a general category, as the inside of a class."""
    if name in ("ASCII",):
        return "\\x00-\\x7f"
    name = NAMES.get(name, name)
    found = (char for char in ALPHABET_AND_MORE if unicodedata.category(char).startswith(name))
    return "".join(f"\\U{ord(char):08x}" for char in found)


ALPHABET_AND_MORE = "".join(sorted({*ALPHABET, *map(chr, range(32, 127))}))
WORDS = {"d": "0-9", "w": "0-9A-Za-z_"}


class Rewriter:
    """A pattern of ECMA 262 as one of Python that means the same for texts of these characters."""

    def __init__(self, pattern):
        self.pattern, self.at, self.out = pattern, 0, []

    def rewritten(self):
        in_class = False
        while self.at < len(self.pattern):
            char = self.pattern[self.at]
            self.at += 1
            if char == "\\":
                self.escape(in_class)
            elif char == "[":
                self.out.append("\\[" if in_class else "[")
                in_class = True
            elif char == "]":
                in_class = False
                self.out.append(char)
            elif char == "$" and not in_class:
                self.out.append("\\Z")
            elif char == "." and not in_class:
                self.out.append("[^\\n\\r\\u2028\\u2029]")
            elif char == "-" and in_class and self.after_set() and self.pattern[self.at] != "]":
                self.out.append("\\-")
            else:
                self.out.append(char)
        return "".join(self.out)

    def after_set(self):
        return re.search(r"\\[dws]-$", self.pattern[: self.at]) is not None

    def escape(self, in_class):
        char = self.pattern[self.at]
        self.at += 1
        if char == "p":
            end = self.pattern.index("}", self.at)
            inside, self.at = categories(self.pattern[self.at + 1 : end]), end + 1
        elif char in WORDS:
            inside = WORDS[char]
        else:
            self.out.append("\\" + char if char.isalnum() else re.escape(char))
            return
        self.out.append(inside if in_class else f"[{inside}]")


class Patterns:
    """Compiled patterns, and texts that are likely to match."""

    def __init__(self, randomness):
        self.random, self.known, self.unjudged = randomness, {}, set()

    def of(self, pattern):
        if pattern not in self.known:
            try:
                text = Rewriter(pattern).rewritten()
                self.known[pattern] = (re.compile(text), re._parser.parse(text))
            except (re.error, ValueError, IndexError):
                self.known[pattern] = None
                self.unjudged.add(pattern)
        return self.known[pattern]

    def text(self, pattern):
        compiled = self.of(pattern)
        return "".join(self.part(*item) for item in compiled[1]) if compiled else "a"

    def parts(self, parsed):
        return "".join(self.part(*item) for item in parsed)

    def part(self, kind, value):
        kind = str(kind)
        if kind == "LITERAL":
            return chr(value)
        if kind in ("NOT_LITERAL", "ANY"):
            return self.random.choice("abc-1")
        if kind == "IN":
            return self.one_of(value)
        if kind == "BRANCH":
            return self.parts(self.random.choice(value[1]))
        if kind == "SUBPATTERN":
            return self.parts(value[3])
        if kind in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            least, most, inside = value
            most = min(most, least + self.random.choice([0, 1, 3, 20]))
            return "".join(self.parts(inside) for _ in range(self.random.randint(least, most)))
        return ""

    def one_of(self, items):
        choices = []
        for kind, value in items:
            kind = str(kind)
            if kind == "NEGATE":
                return self.random.choice("abcXYZ 1-")
            if kind == "LITERAL":
                choices.append(chr(value))
            elif kind == "RANGE":
                choices.append(chr(self.random.randint(*value)))
            elif kind == "CATEGORY":
                choices.append(self.random.choice(" a"))
        return self.random.choice(choices or ["a"])


class Inputs:
    """Random inputs of botocore shapes. Those that are not `careful` break a rule here and there."""

    def __init__(self, randomness, patterns):
        self.random, self.patterns = randomness, patterns
        self.careful, self.share, self.depth = True, 0, 0

    def breaks(self):
        return not self.careful and self.random.random() < self.share

    def of(self, shape):
        self.depth += 1
        try:
            return getattr(self, f"_{shape.type_name}")(shape)
        finally:
            self.depth -= 1

    def _structure(self, shape):
        members = shape.members
        if getattr(shape, "is_document_type", False):
            return {}
        if getattr(shape, "is_tagged_union", False):
            name = self.random.choice(list(members))
            return {name: self.of(members[name])}
        required = set(shape.required_members)
        wanted = [name for name in members if name in required or self.depth < DEEPEST and self.random.random() < 0.4]
        return {name: self.of(members[name]) for name in wanted}

    def count(self, shape):
        least, most = int(shape.metadata.get("min", 0)), int(shape.metadata.get("max", 10**6))
        if self.breaks():
            return self.random.choice([max(least - 1, 0), min(most + 1, 60)])
        usual = self.random.choice([0, 1, 2]) if self.depth < DEEPEST else 0
        return min(max(least, usual), most)

    def _list(self, shape):
        return [self.of(shape.member) for _ in range(self.count(shape))]

    def _map(self, shape):
        return {self.of(shape.key): self.of(shape.value) for _ in range(self.count(shape))}

    def _string(self, shape):
        if shape.enum and not self.breaks():
            return self.random.choice(shape.enum)
        if shape.enum:
            return self.random.choice(["", "unheard-of"])
        metadata = shape.metadata
        least, most = int(metadata.get("min", 0)), int(metadata.get("max", 10**9))
        for _ in range(30):
            text = self.patterns.text(shape._shape_model["pattern"]) if "pattern" in shape._shape_model else self.plain(least, most)
            if least <= len(text) <= most:
                break
        return self.broken(text, least, most) if self.breaks() else text

    def plain(self, least, most):
        length = min(max(least, self.random.choice([1, 2, 8])), most)
        return "".join(self.random.choice(ALPHABET) for _ in range(length))

    def broken(self, text, least, most):
        at, char = self.random.randint(0, len(text)), self.random.choice(ALPHABET)
        kinds = ["", text[:at] + char + text[at:], text[:at] + text[at + 1 :], text[: max(least - 1, 0)], text + "\n", char + text]
        if most < 5000:
            kinds.append((text or "a") * (most // max(len(text), 1) + 1) + "a")
        return self.random.choice(kinds)

    def number(self, shape, low, high):
        least, most = int(shape.metadata.get("min", low)), int(shape.metadata.get("max", high))
        if self.breaks():
            return self.random.choice([max(least - 1, low), min(most + 1, high)])
        return self.random.choice([least, most, self.random.randint(least, most)])

    def _integer(self, shape):
        return self.number(shape, -(2**31), 2**31 - 1)

    def _long(self, shape):
        return self.number(shape, -(2**63), 2**63 - 1)

    def _double(self, shape):
        least, most = float(shape.metadata.get("min", -1e9)), float(shape.metadata.get("max", 1e9))
        return self.random.choice([least - 0.5, most + 0.5]) if self.breaks() else self.random.uniform(least, most)

    _float = _double

    def _boolean(self, shape):
        return self.random.random() < 0.5

    def _blob(self, shape):
        least, most = int(shape.metadata.get("min", 0)), int(shape.metadata.get("max", 2**20))
        length = self.random.choice([max(least - 1, 0), min(most + 1, 9000)]) if self.breaks() else min(max(least, 3), most)
        return b"x" * length

    def _timestamp(self, shape):
        return 1_500_000_000


class Judge:
    """What the model does not allow, by its own numbers and Python's `re`."""

    def __init__(self, patterns):
        self.patterns = patterns

    def of(self, shape, value):
        self.found = []
        self.look(shape, value, "")
        return self.found

    def say(self, path, kind, by):
        self.found.append((path, kind, by))

    def look(self, shape, value, path, required=False, secret=False):
        kind = shape.type_name
        if kind == "structure" and not getattr(shape, "is_document_type", False):
            for name, member in shape.members.items():
                if name in value:
                    inside = f"{path}.{name}" if path else name
                    hidden = secret or is_secret(shape) or is_secret(member)
                    self.look(member, value[name], inside, name in shape.required_members, hidden)
        elif kind == "list":
            self.size(shape, len(value), path, "Length")
            for index, element in enumerate(value):
                self.look(shape.member, element, f"{path}[{index}]", secret=secret)
        elif kind == "map":
            self.size(shape, len(value), path, "Length", "blob or map")
            for key, element in value.items():
                inside = f'{path}["{REDACTED if secret else told(key)}"]'
                self.look(shape.key, key, inside, secret=secret)
                self.look(shape.value, element, inside, secret=secret)
        elif kind == "string":
            self.text(shape, value, path, required)
        elif kind == "blob":
            self.size(shape, len(value), path, "Length", "blob or map")
        elif kind in ("integer", "long", "float", "double"):
            self.size(shape, value, path, "Range")

    def size(self, shape, size, path, kind, below="minimum"):
        if "min" in shape.metadata and size < shape.metadata["min"]:
            self.say(path, kind, below)
        elif "max" in shape.metadata and size > shape.metadata["max"]:
            self.say(path, kind, "maximum")

    def text(self, shape, value, path, required):
        before = len(self.found)
        self.size(shape, len(value), path, "Length")
        pattern = shape._shape_model.get("pattern") if not shape.enum else None
        if pattern:
            compiled = self.patterns.of(pattern)
            if compiled and not compiled[0].search(value):
                self.say(path, "Pattern", "pattern")
        elif required and not value and "min" not in shape.metadata and len(self.found) == before:
            self.say(path, "Missing", "empty")


# What paths have instead of the keys of maps that hold secrets.
REDACTED = "** redacted **"


def is_secret(shape):
    """Whether what a shape holds is shown nowhere; of structures, what they say of themselves."""
    if shape.metadata.get("sensitive"):
        return True
    inside = {"list": ["member"], "map": ["key", "value"]}.get(shape.type_name, [])
    return any(is_secret(getattr(shape, name)) for name in inside)


def told(key):
    """A key as paths show it: see the crate's `Segment`."""
    shown = key.replace("\\", "\\\\").replace('"', '\\"').replace("'", "\\'")
    shown = shown.replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r").replace("\u2028", "\\u{2028}").replace("\u00a0", "\\u{a0}")
    left = shown[:100]
    return left if left == shown else f"{left}... ({len(shown.encode()) - len(left.encode())} bytes more)"


def botocores(shape, value):
    """What botocore finds, by the same names; of keys only how many there are."""
    errors = ParamValidator().validate(value, shape)._errors
    found = collections.Counter()
    for reason, name, _ in errors:
        kind = {"invalid length": "Length", "invalid range": "Range"}.get(reason, reason)
        key = " (key: " in name
        found["key" if key else name.lstrip("."), kind] += 1
    return found


def notation(value):
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, dict):
        return {key: notation(element) for key, element in value.items()}
    return [notation(element) for element in value] if isinstance(value, list) else value


def cases(arguments, patterns):
    randomness = patterns.random
    inputs = Inputs(randomness, patterns)
    operations = []
    for service in sorted(os.listdir(arguments.models)):
        folder = os.path.join(arguments.models, service)
        if not os.path.exists(os.path.join(folder, "overlay.toml")):
            continue
        model = load(arguments.models, service)
        shapes = [(name, model.operation_model(name)) for name in model.operation_names]
        operations += [(service, name, op.input_shape) for name, op in shapes if op.input_shape and not is_streaming(op)]
    for number in range(arguments.inputs):
        service, name, shape = operations[number % len(operations)]
        inputs.careful, inputs.share = randomness.random() < 0.1, randomness.choice([0.3, 0.6, 0.95])
        yield service, name, shape, inputs.of(shape)


def answers(program, asked):
    lines = "".join(json.dumps({"service": s, "operation": n, "params": notation(v)}) + "\n" for s, n, _, v in asked)
    done = subprocess.run([program], input=lines.encode(), stdout=subprocess.PIPE, check=True)
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--program", required=True)
    arguments.add_argument("--models", required=True, help="folder with a folder per service")
    arguments.add_argument("--seed", default="1")
    arguments.add_argument("--inputs", type=int, default=10000)
    arguments = arguments.parse_args()
    start = time.monotonic()
    patterns = Patterns(random.Random(arguments.seed))
    asked = list(cases(arguments, patterns))
    judge, differences, counts, intended, bad = Judge(patterns), 0, collections.Counter(), collections.Counter(), 0
    for (service, name, shape, value), answer in zip(asked, answers(arguments.program, asked), strict=True):
        expected = judge.of(shape, value)
        ours = collections.Counter(map(tuple, answer.get("violations", [])))
        theirs = botocores(shape, value)
        by_botocore = collections.Counter(
            (path, kind) for path, kind, by in expected if by == "minimum")
        wanted = collections.Counter((path, kind) for path, kind, _ in expected)
        bad += bool(ours)
        counts.update(kind for _, kind in ours.elements())
        intended.update(by for _, _, by in expected if by in INTENDED)
        in_maps = sum(count for (path, _), count in by_botocore.items() if '["' in path)
        plain = {key: count for key, count in by_botocore.items() if '["' not in key[0]}
        keys = sum(count for (path, _), count in theirs.items() if path == "key")
        others = {key: count for key, count in theirs.items() if key[0] != "key"}
        intended["key"] += keys
        if "failure" in answer or ours != wanted or others != plain or keys != in_maps:
            differences += 1
            if differences <= 10:
                print(f"{service}.{name} {json.dumps(notation(value))[:600]}\n  ours     {answer}\n  model    {expected}\n  botocore {dict(theirs)}")
    print(f"{len(asked)} inputs of {len({(s, n) for s, n, _, _ in asked})} operations, botocore {botocore.__version__}, seed "
          f"{arguments.seed}: {bad} with violations, " + ", ".join(f"{n} of kind {k}" for k, n in sorted(counts.items())))
    print(f"  {len(patterns.known)} patterns, {len(patterns.unjudged)} of which Python cannot read")
    for key, count in sorted(intended.items()):
        print(f"  intended difference to botocore, {count} times: {INTENDED[key]}")
    print(f"{differences} other differences, {time.monotonic() - start:.1f} s")
    return 1 if differences or not asked else 0


if __name__ == "__main__":
    sys.exit(main())
