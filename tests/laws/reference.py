"""Writes the generated reference into the README: `python -m tests.laws.reference`."""

from __future__ import annotations

import re
from pathlib import Path

from post.cli.app import command_markdown
from post.reference import stage_markdown

README = Path(__file__).parents[2] / "README.md"


def write() -> None:
    text = README.read_text()
    for mark, made in (("commands", command_markdown()), ("stages", stage_markdown())):
        block = f"<!-- {mark} -->\n{made.strip()}\n<!-- end of {mark} -->"
        text = re.sub(
            rf"<!-- {mark} -->.*?<!-- end of {mark} -->", block.replace("\\", r"\\"), text, flags=re.DOTALL
        )
    README.write_text(text)


if __name__ == "__main__":
    write()
