"""Puts the C2PA SDK for browsers into a page: c2pa-web and what it needs, as published, linked into one script.

The files are those of the packages on npm; `versions.json` names each with its release and SHA-256, and LICENSES.txt
has their licences. A page opened from a disk can load no module and fetch no WebAssembly, so both are written into it:
the modules as one script, the WebAssembly as gzip, which browsers unpack (WHATWG Compression).
"""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from typing import Any

# In the order in which they are linked: each imports only those before it.
_MODULES = (("highgain", "highgain.js"), ("ts-deepmerge", "ts-deepmerge.js"), ("c2pa", "c2pa-web.js"))
_IMPORT = re.compile(r'^import \{([^}]*)\} from "([^"]+)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export \{([^}]*)\};$", re.MULTILINE)
_DECLARED = re.compile(r"^export const (\w+)", re.MULTILINE)
# What the package's own index calls them: the file is the bundle behind it.
NAMES = {"createC2pa": "c", "isSupportedReaderFormat": "i"}


@cache
def read_versions() -> tuple[dict[str, Any], ...]:
    """Returns what each file is: its package, release, licence, and the SHA-256 of its content, unpacked."""
    rows: list[dict[str, Any]] = json.loads(_read("versions.json"))["files"]
    return tuple(rows)


@cache
def link_script() -> str:
    """Returns the modules as one script, in which `modules.c2pa` has `createC2pa` and `isSupportedReaderFormat`."""
    linked = "\n".join(f"modules[{json.dumps(name)}] = {_linked(_read(file))};" for name, file in _MODULES)
    named = ", ".join(f"{name}: modules.c2pa.{short}" for name, short in NAMES.items())
    return f"const modules = {{}};\n{linked}\nmodules.c2pa = {{ {named} }};\n"


@cache
def read_wasm() -> bytes:
    """Returns the SDK's WebAssembly as gzip."""
    return files(__name__).joinpath("c2pa.wasm.gz").read_bytes()


def _read(name: str) -> str:
    return files(__name__).joinpath(name).read_text("utf-8")


def _linked(module: str) -> str:
    """Returns a module as an expression that gives its exports."""
    body = _IMPORT.sub(lambda found: f"const {{{_renamed(found[1])}}} = modules[{found[2]!r}];", module)
    pairs = [pair.split(" as ") for found in _EXPORT.findall(body) for pair in _listed(found)]
    pairs += [[name, name] for name in _DECLARED.findall(body)]
    body = _DECLARED.sub(r"const \1", _EXPORT.sub("", body))
    given = ", ".join(f"{pair[-1]}: {pair[0]}" for pair in pairs)
    return f"(() => {{\n{body}\nreturn {{ {given} }};\n}})()"


def _renamed(names: str) -> str:
    return ", ".join(": ".join(each.split(" as ")) for each in _listed(names))


def _listed(names: str) -> list[str]:
    return [each.strip() for each in names.split(",") if each.strip()]
