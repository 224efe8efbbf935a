"""Where the crate means to find credentials otherwise than botocore: each as a change of botocore, or of what it is given.

A difference is meant if botocore comes to the same once it is changed accordingly: see `credentials.py`.
"""

import dataclasses
import datetime
import re
import shlex
from unittest import mock

import dateutil.parser
from botocore import credentials, utils
from botocore.args import ClientArgsCreator
from botocore.compat import urlparse
from botocore.exceptions import EndpointVariantError
from botocore.regions import EndpointResolver, EndpointResolverBuiltins as EPRBuiltins


def unchanged(case):
    return case


def no_patches(_session):
    return []


@dataclasses.dataclass
class Change:
    # Why the crate differs.
    reason: str
    # What botocore is given instead of a case.
    case: object = unchanged
    # What is replaced in botocore, for a session.
    patches: object = no_patches
    # Whether it can make a difference to a case in which botocore came to `theirs`.
    matters: object = None

    def is_worth_trying(self, case, theirs):
        if self.matters is not None:
            return self.matters(case, theirs)
        return self.case(case) != case


def with_texts(case, change):
    """The case with all that it writes and sets changed."""
    files = {name: change(text) for name, text in case.files.items()}
    env = {name: change(value) for name, value in case.env.items()}
    answers = [{**answer, "body": change(answer["body"])} if "body" in answer else answer for answer in case.answers]
    return dataclasses.replace(case, config=change(case.config), credentials=change(case.credentials), files=files, env=env,
                               answers=answers)


def failed_with(words):
    return lambda _case, theirs: theirs.error is not None and re.search(words, theirs.error) is not None


# Variables.

def without_empty_variables(case):
    return dataclasses.replace(case, env={name: value for name, value in case.env.items() if value})


# Files.

def without_default(case):
    if "[profile default]" not in case.config:
        return case
    return dataclasses.replace(case, config=re.sub(r"(?m)^\[default\]\n[^\[]*", "", case.config))


# A profile with these has something to do with credentials, though botocore finds none in it.
PARTS = {"aws_access_key_id", "aws_secret_access_key", "aws_session_token", "aws_security_token", "source_profile",
         "credential_source",
         "web_identity_token_file", "sso_account_id", "sso_role_name", "sso_session", "sso_start_url", "sso_region",
         "sso_registration_scopes"}


def parts_are_errors(session):
    def guarded(original):
        def load(provider):
            profile = session.get_scoped_config()
            if PARTS & set(profile) and "role_arn" not in profile:
                raise ValueError("a part of credentials")
            return original(provider)
        return load

    machines = (credentials.ContainerProvider, credentials.InstanceMetadataProvider)
    return [mock.patch.object(kind, "load", guarded(kind.load)) for kind in machines]


def has_parts(case, theirs):
    asks_machine = theirs.requests and theirs.requests[0]["to"] in ("container", "instance")
    return (asks_machine or theirs.error) and any(part in case.config + case.credentials for part in PARTS)


def with_names_of_sources(case):
    def change(text):
        for name in ("Environment", "EcsContainer", "Ec2InstanceMetadata"):
            text = re.sub(rf"(?im)^(credential_source=){name}$", rf"\g<1>{name}", text)
        return text

    return dataclasses.replace(case, config=change(case.config), credentials=change(case.credentials))


# Times.

def parsing(change):
    """With all times in texts read by another function, which is given that of botocore."""
    def patches(_session):
        original = dateutil.parser.parse
        read = lambda text: change(text, original)
        return [mock.patch.object(credentials, "parse", read), mock.patch.object(dateutil.parser, "parse", read)]

    return patches


def with_zone(text, parse):
    time = parse(text)
    return time if time.tzinfo else time.replace(tzinfo=datetime.timezone.utc)


def of_seconds(text, parse):
    is_number = isinstance(text, str) and text.isdigit()
    return datetime.datetime.fromtimestamp(int(text), datetime.timezone.utc) if is_number else parse(text)


def ended_are_used(_session):
    return [mock.patch.object(credentials.RefreshableCredentials, "_is_expired", lambda _self: False)]


def given_ones_are_fresh(_session):
    original = credentials.RefreshableCredentials.refresh_needed

    def refresh_needed(given, refresh_in=None):
        return given.method not in ("container-role", "custom-process") and original(given, refresh_in)

    return [mock.patch.object(credentials.RefreshableCredentials, "refresh_needed", refresh_needed)]


def asked_twice(_case, theirs):
    return any(one == two for one, two in zip(theirs.requests, theirs.requests[1:]))


# Services.

def without_limits(session):
    session.set_config_variable("parameter_validation", False)
    return []


def variants_of_own_hosts(_session):
    original = ClientArgsCreator.compute_endpoint_resolver_builtin_defaults

    def computed(creator, **given):
        values, bridge = original(creator, **given), given["endpoint_bridge"]
        values[EPRBuiltins.AWS_USE_FIPS] = bridge._resolve_endpoint_variant_config_var("use_fips_endpoint") or False
        values[EPRBuiltins.AWS_USE_DUALSTACK] = bridge._resolve_use_dualstack_endpoint(given["service_name"]) or False
        return values

    return [mock.patch.object(ClientArgsCreator, "compute_endpoint_resolver_builtin_defaults", computed)]


def has_own_host_and_variant(case, _theirs):
    settings = " ".join([case.config, case.credentials, *case.env]).lower()
    return "endpoint_url" in settings and re.search("use_fips_endpoint|use_dualstack_endpoint|fips-|-fips", settings)


def rules_only(_session):
    original = EndpointResolver.construct_endpoint

    def construct(resolver, *args, **given):
        try:
            return original(resolver, *args, **given)
        except EndpointVariantError:
            return original(resolver, *args, **{**given, "use_fips_endpoint": False, "use_dualstack_endpoint": False})

    return [mock.patch.object(EndpointResolver, "construct_endpoint", construct)]


# Containers.

TOKEN_FILE = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"


def with_trimmed_token(case):
    name = case.env.get(TOKEN_FILE, "").removeprefix("{home}/")
    if name not in case.files:
        return case
    return dataclasses.replace(case, files={**case.files, name: case.files[name].strip()})


def empty_tokens_are_errors(_session):
    original = credentials.ContainerProvider._validate_auth_token

    def validate(provider, token):
        if not token.strip():
            raise ValueError("the token is empty")
        original(provider, token)

    return [mock.patch.object(credentials.ContainerProvider, "_validate_auth_token", validate)]


def plain_addresses(_session):
    original = utils.ContainerMetadataFetcher._validate_allowed_url

    def validate(fetcher, url):
        parsed = urlparse(url)
        if parsed.scheme not in ("http", "https") or "@" in parsed.netloc or re.search(r"\.2:\d", parsed.netloc) or " " in url:
            raise ValueError("not a plain address")
        original(fetcher, url)

    return [mock.patch.object(utils.ContainerMetadataFetcher, "_validate_allowed_url", validate)]


def asks_container(_case, theirs):
    return any(request["to"] == "container" for request in theirs.requests)


# Instances.

def without_old_protocol(case):
    return dataclasses.replace(case, env={**case.env, "AWS_EC2_METADATA_V1_DISABLED": "true"})


def asks_without_token(_case, theirs):
    return any(request["to"] == "instance" and request["method"] == "GET" and "x-aws-ec2-metadata-token" not in request["headers"]
               for request in theirs.requests)


# Commands.

def with_shell(case):
    def change(text):
        return re.sub(r"(?m)^credential_process=(.*)$", lambda found: f"credential_process=/bin/sh -c {shlex.quote(found[1])}",
                      text)

    return dataclasses.replace(case, config=change(case.config), credentials=change(case.credentials))


def for_shell(text):
    """Whether a shell makes something else of a line."""
    line = re.search(r"(?m)^credential_process=(.*)$", text)
    return line is not None and re.search(r"[|$]", line[1]) is not None


INTENDED = {
    "empty": Change("a variable that is empty counts as absent, as in the AWS SDKs", without_empty_variables),
    "default": Change("[profile default] goes before [default], as in the AWS SDKs; for botocore the later one does",
                      without_default),
    "part": Change("a profile with a part of its credentials is an error; botocore goes on to the machine's identity",
                   patches=parts_are_errors, matters=has_parts),
    "source": Change("the name of a credential_source may have other capitals", with_names_of_sources),
    "zone": Change("a time without a zone is UTC; for botocore it is an error", patches=parsing(with_zone),
                   matters=failed_with("offset-naive")),
    "seconds": Change("a time of digits is in seconds since 1970; botocore takes them for something else",
                      patches=parsing(of_seconds), matters=failed_with("OverflowError|ParserError")),
    "ended": Change("credentials that are given though they have ended are used: the service decides; for botocore it is an error",
                    patches=ended_are_used, matters=failed_with("still expired")),
    "again": Change("credentials that have just been given are used; botocore asks again at once if they end within 15 minutes",
                    patches=given_ones_are_fresh, matters=asked_twice),
    "limits": Change("what a service would refuse for a limit of its model is sent; botocore refuses it before",
                     patches=without_limits, matters=failed_with("^ParamValidationError")),
    "own host": Change("FIPS or dual stack together with a host of one's own is an error, as in the endpoint rules; botocore leaves it out",
                       patches=variants_of_own_hosts, matters=has_own_host_and_variant),
    "variant": Change("the endpoint rules say which hosts there are; botocore also asks an older table", patches=rules_only,
                      matters=failed_with("^EndpointVariantError")),
    "mark": Change("a byte order mark is no part of a text",
                   lambda case: with_texts(case, lambda text: text.replace("\ufeff", ""))),
    "line end": Change("the end of the line is no part of a container's token; for botocore it is an error",
                       with_trimmed_token),
    "no token": Change("an empty token of a container is an error; botocore sends it",
                       patches=empty_tokens_are_errors, matters=asks_container),
    "address": Change("a container's address is http or https, and host and port are what the variable's kind allows",
                      patches=plain_addresses, matters=asks_container),
    "version 1": Change("instance metadata are asked with a token only; botocore goes on without one", without_old_protocol,
                        matters=asks_without_token),
    "shell": Change("a shell runs a command, as in the AWS SDKs; botocore takes the line apart itself", with_shell,
                    matters=lambda case, _theirs: for_shell(case.config)),
}
