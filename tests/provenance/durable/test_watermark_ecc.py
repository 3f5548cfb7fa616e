from __future__ import annotations

import numpy as np
import pytest

from provenance.durable import watermark_ecc

SOME = (0, 1, 0xA53C960F, 0xFFFFFFFF, 0x12345678)


@pytest.mark.parametrize("identifier", SOME)
def test_an_encoded_identifier_is_decoded(identifier: int) -> None:
    sent = watermark_ecc.encode(identifier)
    assert sent.shape == (watermark_ecc.LENGTH,)
    assert set(np.unique(sent)) == {-1, 1}
    assert watermark_ecc.decode(sent) == (identifier, True)


@pytest.mark.parametrize("identifier", SOME)
def test_a_fifth_of_the_coded_bits_may_be_wrong_if_they_are_uncertain(identifier: int) -> None:
    rng = np.random.default_rng(identifier)
    for _ in range(10):
        soft = watermark_ecc.encode(identifier) + rng.normal(0, 1 / 0.9, watermark_ecc.LENGTH)
        wrong = int(((soft < 0) != (watermark_ecc.encode(identifier) < 0)).sum())
        assert 15 < wrong < 50
        assert watermark_ecc.decode(soft) == (identifier, True)


def test_no_two_identifiers_are_nearer_than_the_codes_free_distance() -> None:
    """Of those that differ in one bit: the code is linear, so all that differ in it lie as far apart."""
    zero = watermark_ecc.encode(0)
    far = [int((watermark_ecc.encode(1 << bit) != zero).sum()) for bit in range(watermark_ecc.BITS)]
    assert min(far) >= 24


def test_noise_passes_the_checksum_no_more_often_than_chance() -> None:
    rng = np.random.default_rng(7)
    passed = sum(watermark_ecc.decode(rng.normal(0, 1, watermark_ecc.LENGTH))[1] for _ in range(150))
    # 1 in 256 passes: more than 5 of 150 pass in one of 30,000 runs.
    assert passed <= 5


def test_a_word_rotated_by_a_bit_is_another_word() -> None:
    """The code is cyclic, so a rotated word decodes without an error: only the checksum refuses it."""
    turned = np.roll(watermark_ecc.encode(0xA53C960F), 4)
    assert not watermark_ecc.decode(turned)[1]
