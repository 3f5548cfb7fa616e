"""Renders an HTML page from a template beside its module, so that foreign text in it stays text.

All text is escaped, secrets are left out, and `post.printable` takes out what would turn a line round or hide. The
templates put foreign text that shares a line with ours into <bdi>: a name in Arabic then changes nothing of the words
beside it. What all pages share of their style is house.css: a template opens its own style with {{ house_style }}, and
a page whose policy names its style by a hash puts `house_style()` before its own.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from post.printable import printable_text
from provenance.record.secrets import remove_secrets


def render_html(package: str, page: object) -> str:
    """Returns the page.html of a package with the values of `page` in it."""
    return _template(package).render(page=page)


@cache
def _template(package: str) -> Template:
    """Returns the page.html of a package, compiled once in a process."""
    env = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        finalize=_shown,
    )
    env.globals["house_style"] = Markup(house_style())
    return env.from_string(files(package).joinpath("page.html").read_text("utf-8"))


@cache
def house_style() -> str:
    """Returns the style that all pages share, as CSS."""
    return files("provenance").joinpath("house.css").read_text("utf-8")


def _shown(value: Any) -> Any:
    """Returns a value as the page shows it. What a macro made is markup already, of values that came through here."""
    return value if isinstance(value, Markup | int | float) else shown_text(str(value))


def shown_text(text: str) -> str:
    """Returns a text as a page shows it, before it is escaped: without secrets, and without what would turn a line
    round or hide."""
    return printable_text(remove_secrets(text))
