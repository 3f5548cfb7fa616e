"""Makes tiny files of kinds that are no film, and signs them with the SDK as any other program would."""

from __future__ import annotations

import io
import wave
from collections.abc import Callable
from functools import partial
from pathlib import Path

import av
import c2pa
import numpy as np
from PIL import Image

from post.values.claim import GENERATED
from provenance.claim.build import Claim
from provenance.manifest.cawg_identity import open_signer
from provenance.manifest.reader import build_settings
from provenance.manifest.sdk_callbacks import CallbackGuard
from tests.provenance.made import House

_PICTURE = np.random.default_rng(7).integers(0, 255, (16, 16, 3), dtype=np.uint8)
_SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>\n'


def _still(form: str) -> bytes:
    out = io.BytesIO()
    Image.fromarray(_PICTURE).save(out, form)
    return out.getvalue()


def _pdf() -> bytes:
    parts = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>"]
    parts += [b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"]
    out, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj%bendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    out += b"xref\n0 4\n0000000000 65535 f \n" + table
    return out + b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % start


def _wav() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(_PICTURE.tobytes())
    return out.getvalue()


def _moving(form: str) -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format=form) as made:
        stream = made.add_stream("mjpeg", rate=24)
        stream.width, stream.height, stream.pix_fmt = 16, 16, "yuvj420p"
        made.mux(stream.encode(av.VideoFrame.from_ndarray(_PICTURE, format="rgb24")))
        made.mux(stream.encode())
    return out.getvalue()


def _sound(form: str) -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format=form) as made:
        stream = made.add_stream(form, rate=44100, layout="mono")
        assert isinstance(stream, av.AudioStream)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 4608), np.int16), format="s16", layout="mono")
        frame.sample_rate = 44100
        resampler = av.AudioResampler(stream.format, "mono", 44100, stream.frame_size or 1152)
        for each in resampler.resample(frame):
            made.mux(stream.encode(each))
        made.mux(stream.encode())
    return out.getvalue()


# Unsigned, by the ending of a name: the media type, and what makes the file.
KINDS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "png": ("image/png", partial(_still, "PNG")),
    "jpg": ("image/jpeg", partial(_still, "JPEG")),
    "gif": ("image/gif", partial(_still, "GIF")),
    "tif": ("image/tiff", partial(_still, "TIFF")),
    "webp": ("image/webp", partial(_still, "WEBP")),
    "avif": ("image/avif", partial(_still, "AVIF")),
    "svg": ("image/svg+xml", lambda: _SVG),
    "pdf": ("application/pdf", _pdf),
    "wav": ("audio/wav", _wav),
    "avi": ("video/avi", partial(_moving, "avi")),
    "mov": ("video/quicktime", partial(_moving, "mov")),
    "mp3": ("audio/mpeg", partial(_sound, "mp3")),
    "flac": ("audio/flac", partial(_sound, "flac")),
}


def sign_foreign(ending: str, path: Path, house: House) -> Path:
    """Writes a signed file of a kind to `path`, and returns it."""
    kind, make = KINDS[ending]
    settings = build_settings(house.pem) | {"builder": {"thumbnail": {"enabled": False}}}
    created = {"action": "c2pa.created", "digitalSourceType": GENERATED}
    assertions = [{"label": "c2pa.actions.v2", "data": {"actions": [created]}}]
    definition = {"title": path.name, "format": kind, "assertions": assertions}
    with (
        c2pa.Context.from_dict(settings) as context,
        open_signer(house.signer, CallbackGuard(), Claim(path.name, "other", "1", ())) as native,
        c2pa.Builder(definition, context=context) as builder,
        path.open("w+b") as out,
    ):
        builder.sign(native, kind, io.BytesIO(make()), out)
    return path
