"""Writes the text that tells a person what an archive is, and how to check it without this program."""

from __future__ import annotations

from post.archive.told import ArchiveAbout

README = "README.md"


def readme_text(about: ArchiveAbout) -> bytes:
    """Returns README.md of an archive's payload."""
    title = " ".join(about.title.split())
    lines = [
        f"# Archive: {title}",
        "",
        f"Written by {about.tool} on {about.dated}. It is a bag (BagIt 1.0, RFC 8493) with RO-Crate 1.1 metadata.",
        "",
        "| folder | holds |",
        "|---|---|",
        "| `job/` | the job as it was written, with its brief, people, facts and approvals |",
        "| `presets/` | the presets that shipped with the program and that the job uses |",
        "| `takes/` | the generated clips, those that no film shows too, with their records and credentials |",
        "| `files/` | sounds, fonts, logos and tables |",
        "| `plan/` | every value of every segment, and where it came from |",
        "| `frames/` | the SHA-256 of every decoded frame of each film |",
        "| `films/`, `receipts/` | the finished films, and what was done to them |",
        "| `archive.json` | what each path in the job leads to here, and what made the films |",
        "",
        "Check that nothing was changed, from the folder above this one: `sha256sum -c manifest-sha256.txt`.",
        "",
        "Make the films again and compare every frame: `answerprint replay ARCHIVE`.",
    ]
    if about.redacted:
        lines += [
            "",
            "Prompts were taken out. In the place of each stands `hmac-sha256:` with a keyed digest, which its owner",
            "can open: whoever is given the prompt and its key computes the digest again.",
        ]
    return ("\n".join(lines) + "\n").encode()
