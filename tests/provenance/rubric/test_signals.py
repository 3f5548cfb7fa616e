"""The signals of a manifest: how its film began, and what was done to it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from provenance.rubric import signals as rubric_signals


@pytest.mark.media
def test_the_signals_rubric_is_the_programmes_own(media: Callable[[str], Path]) -> None:
    from ruamel.yaml import YAML

    lists, rules = YAML(typ="safe").load_all(media("../conformance/asset-rubric-signals-local.yml"))
    assert [rule["id"] for rule in rules] == [each.id for each in rubric_signals.SIGNALS]
    names = lists["variables"]
    assert set(names["$inception_actions"]) == rubric_signals.INCEPTION
    assert set(names["$non_editorial_actions"]) == rubric_signals.NON_EDITORIAL
    assert set(names["$genai_dst_types"]) == rubric_signals.GENERATED
    assert set(names["$possibly_genai_dst_types"]) == rubric_signals.POSSIBLY
    uris = {uri for uri in str(rules).split('"') if "digitalsourcetype/" in uri}
    assert uris == INCEPTIONS.keys()


INCEPTIONS = {
    "http://c2pa.org/digitalsourcetype/empty": "blankCanvas",
    "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture": "capturedMedia",
    "http://cv.iptc.org/newscodes/digitalsourcetype/computationalCapture": "capturedMedia",
    "http://cv.iptc.org/newscodes/digitalsourcetype/compositeCapture": "capturedMediaStitched",
    "http://cv.iptc.org/newscodes/digitalsourcetype/composite": "compositionMayContainGenAI",
    "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia": "fullyGenAIMedia",
    "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCreation": "nonGenAIDigitalCreation",
    "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia": "partlyGenAICreation",
    "http://cv.iptc.org/newscodes/digitalsourcetype/screenCapture": "screenCaptureMayContainGenAI",
}


@pytest.mark.parametrize(("source_type", "signal"), INCEPTIONS.items())
def test_a_first_action_says_how_a_film_began(source_type: str, signal: str) -> None:
    for action in ("c2pa.created", "c2pa.opened"):
        found = signals_of({"action": action, "digitalSourceType": source_type})
        assert found == (f"inception:signal_{signal}",)
    assert f"inception:signal_{signal}" not in signals_of(
        {"action": "c2pa.edited", "digitalSourceType": source_type}
    )


IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"


@pytest.mark.parametrize(
    ("action", "source_type", "signals"),
    [
        ("c2pa.edited", IPTC + "humanEdits", {"perceptibleNonGenAI"}),
        ("c2pa.edited", IPTC + "compositeSynthetic", {"perceptibleGenAI"}),
        ("c2pa.edited", IPTC + "composite", {"perceptibleNonGenAI", "perceptiblePossiblyGenAI"}),
        ("c2pa.edited", None, set()),
        ("c2pa.transcoded", IPTC + "compositeSynthetic", {"nonEditorial"}),
        ("c2pa.unknown", None, {"ambiguousActions"}),
        ("com.example.cut", None, {"ambiguousActions"}),
    ],
)
def test_an_action_gives_its_signals(action: str, source_type: str | None, signals: set[str]) -> None:
    row = {"action": action} | ({"digitalSourceType": source_type} if source_type else {})
    assert signals_of(row) == tuple(f"transformation:signal_{each}" for each in sorted(signals))


def test_an_incomplete_list_of_actions_is_ambiguous() -> None:
    ambiguous = ("transformation:signal_ambiguousActions",)
    act = {"action": "c2pa.edited"}
    assert signals_of() == ambiguous
    assert rubric_signals.read_signals({}) == ambiguous
    assert rubric_signals.read_signals({"assertions": {"c2pa.actions.v2": {"actions": [act]}}}) == ambiguous
    gathered = {"gathered_assertions": [{"url": "self#jumbf=c2pa.assertions/c2pa.actions.v2"}]}
    assert rubric_signals.read_signals({**manifest_with(act), "claim.v2": gathered}) == ambiguous
    part = {"c2pa.ingredient.v3": {"relationship": "parentOf"}}
    found = manifest_with(act)
    found["assertions"] |= part
    assert rubric_signals.read_signals(found) == ("inception:signal_mediaUnknownProvenance",)


def manifest_with(*actions: dict[str, str]) -> dict[str, dict[str, object]]:
    return {"assertions": {"c2pa.actions.v2": {"allActionsIncluded": True, "actions": list(actions)}}}


def signals_of(*actions: dict[str, str]) -> tuple[str, ...]:
    return rubric_signals.read_signals(manifest_with(*actions))
