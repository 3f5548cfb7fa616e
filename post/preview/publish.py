"""Writes what can be watched so far into a folder, each file whole: any static server can show it at any moment.

index.html      the page, with the header and the first slot within it
preview.m3u8    an HLS playlist that grows (EVENT); its segments never change
corrected.m3u8  the same film, once decisions were measured that the first one lacked
header.mp4      what is before every segment; segments/NUMBER-DIGEST.m4s
sheet.jpg       the contact sheet
preview.mp4     all of it as one file, at the end
state.json      what the page reads while the film grows
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from contextlib import suppress
from pathlib import Path
from typing import Any

from post.atomic import write_whole
from post.preview.boxes import PICTURE, SOUND, PictureTrack, SoundTrack, TrackRun, fragment, header
from post.preview.film import PreviewFilm
from post.preview.page import page_html
from post.render.packets import Packets

PAGE, PLAYLIST, CORRECTED, HEADER = "index.html", "preview.m3u8", "corrected.m3u8", "header.mp4"
SHEET, WHOLE, STATE, SEGMENTS = "sheet.jpg", "preview.mp4", "state.json", "segments"
CHANNELS = 2


class Publisher:
    """One preview's folder. Its methods are called by one thread at a time."""

    def __init__(self, out: Path, title: str) -> None:
        """Removes what an earlier preview left there, and writes a page that waits."""
        self.out, self._title = out, title
        self._film: PreviewFilm | None = None
        self._first: list[tuple[str, float]] = []
        self._right: dict[int, str] = {}
        self._state: dict[str, Any] = {"title": title, "slots": [], "corrected": {}, "ended": False}
        self._inline: dict[str, str] = {}
        for name in (PLAYLIST, CORRECTED, WHOLE, HEADER, SHEET):
            with suppress(FileNotFoundError):
                (out / name).unlink()
        self.write_page()

    def film(self, film: PreviewFilm) -> None:
        """Tells what is known of the film by now."""
        self._film = film
        self._state |= {
            "name": film.name, "width": film.width, "height": film.height, "rate": list(film.rate),
            "frames": film.frames, "shots": [list(each) for each in film.shots], "left_out": list(film.left_out),
            "missing": list(film.missing),
        }  # fmt: skip
        self.write_state()

    def tell(self, **more: Any) -> None:
        """Tells the page something more."""
        self._state |= more
        self.write_state()

    def sheet(self, content: bytes) -> None:
        """Shows the contact sheet."""
        write_whole(self.out / SHEET, content)
        self.tell(sheet=SHEET)

    @property
    def shown(self) -> int:
        """How many slots can be watched."""
        return len(self._first)

    def add(self, picture: Packets, sound: Packets) -> None:
        """Shows the next slot. sound: the film's, or of its beginning, from sample 0 on."""
        film, number = self._known, len(self._first)
        if number == 0:
            self._begin(picture, sound)
        made = self._fragment(number, picture, sound)
        name = self._write(number, made)
        first, stop, _ = film.slots[number]
        self._first.append((name, film.seconds(stop) - film.seconds(first)))
        self._state["slots"] = [name for name, _ in self._first]
        if number == 0:
            self._inline["first"] = b64encode(made).decode()
            self.write_page()
        write_whole(self.out / PLAYLIST, playlist(self._first, ended=False))
        self.write_state()

    def correct(self, number: int, picture: Packets, sound: Packets) -> None:
        """Shows a slot that is already there with the decisions that were missing."""
        self._right[number] = self._write(number, self._fragment(number, picture, sound))
        self._state["corrected"] = {str(each): name for each, name in sorted(self._right.items())}
        self.write_state()

    def end(self) -> None:
        """Says that the playlist is whole: nothing more is added to it."""
        write_whole(self.out / PLAYLIST, playlist(self._first, ended=True))
        self.tell(ended=True)

    def close(self) -> str:
        """Writes all of the film as one file, and removes what nothing names. Returns the right film's playlist."""
        names = [self._right.get(number, name) for number, (name, _) in enumerate(self._first)]
        rows = list(zip(names, (seconds for _, seconds in self._first), strict=True))
        if self._right:
            write_whole(self.out / CORRECTED, playlist(rows, ended=True))
        parts = [self.out / HEADER, *(self.out / name for name in names)]
        write_whole(self.out / WHOLE, b"".join(part.read_bytes() for part in parts))
        named = {Path(name).name for name, _ in (*self._first, *rows)}
        for path in (self.out / SEGMENTS).iterdir():
            if path.name not in named and path.suffix == ".m4s":
                path.unlink()
        self.tell(whole=WHOLE, missing=[])
        self.write_page()
        return CORRECTED if self._right else PLAYLIST

    @property
    def _known(self) -> PreviewFilm:
        assert self._film is not None, "the film is told first"
        return self._film

    def _begin(self, picture: Packets, sound: Packets) -> None:
        film = self._known
        head = header(
            PictureTrack(film.width, film.height, film.rate[0], picture.setup, film.colour),
            SoundTrack(film.sound_rate, CHANNELS, sound.setup),
        )
        write_whole(self.out / HEADER, head)
        self._inline["header"] = b64encode(head).decode()
        self._state["codecs"] = f"avc1.{picture.setup[1:4].hex()},mp4a.40.2"

    def _fragment(self, number: int, picture: Packets, sound: Packets) -> bytes:
        film = self._known
        first, stop, _ = film.slots[number]
        tick = film.rate[1]
        runs = [TrackRun(PICTURE, first * tick, tick, picture.packets)]
        # A packet of sound belongs to the slot in which it starts.
        a, b = (-(-edge * tick * film.sound_rate // (film.rate[0] * sound.ticks)) for edge in (first, stop))
        last = film.frames and stop >= film.frames
        packets = sound.packets[a : None if last else b]
        runs.append(TrackRun(SOUND, a * sound.ticks, sound.ticks, packets))
        return fragment(number, tuple(runs))

    def _write(self, number: int, made: bytes) -> str:
        name = f"{SEGMENTS}/{number:04}-{hashlib.sha256(made).hexdigest()[:12]}.m4s"
        write_whole(self.out / name, made)
        return name

    def write_state(self) -> None:
        """Writes what the page reads while the film grows."""
        write_whole(self.out / STATE, json.dumps(self._state))

    def write_page(self) -> None:
        """Writes the page with what there is."""
        write_whole(self.out / PAGE, page_html(self._title, self._state, self._inline))


def playlist(rows: list[tuple[str, float]], *, ended: bool) -> str:
    """Returns an HLS media playlist. rows: each segment's address and its seconds. Source: RFC 8216, 4.3."""
    longest = max((seconds for _, seconds in rows), default=1)
    head = [
        "#EXTM3U", "#EXT-X-VERSION:7", f"#EXT-X-TARGETDURATION:{max(1, round(longest))}",
        "#EXT-X-PLAYLIST-TYPE:EVENT", "#EXT-X-INDEPENDENT-SEGMENTS", f'#EXT-X-MAP:URI="{HEADER}"',
    ]  # fmt: skip
    parts = (f"#EXTINF:{seconds:.6f},\n{name}" for name, seconds in rows)
    return "\n".join([*head, *parts, *(["#EXT-X-ENDLIST"] if ended else [])]) + "\n"
