"""The watermark on a real clip; the bench has all ten."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from post.picture.watermark import Watermark
from provenance.durable.watermark_detect import detect
from provenance.durable.watermark_key import write_pattern
from tests.bench.watermark.pictures import ATTACKS, Frames, coded, frames_of, psnr_db

KEY, IDENTIFIER = bytes(range(32)), 0x0A1B2C3D
WHOLE = (slice(None), slice(None))
CLIP = "ai_clips/heygen_avatar_a_362x380.mp4"


def marked(frames: Frames, config: Path) -> Frames:
    stage = Watermark(identifier=f"{IDENTIFIER:08x}", carrier=write_pattern(config, KEY, IDENTIFIER))
    shown = []
    for y, cb, cr in frames:
        luma = y.copy()
        stage.finish(luma, 8, WHOLE)
        shown.append((luma, cb, cr))
    return shown


@pytest.mark.media
def test_a_real_clip_is_read_after_every_attack_and_keeps_42_db(
    media: Callable[[str], Path], tmp_path: Path
) -> None:
    plain = frames_of(media(CLIP), 0, 24)
    film = marked(plain, tmp_path)
    assert psnr_db([planes[0] for planes in film], [planes[0] for planes in plain]) >= 42
    film = coded(film, 18)
    for name, attack in ATTACKS.items():
        found = detect([planes[0] for planes in attack(film)], KEY)
        assert found is not None, name
        assert found.identifier == IDENTIFIER, name
    assert detect([planes[0] for planes in ATTACKS["half size"](plain)], KEY) is None


def test_smooth_frames_survive_the_encoder_within_two_codes() -> None:
    rng = np.random.default_rng(1)
    smooth = np.cumsum(rng.normal(0, 0.3, (48, 64)), axis=1)
    y = np.clip(120 + smooth, 16, 235).astype(np.uint8)
    grey = np.full((24, 32), 128, np.uint8)
    [(out, _, _), *more] = coded([(y, grey, grey)] * 3, 1)
    assert len(more) == 2
    assert int(np.abs(out.astype(int) - y).max()) <= 2
