"""What the tests of commands share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.flow.bad import ALONE, Room
from tests.flow_job import make_clips


@pytest.fixture(scope="module")
def room(kept_workers: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """A small job in a folder of its own, with settings and a store of its own in the environment."""
    room = Room(tmp_path_factory.mktemp("cli"))
    make_clips(room.folder)
    room.finish_with(*ALONE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANSWERPRINT_CONFIG", str(room.config))
        patch.setenv("ANSWERPRINT_STORE", str(room.store))
        yield room
