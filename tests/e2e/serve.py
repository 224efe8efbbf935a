"""Gets a moto server ready for `cargo xtask e2e`, and says so in one line of JSON on stdout.

    serve.py                    starts a server, and stops it when stdin ends: however xtask ends, the server goes too
    serve.py --keep             starts a server that goes on until it is ended
    serve.py --endpoint URL     uses one that was kept

What the scenario begins with is made with boto3: a network, and one Simple AD directory for each of its clients.
"""

import argparse
import json
import os
import sys
import threading
import time

import boto3
from botocore.config import Config

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


def start():
    """A server on a free port of the loopback interface, and its URL."""
    from moto.server import ThreadedMotoServer

    give_pages()
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
