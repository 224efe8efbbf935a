"""Compares a generated crate with botocore, operation by operation.

`wire` (a program of this workspace, or one made for some services) makes requests and reads responses with the generated
crate; botocore does the same with its own serializers and parsers, from the same models. Both must agree, but for the
differences listed in `INTENDED` of cases.py. The cases are random, and the same on every run with one seed.

    cargo xtask conformance            sets up botocore and runs this
"""

import argparse
import gzip
import json
import os
import sys
import time

# Isolated, Python does not look beside the script.
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import botocore  # noqa: E402
from botocore.model import ServiceModel  # noqa: E402

from cases import INTENDED, Case, Comparison, Wire  # noqa: E402
from http_cases import RestJsonCase  # noqa: E402
from xml_cases import QueryCase, RestXmlCase  # noqa: E402

# What each protocol is compared by.
CASES = {
    "json": Case,
    "smithy-rpc-v2-cbor": Case,
    "rest-json": RestJsonCase,
    "rest-xml": RestXmlCase,
    "query": QueryCase,
    "ec2": QueryCase,
}

# What the crate can say to every service that speaks one of them, whatever else the model says.
EVERYWHERE = ("json", "smithy-rpc-v2-cbor")

BOTOCORES_NAMES = {
    "awsJson1_0": "json",
    "awsJson1_1": "json",
    "rpcv2Cbor": "smithy-rpc-v2-cbor",
    "restJson1": "rest-json",
    "restXml": "rest-xml",
    "awsQuery": "query",
    "ec2Query": "ec2",
}

# Of errors with one code botocore takes the last, and the crate the one whose name it is;
# a blob that streams, and is no payload, is none to botocore;
# two members of one name are one element to it, and an element is no value.
EXCLUDED = ("error-codes-clashing.Run", "event-stream.Fetch", "s3.GetBucketNotification")


def is_streaming(operation):
    """Whether the crate does not have the operation."""
    streams = (operation.has_event_stream_input, operation.has_event_stream_output, operation.has_streaming_input,
               operation.has_streaming_output)
    return any(streams)


def load(models, service):
    folder = os.path.join(models, service)
    # Beside the folders of its versions a service may have an overlay.
    version = max(entry for entry in os.listdir(folder) if os.path.isdir(os.path.join(folder, entry)))
    path = os.path.join(folder, version, "service-2.json")
    if not os.path.exists(path) and not os.path.exists(path + ".gz"):
        # In Smithy's notation, which botocore does not read.
        return None
    opened = open(path, "rb") if os.path.exists(path) else gzip.open(path + ".gz")
    with opened as file:
        model = json.load(file)
    # The crate has answers for models without these, botocore does not.
    metadata = model["metadata"]
    lists_json = "json" in metadata.get("protocols", [metadata.get("protocol")])
    metadata.setdefault("jsonVersion", "1.0" if lists_json else "1.1")
    metadata.setdefault("targetPrefix", service)
    return ServiceModel(model, service)


def protocols(program, services):
    """What of each service's protocols its crate speaks, in botocore's words."""
    wire, spoken = Wire(program), {}
    for service in services:
        def told(answer, service=service):
            names = (BOTOCORES_NAMES[name] for name in answer.get("protocols", ()))
            # Two versions of JSON are one protocol to botocore.
            spoken[service] = list(dict.fromkeys(names))
        wire.ask({"kind": "protocols", "service": service}, told)
    wire.run()
    return spoken


def compare(comparison, arguments, services, models, left_out):
    """Asks about all operations."""
    spoken = protocols(arguments.wire, services)
    for service in services:
        if not arguments.modelled and set(spoken[service]) & set(EVERYWHERE):
            spoken[service] = EVERYWHERE
        for name in models[service].operation_names:
            operation = models[service].operation_model(name)
            if f"{service}.{name}" in left_out or not arguments.modelled and is_streaming(operation):
                continue
            comparison.operations += 1
            for protocol in spoken[service]:
                case = CASES[protocol](comparison, service, operation, protocol)
                if not arguments.modelled:
                    # Fixtures have prefixes that botocore refuses.
                    case.without_hosts()
                case.run(arguments.rounds)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--wire", required=True, help="the program")
    arguments.add_argument("--models", required=True, help="folder with a folder per service")
    arguments.add_argument("--services", nargs="*", help="names of those folders; all without it")
    arguments.add_argument("--modelled", action="store_true", help="the protocols of each service, instead of JSON and CBOR")
    arguments.add_argument("--left-out", nargs="*", default=[], help="operations that the crate does not have")
    arguments.add_argument("--seed", default="1")
    arguments.add_argument("--rounds", type=int, default=4, help="random values of each input and output")
    arguments = arguments.parse_args()

    start = time.monotonic()
    comparison = Comparison(Wire(arguments.wire), arguments.seed)
    services = sorted(entry for entry in os.listdir(arguments.models) if os.path.isdir(os.path.join(arguments.models, entry)))
    services = [service for service in services if not arguments.services or service in arguments.services]
    models = {service: load(arguments.models, service) for service in services}
    services = [service for service in services if models[service]]
    compare(comparison, arguments, services, models, {*EXCLUDED, *arguments.left_out})
    comparison.wire.run()

    found = comparison.report()
    print(f"{comparison.operations} operations of {len(services)} services, botocore {botocore.__version__}, seed {arguments.seed}: "
          + ", ".join(f"{count} of kind {kind!r}" for kind, count in comparison.counts.items()))
    for key, count in sorted(comparison.intended.items()):
        print(f"  intended difference, {count} times: {INTENDED[key]}")
    print(f"{found} other differences, {time.monotonic() - start:.1f} s")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
