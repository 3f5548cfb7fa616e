"""Writes the generated parts of the documentation: `python -m tests.laws.reference`."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import presets
from post.cli.app import command_markdown
from post.job.brief.schema import checks_markdown
from post.job.table.key_table import job_markdown
from post.reference import stage_markdown
from post.watch.events import events_markdown

ROOT = Path(__file__).parents[2]


def preset_markdown() -> str:
    """A table of the presets of each kind that ship, with what each says of itself."""
    parts = []
    for kind, meaning in presets.KINDS.items():
        parts.append(
            f"### {kind}\n\n{meaning[0].upper()}{meaning[1:]}.\n\n| preset | what it is |\n|---|---|"
        )
        parts += [f"| `{name}` | {presets.about(kind, name)} |" for name in presets.names(kind)]
        parts.append("")
    return "\n".join(parts)


def plugin_markdown() -> str:
    """The module of the example package, as the README shows it."""
    return (
        f"```python\n{(ROOT / 'tests' / 'plugin_example' / 'answerprint_negative.py').read_text('utf-8')}```"
    )


# Where each generated part stands: the file, the name of its markers, and what makes it.
GENERATED: tuple[tuple[Path, str, Callable[[], str]], ...] = (
    (ROOT / "README.md", "commands", command_markdown),
    (ROOT / "post" / "README.md", "keys", job_markdown),
    (ROOT / "post" / "brief" / "README.md", "checks", checks_markdown),
    (ROOT / "post" / "README.md", "plugin", plugin_markdown),
    (ROOT / "post" / "README.md", "stages", stage_markdown),
    (ROOT / "post" / "watch" / "README.md", "events", events_markdown),
    (ROOT / "presets" / "README.md", "presets", preset_markdown),
)


def block(mark: str, made: str) -> str:
    """A generated part between its markers."""
    return f"<!-- {mark} -->\n{made.strip()}\n<!-- end of {mark} -->"


def write() -> None:
    """Writes every generated part into its file."""
    for path, mark, make in GENERATED:
        found = re.compile(rf"<!-- {mark} -->.*?<!-- end of {mark} -->", re.DOTALL)
        made = block(mark, make())
        path.write_text(found.sub(lambda _, made=made: made, path.read_text("utf-8")), "utf-8")  # type: ignore[misc]


if __name__ == "__main__":
    write()
