"""Labels keep off faces, eyes first: over the whole time that they show, and inside the zones that they may use."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from post.measure.attention.faces import Face, FaceLook, FaceLooks
from post.measure.attention.sights import Sight, Sights
from post.measure.subjects import BINS
from post.picture.label import ORDER, Label
from post.picture.type.place import Bounds
from post.plan import compile_plan
from post.plan.label.faces import FilmFace, FilmFaces
from post.plan.label.place import place_labels
from post.plan.layers import DrawnLayer, draw_layer, layer_for
from post.values import Plan, Toolchain
from post.values.media import Fact
from tests.plan.label.made import film, timed
from tests.plan.made import cut, deliver, job, take

TALL = (720, 1280)


def face(
    left: float, top: float, right: float, bottom: float, shape: tuple[int, int], frame: int = 0
) -> FilmFace:
    """A face by its box in shares of a film."""
    wide, high = shape
    box = Bounds(round(left * wide), round(top * high), round(right * wide), round(bottom * high))
    eyes = replace(box, top=box.top + box.height // 6, bottom=box.top + box.height // 2)
    return FilmFace(frame, box, eyes, bottom - top)


def placed(
    faces: FilmFaces, shape: tuple[int, int] = (1280, 720), clear: tuple[float, ...] = ()
) -> DrawnLayer:
    asked = layer_for(timed(Label()), clear)
    return place_labels([draw_layer(asked, film(*shape))], film(*shape), faces)[0]


def place(*found: FilmFace) -> str:
    return str(placed(FilmFaces(found)).placement.call.knob("place"))


def test_a_face_in_the_first_place_sends_the_label_to_the_next_without_one() -> None:
    wide = (1280, 720)
    right, left = face(0.7, 0, 0.95, 0.5, wide), face(0.05, 0, 0.3, 0.5, wide)
    assert place() == "top-right"
    assert place(right) == "top-left"
    assert place(right, left) == "bottom-right"


def test_a_face_counts_in_every_frame_that_the_label_shows_in_and_no_other() -> None:
    wide = (1280, 720)
    late = face(0.7, 0, 0.95, 0.5, wide, frame=40)
    assert place(late) == "top-left"
    early = [draw_layer(timed(Label(), "0s", "20f"), film()), draw_layer(timed(Label(), "20f"), film())]
    settled = place_labels(early, film(), FilmFaces((late,)))
    assert [str(each.placement.call.knob("place")) for each in settled] == ["top-right", "top-left"]


def test_where_a_close_shot_fills_the_film_the_label_stands_below_the_eyes_and_inside_its_zone() -> None:
    clear = (15, 17.8, 35, 6)
    close = face(0.1, 0.05, 0.9, 0.7, TALL)
    label = placed(FilmFaces((close,)), TALL, clear)
    assert not label.box.meets(close.eyes)
    assert label.box.top >= close.eyes.bottom
    assert label.box.bottom <= (1 - 0.35) * 1280
    assert label.box.right <= (1 - 0.178) * 720


@given(st.floats(0, 0.7), st.floats(0, 0.7), st.floats(0.1, 0.6))
@settings(max_examples=20, deadline=None)
def test_no_place_of_the_label_covers_less_than_the_one_it_has(left: float, top: float, side: float) -> None:
    shape = (720, 720)
    faces = FilmFaces((face(left, top, min(left + side, 1), min(top + side, 1), shape),))
    chosen = placed(faces, shape)
    costs = [
        faces.cost(draw_layer(timed(Label(place=each)), film(*shape)).box, [chosen.placement.span])
        for each in ORDER
    ]
    assert faces.cost(chosen.box, [chosen.placement.span]) <= min(costs)


def planned(found: Face, label: Label, shape: tuple[int, int] = (640, 360)) -> Plan:
    dog = take(frames=48)
    fact = Fact(dog.file.sha256, "faces", 1, FaceLooks((FaceLook(0, (found,)), FaceLook(24, (found,)))))
    asked = job(cut(), marks=(timed(label),), deliver=(deliver("film", *shape),))
    return compile_plan(asked, {"dog": dog}, (), Toolchain(), {"dog": {"faces": fact}})


def places_of(plan: Plan) -> list[str]:
    return [value for key, value, _ in plan.origins if key == "label.place (film)"]


def test_the_faces_of_a_take_are_where_the_crop_leaves_them() -> None:
    """A face in the middle of a wide take is at the right of its 9:16 crop: the window is 0.316 wide."""
    beside = Face(0.5, 0.0, 0.62, 0.5, 0.9)
    assert places_of(planned(beside, Label())) == ["top-right"]
    (tall,) = places_of(planned(beside, Label(height=3), (360, 640)))
    assert tall != "top-right"
    assert places_of(planned(replace(beside, sure=0.3), Label(height=3), (360, 640))) == ["top-right"]


def test_a_small_figure_that_was_seen_counts_and_has_no_eyes() -> None:
    nothing = (0.0,) * BINS
    dog = take(frames=48)
    for box, place in (((0.7, 0.05, 0.75, 0.2), "top-left"), ((0.4, 0.6, 0.45, 0.8), "top-right")):
        looks = tuple(Sight(at, nothing, nothing, nothing, nothing, 0.0, figures=(box,)) for at in (0, 24))
        facts = {"dog": {"sights": Fact(dog.file.sha256, "sights", 1, Sights(looks))}}
        for label, found in ((Label(), [place]), (Label(place="top-right"), [])):
            asked = job(cut(), marks=(timed(label),), deliver=(deliver("film"),))
            plan = compile_plan(asked, {"dog": dog}, (), Toolchain(), facts)
            assert places_of(plan) == found
            assert not [each for each in plan.warnings if each.code == "label-over-face"]


def test_a_label_over_eyes_is_told_with_the_time_and_the_frame() -> None:
    fills = Face(0.3, 0.0, 0.7, 0.5, 0.9)
    (said,) = [each for each in planned(fills, Label(place="top")).warnings if each.code == "label-over-face"]
    assert (said.got, said.frame, said.films) == ("0.00 to 2.00 s", 0, ("film",))
    assert said.of == 'label "AI GENERATED"'
    assert not [each for each in planned(fills, Label()).warnings if each.code == "label-over-face"]
