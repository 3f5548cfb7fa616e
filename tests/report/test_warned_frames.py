"""Frames of finished films that warnings are about."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import replace
from io import BytesIO

from PIL import Image

from post.report.contact_sheet import Still
from post.report.page import report_html
from post.report.warned_frames import warned_frames
from post.values.warning import JobWarning
from tests.report.finished_film import Made
from tests.report.stills import number_in

HARD = JobWarning("type-contrast", "is hard to read", films=("tall", "wide"), frame=7)


def _image(still: Still) -> Image.Image:
    return Image.open(BytesIO(b64decode(still.uri.partition(",")[2])))


def test_a_warning_shows_its_frame_of_its_first_film(made: Made) -> None:
    others = (
        JobWarning("type-contrast", "is hard to read"),
        replace(HARD, films=("gone",)),
        replace(HARD, frame=None),
    )
    found = warned_frames([HARD, *others], made.done.deliverables)
    assert list(found) == [HARD]
    shown = found[HARD]
    assert (shown.film, shown.at) == ("tall", "00:00:00:07")
    assert shown.still.height > shown.still.width


def test_the_frame_is_the_one_that_the_warning_names(made: Made) -> None:
    wide = {number: replace(HARD, films=("wide",), frame=number) for number in (3, 11)}
    found = warned_frames(wide.values(), made.done.deliverables)
    assert {number: number_in(_image(found[each].still)) for number, each in wide.items()} == {3: 3, 11: 11}


def test_the_page_shows_it(made: Made) -> None:
    warned = replace(made.done, plan=replace(made.done.plan, warnings=(HARD,)))
    page = report_html(warned, made.setup.signer.anchors)
    assert 'alt="tall at 00:00:00:07"' in page
    assert 'alt="tall at 00:00:00:07"' not in made.page
