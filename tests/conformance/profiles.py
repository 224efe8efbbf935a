"""Compares how the crate reads the shared files with botocore's own loader, file by file.

`profiles` (an example of the tests package) reads pairs of files, `config` and `credentials`, and says all that it finds
in profiles, sign-on sessions and services. botocore's session reads the same files. Both must find the same, or both
refuse the files, for the same line where botocore names one.

Most files are random, and made of what the format has: headers, keys, values that go on, comments, quotes, all line ends. Some
are crafted: see `CRAFTED`. Where the crate means to read more than botocore, `INTENDED` says why. A difference is one of
these if botocore finds the same once its loader is changed accordingly; the fewest changes that do are counted. Every
other difference is a failure. The same seed gives the same files.

    cargo xtask conformance --profiles            sets up botocore and runs this
"""

import argparse
import collections
import configparser
import itertools
import json
import os
import random
import re
import shlex
import subprocess
import sys
import tempfile
from unittest import mock

import botocore.configloader
import botocore.session
from botocore.exceptions import ConfigParseError

# Where the crate means to read otherwise than botocore, and why. The key is what a summary counts.
INTENDED = {
    "twice": "a section or key that is there twice is merged, or replaced, as the AWS SDKs do; botocore refuses the file",
    "mark": "a byte order mark is not part of the first line, which botocore refuses for it",
    "comment": "a comment behind a section's header may have brackets; botocore takes them into the name",
    "spaces": "spaces within a header's brackets do not matter; botocore overlooks such a section",
    "word": "the kind of a section is a whole word; for botocore [profiles a] is a profile",
    "spellings": "[profile a] and [profile \"a\"] are one section; for botocore the later one replaces the other",
    "default": "[profile default] goes before [default], as in the AWS SDKs; for botocore the later one does",
}

KINDS = {"profile": "profiles", "sso-session": "sso_sessions", "services": "services"}


PLAIN_HEADER = configparser.RawConfigParser.SECTCRE


class Parser(configparser.RawConfigParser):
    """botocore's parser, with some of the changes that are intended."""

    def __init__(self, changes):
        super().__init__(strict="twice" not in changes)
        if "mark" in changes:
            self.encoding = "utf-8-sig"
        self.SECTCRE = Header("comment" in changes, "spaces" in changes)

    encoding = "utf-8"

    def read(self, filenames, encoding=None):
        return super().read(filenames, self.encoding)


class Header:
    """In the place of the regular expression that finds headers."""

    def __init__(self, comment, spaces):
        self.comment, self.spaces = comment, spaces

    def match(self, text):
        found = self.comment and re.match(r"\[(?P<header>.+?)\]\s+[#;]", text)
        found = found or PLAIN_HEADER.match(text)
        if found and self.spaces:
            # A match of the same name, without the spaces.
            return re.match(r"(?s)(?P<header>.*)", found["header"].strip())
        return found


def build_profile_map(changes):
    """botocore's own, with some of the changes that are intended."""
    original = botocore.configloader.build_profile_map
    if not changes & {"word", "spellings", "default"}:
        return original

    def build(parsed):
        parsed = dict(parsed)
        named = {header: parts(header) for header in parsed}
        if "word" in changes:
            for header, words in named.items():
                if header.startswith(tuple(KINDS)) and words[:1] not in [[kind] for kind in KINDS]:
                    parsed.pop(header)
        if "default" in changes and any(words == ["profile", "default"] for words in named.values()):
            parsed.pop("default", None)
        if "spellings" in changes:
            first = {}
            for header in list(parsed):
                words = tuple(named[header])
                if len(words) == 2 and words in first:
                    parsed[first[words]] = {**parsed[first[words]], **parsed.pop(header)}
                elif len(words) == 2:
                    first[words] = header
        return original(parsed)

    return build


def parts(header):
    try:
        return shlex.split(header)
    except ValueError:
        return []


def found_by_botocore(files, changes=frozenset()):
    """What botocore finds, or the line that it refuses: 0 where it does not say."""
    session = botocore.session.Session(include_builtin_handlers=False)
    session.set_config_variable("config_file", files["config"])
    session.set_config_variable("credentials_file", files["credentials"])
    patches = [mock.patch.object(botocore.configloader, "build_profile_map", build_profile_map(changes))]
    if changes & {"twice", "mark", "comment", "spaces"}:
        patches.append(mock.patch.object(configparser, "RawConfigParser", lambda: Parser(changes)))
    try:
        for patch in patches:
            patch.start()
        loaded = session.full_config
    except ConfigParseError as error:
        return {"error": refused_line(error)}
    finally:
        for patch in reversed(patches):
            patch.stop()
    found = {kind: loaded.get(key, {}) for kind, key in KINDS.items()}
    return {kind: sections for kind, sections in found.items() if sections}


def refused_line(error):
    cause = error.kwargs["error"]
    if isinstance(cause, configparser.ParsingError) and not isinstance(cause, configparser.MissingSectionHeaderError):
        return cause.errors[0][0]
    return getattr(cause, "lineno", 0)


class Program:
    def __init__(self, path):
        self.process = subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")

    def found(self, files):
        self.process.stdin.write(json.dumps(files) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if "error" in answer:
            line = re.search(r", line (\d+): expected ", answer["error"])
            return {"error": int(line[1]) if line else 0, "says": answer["error"]}
        return answer


def same(ours, theirs):
    if "error" in ours and "error" in theirs:
        return theirs["error"] == 0 or ours["error"] == theirs["error"]
    return ours == theirs


def explained(ours, files):
    """The fewest intended changes with which botocore finds the same; nothing if there are none."""
    for count in range(1, len(INTENDED) + 1):
        for changes in itertools.combinations(INTENDED, count):
            if same(ours, found_by_botocore(files, frozenset(changes))):
                return changes
    return None


# Files.

NAMES = ("default", "desk", "a", "\"my desk\"", "'my desk'", "my desk", "\"Ann's\"", "Ann's", "a\\ b", "\"a\\\"b\"", "\"desk\"", "''",
         "a\"b\"c", "team.x", "ü", "a]b", "\"a")
KEYS = ("region", "output", "REGION", "s3", "aws_access_key_id", "aws_secret_access_key", "role_arn", "services", "endpoint_url",
        "sso_start_url", "cli_pager", "k k", "Ü", "appstream", "x")
VALUES = ("eu-west-1", "json", "", "", "a = b", "https://x.example/#/start", "v # no comment", "v ; no comment", "\"quoted\"", "less",
          "arn:aws:iam::123456789012:role/r", "a:b", "[x]", "100%", "${x}", "ü\u00a0", "\\", "=")
STRAYS = ("stray", "[profile", "]", "= v", ": v", "[]", "-R", "<<<<<<< HEAD")
COMMENTS = ("# c", "; c", "#", "# a = b", "# [x]", ";[y]")
SPACES = ("", "", "", "", " ", "  ", "\t", "   ")
BEHIND = *[""] * 100, *[" # c", " ; c", "# c", " c", " /* c */"] * 10, " # [c]", "\t; c]"


def header(rng, of_config):
    within = rng.choice((" ", "\t")) if rng.random() < 0.01 else ""
    if not of_config:
        return f"[{within}{rng.choice(NAMES)}{within}]"
    kinds = ["profile"] * 25 + ["sso-session", "services"] * 15 + ["profiles"] + ["plugins", "preview", "Profile"] * 5
    name = rng.choice(("default", "default", f"{rng.choice(kinds)}{rng.choice((' ', ' ', '  ', chr(9)))}{rng.choice(NAMES)}", "DEFAULT"))
    if rng.random() < 0.6:
        name = f"{rng.choice(kinds)} {rng.choice(NAMES)}"
    return f"[{within}{name}{within}]"


def lines_of(rng, of_config, strays):
    depth = ""
    for _ in range(rng.randrange(1, 14)):
        kind = rng.random()
        if kind < 0.22:
            depth = rng.choice(SPACES) if rng.random() < 0.2 else ""
            yield depth + header(rng, of_config) + rng.choice(BEHIND)
        elif kind < 0.6:
            depth = rng.choice(SPACES) if rng.random() < 0.25 else depth
            yield f"{depth}{rng.choice(KEYS)}{rng.choice(SPACES)}{rng.choice('===:')}{rng.choice(SPACES)}{rng.choice(VALUES)}"
        elif kind < 0.8:
            inner = rng.choice((f"{rng.choice(KEYS)} = {rng.choice(VALUES)}", rng.choice(VALUES), "-R", f"{rng.choice(KEYS)}: x"))
            if rng.random() < 0.93:
                inner = f"{rng.choice(KEYS)}={rng.choice(VALUES)}"
            yield depth + rng.choice((" ", "  ", "\t", "    ")) + inner
        elif kind < 0.93:
            yield rng.choice(SPACES) + rng.choice(("", *COMMENTS))
        elif strays:
            yield rng.choice(SPACES) + rng.choice(STRAYS)


def block(rng):
    """A key with settings below it, as people write them."""
    yield f"{rng.choice(('s3', 'appstream', 'workspaces', 'x'))}{rng.choice(('=', ' =', ' = ', ':'))}"
    for _ in range(rng.randrange(4)):
        yield "  " + rng.choice((f"{rng.choice(KEYS)} = {rng.choice(VALUES)}", f"{rng.choice(KEYS)}={rng.choice(VALUES)}", "# c", ""))


def random_file(rng, of_config):
    strays = rng.random() < 0.1
    lines = []
    if rng.random() < 0.99:
        lines.append(header(rng, of_config) + rng.choice(BEHIND))
    for _ in range(rng.randrange(1, 4)):
        lines += lines_of(rng, of_config, strays)
        if rng.random() < 0.4:
            lines += block(rng)
    if rng.random() < 0.97:
        lines = without_repetition(lines)
    end = rng.choice(("\n", "\n", "\n", "\r\n", "\r"))
    text = end.join(lines) + rng.choice((end, ""))
    if rng.random() < 0.06:
        text = damaged(rng, text)
    return ("\ufeff" if rng.random() < 0.01 else "") + text


def without_repetition(lines):
    """Most files have each header once, and each of its keys."""
    kept, known, keys, skipping = [], {}, set(), False
    for line in lines:
        if line.lstrip().startswith("["):
            name = line.partition("]")[0].strip()
            skipping = name in known
            keys = known.setdefault(name, set())
        key = re.split("[=:]", line)[0].strip().lower()
        if skipping or (key in keys and re.search("[=:]", line)):
            continue
        keys.add(key)
        kept.append(line)
    return kept


def damaged(rng, text):
    for _ in range(rng.randrange(1, 4)):
        at = rng.randrange(len(text) + 1)
        text = text[:at] + rng.choice(("", "\n", " ", "[", "]", "=", "#", "\"", "'", "\\", "\t", "\u00a0", "\x1c", "\u3000")) + text[at + rng.randrange(3):]
    return text


# Config files, each with the credentials file below.
CRAFTED = [
    "",
    "\n\n",
    "# c\n; c\n",
    "[default]\noutput = json\n  # my region\nregion = eu-west-1\n",
    "[default]\ncli_pager = less\n  -R\nregion = eu-west-1\n",
    "[default]\nstray line\nregion = eu-west-1\n",
    "[default] /* here */\nregion = eu-west-1\n",
    "[profile desk] # mine\nregion = eu-west-1\n",
    "[profile desk];mine\nregion = eu-west-1\n",
    "[profile desk] # mine [and yours]\nregion = eu-west-1\n",
    "[profile \"Ann's desk\"]\nregion = eu-west-1\n",
    "[profile \"my desk\"]\nregion = eu-west-1\n",
    "[profile 'my desk']\nregion = eu-west-1\n",
    "[profile my desk]\nregion = eu-west-1\n",
    "[profile my\\ desk]\nregion = eu-west-1\n",
    "[default]\nservices = my local\n[services \"my local\"]\nappstream =\n  endpoint_url = http://localhost:1\n",
    "[sso-session 'My Corp']\nsso_region = eu-west-1\n",
    "[default]\n  output = json\n  region = eu-west-1\n",
    "\ufeff[default]\nregion = eu-west-1\n",
    "[profile default]\nregion = eu-west-1\n[default]\nregion = us-west-2\n",
    "[default]\nregion = us-west-2\n[profile default]\nregion = eu-west-1\n",
    "[profile a]\nregion = us-west-2\n[profile a]\noutput = json\n",
    "[profile a]\nregion = us-west-2\nREGION = eu-west-1\n",
    "[profile a]\nregion = us-west-2\n[profile \"a\"]\noutput = json\n",
    "region = eu-west-1\n[default]\n",
    "[default\nregion = eu-west-1\n",
    "[]\nregion = eu-west-1\n",
    "[profile]\nregion = eu-west-1\n",
    "[profile ]\nregion = eu-west-1\n",
    "[ profile a ]\nregion = eu-west-1\n",
    "[ default ]\nregion = eu-west-1\n",
    "[profiles a]\nregion = eu-west-1\n",
    "[Profile a]\nregion = eu-west-1\n",
    "[DEFAULT]\nregion = eu-west-1\n[profile a]\noutput = json\n[default]\nregion = x\n",
    "[default]\r\nregion = eu-west-1\r\n\r\ns3 =\r\n  a = b\r\n",
    "[default]\rregion = eu-west-1\r",
    "[default]\nregion=eu-west-1 # here\noutput=json ; there\n",
    "[default]\nregion: eu-west-1\n",
    "[default]\ns3 =\n  a = b\n\n  # c\n  d = e\nregion = x\n",
    "[default]\ns3 =\n  a: b\n",
    "[default]\ns3 =\n  stray\n",
    "[default]\ns3 = x\n  a = b\n",
    "[default]\ns3 =\n\n\n",
    "[default]\n = x\n",
    "[default]\nregion = x\n [profile b]\nregion = y\n",
    "[default]\n\tregion = x\n    output = y\n",
    "[default]\nregion = x\n\n  y\n\n",
    "  region = x\n",
    "  [default]\n  region = x\n",
    "  [default]\nregion = x\n",
    "[services x]\nappstream =\n  endpoint_url = http://a\nworkspaces =\n  endpoint_url = http://b\n",
    "[services x]\nappstream =\n  endpoint_url = http://a\n  # workspaces\nworkspaces =\n# c\n  endpoint_url = http://b\n",
]
CREDENTIALS = "[default]\naws_access_key_id = A\naws_secret_access_key = s\n  # until noon\naws_session_token = T\n[desk]\nregion=c\n"


def crafted():
    for text in CRAFTED:
        yield {"config": text, "credentials": CREDENTIALS}
        yield {"config": CREDENTIALS, "credentials": text}


def random_pairs(seed, count):
    rng = random.Random(seed)
    for _ in range(count):
        yield {"config": random_file(rng, True), "credentials": random_file(rng, False) if rng.random() < 0.5 else ""}


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--program", required=True)
    arguments.add_argument("--seed", default="1")
    arguments.add_argument("--files", type=int, default=10_000)
    arguments = arguments.parse_args()
    program = Program(arguments.program)
    counts, intended, failures = collections.Counter(), collections.Counter(), 0
    with tempfile.TemporaryDirectory() as folder:
        files = {name: os.path.join(folder, name) for name in ("config", "credentials")}
        for texts in itertools.chain(crafted(), random_pairs(arguments.seed, arguments.files)):
            for name, text in texts.items():
                with open(files[name], "w", encoding="utf-8", newline="") as file:
                    file.write(text)
            ours, theirs = program.found(files), found_by_botocore(files)
            counts["refused" if "error" in ours else "read"] += 1
            if same(ours, theirs):
                continue
            changes = explained(ours, files)
            if changes is not None:
                intended.update(changes)
                counts["intended"] += 1
                continue
            failures += 1
            if failures <= 20:
                print(f"config {texts['config']!r}\ncredentials {texts['credentials']!r}\n  crate    {ours}\n  botocore {theirs}")
    for name, count in sorted(intended.items()):
        print(f"{count:6} differences as intended: {INTENDED[name]}")
    unused = [name for name in INTENDED if not intended[name]]
    for name in unused:
        print(f"intended, and not seen: {INTENDED[name]}")
    print(f"{counts['read'] + counts['refused']} pairs of files, {counts['refused']} of them refused, botocore "
          f"{botocore.__version__}: {counts['intended']} read otherwise as intended, {failures} other differences")
    return 1 if failures or unused else 0


if __name__ == "__main__":
    sys.exit(main())
