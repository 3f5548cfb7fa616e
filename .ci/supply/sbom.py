"""Writes a software bill of materials: `python -m supply.sbom FILE`. Source: CycloneDX 1.6 (ECMA-424), JSON.

It lists what users install: each package of their lock with version, purl, the hashes of its files and its licence,
what copyleft code those files carry, which package needs which, and each npm package whose files the product has.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from uuid import UUID, uuid5

from cyclonedx.contrib.this.builders import this_component
from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from supply import licences, locks

PRODUCT, ROOT = "answerprint", locks.FOLDER.parent
VENDORED = ("post/review/static/vendor/vendored.json", "provenance/evidence/verifier/versions.json")
_SERIALS = UUID(
    "6f0f3c0e-6a0c-4d1e-9b0a-2f5d1f6c7a11"
)  # any fixed number: one lock then has one serial number


def bill(lock: Path) -> str:
    """Returns the bill of a lock as CycloneDX 1.6 JSON. Two bills of one lock differ in their timestamps alone.

    Raises ValueError if a package of this platform is not installed, or if the result does not meet the schema.
    """
    pins = locks.read(lock)
    parts = {pin.name: _part(pin) for pin in pins}
    held = list(vendored())
    bom = Bom(components=[*parts.values(), *held], serial_number=uuid5(_SERIALS, lock.read_text()))
    bom.metadata.component = product = _product()
    bom.metadata.tools.components.add(this_component())
    project = tomllib.loads((locks.FOLDER.parent / "pyproject.toml").read_text())["project"]
    bom.register_dependency(product, [*_needed(project["dependencies"], parts), *held])
    for pin in pins:
        needs = _installed(pin).requires or () if pin.is_for_here() else ()
        bom.register_dependency(parts[pin.name], _needed(needs, parts))
    return check(JsonV1Dot6(bom).output_as_string(indent=2))


def check(text: str) -> str:
    """Returns a bill as it is. Raises ValueError, with the place, if it does not meet the schema of CycloneDX 1.6."""
    from cyclonedx.validation.json import JsonStrictValidator  # its grammars take three seconds to load

    if fault := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        raise ValueError(f"the bill does not meet its schema: {fault}")
    return text


def _product() -> Component:
    package = distribution(PRODUCT)
    return Component(
        name=PRODUCT,
        type=ComponentType.APPLICATION,
        bom_ref=PRODUCT,
        version=package.version,
        licenses=[LicenseExpression(licences.licence_of(package))],
    )


def _part(pin: locks.Pin) -> Component:
    licence = licences.licence_of(_installed(pin)) if pin.is_for_here() else licences.stated(pin.name)
    purl = PackageURL("pypi", name=pin.name, version=pin.version)
    return Component(
        name=pin.name,
        version=pin.version,
        bom_ref=str(purl),
        purl=purl,
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest) for digest in pin.sha256],
        licenses=[LicenseExpression(licence)],
        components=[_carried(purl, carried) for carried in licences.CARRIED.get(pin.name, ())],
        properties=[Property(name=f"{PRODUCT}:installed-where", value=str(pin.marker))] if pin.marker else [],
    )


def vendored() -> Iterator[Component]:
    """Yields each npm package of which files lie in the product, as the lists beside those files name it."""
    for listed in VENDORED:
        place = ROOT / listed
        rows = json.loads(place.read_text("utf-8"))
        for row in rows.get("files") or rows["libraries"]:
            space, _, name = str(row.get("package") or row["name"]).rpartition("/")
            purl = PackageURL("npm", namespace=space or None, name=name, version=row["version"])
            digest = hashlib.sha256((place.parent / row["file"]).read_bytes()).hexdigest()
            yield Component(
                name=name,
                group=space or None,
                version=row["version"],
                bom_ref=str(purl),
                purl=purl,
                hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest)],
                licenses=[LicenseExpression(row["licence"])],
                properties=[
                    Property(name=f"{PRODUCT}:file", value=f"{place.parent.relative_to(ROOT)}/{row['file']}")
                ],
            )


def _carried(by: PackageURL, carried: licences.Carried) -> Component:
    return Component(
        name=carried.name,
        bom_ref=f"{by}#{carried.name}",
        description=carried.how,
        licenses=[LicenseExpression(carried.licence)],
    )


def _installed(pin: locks.Pin) -> Distribution:
    try:
        package = distribution(pin.name)
    except PackageNotFoundError as exc:
        raise ValueError(
            f"{pin.name} {pin.version} is locked but not installed; run `make test` once"
        ) from exc
    if package.version != pin.version:
        raise ValueError(f"{pin.name}: {pin.version} is locked, {package.version} installed; remove .venv")
    return package


def _needed(requirements: Iterable[str], parts: Mapping[str, Component]) -> Iterator[Component]:
    """Yields the parts that requirements name here, extras left out."""
    for requirement in map(Requirement, requirements):
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield parts[canonicalize_name(requirement.name)]


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(bill(locks.USERS) + "\n")
