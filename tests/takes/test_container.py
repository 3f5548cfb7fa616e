from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import av.error
import pytest

from post.errors import AnswerprintError, RetryError, SourceError
from post.takes.container import MEANINGS, ffmpeg_errors, open_container, translate_error
from post.takes.made.synthetic import make_clip
from tests.made.numbered import small

CLASSES: dict[int, Any] = dict(av.error.classes)
# The stub calls these errors; they are the classes of errors.
FOREIGN: list[type[Exception]] = sorted(set(CLASSES.values()), key=lambda kind: kind.__name__)


@pytest.mark.parametrize("kind", FOREIGN, ids=lambda kind: kind.__name__)
def test_every_error_of_ffmpeg_becomes_one_of_ours(kind: type[Exception]) -> None:
    ours = translate_error(kind(1, "the words of FFmpeg"), "clip.mp4")
    assert isinstance(ours, SourceError | RetryError)
    assert ours.where == "clip.mp4"
    assert ours.got == "the words of FFmpeg"
    assert ours.fix


def test_each_meaning_is_of_an_error_that_exists() -> None:
    assert set(MEANINGS) - {av.error.FFmpegError} <= set(FOREIGN)


def test_a_read_that_may_work_in_a_moment_is_to_be_tried_again() -> None:
    assert isinstance(translate_error(av.error.TimeoutError(110, "timed out"), "clip.mp4"), RetryError)


def test_the_foreign_error_is_kept_as_the_cause() -> None:
    fault = av.error.InvalidDataError(1, "bad")
    with pytest.raises(SourceError, match=r"clip.mp4: is damaged") as caught, ffmpeg_errors("clip.mp4"):
        raise fault
    assert caught.value.__cause__ is fault


def test_a_playlist_cannot_make_ffmpeg_read_another_file(tmp_path: Path) -> None:
    make_clip(tmp_path / "secret.mp4", small(frames=2))
    (tmp_path / "list.mp4").write_text("ffconcat version 1.0\nfile secret.mp4\n")
    with av.open(str(tmp_path / "list.mp4")) as container:
        assert container.streams.video  # as it is, FFmpeg follows it
    with pytest.raises(SourceError, match=r"list.mp4: "), open_container(tmp_path / "list.mp4"):
        pass


def test_a_name_that_looks_like_an_address_is_a_file(tmp_path: Path) -> None:
    with pytest.raises(AnswerprintError, match="is missing"), open_container(tmp_path / "http:x.mp4"):
        pass
