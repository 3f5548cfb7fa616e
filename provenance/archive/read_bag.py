"""Reads a bag and checks all of it: `read_bag` lists its steps. Nothing is fetched, followed or written.

Source: RFC 8493 (BagIt 1.0), and its drafts 0.93 to 0.97 for bags of those versions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from post.atomic import open_regular
from post.errors import SourceError
from post.os_faults import retry_of
from provenance.archive.bag import DECLARATION, FETCH, INFO, OF_CONTENT, Bag, BagFinding
from provenance.archive.bag_files import FoundFile, find_files, hash_file
from provenance.archive.bag_path import (
    FIRST_STANDARD,
    Version,
    composed,
    folded,
    is_payload,
    is_system_file,
    tidy_path,
    why_unsafe,
)
from provenance.archive.tag_file import (
    DIGITS,
    Labels,
    TagFileError,
    decode_lines,
    read_declaration,
    read_fetch,
    read_info,
    read_manifest,
)

MB = 1 << 20
_MANIFEST = re.compile(r"(tag)?manifest-([A-Za-z0-9-]{1,40})\.txt")
_MOST_BYTES = {DECLARATION: 4096, INFO: MB, FETCH: 16 * MB}
MOST_MANIFEST_BYTES = 128 * MB
_SURROGATE = re.compile("[\ud800-\udfff]")
_OXUM = re.compile(r"(\d{1,19})\.(\d{1,19})")
_DOT_SLASH_IS_OLD: Version = (0, 97)  # earlier drafts write ./ themselves


def read_bag(folder: Path) -> Bag:
    """Returns a bag with everything that is wrong with it.

    1 what lies in the folder: nothing is a link, a device or too large
    2 the declaration: version and encoding
    3 the manifests: each path stays in the bag and is listed once
    4 the metadata, and its count of bytes and files
    5 the list of files to fetch: they are there already, for nothing is fetched
    6 every file is listed, is there, and has its digests

    Raises SourceError where the folder cannot be read, RetryError where the system is short of something.
    """
    reading = _BagReader(folder)
    try:
        reading.list_files()
        if not reading.faults:
            reading.read_tag_files()
        if not any(each.code not in OF_CONTENT for each in reading.faults):
            reading.check_files()
    except TagFileError as fault:
        reading.fault(fault.code, "", fault.why)
    except OSError as fault:
        named = str(fault.filename or folder)
        raise (
            retry_of(fault, named)
            or SourceError(
                "the archive cannot be read", where=named, got=fault.strerror, fix="check the path"
            )
        ) from fault
    return reading.bag()


class _BagReader:
    """Holds what is found while a bag is read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.faults: list[BagFinding] = []
        self.warnings: list[BagFinding] = []
        self.files: dict[str, FoundFile] = {}
        self.version: Version = (0, 0)
        self.encoding = "utf-8"
        self.info: Labels = ()
        self.listed: dict[bool, dict[str, dict[str, str]]] = {True: {}, False: {}}
        self.algorithms: dict[bool, list[str]] = {True: [], False: []}
        self.fetched: set[str] = set()
        self._seen: set[tuple[str, str]] = set()
        self._composed: dict[str, str] = {}

    def bag(self) -> Bag:
        faults, warnings = tuple(self.faults), tuple(self.warnings)
        payload, tags = self._there(True), self._there(False)
        return Bag(self.folder, self.version, self.info, payload, tags, faults, warnings)

    def _there(self, payload: bool) -> dict[str, dict[str, str]]:
        return {path: own for path, own in self.listed[payload].items() if path in self.files}

    def fault(self, code: str, path: str, why: str) -> None:
        self.faults.append(BagFinding(code, path, why))

    def warn(self, code: str, path: str, why: str) -> None:
        self.warnings.append(BagFinding(code, path, why))

    # Step 1
    def list_files(self) -> None:
        for found in find_files(self.folder):
            if found.code:
                self.fault(found.code, found.path, found.why)
            elif _SURROGATE.search(found.path):
                self.fault("name", found.path, "a name that is not UTF-8")
            self.files[found.path] = found
        self._composed = {composed(each): each for each in self.files}

    # Steps 2 to 5
    def read_tag_files(self) -> None:
        if DECLARATION not in self.files:
            raise TagFileError("declaration", f"no bag: there is no {DECLARATION}")
        declared = read_declaration(self._bytes(DECLARATION))
        self.version, self.encoding = declared.version, declared.encoding
        for code, why in declared.warnings:
            self.warn(code, DECLARATION, why)
        for name in sorted(path for path in self.files if "/" not in path):
            if match := _MANIFEST.fullmatch(name):
                self._read_manifest(name, match[2].lower(), payload=not match[1])
        if not self.algorithms[True]:
            raise TagFileError("no-manifest", "no manifest of a known algorithm lists the payload")
        if INFO in self.files:
            self.info = read_info(self._lines(INFO), INFO)
        if FETCH in self.files:
            self._read_fetch()

    def _read_manifest(self, name: str, algorithm: str, *, payload: bool) -> None:
        if algorithm not in DIGITS:
            self.warn("algorithm", name, f"{algorithm} is not known here, so its digests are not checked")
            return
        self.algorithms[payload].append(algorithm)
        rows = self.listed[payload]
        for line in read_manifest(self._lines(name), name, algorithm, self.version):
            path = self._placed(line.path, name, payload=payload)
            if not path:
                continue
            own = rows.setdefault(path, {})
            before = own.setdefault(algorithm, line.digest)
            if before != line.digest:
                self.fault("twice", path, f"{name} lists it twice, with different digests")
            elif (name, path) in self._seen:
                self._repeated(path, name)
            self._seen.add((name, path))

    def _repeated(self, path: str, name: str) -> None:
        tell = self.fault if self.version >= FIRST_STANDARD else self.warn
        tell("twice", path, f"{name} lists it twice")

    def _placed(self, text: str, name: str, *, payload: bool) -> str:
        """Returns the path of a line, tidied; "" with a fault where it is not to be followed."""
        why = why_unsafe(text)
        path = "" if why else tidy_path(text)
        if not why and payload != is_payload(path):
            why = "it is not below data/" if payload else "a tag manifest lists what is below data/"
        if why:
            self.fault("path", text, f"{name} lists a path that is not followed: {why}")
            return ""
        if path != text and self.version >= _DOT_SLASH_IS_OLD:
            self.warn("relative-path", text, f"{name} writes it with steps that lead nowhere")
        return self._as_found(path, name)

    def _as_found(self, path: str, name: str) -> str:
        """Returns a path as the folder has it, where the two differ in Unicode's form alone."""
        if path in self.files:
            return path
        found = self._composed.get(composed(path))
        if found is None:
            return path
        self.warn("normalisation", path, f"{name} writes it in another Unicode form than the folder")
        return found

    def _read_fetch(self) -> None:
        for _, text in read_fetch(self._lines(FETCH), self.version):
            if path := self._placed(text, FETCH, payload=True):
                self.fetched.add(path)
                if path not in self.listed[True]:
                    self.fault("fetch", path, "fetch.txt lists it and no manifest does")
        self.warn("fetch", FETCH, "lists files to download: nothing is downloaded here")

    # Step 6
    def check_files(self) -> None:
        for payload in (True, False):
            for path, own in sorted(self.listed[payload].items()):
                self._check_file(path, own, payload=payload)
        for path in sorted(path for path in self.files if is_payload(path) and path not in self.listed[True]):
            if is_system_file(path):
                self.warn("system-file", path, "an operating system left it, and no manifest lists it")
            else:
                self.fault("unlisted", path, "no manifest lists it")
        self._check_collisions()
        self._check_count()

    def _check_file(self, path: str, own: Mapping[str, str], *, payload: bool) -> None:
        if path not in self.files:
            self._tell_missing(path, payload=payload)
            return
        if payload and self.version >= FIRST_STANDARD:
            for algorithm in self.algorithms[True]:
                if algorithm not in own:
                    self.fault("manifests", path, f"manifest-{algorithm}.txt does not list it, another does")
        got = hash_file(self.folder / path, own)
        wrong = [name for name, digest in own.items() if got[name] != digest]
        if wrong:
            code = "altered" if payload else "tag-altered"
            self.fault(code, path, f"its {' and '.join(wrong)} is not what the manifest says")

    def _tell_missing(self, path: str, *, payload: bool) -> None:
        if path in self.fetched:
            self.fault("missing", path, "it is to be downloaded, and nothing is downloaded here")
        elif payload and is_system_file(path):
            self.warn("system-file", path, "a file of an operating system is listed, and not there")
        else:
            self.fault("missing" if payload else "tag-missing", path, "it is listed, and not there")

    def _check_collisions(self) -> None:
        first: dict[str, str] = {}
        for path in sorted(self.files):
            other = first.setdefault(folded(path), path)
            if other != path:
                self.warn("collision", path, f"some file systems take it for {other}")

    def _check_count(self) -> None:
        said = [value for label, value in self.info if label.casefold() == "payload-oxum"]
        match = _OXUM.fullmatch(said[0]) if said else None
        if said and match is None:
            self.fault("oxum", INFO, f"Payload-Oxum is no count of bytes and files: {said[0][:80]!r}")
        if match is None or any(each.code == "system-file" for each in self.warnings):
            return
        sizes = [found.bytes for path, found in self.files.items() if is_payload(path)]
        if (int(match[1]), int(match[2])) != (sum(sizes), len(sizes)):
            why = f"Payload-Oxum says {said[0]}, there are {sum(sizes)} bytes in {len(sizes)} files"
            self.fault("oxum", INFO, why)

    def _lines(self, name: str) -> list[str]:
        return decode_lines(self._bytes(name), self.encoding, name)

    def _bytes(self, name: str) -> bytes:
        most = _MOST_BYTES.get(name, MOST_MANIFEST_BYTES)
        if self.files[name].bytes > most:
            raise TagFileError("too-large", f"{name} has more than {most} bytes")
        with open_regular(self.folder / name, follow=False) as source:
            return source.read(most)
