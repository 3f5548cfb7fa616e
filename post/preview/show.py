"""Makes a preview: plans and makes its parts in workers, and shows each as soon as it is there.

kept film ------------------------------------+
plan the hook -> its slots, its sound ----+   |
plan the film -> sheet, sound, all slots -+-> Publisher -> folder -> server, players
plan it right -> slots that differ -------+
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event, Lock

from post.engine import ContentStore, Store, Task
from post.errors import JobError
from post.owned import owned
from post.preview.film import PlannedPreview, PreviewFilm, PreviewQuestion, keep_film, kept_film
from post.preview.hands import PreviewHands
from post.preview.history import read_times, remember_time
from post.preview.plans import plan_film, plan_hook, plan_right
from post.preview.publish import SHEET, Publisher
from post.preview.serve import MASTER, Served, serving
from post.render.packets import Packets, unpack
from provenance.trust.lists import Anchors

LOCK = ".answerprint-preview.lock"
STAYS_S = 5.0  # for pages that still fetch, once all is made


@dataclass(frozen=True, slots=True)
class PreviewSetup:
    """What a preview needs beside its job. only: a film's name, "" for the first; port: None ends with the film,
    else the page is served there until the command is stopped; seconds: since the command began; say: is called with
    the page's address; workers: how many processes make it; master: a finished film, or None."""

    out: Path
    only: str
    port: int | None
    workers: int
    stores: tuple[ContentStore, Store]
    anchors: Callable[[], Sequence[Anchors]]
    seconds: Callable[[], float]
    say: Callable[[str], None]
    master: Path | None = None


@dataclass(frozen=True, slots=True)
class Previewed:
    """A preview that was made. first_s: until the first frames could be fetched; frame_s: until a page had shown one,
    or None; own_ms: the page's own share of that; seconds: until all of the film could be watched; right_s: until it
    was so with every decision; made: slots that the store did not hold; kept: all of it was in the store."""

    playlist: Path
    sheet: Path
    page: Path
    film: PreviewFilm
    first_s: float
    frame_s: float | None
    own_ms: float | None
    seconds: float
    right_s: float
    slots: int
    made: int
    kept: bool


def show(job: Path, setup: PreviewSetup) -> Previewed:
    """Makes a job's preview, and serves it meanwhile.

    Raises what planning and making raise; JobError for a master that is no file; RetryError where another preview is
    made in the folder.
    """
    if setup.master is not None and not setup.master.is_file():
        raise JobError("there is no such film", where="--master", got=str(setup.master))
    setup.out.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        stack.enter_context(owned(setup.out / LOCK, str(setup.out)))
        showing = _Showing(job, setup)
        setup.say(stack.enter_context(serving(showing.served, setup.port or 0)))
        made = showing.make()
        if setup.port is not None:
            with suppress(KeyboardInterrupt):  # how a person ends it
                Event().wait()
        showing.wait_for_pages()
        return made


class _Showing:
    """One preview while it is made. What workers finish is told to it from their threads, one at a time."""

    def __init__(self, job: Path, setup: PreviewSetup) -> None:
        self._job, self._setup = job, setup
        self._content, self._store = setup.stores
        self.served = Served(setup.out, self._watched)
        self._publisher = Publisher(setup.out, job.stem)
        self._lock = Lock()
        self._hook: PlannedPreview | None = None
        self._film: PreviewFilm | None = None
        self._sounds: dict[str, Packets] = {}
        self._pictures: dict[str, Packets] = {}
        self._times: dict[str, float] = {}
        self._made = 0
        if (times := read_times(self._store, job)) is not None:
            self._publisher.tell(times=_words(times.count, times.p50_s, times.p95_s))
        if setup.master is not None:
            self.served.master = setup.master
            self._publisher.tell(master=MASTER[1:])

    def make(self) -> Previewed:
        """Makes everything, and returns what was made."""
        kept = kept_film(self._store, self._job, self._setup.only)
        if kept is not None and self._show_kept(kept):
            return self._done(kept, kept=True)
        with PreviewHands(self._setup.workers, self._store) as hands:
            asked = PreviewQuestion(
                self._job, self._setup.only, self._setup.anchors(), self._content, self._store
            )
            if not self._publisher.shown:
                self._start(hands, asked)
            planned = hands.call(plan_film, asked)
            self._tell(planned.film)
            hands.give([task for task in (planned.sheet, planned.sound, *planned.slots) if task], self._take)
            hands.finish()
            self._end()
            if planned.film.missing:
                planned = hands.call(plan_right, asked)
                self._correct(hands, planned)
            keep_film(self._store, self._job, self._setup.only, planned.film, planned.read)
        return self._done(planned.film, kept=False)

    def _start(self, hands: PreviewHands, asked: PreviewQuestion) -> None:
        """Shows the first seconds, planned alone; where that cannot be, the whole film is planned first."""
        hook = hands.call(plan_hook, asked)
        if hook is None or not hook.slots:
            return
        self._tell(hook.film)
        hands.give_first(hook.slots[0], self._take)
        hands.give([hook.sound, *hook.slots[1:]], self._take)
        hands.until(lambda: self._publisher.shown > 0)

    def _tell(self, film: PreviewFilm) -> None:
        with self._lock:
            self._film = film
            self._publisher.tell(spans=[[first, stop] for first, stop, _ in film.slots], title=film.title)
            self._publisher.film(film)
            self._advance()

    def _take(self, task: Task, made: bool) -> None:
        """Takes a result that is in the store now."""
        with self._lock:
            self._made += made and ":make_picture" in task.run
            content = self._store.load(task.key) or b""
            film = self._film
            assert film is not None
            if task.key == film.sheet:
                self._publisher.sheet(content)
            elif ":make_sound" in task.run:
                self._sounds[task.key] = unpack(content)
            else:
                self._pictures[task.key] = unpack(content)
            self._advance()

    def _advance(self) -> None:
        """Shows every slot that follows on those shown, and whose picture and sound are there."""
        film = self._film
        if film is None:
            return
        while self._publisher.shown < len(film.slots):
            number = self._publisher.shown
            picture = self._pictures.get(film.slots[number][2])
            sound = self._sounds.get(film.sound) or self._early_sound(film, film.slots[number][1])
            if picture is None or sound is None:
                return
            self._publisher.add(picture, sound)
            if number == 0:
                self._first()

    def _early_sound(self, film: PreviewFilm, stop: int) -> Packets | None:
        """Returns the sound of the first shots alone, where it covers a slot and the film's is not there yet."""
        end = film.seconds(stop) * film.sound_rate
        covering = (each for each in self._sounds.values() if len(each.packets) * each.ticks >= end)
        return next(covering, None)

    def _first(self) -> None:
        self._times["first"] = self._setup.seconds()
        times = remember_time(self._store, self._job, self._times["first"])
        self._publisher.tell(times=_words(times.count, times.p50_s, times.p95_s))

    def _show_kept(self, film: PreviewFilm) -> bool:
        """Shows a film that the store holds. Returns False where a part of it is missing: it is planned anew."""
        self._tell(film)
        if (sound := self._store.load(film.sound)) is None:
            return False
        if (sheet := self._store.load(film.sheet)) is not None:
            self._publisher.sheet(sheet)
        self._sounds[film.sound] = unpack(sound)
        for _, _, key in film.slots:
            if (picture := self._store.load(key)) is None:
                return False
            with self._lock:
                self._pictures[key] = unpack(picture)
                self._advance()
                self._pictures.clear()
        self._end()
        return True

    def _correct(self, hands: PreviewHands, planned: PlannedPreview) -> None:
        """Makes the slots that differ now that every decision is made, and shows each in the place of the first one."""
        before = self._film
        assert before is not None
        old = [key for _, _, key in before.slots]
        film = planned.film
        with self._lock:
            self._film = film
            self._publisher.film(replace(film, missing=before.missing))
        wanted = {task.key: number for number, task in enumerate(planned.slots) if task.key != old[number]}

        def take(task: Task, made: bool) -> None:
            with self._lock:
                content = self._store.load(task.key) or b""
                if task.key in wanted:
                    self._made += made
                    self._publisher.correct(wanted[task.key], unpack(content), self._sounds[before.sound])
                elif task.key == film.sheet:
                    self._publisher.sheet(content)

        sheet = [planned.sheet] if planned.sheet and planned.sheet.key != before.sheet else []
        hands.give([*sheet, *(task for task in planned.slots if task.key in wanted)], take)
        hands.finish()

    def _end(self) -> None:
        with self._lock:
            self._publisher.end()
            self._times["all"] = self._setup.seconds()

    def _watched(self, own_ms: float) -> None:
        self._times.setdefault("frame", self._setup.seconds())
        self._times.setdefault("own", own_ms)

    def _done(self, film: PreviewFilm, *, kept: bool) -> Previewed:
        out = self._setup.out
        name = self._publisher.close()
        return Previewed(
            out / name, out / SHEET, out / "index.html", film, self._times["first"], self._times.get("frame"),
            self._times.get("own"), self._times["all"], self._setup.seconds(), len(film.slots), self._made, kept,
        )  # fmt: skip

    def wait_for_pages(self) -> None:
        """Waits, a few seconds at most, until every open page has fetched all of the film."""
        until, pause = self._setup.seconds() + STAYS_S, Event()
        while self._setup.seconds() < until:
            if all(count >= self._publisher.shown for count in dict(self.served.seen).values()):
                break
            pause.wait(0.05)
        self._publisher.tell(closed=True, master=None)
        self._publisher.write_page()


def _words(count: int, p50_s: float, p95_s: float) -> str:
    runs = "1 preview" if count == 1 else f"{count} previews"
    return f"first watchable after {p50_s:.2f} s (p50) and {p95_s:.2f} s (p95), of {runs} of this job"
