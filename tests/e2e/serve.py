"""Gets a moto server ready for `cargo xtask e2e`, and says so in one line of JSON on stdout.

    serve.py                    starts a server, and stops it when stdin ends: however xtask ends, the server goes too
    serve.py --keep             starts a server that goes on until it is ended
    serve.py --endpoint URL     uses one that was kept

What the scenario begins with is made with boto3: a network, and one Simple AD directory for each of its clients.

moto has no pages of WorkSpaces, and no CBOR: they are added here, by its own paginator and botocore's codecs.
"""

import argparse
import io
import json
import os
import sys
import threading
import time

import boto3
import botocore.session
from botocore import parsers, serialize
from botocore.config import Config
from botocore.model import ShapeResolver

REGION = "eu-west-1"
CLIENTS = ("async", "blocking")
# How many WorkSpaces come at once where the request does not say; tests/src/bin/e2e/scenario.rs knows it.
PAGE = 25


def give_pages():
    """Lets moto, which gives all WorkSpaces at once, use its own paginator for them, as it does for other services."""
    from moto.utilities.paginator import paginate
    from moto.workspaces.responses import WorkSpacesResponse

    at_once = WorkSpacesResponse.describe_workspaces

    def describe_workspaces(self):
        asked = json.loads(self.body)

        @paginate({"page": {"limit_key": "Limit", "limit_default": PAGE, "input_token": "NextToken",
                            "unique_attribute": "WorkspaceId"}})
        def page(**_):
            return json.loads(at_once(self))["Workspaces"]

        workspaces, token = page(**asked)
        return json.dumps({"Workspaces": workspaces, "NextToken": token})

    WorkSpacesResponse.describe_workspaces = describe_workspaces


CBOR, JSON = "smithy-rpc-v2-cbor", "json"
# The one service that is called in CBOR. A scenario calls another, to see what a client does where there is none.
IN_CBOR = "cloudwatch"
TEXTS = {"Texts": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Text"}}, "Text": {"type": "string"}}


def speak_cbor():
    """Lets moto be called in CBOR: botocore's codecs make a call in JSON of it, and an answer in CBOR of moto's."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication

    at_first = DomainDispatcherApplication.__call__
    model = botocore.session.Session().get_service_model(IN_CBOR)
    writer = serialize.create_serializer(CBOR, include_validation=False)
    errors = ShapeResolver(TEXTS).get_shape_by_name("Texts")
    path = f"/service/{model.metadata['targetPrefix']}/operation/"

    def parsed(protocol, body, shape):
        read = parsers.create_parser(protocol).parse({"body": body, "headers": {}, "status_code": 200}, shape)
        read.pop("ResponseMetadata", None)
        return read

    def written(value, shape):
        body = bytearray()
        writer._serialize_data_item(body, value, shape)
        return bytes(body)

    def call(self, environ, start_response):
        if not environ["PATH_INFO"].startswith(path):
            return at_first(self, environ, start_response)
        if environ.get("HTTP_SMITHY_PROTOCOL") != "rpc-v2-cbor":
            raise ValueError(f"the header smithy-protocol is {environ.get('HTTP_SMITHY_PROTOCOL')}")
        operation = model.operation_model(environ["PATH_INFO"].removeprefix(path))
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        asked = serialize.create_serializer(JSON).serialize_to_request(
            parsed(CBOR, body, operation.input_shape), operation)
        headers = {"HTTP_" + name.upper().replace("-", "_"): value for name, value in asked["headers"].items()}
        inside = {**environ, **headers, "PATH_INFO": "/", "REQUEST_URI": "/", "RAW_URI": "/",
                  "CONTENT_TYPE": asked["headers"]["Content-Type"], "CONTENT_LENGTH": str(len(asked["body"])),
                  "wsgi.input": io.BytesIO(asked["body"])}

        said = {}
        answer = b"".join(at_first(self, inside, lambda status, headers, *_: said.update(status=status, headers=headers)))
        if not said["status"].startswith("2"):
            texts = {key: str(value) for key, value in json.loads(answer).items()}
            answer = written(texts, errors)
        elif operation.output_shape:
            answer = written(parsed(JSON, answer, operation.output_shape), operation.output_shape)
        else:
            answer = b""
        replaced = {"content-type": "application/cbor", "content-length": str(len(answer))}
        headers = [(name, value) for name, value in said["headers"] if name.lower() not in replaced]
        start_response(said["status"], [*headers, *replaced.items(), ("smithy-protocol", "rpc-v2-cbor")])
        return [answer]

    DomainDispatcherApplication.__call__ = call


def start():
    """A server on a free port of the loopback interface, and its URL."""
    from moto.server import ThreadedMotoServer

    give_pages()
    speak_cbor()
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    # Were it to fail, it would never say that it is ready.
    threading.excepthook = lambda failed: (sys.__excepthook__(*failed[:3]), os._exit(1))
    server.start()
    host, port = server.get_host_and_port()
    return f"http://{host}:{port}"


def set_up(endpoint):
    """What the scenario needs to know."""

    def client(service):
        # A proxy of the environment is not for the loopback interface.
        return boto3.client(service, region_name=REGION, endpoint_url=endpoint, aws_access_key_id="e2e",
                            aws_secret_access_key="e2e", config=Config(proxies={}, retries={"max_attempts": 0}))

    ec2, ds = client("ec2"), client("ds")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = []
    for number, zone in enumerate("ab"):
        made = ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=REGION + zone)
        subnets.append(made["Subnet"]["SubnetId"])
    settings = {"VpcId": vpc, "SubnetIds": subnets}

    def directory(of):
        # The same server may be used again.
        name = f"{of}-{time.time_ns()}.example.com"
        made = ds.create_directory(Name=name, Password="Not-a-secret-1", Size="Small", VpcSettings=settings)
        return {"client": of, "id": made["DirectoryId"], "name": name, "subnets": subnets}

    return {"endpoint": endpoint, "region": REGION, "directories": [directory(of) for of in CLIENTS]}


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--endpoint", metavar="URL")
    options.add_argument("--keep", action="store_true")
    options = options.parse_args()

    # Nothing else may come on stdout: whatever prints, prints into the log.
    answer, sys.stdout = sys.stdout, sys.stderr
    ready = set_up(options.endpoint or start())
    print(json.dumps(ready), file=answer, flush=True)
    if options.endpoint:
        return
    if options.keep:
        threading.Event().wait()
    sys.stdin.read()


if __name__ == "__main__":
    main()
