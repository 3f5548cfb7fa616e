"""Removes secrets from text: keys, tokens, PINs, and the signed part of URLs.

The names and shapes are those of the services that `recorders` knows, of the services that store their files, and of
the places where signing keys lie. Records of clips and logs are written through here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

LEFT_OUT = "(left out)"
# Names of secrets, as `normalise_name` writes them. A longer name that ends in one of them counts as well.
_NAMES = (
    "apikey", "authorization", "secret", "password", "passwd", "accesstoken", "refreshtoken", "idtoken",
    "bearertoken", "authtoken", "sessiontoken", "privatekey", "cookie", "credential", "credentials",
    "accesskey", "accesskeyid", "signature", "signedurl", "xgoogapikey", "xapikey", "jwt",
    "passphrase", "pwd", "token", "secretkey", "signingkey", "accountkey", "falkey", "connectionstring",
)  # fmt: skip
_BARE = frozenset(("auth", "bearer", "sig", "sas", "otp"))
# Names of language models' own signs.
_NO_SECRETS = (
    "eostoken",
    "bostoken",
    "padtoken",
    "unktoken",
    "clstoken",
    "septoken",
    "masktoken",
    "triggertoken",
)
# Signs and signatures by their whole names: a `backend_token` is a secret.
_NO_SECRETS_WHOLE = frozenset(
    ("endtoken", "starttoken", "classtoken", "instancetoken", "timesignature", "keysignature")
)
# Names of secrets that are words too: "The Last Cookie: A Story". Behind a colon, a word is no secret of theirs.
_WORDS = frozenset(("secret", "cookie", "token", "signature", "credential", "credentials", "pin"))
# Fields that hold a text for people to read, as prompts do.
_TEXTS = frozenset(("title", "subtitle", "description", "caption", "synopsis", "logline"))
_SHAPES = re.compile(
    r"""
    \b(?i:bearer)\s+[\w.~+/=-]{20,}         # RFC 6750, 2.1; a prompt's standard bearer is shorter
    | \beyJ[\w-]{6,2048}+\.[\w-]{6,}\.[\w-]*     # RFC 7519: a JSON web token
    | \bAIza[\w-]{30,}                      # Google
    | \bya29\.[\w-]{10,}                    # Google OAuth
    | \bkey_[0-9a-f]{32,}                   # Runway
    | \bluma-[0-9a-f-]{20,}                 # Luma
    | \bcomfyui-[0-9a-f]{20,}               # Comfy
    | \b(?:AKIA|ASIA)[A-Z0-9]{16}\b         # AWS
    | \bhf_[A-Za-z0-9]{20,}                 # Hugging Face
    | \bgh[pousr]_[A-Za-z0-9]{20,}          # GitHub
    | \bgithub_pat_\w{20,}
    | \bglpat-[\w-]{16,}                    # GitLab
    | \bxox[abeoprs]-[\w-]{10,}             # Slack
    | \br8_[A-Za-z0-9]{20,}                 # Replicate
    | \bhvs\.[\w-]{10,}                     # Vault
    | -----BEGIN\ [A-Z ]*PRIVATE\ KEY-----(?s:.*?)(?:-----END\ [A-Z ]*-----|\Z)     # RFC 7468
    """,
    re.VERBOSE,
)
# OpenAI's, DeepSeek's and others'. A name of a file (`rk-3588-board-close-up.mp4`) begins so too.
_DASHED = re.compile(r"\b(?:sk|rk|pk)-[\w-]{16,}+")
_RANDOM = re.compile(r"[A-Za-z0-9]{20,}+")  # longer than a word
# All of an address behind its scheme, however long, in one possessive step: else text with a thousand beginnings of a
# URL is scanned a thousand times.
# A path of the system's makes one slash of two.
_ADDRESS = re.compile(r"(://|(?<=http):/|(?<=https):/)([^\s\"'<>]*+)", re.IGNORECASE)
# A name and its value, as `pin-value=1234`, `password: "two words"` and `Authorization: Bearer x` have it.
_NAMED = re.compile(r"""(?<![\w-])([\w-]{2,}+)\\{0,8}["']?\s*[=:]\s*""")
# As `VAULT_TOKEN=x` and `sig=x` have it. No prose is written so.
_ASSIGNED = re.compile(r"""(?<![\w-])([\w-]{2,}+)=(?=\S)""")
_VALUE = re.compile(
    r"""
    \\{1,8}["'][^"'\\]*+ | "(?:[^"\\]|\\.)*+" | '(?:[^'\\]|\\.)*+'
    | (?i:(?:bearer|basic|digest|token)\s+)? [^\s"'<>,;&)\]}]++
    """,
    re.VERBOSE | re.DOTALL,
)
_BEARER = re.compile(r"\b(bearer)\s+[\w.~+/=-]{6,}", re.IGNORECASE)
_BLOB = re.compile(r"data:[\w/+.-]*;base64,[A-Za-z0-9+/=]*+")


def is_secret_name(name: str) -> bool:
    """Returns whether the value of a key with this name is a secret."""
    plain = normalise_name(name)
    if plain.rpartition(".")[2] in _NO_SECRETS_WHOLE:
        return False
    return plain in _BARE or (plain.endswith(_NAMES) and not plain.endswith(_NO_SECRETS))


def remove_secrets(text: str) -> str:
    """Returns the text without keys and tokens, and every URL without its user, query and fragment.

    The query of a download's URL, and the fragment after a login, let anybody use it. A value that is assigned to a
    secret's name without spaces (`VAULT_TOKEN=x`) is left out too.
    """
    text = _ADDRESS.sub(_without_login, _BLOB.sub("(data)", text))
    text = _DASHED.sub(_without_key, _SHAPES.sub(LEFT_OUT, text))
    return "".join(_without_named_values(text, _ASSIGNED))


def remove_all_secrets(text: str) -> str:
    """Returns the text as `remove_secrets` does, and without the value of every name that is a secret's or a PIN's.

    For all text but prompts, where "password: open sesame" can be what a sign says.
    """
    return _BEARER.sub(rf"\1 {LEFT_OUT}", "".join(_without_named_values(remove_secrets(text), _NAMED)))


def remove_row_secrets(name: str, value: str, *, prompt: bool = False) -> str:
    """Returns the value of a named field without secrets: nothing of it where the name is a secret's.

    prompt: the field is a prompt, whose words stay; so do those of a title or a description.
    """
    if is_secret_name(name):
        return LEFT_OUT
    read = prompt or normalise_name(name.rpartition(".")[2]) in _TEXTS
    return remove_secrets(value) if read else remove_all_secrets(value)


def _without_key(found: re.Match[str]) -> str:
    """Returns a text that begins as a key does, if it is only words: no digit and capital, no long random part."""
    text = found[0]
    mixed = any(map(str.isdigit, text)) and any(map(str.isupper, text))
    return LEFT_OUT if mixed or _RANDOM.search(text) else text


def _without_login(found: re.Match[str]) -> str:
    """Returns an address without user, query and fragment; and so each address that is in its path."""
    path = re.split("[?#]", found[2], maxsplit=1)[0]
    return found[1] + "://".join(map(_without_user, path.split("://")))


def _without_user(address: str) -> str:
    host, slash, path = address.partition("/")
    port = host.rpartition(":")[2]
    if "@" not in host and port != host and not port.isdecimal() and not port.endswith("]"):
        return address.rpartition("@")[2]  # a password with a slash in it
    return f"{host.rpartition('@')[2]}{slash}{path}"


def _without_named_values(text: str, names: re.Pattern[str]) -> Iterator[str]:
    done = 0
    for found in names.finditer(text):
        value = _VALUE.match(text, found.end()) if found.start() >= done and _names_secret(found[1]) else None
        if value and not LEFT_OUT.startswith(value[0]) and not _is_prose(found, value[0]):
            yield text[done : found.end()] + LEFT_OUT
            done = value.end()
    yield text[done:]


def _is_prose(name: re.Match[str], value: str) -> bool:
    """Returns whether a name and a value are words of a text: "Secret: nobody", and no `secret=nobody`."""
    if normalise_name(name[1]) not in _WORDS or not re.search(r"\w:\s+\Z", name[0]):
        return False
    words = [each.strip(".!?-") for each in value.split()]
    return all(each.isalpha() and (each.islower() or each.istitle() or each.isupper()) for each in words)


def _names_secret(name: str) -> bool:
    return is_secret_name(name) or "pin" in re.split("[-_]", name.casefold())


def normalise_name(name: str) -> str:
    """Returns a key as all SDKs spell it: `negativePrompt` and `negative_prompt` become the same."""
    return name.replace("_", "").replace("-", "").casefold()
