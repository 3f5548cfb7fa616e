"""Law: the bill of materials lists what users install, and meets the schema of CycloneDX 1.6."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from supply import licences, locks, sbom


@pytest.fixture(scope="module")
def text() -> str:
    return sbom.bill(locks.USERS)


def _of(text: str, purl: str) -> list[dict[str, Any]]:
    return [each for each in json.loads(text)["components"] if each["purl"].startswith(purl)]


@pytest.fixture
def listed(text: str) -> dict[str, Any]:
    return {each["name"]: each for each in _of(text, "pkg:pypi/")}


def test_it_meets_the_schema(text: str) -> None:
    assert sbom.check(text) == text
    head = json.loads(text)
    assert (head["bomFormat"], head["specVersion"]) == ("CycloneDX", "1.6")


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('"SHA-256"', '"SHA-257"'),
        ('"bomFormat": "CycloneDX"', '"bomFormat": "Cyclone"'),
        ('"purl"', '"pearl"'),
    ],
)
def test_what_does_not_meet_the_schema_is_refused(text: str, right: str, wrong: str) -> None:
    assert right in text
    with pytest.raises(ValueError, match="schema"):
        sbom.check(text.replace(right, wrong, 1))


def test_each_package_has_its_version_purl_hashes_and_licence(listed: dict[str, Any]) -> None:
    pins = {pin.name: pin for pin in locks.read(locks.USERS)}
    assert listed.keys() == pins.keys()
    for name, part in listed.items():
        assert part["version"] == pins[name].version
        assert part["purl"] == f"pkg:pypi/{name}@{pins[name].version}"
        assert {each["content"] for each in part["hashes"]} == set(pins[name].sha256)
        assert {each["alg"] for each in part["hashes"]} == {"SHA-256"}
        assert part["licenses"][0]["expression"]


def test_licences_are_those_the_packages_state(listed: dict[str, Any]) -> None:
    some = {"numpy": "BSD-3-Clause AND 0BSD AND MIT AND Zlib AND CC0-1.0", "soxr": "LGPL-2.1-or-later",
            "opencolorio": "BSD-3-Clause", "c2pa-python": "MIT OR Apache-2.0", "colorama": "BSD-3-Clause"}  # fmt: skip
    assert {name: listed[name]["licenses"][0]["expression"] for name in some} == some


def test_copyleft_code_inside_a_package_is_listed(listed: dict[str, Any]) -> None:
    inside = {each["name"]: each["licenses"][0]["expression"] for each in listed["av"]["components"]}
    assert inside["x264"] == "GPL-2.0-or-later"
    carriers = {name for name, part in listed.items() if "components" in part}
    assert carriers == licences.CARRIED.keys()


def test_it_says_what_needs_what(text: str, listed: dict[str, Any]) -> None:
    needs = {each["ref"]: set(each.get("dependsOn", ())) for each in json.loads(text)["dependencies"]}
    assert listed["numpy"]["bom-ref"] in needs["answerprint"]
    assert listed["certifi"]["bom-ref"] not in needs["answerprint"]
    assert listed["markupsafe"]["bom-ref"] in needs[listed["jinja2"]["bom-ref"]]


def test_two_bills_of_one_lock_differ_in_time_alone(text: str) -> None:
    def timeless(bill: str) -> dict[str, Any]:
        made = json.loads(bill)
        del made["metadata"]["timestamp"]
        return dict(made)

    assert timeless(sbom.bill(locks.USERS)) == timeless(text)


def test_a_package_that_is_locked_but_not_installed_is_an_error(tmp_path: Path) -> None:
    lock = tmp_path / "lock.txt"
    for line, why in (("never-heard-of==1.0", "not installed"), ("numpy==0.9", "0.9 is locked")):
        lock.write_text(f"{line} --hash=sha256:{'0' * 64}\n")
        with pytest.raises(ValueError, match=why):
            sbom.bill(lock)


def test_npm_packages_whose_files_the_product_has_are_listed(text: str) -> None:
    npm = {each["purl"].rpartition("@")[0]: each for each in _of(text, "pkg:npm/")}
    assert {"pkg:npm/htmx.org", "pkg:npm/media-chrome", "pkg:npm/%40contentauth/c2pa-web"} <= npm.keys()
    files = {each["properties"][0]["value"]: each for each in npm.values()}
    scripts = {
        str(path.relative_to(sbom.ROOT))
        for folder in sbom.VENDORED
        for path in (sbom.ROOT / folder).parent.iterdir()
        if path.suffix in (".js", ".gz")
    }
    assert files.keys() == scripts
    for name, part in files.items():
        held = hashlib.sha256((sbom.ROOT / name).read_bytes()).hexdigest()
        assert [each["content"] for each in part["hashes"]] == [held]
        assert part["licenses"][0]["expression"] in ("0BSD", "MIT", "ISC")
    needs = {each["ref"]: set(each.get("dependsOn", ())) for each in json.loads(text)["dependencies"]}
    assert {each["bom-ref"] for each in npm.values()} <= needs["answerprint"]
