"""What is known of the public files in the media folder, under the C2PA programme's own lists."""

from __future__ import annotations

# name: integrity, signer, chain, the credential of a clip that is ingested
KNOWN = {
    "C.jpg": ("intact", "trusted", "none", "verified"),
    "CA.jpg": ("intact", "trusted", "sound", "verified"),
    "CIE-sig-CA.jpg": ("intact", "trusted", "laundered", "tampered"),
    "C_with_CAWG_data.jpg": ("intact", "trusted", "none", "verified"),
    "E-sig-CA.jpg": ("tampered", "trusted", "sound", "tampered"),
    "XCA.jpg": ("tampered", "trusted", "sound", "tampered"),
    "Firefly_tabby_cat.jpg": ("intact", "untrusted", "none", "untrusted"),
    "adobe-20220124-CAICA.jpg": ("intact", "trusted", "sound", "verified"),
    "adobe-20220124-E-clm-CAICAI.jpg": ("tampered", "trusted", "incomplete", "tampered"),
    "adobe-20220124-XCI.jpg": ("tampered", "trusted", "sound", "tampered"),
    "bench_100kb_bmffhash_mismatch.mp4": ("tampered", "trusted", "none", "tampered"),
    "bunny_init.mp4": ("absent", "none", "none", "unsigned"),
    "cawg_malformed_cbor.jpg": ("unreadable", "trusted", "sound", "unreadable"),
    "firefly_audio.wav": ("intact", "untrusted", "none", "untrusted"),
    "preftyp_uuid_2s.mp4": ("unreadable", "none", "none", "unreadable"),
    "prerelease.jpg": ("unreadable", "none", "none", "unreadable"),
    "riff_bomb_1000.wav": ("absent", "none", "none", "unsigned"),
    "truepic-20230212-camera.jpg": ("unreadable", "untrusted", "none", "unreadable"),
    "unsigned.mp3": ("absent", "none", "none", "unsigned"),
    "unsigned_screencap_vfr.mov": ("absent", "none", "none", "unsigned"),
    "video1.mp4": ("intact", "trusted", "sound", "verified"),
}
