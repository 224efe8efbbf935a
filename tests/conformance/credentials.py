"""Compares where the crate finds credentials with where botocore does, request by request.

`credentials` (an example of the tests package) makes one call of AppStream with the async and with the blocking client,
and botocore makes the same call: each in a home folder of its own with the same files, with the same variables, and with
the same scripted answers in the place of the network. All must send the same requests in the same order: method, host,
path, parameters, and the headers by which a caller is known. In the end, all must sign the call as the same caller, or
fail; and what they have stored in their home folder must be the same.

The surroundings are in `credential_cases.py`: written ones, by family, and random ones. The same seed gives the same.
Where the crate means to differ, `credential_changes.py` says how and why. A difference is one of these if botocore comes to
the same once it is changed accordingly; the fewest changes that do are counted. Every other difference is a failure.

    cargo xtask conformance --credentials            sets up botocore and runs this
"""

import argparse
import base64
import collections
import datetime
import hashlib
import itertools
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import types
import urllib.parse
from unittest import mock

# The interpreter is isolated: it does not look beside the script by itself.
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import botocore  # noqa: E402
import botocore.credentials  # noqa: E402
import botocore.endpoint  # noqa: E402
import botocore.httpsession  # noqa: E402
import botocore.loaders  # noqa: E402
import botocore.session  # noqa: E402
import botocore.tokens  # noqa: E402
import botocore.utils  # noqa: E402
from awscrt.crypto import EC  # noqa: E402
from botocore.awsrequest import AWSResponse, HeadersDict  # noqa: E402
from botocore.exceptions import ConnectionClosedError, EndpointConnectionError, ReadTimeoutError  # noqa: E402
from botocore.retries import standard  # noqa: E402

import credential_cases  # noqa: E402
from credential_changes import INTENDED  # noqa: E402

CLIENTS = ("async", "blocking")

# The call that is signed in the end: it always works.
TARGET = "PhotonAdminProxyService.DescribeFleets"
CALL = {"on": TARGET, "status": 200, "body": "{}"}

# Where commands are found.
PATH = "/usr/bin:/bin"

# Written times are compared with this tolerance, as the three calls are made one after the other.
SECONDS = 30

# How many intended changes one case may need.
CHANGES = 3

# Headers of which the whole value counts.
HEADERS = ("x-amz-target", "x-amz-security-token", "x-aws-ec2-metadata-token", "x-aws-ec2-metadata-token-ttl-seconds",
           "x-amz-sso_bearer_token", "content-type")


class Broken(BaseException):
    """Something is wrong with this script, and not with what is compared. Nobody takes it for an error of a call."""


# Surroundings.

class Surroundings:
    """A case on disk: the same for each who is asked, but for the folder."""

    def __init__(self, case, folder, now):
        self.case, self.now, self.home = case, now, folder
        files = {**case.files}
        if case.config:
            files[".aws/config"] = case.config
        if case.credentials:
            files[".aws/credentials"] = case.credentials
        for name, text in files.items():
            path = os.path.join(folder, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8", newline="") as file:
                file.write(self.filled(text))
            os.chmod(path, 0o700 if name.endswith(".sh") else 0o600)
        self.before = self.stored()
        self.env = {name: self.filled(value) for name, value in case.env.items()}
        answers = [CALL, *case.answers]
        self.answers = [{**answer, "body": self.filled(answer.get("body", "")).encode()} for answer in answers]

    def filled(self, text):
        text = text.replace("{home}", self.home)
        return re.sub(r"\{now([+-]\d+)(?::(\w+))?\}", lambda found: self.time(int(found[1]), found[2] or "iso"), text)

    def time(self, seconds, form):
        moment = datetime.datetime.fromtimestamp(self.now + seconds, datetime.timezone.utc)
        plain = moment.strftime("%Y-%m-%dT%H:%M:%S")
        east = datetime.timezone(datetime.timedelta(hours=2))
        return {
            "iso": plain + "Z",
            "utc": plain + "UTC",
            "naive": plain,
            "space": plain.replace("T", " ") + "Z",
            "offset": moment.astimezone(east).strftime("%Y-%m-%dT%H:%M:%S+02:00"),
            "zero": plain + "+00:00",
            "fraction": plain + ".123456Z",
            "compact": plain.replace("-", "").replace(":", "") + "Z",
            "http": moment.strftime("%a, %d %b %Y %H:%M:%S GMT"),
            "epoch": str(self.now + seconds),
            "ms": str((self.now + seconds) * 1000),
        }[form]

    def stored(self):
        """All files of the home folder: contents, and who may read them."""
        found = {}
        for folder, _, names in os.walk(self.home):
            for name in names:
                path = os.path.join(folder, name)
                with open(path, "rb") as file:
                    text = file.read().decode()
                found[os.path.relpath(path, self.home)] = (oct(os.stat(path).st_mode & 0o777), text)
        return found

    def changed(self):
        """The files that are new or another: as JSON, with times as distance from now."""
        after = self.stored()
        changes = {name: None for name in self.before if name not in after}
        for name, (mode, text) in after.items():
            if self.before.get(name) != (mode, text):
                changes[name] = [mode, self.without_times(json.loads(text))]
        return changes

    def without_times(self, value):
        if isinstance(value, dict):
            return {key: self.without_times(inner) for key, inner in value.items()}
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", value):
            moment = datetime.datetime.strptime(value, "%Y-%m-%dT%H:%M:%S%z").timestamp()
            return f"now{round((moment - self.now) / SECONDS) * SECONDS:+}"
        return value


class Script:
    """Scripted answers, for botocore."""

    def __init__(self, surroundings):
        self.answers = [{**answer, "left": answer.get("times", 1_000)} for answer in surroundings.answers]
        self.sent = []

    def send(self, _session, request):
        # Recorded as it is: what is wrong with it is no error of a call.
        try:
            body = request.body or b""
            body = body if isinstance(body, bytes) else body.encode()
            headers = {name.lower(): text(value) for name, value in request.headers.items()}
            self.sent.append({"method": request.method, "url": request.url, "headers": headers, "body": body})
            whole = f"{request.method} {request.url} {headers.get('x-amz-target', '')} {body.decode('utf-8', 'replace')}"
        except Exception as error:
            raise Broken(f"cannot record {request}: {error!r}") from error
        for answer in self.answers:
            if answer["left"] > 0 and answer["on"] in whole:
                answer["left"] -= 1
                return given(request.url, answer)
        raise EndpointConnectionError(endpoint_url=request.url, error="nobody is scripted to listen")


def text(value):
    return value.decode() if isinstance(value, bytes) else str(value)


def given(url, answer):
    if answer.get("fail") == "connect":
        raise EndpointConnectionError(endpoint_url=url, error="as scripted")
    if answer.get("fail") == "exchange":
        raise ConnectionClosedError(endpoint_url=url)
    if answer.get("fail"):
        raise ReadTimeoutError(endpoint_url=url)
    response = AWSResponse(url, answer["status"], HeadersDict(answer.get("headers", {})), None)
    response._content = answer["body"]
    return response


# Those who are asked.

def no_terminal(*_):
    raise EOFError("nobody can be asked for a code")


def take_over():
    """Takes the pauses out of botocore, and the terminal."""
    pause = lambda _seconds: None
    standard.RetryHandler.__init__.__defaults__ = (None, pause)
    botocore.endpoint.time = types.SimpleNamespace(sleep=pause)
    botocore.utils.ContainerMetadataFetcher.__init__.__defaults__ = (None, pause)
    _, *others = botocore.credentials.AssumeRoleProvider.__init__.__defaults__
    botocore.credentials.AssumeRoleProvider.__init__.__defaults__ = (no_terminal, *others)


class Botocore:
    def __init__(self):
        # Models are read once for all sessions.
        self.loader = botocore.loaders.create_loader()

    def variables(self, surroundings):
        env = {**surroundings.env, "HOME": surroundings.home, "PATH": PATH}
        # The older name is the only one that botocore knows.
        if env.get("AWS_REGION"):
            env["AWS_DEFAULT_REGION"] = env["AWS_REGION"]
        return env

    def play(self, surroundings, changes=()):
        script, error = Script(surroundings), None
        cache = os.path.join(surroundings.home, ".aws", "sso", "cache")
        patches = [
            mock.patch.dict(os.environ, self.variables(surroundings), clear=True),
            mock.patch.object(botocore.httpsession.URLLib3Session, "send", lambda *args: script.send(*args)),
            # These are read when botocore is imported.
            mock.patch.object(botocore.credentials.SSOProvider, "_SSO_TOKEN_CACHE_DIR", cache),
            mock.patch.object(botocore.tokens.SSOTokenProvider, "_SSO_TOKEN_CACHE_DIR", cache),
        ]
        for patch in patches:
            patch.start()
        try:
            session = botocore.session.Session()
            session.register_component("data_loader", self.loader)
            for patch in itertools.chain.from_iterable(change.patches(session) for change in changes):
                patch.start()
                patches.append(patch)
            session.create_client("appstream", region_name=surroundings.case.region).describe_fleets()
        except Exception as caught:
            error = f"{type(caught).__name__}: {caught}"
        finally:
            for patch in reversed(patches):
                patch.stop()
        return Outcome(surroundings, script.sent, error)


class Crate:
    def __init__(self, program):
        # Commands of profiles write to it too, so it is shown only if the program ends.
        self.said = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.said, text=True,
                                        encoding="utf-8", env={"PATH": PATH})

    def play(self, surroundings, client):
        answers = []
        for answer in surroundings.answers:
            answer = {**answer, "body_base64": base64.b64encode(answer["body"]).decode()}
            del answer["body"]
            answers.append(answer)
        line = {"client": client, "home": surroundings.home, "env": surroundings.env,
                "region": surroundings.case.region, "answers": answers}
        self.process.stdin.write(json.dumps(line) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            self.said.seek(0)
            raise Broken(f"the program has ended: {surroundings.case.name}\n{self.said.read()[-2000:]}")
        answer = json.loads(answer)
        for request in answer["sent"]:
            request["body"] = base64.b64decode(request.pop("body_base64"))
        return Outcome(surroundings, answer["sent"], answer["error"])


# What is compared.

class Outcome:
    """What somebody has sent, and what it came to."""

    def __init__(self, surroundings, sent, error):
        self.error = error
        self.requests = [described(request, surroundings) for request in sent]
        # The caller that the call was signed as.
        self.caller = None
        if self.requests and self.requests[-1]["to"] == "call":
            last = self.requests[-1]
            self.caller = (last["headers"].get("authorization"), last["headers"].get("x-amz-security-token"))
        self.stored = surroundings.changed()

    def ok(self):
        return self.error is None

    def told(self):
        told = "an error" if self.error else self.caller
        lines = [line(request) for request in self.requests]
        stored = [f"stored {name}: {content}" for name, content in self.stored.items()]
        return "\n".join(f"    {entry}" for entry in [*lines, *stored, f"{told}" + (f": {self.error}" if self.error else "")])


def line(request):
    headers = ", ".join(f"{name}: {value}" for name, value in sorted(request["headers"].items()))
    return f"{request['method']} {request['host']}{request['path']} {request['params']} {headers}"


def described(request, surroundings):
    url = urllib.parse.urlsplit(request["url"])
    headers, body = request["headers"], request["body"].decode("utf-8", "replace")
    params = dict(urllib.parse.parse_qsl(url.query, keep_blank_values=True))
    if headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        params.update(urllib.parse.parse_qsl(body, keep_blank_values=True))
    elif body.startswith("{"):
        params.update(flat(json.loads(body)))
    name = params.get("RoleSessionName")
    if name is not None and not is_given(name, surroundings.case):
        params["RoleSessionName"] = "<a name of its own>"
    known = {name: headers[name] for name in HEADERS if name in headers}
    if "content-type" in known:
        known["content-type"] = known["content-type"].lower().replace(" ", "")
    if "authorization" in headers:
        known["authorization"] = authorization(headers["authorization"])
    if "dpop" in headers:
        known["dpop"] = proof(headers["dpop"], surroundings)
    known = {name: value.replace(surroundings.home, "~") for name, value in known.items()}
    described = {"method": request["method"], "host": f"{url.scheme}://{url.netloc.lower()}", "path": url.path or "/",
                 "params": params, "headers": known}
    return {"to": addressee(described), **described}


def is_given(name, case):
    return any(name in given for given in (case.config, case.credentials, *case.env.values()))


def flat(value, prefix=""):
    for key, inner in value.items():
        if isinstance(inner, dict):
            yield from flat(inner, f"{prefix}{key}.")
        else:
            yield prefix + key, inner


def authorization(value):
    """Who signs, and for which service; without the day, and the signature, which no two share."""
    found = re.match(r"AWS4-HMAC-SHA256 Credential=([^/]*)/\d{8}/([^/]*)/([^/]*)/aws4_request,", value)
    return f"{found[1]} for {found[3]} in {found[2]}" if found else value


def proof(value, surroundings):
    """What a proof of possession says, and whether the key of the surroundings has signed it."""
    try:
        head, claims, signature = value.split(".")
        signed = hashlib.sha256(f"{head}.{claims}".encode()).digest()
        key = credential_cases.login_key()
        x, y = key.get_public_coords()
        head, claims = json.loads(decoded(head)), json.loads(decoded(claims))
        raw = decoded(signature)
        good = key.verify(signed, EC.encode_raw_signature(type(EC.decode_der_signature(key.sign(signed)))(raw[:32], raw[32:])))
        good = good and (decoded(head["jwk"].pop("x")), decoded(head["jwk"].pop("y"))) == (x, y)
        recent = abs(claims.pop("iat") - surroundings.now) < 120
        name = bool(re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", claims.pop("jti")))
        return f"{json.dumps(head, sort_keys=True)} {json.dumps(claims, sort_keys=True)} good: {good}, {recent}, {name}"
    except (KeyError, ValueError, TypeError) as error:
        return f"no proof: {error!r}"


def decoded(part):
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def addressee(request):
    """The service that a request is for, whatever its host."""
    path, params = request["path"], request["params"]
    if request["headers"].get("x-amz-target") == TARGET:
        return "call"
    if "Action" in params:
        return "sts"
    if path.endswith("/federation/credentials"):
        return "sso"
    if "clientSecret" in params:
        return "sso-oidc"
    if "dpop" in request["headers"] or path.endswith("/v1/token"):
        return "signin"
    if "/latest/" in path:
        return "instance"
    return "container"


# Differences.

def differences(ours, theirs):
    """What is different, as short words: the first request that is, and what it came to."""
    for our, their in itertools.zip_longest(ours.requests, theirs.requests):
        if our is None or their is None:
            yield f"a request to {(our or their)['to']} is {'missing' if our is None else 'more'}"
            break
        if our["to"] != their["to"]:
            yield f"{our['to']} is asked and not {their['to']}"
            break
        parts = [part for part in ("method", "host", "path", "params", "headers") if our[part] != their[part]]
        if parts:
            yield f"a request to {our['to']} has {' and '.join(map(described_part(our, their), parts))}"
            break
    if ours.ok() != theirs.ok():
        yield "an error, where botocore has a caller" if theirs.ok() else "a caller, where botocore has an error"
    elif ours.ok() and ours.caller != theirs.caller:
        yield "another caller"
    if ours.stored != theirs.stored:
        yield "something else is stored"


def described_part(our, their):
    def of(part):
        if part in ("params", "headers"):
            ours, theirs = our[part], their[part]
            names = sorted(name for name in {*ours, *theirs} if ours.get(name) != theirs.get(name))
            return f"another {'/'.join(names)}"
        return f"another {part}"
    return of


class Report:
    def __init__(self):
        self.cases = collections.Counter()
        self.outcomes = collections.Counter()
        self.requests = 0
        self.intended = collections.Counter()
        self.kinds = collections.defaultdict(list)
        self.failures = 0

    def count(self, case, theirs):
        self.cases[case.family] += 1
        self.outcomes["good" if theirs.ok() else "refused"] += 1
        self.requests += len(theirs.requests)

    def differs(self, case, client, ours, theirs, shown):
        found = list(differences(ours, theirs))
        self.failures += 1
        for kind in found[:1] if found[0].startswith("a request") or " is asked " in found[0] else found:
            self.kinds[kind].append(f"{case.name}, {client}")
        if self.failures <= shown:
            print(f"\n{case.name}, {client}: {'; '.join(found)}\n{case.told()}\n  crate\n{ours.told()}\n  botocore\n{theirs.told()}")

    def print(self):
        for family, count in self.cases.items():
            print(f"{count:6} surroundings: {family}")
        print("differences that are meant:")
        for key, change in INTENDED.items():
            print(f"{self.intended[key]:6} {key}: {change.reason}")
        if self.kinds:
            print("other differences:")
        for kind, where in sorted(self.kinds.items(), key=lambda entry: -len(entry[1])):
            print(f"{len(where):6} {kind}: such as {where[0]}")
        unused = [key for key in INTENDED if not self.intended[key]]
        for key in unused:
            print(f"meant, and not seen: {key}")
        print(f"{sum(self.cases.values())} surroundings with {self.requests} requests of botocore {botocore.__version__}, "
              f"which finds a caller in {self.outcomes['good']}; both clients: {self.failures} other differences")
        return not self.failures and not unused


class Judge:
    def __init__(self, program, folder, shown):
        self.crate, self.botocore = Crate(program), Botocore()
        self.folder, self.shown, self.report = folder, shown, Report()

    def surroundings(self, case, name, now):
        home = os.path.join(self.folder, name)
        shutil.rmtree(home, ignore_errors=True)
        os.makedirs(home)
        return Surroundings(case, home, now)

    def play(self, case):
        now = int(datetime.datetime.now().timestamp())
        theirs = self.botocore.play(self.surroundings(case, "botocore", now))
        self.report.count(case, theirs)
        for client in CLIENTS:
            ours = self.crate.play(self.surroundings(case, client, now), client)
            if not any(differences(ours, theirs)):
                continue
            changes = self.explained(case, ours, theirs, now)
            if changes is None:
                self.report.differs(case, client, ours, theirs, self.shown)
            else:
                self.report.intended.update(changes)

    def explained(self, case, ours, theirs, now):
        """The fewest intended changes with which botocore comes to the same; nothing if there are none."""
        tried = [((), case, theirs)]
        for chosen, given, came_to in tried:
            for key, change in INTENDED.items():
                # What there is to change may show only after other changes.
                if key in chosen or len(chosen) == CHANGES or not change.is_worth_trying(given, came_to):
                    continue
                changes = (*chosen, key)
                changed_case = change.case(given)
                changed = self.botocore.play(self.surroundings(changed_case, "botocore", now),
                                             [INTENDED[key] for key in changes])
                if not any(differences(ours, changed)):
                    return changes
                tried.append((changes, changed_case, changed))
        return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True, help="the example `credentials`")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--random", type=int, default=300, help="how many random surroundings")
    parser.add_argument("--only", default="", help="only cases with this in their names")
    parser.add_argument("--shown", type=int, default=10, help="how many differences to show")
    args = parser.parse_args()
    take_over()
    cases = itertools.chain(credential_cases.written(), credential_cases.random_ones(random.Random(args.seed), args.random))
    with tempfile.TemporaryDirectory(prefix="surroundings") as folder:
        judge = Judge(args.program, os.path.realpath(folder), args.shown)
        for case in cases:
            if args.only in case.name:
                judge.play(case)
    sys.exit(not judge.report.print())


if __name__ == "__main__":
    main()
