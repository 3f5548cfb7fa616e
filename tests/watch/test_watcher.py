"""What a watch does with what comes: each good content once, whatever else happens."""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from pathlib import Path

import pytest

from post.errors import ProvenanceError, RetryError
from post.watch.endings import SUSPECT
from post.watch.events import WATCH_EVENTS
from post.watch.films_folder import rebuilt
from post.watch.journal import FILE, FOLDER
from post.watch.received import Received
from post.watch.watcher import MOST_BEGUN
from tests.watch.folder import Killed, WatchedFolder, film
from tests.watch.told import faults


@pytest.fixture
def watched(tmp_path: Path) -> WatchedFolder:
    return WatchedFolder(tmp_path)


def reason(path: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads(path.read_text())
    return found


class Traffic:
    """What comes into a folder over time, by chance but always the same. good, broken, stuck: what it says."""

    def __init__(self, watched: WatchedFolder) -> None:
        self.watched, self.clock, self.dice = watched, watched.clock, random.Random(15)
        self.folder = watched.folder
        self.good, self.broken, self.stuck = set[str](), set[str](), set[str]()

    def whole(self, n: int) -> None:
        self.good.add(f"whole {n}")
        self._put(0, 90, f"whole-{n}.mp4", f"whole {n}")

    def copy(self, n: int) -> None:
        self._put(20, 200, f"copies/again-{n}.mp4", f"whole {n}")

    def broken_one(self, n: int) -> None:
        self.broken.add(f"source {n}")
        self._put(0, 90, f"broken-{n}.mp4", f"source {n}")

    def _put(self, first: float, last: float, name: str, says: str) -> None:
        self.clock.at(self.dice.uniform(first, last), lambda: self.watched.put(name, says))

    def slow(self, n: int, name: str) -> Path:
        """Copies a file in steps, 3 s apart, with a pause of 12 s in the middle."""
        data, start, path = film(f"slow {n}"), self.dice.uniform(0, 60), self.folder / name
        self.good.add(f"slow {n}")
        path.parent.mkdir(exist_ok=True)
        for step in range(1, 7):
            part = data[: len(data) * step // 6]
            self.clock.at(start + step * 3 + 9 * (step > 3), lambda part=part: path.write_bytes(part))  # type: ignore[misc]
        return path

    def renamed(self, n: int) -> None:
        path = self.slow(n, f"renamed-{n}.mp4.part")
        self.clock.at(95, lambda: path.rename(path.with_suffix("")))

    def stuck_one(self, n: int) -> None:
        self.stuck.add(f"stuck-{n}.mp4")
        half = film(f"stuck {n}")[:-30]
        self.clock.at(5, lambda: (self.folder / f"stuck-{n}.mp4").write_bytes(half))

    def moved(self, n: int) -> None:
        """Moves a whole one to another folder, before or after its film is made."""
        to = self.folder / "copies" / f"moved-{n}.mp4"
        to.parent.mkdir(exist_ok=True)
        self.clock.at(self.dice.uniform(95, 160), lambda: (self.folder / f"whole-{n}.mp4").rename(to))


def test_of_200_files_each_good_one_is_made_exactly_once(watched: WatchedFolder) -> None:
    """Whole ones, half copies that go on, others that never end, renamed and moved ones, copies, broken ones."""
    traffic = Traffic(watched)
    for n in range(60):
        traffic.whole(n)
    for n in range(40):
        traffic.slow(n, f"slow-{n}.mov" if n % 2 else f"reel-{n}/slow-{n}.mp4")
        traffic.copy(n)
    for n in range(20):
        traffic.renamed(100 + n)
        traffic.broken_one(n)
        traffic.stuck_one(n)
    for n in range(0, 60, 6):
        traffic.moved(n)
    watched.clock.ends_s = 330
    done = watched.watch(once=False, interval_s=3)
    assert watched.maker.made == Counter(dict.fromkeys(traffic.good, 1))
    assert watched.maker.tried == watched.maker.made + Counter(dict.fromkeys(traffic.broken, 2))
    assert (done.finished, done.failed, done.pending) == (120, 40, 0)
    failed = {name for name in watched.names("failed") if name.endswith(".mp4")}
    assert failed == traffic.stuck | {f"broken-{n}.mp4" for n in range(20)}
    assert len({row["sha256"] for row in watched.of("duplicate")}) == 40
    assert len({row["sha256"] for row in watched.of("finished")}) == 120
    assert len(set(watched.maker.names.values())) == 120


def test_a_file_is_taken_once_it_stands_still_and_not_before(watched: WatchedFolder) -> None:
    path = watched.put("dog.mp4")
    for second in range(2, 21, 2):  # written to all the time, without growing
        watched.clock.at(second, lambda second=second: os.utime(path, ns=(0, second * 10**9)))  # type: ignore[misc]
    watched.watch(settle_s=5)
    assert watched.clock.now_s >= 1000 + 20 + 5
    assert watched.maker.made == {"dog.mp4": 1}


def test_times_of_day_that_jump_make_nothing_old_or_new(watched: WatchedFolder) -> None:
    for name, year_s in (("past.mp4", 1), ("future.mp4", 4_000_000_000)):
        os.utime(watched.put(name), (year_s, year_s))
    assert watched.watch().finished == 2
    os.utime(watched.folder / "past.mp4", (5, 5))
    assert watched.watch().finished == 0
    assert watched.maker.made == {"past.mp4": 1, "future.mp4": 1}


def test_half_a_copy_is_awaited_and_set_aside_when_nothing_comes(watched: WatchedFolder) -> None:
    whole = film("comes")
    (watched.folder / "comes.mp4").write_bytes(whole[:-20])
    watched.clock.at(25, lambda: (watched.folder / "comes.mp4").write_bytes(whole))
    (watched.folder / "stuck.mp4").write_bytes(film("stuck")[:-20])
    (watched.folder / "empty.mp4").touch()
    (watched.folder / "reserved.mp4").write_bytes(bytes(500))
    done = watched.watch(patience_s=40)
    assert watched.maker.tried == {"comes": 1}
    assert (done.finished, done.failed, done.exit_code) == (1, 3, 3)
    said = {row["path"]: row["errors"][0]["got"] for row in watched.of("failed")}
    assert said == {
        "empty.mp4": "it is empty",
        "reserved.mp4": "its first bytes are not written yet",
        "stuck.mp4": f"it has {len(film('stuck')) - 20} of {len(film('stuck'))} bytes",
    }
    assert watched.names() == [
        "comes.mp4",
        *(f"failed/{name}{end}" for name in said for end in ("", ".reason.json")),
    ]


def test_what_is_set_aside_says_why_and_is_tried_anew_when_it_is_put_back(watched: WatchedFolder) -> None:
    watched.put("a/dog.mp4", "job 1")
    (watched.folder / "a" / "dog.json").write_text("{}")
    watched.put("failed/a/dog.mp4", "an older one")
    assert watched.watch().exit_code == 2
    assert watched.names("failed/a") == ["dog-2.json", "dog-2.mp4", "dog-2.mp4.reason.json", "dog.mp4"]
    said = reason(watched.folder / "failed/a/dog-2.mp4.reason.json")
    assert (said["schema"], said["path"], said["tries"]) == ("WatchReason.1", "a/dog.mp4", 1)
    assert said["errors"] == watched.of("failed")[0]["errors"]
    assert not (watched.out / "a" / "dog").exists()
    assert watched.watch().failed == 0
    (watched.folder / "failed/a/dog-2.mp4").rename(watched.folder / "dog.mp4")
    assert watched.watch().failed == 1
    assert watched.maker.tried == {"job 1": 2}


def test_passing_faults_are_tried_three_times_each_later_and_then_set_aside(watched: WatchedFolder) -> None:
    watched.put("dog.mp4", "lost 1")
    watched.put("cat.mp4", "good")
    done = watched.watch(retry_s=10)
    assert watched.maker.tried == {"lost 1": 3, "good": 1}
    assert [row["in_s"] for row in watched.of("again")] == [10, 20]
    assert (done.failed, done.exit_code) == (1, 75)


def test_three_different_ones_in_a_row_are_not_the_clips_fault(watched: WatchedFolder) -> None:
    """The machine is: nothing is set aside, and all of it is made once the machine is well."""
    for n in range(SUSPECT + 2):
        watched.put(f"clip-{n}.mp4", f"lost {n}")
    watched.clock.at(200, lambda: setattr(watched.maker, "healed", True))
    watched.clock.ends_s = 1200
    done = watched.watch(once=False)
    assert (done.finished, done.failed) == (SUSPECT + 2, 0)
    pauses = [row["in_s"] for row in watched.of("paused")]
    assert pauses == sorted(pauses)
    with pytest.raises(RetryError, match="3 different ones in a row"):
        watched.forget, watched.maker.healed = True, False
        watched.watch()


def test_what_keeps_all_from_being_made_pauses_the_watch(watched: WatchedFolder) -> None:
    """A key that is gone, or a template that became wrong: not one clip is set aside for it."""
    watched.put("dog.mp4")
    watched.maker.broken = ProvenanceError("the key is gone", where="studio")
    watched.clock.at(50, lambda: setattr(watched.maker, "broken", None))
    watched.clock.ends_s = 300
    assert watched.watch(once=False).finished == 1
    assert {row["errors"][0]["what"] for row in watched.of("paused")} == {"the key is gone"}
    assert watched.of("failed") == []
    watched.put("cat.mp4")
    watched.maker.broken = ProvenanceError("the key is gone", where="studio")
    with pytest.raises(ProvenanceError, match="the key is gone"):
        watched.watch()
    assert watched.names("failed") == []


def test_a_copy_under_another_name_is_told_and_not_made(watched: WatchedFolder) -> None:
    watched.put("dog.mp4", "one")
    watched.put("zebra/dog again.mp4", "one")
    done = watched.watch()
    assert (done.finished, done.duplicates) == (1, 1)
    (told,) = watched.of("duplicate")
    assert (told["path"], told["of"]) == ("zebra/dog again.mp4", "dog.mp4")
    watched.put("third.mp4", "one")
    assert (watched.watch().duplicates, watched.maker.made["one"]) == (1, 1)


def test_a_file_that_is_renamed_or_moved_is_the_same(watched: WatchedFolder) -> None:
    path = watched.put("dog.mp4", "one")
    watched.watch()
    (watched.folder / "b").mkdir()
    path.rename(watched.folder / "b" / "hund.mp4")
    assert (watched.watch().duplicates, watched.maker.made["one"]) == (0, 1)
    (told,) = watched.of("renamed")
    assert (told["path"], told["of"]) == ("b/hund.mp4", "dog.mp4")
    watched.put("dog.mp4", "another one")  # the old name is free
    assert watched.watch().finished == 1
    assert set(watched.maker.names.values()) == {"dog", "dog-2"}


def test_a_new_content_under_an_old_name_gets_a_folder_of_its_own(watched: WatchedFolder) -> None:
    for says in ("first", "second"):
        watched.put("dog.mp4", says)
        watched.watch()
    watched.put("Dog.mov", "third")
    watched.watch()
    assert watched.maker.names == {"first": "dog", "second": "dog-2", "third": "Dog-3"}


def test_a_file_that_changes_or_goes_while_it_is_worked_on_is_no_failure(watched: WatchedFolder) -> None:
    watched.put("grows.mp4", "job half")
    watched.put("goes.mp4", "job goes")

    def meddle(received: Received) -> None:
        if received.path.name == "goes.mp4":
            received.path.unlink()
        elif watched.maker.tried["job half"] == 1:
            watched.put("grows.mp4", "whole now")

    watched.maker.while_making = meddle
    done = watched.watch()
    assert (done.finished, done.failed) == (1, 0)
    assert watched.maker.made == {"whole now": 1}
    assert sorted(row["path"] for row in watched.of("changed")) == ["goes.mp4", "grows.mp4"]


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_watch_that_is_killed_goes_on_where_it_was(watched: WatchedFolder, moment: str) -> None:
    """before: its films are not made; after: they are, but it is not in the journal yet."""
    for n in range(5):
        watched.put(f"{n}.mp4")
    victim, making = "2.mp4", watched.maker.make

    def killing(received: Received, into: Path) -> object:
        if received.place == victim and watched.maker.tried[victim] < 2:
            if moment == "after":
                making(received, into)
            else:
                watched.maker.tried[victim] += 1
            raise Killed
        return making(received, into)

    watched.maker.make = killing  # type: ignore[method-assign,assignment]
    while True:
        try:
            watched.watch()
            break
        except Killed:
            continue
    assert {says: made for says, made in watched.maker.made.items() if says != victim} == {
        f"{n}.mp4": 1 for n in (0, 1, 3, 4)
    }
    assert {watched.maker.names[f"{n}.mp4"] for n in range(5)} == {str(n) for n in range(5)}
    assert watched.maker.tried[victim] >= 2


def test_what_ends_the_process_each_time_is_set_aside_in_the_end(watched: WatchedFolder) -> None:
    watched.put("bomb.mp4")
    watched.put("good.mp4")

    def explode(received: Received) -> None:
        if received.place == "bomb.mp4":
            raise Killed

    watched.maker.while_making = explode
    ends = 0
    while True:
        try:
            done = watched.watch()
            break
        except Killed:
            ends += 1
    assert (ends, done.finished, done.failed) == (MOST_BEGUN, 1, 1)
    assert (
        watched.of("failed")[0]["errors"][0]["what"] == "the process ended each time that it worked on this"
    )


def test_a_stop_comes_after_what_is_in_hand(watched: WatchedFolder) -> None:
    for n in range(3):
        watched.put(f"{n}.mp4")
    watched.maker.while_making = lambda received: setattr(watched.clock, "stopped", True)
    done = watched.watch(once=False)
    assert (done.finished, watched.told[-1]["event"]) == (1, "stopped")
    watched.clock.stopped, watched.maker.while_making = False, lambda received: None
    assert watched.watch().finished == 2


def test_a_jobs_folder_is_one_thing_and_waits_until_all_of_it_is_there(watched: WatchedFolder) -> None:
    """Its clips come first and its job last; none of them is taken for a clip of its own."""
    watched.put("spot/a.mp4")
    for second in (3, 6, 9):
        watched.clock.at(second, lambda second=second: watched.put(f"spot/media/{second}.mp4"))  # type: ignore[misc]
    watched.clock.at(12, lambda: (watched.folder / "spot" / "job.yaml").write_text("title: Spot"))
    watched.put("loose.mp4")
    watched.watch()
    assert watched.maker.made == {"loose.mp4": 1, "a job of 3": 1}
    (watched.folder / "spot").rename(watched.folder / "spot again")
    watched.watch()
    assert watched.maker.made["a job of 3"] == 1
    (watched.folder / "spot again" / "job.yaml").write_text("title: Other")
    watched.watch()
    assert watched.maker.made["a job of 3"] == 2


def test_names_that_are_hidden_temporary_or_no_clip_are_left(watched: WatchedFolder) -> None:
    passing = ".hidden.mp4 ~lock.mp4 a.mp4.part b.part.mp4 c.mp4.crdownload d.mp4~ _UNPACK_x/e.mp4 .git/f.mp4"
    for name in (*passing.split(), "g.MP4.filepart", "notes.txt"):
        watched.put(name)
    watched.put("Good.MP4")
    assert watched.watch().finished == 1
    assert watched.maker.made == {"Good.MP4": 1}
    assert [row["path"] for row in watched.of("left")] == ["notes.txt"]


def test_links_are_not_followed(watched: WatchedFolder) -> None:
    outside = watched.root / "outside"
    outside.mkdir()
    (outside / "secret.mp4").write_bytes(film("secret"))
    (watched.folder / "link.mp4").symlink_to(outside / "secret.mp4")
    (watched.folder / "folder").symlink_to(outside)
    (watched.folder / "loop").symlink_to(watched.folder)
    (watched.folder / "gone.mp4").symlink_to("nowhere")
    os.mkfifo(watched.folder / "pipe.mp4")
    assert watched.watch().finished == 0
    assert len(watched.of("left")) == 5
    assert (outside / "secret.mp4").exists()


def test_names_in_every_script_and_of_every_length_are_taken(watched: WatchedFolder) -> None:
    names = [
        "Кошка и пёс.mp4",
        "犬 🐕.mp4",
        "e\u0301.mp4",
        "\u00e9.mp4",
        "a'b\"c;$(d).mp4",
        "x" * 251 + ".mp4",
        "-o.mp4",
    ]
    for name in names:
        watched.put(name)
    (watched.folder / os.fsdecode(b"caf\xe9.mp4")).write_bytes(film("latin"))
    watched.put("y" * 251 + ".mp4", "job long")
    done = watched.watch()
    assert (done.finished, done.failed) == (len(names) + 1, 1)
    assert watched.watch().finished == 0
    assert len(watched.names("failed")) == 2


def test_a_clip_waits_for_its_record_where_it_needs_one(watched: WatchedFolder) -> None:
    watched.put("dog.mp4")
    watched.clock.at(30, lambda: (watched.folder / "dog.json").write_text("{}"))
    assert watched.watch(record=True).finished == 0
    watched.clock.ends_s = 100
    assert watched.watch(record=True, once=False).finished == 1
    assert [row["why"] for row in watched.of("waiting")] == ["its generator record is not there yet"] * 2


def test_what_is_done_moves_out_of_the_way_where_that_is_asked(watched: WatchedFolder) -> None:
    watched.put("a/dog.mp4", "one")
    (watched.folder / "a" / "dog.json").write_text("{}")
    watched.put("z.mp4", "one")
    watched.watch(move_done=True)
    assert watched.names() == ["done/a/dog.json", "done/a/dog.mp4", "done/z.mp4"]
    watched.put("again.mp4", "one")
    assert watched.watch(move_done=True).duplicates == 1
    assert watched.maker.made == {"one": 1}


def test_history_is_forgotten_or_rebuilt_on_request(watched: WatchedFolder) -> None:
    for n in range(3):
        watched.put(f"{n}.mp4")
    watched.watch()
    (watched.out / FOLDER / FILE).unlink()
    (watched.out / "1" / "receipt.json").write_text(json.dumps({"receipts": [], "unfinished": "killed"}))
    (watched.out / "2" / "receipt.json").unlink()
    watched.known = rebuilt(watched.out)
    watched.watch()
    assert watched.maker.made == {"0.mp4": 1, "1.mp4": 2, "2.mp4": 2}
    watched.known, watched.forget = None, True
    watched.watch()
    assert watched.maker.made == {"0.mp4": 2, "1.mp4": 3, "2.mp4": 3}
    assert set(watched.maker.names.values()) == {"0", "1", "2"}


def test_the_folder_for_films_may_lie_in_the_watched_one(watched: WatchedFolder) -> None:
    watched.put("dog.mp4")
    inside = watched.folder / "films"
    inside.mkdir()
    watched.watch(out=inside)
    (inside / "dog" / "film.mp4").write_bytes(film("made"))
    watched.clock.ends_s = 60
    watched.watch(out=inside, once=False)
    assert watched.maker.made == {"dog.mp4": 1}


def test_a_failed_one_that_cannot_be_moved_stays_and_is_not_tried_again(watched: WatchedFolder) -> None:
    """As on a disk that cannot be written to: here a file lies where the folder for failed ones would be made."""
    watched.put("bad.mp4", "job 1")
    (watched.folder / "failed").write_text("in the way")
    assert watched.watch().failed == 1
    assert watched.watch().failed == 0
    assert watched.maker.tried == {"job 1": 1}
    assert reason(watched.out / "failed" / "bad.mp4.reason.json")["path"] == "bad.mp4"
    (watched.folder / "failed").unlink()
    watched.put("bad.mp4", "job 2")
    assert watched.watch().failed == 1


def test_a_folder_that_goes_is_awaited(watched: WatchedFolder) -> None:
    watched.put("dog.mp4")
    away = watched.root / "away"
    watched.clock.at(0, lambda: watched.folder.rename(away))
    watched.clock.at(60, lambda: away.rename(watched.folder))
    watched.clock.ends_s = 400
    assert watched.watch(once=False).finished == 1
    assert watched.of("paused")[0]["errors"][0]["what"] == "the watched folder cannot be read"
    watched.folder.rename(away)
    with pytest.raises(RetryError, match="the watched folder cannot be read"):
        watched.watch()


def test_every_event_of_a_watch_is_as_the_table_says(watched: WatchedFolder) -> None:
    """One watch that tells each of them, but for `polling`, which the system's events tell."""
    for name, says in (("a.mp4", "good"), ("b.mp4", "good"), ("bad.mp4", "job 1"), ("lost.mp4", "lost 1")):
        watched.put(name, says)
    watched.put("notes.txt")
    watched.put("half.mp4").write_bytes(film("half")[:-9])

    def meddle(received: Received) -> None:
        if watched.maker.tried["job 1"] == 1:
            watched.put("bad.mp4", "job 2")

    watched.maker.while_making = meddle
    watched.clock.at(400, lambda: (watched.folder / "a.mp4").rename(watched.folder / "c.mp4"))
    watched.clock.at(500, lambda: setattr(watched.maker, "broken", ProvenanceError("no key")))
    watched.clock.at(500, lambda: watched.put("z.mp4"))
    watched.clock.ends_s = 700
    watched.maker.log = watched.root / "log"
    watched.put("gate.mp4")
    watched.watch(once=False)
    assert {row["event"] for row in watched.told} == set(WATCH_EVENTS) - {"polling"}
    said = [(str(row["event"]), {name: row[name] for name in row if name != "event"}) for row in watched.told]
    assert [fault for event, fields in said for fault in faults(event, fields)] == []
