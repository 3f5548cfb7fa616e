"""Media come whole or in parts, exactly; what browsers do not play has a proxy with the same frame numbers."""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from post.review.films.frame_record import look_at, write_proxy
from post.takes.made.synthetic import ClipRecipe, SoundRecipe, make_clip
from tests.review.reviewing import Reviewing, make_film


@pytest.mark.parametrize(
    ("asked", "status", "first", "stop"),
    [
        (None, 200, 0, None),
        ("bytes=0-0", 206, 0, 1),
        ("bytes=10-19", 206, 10, 20),
        ("bytes=100-", 206, 100, None),
        ("bytes=-7", 206, -7, None),
        ("bytes=0-99999999", 206, 0, None),
        ("bytes=5-4", 200, 0, None),
        ("bytes=0-1,5-6", 200, 0, None),
        ("lines=0-1", 200, 0, None),
        ("bytes=-", 416, 0, 0),
        ("bytes=99999999-", 416, 0, 0),
        ("bytes=-0", 416, 0, 0),
        (f"bytes={'9' * 30}-", 200, 0, None),
    ],
)
def test_a_range_is_what_was_asked_for(
    with_film: Reviewing, asked: str | None, status: int, first: int, stop: int | None
) -> None:
    whole = (with_film.out / "wide.mp4").read_bytes()
    answer = with_film.client().get("/media/1/film", headers={"range": asked} if asked else {})
    assert answer.status_code == status
    assert answer.content == whole[first:stop]
    assert int(answer.headers["content-length"]) == len(answer.content)
    if status == 206:
        begin = first % len(whole)
        span = f"bytes {begin}-{begin + len(answer.content) - 1}/{len(whole)}"
        assert answer.headers["content-range"] == span


def test_ten_megabytes_come_in_parts_that_make_the_whole(at_work: Reviewing) -> None:
    rng = np.random.default_rng(3)
    noise = ClipRecipe(
        "dusk", 640, 360, Fraction(24), 32, pixel_format="yuv420p", options=(("crf", "1"), ("preset", "ultrafast"))
    )  # fmt: skip
    path = at_work.out / "wide.mp4"
    make_clip(path, noise, lambda _: rng.random((360, 640, 3)))
    at_work.take_in()
    whole = path.read_bytes()
    assert len(whole) > 10 << 20
    client = at_work.client()
    step = (3 << 20) + 17
    parts = [
        client.get("/media/1/film", headers={"range": f"bytes={at}-{at + step - 1}"}).content
        for at in range(0, len(whole), step)
    ]
    assert b"".join(parts) == whole


def test_a_part_of_another_film_is_never_sent_for_this_one(with_film: Reviewing) -> None:
    client = with_film.client()
    tag = client.get("/media/1/film").headers["etag"]
    part = {"range": "bytes=0-9"}
    assert client.get("/media/1/film", headers={**part, "if-range": tag}).status_code == 206
    assert client.get("/media/1/film", headers={**part, "if-range": '"old"'}).status_code == 200
    assert client.get("/media/1/film", headers={"if-none-match": tag}).status_code == 304


def test_a_frame_is_the_films_own(with_film: Reviewing) -> None:
    client = with_film.client()
    path = with_film.out / "wide.mp4"
    with av.open(str(path)) as film:
        frames = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
    for number in (0, 7, 23):
        shown = np.asarray(Image.open(io.BytesIO(client.get(f"/media/1/frames/{number}.png").content)))
        distance = [float(np.abs(shown.astype(int) - each.astype(int)).mean()) for each in frames]
        assert distance.index(min(distance)) == number
    assert client.get("/media/1/frames/24.png").status_code == 404
    assert client.get("/media/1/frames/-1.png").status_code in (404, 422)


def test_what_is_made_of_a_film_says_where_it_is(with_film: Reviewing) -> None:
    client = with_film.client()
    player = client.get("/api/revisions/1").json()
    assert player["media"] == {"url": "/media/1/film", "type": "video/mp4", "proxy": False}
    strip = player["thumbnails"]
    sheet = Image.open(io.BytesIO(client.get(strip["url"]).content))
    assert len(strip["frames"]) == 24
    assert sheet.size == (strip["width"] * strip["columns"], strip["height"] * 3)
    wave = client.get(player["waveform"]).json()
    assert wave["rate_hz"] == 48000
    assert len(wave["low"]) == len(wave["high"]) > 1000
    assert min(wave["low"]) < -5
    assert max(wave["high"]) > 5


ODD = {
    "prores.mov": {"codec": "prores_ks", "pixel_format": "yuv422p10le", "sound": SoundRecipe(codec="pcm_s24le")},
    "hevc.mp4": {"codec": "libx265", "rate": Fraction(30000, 1001)},
    "deep.mp4": {"pixel_format": "yuv420p10le", "b_frames": 2},
    "late.mp4": {"start_s": Fraction(1, 2)},
    "turned.mp4": {"rotation": 90},
}  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_what_browsers_do_not_play_has_a_proxy_with_the_same_frames(name: str, tmp_path: Path) -> None:
    if not name.startswith(("late", "turned")):
        assert_proxy(tmp_path / name, ODD[name])
        return
    assert_proxy(tmp_path / name, {**ODD[name], "b_frames": 0})


def assert_proxy(path: Path, more: dict[str, object]) -> None:
    make_film(path, "lights", frames=20, **more)
    look = look_at(path)
    assert not look.playable
    out = path.with_name("proxy.mp4")
    write_proxy(path, out)
    made = look_at(out)
    assert made.playable
    assert (made.frames, made.rate) == (look.frames, look.rate)
    with av.open(str(path)) as film, av.open(str(out)) as proxy:
        rotation = 90 if "turned" in path.name else 0
        ours = [frame.to_ndarray(format="gray8") for frame in film.decode(video=0)]
        theirs = [frame.to_ndarray(format="gray8") for frame in proxy.decode(video=0)]
    assert len(ours) == len(theirs) == 20
    for number, shown in enumerate(theirs):
        upright = np.rot90(ours[number], -rotation // 90)
        assert upright.shape == shown.shape
        off = [float(np.abs(np.rot90(each, -rotation // 90).astype(int) - shown).mean()) for each in ours]
        assert off.index(min(off)) == number


def test_a_proxy_sounds_as_the_film_does(tmp_path: Path) -> None:
    """At 44.1 kHz a second lasts a second, and the tone keeps its pitch."""
    path, out = tmp_path / "film.mov", tmp_path / "proxy.mp4"
    sound = SoundRecipe(codec="pcm_s16le", rate_hz=44100, channels=2)
    make_film(path, frames=48, codec="prores_ks", pixel_format="yuv422p10le", sound=sound)
    write_proxy(path, out)
    with av.open(str(out)) as proxy:
        stream = proxy.streams.audio[0]
        heard = np.concatenate([frame.to_ndarray()[0] for frame in proxy.decode(stream)])
        assert stream.rate == 48000
    assert abs(len(heard) - 96000) < 2500
    spectrum = np.abs(np.fft.rfft(heard[4800:52800]))
    assert abs(float(np.argmax(spectrum)) - 440) <= 1


def test_a_film_that_cannot_be_read_is_told(at_work: Reviewing) -> None:
    (at_work.out / "wide.mp4").write_bytes(b"no film" * 100)
    assert at_work.take_in() == 1
    row = at_work.revision()
    assert row["state"] == "unreadable"
    assert row["why"]
    player = at_work.client().get(f"/api/revisions/{row['id']}").json()
    assert player["media"]["url"] is None
    assert at_work.client().get("/films/1").status_code == 200


def test_a_film_that_is_written_over_in_place_stays_as_it_was_reviewed(with_film: Reviewing) -> None:
    path = with_film.out / "wide.mp4"
    before = path.read_bytes()
    path.write_bytes(make_film(with_film.folder / "other.mp4", "sea").read_bytes())
    assert with_film.take_in() == 1
    assert with_film.client().get("/media/1/film").content == before
    assert with_film.revision()["number"] == 2
