"""Task functions for the engine's tests: some kill their worker."""

from __future__ import annotations

import os
import signal
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from threading import Thread
from typing import Any

from post import watchdog
from post.atomic import replacing
from post.engine.store import Store
from post.engine.task import Task
from post.errors import SourceError
from post.watchdog import watched, watched_steps

WORK = "tests.engine.work"
CPU_S = 1  # that a library has for a step in these workers: the product's are the same, and longer


def tasks(folder: Path, count: int, run: str = "write") -> list[Task]:
    """Returns tasks that a function of this module does."""
    data = [{"text": f"result {n}", "marks": str(folder / "marks")} for n in range(count)]
    return [Task(f"{n:064x}", f"{WORK}:{run}", data[n], name=f"task {n}") for n in range(count)]


def write(data: Any, files: Mapping[str, Path], path: Path) -> None:
    """Writes its data, and a mark each time it is called."""
    with Path(data["marks"]).open("a") as marks:
        marks.write(f"{data['text']}\n")
    path.write_text(data["text"])


def copy(data: Any, files: Mapping[str, Path], path: Path) -> None:
    """Copies its one file."""
    [source] = files.values()
    path.write_bytes(source.read_bytes())


def die_once(data: Any, files: Mapping[str, Path], path: Path) -> None:
    """Kills its worker the first time."""
    mark = Path(data["marks"])
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), 9)
    path.write_text("survived")


def die(data: Any, files: Mapping[str, Path], path: Path) -> None:
    """Kills its worker each time, after writing a mark."""
    with Path(data["marks"]).open("a") as marks:
        marks.write("tried\n")
    os.kill(os.getpid(), 9)


def die_in_company(data: Any, files: Mapping[str, Path], path: Path) -> None:
    """Kills its worker, the first time only once the other task is running in it; writes each worker's number."""
    room = Path(data["room"])
    wait_until((room / "at work").exists)
    with (room / "died").open("a") as died:
        died.write(f"{os.getpid()}\n")
    os.kill(os.getpid(), 9)


def outlive(data: Any, files: Mapping[str, Path], path: Path) -> None:
    """Ends once `die_in_company` has killed a worker other than this one."""
    room = Path(data["room"])

    def died() -> list[str]:
        return (room / "died").read_text().split() if (room / "died").exists() else []

    before = len(died())
    (room / "at work").touch()
    wait_until(lambda: any(number != str(os.getpid()) for number in died()[before:]))
    path.write_text("survived")


def wait_for(data: Any, files: Mapping[str, Path], path: Path) -> None:
    """Ends once a mark exists."""
    wait_until(Path(data["mark"]).exists)
    path.write_text("seen")


def wait_until(happened: Callable[[], bool]) -> None:
    until = time.monotonic() + 600  # longer than any busy machine takes
    while not happened():
        if time.monotonic() > until:
            raise TimeoutError("it never happened")
        time.sleep(0.01)


def refuse(data: Any, files: Mapping[str, Path], path: Path) -> None:
    path.write_text("half")
    raise SourceError("is empty", where="dog.mp4")


def break_down(data: Any, files: Mapping[str, Path], path: Path) -> None:
    raise ZeroDivisionError("in the depths")


def slowly(data: Any, files: Mapping[str, Path], path: Path) -> None:
    time.sleep(0.02)
    path.write_text(data["text"])


def meet(data: Any, files: Mapping[str, Path], path: Path) -> None:
    """Waits for the other task, which comes only if both run at once."""
    (Path(data["room"]) / f"here{data['n']}").touch()
    wait_until((Path(data["room"]) / f"here{1 - data['n']}").exists)
    path.write_text(str(os.getpid()))


def leave(data: Any, files: Mapping[str, Path], path: Path) -> None:
    sys.exit(3)


def refuse_oddly(data: Any, files: Mapping[str, Path], path: Path) -> None:
    raise SourceError("is odd", where="dog.mp4", got={}.keys())


def spin(seconds: float, name: str) -> None:
    """Reads a file for so many seconds of processor time without coming back."""
    watchdog.CPU_S = CPU_S
    with watched(name):
        _use(seconds)


def step(count: int, seconds: float, name: str) -> int:
    """Reads a file in steps of so many seconds each, and returns how many there were."""
    watchdog.CPU_S = CPU_S
    return len(list(watched_steps(_steps(count, seconds), name)))


def _steps(count: int, seconds: float) -> Iterator[int]:
    for number in range(count):
        _use(seconds)
        yield number


def crash(name: str) -> None:
    """Reads a file in a library that crashes over it."""
    with watched(name):
        signal.raise_signal(signal.SIGSEGV)


def end_while_writing(store: Store) -> None:
    """Dies with a result half written, as a process does that Ctrl-C ends."""
    store.save("a" * 64, b"a whole result")
    path = store.path("b" * 64)
    path.parent.mkdir()
    with replacing(path, writer=store.writer) as out:
        out.write(b"half of a result")
        out.flush()
        os.kill(os.getpid(), signal.SIGKILL)


def ask_for(size: int, name: str) -> int:
    """Reads a file in a library that asks for so many bytes of memory."""
    with watched(name):
        return len(bytearray(size))


def think(seconds: float, name: str) -> str:
    """Works for so many seconds after it has read a file."""
    watchdog.CPU_S = CPU_S
    with watched(name):
        pass
    _use(seconds)
    return "thought"


def warn(text: str) -> int:
    """Warns, and returns its process."""
    warnings.warn(text, stacklevel=1)
    return os.getpid()


def give_what_does_not_travel() -> Callable[[], int]:
    """Returns what cannot be pickled."""
    return lambda: 1


def refuse_file(name: str) -> None:
    """Refuses a file."""
    raise SourceError("is no clip", where=name)


def _use(seconds: float) -> None:
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass


def wait_beside_a_busy_thread(name: str) -> str:
    """Waits for a slow file while another thread uses more processor time than a library may."""
    watchdog.CPU_S = CPU_S
    busy = Thread(target=_use, args=(CPU_S + 1.0,))
    busy.start()
    with watched(name):
        busy.join()
    return "waited"


def spin_over(data: Any, files: Mapping[str, Path], path: Path) -> None:
    """Reads a file for ever."""
    spin(CPU_S * 60.0, data["text"])
