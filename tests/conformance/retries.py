"""Compares how the crate retries with botocore's standard and adaptive mode, call by call.

`retries` (an example of the tests package) makes calls against a scripted service; here a client of botocore makes the
same calls. Both have the same outcomes, the same random numbers and the same clock, which moves by what attempts take
and by pauses. When each request is sent, and after each call, both must have the same time, the same tokens left in
the budget for retries, and the same limit of requests per second.

First every kind of outcome is tried by itself: the differences that are found there must be those of `INTENDED`. Then
random scripts of calls are made of outcomes without such a difference. The same seed gives the same scripts.

    cargo xtask conformance --retries            sets up botocore and runs this
"""

import argparse
import collections
import io
import itertools
import json
import math
import os
import random
import subprocess
import sys
import types

import botocore.endpoint
import botocore.session
from botocore.awsrequest import AWSResponse, HeadersDict
from botocore.config import Config
from botocore.exceptions import (ConnectionClosedError, ConnectTimeoutError, HTTPClientError, ReadTimeoutError)
from botocore.retries import adaptive, bucket, quota, standard

NANOS = 1_000_000_000

# Where the crate means to decide otherwise than botocore, and why. The key is what a summary counts.
INTENDED = {
    "mark": "an overlay says of an error whether it passes, is throttling, or never passes",
    "no HTTP": "what answers with no HTTP, or too much, does so again: no other attempt; botocore's HTTP client makes one",
    "other operation's error": "an error is what the service's model says of it; botocore asks if the operation has it",
    "digits": "x-amz-retry-after is ASCII digits; Python's int() takes 1_000 too",
}

# And one that would be in every later call, so no script has it: where the budget of a long poll is empty, botocore's
# rate limiter hears of the answer after the pause that follows it, the crate's before.
NOT_ADAPTIVE = ("sqs", "ReceiveMessage")

# What is called: service, operation, parameters.
OPERATIONS = [
    ("appstream", "StartFleet", {"Name": "a"}),
    ("appstream", "CreateFleet", {"Name": "a", "InstanceType": "b"}),
    ("workspaces", "DescribeWorkspaces", {}),
    ("workspaces", "DeleteTags", {"ResourceId": "a", "TagKeys": ["b"]}),
    ("errors", "Run", {}),
    ("errors", "Walk", {}),
    ("dynamodb", "ListTables", {}),
    ("sqs", "ReceiveMessage", {"QueueUrl": "http://localhost/queue"}),
    ("sqs", "ListQueues", {}),
]

# Services of which the program knows no errors.
WITHOUT_ERRORS = ("dynamodb", "sqs")

STATUSES = (200, 307, 400, 403, 404, 408, 413, 429, 500, 501, 502, 503, 504, 505, 509, 529)

THROTTLING = standard.ThrottledRetryableChecker._THROTTLED_ERROR_CODES

CODES = sorted({
    *standard.TransientRetryableChecker._TRANSIENT_ERROR_CODES,
    *THROTTLING,
    "AccessDeniedException", "InternalError", "InternalFailure", "InternalServerError", "ServiceUnavailable",
    "IDPCommunicationError", "ValidationException", "NobodyKnows", "throttling", "Throttled", "TooManyRequests",
})

RETRY_AFTER = ("0", "1", "700", "3000", "4999", "5000", "5001", "60000", " 250 ", "+40", "-1", "-0", "1.5", "soon", "",
               "1e3", "1_000", "9" * 18, "9" * 30)

FAILURES = {
    "connect": lambda: ConnectTimeoutError(endpoint_url="http://localhost"),
    "exchange": lambda: ConnectionClosedError(endpoint_url="http://localhost"),
    "timeout": lambda: ReadTimeoutError(endpoint_url="http://localhost"),
    "response": lambda: HTTPClientError(error="no HTTP"),
}


class World:
    """Clock, service and randomness of botocore's side."""

    def __init__(self):
        self.time = 0
        self.random = 0.0
        self.outcomes = []
        self.sent = []
        self.quota = None
        self.limiter = None

    def now(self):
        return self.time / NANOS

    def sleep(self, seconds):
        self.time += round(seconds * NANOS)

    def state(self):
        rate = self.limiter._token_bucket.max_rate if self.limiter and self.limiter._enabled else None
        return [self.time, self.quota.available_capacity, rate]

    def answer(self, request, **_):
        self.sent.append(self.state())
        outcome = self.outcomes.pop(0)
        self.random = outcome["random"]
        self.time += outcome["takes"]
        if "fail" in outcome:
            raise FAILURES[outcome["fail"]]()
        response = AWSResponse(request.url, outcome["status"], HeadersDict(outcome["headers"]), io.BytesIO())
        response._content = outcome["body"].encode()
        return response


WORLD = World()


class Quota(quota.RetryQuota):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        WORLD.quota = self


class Clock(bucket.Clock):
    def sleep(self, amount):
        WORLD.sleep(amount)

    def current_time(self):
        return WORLD.now()


class Condition:
    """A condition that nobody else notifies: who waits lets the time pass, in whole nanoseconds."""

    def __init__(self, *_):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return False

    def notify(self):
        pass

    def wait(self, seconds):
        WORLD.time += max(1, math.ceil(seconds * NANOS))


def take_over():
    """Puts the script's clock, randomness and sleep in place of the machine's."""
    quota.RetryQuota = Quota
    bucket.Clock = Clock
    bucket.threading = types.SimpleNamespace(Lock=bucket.threading.Lock, Condition=Condition)
    botocore.endpoint.time = types.SimpleNamespace(sleep=WORLD.sleep)
    backoff, handler = standard.ExponentialBackoff.__init__, standard.RetryHandler.__init__
    backoff.__defaults__ = (20, lambda: WORLD.random, None, None)
    handler.__defaults__ = (None, WORLD.sleep)
    register = adaptive.register_retry_handler

    def remembered(client):
        WORLD.limiter = register(client)
        return WORLD.limiter

    adaptive.register_retry_handler = remembered


class Botocore:
    def __init__(self, fixtures):
        self.session = botocore.session.Session()
        self.session.set_credentials("AKIAIOSFODNN7EXAMPLE", "a secret")
        loader = self.session.get_component("data_loader")
        loader.search_paths.append(fixtures)
        load = loader.load_service_model

        def complete(service, *args, **kwargs):
            model = load(service, *args, **kwargs)
            if "metadata" in model:
                # botocore needs more than the fixtures' models have.
                for key, value in (("serviceId", service), ("endpointPrefix", service), ("signatureVersion", "v4")):
                    model["metadata"].setdefault(key, value)
            return model

        loader.load_service_model = complete

    def client(self, script):
        retries = {"mode": script["mode"]}
        if script["max_attempts"] is not None:
            retries["total_max_attempts"] = script["max_attempts"]
        return self.session.create_client(script["service"], region_name="eu-west-1", endpoint_url="http://localhost",
                                          config=Config(retries=retries, parameter_validation=False))

    def play(self, script):
        WORLD.time, WORLD.limiter = script["start"], None
        client = self.client(script)
        client.meta.events.register_last("before-send", WORLD.answer)
        params = next(params for service, name, params in OPERATIONS
                      if (service, name) == (script["service"], script["operation"]))
        calls = []
        for call in script["calls"]:
            WORLD.time += call["after"]
            WORLD.outcomes, WORLD.sent = list(call["outcomes"]), []
            try:
                client._make_api_call(script["operation"], params)
                ok = True
            except Exception as error:
                ok = False
                if isinstance(error, (IndexError, KeyError, TypeError, AttributeError)):
                    raise
            calls.append({"sent": WORLD.sent, "ended": WORLD.state(), "ok": ok})
        return calls

    def errors(self, service, operation):
        model = self.session.get_service_model(service)
        of = lambda shapes: {shape.metadata.get("error", {}).get("code") or shape.name for shape in shapes}
        return of(model.operation_model(operation).error_shapes), of(model.error_shapes)


class Crate:
    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, line):
        self.process.stdin.write(json.dumps(line) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            sys.exit("the program has ended")
        return json.loads(answer)

    def play(self, script):
        return self.ask(script)["calls"]

    def marks(self, service, codes):
        codes = sorted(codes)
        return {code: mark for code, mark in zip(codes, self.ask({"marks": service, "codes": codes})["marks"]) if mark}


def same_state(ours, theirs):
    (our_time, our_tokens, our_rate), (their_time, their_tokens, their_rate) = ours, theirs
    # Pauses are rounded to nanoseconds, by each side at other places.
    same_time = abs(our_time - their_time) <= 2_000
    if our_rate is None or their_rate is None:
        same_rate = our_rate is their_rate
    else:
        same_rate = math.isclose(our_rate, their_rate, rel_tol=1e-6)
    return same_time and our_tokens == their_tokens and same_rate


def same_call(ours, theirs):
    return (ours["ok"] == theirs["ok"] and len(ours["sent"]) == len(theirs["sent"])
            and same_state(ours["ended"], theirs["ended"])
            and all(map(same_state, ours["sent"], theirs["sent"])))


def outcome_of(status, code, headers=()):
    body = "{}" if code is None else json.dumps({"__type": code, "message": "as scripted"})
    return {"status": status, "headers": dict(headers), "body": body}


def kinds(errors_of_service):
    """Every outcome that is tried by itself."""
    for status, code in itertools.product(STATUSES, [None, *sorted({*CODES, *errors_of_service})]):
        if status != 200 or code is None:
            yield outcome_of(status, code)
    for status in (400, 429, 500, 502, 503):
        yield {"status": status, "headers": {}, "body": ""}
        yield {"status": status, "headers": {}, "body": "<html>"}
    answers = [(500, None), (400, "ThrottlingException"), (400, "NobodyKnows")]
    for value, (status, code) in itertools.product(RETRY_AFTER, answers):
        yield outcome_of(status, code, [("x-amz-retry-after", value), ("retry-after", "7")])
    for fail in FAILURES:
        yield {"fail": fail}


def with_chance(outcome, rng, longest=0.3):
    return {**outcome, "random": rng.random(), "takes": int(rng.random() ** 3 * longest * NANOS)}


def difference(outcome, code, marks, model_marks, own, of_service):
    """Which of the intended differences an outcome has."""
    if outcome.get("fail") == "response":
        return "no HTTP"
    if marks.get(code) != model_marks.get(code):
        return "mark"
    if code in of_service and code not in own and (code in marks or outcome.get("status") == 429):
        return "other operation's error"
    if "_" in outcome.get("headers", {}).get("x-amz-retry-after", ""):
        return "digits"
    return None


def model_marks(botocore_, service):
    model, marks = botocore_.session.get_service_model(service), {}
    for shape in model.error_shapes:
        if shape.metadata.get("retryable") is not None:
            code = shape.metadata.get("error", {}).get("code") or shape.name
            marks[code] = "throttling" if shape.metadata["retryable"].get("throttling") else "transient"
    return marks


def code_of(outcome):
    try:
        return json.loads(outcome.get("body", "")).get("__type")
    except ValueError:
        return None


# How many attempts are made after an error with such a mark, and how many tokens are left at the last one.
BY_MARK = {None: (1, 500), "never": (1, 500), "transient": (2, 486), "throttling": (2, 495)}


def each_kind(botocore_, crate, rng, report):
    """Tries every kind by itself, and gives those without a difference, by operation."""
    usable = {}
    for service, operation, _ in OPERATIONS:
        known = service not in WITHOUT_ERRORS
        own, of_service = botocore_.errors(service, operation)
        marks = crate.marks(service, {*CODES, *of_service}) if known else {}
        of_model = model_marks(botocore_, service) if known else {}
        usable[service, operation] = []
        for outcome in kinds(of_service if known else ()):
            if not known and code_of(outcome) in of_service:
                continue
            # The second outcome is the last word: what the first one means is seen from what is sent.
            after = with_chance(outcome_of(200, None), rng)
            script = {"service": service, "operation": operation, "mode": "standard", "max_attempts": None, "start": 0,
                      "calls": [{"after": 0, "outcomes": [with_chance(outcome, rng), after]}]}
            ours, theirs = crate.play(script), botocore_.play(script)
            meant = difference(outcome, code_of(outcome), marks, of_model, own, of_service)
            report.tried += 1
            if all(map(same_call, ours, theirs)):
                if meant is None:
                    usable[service, operation].append(outcome)
                continue
            if meant is None:
                report.wrong(script, ours, theirs)
                continue
            report.intended[meant] += 1
            sent = ours[0]["sent"]
            if meant != "digits" and (len(sent), sent[-1][1]) != BY_MARK[marks.get(code_of(outcome))]:
                report.wrong(script, ours, theirs)
    return usable


def scripts(usable, rng, count):
    successes = [outcome_of(200, None)]
    for _ in range(count):
        service, operation, _ = rng.choice(OPERATIONS)
        outcomes = usable[service, operation]
        mode = "standard" if (service, operation) == NOT_ADAPTIVE else rng.choice(("standard", "adaptive"))
        throttling = [outcome for outcome in outcomes if code_of(outcome) in THROTTLING] or outcomes
        failing = [outcome for outcome in outcomes if outcome.get("status") in (500, 503)] or outcomes
        # What the service is like in this script, and how fast it is called.
        weights = rng.choice(([8, 1, 1, 1], [2, 1, 6, 1], [2, 1, 1, 6], [0, 1, 1, 3], [3, 3, 3, 3], [6, 0, 4, 0]))
        gap = rng.choice((0, 0.01, 0.1, 1.0))
        calls = []
        for index in range(rng.choice((3, 8, 8, 20, 60))):
            attempts = []
            for _ in range(6):
                group = rng.choices((successes, outcomes, throttling, failing), weights)[0]
                attempts.append(with_chance(rng.choice(group), rng, rng.choice((0.0, 0.05, 0.3, 2.0))))
            calls.append({"after": 0 if index == 0 else int(rng.random() * gap * NANOS), "outcomes": attempts})
        yield {"service": service, "operation": operation, "mode": mode,
               "max_attempts": rng.choice((None, None, 1, 2, 3, 5, 6)), "start": int(rng.random() * 100_000 * NANOS),
               "calls": calls}


class Report:
    def __init__(self):
        self.tried = self.scripts = self.calls = self.attempts = self.differences = 0
        self.waited = self.exhausted = self.limited = 0
        self.intended = collections.Counter()

    def wrong(self, script, ours, theirs):
        self.differences += 1
        if self.differences > 10:
            return
        for number, (call, our, their) in enumerate(zip(script["calls"], ours, theirs)):
            if not same_call(our, their) or len(script["calls"]) == 1:
                about = {key: value for key, value in script.items() if key != "calls"}
                print(f"\n{about}, call {number}: {json.dumps(call)}\n  crate    {our}\n  botocore {their}")
                return

    def compare(self, script, ours, theirs):
        self.scripts += 1
        self.calls += len(theirs)
        self.attempts += sum(len(call["sent"]) for call in theirs)
        self.exhausted += any(call["ended"][1] < 14 for call in theirs)
        self.limited += any(call["ended"][2] is not None for call in theirs)
        if not all(map(same_call, ours, theirs)):
            self.wrong(script, ours, theirs)

    def print(self):
        print(f"{self.tried} kinds of outcome by themselves, differences that are meant:")
        for reason, text in INTENDED.items():
            print(f"  {self.intended[reason]:>5}  {reason}: {text}")
        print(f"{self.scripts} scripts, {self.calls} calls, {self.attempts} attempts; the budget ran out in "
              f"{self.exhausted}, the rate was limited in {self.limited}")
        print(f"{self.differences} other differences")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True, help="the example `retries`")
    parser.add_argument("--fixtures", required=True, help="the folder of the fixtures' models")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--scripts", type=int, default=4000)
    args = parser.parse_args()
    # No settings of this machine.
    os.environ.update(AWS_CONFIG_FILE=os.devnull, AWS_SHARED_CREDENTIALS_FILE=os.devnull)
    for name in ("AWS_PROFILE", "AWS_RETRY_MODE", "AWS_MAX_ATTEMPTS"):
        os.environ.pop(name, None)
    take_over()
    rng = random.Random(args.seed)
    botocore_, crate, report = Botocore(args.fixtures), Crate(args.program), Report()
    usable = each_kind(botocore_, crate, rng, report)
    for script in scripts(usable, rng, args.scripts):
        report.compare(script, crate.play(script), botocore_.play(script))
    report.print()
    sys.exit(report.differences > 0)


if __name__ == "__main__":
    main()
