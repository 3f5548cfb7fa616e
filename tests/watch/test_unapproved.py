"""What a watch does with films that wait for approval: they are neither failed nor done, until somebody decides."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from post.errors import JobError
from post.watch.file_set import FileSet
from post.watch.journal import WatchedItem, open_journal
from post.watch.received import Outcome, Received, error_row
from tests.watch.folder import Killed, WatchedFolder


@pytest.fixture
def gated(tmp_path: Path) -> WatchedFolder:
    watched = WatchedFolder(tmp_path)
    watched.maker.log, watched.maker.template = tmp_path / "log", tmp_path / "template.yaml"
    watched.maker.template.write_text("one")
    watched.put("dog.mp4", "gate dog")
    return watched


def decide(watched: WatchedFolder, said: str) -> None:
    assert watched.maker.log is not None
    with watched.maker.log.open("a") as log:
        log.write(f"{said}\n")


def item_of(watched: WatchedFolder) -> WatchedItem:
    with open_journal(watched.out) as journal:
        (item,) = journal.items.values()
    return item


def test_it_waits_and_is_released_by_a_later_run(gated: WatchedFolder) -> None:
    done = gated.watch()
    assert (done.finished, done.failed, done.pending, done.unapproved, done.exit_code) == (0, 0, 0, 1, 0)
    (told,) = gated.of("unapproved")
    assert told["candidates"] == [str(gated.out / "dog" / "review" / "film.mp4")]
    assert [row["expected"] for row in told["errors"]] == ["an approval by ana"]
    assert gated.names() == ["dog.mp4"]
    assert item_of(gated).state == "unapproved"
    assert gated.watch().unapproved == 1
    assert gated.maker.tried == {"gate dog": 1}
    assert len(gated.of("unapproved")) == 2  # each run says whom to ask
    decide(gated, "approve gate dog")
    done = gated.watch(move_done=True)
    assert (done.finished, done.unapproved) == (1, 0)
    assert gated.maker.made == {"gate dog": 1}
    assert gated.names() == ["done/dog.mp4"]


def test_while_nothing_changes_it_is_not_looked_at_but_for_the_states_of_files(gated: WatchedFolder) -> None:
    gated.clock.ends_s = 600
    done = gated.watch(once=False)
    assert done.unapproved == 1
    assert (gated.maker.tried, gated.maker.looked) == (Counter({"gate dog": 1}), Counter())
    assert len(gated.of("unapproved")) == 1


def test_it_is_released_while_the_watch_runs(gated: WatchedFolder) -> None:
    gated.clock.at(100, lambda: decide(gated, "another decision"))
    gated.clock.at(200, lambda: decide(gated, "approve gate dog"))
    gated.clock.ends_s = 300
    gated.clock.by_events = True  # of the watched folder: the log lies elsewhere
    done = gated.watch(once=False)
    assert (done.finished, done.unapproved) == (1, 0)
    assert gated.maker.looked == {"gate dog": 2}
    assert [row["event"] for row in gated.told if row["event"] in ("unapproved", "finished")] == [
        "unapproved",
        "finished",
    ]


def test_a_rejection_is_told_once(gated: WatchedFolder) -> None:
    gated.clock.at(100, lambda: decide(gated, "reject gate dog"))
    gated.clock.at(200, lambda: decide(gated, "a decision about another film"))
    gated.clock.ends_s = 400
    gated.watch(once=False)
    assert [row["rejected"] for row in gated.of("unapproved")] == [[], ["film: ana rejected it"]]
    assert gated.of("failed") == []


def test_candidates_are_made_anew_when_the_job_changes(gated: WatchedFolder) -> None:
    template = gated.maker.template
    assert template is not None
    gated.clock.at(100, lambda: template.write_text("another"))
    gated.clock.ends_s = 200
    assert gated.watch(once=False).unapproved == 1
    assert gated.maker.tried == {"gate dog": 2}


@pytest.mark.parametrize("decided", [True, False])
def test_a_watch_that_is_killed_goes_on_waiting(gated: WatchedFolder, decided: bool) -> None:
    """Killed while the candidate was made, and again while the film was released."""

    def die(received: Received) -> None:
        raise Killed

    gated.maker.while_making = die
    with pytest.raises(Killed):
        gated.watch()
    gated.maker.while_making = lambda received: None
    assert gated.watch().unapproved == 1
    if decided:
        decide(gated, "approve gate dog")
        gated.maker.while_making = die
        with pytest.raises(Killed):
            gated.watch()
        gated.maker.while_making = lambda received: None
    done = gated.watch()
    assert (done.finished, done.unapproved) == ((1, 0) if decided else (0, 1))
    assert gated.maker.made == (Counter({"gate dog": 1}) if decided else Counter())


def test_a_copy_of_what_waits_is_a_duplicate_and_a_new_name_is_followed(gated: WatchedFolder) -> None:
    gated.watch()
    gated.put("copy.mp4", "gate dog")
    assert (gated.watch(move_done=True).duplicates, gated.names()) == (1, ["copy.mp4", "dog.mp4"])
    (gated.folder / "copy.mp4").unlink()
    (gated.folder / "dog.mp4").rename(gated.folder / "hound.mp4")
    gated.watch()
    assert [row["path"] for row in gated.of("renamed")] == ["hound.mp4"]
    decide(gated, "approve gate dog")
    assert gated.watch().finished == 1
    assert [row["path"] for row in gated.of("finished")] == ["hound.mp4"]


@pytest.mark.parametrize("instead", ["", "free cat"])
def test_a_copy_takes_the_place_of_what_waited_and_went(gated: WatchedFolder, instead: str) -> None:
    gated.put("copy.mp4", "gate dog")
    gated.watch()
    (first,) = {row["path"] for row in gated.of("unapproved")}
    (copy,) = {"copy.mp4", "dog.mp4"} - {first}
    (gated.folder / first).unlink()
    if instead:
        gated.put(first, instead)
    gated.watch()
    assert [(row["path"], row["of"]) for row in gated.of("renamed")] == [(copy, first)]
    decide(gated, "approve gate dog")
    assert gated.watch().finished == 1
    assert gated.maker.made["gate dog"] == 1


def test_what_waited_and_failed_is_tried_anew_once_it_is_put_back(
    gated: WatchedFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    gated.watch()
    template = gated.maker.template
    assert template is not None
    template.write_text("another")
    fault = error_row(JobError("does not fit", where="cut[0]"))
    with monkeypatch.context() as patch:
        patch.setattr(gated.maker, "make", lambda *_: Outcome(2, errors=(fault,)))
        assert gated.watch().failed == 1
    (gated.folder / "failed" / "dog.mp4").rename(gated.folder / "dog.mp4")
    assert gated.watch().unapproved == 1


def test_what_waits_holds_up_nothing_else(gated: WatchedFolder) -> None:
    for number in range(5):
        gated.put(f"gate-{number}.mp4", f"gate {number}")
        gated.put(f"free-{number}.mp4", f"free {number}")
    done = gated.watch()
    assert (done.finished, done.unapproved) == (5, 6)
    decide(gated, "approve gate 3")
    done = gated.watch()
    assert (done.finished, done.unapproved) == (1, 5)


def test_a_journal_of_before_is_read_and_files_are_kept(tmp_path: Path) -> None:
    files = FileSet.now([tmp_path / "none", tmp_path])
    item = WatchedItem("a" * 64, "unapproved", "dog", "dog.mp4", made_of=files)
    with open_journal(tmp_path) as journal:
        journal.keep(item)
    with open_journal(tmp_path) as journal:
        assert journal.items == {"a" * 64: item}
        assert journal.items["a" * 64].decided_by == FileSet()
