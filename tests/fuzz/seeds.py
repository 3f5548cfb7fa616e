"""Whole files of each kind: some are made here, and some are of a folder of real ones."""

from __future__ import annotations

import io
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from PIL import Image

from post.takes.made.synthetic import ClipRecipe, SoundRecipe, make_clip
from post.takes.stills.still_file import STILLS
from provenance.signing import keyring
from provenance.trust import lists
from tests.fuzz.mutate import Whole
from tests.made import colour_fonts, fonts
from tests.provenance.foreign_files import KINDS, sign_foreign
from tests.provenance.made import House, Noise, finish, ingredient, vendor

ROOTS = "roots.pem"  # who is trusted when a film is verified
MOST = 400_000  # bytes: what a case costs goes with the size of its file
SOUNDS = (".wav", ".flac", ".mp3")
CLIPS = (".mp4", ".mov", ".webm", ".mkv", ".ts", ".m2ts", ".avi", ".mpg", ".m4s")
TABLES = (".cube", ".3dl", ".clf", ".cdl")
FONTS = (".ttf", ".otf", ".ttc")
CUT_FRAMES = 12
# codec, pixel format, name, sound codec
_RECIPES = (
    ("libx264", "yuv420p", "h264.mp4", "aac"),
    ("libx264", "yuv420p", "h264.mkv", "flac"),
    ("libx265", "yuv420p10le", "hevc.mov", "alac"),
    ("libvpx-vp9", "yuv420p", "vp9.webm", "libopus"),
    ("libsvtav1", "yuv420p10le", "av1.mp4", "aac"),
    ("prores_ks", "yuv422p10le", "prores.mov", "pcm_s16le"),
    ("mpeg4", "yuv420p", "mpeg4.avi", "mp3"),
    ("mjpeg", "yuvj420p", "mjpeg.mov", "aac"),
    ("libx264", "yuv420p", "h264.ts", "aac"),
)
_CUBE = 'TITLE "a"\nDOMAIN_MIN 0 0 0\nDOMAIN_MAX 1 1 1\nLUT_3D_SIZE 3\n'
_CUBE_1D = "LUT_1D_SIZE 8\nLUT_1D_INPUT_RANGE 0 1\n"
_CLF = """<?xml version="1.0" encoding="UTF-8"?>
<ProcessList xmlns="urn:AMPAS:CLF:v3.0" id="a" compCLFversion="3.0">
<Description>a look</Description>
<Matrix inBitDepth="32f" outBitDepth="32f"><Array dim="3 3">
1 0 0
0 1 0
0 0 1
</Array></Matrix>
<LUT1D inBitDepth="32f" outBitDepth="32f"><Array dim="3 1">
0
0.4
1
</Array></LUT1D>
<Range inBitDepth="32f" outBitDepth="32f">
<minInValue>0</minInValue><maxInValue>1</maxInValue><minOutValue>0</minOutValue><maxOutValue>1</maxOutValue>
</Range>
<Exponent inBitDepth="32f" outBitDepth="32f" style="basicFwd"><ExponentParams exponent="2.2"/></Exponent>
<Log inBitDepth="32f" outBitDepth="32f" style="log10"/>
<ASC_CDL inBitDepth="32f" outBitDepth="32f" style="Fwd">
<SOPNode><Slope>1 1 1</Slope><Offset>0 0 0</Offset><Power>1 1 1</Power></SOPNode>
<SatNode><Saturation>1</Saturation></SatNode></ASC_CDL>
<LUT3D inBitDepth="32f" outBitDepth="32f"><Array dim="2 2 2 3">
{}
</Array></LUT3D>
</ProcessList>
"""
_3DL = "0 341 682 1023\n"


def whole_files(kind: str, folder: Path, media: Path | None) -> list[Whole]:
    """Returns the whole files of a kind, always in one order. folder: where they are made; media: of real ones."""
    made = sorted(_MAKERS[kind](folder), key=lambda each: each.name)
    return made + (list(_real(kind, media, folder)) if media else [])


def _real(kind: str, media: Path, folder: Path) -> Iterator[Whole]:
    for path in sorted(media.rglob("*")):
        if path.suffix.lower() not in _SUFFIXES[kind] or not path.is_file() or path.parent.name in _LEFT_OUT:
            continue
        if path.stat().st_size <= MOST:
            yield Whole(path.name, path.read_bytes())
        elif kind == "take" and path.suffix in (".mp4", ".mov"):
            cut = _cut(path, folder / f"cut-{path.name}")
            if len(cut) <= MOST:
                yield Whole(f"cut-{path.name}", cut)


def _cut(path: Path, to: Path) -> bytes:
    """Returns the start of a clip."""
    with av.open(str(path)) as source, av.open(str(to), "w") as out:
        stream = source.streams.video[0]
        copy = out.add_stream_from_template(stream)
        for number, packet in enumerate(source.demux(stream)):
            if packet.dts is None or number == CUT_FRAMES:
                break
            packet.stream = copy
            out.mux(packet)
    return to.read_bytes()


def _takes(folder: Path) -> Iterator[Whole]:
    for codec, pixels, name, sound in _RECIPES:
        recipe = ClipRecipe(
            "dusk",
            96,
            64,
            Fraction(24),
            8,
            codec=codec,
            pixel_format=pixels,
            gop=4,
            sound=SoundRecipe(codec=sound),
        )
        yield Whole(name, make_clip(folder / name, recipe).read_bytes())
    for ending in ("wav", "flac", "mp3"):
        yield Whole(f"made.{ending}", KINDS[ending][1]())


def _stills(folder: Path) -> Iterator[Whole]:
    pixels = np.random.default_rng(3).integers(0, 255, (24, 32, 4), dtype=np.uint8)
    image = Image.fromarray(pixels)
    deep = Image.fromarray(pixels[..., 0].astype(np.uint16) * 257)
    rgb = image.convert("RGB")
    many: list[tuple[str, Image.Image, dict[str, object]]] = [
        ("rgba.png", image, {}), ("palette.png", rgb.quantize(16), {"transparency": 3}), ("deep.png", deep, {}),
        ("bits.png", rgb.convert("1"), {}), ("a.jpg", rgb, {"exif": _exif(), "icc_profile": _profile()}),
        ("progressive.jpg", rgb, {"progressive": True}), ("cmyk.jpg", rgb.convert("CMYK"), {}),
        ("plain.tif", rgb, {}), ("lzw.tif", image, {"compression": "tiff_lzw"}),
        ("deflate.tif", deep, {"compression": "tiff_deflate"}), ("jpeg.tif", rgb, {"compression": "jpeg"}),
        ("lossy.webp", image, {"exif": _exif()}), ("lossless.webp", image, {"lossless": True}),
        ("animated.webp", image, {"save_all": True, "append_images": [image.rotate(90)]}), ("plain.bmp", rgb, {}),
        ("profile.png", rgb, {"icc_profile": _profile(), "exif": _exif()}),
    ]  # fmt: skip
    for name, each, options in many:
        out = io.BytesIO()
        each.save(out, {"jpg": "JPEG", "tif": "TIFF"}.get(name[-3:], name.rpartition(".")[2]), **options)
        yield Whole(name, out.getvalue())


def _exif() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "turned"
    return exif


def _profile() -> bytes:
    from PIL import ImageCms

    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def _luts(_: Path) -> Iterator[Whole]:
    nodes = [(r, g, b) for b in range(3) for g in range(3) for r in range(3)]
    rows = "".join(f"{r / 2} {g / 2} {b / 2}\n" for r, g, b in nodes)
    yield Whole("three.cube", (_CUBE + rows).encode())
    yield Whole(
        "one.cube", (_CUBE_1D + "".join(f"{i / 7:.6f} {i / 7:.6f} {i / 7:.6f}\n" for i in range(8))).encode()
    )
    yield Whole(
        "all.clf",
        _CLF.format("".join(f"{r} {g} {b}\n" for r in (0, 1) for g in (0, 1) for b in (0, 1))).encode(),
    )
    cube = "".join(
        f"{r * 1023} {g * 1023} {b * 1023}\n" for r in range(4) for g in range(4) for b in range(4)
    )
    yield Whole("four.3dl", (_3DL + cube).encode())
    cdl = '<ColorCorrection id="a"><SOPNode><Slope>1 1 1</Slope><Offset>0 0 0</Offset><Power>1 1 1</Power></SOPNode>'
    cdl += "<SatNode><Saturation>0.9</Saturation></SatNode></ColorCorrection>"
    listed = f"<ColorCorrectionCollection xmlns='urn:ASC:CDL:v1.2'>\n{cdl}\n</ColorCorrectionCollection>\n"
    yield Whole("a.cdl", listed.replace("><", ">\n<").encode())


def _fonts(_: Path) -> Iterator[Whole]:
    import fontpkg_inter

    square = fonts.outline([fonts.SQUARE])
    yield Whole("plain.ttf", fonts.font([b"", square]))
    yield Whole("composite.ttf", fonts.font([b"", fonts.composite([2, 2, 2]), square]))
    for make in (colour_fonts.layered, colour_fonts.graded, colour_fonts.svg):
        yield Whole(f"{make.__name__}.ttf", make("Salt \U0001f600"))
    for with_png in (colour_fonts.sbix, colour_fonts.cbdt):
        yield Whole(f"{with_png.__name__}.ttf", with_png("Salt \U0001f600", colour_fonts.two_halves()))
    yield Whole("inter.ttf", (Path(fontpkg_inter.ROOT) / "files" / "Inter[opsz,wght].ttf").read_bytes())


def _signed(folder: Path) -> Iterator[Whole]:
    house = House(keyring.load_signer(folder / "config"), lists.read_own_root(folder / "config"))
    (folder / ROOTS).write_text(house.pem)
    made = vendor(Noise(2).write(folder / "raw.mp4"), folder / "generated.mp4", house)
    film = Noise(2, options={"movflags": "faststart"}).write(folder / "plain.mp4")
    signed = finish(film, folder / "film.mp4", [ingredient(made, credential="verified")], house)
    yield from (Whole(path.name, path.read_bytes()) for path in (made, signed))
    for ending in KINDS:
        yield Whole(f"made.{ending}", sign_foreign(ending, folder / f"made.{ending}", house).read_bytes())
    yield Whole("unsigned.mp4", film.read_bytes())


_LEFT_OUT = ("LICENCES",)
_MAKERS = {"take": _takes, "still": _stills, "lut": _luts, "font": _fonts, "verify": _signed}
_SUFFIXES: dict[str, tuple[str, ...]] = {
    "take": (*CLIPS, *SOUNDS),
    "still": (*STILLS, ".heic"),
    "lut": TABLES,
    "font": FONTS,
    "verify": (*STILLS, *CLIPS, *SOUNDS, ".svg", ".pdf", ".gif", ".avif", ".heic"),
}
