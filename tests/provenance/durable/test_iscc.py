"""The ISCC Video-Code: made by the library, and searched for in a registry."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from post.errors import IncompleteError
from provenance.durable import iscc
from provenance.durable.registry import open_registry
from tests.provenance.durable.films import entry

SIGNATURES = [[0] * 380, [1] * 380]


def test_a_code_has_256_bits_and_is_read_back() -> None:
    code = iscc.make_video_code(SIGNATURES)
    assert code.startswith("ISCC:")
    assert len(iscc.decode(code) or b"") == 32


def test_a_code_of_another_kind_decodes_to_none() -> None:
    library = iscc.load_library()
    short = library.gen_video_code_v0(SIGNATURES, 64)["iscc"]
    text = library.gen_text_code_v0("a film in words", 256)["iscc"]
    assert [iscc.decode(code) for code in (short, text, "ISCC:", "nonsense", "")] == [None] * 5


def test_a_missing_library_is_an_error_that_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "iscc_lib", None)
    with pytest.raises(IncompleteError, match=r"answerprint\[durable\]"):
        iscc.make_video_code(SIGNATURES)


def test_codes_are_found_by_how_many_bits_differ(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    codes = rng.integers(0, 256, (50, 32), dtype=np.uint8)
    with open_registry(tmp_path) as registry:
        registry.add_all([replace(entry(seed), iscc=code.tobytes()) for seed, code in enumerate(codes)])
        asked = codes[17].copy()
        asked[:5] ^= 1
        found = registry.index().find_codes(asked.tobytes(), iscc.MAX_DISTANCE)
        assert [(registry.film(film).name, apart) for film, apart in found] == [("film 17", 5)]
