"""The tables of containers and sound codecs agree with each other, and with FFmpeg as it is here."""

from __future__ import annotations

import av
import pytest

from post.picture.encode import CODECS
from post.values.files.film_container import FILM_CONTAINERS, LAYOUTS, SOUND_CODECS


def test_each_codec_has_a_container_and_each_container_knows_its_codecs() -> None:
    held = {name for kind in FILM_CONTAINERS.values() for name in kind.sounds}
    assert held == set(SOUND_CODECS)
    assert {name for kind in FILM_CONTAINERS.values() for name in kind.pictures} == set(CODECS)
    assert all(kind.sounds[0] == "aac" for kind in FILM_CONTAINERS.values())


@pytest.mark.parametrize("name", FILM_CONTAINERS)
def test_the_muxer_takes_each_codec_of_its_container(name: str) -> None:
    kind = FILM_CONTAINERS[name]
    taken = av.ContainerFormat(kind.muxer, "w")
    assert taken.is_output
    for picture in kind.pictures:
        assert kind.segments(picture) in ("mp4", "mov")


@pytest.mark.parametrize("name", SOUND_CODECS)
def test_the_encoder_takes_the_format_of_its_row(name: str) -> None:
    row = SOUND_CODECS[name]
    formats = av.Codec(row.encoder, "w").audio_formats
    assert formats is not None
    assert row.samples in {each.name for each in formats}


def test_a_packet_of_aac_holds_6144_bits_of_each_channel() -> None:
    assert SOUND_CODECS["aac"].bounds(2, 48_000) == (64, 576)
    assert SOUND_CODECS["aac"].bounds(1, 44_100) == (32, 264)
    assert SOUND_CODECS["opus"].bounds(6, 48_000) == (96, 1536)


@pytest.mark.parametrize("name", [name for name, row in SOUND_CODECS.items() if row.lossy])
@pytest.mark.parametrize("channels", LAYOUTS.values())
def test_what_is_used_where_nothing_is_said_is_in_bounds(name: str, channels: int) -> None:
    least, most = SOUND_CODECS[name].bounds(channels, 44_100)
    assert least <= SOUND_CODECS[name].kbps[channels] <= most
