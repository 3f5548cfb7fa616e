"""Time-stamps of real authorities, as they lie in files of the media folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from provenance.formats import jumbf
from provenance.trust.lists import Anchors
from provenance.verify import verify
from provenance.verify.locate_manifest import locate
from provenance.verify.signer import signature, time_stamps

# Their time-stamping certificate is named ECC256_SHA256_Timestamp_Responder_Adobe_NOV_2024, in a PrintableString.
STAMPED = ("odd/34_adobe_tsa_printablestring.jpg", "c2pa/firefly_audio.wav")


def read_stamp(path: Path) -> time_stamps.TimeStamp:
    [store] = locate(path, "", None, None).stores()
    active = jumbf.read_manifests(store)[-1]
    assert active.signature is not None
    return time_stamps.read(signature.read(active.signature.data, active.claim).stamps[0])


@pytest.mark.parametrize("name", STAMPED)
def test_a_time_stamp_of_adobes_is_read_and_trusted_under_its_authority(
    name: str, media: Callable[[str], Path]
) -> None:
    stamp = read_stamp(media(name))
    assert stamp.authority_name == "ECC256_SHA256_Timestamp_Responder_Adobe_NOV_2024"
    [issuer] = [each for each in stamp.others if each.subject == stamp.authority.issuer]
    pem = issuer.public_bytes(Encoding.PEM).decode()
    report = verify(media(name), [Anchors("authority", pem, "2026-08-01", 1, "tsa")])
    assert (report.time, report.time_vouched_by) == ("trusted", ("authority",))
    assert not [each for each in report.findings if each.kind == "time"]
    untrusted = verify(media(name), [])
    assert (untrusted.time, untrusted.time_vouched_by) == ("untrusted", ())
    assert "timeStamp.untrusted" in {each.code for each in untrusted.findings}
