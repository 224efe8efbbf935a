"""Where the crate means to find credentials otherwise than botocore: each as a change of botocore, or of what it is given.

A difference is meant if botocore comes to the same once it is changed accordingly: see `credentials.py`.
"""

import dataclasses
import datetime
import re
import shlex
from unittest import mock

import dateutil.parser
import botocore.session
from botocore import credentials, parsers, tokens, utils, validate
from botocore.args import ClientArgsCreator
from botocore.compat import urlparse
from botocore.awsrequest import AWSResponse, HeadersDict
from botocore.exceptions import EndpointVariantError, InvalidConfigError, MetadataRetrievalError, UnauthorizedSSOTokenError
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


def secrets_alone_are_errors(_session):
    original = credentials.EnvProvider.load

    def load(provider):
        if has_secret_alone(provider.environ):
            raise ValueError("half a key")
        return original(provider)

    return [mock.patch.object(credentials.EnvProvider, "load", load)]


def has_secret_alone(env):
    return bool(env.get("AWS_SECRET_ACCESS_KEY")) and not env.get("AWS_ACCESS_KEY_ID")


# Files.

def with_files(case, change):
    return dataclasses.replace(case, config=change(case.config), credentials=change(case.credentials))


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

    return with_files(case, change)


# Roles.

def durations_are_numbers(_session):
    original = credentials.AssumeRoleProvider._get_role_config

    def config(provider, name):
        duration = provider._loaded_config["profiles"][name].get("duration_seconds")
        if duration is not None and not re.fullmatch(r"\s*\d+\s*", duration):
            raise InvalidConfigError(error_msg="duration_seconds is no number")
        return original(provider, name)

    return [mock.patch.object(credentials.AssumeRoleProvider, "_get_role_config", config)]


def has_duration(case, _theirs):
    return "duration_seconds" in case.config + case.credentials


def without_empty_details(case):
    return with_files(case, lambda text: re.sub(r"(?m)^(external_id|mfa_serial) *= *\n", "", text))


def with_small_letters(case):
    name = "AWS_STS_REGIONAL_ENDPOINTS"
    return dataclasses.replace(case, env={**case.env, name: case.env[name].lower()}) if name in case.env else case


# Times.

def parsing(change):
    """With all times in texts read by another function, which is given that of botocore."""
    def patches(_session):
        original = dateutil.parser.parse
        read = lambda text, **options: change(text, lambda given: original(given, **options))
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


# Sign-ons and logins.

def living_ones_are_used(_session):
    original, refreshed = tokens.SSOTokenProvider._refresh_access_token, credentials.LoginCredentialFetcher.refresh_credentials

    def refresh(provider, token):
        try:
            return original(provider, token)
        except Exception:
            return None

    def refresh_login(fetcher):
        try:
            return refreshed(fetcher)
        except Exception:
            token = fetcher._token_loader.load_token(fetcher._session_name)
            if dateutil.parser.parse(token["accessToken"]["expiresAt"]) <= fetcher._time_fetcher():
                raise
            return fetcher._token_to_credentials(token)

    return [mock.patch.object(tokens.SSOTokenProvider, "_refresh_access_token", refresh),
            mock.patch.object(credentials.LoginCredentialFetcher, "refresh_credentials", refresh_login)]


def has_token(case, theirs):
    return theirs.error is not None and re.search("sso_session|login_session", case.config + case.credentials) is not None


def members_are_kept(_session):
    original = tokens.SSOTokenProvider._attempt_create_token

    def create(provider, token):
        others = {name: value for name, value in token.items() if name != "refreshToken"}
        return {**others, **original(provider, token)}

    return [mock.patch.object(tokens.SSOTokenProvider, "_attempt_create_token", create)]


def refused_tokens_are_refreshed(_session):
    original = credentials.SSOCredentialFetcher._get_credentials

    def get(fetcher):
        try:
            return original(fetcher)
        except UnauthorizedSSOTokenError:
            provider = fetcher._token_provider
            if provider is None:
                raise
            url, session = provider._sso_config["sso_start_url"], provider._sso_config["session_name"]
            refreshed = provider._refresh_access_token(provider._token_loader(url, session_name=session))
            if refreshed is None:
                raise
            provider._token_loader.save_token(url, refreshed, session_name=session)
            return original(fetcher)

    return [mock.patch.object(credentials.SSOCredentialFetcher, "_get_credentials", get)]


def with_settings_of_profiles(case):
    """With what a profile says of its session in the session."""
    config = case.config
    for section in re.findall(r"(?m)^\[(?:default|profile [^\]]*)\]\n[^\[]*", config):
        session = re.search(r"(?m)^sso_session=(.*)$", section)
        for setting in re.findall(r"(?m)^(?:sso_region|sso_start_url)=.*\n", section) if session else ():
            header = f"[sso-session {session[1]}]\n"
            _, _, behind = config.partition(header)
            if setting.partition("=")[0] + "=" not in behind.partition("[")[0]:
                config = config.replace(header, header + setting)
    return dataclasses.replace(case, config=config)


def with_region_of_code(case):
    return dataclasses.replace(case, env={**case.env, "AWS_REGION": case.region}) if case.region else case


def is_login(case, _theirs):
    return "login_session" in case.config + case.credentials


def without_bare_keys(case):
    def change(text):
        return re.sub(r'"dpopKey": "[^-"]+"', '"dpopKey": "none"', text)

    return dataclasses.replace(case, files={name: change(text) for name, text in case.files.items()})


# Services.

def without_limits(_session):
    def unchecked(decorator, parameters, operation):
        return decorator._serializer.serialize_to_request(parameters, operation)

    return [mock.patch.object(validate.ParamValidationDecorator, "serialize_to_request", unchecked)]


def call_first(session):
    """What is wrong with the call's own settings is an error before anybody is asked for credentials."""
    original = botocore.session.Session.create_client

    def create(asked, service_name, *args, **given):
        if asked is session and service_name == "appstream":
            keys = {"aws_access_key_id": "AKIANOBODY", "aws_secret_access_key": "s"}
            client = original(asked, service_name, *args, **{**given, **keys})
            answer = AWSResponse("https://nobody.example", 200, HeadersDict(), None)
            answer._content = b"{}"
            client.meta.events.register("before-send", lambda **_: answer)
            client.describe_fleets()
        return original(asked, service_name, *args, **given)

    return [mock.patch.object(botocore.session.Session, "create_client", create)]


def is_asked_in_vain(case, theirs):
    return bool(theirs.requests) and (theirs.error is not None or has_own_host_and_variant(case, theirs))


def errors_without_xml_are_known(_session):
    original = parsers.QueryParser._do_error_parse

    def parse(parser, response, shape):
        try:
            return original(parser, response, shape)
        except parsers.ResponseParserError:
            return parser._do_generic_error_parse(response)

    return [mock.patch.object(parsers.QueryParser, "_do_error_parse", parse)]


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


def only_objects_are_answers(_session):
    original = utils.ContainerMetadataFetcher._get_response

    def get(fetcher, *args):
        answer = original(fetcher, *args)
        if not isinstance(answer, dict):
            raise MetadataRetrievalError(error_msg="no object")
        return answer

    return [mock.patch.object(utils.ContainerMetadataFetcher, "_get_response", get)]


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


def without_empty_session_tokens(case):
    answers = [{**answer, "body": answer["body"].replace('"Token": "", ', "")} if "body" in answer else answer
               for answer in case.answers]
    return dataclasses.replace(case, answers=answers)


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

    return with_files(case, change)


def for_shell(text):
    """Whether a shell makes something else of a line."""
    line = re.search(r"(?m)^credential_process=(.*)$", text)
    return line is not None and re.search(r"[|$]", line[1]) is not None


INTENDED = {
    "empty": Change("a variable that is empty counts as absent, as in the AWS SDKs", without_empty_variables),
    "default": Change("[profile default] goes before [default], as in the AWS SDKs; for botocore the later one does",
                      without_default),
    "half": Change("a secret key in variables without its key is an error; botocore passes over it",
                   patches=secrets_alone_are_errors, matters=lambda case, _theirs: has_secret_alone(case.env)),
    "part": Change("a profile with a part of its credentials is an error; botocore goes on to the machine's identity",
                   patches=parts_are_errors, matters=has_parts),
    "source": Change("the name of a credential_source may have other capitals", with_names_of_sources),
    "duration": Change("a duration_seconds that is no number is an error; botocore leaves it out",
                       patches=durations_are_numbers, matters=has_duration),
    "detail": Change("an external_id or mfa_serial that is empty counts as absent; botocore sends it", without_empty_details),
    "regional": Change("sts_regional_endpoints may be in capitals", with_small_letters),
    "zone": Change("a time without a zone is UTC; for botocore it is an error", patches=parsing(with_zone),
                   matters=failed_with("offset-naive")),
    "seconds": Change("a time of digits is in seconds since 1970; botocore takes them for something else",
                      patches=parsing(of_seconds), matters=failed_with("OverflowError|ParserError")),
    "ended": Change("credentials that are given though they have ended are used: the service decides; for botocore it is an error",
                    patches=ended_are_used, matters=failed_with("still expired")),
    "again": Change("credentials that have just been given are used; botocore asks again at once if they end within 15 minutes",
                    patches=given_ones_are_fresh, matters=asked_twice),
    "living": Change("a token or login that cannot be refreshed is used until its end; for botocore it is an error",
                     patches=living_ones_are_used, matters=has_token),
    "members": Change("what else is in a sign-on's file is kept; botocore drops it", patches=members_are_kept,
                      matters=lambda _case, theirs: any(request["to"] == "sso-oidc" for request in theirs.requests)),
    "refusal": Change("a token that the portal refuses is refreshed once; for botocore it is an error",
                      patches=refused_tokens_are_refreshed, matters=failed_with("^UnauthorizedSSOTokenError")),
    "session": Change("a profile may say region and start URL for its sso_session", with_settings_of_profiles),
    "region": Change("a region in code is that of a login too; botocore asks the variables and the profile", with_region_of_code,
                     matters=is_login),
    "bare key": Change("a login's key is in PEM, as the AWS CLI writes it; botocore needs no BEGIN and END", without_bare_keys),
    "limits": Change("what a service would refuse for a limit of its model is sent; botocore refuses it before",
                     patches=without_limits, matters=failed_with("^ParamValidationError")),
    "call first": Change("what is wrong with region or endpoint of the call is said before anybody is asked for credentials",
                         patches=call_first, matters=is_asked_in_vain),
    "no XML": Change("an error of STS whose body is no XML is known by its status; botocore cannot read it",
                     patches=errors_without_xml_are_known, matters=failed_with("^ResponseParserError")),
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
    "token": Change("an empty Token of a container or an instance is an error; botocore signs without one",
                    without_empty_session_tokens),
    "object": Change("an answer of a container that is no object is none, and asked for again; for botocore it is an error",
                     patches=only_objects_are_answers, matters=asks_container),
    "address": Change("a container's address is http or https, and host and port are what the variable's kind allows",
                      patches=plain_addresses, matters=asks_container),
    "version 1": Change("instance metadata are asked with a token only; botocore goes on without one", without_old_protocol,
                        matters=asks_without_token),
    "shell": Change("a shell runs a command, as in the AWS SDKs; botocore takes the line apart itself", with_shell,
                    matters=lambda case, _theirs: for_shell(case.config)),
}
