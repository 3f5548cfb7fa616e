"""What must never be kept of a request or an answer: keys, tokens, the signed part of an address.

Names and shapes are those of the services recorded here, and of those that store files for them.
"""

from __future__ import annotations

import re

LEFT_OUT = "(left out)"
# Names under which a secret travels, as `plainly` writes them; a longer name that ends so counts as well.
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
# Bounded and possessive: text with a thousand beginnings of an address must not be gone over a thousand times.
# So is a token's head above.
_USER = re.compile(_START + r"[^\s/?#@\"'<>]{1,512}+@", re.IGNORECASE)
_QUERY = re.compile(_START + r"([^\s?#\"'<>]{0,2048}+)[?#][^\s\"'<>]*+", re.IGNORECASE)
_BLOB = re.compile(r"data:[\w/+.-]*;base64,[A-Za-z0-9+/=]*+")


def secret_name(name: str) -> bool:
    """Whether what stands under a key is a secret by its name."""
    plain = plainly(name)
    return plain in _BARE or plain.endswith(_NAMES)


def without_secrets(text: str) -> str:
    """The text with keys and tokens left out, and every address without its user and its query: what
    follows `?` in a download's address lets anybody fetch it."""
    text = _USER.sub(r"\1", _BLOB.sub("(data)", text))
    return _SHAPES.sub(LEFT_OUT, _QUERY.sub(r"\1\2", text))


def plainly(name: str) -> str:
    """A key without what SDKs disagree on: `negativePrompt` and `negative_prompt` are one."""
    return name.replace("_", "").replace("-", "").casefold()
