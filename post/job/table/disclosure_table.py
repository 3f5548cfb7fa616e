"""Lists the keys by which a job says which policies its films are to meet, and what is declared about them."""

from __future__ import annotations

from post.job.table.form import Form, Part
from post.knob import Knob

ROLES = ("deployer", "provider", "producer", "advertiser", "broadcaster", "platform", "intermediary")
_WORD = Knob("its name", "text")
DISCLOSURE_KEYS: dict[str, Knob | Part] = {
    "policies": Part("word", "policies that its films are to meet, by name or path", "list", short=_WORD),
    "territories": Part(
        "word", "where it is shown, such as EU or CN: their policies for its role are met", "list", short=_WORD
    ),
    "platforms": Part(
        "word", "where it is uploaded, such as tiktok: their policies are met, their controls cover no type",
        "list", short=_WORD,
    ),
    "role": Knob("who makes it public, to those policies; deployer where not given", "choice", choices=ROLES),
    "facts": Part(
        "facts", "what a named person declares about it, as policies ask", short=Knob("a path", "text")
    ),
    "claims": Part("claims", "the approved texts that its words are compared with", short=Knob("a path", "text")),
    "brand_guide": Part(
        "brand_guide", "what its brand fixes, which films are compared with", short=Knob("a path", "text")
    ),
    "waivers": Part("waiver", "rules that it need not meet", "some", short=Knob("a path", "text")),
}  # fmt: skip
DISCLOSURE_FORMS: dict[str, Form] = {
    "word": Form("One of a list, by its name", {"name": _WORD}, required=("name",)),
    "facts": Form("Facts by name: a value, or {value, by, at}: who declares it, and when", open=True),
    "claims": Form(
        "Approved texts",
        {
            "file": Knob("a file of claims: a list under `claims`, each with its id and text", "text"),
            "own_text": Knob("who approves the words that the job itself shows, by name", "text"),
        },
    ),
    "brand_guide": Form("Colours by name, logos (id, file, retired), and the look (Oklab)", open=True),
    "waiver": Form(
        "A rule that need not be met",
        {
            "rule": Knob("the rule's id, alone or as POLICY/ID", "text"),
            "who": Knob("who waives it", "text"),
            "why": Knob("the reason, which is recorded", "text"),
            "expires": Knob("the last day on which it counts, such as 2026-12-31", "text"),
            "film": Knob("a film's name, or a pattern such as spot-*; every film where not given", "text"),
        },
        required=("rule", "who", "why", "expires"),
    ),
}
