from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from post.engine import Task
from post.engine.cluster.dealing import Deal, Peer
from tests.engine.work import tasks


def numbered(count: int, *sources: str) -> list[Task]:
    """Returns tasks, each of one of the sources, in runs of equal length."""
    each = count // len(sources)
    return [
        replace(task, files=((sources[n // each], f"/{sources[n // each]}"),))
        for n, task in enumerate(tasks(Path("/nowhere"), count))
    ]


def peers(**held: str) -> dict[str, Peer]:
    return {name: Peer(name, 1, frozenset(sources)) for name, sources in held.items()}


def taken(deal: Deal, peer: Peer) -> list[int]:
    found = []
    while (task := deal.next(peer)) is not None:
        found.append(int(task.key, 16))
    return found


def test_a_task_goes_to_the_worker_that_has_its_source() -> None:
    there, deal = peers(here="a", far="b"), Deal()
    deal.add(numbered(8, "b", "a"), there)
    assert [deal.next(there["here"]), deal.next(there["far"])] == [numbered(8, "b", "a")[n] for n in (4, 0)]


def test_neighbours_go_to_one_worker_where_all_have_the_source() -> None:
    there, deal = peers(one="a", two="a"), Deal()
    deal.add(numbered(8, "a"), there)
    first = [deal.next(there["one"]) for _ in range(4)]
    assert first == numbered(8, "a")[:4]


def test_an_idle_worker_takes_from_the_end_of_another_s_run() -> None:
    there, deal = peers(here="a", far=""), Deal()
    deal.add(numbered(4, "a"), there)
    assert taken(deal, there["far"]) == [3, 2, 1, 0]


def test_a_lost_worker_s_tasks_go_to_the_others() -> None:
    there, deal = peers(one="a", two="a"), Deal()
    deal.add(numbered(6, "a"), there)
    del there["one"]
    deal.leave("one", there)
    assert sorted(taken(deal, there["two"])) == list(range(6))
    assert len(deal) == 0


def test_a_worker_with_more_threads_gets_more() -> None:
    there = {"small": Peer("small", 1, frozenset("a")), "large": Peer("large", 3, frozenset("a"))}
    deal = Deal()
    deal.add(numbered(8, "a"), there)
    own = [deal.next(there["small"]) for _ in range(2)]
    deal.leave("large", {"small": there["small"]})
    assert len(own) + len(deal) == 8
