"""The libraries of the page are those that were published, with their licences."""

from __future__ import annotations

import hashlib
import json
from importlib.resources import files

FOLDER = files("post.review").joinpath("static/vendor")
HELD = json.loads(FOLDER.joinpath("vendored.json").read_text("utf-8"))


def test_each_file_is_the_one_that_was_published() -> None:
    for held in HELD["libraries"]:
        content = FOLDER.joinpath(held["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == held["sha256"], held["file"]
        assert len(FOLDER.joinpath(held["licence_file"]).read_text("utf-8")) > 500
        assert held["licence"] in ("0BSD", "MIT")


def test_the_folder_holds_nothing_that_the_list_does_not_name() -> None:
    named = {held[key] for held in HELD["libraries"] for key in ("file", "licence_file")} | {"vendored.json"}
    assert {path.name for path in FOLDER.iterdir()} == named
