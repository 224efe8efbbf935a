"""Surroundings in which credentials are looked for: what `credentials.py` compares.

Texts may have `{home}`, the home folder, and `{now+3600}`, the time then, also in another form: `{now-60:naive}`. Keys of
callers say where they are from: AKIA.. is written somewhere, ASIA.. is what somebody answers.
"""

import base64
import dataclasses
import functools
import hashlib
import json

from awscrt.crypto import EC, ECExportFormat, ECType

ROLE = "arn:aws:iam::123456789012:role/"
ACCOUNT = "123456789012"
REGION = "eu-west-1"

# Nobody is an instance by accident.
NO_INSTANCE = {"AWS_EC2_METADATA_DISABLED": "true"}


@dataclasses.dataclass
class Case:
    family: str
    name: str
    config: str = ""
    credentials: str = ""
    files: dict = dataclasses.field(default_factory=dict)
    env: dict = dataclasses.field(default_factory=dict)
    answers: list = dataclasses.field(default_factory=list)
    # The region that the program sets in code.
    region: str = None
    # What the device shows, if somebody can be asked.
    code: str = None

    def told(self):
        parts = {"config": self.config, "credentials": self.credentials, **self.files}
        lines = [f"  {name}: {text!r}" for name, text in parts.items() if text]
        lines.append(f"  env: {self.env}, region: {self.region}, code: {self.code}")
        lines += [f"  answer: {answer}" for answer in self.answers]
        return "\n".join(lines)


# Answers.

def answer(on, body, status=200, times=None, headers=None):
    text = body if isinstance(body, str) else json.dumps(body)
    given = {"on": on, "status": status, "body": text}
    return {**given, **({"times": times} if times else {}), **({"headers": headers} if headers else {})}


def fails(on, how="connect", times=None):
    return {"on": on, "fail": how, **({"times": times} if times else {})}


def sts(action, key, ends="{now+3600}", arn=None):
    of_role = arn or f"arn:aws:sts::{ACCOUNT}:assumed-role/r/s"
    # As long as real ones are.
    key = key.ljust(20, "0")
    return (f'<{action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><{action}Result>'
            f"<AssumedRoleUser><AssumedRoleId>AROA:s</AssumedRoleId><Arn>{of_role}</Arn></AssumedRoleUser>"
            f"<Credentials><AccessKeyId>{key}</AccessKeyId><SecretAccessKey>secret of {key}</SecretAccessKey>"
            f"<SessionToken>token of {key}</SessionToken><Expiration>{ends}</Expiration></Credentials>"
            f"</{action}Result><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></{action}Response>")


def sts_error(code, status=403, on="Action=", times=None):
    body = ('<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>'
            f"<Code>{code}</Code><Message>no</Message></Error><RequestId>1</RequestId></ErrorResponse>")
    return answer(on, body, status, times)


def assume(role="", key="ASIAROLE", **more):
    # The name of a role ends where the next parameter begins.
    return answer(f"role%2F{role}&" if role else "Action=AssumeRole&", sts("AssumeRole", key, **more))


def assume_web(key="ASIAWEB", **more):
    return answer("Action=AssumeRoleWithWebIdentity", sts("AssumeRoleWithWebIdentity", key, **more))


def sign_on(key="ASIASSO", ends="{now+3600:ms}", **more):
    role = f'{{"roleCredentials": {{"accessKeyId": "{key}", "secretAccessKey": "s", "sessionToken": "t", "expiration": {ends}}}}}'
    return answer("/federation/credentials", role, **more)


def token_created(refresh="RT2", **more):
    body = {"accessToken": "AT2", "expiresIn": 3600, "tokenType": "Bearer"}
    return answer("clientSecret", {**body, **({"refreshToken": refresh} if refresh else {})}, **more)


def json_error(on, code, status=400, times=None, **more):
    return answer(on, {"__type": code, "message": "no", **more}, status, times, {"x-amzn-errortype": code})


def login_refreshed(**more):
    body = {"accessToken": {"accessKeyId": "ASIALOGIN2", "secretAccessKey": "s2", "sessionToken": "t2"},
            "tokenType": "aws_sigv4", "expiresIn": 900, "refreshToken": "RT2"}
    return answer("/v1/token", {**body, **more})


def keys_of_machine(key, ends="{now+3600}", **more):
    given = {"Code": "Success", "Type": "AWS-HMAC", "AccessKeyId": key, "SecretAccessKey": "s", "Token": f"token of {key}",
             "Expiration": ends, **more}
    return {name: value for name, value in given.items() if value is not None}


INSTANCE_TOKEN = answer("/latest/api/token", "TOKEN")
INSTANCE_ROLE = answer("security-credentials/ ", "machine")
INSTANCE_KEYS = answer("security-credentials/machine", keys_of_machine("ASIAINSTANCE"))
INSTANCE = [INSTANCE_TOKEN, INSTANCE_ROLE, INSTANCE_KEYS]
CONTAINER = answer("/creds", keys_of_machine("ASIACONTAINER"))
MACHINE = [CONTAINER, *INSTANCE]
CONTAINER_ENV = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:9/creds"}

KEYS = "aws_access_key_id = AKIAKEYS\naws_secret_access_key = secret\n"
VARIABLES = {"AWS_ACCESS_KEY_ID": "AKIAVARIABLES", "AWS_SECRET_ACCESS_KEY": "secret"}


class Family:
    """Cases with a name in common, and with a region unless they say otherwise."""

    def __init__(self, name, **usual):
        self.name, self.usual, self.cases = name, usual, []

    def add(self, name, *, env=None, region=REGION, code_region=None, answers=None, **more):
        own = {"AWS_REGION": region} if region else {}
        env = {**NO_INSTANCE, **own, **self.usual.get("env", {}), **(env or {})}
        env = {key: value for key, value in env.items() if value is not None}
        usual = {key: value for key, value in self.usual.items() if key not in ("env", "answers")}
        answers = self.usual.get("answers", []) if answers is None else answers
        self.cases.append(Case(self.name, f"{self.name}: {name}", env=env, answers=list(answers), region=code_region,
                               **{**usual, **more}))


# Written ones, by family.

REGIONS = ("us-east-1", "us-west-2", "us-gov-west-1", "cn-north-1", "us-iso-east-1", "us-isob-east-1", "eu-isoe-west-1",
           "us-isof-south-1", "eusc-de-east-1", "xx-new-1")

EXPIRATIONS = ("iso", "utc", "naive", "space", "offset", "zero", "fraction", "compact", "http")


def variables():
    family = Family("variables", env=VARIABLES, answers=MACHINE)
    family.add("keys")
    family.add("with a token", env={"AWS_SESSION_TOKEN": "T"})
    family.add("with the older name of a token", env={"AWS_SECURITY_TOKEN": "T"})
    family.add("with both names", env={"AWS_SECURITY_TOKEN": "T1", "AWS_SESSION_TOKEN": "T2"})
    family.add("with an empty token", env={"AWS_SESSION_TOKEN": ""})
    family.add("no secret", env={"AWS_SECRET_ACCESS_KEY": None})
    family.add("an empty secret", env={"AWS_SECRET_ACCESS_KEY": ""})
    family.add("no key", env={"AWS_ACCESS_KEY_ID": None})
    family.add("empty, and a profile", env={"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""},
               credentials=f"[default]\n{KEYS}")
    family.add("before a profile", env={"AWS_PROFILE": "a"}, credentials=f"[a]\n{KEYS}")
    family.add("before a profile of a role", env={"AWS_PROFILE": "a"}, answers=[assume(), *MACHINE],
               config=f"[profile a]\nrole_arn={ROLE}r\nsource_profile=a\n{KEYS}")
    family.add("before a web identity", env={"AWS_ROLE_ARN": f"{ROLE}w", "AWS_WEB_IDENTITY_TOKEN_FILE": "{home}/jwt"},
               files={"jwt": "token.of.web"}, answers=[assume_web()])
    family.add("before a container", env=CONTAINER_ENV)
    family.add("and a profile that there is none of", env={"AWS_PROFILE": "nobody"}, credentials=f"[a]\n{KEYS}")
    family.add("and a damaged file", config="[default\nregion = x\n")
    family.add("an account", env={"AWS_ACCOUNT_ID": ACCOUNT})
    for form in EXPIRATIONS:
        family.add(f"an end, {form}", env={"AWS_CREDENTIAL_EXPIRATION": f"{{now+7200:{form}}}"})
    family.add("an end that is none", env={"AWS_CREDENTIAL_EXPIRATION": "soon"})
    family.add("an end long ago", env={"AWS_CREDENTIAL_EXPIRATION": "{now-60}"})
    family.add("an end soon", env={"AWS_CREDENTIAL_EXPIRATION": "{now+300}"})
    family.add("an empty end", env={"AWS_CREDENTIAL_EXPIRATION": ""})
    family.add("no region", region=None)
    family.add("a region in code", region=None, code_region="us-west-2")
    for region in REGIONS:
        family.add(f"in {region}", region=region)
    for region in ("evil.example/", "evil.example#", "a b", "us_east_1", "-x", "x-"):
        family.add(f"in the region {region!r}", region=region)
    return family


def profiles():
    family = Family("profiles", answers=MACHINE)
    family.add("keys in credentials", credentials=f"[default]\n{KEYS}")
    family.add("keys in config", config=f"[default]\n{KEYS}")
    family.add("keys in both", credentials=f"[default]\n{KEYS}",
               config="[default]\naws_access_key_id=AKIACONFIG\naws_secret_access_key=s\n")
    family.add("halves in both", credentials="[default]\naws_access_key_id=AKIAHALF\n",
               config="[default]\naws_secret_access_key=s\n")
    family.add("a token", credentials=f"[default]\n{KEYS}aws_session_token=T\n")
    family.add("the older name of a token", credentials=f"[default]\n{KEYS}aws_security_token=T\n")
    family.add("both names of a token", credentials=f"[default]\n{KEYS}aws_session_token=T2\naws_security_token=T1\n")
    family.add("a token in the other file", credentials=f"[default]\n{KEYS}", config="[default]\naws_session_token=T\n")
    family.add("no secret", credentials="[default]\naws_access_key_id=AKIAHALF\n")
    family.add("no key", credentials="[default]\naws_secret_access_key=s\n", env=CONTAINER_ENV)
    family.add("a token only", credentials="[default]\naws_session_token=T\n", env=CONTAINER_ENV)
    family.add("an empty secret", credentials="[default]\naws_access_key_id=AKIAHALF\naws_secret_access_key=\n")
    family.add("AWS_PROFILE", env={"AWS_PROFILE": "a"},
               credentials=f"[default]\naws_access_key_id=AKIAOTHER\naws_secret_access_key=s\n[a]\n{KEYS}")
    family.add("AWS_DEFAULT_PROFILE", env={"AWS_DEFAULT_PROFILE": "a"}, credentials=f"[a]\n{KEYS}")
    family.add("both variables", env={"AWS_DEFAULT_PROFILE": "a", "AWS_PROFILE": "b"},
               credentials=f"[a]\n{KEYS}[b]\naws_access_key_id=AKIAOTHER\naws_secret_access_key=s\n")
    family.add("an empty AWS_PROFILE", env={"AWS_PROFILE": ""}, credentials=f"[default]\n{KEYS}")
    family.add("a profile that there is none of", env={"AWS_PROFILE": "nobody", **CONTAINER_ENV}, credentials=f"[a]\n{KEYS}")
    family.add("the region of a profile", region=None, config=f"[default]\nregion=us-west-2\n{KEYS}")
    family.add("AWS_DEFAULT_REGION", region=None, env={"AWS_DEFAULT_REGION": "us-west-2"}, config=f"[default]\n{KEYS}")
    family.add("files elsewhere", env={"AWS_CONFIG_FILE": "{home}/c", "AWS_SHARED_CREDENTIALS_FILE": "{home}/s"},
               files={"s": f"[default]\n{KEYS}", "c": "[default]\nregion=us-west-2\n"}, region=None)
    family.add("files elsewhere that are not there", env={"AWS_CONFIG_FILE": "{home}/c", **CONTAINER_ENV},
               config=f"[default]\n{KEYS}")
    family.add("a file below ~", env={"AWS_SHARED_CREDENTIALS_FILE": "~/s"}, files={"s": f"[default]\n{KEYS}"})
    family.add("a profile in credentials with a prefix", env={"AWS_PROFILE": "a", **CONTAINER_ENV},
               credentials=f"[profile a]\n{KEYS}")
    family.add("a profile in config without a prefix", env={"AWS_PROFILE": "a", **CONTAINER_ENV}, config=f"[a]\n{KEYS}")
    family.add("a name in quotes", env={"AWS_PROFILE": "my desk"}, config=f"[profile \"my desk\"]\n{KEYS}")
    family.add("a comment that is set in", credentials=f"[default]\n{KEYS}  # until noon\naws_session_token=T\n")
    family.add("two of default", region=None,
               config=f"[profile default]\nregion=eu-west-1\n[default]\nregion=us-west-2\n{KEYS}")
    family.add("a region only", config="[default]\nregion=us-west-2\n", env=CONTAINER_ENV)
    family.add("nothing at all", answers=[])
    family.add("nothing but a machine", env={"AWS_EC2_METADATA_DISABLED": None})
    family.add("an account", credentials=f"[default]\n{KEYS}aws_account_id={ACCOUNT}\n")
    for key, value in (("role_arn", f"{ROLE}r"), ("source_profile", "default"), ("credential_source", "Environment"),
                       ("web_identity_token_file", "{home}/jwt"), ("sso_start_url", "https://x"), ("sso_session", "corp"),
                       ("sso_account_id", ACCOUNT), ("sso_role_name", "Dev"), ("sso_region", REGION), ("mfa_serial", "m"),
                       ("login_session", "me"), ("credential_process", "/nowhere"), ("external_id", "x"),
                       ("role_session_name", "x"), ("duration_seconds", "900")):
        family.add(f"{key} alone, on a machine", config=f"[default]\n{key}={value}\n", env=CONTAINER_ENV)
        family.add(f"{key} is empty, on a machine", config=f"[default]\n{key}=\n", env=CONTAINER_ENV)
    return family


SOURCE = f"[profile src]\n{KEYS}"
ROLE_PROFILE = f"[profile a]\nrole_arn={ROLE}r\n"
ROLE_OF_SOURCE = f"{ROLE_PROFILE}source_profile=src\n"


def roles():
    family = Family("roles", env={"AWS_PROFILE": "a"}, answers=[assume()])
    role, one = ROLE_PROFILE, ROLE_OF_SOURCE
    family.add("of another profile", config=f"{one}{SOURCE}")
    family.add("of itself", config=f"{role}source_profile=a\n{KEYS}")
    family.add("of keys in credentials", config=one, credentials=f"[src]\n{KEYS}")
    family.add("of keys with a token", config=f"{one}{SOURCE}aws_session_token=ST\n")
    family.add("in credentials", credentials=f"[a]\nrole_arn={ROLE}r\nsource_profile=src\n[src]\n{KEYS}")
    for name, more in (("a session's name", "role_session_name=me@corp\n"), ("an external id", "external_id=x y/+&=\n"),
                       ("a duration", "duration_seconds=900\n"), ("a duration that is none", "duration_seconds=long\n"),
                       ("a duration of 0", "duration_seconds=0\n"), ("a duration below 0", "duration_seconds=-5\n"),
                       ("a duration with spaces", "duration_seconds =  1800  \n"),
                       ("a fraction of a second", "duration_seconds=900.5\n"),
                       ("all of them", "role_session_name=me\nexternal_id=xy\nduration_seconds=7200\n"),
                       ("a device", f"mfa_serial=arn:aws:iam::{ACCOUNT}:mfa/me\n"),
                       ("an empty session's name", "role_session_name=\n"),
                       ("an empty external id", "external_id=\n"), ("a source identity", "source_identity=me\n"),
                       ("a region of its own", "region=us-west-2\n"), ("a policy", "policy={}\n")):
        family.add(f"with {name}", config=f"{one}{more}{SOURCE}")
    family.add("with AWS_ROLE_SESSION_NAME", config=f"{one}{SOURCE}", env={"AWS_ROLE_SESSION_NAME": "me"})
    family.add("a region in the profile", region=None, config=f"{one}region=us-west-2\n{SOURCE}")
    family.add("a region in the source", region=None, config=f"{one}{SOURCE}region=us-west-2\n")
    family.add("a region in code", region=None, code_region="us-west-2", config=f"{one}{SOURCE}")
    family.add("a region in code, and another", code_region="us-west-2", config=f"{one}{SOURCE}")
    role_sources(family)
    role_answers(family)
    devices(family)
    return family


def role_sources(family):
    role, one = ROLE_PROFILE, ROLE_OF_SOURCE
    family.add("no source", config=role)
    family.add("a source that is not there", config=one)
    family.add("a source without credentials", config=f"{one}[profile src]\nregion=us-west-2\n")
    family.add("a source with half a key", config=f"{one}[profile src]\naws_access_key_id=AKIAHALF\n")
    family.add("two sources", config=f"{one}credential_source=Environment\n{SOURCE}",
               env={**VARIABLES, "AWS_ACCESS_KEY_ID": None})
    family.add("a circle", config=f"{one}[profile src]\nrole_arn={ROLE}s\nsource_profile=a\n")
    family.add("itself without keys", config=f"{role}source_profile=a\n")
    chain = f"{one}[profile src]\nrole_arn={ROLE}s\nsource_profile=deep\n[profile deep]\n{KEYS}"
    of_two = [assume("s", "ASIAFIRST"), assume("r", "ASIASECOND")]
    family.add("a chain of two", config=chain, answers=of_two)
    family.add("a chain of three", answers=[*of_two, assume("t", "ASIATHIRD")],
               config=f"{one}[profile src]\nrole_arn={ROLE}s\nsource_profile=t\n[profile t]\nrole_arn={ROLE}t\nsource_profile=deep\n[profile deep]\n{KEYS}")
    family.add("a chain, the first refused", config=chain, answers=[sts_error("AccessDenied", on="role%2Fs&"), of_two[1]])
    family.add("a source with a role and keys", answers=of_two,
               config=f"{one}[profile src]\nrole_arn={ROLE}s\nsource_profile=deep\n{KEYS}[profile deep]\naws_access_key_id=AKIADEEP\naws_secret_access_key=s\n")
    family.add("a chain that ends in itself", config=f"{one}[profile src]\nrole_arn={ROLE}s\nsource_profile=src\n{KEYS}",
               answers=of_two)
    family.add("of a web identity", config=f"{one}[profile src]\nrole_arn={ROLE}w\nweb_identity_token_file={{home}}/jwt\n",
               files={"jwt": "token.of.web"}, answers=[assume_web(), assume()])
    family.add("of a command", config=f"{one}[profile src]\ncredential_process={{home}}/run.sh\n", files=command())
    family.add("of a sign-on", config=f"{one}{sso_profile('src')}", files=sso_file(), answers=[sign_on(), assume()])
    family.add("of a login", config=f"{one}[profile src]\nlogin_session=me\n", files=login_file())
    family.add("of variables in a profile", config=f"{one}[profile src]\nregion=x-y\n",
               env={"AWS_ROLE_ARN": f"{ROLE}w", "AWS_WEB_IDENTITY_TOKEN_FILE": "{home}/jwt"},
               files={"jwt": "token.of.web"}, answers=[assume_web(), assume()])
    for source in ("Environment", "EcsContainer", "Ec2InstanceMetadata", "environment", "ECSCONTAINER", "Somewhere",
                   "SharedConfig"):
        of_source = f"{role}credential_source={source}\n"
        family.add(f"of {source}", config=of_source, answers=[assume(), *MACHINE],
                   env={**CONTAINER_ENV, "AWS_EC2_METADATA_DISABLED": None})
        family.add(f"of {source}, which has none", config=of_source, answers=[assume()])
    family.add("of EcsContainer, and a secret key alone", config=f"{role}credential_source=EcsContainer\n",
               env={**CONTAINER_ENV, "AWS_SECRET_ACCESS_KEY": "s"}, answers=[assume(), *MACHINE])
    # Keys in variables go before a profile, so these are not used for the role.
    family.add("of Environment, and keys", config=f"{role}credential_source=Environment\n", env=VARIABLES)


def devices(family):
    """Roles that need the code of a device, which somebody says."""
    device, code = f"mfa_serial=arn:aws:iam::{ACCOUNT}:mfa/me\n", "123456"
    one = f"{ROLE_OF_SOURCE}{device}"
    family.add("a code", config=f"{one}{SOURCE}", code=code)
    family.add("a code, and no device", config=f"{ROLE_OF_SOURCE}{SOURCE}", code=code)
    family.add("a code, with all other settings", code=code,
               config=f"{one}role_session_name=me\nexternal_id=xy\nduration_seconds=7200\n{SOURCE}")
    family.add("a code, and a device of hardware", config=f"{ROLE_OF_SOURCE}mfa_serial=GAHT12345678\n{SOURCE}", code=code)
    family.add("a device that is empty", config=f"{ROLE_OF_SOURCE}mfa_serial=\n{SOURCE}", code=code)
    family.add("a code that is too short", config=f"{one}{SOURCE}", code="12")
    family.add("a code that is refused", config=f"{one}{SOURCE}", code=code, answers=[sts_error("AccessDenied")])
    family.add("a code, an error 500 once", config=f"{one}{SOURCE}", code=code,
               answers=[answer("Action=AssumeRole&", "", 500, times=1), assume()])
    family.add("a device of the source only", config=f"{ROLE_OF_SOURCE}{SOURCE}{device}", code=code)
    family.add("a code for a role of EcsContainer", config=f"{ROLE_PROFILE}credential_source=EcsContainer\n{device}", code=code,
               env=CONTAINER_ENV, answers=[assume(), CONTAINER])
    chain = f"[profile src]\nrole_arn={ROLE}s\nsource_profile=deep\n"
    of_two = [assume("s", "ASIAFIRST"), assume("r", "ASIASECOND")]
    deep = f"[profile deep]\n{KEYS}"
    family.add("a code for the first of two", config=f"{ROLE_OF_SOURCE}{chain}{device}{deep}", code=code, answers=of_two)
    family.add("a code for the second of two", config=f"{one}{chain}{deep}", code=code, answers=of_two)
    family.add("a code for both of two", config=f"{one}{chain}{device}{deep}", code=code, answers=of_two)
    family.add("a code that nobody says, for the second of two", config=f"{one}{chain}{deep}", answers=of_two)
    family.add("a code of a web identity", code=code, files={"jwt": "token.of.web"}, answers=[assume_web()],
               config=f"{ROLE_PROFILE}web_identity_token_file={{home}}/jwt\n{device}")


def role_answers(family):
    one = ROLE_OF_SOURCE
    for name, wrong in trouble("Action=AssumeRole&"):
        family.add(name, config=f"{one}{SOURCE}", answers=[*wrong, assume()])
    family.add("refused once by its clock", config=f"{one}{SOURCE}",
               answers=[sts_error("SignatureDoesNotMatch", times=1), assume()])
    family.add("ends soon", config=f"{one}{SOURCE}", answers=[assume(ends="{now+300}")])
    family.add("ended", config=f"{one}{SOURCE}", answers=[assume(ends="{now-300}")])
    family.add("an end with a fraction", config=f"{one}{SOURCE}", answers=[assume(ends="{now+3600:fraction}")])
    family.add("an answer that is no XML", config=f"{one}{SOURCE}", answers=[answer("Action=", "{}")])
    family.add("an answer without credentials", config=f"{one}{SOURCE}", answers=[answer("Action=", "<AssumeRoleResponse/>")])
    family.add("an error 429 without a word, once", config=f"{one}{SOURCE}",
               answers=[answer("Action=", "", 429, times=1), assume()])
    family.add("AWS_MAX_ATTEMPTS=1", config=f"{one}{SOURCE}", env={"AWS_MAX_ATTEMPTS": "1"},
               answers=[sts_error("Throttling", 400, times=1), assume()])
    family.add("max_attempts=5", config=f"{one}max_attempts=5\n{SOURCE}",
               answers=[sts_error("Throttling", 400, times=4), assume()])


def trouble(on):
    """What a service may say before it is good: a name, and answers."""
    yield "an error 500 once", [answer(on, "", 500, times=1)]
    yield "an error 503 twice", [answer(on, "<html>", 503, times=2)]
    yield "an error 500 always", [answer(on, "", 500)]
    yield "throttled once", [sts_error("Throttling", 400, on, times=1)]
    yield "refused", [sts_error("AccessDenied", 403, on)]
    yield "IDPCommunicationError once", [sts_error("IDPCommunicationError", 400, on, times=1)]
    yield "IDPCommunicationError always", [sts_error("IDPCommunicationError", 400, on)]
    yield "no connection once", [fails(on, "connect", times=1)]
    yield "a timeout once", [fails(on, "timeout", times=1)]
    yield "a broken connection once", [fails(on, "exchange", times=1)]
    yield "no connection always", [fails(on)]


def web_identities():
    env = {"AWS_ROLE_ARN": f"{ROLE}w", "AWS_WEB_IDENTITY_TOKEN_FILE": "{home}/jwt"}
    family = Family("web identities", files={"jwt": "token.of.web"}, answers=[assume_web()])
    profile = f"[default]\nrole_arn={ROLE}w\nweb_identity_token_file={{home}}/jwt\n"
    family.add("of variables", env=env)
    family.add("with a session's name", env={**env, "AWS_ROLE_SESSION_NAME": "me"})
    family.add("of a profile", config=profile)
    family.add("of a profile, with a name", config=f"{profile}role_session_name=me\n")
    family.add("of a profile, with a duration", config=f"{profile}duration_seconds=900\n")
    family.add("of a profile, with an external id", config=f"{profile}external_id=xy\n")
    family.add("of a profile and variables", config=profile.replace("role/w", "role/other"), env=env)
    family.add("a file of variables, a role of the profile", config=f"[default]\nrole_arn={ROLE}w\n",
               env={"AWS_WEB_IDENTITY_TOKEN_FILE": "{home}/jwt"})
    family.add("a file of the profile, a role of variables", config="[default]\nweb_identity_token_file={home}/jwt\n",
               env={"AWS_ROLE_ARN": f"{ROLE}w"})
    family.add("a name of variables, the rest of the profile", config=profile, env={"AWS_ROLE_SESSION_NAME": "me"})
    family.add("and a source_profile", config=f"{profile}source_profile=src\n{SOURCE}")
    family.add("and keys", config=f"{profile}{KEYS}")
    family.add("of variables, and keys in a profile", env=env, credentials=f"[default]\n{KEYS}")
    family.add("of variables, and a role in a profile", env=env,
               config=f"[default]\nrole_arn={ROLE}r\nsource_profile=src\n{SOURCE}", answers=[assume_web(), assume()])
    family.add("of variables, and another profile", env={**env, "AWS_PROFILE": "src"}, config=SOURCE)
    family.add("no role", env={**env, "AWS_ROLE_ARN": None}, answers=MACHINE)
    family.add("a role only", env={"AWS_ROLE_ARN": f"{ROLE}w", **CONTAINER_ENV}, answers=MACHINE)
    family.add("an empty role", env={**env, "AWS_ROLE_ARN": ""}, answers=MACHINE)
    family.add("an empty name of a file", env={**env, "AWS_WEB_IDENTITY_TOKEN_FILE": "", **CONTAINER_ENV}, answers=MACHINE)
    family.add("no file", env=env, files={})
    family.add("an empty file", env=env, files={"jwt": ""})
    family.add("a file with an end of line", env=env, files={"jwt": "token.of.web\n"})
    family.add("no region", env=env, region=None)
    family.add("a region in code", env=env, region=None, code_region="us-west-2")
    for name, wrong in trouble("Action=AssumeRoleWithWebIdentity"):
        family.add(name, env=env, answers=[*wrong, assume_web()])
    family.add("InvalidIdentityToken", env=env, answers=[sts_error("InvalidIdentityToken", 400)])
    family.add("ExpiredTokenException", env=env, answers=[sts_error("ExpiredTokenException", 400)])
    return family


# Who asks a helper service: a config with places for settings of the profile and the region, files and variables.
ASKERS = {
    "a role": {"config": f"[default]\nrole_arn={ROLE}r\nsource_profile=src\n%s{SOURCE}"},
    "a web identity": {"config": "[default]\n%s", "files": {"jwt": "token.of.web"},
                       "env": {"AWS_ROLE_ARN": f"{ROLE}w", "AWS_WEB_IDENTITY_TOKEN_FILE": "{home}/jwt"}},
    "a sign-on": {"config": lambda: sso_profile("default", region="{region}", more="%s"),
                  "files": lambda: sso_file(ends="{now-60}", region="{region}")},
    "a login": {"config": "[default]\nlogin_session=me\n%s", "files": lambda: login_file(ends="{now-60}")},
}

SERVICES = ("[services local]\nsts =\n  endpoint_url = http://localhost:2\nsso =\n  endpoint_url = http://localhost:3\n"
            "sso_oidc =\n  endpoint_url = http://localhost:4\nsignin =\n  endpoint_url = http://localhost:5\n")

LOCAL = {"AWS_ENDPOINT_URL": "http://localhost:4566"}


def add_asker(family, kind, name, lines="", env=None, region=REGION, sections=""):
    given = {key: value() if callable(value) else value for key, value in ASKERS[kind].items()}
    config = (given["config"] % lines).replace("{region}", region or REGION) + sections
    files = {path: text.replace("{region}", region or REGION) for path, text in given.get("files", {}).items()}
    family.add(f"{kind}, {name}", config=config, files=files, env={**given.get("env", {}), **(env or {})}, region=region)


def endpoints():
    """Settings that say where the helper services are."""
    family = Family("endpoints", answers=[assume(), assume_web(), sign_on(), token_created(), login_refreshed()])
    for kind in ASKERS:
        add = functools.partial(add_asker, family, kind)
        for region in REGIONS:
            add(f"in {region}", region=region)
        for region in ("us-east-1", "us-gov-west-1", "cn-north-1", "eu-west-1"):
            add(f"FIPS in {region}", env={"AWS_USE_FIPS_ENDPOINT": "true"}, region=region)
            add(f"dual stack in {region}", env={"AWS_USE_DUALSTACK_ENDPOINT": "true"}, region=region)
        add("FIPS and dual stack", env={"AWS_USE_FIPS_ENDPOINT": "true", "AWS_USE_DUALSTACK_ENDPOINT": "true"},
            region="us-east-1")
        add("FIPS in the profile", "use_fips_endpoint=true\n", region="us-west-2")
        add("dual stack in the profile", "use_dualstack_endpoint=true\n")
        add("no region", region=None)
        own_hosts(add)
    regional_endpoints(family)
    return family


def own_hosts(add):
    add("AWS_ENDPOINT_URL", env=LOCAL)
    add("AWS_ENDPOINT_URL with a path", env={"AWS_ENDPOINT_URL": "http://localhost:4566/local/"})
    add("endpoint_url in the profile", "endpoint_url=http://localhost:4566\n")
    for variable in ("STS", "SSO", "SSO_OIDC", "SIGNIN"):
        add(f"AWS_ENDPOINT_URL_{variable}", env={f"AWS_ENDPOINT_URL_{variable}": "https://own.example:8443"})
    add("all variables", env={"AWS_ENDPOINT_URL": "http://localhost:1", "AWS_ENDPOINT_URL_STS": "http://localhost:2",
                              "AWS_ENDPOINT_URL_SSO": "http://localhost:3", "AWS_ENDPOINT_URL_SSO_OIDC": "http://localhost:4",
                              "AWS_ENDPOINT_URL_SIGNIN": "http://localhost:5"})
    add("a services section", "services=local\n", sections=SERVICES)
    add("a services section and a variable", "services=local\n", LOCAL, sections=SERVICES)
    add("a services section, ignored", "services=local\nignore_configured_endpoint_urls=true\n", sections=SERVICES)
    add("a services section, and one host for all", "services=local\nendpoint_url=http://localhost:1\n", sections=SERVICES)
    add("a variable, ignored", env={**LOCAL, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"})
    add("FIPS and a host", env={**LOCAL, "AWS_USE_FIPS_ENDPOINT": "true"})
    add("dual stack and a host", env={**LOCAL, "AWS_USE_DUALSTACK_ENDPOINT": "true"})
    add("an URL that is none", env={"AWS_ENDPOINT_URL": "localhost:1"})


def regional_endpoints(family):
    for value in ("legacy", "regional", "LEGACY", "other"):
        for region in ("us-east-1", "eu-west-1", "ap-east-1", "us-gov-west-1"):
            add_asker(family, "a role", f"sts_regional_endpoints={value} in {region}",
                      env={"AWS_STS_REGIONAL_ENDPOINTS": value}, region=region)
    legacy = {"AWS_STS_REGIONAL_ENDPOINTS": "legacy"}
    add_asker(family, "a role", "sts_regional_endpoints in the profile", "sts_regional_endpoints=legacy\n")
    add_asker(family, "a role", "sts_regional_endpoints=legacy without a region", env=legacy, region=None)
    add_asker(family, "a role", "sts_regional_endpoints=legacy and a host", env={**legacy, **LOCAL})
    add_asker(family, "a role", "sts_regional_endpoints=legacy and FIPS", env={**legacy, "AWS_USE_FIPS_ENDPOINT": "true"})
    add_asker(family, "a web identity", "sts_regional_endpoints=legacy", env=legacy)
    for region in ("fips-us-gov-west-1", "us-gov-west-1-fips", "aws-global"):
        add_asker(family, "a role", f"the region {region}", region=region)


def sso_profile(name="a", region=REGION, session="corp", more="", session_more=""):
    header = "[default]" if name == "default" else f"[profile {name}]"
    return (f"{header}\nsso_session={session}\nsso_account_id={ACCOUNT}\nsso_role_name=Dev\n{more}"
            f"[sso-session {session}]\nsso_start_url=https://x.awsapps.com/start\nsso_region={region}\n{session_more}")


def sso_file(ends="{now+3600}", name="corp", region=REGION, **more):
    content = {"startUrl": "https://x.awsapps.com/start", "region": region, "accessToken": "AT", "expiresAt": ends,
               "clientId": "ci", "clientSecret": "cs", "registrationExpiresAt": "{now+86400}", "refreshToken": "RT", **more}
    content = {key: value for key, value in content.items() if value is not None}
    return {f".aws/sso/cache/{hashlib.sha1(name.encode()).hexdigest()}.json": json.dumps(content)}


def sign_ons():
    family = Family("sign-ons", config=sso_profile("default"), answers=[sign_on(), token_created(), *MACHINE])
    family.add("a token", files=sso_file())
    for form in EXPIRATIONS:
        family.add(f"a token that is good, {form}", files=sso_file("{now+7200:%s}" % form))
        family.add(f"a token that has ended, {form}", files=sso_file("{now-7200:%s}" % form))
        family.add(f"a registration that ends, {form}",
                   files=sso_file("{now-60}", registrationExpiresAt="{now+7200:%s}" % form))
    for ends in ("{now+1200}", "{now+840}", "{now+300}", "{now+5}", "{now-5}", "{now-86400}"):
        family.add(f"refreshed at {ends}", files=sso_file(ends))
        family.add(f"refused at {ends}", files=sso_file(ends),
                   answers=[json_error("clientSecret", "InvalidGrantException"), sign_on()])
        family.add(f"nothing to refresh with at {ends}", files=sso_file(ends, refreshToken=None))
        family.add(f"a registration that has ended, at {ends}", files=sso_file(ends, registrationExpiresAt="{now-60}"))
        family.add(f"nobody refreshes at {ends}", files=sso_file(ends), answers=[sign_on()])
    refreshes(family)
    portals(family)
    sso_files(family)
    sso_settings(family)
    return family


def refreshes(family):
    family.add("refreshed without another refresh token", files=sso_file("{now-60}"), answers=[sign_on(), token_created(None)])
    for key in ("clientId", "clientSecret", "registrationExpiresAt", "refreshToken", "startUrl", "region", "accessToken",
                "expiresAt"):
        family.add(f"ended, without {key}",
                   files=sso_file(**{"ends": "{now-60}", key: None} if key != "expiresAt" else {"ends": None}))
    family.add("more in the file", files=sso_file("{now-60}", scopes=["sso:account:access"], other={"a": 1}))
    for code, status in (("InvalidGrantException", 400), ("ExpiredTokenException", 400), ("UnauthorizedClientException", 400),
                         ("InternalServerException", 500), ("SlowDownException", 400), ("InvalidRequestException", 400)):
        family.add(f"refresh: {code}", files=sso_file("{now-60}"),
                   answers=[json_error("clientSecret", code, status), sign_on()])
        family.add(f"refresh: {code} once", files=sso_file("{now-60}"),
                   answers=[json_error("clientSecret", code, status, times=1), token_created(), sign_on()])
    family.add("refresh: an error 503 once", files=sso_file("{now-60}"),
               answers=[answer("clientSecret", "", 503, times=1), token_created(), sign_on()])
    family.add("refresh: no connection once", files=sso_file("{now-60}"),
               answers=[fails("clientSecret", times=1), token_created(), sign_on()])
    family.add("refresh: no JSON", files=sso_file("{now-60}"), answers=[answer("clientSecret", "<html>"), sign_on()])
    family.add("refresh: nothing in it", files=sso_file("{now-60}"), answers=[answer("clientSecret", "{}"), sign_on()])


def portals(family):
    for code, status in (("UnauthorizedException", 401), ("ForbiddenException", 403), ("TooManyRequestsException", 429),
                         ("ResourceNotFoundException", 404), ("InvalidRequestException", 400)):
        family.add(f"portal: {code}", files=sso_file(), answers=[json_error("/federation", code, status)])
        family.add(f"portal: {code} once", files=sso_file(),
                   answers=[json_error("/federation", code, status, times=1), sign_on(), token_created()])
    family.add("portal: an error 500 once", files=sso_file(), answers=[answer("/federation", "", 500, times=1), sign_on()])
    family.add("portal: no connection once", files=sso_file(), answers=[fails("/federation", times=1), sign_on()])
    family.add("portal: ends soon", files=sso_file(), answers=[sign_on(ends="{now+300:ms}")])
    family.add("portal: ended", files=sso_file(), answers=[sign_on(ends="{now-300:ms}")])


def sso_files(family):
    family.add("no file", files={})
    family.add("a file that is no JSON", files={next(iter(sso_file())): "{"})
    family.add("a file that is empty", files={next(iter(sso_file())): ""})
    family.add("a file with a list", files={next(iter(sso_file())): "[]"})
    family.add("a file of another session", files=sso_file(name="other"))
    family.add("a file of the start URL", files=sso_file(name="https://x.awsapps.com/start"))
    family.add("an end that is none", files=sso_file("soon"))
    family.add("no end", files=sso_file(None))
    legacy = f"[default]\nsso_start_url=https://x.awsapps.com/start\nsso_region={REGION}\nsso_account_id={ACCOUNT}\nsso_role_name=Dev\n"
    of_url = functools.partial(sso_file, name="https://x.awsapps.com/start")
    family.add("without a session", config=legacy, files=of_url())
    family.add("without a session, ended", config=legacy, files=of_url("{now-60}"))
    family.add("without a session, soon", config=legacy, files=of_url("{now+300}"))
    family.add("without a session, no file", config=legacy)
    family.add("without a session, in UTC", config=legacy, files=of_url("{now+7200:utc}"))
    family.add("without a session, of the session's name", config=legacy, files=sso_file())


def sso_settings(family):
    family.add("a session that is not there",
               config=sso_profile("default").replace("[sso-session corp]", "[sso-session other]"), files=sso_file())
    for line in ("sso_region", "sso_start_url", "sso_account_id", "sso_role_name"):
        config = "".join(one for one in sso_profile("default").splitlines(True) if not one.startswith(line))
        family.add(f"no {line}", config=config, files=sso_file(), env=CONTAINER_ENV)
    family.add("another region in the profile", config=sso_profile("default", more="sso_region=us-east-1\n"), files=sso_file())
    family.add("the same region in the profile", config=sso_profile("default", more=f"sso_region={REGION}\n"), files=sso_file())
    family.add("a region in the profile, none in the session", files=sso_file(),
               config=sso_profile("default", more=f"sso_region={REGION}\n").replace(f"start\nsso_region={REGION}\n", "start\n"))
    family.add("scopes", config=sso_profile("default", session_more="sso_registration_scopes=sso:account:access\n"),
               files=sso_file())
    family.add("keys too", config=f"{sso_profile('default', more=KEYS)}", files=sso_file())
    quoted = sso_profile("default", session="My Corp").replace("[sso-session My Corp]", "[sso-session \"My Corp\"]")
    family.add("a session with a space", config=quoted, files=sso_file(name="My Corp"))
    family.add("a role that wants escapes", config=sso_profile("default").replace("Dev", "Dev+Ops @1/x"), files=sso_file())
    family.add("a region for the call only", config=sso_profile("default", region="us-west-2"),
               files=sso_file(region="us-west-2"))
    family.add("no region for the call", config=sso_profile("default"), files=sso_file(), region=None)
    for region in ("evil.example/", "a b", "evil.example#"):
        family.add(f"the region {region!r}", config=sso_profile("default", region=region), files=sso_file())


@functools.cache
def login_key():
    return EC.new_generate(ECType.P_256)


def login_pem(form="pem"):
    text = base64.b64encode(login_key().export_key(ECExportFormat.SEC1)).decode()
    rows = [text[at:at + 64] for at in range(0, len(text), 64)]
    whole = "\n".join(["-----BEGIN EC PRIVATE KEY-----", *rows, "-----END EC PRIVATE KEY-----"])
    return {"pem": whole + "\n", "no end of line": whole,
            "one row": whole.replace("\n", "").replace("-----M", "-----\nM").replace("-----END", "\n-----END"),
            "returns": whole.replace("\n", "\r\n"), "bare": text}[form]


def login_file(ends="{now+3600}", name="me", **more):
    content = {"accessToken": {"accessKeyId": "ASIALOGIN", "secretAccessKey": "s", "sessionToken": "t", "accountId": ACCOUNT,
                               "expiresAt": ends},
               "tokenType": "aws_sigv4", "refreshToken": "RT", "idToken": "ID",
               "clientId": "arn:aws:signin:::devtools/same-device",
               "dpopKey": login_pem(), **more}
    content = {key: value for key, value in content.items() if value is not None}
    return {f".aws/login/cache/{hashlib.sha256(name.encode()).hexdigest()}.json": json.dumps(content)}


def logins():
    family = Family("logins", config="[default]\nlogin_session=me\n", answers=[login_refreshed(), *MACHINE])
    family.add("cached", files=login_file())
    for ends in ("{now+1200}", "{now+720}", "{now+500}", "{now+240}", "{now+5}", "{now-5}", "{now-86400}"):
        family.add(f"refreshed at {ends}", files=login_file(ends))
        refused = answer("/v1/token", {"error": "TOKEN_EXPIRED", "message": "no"}, 400,
                         headers={"x-amzn-errortype": "AccessDeniedException"})
        family.add(f"refused at {ends}", files=login_file(ends), answers=[refused])
        family.add(f"nobody refreshes at {ends}", files=login_file(ends), answers=[])
    for form in EXPIRATIONS:
        family.add(f"cached, {form}", files=login_file("{now+7200:%s}" % form))
        family.add(f"ended, {form}", files=login_file("{now-7200:%s}" % form))
    for form in ("no end of line", "one row", "returns", "bare"):
        family.add(f"a key with {form}", files=login_file("{now-60}", dpopKey=login_pem(form)))
    family.add("a key that is none", files=login_file("{now-60}", dpopKey="x"))
    family.add("a key that is none, cached", files=login_file(dpopKey="x"))
    for key in ("accessToken", "refreshToken", "dpopKey", "clientId", "tokenType", "idToken"):
        family.add(f"without {key}", files=login_file("{now-60}", **{key: None}))
        family.add(f"cached without {key}", files=login_file(**{key: None}))
    family.add("another sign-in region", files=login_file("{now-60}", signInRegion="us-west-2"))
    family.add("another sign-in region, no region", files=login_file("{now-60}", signInRegion="us-west-2"), region=None,
               code_region="eu-west-1")
    family.add("the region in code", files=login_file("{now-60}"), region=None, code_region="us-west-2")
    family.add("more in the file", files=login_file("{now-60}", other={"a": 1}))
    family.add("no file", files={})
    family.add("a file that is no JSON", files={next(iter(login_file())): "{"})
    family.add("a folder of one's own", files={f"c/{next(iter(login_file())).rpartition('/')[2]}": next(iter(login_file('{now-60}').values()))},
               env={"AWS_LOGIN_CACHE_DIRECTORY": "{home}/c"})
    arn = f"arn:aws:iam::{ACCOUNT}:user/me"
    family.add("the name is an ARN", config=f"[default]\nlogin_session={arn}\n", files=login_file("{now-60}", name=arn))
    family.add("keys in credentials too", files=login_file(), credentials=f"[default]\n{KEYS}")
    family.add("keys in config too", files=login_file(), config=f"[default]\nlogin_session=me\n{KEYS}")
    family.add("a command too", files={**login_file(), **command()},
               config="[default]\nlogin_session=me\ncredential_process={home}/run.sh\n")
    family.add("a machine too", files={}, env=CONTAINER_ENV)
    login_answers(family)
    return family


def login_answers(family):
    for error, status in (("TOKEN_EXPIRED", 400), ("USER_CREDENTIALS_CHANGED", 400), ("INSUFFICIENT_PERMISSIONS", 400),
                          ("OTHER", 403)):
        refused = answer("/v1/token", {"error": error, "message": "no"}, status,
                         headers={"x-amzn-errortype": "AccessDeniedException"})
        family.add(f"refused: {error}", files=login_file("{now-60}"), answers=[refused])
    family.add("an error 500 once", files=login_file("{now-60}"),
               answers=[answer("/v1/token", "", 500, times=1), login_refreshed()])
    family.add("an error 500 always", files=login_file("{now-60}"), answers=[answer("/v1/token", "", 500)])
    family.add("throttled once", files=login_file("{now-60}"),
               answers=[json_error("/v1/token", "TooManyRequestsError", 429, times=1), login_refreshed()])
    family.add("no connection once", files=login_file("{now-60}"), answers=[fails("/v1/token", times=1), login_refreshed()])
    family.add("nothing in the answer", files=login_file("{now-60}"), answers=[answer("/v1/token", "{}")])


def containers():
    family = Family("containers", answers=[CONTAINER])
    relative = {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/creds"}
    family.add("a path", env=relative)
    family.add("a path with a query", env={"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/creds?id=1"})
    family.add("both", env={**relative, **CONTAINER_ENV})
    for value in (".evil.example/creds", "@evil.example/creds", ":80/creds", "creds", "", "//creds", ":x@evil.example/creds"):
        family.add(f"the path {value!r}", env={"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": value})
    for host in ("127.0.0.1", "127.0.0.1:8080", "127.1.2.3", "localhost:51679", "[::1]:80", "169.254.170.2", "169.254.170.23",
                 "[fd00:ec2::23]", "10.0.0.1", "169.254.169.254", "example.com", "0.0.0.0", "localhost.evil.example",
                 "[fd00:ec2::24]",
                 "LOCALHOST", "user@localhost", "2130706433", "[::ffff:127.0.0.1]", "127.0.0.1.evil.example"):
        family.add(f"http at {host}", env={"AWS_CONTAINER_CREDENTIALS_FULL_URI": f"http://{host}/creds"})
    for uri in ("https://example.com/creds", "https://10.0.0.1/creds", "ftp://localhost/creds", "localhost/creds", "",
                "http:///creds",
                "http://localhost/creds#x", "http://localhost/creds?a=b c"):
        family.add(f"at {uri!r}", env={"AWS_CONTAINER_CREDENTIALS_FULL_URI": uri})
    token, file = "AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"
    for env in (relative, CONTAINER_ENV):
        family.add(f"a token, {next(iter(env))}", env={**env, token: "Basic abc"})
        family.add(f"a token in a file, {next(iter(env))}", env={**env, file: "{home}/tok"}, files={"tok": "pod-token"})
    family.add("both tokens", env={**CONTAINER_ENV, token: "Basic abc", file: "{home}/tok"}, files={"tok": "pod-token"})
    family.add("no file of a token", env={**CONTAINER_ENV, file: "{home}/tok"})
    for name, value in (("with an end of line", "pod-token\n"), ("empty", ""), ("of two lines", "a\nb"),
                        ("with a return", "a\r\n"), ("with spaces", " a ")):
        family.add(f"a file of a token {name}", env={**CONTAINER_ENV, file: "{home}/tok"}, files={"tok": value})
    for name, value in (("empty", ""), ("with an end of line", "a\n"), ("of two lines", "a\r\nX: y"), ("with spaces", " a ")):
        family.add(f"a token {name}", env={**CONTAINER_ENV, token: value})
    for name, wrong in (("500 once", [answer("/creds", "", 500, times=1)]), ("500 twice", [answer("/creds", "", 500, times=2)]),
                        ("500 three times", [answer("/creds", "", 500, times=3)]),
                        ("404 once", [answer("/creds", "", 404, times=1)]),
                        ("403 always", [answer("/creds", "{}", 403)]), ("429 once", [answer("/creds", "", 429, times=1)]),
                        ("no connection once", [fails("/creds", times=1)]), ("no connection always", [fails("/creds")]),
                        ("a timeout once", [fails("/creds", "timeout", times=1)]),
                        ("broken twice", [fails("/creds", "exchange", times=2)]),
                        ("no JSON once", [answer("/creds", "<html>", times=1)]),
                        ("nothing once", [answer("/creds", "", times=1)]),
                        ("a list", [answer("/creds", "[]")]),
                        ("an error with 200", [answer("/creds", {"Code": "X", "Message": "no"})])):
        family.add(name, env=relative, answers=[*wrong, CONTAINER])
    for name, body in documents():
        family.add(name, env=relative, answers=[answer("/creds", body)])
    family.add("AWS_MAX_ATTEMPTS=1", env={**relative, "AWS_MAX_ATTEMPTS": "1"},
               answers=[answer("/creds", "", 500, times=1), CONTAINER])
    family.add("and an instance", env={**relative, "AWS_EC2_METADATA_DISABLED": None},
               answers=[answer("/creds", "", 500), *INSTANCE])
    family.add("behind a proxy", env={**CONTAINER_ENV, "HTTP_PROXY": "http://proxy.example:3128"})
    return family


def documents():
    """Credentials as a container or an instance writes them."""
    for form in EXPIRATIONS:
        yield f"an end, {form}", keys_of_machine("ASIAMACHINE", "{now+7200:%s}" % form)
    for name, ends in (("soon", "{now+300}"), ("ended", "{now-300}"), ("none", None), ("empty", ""), ("unreadable", "soon")):
        yield f"an end, {name}", keys_of_machine("ASIAMACHINE", ends)
    for key in ("AccessKeyId", "SecretAccessKey", "Token"):
        yield f"no {key}", keys_of_machine(**{"key": "ASIAMACHINE", key: None})
        yield f"{key} is empty", keys_of_machine(**{"key": "ASIAMACHINE", key: ""})
    yield "an account", keys_of_machine("ASIAMACHINE", AccountId=ACCOUNT)
    yield "more members", keys_of_machine("ASIAMACHINE", RoleArn="x", Other={"a": 1})


def instances():
    v2 = {"AWS_EC2_METADATA_V1_DISABLED": "true"}
    family = Family("instances", env={"AWS_EC2_METADATA_DISABLED": None, **v2}, answers=INSTANCE)
    family.add("good")
    family.add("v1 allowed", env={"AWS_EC2_METADATA_V1_DISABLED": None})
    for path, name in (("/latest/api/token", "token"), ("security-credentials/ ", "role"),
                       ("security-credentials/machine", "keys")):
        for status in (400, 403, 404, 405, 429, 500, 503):
            family.add(f"{name}: {status}", answers=[answer(path, "", status), *INSTANCE])
            family.add(f"{name}: {status} once, two attempts", env={"AWS_METADATA_SERVICE_NUM_ATTEMPTS": "2"},
                       answers=[answer(path, "", status, times=1), *INSTANCE])
        for how in ("connect", "timeout", "exchange"):
            family.add(f"{name}: {how}", answers=[fails(path, how), *INSTANCE])
            family.add(f"{name}: {how} once, three attempts", env={"AWS_METADATA_SERVICE_NUM_ATTEMPTS": "3"},
                       answers=[fails(path, how, times=1), *INSTANCE])
        family.add(f"{name}: nothing", answers=[answer(path, ""), *INSTANCE])
    family.add("token: v1 allowed, 403", env={"AWS_EC2_METADATA_V1_DISABLED": None},
               answers=[answer("/latest/api/token", "", 403), *INSTANCE])
    family.add("token: v1 allowed, no connection", env={"AWS_EC2_METADATA_V1_DISABLED": None}, answers=[])
    family.add("a role with an end of line",
               answers=[INSTANCE_TOKEN, answer("security-credentials/ ", "machine\n"), INSTANCE_KEYS])
    family.add("no JSON once, two attempts", env={"AWS_METADATA_SERVICE_NUM_ATTEMPTS": "2"},
               answers=[*INSTANCE[:2], answer("security-credentials/machine", "<html>", times=1), INSTANCE_KEYS])
    family.add("an error with 200", answers=[*INSTANCE[:2],
                                             answer("security-credentials/machine",
                                                    {"Code": "AssumeRoleUnauthorizedAccess", "Message": "no"})])
    for name, body in documents():
        family.add(name, answers=[*INSTANCE[:2], answer("security-credentials/machine", body)])
    family.add("disabled", env={"AWS_EC2_METADATA_DISABLED": "true"})
    family.add("disabled, in capitals", env={"AWS_EC2_METADATA_DISABLED": "TRUE"})
    family.add("disabled: false", env={"AWS_EC2_METADATA_DISABLED": "false"})
    family.add("disabled: 1", env={"AWS_EC2_METADATA_DISABLED": "1"})
    endpoint, mode = "AWS_EC2_METADATA_SERVICE_ENDPOINT", "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"
    for url in ("http://127.0.0.1:9911", "http://127.0.0.1:9911/", "http://127.0.0.1/base", "https://proxy.example",
                "127.0.0.1", "http://[fd00:ec2::254]", "http://a b", ""):
        family.add(f"the endpoint {url!r}", env={endpoint: url})
    family.add("an endpoint in the profile", config="[default]\nec2_metadata_service_endpoint=http://127.0.0.1:9911\n")
    family.add("an endpoint in both", env={endpoint: "http://127.0.0.1:1"},
               config="[default]\nec2_metadata_service_endpoint=http://127.0.0.1:2\n")
    for value in ("IPv4", "IPv6", "ipv6", "IPV6", "both", ""):
        family.add(f"the mode {value!r}", env={mode: value})
    family.add("a mode in the profile", config="[default]\nec2_metadata_service_endpoint_mode=IPv6\n")
    family.add("a mode and an endpoint", env={mode: "IPv6", endpoint: "http://127.0.0.1:1"})
    family.add("AWS_IMDS_USE_IPV6", env={"AWS_IMDS_USE_IPV6": "true"})
    family.add("imds_use_ipv6", config="[default]\nimds_use_ipv6=true\n")
    family.add("AWS_IMDS_USE_IPV6 and a mode", env={"AWS_IMDS_USE_IPV6": "true", mode: "IPv4"})
    for value in ("0", "-1", "x", "", "5"):
        family.add(f"{value!r} attempts", env={"AWS_METADATA_SERVICE_NUM_ATTEMPTS": value},
                   answers=[answer("/latest/api/token", "", 500, times=3), *INSTANCE])
    family.add("attempts in the profile", config="[default]\nmetadata_service_num_attempts=2\n",
               answers=[answer("/latest/api/token", "", 500, times=1), *INSTANCE])
    family.add("v1 disabled in the profile", env={"AWS_EC2_METADATA_V1_DISABLED": None},
               config="[default]\nec2_metadata_v1_disabled=true\n",
               answers=[answer("/latest/api/token", "", 404), *INSTANCE])
    family.add("a timeout that is none", env={"AWS_METADATA_SERVICE_TIMEOUT": "x"})
    family.add("of a role", config=f"[default]\nrole_arn={ROLE}r\ncredential_source=Ec2InstanceMetadata\n",
               answers=[*INSTANCE, assume()])
    family.add("behind a proxy", env={"HTTP_PROXY": "http://proxy.example:3128"})
    return family


def command(text=None, **more):
    """A command that says such credentials."""
    given = {"Version": 1, "AccessKeyId": "AKIACOMMAND", "SecretAccessKey": "s", "SessionToken": "t",
             "Expiration": "{now+7200}", **more}
    given = {name: value for name, value in given.items() if value is not None}
    text = json.dumps(given) if text is None else text
    return {"run.sh": "#!/bin/sh\ncat \"$(dirname \"$0\")/said\"\n", "said": text}


def commands():
    family = Family("commands", config="[default]\ncredential_process={home}/run.sh\n", answers=MACHINE, env=CONTAINER_ENV)
    family.add("good", files=command())
    family.add("without a token", files=command(SessionToken=None))
    family.add("without an end", files=command(Expiration=None))
    for form in EXPIRATIONS:
        family.add(f"an end, {form}", files=command(Expiration="{now+7200:%s}" % form))
        family.add(f"an end long ago, {form}", files=command(Expiration="{now-7200:%s}" % form))
    for name, ends in (("empty", ""), ("unreadable", "soon"), ("a date", "2099-01-01"), ("a time of day", "23:59:59"),
                       ("epoch", "4070908800"),
                       ("with an underscore", "2099-12-01_00:00:00"), ("a number", 4070908800), ("false", False),
                       ("soon", "{now+300}"), ("late", "9999-12-31T23:59:59Z")):
        family.add(f"an end, {name}", files=command(Expiration=ends))
    for version in (None, 0, 2, "1", 1.0, "x"):
        family.add(f"version {version!r}", files=command(Version=version))
    for key in ("AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"):
        family.add(f"no {key}", files=command(**{key: None}))
        family.add(f"{key} is empty", files=command(**{key: ""}))
        family.add(f"{key} is null", files=command(json.dumps({**json.loads(command()["said"]), key: None})))
    for name, text in (("nothing", ""), ("no JSON", "hello"), ("a list", "[]"), ("half of it", "{\"Version\": 1"),
                       ("with a mark", "\ufeff" + command()["said"]),
                       ("with more behind it", command()["said"] + "\nbye\n"),
                       ("ends of lines", command()["said"].replace(",", ",\r\n"))):
        family.add(f"says {name}", files=command(text))
    family.add("fails", files={"run.sh": "#!/bin/sh\necho no >&2\nexit 3\n"})
    family.add("fails, and says", files={**command(), "run.sh": "#!/bin/sh\ncat \"$(dirname \"$0\")/said\"\nexit 1\n"})
    family.add("warns", files={**command(), "run.sh": "#!/bin/sh\necho careful >&2\ncat \"$(dirname \"$0\")/said\"\n"})
    family.add("is not there", files={})
    family.add("an account", files=command(AccountId=ACCOUNT))
    for name, line in (("arguments", "/bin/cat {home}/said"), ("quotes", "/bin/cat \"{home}/said\""),
                       ("single quotes", "/bin/cat '{home}/said'"),
                       ("of the path", "cat {home}/said"), ("a shell", "/bin/sh -c 'cat {home}/said'"),
                       ("a variable", "/bin/cat $HOME/said"),
                       ("a pipe", "/bin/cat {home}/said | /bin/cat"), ("half a quote", "/bin/cat '{home}/said")):
        family.add(f"with {name}", config=f"[default]\ncredential_process={line}\n", files=command())
    family.add("a name with a space", config="[default]\ncredential_process=/bin/cat \"{home}/two words\"\n",
               files={"two words": command()["said"]})
    family.add("in credentials", config="", credentials="[default]\ncredential_process={home}/run.sh\n", files=command())
    family.add("keys in credentials too", credentials=f"[default]\n{KEYS}", files=command())
    family.add("keys in config too", config=f"[default]\ncredential_process={{home}}/run.sh\n{KEYS}", files=command())
    return family


def written():
    for make in (variables, profiles, roles, web_identities, endpoints, sign_ons, logins, containers, instances, commands):
        yield from make().cases


# Random ones.

PLACES = ("keys", "token", "role", "role", "role", "source", "web", "sso", "legacy", "login", "command", "region", "half")


def random_ones(rng, count):
    for number in range(count):
        yield random_case(rng, number)


def some(rng, chance, **given):
    """Each of these with this chance."""
    return {key: value for key, value in given.items() if rng.random() < chance}


def lines(settings):
    return "".join(f"{key}={value}\n" for key, value in settings.items())


def random_profile(rng, name, others, files):
    kind = rng.choice(PLACES)
    settings = some(rng, 0.15, region=rng.choice(REGIONS), use_fips_endpoint="true", use_dualstack_endpoint="true",
                    endpoint_url="http://localhost:4566", max_attempts=rng.choice(("1", "2", "4")))
    key = {"aws_access_key_id": f"AKIA{name.upper()}", "aws_secret_access_key": "s"}
    if rng.random() < 0.1:
        settings.update(key)
    if kind in ("keys", "token"):
        settings.update(key)
        settings.update({"aws_session_token": "T"} if kind == "token" else {})
    elif kind == "role":
        settings["role_arn"] = f"{ROLE}{name}"
        settings["source_profile"] = rng.choice(others)
        settings.update(some(rng, 0.25, role_session_name=f"s-{name}", external_id=f"x {name}",
                             duration_seconds=rng.choice(("900", "3600", "x")),
                             mfa_serial=f"arn:aws:iam::{ACCOUNT}:mfa/{name}"))
    elif kind == "source":
        settings.update({"role_arn": f"{ROLE}{name}",
                         "credential_source": rng.choice(("Environment", "EcsContainer", "Ec2InstanceMetadata"))})
    elif kind == "web":
        settings.update({"role_arn": f"{ROLE}{name}", "web_identity_token_file": "{home}/jwt",
                         **some(rng, 0.3, role_session_name="web")})
    elif kind == "sso":
        settings.update({"sso_session": "corp", "sso_account_id": ACCOUNT, "sso_role_name": "Dev"})
    elif kind == "legacy":
        settings.update({"sso_start_url": "https://x.awsapps.com/start", "sso_region": "us-east-1", "sso_account_id": ACCOUNT,
                         "sso_role_name": "Old"})
    elif kind == "login":
        settings["login_session"] = "me"
    elif kind == "command":
        settings["credential_process"] = "{home}/run.sh"
    elif kind == "half":
        settings["aws_access_key_id"] = "AKIAHALF"
    return settings


def random_answers(rng):
    """Everybody answers well in the end; some do not at once."""
    good = [assume_web(), *(assume(name, f"ASIA{name.upper()}") for name in ("default", "a", "b", "c")), sign_on(),
            token_created(),
            login_refreshed(), *MACHINE]
    places = ("Action=", "/federation", "clientSecret", "/v1/token", "/creds", "/latest/api/token", "security-credentials/")
    wrong = []
    for place in places:
        if rng.random() < 0.2:
            times = rng.choice((1, 1, 2, 3))
            wrong.append(rng.choice((answer(place, "", rng.choice((500, 503, 429)), times),
                                     fails(place, rng.choice(("connect", "timeout", "exchange")), times))))
    return wrong + good


def random_case(rng, number):
    names = ("default", "a", "b", "c")
    ends = ("{now+7200}", "{now+7200:utc}", "{now+600}", "{now-60}")
    files = {"jwt": "token.of.web", **command(Expiration=rng.choice((None, "{now+7200}", "{now+7200:naive}")))}
    for make in (sso_file, functools.partial(sso_file, name="https://x.awsapps.com/start", region="us-east-1"), login_file):
        if rng.random() < 0.9:
            files.update(make(rng.choice(ends)))
    profiles = {name: random_profile(rng, name, names, files) for name in names}
    in_config = {name: rng.random() < 0.75 for name in names}
    config = "".join(f"[{'default' if name == 'default' else f'profile {name}'}]\n{lines(profiles[name])}" for name in names if in_config[name])
    config += f"[sso-session corp]\nsso_start_url=https://x.awsapps.com/start\nsso_region={REGION}\n"
    credentials = "".join(f"[{name}]\n{lines(profiles[name])}" for name in names if not in_config[name])
    env = {"AWS_REGION": rng.choice(REGIONS)} if rng.random() < 0.9 else {}
    env.update(some(rng, 0.5, AWS_PROFILE=rng.choice(names)))
    env.update(some(rng, 0.12, AWS_USE_FIPS_ENDPOINT="true", AWS_USE_DUALSTACK_ENDPOINT="true",
                    AWS_ENDPOINT_URL="http://localhost:4566",
                    AWS_ENDPOINT_URL_STS="http://localhost:2", AWS_ENDPOINT_URL_SSO="http://localhost:3",
                    AWS_ENDPOINT_URL_SSO_OIDC="http://localhost:4",
                    AWS_ENDPOINT_URL_SIGNIN="http://localhost:5", AWS_MAX_ATTEMPTS=rng.choice(("1", "2", "5")),
                    AWS_STS_REGIONAL_ENDPOINTS="legacy",
                    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS="true", AWS_METADATA_SERVICE_NUM_ATTEMPTS="2"))
    if rng.random() < 0.08:
        env.update(VARIABLES)
        env.update(some(rng, 0.5, AWS_SESSION_TOKEN="T"))
    if rng.random() < 0.1:
        env.update({"AWS_ROLE_ARN": f"{ROLE}w", "AWS_WEB_IDENTITY_TOKEN_FILE": "{home}/jwt"})
    if rng.random() < 0.4:
        env.update(rng.choice((CONTAINER_ENV, {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/creds"})))
        env.update(some(rng, 0.3, AWS_CONTAINER_AUTHORIZATION_TOKEN="Basic abc"))
    env.update(NO_INSTANCE if rng.random() < 0.5 else {"AWS_EC2_METADATA_V1_DISABLED": "true"})
    return Case("random", f"random {number}", config=config, credentials=credentials, files=files, env=env,
                answers=random_answers(rng), code=rng.choice((None, "123456")))
