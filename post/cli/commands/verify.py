"""The commands verify and measure: they check a file's credentials, and measure its picture and sound."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import typer

from post.api.looking import measure_film, policy_file
from post.cli.archive.verified import ReplayFrom, replay_film
from post.cli.environment import read_environment
from post.cli.options import AsJson, JUnitTo
from post.cli.output import print_json, print_note, print_result
from post.cli.text.findings_text import lines
from post.cli.text.measure_text import measure_lines
from post.cli.unattended.junit import write_junit
from post.cli.unattended.results import verified_cases
from post.errors import GuardrailError, JobError, unknown

if TYPE_CHECKING:
    from cryptography.x509 import CertificateRevocationList

    from post.qc.look import WorkerLook
    from provenance.policy import Profile
    from provenance.policy.document.facts import Facts
    from provenance.policy.document.waivers import Waiver
    from provenance.public_addresses import HostPolicy
    from provenance.trust.lists import Anchors, Role
    from provenance.verify import Verified
    from provenance.verify.reviewer.page import LabelEvidence, Poster

LONGEST_TIME = 40  # characters
OFF = GuardrailError.exit_code  # a reading outside its tolerance
PolicyNames = typer.Option([], "--policy", help="A policy profile, by name or path.")
TrustFiles = typer.Option(
    [], "--trust", help="A PEM file of certificates to trust, in place of your trust lists."
)
FactsFile = typer.Option(
    None, "--facts", help="A YAML file of declared facts that policies ask for, and of waivers."
)
AllowedHosts = typer.Option(
    [], "--allow-host", help="With --online: a host that may be asked though its address is not public."
)
SidecarFile = typer.Option(None, "--sidecar", help="A manifest (.c2pa) to use in place of the file's own.")
FontFile = typer.Option([], "--font", help="A font for letters that Inter lacks, to look for labels with.")


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module to the app."""
    app.command("verify")(verify)
    app.command("measure")(measure)


def verify(
    file: Path,
    trust: list[Path] = TrustFiles,
    tsa: list[Path] = typer.Option(
        [], "--tsa", help="A PEM file of time-stamping authorities to trust, in place of your lists."
    ),
    policy: list[str] = PolicyNames,
    facts: Path | None = FactsFile,
    font: list[Path] = FontFile,
    at: str = typer.Option("", "--at", help="Judge as of this time (ISO 8601; UTC by default)."),
    crl: list[Path] = typer.Option([], "--crl", help="A certificate revocation list, or a folder of them."),
    rubric: list[str] = typer.Option(
        [], "--rubric", help="Also check this rubric: conformance, integrity or signals."
    ),
    sidecar: Path | None = SidecarFile,
    online: bool = typer.Option(
        False, "--online", help="Download a remote manifest, and ask whether certificates were revoked."
    ),
    allow_host: list[str] = AllowedHosts,
    second: bool = typer.Option(False, "--second", help="Also ask another validator, and compare results."),
    report: Path | None = typer.Option(None, "--report", help="Write a page (HTML) for a reviewer."),
    replay: Path | None = ReplayFrom,
    crjson: bool = typer.Option(False, "--crjson", help="Print the standard's own JSON (crJSON) instead."),
    junit: Path | None = JUnitTo,
    as_json: bool = AsJson,
) -> None:
    """Check a file's credentials, and show each finding separately."""
    from post.qc.look import WorkerLook
    from provenance.verify import VerifyOptions, examine
    from provenance.verify.reviewer.summary import summary_lines

    anchors = read_trust(trust, tsa)
    lists, hosts, (declared, waived) = _revocation_lists(crl), _hosts(allow_host, online), read_facts(facts)
    asked = VerifyOptions(read_time(at), lists, online, sidecar, hosts, waived)
    with WorkerLook(file, font) as look:
        done = examine(file, anchors, _policies(policy), declared, asked, look)
        more = {**_rubrics(rubric, done), **(_second(file, anchors, done) if second else {}), **look.plain()}
        if report:
            _write_page(report, done, more, look)
    again = replay_film(file, replay)
    data = {**done.report.plain(), **more, **again.data}
    if junit:
        write_junit(junit, verified_cases(data))
    summary = summary_lines(done.report, done.reading.media_type, searched=look.has_searched)
    if crjson:
        print_json(done.reading.crjson)
    else:
        print_result(data, as_json, [*lines(data, summary), *again.lines()])
    raise typer.Exit(done.report.exit_code or again.exit_code)


def measure(
    file: Path | None = typer.Argument(None),
    kit: Path | None = typer.Option(
        None, "--kit", metavar="DIR", help="Write the conformance kit for loudness meters into a new folder."
    ),
    rate: int = typer.Option(48000, "--rate", help="With --kit: samples a second."),
    kit_check: Path | None = typer.Option(
        None,
        "--kit-check",
        metavar="JSON",
        help="Compare a meter's readings with the kit; exit 4 if one is off.",
    ),
    as_json: bool = AsJson,
) -> None:
    """Measure a file's picture and sound; what cannot be measured is null, with the reason."""
    if sum(each is not None for each in (file, kit, kit_check)) != 1:
        raise JobError("one of a file, --kit and --kit-check", where="measure", expected="exactly one")
    if kit is not None or kit_check is not None:
        _meter_kit(kit, kit_check, rate, as_json)
        return
    assert file is not None
    _measure_file(file, as_json)


def _meter_kit(kit: Path | None, readings: Path | None, rate: int, as_json: bool) -> None:
    from post.measure.meter_kit import check_kit, kit_lines, write_kit

    data = write_kit(kit, rate) if kit is not None else check_kit(cast("Path", readings))
    print_result(data, as_json, kit_lines(data))
    if data["missed"] or data.get("absent"):
        raise typer.Exit(OFF)


def _measure_file(file: Path, as_json: bool) -> None:
    data = measure_film(file)
    print_result(data, as_json, measure_lines(data, read_environment().columns))


def _policies(names: list[str]) -> list[Profile]:
    from provenance.policy import load

    return [load(policy_file(name, "--policy")) for name in names]


def read_facts(file: Path | None) -> tuple[Facts, tuple[Waiver, ...]]:
    """Returns what a file declares, and the waivers in it; nothing without a file."""
    from provenance.policy import load_facts
    from provenance.policy.document.facts import Facts
    from provenance.policy.document.waivers import load_waivers

    return (load_facts(file), load_waivers(file)) if file else (Facts(), ())


def read_trust(signers: list[Path], authorities: list[Path]) -> tuple[Anchors, ...]:
    """Returns the trust lists to judge by.

    --trust replaces the lists of every role, but not that of time-stamping authorities if --tsa is given; a role
    that no option names keeps its usual lists.
    """
    from provenance.trust import lists as trust_lists

    usual = trust_lists.read_configured(read_environment().config)
    given: dict[Role, list[Path]] = {"signer": signers, "tsa": authorities or signers, "identity": signers}
    read = [trust_lists.read_list(pem, role) for role, files in given.items() for pem in files]
    return (*read, *(each for each in usual if not given[each.role]))


def _hosts(named: list[str], online: bool) -> HostPolicy:
    from provenance.public_addresses import HostPolicy

    if named and not online:
        raise JobError("nothing is downloaded without --online", where="--allow-host", fix="add --online")
    return HostPolicy(tuple(named))


def read_time(text: str) -> datetime | None:
    """Returns the time that --at names, in UTC; None where it is "". Raises JobError for what is no time."""
    if not text:
        return None
    try:
        # It takes any number of digits for a fraction of a second.
        found = datetime.fromisoformat(text if len(text) <= LONGEST_TIME else "")
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as exc:  # an offset can lead out of the years 1 to 9999
        got = text if len(text) <= LONGEST_TIME else f"{text[:LONGEST_TIME]}..."
        raise JobError(
            "no time", where="--at", expected="2026-08-01 or 2026-08-01T12:00:00Z", got=got
        ) from exc


def _revocation_lists(places: list[Path]) -> tuple[CertificateRevocationList, ...]:
    from provenance.verify.signer.revocation import read_lists

    missing = [place for place in places if not place.exists()]
    if missing:
        raise JobError("no revocation list", where=str(missing[0]), fix="check the path")
    found = {place: read_lists(place) for place in places}
    for place, lists in found.items():
        if not lists:
            raise JobError(
                "no revocation list is in it", where=str(place), expected="files that end in .crl or .pem",
                fix="check the path",
            )  # fmt: skip
    kept = read_lists(read_environment().config / "trust" / "crl")
    return (*(each for lists in found.values() for each in lists), *kept)


def _rubrics(names: list[str], done: Verified) -> dict[str, Any]:
    """Returns what --rubric asked for, under "rubrics"."""
    from provenance.report import conformance_json
    from provenance.rubric import conformance
    from provenance.rubric import signals as rubric_signals

    if not names:
        return {}
    active = done.reading.manifests[0] if done.reading.manifests else None
    rows: list[dict[str, Any]] = []
    for name in names:
        if name == "signals":
            found = rubric_signals.read_signals(active) if active else ()
            rows.append({"rubric": rubric_signals.NAME, "signals": list(found)})
        elif name in conformance.BY_NAME:
            full = conformance.BY_NAME[name]
            rows.append(conformance_json(conformance.check(active, full) if active else None, full))
        else:
            raise unknown(name, [*conformance.BY_NAME, "signals"], "--rubric", "rubric")
    return {"rubrics": rows}


def _second(file: Path, anchors: tuple[Anchors, ...], done: Verified) -> dict[str, Any]:
    from provenance.verify.second_opinion import ask_second_validator

    return {"second": ask_second_validator(file, anchors, done).plain()}


def _write_page(place: Path, done: Verified, more: dict[str, Any], look: WorkerLook) -> None:
    from post.atomic import write_whole
    from provenance.verify.reviewer.page import render_page

    write_whole(place, render_page(done, more, _poster(done, look), _label_evidence(done, look)))
    print_note(f"wrote {place}")


def _poster(done: Verified, look: WorkerLook) -> Poster | None:
    """Returns a picture of the file that was verified; None where it shows none that can be read."""
    from post.errors import AnswerprintError
    from post.report.poster import poster_of
    from provenance.verify.reviewer.page import poster_time

    try:
        path, kind = Path(done.report.file.path), done.reading.media_type
        return look.call(poster_of, path, poster_time(done), kind)
    except AnswerprintError as fault:
        print_note(f"the page has no picture: {fault}")
        return None


def _label_evidence(done: Verified, look: WorkerLook) -> LabelEvidence | None:
    """Returns what was seen of labels, with a frame that shows the first; None where no policy asked."""
    from post.errors import AnswerprintError
    from post.report.marked_still import marked_still
    from provenance.verify.reviewer.page import LabelEvidence

    if not look.label_sights:
        return None
    still = None
    if seen := look.seen_labels:
        try:
            still = look.call(marked_still, Path(done.report.file.path), seen[0].frame, seen[0].box)
        except AnswerprintError as fault:
            print_note(f"the page does not show the label: {fault}")
    return LabelEvidence(look.label_sights[-1], still)
