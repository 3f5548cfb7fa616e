"""A still's worker is started before the command line is read, and no other command's."""

from __future__ import annotations

from multiprocessing import active_children

import pytest

from post.cli.early_pool import early_pool, still_pool


def test_a_still_gets_the_worker_that_was_started_early_which_ends_with_it() -> None:
    before = set(active_children())
    with early_pool(["still", "job.yaml", "--at", "1s"]):
        (worker,) = set(active_children()) - before
        with still_pool() as pool:
            assert set(active_children()) - before == {worker}
            assert still_pool() is pool
        assert set(active_children()) == before
    assert still_pool() is not pool


def test_a_worker_that_the_command_did_not_ask_for_ends_too() -> None:
    before = set(active_children())
    with pytest.raises(SystemExit), early_pool(["still", "--of-no-such-option"]):
        raise SystemExit(2)
    assert set(active_children()) == before


@pytest.mark.parametrize(
    "words",
    [[], ["plan", "job.yaml"], ["still", "--help"], ["still", "a.yaml", "--verbose"], ["still", "--log=x"]],
)
def test_other_commands_help_and_what_is_logged_start_none(words: list[str]) -> None:
    before = set(active_children())
    with early_pool(words):
        assert set(active_children()) == before
