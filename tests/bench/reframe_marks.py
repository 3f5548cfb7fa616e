"""Where the subject of each clip is, as marked by hand on frames half a second apart, before anything was tuned.

Boxes are left, top, right, bottom in shares of the picture; between marks they move evenly. Of a person the head and
the body without an arm held out is marked, of a speaker the face, of an animal that fits no tall window its head. Two
were put right after the first run, neither of those held back: `senator`, whose box was worked out wrongly for its part
of the picture, and `couple`, which ends where he begins to speak.
"""

from __future__ import annotations

from dataclasses import dataclass

Box = tuple[float, float, float, float]
WHOLE: Box = (0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class MarkedClip:
    """A clip, or a part of one. start, stop: of it, in seconds; marks: (seconds, box); part: of the file's picture that
    the clip is, where it is cut from one; tuned: whether numbers of the product were chosen by it."""

    name: str
    file: str
    what: str
    start: float
    stop: float
    marks: tuple[tuple[float, Box], ...]
    tuned: bool
    part: Box = WHOLE


def _every_half(first: float, *boxes: Box) -> tuple[tuple[float, Box], ...]:
    return tuple((first + 0.5 * number, box) for number, box in enumerate(boxes))


MARKED = (
    MarkedClip(
        "mural", "ai_clips/cogvideox_3.mp4", "the painter, without his arm", 0, 6.125,
        _every_half(
            0, (0, 0.14, 0.31, 1), (0, 0.14, 0.28, 1), (0, 0.14, 0.28, 1), (0, 0.14, 0.30, 1), (0, 0.14, 0.30, 1),
            (0, 0.14, 0.28, 1), (0, 0.14, 0.31, 1), (0, 0.14, 0.28, 1), (0.02, 0.14, 0.31, 1), (0.02, 0.14, 0.31, 1),
            (0.01, 0.14, 0.28, 1), (0.01, 0.14, 0.30, 1),
        ),
        tuned=True,
    ),
    MarkedClip(
        "guitar", "ai_clips/ltx2_guitar_768x512.mp4", "the player's head and chest", 0, 5.04,
        ((0, (0.22, 0.19, 0.52, 0.80)),),
        tuned=True,
    ),
    MarkedClip(
        "courtyard", "footage/sam2_dog_courtyard.mp4", "the woman", 0, 9.64,
        _every_half(
            0, (0.18, 0.30, 0.34, 0.77), (0.20, 0.17, 0.35, 0.77), (0.20, 0.11, 0.36, 0.77), (0.17, 0.11, 0.30, 0.76),
            (0.17, 0.11, 0.31, 0.77), (0.20, 0.11, 0.34, 0.77), (0.20, 0.12, 0.36, 0.77), (0.22, 0.19, 0.35, 0.77),
            (0.15, 0.17, 0.33, 0.77), (0.13, 0.18, 0.30, 0.77), (0.12, 0.32, 0.31, 0.77), (0.12, 0.20, 0.26, 0.77),
            (0.17, 0.12, 0.31, 0.77), (0.14, 0.11, 0.26, 0.77), (0.13, 0.11, 0.27, 0.77), (0.13, 0.11, 0.26, 0.77),
            (0.12, 0.11, 0.24, 0.77), (0.16, 0.12, 0.28, 0.77), (0.17, 0.26, 0.36, 0.77), (0.20, 0.26, 0.38, 0.77),
        ),
        tuned=True,
    ),
    MarkedClip(
        "cyclist", "footage/bikes_street_272p.mp4", "the cyclist; a car hides him for a while", 3.0, 5.4,
        ((3.12, (0.60, 0.18, 0.78, 1)), (4.16, (0.60, 0.12, 0.73, 1)), (4.68, (0.59, 0.05, 0.74, 1)),
         (5.2, (0.59, 0, 0.74, 1))),
        tuned=False,
    ),
    MarkedClip(
        "couple", "ai_clips/ltx2_couple_dialogue.mp4", "the face of the woman, who speaks until 3.05 s", 0, 3.05,
        _every_half(
            0, (0.55, 0.22, 0.82, 0.90), (0.61, 0.15, 0.83, 0.82), (0.64, 0.15, 0.88, 0.82), (0.69, 0.17, 0.93, 0.85),
            (0.71, 0.17, 0.95, 0.85), (0.69, 0.20, 0.93, 0.85), (0.66, 0.19, 0.90, 0.90), (0.56, 0.22, 0.83, 0.85),
            (0.55, 0.22, 0.82, 0.85), (0.56, 0.17, 0.80, 0.85),
        ),
        tuned=True,
    ),
    MarkedClip(
        "office", "ai_clips/diffsynth_office.mp4", "the man who gets up and walks away", 0, 3.375,
        _every_half(
            0, (0.47, 0.42, 0.56, 0.70), (0.45, 0.36, 0.54, 0.70), (0.42, 0.30, 0.50, 0.74), (0.37, 0.29, 0.47, 0.74),
            (0.31, 0.28, 0.41, 0.76), (0.24, 0.28, 0.33, 0.75), (0.18, 0.28, 0.27, 0.73),
        ),
        tuned=True,
    ),
    MarkedClip(
        "phone-dog", "footage/phone_dog_1080p_vfr.mp4", "the dog's head and paws", 0, 1.51,
        _every_half(0, (0.27, 0.13, 0.53, 0.78), (0.27, 0.14, 0.53, 0.80), (0.27, 0.15, 0.53, 0.83)),
        tuned=True,
    ),
    MarkedClip(
        "penguin", "ai_clips/moviegen_penguins_5s.mp4", "the last penguin in front", 3.0, 5.08,
        _every_half(
            3, (0.20, 0.55, 0.32, 0.80), (0.24, 0.45, 0.35, 0.71), (0.30, 0.49, 0.41, 0.71), (0.33, 0.49, 0.43, 0.70),
            (0.33, 0.47, 0.42, 0.64),
        ),
        tuned=True,
    ),
    MarkedClip(
        "turn", "footage/bbb_trailer_720p_mp3.mp4", "the head and ears of the rabbit, who turns about", 37.76, 41.16,
        ((37.75, (0.63, 0.20, 0.88, 0.75)), (38.0, (0.78, 0.15, 0.98, 0.80)), (38.25, (0.78, 0.10, 0.98, 0.80)),
         (38.5, (0.76, 0.10, 0.96, 0.80)), (38.75, (0.60, 0.05, 0.85, 0.65)), (39.0, (0.52, 0.12, 0.74, 0.60)),
         (39.25, (0.53, 0.12, 0.74, 0.60)), (39.5, (0.53, 0.12, 0.74, 0.60)), (39.75, (0.52, 0.12, 0.70, 0.60)),
         (40.0, (0.52, 0.14, 0.72, 0.60)), (40.25, (0.52, 0.14, 0.72, 0.60)), (40.5, (0.50, 0.14, 0.72, 0.60)),
         (40.75, (0.36, 0.10, 0.62, 0.60)), (41.0, (0.36, 0.10, 0.62, 0.55))),
        tuned=True,
    ),
    MarkedClip(
        "stretch", "footage/bbb_trailer_720p_mp3.mp4", "the rabbit, without his arms", 24.92, 31.2,
        _every_half(
            25, (0.20, 0.35, 0.41, 0.78), (0.20, 0.20, 0.46, 0.80), (0.20, 0.22, 0.50, 0.85), (0.25, 0.05, 0.49, 0.88),
            (0.24, 0.08, 0.49, 0.88), (0.25, 0.10, 0.49, 0.88), (0.25, 0.10, 0.49, 0.88), (0.26, 0.10, 0.49, 0.88),
            (0.22, 0.07, 0.49, 0.88), (0.22, 0.08, 0.48, 0.88), (0.22, 0.15, 0.48, 0.88), (0.23, 0.12, 0.48, 0.88),
            (0.23, 0.12, 0.49, 0.88),
        ),
        tuned=False,
    ),
    MarkedClip(
        "senator", "ai_clips/ltx2_official_student.mp4", "the speaker's head and chest", 0, 5.04,
        ((0, (0.20, 0.10, 0.41, 0.72)),),
        tuned=True,
        part=(0.25, 0.20, 1.0, 0.95),
    ),
    MarkedClip(
        "juggler", "footage/sam2_juggle_grass.mp4", "the man, without the ball", 0, 10.29,
        ((0, (0.60, 0.06, 0.80, 1.0)), (1.0, (0.59, 0.06, 0.81, 1.0)), (2.0, (0.62, 0.10, 0.83, 1.0)),
         (3.0, (0.61, 0.08, 0.81, 1.0)), (4.0, (0.62, 0.06, 0.80, 1.0)), (5.0, (0.63, 0.06, 0.80, 1.0))),
        tuned=False,
        part=(0.0, 0.04, 0.80, 0.84),
    ),
    MarkedClip(
        "bird", "footage/bbb_trailer_720p_mp3.mp4", "the bird, without its wings; a wide line of text lies over it",
        10.75, 13.1,
        ((10.75, (0.20, 0.10, 0.45, 1)), (11.0, (0.16, 0.10, 0.42, 1)), (11.25, (0.15, 0.10, 0.42, 1)),
         (11.5, (0.15, 0.12, 0.42, 1)), (11.75, (0.20, 0.12, 0.43, 1)), (12.0, (0.12, 0.18, 0.42, 1)),
         (12.25, (0.08, 0.25, 0.35, 1)), (12.5, (0.07, 0.25, 0.35, 1)), (12.75, (0.06, 0.28, 0.34, 1)),
         (13.0, (0.06, 0.28, 0.35, 1))),
        tuned=True,
        part=(0.3, 0.0, 1.0, 0.8),
    ),
    MarkedClip(
        "cave", "footage/bbb_trailer_720p_mp3.mp4", "the head of the rabbit, at first under a wide line of text",
        21.7, 24.5,
        ((21.7, (0.53, 0.32, 0.75, 0.75)), (22.2, (0.52, 0.30, 0.76, 0.75)), (23.2, (0.50, 0.30, 0.80, 0.75)),
         (23.7, (0.51, 0.25, 0.79, 0.75)), (24.5, (0.50, 0.25, 0.79, 0.75))),
        tuned=True,
        part=(0.0, 0.0, 0.75, 0.9),
    ),
    MarkedClip(
        "answer", "ai_clips/ltx2_couple_dialogue.mp4", "the face of the man, from the side, who speaks from 3.3 s on",
        3.3, 5.04,
        ((3.33, (0.22, 0.05, 0.48, 0.70)), (3.58, (0.24, 0.05, 0.51, 0.72)), (3.83, (0.23, 0.05, 0.50, 0.75)),
         (4.08, (0.23, 0.05, 0.49, 0.72)), (4.33, (0.22, 0.05, 0.48, 0.72)), (4.58, (0.22, 0.05, 0.48, 0.72)),
         (4.83, (0.20, 0.05, 0.46, 0.72))),
        tuned=True,
    ),
    # Held back since.
    MarkedClip(
        "run", "footage/bbb_trailer_720p_mp3.mp4", "the rabbit who runs from one side to the other in a second",
        36.42, 37.48,
        ((36.46, (0, 0.40, 0.10, 0.75)), (36.58, (0, 0.42, 0.16, 0.75)), (36.71, (0.12, 0.42, 0.28, 0.78)),
         (36.83, (0.20, 0.37, 0.39, 0.80)), (36.96, (0.30, 0.41, 0.50, 0.82)), (37.08, (0.36, 0.43, 0.60, 0.80)),
         (37.21, (0.505, 0.38, 0.75, 0.80)), (37.33, (0.66, 0.42, 0.90, 0.87)), (37.46, (0.81, 0.42, 1, 0.88))),
        tuned=False,
    ),
    MarkedClip(
        "listener", "footage/bbb_trailer_720p_mp3.mp4", "the head of the rabbit without its ears", 43.92, 46.2,
        ((43.92, (0.14, 0.18, 0.36, 0.70)), (44.17, (0.145, 0.2, 0.36, 0.72)), (44.42, (0.19, 0.20, 0.50, 0.90)),
         (44.92, (0.19, 0.20, 0.50, 0.85)), (45.17, (0.19, 0.20, 0.51, 0.85)), (45.42, (0.205, 0.20, 0.53, 0.85)),
         (46.17, (0.20, 0.20, 0.53, 0.85))),
        tuned=False,
        part=(0.15, 0.0, 1.0, 1.0),
    ),
    MarkedClip(
        "snow-dog", "ai_clips/ltx2_dog_snow.mp4", "the dog's head", 0, 5.04,
        _every_half(
            0, (0.639, 0.32, 0.794, 0.55), (0.644, 0.32, 0.778, 0.53), (0.611, 0.28, 0.761, 0.50),
            (0.583, 0.22, 0.744, 0.42),
            (0.578, 0.22, 0.739, 0.45), (0.583, 0.23, 0.75, 0.47), (0.578, 0.25, 0.767, 0.50),
            (0.594, 0.26, 0.756, 0.48),
            (0.594, 0.25, 0.761, 0.48), (0.60, 0.25, 0.761, 0.47), (0.589, 0.25, 0.761, 0.47),
        ),
        tuned=False,
        part=(0.0, 0.0, 0.9, 0.9),
    ),
    MarkedClip(
        "tramp", "footage/chaplin_filmscan_360p.mp4", "the man in front, not the one who stands behind", 5.0, 9.64,
        _every_half(
            5, (0.48, 0, 0.765, 1), (0.525, 0, 0.79, 1), (0.575, 0, 0.77, 1), (0.54, 0, 0.83, 1), (0.50, 0, 0.79, 1),
            (0.485, 0, 0.75, 1), (0.49, 0, 0.75, 1), (0.485, 0, 0.75, 1), (0.545, 0, 0.78, 1), (0.52, 0, 0.77, 1),
        ),
        tuned=False,
        part=(0.115, 0.0, 0.885, 1.0),
    ),
    MarkedClip(
        "toon-dog", "ai_clips/diffsynth_toon_dog_mpeg4.mp4", "the dog's head", 0, 1.04,
        ((0, (0.12, 0.16, 0.46, 0.55)), (0.25, (0.13, 0.16, 0.46, 0.55)), (0.5, (0.125, 0.16, 0.46, 0.55)),
         (0.75, (0.145, 0.16, 0.47, 0.55)), (1.0, (0.125, 0.16, 0.46, 0.55))),
        tuned=False,
        part=(0.3, 0.05, 1.0, 0.85),
    ),
    MarkedClip(
        "avatar", "ai_clips/heygen_avatar_a_362x380.mp4", "the speaker's head", 0, 10,
        ((0, (0.07, 0, 0.51, 0.65)),),
        tuned=False,
        part=(0.3, 0.0, 1.0, 0.6),
    ),
    MarkedClip(
        "desk", "ai_clips/ltx2_official_teacher.mp4", "the speaker's head and chest", 0, 5.04,
        ((0, (0.545, 0.10, 0.755, 0.85)),),
        tuned=False,
        part=(0.0, 0.1, 0.75, 0.85),
    ),
    MarkedClip(
        "hiker", "ai_clips/fasthunyuan_hiker.mp4", "a man far away on a cliff", 0, 1.88,
        ((0, (0.72, 0.30, 0.76, 0.46)),),
        tuned=False,
        part=(0.0, 0.0, 0.75, 0.75),
    ),
    MarkedClip(
        "walker", "ai_clips/fasthunyuan_hiker.mp4", "the same man, in the whole picture",
        0, 1.88,
        ((0, (0.54, 0.23, 0.575, 0.345)),),
        tuned=True,
    ),
    MarkedClip(
        "tower", "footage/rio_drone_720p.mp4", "the round tower in front, which comes nearer", 0, 6,
        ((0, (0.28, 0.37, 0.51, 1)), (1, (0.27, 0.37, 0.50, 1)), (2, (0.26, 0.36, 0.495, 1)), (3,
        (0.245, 0.35, 0.50, 1)),
         (4, (0.225, 0.34, 0.50, 1)), (5, (0.225, 0.33, 0.50, 1)), (6, (0.21, 0.32, 0.50, 1))),
        tuned=False,
    ),
)  # fmt: skip
