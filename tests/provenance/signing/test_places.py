"""Places of keys: each is one file of `signing/places`, found without its SDK."""

from __future__ import annotations

import importlib
import inspect
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, distribution, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from post.errors import ProvenanceError
from provenance.signing import enrolment, keyring, places
from provenance.signing.enrolment import KeyOptions
from provenance.signing.key_uri import parse
from provenance.signing.places import find_places
from provenance.signing.remote_key import open_device
from tests.laws.imported import imports, installed_module, owner
from tests.provenance.made import House, finish

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "provenance"
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
PLACES = find_places()
WITH_SDK = sorted(scheme for scheme, place in PLACES.items() if place.package)
# A place as a third party would write it: one file and no other change.
DRAWER = """
from dataclasses import dataclass
from pathlib import Path

from provenance.signing.place import KeyPlace, UriForm
from provenance.signing.software_key import parse_private


@dataclass(frozen=True)
class DrawerKey:
    path: Path

    def public_key(self):
        return parse_private(self.path.read_bytes(), "drawer").public_key()

    def sign(self, data, algorithm):
        from provenance.signing.software_key import SoftwareKey

        return SoftwareKey("", _key=parse_private(self.path.read_bytes(), "drawer")).sign(data)


def open_device(uri, pin):
    import sdk_of_drawers

    return DrawerKey(Path(sdk_of_drawers.FOLDER) / uri.host / uri.parts[0])


PLACE = KeyPlace(
    UriForm("drawer", "drawer://FOLDER/KEY", ("handle",), segments=range(1, 2), has_host=True),
    open_device,
    package="sdk-of-drawers",
)
"""


@pytest.fixture
def drawer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Adds an invented place as one file; yields the folder of its keys."""
    (tmp_path / "place").mkdir()
    (tmp_path / "place" / "drawer.py").write_text(DRAWER)
    monkeypatch.setattr(places, "__path__", [*places.__path__, str(tmp_path / "place")])
    find_places.cache_clear()
    importlib.invalidate_caches()
    yield tmp_path / "drawers"
    find_places.cache_clear()
    for module in ("provenance.signing.places.drawer", "sdk_of_drawers"):
        sys.modules.pop(module, None)


@pytest.fixture
def sdk(drawer: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Installs the SDK of the invented place."""
    (drawer / "sdk").mkdir(parents=True)
    (drawer / "sdk" / "sdk_of_drawers.py").write_text(f"FOLDER = {str(drawer)!r}\n")
    monkeypatch.syspath_prepend(drawer / "sdk")


def test_a_place_of_one_file_signs_a_film_that_reads_back_as_trusted(
    drawer: Path, sdk: None, settings: Path, studio: House, film: Path, tmp_path: Path
) -> None:
    source = Path(enrolment.make_key(settings, "to-the-drawer").path)
    (drawer / "top").mkdir()
    (drawer / "top" / "film.pem").write_text(source.read_text().partition("-----BEGIN CERT")[0])
    info = enrolment.make_key(settings, "in-the-drawer", KeyOptions("drawer://top/film.pem?handle=brass"))
    assert (info.at, info.algorithm) == ("drawer://top/film.pem?handle=brass", "es256")
    assert "PRIVATE" not in Path(info.path).read_text()
    signer = keyring.load_signer(settings, "in-the-drawer")
    out = finish(film, tmp_path / "out.mp4", [], replace(studio, signer=signer))
    report = House(signer, studio.anchors).verify(out)
    assert (report.integrity, report.signer) == ("intact", "trusted")


@pytest.mark.parametrize("uri", ["drawer:///film", "drawer://top/a/b", "drawer://top/film?lock=1"])
def test_a_uri_is_parsed_by_the_form_that_its_place_declares(uri: str, drawer: Path) -> None:
    with pytest.raises(ProvenanceError, match="not the address of a key.*expected drawer://FOLDER/KEY"):
        parse(uri)


def test_a_scheme_of_no_place_is_refused_with_the_form_of_every_place(drawer: Path) -> None:
    with pytest.raises(ProvenanceError) as caught:
        parse("shelf://top/film")
    assert all(place.form.example in str(caught.value) for place in find_places().values())
    assert "drawer://FOLDER/KEY" in str(caught.value)


def test_a_place_without_an_extra_says_which_package_is_missing(drawer: Path) -> None:
    with pytest.raises(ProvenanceError, match="sdk-of-drawers is not installed.*pip install sdk-of-drawers"):
        open_device(parse("drawer://top/film"), None)


def test_two_places_with_the_same_scheme_are_refused(drawer: Path) -> None:
    (Path(places.__path__[-1]) / "drawer.py").write_text(DRAWER.replace('"drawer",', '"vault",'))
    with pytest.raises(ValueError, match="another place has the scheme vault"):
        find_places()


def test_the_places_are_those_that_the_readme_names() -> None:
    (line,) = re.findall(r"A key lies in a file.*?\n\n", (FOLDER / "README.md").read_text("utf-8"), re.DOTALL)
    assert set(re.findall(r"`([a-z0-9]+):`", line)) == set(PLACES)


@pytest.mark.parametrize("scheme", PLACES)
def test_the_example_of_a_place_is_an_address_of_its_own(scheme: str) -> None:
    assert parse(PLACES[scheme].form.example).scheme == scheme


def brought(scheme: str) -> set[str]:
    """The distributions that the extra of a place installs."""
    return {canonicalize_name(Requirement(line).name) for line in EXTRAS.get(PLACES[scheme].extra, ())}


def sdk_modules(scheme: str) -> set[str]:
    """The modules of its SDK's own distribution that a place imports."""
    place = PLACES[scheme]
    names = imports(Path(inspect.getfile(place.open_device)).read_text("utf-8"))
    return {installed_module(name) for name in names if owner(name) == place.package}


def test_the_places_are_found_without_any_sdk() -> None:
    code = "import json, sys; from provenance.signing.places import find_places; "
    code += "print(json.dumps([list(find_places()), list(sys.modules)]))"
    ran = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    found, loaded = json.loads(ran.stdout)
    assert set(found) == set(PLACES)
    assert not set().union(*map(brought, WITH_SDK)) & {owner(name) for name in loaded}


@pytest.mark.parametrize("scheme", WITH_SDK)
def test_a_missing_sdk_is_named_with_the_extra_that_installs_it(
    scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = PLACES[scheme]
    for module in sdk_modules(scheme) or skipped(scheme):
        monkeypatch.setitem(sys.modules, module, None)
    wanted = rf"{place.package} is not installed.*pip install answerprint\[{place.extra}\]"
    with pytest.raises(ProvenanceError, match=wanted):
        open_device(parse(place.form.example), None)


@pytest.mark.parametrize("scheme", WITH_SDK)
def test_the_extra_of_a_place_installs_its_sdk(scheme: str) -> None:
    assert PLACES[scheme].package in brought(scheme)
    assert any(line.startswith(f"{PLACES[scheme].package}>=") for line in EXTRAS[PLACES[scheme].extra])
    assert sdk_modules(scheme) or skipped(scheme), "the place imports nothing of its package"
    # The SDK is what needs the others of the extra, not one of those.
    assert not [each for each in brought(scheme) if PLACES[scheme].package in needs(each)]


def needs(package: str) -> set[str]:
    return {canonicalize_name(Requirement(line).name) for line in requires(package) or ()}


def skipped(scheme: str) -> set[str]:
    """Skips a test where a place's SDK is not installed. Returns no modules where it is."""
    try:
        distribution(PLACES[scheme].package)
    except PackageNotFoundError:
        pytest.skip(f"{PLACES[scheme].package} is not installed")
    return set()
