"""c2pa-web as it is in the package: what was published, with its licences, linked into one script."""

from __future__ import annotations

import gzip
import hashlib
import re
from base64 import b64encode
from importlib.resources import files

from provenance.evidence.verifier import link_script, read_versions, read_wasm

FOLDER = files("provenance.evidence.verifier")


def content(name: str) -> bytes:
    data = FOLDER.joinpath(name).read_bytes()
    return gzip.decompress(data) if name.endswith(".gz") else data


def test_every_file_is_what_its_package_published() -> None:
    assert {row["file"]: hashlib.sha256(content(row["file"])).hexdigest() for row in read_versions()} == {
        row["file"]: row["sha256"] for row in read_versions()
    }


def test_every_foreign_file_is_listed() -> None:
    own = {"__init__.py", "versions.json", "LICENSES.txt"}
    here = {each.name for each in FOLDER.iterdir() if each.is_file() and not each.name.endswith(".pyc")}
    assert here - own == {row["file"] for row in read_versions()}


def test_the_webassembly_is_the_one_that_c2pa_web_asks_for() -> None:
    """c2pa-web names the digest of the file that it fetches (Subresource Integrity)."""
    named = re.search(r'"sha512-([A-Za-z0-9+/=]+)"', link_script())
    assert named is not None
    assert b64encode(hashlib.sha512(content("c2pa.wasm.gz")).digest()).decode() == named[1]
    assert gzip.decompress(read_wasm())[:4] == b"\0asm"


def test_every_package_has_its_licence_beside_it() -> None:
    text = FOLDER.joinpath("LICENSES.txt").read_text("utf-8")
    for row in read_versions():
        assert f"{row['package']} {row['version']}" in text
        assert row["licence"] in ("MIT", "ISC")
    assert "Permission is hereby granted, free of charge" in text
    assert "Permission to use, copy, modify, and/or distribute" in text


def test_the_linked_script_imports_nothing_and_ends_no_script() -> None:
    script = link_script()
    assert re.findall(r"^\s*(?:import|export)\b.*", script, re.MULTILINE) == []
    assert "</script" not in script.lower()
    assert "<!--" not in script
