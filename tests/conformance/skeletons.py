"""Compares `cargo xtask describe --style boto3` with what botocore's own documenters write, operation by operation.

Reads lines of JSON: a service, the folder of its model, and the descriptions of its operations and paginators. The
documenters write reStructuredText; it is taken to the plain text of the descriptions. One difference is intended: after
an empty structure in a request botocore breaks the line, before a comma or in front of another break.

    cargo xtask conformance            sets up botocore and runs this
"""

import gzip
import json
import os
import re
import sys

import botocore
from botocore import xform_name
from botocore.docs.bcdoc import restdoc
from botocore.docs.bcdoc.restdoc import DocumentStructure
from botocore.docs.method import document_model_driven_method
from botocore.docs.paginator import document_paginate_method
from botocore.model import ServiceModel

# Some names have a spelling by hand, which none of these two services has.
botocore._xform_cache.clear()
# What is too large for a page is compared too.
restdoc.SECTION_LINE_LIMIT_CONFIG.clear()

TOP = re.compile(r"^:type (\S+): (.+)\n:param \S+: ( *\*\*\[REQUIRED\]\*\* )?", re.MULTILINE)
NESTED = re.compile(r"^( *)- (?:\*\*(\S+)\*\* )?\*?\((.+)\) --\*? ( *\*\*\[REQUIRED\]\*\* )?", re.MULTILINE)
EMPTY = re.compile(r"\{\}\n *(?=[,\n])")


class Silent:
    """Instead of botocore's events, which nobody here listens to."""

    def emit(self, *_, **__):
        pass


def load(folder, name):
    for path in (os.path.join(folder, name), os.path.join(folder, name + ".gz")):
        if os.path.exists(path):
            opened = gzip.open(path, "rb") if path.endswith(".gz") else open(path, "rb")
            with opened as file:
                return json.load(file)
    return None


def without_text(value):
    """The model without documentation, which would be among what is compared."""
    if isinstance(value, dict):
        return {k: without_text(v) for k, v in value.items() if not (k == "documentation" and isinstance(v, str))}
    return [without_text(element) for element in value] if isinstance(value, list) else value


def model_of(folder, service):
    model = without_text(load(folder, "service-2.json"))
    for shape in model["shapes"].values():
        # Smithy's small integers are integers in all models that AWS makes for botocore.
        if shape["type"] in ("byte", "short"):
            shape["type"] = "integer"
    return ServiceModel(model, service)


def syntax(section, is_request):
    text = section.flush_structure().decode("utf-8")
    block = text.split("::\n\n", 1)[1]
    indent = len(block) - len(block.lstrip(" "))
    lines = [line[indent:] for line in block.split("\n")]
    while not lines[-1].strip():
        lines.pop()
    text = "\n".join(lines)
    return EMPTY.sub("{}", text) if is_request else text


def structure(section, is_request):
    text = section.flush_structure().decode("utf-8")
    found = []
    for match in TOP.finditer(text):
        found.append((match.start(), 1, match[1], match[2], match[3]))
    least = min((len(match[1]) for match in NESTED.finditer(text)), default=0)
    for match in NESTED.finditer(text):
        # A request's outermost members are not in a list; one inside itself is.
        level = len(match[1]) // 2 + 1 if is_request else (len(match[1]) - least) // 2
        found.append((match.start(), level, match[2], match[3], match[4]))
    lines = ["(dict) --"] if is_request else []
    for _, level, name, kind, required in sorted(found):
        kind = kind.replace(":ref:`document<document>`", "document")
        lines.append(" " * (4 * level) + (f"{name} " if name else "") + f"({kind}) --" + (" [REQUIRED]" if required else ""))
    return "\n".join(lines)


def text_of(section, has_input, has_output, prefix):
    returned = section.get_section("return")
    parts = []
    if has_input:
        parts.append(("Request Syntax", syntax(section.get_section("request-example"), True)))
        parts.append(("Request Structure", structure(section.get_section("request-params"), True)))
    else:
        parts += [("Request Syntax", prefix + "()"), ("Request Structure", "(dict) --")]
    if has_output:
        parts.append(("Response Syntax", syntax(returned.get_section("response-example"), False)))
        parts.append(("Response Structure", structure(returned.get_section("description"), False)))
    return "".join(f"{title}\n\n{text}\n\n" for title, text in parts)


def operation(model):
    prefix = f"response = client.{xform_name(model.name)}"
    section = DocumentStructure("operation", target="html")
    document_model_driven_method(section, "method", model, Silent(), example_prefix=prefix, include_signature=False)
    text = text_of(section, model.input_shape, model.output_shape, prefix)
    errors = list(dict.fromkeys(error.name for error in model.error_shapes))
    return text + ("Exceptions\n\n" + "\n".join(errors) + "\n\n" if errors else "")


def paginator(model, name, config):
    section = DocumentStructure("paginator", target="html")
    document_paginate_method(section, name, Silent(), model, config, include_signature=False)
    own = model.operation_model(name)
    text = text_of(section, own.input_shape, own.output_shape, "response_iterator = paginator.paginate")
    return f"paginator = client.get_paginator('{xform_name(name)}')\n\n{text}"


def streams(model):
    return (model.has_event_stream_input or model.has_event_stream_output or model.get_streaming_input()
            or model.get_streaming_output())


def differs(what, ours, theirs):
    if ours == theirs:
        return 0
    ours, theirs = ours.split("\n"), theirs.split("\n")
    at = next((i for i, (a, b) in enumerate(zip(ours, theirs)) if a != b), min(len(ours), len(theirs)))
    print(f"{what}, line {at + 1}:\n  describe {ours[at:at + 1]}\n  botocore {theirs[at:at + 1]}")
    return 1


def main():
    found = services = operations = paginators = 0
    for line in sys.stdin:
        case = json.loads(line)
        if not os.path.exists(os.path.join(case["folder"], "service-2.json")) and not os.path.exists(
            os.path.join(case["folder"], "service-2.json.gz")
        ):
            # In Smithy's notation, which botocore does not read.
            continue
        model = model_of(case["folder"], case["service"])
        pages = (load(case["folder"], "paginators-1.json") or {}).get("pagination", {})
        services += 1
        for name, ours in case["operations"].items():
            own = model.operation_model(name)
            if not streams(own):
                operations += 1
                found += differs(f"{case['service']} {name}", ours, operation(own))
        for name, ours in case["paginators"].items():
            if name in pages and not streams(model.operation_model(name)):
                paginators += 1
                found += differs(f"{case['service']} paginator {name}", ours, paginator(model, name, pages[name]))
    print(f"{operations} operations and {paginators} paginators of {services} services in boto3's notation, botocore "
          f"{botocore.__version__}: {found} differences")
    return 1 if found or not operations else 0


if __name__ == "__main__":
    sys.exit(main())
