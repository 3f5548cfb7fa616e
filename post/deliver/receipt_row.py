"""Writes down one finished film as receipt.json has it: its receipt, and what a person should know of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from post.deliver.finish import Deliverable
from post.deliver.sound.account import sound_account
from post.values import plain
from post.values.warning import JobWarning, ranked
from provenance.claim.build import publish_receipt


def receipt_row(made: Deliverable, planned: Iterable[JobWarning]) -> dict[str, Any]:
    """Returns one film's receipt as JSON. planned: the warnings of the whole plan: those about other films are left
    out."""
    name = made.receipt.name
    told = ranked([*(each for each in planned if each.is_about(name)), *made.warnings])
    row = {**plain(publish_receipt(made.receipt)), "warnings": [placed(each).row() for each in told]}
    sound = sound_account(made.measured, made.rendition)
    return {
        **row,
        "version": dict(made.receipt.version),
        **({"sound": sound} if sound else {}),
        **({"stems": [each.row() for each in made.stems]} if made.stems else {}),
    }


def placed(warning: JobWarning) -> JobWarning:
    """Returns a warning with the name and line of its file: no folder of this machine goes into a receipt."""
    return replace(warning, where=warning.where.replace("\\", "/").rpartition("/")[2])
