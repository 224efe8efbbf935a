"""Compares JMESPath as the generator makes Rust of it with the package jmespath, expression by expression.

    expressions.py write     writes random expressions, as the acceptors of waiters, one each
    expressions.py compare   asks the compiled waiters, and jmespath, about random answers

In between, `cargo xtask conformance --expressions` says what the generator takes of them, makes a crate of real services
and fixtures with a waiter for each, and compiles it. Expressions are random paths through the shapes of an output, with
all operators, functions and spellings that the generator knows; some are damaged. Both sides must say the same of
each: that it is no expression, or whether the waiter accepts an answer. An expression with an error accepts none.
Where the two are meant to differ, `INTENDED` says why. The same seed gives the same expressions and answers.
"""

import argparse
import collections
import json
import pathlib
import random
import re
import subprocess
import sys
import warnings

import jmespath
import jmespath.ast
import jmespath.exceptions
import jmespath.parser

# Isolated, Python does not look beside the script.
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from answers import Answers  # noqa: E402
from grammar import Expressions  # noqa: E402

# Where the generator means to differ from jmespath, and why. The key is what a summary counts.
INTENDED = {
    "literal": "what stands between backticks is JSON; jmespath also takes other text, with a warning",
    "comma": "commas stand between arguments; jmespath does without them, and with one too many",
}


class Service:
    """A model, and the operations of which waiters can look at the output."""

    def __init__(self, path):
        self.path, self.name = path, path.parent.parent.name
        self.model = json.loads(path.read_text(encoding="utf-8"))
        self.shapes = self.model["shapes"]
        self.outputs = {
            name: operation["output"]["shape"]
            for name, operation in sorted(self.model["operations"].items())
            if self.shapes.get(operation.get("output", {}).get("shape"), {}).get("members")
        }


def services(folders):
    """The newest models in folders of botocore's layout."""
    for folder in folders:
        for service in sorted(pathlib.Path(folder).iterdir()):
            versions = sorted(service.glob("*/service-2.json"))
            if versions:
                yield Service(versions[-1])


def write(args):
    rng = random.Random(args.seed)
    chosen = [service for service in services(args.models) if service.name in args.services]
    weights = [len(service.outputs) ** 0.5 for service in chosen]
    cases = []
    for number in range(args.count):
        service = rng.choices(chosen, weights)[0]
        operation = rng.choice(list(service.outputs))
        case = Expressions(service.shapes, rng).case(service.outputs[operation])
        cases.append({"name": f"Case{number}", "service": service.name, "operation": operation, **case})
    print(json.dumps(cases))


class Strict(jmespath.parser.Parser):
    """jmespath's parser, which insists on commas."""

    _CACHE = {}

    def _token_led_lparen(self, left):
        if left["type"] != "field":
            return super()._token_led_lparen(left)
        arguments = []
        while self._current_token() != "rparen":
            if arguments:
                self._match("comma")
            arguments.append(self._expression())
        self._match("rparen")
        return jmespath.ast.function_expression(left["value"], arguments)


def parses(text, parser=jmespath.parser.Parser):
    try:
        parser().parse(text)
        return True
    except jmespath.exceptions.JMESPathError:
        return False


def equal(left, right):
    """Numbers and booleans are never equal, other than in Python."""
    return isinstance(left, bool) == isinstance(right, bool) and left == right


def accepts(case, answer):
    """What Smithy and botocore say of an acceptor."""
    try:
        value = jmespath.search(case["argument"], answer)
    except jmespath.exceptions.JMESPathError:
        return False
    if case["matcher"] == "path":
        return equal(value, case["expected"])
    if not isinstance(value, list) or not value:
        return False
    hits = [equal(item, case["expected"]) for item in value]
    return all(hits) if case["matcher"] == "pathAll" else any(hits)


class Program:
    def __init__(self, path):
        self.process = subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")

    def accepted(self, service, operation, answer):
        """A digit for every waiter of an operation, in order."""
        self.process.stdin.write(f"{service}\t{operation}\t{json.dumps(answer)}\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline().rstrip("\n")
        if not line or set(line) - {"0", "1"}:
            sys.exit(f"{service} {operation}: the program says {line!r} of {json.dumps(answer)}")
        return line


class Report:
    def __init__(self):
        self.compared = self.positive = self.differences = self.decided = 0
        self.refused, self.intended = collections.Counter(), collections.Counter()

    def wrong(self, text):
        self.differences += 1
        if self.differences <= 10:
            print(f"\n{text}")


def intended(case, refused):
    """Why both read an expression otherwise, where that is meant."""
    literals = re.findall(r"`((?:[^`\\]|\\.)*)`", case["argument"])
    if refused == "jmespath-syntax" and not all(map(is_json, literals)):
        return "literal"
    if refused == "jmespath-syntax" and not parses(case["argument"], Strict):
        return "comma"
    return None


def is_json(text):
    try:
        json.loads(text.replace("\\`", "`"))
        return True
    except ValueError:
        return False


def compare_syntax(cases, report):
    """Both sides read the same expressions, but for what the generator says that it does not support."""
    for case in cases:
        refused, valid = case.get("refused"), parses(case["argument"])
        if refused:
            report.refused[refused] += 1
        if valid == (refused != "jmespath-syntax") or refused == "jmespath-unsupported":
            continue
        kind = intended(case, refused)
        if kind:
            report.intended[kind] += 1
        else:
            says = "is one to jmespath" if valid else "is none to jmespath"
            report.wrong(f"{case['argument']!r} {says}, the generator: {refused or 'taken'}")


def compare_answers(args, cases, report):
    rng, program = random.Random(args.seed), Program(args.program)
    by_operation = collections.defaultdict(list)
    for case in cases:
        if "refused" not in case:
            by_operation[case["service"], case["operation"]].append(case)
    known = {service.name: service for service in services(args.models) if service.name in args.services}
    ever, different = collections.defaultdict(set), set()
    for (name, operation), cases_ in by_operation.items():
        service = known[name]
        answers = Answers(service.shapes, rng)
        for _ in range(args.answers):
            answer = answers.value(service.outputs[operation])
            read = answers.read(service.outputs[operation], answer)
            said = program.accepted(name, operation, answer)
            for case, digit in zip(cases_, said, strict=True):
                theirs = accepts(case, read)
                report.compared += 1
                report.positive += theirs
                ever[case["name"]].add(theirs)
                if theirs == (digit == "1"):
                    continue
                about = {key: case[key] for key in ("argument", "matcher", "expected")}
                if case["name"] in different:
                    report.differences += 1
                else:
                    report.wrong(f"{name} {operation} {about}\n  {json.dumps(answer)[:600]}\n  jmespath {theirs}")
                different.add(case["name"])
    report.decided = sum(len(said) == 2 for said in ever.values())


def compare(args):
    cases = json.load(sys.stdin)
    report = Report()
    compare_syntax(cases, report)
    compare_answers(args, cases, report)
    taken = sum("refused" not in case for case in cases)
    print(f"{len(cases)} expressions, {taken} of them taken; the others, by the generator's reason:")
    for reason, count in sorted(report.refused.items()):
        print(f"  {count:>6}  {reason}")
    print(f"{report.compared} comparisons, {report.positive} of them accepted; "
          f"{report.decided} expressions accepted some answers and not others")
    print("differences that are meant:")
    for kind, text in INTENDED.items():
        print(f"  {report.intended[kind]:>6}  {kind}: {text}")
    print(f"{report.differences} other differences")
    sys.exit(report.differences > 0)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("command", choices=["write", "compare"])
    parser.add_argument("--models", action="append", required=True, help="a folder of models, in botocore's layout")
    parser.add_argument("--services", nargs="+", required=True)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--count", type=int, default=2000, help="expressions to write")
    parser.add_argument("--answers", type=int, default=100, help="answers to each operation")
    parser.add_argument("--program", help="the compiled waiters")
    args = parser.parse_args()
    # Of literals that are no JSON: see `INTENDED`.
    warnings.simplefilter("ignore")
    (write if args.command == "write" else compare)(args)


if __name__ == "__main__":
    main()
