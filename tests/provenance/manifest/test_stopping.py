"""Signing can be followed and stopped; what stops it is raised unchanged, and nothing is left."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from post.errors import OutputError, ProvenanceError, RetryError, SourceError
from provenance import manifest
from provenance.claim.build import build_claim
from provenance.manifest import SignOptions, SignRequest, stream_copy
from provenance.manifest.sdk_callbacks import CallbackGuard
from tests.provenance.formats.made_boxes import box
from tests.provenance.made import House, Noise, ingredient, receipt
from tests.provenance.manifest.sign_requests import FakeSigner, make_request, no_file_larger_than

MB = 1 << 20


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film with 24 MB of something in a box of its own."""
    path = tmp_path_factory.mktemp("long") / "long.mp4"
    Noise(options={"movflags": "faststart"}).write(path)
    with path.open("ab") as out:
        out.write(box(b"free", os.urandom(24 * MB)))
    return path


@pytest.fixture(params=[False, True], ids=["one pass", "copying"])
def copying(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture(autouse=True)
def ctrl_c_raises() -> Iterator[None]:
    """Handles Ctrl-C as a terminal does: a program that a shell starts in the background ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def nothing_but(folder: Path, *names: str) -> bool:
    return sorted(path.name for path in folder.iterdir()) == sorted(names)


def test_progress_rises_to_the_whole_film(copying: bool, long: Path, house: House, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    way = SignOptions(progress=lambda done, total: told.append((done, total)), copying=copying)
    manifest.sign_film(long, tmp_path / "out.mp4", make_request(long, house), way)
    done = [each for each, _ in told]
    assert len(told) > 4
    assert done == sorted(done)
    assert done[-1] >= 0.95 * told[-1][1]
    assert max(done) <= told[-1][1]


@pytest.mark.parametrize(
    "error", [KeyboardInterrupt(), RuntimeError("the caller's own"), OSError("its disk")]
)
def test_what_the_progress_raises_comes_out(
    error: BaseException, copying: bool, long: Path, house: House, tmp_path: Path
) -> None:
    def stop(done: int, _: int) -> None:
        if done > 4 * MB:
            raise error

    with pytest.raises((type(error), OutputError)) as caught:
        manifest.sign_film(
            long, tmp_path / "out.mp4", make_request(long, house), SignOptions(progress=stop, copying=copying)
        )
    assert error in (caught.value, caught.value.__cause__)
    assert nothing_but(tmp_path)


@pytest.mark.parametrize("after_s", [0.0, 0.02, 0.05])
def test_ctrl_c_is_heard_at_once_and_leaves_nothing(
    after_s: float, copying: bool, long: Path, house: House, tmp_path: Path
) -> None:
    started, pressed = threading.Event(), threading.Event()
    written_after = 0

    def press() -> None:
        pressed.set()
        os.kill(os.getpid(), signal.SIGINT)

    timer = threading.Timer(after_s, press)

    def begun(*_: int) -> None:
        nonlocal written_after
        written_after += pressed.is_set()
        if not started.is_set():
            started.set()
            timer.start()
        time.sleep(0.005)  # a slow disk: there is something left to stop

    with pytest.raises(KeyboardInterrupt):
        manifest.sign_film(
            long,
            tmp_path / "out.mp4",
            make_request(long, house),
            SignOptions(progress=begun, copying=copying),
        )
        timer.join()
        time.sleep(1)
    # Blocks, not seconds: those of a busy machine prove nothing. One may be under way when the key is pressed.
    assert pressed.is_set()
    assert written_after <= 2
    assert nothing_but(tmp_path)


@pytest.mark.parametrize(
    "error", [ProvenanceError("the token is gone"), KeyboardInterrupt(), OSError(5, "I/O")]
)
def test_a_signers_own_error_comes_out(
    error: BaseException, copying: bool, film: Path, house: House, tmp_path: Path
) -> None:
    order = SignRequest(build_claim(receipt(film), film), (), FakeSigner(house, error), house.pem)
    with pytest.raises((type(error), RetryError)) as caught:
        manifest.sign_film(film, tmp_path / "out.mp4", order, SignOptions(copying=copying))
    assert error in (caught.value, caught.value.__cause__)
    assert nothing_but(tmp_path)


def test_a_key_is_asked_once(copying: bool, film: Path, house: House, tmp_path: Path) -> None:
    signer = FakeSigner(house)
    order = SignRequest(build_claim(receipt(film), film), (), signer, house.pem)
    manifest.sign_film(film, tmp_path / "out.mp4", order, SignOptions(copying=copying))
    assert signer.asked == 1


@pytest.mark.parametrize("size", [0, 20_000, 10 * MB])
def test_a_disk_that_runs_full_leaves_nothing_and_says_so(
    size: int, copying: bool, long: Path, house: House, tmp_path: Path
) -> None:
    order = make_request(long, house)
    with no_file_larger_than(size), pytest.raises(OutputError, match="File too large"):
        manifest.sign_film(long, tmp_path / "out.mp4", order, SignOptions(copying=copying))
    assert nothing_but(tmp_path)


def test_a_film_cut_short_while_it_is_signed_leaves_nothing(
    copying: bool, long: Path, house: House, tmp_path: Path
) -> None:
    source = tmp_path / "source.mp4"
    source.write_bytes(long.read_bytes())
    order = make_request(source, house)

    def cut(done: int, _: int) -> None:
        if done > 5 * MB:
            os.truncate(source, 8 * MB)

    with pytest.raises(SourceError, match=r"source\.mp4: the film .* while it was being signed"):
        manifest.sign_film(source, tmp_path / "out.mp4", order, SignOptions(progress=cut, copying=copying))
    assert nothing_but(tmp_path, "source.mp4")


def test_an_ingredient_that_cannot_be_read_is_named(
    copying: bool, film: Path, clip: Path, house: House, tmp_path: Path
) -> None:
    part = ingredient(clip)
    order = SignRequest(
        build_claim(receipt(film, [part]), film), ((part, tmp_path),), house.signer, house.pem
    )
    with pytest.raises(SourceError, match=str(tmp_path)):
        manifest.sign_film(film, tmp_path / "out.mp4", order, SignOptions(copying=copying))


def test_a_disk_that_fails_behind_the_copying_is_an_error(
    long: Path, house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system reports a failed write only once, here to the background thread."""
    monkeypatch.setattr(stream_copy, "_SYNC_BYTES", MB)
    main = threading.get_ident()

    failed = threading.Event()

    def failing(handle: int) -> None:
        if threading.get_ident() != main:
            failed.set()
            raise OSError(5, "the disk is gone")

    def wait_for_it(done: int, _: int) -> None:
        if done > 2 * MB:
            assert failed.wait(600)

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(RetryError, match="the disk failed") as caught:
        manifest.sign_film(
            long, tmp_path / "out.mp4", make_request(long, house), SignOptions(progress=wait_for_it)
        )
    assert str(caught.value.__cause__) == "[Errno 5] the disk is gone"
    assert nothing_but(tmp_path)


def test_short_writes_are_carried_on(tmp_path: Path) -> None:
    class Grudging:
        """A file that takes seven bytes at a time."""

        def __init__(self) -> None:
            self.taken = b""

        def seek(self, at: int) -> int:
            assert at == len(self.taken)
            return at

        def write(self, data: memoryview) -> int:
            self.taken += bytes(data[:7])
            return min(7, len(data))

    out = Grudging()
    stream_copy.write_all(out, 0, b"twenty bytes, just so")  # type: ignore[arg-type]  # as much of a file as it needs
    assert out.taken == b"twenty bytes, just so"


def test_ctrl_c_between_callbacks_is_not_lost() -> None:
    """In the wrapper's own code it would be lost: ctypes prints it and goes on."""
    guard = CallbackGuard()

    def asked_again() -> None:
        pytest.fail("the next callback was still answered")

    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt), guard.catch_interrupt():
        os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(OSError, match="stopped"):
            guard.run(asked_again)
    assert signal.getsignal(signal.SIGINT) is before
