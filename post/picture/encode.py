"""Encode: which encoder makes a deliverable's picture, and how it is set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from post.errors import JobError, unknown
from post.knob import knob
from post.stage import Setting, parameters, stage
from post.values.claim import Action
from post.values.plan import EncoderSettings
from post.values.time import Span


@dataclass(frozen=True, slots=True)
class Codec:
    """One encoder: its FFmpeg name, the depths it takes, the options that keep segments joinable, its
    speed presets and its worst quality (above it, x264 says nothing and the others refuse to open)."""

    encoder: str
    depths: tuple[int, ...]
    fixed: Mapping[str, str]
    presets: tuple[str, ...] = ()
    worst_crf: float = 63


CLOSED_X264 = "scenecut=0:open-gop=0:stitchable=1"
CLOSED_X265 = "scenecut=0:open-gop=0:repeat-headers=0:info=0:log-level=error:pools=none:frame-threads=1"
# x264 and x265 share the names and the scale of crf.
SPEEDS = (
    "ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow", "placebo",
)  # fmt: skip
CODECS = {
    "h264": Codec("libx264", (8, 10), {"x264-params": CLOSED_X264}, SPEEDS, 51),
    "hevc": Codec("libx265", (8, 10), {"x265-params": CLOSED_X265, "tag": "hvc1"}, SPEEDS, 51),
    "av1": Codec("libsvtav1", (8, 10), {"svtav1-params": "scd=0:lp=1"}, tuple(map(str, range(14)))),
    "prores": Codec("prores_ks", (10,), {"vendor": "apl0"}),
}
# SVT-AV1 through FFmpeg ignores a film grain table and reports no error.
GRAIN_TABLE_AV1 = Codec("libaom-av1", (8, 10), {"film-grain": "table"}, tuple(map(str, range(9))))
PROFILES = {"proxy": "0", "lt": "1", "standard": "2", "hq": "3"}


def codec_of(encoder: str) -> str:
    """Returns the codec that an encoder of FFmpeg's writes: a name in CODECS."""
    named = {codec.encoder: name for name, codec in CODECS.items()} | {GRAIN_TABLE_AV1.encoder: "av1"}
    return named[encoder]


@stage("encode", version=1)
class Encode(Setting):
    """The picture encoder. Every segment is a closed group of pictures of its own."""

    does = "encode"
    codec: str = knob(default="h264", choices=tuple(CODECS), doc="H.264, HEVC, AV1 or ProRes 422")
    crf: float = knob(default=18, lo=0, hi=63, doc="constant quality, lower is better; not for ProRes")
    preset: str = knob(
        default="medium", doc="the encoder's own speed preset: medium, slow, ...; a number for AV1"
    )
    profile: str = knob(default="hq", choices=tuple(PROFILES), doc="ProRes 422 profile")
    film_grain: str = knob(
        default="baked",
        choices=("baked", "table"),
        doc="grain in the picture, or (AV1 alone) as a table by which players lay it over clean picture, "
        "titles and all",
        source="AV1 Bitstream & Decoding Process Specification, 5.9.30",
    )

    def agree(self) -> None:
        """Checks the knobs against each other. Raises JobError where they do not fit together."""
        if self.film_grain == "table" and self.codec != "av1":
            raise JobError(
                "only AV1 holds a film grain table",
                where="encode.film_grain",
                expected="baked, or codec: av1",
                got=f"table with codec: {self.codec}",
            )
        codec = self._codec
        if codec.presets and self.preset not in codec.presets:
            near = unknown(self.preset, list(codec.presets), "encode.preset", f"preset of {self.codec}")
            fits = " | ".join(codec.presets)  # from fast to slow, or by number
            raise JobError(near.what, where=near.where, expected=fits, got=near.got, fix=near.fix)
        if self.crf > codec.worst_crf:
            raise JobError(
                f"out of range for {self.codec}",
                where="encode.crf",
                expected=f"0 to {codec.worst_crf:g}",
                got=f"{self.crf:g}",
                fix="18 looks like the source, 28 is a draft",
            )

    @property
    def _codec(self) -> Codec:
        return GRAIN_TABLE_AV1 if self.film_grain == "table" else CODECS[self.codec]

    def settings(self, container: str) -> EncoderSettings:
        """Returns the settings to open the encoder with, for one film."""
        codec = self._codec
        options = dict(codec.fixed)
        if self.codec == "prores":
            options["profile"] = PROFILES[self.profile]
        else:
            options |= {"crf": f"{self.crf:g}", "preset": self.preset}
        return EncoderSettings(codec.encoder, container, tuple(sorted(options.items())))

    def declare(self, where: Span) -> Action:
        return Action("c2pa.transcoded", "", where, parameters(self), "encoded")
