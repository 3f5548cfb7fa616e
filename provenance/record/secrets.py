"""Removes secrets from a service's request or answer: keys, tokens, and the signed part of URLs.

The names and shapes are those of the services that `recorders` knows, and of the services that store their files.
"""

from __future__ import annotations

import re

LEFT_OUT = "(left out)"
# Names of secrets, as `normalise_name` writes them. A longer name that ends in one of them counts as well.
_NAMES = (
    "apikey", "authorization", "secret", "password", "passwd", "accesstoken", "refreshtoken", "idtoken",
    "bearertoken", "authtoken", "sessiontoken", "privatekey", "cookie", "credential", "credentials",
    "accesskey", "accesskeyid", "signature", "signedurl", "xgoogapikey", "xapikey", "jwt",
)  # fmt: skip
_BARE = frozenset(("token", "auth", "bearer"))
_SHAPES = re.compile(
    r"""
    \b(?i:bearer)\s+[\w.~+/=-]{20,}         # RFC 6750, 2.1; a prompt's standard bearer is shorter
    | \beyJ[\w-]{6,2048}+\.[\w-]{6,}\.[\w-]*     # RFC 7519: a JSON web token
    | \b(?:sk|rk|pk)-[\w-]{16,}             # OpenAI
    | \bAIza[\w-]{30,}                      # Google
    | \bya29\.[\w-]{10,}                    # Google OAuth
    | \bkey_[0-9a-f]{32,}                   # Runway
    | \bluma-[0-9a-f-]{20,}                 # Luma
    | \bcomfyui-[0-9a-f]{20,}               # Comfy
    | \b(?:AKIA|ASIA)[A-Z0-9]{16}\b         # AWS
    | \bhf_[A-Za-z0-9]{20,}                 # Hugging Face
    | \bgh[pousr]_[A-Za-z0-9]{20,}          # GitHub
    """,
    re.VERBOSE,
)
_START = r"\b([a-z][a-z0-9+.-]{1,15}://)"
# Bounded and possessive, as is a token's head above: else text with a thousand beginnings of a URL is scanned a
# thousand times.
_USER = re.compile(_START + r"[^\s/?#@\"'<>]{1,512}+@", re.IGNORECASE)
_QUERY = re.compile(_START + r"([^\s?#\"'<>]{0,2048}+)[?#][^\s\"'<>]*+", re.IGNORECASE)
_BLOB = re.compile(r"data:[\w/+.-]*;base64,[A-Za-z0-9+/=]*+")


def is_secret_name(name: str) -> bool:
    """Returns whether the value of a key with this name is a secret."""
    plain = normalise_name(name)
    return plain in _BARE or plain.endswith(_NAMES)


def remove_secrets(text: str) -> str:
    """Returns the text without keys and tokens, and every URL without its user, query and fragment.

    The query of a download's URL, and the fragment after a login, let anybody use it.
    """
    text = _USER.sub(r"\1", _BLOB.sub("(data)", text))
    return _SHAPES.sub(LEFT_OUT, _QUERY.sub(r"\1\2", text))


def normalise_name(name: str) -> str:
    """Returns a key as all SDKs spell it: `negativePrompt` and `negative_prompt` become the same."""
    return name.replace("_", "").replace("-", "").casefold()
