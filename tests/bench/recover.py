"""Measures how many marked films are found again, how far copies and other films are from them, and the time.

    python -m tests.bench.recover [--quick] [--work DIR]

Ten clips are cut short, marked, signed and registered among a thousand: films made of other stretches of the
same clips (real looks, and near-duplicates of those asked for), the rest drifting clouds. Each is then copied
in ten ways; the mark must survive five of them as well. Strangers are clips of which nothing is registered.
Thresholds may be fitted to the first half of the clips; the second half judges them.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import av
import imageio_ffmpeg
import numpy as np

from post.picture.watermark import Watermark
from post.recovery.register import RegistryOptions, look_at_film, recover_film, register_film
from post.recovery.sample import sample_film
from post.values.array import Array
from provenance import manifest
from provenance.claim import build
from provenance.durable import fingerprint, iscc
from provenance.durable.fingerprint import (
    MAX_DISTANCE,
    STEP_S,
    FilmSamples,
    Fingerprint,
    compare,
    fingerprint_copy,
    fingerprint_film,
)
from provenance.durable.registry import Registry, open_registry
from provenance.durable.registry_entry import WATERMARK, RegistryEntry, SoftBinding
from provenance.durable.watermark_detect import detect
from provenance.durable.watermark_key import derive_identifier, read_or_make_key, write_pattern
from provenance.signing import keyring
from provenance.trust import lists
from tests.provenance.durable.films import entry
from tests.provenance.durable.films import film as clouds
from tests.provenance.made import House, receipt

REGISTERED, SECONDS = 1000, 3.0
CLIPS = (
    "ai_clips/ltx2_dog_snow", "ai_clips/cogvideox_3", "ai_clips/ltx2_couple_dialogue", "footage/rio_drone_720p",
    "ai_clips/matrixgame2_forest", "ai_clips/moviegen_penguins_5s", "footage/sam2_dog_courtyard",
    "footage/bikes_street_272p", "ai_clips/ltx2_guitar_student", "footage/sam2_juggle_grass",
)  # fmt: skip
STRANGERS = (
    "ai_clips/cogvideox_1", "ai_clips/diffsynth_office", "ai_clips/heygen_avatar_a_362x380",
    "ai_clips/kandinsky5_degenerate", "ai_clips/ltx2_pigeons_768x512", "ai_clips/longcat_vc_motorcycle_480sq",
    "ai_clips/diffsynth_toon_dog_mpeg4", "footage/chaplin_filmscan_360p", "footage/marathon_400p_2997",
    "footage/phone_dog_1080p_vfr", "footage/sam2_blocks_topdown", "footage/smpte_bars_1080p25",
)  # fmt: skip
TITLES = (
    "drawbox=x=0:y=ih*.78:w=iw*.6:h=ih*.14:color=black@0.6:t=fill,drawbox=x=40:y=ih*.81:w=iw*.4:h=ih*.03:color=white:t=fill,"
    "drawbox=x=40:y=ih*.86:w=iw*.3:h=ih*.03:color=white:t=fill,drawbox=x=iw*.8:y=30:w=iw*.17:h=ih*.07:color=black:t=fill"
)
GRADE = "eq=gamma=1.15:contrast=1.1:saturation=1.2,colorbalance=rs=.05:bs=-.06,noise=alls=10:allf=t"
# (FFmpeg filter, CRF); the first five are those that the mark is promised for.
COPIES = {
    "CRF 28": ("null", 28),
    "half size": ("scale=iw/2:ih/2", 23),
    "crop 10 %": ("crop=iw*.9:ih*.9,scale=1280:720", 23),
    "grade, grain": (GRADE, 23),
    "9:16 crop": ("crop=404:720", 23),
    "ramp": ("setpts='if(lt(T,1),PTS,(1+(T-1)/1.6)/TB)',fps=24", 23),
    "titles": (TITLES, 23),
    "1 s trimmed": ("trim=start=1,setpts=PTS-STARTPTS", 23),
    "30 fps": ("fps=30", 23),
    "letterbox": ("pad=1280:960:0:120", 23),
}
BLANK = clouds(0)
PROMISED = tuple(COPIES)[:5]


def media(name: str) -> Path:
    return Path(os.environ["ANSWERPRINT_MEDIA"]) / name


@dataclass(frozen=True)
class Bench:
    """The work folder, the key, and the signer."""

    work: Path
    key: bytes
    house: House
    registering: RegistryOptions


def main(arguments: list[str]) -> int:
    parser = ArgumentParser(prog="python -m tests.bench.recover")
    parser.add_argument("--quick", action="store_true", help="two clips, two strangers, few others")
    parser.add_argument("--work", default="", help="where clips are kept between runs")
    asked = parser.parse_args(arguments)
    with TemporaryDirectory() as folder:
        bench = _bench(Path(asked.work or folder), Path(folder))
        names = CLIPS[:2] if asked.quick else CLIPS
        with open_registry(bench.registering.folder) as registry:
            signed = [_registered(bench, name) for name in names]
            _fill(registry, 50 if asked.quick else REGISTERED)
            wrong = _recover_all(bench, registry, signed)
            wrong += _strangers(bench, registry, STRANGERS[:2] if asked.quick else STRANGERS)
        _distances(bench, signed)
        _lookups(Path(folder), (50,) if asked.quick else (1000, 100_000))
    return min(wrong, 1)


def _bench(work: Path, folder: Path) -> Bench:
    work.mkdir(parents=True, exist_ok=True)
    config = folder / "config"
    house = House(keyring.load_signer(config), lists.read_own_root(config))
    # The key is kept with the clips that were marked with it.
    return Bench(
        work,
        read_or_make_key(work / "key"),
        house,
        RegistryOptions(folder / "registry", iscc=True, job="bench"),
    )


def _registered(bench: Bench, name: str) -> Path:
    """Marks, signs and registers a clip's first seconds; returns the signed film."""
    film, signed = _marked(bench, name), bench.work / f"{Path(name).name}.signed.mp4"
    started = time.process_time()
    seen = look_at_film(film, bench.registering)
    cost = time.process_time() - started
    identifier = f"{derive_identifier(bench.key, name):08x}"
    own = [(each.alg, each.value, "") for each in (SoftBinding(WATERMARK, identifier), *seen.bindings())]
    told = replace(receipt(film), name=Path(name).name, frames=72, bindings=tuple(own))
    signed.unlink(missing_ok=True)
    manifest.sign(film, signed, build.build_claim(told, film), [], bench.house.signer, bench.house.pem)
    register_film(signed, told, seen, bench.registering)
    print(f"registered {Path(name).name:24} {seen.samples.seconds:.1f} s of film, seen in {cost:.2f} CPU s")
    return signed


def _marked(bench: Bench, name: str) -> Path:
    """Returns a film of 1280x720, 24 fps, 3 s, with the mark of its name."""
    path = bench.work / f"{Path(name).name}.marked.mp4"
    if path.exists():
        return path
    carrier = write_pattern(bench.work / "key", bench.key, derive_identifier(bench.key, name))
    stage = Watermark(identifier=f"{derive_identifier(bench.key, name):08x}", carrier=carrier)
    part = path.with_suffix(".part.mp4")
    with av.open(str(part), "w") as out:
        stream = out.add_stream("libx264", rate=24, options={"preset": "veryfast", "crf": "18"})
        stream.width, stream.height, stream.pix_fmt = 1280, 720, "yuv420p"
        for planes in _frames(media(f"{name}.mp4")):
            stage.finish(planes[:720], 8, (slice(None), slice(None)))
            out.mux(stream.encode(av.VideoFrame.from_ndarray(planes, format="yuv420p")))
        out.mux(stream.encode())
    part.replace(path)
    return path


def _frames(clip: Path) -> Iterator[Array]:
    filters = "fps=24,scale=1280:720:force_original_aspect_ratio=increase,crop=1280:720,setsar=1"
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(clip), "-t", str(SECONDS), "-vf", filters,
        "-f", "rawvideo", "-pix_fmt", "yuv420p", "-threads", "1", "-",
    ]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.PIPE) as ffmpeg:
        assert ffmpeg.stdout is not None
        while len(data := ffmpeg.stdout.read(1280 * 1080)) == 1280 * 1080:
            yield np.frombuffer(data, np.uint8).reshape(1080, 1280).copy()


def _fill(registry: Registry, until: int) -> None:
    """Adds other films, up to `until` in all: other parts of the same clips, then clouds."""
    stretches = [each for name in CLIPS for each in _stretches(sample_film(media(f"{name}.mp4")))]
    room = until - len(registry)
    real = [entry(number, each, f"stretch {number}") for number, each in enumerate(stretches[: room // 2])]
    made = [
        entry(number, clouds(number, 15), f"clouds {number}")
        for number in range(10_000, 10_000 + room - len(real))
    ]
    registry.add_all([*real, *made])
    print(f"{len(registry)} films: {len(real)} are stretches of the same clips, {len(made)} are clouds")


def _stretches(whole: FilmSamples) -> Iterator[FilmSamples]:
    """Yields parts of three seconds of a clip; each starts a fifth of a second after the one before."""
    length = round(SECONDS / STEP_S)
    for first in range(1, len(whole.pictures) - length):
        yield replace(whole, pictures=whole.pictures[first : first + length], seconds=SECONDS)


def _copy(bench: Bench, signed: Path, way: str) -> Path:
    path = (
        bench.work
        / f"{signed.name.removesuffix('.signed.mp4')}.{way.replace(' ', '_').replace(':', 'x')}.mp4"
    )
    filters, crf = COPIES[way]
    if not path.exists():
        part = path.with_suffix(".part.mp4")
        command = [
            imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", "-i", str(signed), "-vf", filters, "-an",
            "-c:v", "libx264", "-preset", "veryfast", "-crf", str(crf), "-threads", "1", "-pix_fmt", "yuv420p",
            str(part),
        ]  # fmt: skip
        subprocess.run(command, check=True)
        part.replace(path)
    return path


def _recover_all(bench: Bench, registry: Registry, signed: list[Path]) -> int:
    wrong, times = 0, []
    reader = partial(detect, key=bench.key)
    for way in PROMISED:
        found = []
        for film in signed:
            copy = _copy(bench, film, way)
            started = time.process_time()
            made = recover_film(copy, registry, reader)
            times.append(time.process_time() - started)
            right = made.found is not None and made.found.film.name == film.name.removesuffix(".signed.mp4")
            found.append(made.found.how if made.found and right else f"WRONG {film.name}")
        wrong += sum(how.startswith("WRONG") for how in found)
        counts = ", ".join(f"{how}: {found.count(how)}" for how in sorted(set(found)))
        print(f"recover {way:14} {counts}")
    print(f"recover takes {median(times):.2f} CPU s a copy of {SECONDS:g} s (at most {max(times):.2f})")
    return wrong


def _strangers(bench: Bench, registry: Registry, names: tuple[str, ...]) -> int:
    reader = partial(detect, key=bench.key)
    made = {name: recover_film(media(f"{name}.mp4"), registry, reader) for name in names}
    nearest = [
        min(near.similarity.distance for near in one.near if near.similarity)
        for one in made.values()
        if one.near
    ]
    wrong = [name for name, one in made.items() if one.found]
    print(
        f"strangers: {len(made) - len(wrong)} of {len(made)} not found {wrong}; the nearest at {min(nearest)}"
    )
    return len(wrong)


def _distances(bench: Bench, signed: list[Path]) -> None:
    """Prints how far copies are from their own film and from the others, for each half of the clips."""
    prints = {film: fingerprint_film(sample_film(film)) for film in signed}
    codes = {film: iscc.decode(look_at_film(film, bench.registering).code) or b"" for film in signed}
    half = len(signed) // 2
    for way in COPIES:
        row = []
        for films in (signed[:half], signed[half:]):
            seen = {film: look_at_film(_copy(bench, film, way), bench.registering) for film in films}
            own = [_apart(seen[film].samples, prints[film]) for film in films]
            others = [
                _apart(seen[film].samples, prints[other])
                for film in films
                for other in signed
                if other != film
            ]
            bits = [_bits(iscc.decode(seen[film].code) or b"", codes[film]) for film in films]
            row.append(
                f"own {min(own):3} to {max(own):3}, others from {min(others):3}, ISCC {min(bits):3} to {max(bits):3}"
            )
        print(f"distance {way:14} fitted: {row[0]}   held out: {row[1]}")
    print(f"the limit is {MAX_DISTANCE} of 256 bits, {iscc.MAX_DISTANCE} of 256 bits")


def _apart(copy: FilmSamples, kept: Fingerprint) -> int:
    return min(compare(look, kept).distance for look in fingerprint_copy(copy))


def _bits(one: bytes, other: bytes) -> int:
    return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).bit_count()


def _lookups(folder: Path, sizes: tuple[int, ...]) -> None:
    """Times look-ups among many films: by bits, by code, by mark. The other films are noise: only time counts."""
    rng = np.random.default_rng(1)
    copy = fingerprint_copy(clouds(1))
    for size in sizes:
        with open_registry(folder / f"of {size}") as registry:
            registry.add(entry(1, mark="0a0b0c0d"))
            for first in range(0, size, 5000):
                registry.add_all([_noise(rng, first + number) for number in range(min(5000, size - first))])
            index = _timed(registry.index, 1)
            signs = _timed(partial(registry.find_similar, copy), 5)
            code = _timed(partial(registry.index().find_codes, bytes(32), iscc.MAX_DISTANCE), 5)
            mark = _timed(partial(registry.find_bound, SoftBinding(WATERMARK, "0a0b0c0d"), 10), 100)
            hit = registry.film(registry.find_similar(copy)[0][0]).name
        print(
            f"look-up among {size}: index {index:.3f} s once; signs {signs * 1e3:.1f} ms ({hit}), "
            f"ISCC {code * 1e3:.2f} ms, mark {mark * 1e6:.0f} us (CPU)"
        )


def _noise(rng: np.random.Generator, number: int) -> RegistryEntry:
    signs = rng.integers(1, 1 << 63, (8, len(fingerprint.REGIONS), fingerprint.WORDS), dtype=np.uint64)
    plain = entry(100_000 + number, BLANK)
    return replace(plain, fingerprint=Fingerprint(signs), iscc=rng.bytes(32))


def _timed(act: Callable[[], object], times: int) -> float:
    started = time.process_time()
    for _ in range(times):
        act()
    return (time.process_time() - started) / times


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
