"""What each type of check measures, by where it is asked: of footage, of the cut, of a finished film.

palette   banned and allowed colours        edit    pace, beats, formats, length, titles
picture   light, focus, flicker, size       film    a finished film, as policies look at it
defects   black, still, flashes, cuts       record  how takes were generated, their prompts
camera    speed, direction, motion          people  faces
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from post.brief.checks import camera, defects, edit, film, palette, people, picture, record
from post.brief.cut import CutShown
from post.brief.footage import Footage
from post.job.brief import edit_checks, motion_checks, picture_checks, word_checks
from post.job.brief.rule_check import RuleCheck
from provenance.policy.check import CheckOutcome

FootageJudge = Callable[[Any, Footage], CheckOutcome]
CutJudge = Callable[[Any, CutShown], CheckOutcome]
FilmJudge = Callable[[Any, film.FilmShown], CheckOutcome]
Kind = type[RuleCheck]

# Of takes, of what each shot shows of its take, and of finished films.
FOOTAGE_JUDGES: Mapping[Kind, FootageJudge] = {
    picture_checks.PaletteCheck: palette.judge_palette,
    picture_checks.ToneCheck: picture.judge_tone,
    picture_checks.SharpnessCheck: picture.judge_sharpness,
    picture_checks.FlickerCheck: picture.judge_flicker,
    picture_checks.SizeCheck: picture.judge_size,
    picture_checks.PeopleCheck: people.judge_people,
    motion_checks.CameraCheck: camera.judge_camera,
    motion_checks.MotionCheck: camera.judge_motion,
}
# Of takes and of shots alone.
TAKE_JUDGES: Mapping[Kind, FootageJudge] = {
    picture_checks.BlackCheck: defects.judge_black,
    picture_checks.FrozenCheck: defects.judge_frozen,
    picture_checks.FlashesCheck: defects.judge_flashes,
    motion_checks.OneShotCheck: defects.judge_one_shot,
    motion_checks.DirectionCheck: camera.judge_direction,
    word_checks.GeneratorCheck: record.judge_generator,
    word_checks.PromptCheck: record.judge_prompt,
    word_checks.WordsCheck: record.judge_words,
}
# Of what the film opens with: the first shot of a cut, and a finished film.
OPENING_JUDGES: Mapping[Kind, FootageJudge] = {
    picture_checks.FirstFrameCheck: picture.judge_first_frame,
}
CUT_JUDGES: Mapping[Kind, CutJudge] = {
    edit_checks.PaceCheck: edit.judge_pace,
    edit_checks.BeatsCheck: edit.judge_beats,
    edit_checks.FormatsCheck: edit.judge_formats,
    edit_checks.LengthCheck: edit.judge_length,
    word_checks.TextCheck: edit.judge_texts,
    word_checks.WordsCheck: edit.judge_cut_words,
}
FILM_JUDGES: Mapping[Kind, FilmJudge] = {
    picture_checks.BlackCheck: film.judge_film_black,
    picture_checks.FrozenCheck: film.judge_film_frozen,
    picture_checks.FlashesCheck: film.judge_film_flashes,
    picture_checks.LogoCheck: film.judge_film_logo,
    edit_checks.LoudnessCheck: film.judge_film_loudness,
    edit_checks.LengthCheck: film.judge_film_length,
    edit_checks.PaceCheck: film.judge_film_pace,
    word_checks.TextCheck: film.judge_film_texts,
    word_checks.WordsCheck: film.judge_film_words,
    word_checks.ContentCheck: film.judge_film_content,
}
# The measures that footage needs for a check.
NEEDS: Mapping[Kind, tuple[str, ...]] = {
    picture_checks.PaletteCheck: ("thumbnails",),
    picture_checks.ToneCheck: ("thumbnails",),
    picture_checks.FirstFrameCheck: ("thumbnails",),
    picture_checks.SharpnessCheck: ("softness",),
    picture_checks.FlickerCheck: ("flicker",),
    picture_checks.BlackCheck: ("defects",),
    picture_checks.FrozenCheck: ("defects",),
    picture_checks.FlashesCheck: ("defects",),
    motion_checks.CameraCheck: ("camera", "cuts"),
    motion_checks.DirectionCheck: ("camera", "cuts"),
    motion_checks.MotionCheck: ("motion", "cuts"),
    motion_checks.OneShotCheck: ("cuts",),
    edit_checks.PaceCheck: ("cuts",),
}
