"""Lays what a version says over a job, before anything of it is read: keys by name, lists by the ids of their entries.

A list over a list replaces it. In the place of a list a version may write:

    {ID: {KEYS}}             over the entry of that id; `none` leaves it out; `all` stands for every entry
    {only: [ID, ...]}        the others are left out
    {without: [ID, ...]}     these are left out
    {add: [{...}]}           entries after the others
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from post.job.diagnostics import Diagnostics
from post.job.table.form import Part
from post.job.table.schema_table import FORMS, NONE
from post.job.versions.entry_ids import (
    ADD,
    ALL,
    ONLY,
    TRANSITIONS,
    WITHOUT,
    WORDS,
    as_keys,
    find_entry,
    ids_of,
    known_ids,
    named_shots,
    report_unknown,
)
from post.job.versions.preset_overlay import calm_transitions, keys_it_takes
from presets import Node

WHOLE_JOB = Part("job", "the job")
# What no version can change: the form of the file, and the versions themselves.
FIXED = ("schema", "versions")


@dataclass(frozen=True, slots=True)
class JobOverlay:
    """What is laid over a job. node: its keys; place: its dotted place; preset: it is a preset's, whose ids need not be
    in the job."""

    node: Node
    place: str
    preset: bool = False


@dataclass(slots=True)
class LaidJob:
    """A job while overlays are laid over it. left_out: the shots that are not shown; told: as in VersionOf."""

    diagnostics: Diagnostics
    root: Node
    left_out: set[str] = field(default_factory=set)
    told: list[tuple[str, str]] = field(default_factory=list)

    def lay(self, overlay: JobOverlay) -> None:
        """Lays one overlay over the job. Faults are kept by the diagnostics."""
        for key in FIXED:
            if key in overlay.node.mapping:
                item = overlay.node.mapping[key]
                self.diagnostics.say("cannot differ between versions", item, f"{overlay.place}.{key}")
        self.root = self._keys(self.root, overlay.node.without(*FIXED), WHOLE_JOB, overlay)

    def _keys(self, base: Node, over: Node, part: Part | None, of: JobOverlay) -> Node:
        """Returns keys with others laid over them. of: the overlay, at the place of `over`."""
        form = FORMS[part.form].keys if part and part.form in FORMS else {}
        merged = dict(base.mapping)
        for key, item in over.mapping.items():
            inner, inside = form.get(key), JobOverlay(item, f"{of.place}.{key}", of.preset)
            child = inner if isinstance(inner, Part) else None
            if part and part.many == "map":
                child = Part(part.form, part.doc, preset=part.preset, short=part.short)
            merged[key] = self._value(merged.get(key), item, child, inside)
        return Node(merged, base.line, base.file)

    def _value(self, base: Node | None, over: Node, part: Part | None, of: JobOverlay) -> Node:
        """Returns a value with another laid over it; the other where the two are not both keys."""
        if not isinstance(over.value, dict):
            return over
        many = part.many if part else "one"
        if part and (
            many == "list" or (many == "some" and base is not None and isinstance(base.value, tuple))
        ):
            return self._list(base or Node((), over.line, over.file), over, part, of)
        if part and many == "map":
            return self._keys(base or Node({}, over.line, over.file), over, part, of)
        if base is not None and part and isinstance(base.value, str) and base.value != NONE:
            base = Node({"preset": base}, base.line, base.file) if part.preset else as_keys(base, part.form)
        if base is None or not isinstance(base.value, dict):
            base = Node({}, over.line, over.file)
        inner = Part(part.form, part.doc) if part else None
        return self._keys(base, over, inner, of)

    def _list(self, base: Node, over: Node, part: Part, of: JobOverlay) -> Node:
        """Returns a list with what is said of its entries laid over it."""
        form = part.form
        items = named_shots(base.items) if form == "cut" else list(base.items)
        rest = {key: item for key, item in over.mapping.items() if key not in WORDS}
        for calm in [rest.pop(TRANSITIONS)] if form == "cut" and TRANSITIONS in rest else []:
            items = calm_transitions(self.diagnostics, items, calm, f"{of.place}.{TRANSITIONS}")
        for item in [over.mapping[ALL]] if ALL in over.mapping else []:
            items = [
                self._entry(each, item, part, JobOverlay(item, f"{of.place}.{ALL}", of.preset))
                for each in items
            ]
            if not items and of.preset:
                self.told.append((over.where, f"{of.place} is laid over every entry, and the job has none"))
        gone = set[int]()
        for word, item in rest.items():
            inside = JobOverlay(item, f"{of.place}.{word}", of.preset)
            for number in self._found(form, base, word, inside):
                if item.value == NONE:
                    gone.add(number)
                else:
                    items[number] = self._entry(items[number], item, part, inside)
        gone |= self._left_out(form, base, over.mapping, of)
        if form == "cut":
            names = ids_of(form, base.items)
            self.left_out |= {names[number] for number in gone}
            gone = set()
        kept = [item for number, item in enumerate(items) if number not in gone]
        added = over.mapping[ADD].items if ADD in over.mapping else ()
        return Node((*kept, *added), base.line, base.file)

    def _entry(self, base: Node, over: Node, part: Part, of: JobOverlay) -> Node:
        if not isinstance(over.value, dict):
            if of.place.endswith(f".{ALL}") or over.value != NONE:
                expected = f"keys, or `{NONE}` to leave it out"
                self.diagnostics.say("not keys and values", over, of.place, expected=expected, got=over.kind)
            return base
        if of.preset:
            over = keys_it_takes(self.diagnostics, self.root, base, over, part.form)
        return self._keys(as_keys(base, part.form), over, Part(part.form, part.doc), of)

    def _found(self, form: str, base: Node, word: str, of: JobOverlay) -> list[int]:
        """Returns the numbers of the entries that a word addresses. Reports one that addresses none, or several."""
        found = find_entry(form, base.items, word)
        if len(found) > 1:
            fix = "give each an id of its own"
            self.diagnostics.say("several entries are called this", of.node, of.place, got=word, fix=fix)
            return []
        if not found and of.preset:
            self.told.append(
                (of.node.where, f"{of.place}: the job has no {word!r}, and nothing is laid there")
            )
        elif not found:
            report_unknown(self.diagnostics, word, known_ids(form, base.items), of.node, of.place)
        return found

    def _left_out(self, form: str, base: Node, words: Mapping[str, Node], of: JobOverlay) -> set[int]:
        """Returns the numbers of the entries that `only` and `without` leave out."""
        gone = set[int]()
        for key in (ONLY, WITHOUT):
            if key not in words:
                continue
            named = set(
                self._named(form, base, words[key], JobOverlay(words[key], f"{of.place}.{key}", of.preset))
            )
            gone |= named if key == WITHOUT else set(range(len(base.items))) - named
            if form in ("cut", "deliver") and base.items and len(gone) == len(base.items):
                what = "leaves no shot" if form == "cut" else "leaves no deliverable"
                self.diagnostics.say(what, words[key], f"{of.place}.{key}", expected="at least one")
        return gone

    def _named(self, form: str, base: Node, node: Node, of: JobOverlay) -> Iterator[int]:
        """Yields the numbers of the entries that a list of words addresses; a beat stands for all its shots."""
        if not isinstance(node.value, tuple):
            self.diagnostics.say("not a list", node, of.place, expected="[ID, ...]", got=node.kind)
            yield from range(len(base.items))
            return
        seen: set[str] = set()
        for number, word in enumerate(node.items):
            place = f"{of.place}[{number}]"
            if word.text in seen:
                self.diagnostics.say("named twice", word, place, got=word.text, fix="keep one")
            seen.add(word.text)
            shots = self._of_beat(base, word.text) if form == "cut" else []
            known = [*known_ids(form, base.items), *(self._beats() if form == "cut" else ())]
            found = find_entry(form, base.items, word.text) or shots
            if not found and not of.preset:
                report_unknown(self.diagnostics, word.text, known, word, place)
            yield from found

    def _of_beat(self, cut: Node, beat: str) -> list[int]:
        """Returns the numbers of the shots whose take was made for a beat of the brief."""
        takes = self.root.mapping.get("takes")
        made = {
            name for name, take in (takes.mapping if takes else {}).items()
            if "beat" in take.mapping and take.mapping["beat"].text == beat
        }  # fmt: skip
        return [
            n
            for n, shot in enumerate(cut.items)
            if "take" in shot.mapping and shot.mapping["take"].text in made
        ]

    def _beats(self) -> list[str]:
        takes = self.root.mapping.get("takes")
        beats = (
            take.mapping["beat"].text
            for take in (takes.mapping if takes else {}).values()
            if "beat" in take.mapping
        )
        return list(dict.fromkeys(beats))
